/* loader/ksym.c - addresses of kernel symbols. */
#include "loader/ksym.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };	/* longer than any line: KSYM_NAME_LEN is 512 */

static bool parse(struct bytes line, u64 *addr, struct bytes *name)
{
	size_t i = 0, start;

	for (*addr = 0; i < line.n; i++) {
		unsigned char c = line.p[i];
		u32 digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;

		if (digit > 15)
			break;
		*addr = *addr << 4 | digit;
	}
	if (!i || line.n - i < 4 || line.p[i] != ' ' || line.p[i + 2] != ' ')
		return false;
	start = i += 3;
	while (i < line.n && line.p[i] != '\t')
		i++;
	*name = (struct bytes){line.p + start, i - start};
	return true;
}

void ksym_line(struct ksym_want *want, u32 n, struct bytes line)
{
	struct bytes name;
	u64 addr;

	if (!parse(line, &addr, &name) || !addr)
		return;
	for (u32 i = 0; i < n; i++) {
		if (strlen(want[i].name) != name.n || memcmp(want[i].name, name.p, name.n) != 0)
			continue;
		want[i].addr = want[i].addr && want[i].addr != addr ? KSYM_AMBIGUOUS : addr;
	}
}

/* The whole lines of a chunk; returns how many bytes they took. */
static size_t take_lines(struct ksym_want *want, u32 n, struct bytes chunk)
{
	size_t done = 0;
	const unsigned char *nl;

	while ((nl = memchr(chunk.p + done, '\n', chunk.n - done))) {
		size_t end = (size_t)(nl - chunk.p);

		ksym_line(want, n, (struct bytes){chunk.p + done, end - done});
		done = end + 1;
	}
	return done;
}

static int read_all(struct ksym_want *want, u32 n)
{
	int fd = open(KSYM_PATH, O_RDONLY | O_CLOEXEC);
	unsigned char *buf = malloc(CHUNK);
	size_t have = 0;
	ssize_t r;

	if (buf && fd >= 0) {
		while (have < CHUNK && (r = read(fd, buf + have, CHUNK - have)) > 0) {
			size_t done;

			have += (size_t)r;
			done = take_lines(want, n, (struct bytes){buf, have});
			have -= done;
			memmove(buf, buf + done, have);
		}
	}
	if (fd >= 0)
		close(fd);
	free(buf);
	return buf ? 0 : -ENOMEM;
}

int ksym_read(u64 **out, const struct image *img)
{
	const struct elf *e = &img->elf;
	struct ksym_want *want;
	u32 n = 0;
	int err;

	*out = NULL;
	for (u32 s = 1; s < e->nsym; s++)
		n += image_extern(img, s, NULL) == EXTERN_ADDRESS;
	if (!n)
		return 0;
	want = calloc(n, sizeof(*want));
	*out = calloc(e->nsym, sizeof(**out));
	err = want && *out ? 0 : -ENOMEM;
	n = 0;
	for (u32 s = 1; !err && s < e->nsym; s++)
		if (image_extern(img, s, NULL) == EXTERN_ADDRESS)
			want[n++].name = elf_symbol_name(e, s);
	if (!err)
		err = read_all(want, n);
	n = 0;
	for (u32 s = 1; !err && s < e->nsym; s++)
		if (image_extern(img, s, NULL) == EXTERN_ADDRESS)
			(*out)[s] = want[n++].addr;
	free(want);
	return err;
}
