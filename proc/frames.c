/* proc/frames.c - see proc/frames.h. */
#include "proc/frames.h"

u64 frames_begin(struct frames *f, u64 now_ns, u64 length_ns, bool anew)
{
	if (!f->on)
		return now_ns + length_ns;
	if (!f->due_ns || anew)
		f->due_ns = now_ns;
	if (now_ns < f->due_ns)
		return f->due_ns;
	f->drawing = true;
	f->slot_ns = f->due_ns;
	f->length_ns = length_ns;
	f->due_ns += length_ns;
	return f->due_ns;
}

/* Microseconds: one bucket each up to twice the parts, then so many a power of two. */
static u32 bucket_of(u64 us)
{
	u32 log = us < FRAMES_PARTS ? 0 : 63 - (u32)__builtin_clzll(us) - 3;

	return (u32)MIN(log * FRAMES_PARTS + (us >> log), (u64)FRAMES_BUCKETS - 1);
}

u64 frames_end(struct frames *f, u64 now_ns, u64 next_ns)
{
	u64 took = now_ns - f->slot_ns, late;

	if (!f->drawing)
		return MAX(next_ns, now_ns);
	f->drawing = false;
	late = took / f->length_ns;
	f->bucket[bucket_of(took / NSEC_PER_USEC)]++;
	f->shown += !late;
	f->missed += (u32)late;
	if (late)
		f->due_ns = f->slot_ns + late * f->length_ns;
	return f->due_ns;
}

/* The first time that is beyond the bucket. */
static u32 bucket_end(u32 i)
{
	u32 log = i < FRAMES_PARTS ? 0 : i / FRAMES_PARTS - 1;

	return (i - log * FRAMES_PARTS + 1) << log;
}

u32 frames_percentile_us(const struct frames *f, u32 percent)
{
	u64 all = 0, sum = 0;
	u32 i;

	for (i = 0; i < FRAMES_BUCKETS; i++)
		all += f->bucket[i];
	for (i = 0; i < FRAMES_BUCKETS && sum * 100 < all * percent; i++)
		sum += f->bucket[i];
	return i ? bucket_end(i - 1) : 0;
}
