/* loader/attach.c - one row for each kind of program. */
#include "loader/attach.h"

#include "loader/bpf.h"

static int attach_link(int prog_fd, const struct attach_row *row, const char *target)
{
	(void)target;
	return bpf_link_create(prog_fd, row->attach_type);
}

/* The program has named its tracepoint at load.  BPF_LINK_CREATE does the same
 * only since 5.19 (df86ca0d2f0f). */
static int attach_loaded(int prog_fd, const struct attach_row *row, const char *target)
{
	(void)row;
	(void)target;
	return bpf_raw_tracepoint_open(prog_fd, NULL);
}

static int attach_named(int prog_fd, const struct attach_row *row, const char *target)
{
	(void)row;
	return bpf_raw_tracepoint_open(prog_fd, target);
}

static const struct attach_row rows[] = {
	{"iter/", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, 0,
	 "bpf_iter_", KIND_FUNC, attach_link},
	{"iter.s/", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, BPF_F_SLEEPABLE,
	 "bpf_iter_", KIND_FUNC, attach_link},
	{"tp_btf/", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, 0,
	 "btf_trace_", KIND_TYPEDEF, attach_loaded},
	{"raw_tp/", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0,
	 "", KIND_VOID, attach_named},
	/* the kernel takes them only as sleepable: they run in their caller's context */
	{"syscall", PROG_SYSCALL, 0, BPF_F_SLEEPABLE,
	 "", KIND_VOID, NULL},
};

const struct attach_row *attach_find(const char *section, const char **target)
{
	if (*section == '?')	/* not loaded unless asked for */
		section++;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t n = strlen(rows[i].section);
		bool prefix = rows[i].section[n - 1] == '/';

		if (strncmp(section, rows[i].section, n) != 0 || prefix != !!section[n])
			continue;
		*target = section + n;
		return &rows[i];
	}
	return NULL;
}
