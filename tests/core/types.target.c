/* tests/core/types.target.c */
typedef unsigned int u32;
struct grown { u32 a; unsigned long b[2]; };
union joined { u32 a; unsigned long b; };
enum picked { PICK };
typedef unsigned short number;
typedef void (*callback)(struct grown *, u32);
typedef u32 row[7];
union was_union { u32 a; };
int is_function(void) { return 0; }
typedef void (*other_callback)(struct grown *, u32);
typedef void *other_row[4];
struct fields { unsigned long kept; u32 in; unsigned char nested[1], more; };

struct m_same { u32 b, a; struct grown *p; };
struct m_less { u32 a; };
struct m_sign { int a; };
struct m_size { unsigned short a; };
struct m_dims { u32 a[3]; };
struct unseen { u32 a; };
struct m_fwd { struct unseen *p; };
enum m_enum { M_Z, M_B = 4, M_A };
enum m_enum_less { M_C, M_E };
typedef u32 (*m_fn)(u32, struct grown *);
typedef u32 (*m_fn_other)(u32, union joined *);

u32 pad;
struct grown v0; union joined v1; enum picked v2; number v3; callback v4; row v5;
union was_union v6; other_callback v7; other_row v8; struct fields v9;
struct m_same v10; struct m_less v11; struct m_sign v12; struct m_size v13; struct m_dims v14;
struct m_fwd v15; struct unseen v16; enum m_enum v17; enum m_enum_less v18; m_fn v19;
m_fn_other v20;
