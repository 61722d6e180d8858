"""Columns: each against /proc, read only of rows on the screen where they cost,
and how rows look: paths, merged commands, who came and who went."""
import os
import re
import shutil
import signal
import subprocess
import time

import lib
from lib import PITSTOP, Stream, Tmux, Workload, asleep, by_pid, check, contains, equal, table_of, test


def kib(path, key):
    for line in lib.read(path).splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return None


def numbers(path):
    return {k.decode(): int(v) for k, v in (line.split(b": ") for line in lib.read(path).splitlines())}


def expected(pid):
    """Every column that only asking tells, as /proc has it now."""
    proc = "/proc/%d/" % pid
    field = lib.stat(pid).field
    pages = [int(n) for n in lib.read(proc + "statm").split()]
    io = numbers(proc + "io")
    tick = 10 ** 9 // os.sysconf("SC_CLK_TCK")
    want = {
        "tgid": pid, "ppid": field[4], "pgrp": field[5], "session": field[6], "tpgid": field[8],
        "children_minor_faults": field[11], "children_major_faults": field[13],
        "children_user_ns": field[16] * tick, "children_system_ns": field[17] * tick,
        "code_bytes": pages[3] * lib.PAGE, "data_bytes": pages[5] * lib.PAGE,
        "rchar_bytes": io["rchar"], "wchar_bytes": io["wchar"], "read_calls": io["syscr"],
        "write_calls": io["syscw"], "cancelled_write_bytes": io["cancelled_write_bytes"],
        "oom_score": int(lib.read(proc + "oom_score")), "files": len(os.listdir(proc + "fd")),
        "cwd": os.readlink(proc + "cwd"), "exe": os.readlink(proc + "exe"),
    }
    if field[8] < 0:                # it has no terminal
        del want["tpgid"]
    if os.path.exists(proc + "smaps_rollup"):
        clean, dirty = (kib(proc + "smaps_rollup", k) for k in (b"Private_Clean", b"Private_Dirty"))
        want.update(pss_bytes=kib(proc + "smaps_rollup", b"Pss:"), uss_bytes=clean + dirty,
                    swap_pss_bytes=kib(proc + "smaps_rollup", b"SwapPss:"))
    if os.path.exists(proc + "autogroup"):
        group = re.match(rb"/autogroup-(\d+) nice (-?\d+)", lib.read(proc + "autogroup"))
        if group:                   # the file is empty for one in the root group
            want.update(autogroup=int(group[1]), autogroup_nice=int(group[2]))
    wchan = lib.read(proc + "wchan").decode()
    if wchan not in ("", "0"):
        want["wchan"] = wchan
    return want


@test
def every_column_agrees_with_proc():
    """Of a process that sleeps: nothing of it changes between two looks."""
    with asleep(Workload("sleeper", "pt-columns")) as w:
        names = sorted(expected(w.pid))
        for backend in lib.backends():
            obj = lib.snapshot("--backend", backend, "-p", str(w.pid), "-c", ",".join(["pid", *names]))
            got = by_pid(obj)[w.pid]
            want = expected(w.pid)
            near = {"pss_bytes": 1 << 20, "uss_bytes": 1 << 20, "oom_score": 10}    # of others' doing
            for name in names:
                check(name in got, "%s: no %s" % (backend, name))
                if name in near:
                    lib.between(got[name], want[name] - near[name], want[name] + near[name], name)
                else:
                    equal(got[name], want[name], backend + ": " + name)


@test
def elapsed_and_shares():
    with Workload("hog", 1) as w:
        (obj,) = lib.objects("--once", "-d", "300ms", "-p", str(w.pid), "-c",
                             "pid,elapsed_ns,start_time,cpu_percent,cpu_percent_of_all")
        p = by_pid(obj)[w.pid]
        lib.between(p["elapsed_ns"] / 1e9, obj["time"] - p["start_time"] - 0.1,
                    obj["time"] - p["start_time"] + 0.1, "time since the start")
        share = p["cpu_percent"] / obj["host"]["cpus"]
        lib.between(p["cpu_percent_of_all"], share - 0.01, share + 0.01, "share of all CPUs")


def voluntary(pid):
    return sum(int(v) for k, v in lib.status(pid).items() if k.endswith("ctxt_switches"))


@test
def switches_since_the_last_sample():
    """The sum over samples is what /proc counted between the first and the last."""
    with Stream("-d", "100ms", "-p", str(os.getpid()), "-c", "pid,switches_in_window") as s:
        s.next()
        before, total = voluntary(os.getpid()), 0
        for _ in range(8):
            for _ in range(20):
                time.sleep(0.001)
            total += by_pid(s.next())[os.getpid()]["switches_in_window"]
        check(total > 0, "no switches")
        between = voluntary(os.getpid()) - before
        check(total <= between + 400, "%d switches counted, %d happened" % (total, between))


