"""What is not there or not permitted: the next backend, and one line that says
what is lost and what would bring it back."""
import os
import re
import signal
import subprocess

import lib
from denied import (ITER_CREATE, LINK_CREATE, MAP_CREATE, PROG_LOAD, PROG_TEST_RUN, Prefixed, bpf_refused,
                    mounted_over, nobody, own_environment)
from lib import PITSTOP, SAN, Skip, Tmux, Workload, by_pid, check, contains, equal, snapshot, test, wait_for

PERFMON, BPF = 38, 39       # include/uapi/linux/capability.h

def expect(prefixed, backend, *words):
    """The backend it falls back to, a reason with these words in JSON, and the
    one line for people on a plain frame and on the screen."""
    obj = prefixed.snapshot("-k")
    equal(obj["backend"]["tasks"], backend, "backend")
    check(os.getpid() in by_pid(obj), "this test is not listed")
    reasons = [m for m in obj["backend"]["missing"] if m["why"]]
    check(reasons, "nothing says what is missing: %r" % obj["backend"])
    text = " ".join(m["source"] + ": " + m["why"] for m in reasons)
    for word in words:
        contains(text.lower(), word.lower(), "what is missing")
    expect_line(prefixed)
    expect_on_screen(prefixed, words)


def expect_line(prefixed):
    r = prefixed.run("-n", "3", "-d", "20ms")
    equal(r.status, 0, "status of plain frames")
    lines = r.err.splitlines()
    equal(len(lines), 1, "lines that say what is lost: %r" % r.err)
    check(lines[0].startswith("pitstop: "), "the line is %r" % lines[0])
    contains(r.text, "PID", "plain frames")


def expect_on_screen(prefixed, words):
    env = {"ASAN_OPTIONS": "detect_leaks=0"} if SAN else {}
    with Tmux(*prefixed.command("-d", "300ms"), cols=200, rows=40, env=env) as t:
        t.wait_table()
        if words:
            t.wait_text(words[0])
        t.keys("q")
        equal(t.wait_end(), 0, "status of the screen")


def expect_refusal(prefixed, backend):
    r = prefixed.run("--json", "-n", "1", "--backend", backend)
    equal((r.status, r.out), (1, b""), "--backend %s where it cannot run" % backend)
    lines = r.err.splitlines()
    check(lines and lines[0].startswith("pitstop: ") and lines[0].count(": ") >= 2, "its message: %r" % r.err)
    check(len(lines) == 2 and lines[1], "no second line that says what would help: %r" % r.err)


# ---- tests ------------------------------------------------------------------------

@test
def no_privilege():
    user = nobody()
    expect(user, "proc", "CAP_BPF")
    for backend in ("walk", "iter"):
        expect_refusal(user, backend)
    equal(user.snapshot("--backend", "proc")["backend"]["tasks"], "proc", "--backend proc as nobody")
    r = user.run("--doctor")
    equal((r.status, r.err), (1, ""), "--doctor as nobody")
    contains(r.text, "CAP_BPF", "--doctor as nobody")


@test
def no_privilege_shows_what_an_ordinary_user_may_see():
    user = nobody()
    with Workload("sleeper", "pt-root's") as w:
        p = by_pid(user.snapshot())[w.pid]
        equal(p["cmdline"][1:], ["sleeper", "pt-root's"], "cmdline of root's process")
        equal((p["uid"], p["threads"], p["nice"]), (0, 1, 0), "of root's process")
        for field in ("exe", "read_bytes", "write_bytes"):
            check(field not in p, "%s of root's process is %r for nobody" % (field, p.get(field)))


