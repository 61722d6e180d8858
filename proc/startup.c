/* proc/startup.c - what has to be right before anything else is opened. */
#include "proc/startup.h"

#include <fcntl.h>
#include <unistd.h>

void startup_fds(void)
{
	int fd;

	do
		fd = open("/", O_PATH);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}
