/* proc/dirscan.h - names in a directory, straight from getdents64(2): opendir(3)
 * allocates, and this is called for every refresh. */
#ifndef PROC_DIRSCAN_H
#define PROC_DIRSCAN_H

#include "loader/base.h"

enum { DIRSCAN_ROOM = 4096 };	/* some 170 processes a call */

struct dirscan {
	int fd;			/* the caller's, open for reading */
	int err;		/* why it ended, -errno; 0 at the end of the directory */
	u32 at, len;
	char buf[DIRSCAN_ROOM] __attribute__((aligned(8)));	/* struct linux_dirent64 */
};

static inline void dirscan_begin(struct dirscan *d, int fd)
{
	d->fd = fd;
	d->err = 0;
	d->at = d->len = 0;
}

/* From the first name, for a directory that was read before. */
void dirscan_rewind(struct dirscan *d, int fd);

/* Of a name that was just given: d_type, d_ino. */
static inline u8 dirscan_type(const char *name)
{
	return (u8)name[-1];
}

static inline u64 dirscan_inode(const char *name)
{
	u64 inode;

	memcpy(&inode, name - 19, sizeof(inode));	/* the begin of struct linux_dirent64 */
	return inode;
}

/* The next name, valid until the next call; NULL at the end, see err. */
const char *dirscan_next(struct dirscan *d);

#endif