@test
def two_capabilities_are_enough():
    lib.need_bpf()
    user = nobody("bpf", "perfmon")
    for backend in lib.backends():
        obj = user.snapshot("--backend", backend, "-k")
        equal(obj["backend"]["tasks"], backend, "backend with CAP_BPF and CAP_PERFMON alone")
    obj = user.snapshot("-k")
    equal(obj["backend"]["tasks"], lib.backends()[0], "the automatic backend with two capabilities")
    stayed = by_pid(snapshot("-k"))
    with_root = {pid for pid, p in stayed.items() if p["kernel"]}
    without = {pid for pid, p in by_pid(user.snapshot("-k")).items() if p["kernel"]}
    check(len(with_root & without) > len(with_root) // 2, "kernel threads that nobody sees: %r" % without)


def capabilities(pid):
    st = lib.status(pid)
    return tuple({n for n in range(64) if int(st[which], 16) >> n & 1} for which in ("CapPrm", "CapEff"))


def runs_without_capabilities():
    """Whether this kernel lets a process without CAP_BPF use what is loaded."""
    kernel = tuple(int(n) for n in re.findall(r"\d+", os.uname().release)[:2])
    return kernel >= (5, 19) or lib.read("/proc/sys/kernel/unprivileged_bpf_disabled").strip() == b"0"


@test
def capabilities_are_dropped_after_loading():
    lib.need_root()
    with lib.Stream("-d", "100ms") as s:
        s.next()
        permitted, effective = capabilities(s.p.pid)
        check(permitted <= {2, 19, PERFMON, BPF}, "still permitted: %r" % permitted)
        check(effective <= permitted, "in effect, but not permitted: %r" % effective)
        if runs_without_capabilities():
            check(not effective & {PERFMON, BPF}, "in effect while nothing is loaded: %r" % effective)
        equal(lib.status(s.p.pid)["NoNewPrivs"], "1", "NoNewPrivs: what is executed would get all of them back")
        equal(s.next()["backend"]["tasks"], lib.backends()[0], "backend without the capabilities")


@test
def the_reader_of_names_keeps_less():
    lib.need_bpf()
    with lib.Stream("-d", "100ms") as s:
        reader = wait_for(lambda: [pid for pid in children(s.p.pid)
                                   if lib.status(pid).get("NoNewPrivs") == "1"], "the reader to settle")[0]
        permitted, effective = capabilities(reader)
        if runs_without_capabilities():
            check(not (permitted | effective) & {PERFMON, BPF}, "the reader can load: %r" % permitted)
        reader_files = files_of(reader)
        os.kill(reader, signal.SIGKILL)
        with Workload("sleeper", "pt-after") as w:      # it is missed when there is something to ask
            other = wait_for(lambda: s.next() and [pid for pid in children(s.p.pid) if pid != reader
                                                   and lib.status(pid).get("NoNewPrivs") == "1"], "another reader")[0]
            if runs_without_capabilities() and loads_programs(reader_files):
                check(loads_programs(files_of(other)), "the reader that came instead could not load its program")
            s.until(lambda o: by_pid(o).get(w.pid, {}).get("cmdline", [])[1:] == ["sleeper", "pt-after"],
                    "a name from the reader that came instead")


def files_of(pid):
    return [os.readlink("/proc/%d/fd/%s" % (pid, fd)) for fd in os.listdir("/proc/%d/fd" % pid)]


def loads_programs(files):
    return "anon_inode:bpf-prog" in files


def children(pid):
    return [int(n) for n in lib.read("/proc/%d/task/%d/children" % (pid, pid)).split()]


@test
def tasks_outgrow_the_array_after_the_drop():
    """Loading anew takes what was put out of effect."""
    lib.need_bpf()
    with lib.Stream("-d", "100ms") as s:
        before = s.next()
        # a quarter more than there were, and 512
        need = int(before["tasks"]["threads"] + before["tasks"]["kernel_threads"]) // 4 + 700
        with Workload("crowd", need):
            grown = s.until(lambda o: o["tasks"]["processes"] > before["tasks"]["processes"] + need - 20,
                            "the crowd to be counted")
        equal((grown["backend"]["tasks"], grown["backend"]["lost"]), (lib.backends()[0], 0), "backend, lost tasks")
        if runs_without_capabilities():
            check(not capabilities(s.p.pid)[1] & {PERFMON, BPF}, "in effect after loading anew")


@test
def tasks_that_cannot_be_made_room_for_are_counted():
    """The kernel takes the program once, and not again: what there is goes on."""
    if lib.backends()[0] != "walk":
        raise Skip("this kernel has no walk")
    with lib.Stream("-d", "100ms", prefix=bpf_refused("EPERM+1", "prog:walk").prefix) as s:
        before = s.next()
        need = int(before["tasks"]["threads"] + before["tasks"]["kernel_threads"]) // 4 + 700
        with Workload("crowd", need):
            full = s.until(lambda o: o["backend"]["lost"] > 0, "tasks to be lost")
            equal(full["backend"]["tasks"], "walk", "backend")
            check(len(full["processes"]) > 400, "processes beside those lost: %d" % len(full["processes"]))
        s.until(lambda o: o["backend"]["lost"] == 0, "room for all again")


@test
def nothing_of_loading_stays():
    """No BTF in memory, no descriptor of it; all are closed by exec."""
    lib.need_bpf()
    allowed = re.compile(r"/proc(/|$)|/sys/|/dev/null|socket:|pipe:|anon_inode:(bpf-map|bpf-prog|bpf_link|bpf_iter)"
                         r"|anon_inode:\[?(eventpoll|signalfd|timerfd)")
    for backend in lib.backends()[:-1]:
        with lib.Stream("-d", "100ms", "--backend", backend) as s:
            s.next()
            s.next()
            for pid in (s.p.pid, *children(s.p.pid)):
                maps = lib.read("/proc/%d/maps" % pid).decode()
                check("btf" not in maps and "vmlinux" not in maps, "BTF is still mapped by %d\n%s" % (pid, maps))
                size = {k: int(v.split()[0]) for k, v in lib.status(pid).items() if k in ("VmRSS", "RssAnon")}
                check(SAN or size["RssAnon"] < 4096, "anonymous memory of %d: %r KiB, as if BTF were kept" % (pid, size))
                for fd in os.listdir("/proc/%d/fd" % pid):
                    check_descriptor(pid, fd, allowed)


def check_descriptor(pid, fd, allowed):
    try:
        to = os.readlink("/proc/%d/fd/%s" % (pid, fd))
        flags = re.search(rb"flags:\s*(\d+)", lib.read("/proc/%d/fdinfo/%s" % (pid, fd))).group(1)
    except FileNotFoundError:
        return      # closed while we looked
    if int(fd) <= 2:
        return
    check(allowed.match(to), "descriptor %s of %d leads to %s" % (fd, pid, to))
    check(int(flags, 8) & os.O_CLOEXEC, "descriptor %s of %d (%s) stays open across exec" % (fd, pid, to))


@test
def no_btf():
    lib.need_bpf()
    without = mounted_over("/sys/kernel/btf")
    expect(without, "proc", "BTF")
    for backend in ("walk", "iter"):
        expect_refusal(without, backend)
    contains(without.run("--doctor").text, "BTF", "--doctor without BTF")


@test
def bpf_refused_with_either_error():
    for error in ("EPERM", "ENOSYS"):
        refused = bpf_refused(error, "all")
        expect(refused, "proc", "seccomp")
        for backend in ("walk", "iter"):
            expect_refusal(refused, backend)


@test
def walk_cannot_run_so_iter_does():
    lib.need_bpf()
    if lib.backends()[0] != "walk":
        raise Skip("this kernel has no walk")
    for error in ("EPERM", "ENOSYS"):
        refused = bpf_refused(error, str(PROG_TEST_RUN))
        expect(refused, "iter", "walk")
        expect_refusal(refused, "walk")


@test
def every_command_of_bpf_may_be_the_one_refused():
    """Whichever of them fails, something runs and says so."""
    lib.need_bpf()
    for commands, want in ((MAP_CREATE, ("proc",)), (PROG_LOAD, ("proc",)),
                           ("%d,%d" % (PROG_TEST_RUN, ITER_CREATE), ("proc",)),
                           ("%d,%d" % (PROG_TEST_RUN, LINK_CREATE), ("proc",)),
                           (LINK_CREATE, ("walk", "iter"))):
        obj = bpf_refused("EPERM", str(commands)).snapshot()
        check(obj["backend"]["tasks"] in want, "bpf commands %s refused: %r" % (commands, obj["backend"]))
        check(os.getpid() in by_pid(obj), "this test is not listed")


@test
def no_sys():
    without = mounted_over("/sys")
    obj = without.snapshot()
    equal(obj["backend"]["tasks"], "proc", "backend without /sys")
    check(os.getpid() in by_pid(obj), "this test is not listed")


@test
def no_proc():
    """Something, or a reason; never a crash."""
    if SAN:
        raise Skip("the sanitizers' own runtime reads /proc")
    r = mounted_over("/proc").run("--json", "-n", "1", "-d", "50ms")
    check(r.status in (0, 1), "status without /proc: %d %r" % (r.status, r.err))
    if r.status:
        check(r.err.startswith("pitstop: "), "message without /proc: %r" % r.err)
    else:
        lib.parse_json(r.out)


@test
def missing_files_of_proc_are_absent_fields():
    """A source that fails is absent and named, and the others go on."""
    lib.need_root()
    lib.need_command("unshare")
    for path, name, field in (("/proc/pressure", "pressure", "pressure"), ("/proc/loadavg", "loadavg", "load"),
                              ("/proc/meminfo", "meminfo", "memory"), ("/proc/stat", "stat", "cpu")):
        over = "mount -t tmpfs pt-none %s" if os.path.isdir(path) else "mount --bind /dev/null %s"
        prefix = ("unshare", "--mount", "--propagation=private", "sh", "-c",
                  over % path + ' || exit 125; exec "$@"', "sh")
        if not os.path.exists(path) or subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode:
            continue
        obj = Prefixed(*prefix).snapshot()
        check(field not in obj, "%s without %s is %r" % (field, path, obj.get(field)))
        check(any(m["source"] == name and m["why"] for m in obj["backend"]["missing"]),
              "without %s nothing says why: %r" % (path, obj["backend"]))
        check(os.getpid() in by_pid(obj), "this test is not listed")


@test
def few_descriptors():
    """Enough for a start, or a reason."""
    for limit in (4, 8, 12, 16, 32):
        p = subprocess.run(["sh", "-c", 'ulimit -n %d; exec "$0" --json -n 1 -d 50ms' % limit, PITSTOP],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=own_environment(), timeout=lib.PATIENCE)
        check(p.returncode in (0, 1), "status with %d descriptors: %d %r" % (limit, p.returncode, p.stderr))
        if p.returncode == 0:
            lib.parse_json(p.stdout)
        else:
            check(p.stderr.startswith(b"pitstop: "), "message with %d descriptors: %r" % (limit, p.stderr))


if __name__ == "__main__":
    lib.main()
