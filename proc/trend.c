/* proc/trend.c - see proc/trend.h. */
#include "proc/trend.h"

typedef __int128 s128;

/* Where the window begins. */
static u32 first_of(const struct trend_point *p, u32 n)
{
	u32 i = n > TREND_LEAST ? n - TREND_LEAST : 0;

	while (i && p[n - 1].at_ns - p[i - 1].at_ns <= (u64)TREND_WINDOW_S * NSEC_PER_SEC)
		i--;
	return i;
}

bool trend_rate(const struct trend_point *p, u32 n, s64 *per_s)
{
	u32 from = first_of(p, n);
	s128 sx = 0, sy = 0, sxx = 0, sxy = 0, up, down;
	bool shrinks;

	if (n < TREND_LEAST || p[n - 1].at_ns - p[from].at_ns < (u64)TREND_SPAN_MS * NSEC_PER_MSEC)
		return false;
	p += from;
	n -= from;
	/* from the first on, in ms and KiB: squares of both fit */
	for (u32 i = 0; i < n; i++) {
		s128 x = (s128)((p[i].at_ns - p[0].at_ns) / NSEC_PER_MSEC);
		s128 y = (s128)(s64)(p[i].bytes / 1024) - (s64)(p[0].bytes / 1024);

		sx += x;
		sy += y;
		sxx += x * x;
		sxy += x * y;
	}
	up = (n * sxy - sx * sy) * 1024 * 1000;
	down = n * sxx - sx * sx;
	shrinks = up < 0;
	*per_s = (s64)((unsigned __int128)(shrinks ? -up : up) / (unsigned __int128)down);
	if (shrinks)
		*per_s = -*per_s;
	return true;
}

void trend_add(struct trend *t, u64 at_ns, u64 bytes)
{
	if (t->n && at_ns - t->point[t->n - 1].at_ns < (u64)TREND_STEP_MS * NSEC_PER_MSEC)
		return;
	if (t->n == TREND_KEPT)
		memmove(t->point, t->point + 1, --t->n * sizeof(t->point[0]));
	t->point[t->n++] = (struct trend_point){at_ns, bytes};
}

bool trend_exhausted(const struct trend *t, u64 left, u64 *in_ns)
{
	s64 rate;

	if (!trend_rate(t->point, t->n, &rate) || rate >= 0)
		return false;
	*in_ns = mul_div(left, NSEC_PER_SEC, (u64)-rate);
	return true;
}
