/* proc/container_name.c - see proc/container_name.h. */
#include "proc/container_name.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 256, FILE_ROOM = 256 << 10 };

/* ---- as much JSON as it takes ---- */

/* From behind a quote to before the next; *at is behind that.  n == 0 at the end. */
static struct bytes string_at(struct bytes text, size_t *at, bool *escaped)
{
	size_t from = *at;

	*escaped = false;
	while (*at < text.n && text.p[*at] != '"') {
		*escaped |= text.p[*at] == '\\';
		*at += text.p[*at] == '\\' ? 2 : 1;
	}
	if (*at >= text.n)
		return (struct bytes){0};
	return (struct bytes){text.p + from, (*at)++ - from};
}

static bool blank(unsigned char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Steps over blanks and then one c. */
static bool step(struct bytes text, size_t *at, char c)
{
	while (*at < text.n && blank(text.p[*at]))
		++*at;
	if (*at >= text.n || text.p[*at] != (unsigned char)c)
		return false;
	++*at;
	return true;
}

struct bytes json_string_at(struct bytes text, const char *key, u32 depth)
{
	u32 now = 0;
	bool escaped;

	for (size_t at = 0; at < text.n;) {
		unsigned char c = text.p[at++];
		struct bytes s;

		if (c == '{' || c == '[')
			now++;
		else if ((c == '}' || c == ']') && !now--)
			break;
		if (c != '"')
			continue;
		s = string_at(text, &at, &escaped);
		if (!step(text, &at, ':') || now != depth || s.n != strlen(key) || memcmp(s.p, key, s.n))
			continue;
		while (step(text, &at, '['))
			now++;
		if (!step(text, &at, '"'))
			continue;
		s = string_at(text, &at, &escaped);
		return escaped ? (struct bytes){0} : s;
	}
	return (struct bytes){0};
}

/* ---- files ---- */

/* What a user could have put there is not followed and not waited for. */
static struct bytes read_file(const char *path, char *buf, size_t cap)
{
	struct stat st;
	ssize_t n = 0;
	int fd;

	++syscall_count;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return (struct bytes){0};
	syscall_count += 3;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		n = read(fd, buf, cap);
	close(fd);
	return (struct bytes){(unsigned char *)buf, n < 0 ? 0 : (size_t)n};
}

/* Where a runtime keeps the file of one container, or (behind NULL) of all, and
 * the keys whose values make its name. */
static const struct place {
	u32 runtimes;
	const char *before, *behind;
	u32 depth;
	const char *key[2];
} places[] = {
	{1u << RUNTIME_DOCKER, "/var/lib/docker/containers/", "/config.v2.json", 1, {"Name", NULL}},
	{1u << RUNTIME_CONTAINERD | 1u << RUNTIME_KUBERNETES,
	 "/run/containerd/io.containerd.runtime.v2.task/k8s.io/", "/config.json", 2,
	 {"io.kubernetes.cri.sandbox-name", "io.kubernetes.cri.container-name"}},
	{1u << RUNTIME_CONTAINERD, "/run/containerd/io.containerd.runtime.v2.task/default/", "/config.json", 2,
	 {"nerdctl/name", NULL}},
	{1u << RUNTIME_CRIO | 1u << RUNTIME_KUBERNETES,
	 "/run/containers/storage/overlay-containers/", "/userdata/config.json", 2,
	 {"io.kubernetes.pod.name", "io.kubernetes.container.name"}},
	{1u << RUNTIME_PODMAN, "/var/lib/containers/storage/overlay-containers/containers.json", NULL, 0,
	 {"names", NULL}},
};

static size_t put_part(char *out, size_t n, struct bytes part)
{
	/* Docker's begin with a slash, a relic of links between containers */
	if (!n && part.n && *part.p == '/') {
		part.p++;
		part.n--;
	}
	if (!part.n || part.n >= CONTAINER_NAME - n)
		return n;
	if (n)
		out[n++] = '/';
	part.n = MIN(part.n, CONTAINER_NAME - n);
	memcpy(out + n, part.p, part.n);
	return n + part.n;
}

static size_t name_in(const struct place *p, struct bytes text, struct bytes id, char *out)
{
	size_t n = 0;

	if (!text.n)
		return 0;
	if (!p->behind) {	/* {"id":"ID","names":["NAME"], */
		const unsigned char *at = memmem(text.p, text.n, id.p, id.n);

		if (!at || at == text.p || at[-1] != '"')
			return 0;
		at += id.n;
		if (at == text.p + text.n || *at++ != '"')
			return 0;
		text = (struct bytes){at, text.n - (size_t)(at - text.p)};
	}
	for (u32 i = 0; i < ARRAY_LEN(p->key) && p->key[i]; i++)
		n = put_part(out, n, json_string_at(text, p->key[i], p->depth));
	return n;
}

size_t container_name(enum container_runtime runtime, struct bytes id, char out[static CONTAINER_NAME])
{
	static char buf[FILE_ROOM];
	char path[PATH_ROOM];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(places) && !n; i++) {
		const struct place *p = &places[i];
		size_t at = strlen(p->before);

		if (!(p->runtimes & 1u << runtime) || at + id.n + 32 > sizeof(path))
			continue;
		memcpy(path, p->before, at + 1);
		if (p->behind) {
			memcpy(path + at, id.p, id.n);
			memcpy(path + at + id.n, p->behind, strlen(p->behind) + 1);
		}
		n = name_in(p, read_file(path, buf, sizeof(buf)), id, out);
	}
	return n;
}
