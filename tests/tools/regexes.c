/* tests/tools/regexes.c - asks the matcher of proc/regex.h.  A line of standard
 * input is an expression and a text in hexadecimal, with a blank between; the
 * answer is a line "1", "0" or "error AT WHY". */
#include <stdio.h>

#include "proc/regex.h"

enum { ROOM = 1 << 16 };

static size_t unhex(const char *from, unsigned char *to)
{
	unsigned v;
	size_t n = 0;

	while (sscanf(from + 2 * n, "%2x", &v) == 1)
		to[n++] = (unsigned char)v;
	return n;
}

int main(void)
{
	static char line[2 * ROOM], *blank;
	static unsigned char expression[ROOM], text[ROOM];
	static struct regex_code code;
	struct parse_error e;
	struct regex re;

	while (fgets(line, sizeof(line), stdin)) {
		blank = strchr(line, ' ');
		if (!blank)
			return 2;
		*blank = '\0';
		memset(&code, 0, sizeof(code));
		if (!regex_compile(&code, &re, (struct bytes){expression, unhex(line, expression)}, &e))
			printf("error %u %s\n", e.at, e.why);
		else
			printf("%d\n", regex_match(&code, &re, (struct bytes){text, unhex(blank + 1, text)}));
	}
	return 0;
}
