"""bench/peers.py - pitstop beside the tools people would use instead, on the same
tasks, in turn; and whether all of them have seen the same."""
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import machine
from crowds import Crowd
from stats import stat
from terminal import COLS, ROWS, Late, Program, Stuck, tracepoint

PITSTOP = None      # set once by the command line
FLOOR = None
SIZE = f"{COLS}x{ROWS}"
DELAY = 0.5         # s between refreshes, of those that take fractions
SHARE = {"walk": 100, "iter": 50, "proc": 2}    # of the samples, %: a sample of proc takes so much longer
SLACK = 20          # so many processes of the machine's own may come and go beside a crowd
SCAN = 0.5          # s that a tool goes through /proc: who comes or goes meanwhile is counted or not
MANY = 40000        # tasks, from where a turn takes a minute: one is all, and its calls are counted in it
CELL_LIMIT = 60     # s: no further turn of one crowd begins later
PATIENCE = 90       # s for one frame


@dataclass
class Tool:
    """How it is started, and where on its screen it tells how many tasks it has
    seen: by the names of machine.tasks_now()."""
    name: str
    argv: list
    counts: dict
    threads: list = field(default_factory=list)     # more arguments, to see threads
    thread_counts: dict = None
    least: int = 1      # bytes of a frame; below it is but the clock that moves
    settle: int = 1     # frames after the first that are left out
    env: dict = field(default_factory=dict)


def pitstop(backend):
    return Tool(f"pitstop {backend}", [PITSTOP, "-d", f"{int(DELAY * 1000)}ms", "--backend", backend],
                {"user": r"Tasks: (\d+)", "more": r"Tasks: \d+, (\d+) thr"}, ["-H"],
                settle=3)       # a thread still reads the names of what is on the screen


def tools():
    """Those that draw on a terminal.  Of pitstop, walk stays first: the others are told as ratios to it."""
    return [
        *map(pitstop, ("walk", "iter", "proc")),
        Tool("htop", ["htop", "-d", str(int(DELAY * 10))],
             {"user": r"Tasks: (\d+)", "more": r"Tasks: \d+, (\d+) thr"}),
        # it has no view of threads
        Tool("btop", ["btop"], {"all": r"\d+/(\d+)└"}, least=1000),
        # without accounting of processes that ended, which it would switch on for the whole machine
        Tool("atop", ["atop", "1"], {"all": r"#proc\s+(\d+)"}, ["-y"], env={"ATOPACCT": ""}),
        Tool("top", ["top", "-d", str(DELAY)], {"all": r"Tasks:\s*(\d+) total"}, ["-H"],
             {"tasks": r"Threads:\s*(\d+) total"}),
    ]


PS = {"processes": ["ps", "aux"], "threads": ["ps", "-eL", "-o", "user,pid,lwp,pcpu,pmem,vsz,rss,tty,stat,start,time,args"]}


@contextlib.contextmanager
def settings():
    """A home of their own, so that nobody's configuration is read or written."""
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(f"{home}/btop")
        with open(f"{home}/btop/btop.conf", "w", encoding="ascii") as f:
            f.write(f"update_ms = {int(DELAY * 1000)}\n")
        yield {"HOME": home, "XDG_CONFIG_HOME": home}


def memory_kib(pid):
    """Resident memory.  Pages of BPF maps that are mapped count as what the kernel
    charges for the whole map, with those that are not mapped."""
    resident, mapped, area = 0, 0, ""
    for line in machine.read(f"/proc/{pid}/smaps").splitlines():
        if re.match(r"[0-9a-f]+-", line):
            area = line
        elif line.startswith("Rss:"):
            resident += int(line.split()[1])
            mapped += int(line.split()[1]) if "bpf-map" in area else 0
    maps = {}
    with contextlib.suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fdinfo"):
            info = dict(line.split(":", 1) for line in machine.read(f"/proc/{pid}/fdinfo/{fd}").splitlines() if ":" in line)
            if "map_id" in info and "memlock" in info:
                maps[info["map_id"].strip()] = int(info["memlock"]) // 1024
    return resident - mapped + sum(maps.values())


def command(tool, kind):
    seen = dict(tool.counts)
    if kind == "threads":
        seen = tool.thread_counts or seen
        return tool.argv + tool.threads, seen
    return tool.argv, {k: v for k, v in seen.items() if k != "more"}


