/* tests/tools/attach.c - usage: attach [-n] [-B] OBJECT.bpf.o...
 *
 * Loads each program of each object alone, attaches it, makes things happen and
 * prints one line, fields separated by tabs:
 *
 *	OBJECT PROGRAM SECTION FORM EVENTS VERIFIED_INSNS
 *	OBJECT PROGRAM SECTION no-load|no-attach REASON
 *
 * FORM is how it hangs on its hook, or run, or iter.  Programs HOOK__FORM are
 * also tried together as one hook: a line with the section "hook" whose FORM is
 * the program that won.  EVENTS come from the variable "events", or from key 0
 * of the map PROGRAM_map.
 *
 * Descriptors and mappings are counted around all of it: what is left over, or
 * would be inherited, is said on standard error, status 1.  tracefs is mounted
 * for this process alone if nobody has; -n: it is not.  -B: the kernel's BTF is
 * hidden. */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "loader/bpf.h"
#include "tests/tools/elffile.h"

#define TRACEFS "/sys/kernel/tracing"

enum { FORKS = 3, MAX_CPUS = 8192 };

static int status;

/* ---- things that happen ------------------------------------------------------ */

/* A child that opens a file and execs this program once more. */
static void happen_once(void)
{
	pid_t pid = fork();
	int st;

	if (!pid) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		if (fd >= 0)
			execl("/proc/self/exe", "attach", "--child", NULL);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &st, 0) != pid || st) {
		perror("attach: child");
		exit(2);
	}
}

static int read_iterator(int link)
{
	char buf[4096];
	ssize_t n;
	int fd = bpf_iter_create(link);

	if (fd < 0)
		return fd;
	do {
		n = read(fd, buf, sizeof(buf));
	} while (n > 0);
	close(fd);
	return (int)n;
}

/* ---- what is open ------------------------------------------------------------- */

struct held {
	u32 fds, btf, inherited, maps;	/* maps: mappings of the kernel's or of maps */
};

static struct held held(void)
{
	struct held h = {0};
	DIR *d = opendir("/proc/self/fd");
	FILE *maps = fopen("/proc/self/maps", "re");
	struct dirent *e;
	char line[512];

	while (d && (e = readdir(d))) {
		int fd = atoi(e->d_name), flags;
		ssize_t n = readlinkat(dirfd(d), e->d_name, line, sizeof(line) - 1);

		if (n < 0 || fd <= STDERR_FILENO || fd == dirfd(d))
			continue;
		line[n] = 0;
		h.fds++;
		h.btf += strstr(line, "btf") != NULL;
		flags = fcntl(fd, F_GETFD);
		h.inherited += flags >= 0 && !(flags & FD_CLOEXEC);
	}
	while (maps && fgets(line, sizeof(line), maps))
		h.maps += strstr(line, "vmlinux") || strstr(line, "bpf");
	if (d)
		closedir(d);
	if (maps)
		fclose(maps);
	return h;
}

static void complain(const char *object, const char *prog, const char *what)
{
	fprintf(stderr, "attach: %s: %s: %s\n", object, prog, what);
	status = 1;
}

/* Right after load: nothing of the kernel's types is left. */
static void check_loaded(const char *object, const char *prog, struct held before)
{
	struct held now = held();

	if (now.btf > before.btf)
		complain(object, prog, "the BTF is still open after load");
	if (now.inherited > before.inherited)
		complain(object, prog, "a descriptor would be inherited");
	if (now.maps > before.maps)
		complain(object, prog, "the kernel's BTF is still mapped after load");
}

static void check_closed(const char *object, const char *prog, struct held before)
{
	struct held now = held();

	if (now.fds != before.fds || now.maps != before.maps)
		complain(object, prog, "descriptors or mappings are left after close");
}

/* ---- one program ----------------------------------------------------------------- */

struct subject {
	const struct elffile *file;
	const char *object, *prog, *section;
};

static void head(const struct subject *s)
{
	printf("%s\t%s\t%s\t", s->object, s->prog, s->section);
}

static void refused(const struct subject *s, const char *stage, const struct diag *why)
{
	head(s);
	printf("%s\t%s\n", stage, why->what);
	if (getenv("ATTACH_LOG"))
		fprintf(stderr, "%s\n", why->log);
}

static u64 map_events(struct object *o, const char *map)
{
	static u64 values[MAX_CPUS];
	struct object_map_shape shape;
	u64 sum = 0;
	u32 key = 0;

	if (object_map_shape(o, map, &shape) || shape.cpus > MAX_CPUS ||
	    shape.key_size != sizeof(key) || shape.value_size != sizeof(*values) ||
	    bpf_map_lookup(object_map(o, map), &key, values))
		return 0;
	for (u32 i = 0; i < shape.cpus; i++)
		sum += values[i];
	return sum;
}

static u64 count_events(struct object *o, const char *prog)
{
	char map[64];
	u64 *events;

	snprintf(map, sizeof(map), "%.50s_map", prog);
	if (object_map(o, map) >= 0)
		return map_events(o, map);
	return object_var(o, "events", sizeof(*events), &events) ? 0 : *events;
}

static bool is_iter(const char *section)
{
	return !strncmp(section, "iter", 4);
}

