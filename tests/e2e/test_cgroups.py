"""Which cgroup, unit and container a process is in: real cgroups, made and
removed here, seen with every backend."""
import contextlib
import os
import subprocess

import lib
from lib import PITSTOP, Stream, Tmux, by_pid, check, equal, snapshot, test
from test_actions import Victims
from test_backends import cgroup2_root

A64, B64 = "0123456789abcdef" * 4, "fedcba9876543210" * 4
UID = "1f3b5c7d_0a1b_4c2d_8e3f_0123456789ab"
COLUMNS = "pid,cgroup,cgroup_id,unit,container,in_container,ccgroup"
V1 = "/sys/fs/cgroup/systemd"


class Cgroups:
    """Directories below a root of cgroups that exist as long as this block."""

    def __init__(self, root=None):
        lib.need_root()
        self.root = root or cgroup2_root()
        self.made = []
        if not self.root or not os.path.isdir(self.root):
            raise lib.Skip("no such hierarchy of cgroups is mounted")
        self.own = "/pt-%d" % os.getpid()

    def make(self, path):
        at = self.root
        for part in path.strip("/").split("/"):
            at = os.path.join(at, part)
            if not os.path.isdir(at):
                try:
                    os.mkdir(at)
                except OSError as e:
                    self.remove()
                    raise lib.Skip("cannot make a cgroup: %s" % e.strerror)
                self.made.append(at)
        return at

    def put(self, path, pid):
        at = self.make(path)
        with open(os.path.join(at, "cgroup.procs"), "w") as f:
            f.write(str(pid))
        return os.stat(at).st_ino

    def remove(self):
        for at in reversed(self.made):
            lib.wait_for(lambda: not lib.read(os.path.join(at, "cgroup.procs")), "%s to be empty" % at)
            os.rmdir(at)
        self.made = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


@contextlib.contextmanager
def sleepers(cgroups, n):
    """They end before their cgroups are removed."""
    v = Victims(n)
    try:
        yield v.pids
    finally:
        v.__exit__()


def seen(backend, pids, *args, **how):
    found = by_pid(snapshot("--backend", backend, "-c", COLUMNS, "-p", ",".join(map(str, pids)), *args, **how))
    return [{k: v for k, v in found[p].items() if k != "pid"} for p in pids]


def owner(unit=None, runtime=None, ident=None, name=None, inside=None):
    want = {"in_container": bool(runtime) if inside is None else inside}
    if unit:
        want["unit"] = unit
    if runtime:
        want["container"] = {"runtime": runtime, "id": ident, **({"name": name} if name else {})}
    return want


OWNERS = {
    "/system.slice/pt\\x2dweb.service": owner("pt-web.service"),
    "/system.slice/pt.service/sub": owner("pt.service"),
    "/user.slice/user-4711.slice/user@4711.service/app.slice/pt.scope": owner("pt.scope"),
    "/system.slice/docker-%s.scope" % A64: owner("docker-%s.scope" % A64, "docker", A64),
    "/docker/" + A64: owner(None, "docker", A64),
    "/machine.slice/libpod-%s.scope/container" % A64: owner("libpod-%s.scope" % A64, "podman", A64),
    "/machine.slice/libpod-conmon-%s.scope" % A64: owner("libpod-conmon-%s.scope" % A64, "podman", A64, inside=False),
    "/kubepods.slice/kubepods-pod%s.slice/cri-containerd-%s.scope" % (UID, A64):
        owner("cri-containerd-%s.scope" % A64, "containerd", A64),
    "/kubepods/burstable/pod%s/%s" % (UID.replace("_", "-"), A64): owner(None, "kubernetes", A64),
    "/kubepods.slice/crio-%s.scope" % B64: owner("crio-%s.scope" % B64, "cri-o", B64),
    "/lxc.payload.pt": owner(None, "lxc", "pt", "pt"),
    "/machine.slice/machine-pt.scope/payload": owner("machine-pt.scope", "systemd-nspawn", "pt", "pt"),
    # whatever a name may hold
    "/pt\x1b[31m\x1b]0;x\x07/\x7f\xc2\x9b.service": owner(),
    "/pt-%s/.service" % ("x" * 200): owner(),
    "/" + "y" * 255: owner(),
    "/pt colon:and space ": owner(),
    "/pt (deleted)": owner(),
}


