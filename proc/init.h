/* proc/init.h - pitstop as the first process of a machine: an initramfs that
 * holds nothing else. */
#ifndef PROC_INIT_H
#define PROC_INIT_H

/* Does nothing unless this is process 1 and no /proc is mounted.  Then it mounts
 * /proc and /sys, and /dev where it holds nothing, and returns in a child of
 * its own, which may end: process 1 stays, reaps orphans, and asks on the console
 * what to do next.  Words of the kernel's command line that are no options of
 * pitstop's are taken out of argv; returns what is left of argc. */
int init_become(int argc, char **argv);

#endif
