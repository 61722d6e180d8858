"""The page about one process: what it says is compared with /proc and cgroupfs,
which the test reads itself."""
import os
import re
import signal
import subprocess
import time

import lib
from lib import Tmux, check, contains, equal, test, wait_for


class Parent:
    """A shell with two children asleep and an odd limit."""

    def __init__(self, *words):
        self.p = subprocess.Popen(["sh", "-c", "ulimit -n 777; cd /usr; sleep 600 & sleep 601 & echo ready; "
                                   "read -r line", "sh", *words],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.p.stdout.readline()
        self.pid = self.p.pid
        self.children = wait_for(lambda: (lambda c: c if len(c) == 2 else None)(
            [p for p in lib.children_of(self.pid) if lib.stat(p).comm == b"sleep"]), "the children")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.p.wait()
        self.p.stdin.close()
        self.p.stdout.close()


def page_of(pid, cols=120, rows=100, env=None, args=()):
    t = Tmux(lib.PITSTOP, "-d", "200ms", "-p", str(pid), *args, cols=cols, rows=rows, env=env)
    t.wait_text(" %d " % pid)
    t.keys("Home", "Enter")
    t.wait_text("Process %d" % pid)
    return t


def value(t, name):
    """What stands behind a name, once it is there."""
    def find():
        for line in t.lines():
            m = re.match(r"%s +(.*\S)" % re.escape(name), line)
            if m:
                return m[1]
        return None
    return wait_for(find, lambda: "%s on the page\n%s" % (name, t.text()))


@test
def what_it_says():
    with Parent() as w, page_of(w.pid) as t:
        t.wait_text("Namespaces")
        equal(value(t, "exe"), os.readlink("/proc/%d/exe" % w.pid), "exe")
        equal(value(t, "cwd"), "/usr", "cwd")
        contains(t.text(), "sh -c ulimit -n 777; cd /usr;", "the command line")
        equal(re.search(r"Max open files +(\d+) +(\d+)", t.text()).groups(), ("777", "777"), "the limit")
        for child in w.children:
            t.wait(lambda lines: any(re.match(r" *%d .* sleep 60" % child, line) for line in lines),
                   "child %d on the page" % child)
        check(re.search(r"^ *%d .*python3" % os.getpid(), t.text(), re.M), "its parent is not on the page")
        line = [l for l in lib.read("/proc/%d/cgroup" % w.pid).decode().splitlines() if l.startswith("0::")]
        if line:
            equal(value(t, "cgroup"), line[0][3:], "the cgroup")
        check(re.search(r"as pitstop's +.*\bpid\b", t.text()), "its namespaces")
        contains(t.text(), "CPU ", "a graph")


@test
def capabilities():
    lib.need_root()
    lib.need_command("setpriv")
    for caps, want in (("-all", "none"), ("-all,+kill,+net_raw", "kill net_raw")):
        p = subprocess.Popen(["setpriv", "--bounding-set=" + caps, "--inh-caps=-all", "sleep", "600"])
        try:
            wait_for(lambda: lib.stat(p.pid).comm == b"sleep", "sleep")
            mask = int(lib.status(p.pid)["CapEff"], 16)
            equal(mask, {"none": 0, "kill net_raw": 1 << 5 | 1 << 13}[want], "what the kernel says")
            with page_of(p.pid) as t:
                t.wait_text("Namespaces")
                lines = t.lines()
                equal(lines[lines.index("Capabilities in effect") + 1].rstrip(), want, "capabilities")
        finally:
            p.kill()
            p.wait()


@test
def namespaces():
    lib.need_root()
    p = subprocess.Popen(["unshare", "--uts", "--ipc", "sleep", "600"])
    try:
        wait_for(lambda: lib.stat(p.pid).comm == b"sleep", "sleep")
        with page_of(p.pid) as t:
            for kind in ("uts", "ipc"):
                equal(value(t, kind), os.readlink("/proc/%d/ns/%s" % (p.pid, kind)), kind)
            check(not re.search(r"^mnt ", t.text(), re.M), "a namespace that is pitstop's, too")
    finally:
        p.kill()
        p.wait()


def v2_mount():
    for line in lib.read("/proc/mounts").decode().splitlines():
        words = line.split()
        if words[2] == "cgroup2":
            return words[1]
    return None


def pids_folder():
    """A place to make cgroups with the pids controller in."""
    for line in lib.read("/proc/mounts").decode().splitlines():
        words = line.split()
        if words[2] == "cgroup" and "pids" in words[3].split(","):
            return words[1]
    mount = v2_mount()
    try:
        return mount if mount and "pids" in lib.read(mount + "/cgroup.subtree_control").decode() else None
    except OSError:
        return None


@test
def limits_of_the_cgroup_and_those_above():
    lib.need_root()
    base = pids_folder()
    if not base:
        raise lib.Skip("no cgroup hierarchy with the pids controller to make groups in")
    outer = base + "/pt_detail_%d" % os.getpid()
    inner = outer + "/inner"
    p = subprocess.Popen(["sleep", "600"])
    try:
        try:
            os.mkdir(outer)
            if os.path.exists(outer + "/cgroup.subtree_control"):
                with open(outer + "/cgroup.subtree_control", "w") as f:
                    f.write("+pids")
            os.mkdir(inner)
            for folder, most in ((outer, "4321"), (inner, "77")):
                with open(folder + "/pids.max", "w") as f:
                    f.write(most)
            with open(inner + "/cgroup.procs", "w") as f:
                f.write(str(p.pid))
        except OSError as e:
            raise lib.Skip("cannot make a cgroup: %s" % e)
        with page_of(p.pid) as t:
            t.wait_text("Namespaces")
            equal(re.findall(r"^pids\.max +(.*\S)", t.text(), re.M),
                  ["77", "4321  by " + outer[len(base):]], "limits")
            equal(value(t, "pids.current"), "1", "pids.current")
            with open(inner + "/pids.max", "w") as f:
                f.write("78")
            wait_for(lambda: value(t, "pids.max") == "78", "the page to be read again")
    finally:
        p.kill()
        p.wait()
        for folder in (inner, outer):
            if os.path.isdir(folder):
                os.rmdir(folder)


@test
def graphs_follow():
    with lib.Workload("hog") as w, page_of(w.pid, cols=80, rows=24) as t:
        # what it does now is at the right edge
        t.wait(lambda l: any(re.search("[\u2800-\u28ff]{3}\\s*$", x) for x in l), "a graph")
        t.wait(lambda l: any(re.match(r"CPU \d\d", x) for x in l), "its share of a CPU")


@test
def going_to_a_child_and_back():
    with Parent() as w, page_of(w.pid) as t:
        t.wait_text("Children")
        lines = t.lines()
        at = next(i for i, l in enumerate(lines) if re.match(r" *%d .*sleep" % w.children[0], l))
        t.keys(*["Down"] * (at - 1))
        t.keys("Enter")
        t.wait_text("Process %d sleep" % w.children[0])
        lines = t.wait(lambda l: l if any(x.startswith("Parents") for x in l) else None, "its parents")
        at = next(i for i, l in enumerate(lines) if l.startswith("Parents")) + 1
        t.send(b"\x1b[<0;5;%dM" % (at + 1))     # a click selects, another goes there
        time.sleep(0.5)
        t.send(b"\x1b[<0;5;%dM" % (at + 1))
        t.wait_text("Process %d sh" % w.pid)
        t.keys("Escape")
        t.wait_table()


@test
def threads_are_listed():
    code = "import threading, time\nfor i in range(3):\n threading.Thread(target=time.sleep, args=[600]).start()\n" \
           "print('ready', flush=True)"
    p = subprocess.Popen([lib.sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        p.stdout.readline()
        want = sorted({int(n) for n in os.listdir("/proc/%d/task" % p.pid)} - {p.pid})
        equal(len(want), 3, "threads")
        with page_of(p.pid) as t:
            def listed(lines):
                at = next((i for i, l in enumerate(lines) if l.startswith("Threads")), None)
                found = [] if at is None else [re.match(r" *(\d+) ", l) for l in lines[at + 1:at + 4]]
                return [int(m[1]) for m in found if m] == want
            t.wait(listed, "its threads")
    finally:
        p.kill()
        p.wait()
        p.stdout.close()


@test
def survives_the_death():
    with Parent() as w, page_of(w.pid) as t:
        t.wait_text("Namespaces")
        os.killpg(w.pid, signal.SIGKILL)
        w.p.wait()
        t.wait_text("HAS ENDED")
        time.sleep(2.5)         # when its files would be read again
        equal(value(t, "cwd"), "/usr", "what was known")
        contains(t.text(), "sh -c ulimit -n 777", "what was known")
        t.keys("q")
        t.wait_text("PID")
        t.type("q")
        equal(t.wait_end(), 0, "status")


@test
def scrolling():
    """By pages, by the wheel, to the end and back."""
    with Parent() as w, page_of(w.pid, cols=80, rows=20) as t:
        def top(want):
            t.wait(lambda l: l[1].startswith("S  ") == want, "the first line %s" % ("again" if want else "gone"))
        for down, up in ((b"\x1b[6~", b"\x1b[5~"), (b"\x1b[<65;9;9M", b"\x1b[<64;9;9M"), (b"G", b"gg")):
            top(True)
            t.send(down)
            top(False)
            t.send(up * 2)
            top(True)


@test
def opened_by_two_clicks():
    with Parent() as w, Tmux(lib.PITSTOP, "-d", "200ms", "-p", str(w.pid)) as t:
        table = t.wait_table()
        at = table.at + 2
        t.send(b"\x1b[<0;30;%dM\x1b[<0;30;%dm" % (at, at) * 2)
        t.wait_text("Process %d" % w.pid)


@test
def sizes():
    for cols, rows in ((80, 24), (200, 50), (40, 10), (20, 5), (1, 1)):
        with Parent("\x1b]0;evil\x07", "\u202edrow") as w, \
                Tmux(lib.PITSTOP, "-d", "200ms", "-p", str(w.pid)) as t:
            t.wait_table()
            t.keys("Home", "Enter")
            t.wait_text("Process %d" % w.pid)
            t.resize(cols, rows)
            t.wait(lambda l: len(l) == rows, "the size")
            if cols >= 20:
                t.wait(lambda l: l[0].startswith("Process"), "the page")
            t.type("G" + "kkk" + "gg")
            t.keys("NPage", "PPage", "Enter", "q")
            check(b"\x1b]0;evil" not in t.raw(), "a title was set")
            t.type("q")
            equal(t.wait_end(), 0, "status at %dx%d" % (cols, rows))


@test
def without_privilege():
    """Another user's: what may not be read is said, the rest is there."""
    lib.need_root()
    copy = lib.shared_copy()
    with Parent() as w, Tmux("setpriv", "--reuid=%d" % lib.NOBODY, "--regid=%d" % lib.NOBODY, "--clear-groups",
                             copy, "-d", "200ms", "-p", str(w.pid), cols=120, rows=100) as t:
        t.wait_table()
        t.keys("Home", "Enter")
        t.wait_text("Namespaces")
        equal(value(t, "exe"), "not permitted", "exe")
        check(re.search(r"Max open files +777", t.text()), "its limits, which anybody may read")


lib.main()
