/* ui/style.c - one row per meaning: how it looks with and without colour.
 *
 * The colours are htop's default scheme, in the terminal's own palette so that
 * a user's theme holds.  Without colour there are bold, underline and reverse
 * alone; where two meanings then look alike a view tells them apart by letters
 * (state, unit) or by the characters of a bar. */
#include "ui/style.h"

/* SGR parameters, ECMA-48 8.3.117 (90-97: aixterm; 38;5;n: ISO 8613-6), by
 * color_depth.  NULL: as with fewer colours. */
static const char *const looks[STYLE_N][4] = {
	/*                       none     8         16     256 */
	[STYLE_TEXT]          = {"",      "",       NULL,  NULL},
	[STYLE_DIM]           = {"",      "1;30",   "90",  "38;5;244"},
	[STYLE_BOLD]          = {"1",     "1",      NULL,  NULL},
	[STYLE_LABEL]         = {"",      "36",     NULL,  NULL},
	[STYLE_VALUE]         = {"1",     "1;36",   NULL,  NULL},
	[STYLE_BAR_EDGE]      = {"1",     "1",      NULL,  NULL},
	[STYLE_BAR_NICE]      = {"",      "34",     NULL,  NULL},
	[STYLE_BAR_USER]      = {"1",     "32",     NULL,  NULL},
	[STYLE_BAR_SYSTEM]    = {"1",     "31",     NULL,  NULL},
	[STYLE_BAR_VIRTUAL]   = {"",      "36",     NULL,  NULL},
	[STYLE_BAR_IOWAIT]    = {"",      "1;30",   "90",  "38;5;244"},
	[STYLE_MEM_USED]      = {"1",     "32",     NULL,  NULL},
	[STYLE_MEM_BUFFERS]   = {"",      "34",     NULL,  NULL},
	[STYLE_MEM_SHARED]    = {"",      "35",     NULL,  NULL},
	[STYLE_MEM_CACHE]     = {"",      "33",     NULL,  NULL},
	[STYLE_SWAP_USED]     = {"1",     "31",     NULL,  NULL},
	[STYLE_HEADER]        = {"7",     "30;42",  NULL,  NULL},
	[STYLE_HEADER_SORT]   = {"4;7",   "30;46",  NULL,  NULL},
	[STYLE_TAGGED]        = {"1",     "1;33",   NULL,  NULL},
	[STYLE_CURSOR]        = {"7",     "30;46",  NULL,  NULL},
	[STYLE_CURSOR_FOLLOW] = {"1;7",   "30;43",  NULL,  NULL},
	[STYLE_CURSOR_IDLE]   = {"4",     "30;47",  NULL,  NULL},
	[STYLE_RUNNING]       = {"1",     "32",     NULL,  NULL},
	[STYLE_BLOCKED]       = {"1;4",   "1;31",   NULL,  NULL},
	[STYLE_ZOMBIE]        = {"4",     "31",     NULL,  NULL},
	[STYLE_STOPPED]       = {"4",     "33",     NULL,  NULL},
	[STYLE_BASENAME]      = {"1",     "1;36",   NULL,  NULL},
	[STYLE_THREAD]        = {"",      "32",     NULL,  NULL},
	[STYLE_KERNEL]        = {"",      "1;30",   "90",  "38;5;244"},
	[STYLE_TREE]          = {"",      "36",     NULL,  NULL},
	[STYLE_MEGA]          = {"1",     "36",     NULL,  NULL},
	[STYLE_GIGA]          = {"1",     "32",     NULL,  NULL},
	[STYLE_HIGH_NICE]     = {"",      "32",     NULL,  NULL},	/* above 0: yields */
	[STYLE_LOW_NICE]      = {"1",     "31",     NULL,  NULL},	/* below 0: takes */
	[STYLE_KEY]           = {"",      "",       NULL,  NULL},
	[STYLE_KEY_LABEL]     = {"7",     "30;46",  NULL,  NULL},
	[STYLE_FIELD]         = {"4",     "30;46",  NULL,  NULL},
	[STYLE_FIELD_FAILED]  = {"1;7",   "31;46",  NULL,  NULL},
	[STYLE_WARNING]       = {"1",     "1;33",   NULL,  NULL},
	[STYLE_ERROR]         = {"1;7",   "1;31",   NULL,  NULL},
	[STYLE_TAB]           = {"",      "30;44",  NULL,  NULL},
	[STYLE_TAB_ACTIVE]    = {"7",     "30;42",  NULL,  NULL},
};

_Static_assert(COLOR_NONE == 0 && COLOR_256 == 3, "columns of looks[]");

void style_put(struct out *o, enum style s, enum color_depth depth)
{
	char seq[STYLE_PUT_MAX];
	size_t column = depth, n;

	while (!looks[s][column])
		column--;
	n = strlen(looks[s][column]);
	if (!n) {
		out_lit(o, "\033[m");
		return;
	}
	memcpy(seq, "\033[0;", 4);
	memcpy(seq + 4, looks[s][column], n);
	seq[4 + n] = 'm';
	out_bytes(o, seq, n + 5);
}
