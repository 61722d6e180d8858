/* proc/snapshot.h - one instant of the machine, raw: counters as they were
 * read.  Plain data, so that a test can make one up.  Two exist; they swap
 * places with every sample. */
#ifndef PROC_SNAPSHOT_H
#define PROC_SNAPSHOT_H

#include "proc/exited.h"
#include "proc/program.h"
#include "proc/source.h"
#include "proc/task.h"

/* Columns of a "cpu" line of /proc/stat, in its order, in clock ticks of
 * 1/USER_HZ s.  guest is contained in user, guest_nice in nice. */
enum cpu_time {
	CPU_USER, CPU_NICE, CPU_SYSTEM, CPU_IDLE, CPU_IOWAIT, CPU_IRQ, CPU_SOFTIRQ,
	CPU_STEAL, CPU_GUEST, CPU_GUEST_NICE, CPU_TIMES
};

struct cpu_raw {
	u64 tick[CPU_TIMES];
	bool online;
};

struct stat_raw {
	struct cpu_raw total;
	u64 boot_time_s;	/* btime */
	u64 forks;		/* processes */
	u32 running;		/* procs_running */
};

/* Of ZFS's arcstats, bytes; all 0 without ZFS. */
struct arc_raw {
	u64 size, min, max;		/* c_min, c_max */
	u64 compressed, uncompressed;	/* what it holds, and what that would be */
};

/* All in KiB, as the file gives them; absent lines are 0 unless have_ says so. */
struct meminfo_raw {
	u64 total, free, available, buffers, cached, sreclaimable, shmem;
	u64 swap_total, swap_free, swap_cached;
	bool have_available;	/* Linux 3.14 */
	u64 zswap, zswapped;	/* its pool, and what that holds (5.19) */
	u64 huge_total, huge_free;	/* pages of huge_size, which is 0 without them */
	u64 huge_size;
	struct arc_raw arc;	/* in no line of the file */
};

struct vmstat_raw {
	u64 swap_in_pages, swap_out_pages;	/* pswpin, pswpout */
};

struct loadavg_raw {
	u32 load_centi[3];	/* 1, 5, 15 minutes, in hundredths */
	u32 running, total;	/* tasks */
};

/* One line of /proc/pressure/X. */
struct pressure_line {
	u32 avg_centi[3];	/* 10, 60, 300 s; hundredths of a per cent */
	u64 total_us;
	bool present;
};

enum pressure_kind { PRESSURE_CPU, PRESSURE_MEMORY, PRESSURE_IO, PRESSURE_KINDS };

struct pressure_raw {
	struct pressure_line some, full;
};

/* Sum over the mm_stat file of every zram device, bytes. */
struct zram_raw {
	u64 original, compressed, used;
	u32 devices;
};

/* Counters of devices that come and go: what they are is for each kind to say. */
enum { DEVICES_MAX = 64, DEVICE_COUNTS = 4 };

enum { DISK_READ_BYTES, DISK_WRITE_BYTES, DISK_BUSY_MS, DISK_OPS };
enum { NET_RX_BYTES, NET_RX_PACKETS, NET_TX_BYTES, NET_TX_PACKETS };

struct device_raw {
	u64 key;		/* the same in every snapshot */
	u64 count[DEVICE_COUNTS];
};

struct devices_raw {
	u32 n;
	struct device_raw dev[DEVICES_MAX];
};

/* All batteries of this machine together, in whatever unit they have. */
struct battery_raw {
	u64 now, full;
	u32 batteries;
	bool mains, discharging;
};

struct files_raw {
	u64 used, most;		/* file handles; fs.file-max */
};

/* What the service manager says of itself. */
struct systemd_raw {
	char state[16];		/* "running", "degraded" */
	u32 failed, jobs;	/* units that failed; jobs that wait or run */
	bool known;		/* it has answered */
};

struct cgroup_tree;

struct snapshot {
	u64 mono_ns;		/* CLOCK_MONOTONIC when sampling began */
	u64 real_ns;		/* Unix time then */
	u64 boot_ns;		/* CLOCK_BOOTTIME then: uptime */
	u64 boot_time_ns;	/* Unix time of boot, taken once */
	u32 have;		/* SRC_BIT of what answered */
	struct stat_raw stat;
	u32 ncpu, cpu_cap;	/* highest CPU number seen + 1; room in cpu[] */
	struct cpu_raw *cpu;	/* [cpu_cap], by CPU number */
	struct meminfo_raw mem;
	struct vmstat_raw vmstat;
	struct loadavg_raw loadavg;
	struct pressure_raw pressure[PRESSURE_KINDS];
	struct pressure_raw irq_pressure;
	struct zram_raw zram;
	struct devices_raw disks, network;
	struct battery_raw battery;
	struct files_raw files;
	struct systemd_raw systemd;
	struct task_table *tasks;	/* the same as in the one before when not all tasks were sampled */
	bool moved;		/* other tasks than in the one before, or in other places */
	u32 walks, partial;	/* as in struct between; 0 without --ludicrous */
	struct exits_raw exits;	/* with SRC_EXITED */
	const struct program_table *programs, *programs_before;	/* NULL: not looked at */
	const char *programs_why;	/* they were to be looked at, and something is missing; or NULL */
	const struct cgroup_tree *groups;	/* NULL: not looked at */
	u64 collect_ns;		/* time that sampling took */
	u32 self_pid, reader_pid;	/* pitstop and its reader of names (0: none), among the tasks */
	u64 syscalls;		/* system calls so far in the refresh path */
	u64 syscalls_before;	/* of the sample before; 0: that is the one compared with */
};

#endif
