/* tests/bpf/load_core.bpf.c - CO-RE records of every kind that compilers before
 * clang 16 emit, against this kernel's own types. */
#include "tests/bpf/load.bpf.h"

#define FIELD(f, kind)	__builtin_preserve_field_info(f, kind)
#define TYPE(t, kind)	__builtin_preserve_type_info(*(t *)0, kind)
#define TYPE_ID(t, kind) __builtin_btf_type_id(*(t *)0, kind)
#define ENUM(t, v, kind) __builtin_preserve_enum_value(*(t *)v, kind)

enum { BYTE_OFFSET, BYTE_SIZE, EXISTS, SIGNED, LSHIFT, RSHIFT };
enum { LOCAL, TARGET };
enum { TYPE_EXISTS, TYPE_SIZE };
enum { ENUM_EXISTS, ENUM_VALUE };

struct CORE signal_struct {
	u64 far_away;
	struct CORE {
		u32 nr_threads;
	};
};

struct CORE sched_entity {
	u8 far_away[5];
	u64 sum_exec_runtime;
};

/* Another order, other sizes, other depths than any kernel's. */
struct CORE task_struct___own {
	char comm[16];
	u8 far_away;
	struct signal_struct *signal;
	struct sched_entity se;
	u64 flags;			/* unsigned int there: loads become narrower */
	int tgid;
	u32 sched_reset_on_fork : 1;
	u32 no_such_bit : 3;
	u64 no_such_field;
	struct task_struct___own *group_leader;
};

struct CORE task_struct___narrow {
	u8 flags;			/* wider there */
};

struct CORE no_such_struct {
	int x;
};

enum pid_type___own {
	PIDTYPE_PID___own = 100,
	PIDTYPE_TGID___own = 101,
	PIDTYPE_NO_SUCH___own = 102,
};

enum no_such_enum {
	NO_SUCH_VALUE = 7,
};

typedef int no_such_typedef;
typedef int pid_t;

SEC("tp_btf/sched_process_fork")
int fields(u64 *ctx)
{
	struct task_struct___own *parent = (void *)ctx[0];
	struct task_struct___own *leader = parent->group_leader;

	return count(leader->tgid == (int)(bpf_get_current_pid_tgid() >> 32) &&
		     parent->signal->nr_threads >= 1 && parent->se.sum_exec_runtime &&
		     parent->comm[0] && parent->comm[15] == 0);
}

/* PF_KTHREAD and all above its byte are in one and not in the other. */
SEC("tp_btf/sched_process_fork")
int resized(u64 *ctx)
{
	struct task_struct___own *parent = (void *)ctx[0];
	struct task_struct___narrow *same = (void *)ctx[0];
	u64 wide = parent->flags;
	u32 narrow = same->flags;

	return count(wide >> 32 == 0 && (u32)wide == narrow);
}

SEC("tp_btf/sched_process_fork")
int sizes(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];

	return count(FIELD(t->comm, BYTE_SIZE) == 16 && FIELD(t->comm[3], BYTE_SIZE) == 1 &&
		     FIELD(t->tgid, BYTE_SIZE) == 4 && FIELD(t->flags, BYTE_SIZE) == 4 &&
		     FIELD(t->signal, BYTE_SIZE) == 8 &&
		     FIELD(t->comm[3], BYTE_OFFSET) == FIELD(t->comm, BYTE_OFFSET) + 3);
}

SEC("tp_btf/sched_process_fork")
int signs(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];

	return count(FIELD(t->tgid, SIGNED) == 1 && FIELD(t->flags, SIGNED) == 0);
}

SEC("tp_btf/sched_process_fork")
int existence(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];

	return count(FIELD(t->comm, EXISTS) && FIELD(t->comm[15], EXISTS) &&
		     FIELD(t->se.sum_exec_runtime, EXISTS) && !FIELD(t->no_such_field, EXISTS) &&
		     !FIELD(t->no_such_bit, EXISTS) && FIELD(t->sched_reset_on_fork, EXISTS));
}

/* What is not there is behind the question whether it is: dead code. */
SEC("tp_btf/sched_process_fork")
int guarded(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];
	u64 bad = 0;

	if (FIELD(t->no_such_field, EXISTS))
		bad += t->no_such_field;
	if (ENUM(enum no_such_enum, NO_SUCH_VALUE, ENUM_EXISTS))
		bad += ENUM(enum no_such_enum, NO_SUCH_VALUE, ENUM_VALUE) + 1;
	return count(!bad);
}

SEC("tp_btf/sched_process_fork")
int bitfield(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];
	u64 bits = 0;

	if (bpf_probe_read_kernel(&bits, FIELD(t->sched_reset_on_fork, BYTE_SIZE),
				  (void *)t + FIELD(t->sched_reset_on_fork, BYTE_OFFSET)))
		return 0;
	bits <<= FIELD(t->sched_reset_on_fork, LSHIFT);
	bits >>= FIELD(t->sched_reset_on_fork, RSHIFT);
	return count(bits <= 1);
}

SEC("tp_btf/sched_process_fork")
int types(void *ctx)
{
	(void)ctx;
	return count(TYPE(struct task_struct___own, TYPE_EXISTS) && TYPE(pid_t, TYPE_EXISTS) &&
		     !TYPE(struct no_such_struct, TYPE_EXISTS) && !TYPE(no_such_typedef, TYPE_EXISTS) &&
		     TYPE(struct task_struct___own, TYPE_SIZE) > 1000 && TYPE(pid_t, TYPE_SIZE) == 4 &&
		     !TYPE(struct no_such_struct, TYPE_SIZE));
}

SEC("tp_btf/sched_process_fork")
int type_ids(void *ctx)
{
	(void)ctx;
	return count(TYPE_ID(struct task_struct___own, LOCAL) && TYPE_ID(struct task_struct___own, TARGET) &&
		     !TYPE_ID(struct no_such_struct, TARGET));
}

SEC("tp_btf/sched_process_fork")
int enums(void *ctx)
{
	(void)ctx;
	return count(ENUM(enum pid_type___own, PIDTYPE_TGID___own, ENUM_EXISTS) &&
		     !ENUM(enum pid_type___own, PIDTYPE_NO_SUCH___own, ENUM_EXISTS) &&
		     ENUM(enum pid_type___own, PIDTYPE_PID___own, ENUM_VALUE) == 0 &&
		     ENUM(enum pid_type___own, PIDTYPE_TGID___own, ENUM_VALUE) == 1);
}

/* Nobody guards this one: refused, and the words name the field. */
SEC("tp_btf/sched_process_fork")
int unguarded(u64 *ctx)
{
	struct task_struct___own *t = (void *)ctx[0];

	return count(t->no_such_field != 0);
}

LICENSE_GPL;
