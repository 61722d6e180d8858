/* tests/core/ambiguous.target.c */
struct dev { unsigned long pad; unsigned int same, moved, only; };
struct dev___two { unsigned long pad; unsigned int same; unsigned long more; unsigned int moved; };
enum mode { MODE = 3 };
enum mode___two { MODE___two = 4 };

struct dev v0;
struct dev___two v1;
enum mode v2;
enum mode___two v3;
