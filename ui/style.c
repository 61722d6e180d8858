/* ui/style.c - one row per meaning: how it looks in each theme, and the bytes
 * that make a terminal of some depth show it.
 *
 * The default is htop's default scheme in the terminal's own palette, so that a
 * user's theme holds.  Without colour there are bold, underline and reverse
 * alone; where two meanings then look alike a view tells them apart by letters
 * (state, unit) or by the characters of a bar. */
#include "ui/style.h"

/* A look in 16 bits: colours as 1 + number, from the lowest bits foreground,
 * background, attributes.  GRAY is number 244 of 256. */
enum { K = 1, R, G, Y, B, M, C, W, HI_G = 11, HI_Y, HI_B, HI_M, HI_C, HI_W, GRAY };
enum { BG_SHIFT = 5, INK_MASK = 31, ATTR_SHIFT = 10 };
enum {
	BOLD = ATTR_BOLD << ATTR_SHIFT, UND = ATTR_UNDERLINE << ATTR_SHIFT, REV = ATTR_REVERSE << ATTR_SHIFT,
};
#define ON(fg, bg)	((fg) | (bg) << BG_SHIFT)

/* Which looks a theme is made of. */
enum scheme { DARK, MONO, LIGHT, BLUE, NIGHT, SCHEMES };

