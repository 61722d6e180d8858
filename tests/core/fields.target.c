/* tests/core/fields.target.c */
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

struct conn___init { u64 pad; u32 mark; };
struct iter { u32 a; };
struct nest {
	u32 pad, up;
	u64 more[2];
	union { struct { u32 x; } in; u64 wide; };
	u32 filler[2];
	u32 deep;
};
struct mods {
	u64 pad[2];
	const void *p;
	int (*const fn)(int);
	volatile u32 *c;
	u32 b;
	volatile u32 a;
};
struct row { u64 pad; u32 a, b, c, d; };
int a_func(struct row *r) { return r->a; }
typedef struct row a_typedef;
struct has_decl { struct a_decl *p; };
typedef struct { u32 second, first; } named;
struct store { u32 pad; u16 c; u64 b; u32 d, a; };

struct conn___init v0;
struct iter v1;
struct nest v2;
struct mods v3;
struct row v4;
a_typedef v5;
struct has_decl v6;
named v7;
struct store v8;