@test
def htops_names_are_known():
    names = ("PID USER PRIORITY NICE M_VIRT M_RESIDENT M_SHARE M_PRIV STATE PERCENT_CPU PERCENT_MEM TIME Command "
             "COMM EXE CWD PPID PGRP SESSION TTY TPGID TGID MINFLT CMINFLT MAJFLT CMAJFLT UTIME STIME CUTIME CSTIME "
             "PERCENT_NORM_CPU STARTTIME ELAPSED PROCESSOR NLWP M_TRS M_DRS M_PSS M_SWAP M_PSSWP ST_UID IO_RATE "
             "IO_READ_RATE IO_WRITE_RATE RCHAR WCHAR SYSCR SYSCW RBYTES WBYTES CNCLWB OOM CTXT SECATTR AUTOGROUP_ID "
             "AUTOGROUP_NICE GPU_TIME GPU_PERCENT CGROUP CCGROUP CONTAINER ISCONTAINER IO_PRIORITY "
             "SCHEDULERPOLICY").split()
    r = lib.run("--once", "-b", "-d", "50ms", "-p", str(os.getpid()), "-c", ",".join(names))
    equal((r.status, r.err), (0, ""), "status and messages")
    for name in names:
        equal(lib.run("--once", "-b", "-d", "20ms", "-p", "1", "-s", name).status, 0, "-s " + name)


# ---- what is read, and of whom ---------------------------------------------------

def opened(path, file):
    """Processes whose file was opened, by the trace of system calls."""
    return {int(pid) for pid in re.findall(r'"(?:/proc/)?(\d+)/%s"' % file, lib.read(path).decode())}


def traced(*args, rows=24):
    """pitstop in a terminal, and where its calls are written to."""
    path = os.path.join(lib.scratch(), "calls")
    return path, Tmux(PITSTOP, "-d", "100ms", *args, rows=rows, cols=120,
                      prefix=("strace", "-f", "-qq", "-e", "trace=openat", "-o", path))


@test
def pss_only_of_rows_on_the_screen():
    lib.need_command("strace")
    with Workload("crowd", 300) as w:
        kids = [pid for pid in lib.children_of(w.pid)]
        path, t = traced("-c", "pid,pss,command", "-s", "pid", "-F", "workload crowd")
        with t:
            table = t.wait(lambda lines: (lambda t: t if t and "N/A" not in "".join(t.rows) else None)
                           (table_of(lines)), "a whole screen of sizes")
            time.sleep(0.5)         # further samples
            seen = opened(path, "smaps_rollup")
            check(seen, "no size was read")
            stray = seen - set(table.pids)
            equal(sorted(stray), [], "read although they were not on the screen")
            t.keys("End")           # they come to the screen, and are read
            first = table.pids[0]
            t.wait(lambda lines: (lambda t: t and first not in t.pids and "N/A" not in t.rows[0])
                   (table_of(lines)), "sizes of the last")
            check(len(opened(path, "smaps_rollup")) < len(kids) / 2, "most were read")
    path, t = traced("-s", "pid")
    with t:
        t.wait_table()
        time.sleep(0.5)
        equal(opened(path, "smaps_rollup"), set(), "no column asks for it")


@test
def stuck_process_keeps_its_size_to_itself():
    """Whoever reads its memory waits; the others' sizes arrive all the same."""
    with lib.stuck_workload() as stuck, Workload("sleeper", "pt-other") as w, \
            Tmux(PITSTOP, "-d", "100ms", "-c", "pid,pss,fd,comm", "-p", "%d,%d" % (stuck.pid, w.pid)) as t:
        t.wait(lambda lines: any(re.match(r"\s*%d\s+\d+\s+\d+" % w.pid, line) for line in lines), "its size")
        other = subprocess.Popen(["sleep", "600"])
        try:
            with Tmux(PITSTOP, "-d", "100ms", "-c", "pid,pss,comm", "-p", "%d,%d" % (stuck.pid, other.pid)) as u:
                u.wait(lambda lines: any(re.match(r"\s*%d\s+\d+" % other.pid, line) for line in lines), "its size")
        finally:
            other.kill()
            other.wait()
        t.keys("q")
        equal(t.wait_end(), 0, "status")


@test
def sorted_by_pss_unknown_last():
    with Workload("sleeper", "pt-sorted") as w:
        for way in ("asc", "desc"):
            obj = lib.snapshot("-c", "pid,pss_bytes", "-s", "pss:" + way, "-k")
            sizes = [p.get("pss_bytes") for p in obj["processes"]]
            known = [s for s in sizes if s is not None]
            check(None in sizes and sizes[len(known):] == [None] * (len(sizes) - len(known)),
                  "unknown ones are not last")
            equal(known, sorted(known, reverse=way == "desc"), way)
        check(w.pid in by_pid(obj), "the workload is not listed")


