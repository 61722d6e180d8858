/* tests/unit/test_attach.c - the small decisions around attaching and maps. */
#include "loader/attach.h"

#include <errno.h>

#include "loader/ksym.h"
#include "loader/maptype.h"
#include "tests/unit/test.h"

static void test_sections(void)
{
	enum { SLEEP = BPF_F_SLEEPABLE, TRACING = BPF_PROG_TYPE_TRACING };
	static const struct {
		const char *section, *target;
		u32 type, attach, flags;
		const char *prefix;
		u32 kind;
	} rows[] = {
		{"iter/task", "task", TRACING, BPF_TRACE_ITER, 0, "bpf_iter_", KIND_FUNC},
		{"iter.s/task", "task", TRACING, BPF_TRACE_ITER, SLEEP, "bpf_iter_", KIND_FUNC},
		{"tp_btf/x", "x", TRACING, BPF_TRACE_RAW_TP, 0, "btf_trace_", KIND_TYPEDEF},
		{"fentry/f", "f", TRACING, BPF_TRACE_FENTRY, 0, "", KIND_FUNC},
		{"fentry.s/f", "f", TRACING, BPF_TRACE_FENTRY, SLEEP, "", KIND_FUNC},
		{"fexit/f", "f", TRACING, BPF_TRACE_FEXIT, 0, "", KIND_FUNC},
		{"fexit.s/f", "f", TRACING, BPF_TRACE_FEXIT, SLEEP, "", KIND_FUNC},
		{"raw_tp/x", "x", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0, "", 0},
		{"raw_tracepoint/x", "x", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0, "", 0},
		{"tp/a/b", "a/b", BPF_PROG_TYPE_TRACEPOINT, 0, 0, "", 0},
		{"tracepoint/a/b", "a/b", BPF_PROG_TYPE_TRACEPOINT, 0, 0, "", 0},
		{"kprobe/f", "f", BPF_PROG_TYPE_KPROBE, 0, 0, "", 0},
		{"kretprobe/f", "f", BPF_PROG_TYPE_KPROBE, 0, 0, "", 0},
		{"syscall", "", PROG_SYSCALL, 0, SLEEP, "", 0},
		{"?syscall", "", PROG_SYSCALL, 0, SLEEP, "", 0},
		{"?tp/a/b", "a/b", BPF_PROG_TYPE_TRACEPOINT, 0, 0, "", 0},
		{.section = "iter/"}, {.section = "iter"}, {.section = "iter.x/task"},
		{.section = "syscalls"}, {.section = "syscall/x"}, {.section = ""},
		{.section = "?"}, {.section = "??tp/a/b"}, {.section = ".text"},
		{.section = "kprobe.multi/f"}, {.section = "raw_tp"}, {.section = "Tp/a/b"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *target = NULL;
		const struct attach_row *row = attach_find(rows[i].section, &target);

		CHECK_ROW(i, !row == !rows[i].target);
		if (!row || !rows[i].target)
			continue;
		CHECK_STR_ROW(i, target, rows[i].target);
		CHECK_EQ_ROW(i, row->prog_type, rows[i].type);
		CHECK_EQ_ROW(i, row->attach_type, rows[i].attach);
		CHECK_EQ_ROW(i, row->flags, rows[i].flags);
		CHECK_STR_ROW(i, row->btf_prefix, rows[i].prefix);
		CHECK_EQ_ROW(i, row->btf_kind, rows[i].kind);
		CHECK_ROW(i, !row->attach == (rows[i].type == PROG_SYSCALL));
	}
}

static void test_functions(void)
{
	static const struct {
		const char *target, *name;
		u64 off;
	} rows[] = {
		{"vfs_open", "vfs_open", 0}, {"a.isra.0", "a.isra.0", 0}, {"f+0x10", "f", 16},
		{"f+8", "f", 8}, {"f+", NULL, 0}, {"f+x", NULL, 0}, {"f+8x", NULL, 0},
		{"", NULL, 0}, {"+8", NULL, 0}, {".f", NULL, 0}, {"a/b", NULL, 0},
		{"sixteen_letters_", NULL, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char name[16];
		u64 off;

		CHECK_EQ_ROW(i, attach_function(rows[i].target, name, sizeof(name), &off),
			     rows[i].name ? 0 : -EINVAL);
		if (!rows[i].name)
			continue;
		CHECK_STR_ROW(i, name, rows[i].name);
		CHECK_EQ_ROW(i, off, rows[i].off);
	}
	CHECK_EQ(attach_config_bit("config:0\n"), 0);
	CHECK_EQ(attach_config_bit("config:63"), 63);
	CHECK_EQ(attach_config_bit("config:64"), -EBADMSG);
	CHECK_EQ(attach_config_bit("config1:0-63"), -EBADMSG);
	CHECK_EQ(attach_config_bit("config:"), -EBADMSG);
	CHECK_EQ(attach_config_bit(""), -EBADMSG);
}

/* Pages of 4K, 16K and 64K: what x86_64 and aarch64 have. */
static void test_entries(void)
{
	enum { RING = BPF_MAP_TYPE_RINGBUF, PERF = BPF_MAP_TYPE_PERF_EVENT_ARRAY };
	static const struct {
		u32 type, want;
		u64 page;
		u32 entries;
	} rows[] = {
		{RING, 4096, 4096, 4096}, {RING, 4096, 16384, 16384}, {RING, 4096, 65536, 65536},
		{RING, 0, 4096, 4096}, {RING, 1, 65536, 65536}, {RING, 4097, 4096, 8192},
		{RING, 12288, 4096, 16384}, {RING, 65537, 65536, 131072},
		{RING, 1u << 20, 65536, 1u << 20}, {RING, 1u << 31, 4096, 1u << 31},
		{RING, (1u << 31) + 1, 4096, (1u << 31) + 1}, {MAP_USER_RINGBUF, 5, 4096, 4096},
		{BPF_MAP_TYPE_HASH, 5, 4096, 5}, {BPF_MAP_TYPE_HASH, 0, 4096, 0},
		{PERF, 0, 4096, 6}, {PERF, 3, 4096, 3}, {BPF_MAP_TYPE_ARRAY, 0, 4096, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, map_entries(rows[i].type, rows[i].want, rows[i].page, 6),
			     rows[i].entries);
}

static void test_map_types(void)
{
	CHECK(map_takes_types(BPF_MAP_TYPE_HASH) && map_takes_types(BPF_MAP_TYPE_PERCPU_ARRAY));
	CHECK(map_takes_types(MAP_TASK_STORAGE) && map_takes_types(9999));
	CHECK(!map_takes_types(BPF_MAP_TYPE_RINGBUF));
	CHECK(!map_takes_types(BPF_MAP_TYPE_PERF_EVENT_ARRAY));
	CHECK(map_is_per_cpu(BPF_MAP_TYPE_PERCPU_HASH) && map_is_per_cpu(BPF_MAP_TYPE_LRU_PERCPU_HASH));
	CHECK(!map_is_per_cpu(BPF_MAP_TYPE_HASH) && !map_is_per_cpu(BPF_MAP_TYPE_RINGBUF));
}

static void test_cpus(void)
{
	static const struct {
		const char *text;
		u32 cpus;
	} rows[] = {
		{"0-3\n", 4}, {"0\n", 1}, {"0-3,8-11\n", 12}, {"0,2", 3}, {"", 0}, {"\n", 0},
		{"-3", 0}, {"0-", 0}, {"0-x", 0}, {"3-0", 0}, {"0-4294967295", 0}, {"0 1", 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_EQ_ROW(i, map_cpus_of(rows[i].text), rows[i].cpus);
	CHECK(map_possible_cpus() >= 1);
}

static void test_symbols(void)
{
	static const char text[][64] = {
		"ffffffff81000000 T _stext", "ffffffff81000010 t twice", "ffffffff81000020 T twice",
		"ffffffff81000030 T same", "ffffffff81000030 t same", "0000000000000000 T hidden",
		"ffffffffc0000000 t in_module\t[mod]", "ffffffff81000040 T prefixed_more",
		"nonsense", "", "ffffffff81000050 T", "zzz T bad", " T bad",
	};
	struct ksym_want want[] = {
		{"_stext", 0}, {"twice", 0}, {"same", 0}, {"hidden", 0}, {"in_module", 0},
		{"prefixed", 0}, {"bad", 0}, {"_stext", 0},
	};
	static const u64 addr[] = {
		0xffffffff81000000, KSYM_AMBIGUOUS, 0xffffffff81000030, KSYM_MISSING,
		0xffffffffc0000000, KSYM_MISSING, KSYM_MISSING, 0xffffffff81000000,
	};

	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		ksym_line(want, ARRAY_LEN(want), (struct bytes){(const void *)text[i],
								strlen(text[i])});
	for (size_t i = 0; i < ARRAY_LEN(want); i++)
		CHECK_EQ_ROW(i, want[i].addr, addr[i]);
}

TESTS(attach, {"sections", test_sections}, {"functions", test_functions},
      {"entries", test_entries}, {"map_types", test_map_types}, {"cpus", test_cpus},
      {"symbols", test_symbols})
