/* tests/core/arrays.target.c */
struct arrays {
	unsigned long pad;
	unsigned int a[7];
	unsigned int more[4];
	unsigned int m[3][5];
	struct { unsigned int w, x, y, z; } s[2];
	unsigned int shrunk[3];
	unsigned int last;
	unsigned int tail[];
};
struct widths {
	unsigned long pad, wide[3];
	short sign[2];
};
struct middle { unsigned int pad, a[0], end; };
struct last { unsigned long pad; unsigned int a[0]; };

struct arrays v0;
struct widths v1;
struct middle v2;
struct last v3;
