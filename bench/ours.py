"""bench/ours.py - pitstop by itself: its frames, keys, start, system calls, and
what 60 frames a second cost the others."""
import contextlib
import fcntl
import json
import os
import random
import re
import shutil
import struct
import subprocess
import tempfile
import termios
import time

import crowds
import peers
from crowds import Crowd
from report import say
from stats import digits, ratio, spread, stat
from terminal import Program, Stuck, count_calls, tracepoint

FRAME_BEGIN, FRAME_END = "?2026h", b"\x1b[?2026l"     # of a synchronized update


# ---- frames ------------------------------------------------------------------------

def sizes(argv, seconds, env):
    """The bytes of each frame of a program that nobody touches, its start left out."""
    with Program(argv, env) as p:
        p.watch(4)
        got, until = [], time.monotonic() + seconds
        with contextlib.suppress(Stuck):
            while (left := until - time.monotonic()) > 0:
                got.append(p.frame(left).size)
        return stat(got) | {"max": max(got)}


def writes_of_frames(env, seconds=8):
    """How many write(2) to the terminal a frame takes, as strace(1) sees them."""
    if not shutil.which("strace"):
        return None
    with tempfile.TemporaryDirectory() as scratch:
        log = os.path.join(scratch, "writes")
        with Program(["strace", "-qq", "-e", "trace=write,writev", "-o", log, peers.PITSTOP, "-d", "1s"], env) as p:
            p.watch(seconds)
        with open(log, encoding="utf-8", errors="replace") as f:
            lines = f.read().splitlines()
    begins = [i for i, line in enumerate(lines) if FRAME_BEGIN in line]
    return (begins[-1] - begins[0]) / (len(begins) - 1) if len(begins) > 1 else None


def bytes_of_frames(seconds=6):
    """The whole machine as it is, and a table of 45 processes of which five work."""
    depths = (("256 colours", {"COLORTERM": ""}), ("16 colours", {"TERM": "xterm"}),
              ("no colour", {"NO_COLOR": "1"}))
    got = {}
    say(f"\nbytes of a steady frame, screen {peers.SIZE}, once a second: median [quartiles], largest:")
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(peers.settings())
        crowd = stack.enter_context(Crowd(40))
        busy = [subprocess.Popen(["sh", "-c", "while sleep 0.0%d; do :; done" % (i + 2)]) for i in range(5)]
        stack.callback(lambda: [(p.kill(), p.wait()) for p in busy])
        some = crowd.pids() + [p.pid for p in busy]
        for what, more in ((f"{len(some)} processes", ["-p", ",".join(map(str, some))]), ("this machine", [])):
            for depth, env in depths:
                one = got[f"{what}, {depth}"] = sizes([peers.PITSTOP, "-d", "1s", *more], seconds, {**home, **env})
                say(f"  {what + ', ' + depth:30} {spread(one)} {one['max']:6}")
        got["writes"] = writes_of_frames(home)
    say(f"  writes a frame: {digits(got['writes'])}")
    return got


# ---- keys --------------------------------------------------------------------------

# From the last row each changes the screen in this order.  None is Esc, which
# waits by itself for what may follow it.
END = b"\x1b[F"
KEYS = (b"\x1b[H", b"j", b"j", b"\x1b[A", b"\x1b[6~", b"\x1b[5~", END, b"\x1b[H", b"t", END, b"\x1b[H", b"j",
        b"t", b"I", b"I", b"/", b"1", b"2", b"\x7f", b"\x7f", b"\r",
        b"\\", b"s", b"l", b"\x7f", b"\x7f", b"\r")


def answer(fd, slave, key):
    """Milliseconds from the press of a key until its frame has come: the first that
    ends when nothing is left to be read by the program."""
    seen, unread = b"", b"\0" * 4
    began = time.monotonic()
    os.write(fd, key)
    while not seen.endswith(FRAME_END) or struct.unpack("i", unread)[0]:
        seen += os.read(fd, 1 << 17)
        took = time.monotonic() - began
        unread = fcntl.ioctl(slave, termios.FIONREAD, b"\0" * 4)
    return took * 1000