static const struct element {
	const char *name;		/* under "colors" in config.yaml */
	u16 look[SCHEMES];
} elements[STYLE_N] = {
	/*                                      DARK       MONO       LIGHT      BLUE       NIGHT */
	[STYLE_TEXT]          = {"text",        {0,        0,         0,         0,         0}},
	[STYLE_DIM]           = {"dim",         {GRAY,     0,         GRAY,      C,         GRAY}},
	[STYLE_BOLD]          = {"bold",        {BOLD,     BOLD,      BOLD,      BOLD,      HI_C}},
	[STYLE_LABEL]         = {"label",       {C,        0,         B,         C,         C}},
	[STYLE_VALUE]         = {"value",       {BOLD | C, BOLD,      BOLD,      BOLD | C,  BOLD | C}},
	[STYLE_BAR_EDGE]      = {"bar_edge",    {BOLD,     BOLD,      BOLD,      BOLD,      BOLD | C}},
	[STYLE_BAR_NICE]      = {"bar_nice",    {B,        0,         C,         HI_C,      B}},
	[STYLE_BAR_USER]      = {"bar_user",    {G,        BOLD,      G,         HI_G,      G}},
	[STYLE_BAR_SYSTEM]    = {"bar_system",  {R,        BOLD,      R,         BOLD | R,  R}},
	[STYLE_BAR_VIRTUAL]   = {"bar_virtual", {C,        0,         B,         C,         C}},
	[STYLE_BAR_IOWAIT]    = {"bar_iowait",  {GRAY,     0,         GRAY,      K,         Y}},
	[STYLE_MEM_USED]      = {"mem_used",    {G,        BOLD,      G,         HI_G,      G}},
	[STYLE_MEM_BUFFERS]   = {"mem_buffers", {B,        0,         B,         HI_C,      B}},
	[STYLE_MEM_SHARED]    = {"mem_shared",  {M,        0,         M,         HI_M,      M}},
	[STYLE_MEM_CACHE]     = {"mem_cache",   {Y,        0,         Y,         HI_Y,      Y}},
	[STYLE_SWAP_USED]     = {"swap_used",   {R,        BOLD,      R,         HI_Y,      R}},
	[STYLE_HEADER]        = {"header",      {ON(K, G), REV,       ON(K, G),  ON(K, C),  ON(K, G)}},
	[STYLE_HEADER_SORT]   = {"header_sort", {ON(K, C), UND | REV, ON(K, C),  ON(K, G),  ON(K, Y)}},
	[STYLE_TAGGED]        = {"tagged",      {BOLD | Y, BOLD,      BOLD | M,  BOLD | Y,  BOLD | Y}},
	[STYLE_CURSOR]        = {"cursor",      {ON(K, C), REV,       ON(K, C),  ON(K, C),  ON(K, C)}},
	[STYLE_CURSOR_FOLLOW] = {"cursor_follow", {ON(K, Y), BOLD | REV, ON(K, Y), ON(K, Y), ON(K, Y)}},
	[STYLE_CURSOR_IDLE]   = {"cursor_idle", {ON(K, W), UND,       ON(W, K),  ON(K, W),  ON(K, W)}},
	[STYLE_RUNNING]       = {"running",     {G,        BOLD,      G,         HI_G,      G}},
	[STYLE_BLOCKED]       = {"blocked",     {BOLD | R, BOLD | UND, BOLD | R, BOLD | R,  BOLD | R}},
	[STYLE_ZOMBIE]        = {"zombie",      {R,        UND,       R,         R,         R}},
	[STYLE_STOPPED]       = {"stopped",     {Y,        UND,       M,         Y,         Y}},
	[STYLE_FROZEN]        = {"frozen",      {BOLD | C, BOLD | UND, BOLD | B, BOLD | C,  BOLD | C}},
	[STYLE_BASENAME]      = {"basename",    {BOLD | C, BOLD,      BOLD | B,  BOLD | C,  BOLD | G}},
	[STYLE_THREAD]        = {"thread",      {G,        0,         G,         G,         G}},
	[STYLE_KERNEL]        = {"kernel",      {GRAY,     0,         GRAY,      C,         GRAY}},
	[STYLE_TREE]          = {"tree",        {C,        0,         G,         C,         C}},
	[STYLE_MEGA]          = {"mega",        {C,        BOLD,      B,         C,         HI_C}},
	[STYLE_GIGA]          = {"giga",        {G,        BOLD,      G,         HI_G,      G}},
	[STYLE_HIGH_NICE]     = {"high_nice",   {G,        0,         G,         G,         G}},
	[STYLE_LOW_NICE]      = {"low_nice",    {R,        BOLD,      R,         BOLD | R,  R}},
	[STYLE_DELETED]       = {"deleted",     {R,        BOLD | UND, R,        BOLD | R,  R}},
	[STYLE_COMM]          = {"comm",        {M,        0,         M,         HI_M,      M}},
	[STYLE_NEW]           = {"new",         {ON(K, G), BOLD,      ON(K, G),  ON(K, G),  ON(K, G)}},
	[STYLE_GONE]          = {"gone",        {ON(K, R), REV,       ON(K, R),  ON(K, R),  ON(K, R)}},
	[STYLE_GRAPH]         = {"graph",       {C,        0,         B,         HI_C,      C}},
	[STYLE_KEY]           = {"key",         {0,        0,         0,         0,         0}},
	[STYLE_KEY_LABEL]     = {"key_label",   {ON(K, C), REV,       ON(K, C),  ON(K, C),  ON(K, G)}},
	[STYLE_FIELD]         = {"field",       {ON(K, C), UND,       ON(K, C),  ON(K, C),  ON(K, C)}},
	[STYLE_FIELD_FAILED]  = {"field_failed", {ON(R, C), BOLD | REV, ON(R, C), ON(R, C), ON(R, C)}},
	[STYLE_WARNING]       = {"warning",     {BOLD | Y, BOLD,      BOLD | M,  BOLD | Y,  BOLD | Y}},
	[STYLE_ERROR]         = {"error",       {BOLD | R, BOLD | REV, BOLD | R, BOLD | R,  BOLD | R}},
	[STYLE_TAB]           = {"tab",         {ON(K, B), 0,         ON(K, B),  ON(K, C),  ON(K, B)}},
	[STYLE_TAB_ACTIVE]    = {"tab_active",  {ON(K, G), REV,       ON(K, G),  ON(K, G),  ON(K, G)}},
};

/* In the terminal's order: black red green yellow blue magenta cyan white, and
 * bright.  "Black" is what text on a coloured ground is written in. */
static const u32 gruvbox_dark[16] = {
	0x282828, 0xfb4934, 0xb8bb26, 0xfabd2f, 0x83a598, 0xd3869b, 0x8ec07c, 0xebdbb2,
	0x928374, 0xfb4934, 0xb8bb26, 0xfabd2f, 0x83a598, 0xd3869b, 0x8ec07c, 0xfbf1c7,
};
static const u32 gruvbox_light[16] = {
	0xfbf1c7, 0x9d0006, 0x79740e, 0xb57614, 0x076678, 0x8f3f71, 0x427b58, 0x3c3836,
	0x928374, 0x9d0006, 0x79740e, 0xb57614, 0x076678, 0x8f3f71, 0x427b58, 0x282828,
};
static const u32 nord[16] = {
	0x2e3440, 0xbf616a, 0xa3be8c, 0xebcb8b, 0x81a1c1, 0xb48ead, 0x88c0d0, 0xe5e9f0,
	0x4c566a, 0xbf616a, 0xa3be8c, 0xebcb8b, 0x81a1c1, 0xb48ead, 0x8fbcbb, 0xeceff4,
};

