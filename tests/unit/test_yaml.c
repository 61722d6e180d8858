/* tests/unit/test_yaml.c - text to a tree, or to a line and what is wrong there. */
#include "tests/unit/test.h"
#include "ui/out.h"
#include "ui/yaml.h"

static struct yaml y;
static char shown[4096];
static struct out o;

static void on_error(void *arg, u32 line, const char *why)
{
	(void)arg;
	out_u64(&o, line);
	out_lit(&o, ": ");
	out_str(&o, why);
	out_char(&o, '\n');
}

/* The tree in one line: {a: <x>, b: [<1>, null]} */
static void show(const struct yaml_node *n)
{
	char text[128];

	if (n->kind == YAML_SCALAR) {
		out_char(&o, '<');
		out_str(&o, yaml_scalar(&y, n, text, sizeof(text)) < 0 ? "(bad)" : text);
		out_char(&o, '>');
		return;
	}
	if (n->kind == YAML_NULL) {
		out_lit(&o, "null");
		return;
	}
	out_char(&o, n->kind == YAML_MAP ? '{' : '[');
	for (u16 i = n->first; i; i = y.node[i].next) {
		if (i != n->first)
			out_lit(&o, ", ");
		if (n->kind == YAML_MAP) {
			yaml_key(&y, &y.node[i], text, sizeof(text));
			out_str(&o, text);
			out_str(&o, y.node[i].bad ? "!" : "");
			out_lit(&o, ": ");
		}
		show(&y.node[i]);
	}
	out_char(&o, n->kind == YAML_MAP ? '}' : ']');
}

static const char *parse(const char *text)
{
	memset(shown, 0, sizeof(shown));
	o = (struct out){shown, sizeof(shown) - 1, 0, false};
	if (yaml_parse(&y, (struct bytes){(const unsigned char *)text, strlen(text)}, on_error, NULL))
		show(&y.node[0]);
	return shown;
}

static void test_trees(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", "{}"}, {"# only\n\n", "{}"}, {"---\na: 1\n...\nb: 2", "{a: <1>}"},
		{"\xef\xbb\xbf" "a: 1", "{a: <1>}"}, {"a: 1\r\nb: 2\r\n", "{a: <1>, b: <2>}"},
		{"a:\nb: x", "{a: null, b: <x>}"},
		{"a: x y  # z\nb: x#y", "{a: <x y>, b: <x#y>}"},
		{"a: 'it''s # no'\nb: \"q\\\"\\\\\\n\\x41\"", "{a: <it's # no>, b: <q\"\\\nA>}"},
		{"\"a b\": 1\n'c: d': 2", "{a b: <1>, c: d: <2>}"},
		{"a: CPU%:desc\nb: http://x", "{a: <CPU%:desc>, b: <http://x>}"},
		{"a:\n  b: 1\n  c: 2\nd: 3", "{a: {b: <1>, c: <2>}, d: <3>}"},
		{"a:\n  - 1\n  - 2\nb: 3", "{a: [<1>, <2>], b: <3>}"},
		{"a:\n- 1\n- 2\nb: 3", "{a: [<1>, <2>], b: <3>}"},
		{"a:\n  - n: 1\n    m: 2\n  - n: 3", "{a: [{n: <1>, m: <2>}, {n: <3>}]}"},
		{"a:\n  -\n    n: 1\n  - - x\n    - y", "{a: [{n: <1>}, [<x>, <y>]]}"},
		{"a:\n  - n:\n    - 1\n    - 2\n    m: 3", "{a: [{n: [<1>, <2>], m: <3>}]}"},
		{"a:\n  - {b: 1, c: 2}\n  - [x, y]\n", "{a: [{b: <1>, c: <2>}, [<x>, <y>]]}"},
		{"a: [x, y z, 'p, q', \"]\"]", "{a: [<x>, <y z>, <p, q>, <]>]}"},
		{"a: [[1, 2], [], {b: 1, c: d e}]", "{a: [[<1>, <2>], [], {b: <1>, c: <d e>}]}"},
		{"a: [ # one\n  1,\n  2, # two\n]\nb: 1", "{a: [<1>, <2>], b: <1>}"},
		{"a: {b: \"#ff0000 bold\", c: CPU(3) bar}", "{a: {b: <#ff0000 bold>, c: <CPU(3) bar>}}"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_STR_ROW(i, parse(rows[i].text), rows[i].want);
}

static void test_errors(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"a: 1\nb 2", "2: neither \"key: value\" nor \"- value\"\n"},
		{"a: 1\n  b: 2", "2: indented like no line above\n"},
		{"a:\n    b: 1\n  c: 2", "3: indented like no line above\n"},
		{"a:\n\tb: 1", "2: a tab before the text: indent by blanks\n"},
		{"a: 1\na: 2", "2: this key is said twice\n"},
		{"a: {b: 1, b: 2}", "1: this key is said twice\n"},
		{"- a", "1: a list where a key belongs\n"},
		{"a:\n  - 1\n  b: 2", "3: indented like no line above\n"},
		{"a: 'x", "1: a quote that is not closed on its line\n"},
		{"a: 'x' y", "1: something behind the value: quote it, or begin a line\n"},
		{"a: b: c", "1: something behind the value: quote it, or begin a line\n"},
		{"a: [1, 2", "1: a bracket that is not closed\n"},
		{"a: [1 2, {b}]", "1: neither \"key: value\" nor \"- value\"\n"},
		{"a: ['1' '2']", "1: a comma or the closing bracket is missing\n"},
		{"a: [[[[[[[[[1]]]]]]]]]", "1: nested too deeply\n"},
		{"a: x\n%b: 1", "2: this needs quotes: anchors, tags and blocks of text are not understood\n"},
		{"a: |\n  text", "1: this needs quotes: anchors, tags and blocks of text are not understood\n"},
		{"a: \x01", "1: not text\n"}, {"a: \xff", "1: not text\n"}, {"a: \x1b[31m", "1: not text\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		CHECK_STR_ROW(i, parse(rows[i].text), rows[i].want);
	/* what follows is read all the same */
	parse("a: 1\nb: [1\n  2]\n  - x\nc: 3\n");
	CHECK_STR(shown, "3: a comma or the closing bracket is missing\n");
	o.len = 0;
	memset(shown, 0, sizeof(shown));
	show(&y.node[0]);
	CHECK_STR(shown, "{a: <1>, b!: [<1>], c: <3>}");
}

/* Neither depth nor number of entries has a way past its bound. */
static void test_bounds(void)
{
	static char text[65536];
	size_t n = 0;

	for (u32 i = 0; i < 30; i++) {
		memset(text + n, ' ', i);
		n += i;
		memcpy(text + n, "a:\n", 3);
		n += 3;
	}
	text[n] = 0;
	CHECK_STR(parse(text), "9: nested too deeply\n");
	n = 0;
	for (u32 i = 0; i < 5000; i++) {
		text[n++] = (char)('a' + i % 26);
		n += put_u64(text + n, i);
		memcpy(text + n, ":\n", 2);
		n += 2;
	}
	text[n] = 0;
	CHECK_STR(parse(text), "1024: more entries than there is room for\n");
	memset(text, '[', sizeof(text) - 1);
	memcpy(text, "a: ", 3);
	CHECK_STR(parse(text), "1: nested too deeply\n");
}

TESTS(yaml, {"trees", test_trees}, {"errors", test_errors}, {"bounds", test_bounds})
