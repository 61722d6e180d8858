/* tests/unit/test_trend.c - rates from samples, and when something is used up. */
#include "proc/trend.h"
#include "tests/unit/test.h"

#define MS	((u64)NSEC_PER_MSEC)
#define SEC	((u64)NSEC_PER_SEC)
#define MIB	((u64)1 << 20)

/* n samples, a step apart, from a first amount on. */
static u32 line(struct trend_point *p, u32 n, u64 step_ns, u64 first, s64 per_step)
{
	for (u32 i = 0; i < n; i++)
		p[i] = (struct trend_point){SEC + i * step_ns, first + (u64)(per_step * (s64)i)};
	return n;
}

static void test_a_line_has_its_slope(void)
{
	static const struct {
		u32 n;
		u64 step;
		u64 first;
		s64 per_step, want;
	} row[] = {
		{3, SEC, 100 * MIB, (s64)MIB, (s64)MIB},
		{20, 250 * MS, 100 * MIB, -(s64)MIB, -4 * (s64)MIB},
		{6, SEC, 0, 0, 0},
		{32, SEC, 1ull << 52, -(s64)(1ull << 40), -(s64)(1ull << 40)},
		{4, 3600 * SEC, 1ull << 50, 3600ll * 4096, 4096},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct trend_point p[32];
		s64 got = -1;

		CHECK_ROW(i, trend_rate(p, line(p, row[i].n, row[i].step, row[i].first, row[i].per_step), &got));
		CHECK_EQ_ROW(i, got, row[i].want);
	}
}

static void test_little_is_unknown(void)
{
	struct trend_point p[8];
	s64 rate;

	CHECK(!trend_rate(p, 0, &rate));
	CHECK(!trend_rate(p, line(p, 1, SEC, MIB, 0), &rate));
	CHECK(!trend_rate(p, line(p, 2, SEC, MIB, 5), &rate));
	CHECK(!trend_rate(p, line(p, 8, 16 * MS, MIB, 4096), &rate));
	CHECK(trend_rate(p, line(p, 8, 100 * MS, MIB, 4096), &rate));
}

static void test_what_was_before_the_window_does_not_count(void)
{
	struct trend_point p[16];
	s64 rate;
	u32 n = line(p, 8, SEC, 0, 100 * (s64)MIB);

	for (u32 i = 0; i < 6; i++, n++)
		p[n] = (struct trend_point){p[n - 1].at_ns + SEC, p[7].bytes};
	CHECK(trend_rate(p, n, &rate));
	CHECK_EQ(rate, 0);
}

static void test_one_out_of_line_moves_it_little(void)
{
	struct trend_point p[20];
	s64 rate;
	u32 n = line(p, 20, 250 * MS, 100 * MIB, (s64)MIB);

	p[10].bytes += 8 * MIB;
	CHECK(trend_rate(p, n, &rate));
	CHECK(rate > 35 * (s64)MIB / 10 && rate < 45 * (s64)MIB / 10);
}

static void test_exhausted(void)
{
	struct trend t = {0};
	u64 in;

	CHECK(!trend_exhausted(&t, MIB, &in));
	for (u32 i = 0; i < 10; i++)
		trend_add(&t, (1 + i) * SEC, (100 - i) * MIB);
	CHECK(trend_exhausted(&t, 91 * MIB, &in));
	CHECK_EQ(in, 91 * SEC);
	CHECK(trend_exhausted(&t, 0, &in));
	CHECK_EQ(in, 0);
	CHECK(trend_exhausted(&t, UINT64_MAX, &in));
	CHECK_EQ(in, mul_div(UINT64_MAX, SEC, MIB));
}

static void test_what_grows_or_stands_is_not_exhausted(void)
{
	struct trend t = {0}, u = {0};
	u64 in;

	for (u32 i = 0; i < 10; i++) {
		trend_add(&t, (1 + i) * SEC, (100 + i) * MIB);
		trend_add(&u, (1 + i) * SEC, 100 * MIB);
	}
	CHECK(!trend_exhausted(&t, MIB, &in));
	CHECK(!trend_exhausted(&u, MIB, &in));
}

/* At 60 samples a second the window is as long as at one. */
static void test_samples_too_close_are_left_out(void)
{
	struct trend t = {0};
	u64 in;

	for (u32 i = 0; i < 60 * 20; i++)
		trend_add(&t, SEC + i * 16 * MS, 1000 * MIB - i * 16 * MIB / 1000);
	CHECK_EQ(t.n, TREND_KEPT);
	CHECK(t.point[TREND_KEPT - 1].at_ns - t.point[0].at_ns >= TREND_WINDOW_S * SEC);
	CHECK(trend_exhausted(&t, 10 * MIB, &in));
	CHECK(in > 99 * SEC / 10 && in < 101 * SEC / 10);
}

TESTS(trend,
      {"a line has its slope", test_a_line_has_its_slope},
      {"few samples, or in little time: unknown", test_little_is_unknown},
      {"what was before the window does not count", test_what_was_before_the_window_does_not_count},
      {"one out of line moves it little", test_one_out_of_line_moves_it_little},
      {"exhausted", test_exhausted},
      {"what grows or stands is not exhausted", test_what_grows_or_stands_is_not_exhausted},
      {"samples too close are left out", test_samples_too_close_are_left_out})
