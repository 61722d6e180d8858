/* proc/program_text.h - what the kernel writes about BPF objects and mounts, read. */
#ifndef PROC_PROGRAM_TEXT_H
#define PROC_PROGRAM_TEXT_H

#include "proc/scan.h"

/* The number of the line that a key begins: "prog_id:" of a descriptor's fdinfo. */
bool fdinfo_number(struct bytes text, const char *key, u64 *v) MUST_CHECK;
/* The same of one of our own descriptors. */
bool fdinfo_of(int fd, const char *key, u64 *v) MUST_CHECK;

/* The next mount point of a file system in a text as /proc/self/mounts, a string
 * within that text, which is changed for it and ends before its last byte of room;
 * NULL: there is no more. */
const char *mounts_next(struct scan *s, const char *type);

#endif
