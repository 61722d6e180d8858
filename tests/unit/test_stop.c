/* tests/unit/test_stop.c - what is named, what is guarded, and who was moved. */
#include "proc/alone.h"
#include "proc/guard.h"
#include "proc/target.h"
#include "tests/unit/test.h"

#include <unistd.h>

static struct bytes bytes_of(const char *text)
{
	return (struct bytes){(const u8 *)text, strlen(text)};
}

static void targets(void)
{
	static const struct {
		const char *text;
		bool ok;
		enum target_kind kind;
		u32 pid;
	} row[] = {
		{"pid:1", true, TARGET_PID, 1}, {"pid:4194304", true, TARGET_PID, 4194304},
		{"pid:2147483647", true, TARGET_PID, 2147483647}, {"pid:2147483648", false, 0, 0},
		{"pid:0", false, 0, 0}, {"pid:", false, 0, 0}, {"pid:-1", false, 0, 0}, {"pid:1 ", false, 0, 0},
		{"pid: 1", false, 0, 0}, {"pid:1x", false, 0, 0}, {"pid:99999999999999999999", false, 0, 0},
		{"unit:nginx", true, TARGET_UNIT, 0}, {"unit:", false, 0, 0}, {"unit", false, 0, 0},
		{"container:web", true, TARGET_CONTAINER, 0}, {"container:", false, 0, 0},
		{"cgroup:/", true, TARGET_CGROUP, 0}, {"cgroup:a", false, 0, 0}, {"cgroup:", false, 0, 0},
		{"", false, 0, 0}, {"PID:1", false, 0, 0}, {"1", false, 0, 0}, {"unit:a:b", true, TARGET_UNIT, 0},
	};
	static struct target t;

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		bool ok = !target_parse(&t, row[i].text);

		CHECK_ROW(i, ok == row[i].ok);
		if (ok && row[i].ok) {
			CHECK_ROW(i, t.kind == row[i].kind);
			CHECK_EQ_ROW(i, t.who.pid, row[i].pid);
		}
	}
}

#define ID	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void guarded_names(void)
{
	static const struct {
		const char *path, *part;	/* NULL: anybody's */
	} row[] = {
		{"/", NULL}, {"", NULL}, {"/init.scope", "init.scope"},
		{"/system.slice/systemd-journald.service", "systemd-journald.service"},
		{"/system.slice/systemd-udevd.service/udev", "systemd-udevd.service"},
		{"/system.slice/dbus.service", "dbus.service"},
		{"/system.slice/dbus-broker.service", "dbus-broker.service"},
		{"/system.slice/docker.service", "docker.service"},
		{"/system.slice/containerd.service", "containerd.service"},
		{"/system.slice/crio.service", "crio.service"}, {"/system.slice/kubelet.service", "kubelet.service"},
		{"/machine.slice/libpod-conmon-" ID ".scope", "libpod-conmon-" ID ".scope"},
		{"/user.slice/user-1000.slice/user@1000.service/init.scope", "init.scope"},
		{"/user.slice/user-1000.slice/user@1000.service/app.slice/dbus.service", "dbus.service"},
		{"/system.slice/nginx.service", NULL}, {"/system.slice/docker.socket", NULL},
		{"/system.slice/mysystemd-x.service", NULL}, {"/system.slice/systemd-x.scope", NULL},
		{"/system.slice/dbus.services", NULL}, {"/system.slice", NULL},
		{"/system.slice/docker-" ID ".scope", NULL}, {"/docker/" ID, NULL},
		{"/docker/" ID "/init.scope", NULL}, {"/docker/" ID "/system.slice/systemd-logind.service", NULL},
		{"/machine.slice/libpod-" ID ".scope/container", NULL},
		{"/machine.slice/systemd-nspawn@web.service/payload/init.scope", NULL},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		struct bytes part = {0}, want = row[i].part ? bytes_of(row[i].part) : part;

		CHECK_ROW(i, guard_name(bytes_of(row[i].path), &part) == !!row[i].part);
		if (row[i].part)
			CHECK_ROW(i, part.n == want.n && !memcmp(part.p, want.p, want.n));
	}
}

static void own_chain(void)
{
	static struct scope s;
	static struct guard g;

	guard_learn(&g);
	CHECK(g.n >= 2);
	CHECK_EQ(g.pid[0], getpid());
	CHECK_EQ(g.pid[1], getppid());
	guard_process(&g, 1, "/a", &s);
	CHECK(s.guarded && !strcmp(s.why, "process 1"));
	guard_process(&g, (u32)getpid(), "/a", &s);
	CHECK(s.guarded && !strcmp(s.why, "pitstop itself"));
	guard_process(&g, (u32)getppid(), "/a", &s);
	CHECK(s.guarded && !strncmp(s.why, getppid() == 1 ? "process 1" : "pitstop runs under ", 9));
	guard_process(&g, 0x7fffffff, "/system.slice/dbus.service", &s);
	CHECK(s.guarded && !strncmp(s.why, "dbus.service is ", 16));
	guard_process(&g, 0x7fffffff, "/a", &s);
	CHECK(!s.guarded && s.processes == 1);
}

static void owners(void)
{
	static const struct {
		const char *path;
		enum target_kind kind;
		size_t n;
	} row[] = {
		{"/system.slice/nginx.service", TARGET_UNIT, 27}, {"/system.slice/nginx.service/sub", TARGET_UNIT, 27},
		{"/a/b", TARGET_UNIT, 0}, {"/", TARGET_UNIT, 0}, {"/a/b", TARGET_CONTAINER, 0},
		{"/docker/" ID, TARGET_CONTAINER, 72}, {"/docker/" ID "/init.scope", TARGET_CONTAINER, 72},
		{"/system.slice/docker-" ID ".scope/x", TARGET_CONTAINER, 91},
		{"/machine.slice/libpod-conmon-" ID ".scope", TARGET_CONTAINER, 0},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++)
		CHECK_EQ_ROW(i, target_owner_path(bytes_of(row[i].path), row[i].kind), row[i].n);
}

static void names_of_alone(void)
{
	static const char *const wrong[] = {
		"/pitstop-alone.12.34.0", "/pitstop-alone.0.34.5", "/pitstop-alone.12.34", "/pitstop-alone.12.34.5.6",
		"/pitstop-alone.12.34.5x", "/xpitstop-alone.12.34.5", "/pitstop-alone.12.34.5/x", "", "/",
		"/pitstop-alone.99999999999.34.5", "/pitstop-alone.a.b.c",
	};
	struct alone a;

	CHECK(alone_parse(&a, "/a/b/pitstop-alone.12.34.5"));
	CHECK(a.who.pid == 12 && a.who.start_boot_ns == 34 && a.home == 5);
	CHECK(alone_parse(&a, "pitstop-alone.12.34.18446744073709551615"));
	for (u32 i = 0; i < ARRAY_LEN(wrong); i++)
		CHECK_ROW(i, !alone_parse(&a, wrong[i]));
}

TESTS(stop, {"targets", targets}, {"guarded_names", guarded_names}, {"own_chain", own_chain}, {"owners", owners},
      {"names_of_alone", names_of_alone});
