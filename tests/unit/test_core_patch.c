/* tests/unit/test_core_patch.c - what a result does to an instruction. */
#include <errno.h>

#include "loader/core.h"
#include "tests/unit/test.h"

enum {
	LDW = BPF_LDX | BPF_MEM | BPF_W,
	LDDW = BPF_LDX | BPF_MEM | BPF_DW,
	LDB = BPF_LDX | BPF_MEM | BPF_B,
	STW = BPF_STX | BPF_MEM | BPF_W,
	STDW = BPF_STX | BPF_MEM | BPF_DW,
	STI = BPF_ST | BPF_MEM | BPF_H,
	MOV = BPF_ALU64 | BPF_MOV | BPF_K,
	MOVX = BPF_ALU64 | BPF_MOV | BPF_X,
	WIDE = BPF_LD | BPF_IMM | BPF_DW,
	CALL = BPF_JMP | BPF_CALL,
};

static void test_patch(void)
{
	static const struct {
		struct bpf_insn in;
		struct core_result res;
		int err;
		struct bpf_insn out;
	} rows[] = {
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 0}, 0, {.code = LDW, .off = 8}},
		{{.code = LDW, .off = 5}, {4, 8, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = LDW, .off = 5}, {4, 8, false, .old_size = 0}, 0, {.code = LDW, .off = 8}},
		{{.code = LDW, .off = 4}, {4, 32767, true, .old_size = 0}, 0,
		 {.code = LDW, .off = 32767}},
		{{.code = LDW, .off = 4}, {4, 32768, true, .old_size = 0}, -ERANGE, {0}},
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, 0,
		 {.code = LDDW, .off = 8}},
		{{.code = LDDW, .off = 4}, {4, 8, true, .old_size = 8, .new_size = 1}, 0,
		 {.code = LDB, .off = 8}},
		{{.code = STW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, 0,
		 {.code = STDW, .off = 8}},
		{{.code = STI, .off = 4, .imm = 3}, {4, 6, true, .old_size = 0}, 0,
		 {.code = STI, .off = 6, .imm = 3}},
		{{.code = LDW, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 3}, -EINVAL, {0}},
		{{.code = LDB, .off = 4}, {4, 8, true, .old_size = 4, .new_size = 8}, -EINVAL, {0}},
		{{.code = LDW, .off = 4},
		 {4, 8, true, .old_size = 4, .new_size = 8, .bad_resize = true}, 0,
		 {.code = CALL, .imm = CORE_POISON}},
		{{.code = MOV, .imm = -1},
		 {(u64)-1, 7, true, .old_size = 4, .new_size = 8, .bad_resize = true}, 0,
		 {.code = MOV, .imm = 7}},
		{{.code = MOV, .imm = 1}, {2, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = MOVX}, {0, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = CALL}, {0, 7, true, .old_size = 0}, -EINVAL, {0}},
		{{.code = LDW, .off = 9, .dst_reg = 1, .src_reg = 2},
		 {4, 8, true, .poison = true}, 0,
		 {.code = CALL, .imm = CORE_POISON}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bpf_insn insn = rows[i].in;

		CHECK_EQ_ROW(i, core_patch(&insn, 1, &rows[i].res), rows[i].err);
		if (!rows[i].err)
			CHECK_ROW(i, !memcmp(&insn, &rows[i].out, sizeof(insn)));
	}
}

static void test_patch_wide(void)
{
	const struct core_result res = {7, 0x1122334455667788, true, .old_size = 0};
	const struct core_result gone = {.poison = true};
	struct bpf_insn insn[2] = {{.code = WIDE, .dst_reg = 1, .imm = 7}};

	CHECK_EQ(core_patch(insn, 1, &res), (u64)-EINVAL);
	CHECK_EQ(core_patch(insn, 0, &res), (u64)-EINVAL);
	CHECK_EQ(core_patch(insn, 2, &res), 0);
	CHECK_EQ(insn[0].imm, 0x55667788);
	CHECK_EQ(insn[1].imm, 0x11223344);
	CHECK_EQ(core_patch(insn, 2, &res), (u64)-EINVAL);	/* no longer 7 */
	CHECK_EQ(core_patch(insn, 2, &gone), 0);
	for (u32 i = 0; i < 2; i++) {
		CHECK_EQ_ROW(i, insn[i].code, CALL);
		CHECK_EQ_ROW(i, insn[i].imm, CORE_POISON);
		CHECK_EQ_ROW(i, insn[i].dst_reg | insn[i].src_reg | insn[i].off, 0);
	}
}

static void test_poisoned(void)
{
	const struct core_result gone = {.poison = true};
	struct bpf_insn insn = {.code = LDW, .off = 4}, call = {.code = CALL, .imm = 7};

	CHECK(!core_poisoned(&insn));
	CHECK(!core_poisoned(&call));
	CHECK_EQ(core_patch(&insn, 1, &gone), 0);
	CHECK(core_poisoned(&insn));
}

TESTS(core_patch, {"patch", test_patch}, {"patch_wide", test_patch_wide},
      {"poisoned", test_poisoned})
