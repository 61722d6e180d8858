/* tests/tools/probes.c - loads and attaches each of pitstop's own programs
 * alone and prints a line for it, tab-separated: OBJECT PROGRAM FORM INSNS, with
 * "run" as the form of a program that is only run and 0 for a count that the
 * kernel does not tell; or OBJECT PROGRAM - REASON. */
#include <stdio.h>
#include <string.h>

#include "loader/object.h"

extern const unsigned char bpf_tasks[], bpf_tasks_end[], bpf_argv[], bpf_argv_end[];
extern const unsigned char bpf_exits[], bpf_exits_end[], bpf_calls[], bpf_calls_end[];
extern const unsigned char bpf_programs[], bpf_programs_end[], bpf_switches[], bpf_switches_end[];

static const struct {
	const char *object;
	const unsigned char *from, *to;
	const char *prog, *others[2];
	bool run;
} probes[] = {
	{"tasks", bpf_tasks, bpf_tasks_end, "walk", {"iter", "refresh"}, true},
	{"tasks", bpf_tasks, bpf_tasks_end, "iter", {"walk", "refresh"}, false},
	{"tasks", bpf_tasks, bpf_tasks_end, "refresh", {"walk", "iter"}, true},
	{"switches", bpf_switches, bpf_switches_end, "switched", {NULL}, false},
	{"argv", bpf_argv, bpf_argv_end, "argv_read", {NULL}, true},
	{"exits", bpf_exits, bpf_exits_end, "ended", {"freed"}, false},
	{"exits", bpf_exits, bpf_exits_end, "freed", {"ended"}, false},
	{"programs", bpf_programs, bpf_programs_end, "programs", {"links_of", "owners_of"}, false},
	{"programs", bpf_programs, bpf_programs_end, "links_of", {"programs", "owners_of"}, false},
	{"programs", bpf_programs, bpf_programs_end, "owners_of", {"programs", "links_of"}, false},
	{"calls", bpf_calls, bpf_calls_end, "call_begins", {"call_ends"}, false},
	{"calls", bpf_calls, bpf_calls_end, "call_ends", {"call_begins"}, false},
};

/* lockdown=confidentiality: pitstop leaves the helper out then. */
static bool confidential(void)
{
	char line[128] = "";
	FILE *f = fopen("/sys/kernel/security/lockdown", "r");

	if (f) {
		(void)!fgets(line, sizeof(line), f);
		fclose(f);
	}
	return strstr(line, "[confidentiality]");
}

static int try_probe(struct object *o, size_t i, struct diag *why)
{
	u32 no_probe_read = confidential();
	int err = 0;

	/* an object without the variable has no use for it */
	(void)!object_set_var(o, "no_probe_read", &no_probe_read, sizeof(no_probe_read));
	for (size_t k = 0; k < ARRAY_LEN(probes[i].others) && probes[i].others[k]; k++)
		err = err ? err : object_want(o, probes[i].others[k], false);
	if (!err)
		err = object_load(o, why);
	if (!err)
		err = object_prog(o, probes[i].prog, why);
	if (err >= 0 && !probes[i].run)
		err = object_attach(o, probes[i].prog, why);
	return err;
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		struct bytes elf = {probes[i].from, (size_t)(probes[i].to - probes[i].from)};
		struct object *o = NULL;
		struct diag why = {0};
		int err = object_open(&o, probes[i].object, elf, &why);

		if (!err)
			err = try_probe(o, i, &why);
		if (err < 0)
			printf("%s\t%s\t-\t%s; %s\n", probes[i].object, probes[i].prog,
			       *why.what ? why.what : strerror(-err), why.hint);
		else
			printf("%s\t%s\t%s\t%u\n", probes[i].object, probes[i].prog,
			       probes[i].run ? "run" : "link", object_prog_verified_insns(o, probes[i].prog));
		object_close(o);
	}
	return 0;
}
