/* ui/json.h - objects and arrays on a sink: the commas, keys and brackets. */
#ifndef UI_JSON_H
#define UI_JSON_H

#include "ui/sink.h"

struct json {
	struct sink *sink;
	bool comma;		/* something stands before, on this level */
};

enum { JSON_KEY_BYTES = 64 };	/* the longest key with quotes, colon and comma */

/* key is one of our own names, nothing to escape; NULL inside an array. */
void json_key(struct json *j, const char *key);
void json_open(struct json *j, const char *key, char bracket);	/* '{' or '[' */
void json_close(struct json *j, char bracket);			/* '}' or ']' */

void json_u64(struct json *j, const char *key, u64 v);
void json_fixed(struct json *j, const char *key, u64 v, unsigned digits);
void json_percent(struct json *j, const char *key, u64 ppm);
void json_bytes(struct json *j, const char *key, struct bytes text);
void json_str(struct json *j, const char *key, const char *text);

#endif
