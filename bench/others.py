"""bench/others.py - the views of programs and of cgroups, and the loader, beside
the tools that do the same work."""
import json
import os
import shutil
import subprocess
import sys
import time

import crowds
import peers
from report import say
from stats import digits, spread, stat
from terminal import Program

REFRESHES = 12


def load_once(argv):
    """One loader from its start to its line: milliseconds until everything was
    loaded, and of the whole process; CPU milliseconds of the whole process,
    the kernel's work included; the peak of resident memory in KiB."""
    r, w = os.pipe()
    began = time.monotonic_ns()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, w, 1)])
    os.close(w)
    _, status, usage = os.wait4(pid, 0)
    ended = time.monotonic_ns()
    line = os.read(r, 256).split()
    os.close(r)
    if status or len(line) != 3:
        raise SystemExit(f"{argv[0]}: could not load")
    return ((int(line[0]) - began) / 1e6, (ended - began) / 1e6,
            (usage.ru_utime + usage.ru_stime) * 1e3, int(line[2]))


def against_libbpf(runs=30):
    """The same objects by either loader, in turn."""
    loaders = {"pitstop": "loadtime", "libbpf": os.path.join("oracle", "load_libbpf")}
    columns = ("loaded ms", "exit ms", "CPU ms", "peak KiB")
    probes = os.path.join(os.path.dirname(crowds.TOOLS), "probes")
    got = {}
    say(f"\nfrom the start of a process until the programs are loaded, {runs} runs in turn:")
    for names in (("tasks",), ("argv",), ("tasks", "argv")):
        objects = [os.path.join(probes, n + ".bpf.o") for n in names]
        rows = {which: [] for which in loaders}
        for _ in range(runs):
            for which, tool in loaders.items():
                rows[which].append(load_once([os.path.join(crowds.TOOLS, tool)] + objects))
        mine = got["+".join(names)] = {which: dict(zip(columns, map(stat, zip(*of)))) for which, of in rows.items()}
        for i, column in enumerate(columns):
            ours, theirs = mine["pitstop"][column], mine["libbpf"][column]
            say(f"  {' + '.join(names) if i == 0 else '':16} {column:10} pitstop {spread(ours):22} libbpf {spread(theirs):22} "
                f"{theirs['median'] / ours['median']:.1f} times as much")
    return got


def programs(n=1000, refreshes=50):
    """A refresh of the view of BPF programs beside one run of bpftool, in the same run."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "e2e"))
    os.environ.setdefault("PITSTOP", peers.PITSTOP)
    os.environ.setdefault("PT_TOOLS", crowds.TOOLS)
    import bpfsys

    def collect(*args):
        out = subprocess.run([peers.PITSTOP, "--json", "-d", "100ms", "-n", str(refreshes), *args],
                             stdout=subprocess.PIPE, check=True).stdout
        own = [json.loads(line)["self"] for line in out.splitlines()]
        return stat(o["collect_us"] / 1e3 for o in own), stat(o["syscalls"] for o in own)

    held = []
    try:
        for _ in range(n):
            held.append(bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "pt_bench"))
        (both, calls), (tasks, others) = collect("--view", "programs"), collect()
        more = max(both["median"] - tasks["median"], 0.001)
        say(f"\n{n} BPF programs: {digits(more)} ms and {calls['median'] - others['median']:.0f} system calls a refresh, "
            "beside those for tasks")
        got = {"n": n, "with_programs_ms": both, "tasks_alone_ms": tasks, "calls": calls, "calls_tasks_alone": others}
        if not shutil.which("bpftool"):
            say("  bpftool: not installed")
            return got
        times = []
        for _ in range(5):
            pid = os.posix_spawnp("bpftool", ["bpftool", "prog", "show"], os.environ,
                                  file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
            usage = os.wait4(pid, 0)[2]
            times.append(1e3 * (usage.ru_utime + usage.ru_stime))
        got["bpftool_ms"] = stat(times)
        say(f"  bpftool prog show: {spread(got['bpftool_ms'])} ms of CPU, {got['bpftool_ms']['median'] / more:.0f} times as much")
        return got
    finally:
        for fd in held:
            os.close(fd)


def strace(*args, seconds):
    """System calls by name, all of the stretch."""
    p = subprocess.run(["timeout", "-s", "INT", str(seconds), "strace", "-f", "-c", "-U", "calls,name", *args],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    rows = [line.split() for line in p.stderr.decode().splitlines()]
    return {r[1]: int(r[0]) for r in rows if len(r) == 2 and r[0].isdigit() and r[1] != "total"}


def own_refresh(argv, env):
    """CPU ms and system calls of a refresh, from two runs: the count costs time."""
    cost = {}
    for counted in (False, True):
        with Program(argv, env, counted) as p:
            p.watch(3)
            last, cpu, calls = p.frame(peers.PATIENCE), [], []
            for _ in range(REFRESHES):
                now = p.frame(peers.PATIENCE)
                cpu.append((now.cpu_ns - last.cpu_ns) / 1e6)
                calls.append(now.calls - last.calls)
                last = now
            cost["calls" if counted else "cpu_ms"] = stat(calls if counted else cpu)
    return cost


def cgroups(slices=50, units=39):
    """A refresh of the view of cgroups with one screen of 2,000, beside a reader of every file."""
    with open("/proc/self/mounts", encoding="utf-8") as f:
        found = [line.split()[1] for line in f if line.split()[2] == "cgroup2"]
    if not found or not os.access(found[0], os.W_OK):
        say("\ncgroups: none can be made here")
        return None
    top = found[0] + "/pt_bench.slice"
    paths = [top] + [f"{top}/s{i}.slice" for i in range(slices)]
    paths += [f"{top}/s{i}.slice/u{j}.service" for i in range(slices) for j in range(units)]
    made = []
    try:
        for path in paths:
            os.mkdir(path)
            made.append(path)
        with peers.settings() as env:
            cost = own_refresh([peers.PITSTOP, "--view", "cgroups", "--read-only", "-d", "1s"], env)
        each = cost["calls"]["median"]
        read = 0
        for path in made:       # as systemd-cgtop and its like: each file opened, read and closed
            read += 3 * sum(os.path.exists(f"{path}/{name}") for name in (
                "cgroup.procs", "cpu.stat", "memory.current", "io.stat", "pids.current", "cpu.pressure", "memory.pressure",
                "io.pressure", "cgroup.events"))
        say(f"\n{len(made)} cgroups, one screen of them: {spread(cost['calls'])} system calls and {spread(cost['cpu_ms'])} ms of CPU "
            f"a refresh; a reader of every file: {read}, {read / max(each, 1):.0f} times as many")
        cost.update(n=len(made), reader_calls=read)
        if shutil.which("systemd-cgtop"):
            rounds = 4
            theirs = strace("systemd-cgtop", "--batch", f"--iterations={rounds}", "--delay=1", seconds=60)
            cost["systemd_cgtop_calls"] = sum(theirs.values()) / rounds
            say(f"  systemd-cgtop: {cost['systemd_cgtop_calls']:.0f} calls a refresh, "
                f"{cost['systemd_cgtop_calls'] / max(each, 1):.0f} times as many")
        else:
            say("  systemd-cgtop: not installed")
        return cost
    finally:
        for path in reversed(made):
            os.rmdir(path)
