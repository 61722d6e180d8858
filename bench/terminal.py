"""bench/terminal.py - a program on a terminal of 200x50 that nobody sees: its
frames, what they cost, and what stands on the screen."""
import contextlib
import ctypes
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time
from dataclasses import dataclass

ROWS, COLS = 50, 200
QUIET = 0.1     # s without output: the frame is over
SYS_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}


class Stuck(Exception):
    """A program that ended, or shows nothing more."""


class Late(Stuck):
    """One that is still at it."""


# ---- system calls, counted by the kernel -----------------------------------------

_tracepoint = []


def tracepoint():
    """The number of the tracepoint at the entry of every system call; None where
    there is no tracefs to be read."""
    if _tracepoint:
        return _tracepoint[0]
    path = "events/raw_syscalls/sys_enter/id"
    found = None
    for top in ("/sys/kernel/tracing", "/sys/kernel/debug/tracing"):
        with contextlib.suppress(OSError), open(f"{top}/{path}", encoding="ascii") as f:
            found = int(f.read())
    if found is None and os.geteuid() == 0:
        with tempfile.TemporaryDirectory() as top, contextlib.suppress(OSError):    # no mount(8)
            if not subprocess.run(["mount", "-t", "tracefs", "tracefs", top], stderr=subprocess.DEVNULL).returncode:
                with contextlib.suppress(OSError), open(f"{top}/{path}", encoding="ascii") as f:
                    found = int(f.read())
                subprocess.run(["umount", top], check=False)
    _tracepoint.append(found)
    return found


def count_calls(pid):
    """A descriptor that tells how many system calls pid and what it starts have
    made since; -1 where that cannot be.  perf_event_open(2)."""
    number = SYS_PERF_EVENT_OPEN.get(os.uname().machine)
    if number is None or tracepoint() is None:
        return -1
    inherit = 2
    attr = struct.pack("IIQQQQQIIQ", 2, 64, tracepoint(), 0, 0, 0, inherit, 0, 0, 0)
    return ctypes.CDLL(None).syscall(number, attr, pid, -1, -1, 8)


# ---- what stands on the screen ---------------------------------------------------

TOKEN = re.compile(rb"\x1b\[([0-9;?>=]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()*+].|\x1b[^\[\]]"
                   rb"|([\x00-\x1f\x7f])|([^\x00-\x1f\x7f]+)", re.S)


