/* tests/fuzz/mutate.h - changes that leave an input whole enough to get past
 * the first checks: one field of one record, in place.
 *
 * Each fuzzer with a format takes these for most of its steps and the plain
 * bytewise mutation of libFuzzer for the rest. */
#ifndef TESTS_FUZZ_MUTATE_H
#define TESTS_FUZZ_MUTATE_H

#include "loader/core.h"
#include "loader/elf.h"
#include "loader/ext.h"

int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n);
size_t LLVMFuzzerMutate(unsigned char *p, size_t n, size_t max);
size_t LLVMFuzzerCustomMutator(unsigned char *p, size_t n, size_t max, unsigned seed);

/* xorshift32, Marsaglia 2003; never 0 */
struct dice {
	u32 state;
};

static inline struct dice dice_new(unsigned seed)
{
	return (struct dice){seed * 2654435761u | 1};
}

/* 0 .. n - 1 */
static inline u32 roll(struct dice *d, u32 n)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 17;
	d->state ^= d->state << 5;
	return n ? d->state % n : 0;
}

static inline u64 new_value(struct dice *d, u64 old)
{
	static const u64 edges[] = {
		0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
		0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff, 0x100000000, UINT64_MAX - 7,
		UINT64_MAX,
	};

	switch (roll(d, 5)) {
	case 0: return edges[roll(d, ARRAY_LEN(edges))];
	case 1: return old + 1 + roll(d, 8);
	case 2: return old - 1 - roll(d, 8);
	case 3: return old ^ 1ull << roll(d, 64);
	default: return roll(d, 64);
	}
}

/* One aligned field of 1, 2, 4 or 8 bytes: a new value, or that of another. */
static inline void change_field(struct dice *d, unsigned char *p, size_t n)
{
	static const u8 widths[] = {1, 2, 4, 4, 4, 8};
	u32 width = widths[roll(d, ARRAY_LEN(widths))];
	u64 v = 0;
	size_t at;

	if (n < width)
		return;
	at = roll(d, (u32)(n / width)) * width;
	memcpy(&v, p + at, width);
	if (roll(d, 4))
		v = new_value(d, v);
	else
		memcpy(&v, p + roll(d, (u32)(n / width)) * width, width);
	memcpy(p + at, &v, width);
}

/* ---- BTF ------------------------------------------------------------------- */

/* The fields of struct btf_type, or a word of what follows it. */
static inline void change_type(struct dice *d, const struct btf *b, u32 id, unsigned char *p)
{
	u32 from = b->off[id];
	u32 end = id + 1 < b->n ? b->off[id + 1] : (u32)b->types.n;
	struct btf_type t;
	u32 word;

	memcpy(&t, p + from, sizeof(t));
	switch (roll(d, 8)) {
	case 0:		/* another name that is there */
		t.name_off = btf_type(b, 1 + roll(d, b->n - 1))->name_off;
		break;
	case 1:
		t.info = (t.info & ~0x1f000000u) | roll(d, KIND_N + 1) << 24;
		break;
	case 2:
		t.info ^= 1u << 31;
		break;
	case 3:
		t.info += roll(d, 2) ? 1u : UINT32_MAX;
		break;
	case 4:
		t.type = roll(d, b->n);
		break;
	case 5:
		t.size = (u32)new_value(d, t.size);
		break;
	default:
		if (end - from < sizeof(t) + sizeof(word))
			break;
		from += (u32)sizeof(t) + roll(d, (end - from - (u32)sizeof(t)) / 4) * 4;
		memcpy(&word, p + from, sizeof(word));
		word = roll(d, 2) ? roll(d, b->n) : (u32)new_value(d, word);
		memcpy(p + from, &word, sizeof(word));
		return;
	}
	memcpy(p + from, &t, sizeof(t));
}

/* A record once more, behind the others: two types of one name. */
static inline size_t repeat_type(struct dice *d, const struct btf *b, unsigned char *p, size_t n,
				 size_t max)
{
	u32 id = 1 + roll(d, b->n - 1), from = b->off[id];
	u32 len = (id + 1 < b->n ? b->off[id + 1] : (u32)b->types.n) - from;
	size_t types = (size_t)(b->types.p - p), end = types + b->types.n;
	struct btf_header h;

	memcpy(&h, p, sizeof(h));
	if (len > max - n || h.str_off < h.type_off + h.type_len)
		return n;
	memmove(p + end + len, p + end, n - end);
	memcpy(p + end, p + types + from, len);
	h.type_len += len;
	h.str_off += len;
	memcpy(p, &h, sizeof(h));
	return n + len;
}

