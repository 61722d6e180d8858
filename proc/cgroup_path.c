/* proc/cgroup_path.c - see proc/cgroup_path.h. */
#include "proc/cgroup_path.h"
#include "proc/scan.h"

enum {
	ID_LEAST = 12, ID_WHOLE = 64,	/* hexadecimal digits of a container's id */
	SHORT_ID = 12,
	UUID = 36, POD_HASH = 32,	/* of a pod: of static ones the hash of their file */
};

const char *const runtime_name[RUNTIME_N] = {
	[RUNTIME_DOCKER] = "docker", [RUNTIME_PODMAN] = "podman", [RUNTIME_CONTAINERD] = "containerd",
	[RUNTIME_CRIO] = "cri-o", [RUNTIME_LXC] = "lxc", [RUNTIME_NSPAWN] = "systemd-nspawn",
	[RUNTIME_KUBERNETES] = "kubernetes", [RUNTIME_OCI] = "oci",
};

/* ---- texts ---- */

static bool is(struct bytes t, const char *what)
{
	return t.n == strlen(what) && !memcmp(t.p, what, t.n);
}

static bool strip_front(struct bytes *t, const char *what)
{
	size_t n = strlen(what);

	if (t->n < n || memcmp(t->p, what, n))
		return false;
	t->p += n;
	t->n -= n;
	return true;
}

static bool strip_back(struct bytes *t, const char *what)
{
	size_t n = strlen(what);

	if (t->n < n || memcmp(t->p + t->n - n, what, n))
		return false;
	t->n -= n;
	return true;
}

static bool ends_with(struct bytes t, const char *what)
{
	return strip_back(&t, what);
}

/* The next component; n == 0 at the end.  Slashes before it are skipped. */
static struct bytes next_part(struct bytes *path)
{
	struct bytes part;

	while (path->n && *path->p == '/') {
		path->p++;
		path->n--;
	}
	part = (struct bytes){path->p, 0};
	while (path->n && *path->p != '/') {
		path->p++;
		path->n--;
		part.n++;
	}
	return part;
}

