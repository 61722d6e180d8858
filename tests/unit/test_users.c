/* tests/unit/test_users.c - passwd files, well and badly kept. */
#include "proc/users.h"
#include "tests/unit/test.h"

#include <errno.h>

static void test_parse(void)
{
	static const struct {
		const char *text, *first;
		u32 n, uid;
	} rows[] = {
		{"root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:::\n", "root", 2, 0},
		{"root:x:0:0:root:/root:/bin/sh", "root", 1, 0},	/* no last newline */
		{"a::4294967294:0:::\n", "a", 1, 4294967294u},
		{"a:x:5:\n", "a", 1, 5},
		{"\n\n  \n#c:x:1:1:::\n+::::::\n-x:x:1:1:::\nb:x:7:1:::\n", "b", 1, 7},
		{"a:x:4294967295:0:::\n", "", 0, 0},		/* (uid_t)-1 is nobody */
		{"a:x:4294967296:0:::\n", "", 0, 0},
		{"a:x:99999999999999999999:0:::\n", "", 0, 0},
		{"a:x:-1:0:::\n", "", 0, 0},
		{"a:x:5x:0:::\n", "", 0, 0},
		{"a:x::0:::\n", "", 0, 0},
		{"a:x:5\n", "", 0, 0},
		{":x:5:0:::\n", "", 0, 0},
		{"a\n:x:5:0:::\n", "", 0, 0},			/* a line is a line */
		{"a:x\nb:x:3:3:::\n", "b", 1, 3},
		{"::::\n", "", 0, 0},
		{"", "", 0, 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bytes b = {(const unsigned char *)rows[i].text, strlen(rows[i].text)};
		struct user u[4];
		u32 lost = 1, n = passwd_parse(b, u, ARRAY_LEN(u), &lost);

		CHECK_EQ_ROW(i, n, rows[i].n);
		CHECK_EQ_ROW(i, lost, 0);
		if (!n)
			continue;
		CHECK_EQ_ROW(i, u[0].uid, rows[i].uid);
		CHECK_ROW(i, u[0].name.n == strlen(rows[i].first) &&
			     !memcmp(u[0].name.p, rows[i].first, u[0].name.n));
	}
}

static void test_lost(void)
{
	struct bytes b = BYTES_LIT("a:x:1:1:::\nb:x:2:2:::\nc:x:3:3:::\n");
	struct user u[2];
	u32 lost;

	CHECK_EQ(passwd_parse(b, u, ARRAY_LEN(u), &lost), 2);
	CHECK_EQ(lost, 1);
	CHECK_EQ(passwd_parse(b, NULL, 0, &lost), 0);
	CHECK_EQ(lost, 3);
}

static void count_root(void *arg, u32 uid, struct bytes name)
{
	u32 *met = arg;

	*met += uid == 0 && name.n == 4 && !memcmp(name.p, "root", 4);
}

static void test_this_machine(void)
{
	static const char *const nobody[] = {
		"", "no such user", "0x0", "1 ", " 1", "-1", "+1", "4294967295", "4294967296", "1a",
	};
	struct bytes name;
	u32 uid = 1, met = 0;

	if (users_load()) {
		test_skip("no /etc/passwd");
		return;
	}
	CHECK_EQ(users_load(), 0);
	name = users_name(0);
	CHECK(name.n == 4 && !memcmp(name.p, "root", 4));
	CHECK_EQ(users_uid("root", &uid), 0);
	CHECK_EQ(uid, 0);
	CHECK_EQ(users_uid("3999999999", &uid), 0);
	CHECK_EQ(uid, 3999999999u);
	CHECK_EQ(users_name(3999999999u).n, 0);
	for (size_t i = 0; i < ARRAY_LEN(nobody); i++)
		CHECK_EQ_ROW(i, users_uid(nobody[i], &uid), -ENOENT);
	CHECK_EQ(uid, 3999999999u);
	users_each(count_root, &met);
	CHECK_EQ(met, 1);
}

TESTS(users,
	{"passwd_parse", test_parse},
	{"passwd_parse: lost", test_lost},
	{"this machine", test_this_machine})
