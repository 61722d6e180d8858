/* proc/sample.h - fills one snapshot from every source that is needed: the
 * only writer of snapshots, and the owner of all that sampling needs. */
#ifndef PROC_SAMPLE_H
#define PROC_SAMPLE_H

#include "proc/backend.h"
#include "proc/cgroup_tree.h"
#include "proc/names.h"
#include "proc/programs.h"
#include "proc/snapshot.h"

struct sampler;	/* opaque */

struct sampler_options {
	enum backend_id backend;	/* BACKEND_N: the first that works */
	u32 names;			/* enum names_want; 0: no names are read */
	u32 walk_ppm;			/* share of one CPU that reading all tasks may take, and between
					 * those that ran (proc/between.h); 0: every sample reads all */
	u32 extra;			/* enum task_extra, as far as it is known that samples will want them:
					 * BPF is loaded once more for the first one that wants others */
};

/* What one sample has to hold. */
struct sample_want {
	u32 sources;		/* SRC_BIT */
	u32 extra;		/* enum task_extra */
	bool programs;		/* BPF programs: opened by the first sample that wants them, closed
				 * by the first that does not */
	u32 program;		/* id of the one that is looked at closely, 0: none */
	bool groups;		/* the tree of cgroups: likewise */
	u32 group_files;	/* 1 << enum cgroup_file: of all of them */
	bool fresh;		/* also what the kernel works out only every few seconds */
};

/* 0, or -errno with the reason when the backend named, or every one, failed. */
int sampler_open(struct sampler **out, const struct sampler_options *o, struct diag *why) MUST_CHECK;
void sampler_close(struct sampler *s);	/* takes NULL */

/* From now on processes that end are seen, too, and with walk_ppm who ran; without
 * that, sampler_missing() says why.  Not part of opening: no first frame has to wait for it.  Nothing for
 * a backend that was asked for because it needs no BPF. */
void sampler_watch_exits(struct sampler *s);

/* Takes a sample: the current snapshot becomes the previous one.  Arrays grow
 * here when the machine has outgrown them.  0, or -errno when the tasks could
 * not be read or memory ran out. */
int sampler_sample(struct sampler *s, const struct sample_want *want) MUST_CHECK;

const struct snapshot *sampler_cur(const struct sampler *s);
/* What it is compared with: the one before, or with walk_ppm one that is at least
 * BETWEEN_WINDOW_MS old as soon as there is one.  NULL before the second. */
const struct snapshot *sampler_prev(const struct sampler *s);

/* The next sample has no previous one: after a stop of any length the deltas
 * would be no rates of now. */
void sampler_forget(struct sampler *s);

/* Before a time without memory: room for more tasks than there are, if it is not
 * there.  It takes effect with the samples that follow; then, and with every
 * file opened, it is settled. */
void sampler_head_room(struct sampler *s);
bool sampler_settled(const struct sampler *s);
/* On: nothing grows any more, no name is read and no child started.  What finds
 * no room is lost, and counted. */
void sampler_hold(struct sampler *s, bool on);
/* Tasks that there is room for. */
u32 sampler_room(const struct sampler *s);

struct names *sampler_names(struct sampler *s);
const struct cgroups *sampler_cgroups(const struct sampler *s);
struct cgroup_tree *sampler_groups(struct sampler *s);		/* NULL: not sampled */
const char *sampler_backend(const struct sampler *s);	/* "walk" */

/* Before a sample wants programs: whether that can work.  0, or -errno with the
 * reason.  Opens the source. */
int sampler_open_programs(struct sampler *s, struct diag *why) MUST_CHECK;

/* What is missing and why: i from 0; false when there is no more.  source and
 * why are valid until the next sample. */
bool sampler_missing(const struct sampler *s, u32 i, const char **source, const char **why);

/* One line on what is lost because the best backend does not work here, and
 * what would bring it back; NULL when it works, or another was asked for. */
const char *sampler_notice(const struct sampler *s);

#endif
