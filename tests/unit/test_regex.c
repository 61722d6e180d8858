/* tests/unit/test_regex.c - what matches and what is refused where.  The e2e
 * suite "filter" compares thousands of expressions with others' matchers. */
#include "proc/regex.h"
#include "tests/unit/test.h"

static struct regex_code code;
static struct regex re;
static struct parse_error err;

static struct bytes bytes_of(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

static bool compile(const char *text)
{
	memset(&code, 0, sizeof(code));
	return regex_compile(&code, &re, bytes_of(text), &err);
}

static void matches(void)
{
	static const struct {
		const char *expression, *text;
		bool want;
	} rows[] = {
		{"", "", true}, {"", "x", true}, {"abc", "xxABCxx", true}, {"abc", "ab", false},
		{"^abc", "abcd", true}, {"^abc", "xabc", false}, {"abc$", "xabc", true},
		{"abc$", "abcx", false}, {"^$", "", true}, {"^$", "a", false}, {"$", "a", true},
		{"a|b", "xbx", true}, {"a|b|", "", true}, {"^(a|bc)$", "bc", true}, {"^(a|bc)$", "abc", false},
		{"ab*c", "ac", true}, {"ab*c", "abbbc", true}, {"ab+c", "ac", false}, {"^ab?c$", "abbc", false},
		{"^a{3}$", "aaa", true}, {"^a{3}$", "aaaa", false}, {"^a{2,}$", "a", false},
		{"^a{2,}$", "aaaa", true}, {"^a{,2}$", "aaa", false}, {"^a{,2}$", "", true},
		{"^a{1,3}$", "aaa", true}, {"^a{1,3}$", "aaaa", false}, {"^(ab){2}$", "abab", true},
		{"a{0}b", "b", true}, {"^a{0}$", "a", false}, {"a{", "a{", true}, {"a{x}", "a{x}", true},
		{"^(a*)*$", "aaaa", true}, {"^(|a)+$", "aaaa", true}, {"^()*$", "a", false},
		{"^(a+){2,3}$", "aaaaaaa", true}, {"a.c", "a\nc", true}, {"^.$", "\xc3\xa9", true},
		{"^..$", "\xc3\xa9", false}, {"^.$", "\xff", true}, {"^..$", "\xc3\x28", true},
		{"\xc3\xa9", "r\xc3\xa9seau", true}, {"\xff", "a\xff", true}, {"\xff", "a\xfe", false},
		{"[\xc3\xa9]", "\xc3\xa8", false}, {"[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true},
		{"[^\xc3\xa9]", "\xc3\xa9", false}, {"[^a]", "\xf0\x9f\x98\x80", true}, {"[^a]", "A", false},
		{"[a-c]+x", "CBAX", true}, {"[A-C]", "b", true}, {"[^A-C]", "b", false}, {"[]]", "]", true},
		{"[^]]", "]", false}, {"[a-]", "-", true}, {"[-a]", "-", true}, {"[\\]]", "]", true},
		{"[\\d.]+$", "127.0.0.1", true}, {"^[[:digit:]]+$", "123", true}, {"^[[:alpha:]_]+$", "a_B", true},
		{"^[^[:space:]]$", " ", false}, {"[[:punct:]]", "a/b", true}, {"[[]", "[", true}, {"[[:x]", ":", true},
		{"^\\d+$", "0123", true}, {"\\D", "123", false}, {"^\\w+$", "a_1", true}, {"\\W", "a_1", false},
		{"\\s", "a b", true}, {"^\\S+$", "a b", false}, {"[\\D]", "1", false}, {"[\\D]", "\xc3\xa9", true},
		{"\\bcat\\b", "a cat!", true}, {"\\bcat\\b", "concat", false}, {"\\Bcat", "concat", true},
		{"\\.", "a", false}, {"\\.", ".", true}, {"\\t", "\t", true}, {"\\(sd-pam\\)", "(sd-pam)", true},
		{"(?:ab)+c", "ababc", true}, {"a*?b", "aab", true}, {"kworker/\\d+:", "kworker/0:1-events", true},
		{"^(.*)(.*)(.*)$", "anything", true}, {".*x", "aaaaaaaaax", true}, {".*x", "aaaaaaaaaa", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_ROW(i, compile(rows[i].expression));
		CHECK_EQ_ROW(i, regex_match(&code, &re, bytes_of(rows[i].text)), rows[i].want);
	}
}

static void refused(void)
{
	static const struct {
		const char *expression;
		u32 at;
		const char *why;
	} rows[] = {
		{"*a", 0, "nothing to repeat"}, {"a|+", 2, "nothing to repeat"}, {"a**", 2, "nothing to repeat"},
		{"^*", 1, "nothing to repeat"}, {"\\b+", 2, "nothing to repeat"}, {"({2})", 1, "nothing to repeat"},
		{"a{2}{3}", 4, "nothing to repeat"}, {"a{256}", 1, "repeated more than 255 times"},
		{"a{1,99999999999}", 1, "repeated more than 255 times"}, {"a{3,2}", 1, "at least more than at most"},
		{"x(ab", 1, "this ( is not closed"}, {"ab)c", 2, "no ( belongs to this )"},
		{"x[ab", 1, "this [ is not closed"}, {"[", 0, "this [ is not closed"}, {"[]", 0, "this [ is not closed"},
		{"[z-a]", 1, "no such range"}, {"[a-\\d]", 1, "no such range"}, {"[[:nope:]]", 1, "no such kind of characters"},
		{"ab\\", 2, "nothing behind the backslash"}, {"[\\", 1, "nothing behind the backslash"},
		{"(a)\\1", 3, "no references to what matched before"}, {"a\\q", 1, "no such escape"},
		{"[\\b]", 1, "no such escape"}, {"(?=a)", 0, "of (? only (?: is known"}, {"(?", 0, "of (? only (?: is known"},
		{"((((((((((((((((a", 16, NULL}, {"(((((((((((((((((a", 16, "nested too deeply"},
		{"((a{255}){255}){255}", 7, "the expression is too large"}, {"(a|b|c|d){200}", 9, "the expression is too large"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_ROW(i, !compile(rows[i].expression));
		if (!rows[i].why)
			continue;
		CHECK_STR_ROW(i, err.why, rows[i].why);
		CHECK_ROW(i, err.at <= strlen(rows[i].expression));
		if (strcmp(rows[i].why, "the expression is too large") != 0)
			CHECK_EQ_ROW(i, err.at, rows[i].at);
	}
}

/* What makes others try 2^n ways is one pass here: it would not end. */
static void no_blow_up(void)
{
	static const char *const rows[] = {
		"^(a*)*b$", "^(a|a)*b$", "^(a|aa)+b$", "^(.*)*x$", "^((a*)*)*b$", "^a*a*a*a*a*a*a*a*b$",
		"^(a?){50}b$", "(x+x+)+y|a{250}b",
	};
	static char text[4096];

	memset(text, 'a', sizeof(text) - 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CHECK_ROW(i, compile(rows[i]));
		CHECK_ROW(i, !regex_match(&code, &re, bytes_of(text)));
	}
}

/* The expressions of a filter share their room, and do not meet. */
static void several(void)
{
	static const char *const expressions[] = {"^a[0-9]", "^b\\d", "[^\xc3\xa9]$", "c|d"};
	struct regex all[ARRAY_LEN(expressions)];

	memset(&code, 0, sizeof(code));
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		CHECK_ROW(i, regex_compile(&code, &all[i], bytes_of(expressions[i]), &err));
	for (size_t i = 0; i < 2; i++) {
		CHECK_EQ_ROW(i, regex_match(&code, &all[i], bytes_of("a1")), i == 0);
		CHECK_EQ_ROW(i, regex_match(&code, &all[i], bytes_of("b1")), i == 1);
	}
	CHECK(!regex_match(&code, &all[2], bytes_of("\xc3\xa9")));
	CHECK(regex_match(&code, &all[3], bytes_of("xd")));
}

/* Between arguments there is a NUL, which reads as a blank. */
static void arguments(void)
{
	static const unsigned char line[] = {'a', 0, 'B', 0, 0xff, 0};

	CHECK(compile("^a b \xff $"));
	CHECK(regex_match(&code, &re, (struct bytes){line, sizeof(line)}));
	CHECK(compile("a\\sb"));
	CHECK(regex_match(&code, &re, (struct bytes){line, sizeof(line)}));
	CHECK(compile("\\bb\\b"));
	CHECK(regex_match(&code, &re, (struct bytes){line, sizeof(line)}));
}

TESTS(regex, {"matches", matches}, {"refused", refused}, {"no_blow_up", no_blow_up},
      {"several", several}, {"arguments", arguments})
