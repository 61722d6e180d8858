/* tests/tools/insns.h - instructions as text that two loaders can be compared
 * by: what differs from run to run is replaced by what it stands for.  Also
 * compiled against the host's libc. */
#ifndef TESTS_TOOLS_INSNS_H
#define TESTS_TOOLS_INSNS_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
	NORMAL_LD_IMM64 = BPF_LD | BPF_IMM | BPF_DW,
	NORMAL_CALL = BPF_JMP | BPF_CALL,
	NO_KFUNC = 2002000000,		/* a weak function that is not there */
	NO_KFUNC_END = NO_KFUNC + 1000000,
};

typedef const char *map_name_fn(void *arg, int fd);

/* Data sections are told apart by what follows the object's name. */
static inline uint32_t name_hash(const char *name)
{
	uint32_t h = 2166136261u;

	for (name = strchr(name, '.') ? strchr(name, '.') : name; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

static inline void normal_call(struct bpf_insn *insn)
{
	/* older libbpf leaves the call with the id 0, newer ones poison it */
	if ((insn->src_reg == 2 && !insn->imm) ||
	    (insn->src_reg == 0 && insn->imm >= NO_KFUNC && insn->imm < NO_KFUNC_END))
		*insn = (struct bpf_insn){.code = NORMAL_CALL, .imm = NO_KFUNC};
}

static inline void print_insns(const char *prog, const struct bpf_insn *code, size_t n,
			       map_name_fn *map_name, void *arg)
{
	bool wide = false;

	printf("%s\n", prog);
	for (size_t i = 0; i < n; i++) {
		struct bpf_insn insn = code[i];
		uint64_t word;

		if (!wide && insn.code == NORMAL_LD_IMM64 && (insn.src_reg == 1 || insn.src_reg == 2))
			insn.imm = (int32_t)name_hash(map_name(arg, insn.imm));
		else if (!wide && insn.code == NORMAL_CALL)
			normal_call(&insn);
		wide = !wide && insn.code == NORMAL_LD_IMM64;
		memcpy(&word, &insn, sizeof(word));
		printf("%016llx\n", (unsigned long long)word);
	}
}

#endif