#define ANSI(n)		(INK_INDEX | ((n) - 1))
#define RGB(v)		(INK_RGB | (v))

/* A theme without a ground of its own leaves the terminal's. */
static const struct theme_row {
	u8 scheme;
	bool no_gray;			/* for terminals that show it as black */
	u32 fg, bg;
	const u32 *palette;		/* NULL: the terminal's */
} themes[THEME_N] = {
	[THEME_DEFAULT] = {.scheme = DARK},
	[THEME_MONO] = {.scheme = MONO},
	[THEME_LIGHT] = {.scheme = LIGHT},
	[THEME_GRUVBOX_DARK] = {DARK, .fg = RGB(0xebdbb2), .bg = RGB(0x282828), .palette = gruvbox_dark},
	[THEME_GRUVBOX_LIGHT] = {DARK, .fg = RGB(0x3c3836), .bg = RGB(0xfbf1c7), .palette = gruvbox_light},
	[THEME_BLACK_ON_WHITE] = {LIGHT, .fg = ANSI(K), .bg = ANSI(W)},
	[THEME_MC] = {BLUE, .fg = ANSI(W), .bg = ANSI(B)},
	[THEME_BLACK_NIGHT] = {NIGHT, .fg = ANSI(C), .bg = ANSI(K)},
	[THEME_BROKEN_GRAY] = {DARK, .no_gray = true},
	[THEME_NORD] = {DARK, .fg = RGB(0xd8dee9), .bg = RGB(0x2e3440), .palette = nord},
};

const char *style_name(enum style s)
{
	return elements[s].name;
}

/* ---- colours of fewer ---- */

