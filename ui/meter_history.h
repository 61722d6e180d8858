/* ui/meter_history.h - what meters showed in the samples before, for their graphs. */
#ifndef UI_METER_HISTORY_H
#define UI_METER_HISTORY_H

#include "ui/meter.h"

enum {
	HISTORY_LEN = 1024,	/* samples: two to a column of the widest screen */
	HISTORY_METERS = 64,
	HISTORY_CPUS = 128,	/* as many graphs as fit on it */
	HISTORY_ROWS = HISTORY_METERS + HISTORY_CPUS,
	HISTORY_UNKNOWN = UINT32_MAX,
};

/* Zeroed: empty.  Rows of what nobody shows are not touched, and cost no memory. */
struct meter_history {
	u64 boot_ns;			/* of the model taken last */
	u32 taken;			/* samples */
	u32 last[HISTORY_ROWS];		/* which was the row's last, 0: none */
	u32 level[HISTORY_ROWS][HISTORY_LEN];	/* sample n is at n % HISTORY_LEN */
};

/* Takes what the meters of the header read, once for each model. */
void meter_history_take(struct meter_history *h, const struct settings *s, const struct frame *f);

/* What a meter showed so many samples ago, 0: the newest.  Parts of PPM where it
 * has a bound, else 1/1024 of its unit; or HISTORY_UNKNOWN. */
u32 meter_history_at(const struct meter_history *h, const struct meter *m, u32 cpu, u32 ago);

#endif
