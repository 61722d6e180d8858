/* ui/view_help.c - the help screen, made from the key table. */
#include "ui/view_help.h"
#include "ui/keymap.h"
#include "ui/meter.h"

enum { KEYS_COLS = 26 };	/* the keys of a row, before its text */

/* Lines are counted from the top of the help; only those on the screen are
 * drawn, and with s NULL none is. */
struct sheet {
	struct surface *s;
	u32 line, top;
};

static struct pen sheet_line(struct sheet *h)
{
	u32 line = h->line++;

	/* a row past the last takes no text */
	return (struct pen){h->s, line >= h->top ? line - h->top : UINT32_MAX, 0};
}

static void put_text(struct sheet *h, const char *text, enum style style)
{
	struct pen p = sheet_line(h);

	if (h->s)
		pen_str(&p, text, style);
}

static void put_binding(struct sheet *h, const struct binding *b)
{
	struct pen p = sheet_line(h);
	char keys[64];
	struct out o = {.buf = keys, .cap = sizeof(keys)};

	if (!h->s)
		return;
	for (u32 i = 0; i < CHORD_MAX && b->chord[i].key; i++) {
		if (i)
			out_char(&o, ' ');
		chord_write(&o, &b->chord[i]);
	}
	p.col = o.len < KEYS_COLS - 2 ? KEYS_COLS - 2 - (u32)o.len : 0;
	pen_out(&p, &o, STYLE_BOLD);
	p.col = MAX(p.col, (u32)KEYS_COLS - 2) + 2;
	pen_str(&p, b->help, STYLE_TEXT);
}

static void put_group(struct sheet *h, u32 group)
{
	put_text(h, "", STYLE_TEXT);
	put_text(h, key_group_title[group], STYLE_LABEL);
	for (u32 i = 0; i < keymap_n; i++)
		if (keymap[i].group == group && !keymap_said(&keymap[i]))
			put_binding(h, &keymap[i]);
}

/* A piece of a legend, in the style it explains. */
struct piece {
	const char *text;
	enum style style;
};

static void put_pieces(struct sheet *h, const struct piece *piece, u32 n)
{
	struct pen p = sheet_line(h);

	for (u32 i = 0; h->s && i < n; i++)
		pen_str(&p, piece[i].text, piece[i].style);
}

static void put_legend(struct sheet *h)
{
	static const struct piece cpu[] = {
		{"CPU bar:     [", STYLE_TEXT}, {"* nice ", STYLE_BAR_NICE},
		{"| user ", STYLE_BAR_USER}, {"# kernel ", STYLE_BAR_SYSTEM},
		{"@ virtual", STYLE_BAR_VIRTUAL}, {"              used%]", STYLE_TEXT},
	};
	static const struct piece memory[] = {
		{"Memory bar:  [", STYLE_TEXT}, {"| used ", STYLE_MEM_USED},
		{"# buffers ", STYLE_MEM_BUFFERS}, {"* shared ", STYLE_MEM_SHARED},
		{"@ cache", STYLE_MEM_CACHE}, {"        used/total]", STYLE_TEXT},
	};
	static const struct piece swap[] = {
		{"Swap bar:    [", STYLE_TEXT}, {"| used", STYLE_SWAP_USED},
		{"                                   used/total]", STYLE_TEXT},
	};

	put_pieces(h, cpu, ARRAY_LEN(cpu));
	put_pieces(h, memory, ARRAY_LEN(memory));
	put_pieces(h, swap, ARRAY_LEN(swap));
	put_text(h, "PSI:         % of the last 10 s in which some task waited for it", STYLE_TEXT);
	put_text(h, "State:       R running  S sleeping  D disk  T t stopped  Z zombie  I idle", STYLE_TEXT);
	put_text(h, "             \u2744 or F: frozen with its cgroup, see f", STYLE_TEXT);
}

static void put_all(struct sheet *h)
{
	put_text(h, "pitstop: keys.  Down, PgDn and Space scroll, Esc or q goes back to the table.",
		 STYLE_BOLD);
	put_text(h, "", STYLE_TEXT);
	put_legend(h);
	for (u32 g = 0; g < GROUP_N; g++)
		put_group(h, g);
	put_text(h, "", STYLE_TEXT);
	put_text(h, "Filter", STYLE_LABEL);
	put_text(h, "  Plain text, a|b either, or:  cpu > 5 and (user = root or rss > 1g) and not", STYLE_TEXT);
	put_text(h, "  name ~ ^kworker   Columns: = != < <= > >=, words also ~ !~ (regex).", STYLE_TEXT);
	put_text(h, "  Units: k m g t, %, ms s m h d.  Quote blanks.  What is unknown passes nothing.", STYLE_TEXT);
	put_text(h, "", STYLE_TEXT);
	put_text(h, "Mouse", STYLE_LABEL);
	put_text(h, "  Click a column title to sort by it, again to invert; a row to select it,",
		 STYLE_TEXT);
	put_text(h, "  again to fold it in a tree, twice for all about it; a key at the bottom.",
		 STYLE_TEXT);
	put_text(h, "", STYLE_TEXT);
	put_text(h, "htop and vi", STYLE_LABEL);
	for (u32 i = 0; i < keymap_notes_n; i++) {
		struct pen p = sheet_line(h);

		p.col = 2;
		if (h->s)
			pen_str(&p, keymap_notes[i], STYLE_TEXT);
	}
}

void help_draw(struct surface *s, const struct ui_state *ui)
{
	struct sheet h = {.s = s, .top = ui->help_top};

	surface_clear(s, STYLE_TEXT);
	put_all(&h);
}

void help_scroll(struct ui_state *ui, s64 top, u32 rows)
{
	struct sheet h = {0};

	put_all(&h);
	ui->help_top = (u32)MAX(MIN(top, (s64)h.line - (s64)rows), 0);
}