/* xterm's first 16, charproc.c; the rest are a 6x6x6 cube and 24 grays. */
static const u32 ansi_rgb[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static u32 index_rgb(u32 i)
{
	static const u8 step[6] = {0, 95, 135, 175, 215, 255};
	u32 gray;

	if (i < 16)
		return ansi_rgb[i];
	if (i < 232) {
		i -= 16;
		return (u32)step[i / 36] << 16 | (u32)step[i / 6 % 6] << 8 | step[i % 6];
	}
	gray = 8 + 10 * (i - 232);
	return gray << 16 | gray << 8 | gray;
}

/* Squared, with the eye's weights: green most, red least. */
static u32 distance(u32 a, u32 b)
{
	s32 r = (s32)(a >> 16) - (s32)(b >> 16);
	s32 g = (s32)(a >> 8 & 255) - (s32)(b >> 8 & 255);
	s32 blue = (s32)(a & 255) - (s32)(b & 255);

	return (u32)(2 * r * r + 4 * g * g + 3 * blue * blue);
}

static u32 nearest(u32 rgb, u32 from, u32 to)
{
	u32 best = from;

	for (u32 i = from + 1; i < to; i++)
		if (distance(rgb, index_rgb(i)) < distance(rgb, index_rgb(best)))
			best = i;
	return best;
}

/* The same colour, or the nearest that a terminal of this depth has. */
static u32 ink_at(u32 ink, enum color_depth depth)
{
	u32 v = ink & INK_VALUE;

	if (ink & INK_RGB && depth < COLOR_TRUE)
		return INK_INDEX | (depth == COLOR_256 ? nearest(v, 16, 256) : nearest(v, 0, 16));
	if (ink & INK_INDEX && v >= 16 && depth < COLOR_256)
		return INK_INDEX | nearest(index_rgb(v), 0, 16);
	return ink;
}

/* ---- sequences ---- */

struct seq {
	char p[STYLE_PUT_MAX + 16];	/* one that turned out too long */
	size_t n;
};

static void put(struct seq *q, u32 v)
{
	q->p[q->n] = q->n ? ';' : '[';
	q->n++;
	q->n += put_u64(q->p + q->n, v);
}

/* SGR, ECMA-48 8.3.117; 90-107: aixterm; 38 and 48: ISO 8613-6 as xterm has it. */
static void put_ink(struct seq *q, u32 ink, u32 base)
{
	u32 v = ink & INK_VALUE;

	if (ink & INK_RGB) {
		put(q, base + 8);
		put(q, 2);
		put(q, v >> 16);
		put(q, v >> 8 & 255);
		put(q, v & 255);
	} else if (ink && v >= 16) {
		put(q, base + 8);
		put(q, 5);
		put(q, v);
	} else {
		put(q, !ink ? base + 9 : v < 8 ? base + v : base + 60 + v - 8);
	}
}

/* What takes a terminal from one look to another. */
static void put_changes(struct seq *q, const struct look *from, const struct look *to)
{
	static const u8 on[] = {1, 4, 7}, off[] = {22, 24, 27};

	for (u32 i = 0; i < ARRAY_LEN(on); i++)
		if ((from->attr ^ to->attr) & 1u << i)
			put(q, to->attr & 1u << i ? on[i] : off[i]);
	if (from->fg != to->fg)
		put_ink(q, to->fg, 30);
	if (from->bg != to->bg)
		put_ink(q, to->bg, 40);
}

static struct look at_depth(struct look l, enum color_depth depth)
{
	l.fg = depth ? ink_at(l.fg, depth) : 0;
	l.bg = depth ? ink_at(l.bg, depth) : 0;
	/* Eight colours are sixteen where bold is bright. */
	if (depth == COLOR_8 && l.fg & INK_INDEX && (l.fg & INK_VALUE) >= 8) {
		l.attr |= ATTR_BOLD;
		l.fg -= 8;
	}
	if (depth == COLOR_8 && l.bg & INK_INDEX && (l.bg & INK_VALUE) >= 8)
		l.bg -= 8;
	return l;
}

/* A blank shows no colour of letters but where it is reversed, and bold never. */
static bool blanks_alike(const struct look *a, const struct look *b)
{
	u32 attr = a->attr & (ATTR_UNDERLINE | ATTR_REVERSE);

	return a->bg == b->bg && attr == (b->attr & (ATTR_UNDERLINE | ATTR_REVERSE)) &&
	       (!attr || a->fg == b->fg);
}

/* ---- themes ---- */

/* A slot of the theme's palette; with few colours the terminal's of that name. */
static u32 slot(const struct theme_row *t, u32 code, enum color_depth depth)
{
	if (code == GRAY && t->no_gray)
		return 0;
	if (!t->palette || depth < COLOR_256)
		return !code ? 0 : INK_INDEX | (code == GRAY ? 244 : code - 1);
	return !code ? 0 : RGB(t->palette[code == GRAY ? 8 : code - 1]);
}

static struct look theme_look(const struct theme_row *t, enum style s, enum color_depth depth)
{
	u32 code = elements[s].look[depth ? t->scheme : MONO];

	return (struct look){slot(t, code & INK_MASK, depth), slot(t, code >> BG_SHIFT & INK_MASK, depth),
			     (u8)(code >> ATTR_SHIFT), true};
}

void palette_make(struct palette *p, enum theme theme, const struct look *own, enum color_depth depth)
{
	const struct theme_row *t = &themes[theme];
	struct look ground = {.fg = t->fg, .bg = t->bg};

	if (own && own[STYLE_TEXT].set) {
		ground.fg = own[STYLE_TEXT].fg ? own[STYLE_TEXT].fg : ground.fg;
		ground.bg = own[STYLE_TEXT].bg ? own[STYLE_TEXT].bg : ground.bg;
	}
	p->ground = depth && ground.bg;
	for (u32 i = 0; i < STYLE_N; i++) {
		struct look l = own && own[i].set ? own[i] : theme_look(t, (enum style)i, depth);

		l.fg = l.fg ? l.fg : ground.fg;
		l.bg = l.bg ? l.bg : ground.bg;
		p->look[i] = at_depth(l, depth);
		for (p->blank[i] = 0; !blanks_alike(&p->look[i], &p->look[p->blank[i]]);)
			p->blank[i]++;
	}
	p->can_undo = depth;
}

void style_put(struct out *o, const struct palette *p, enum style from, enum style to)
{
	static const struct look plain;
	struct seq whole = {{0}, 0}, step = {{0}, 0};
	const struct look *is = from < STYLE_N ? &p->look[from] : NULL, *want = &p->look[to];
	const struct seq *q = &whole;

	if (want->attr || want->fg || want->bg)
		put(&whole, 0);
	else
		whole.p[whole.n++] = '[';
	put_changes(&whole, &plain, want);
	if (is && (p->can_undo || !(is->attr & ~want->attr))) {
		put_changes(&step, is, want);
		q = step.n < whole.n ? &step : q;
	}
	if (!q->n)
		return;
	out_char(o, '\033');
	out_bytes(o, q->p, q->n);
	out_char(o, 'm');
}
