/* loader/unpack.h - the form in which constant data stands in the file, and back.
 *
 * The stream is bits, the highest of a byte first: codes, tokens, codes, tokens...
 * New codes stand before the first token, and before the first at or after each
 * PACK_PERIOD unpacked bytes: texts, probes and tables have little in common.  A
 * code is 4 bits for each symbol, the length of its canonical Huffman code, 0
 * where it has none; there is one for tokens and one for distances.
 * A token is a byte; or a length, then a distance back.  Lengths and distances
 * beyond a byte's symbols are slots: two for each power of two, then the bits that
 * choose within it. */
#ifndef LOADER_UNPACK_H
#define LOADER_UNPACK_H

#include "loader/base.h"

enum {
	PACK_SLOTS = 36,		/* up to 2^18 */
	PACK_MAX = 1 << 18,
	PACK_TOKENS = 256 + PACK_SLOTS,	/* a byte, or the slot of a length less PACK_SHORTEST */
	PACK_AGAIN = 0,			/* the distance of the match before; others: a slot more than 1 */
	PACK_DISTANCES = 1 + PACK_SLOTS,
	PACK_SHORTEST = 2,
	PACK_CODE_BITS = 15,
	PACK_PERIOD = 1 << 15,
};

/* A program header of ours (the range is the operating system's): where memory
 * holds the packed bytes when the program starts (p_vaddr, p_filesz), and what
 * they become (p_paddr, p_memsz). */
enum { PT_PACKED = 0x6b636170 };

/* Makes exactly n bytes at dst of from.  False: from is not the packed form of so
 * many, and dst holds anything.  Calls nothing and needs no constant of its own. */
MUST_CHECK bool unpack(unsigned char *dst, size_t n, struct bytes from);

#endif
