/* proc/devices.h - disks, network interfaces, batteries, compressed swap: the
 * sources that are a set of devices below /sys. */
#ifndef PROC_DEVICES_H
#define PROC_DEVICES_H

#include "proc/devset.h"

struct devices {
	struct devset disk, net, power, zram;
	u64 battery_ns;		/* when batteries were last asked, 0: never */
	struct battery_raw battery;
};

void devices_init(struct devices *d);
void devices_close(struct devices *d);

/* Where a text goes while it is parsed. */
struct text_room {
	char *buf;
	size_t cap;
};

/* Each fills its part of the snapshot; 0 or -errno. */
int disks_sample(struct devices *d, struct text_room room, struct snapshot *snap) MUST_CHECK;
int network_sample(struct devices *d, struct text_room room, struct snapshot *snap) MUST_CHECK;
/* The firmware answers, which can take milliseconds: asked every 10 s. */
int battery_sample(struct devices *d, struct text_room room, struct snapshot *snap) MUST_CHECK;
int zram_sample(struct devices *d, struct text_room room, struct snapshot *snap) MUST_CHECK;

/* Parsers: bytes in, numbers out; 0 or -EBADMSG.  No I/O, any bytes at all. */
int disk_stat_parse(struct device_raw *out, struct bytes text) MUST_CHECK;	/* not .key */
int power_supply_parse(struct battery_raw *sum, struct bytes text) MUST_CHECK;	/* adds to *sum */
int zram_mm_stat_parse(struct zram_raw *sum, struct bytes text) MUST_CHECK;	/* adds to *sum */

#endif
