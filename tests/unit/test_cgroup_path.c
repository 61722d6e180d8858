/* tests/unit/test_cgroup_path.c - whose a cgroup is, by the forms that systemd
 * and the runtimes give their paths. */
#include "proc/cgroup_path.h"
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>

#define A12	"0123456789ab"
#define A64	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B64	"fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define U36	"1f3b5c7d-0a1b-4c2d-8e3f-0123456789ab"
#define U_36	"1f3b5c7d_0a1b_4c2d_8e3f_0123456789ab"
#define H32	"4b52d75cab61380f07c0c5a69fb371d4"
#define USER	"/user.slice/user-1000.slice/user@1000.service"

static struct bytes text(const char *s)
{
	return (struct bytes){(const unsigned char *)s, strlen(s)};
}

/* "unit|runtime|container|pod", "*" before the container: a name, "!": a monitor's. */
static const struct {
	const char *path, *want;
} rows[] = {
	/* systemd */
	{"/", "|||"},
	{"/init.scope", "init.scope|||"},
	{"/system.slice/nginx.service", "nginx.service|||"},
	{"/system.slice/systemd-udevd.service/udev", "systemd-udevd.service|||"},
	{"/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service|||"},
	{"/system.slice/system-postgresql.slice/postgresql@15-main.service", "postgresql@15-main.service|||"},
	{"/system.slice/system-serial\\x2dgetty.slice/serial-getty@ttyS0.service", "serial-getty@ttyS0.service|||"},
	{"/system.slice/dbus.socket", "dbus.socket|||"},
	{"/system.slice/run-u42.service", "run-u42.service|||"},		/* DynamicUser= changes no path */
	{"/system.slice", "system.slice|||"},
	{"/a.slice/a-b.slice/a-b-c.slice", "a-b-c.slice|||"},
	{"/.service/x", "|||"},
	{"/user.slice/user-1000.slice/session-3.scope", "session-3.scope|||"},
	{USER, "user@1000.service|||"},
	{USER "/init.scope", "user@1000.service|||"},
	{USER "/app.slice/app-gnome-firefox-4711.scope", "app-gnome-firefox-4711.scope|||"},
	{USER "/app.slice/app-org.gnome.Terminal.slice/vte-spawn-" U36 ".scope", "vte-spawn-" U36 ".scope|||"},
	{USER "/session.slice/pipewire.service", "pipewire.service|||"},
	{USER "/dbus.service", "dbus.service|||"},				/* before slices of users' managers */
	{USER "/app.slice", "app.slice|||"},
	{"/user.slice/user-1000.slice/session-3.scope/user@7.service/x.service", "session-3.scope|||"},
	{"/system.slice/snap.lxd.daemon.service", "snap.lxd.daemon.service|||"},
	{"/machine.slice/machine-qemu\\x2d3\\x2dwin10.scope/libvirt/emulator", "machine-qemu\\x2d3\\x2dwin10.scope|||"},
	{"/system.slice/foo.service (deleted)", "foo.service|||"},
	/* Docker */
	{"/system.slice/docker-" A64 ".scope", "docker-" A64 ".scope|docker|" A64 "|"},
	{"/system.slice/docker-" A64 ".scope/init.scope", "docker-" A64 ".scope|docker|" A64 "|"},
	{"/docker/" A64, "|docker|" A64 "|"},
	{"/docker/" A64 "/system.slice/cron.service", "|docker|" A64 "|"},
	{"/docker/" A64 "/docker/" B64, "|docker|" B64 "|"},
	{"/docker/buildkit/" A64, "|oci|" A64 "|"},
	{"/ecs/" H32 "/" A64, "|oci|" A64 "|"},
	{"/docker", "|||"},
	{"/docker/volumes", "|||"},
	{USER "/user.slice/docker-" A64 ".scope", "docker-" A64 ".scope|docker|" A64 "|"},
	{"/system.slice/docker.service", "docker.service|||"},
	{"/custom.slice/docker-" A64 ".scope", "docker-" A64 ".scope|docker|" A64 "|"},
	{"/custom/" A64, "|oci|" A64 "|"},
	{"/system.slice/docker-../../etc.scope", "system.slice|||"},
	{"/system.slice/docker-proxy.scope", "docker-proxy.scope|||"},
	{"/system.slice/docker-.scope", "docker-.scope|||"},
	/* Podman */
	{"/machine.slice/libpod-" A64 ".scope", "libpod-" A64 ".scope|podman|" A64 "|"},
	{"/machine.slice/libpod-" A64 ".scope/container", "libpod-" A64 ".scope|podman|" A64 "|"},
	{"/machine.slice/libpod-conmon-" A64 ".scope", "libpod-conmon-" A64 ".scope|podman|!" A64 "|"},
	{"/machine.slice/machine-libpod_pod_" B64 ".slice/libpod-" A64 ".scope",
	 "libpod-" A64 ".scope|podman|" A64 "|" B64},
	{"/libpod_parent/libpod-" A64, "|podman|" A64 "|"},
	{"/libpod_parent/" B64 "/libpod-" A64, "|podman|" A64 "|"},
	{USER "/user.slice/libpod-" A64 ".scope/container", "libpod-" A64 ".scope|podman|" A64 "|"},
	{USER "/user.slice/user-libpod_pod_" B64 ".slice/libpod-" A64 ".scope/container",
	 "libpod-" A64 ".scope|podman|" A64 "|" B64},
	{USER "/user.slice/podman-4711.scope", "podman-4711.scope|||"},
	{"/system.slice/web.service/libpod-payload-" A64, "web.service|podman|" A64 "|"},
	{"/system.slice/web.service/supervisor", "web.service|||"},
	/* containerd and Kubernetes */
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" U_36 ".slice/cri-containerd-" A64 ".scope",
	 "cri-containerd-" A64 ".scope|containerd|" A64 "|" U_36},
	{"/kubepods.slice/kubepods-pod" U_36 ".slice/cri-containerd-" A64 ".scope",
	 "cri-containerd-" A64 ".scope|containerd|" A64 "|" U_36},
	{"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" H32 ".slice/docker-" A64 ".scope",
	 "docker-" A64 ".scope|docker|" A64 "|" H32},
	{"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod" U_36
	 ".slice/cri-containerd-" A64 ".scope", "cri-containerd-" A64 ".scope|containerd|" A64 "|" U_36},
	{"/kubepods/burstable/pod" U36 "/" A64, "|kubernetes|" A64 "|" U36},
	{"/kubepods/pod" U36 "/" A64 "/child", "|kubernetes|" A64 "|" U36},
	{"/kubepods/besteffort/pod" U36, "|||" U36},
	{"/system.slice/containerd.service/kubepods-burstable-pod" U_36 ".slice:cri-containerd:" A64,
	 "containerd.service|containerd|" A64 "|" U_36},
	{"/system.slice/kubepods-besteffort-pod" U_36 ".slice:cri-containerd:" A64, "system.slice|containerd|" A64 "|" U_36},
	{"/docker/" B64 "/kubelet/kubepods/burstable/pod" U36 "/" A64, "|kubernetes|" A64 "|" U36},
	{"/k8s.io/" A64, "|containerd|" A64 "|"},
	{"/default/" A64, "|containerd|" A64 "|"},
	{"/default/web", "|||"},
	{"/system.slice/nerdctl-" A64 ".scope", "nerdctl-" A64 ".scope|containerd|" A64 "|"},
	{"/system.slice/containerd.service", "containerd.service|||"},
	/* CRI-O */
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" U_36 ".slice/crio-" A64 ".scope/container",
	 "crio-" A64 ".scope|cri-o|" A64 "|" U_36},
	{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" U_36 ".slice/crio-conmon-" A64 ".scope",
	 "crio-conmon-" A64 ".scope|cri-o|!" A64 "|" U_36},
	{"/kubepods/burstable/pod" U36 "/crio-" A64, "|cri-o|" A64 "|" U36},
	{"/system.slice/crio.service", "crio.service|||"},
	/* LXC, LXD, Incus, Proxmox, libvirt */
	{"/lxc/web", "|lxc|*web|"},
	{"/lxc/101/ns/system.slice/cron.service", "|lxc|*101|"},
	{"/lxc.payload/web", "|lxc|*web|"},
	{"/lxc.payload.web/system.slice/ssh.service", "|lxc|*web|"},
	{"/lxc.payload.project_web-1", "|lxc|*project_web-1|"},
	{"/lxc.monitor.web", "|lxc|!*web|"},
	{"/lxc.monitor/web", "|lxc|!*web|"},
	{"/lxc", "|||"},
	{"/machine.slice/machine-lxc\\x2d4711\\x2dweb.scope", "machine-lxc\\x2d4711\\x2dweb.scope|lxc|*web|"},
	/* systemd-nspawn */
	{"/machine.slice/machine-debian.scope/payload/system.slice/cron.service",
	 "machine-debian.scope|systemd-nspawn|*debian|"},
	{"/machine.slice/systemd-nspawn@debian.service/payload", "systemd-nspawn@debian.service|systemd-nspawn|*debian|"},
	{"/machine.slice/systemd-nspawn@debian.service/supervisor",
	 "systemd-nspawn@debian.service|systemd-nspawn|!*debian|"},
	/* whatever else there may be */
	{"", "|||"}, {"//", "|||"}, {"/../..", "|||"}, {"/../../x.service", "|||"}, {":", "|||"},
	{"/docker-" A12 ".scope", "docker-" A12 ".scope|docker|" A12 "|"},
	{"/docker-" A64 "0.scope", "docker-" A64 "0.scope|||"},
	{"/docker-0123456789AB.scope", "docker-0123456789AB.scope|||"},
	{"/\xff\xfe/\x1b[31m.service", "|||"},
};

