"""What the end-to-end tests share: starting pitstop and the processes that it
is to show, reading /proc, a terminal in tmux and a bare pty.

A test is a function marked @test; it fails by an exception and is skipped by
Skip.  Each file ends with lib.main(), which prints a line a test.  Nothing
here measures how long something takes: wait_for() only bounds how long a
condition may stay away."""
import atexit
import contextlib
import fcntl
import glob
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_BUILD = os.path.join(ROOT, "build", os.uname().machine)
PITSTOP = os.environ.get("PITSTOP", os.path.join(_BUILD, "pitstop"))
TOOLS = os.environ.get("PT_TOOLS", os.path.join(_BUILD, "tests"))
SAN = os.path.dirname(PITSTOP).endswith("-san")
PATIENCE = int(os.environ.get("PT_PATIENCE", 120))    # seconds until something is called missing
NOBODY = 65534
TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


# ---- running tests ------------------------------------------------------------

class Skip(Exception):
    """Why this machine cannot run a test."""


class Failed(Exception):
    """What was got and what was wanted."""


_tests = []


def test(fn):
    _tests.append(fn)
    return fn


def like_a_shell():
    """What children inherit: whoever runs tests in the background has signals ignored or blocked, and
    pitstop, as anyone, leaves an ignored one ignored.  Nor is it anybody else's nice value, umask, or
    size of a screen, which ps and tmux take for theirs.  Who is ended by a signal leaves no core."""
    os.environ.pop("COLUMNS", None)
    os.environ.pop("LINES", None)
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if os.geteuid() == 0:
        os.setpriority(os.PRIO_PROCESS, 0, 0)
    for s in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGTSTP, signal.SIGCHLD):
        if signal.getsignal(s) == signal.SIG_IGN:
            signal.signal(s, signal.default_int_handler if s == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def main():
    like_a_shell()
    group = os.path.basename(sys.argv[0])[len("test_"):-len(".py")]
    wanted = sys.argv[1:]
    failed = 0
    for fn in _tests:
        name = "e2e/%s/%s" % (group, fn.__name__)
        if fn.__module__ != "__main__" or (wanted and fn.__name__ not in wanted):
            continue
        try:
            fn()
        except Skip as e:
            print("skip %s: %s" % (name, e))
        except Exception as e:      # whatever it is, it is this test's failure
            failed += 1
            print("not ok %s: %s" % (name, one_line(e)))
            for line in traceback.format_exc().splitlines() if not isinstance(e, Failed) else details(e):
                print("# " + line)
        else:
            print("ok %s" % name)
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def one_line(e):
    text = str(e).split("\n")[0] or type(e).__name__
    return ascii(text)[1:-1]


def details(e):
    where = [f for f in traceback.extract_tb(e.__traceback__) if not f.filename.endswith("lib.py")]
    lines = ["at %s:%d" % (os.path.basename(f.filename), f.lineno) for f in where[-2:]]
    return lines + [ascii(line)[1:-1] for line in str(e).split("\n")[1:]]


def check(ok, what):
    if not ok:
        raise Failed(what)


def equal(got, want, what):
    if got != want:
        raise Failed("%s: got %r, wanted %r" % (what, got, want))


def between(got, low, high, what):
    if not low <= got <= high:
        raise Failed("%s: got %r, wanted %r to %r" % (what, got, low, high))


def contains(text, part, what):
    if part not in text:
        raise Failed("%s: no %r in it\n%s" % (what, part, text))


def wait_for(condition, what, pause=0.03):
    """The first true value of condition(); Failed, with what show() says if
    what is a function, when there is none in a long time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed("still waiting for " + (what() if callable(what) else what))
        time.sleep(pause)


def rmdir(path):
    """False while somebody is just leaving it."""
    try:
        os.rmdir(path)
        return True
    except OSError:
        return False


@contextlib.contextmanager
def removes_alone():
    """Who was frozen alone, and killed then, leaves its cgroup to others' tests."""
    mounts = [line.split() for line in read("/proc/mounts").decode().splitlines()]
    alone = lambda: {path for m in mounts if m[2] in ("cgroup", "cgroup2")
                     for path in glob.glob(m[1] + "/**/pitstop-alone.*", recursive=True)}
    before = alone()
    try:
        yield
    finally:
        for path in alone() - before:
            wait_for(lambda: not os.path.isdir(path) or rmdir(path), path + " to go")


def need_root():
    if os.geteuid() != 0:
        raise Skip("needs root")


def need_command(name):
    if not shutil.which(name):
        raise Skip("%s is not installed" % name)


# ---- running pitstop ------------------------------------------------------------

class Result:
    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err.decode(errors="replace")

    @property
    def text(self):
        return self.out.decode()    # strict: what is printed is UTF-8


def environment(**changes):
    """The caller's environment in a known state; a change to None removes."""
    env = {k: v for k, v in os.environ.items()
           if k not in ("NO_COLOR", "COLORTERM", "LC_ALL", "LC_CTYPE", "LINES", "COLUMNS", "TMUX")}
    env.update(LANG="C.UTF-8", TERM="xterm-256color", XDG_CONFIG_HOME="/nonexistent", HTOPRC="")
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


def status_of(returncode):
    """Ending by a signal counts as 128 + its number."""
    return 128 - returncode if returncode < 0 else returncode


def run(*args, prefix=(), env=None, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **more):
    """pitstop with these arguments, to its end."""
    p = subprocess.run([*prefix, PITSTOP, *args], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                       env=env or environment(), timeout=PATIENCE, **more)
    return Result(status_of(p.returncode), p.stdout or b"", p.stderr)


def strict_object(pairs):
    keys = [k for k, _ in pairs]
    check(len(keys) == len(set(keys)), "JSON object with a key twice: %r" % keys)
    return dict(pairs)


def no_constant(name):
    raise Failed("JSON holds %s" % name)


def parse_json(line):
    return json.loads(line.decode("utf-8"), object_pairs_hook=strict_object, parse_constant=no_constant)


def objects(*args, **more):
    """The objects that pitstop --json printed."""
    r = run("--json", *args, **more)
    equal((r.status, r.err), (0, ""), "status and messages of --json " + " ".join(args))
    check(r.out.endswith(b"\n"), "the last JSON line has no end")
    return [parse_json(line) for line in r.out.splitlines()]


def snapshot(*args, **more):
    """One object."""
    return objects("-d", "60ms", "--once", *args, **more)[-1]


def by_pid(obj):
    return {p["pid"]: p for p in obj["processes"]}


class Stream:
    """pitstop --json, object by object."""

    def __init__(self, *args, prefix=()):
        self.p = subprocess.Popen([*prefix, PITSTOP, "--json", *args], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.p.terminate()
        self.p.communicate(timeout=PATIENCE)

    def next(self):
        ready, _, _ = select.select([self.p.stdout], [], [], PATIENCE)
        line = self.p.stdout.readline() if ready else b""
        check(line.endswith(b"\n"), "the stream of objects stopped: %s" %
              (self.p.stderr.read() if self.p.poll() is not None else "it still runs"))
        return parse_json(line)

    def until(self, condition, what):
        """The first object that meets the condition."""
        return wait_for(lambda: (lambda o: o if condition(o) else None)(self.next()), what, pause=0)


def shared_copy():
    """pitstop where any user may run it."""
    folder = scratch()
    os.chmod(folder, 0o755)
    return shutil.copy(PITSTOP, os.path.join(folder, "pitstop"))


def scratch():
    folder = tempfile.mkdtemp(prefix="pt-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def bpf_works():
    """Whether this process may use bpf(2) and the kernel has its BTF: asked of
    the kernel, not of pitstop."""
    import ctypes
    number = {"x86_64": 321, "aarch64": 280}.get(os.uname().machine)
    if number is None or not os.path.exists("/sys/kernel/btf/vmlinux"):
        return False
    attr = (ctypes.c_uint32 * 32)(2, 4, 8, 1)       # an array of one element
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.syscall(number, 0, ctypes.byref(attr), ctypes.sizeof(attr))
    if fd < 0:
        return False
    os.close(fd)
    return True


def backends():
    """What must run here: a backend that ought to and does not is a failure of
    the test that uses it."""
    kernel = tuple(int(n) for n in re.findall(r"\d+", os.uname().release)[:2])
    return ((["walk"] if kernel >= (6, 7) else []) + (["iter"] if kernel >= (5, 8) else [])
            if bpf_works() else []) + ["proc"]


def need_bpf():
    if len(backends()) == 1:
        raise Skip("no BPF here: not privileged, refused, or a kernel without BTF")


# ---- processes to look at ---------------------------------------------------------

class Workload:
    """tests/tools/workload in one of its modes, until the block ends."""

    def __init__(self, *args, **popen):
        self.p = subprocess.Popen([os.path.join(TOOLS, "workload"), *map(str, args)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, **popen)
        self.pids = self.read_pids()
        self.pid = self.pids[0]

    def read_pids(self):
        words = self.p.stdout.readline().decode().split()
        if words[:1] == ["cannot"]:
            self.p.wait()
            raise Skip("the machine cannot " + " ".join(words[1:]))
        check(words[:1] == ["ready"], "the workload says %r" % words)
        return [int(w) for w in words[1:]]

    def go_on(self, answers=True):
        """Its next step: what exec and rename wait for."""
        self.p.stdin.write(b"\n")
        self.p.stdin.flush()
        if answers:
            self.pids = self.read_pids()

    def close(self):
        if self.p.stdin.closed:
            return
        self.p.stdin.close()
        try:
            self.p.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
        self.p.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def stuck_workload():
    """A process that makes whoever reads its memory wait."""
    need_root()
    path = os.path.join(scratch(), "stuck")
    open(path, "w").close()
    w = Workload("stuckmm", path)
    # cat is the proof that the kernel does make a reader wait
    reader = subprocess.Popen(["cat", "/proc/%d/cmdline" % w.pid], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: reader.poll() is not None or stat(reader.pid).state == "D", "cat to wait or to end")
        waits = reader.poll() is None
    finally:
        reader.kill()
        reader.wait()
    if not waits:
        w.close()
        raise Skip("this kernel does not make a reader of the command line wait")
    return w


def asleep(w):
    """The workload, once its process sleeps: "ready" is written a moment before."""
    wait_for(lambda: stat(w.pid).state == "S", "the workload to sleep")
    return w


# ---- /proc, read as its manual says, independently of pitstop ------------------------

class Stat:
    """/proc/PID/stat, numbered as in proc(5)."""

    def __init__(self, text):
        self.comm = text[text.index(b"(") + 1:text.rindex(b")")]
        rest = text[text.rindex(b")") + 2:].split()
        self.pid = int(text.split(b" ", 1)[0])
        self.state = rest[0].decode()
        self.field = {i + 3: int(v) for i, v in enumerate(rest) if i}

    ppid = property(lambda s: s.field[4])
    tty_nr = property(lambda s: s.field[7])
    kernel = property(lambda s: bool(s.field[9] & 0x200000))    # PF_KTHREAD
    minflt = property(lambda s: s.field[10])
    majflt = property(lambda s: s.field[12])
    utime = property(lambda s: s.field[14])
    stime = property(lambda s: s.field[15])
    priority = property(lambda s: s.field[18])
    nice = property(lambda s: s.field[19])
    threads = property(lambda s: s.field[20])
    start = property(lambda s: s.field[22])
    vsize = property(lambda s: s.field[23])
    cpu = property(lambda s: s.field[39])


def read(path):
    with open(path, "rb") as f:
        return f.read()


def stat(pid):
    return Stat(read("/proc/%d/stat" % pid))


def status(pid):
    lines = read("/proc/%d/status" % pid).split(b"\n")
    return {k.decode(): v.strip().decode(errors="replace")
            for k, _, v in (line.partition(b":") for line in lines) if k}


def proc_pids():
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}


def as_json(text):
    """What bytes from /proc look like in JSON: U+FFFD for what is no UTF-8."""
    return text.decode("utf-8", "replace")


def cpu_clock_ns(pid):
    """CPU time of a whole process, ended threads included, this instant: its
    CPU clock (clock_getcpuclockid(3))."""
    return time.clock_gettime_ns(((~pid) << 3) | 2)


# ---- terminals ----------------------------------------------------------------------

_servers = []


def _end_servers():
    for name in _servers:
        subprocess.run(["tmux", "-L", name, "kill-server"], stderr=subprocess.DEVNULL)


class Tmux:
    """A command in a terminal of its own, in a tmux server of its own."""
    count = 0

    def __init__(self, *command, cols=120, rows=30, env=None, prefix=()):
        need_command("tmux")
        if not _servers:
            atexit.register(_end_servers)
        Tmux.count += 1
        self.name = "pt_%d_%d" % (os.getpid(), Tmux.count)
        self.folder = scratch()
        self.raw_path = os.path.join(self.folder, "raw")
        command = command or (PITSTOP,)
        start = os.path.join(self.folder, "start")
        os.mkfifo(start)
        # by env(1) and not by the server's environment, which is tmux's own, too
        changes = {"TERM": "tmux-256color", **(env or {})}
        unset = [w for k, v in changes.items() if v is None for w in ("-u", k)]
        words = ["env", *unset, *("%s=%s" % (k, v) for k, v in changes.items() if v is not None),
                 *prefix, *command]
        # nothing may be drawn before pipe-pane listens
        script = "read -r go < %s; exec %s" % (quote(start), " ".join(map(quote, words)))
        self.tmux("-u", "-f", "/dev/null", "new-session", "-d", "-x", str(cols), "-y", str(rows),
                  "sh", "-c", script)
        _servers.append(self.name)
        self.tmux("set", "-g", "remain-on-exit", "on")
        self.tmux("set", "-g", "status", "off")
        self.tmux("set", "-g", "escape-time", "0")
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))
        self.tmux("pipe-pane", "cat > " + quote(self.raw_path))
        with open(start, "w") as f:
            f.write("go\n")
        self.pid = int(self.ask("pane_pid"))

    def tmux(self, *args):
        p = subprocess.run(["tmux", "-L", self.name, *args], env=environment(),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE)
        check(p.returncode == 0, "tmux %s: %s" % (args[0], p.stderr.decode(errors="replace")))
        return p.stdout.decode(errors="replace")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["tmux", "-L", self.name, "kill-server"], stderr=subprocess.DEVNULL)
        _servers.remove(self.name)

    def ask(self, variable):
        return self.tmux("display-message", "-p", "#{%s}" % variable).rstrip("\n")

    def keys(self, *names):
        """Keys by tmux's names: F6, Enter, Escape, C-c, a."""
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def send(self, data):
        """These bytes, as they are."""
        self.tmux("send-keys", "-H", *("%02x" % b for b in data))

    def paste(self, text):
        """As a terminal pastes: between brackets where the program asked for them."""
        self.tmux("set-buffer", text)
        self.tmux("paste-buffer", "-p", "-r", "-d")

    def resize(self, cols, rows):
        self.tmux("resize-window", "-x", str(cols), "-y", str(rows))

    def lines(self, escapes=False):
        return self.tmux("capture-pane", "-p", *(["-e"] if escapes else [])).split("\n")[:-1]

    def text(self):
        return "\n".join(self.lines())

    def raw(self):
        """All bytes that were written to the terminal so far."""
        try:
            return read(self.raw_path)
        except FileNotFoundError:
            return b""

    def wait(self, condition, what):
        """Until condition(lines) holds; its value."""
        return wait_for(lambda: condition(self.lines()), lambda: "%s\n%s" % (what, self.text()))

    def wait_text(self, part):
        return self.wait(lambda lines: any(part in line for line in lines), "%r on the screen" % part)

    def wait_table(self):
        return self.wait(table_of, "a table of processes")

    def wait_end(self):
        """The status that the command ended with."""
        def how():
            dead, number, signo = self.ask("pane_dead} #{pane_dead_status} #{pane_dead_signal").split(" ")
            if dead == "1" and not number + signo:
                self.tmux("run-shell", "true")      # tmux 3.3a may miss one child's end until another's
                return None
            return [int(number) if number else 128 + int(signo)] if dead == "1" else None
        return wait_for(how, lambda: "the end of the program\n" + self.text())[0]

    def raw_settled(self):
        """The same of a program that has ended, once no more come: bytes reach the file through
        tmux and cat, after what they did to the screen, and after the news of the end."""
        sizes = [0, 1, 2]

        def settled():
            sizes.append(len(self.raw()))
            return sizes[-1] and len(set(sizes[-4:])) == 1
        wait_for(settled, "what the program wrote", pause=0.05)
        return self.raw()

    def modes(self):
        """What a program may leave behind: alternate screen, mouse, hidden cursor.
        (In a dead pane tmux hides the cursor itself.)"""
        return tuple(self.ask(v) for v in ("alternate_on", "mouse_any_flag", "cursor_flag", "wrap_flag"))


