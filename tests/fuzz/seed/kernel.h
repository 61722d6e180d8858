/* tests/fuzz/seed/kernel.h - types as a kernel might have them; with SEED_OLD
 * another one: members moved, resized, renamed and gone. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#ifndef SEED_ATTR
#define SEED_ATTR
#endif

enum colour { RED = 1, GREEN = -2, BLUE = 3 };

struct inner {
	u32 a;
	u64 b;
} SEED_ATTR;

struct other;
typedef int (*handler)(struct other *o, u32 n);

#ifdef SEED_OLD
struct task {
	u64 flags;
	union {
		struct {
			u16 state;
			u8 moved[4];
		};
		u64 whole;
	};
	struct inner in[6];
	u32 bits : 5, more : 11;
	int sign : 7;
	enum colour c;
	handler h;
	u32 tail[];
} SEED_ATTR;
#else
struct task {
	u32 flags;
	u64 state;
	struct inner in[4];
	struct {
		u8 moved[4];
		const volatile u32 *p;
	};
	u32 bits : 3, more : 13;
	int sign : 9;
	enum colour c;
	handler h;
	struct other *o;
	u32 tail[];
} SEED_ATTR;
#endif