static void exercise(const struct subject *s, struct object *o)
{
	const bool run = !strcmp(s->section, "syscall");
	struct diag why;
	const char *form;
	u32 ret;
	int link = run ? bpf_prog_run(object_prog(o, s->prog, NULL), &ret)
		       : object_attach(o, s->prog, &why);

	if (link < 0) {
		if (run)
			snprintf(why.what, sizeof(why.what), "run: %s", strerror(-link));
		refused(s, "no-attach", &why);
		return;
	}
	form = run ? "run" : is_iter(s->section) ? "iter" : object_attached_as(o, s->prog);
	for (u32 i = 0; !run && i < FORKS; i++)
		happen_once();
	if (is_iter(s->section) && read_iterator(link))
		form = "iter, unread";
	head(s);
	printf("%s\t%llu\t%u\n", form, (unsigned long long)count_events(o, s->prog),
	       object_prog_verified_insns(o, s->prog));
	if (!run) {
		u64 before;

		object_detach(o, s->prog);
		before = count_events(o, s->prog);
		happen_once();
		if (!is_iter(s->section) && count_events(o, s->prog) != before)
			complain(s->object, s->prog, "it goes on counting when it is detached");
	}
}

static void try_program(const struct subject *s)
{
	struct held before = held();
	struct object *o = NULL;
	struct diag why = {0};

	if (open_alone(s->file, s->prog, &o, &why) && !object_load(o, &why)) {
		check_loaded(s->object, s->prog, before);
		exercise(s, o);
	} else {
		refused(s, "no-load", &why);
	}
	object_close(o);
	check_closed(s->object, s->prog, before);
}

/* ---- one hook in several forms ------------------------------------------------------ */

static size_t hook_len(const char *prog)
{
	const char *at = strstr(prog, "__");

	return at && at != prog ? (size_t)(at - prog) : 0;
}

static void load_hook(const struct subject *s, const struct object_hook *hook)
{
	struct object *o = NULL;
	struct diag why = {0};
	const char *winner;

	if (!open_alone(s->file, "", &o, &why) || object_set_hooks(o, hook, 1) ||
	    object_load(o, &why)) {
		refused(s, "no-load", &why);
	} else {
		for (u32 i = 0; i < FORKS; i++)
			happen_once();
		winner = object_hook_form(o, s->prog, &why);
		head(s);
		printf("%s\t%llu\t%u\n", winner, (unsigned long long)count_events(o, winner),
		       object_prog_verified_insns(o, winner));
		for (u32 i = 0; i < OBJECT_FORMS && hook->form[i]; i++)
			if (hook->form[i] != winner && strcmp(hook->form[i], winner) != 0 &&
			    object_prog(o, hook->form[i], NULL) >= 0)
				complain(s->object, hook->form[i], "a form that lost is loaded");
	}
	object_close(o);
}

static void try_hooks(const struct subject *s)
{
	const struct image *img = &s->file->img;

	for (u32 i = 0; i < img->nfunc; i++) {
		size_t n = hook_len(img->func[i].name);
		struct object_hook hook = {0};
		struct held before = held();
		char name[64];
		struct subject it = *s;
		u32 forms = 0;

		if (!n || n >= sizeof(name) || !img->func[i].entry ||
		    (i && img->func[i - 1].entry && hook_len(img->func[i - 1].name) == n &&
		     !strncmp(img->func[i - 1].name, img->func[i].name, n)))
			continue;
		memcpy(name, img->func[i].name, n);
		name[n] = 0;
		for (u32 k = i; k < img->nfunc && forms < OBJECT_FORMS; k++)
			if (hook_len(img->func[k].name) == n &&
			    !strncmp(img->func[k].name, name, n))
				hook.form[forms++] = img->func[k].name;
		hook.name = it.prog = name;
		it.section = "hook";
		load_hook(&it, &hook);
		check_closed(s->object, name, before);
	}
}

/* ---- the whole ------------------------------------------------------------------------ */

static void try_object(const char *path)
{
	struct elffile f;
	struct subject s = {.file = &f, .object = f.name};

	if (!elffile_open(&f, path)) {
		status = 1;
		return;
	}
	for (u32 i = 0; i < f.img.nfunc; i++) {
		if (!f.img.func[i].entry)
			continue;
		s.prog = f.img.func[i].name;
		s.section = f.img.func[i].section;
		try_program(&s);
		fflush(stdout);
	}
	try_hooks(&s);
	elffile_close(&f);
}

/* Seen by this process and its children alone. */
static void mount_here(const char *type, const char *where)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(type, where, type, 0, NULL))
		fprintf(stderr, "attach: mounting %s at %s: %m\n", type, where);
}

int main(int argc, char **argv)
{
	bool tracefs = true, btf = true;
	int opt;

	if (argc == 2 && !strcmp(argv[1], "--child"))
		return 0;
	while ((opt = getopt(argc, argv, "nB")) != -1) {
		tracefs &= opt != 'n';
		btf &= opt != 'B';
	}
	if (opt == '?' || optind == argc) {
		fprintf(stderr, "usage: attach [-n] [-B] OBJECT.bpf.o...\n");
		return 2;
	}
	if (tracefs && access(TRACEFS "/events", F_OK))
		mount_here("tracefs", TRACEFS);
	if (!btf)
		mount_here("tmpfs", "/sys/kernel/btf");
	for (; optind < argc; optind++)
		try_object(argv[optind]);
	return status;
}