@test
def path_unit_and_container():
    with Cgroups() as c, sleepers(c, len(OWNERS)) as pids:
        ids = [c.put(path, pid) for path, pid in zip(OWNERS, pids)]
        for backend in lib.backends():
            for got, (path, want), ident in zip(seen(backend, pids), OWNERS.items(), ids):
                got.pop("ccgroup")
                equal(got, {"cgroup": lib.as_json(path.encode()), "cgroup_id": ident, **want},
                      "%s: in %r" % (backend, path))


@test
def all_of_them_agree():
    """Every process of the machine, with every backend."""
    def agree():
        known = [{pid: {k: p.get(k) for k in ("cgroup", "cgroup_id", "unit", "container")}
                  for pid, p in by_pid(snapshot("--backend", b, "-k", "-c", COLUMNS)).items()}
                 for b in lib.backends()]
        both = set.intersection(*(set(k) for k in known))
        return [{p: k[p] for p in both} for k in known]
    lib.need_root()
    # one that is moved meanwhile may be seen in two places
    lib.wait_for(lambda: (lambda k: k[0] and all(k[0] == other for other in k))(agree()), "backends to agree", pause=1)


@test
def version_1_of_systemd():
    """In v2's root, and somewhere in the hierarchy that systemd keeps: that is its place."""
    if not os.path.isdir(V1):
        raise lib.Skip("no name=systemd hierarchy here")
    with Cgroups(V1) as c, sleepers(c, 2) as pids:
        for pid in pids if cgroup2_root() else ():      # these tests may run in one of v2 themselves
            with open(os.path.join(cgroup2_root(), "cgroup.procs"), "w") as f:
                f.write(str(pid))
        c.put("/system.slice/pt-old.service", pids[0])
        c.put("/docker/" + A64, pids[1])
        for backend in lib.backends():
            got = seen(backend, pids)
            equal([g["cgroup"] for g in got], ["/system.slice/pt-old.service", "/docker/" + A64], backend + ": paths")
            equal((got[0]["unit"], got[1]["container"]["id"]), ("pt-old.service", A64), backend + ": owners")


@test
def who_is_moved_is_found_again():
    with Cgroups() as c, sleepers(c, 1) as pids:
        for backend in lib.backends():
            with Stream("-d", "100ms", "--backend", backend, "-c", COLUMNS, "-p", str(pids[0])) as s:
                for path in ("/pt-a", "/pt-b.service", "/pt-a/inside"):
                    c.put(path, pids[0])
                    s.until(lambda o: by_pid(o)[pids[0]].get("cgroup") == path, "%s: %s" % (backend, path))
            c.put("/pt-a", pids[0])


@test
def a_name_that_is_used_again_is_another_cgroup():
    with Cgroups() as c, sleepers(c, 1) as pids:
        with Stream("-d", "100ms", "-c", COLUMNS, "-p", str(pids[0])) as s:
            for i in range(3):
                ident = c.put("/pt-again", pids[0])
                s.until(lambda o: by_pid(o)[pids[0]].get("cgroup_id") == ident and
                        by_pid(o)[pids[0]].get("cgroup") == "/pt-again", "life %d of the cgroup" % i)
                with open(os.path.join(c.root, "cgroup.procs"), "w") as f:
                    f.write(str(pids[0]))
                c.remove()