SANE = ("0", "0", "1", "1")


def quote(word):
    return "'" + word.replace("'", "'\\''") + "'"


def fdinfos(pid):
    fds, found = "/proc/%d/fdinfo/" % pid, []
    for fd in os.listdir(fds):
        with contextlib.suppress(FileNotFoundError):    # closed meanwhile
            found.append(read(fds + fd))
    return found


def program_ids(pid):
    """Of the BPF programs that it has open."""
    return {int(n) for text in fdinfos(pid) for n in re.findall(rb"^prog_id:\s*(\d+)", text, re.M)}


def children_of(pid):
    """Those that live."""
    found = []
    for p in proc_pids():
        try:
            child = stat(p)
            if child.ppid == pid and child.state != "Z":
                found.append(p)
        except OSError:             # it has ended
            pass
    return sorted(found)


def own_pid_under(parent, name="pitstop"):
    """The child of a shell that is pitstop itself."""
    def find():
        for pid in proc_pids():
            try:
                if stat(pid).ppid == parent and stat(pid).comm == name.encode():
                    return pid
            except OSError:         # gone meanwhile
                pass
        return None
    return wait_for(find, "%s below %d" % (name, parent))


class Table:
    """The process table on a screen."""

    def __init__(self, at, heading, rows):
        self.at = at            # line of the headings
        self.heading = heading
        self.rows = rows        # text of each line with a process
        self.pids = [int(r.split()[0]) for r in rows]

    def row(self, pid):
        return self.rows[self.pids.index(pid)] if pid in self.pids else None


