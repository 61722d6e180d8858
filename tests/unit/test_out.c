/* tests/unit/test_out.c - the byte buffer: exact text, and nothing cut. */
#include "tests/unit/test.h"

#include "ui/out.h"

static char buf[256];
static struct out o;

static void begin(size_t cap)
{
	memset(buf, 0, sizeof(buf));
	o = (struct out){buf, cap, 0, false};
}

static void test_text(void)
{
	begin(sizeof(buf) - 1);
	out_lit(&o, "a");
	out_char(&o, 'b');
	out_str(&o, "cd");
	out_pad(&o, '.', 3);
	out_pad(&o, '.', 0);
	out_u64(&o, UINT64_MAX);
	out_char(&o, ' ');
	out_s64(&o, INT64_MIN);
	out_s64(&o, 7);
	CHECK_STR(buf, "abcd...18446744073709551615 -92233720368547758087");
	CHECK(!o.full);
}

static void test_fixed(void)
{
	static const struct {
		u64 v;
		unsigned digits;
		const char *want;
	} rows[] = {
		{1234, 2, "12.34"}, {5, 2, "0.05"}, {0, 1, "0.0"}, {99, 0, "99"}, {100, 2, "1.00"},
		{UINT64_MAX, 3, "18446744073709551.615"}, {UINT64_MAX, 20, "0.18446744073709551615"},
		{7, 99, "0.00000000000000000007"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		begin(sizeof(buf) - 1);
		out_fixed(&o, rows[i].v, rows[i].digits);
		CHECK_STR_ROW(i, buf, rows[i].want);
	}
}

static void test_goto(void)
{
	static const struct {
		u32 row, col;
		const char *want;
	} rows[] = {
		{0, 0, "\033[H"}, {4, 0, "\033[5H"}, {0, 4, "\033[1;5H"}, {49, 199, "\033[50;200H"},
		{UINT32_MAX, UINT32_MAX, "\033[4294967296;4294967296H"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		begin(sizeof(buf) - 1);
		out_goto(&o, rows[i].row, rows[i].col);
		CHECK_STR_ROW(i, buf, rows[i].want);
	}
}

/* A sequence is written whole or not at all. */
static void test_full(void)
{
	begin(5);
	out_goto(&o, 49, 199);
	CHECK(o.full);
	CHECK_EQ(o.len, 0);
	out_lit(&o, "abcde");
	CHECK_EQ(o.len, 5);
	out_pad(&o, 'x', 1);
	out_bytes(&o, "", 0);
	CHECK_EQ(o.len, 5);
	CHECK_STR(buf, "abcde");
}

TESTS(out, {"text", test_text}, {"fixed", test_fixed}, {"goto", test_goto}, {"full", test_full})
