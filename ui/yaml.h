/* ui/yaml.h - the part of YAML 1.2 that a configuration needs, strictly: maps,
 * lists, scalars, quotes, comments, indentation by blanks, [flow] and {flow: x}.
 * No anchors, tags, block scalars, directives, several documents.
 *
 * Nodes point into the text, so that a file can be changed in place.  No
 * allocation, no recursion: depth and number of nodes are bounded. */
#ifndef UI_YAML_H
#define UI_YAML_H

#include "loader/base.h"

enum { YAML_NODES = 1024, YAML_DEPTH = 8, YAML_ERRORS = 20 };

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	u8 kind;			/* enum yaml_kind */
	bool flow;			/* in brackets or braces */
	bool bad;			/* of an entry of the root: something in it is wrong */
	u16 parent, next, first, last;	/* node numbers; 0 (the root) is none */
	u32 line;			/* from 1 */
	u32 indent;			/* columns before its key or its dash */
	u32 key_at, key_n;		/* in a map: the key as written */
	u32 at, n;			/* the value as written; NULL and block: behind ':' or '-', 0 */
};

typedef void yaml_error_fn(void *arg, u32 line, const char *why);

struct yaml {
	struct bytes text;
	yaml_error_fn *error;
	void *arg;
	u32 errors;
	u32 end;			/* of what counts: all of it, or up to "..." */
	u32 n;				/* nodes; node[0] is the root, a map */
	struct yaml_node node[YAML_NODES];
};

/* Reads text, which must outlive *y.  What is wrong is reported, and reading
 * goes on at the next key in the first column; an entry of the root with
 * anything wrong in it is marked bad.  True when nothing was wrong. */
bool yaml_parse(struct yaml *y, struct bytes text, yaml_error_fn *error, void *arg);

/* Without its quotes, ended by NUL; its length, or -1 when it is longer than
 * cap - 1.  A node that is no scalar is empty. */
s32 yaml_scalar(const struct yaml *y, const struct yaml_node *node, char *out, size_t cap);
s32 yaml_key(const struct yaml *y, const struct yaml_node *node, char *out, size_t cap);

/* Where the last byte of a value is, plus one. */
u32 yaml_end(const struct yaml *y, const struct yaml_node *node);

#endif
