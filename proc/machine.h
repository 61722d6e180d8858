/* proc/machine.h - who this machine is: what does not change while we run. */
#ifndef PROC_MACHINE_H
#define PROC_MACHINE_H

#include "loader/base.h"

struct machine {
	char host[65], kernel[65], arch[65];	/* uname(2) */
	char system[65];			/* PRETTY_NAME of os-release(5); empty: unknown */
};

/* Read with the first call. */
const struct machine *machine_get(void);

/* The value of PRETTY_NAME, without its quotes, cut to what fits. */
void os_release_parse(char out[static 65], struct bytes text);

#endif
