/* tests/unit/test.h - checks that say where, and which row of the table. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include "loader/base.h"

struct test {
	const char *name;
	void (*fn)(void);
};

/* Each file ends with one of these: the linker gathers the groups, so that a
 * new file needs no list. */
#define TESTS(group, ...) \
	static const struct test tests_##group[] = {__VA_ARGS__, {0}}; \
	__attribute__((constructor)) static void register_##group(void) \
	{ \
		test_register(#group, tests_##group); \
	}

void test_register(const char *group, const struct test *tests);
void test_check(const char *file, int line, long row, bool ok, const char *what);
void test_check_u64(const char *file, int line, long row, u64 got, u64 want, const char *what);
void test_check_str(const char *file, int line, long row, const char *got, const char *want);
/* Ends the test that calls it, with a reason; return right after it. */
void test_skip(const char *why);

#define CHECK(c)		test_check(__FILE__, __LINE__, -1, (c), #c)
#define CHECK_ROW(i, c)		test_check(__FILE__, __LINE__, (long)(i), (c), #c)
#define CHECK_EQ(got, want)	test_check_u64(__FILE__, __LINE__, -1, (u64)(got), (u64)(want), #got)
#define CHECK_EQ_ROW(i, got, want) \
	test_check_u64(__FILE__, __LINE__, (long)(i), (u64)(got), (u64)(want), #got)
#define CHECK_STR(got, want)	test_check_str(__FILE__, __LINE__, -1, (got), (want))
#define CHECK_STR_ROW(i, got, want) test_check_str(__FILE__, __LINE__, (long)(i), (got), (want))

#endif
