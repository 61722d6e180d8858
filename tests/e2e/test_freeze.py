"""Freezing and thawing: real cgroups, made and removed here, and what is in
them stands still, whole or alone; what must not be frozen is not."""
import contextlib
import mmap
import os
import subprocess
import time

import lib
from lib import PITSTOP, Tmux, check, contains, equal, quote, run, snapshot, test
from test_actions import Victims, screen
from test_cgroups import Cgroups

ID = "0123456789abcdef" * 4
ROOM = 4096

# Workers that count in a shared file and have children all the time, two for each at most.
BOMB = """
import mmap, os, sys
m = mmap.mmap(os.open(sys.argv[1], os.O_RDWR), %d)
def count(n):
    at = os.getpid() %% %d * 8
    for i in range(n):
        m[at:at + 8] = (int.from_bytes(m[at:at + 8], "little") + 1).to_bytes(8, "little")
for i in range(int(sys.argv[2])):
    if not os.fork():
        while True:
            count(100)
            child = os.fork()
            if not child:
                count(100)
                os._exit(0)
            os.waitpid(child, 0)
os.wait()
""" % (ROOM, ROOM // 8)

# As many processes as cgroups named in each of them; says so when all are there.
CROWD = """
import os, sys, time
for at in sys.argv[2:]:
    if not os.fork():
        with open(at + "/cgroup.procs", "w") as f:
            f.write("0")
        for i in range(int(sys.argv[1]) - 1):
            if not os.fork():
                break
        else:
            os.write(1, b".")
        while True:
            time.sleep(600)
while True:
    time.sleep(600)
"""


class Counted(Cgroups):
    """Cgroups, and what runs in them; all of it is ended with the block."""

    def __init__(self, *args):
        super().__init__(*args)
        self.own += ".slice"
        self.started = []

    def start(self, path, *command, **popen):
        at = self.make(path)

        def enter():
            with open(at + "/cgroup.procs", "w") as f:
                f.write("0")
        p = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=enter, **popen)
        self.started.append(p)
        return p

    def file(self, path, name):
        return lib.read(self.root + path + "/" + name).decode()

    def frozen(self, path):
        return "frozen 1" in self.file(path, "cgroup.events")

    def pids(self, path):
        return [int(w) for w in self.file(path, "cgroup.procs").split()]

    def alone(self, below):
        return [below + "/" + name for name in sorted(os.listdir(self.root + below)) if name.startswith("pitstop-alone.")]

    def remove(self):
        for at in self.made:
            for folder, _, _ in os.walk(at, topdown=False):
                try:
                    with open(folder + "/cgroup.kill", "w") as f:
                        f.write("1")
                except OSError:         # a threaded one, or a kernel before 5.14
                    pass
        for p in self.started:
            p.kill()
            p.wait()
        for at in self.made[:1]:
            for folder, _, _ in os.walk(at, topdown=False):
                lib.wait_for(lambda: "populated 0" in lib.read(folder + "/cgroup.events").decode(), folder + " to be empty")
                lib.wait_for(lambda: not os.path.isdir(folder) or lib.rmdir(folder), folder + " to go")
        self.made = []


def act(*args, status=0, **how):
    r = run(*args, **how)
    equal(r.status, status, "the status of %r: %s" % (args, r.err))
    return r


def said(r):
    return r.err


def cgroup_of(pid):
    return [line[3:] for line in lib.read("/proc/%d/cgroup" % pid).decode().splitlines() if line.startswith("0::")][0]


@contextlib.contextmanager
def counters():
    """A file of zeros that others count in, and what stands in it."""
    path = os.path.join(lib.scratch(), "counters")
    with open(path, "wb") as f:
        f.truncate(ROOM)
    with open(path, "r+b") as f, mmap.mmap(f.fileno(), ROOM) as m:
        yield path, m


# ---- whole cgroups ----

@test
def a_fork_bomb_stands_still_and_goes_on():
    with counters() as (path, m), Counted() as c:
        c.start(c.own, "python3", "-c", BOMB, path, "12")
        lib.wait_for(lambda: sum(1 for i in range(0, ROOM, 8) if any(m[i:i + 8])) > 12, "the bomb to count")
        r = act("--freeze", "cgroup:" + c.own)
        stood = m[:]
        contains(r.out, b"frozen: " + c.own.encode(), "the report")
        check(c.frozen(c.own), "the kernel says it is frozen")
        pids = c.pids(c.own)
        time.sleep(0.1)
        check(m[:] == stood, "nobody counts")
        equal(c.pids(c.own), pids, "who is in it")
        act("--thaw", "cgroup:" + c.own)
        lib.wait_for(lambda: m[:] != stood, "the bomb to go on")


