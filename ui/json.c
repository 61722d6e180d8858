/* ui/json.c - see ui/json.h. */
#include "ui/json.h"

void json_key(struct json *j, const char *key)
{
	if (j->comma)
		sink_char(j->sink, ',');
	j->comma = true;
	if (!key)
		return;
	sink_char(j->sink, '"');
	sink_str(j->sink, key);
	sink_str(j->sink, "\":");
}

void json_open(struct json *j, const char *key, char bracket)
{
	json_key(j, key);
	sink_char(j->sink, bracket);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	sink_char(j->sink, bracket);
	j->comma = true;
}

void json_u64(struct json *j, const char *key, u64 v)
{
	json_key(j, key);
	sink_u64(j->sink, v);
}

void json_fixed(struct json *j, const char *key, u64 v, unsigned digits)
{
	json_key(j, key);
	sink_fixed(j->sink, v, digits);
}

void json_percent(struct json *j, const char *key, u64 ppm)
{
	json_key(j, key);
	sink_percent(j->sink, ppm);
}

void json_bytes(struct json *j, const char *key, struct bytes text)
{
	json_key(j, key);
	sink_json_string(j->sink, text);
}

void json_str(struct json *j, const char *key, const char *text)
{
	json_bytes(j, key, (struct bytes){(const unsigned char *)text, strlen(text)});
}
