/* ui/stop_run.c - --freeze and --thaw: each target, and what came of it. */
#include "ui/stop_run.h"
#include "proc/guard.h"
#include "proc/stop.h"
#include "proc/target.h"
#include "ui/message.h"

#include <errno.h>
#include <stdlib.h>

enum { WHAT_ROOM = 160, TEXT_ROOM = 3072 };

static struct cgroupfs fs;
static struct guard guard;
static struct target target;
static struct stop stop;
static struct scope scope;

/* "--freeze: pid:12": what a message is about. */
struct about {
	char text[WHAT_ROOM];
};

static const char *about(struct about *a, const struct stop_order *w)
{
	struct out o = {.buf = a->text, .cap = sizeof(a->text) - 1};

	out_str(&o, w->thaw ? "--thaw: " : "--freeze: ");
	out_str(&o, w->target);
	a->text[MIN(o.len, o.cap)] = 0;
	return a->text;
}

static int tell_candidates(const char *what, int err)
{
	char text[TEXT_ROOM];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	const char *name = target.candidates;

	out_str(&o, err == -EEXIST ? "Named by their paths, as cgroup:PATH: " : "There are, of a like name: ");
	for (u32 i = 0; name < target.candidates + target.candidates_len; i++) {
		out_str(&o, i ? ", " : "");
		out_str(&o, name);
		name += strlen(name) + 1;
	}
	out_str(&o, target.ncandidates > CANDIDATES ? ", and more" : "");
	text[MIN(o.len, o.cap)] = 0;
	return complain(what, err == -EEXIST ? "several have that name" : "there is none of that name",
			target.candidates_len ? text : NULL);
}

static int not_found(const char *what, int err)
{
	static const char *const hint[] = {
		[TARGET_PID] = NULL, [TARGET_UNIT] = "The units that there are: systemctl list-units",
		[TARGET_CONTAINER] = "Their names and ids are in the column container: pitstop -b --once -c pid,container",
		[TARGET_CGROUP] = "A path is one as in /proc/PID/cgroup, or that of a directory where cgroups are mounted.",
	};

	if (err == -EEXIST || target.candidates_len)
		return tell_candidates(what, err);
	if (err == -ESRCH)
		return complain(what, "there is no such process", NULL);
	if (err == -ENOENT)
		return complain(what, target.kind == TARGET_CGROUP ? "there is no such cgroup, or it is outside of "
								     "what is mounted here"
								   : "there is none of that name",
				hint[target.kind]);
	if (err == -ENODEV)
		return complain(what, "no hierarchy of cgroups that can freeze is mounted",
				"That of v2: mount -t cgroup2 none /sys/fs/cgroup");
	return complain(what, strerror(-err), NULL);
}

/* True when it may be stopped; else it is said why not. */
static bool may(const char *what, bool force)
{
	char path[CGROUP_PATH], text[GUARD_WHY + WHAT_ROOM];
	struct out o = {.buf = text, .cap = sizeof(text) - 1};
	const struct hierarchy *h = fs.h[HIERARCHY_V2].fd >= 0 ? &fs.h[HIERARCHY_V2] : &fs.h[HIERARCHY_FREEZER];

	if (target.kind == TARGET_PID) {
		if (cgroup_of(h, target.who.pid, path))
			path[0] = 0;
		guard_process(&guard, target.who.pid, path, &scope);
	} else if (guard_cgroup(&guard, target.h, target.path, &scope)) {
		return true;		/* it vanished: the deed says so */
	}
	if (!scope.guarded || force)
		return true;
	out_str(&o, "guarded: ");
	out_str(&o, scope.why);
	text[MIN(o.len, o.cap)] = 0;
	complain(what, text, "If that is what you want: --force");
	return false;
}

static void report(struct sink *out, bool thaw)
{
	sink_str(out, stop.idle ? "not frozen: " : thaw ? "thawed: " : "frozen: ");
	if (target.kind == TARGET_PID) {
		sink_str(out, "process ");
		sink_u64(out, target.who.pid);
		sink_str(out, thaw ? "" : " alone");
		if (!thaw)
			sink_str(out, ", in ");
	}
	if (target.kind != TARGET_PID || !thaw)
		message_words(&out->out, (struct bytes){(u8 *)stop.path, strlen(stop.path)});
	if (target.kind != TARGET_PID && !thaw) {
		sink_str(out, ", ");
		sink_u64(out, scope.processes);
		sink_str(out, scope.processes == 1 ? " process" : " processes");
	}
	sink_char(out, '\n');
}

static int run_one(const struct stop_order *w, bool force, struct sink *out)
{
	static char why[STOP_WHY], hint[STOP_WHY];
	struct about a;
	const char *what = about(&a, w);
	int err;

	(void)!target_parse(&target, w->target);	/* the options did */
	err = target_find(&target, &fs);
	if (err)
		return not_found(what, err);
	if (!w->thaw && !may(what, force))
		return EXIT_FAILURE;
	stop.deed = w->thaw ? STOP_THAW : STOP_FREEZE;
	stop.who = target.who;
	stop.h = target.h;
	memcpy(stop.path, target.path, sizeof(stop.path));
	stop_begin(&stop, &fs, FREEZE_BUDGET_MS);
	if (stop_wait(&stop)) {
		stop_why(&stop, why, hint);
		return complain(what, why, hint);
	}
	if (sink_room(out, TEXT_ROOM))
		report(out, w->thaw);
	return EXIT_SUCCESS;
}

/* What one that was ended in the middle has left, and what undoes it: a thaw,
 * where there is a home to go to. */
static void see_leftover(void *arg, const struct alone *a, const char *path)
{
	static char why[STOP_WHY], hint[STOP_WHY];
	const struct hierarchy *h = arg;
	enum leftover wrong = stop_leftover(h, path);

	(void)a;
	if (wrong == LEFT_WHOLE || (stop.err && !strcmp(path, stop.path)))	/* that has just been said */
		return;
	stop.deed = STOP_THAW;
	stop.h = h;
	stop.moved = true;
	stop.left = wrong == LEFT_HOMELESS;
	stop.err = -ENOENT;
	memcpy(stop.path, path, strlen(path) + 1);
	stop_why(&stop, why, hint);
	if (!stop.left)
		stop_undo("To undo it: ", path, hint);
	memcpy(why, "left by a pitstop that was interrupted: ", 40);
	memcpy(why + 40, leftover_words[wrong], strlen(leftover_words[wrong]) + 1);
	complain(path, why, hint);
}

int stop_run(const struct options *o, struct sink *out)
{
	int status = EXIT_SUCCESS;

	cgroupfs_open(&fs);
	guard_learn(&guard);
	for (u32 i = 0; i < o->nstops; i++)
		status |= run_one(&o->stop[i], o->force, out);
	for (u32 i = 0; i < HIERARCHIES; i++)
		if (fs.h[i].fd >= 0)
			alone_each(&fs.h[i], see_leftover, &fs.h[i]);
	out->flush(out);
	cgroupfs_close(&fs);
	return status | sink_status(out);
}