@test
def a_thousand_processes_in_a_hundred_nested_cgroups():
    with Counted() as c:
        paths, path = [], c.own
        for i in range(100):
            path += "/n"
            paths.append(c.make(path))
        crowd = subprocess.Popen(["python3", "-c", CROWD, "10", *paths], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        c.started.append(crowd)
        os.read(crowd.stdout.fileno(), 1)
        # one does not write: the first line of each is its number of children that found their place
        lib.wait_for(lambda: all(len(lib.read(p + "/cgroup.procs").split()) == 10 for p in paths), "a thousand in their places")
        r = act("--freeze", "cgroup:" + c.own)
        contains(r.out, b"1000 processes", "how many")
        for p in (paths[0], paths[50], paths[99]):
            contains(lib.read(p + "/cgroup.events").decode(), "frozen 1", p)
        # a thaw in the middle cannot work: the parent is frozen
        r = act("--thaw", "cgroup:" + path, status=1)
        contains(said(r), c.own + " above it is frozen", "the reason")
        seen = snapshot("-p", ",".join(lib.read(paths[99] + "/cgroup.procs").decode().split()), "-c", "pid,frozen")
        equal([p["frozen"] for p in seen["processes"]], [True] * 10, "frozen from above")
        check(seen["tasks"]["frozen"] >= 1000, "tasks.frozen is %d" % seen["tasks"]["frozen"])
        act("--thaw", "cgroup:" + c.own)
        contains(lib.read(paths[99] + "/cgroup.events").decode(), "frozen 0", "the innermost")


@test
def all_backends_know_who_is_frozen():
    with Counted() as c, Victims(1) as v:
        inner, beside = c.start(c.own + "/a/b", "sleep", "600"), c.start(c.own + "/c", "sleep", "600")
        act("--freeze", "cgroup:" + c.own + "/a")
        pids = [inner.pid, beside.pid] + v.pids
        for backend in lib.backends():
            seen = snapshot("--backend", backend, "-c", "pid,state,frozen", "-p", ",".join(map(str, pids)))
            got = {p["pid"]: p.get("frozen") for p in seen["processes"]}
            root = cgroup_of(v.pids[0]) == "/"
            equal(got, {inner.pid: True, beside.pid: False, v.pids[0]: None if root else False}, backend)
            check(seen["tasks"]["frozen"] >= 1, "tasks.frozen with " + backend)
        act("--thaw", "cgroup:" + c.own + "/a")


# ---- one alone ----

@test
def one_is_frozen_alone_and_goes_home():
    with Counted() as c:
        home = c.own + "/home"
        a, b = c.start(home, "sleep", "600"), c.start(home, "sleep", "600")
        r = act("--freeze", "pid:%d" % a.pid)
        contains(r.out.decode(), "process %d alone" % a.pid, "the report")
        [moved] = c.alone(c.own)
        equal(cgroup_of(a.pid), moved, "its place")
        check(c.frozen(moved) and not c.frozen(home), "it alone is frozen")
        act("--freeze", "pid:%d" % a.pid)                   # once more: it is so already
        equal(c.alone(c.own), [moved], "one cgroup")
        act("--thaw", "pid:%d" % a.pid)
        equal(sorted(c.pids(home)), sorted([a.pid, b.pid]), "who is at home")
        equal(c.alone(c.own), [], "what is left")
        contains(act("--thaw", "pid:%d" % b.pid).out, b"not frozen", "one that is not")
        # one that has its cgroup for itself stays there
        b.kill()
        b.wait()
        act("--freeze", "pid:%d" % a.pid)
        equal((cgroup_of(a.pid), c.frozen(home)), (home, True), "frozen where it is")
        act("--thaw", "pid:%d" % a.pid)
        check(not c.frozen(home), "thawed where it is")


@test
def one_of_the_root_goes_back_to_the_root():
    with Victims(1) as v, Counted() as c:
        with open(c.root + "/cgroup.procs", "w") as f:
            f.write(str(v.pids[0]))
        act("--freeze", "pid:%d" % v.pids[0])
        moved = cgroup_of(v.pids[0])
        check(moved.startswith("/pitstop-alone.%d." % v.pids[0]), "it is in " + moved)
        act("--thaw", "cgroup:" + moved)
        equal(cgroup_of(v.pids[0]), "/", "its place")
        check(not os.path.exists(c.root + moved), "the cgroup is removed")


@test
def whoever_it_starts_goes_with_it():
    with counters() as (path, m), Counted() as c:
        home = c.own + "/home"
        c.start(home, "sleep", "600")
        bomb = c.start(home, "python3", "-c", BOMB, path, "1")
        lib.wait_for(lambda: any(m[:]), "it to count")
        worker = lib.children_of(bomb.pid)[0]
        for _ in range(5):
            act("--freeze", "pid:%d" % worker)
            [moved] = c.alone(c.own)
            check(worker in c.pids(moved), "it is there")
            # a child of before may still count, and ends; then nobody does
            lib.wait_for(lambda: stands(m), "the worker to stand still")
            act("--thaw", "pid:%d" % worker)
            equal(c.alone(c.own), [], "what is left")
            stood = m[:]
            lib.wait_for(lambda: m[:] != stood, "it to go on")


def stands(m):
    was = m[:]
    time.sleep(0.05)
    return m[:] == was


@test
def without_its_home_it_goes_on_and_the_command_is_said():
    with Counted() as c:
        home = c.own + "/it's home"
        a = c.start(home, "sleep", "600")
        b = c.start(home, "sleep", "600")
        act("--freeze", "pid:%d" % a.pid)
        [moved] = c.alone(c.own)
        b.kill()
        b.wait()
        lib.wait_for(lambda: lib.rmdir(c.root + home), "the home to go")
        c.made.remove(c.root + home)
        r = act("--thaw", "pid:%d" % a.pid, status=1)
        contains(said(r), "is gone; it goes on in " + moved, "the reason")
        check(not c.frozen(moved), "it goes on")
        other = c.make(c.own + "/other")
        [command] = [line for line in said(r).splitlines() if "for p in" in line][:1]
        command = command[command.index("for p in"):].replace("DIR", quote(other))
        subprocess.run(["sh", "-c", command], check=True)
        equal(c.pids(c.own + "/other"), [a.pid], "where the command put it")
        equal(c.alone(c.own), [], "what is left")


@test
def a_frozen_home_comes_first():
    """Who goes home is frozen there: that is no thaw, and it is said whose turn it is."""
    with Counted() as c:
        home = c.own + "/it's home"
        a, _ = c.start(home, "sleep", "600"), c.start(home, "sleep", "600")
        act("--freeze", "pid:%d" % a.pid)
        [moved] = c.alone(c.own)
        act("--freeze", "cgroup:" + home)
        r = act("--thaw", "pid:%d" % a.pid, status=1)
        contains(said(r), home + ", where it belongs, is frozen", "the reason")
        equal(cgroup_of(a.pid), moved, "its place")
        [command] = [line[len("Thaw that: "):] for line in said(r).splitlines() if line.startswith("Thaw that: ")]
        subprocess.run(["sh", "-c", command.replace("pitstop", quote(PITSTOP), 1)], check=True, stdout=subprocess.DEVNULL)
        check(not c.frozen(home), "the command thaws it")
        act("--thaw", "pid:%d" % a.pid)
        equal(cgroup_of(a.pid), home, "its place afterwards")


def strace_works():
    lib.need_command("strace")
    p = subprocess.run(["strace", "-o", "/dev/null", "true"], stderr=subprocess.PIPE)
    if p.returncode:
        raise lib.Skip("strace: " + p.stderr.decode(errors="replace").strip())


def killed_at(call, when, *args):
    return run(*args, prefix=("strace", "-f", "-o", "/dev/null", "-e", "trace=" + call,
                              "-e", "inject=%s:signal=KILL:when=%d" % (call, when)))


@test
def a_crash_in_the_middle_is_seen_and_undone():
    lib.need_root()
    strace_works()
    with Counted() as c:
        home = c.own + "/home"
        a, b = c.start(home, "sleep", "600"), c.start(home, "sleep", "600")
        for deed, call, when, left in (("--freeze", "write", 1, "nobody"), ("--freeze", "write", 2, "nobody"),
                                       ("--freeze", "write", 3, None), ("--thaw", "unlinkat", 1, "nobody")):
            if deed == "--thaw":
                act("--freeze", "pid:%d" % a.pid)
            killed_at(call, when, deed, "pid:%d" % a.pid)
            [moved] = c.alone(c.own)
            if not left:                                    # it was frozen, and that stands
                equal(cgroup_of(a.pid), moved, "its place")
                act("--thaw", "pid:%d" % a.pid)
                continue
            equal(cgroup_of(a.pid), home, "its place after %s %d" % (call, when))
            r = act("--thaw", "pid:%d" % b.pid)
            contains(said(r), moved + ": left by a pitstop that was interrupted: " + left, "the message")
            contains(said(r), "To undo it: pitstop --thaw 'cgroup:%s'" % moved, "what undoes it")
            doctor = "".join(run("--doctor").out.decode().split())      # a long word is broken, too
            contains(doctor, "interrupted:" + moved, "--doctor")
            contains(doctor, ">pitstop--thaw'cgroup:%s'" % moved, "--doctor's way out")
            act("--thaw", "cgroup:" + moved)
            equal(c.alone(c.own), [], "what is left")
            equal(sorted(c.pids(home)), sorted([a.pid, b.pid]), "who is at home")


@test
def what_was_left_is_offered_on_the_screen():
    with Counted() as c:
        a = c.start(c.own + "/home", "sleep", "600")
        inode = os.stat(c.root + c.own + "/home").st_ino
        left = c.make(c.own + "/pitstop-alone.%d.1.%d" % (a.pid, inode))
        with open(left + "/cgroup.procs", "w") as f:
            f.write(str(a.pid))
        with Tmux(PITSTOP, "-d", "200ms", "-p", str(a.pid)) as t:
            t.wait_text("An earlier pitstop was interrupted")
            t.wait_text("%d sleep" % a.pid)
            time.sleep(UNREAD)
            confirm(t, lambda: not os.path.exists(left))
            equal(cgroup_of(a.pid), c.own + "/home", "its place")
        c.made.remove(left)


# ---- what must not be frozen ----

@test
def guards():
    with Counted() as c, Victims(1):
        for unit in ("init.scope", "systemd-journald.service", "dbus.service", "docker.service", "containerd.service",
                     "crio.service", "podman.service", "kubelet.service", "libpod-conmon-" + ID + ".scope"):
            path = c.own + "/x.slice/" + unit
            p = c.start(path, "sleep", "600")
            for target in ("cgroup:" + path, "cgroup:" + c.own + "/x.slice", "pid:%d" % p.pid):
                r = act("--freeze", target, status=1)
                contains(said(r), "guarded: %s is the service manager's or a container runtime's own" % unit, target)
            check(not c.frozen(path), "it is not frozen")
            act("--freeze", "cgroup:" + path, "--force")
            check(c.frozen(path), "it is frozen by force")
            act("--thaw", "cgroup:" + path)
            p.kill()
            p.wait()
            lib.wait_for(lambda: lib.rmdir(c.root + path), "the unit to go")
            c.made.remove(c.root + path)
        contains(said(act("--freeze", "cgroup:/", status=1)), "guarded: the root", "the root")
        contains(said(act("--freeze", "cgroup:/", "--force", status=1)), "the root cgroup cannot be frozen", "by force")
        contains(said(act("--freeze", "pid:1", status=1)), "guarded: process 1", "pid 1")
        contains(said(act("--freeze", "pid:%d" % os.getpid(), status=1)),
                 "guarded: pitstop runs under %d" % os.getpid(), "our own parent")
        # its parent's cgroup, though pitstop itself is elsewhere
        script = '%s --freeze cgroup:%s; echo "status $?"; exit 0' % (quote(PITSTOP), quote(c.own + "/shell"))
        p = c.start(c.own + "/shell", "sh", "-c", script, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = p.communicate(timeout=lib.PATIENCE)
        contains(out, b"status 1", "the status")
        contains(err, b"is in it", "the reason")
        # what is in a container is nobody's but its own
        inner = "/docker-" + ID + ".scope/init.scope"
        c.start(c.own + inner, "sleep", "600")
        act("--freeze", "cgroup:" + c.own + "/docker-" + ID + ".scope")
        act("--thaw", "cgroup:" + c.own + "/docker-" + ID + ".scope")


# ---- what goes wrong ----

@test
def wrong_targets():
    for target in ("pid:0", "pid:x", "pid:", "1", "unit:", "cgroup:a", "", "pid:99999999999"):
        for option in ("--freeze", "--thaw"):
            contains(said(act(option, target, status=2)), "pitstop: " + option, target)
    contains(said(act("--freeze", "pid:4194304", status=1)), "there is no such process", "nobody")
    contains(said(act("--freeze", "cgroup:/pt-nowhere", status=1)), "there is no such cgroup", "no cgroup")
    contains(said(act("--freeze", "cgroup:/a/../b", status=1)), "there is no such cgroup", "dots")
    for option in ("--freeze", "--thaw"):
        contains(said(act(option, "pid:1", "--read-only", status=2)), "--read-only", "read-only")
    contains(said(act("--freeze", "pid:1", "--json", status=2)), "cannot stand together", "two outputs")
    contains(said(act("--force", status=2)), "--force", "nothing to force")


@test
def units_and_containers_by_name():
    with Counted() as c:
        mark = "pt%d" % os.getpid()
        one, two = mark + "one.service", mark + "two@a\\x2db.service"
        c.start(c.own + "/system.slice/" + one, "sleep", "600")
        c.start(c.own + "/system.slice/" + two, "sleep", "600")
        contains(act("--freeze", "unit:" + one[:-8]).out.decode(), c.own + "/system.slice/" + one, "without its type")
        check(c.frozen(c.own + "/system.slice/" + one), "it is frozen")
        act("--thaw", "unit:" + one)
        act("--freeze", "unit:" + mark + "two@a-b.service")          # as it is shown
        act("--thaw", "unit:" + two)                                # as it is written
        r = act("--freeze", "unit:" + mark, status=1)
        contains(said(r), "there is none of that name", "unknown")
        contains(said(r), one, "a candidate")
        c.start(c.own + "/other.slice/" + one, "sleep", "600")
        r = act("--freeze", "unit:" + one, status=1)
        contains(said(r), "several have that name", "ambiguous")
        contains(said(r), c.own + "/system.slice/" + one, "one of them")
        ident = ("%x" % os.getpid() + ID)[:64]
        c.start(c.own + "/docker-" + ident + ".scope", "sleep", "600")
        act("--freeze", "container:" + ident[:12])
        check(c.frozen(c.own + "/docker-" + ident + ".scope"), "the container is frozen")
        act("--thaw", "container:" + ident)
        act("--freeze", "container:pt-none", status=1)


@test
def threaded_and_forbidden():
    with Counted() as c:
        c.make(c.own + "/dom")
        thr = c.make(c.own + "/dom/thr")
        with open(thr + "/cgroup.type", "w") as f:
            f.write("threaded")
        p, q = c.start(c.own + "/dom", "sleep", "600"), c.start(c.own + "/dom", "sleep", "600")
        for one in (p, q):
            with open(thr + "/cgroup.threads", "w") as f:
                f.write(str(one.pid))
        r = act("--freeze", "pid:%d" % p.pid, status=1)
        contains(said(r), "threaded", "the reason")
        equal(cgroup_of(p.pid), c.own + "/dom/thr", "it is where it was")
        act("--freeze", "cgroup:" + c.own + "/dom/thr")
        check(c.frozen(c.own + "/dom/thr"), "the threaded one, whole")
        act("--thaw", "cgroup:" + c.own + "/dom/thr")
        lib.need_command("setpriv")
        nobody = ("setpriv", "--reuid=%d" % lib.NOBODY, "--regid=%d" % lib.NOBODY, "--clear-groups", "--")
        old = lib.shared_copy()
        plain, _ = c.start(c.own + "/plain", "sleep", "600"), c.start(c.own + "/plain", "sleep", "600")
        for target in ("cgroup:" + c.own + "/plain", "pid:%d" % plain.pid):
            r = subprocess.run([*nobody, old, "--freeze", target], stderr=subprocess.PIPE, stdout=subprocess.PIPE)
            equal(r.returncode, 1, "the status for %s: %r" % (target, r.stderr))
            contains(r.stderr, b"not permitted", target)
        equal(c.alone(c.own), [], "nothing is left")


@test
def hostile_names_are_harmless():
    with Counted() as c:
        path = c.own + "/\x1b[31m'; touch pwned; '‮"
        a, b = c.start(path, "sleep", "600"), c.start(path, "sleep", "600")
        for args in (("--freeze", "cgroup:" + path), ("--thaw", "cgroup:" + path), ("--freeze", "pid:%d" % a.pid),
                     ("--thaw", "pid:%d" % a.pid)):
            r = act(*args)
            check(b"\x1b" not in r.out and "\x1b" not in r.err, "%r %r" % (r.out, r.err))
        with screen([a.pid]) as t:
            ask(t)
            t.wait_text("(SIGKILL)")
            check(all("\x1b" not in line for line in t.lines()), "the dialog")
            t.keys("Escape")
            t.wait_table()
        b.kill()


# ---- the keyboard ----

UNREAD = 0.31           # keys are dropped for so long: seen on the screen, it was open before


def asked(lines):
    return any(line.startswith(("Freeze ", "Thaw ", "End ")) for line in lines)


def ask(t):
    t.wait(lambda lines: not asked(lines), "the dialog before to go")
    t.keys("f")
    t.wait(asked, "the dialog")
    time.sleep(UNREAD)


def confirm(t, done):
    t.keys("Enter")
    lib.wait_for(done, lambda: "what was confirmed\n" + t.text())


@test
def by_the_keyboard():
    with Counted() as c:
        unit = c.own + "/pt.slice/web.service"
        pids = sorted(c.start(unit, "sleep", "600").pid for _ in range(3))
        with screen(pids) as t:
            ask(t)
            t.wait_text("(*) the unit or container, whole: " + unit)
            for pid in pids:
                t.wait_text("%d sleep" % pid)
            t.keys("Escape")
            t.wait_table()
            check(not c.frozen(unit), "Escape does nothing")
            ask(t)
            confirm(t, lambda: c.frozen(unit))
            t.wait_text("frozen: " + unit)
            t.wait(lambda lines: sum("\u2744" in line for line in lines) == 3, "three of ice")
            ask(t)
            t.wait_text("Thaw 3 processes?")
            confirm(t, lambda: not c.frozen(unit))
            ask(t)
            t.keys("Down")
            t.wait_text("(*) this process alone")
            confirm(t, lambda: c.alone(c.own + "/pt.slice") and c.frozen(c.alone(c.own + "/pt.slice")[0]))
            t.wait_text("frozen: process %d" % pids[0])
            t.keys("M-f")
            lib.wait_for(lambda: c.alone(c.own + "/pt.slice") == [], "it to be back home")
            equal(sorted(c.pids(unit)), pids, "who is at home")
            t.keys("M-f")
            t.wait_text("nothing is frozen there")


@test
def tagged_rows_and_ranges():
    with Counted() as c:
        a = c.start(c.own + "/a.service", "sleep", "600")
        b = c.start(c.own + "/b.service", "sleep", "600")
        pids = sorted((a.pid, b.pid))
        with screen(pids) as t:
            t.keys("Space", "Space")
            ask(t)
            t.wait_text("freeze " + c.own + "/a.service")
            t.wait_text("freeze " + c.own + "/b.service")
            confirm(t, lambda: c.frozen(c.own + "/a.service") and c.frozen(c.own + "/b.service"))
            t.wait_text("frozen: 2")
            t.keys("U", "Home", "V", "Down", "M-f")
            t.wait_text("thawed: 2")
            check(not c.frozen(c.own + "/a.service"), "thawed")


def cgroup_rows(c):
    return Tmux(PITSTOP, "--view", "cgroups", "-F", c.own, "-d", "200ms", cols=120)


@test
def cgroups_that_are_tagged_or_in_a_range():
    with Counted() as c:
        paths = [c.own + "/" + name for name in ("a.service", "b.service", "c.service")]
        for path in paths:
            c.start(path, "sleep", "600")
        frozen = lambda: [c.frozen(path) for path in paths]
        with cgroup_rows(c) as t:
            t.wait_text("c.service")
            t.keys("End", "Space", "Home", "Down", "Down", "Space")     # behind the root and our slice
            ask(t)
            t.wait_text("Freeze 2 processes?")
            t.wait_text("freeze " + paths[2])
            confirm(t, lambda: frozen() == [True, False, True])
            t.wait_text("frozen: 2")
            t.keys("End", "V", "Up")
            ask(t)
            t.wait_text("Freeze some and thaw others: 2 processes?")
            confirm(t, lambda: frozen() == [True, True, False])


@test
def an_end_is_of_the_cgroup_that_was_chosen():
    """Of one below a frozen one a thaw is of that; what else may be chosen is not."""
    with Counted() as c:
        inner, beside = c.start(c.own + "/a/in", "sleep", "600"), c.start(c.own + "/a/beside", "sleep", "600")
        act("--freeze", "cgroup:" + c.own + "/a")
        with cgroup_rows(c) as t:
            t.wait_text("beside")
            t.keys("End")
            ask(t)
            t.wait_text("(*) the cgroup, whole: " + c.own + "/a")
            t.keys("Down")
            t.wait_text("End 1 process?")
            t.type("yes")
            t.keys("Enter")
            equal(inner.wait(timeout=lib.PATIENCE), -9, "how it ended")
            t.wait_text("ended: " + c.own + "/a/in")
            equal(beside.poll(), None, "the one beside it")


@test
def an_end_takes_the_word():
    with Counted() as c:
        path = c.own + "/many"
        people = [c.start(path, "sleep", "600") for _ in range(3)]
        with screen([people[0].pid]) as t:
            ask(t)
            t.keys("Down")
            t.wait_text("(*) END")
            t.keys("Enter")
            t.wait_text("it takes the word yes")
            t.keys("n", "y", "e", "s")
            t.wait_text("Type yes: yes_")
            equal([p.poll() for p in people], [None] * 3, "all live")
            t.keys("Enter")
            for p in people:
                equal(p.wait(timeout=lib.PATIENCE), -9, "how it ended")
            t.wait_text("ended: " + path)


@test
def a_guard_is_seen_on_the_smallest_screen():
    with Counted() as c:
        unit = c.own + "/init.scope"
        a = c.start(unit, "sleep", "600")
        with screen([a.pid], cols=20, rows=5) as t:
            t.keys("f")
            t.wait_text("Guarded: init.scope")
            time.sleep(UNREAD)
            t.type("yes")
            t.wait_text("Type yes: yes_")
            check(not c.frozen(unit), "not before it is confirmed")
            confirm(t, lambda: c.frozen(unit))


@test
def the_tmux_server_is_guarded_and_a_vanished_one_is_said():
    with Counted() as c:
        a = c.start(c.own + "/gone.service", "sleep", "600")
        with screen([a.pid]) as t:
            ask(t)
            a.kill()
            a.wait()
            lib.wait_for(lambda: lib.rmdir(c.root + c.own + "/gone.service"), "the cgroup to go")
            c.made.remove(c.root + c.own + "/gone.service")
            confirm(t, lambda: "the cgroup vanished" in t.text())
            t.keys("Enter")
            t.wait_text("no process matches")
        with Tmux("sh", "-c", "exec %s -d 200ms -p $PPID" % quote(PITSTOP)) as t:
            t.wait_table()
            ask(t)
            t.wait_text("Guarded: pitstop runs under")
            t.keys("Escape")
            t.wait_table()


@test
def all_that_went_wrong_can_be_read():
    """Lines go on where the screen ends, between characters, and scroll."""
    with Counted() as c:
        unit = c.own + "/" + 110 * "\u00fc" + ".service"
        a = c.start(unit, "sleep", "600")
        with screen([a.pid], cols=40, rows=10) as t:
            ask(t)
            a.kill()
            a.wait()
            lib.wait_for(lambda: lib.rmdir(c.root + unit), "the cgroup to go")
            c.made.remove(c.root + unit)
            confirm(t, lambda: "Not done" in t.text())
            told = "".join(t.lines()[t.lines().index("Not done") + 1:-1])
            check(told.startswith(c.own + "/\u00fc\u00fc") and "\ufffd" not in told and "?" not in told, t.text())
            t.resize(20, 8)
            t.wait(lambda lines: len(lines) == 8, "the size")
            t.keys("NPage")
            t.wait(lambda lines: "vanished" in "".join(lines), "the end of it")


@test
def read_only_freezes_nothing():
    with Counted() as c:
        a = c.start(c.own + "/a.service", "sleep", "600")
        with screen([a.pid], "--read-only") as t:
            t.keys("f")
            t.wait_text("nothing is frozen: pitstop was started with --read-only")
            check(lib.table_of(t.lines()), "no dialog")


if __name__ == "__main__":
    lib.main()
