"""The system calls of one process, on the screen: against processes that make known ones."""
import os
import re
import signal
import subprocess
import time

import lib
from lib import Skip, Tmux, check, contains, equal, run, test, wait_for

LINE = r"^\d\d:\d\d:\d\d\.\d{6} +(\d+) "


def need_trace():
    lib.need_bpf()
    if run("--doctor").text.count("no    exited"):
        raise Skip("the probes on tracepoints do not run here")


def child(code, *args, **popen):
    """A Python that does something known, in a loop, once a line has come from it."""
    p = subprocess.Popen(["python3", "-c", code, *args], stdout=subprocess.PIPE, **popen)
    p.stdout.readline()
    return p


OPENS = """
import os, sys, time
print(flush=True)
while True:
    for path in sys.argv[1:]:
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o640) if not path.endswith("-no") else os.open(path, os.O_RDONLY)
            os.write(fd, b"one\\ttwo\\n")
            os.pread(fd, 100, 0)
            os.close(fd)
        except FileNotFoundError:
            pass
    time.sleep(0.1)
"""


class Traced:
    """pitstop on the list of a process's calls; ends both."""

    def __init__(self, p, *args, key="s"):
        self.p = p
        self.t = Tmux(lib.PITSTOP, "-p", str(p.pid), *args, cols=150)
        wait_for(lambda: any(re.match(r" *%d " % p.pid, line) for line in self.t.lines()), "the process")
        # those of the probe that sees processes end
        wait_for(lambda: self.links() == 2, lambda: "two links, there are %d" % self.links())
        self.before = 2
        if key:
            self.t.keys(key)

    def links(self):
        fds = "/proc/%d/fd" % self.t.pid
        found = 0
        for fd in os.listdir(fds):
            try:
                found += bool(re.search("bpf.link|raw-tracepoint", os.readlink("%s/%s" % (fds, fd))))
            except FileNotFoundError:
                pass
        return found

    def shows(self, pattern):
        return wait_for(lambda: [m for m in (re.search(pattern, line) for line in self.t.lines()) if m],
                        lambda: "%s in\n%s" % (pattern, "\n".join(self.t.lines())))[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.t.__exit__()
        self.p.kill()
        self.p.wait()


@test
def known_calls_are_shown():
    need_trace()
    path = os.path.join(lib.scratch(), "traced")
    with Traced(child(OPENS, path, path + "-no")) as s:
        s.shows(r"^System calls of %d python3" % s.p.pid)
        s.t.keys("F4")
        s.t.type("traced|pread|pwrite|write")
        s.t.keys("Enter")
        m = s.shows(LINE + r'openat\(AT_FDCWD, "%s", 0x80042, 0640\) = \d+ <\d\.\d{6}>$' % re.escape(path))
        equal(int(m[1]), s.p.pid, "thread")
        s.shows(LINE + r'openat\(AT_FDCWD, "%s-no", 0x80000(, 0\d+)?\) = -1 ENOENT <' % re.escape(path))
        s.shows(LINE + r'write\(\d+, "one\\ttwo\\n", 8\) = 8 <')
        s.shows(LINE + r'pread64\(\d+, "one\\ttwo\\n", 100, 0\) = 8 <')


@test
def the_probe_is_there_only_while_one_looks():
    need_trace()
    with Traced(child(OPENS, os.path.join(lib.scratch(), "f"))) as s:
        s.shows(LINE)
        equal(s.links(), s.before + 2, "links")
        for key in ("Escape", "q", "F10"):
            s.t.keys(key)
            s.shows(r"PID USER")
            wait_for(lambda: s.links() == s.before, lambda: "links: %d, before %d" % (s.links(), s.before))
            s.t.keys("s")
            s.shows(LINE)


@test
def every_thread_and_the_one_that_waits():
    need_trace()
    code = """
import os, threading, time
def work():
    while True:
        os.access("/nowhere", os.R_OK)
        time.sleep(0.1)
for _ in range(2):
    threading.Thread(target=work, daemon=True).start()
print(flush=True)
os.read(os.pipe()[0], 77)
"""
    with Traced(child(code)) as s:
        tids = set()

        def both():
            tids.update(m[1] for m in (re.match(LINE + r'\w*access\w*\(.*"/nowhere"', line) for line in s.t.lines()) if m)
            return len(tids) >= 2
        wait_for(both, lambda: "two threads, there is %r in\n%s" % (tids, "\n".join(s.t.lines())))
        check(str(s.p.pid) not in tids, "the main thread among %r" % tids)
        # the call that began before anybody looked is not known; a new one is, while it lasts
        s.shows(LINE + r"(clock_nanosleep|p?select6?)\(.*\) \.\.\.$")


@test
def an_execve_keeps_its_path():
    need_trace()
    r, w = os.pipe()
    p = child("import os; print(flush=True); os.read(0, 1); os.execv('/bin/sleep', ['sleep', '1000'])", stdin=r)
    with Traced(p) as s:
        s.shows(r"^System calls")
        wait_for(lambda: s.links() > s.before, "the probe")
        os.write(w, b"\n")
        s.t.keys("F4")
        s.t.type("execve")
        s.t.keys("Enter")
        s.shows(LINE + r'execve\("/bin/sleep", 0x[0-9a-f]+, 0x[0-9a-f]+\) = 0 <')
    os.close(r)
    os.close(w)


@test
def stop_and_stand_still():
    need_trace()
    with Traced(child(OPENS, os.path.join(lib.scratch(), "f"))) as s:
        s.shows(LINE)

        def body():
            return [line for line in s.t.lines() if re.match(LINE, line)]

        def rests():
            before = body()
            time.sleep(1)
            return body() == before
        for key in ("t", "F9"):
            s.t.keys(key)
            s.shows(r"stopped")
            seen = body()
            wait_for(rests, "a list that rests")  # what came before is still to come
            seen = body()
            run("--once", "--json", "-d", "400ms")
            equal(body(), seen, "lines while it is stopped")
            s.t.keys(key)
            wait_for(lambda: body() != seen, "lines again")
        for key in ("f", "F8"):
            s.t.keys(key)
            s.shows(r"standing still")
            seen = body()
            run("--once", "--json", "-d", "400ms")
            equal(body()[:5], seen[:5], "lines while it stands still")
            s.t.keys(key)
            wait_for(lambda: body()[:5] != seen[:5], "the end of the list")


@test
def its_end_is_said():
    need_trace()
    with Traced(child(OPENS, os.path.join(lib.scratch(), "f"))) as s:
        s.shows(LINE)
        os.kill(s.p.pid, signal.SIGKILL)
        s.p.wait()
        s.shows(r"^System calls of \d+ python3 +it has ended")
        s.shows(LINE)
        equal(s.links(), s.before, "links")


@test
def hostile_paths_stay_text():
    need_trace()
    path = os.path.join(lib.scratch(), "a\x1b]0;title\x07\n\x9b31m\u202e-no")
    with Traced(child(OPENS, path)) as s:
        s.t.keys("F4")
        s.t.type("openat")
        s.t.keys("Enter")
        s.shows(r'\\33\]0;title\\7\\n')
        raw = lib.read(s.t.raw_path)
        check(b"\x1b]0;title" not in raw, "an escape sequence of the file's name reached the terminal")
        check("\u202e".encode() not in raw and b"\xc2\x9b" not in raw, "a control character reached the terminal")


@test
def a_flood_is_counted():
    """More than the ring holds between two looks, and more lines than are kept."""
    need_trace()
    lib.need_command("dd")
    p = subprocess.Popen(["dd", "if=/dev/zero", "of=/dev/null", "bs=1"], stderr=subprocess.DEVNULL)
    with Traced(p) as s:
        s.shows(LINE + r'read\(0, "\\0", 1\) = 1 <')
        s.shows(r"^System calls of \d+ dd +\d+ lost")
        s.t.keys("Home")
        s.shows(r"standing still")
        first = [line for line in s.t.lines() if re.match(LINE, line)][0]
        run("--once", "--json", "-d", "2s")
        # what was read is either where it was, or no longer kept
        now = [line for line in s.t.lines() if re.match(LINE, line)][0]
        check(now >= first, "%r after %r" % (now, first))
        s.t.keys("Escape")
        s.shows("PID USER")


@test
def not_with_read_only():
    need_trace()
    with Traced(child(OPENS, os.path.join(lib.scratch(), "f")), "--read-only") as s:
        s.shows(r"--read-only")
        contains("\n".join(s.t.lines()), "PID USER", "the table")
        equal(s.links(), s.before, "links")


@test
def without_privilege_it_says_why():
    lib.need_root()
    p = subprocess.Popen(["sleep", "1000"], user=lib.NOBODY)
    try:
        with Tmux(lib.PITSTOP, "-p", str(p.pid), cols=150, prefix=("setpriv", "--reuid", str(lib.NOBODY), "--clear-groups")) as t:
            wait_for(lambda: any(re.match(r" *%d " % p.pid, line) for line in t.lines()), "the process")
            t.keys("s")
            wait_for(lambda: any("CAP_" in line for line in t.lines()), lambda: "a reason in\n" + "\n".join(t.lines()))
    finally:
        p.kill()
        p.wait()


lib.main()
