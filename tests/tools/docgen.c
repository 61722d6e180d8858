/* tests/tools/docgen.c - prints what the tables of options, keys and columns
 * give: sections of pitstop.1, completions for shells.
 * Usage: docgen mdoc-options|mdoc-keys|mdoc-columns|mdoc-programs|mdoc-settings|bash|zsh|fish */
#include "ui/config.h"
#include "ui/options.h"
#include "ui/view.h"

#include <stdio.h>

static const struct {
	const char *name;
	void (*write)(struct out *out);
} forms[] = {
	{"mdoc-options", options_write_mdoc},
	{"mdoc-keys", keys_write_mdoc},
	{"mdoc-columns", options_write_columns_mdoc},
	{"mdoc-programs", options_write_program_columns_mdoc},
	{"mdoc-settings", config_write_mdoc},
	{"bash", options_write_bash},
	{"zsh", options_write_zsh},
	{"fish", options_write_fish},
};

int main(int argc, char **argv)
{
	static char text[OPTIONS_TEXT];
	struct out out = {.buf = text, .cap = sizeof(text)};

	for (size_t i = 0; argc == 2 && i < ARRAY_LEN(forms); i++) {
		if (strcmp(argv[1], forms[i].name) != 0)
			continue;
		forms[i].write(&out);
		if (out.full) {
			fprintf(stderr, "docgen: %s: longer than OPTIONS_TEXT\n", argv[1]);
			return 1;
		}
		if (fwrite(text, 1, out.len, stdout) != out.len || fflush(stdout) != 0) {
			perror("docgen: standard output");
			return 1;
		}
		return 0;
	}
	fprintf(stderr, "Usage: docgen");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		fprintf(stderr, "%c%s", i ? '|' : ' ', forms[i].name);
	fprintf(stderr, "\n");
	return 2;
}