static bool is_hex(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool all_hex(struct bytes t)
{
	size_t i = 0;

	while (i < t.n && is_hex(t.p[i]))
		i++;
	return i == t.n;
}

static bool is_id(struct bytes t)
{
	return t.n >= ID_LEAST && t.n <= ID_WHOLE && all_hex(t);
}

static bool is_whole_id(struct bytes t)
{
	return t.n == ID_WHOLE && all_hex(t);
}

/* ---- units ---- */

/* Kinds of units that have cgroups: systemd.unit(5). */
static bool is_unit(struct bytes part)
{
	static const char *const suffix[] = {".service", ".scope", ".socket", ".mount", ".swap"};

	for (size_t i = 0; i < ARRAY_LEN(suffix); i++)
		if (part.n > strlen(suffix[i]) && ends_with(part, suffix[i]))
			return true;
	return false;
}

static bool is_slice(struct bytes part)
{
	return part.n > strlen(".slice") && ends_with(part, ".slice");
}

/* Below slices, the first that is none; whatever it has made below itself is
 * its own business.  n == 0: there is no unit. */
static struct bytes unit_below(struct bytes *path)
{
	struct bytes slice = {0}, part;

	while ((part = next_part(path)).n && is_slice(part))
		slice = part;
	return is_unit(part) ? part : slice;
}

static struct bytes unit_of(struct bytes path)
{
	struct bytes unit = unit_below(&path), user, manager = unit;

	if (!strip_front(&manager, "user@") || !ends_with(unit, ".service"))
		return unit;
	user = unit_below(&path);
	return user.n && !is(user, "init.scope") ? user : unit;
}

/* ---- containers ---- */

/* One component that names a container.  Those with an id may lack ".scope":
 * that is the cgroupfs driver's form. */
static const struct form {
	const char *prefix, *suffix;	/* suffix NULL: an id, ".scope" or not */
	enum container_runtime runtime;
	bool monitor;
} forms[] = {
	{"docker-", NULL, RUNTIME_DOCKER, false},
	{"libpod-conmon-", NULL, RUNTIME_PODMAN, true},
	{"libpod-payload-", NULL, RUNTIME_PODMAN, false},	/* --cgroups=split */
	{"libpod-", NULL, RUNTIME_PODMAN, false},
	{"cri-containerd-", NULL, RUNTIME_CONTAINERD, false},
	{"containerd-", NULL, RUNTIME_CONTAINERD, false},
	{"nerdctl-", NULL, RUNTIME_CONTAINERD, false},
	{"crio-conmon-", NULL, RUNTIME_CRIO, true},
	{"crio-", NULL, RUNTIME_CRIO, false},
	{"lxc.payload.", "", RUNTIME_LXC, false},
	{"lxc.monitor.", "", RUNTIME_LXC, true},
	{"machine-qemu\\x2d", ".scope", RUNTIME_NONE, false},	/* a virtual machine of libvirt */
	{"machine-lxc\\x2d", ".scope", RUNTIME_LXC, false},	/* libvirt: a number, then the name */
	{"machine-", ".scope", RUNTIME_NSPAWN, false},
	{"systemd-nspawn@", ".service", RUNTIME_NSPAWN, false},
};

/* What the component above says of a name or an id that stands alone. */
static const struct parent {
	const char *name;
	enum container_runtime runtime;
	bool named, monitor;
} parents[] = {
	{"docker", RUNTIME_DOCKER, false, false},
	{"moby", RUNTIME_DOCKER, false, false},		/* Docker's namespace of containerd */
	{"k8s.io", RUNTIME_CONTAINERD, false, false},
	{"default", RUNTIME_CONTAINERD, false, false},
	{"lxc", RUNTIME_LXC, true, false},
	{"lxc.payload", RUNTIME_LXC, true, false},
	{"lxc.monitor", RUNTIME_LXC, true, true},
};

static void take(struct cgroup_owner *out, struct bytes container, enum container_runtime runtime, bool named)
{
	out->runtime = runtime;
	out->container = container;
	out->named = named;
}

/* libvirt: "1234\x2dweb" is "web". */
static void strip_number(struct bytes *name)
{
	struct bytes t = *name;

	while (t.n && *t.p >= '0' && *t.p <= '9') {
		t.p++;
		t.n--;
	}
	if (strip_front(&t, "\\x2d") && t.n)
		*name = t;
}

static bool take_form(struct cgroup_owner *out, struct bytes part)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct form *f = &forms[i];
		struct bytes name = part;

		if (!strip_front(&name, f->prefix))
			continue;
		if (f->suffix ? !strip_back(&name, f->suffix) : strip_back(&name, ".scope") && !name.n)
			continue;
		if (!name.n || (!f->suffix && !is_id(name)))
			continue;
		if (f->runtime == RUNTIME_LXC)
			strip_number(&name);
		if (f->runtime != RUNTIME_NONE)
			take(out, name, f->runtime, f->suffix);
		out->monitor = f->monitor;
		return true;
	}
	return false;
}

/* "kubepods-besteffort-podUID.slice:cri-containerd:ID": a runtime that was told
 * systemd's form and makes cgroups itself. */
static bool take_colons(struct cgroup_owner *out, struct bytes part)
{
	const unsigned char *colon = memrchr(part.p, ':', part.n);
	struct bytes before = part, id;

	if (!colon)
		return false;
	before.n = (size_t)(colon - part.p);
	id = (struct bytes){colon + 1, part.n - before.n - 1};
	if (!is_id(id))
		return false;
	take(out, id, ends_with(before, ":cri-containerd") ? RUNTIME_CONTAINERD
		    : ends_with(before, ":crio") ? RUNTIME_CRIO
		    : ends_with(before, ":docker") ? RUNTIME_DOCKER
		    : ends_with(before, ":libpod") ? RUNTIME_PODMAN : RUNTIME_OCI, false);
	return true;
}

