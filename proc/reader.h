/* proc/reader.h - the child process that reads names, and the memory it
 * shares with its parent.  Used by proc/names.c alone. */
#ifndef PROC_READER_H
#define PROC_READER_H

#include <sys/types.h>

#include "loader/object.h"
#include "proc/names.h"

enum {
	READER_REQUESTS = 256,
	READER_TEXT = 8 << 20,		/* answers of one batch; execve takes 6 MiB of arguments at most */
	READER_NAME_MAX = 6 << 20,
};

enum reader_method { READER_NOT_YET, READER_KERNEL, READER_PROC };

struct reader_request {
	u32 id;			/* entry in the name table: the parent's business */
	u64 exec_id;		/* likewise: an answer from before an exec is none */
	u32 pid;
	u32 want;		/* enum names_want */
	u32 facts;		/* enum fact; with any, want is 0: a batch is of one kind */
	u32 max;		/* bytes of a command line to keep */
};

struct reader_string {
	u32 at, len;		/* in reader_share.text */
};

struct reader_answer {
	u8 state;		/* enum name_state; NAME_UNKNOWN: ask again later */
	struct reader_string cmdline, exe, comm;
	struct facts facts;	/* its texts are pointers of the child's: */
	struct reader_string text[FACT_TEXTS];
};

struct reader_share {
	u32 nreq;				/* parent writes, the child is idle */
	u32 notify;				/* parent: write a byte when all is answered */
	bool facts;				/* parent: this batch is of facts */
	u64 budget_ns;				/* parent: facts may take so long, then the batch ends */
	u32 finished;				/* child: it has gone through all; parent clears it */
	u32 method;				/* enum reader_method */
	u32 first, last;			/* child: the requests in work now, last excluded */
	u32 done;				/* child: the first so many are answered */
	u32 text_len;
	struct reader_request req[READER_REQUESTS];
	struct reader_answer answer[READER_REQUESTS];
	char text[READER_TEXT];
};

struct reader {
	struct reader_share *share;
	pid_t pid;		/* 0: none */
	int fd;			/* our end: a byte to it says go; one comes back if notify asks */
};

/* share must have been mapped by reader_map().  0 or -errno. */
int reader_start(struct reader *r) MUST_CHECK;
int reader_map(struct reader *r) MUST_CHECK;
void reader_unmap(struct reader *r);

/* Kills the child and closes our end; does not wait for a child that cannot
 * die yet: reader_reap() takes it later.  Both return how many they took. */
u32 reader_stop(struct reader *r);
u32 reader_reap(void);

/* The loaded program that copies command lines; 0 or -errno with the reason, and
 * *out NULL. */
int argv_object_open(struct object **out, struct diag *why) MUST_CHECK;

#endif