# ---- how rows look -----------------------------------------------------------------

def row_of(t, pid, part):
    return t.wait(lambda lines: [line for line in lines if re.match(r"\s*%d\b" % pid, line) and part in line],
                  "%r in the row of %d" % (part, pid))[0]


@test
def paths_and_merged_commands():
    folder = lib.scratch()
    path = shutil.copy("/bin/sleep", os.path.join(folder, "pt-sleep"))
    plain = subprocess.Popen([path, "600"])
    other = subprocess.Popen(["pt-argv0", "601"], executable=path)
    try:
        with Tmux(PITSTOP, "-d", "100ms", "-p", "%d,%d" % (plain.pid, other.pid), cols=160) as t:
            row_of(t, plain.pid, " %s 600" % path)
            row_of(t, other.pid, " pt-argv0 601")
            t.keys("p")
            row_of(t, plain.pid, " pt-sleep 600")
            t.keys("m")
            row_of(t, plain.pid, " pt-sleep 600")
            row_of(t, other.pid, " pt-sleep\u2502pt-argv0 601")
            t.keys("p")
            row_of(t, other.pid, " %s\u2502pt-argv0 601" % path)
            t.keys("m")
            row_of(t, other.pid, " pt-argv0 601")
            # a file that is gone is red
            os.unlink(path)
            t.keys("End")           # the cursor's row has a colour of its own
            t.wait(lambda _: [line for line in t.lines(escapes=True) if "600" in line and "\x1b[31mpt-sleep" in line],
                   "a red name")
    finally:
        for p in (plain, other):
            p.kill()
            p.wait()


@test
def who_came_and_who_went():
    with Workload("sleeper", "pt-stays") as w:
        p = subprocess.Popen(["sleep", "60817"])
        more = None
        try:
            args = "-d", "100ms", "--highlight-changes=3600", "-F", "pt-stays|sleep 6081"
            with Tmux(PITSTOP, *args, cols=200) as t:
                row_of(t, p.pid, "%d+" % p.pid)
                more = subprocess.Popen(["sleep", "60818"])
                row_of(t, more.pid, "%d+" % more.pid)
                p.kill()
                p.wait()
                contains(row_of(t, p.pid, "%d-" % p.pid), "sleep 60817", "the one that went")
                row_of(t, w.pid, "pt-stays")
                t.send(b"\x1bc")            # Alt-c
                t.wait(lambda lines: not any("%d-" % p.pid in line for line in lines), "it to be gone")
                check(not any("+" in line[:9] for line in t.lines()), "still marked")

            with Tmux(PITSTOP, "-d", "100ms", "-F", "pt-stays|sleep 6081", cols=200) as t:
                row_of(t, more.pid, "sleep 60818")
                check("%d+" % more.pid not in t.text(), "marked although nobody asked for it")
                more.kill()
                more.wait()
                t.wait(lambda lines: not any(re.match(r"\s*%d\b" % more.pid, line) for line in lines), "it to go")
        finally:
            for q in (p, more):
                if q and q.poll() is None:
                    q.kill()
                    q.wait()


@test
def wrong_seconds():
    for arg in ("0", "-1", "x", "3601", ""):
        r = lib.run("--highlight-changes=" + arg)
        equal(r.status, 2, "status of %r" % arg)
        contains(r.err, "--highlight-changes", "the message")


@test
def graphs_of_the_last_samples():
    with Workload("hog", 1) as w:
        with Tmux(PITSTOP, "-d", "60ms", "-p", str(w.pid), "-c", "pid,cpu-hist,res-hist,comm") as t:
            t.wait(lambda lines: any(re.match(r"\s*%d +[\u2800-\u28ff]{8,} +\u28c0{10}" % w.pid, line)
                                     for line in lines), "two graphs")
        with Tmux(PITSTOP, "--ascii", "-d", "60ms", "-p", str(w.pid), "-c", "pid,res-hist,comm") as t:
            t.wait(lambda lines: any(re.match(r"\s*%d +\.{10} " % w.pid, line) for line in lines), "a plain graph")
        with Stream("-d", "50ms", "-p", str(w.pid), "-c", "pid,cpu_percent,cpu_history_percent") as s:
            obj = s.until(lambda o: len(by_pid(o)[w.pid].get("cpu_history_percent", [])) == 20, "20 samples")
            p = by_pid(obj)[w.pid]
            equal(p["cpu_history_percent"][-1], p["cpu_percent"], "the newest sample")


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    lib.main()
