/* tests/unit/main.c - runs every registered test; one line each.
 * Usage: run [GROUP[/TEST]]... */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_GROUPS = 256 };

static struct {
	const char *name;
	const struct test *tests;
} groups[MAX_GROUPS];
static unsigned ngroups;

static unsigned checks, bad;
static const char *skipped;

void test_register(const char *group, const struct test *tests)
{
	if (ngroups == MAX_GROUPS) {
		fputs("more than MAX_GROUPS\n", stderr);
		abort();
	}
	groups[ngroups].name = group;
	groups[ngroups++].tests = tests;
}

void test_check(const char *file, int line, long row, bool ok, const char *what)
{
	checks++;
	if (ok)
		return;
	bad++;
	printf("# %s:%d: row %ld: %s\n", file, line, row, what);
}

void test_check_u64(const char *file, int line, long row, u64 got, u64 want, const char *what)
{
	test_check(file, line, row, got == want, what);
	if (got != want)
		printf("#   got %llu (%lld), want %llu\n", (unsigned long long)got, (long long)got,
		       (unsigned long long)want);
}

void test_check_str(const char *file, int line, long row, const char *got, const char *want)
{
	bool same = strcmp(got, want) == 0;

	test_check(file, line, row, same, "strings differ");
	if (!same)
		printf("#   got  \"%s\"\n#   want \"%s\"\n", got, want);
}

void test_skip(const char *why)
{
	skipped = why;
}

static bool selected(int argc, char **argv, const char *group, const char *test)
{
	char full[128];

	if (argc < 2)
		return true;
	snprintf(full, sizeof(full), "%s/%s", group, test);
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], group) || !strcmp(argv[i], full))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	unsigned failed = 0;

	for (unsigned g = 0; g < ngroups; g++) {
		for (const struct test *t = groups[g].tests; t->name; t++) {
			if (!selected(argc, argv, groups[g].name, t->name))
				continue;
			checks = bad = 0;
			skipped = NULL;
			t->fn();
			/* a test without a single check cannot fail: that is a defect */
			if (skipped)
				printf("skip unit/%s/%s: %s\n", groups[g].name, t->name, skipped);
			else if (bad || !checks)
				printf("not ok unit/%s/%s: %u of %u checks failed\n",
				       groups[g].name, t->name, bad, checks);
			else
				printf("ok unit/%s/%s\n", groups[g].name, t->name);
			failed += !skipped && (bad || !checks);
			fflush(stdout);
		}
	}
	return failed != 0;
}