def answers(n=10000, presses=400):
    with peers.settings() as env, Crowd(n), Program([peers.PITSTOP, "-d", "1s"], env) as p:
        p.watch(6)
        slave = os.open(f"/proc/{p.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
        got = []
        try:
            for i in range(presses):
                if i % len(KEYS) == 0:
                    os.write(p.fd, END)
                p.watch(random.uniform(0.05, 0.2))
                got.append(answer(p.fd, slave, KEYS[i % len(KEYS)]))
        finally:
            os.close(slave)
    got.sort()
    said = stat(got) | {name: got[-(-presses * rank // 100) - 1] for name, rank in (("p95", 95), ("p99", 99), ("max", 100))}
    say(f"\nfrom a key press to the end of its frame, {n:,} processes, sampling each second, {presses} presses: "
        f"{spread(said)} ms, " + ", ".join(f"{name} {digits(said[name])}" for name in ("p95", "p99", "max")))
    return said


# ---- the start ---------------------------------------------------------------------

def first_frame(env):
    with Program([peers.PITSTOP], env) as p:
        while p.shows("Command") is None:
            p.read(1)
        return p.chunks[-1][0] * 1000


def drop_caches():
    """What the kernel has of files in memory is let go, as after a boot; false if not permitted."""
    try:
        os.sync()
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
            f.write("3")
    except OSError:
        return False
    return True


def start_up(runs=9):
    got = {}
    with peers.settings() as env:
        got["warm_ms"] = stat(first_frame(env) for _ in range(runs))
        cold = [first_frame(env) for _ in range(runs) if drop_caches()]
    got["cold_ms"] = stat(cold)
    got["binary_bytes"] = os.path.getsize(peers.PITSTOP)
    say(f"\nfirst frame, ms after the start: {spread(got['warm_ms'])}; "
        + (f"with no file in memory {spread(got['cold_ms'])}" if cold else "cold: not measured: only root may drop caches")
        + f" ({runs} runs)")
    say(f"binary: {got['binary_bytes']:,} bytes")
    return got


# ---- system calls, three times told -------------------------------------------------

def kernel_count(argv, env):
    """System calls of a command, by the kernel's tracepoint."""
    held, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(go)
            os.read(held, 1)
            os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
            os.execvpe(argv[0], argv, {**os.environ, **env})
        finally:
            os._exit(127)
    os.close(held)
    fd = count_calls(pid)
    os.close(go)
    os.waitpid(pid, 0)
    if fd < 0:
        return None
    with open(fd, "rb", buffering=0) as f:
        return struct.unpack("Q", f.read(8))[0]


def strace_count(argv, env):
    with tempfile.TemporaryDirectory() as scratch:
        log = os.path.join(scratch, "calls")
        subprocess.run(["strace", "-f", "-c", "-U", "calls,name", "-o", log, *argv], stdout=subprocess.DEVNULL,
                       env={**os.environ, **env}, check=True)
        with open(log, encoding="ascii", errors="replace") as f:
            return next(int(line.split()[0]) for line in f if line.endswith("total\n"))


BENCH_CLOCKS = 2        # by which --bench reads its own CPU time: no part of a refresh


def calls_agree(n=1000, samples=200):
    """pitstop's own count of a refresh beside the kernel's and strace's: of three times
    as many samples less those of once, halved.  These see what is done for
    processes that begin meanwhile, too."""
    with peers.settings() as env, Crowd(n):
        once, thrice = ([peers.PITSTOP, "--bench", str(many), "--json", "--backend", "walk"] for many in (samples, 3 * samples))
        got = {"own": stat(peers.figures("walk", samples, env)["syscalls"] for _ in range(3))}
        for name, count, there in (("kernel", kernel_count, tracepoint()), ("strace", strace_count, shutil.which("strace"))):
            got[name] = stat((count(thrice, env) - count(once, env)) / (2 * samples) - BENCH_CLOCKS
                             for _ in range(3)) if there else None
    say(f"\nsystem calls of a refresh of {n:,} processes: pitstop counts {spread(got['own'])}, the kernel's tracepoint "
        f"{spread(got['kernel'])}, strace {spread(got['strace'])}")
    return got


# ---- 60 frames a second --------------------------------------------------------------

MISSED = r"([\d.]+)\s*/\s*([\d.]+)\s*ms\W+([\d.]+)\s*% missed"


def frames_missed(env, n=1000, seconds=60):
    """As the screen tells it after a minute."""
    with Crowd(n), Program([peers.PITSTOP, "--ludicrous"], env) as p:
        p.watch(seconds)
        p.shows("nothing of this kind")
        found = re.search(MISSED, p.screen.text())
    if not found:
        say("frames of --ludicrous: not measured: the screen does not tell them")
        return None
    p50, p99, missed = map(float, found.groups())
    say(f"--ludicrous at {n:,} processes over {seconds} s: {missed} % of frames missed; p50 {p50} ms, p99 {p99} ms")
    return {"n": n, "seconds": seconds, "missed_percent": missed, "p50_ms": p50, "p99_ms": p99}


def switch_cost():
    tool = os.path.join(crowds.TOOLS, "switchcost")
    if not os.path.exists(tool):
        say("the sched_switch probe: not measured: its tool is not there")
        return None
    empty = os.path.join(crowds.TOOLS, "bpf", "switch_empty.bpf.o")
    runs = [json.loads(subprocess.run([tool, empty], stdout=subprocess.PIPE, check=True).stdout) for _ in range(5)]
    got = {key: stat(r[key] for r in runs) for key in ("empty_ns", "probe_ns", "over_ns")}
    say(f"the sched_switch probe, ns a switch: {spread(got['probe_ns'])}, an empty program {spread(got['empty_ns'])}, "
        f"over it {spread(got['over_ns'])}")
    return got


def pipe_us(on, loops=150000):
    """Both ends on one CPU: with one each it is the sleep of a CPU that is measured, which
    ends sooner beside a program that works than beside none."""
    out = subprocess.run([*on, "perf", "bench", "sched", "pipe", "-l", str(loops)], stdout=subprocess.PIPE, text=True, check=True).stdout
    return float(re.search(r"([\d.]+) usecs/op", out).group(1))


def pipe_loss(env, turns=7):
    """perf bench sched pipe with and without, in turn: what the probe takes from it.  pitstop has the
    other CPUs; on the same one it would take its share as any program does."""
    if not shutil.which("perf"):
        say("perf bench sched pipe: not measured: perf is not installed")
        return None
    cpus = sorted(os.sched_getaffinity(0))
    here, there = (["taskset", "-c", ",".join(map(str, some))] for some in (cpus[:1], cpus[1:] or cpus))
    alone, beside, loss = [], [], []
    for _ in range(turns):
        alone.append(pipe_us(here))
        with Program([*there, peers.PITSTOP, "--ludicrous"], env) as p:
            p.watch(1)
            with contextlib.ExitStack() as stack:
                reader = subprocess.Popen([*there, "cat"], stdin=p.fd, stdout=subprocess.DEVNULL)
                stack.callback(lambda: (reader.kill(), reader.wait()))  # pylint: disable=cell-var-from-loop
                beside.append(pipe_us(here))
        loss.append(100 * (beside[-1] / alone[-1] - 1))
    got = {"alone_us": stat(alone), "beside_us": stat(beside), "loss_percent": stat(loss)}
    say(f"perf bench sched pipe, us a turn on one CPU: {spread(got['alone_us'])} alone, {spread(got['beside_us'])} beside --ludicrous on another: "
        f"{spread(got['loss_percent'])} % lost, {digits(ratio(got['beside_us'], got['alone_us']))} times")
    return got


def ludicrous():
    say()
    with peers.settings() as env:
        return {"frames": frames_missed(env), "switch": switch_cost(), "pipe": pipe_loss(env)}
