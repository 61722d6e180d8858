/* proc/program_text.c - see proc/program_text.h. */
#include "proc/program_text.h"

#include <stdio.h>

#include "proc/procfile.h"

bool fdinfo_number(struct bytes text, const char *key, u64 *v)
{
	struct scan s = scan_of(text), line;

	while (scan_line(&s, &line))
		if (scan_text(&line, key, strlen(key)))
			return scan_u64(&line, v);
	return false;
}

bool fdinfo_of(int fd, const char *key, u64 *v)
{
	char path[40], buf[1024];
	struct bytes text;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return !procfile_read_at(-1, path, buf, sizeof(buf), &text) && fdinfo_number(text, key, v);
}

static bool is_octal(unsigned char c)
{
	return c >= '0' && c <= '7';
}

/* \040 and the like, in place (mangle() in fs/seq_file.c); returns a string. */
static const char *unescape(struct bytes field)
{
	char *to = (char *)(uintptr_t)field.p;
	const char *text = to;

	for (size_t i = 0; i < field.n; i++) {
		const unsigned char *p = field.p + i;

		if (*p != '\\' || field.n - i < 4 || !is_octal(p[1]) || !is_octal(p[2]) || !is_octal(p[3])) {
			*to++ = (char)*p;
			continue;
		}
		*to++ = (char)((p[1] & 7) << 6 | (p[2] & 7) << 3 | (p[3] & 7));
		i += 3;
	}
	*to = '\0';		/* on the blank behind, at the latest */
	return text;
}

const char *mounts_next(struct scan *s, const char *type)
{
	struct bytes dev, on, fs;
	struct scan line;

	while (scan_line(s, &line))
		if (scan_field(&line, &dev) && scan_field(&line, &on) && scan_field(&line, &fs) &&
		    fs.n == strlen(type) && !memcmp(fs.p, type, fs.n))
			return unescape(on);
	return NULL;
}
