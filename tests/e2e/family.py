"""A shell and its children, asleep: what tests move around in and act upon."""
import os
import signal
import subprocess

import lib
from lib import Tmux, wait_for


class Family:
    """A shell that waits, with n children asleep; all in a group of their own."""

    def __init__(self, n=0, *words):
        script = "sleep 600 & " * n + "echo ready; read -r line"
        self.p = subprocess.Popen(["sh", "-c", script, *words], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, start_new_session=True)
        self.p.stdout.readline()
        self.pid = self.p.pid
        self.children = wait_for(lambda: (lambda c: c if len(c) == n else None)(
            [p for p in lib.children_of(self.pid) if lib.stat(p).comm == b"sleep"]) or not n, "the children")
        self.pids = sorted([self.pid] + (self.children if n else []))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.pid, signal.SIGKILL)
        self.p.wait()
        self.p.stdin.close()
        self.p.stdout.close()


def screen(*args, **more):
    t = Tmux(lib.PITSTOP, "-d", "200ms", *args, **more)
    t.tmux("set", "-s", "set-clipboard", "on")
    return t


def only(*pids):
    """Arguments: these, by pid."""
    return ["-p", ",".join(str(p) for p in pids), "-s", "pid"]


def shown(t):
    table = lib.table_of(t.lines())
    return table.pids if table else []


def wait_shown(t, pids):
    wait_for(lambda: shown(t) == sorted(pids), lambda: "%r in the table\n%s" % (sorted(pids), t.text()))
    return shown(t)


def clipboard(t):
    """What tmux got, once it got anything."""
    def got():
        try:
            return t.tmux("show-buffer")
        except lib.Failed:
            return None
    return wait_for(got, "a buffer in tmux")


def cursor(t):
    """The PID under it: copied, and read from tmux."""
    t.tmux("set-buffer", "none")
    t.type("yp")
    return int(wait_for(lambda: (lambda b: b if b != "none" else None)(clipboard(t)), "a PID"))


def click(t, row, col, button=0):
    """Counted from 0, as SGR 1006 says it: pressed, let go."""
    t.send(b"\x1b[<%d;%d;%dM\x1b[<%d;%d;%dm" % ((button, col + 1, row + 1) * 2))
