/* proc/startup.h - what has to be right before anything else is opened. */
#ifndef PROC_STARTUP_H
#define PROC_STARTUP_H

/* A standard descriptor that is closed must not become something of ours: it is
 * taken, and what is meant for it fails with EBADF as it does for everybody. */
void startup_fds(void);

#endif
