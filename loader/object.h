/* loader/object.h - turns one embedded BPF object into loaded, attached
 * programs.  Knows nothing of what it loads.
 *
 * Life of an object: open (parse only) -> set knobs -> load (one pass over the
 * kernel's BTF, relocate, create maps, load every wanted program on its own)
 * -> attach, run, map -> close.  After load nothing but file descriptors,
 * mappings and one small struct remain.
 *
 * Results: 0, or a file descriptor, or -errno; on failure *why says in words
 * what was tried, why it did not work and what would change that. */
#ifndef LOADER_OBJECT_H
#define LOADER_OBJECT_H

#include "loader/base.h"

enum { DIAG_TEXT = 256 };

/* Why something did not work, in words that a person can act on. */
struct diag {
	int err;			/* errno, positive; 0 when nothing failed */
	char what[DIAG_TEXT];		/* cause: "the kernel exposes no BTF (CONFIG_DEBUG_INFO_BTF)" */
	char hint[DIAG_TEXT];		/* what would bring it back; may be empty */
	char log[2048];			/* tail of the verifier's log; may be empty */
};

/* One hook that a program can take in several forms, best first (fentry, else
 * kprobe, else a tracepoint): each form is a program of its own. */
enum { OBJECT_FORMS = 4 };

struct object_hook {
	const char *name;
	const char *form[OBJECT_FORMS];	/* names of programs; NULL ends */
};

struct object;	/* opaque: owns descriptors and mappings that must stay paired */

/* elf must stay readable until object_load() has returned.  On failure *out
 * is NULL. */
int object_open(struct object **out, const char *name, struct bytes elf,
		struct diag *why) MUST_CHECK;
void object_close(struct object *o);	/* takes NULL and half-built objects */

/* Before load.  -ENOENT: no such variable, map, program; -EINVAL: wrong size.
 * A variable lives in .rodata (const volatile) or .data, .bss. */
int object_set_var(struct object *o, const char *var, const void *val, size_t n) MUST_CHECK;
int object_set_max_entries(struct object *o, const char *map, u32 n) MUST_CHECK;
/* Whether load tries this program; the default is yes, no for sections that
 * begin with '?'. */
int object_want(struct object *o, const char *prog, bool wanted) MUST_CHECK;

/* For each hook object_load() loads and attaches its forms one by one, and keeps
 * the first that attaches.  It has to attach, because no other question has a
 * true answer (fentry on aarch64 before 6.4 loads and cannot be attached), and
 * it has to happen inside of load, because the forms behind the first are then
 * never seen by the verifier: they cost no time.  So the winner runs from load
 * on; object_detach() stops it until object_attach().
 * Wants all programs named; object_want() can take one out again.  hooks must
 * outlive o. */
int object_set_hooks(struct object *o, const struct object_hook *hooks, u32 n) MUST_CHECK;

/* Loads what is wanted.  0 when the maps exist and at least one wanted program
 * was loaded; otherwise -errno of the first that failed and its reason in *why.
 * A program that fails is only missing: ask object_prog(). */
int object_load(struct object *o, struct diag *why) MUST_CHECK;

/* Its descriptor (owned by the object), or -errno with the reason in *why
 * (why may be NULL). */
int object_prog(const struct object *o, const char *prog, struct diag *why) MUST_CHECK;
int object_map(const struct object *o, const char *map) MUST_CHECK;

/* What reading a map takes: a buffer of value_size, times cpus for a per-CPU map
 * with each part rounded up to 8. */
struct object_map_shape {
	u32 type, key_size, value_size, max_entries;	/* as created */
	u32 cpus;		/* possible CPUs of a per-CPU map, otherwise 1 */
};

int object_map_shape(const struct object *o, const char *map,
		     struct object_map_shape *out) MUST_CHECK;

/* The program that holds a hook, NULL when none of its forms attached: then
 * *why (may be NULL) says why the last one did not. */
const char *object_hook_form(const struct object *o, const char *hook, struct diag *why);

/* Instructions that the verifier counted for a loaded program, 0 if unknown. */
u32 object_prog_verified_insns(const struct object *o, const char *prog);

/* Maps an array map, or a data section (".bss", ".data"), that was declared
 * BPF_F_MMAPABLE (data sections are): shared, readable and writable.  out is the
 * address of a pointer, of any type, that then points to it; -EINVAL when it is
 * shorter than so many bytes.  object_close() unmaps. */
int object_mmap(struct object *o, const char *map, size_t least, void *out) MUST_CHECK;

/* The same for a variable in its data section; -EINVAL when it has another size. */
int object_var(struct object *o, const char *var, size_t size, void *out) MUST_CHECK;

/* Attaches by the program's section; returns the link's descriptor, owned by
 * the object.  An iterator: pass it to bpf_iter_create(). */
int object_attach(struct object *o, const char *prog, struct diag *why) MUST_CHECK;
/* It stays loaded and can be attached again.  Of one that is not attached: 0. */
int object_detach(struct object *o, const char *prog);
/* How it is attached: "link", "raw_tp open", "perf link" or "perf ioctl"; NULL
 * when it is not. */
const char *object_attached_as(const struct object *o, const char *prog);

#endif
