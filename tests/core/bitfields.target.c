/* tests/core/bitfields.target.c */
struct bits {
	unsigned long pad;
	unsigned long f : 7, wide : 56, g : 1;
	unsigned int filler : 28, a : 7;	/* crosses its unsigned int */
	int b : 9;
	unsigned short gap, c;
	unsigned int d : 4, plain : 13, e : 4;
} __attribute__((packed));

struct bits v0;