static void take_child(struct cgroup_owner *out, struct bytes parent, struct bytes part)
{
	for (size_t i = 0; i < ARRAY_LEN(parents); i++) {
		if (!is(parent, parents[i].name) || !(parents[i].named || is_whole_id(part)))
			continue;
		take(out, part, parents[i].runtime, parents[i].named);
		out->monitor = parents[i].monitor;
		return;
	}
	if (is_whole_id(part))
		take(out, part, out->pod.n ? RUNTIME_KUBERNETES : RUNTIME_OCI, false);
}

/* "podUID", "kubepods-burstable-podUID.slice", Podman's "machine-libpod_pod_ID.slice". */
static bool take_pod(struct cgroup_owner *out, struct bytes part)
{
	const unsigned char *at;
	struct bytes uid = part;

	at = memmem(part.p, part.n, "libpod_pod_", 11);
	if (at) {
		uid = (struct bytes){at + 11, part.n - (size_t)(at + 11 - part.p)};
		strip_back(&uid, ".slice");
		if (!is_whole_id(uid))
			return false;
		out->pod = uid;
		return true;
	}
	at = memmem(part.p, part.n, "kubepods", 8);
	at = at ? memmem(part.p, part.n, "-pod", 4) : NULL;
	if (at)
		uid = (struct bytes){at + 4, part.n - (size_t)(at + 4 - part.p)};
	else if (!strip_front(&uid, "pod"))
		return false;
	at = memchr(uid.p, '.', uid.n);		/* ".slice", or ".slice:cri-containerd:ID" */
	if (at)
		uid.n = (size_t)(at - uid.p);
	if (uid.n != UUID && !(uid.n == POD_HASH && all_hex(uid)))
		return false;
	out->pod = uid;
	return true;
}

void cgroup_owner_of(struct cgroup_owner *out, struct bytes path)
{
	struct bytes part, parent = {0};

	/* of a cgroup that was removed under its last zombie */
	strip_back(&path, " (deleted)");
	*out = (struct cgroup_owner){.unit = unit_of(path)};
	for (; (part = next_part(&path)).n; parent = part) {
		bool pod = take_pod(out, part);

		if (!take_colons(out, part) && !pod && !take_form(out, part))
			take_child(out, parent, part);
		if (out->runtime == RUNTIME_NSPAWN && is(part, "supervisor"))
			out->monitor = true;
	}
}

/* ---- the short form ---- */

struct shape {
	char *out;
	size_t n, cap;
};

static void put(struct shape *s, struct bytes t)
{
	size_t n = MIN(t.n, s->cap - s->n);

	memcpy(s->out + s->n, t.p, n);
	s->n += n;
}

static void put_str(struct shape *s, const char *t)
{
	put(s, (struct bytes){(const unsigned char *)t, strlen(t)});
}

static void put_in(struct shape *s, const char *open, struct bytes t, const char *close)
{
	put_str(s, open);
	put(s, t);
	put_str(s, close);
}

/* How a component is written: between these two, without those. */
static const struct short_form {
	const char *prefix, *suffix, *open, *close;
	enum {PLAIN, WHOLE, ID} how;
} short_forms[] = {
	{"system.slice", "", "[S", "]", WHOLE},
	{"machine.slice", "", "[M", "]", WHOLE},
	{"user.slice", "", "[U", "]", WHOLE},
	{"lxc.payload.", "", "[lxc:", "]", PLAIN},
	{"lxc.monitor.", "", "[LXC:", "]", PLAIN},
	{"machine-", ".scope", "[snc:", "]", PLAIN},
	{"snap.", ".scope", "!snap:", "", PLAIN},
	{"libpod-", ".scope", "!pod:", "", ID},
	{"docker-", ".scope", "!docker:", "", ID},
	{"", ".slice", "[", "]", PLAIN},
	{"", ".service", "", "", PLAIN},
	{"", ".scope", "!", "", PLAIN},
};

