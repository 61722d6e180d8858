"""Lists about one process: open files, environment, arguments, locks."""
import os
import subprocess

import lib
from lib import PITSTOP, Tmux, Workload, check, equal, test

HOSTILE = "\x1b]0;PWNED\x07inj\u202e\nsecond line"


class Child:
    """A python that does what it is told and then waits."""

    def __init__(self, code="", args=(), env=None):
        self.p = subprocess.Popen(["python3", "-c", code + "\nprint('ready', flush=True)\nimport time\ntime.sleep(600)",
                                   *args], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env)
        self.p.stdout.readline()
        self.pid = self.p.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.kill()
        self.p.wait()
        self.p.stdout.close()


def screen(pid, **how):
    how.setdefault("cols", 160)
    how.setdefault("rows", 50)
    t = Tmux(PITSTOP, "-d", "200ms", "-p", str(pid), **how)
    t.wait_table()
    return t


def line_with(t, *parts):
    return t.wait(lambda lines: next((line for line in lines if all(p in line for p in parts)), None),
                  "a line with %r" % (parts,))


@test
def open_files():
    folder = lib.scratch()
    code = """
import os, socket
a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
b = socket.create_connection(a.getsockname())
u = socket.socket(socket.AF_UNIX); u.bind(r"%s/sock")
f = open(r"%s/data", "w"); f.write("x" * 1000); f.flush(); f.seek(123)
open(r"%s/port", "w").write(str(a.getsockname()[1]))
os.eventfd(0)
""" % (folder, folder, folder)
    with Child(code) as c, screen(c.pid) as t:
        port = lib.read(folder + "/port").decode()
        t.keys("l")
        t.wait_text("Open files of %d python3" % c.pid)
        line_with(t, " cwd DIR ", os.getcwd())
        line_with(t, "REG ", " w ", "1000", "123 ", folder + "/data")
        line_with(t, "SOCK rw", "TCP 127.0.0.1:%s > * LISTEN" % port)
        line_with(t, "SOCK rw", "> 127.0.0.1:%s ESTABLISHED" % port)
        line_with(t, "unix stream %s/sock" % folder)
        line_with(t, "anon_inode:[eventfd]")
        t.keys("F4")
        t.type("folder-that-is-not|" + folder)
        t.keys("Enter")
        t.wait_text("FILTER")
        t.wait(lambda lines: sum(folder in line for line in lines) == 2 and not any("eventfd" in line for line in lines),
               "the two that match")
        t.keys("q")
        t.wait_table()


@test
def environment_and_arguments_are_harmless_text():
    env = {"PATH": os.environ["PATH"], "PT_ONE": "1", "PT_BAD": HOSTILE, "PT_EMPTY": ""}
    with Child(args=("first", "", HOSTILE, "last one"), env=env) as c, screen(c.pid) as t:
        t.keys("e")
        t.wait_text("Environment of %d python3" % c.pid)
        line_with(t, "PT_ONE=1")
        line_with(t, "PT_BAD=?]0;PWNED?inj??second line")
        t.keys("q")
        t.wait_table()
        t.keys("w")
        t.wait_text("Arguments of %d python3" % c.pid)
        line_with(t, "?]0;PWNED?inj??second line")
        equal([line.strip() for line in t.lines() if line.strip() in ("first", "last one")], ["first", "last one"],
              "the arguments")
        check(b"PWNED" not in t.ask("pane_title").encode(), "the title was set")


@test
def locks():
    path = lib.scratch() + "/locked"
    code = "import fcntl\nf = open(r'%s', 'w')\nfcntl.lockf(f, fcntl.LOCK_EX, 10, 5)" % path
    with Child(code) as c, screen(c.pid) as t:
        t.keys("x")
        line_with(t, "POSIX", "ADVISORY", "WRITE", " 5 ", " 14 ", path)
    with Workload("sleeper", "pt-nolocks") as w, screen(w.pid) as t:
        t.keys("x")
        t.wait_text("it holds no locks")


@test
def search_and_refresh():
    env = {"PATH": os.environ["PATH"], **{"PT_%03d" % i: "value %d" % i for i in range(300)}}
    with Child(env=env) as c, screen(c.pid, rows=20) as t:
        t.keys("e")
        t.wait_text("PT_000")
        t.keys("/")
        t.type("value 250")
        line_with(t, "PT_250=value 250")
        t.keys("Enter", "G")
        line_with(t, "PT_299")
        t.keys("g", "g")
        t.wait_text("PT_000")
        t.keys("F5")
        t.wait_text("PT_000")
        t.keys("F3")
        t.type("nowhere")
        t.wait_text("not found")
        t.keys("Escape")
        t.wait(lambda lines: "not found" not in "\n".join(lines), "the end of the search")
        t.keys("Escape")
        t.wait_table()


@test
def refused_gone_and_nothing():
    lib.need_root()
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with Child() as c, screen(c.pid, prefix=user) as t:
        for key in ("e", "l", "x"):
            t.keys(key)
            t.wait_text("not permitted")
            t.keys("q")
            t.wait_table()
    with Child() as c, screen(c.pid) as t:
        t.keys("e")
        t.wait_text("Environment of")
        c.p.kill()
        c.p.wait()
        t.keys("F5")
        t.wait_text("it has ended")


@test
def a_process_that_blocks_its_readers():
    with lib.stuck_workload() as w, screen(w.pid) as t:
        t.keys("e")
        t.wait_text("reading ...")
        t.keys("q")
        t.wait_table()
        t.keys("e")
        t.wait_text("given up")
        t.keys("q")
        t.wait_table()
        t.keys("q")


@test
def nobody_stays_behind():
    with Workload("sleeper", "pt-alone") as w, screen(w.pid) as t:
        own = t.pid
        before = lib.wait_for(lambda: (lambda c: c if len(c) == 1 else None)(lib.children_of(own)), "the reader of names")
        for key in ("e", "l", "w", "x"):
            t.keys(key)
            t.wait_text(" of %d " % w.pid)
            t.keys("q")
            t.wait_table()
        lib.wait_for(lambda: lib.children_of(own) == before, "the children of before")


if __name__ == "__main__":
    lib.main()
