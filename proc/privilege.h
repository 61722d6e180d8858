/* proc/privilege.h - after loading, pitstop gives up what it does not need. */
#ifndef PROC_PRIVILEGE_H
#define PROC_PRIVILEGE_H

/* Keeps the few capabilities that later refreshes use, of those there are, and
 * drops all others for good.  A kernel that refuses leaves things as they are. */
void privilege_drop(void);

#endif