static void put_part(struct shape *s, struct bytes part)
{
	for (size_t i = 0; i < ARRAY_LEN(short_forms); i++) {
		const struct short_form *f = &short_forms[i];
		struct bytes name = part;

		if (!strip_front(&name, f->prefix) || !strip_back(&name, f->suffix) || (f->how == WHOLE) == !!name.n)
			continue;
		if (f->how == ID && name.n > SHORT_ID)
			name.n = SHORT_ID;
		put_in(s, f->open, name, f->close);
		return;
	}
	put(s, part);
}

/* What a slice of systemd has directly below it says it again: "user-1000.slice",
 * "system-getty.slice"; of the first the number is of use. */
static bool folded(struct shape *s, struct bytes parent, struct bytes part)
{
	if (!is_slice(part))
		return false;
	if (is(parent, "system.slice") && strip_front(&part, "system-"))
		return true;
	if (!is(parent, "user.slice") || !strip_front(&part, "user-"))
		return false;
	strip_back(&part, ".slice");
	s->n -= s->n > 0;		/* the "]" */
	put_in(s, ":", part, "]");
	return true;
}

size_t cgroup_compress(struct bytes path, char *out, size_t cap)
{
	struct shape s = {.out = out, .cap = cap};
	struct bytes part, parent = {0};

	if (path.n == 1 && *path.p == '/')
		put_str(&s, "/");
	for (; (part = next_part(&path)).n; parent = part) {
		if (folded(&s, parent, part))
			continue;
		put_str(&s, "/");
		put_part(&s, part);
	}
	return s.n;
}

/* ---- escapes ---- */

static unsigned hex_digit(unsigned char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10u;
}

size_t unit_unescape(struct bytes t, char *out)
{
	size_t n = 0;

	if (t.n > 1 && *t.p == '_') {
		t.p++;
		t.n--;
	}
	for (; t.n; t.p++, t.n--) {
		if (t.n >= 4 && t.p[0] == '\\' && t.p[1] == 'x' && is_hex(t.p[2]) && is_hex(t.p[3])) {
			out[n++] = (char)(hex_digit(t.p[2]) << 4 | hex_digit(t.p[3]));
			t.p += 3;
			t.n -= 3;
		} else {
			out[n++] = (char)*t.p;
		}
	}
	return n;
}

/* ---- /proc/PID/cgroup ---- */

/* "ID:CONTROLLERS:PATH", cgroups(7).  No name holds a newline: cgroup_mkdir() of
 * kernel/cgroup/cgroup.c refuses it for the sake of this file. */
static bool split_line(struct scan *line, struct bytes *controllers, struct bytes *path)
{
	u32 hierarchy;
	const unsigned char *colon;

	if (!scan_u32(line, &hierarchy) || !scan_byte(line, ':'))
		return false;
	colon = memchr(line->at, ':', scan_left(line));
	if (!colon)
		return false;
	*controllers = (struct bytes){line->at, (size_t)(colon - line->at)};
	*path = (struct bytes){colon + 1, (size_t)(line->end - colon - 1)};
	return path->n > 0;
}

static bool names_one(struct bytes controllers, const char *wanted)
{
	const unsigned char *at = memmem(controllers.p, controllers.n, wanted, strlen(wanted));

	return at == controllers.p || (at && wanted[0] != 'n' && at[-1] == ',');
}

struct bytes cgroup_line(struct bytes text, bool *v1)
{
	/* in this order; no controllers: v2 */
	static const char *const wanted[] = {"", "name=systemd", "name=", "memory", "pids"};
	struct bytes controllers, path;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct scan s = scan_of(text), line;

		while (scan_line(&s, &line)) {
			bool match;

			if (!split_line(&line, &controllers, &path))
				continue;
			match = i ? names_one(controllers, wanted[i]) : !controllers.n;
			if (match && !is(path, "/")) {
				*v1 = i > 0;
				return path;
			}
		}
	}
	*v1 = false;
	return BYTES_LIT("/");
}

bool cgroup_has_v1(struct bytes text)
{
	struct scan s = scan_of(text), line;
	struct bytes controllers, path;

	while (scan_line(&s, &line))
		if (split_line(&line, &controllers, &path) && controllers.n)
			return true;
	return false;
}