static void owners(void)
{
	for (u32 i = 0; i < ARRAY_LEN(rows); i++) {
		struct cgroup_owner o;
		char got[1024];

		cgroup_owner_of(&o, text(rows[i].path));
		snprintf(got, sizeof(got), "%.*s|%s|%s%s%.*s|%.*s", (int)o.unit.n, (const char *)o.unit.p,
			 o.runtime ? runtime_name[o.runtime] : "", o.monitor && o.container.n ? "!" : "",
			 o.named ? "*" : "", (int)o.container.n, (const char *)o.container.p, (int)o.pod.n,
			 (const char *)o.pod.p);
		CHECK_STR_ROW(i, got, rows[i].want);
	}
}

static void short_forms(void)
{
	static const struct {
		const char *path, *want;
	} row[] = {
		{"/", "/"}, {"/init.scope", "/!init"},
		{"/system.slice/nginx.service", "/[S]/nginx"},
		{"/system.slice/system-getty.slice/getty@tty1.service", "/[S]/getty@tty1"},
		{"/user.slice/user-1000.slice/session-3.scope", "/[U:1000]/!session-3"},
		{USER "/app.slice/foo.service", "/[U:1000]/user@1000/[app]/foo"},
		{"/user.slice/other.slice", "/[U]/[other]"},
		{"/machine.slice/libpod-" A64 ".scope/container", "/[M]/!pod:" A12 "/container"},
		{"/system.slice/docker-" A64 ".scope", "/[S]/!docker:" A12},
		{"/lxc.payload.web/init.scope", "/[lxc:web]/!init"},
		{"/lxc.monitor.web", "/[LXC:web]"},
		{"/machine.slice/machine-debian.scope/payload", "/[M]/[snc:debian]/payload"},
		{"/system.slice/snap.foo.bar.scope", "/[S]/!snap:foo.bar"},
		{"/a.slice/a-b.slice", "/[a]/[a-b]"},
		{"/plain/names", "/plain/names"}, {"", ""}, {"///x", "/x"},
		{"/user-1000.slice", "/[user-1000]"},
		{"/system.slicer", "/system.slicer"},
	};
	char out[64];

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		size_t n = cgroup_compress(text(row[i].path), out, sizeof(out) - 1);

		out[n] = 0;
		CHECK_STR_ROW(i, out, row[i].want);
	}
	CHECK_EQ(cgroup_compress(text("/system.slice/nginx.service"), out, 6), 6);	/* cut, not overrun */
	CHECK_EQ(cgroup_compress(text("/user.slice/user-1000.slice"), out, 1), 1);
	CHECK_EQ(cgroup_compress(text("/user.slice/user-1000.slice"), out, 0), 0);
}

