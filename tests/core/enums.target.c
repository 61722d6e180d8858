/* tests/core/enums.target.c */
enum moved { MINUS = -77, ONE = 17, TWO = -2147483647 - 1 };
enum flavour { FLAVOUR_A___theirs = 31 };
typedef enum { BY_TYPEDEF = 5 } picked;

enum moved v0;
enum flavour v1;
picked v2;
