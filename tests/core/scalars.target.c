/* tests/core/scalars.target.c */
enum color { RED };
struct nums {
	unsigned long long pad;
	unsigned int u;
	int s;
	unsigned long up;
	unsigned short down;
	unsigned char byte, filler;
	unsigned int word;
	unsigned int flag;
	unsigned int ptr;
	long grown;
	long to_signed;
	unsigned long from_signed;
};
struct kinds {
	enum color to_enum;
	int to_int;
	void *to_ptr;
	struct { int a; } to_struct;
	unsigned int to_array[1];
	unsigned int array;
	unsigned long ptr[3];
	double real;
	union { int b, a; } in;
	enum color two, one;
};
struct far { char pad[32764]; unsigned int far; };
struct beyond { char pad[40000]; unsigned int far; };

struct nums v0;
struct kinds v1;
struct far v2;
struct beyond v3;