static void escapes(void)
{
	static const struct {
		const char *name, *want;
	} row[] = {
		{"nginx.service", "nginx.service"}, {"a\\x2db.service", "a-b.service"},
		{"dev-disk-by\\x2duuid.swap", "dev-disk-by-uuid.swap"}, {"_cgroup.service", "cgroup.service"},
		{"__x.service", "_x.service"}, {"\\x", "\\x"}, {"\\x2", "\\x2"}, {"\\x2D", "\\x2D"},
		{"a\\x1b[31m", "a\x1b[31m"}, {"", ""}, {"_", "_"},
	};
	char out[64];

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		out[unit_unescape(text(row[i].name), out)] = 0;
		CHECK_STR_ROW(i, out, row[i].want);
	}
}

static void lines(void)
{
	static const struct {
		const char *file, *path;
		bool v1, has_v1;
	} row[] = {
		{"0::/system.slice/a.service\n", "/system.slice/a.service", false, false},
		{"0::/\n", "/", false, false},
		{"9:name=systemd:/x\n4:memory:/y\n0::/\n", "/x", true, true},
		{"9:name=systemd:/x\n0::/z\n", "/z", false, true},
		{"9:name=systemd:/\n8:pids:/p\n4:memory:/y\n0::/\n", "/y", true, true},
		{"9:name=openrc:/o\n4:cpu,memory:/y\n", "/o", true, true},
		{"4:cpu,memory:/y\n", "/y", true, true},
		{"3:cpuset:/shield\n0::/\n", "/", false, true},
		{"0::/with:colons:in it\n", "/with:colons:in it", false, false},
		{"0::/../other\n", "/../other", false, false},
		{"", "/", false, false}, {"0::", "/", false, false}, {"x\n0:\n::\n0::/a", "/a", false, false},
		{"99999999999:name=systemd:/x\n", "/", false, false},
	};

	for (u32 i = 0; i < ARRAY_LEN(row); i++) {
		bool v1 = !row[i].v1;
		struct bytes path = cgroup_line(text(row[i].file), &v1);

		CHECK_ROW(i, path.n == strlen(row[i].path) && !memcmp(path.p, row[i].path, path.n));
		CHECK_ROW(i, v1 == row[i].v1 && cgroup_has_v1(text(row[i].file)) == row[i].has_v1);
	}
}

TESTS(cgroup_path, {"owners", owners}, {"short_forms", short_forms}, {"escapes", escapes}, {"lines", lines});
