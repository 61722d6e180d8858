/* proc/lines.c: every line once, whatever the reads cut. */
#include "proc/lines.h"
#include "tests/unit/test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static struct lines lines_of(const char *text, size_t n)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);

	CHECK(fd >= 0 && write(fd, text, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	return (struct lines){.fd = fd};
}

static void ends(void)
{
	struct lines l = lines_of("a\n\nbc", 5);

	CHECK_STR(lines_next(&l), "a");
	CHECK_STR(lines_next(&l), "");
	CHECK_STR(lines_next(&l), "bc");
	CHECK(!lines_next(&l));
	CHECK(!lines_next(&l));
	lines_close(&l);
	l = lines_open(AT_FDCWD, "/no/such/file");
	CHECK(!lines_next(&l));
	lines_close(&l);
}

/* 3 and 4 of them are more than the buffer takes; what is cut off is no line. */
static void long_ones(void)
{
	static char text[4 * LINES_ROOM];
	const size_t len[] = {5, LINES_ROOM - 1, 7, LINES_ROOM, 3, LINES_ROOM + 9, 2, 1};
	size_t n = 0;
	struct lines l;

	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(len); i++) {
		n += len[i];
		text[n++] = '\n';
	}
	l = lines_of(text, n);
	for (size_t i = 0; i < ARRAY_LEN(len); i++) {
		const char *line = lines_next(&l);

		CHECK_EQ_ROW(i, line ? strlen(line) : 0, MIN(len[i], (size_t)LINES_ROOM));
	}
	CHECK(!lines_next(&l));
	lines_close(&l);
}

TESTS(lines, {"ends", ends}, {"long_ones", long_ones})