def table_of(lines):
    """None when there is no process on the screen."""
    for at, line in enumerate(lines):
        if re.match(r"\s*PID\b", line):
            rows = []
            for row in lines[at + 1:]:
                if not re.match(r"\s*\d+\s+\S", row):
                    break
                rows.append(row)
            return Table(at, line, rows) if rows else None
    return None


class Pty:
    """A command on a bare pseudo-terminal, whose other side is the test."""

    def __init__(self, *command, rows=24, cols=80, env=None):
        self.out = b""
        pid, self.fd = pty.fork()
        if pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
                os.execvpe(command[0], command, env or environment())
            finally:
                os._exit(127)
        self.pid = pid
        self.status = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.fd is not None:
            os.close(self.fd)
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def hang_up(self):
        os.close(self.fd)
        self.fd = None

    def pump(self):
        """Takes what has been written; False at the end."""
        try:
            while select.select([self.fd], [], [], 0.02)[0]:
                data = os.read(self.fd, 65536)
                if not data:
                    return False
                self.out += data
        except OSError:             # EIO: the other side is closed
            return False
        return True

    def write(self, data):
        os.write(self.fd, data)

    def wait_bytes(self, part):
        def seen():
            self.pump()
            return part in self.out
        wait_for(seen, lambda: "%r in ...%r" % (part, self.out[-300:]), pause=0)

    def wait_end(self, pump=True):
        def ended():
            if pump and self.fd is not None:
                self.pump()
            pid, status_word = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status_of(os.waitstatus_to_exitcode(status_word))
            return pid
        wait_for(ended, "the end of the program")
        return self.status