def watch(tool, kind, env, frames, counted, truths):
    """One run of a tool: samples by what they measure, and what it says it saw;
    what there was at that moment is added to truths."""
    argv, patterns = command(tool, kind)
    with Program(argv, {**env, **tool.env}, counted, tool.least) as p:
        at = None
        while at is None:
            before = p.frame(PATIENCE)
            truths.append(machine.tasks_now())
            at = p.shows(*patterns.values())
            if at is None and p.since() > PATIENCE:
                raise Stuck("its number of tasks was not found on the screen")
        text = p.screen.text()
        said = {name: int(re.search(pattern, text).group(1)) for name, pattern in patterns.items()}
        for _ in range(0 if tool.settle == 1 and truths[0]["tasks"] > MANY else tool.settle):
            before = p.frame(PATIENCE)
        got = {"cpu_ms": [], "calls": [], "bytes": [], "first_ms": [at * 1000], "rss_kib": []}
        for _ in range(3 * frames if counted and tool.settle > 1 else frames):
            frame = p.frame(PATIENCE)
            got["cpu_ms"].append((frame.cpu_ns - before.cpu_ns) / 1e6)
            got["calls"].append(frame.calls - before.calls)
            got["bytes"].append(frame.size)
            before = frame
        got["rss_kib"].append(memory_kib(p.pid))
    if counted and truths[0]["tasks"] <= MANY:
        return {"calls": got["calls"]}, said
    if not counted:
        del got["calls"]
    return got, said


def run_ps(kind, env, counted):
    """One run of ps is one refresh, and one frame."""
    argv = list(PS["threads" if kind == "threads" else "processes"])
    environ = {**os.environ, **env, "COLUMNS": "200", "LC_ALL": "C.UTF-8"}
    if counted:
        # its memory while it writes: wait4(2) would tell that of who started it
        with Program(argv, {**env, "COLUMNS": "200"}, counted) as p:
            calls = peak = 0
            with contextlib.suppress(Stuck):
                while True:
                    p.read(PATIENCE)
                    calls = p.calls()
                    peak = int((re.findall(r"VmHWM:\s*(\d+)", machine.read(f"/proc/{p.pid}/status")) or [peak])[0])
        return {"calls": [calls], "rss_kib": [peak]}, {}
    argv[0] = shutil.which(argv[0], path=environ["PATH"])
    began = time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, env=environ) as p:
        out = p.stdout.read()
        _, _, usage = os.wait4(p.pid, 0)
        p.returncode = 0
    took = (time.monotonic() - began) * 1000
    said = {"tasks" if kind == "threads" else "all": out.count(b"\n") - 1}
    return {"cpu_ms": [(usage.ru_utime + usage.ru_stime) * 1000], "wall_ms": [took], "first_ms": [took],
            "bytes": [len(out)]}, said


def json_count(kind, env):
    """What pitstop tells a script."""
    out = subprocess.run([PITSTOP, "--json", "--once", "-k", *(["-H"] if kind == "threads" else [])],
                         stdout=subprocess.PIPE, check=True, env={**os.environ, **env}).stdout
    o = json.loads(out)
    said = {"all": len(o["processes"])}
    if kind == "threads":
        said["tasks"] = len(o["threads"])
    return said


class Liar(Exception):
    """A tool that has not seen what is there."""


def compare(tool, said, truths, slack):
    """Between what was there before the tool started and after it, with the slack."""
    for what, count in said.items():
        low = min(t[what] for t in truths)
        high = max(t[what] for t in truths)
        if not low - slack <= count <= high + slack:
            raise Liar(f"{tool} tells of {count} ({what}); there are {low} to {high}")


def figures(backend, samples, env):
    """pitstop --bench: as fast as it goes, without a terminal."""
    out = subprocess.run([PITSTOP, "--bench", str(samples), "--json", "--backend", backend],
                         stdout=subprocess.PIPE, check=True, env={**os.environ, **env}).stdout
    return json.loads(out)["bench"]


def floor(samples):
    """The kernel's loop with an empty body; None where the tool was not built."""
    if not os.path.exists(FLOOR):
        return None
    return json.loads(subprocess.run([FLOOR, str(samples)], stdout=subprocess.PIPE, check=True).stdout)


