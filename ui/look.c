/* ui/look.c - how an element looks, as words: "red", "#ff8800 on 235 bold". */
#include "ui/value.h"
#include "ui/style.h"

static const char *const color_name[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta",
	"bright-cyan", "bright-white",
};
static const char *const attr_name[] = {"bold", "underline", "reverse"};	/* in the order of their bits */

static s32 word_in(const char *const *names, u32 n, const char *word)
{
	for (u32 i = 0; i < n; i++)
		if (!strcmp(names[i], word))
			return (s32)i;
	return -1;
}

static bool parse_ink(u32 *ink, const char *word)
{
	s32 named = word_in(color_name, ARRAY_LEN(color_name), word);
	u32 rgb = 0;
	u64 v;

	if (named >= 0) {
		*ink = INK_INDEX | (u32)named;
	} else if (!strcmp(word, "default")) {
		*ink = 0;
	} else if (parse_number(word, 255, &v)) {
		*ink = INK_INDEX | (u32)v;
	} else {
		if (*word != '#' || strlen(word) != 7)
			return false;
		while (*++word) {
			u32 c = (u8)*word | 0x20u;

			if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
				return false;
			rgb = rgb << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
		}
		*ink = INK_RGB | rgb;
	}
	return true;
}

bool look_parse(struct look *l, const char *text)
{
	bool behind = false, fg = false, bg = false;

	*l = (struct look){.set = true};
	while (*text) {
		size_t n = strcspn(text, " ");
		char word[16];
		s32 attr;

		if (n >= sizeof(word))
			return false;
		memcpy(word, text, n);
		word[n] = 0;
		text += n + strspn(text + n, " ");
		attr = word_in(attr_name, ARRAY_LEN(attr_name), word);
		if (!strcmp(word, "on") && !behind && !bg) {
			behind = true;
			continue;
		}
		if (attr >= 0 && !behind)
			l->attr |= (u8)(1 << attr);
		else if ((behind ? bg : fg) || !parse_ink(behind ? &l->bg : &l->fg, word))
			return false;
		else if (behind)
			bg = true;
		else
			fg = true;
		behind = false;
	}
	return !behind;
}

static void write_ink(struct out *o, u32 ink)
{
	static const char digits[] = "0123456789abcdef";

	if (ink & INK_RGB) {
		out_char(o, '#');
		for (u32 shift = 24; shift; shift -= 4)
			out_char(o, digits[ink >> (shift - 4) & 15]);
	} else if (!ink) {
		out_lit(o, "default");
	} else if ((ink & INK_VALUE) < ARRAY_LEN(color_name)) {
		out_str(o, color_name[ink & INK_VALUE]);
	} else {
		out_u64(o, ink & INK_VALUE);
	}
}

void look_write(struct out *o, const struct look *l)
{
	write_ink(o, l->fg);
	if (l->bg) {
		out_lit(o, " on ");
		write_ink(o, l->bg);
	}
	for (u32 i = 0; i < ARRAY_LEN(attr_name); i++) {
		if (!(l->attr & 1u << i))
			continue;
		out_char(o, ' ');
		out_str(o, attr_name[i]);
	}
}
