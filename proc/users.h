/* proc/users.h - user names, from /etc/passwd; nothing else is asked, so that
 * no name service can make the monitor wait. */
#ifndef PROC_USERS_H
#define PROC_USERS_H

#include "loader/base.h"

/* Reads the file; 0 or -errno.  Without it every user is a number. */
int users_load(void) MUST_CHECK;

/* Its name; n == 0 when it has none.  Valid until the next users_load(). */
struct bytes users_name(u32 uid);

/* The uid of a name, or of a decimal number (named or not).  -ENOENT. */
int users_uid(const char *name, u32 *uid) MUST_CHECK;

/* Calls fn for every known user, in the order of the file. */
void users_each(void (*fn)(void *arg, u32 uid, struct bytes name), void *arg);

/* Pure: fills up to cap entries from the text of a passwd file, in its order,
 * and counts in *lost those that do not fit.  Malformed lines are passed over.
 * The names point into text. */
struct user {
	u32 uid;
	struct bytes name;
};

u32 passwd_parse(struct bytes text, struct user *out, u32 cap, u32 *lost);

#endif
