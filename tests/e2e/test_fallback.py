"""What is not there or not permitted: the next backend, and one line that says
what is lost and what would bring it back."""
import os
import subprocess

import lib
from lib import PITSTOP, SAN, TOOLS, Skip, Tmux, Workload, by_pid, check, contains, environment, equal, snapshot, test

NOSECCOMP = os.path.join(TOOLS, "noseccomp")
# enum bpf_cmd
PROG_LOAD, PROG_TEST_RUN, LINK_CREATE, ITER_CREATE, MAP_CREATE = 5, 10, 28, 33, 0


class Prefixed:
    """pitstop where anyone may run it, under another command."""

    def __init__(self, *prefix):
        self.prefix = prefix
        self.binary = lib.shared_copy()

    def command(self, *args):
        return (*self.prefix, self.binary, *args)

    def run(self, *args, env=None):
        p = subprocess.run(self.command(*args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, env=env or own_environment(), timeout=lib.PATIENCE, cwd="/")
        return lib.Result(lib.status_of(p.returncode), p.stdout, p.stderr)

    def snapshot(self, *args):
        r = self.run("--json", "--once", "-d", "60ms", *args)
        equal((r.status, r.err), (0, ""), "status and messages of --json under " + " ".join(self.prefix[:3]))
        return lib.parse_json(r.out.splitlines()[-1])


def own_environment():
    # the leak checker cannot look into a process that changed its user
    return environment(ASAN_OPTIONS="detect_leaks=0") if SAN else environment()


def nobody(*caps):
    lib.need_root()
    lib.need_command("setpriv")
    base = ["setpriv", "--reuid=%d" % lib.NOBODY, "--regid=%d" % lib.NOBODY, "--clear-groups"]
    if caps:
        plus = ",".join("+" + c for c in caps)
        base += ["--inh-caps=" + plus, "--ambient-caps=" + plus, "--bounding-set=-all," + plus]
    p = subprocess.run([*base, "true"], stderr=subprocess.PIPE)
    if p.returncode:
        raise Skip("setpriv: " + p.stderr.decode(errors="replace").strip())
    return Prefixed(*base)


def mounted_over(path):
    """An empty file system over path, for one command."""
    lib.need_root()
    lib.need_command("unshare")
    script = 'mount -t tmpfs pt-none %s || exit 125; exec "$@"' % path
    prefix = ("unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh")
    if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("cannot mount over %s here" % path)
    return Prefixed(*prefix)


def bpf_refused(error, commands):
    need_filter()
    return Prefixed(NOSECCOMP, error, commands)


def need_filter():
    if subprocess.run([NOSECCOMP, "EPERM", "all", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no seccomp filter can be installed here")


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


@test
def capabilities_are_dropped_after_loading():
    lib.need_root()
    with lib.Stream("-d", "100ms") as s:
        s.next()
        effective = int(lib.status(s.p.pid)["CapEff"], 16)
        permitted = int(lib.status(s.p.pid)["CapPrm"], 16)
        for number, name in ((0, "CHOWN"), (1, "DAC_OVERRIDE"), (7, "SETUID"), (12, "NET_ADMIN"), (21, "SYS_ADMIN"), (25, "SYS_TIME")):
            check(not (effective | permitted) >> number & 1, "CAP_%s is still held" % name)


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
