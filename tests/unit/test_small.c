/* loader/small.c against what C says of the same functions. */
#include "tests/unit/test.h"

#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void find(void)
{
	static const char hay[] = "ababac";

	CHECK(strstr(hay, "abac") == hay + 2);
	CHECK(strstr(hay, "") == hay);
	CHECK(strstr(hay, "c") == hay + 5);
	CHECK(!strstr(hay, "ababacx"));
	CHECK(!strstr("", "a"));
	CHECK(memmem(hay, 5, "ba", 2) == hay + 1);
	CHECK(!memmem(hay, 5, "ac", 2));
	CHECK(memmem("a\0b", 3, "\0b", 2));
	CHECK(memmem(hay, 0, "", 0) == hay);
}

static void spans(void)
{
	CHECK_EQ(strspn("  a b", " "), 2);
	CHECK_EQ(strspn("abc", "cba"), 3);
	CHECK_EQ(strspn("abc", ""), 0);
	CHECK_EQ(strcspn("a=b", "="), 1);
	CHECK_EQ(strcspn("abc", "xyz"), 3);
	CHECK_EQ(strcspn("abc", ""), 3);
	CHECK_EQ(strcspn("", "a"), 0);
}

static void status(void)
{
	static const struct timespec times[2] = {{1, 2}, {1234567890, 987654321}};
	struct stat by_fd = {0}, by_path = {0}, link = {0};
	int fd = memfd_create("status", MFD_CLOEXEC);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK(fd >= 0 && !ftruncate(fd, 123456789) && !fchmod(fd, 0640) && !futimens(fd, times));
	CHECK(!fstat(fd, &by_fd) && !stat(path, &by_path) && !lstat(path, &link));
	CHECK_EQ(by_fd.st_mode, S_IFREG | 0640);
	CHECK_EQ(by_fd.st_size, 123456789);
	CHECK_EQ(by_fd.st_uid, geteuid());
	CHECK_EQ(by_fd.st_mtim.tv_sec, 1234567890);
	CHECK_EQ(by_fd.st_mtim.tv_nsec, 987654321);
	CHECK(by_path.st_ino == by_fd.st_ino && by_path.st_dev == by_fd.st_dev && by_path.st_nlink == by_fd.st_nlink);
	CHECK(S_ISLNK(link.st_mode));
	close(fd);
	CHECK(fstatat(AT_FDCWD, "/proc/self/none", &link, 0) < 0);
	CHECK_EQ(errno, ENOENT);
}

static int by_key(const void *a, const void *b)
{
	const u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void sort(void)
{
	struct {
		u32 key;
		char tail[3];
	} row[300];
	u32 seed = 3;

	for (size_t n = 0; n <= ARRAY_LEN(row); n = n < 9 ? n + 1 : n + 97) {
		u32 sum = 0;

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			row[i].key = seed >> 24;
			row[i].tail[2] = (char)row[i].key;
			sum += row[i].key;
		}
		qsort(row, n, sizeof(*row), by_key);
		for (size_t i = 0; i < n; i++) {
			CHECK(!i || row[i - 1].key <= row[i].key);
			CHECK_EQ((unsigned char)row[i].tail[2], row[i].key);
			sum -= row[i].key;
		}
		CHECK_EQ(sum, 0);
	}
}

#define NUMBER(function, text, base, want, length, failed)		\
	do {								\
		static const char s[] = text;				\
		char *end;						\
									\
		errno = 0;						\
		CHECK((function)(s, &end, (base)) == (want));		\
		CHECK_EQ((size_t)(end - s), (size_t)(length));		\
		CHECK_EQ(errno, (failed));				\
	} while (0)

static void numbers(void)
{
	NUMBER(strtoul, "0", 10, 0, 1, 0);
	NUMBER(strtoul, " \t+12x", 10, 12, 5, 0);
	NUMBER(strtoul, "-1", 10, ULONG_MAX, 2, 0);
	NUMBER(strtoul, "18446744073709551615", 10, ULONG_MAX, 20, 0);
	NUMBER(strtoul, "18446744073709551616", 10, ULONG_MAX, 20, ERANGE);
	NUMBER(strtoul, "-99999999999999999999", 10, ULONG_MAX, 21, ERANGE);
	NUMBER(strtoul, "99999999999999999999999x", 10, ULONG_MAX, 23, ERANGE);
	NUMBER(strtoul, "", 10, 0, 0, 0);
	NUMBER(strtoul, " -", 10, 0, 0, 0);
	NUMBER(strtoull, "0x1F", 0, 31, 4, 0);
	NUMBER(strtoull, "0xg", 0, 0, 1, 0);
	NUMBER(strtoull, "017", 0, 15, 3, 0);
	NUMBER(strtoull, "08", 0, 0, 1, 0);
	NUMBER(strtoull, "ffffffffffffffff", 16, ULLONG_MAX, 16, 0);
	NUMBER(strtoul, "0xff", 16, 255, 4, 0);
	NUMBER(strtoul, "644", 8, 0644, 3, 0);
	NUMBER(strtol, "-9223372036854775808", 10, LONG_MIN, 20, 0);
	NUMBER(strtol, "-9223372036854775809", 10, LONG_MIN, 20, ERANGE);
	NUMBER(strtol, "9223372036854775807", 10, LONG_MAX, 19, 0);
	NUMBER(strtol, "9223372036854775808", 10, LONG_MAX, 19, ERANGE);
	NUMBER(strtol, "-17", 10, -17, 3, 0);
}

TESTS(small, {"find", find}, {"spans", spans}, {"status", status}, {"sort", sort}, {"numbers", numbers})
