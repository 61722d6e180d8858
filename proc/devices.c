/* proc/devices.c - see proc/devices.h.
 *
 * A byte is counted once: where devices are stacked on one another, those at the
 * bottom are taken.  What a name looks like decides nothing. */
#include "proc/devices.h"
#include "proc/dirscan.h"
#include "proc/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum {
	SECTOR = 512,		/* bytes, whatever the disk's own is: block/stat.rst */
	BATTERY_S = 10,
	PATH_ROOM = 128,
};

/* name/attribute in room; false when it is too long. */
static bool attribute(char room[static PATH_ROOM], const char *name, const char *attr)
{
	size_t n = strlen(name), len = strlen(attr);

	if (n + len + 2 > PATH_ROOM)
		return false;
	memcpy(room, name, n);
	room[n] = '/';
	memcpy(room + n + 1, attr, len + 1);
	return true;
}

static bool has_attribute(int dir_fd, const char *name, const char *attr)
{
	char path[PATH_ROOM];
	int fd = -1;

	syscall_count += 2;
	if (attribute(path, name, attr))
		fd = openat(dir_fd, path, O_PATH | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The number in a file of one; 0 when there is none. */
static u64 attribute_u64(int dir_fd, const char *name, const char *attr)
{
	char path[PATH_ROOM], text[32];
	struct scan s;
	ssize_t n = -1;
	u64 v = 0;
	int fd;

	if (!attribute(path, name, attr))
		return 0;
	syscall_count += 3;
	fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	s = scan_of((struct bytes){(const unsigned char *)text, n > 0 ? (size_t)n : 0});
	(void)!scan_u64(&s, &v);
	return v;
}

/* ---- disks ---- */

/* A disk hangs on some bus.  Below /sys/devices/virtual/block is what the kernel
 * makes of disks, files and memory: dm, md, loop, zram, ram.  (A multipath nvme
 * disk is in virtual/nvme-subsystem; its paths are hidden.)  A partition was in
 * /sys/block with CONFIG_SYSFS_DEPRECATED. */
static bool want_disk(int dir_fd, const char *name)
{
	static const char made[] = "/virtual/block/";
	char target[512];
	ssize_t n;

	++syscall_count;
	n = readlinkat(dir_fd, name, target, sizeof(target));
	if (n < 0 || memmem(target, (size_t)n, made, sizeof(made) - 1))
		return false;
	return !has_attribute(dir_fd, name, "partition") && !attribute_u64(dir_fd, name, "hidden");
}

static const struct devset_kind disk_kind = {"/sys/block", want_disk, {"stat"}};

/* Fields of Documentation/block/stat.rst. */
int disk_stat_parse(struct device_raw *out, struct bytes text)
{
	enum { READS, READ_SECTORS = 2, WRITES = 4, WRITE_SECTORS = 6, IO_TICKS = 9, FIELDS };
	struct scan s = scan_of(text);
	u64 v[FIELDS];

	for (u32 i = 0; i < FIELDS; i++)
		if (!scan_u64(&s, &v[i]))
			return -EBADMSG;
	if (__builtin_mul_overflow(v[READ_SECTORS], (u64)SECTOR, &out->count[DISK_READ_BYTES]) ||
	    __builtin_mul_overflow(v[WRITE_SECTORS], (u64)SECTOR, &out->count[DISK_WRITE_BYTES]) ||
	    __builtin_add_overflow(v[READS], v[WRITES], &out->count[DISK_OPS]))
		return -EBADMSG;
	out->count[DISK_BUSY_MS] = v[IO_TICKS];
	return 0;
}

int disks_sample(struct devices *d, struct text_room room, struct snapshot *snap)
{
	int err = devset_refresh(&d->disk, snap->mono_ns);
	struct devices_raw *out = &snap->disks;

	out->n = 0;
	for (u32 i = 0; i < d->disk.n && !err; i++) {
		struct device_raw *dev = &out->dev[out->n];
		struct bytes text;

		err = devset_read(&d->disk, i, 0, room.buf, room.cap, &text);
		if (err == -ENODEV) {
			err = 0;
			continue;
		}
		if (!err)
			err = disk_stat_parse(dev, text);
		dev->key = d->disk.dev[i].key;
		out->n += !err;
	}
	return err;
}

/* ---- network ---- */

/* An interface of its own hardware, not one on top of another: a switch's port
 * names its conduit in iflink, and the fast path of a virtual machine's card has
 * that card for a master. */
static bool is_card(int dir_fd, const char *name)
{
	return has_attribute(dir_fd, name, "device") && !has_attribute(dir_fd, name, "master/device") &&
	       attribute_u64(dir_fd, name, "iflink") == attribute_u64(dir_fd, name, "ifindex");
}

#define NET_FILES { \
	[NET_RX_BYTES] = "statistics/rx_bytes", [NET_RX_PACKETS] = "statistics/rx_packets", \
	[NET_TX_BYTES] = "statistics/tx_bytes", [NET_TX_PACKETS] = "statistics/tx_packets", \
}

static const struct devset_kind card_kind = {"/sys/class/net", is_card, NET_FILES};

/* "lower_eth0" in its folder names what it stands on. */
static bool stands_on_others(int dir_fd, const char *name)
{
	bool found = false;
	struct dirscan dir;
	const char *entry;
	int fd;

	++syscall_count;
	fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;
	dirscan_begin(&dir, fd);
	while (!found && (entry = dirscan_next(&dir)))
		found = strncmp(entry, "lower_", 6) == 0;
	++syscall_count;
	close(fd);
	return found;
}

/* In a container there is no hardware: what leads out of it stands on nothing. */
static bool is_lowest(int dir_fd, const char *name)
{
	enum { ARPHRD_LOOPBACK = 772 };		/* linux/if_arp.h */

	return attribute_u64(dir_fd, name, "type") != ARPHRD_LOOPBACK && !stands_on_others(dir_fd, name);
}

static const struct devset_kind lowest_kind = {"/sys/class/net", is_lowest, NET_FILES};

static int read_counts(struct devset *set, u32 i, struct text_room room, struct device_raw *out)
{
	int err = 0;

	out->key = set->dev[i].key;
	for (u32 k = 0; k < DEVICE_COUNTS && !err; k++) {
		struct bytes text;
		struct scan s;

		err = devset_read(set, i, k, room.buf, room.cap, &text);
		if (err)
			break;
		s = scan_of(text);
		err = scan_u64(&s, &out->count[k]) ? 0 : -EBADMSG;
	}
	return err;
}

int network_sample(struct devices *d, struct text_room room, struct snapshot *snap)
{
	int err = devset_refresh(&d->net, snap->mono_ns);
	struct devices_raw *out = &snap->network;

	if (!err && !d->net.n && d->net.kind == &card_kind) {
		d->net.kind = &lowest_kind;
		d->net.looked = false;
		err = devset_refresh(&d->net, snap->mono_ns);
	}
	out->n = 0;
	for (u32 i = 0; i < d->net.n && !err; i++) {
		err = read_counts(&d->net, i, room, &out->dev[out->n]);
		out->n += !err;
		if (err == -ENODEV || err == -EINVAL)	/* EINVAL: it is being taken down */
			err = 0;
	}
	return err;
}

/* ---- batteries ---- */

/* What feeds a mouse says nothing of this machine: power_supply_parse() knows. */
static bool any_name(int dir_fd, const char *name)
{
	(void)dir_fd;
	(void)name;
	return true;
}

static const struct devset_kind power_kind = {"/sys/class/power_supply", any_name, {"uevent"}};

/* Documentation/ABI/testing/sysfs-class-power.  Energy is in uWh, charge in uAh:
 * the batteries of one machine have the same driver and give the same. */
struct power_supply {
	u64 energy_now, energy_full, charge_now, charge_full, capacity;
};

static void add_battery(struct battery_raw *sum, const struct power_supply *p)
{
	u64 now = p->capacity, full = 100;

	if (p->energy_full) {
		now = p->energy_now;
		full = p->energy_full;
	} else if (p->charge_full) {
		now = p->charge_now;
		full = p->charge_full;
	}
	sum->batteries++;
	sum->now += MIN(now, full);
	sum->full += full;
}

int power_supply_parse(struct battery_raw *sum, struct bytes text)
{
	static const struct scan_key keys[] = {
		SCAN_KEY("POWER_SUPPLY_ENERGY_NOW=", struct power_supply, energy_now),
		SCAN_KEY("POWER_SUPPLY_ENERGY_FULL=", struct power_supply, energy_full),
		SCAN_KEY("POWER_SUPPLY_CHARGE_NOW=", struct power_supply, charge_now),
		SCAN_KEY("POWER_SUPPLY_CHARGE_FULL=", struct power_supply, charge_full),
		SCAN_KEY("POWER_SUPPLY_CAPACITY=", struct power_supply, capacity),
	};
	bool battery = false, of_device = false, online = false, discharging = false;
	struct battery_raw next = *sum;
	struct scan s = scan_of(text), line;
	struct power_supply p = {0};
	u32 found;

	if (scan_keys(s, keys, ARRAY_LEN(keys), &p, &found))
		return -EBADMSG;
	while (scan_line(&s, &line)) {
		battery |= SCAN_LIT(&line, "POWER_SUPPLY_TYPE=Battery");
		of_device |= SCAN_LIT(&line, "POWER_SUPPLY_SCOPE=Device");
		online |= SCAN_LIT(&line, "POWER_SUPPLY_ONLINE=1");
		discharging |= SCAN_LIT(&line, "POWER_SUPPLY_STATUS=Discharging");
	}
	if (of_device)
		return 0;
	next.mains |= !battery && online;
	if (battery) {
		next.discharging |= discharging;
		add_battery(&next, &p);
	}
	if (next.now < sum->now || next.full < sum->full)
		return -EBADMSG;
	*sum = next;
	return 0;
}

int battery_sample(struct devices *d, struct text_room room, struct snapshot *snap)
{
	int err = 0;

	if (d->battery_ns && snap->mono_ns - d->battery_ns < (u64)BATTERY_S * NSEC_PER_SEC) {
		snap->battery = d->battery;
		return 0;
	}
	err = devset_refresh(&d->power, snap->mono_ns);
	d->battery = (struct battery_raw){0};
	for (u32 i = 0; i < d->power.n && !err; i++) {
		struct bytes text;

		err = devset_read(&d->power, i, 0, room.buf, room.cap, &text);
		if (!err)
			err = power_supply_parse(&d->battery, text);
		if (err == -ENODEV)
			err = 0;
	}
	d->battery_ns = err ? 0 : snap->mono_ns;
	snap->battery = d->battery;
	return err;
}

/* ---- compressed swap ---- */

static bool want_zram(int dir_fd, const char *name)
{
	return has_attribute(dir_fd, name, "mm_stat");
}

static const struct devset_kind zram_kind = {"/sys/block", want_zram, {"mm_stat"}};

/* mm_stat: orig_data_size compr_data_size mem_used_total, and more. */
int zram_mm_stat_parse(struct zram_raw *sum, struct bytes text)
{
	struct scan s = scan_of(text);
	struct zram_raw z;

	if (!scan_u64(&s, &z.original) || !scan_u64(&s, &z.compressed) || !scan_u64(&s, &z.used))
		return -EBADMSG;
	if (__builtin_add_overflow(z.original, sum->original, &z.original) ||
	    __builtin_add_overflow(z.compressed, sum->compressed, &z.compressed) ||
	    __builtin_add_overflow(z.used, sum->used, &z.used))
		return -EBADMSG;
	z.devices = sum->devices + 1;
	*sum = z;
	return 0;
}

int zram_sample(struct devices *d, struct text_room room, struct snapshot *snap)
{
	int err = devset_refresh(&d->zram, snap->mono_ns);
	struct zram_raw sum = {0};

	for (u32 i = 0; i < d->zram.n && !err; i++) {
		struct bytes text;

		err = devset_read(&d->zram, i, 0, room.buf, room.cap, &text);
		if (!err)
			err = zram_mm_stat_parse(&sum, text);
		if (err == -ENODEV)
			err = 0;
	}
	if (!err)
		snap->zram = sum;
	return err;
}

/* ---- all of them ---- */

void devices_init(struct devices *d)
{
	*d = (struct devices){.disk.kind = &disk_kind, .net.kind = &card_kind,
			      .power.kind = &power_kind, .zram.kind = &zram_kind};
}

void devices_close(struct devices *d)
{
	devset_close(&d->disk);
	devset_close(&d->net);
	devset_close(&d->power);
	devset_close(&d->zram);
}
