/* tests/core/prune.target.c */
struct dev { unsigned long pad; unsigned int a, both; };
struct dev___theirs { unsigned long pad[2]; unsigned int both, b; };
struct sub { unsigned int filler[10], a; };

struct dev v0;
struct dev___theirs v1;
struct sub v2;