class Screen:
    """As much of a VT100 as is needed to read figures: text lands where the cursor is."""

    def __init__(self):
        self.rows = [[" "] * COLS for _ in range(ROWS)]
        self.y = self.x = 0
        self.last = " "
        self.rest = b""

    def text(self):
        return "\n".join("".join(row) for row in self.rows)

    def feed(self, data):
        data = self.rest + data
        # what a read cut in the middle waits for the next
        cut = re.search(rb"\x1b(\[[0-9;?>=]*|\][^\x07]*|[()*+])?$|[\xc0-\xff][\x80-\xbf]{0,2}$", data)
        self.rest = data[cut.start():] if cut and len(data) - cut.start() < 64 else b""
        for m in TOKEN.finditer(data[:len(data) - len(self.rest)]):
            if m.group(4):
                self.put(m.group(4).decode("utf-8", "replace"))
            elif m.group(3):
                self.control(m.group(3))
            elif m.group(2):
                self.sequence(m.group(1), m.group(2).decode())

    def put(self, text):
        for c in text:
            if self.x == COLS:
                self.x, self.y = 0, min(self.y + 1, ROWS - 1)
            self.rows[self.y][self.x] = self.last = c
            self.x += 1

    def control(self, c):
        if c == b"\r":
            self.x = 0
        elif c == b"\b":
            self.x = max(self.x - 1, 0)
        elif c == b"\t":
            self.x = min((self.x // 8 + 1) * 8, COLS - 1)
        elif c == b"\n":
            if self.y == ROWS - 1:
                self.rows = self.rows[1:] + [[" "] * COLS]
            else:
                self.y += 1

    def erase(self, how):
        """From the cursor to the end, from the begin to the cursor, all."""
        at = self.y * COLS + self.x
        first, last = {0: (at, ROWS * COLS), 1: (0, at + 1)}.get(how, (0, ROWS * COLS))
        for i in range(first, last):
            self.rows[i // COLS][i % COLS] = " "

    def sequence(self, args, final):
        if args[:1] in (b"?", b">", b"="):
            return
        n = [int(a) if a else 0 for a in args.split(b";")]
        many = max(n[0], 1)
        if final in "Hf":
            self.y = min(max(n[0], 1), ROWS) - 1
            self.x = min(max(n[1] if len(n) > 1 else 1, 1), COLS) - 1
        elif final in "ABCDG`d":
            self.x = {"C": self.x + many, "D": self.x - many, "G": many - 1, "`": many - 1}.get(final, self.x)
            self.y = {"A": self.y - many, "B": self.y + many, "d": many - 1}.get(final, self.y)
            self.x, self.y = min(max(self.x, 0), COLS - 1), min(max(self.y, 0), ROWS - 1)
        elif final == "J":
            self.erase(n[0])
        elif final == "K":
            first, last = {0: (self.x, COLS), 1: (0, self.x + 1)}.get(n[0], (0, COLS))
            self.rows[self.y][first:last] = [" "] * (last - first)
        elif final == "X":
            last = min(self.x + many, COLS)
            self.rows[self.y][self.x:last] = [" "] * (last - self.x)
        elif final == "b":
            self.put(self.last * many)


# ---- a program on it ---------------------------------------------------------------

@dataclass
class Frame:
    began: float        # s since the start of the program
    ended: float
    size: int           # bytes
    cpu_ns: int         # of the program until then
    calls: int          # system calls until then


def cpu_ns(pid):
    """CPU time of a process and its children, ended threads included: the clock of
    that process, as clock_getcpuclockid(3) makes it."""
    total = time.clock_gettime_ns((~pid << 3) | 2)
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
                total += sum(cpu_ns(int(child)) for child in f.read().split())
    return total


class Program:
    """Ends, and is gone, with the block."""

    def __init__(self, argv, env=None, counted=False, least=1):
        """counted: the kernel counts its system calls, which costs it a little.
        least: of that many bytes a frame is one, and not a clock alone."""
        self.least = least
        self.chunks, self.fed = [], 0
        self.screen = Screen()
        held, go = os.pipe()
        self.calls_fd = -1
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.close(go)
                os.read(held, 1)
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
                os.execvpe(argv[0], argv, {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(env or {})})
            finally:
                os._exit(127)
        os.close(held)
        if counted:
            self.calls_fd = count_calls(self.pid)
        self.began = time.monotonic()
        os.close(go)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def since(self):
        return time.monotonic() - self.began

    def read(self, wait):
        """Takes what comes within that time; its size."""
        if not select.select([self.fd], [], [], wait)[0]:
            return 0
        try:
            data = os.read(self.fd, 1 << 17)
        except OSError as e:
            raise Stuck("it ended") from e
        self.chunks.append((self.since(), data))
        return len(data)

    def calls(self):
        return struct.unpack("Q", os.read(self.calls_fd, 8))[0] if self.calls_fd >= 0 else 0

    def frame(self, patience):
        """The next frame, once it is over."""
        until = time.monotonic() + patience
        first, size = None, 0
        while time.monotonic() < until:
            got = self.read(QUIET)
            if got:
                first = first or self.chunks[-1][0]
                size += got
            elif size >= self.least:
                return Frame(first, self.chunks[-1][0], size, cpu_ns(self.pid), self.calls())
            else:
                first, size = None, 0
        raise Late(f"it drew nothing within {patience:.0f} s")

    def shows(self, *patterns):
        """When each of these stood on the screen, s since the start, or None: not yet."""
        while self.fed < len(self.chunks):
            at, data = self.chunks[self.fed]
            self.screen.feed(data)
            self.fed += 1
            text = self.screen.text()
            if all(re.search(p, text) for p in patterns):
                return at
        return None

    def watch(self, seconds):
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)

    def end(self):
        """SIGTERM, so that it leaves nothing behind; in the end SIGKILL."""
        if self.pid is None:
            return
        pid, self.pid = self.pid, None
        try:
            os.kill(pid, signal.SIGTERM)
            until = time.monotonic() + 5
            while time.monotonic() < until:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    return
                # what it still writes is taken, or it would wait for that
                with contextlib.suppress(Stuck):
                    self.read(0.01)
                    continue
                time.sleep(0.01)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        finally:
            os.close(self.fd)
            if self.calls_fd >= 0:
                os.close(self.calls_fd)