@test
def a_path_longer_than_any_path_may_be():
    """The kernel itself gives no path then: it is unknown, and all else is there."""
    with Cgroups() as c, sleepers(c, 1) as pids:
        here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
        name, depth = "z" * 250, 0
        try:
            os.chdir(c.root)
            try:
                for depth in range(1, 18):
                    os.mkdir(name)
                    os.chdir(name)
            except OSError as e:
                raise lib.Skip("cannot nest cgroups so deep: %s" % e.strerror)
            with open("cgroup.procs", "w") as f:
                f.write(str(pids[0]))
            ident = os.stat(".").st_ino
            os.fchdir(here)
            for backend in lib.backends():
                got = seen(backend, pids)[0]
                check("cgroup" not in got and "unit" not in got, "%s: a path of %d bytes: %r" % (backend, 251 * 17, got))
                if backend != "proc":
                    equal(got["cgroup_id"], ident, backend + ": its id")
        finally:
            with open(os.path.join(c.root, "cgroup.procs"), "w") as f:
                f.write(str(pids[0]))
            os.chdir(c.root)
            for _ in range(depth):
                os.chdir(name)
            for _ in range(depth):
                os.chdir("..")
                os.rmdir(name)
            os.fchdir(here)
            os.close(here)


@test
def a_namespace_of_cgroups_has_its_own_paths():
    with Cgroups() as c, sleepers(c, 2) as pids:
        c.put("/pt-ns/inner.service", pids[0])
        c.put("/pt-beside.service", pids[1])
        procs = os.path.join(c.make("/pt-ns"), "cgroup.procs")
        prefix = ["sh", "-c", 'echo $$ > %s && exec unshare -C "$@"' % procs, "sh"]
        for backend in lib.backends():
            got = seen(backend, pids, prefix=prefix)
            equal([g.get("cgroup") for g in got], ["/inner.service", "/../pt-beside.service"], backend + ": paths")
            equal([g.get("unit") for g in got][0], "inner.service", backend + ": unit")


@test
def what_it_costs_does_not_grow():
    """Three hundred processes in one cgroup: no file of theirs is read again and again."""
    lib.need_bpf()
    with Cgroups() as c:
        v = Victims(300)
        try:
            c.make("/pt-many")
            for pid in v.pids:
                c.put("/pt-many", pid)
            with Stream("-d", "100ms", "-c", COLUMNS) as s:
                for _ in range(3):
                    s.next()
                calls = s.next()["self"]["syscalls"]
            check(calls < 3 * 300, "%d system calls a refresh with 300 processes" % calls)
        finally:
            v.__exit__()


def private(script):
    """A prefix: pitstop in a mount namespace of its own, after this script."""
    return ["unshare", "-m", "sh", "-ec", script + '\nexec "$@"', "sh"]


DOCKER = '{"State":{"Name":"no"},"ID":"%s","Config":{"Labels":{"Name":"neither"}},"Name":"/pt-web"}' % A64
CONTAINERD = '{"process":{"env":["io.kubernetes.cri.sandbox-name=no"]},"annotations":{' \
             '"io.kubernetes.cri.container-name":"nginx","io.kubernetes.cri.sandbox-name":"pt-pod"}}'
PODMAN = '[{"id":"%s","names":["other"]},{"id":"%s","names":["pt-pod","alias"]}]' % (B64, A64)