/* The new length; it changes only when max leaves room. */
static inline size_t mutate_btf(struct dice *d, unsigned char *p, size_t n, size_t max)
{
	struct btf b;
	u32 what = roll(d, 16);

	/* a section of an object lies anywhere */
	if ((uintptr_t)p % _Alignof(u32) || btf_open(&b, (struct bytes){p, n}, NULL)) {
		change_field(d, p, n);
		return n;
	}
	if (what == 0 || b.n < 2)
		change_field(d, p, MIN(n, sizeof(struct btf_header) + 8));
	else if (what < 3)
		change_field(d, p + (b.strs.p - p), b.strs.n);
	else if (what < 5)
		n = repeat_type(d, &b, p, n, max);
	else
		change_type(d, &b, 1 + roll(d, b.n - 1), p + (b.types.p - p));
	btf_close(&b);
	return n;
}

/* ---- .BTF.ext -------------------------------------------------------------- */

enum { EXT_HEADER = 32, EXT_CORE_AT = 24 };

/* A field of one CO-RE record, of which every kind is worth a try. */
static inline void mutate_ext(struct dice *d, unsigned char *p, size_t n)
{
	const size_t runs = 3 * sizeof(u32);	/* record size, section, count */
	struct core_relo r;
	u32 off, len, i;

	if (n < EXT_HEADER || !roll(d, 4)) {
		change_field(d, p, n);
		return;
	}
	memcpy(&off, p + EXT_CORE_AT, sizeof(off));
	memcpy(&len, p + EXT_CORE_AT + sizeof(off), sizeof(len));
	if (len < runs + sizeof(r) || off > n - EXT_HEADER || len > n - EXT_HEADER - off) {
		change_field(d, p, n);
		return;
	}
	i = roll(d, (u32)((len - runs) / sizeof(r)));
	p += EXT_HEADER + off + runs + i * sizeof(r);
	memcpy(&r, p, sizeof(r));
	switch (roll(d, 4)) {
	case 0: r.kind = roll(d, CORE_KINDS + 1); break;
	case 1: r.type_id = (u32)new_value(d, r.type_id); break;
	case 2: r.access_off = (u32)new_value(d, r.access_off); break;
	default: r.insn_off = (u32)new_value(d, r.insn_off / 8) * 8; break;
	}
	memcpy(p, &r, sizeof(r));
}

/* ---- ELF ------------------------------------------------------------------- */

static inline void mutate_section(struct dice *d, const struct elf *e, u32 sec, unsigned char *p)
{
	struct bytes data = elf_data(e, sec);
	const char *name = elf_section_name(e, sec);

	if (!data.n)
		return;
	p += data.p - e->file.p;
	if (!strcmp(name, ".BTF"))
		mutate_btf(d, p, data.n, data.n);
	else if (!strcmp(name, ".BTF.ext"))
		mutate_ext(d, p, data.n);
	else
		change_field(d, p, data.n);
}

static inline void mutate_elf(struct dice *d, unsigned char *p, size_t n)
{
	struct elf e;
	u32 sec;

	if (elf_open(&e, (struct bytes){p, n})) {
		change_field(d, p, n);
		return;
	}
	switch (roll(d, 8)) {
	case 0:
		change_field(d, p, sizeof(Elf64_Ehdr));
		break;
	case 1:
		change_field(d, p + ((const unsigned char *)&e.sec[roll(d, e.nsec)] - e.file.p),
			     sizeof(*e.sec));
		break;
	case 2:
		sec = elf_find_section(&e, ".BTF");
		mutate_section(d, &e, sec, p);
		break;
	case 3:
		sec = elf_find_section(&e, ".BTF.ext");
		mutate_section(d, &e, sec, p);
		break;
	default:
		mutate_section(d, &e, roll(d, e.nsec), p);
	}
}

#endif
