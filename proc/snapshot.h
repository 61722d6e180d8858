/* proc/snapshot.h - one instant of the machine, raw: counters as they were
 * read.  Plain data, so that a test can make one up.  Two exist; they swap
 * places with every sample. */
#ifndef PROC_SNAPSHOT_H
#define PROC_SNAPSHOT_H

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

/* All in KiB, as the file gives them; absent lines are 0 unless have_ says so. */
struct meminfo_raw {
	u64 total, free, available, buffers, cached, sreclaimable, shmem;
	u64 swap_total, swap_free, swap_cached;
	bool have_available;	/* Linux 3.14 */
	u64 arc_reclaimable;	/* ZFS's cache, in no line of the file; 0 without ZFS */
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
	struct zram_raw zram;
	struct task_table *tasks;	/* the same as in the one before when tasks were not sampled */
	u64 collect_ns;		/* time that sampling took */
	u32 self_pid, reader_pid;	/* pitstop and its reader of names (0: none), among the tasks */
	u64 syscalls;		/* system calls so far in the refresh path */
};

#endif