@test
def names_of_containers():
    """From the files of their runtimes, where pitstop can read them."""
    with Cgroups() as c, sleepers(c, 4) as pids:
        if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode:
            raise lib.Skip("no mount namespaces here")
        for path, pid in zip(("/docker/" + A64, "/kubepods/cri-containerd-" + A64, "/libpod_parent/libpod-" + A64,
                              "/docker/" + B64), pids):
            c.put(path, pid)
        files = {"/var/lib/docker/containers/%s/config.v2.json" % A64: DOCKER,
                 "/run/containerd/io.containerd.runtime.v2.task/k8s.io/%s/config.json" % A64: CONTAINERD,
                 "/var/lib/containers/storage/overlay-containers/containers.json": PODMAN}
        script = "mount -t tmpfs none /var/lib; mount -t tmpfs none /run"
        for path, content in files.items():
            script += "\nmkdir -p %s; echo '%s' > %s" % (os.path.dirname(path), content, path)
        # the last one's is a trap: whoever opens it waits
        trap = "/var/lib/docker/containers/%s" % B64
        script += "\nmkdir -p %s; mkfifo %s/config.v2.json" % (trap, trap)
        for backend in lib.backends():
            got = [g["container"].get("name") for g in seen(backend, pids, prefix=private(script))]
            equal(got, ["pt-web", "pt-pod/nginx", "pt-pod", None], backend + ": names")
        text = subprocess.run([*private(script), PITSTOP, "-b", "--once", "-d", "60ms", "-c", "pid,container", "-s",
                               "container", "-p", ",".join(map(str, pids))], stdout=subprocess.PIPE, check=True,
                              env=lib.environment()).stdout.decode()
        rows = [line.split()[1] for line in text.splitlines() if line.split()[:1] and line.split()[0].isdigit()]
        equal(rows, [B64[:12], "pt-pod", "pt-pod/nginx", "pt-web"][:len(rows)] if rows == sorted(rows) else
              sorted([B64[:12], "pt-pod", "pt-pod/nginx", "pt-web"]), "the column, sorted")


@test
def containers_can_be_hidden():
    with Cgroups() as c, sleepers(c, 2) as pids:
        c.put("/docker/" + A64, pids[0])
        with Tmux(PITSTOP, "-d", "200ms", "-s", "pid", "-p", ",".join(map(str, pids))) as t:
            t.wait_text("%d" % pids[0])

            def shown():
                return [pid for pid in pids if any(line.split()[:1] == [str(pid)] for line in t.lines())]
            lib.wait_for(lambda: shown() == pids, "both")
            t.keys("O")
            t.wait_text("NO CONTAINERS")
            lib.wait_for(lambda: shown() == pids[1:], lambda: "the one outside alone\n" + t.text())
            t.keys("O")
            lib.wait_for(lambda: shown() == pids, "both again")


@test
def units_by_a_key():
    with Cgroups() as c, sleepers(c, 1) as pids:
        c.put("/system.slice/pt-unit.service", pids[0])
        with Tmux(PITSTOP, "-d", "200ms", "-p", str(pids[0])) as t:
            t.wait_text("%d" % pids[0])
            t.keys("A")
            t.wait(lambda lines: any(" UNIT " in line for line in lines) and
                   any(" pt-unit.service " in line for line in lines), "the unit")
            t.keys("A")
            t.wait(lambda lines: any(" CGROUP " in line for line in lines) and
                   any("/system.slice/pt-unit.service" in line for line in lines), "the whole path")
            t.keys("A")
            t.wait(lambda lines: not any("pt-unit" in line for line in lines), "neither")


@test
def a_unit_is_copied_without_its_column():
    with Cgroups() as c, sleepers(c, 1) as pids:
        c.put("/system.slice/pt-yank.service", pids[0])
        with Tmux(PITSTOP, "-d", "1h", "-p", str(pids[0])) as t:
            t.wait_table()
            t.type("ys")
            t.wait_text("copied unit: pt-yank.service")
            t.type("yc")
            t.wait_text("no container is known")


@test
def a_hostile_name_stays_text():
    """Colours, titles and clipboards in the name of a cgroup are characters."""
    path = "/pt\x1b]0;PWNED\x07\x1b[31m\xc2\x9b\xe2\x80\xae.service"
    with Cgroups() as c, sleepers(c, 1) as pids:
        c.put(path, pids[0])
        with Tmux(PITSTOP, "-d", "200ms", "-c", "pid,unit,ccgroup,cgroup", "-p", str(pids[0])) as t:
            t.wait_text("PWNED")
            t.keys("q")
            equal(t.wait_end(), 0, "status")
            raw = t.raw_settled()
            for bad in (b"\x1b]0;PWNED", b"\x1b[31m\xc2", b"\xc2\x9b", b"\xe2\x80\xae"):
                check(bad not in raw, "%r went to the terminal" % bad)


if __name__ == "__main__":
    lib.main()
