/* loader/core.h - CO-RE: rewrites instructions that were compiled for one
 * layout of the kernel's types so that they fit the types of this kernel.
 *
 * Rules are those of libbpf, so that one object means the same to both.
 * Pure: two BTFs in, patched instructions out. */
#ifndef LOADER_CORE_H
#define LOADER_CORE_H

#include "loader/btf.h"
#include "loader/wanted.h"

/* enum bpf_core_relo_kind of include/uapi/linux/bpf.h (5.17) */
enum core_kind {
	CORE_BYTE_OFFSET,
	CORE_BYTE_SIZE,
	CORE_FIELD_EXISTS,
	CORE_SIGNED,
	CORE_LSHIFT,
	CORE_RSHIFT,
	CORE_TYPE_ID_LOCAL,
	CORE_TYPE_ID_TARGET,
	CORE_TYPE_EXISTS,
	CORE_TYPE_SIZE,
	CORE_ENUMVAL_EXISTS,
	CORE_ENUMVAL_VALUE,
	CORE_TYPE_MATCHES,
	CORE_KINDS
};

/* One record of .BTF.ext. */
struct core_relo {
	u32 insn_off;		/* bytes from the start of the ELF section */
	u32 type_id;		/* local root type */
	u32 access_off;		/* "0:1:2" in the local strings */
	u32 kind;
};

/* A call to this helper cannot be verified: an unguarded use of what this
 * kernel lacks is refused, a guarded one is dead code.  libbpf's number. */
enum { CORE_POISON = 195896080 };

struct core_candidates;

struct core {
	const struct btf *local;
	const struct btf *target;
	const struct wanted *names;		/* with the hits of target */
	struct core_candidates **list;		/* owned: per local root type, made on first use */
	u64 steps;				/* what hostile types may still cost */
	bool keep;				/* do not narrow: the next record is of dead code */
};

struct core_result {
	u64 old;		/* what the instruction must hold now */
	u64 new;
	bool validate;		/* whether old is certain */
	bool poison;
	u32 old_size, new_size;	/* of a loaded or stored element; 0 unknown */
	bool bad_resize;	/* the sizes differ and a load cannot absorb it */
};

/* Adds the name that a record will look for, before target is read. */
int core_want(struct wanted *names, const struct btf *local, const struct core_relo *r) MUST_CHECK;

int core_open(struct core *c, const struct btf *local, const struct btf *target,
	      const struct wanted *names) MUST_CHECK;
void core_close(struct core *c);

/* Each success narrows the candidates of its local type to those that match:
 * two kernel types of one name are never mixed.  A failure changes nothing.
 * -ENOTUNIQ: candidates disagree; -EOPNOTSUPP: an unknown kind, or a type
 * without a name; -EDOM: sign or shift of an array element; -EOVERFLOW: a
 * bitfield that no load covers; -E2BIG: nested too deep, or too much to search;
 * -EINVAL: malformed. */
int core_resolve(struct core *c, const struct core_relo *r, struct core_result *out) MUST_CHECK;
/* insn[0], and insn[1] when it is a wide load: left is how many there are.
 * -EINVAL: no such instruction as the record needs; -ERANGE: the offset does
 * not fit a load or store. */
int core_patch(struct bpf_insn *insn, u32 left, const struct core_result *res) MUST_CHECK;
/* Whether that left a poisoned instruction. */
bool core_poisoned(const struct bpf_insn *insn);

/* "struct " and the like, "" for what C names with one word. */
const char *core_kind_word(const struct btf_type *t);
/* "struct task_struct has no usable field sched.prio", cut to n. */
void core_describe(const struct btf *local, const struct core_relo *r, char *text, size_t n);

/* Whether a local type can stand for a target type of the same name: 1, 0 or
 * -errno.  Also for the prototypes of kernel functions. */
int core_types_compat(const struct btf *local, u32 local_id, const struct btf *target,
		      u32 target_id);

#endif
