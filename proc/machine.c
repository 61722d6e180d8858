/* proc/machine.c - see proc/machine.h. */
#include "proc/machine.h"
#include "proc/procfile.h"
#include "proc/scan.h"

#include <fcntl.h>
#include <sys/utsname.h>

void os_release_parse(char out[static 65], struct bytes text)
{
	struct scan s = scan_of(text), line;
	size_t n = 0;

	out[0] = 0;
	while (scan_line(&s, &line)) {
		if (!SCAN_LIT(&line, "PRETTY_NAME="))
			continue;
		for (; line.at < line.end && n < 64; line.at++)
			if (*line.at != '"' && *line.at != '\'' && *line.at != '\\')
				out[n++] = (char)*line.at;
		out[n] = 0;
	}
}

const struct machine *machine_get(void)
{
	static struct machine m;
	static char buf[4096];
	struct utsname u;
	struct bytes text;

	if (m.kernel[0])
		return &m;
	syscall_count++;
	if (uname(&u))
		return &m;
	memcpy(m.host, u.nodename, sizeof(m.host));
	memcpy(m.kernel, u.release, sizeof(m.kernel));
	memcpy(m.arch, u.machine, sizeof(m.arch));
	if (!procfile_read_at(AT_FDCWD, "/etc/os-release", buf, sizeof(buf), &text))
		os_release_parse(m.system, text);
	return &m;
}