class Cell:
    """One crowd, and all that was measured beside it."""

    def __init__(self, kind, n, note="", rate=0):
        self.kind, self.n, self.note = kind, n, note
        self.slack = SLACK + int(rate * SCAN)       # rate: a second come and go
        self.samples = {}       # of a tool, by measure
        self.said = {}
        self.wrong = []
        self.missing = {}       # tools that could not be measured, and why
        self.stages = {}
        self.loops = []         # floor and walk of the same turn

    def add(self, name, got, said=None):
        mine = self.samples.setdefault(name, {})
        for measure, values in got.items():
            mine.setdefault(measure, []).extend(values)
        if said:
            self.said[name] = said

    def one(self, name, run):
        """run(truths) gives samples and what was seen.  Where that is not what is
        there, once more: another's processes may have come or gone just then."""
        for last in (False, True):
            truths = [machine.tasks_now()]
            got, said = run(truths)
            truths.append(machine.tasks_now())
            try:
                compare(name, said, truths, self.slack)
            except Liar as lie:
                if not last:
                    continue
                self.wrong.append(str(lie))
            self.add(name, got, said)
            return

    def turn(self, env, frames, counted):
        """Every tool once."""
        for tool in tools():
            if tool.name in self.missing:
                continue
            if not shutil.which(tool.argv[0]):
                self.missing[tool.name] = "not installed"
                continue
            try:
                self.one(tool.name, lambda truths: watch(tool, self.kind, env, frames, counted, truths))
            except Stuck as why:
                self.missing[tool.name] = str(why)
                if not isinstance(why, Late) or tool.name.startswith("pitstop"):    # a slow peer is no wrong one
                    self.wrong.append(f"{tool.name}: {why}")
        self.ps_turn(env, counted)

    def ps_turn(self, env, counted):
        if shutil.which("ps"):
            self.one("ps", lambda truths: run_ps(self.kind, env, counted))
        else:
            self.missing["ps"] = "not installed"

    def loop(self, env, samples, backends=("walk", "iter", "proc")):
        """The floor and the stages of each backend once."""
        bare = floor(samples)
        for backend in backends:
            b = figures(backend, max(2, samples * SHARE[backend] // 100), env)
            mine = self.stages.setdefault(backend, {})
            for stage, of in b["stages"].items():
                mine.setdefault(stage, []).append(of["p50_us"])
            for key in ("cpu_us", "syscalls", "frame_bytes"):
                mine.setdefault(key, []).append(b[key])
            mine.setdefault("walk_per_task_us", []).append(b["stages"]["walk"]["p50_us"] / b["tasks"])
            self.samples.setdefault(f"pitstop {backend}", {}).setdefault("wall_ms", []).append(
                b["stages"]["collect"]["p50_us"] / 1000)
            if backend == "walk":
                one = {"tasks": b["tasks"], "walk_us": b["stages"]["walk"]["p50_us"] / b["tasks"]}
                if bare:
                    one["floor_us"] = bare["p50_us"] / bare["tasks"]
                    one["above_us"] = one["walk_us"] - one["floor_us"]
                    one["ratio"] = one["walk_us"] / one["floor_us"]
                self.loops.append(one)

    def result(self):
        return {
            "kind": self.kind, "n": self.n, "note": self.note, "missing": self.missing, "said": self.said, "wrong": self.wrong,
            "tools": {name: {measure: stat(values) for measure, values in got.items()} for name, got in self.samples.items()},
            "stages": {name: {stage: stat(values) for stage, values in got.items()} for name, got in self.stages.items()},
            "floor": {key: stat([one.get(key) for one in self.loops]) for key in ("tasks", "walk_us", "floor_us", "above_us", "ratio")}
            if self.loops else None}


def measure(kind, n, how, rounds, frames):
    """A crowd with every tool in turn, several times; the last turn counts system calls."""
    note = {"active": f"{how} % of them work 20 us ten times a second",
            "churning": f"{how} a second come and go"}.get(kind, "")
    cell = Cell(kind, n, note, how if kind == "churning" else 0)
    samples = max(10, min(200, 1000000 // n))
    with settings() as env, Crowd(n, kind, how):
        cell.one("pitstop --json", lambda truths: ({}, json_count(kind, env)))
        began = time.monotonic()
        for _ in range(rounds):
            cell.loop(env, samples)
            cell.turn(env, frames, n > MANY and tracepoint() is not None)
            if n > MANY or time.monotonic() - began > CELL_LIMIT:
                break
        if n > MANY:
            cell.ps_turn(env, False)
        elif tracepoint() is not None:
            cell.turn(env, min(frames, 2), True)
    cell.samples.pop("pitstop --json", None)
    return cell.result()
