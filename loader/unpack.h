/* loader/unpack.h - the form in which constant data stands in the file, and back.
 *
 * The packed form is one number, written by a range coder (G. N. N. Martin, "Range
 * encoding", 1979): each bit narrows the range of 32-bit numbers by as much as it
 * was probable.  How probable, cells tell, which learn from each bit; a cell
 * stands for what was before the bit, its context.  Where two cells have an
 * opinion the middle of both holds.
 *
 * The bits are tokens: a byte, or a length and a distance back, or a length and
 * one of the last distances.  Lengths and distances are slots: two for each power
 * of two, then the bits that choose within it, of which the lowest have cells. */
#ifndef LOADER_UNPACK_H
#define LOADER_UNPACK_H

#include "loader/base.h"

enum {
	PACK_MAX = 1 << 18,
	PACK_SHORTEST = 2,	/* of a new distance; of one used before, a byte */
	PACK_RECENT = 4,	/* distances that are remembered */
	PACK_SLOT_BITS = 6,
	PACK_LOW_BITS = 4,
	PACK_LOW_SLOTS = 2 * PACK_LOW_BITS + 5,	/* beyond, slots share the last */
	PACK_CELL_BITS = 12,
	PACK_SEEN = 16,		/* bits after which a cell learns no slower */
};

/* Up to the root each: [0] is not used.  A cell is how probable 1 is, of 4096,
 * shifted above how many bits it saw, at most PACK_SEEN - 1. */
struct pack_number {
	u16 slot[1 << PACK_SLOT_BITS];
	u16 low[PACK_LOW_SLOTS][1 << PACK_LOW_BITS];
};

/* "since": of the last two tokens, which were matches, the last one lowest.
 * "at": the place in the unpacked bytes, by its lowest two bits. */
struct pack_model {
	u16 step[PACK_SEEN];	/* how far a cell goes to what it sees, of 65536 */
	u16 match[4][4];	/* by since, at */
	u16 recent[4];		/* by since */
	u16 older[PACK_RECENT - 1][4];	/* by since */
	struct pack_number length[2][4];	/* by whether it is of a recent distance, at */
	struct pack_number distance[3];	/* by length */
	u16 after[64][256];	/* a byte, by the one before */
	u16 among[128][256];	/* by the two before, or by the one that a match would give */
};

/* The state at a token: what the model's cells are chosen by. */
struct pack_place {
	const unsigned char *p;
	size_t at;
	u32 since;
	u32 distance[PACK_RECENT];	/* the last one first */
};

/* The cells of the byte at a place. */
struct pack_byte {
	u16 *after, *among;
};

/* A program header of ours (the range is the operating system's): where memory
 * holds the packed bytes when the program starts (p_vaddr, p_filesz), and what
 * they become (p_paddr, p_memsz).  The model has its place behind the packed. */
enum { PT_PACKED = 0x6b636170, PACK_MODEL_ALIGN = 64 };

/* Makes exactly n bytes at dst of from, with any memory for the model.  False:
 * from is not the packed form of so many, and dst holds anything.  Calls nothing
 * and needs no constant of its own. */
MUST_CHECK bool unpack(unsigned char *dst, size_t n, struct bytes from, struct pack_model *m);

/* The parts that packing shares. */
void pack_model_init(struct pack_model *m);
u16 pack_learn(const struct pack_model *m, u16 cell, u32 bit);
struct pack_byte pack_byte_cells(struct pack_model *m, const struct pack_place *at);
void pack_place_used(struct pack_place *at, u32 recent, u32 distance);

static inline u32 pack_length_class(u32 length)
{
	return MIN(length - PACK_SHORTEST, 2);
}

#endif
