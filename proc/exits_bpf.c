/* proc/exits_bpf.c - the probe that sees processes end. */
#include "proc/exits_bpf.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/bpf.h"
#include "loader/maptype.h"
#include "probes/abi.h"
#include "proc/backend.h"
#include "proc/ring.h"

_Static_assert(sizeof(struct exit_rec) <= RING_RECORD_MAX, "a record in two parts is put together");

extern const unsigned char bpf_exits[], bpf_exits_end[];

_Static_assert((int)TASK_COMM == (int)TASK_COMM_LEN, "names are copied whole");
_Static_assert(EXITED_OPEN >= (int)EXITS_ON_THE_WAY, "who is on the way has an entry");

enum {
	/* as many as the ring can hold: two records, each with 8 bytes more, a process */
	EVENTS = EXIT_RING_MAX / (sizeof(struct exit_rec) + EXIT_REC_FINAL_BYTES + 16) * 2,
	TRIALS = 64,
	TRIAL_WAIT_MS = 200,
};

/* The one that has the process's time first: nothing may end unseen between. */
static const char *const programs[] = {"freed", "ended"};

struct exits {
	struct object *object;
	struct exit_watch *watch;
	struct ring ring;
	u32 ring_bytes;
	struct exit_event event[EVENTS];
};

void exits_close(struct exits *e)
{
	if (!e)
		return;
	ring_close(&e->ring);
	object_close(e->object);
	free(e);
}

static int map_results(struct exits *e)
{
	int err = object_var(e->object, "exit_watch", sizeof(*e->watch), &e->watch);

	if (!err)
		err = object_map(e->object, "exits");
	return err < 0 ? err : ring_open(&e->ring, err, e->ring_bytes);
}

static int load(struct exits *e, struct diag *why)
{
	struct bytes elf = {bpf_exits, (size_t)(bpf_exits_end - bpf_exits)};
	int err = object_open(&e->object, "exits", elf, why);
	u32 cpus = map_possible_cpus();

	e->ring_bytes = cpus > 2 ? EXIT_RING_MAX : cpus * EXIT_RING_OF_CPU;	/* a power of two */
	if (!err)
		err = object_set_max_entries(e->object, "exits", e->ring_bytes);
	if (!err)
		err = object_load(e->object, why);
	if (!err)
		err = map_results(e);
	for (u32 i = 0; err >= 0 && i < ARRAY_LEN(programs); i++)
		err = object_attach(e->object, programs[i], why);
	return err < 0 ? err : 0;
}

int exits_open(struct exits **out, struct diag *why)
{
	int err = bpf_reader_new(out, sizeof(**out), why);

	if (err)
		return err;
	err = load(*out, why);
	if (err) {
		exits_close(*out);
		*out = NULL;
	}
	return err;
}

/* False when it is no record of ours. */
static bool take_record(struct exit_event *ev, struct bytes rec)
{
	struct exit_rec r;

	memset(&r, 0, sizeof(r));
	if (rec.n != sizeof(r) && rec.n != EXIT_REC_FINAL_BYTES)
		return false;
	memcpy(&r, rec.p, rec.n);
	*ev = (struct exit_event){
		.start_boot_ns = r.start_boot_ns, .runtime_ns = r.runtime_ns, .cgroup_id = r.cgroup_id,
		.pid = r.pid, .ppid = r.ppid, .uid = r.euid, .status = r.status,
		.last = r.flags & EXIT_REC_FINAL, .kernel = r.flags & EXIT_REC_KTHREAD,
	};
	memcpy(ev->comm, r.comm, TASK_COMM - 1);
	memcpy(ev->parent_comm, r.parent_comm, TASK_COMM - 1);
	return true;
}

void exits_take(struct exits *e, u64 since_boot_ns, struct exits_raw *out)
{
	struct bytes rec;
	u32 n = 0;

	while (n < EVENTS && (rec = ring_next(&e->ring)).p)
		n += take_record(&e->event[n], rec);
	ring_done(&e->ring);
	__atomic_store_n(&e->watch->since_boot_ns, since_boot_ns, __ATOMIC_RELAXED);
	*out = (struct exits_raw){
		.event = e->event, .n = n,
		.lost = __atomic_load_n(&e->watch->lost, __ATOMIC_RELAXED),
		.lost_ns = __atomic_load_n(&e->watch->lost_runtime_ns, __ATOMIC_RELAXED),
	};
}

/* ---- what it costs -------------------------------------------------------- */

static u32 average(const struct exits *e, const char *prog, u64 *runs)
{
	u64 ns = 0;

	*runs = 0;
	(void)!bpf_prog_stats(object_prog(e->object, prog, NULL), runs, &ns);
	return *runs ? (u32)(ns / *runs) : 0;
}

void exits_cost(struct exits *e, u32 *ended_ns, u32 *freed_ns)
{
	int stats = bpf_enable_stats();
	u64 runs = 0;

	*ended_ns = *freed_ns = 0;
	if (stats < 0)
		return;
	for (u32 i = 0; i < TRIALS; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
	for (u32 ms = 0; ms < TRIAL_WAIT_MS && runs < TRIALS; ms += 10) {
		poll(NULL, 0, 10);
		*freed_ns = average(e, "freed", &runs);
	}
	*ended_ns = average(e, "ended", &runs);
	close(stats);
}
