"""--json: the schema of version 1, its types and values, and valid UTF-8 and
JSON for whatever other processes call themselves."""
import math
import os
import pwd
import re
import statistics
import time

import lib
from lib import between, check, contains, equal, objects, run, snapshot, test

# ---- the schema: a type, a list of one type, or an object; "?" marks what may be absent

NUMBER, INT, STR, BOOL = "number", "int", "str", "bool"
SHARES = {k: NUMBER for k in ("user", "nice", "system", "iowait", "irq", "softirq", "steal", "guest", "idle")}
PRESSURE_LINE = {"avg10": NUMBER, "avg60": NUMBER, "avg300": NUMBER, "total_us": INT}
PRESSURE = {"some?": PRESSURE_LINE, "full?": PRESSURE_LINE}
ALWAYS = ("pid", "ppid", "uid", "comm", "state", "kernel", "cpu_time_ns", "threads", "priority", "nice",
          "start_time", "minor_faults", "major_faults")
PROCESS = {
    "pid": INT, "ppid": INT, "uid": INT, "user?": STR, "comm": STR, "cmdline?": [STR], "exe?": STR,
    "state": STR, "kernel": BOOL, "cpu_percent?": NUMBER, "cpu_time_ns": INT, "user_ns?": INT,
    "system_ns?": INT, "threads": INT, "priority": INT, "nice": INT, "last_cpu?": INT,
    "start_time": NUMBER, "vsize_bytes?": INT, "rss_bytes?": INT, "shared_bytes?": INT,
    "swap_bytes?": INT, "memory_percent?": NUMBER, "minor_faults": INT, "major_faults": INT,
    "faults_per_s?": NUMBER, "voluntary_switches?": INT, "involuntary_switches?": INT,
    "read_bytes?": INT, "write_bytes?": INT, "read_bytes_per_s?": NUMBER, "write_bytes_per_s?": NUMBER,
    "tty?": STR, "cgroup?": STR, "cgroup_id?": INT, "unit?": STR,
    "container?": {"runtime?": STR, "id?": STR, "name?": STR}, "frozen?": BOOL, "oom_score_adj?": INT,
    # not in the contract
    "private_bytes?": INT,      # rss less shared, the screen's PRIV
    "tgid?": INT, "cpu_percent_of_all?": NUMBER, "elapsed_ns?": INT, "switches_in_window?": INT,
    "io_bytes_per_s?": INT, "pss_bytes?": INT, "uss_bytes?": INT, "swap_pss_bytes?": INT, "files?": INT,
    "oom_score?": INT, "gpu_time_ns?": INT, "gpu_percent?": NUMBER, "cwd?": STR, "security_label?": STR,
    "wchan?": STR, "autogroup?": INT, "autogroup_nice?": INT, "cpu_history_percent?": [NUMBER],
    "rss_history_bytes?": [INT], "pgrp?": INT, "session?": INT, "tpgid?": INT,
    "children_minor_faults?": INT, "children_major_faults?": INT, "children_user_ns?": INT,
    "children_system_ns?": INT, "code_bytes?": INT, "data_bytes?": INT, "rchar_bytes?": INT,
    "wchar_bytes?": INT, "read_calls?": INT, "write_calls?": INT, "cancelled_write_bytes?": INT,
    "memory_bytes?": INT, "growth_bytes_per_s?": INT, "cg_growth_bytes_per_s?": INT,
    "ccgroup?": STR, "in_container?": BOOL, "policy?": STR, "io_priority?": STR,
}
SCHEMA = {
    "schema": INT, "time": NUMBER, "interval": NUMBER,
    "host": {"name": STR, "kernel": STR, "arch": STR, "cpus": INT, "boot_time": NUMBER, "uptime": NUMBER},
    "backend": {"tasks": STR, "lost": INT, "exited_lost?": INT, "missing": [{"source": STR, "why": STR}]},
    "self": {"collect_us": INT, "model_us": INT, "output_us": INT, "syscalls": INT,
             "cpu_percent?": NUMBER, "rss_bytes": INT},
    "cpu": {"percent": SHARES, "per_cpu": [{"cpu": INT, "percent": SHARES}]},
    "load": [NUMBER],
    "tasks": {"processes": INT, "threads": INT, "kernel_threads": INT, "running": INT,
              "uninterruptible?": INT, "zombie": INT, "stopped": INT, "frozen?": INT},
    "memory": {"total_bytes": INT, "used_bytes": INT, "available_bytes": INT, "free_bytes": INT,
               "buffers_bytes": INT, "cached_bytes": INT, "shmem_bytes": INT,
               "zram?": {"original_bytes": INT, "compressed_bytes": INT, "used_bytes": INT}},
    "swap": {"total_bytes": INT, "used_bytes": INT, "in_bytes_per_s": NUMBER, "out_bytes_per_s": NUMBER},
    "pressure?": {"cpu?": PRESSURE, "memory?": PRESSURE, "io?": PRESSURE, "irq?": PRESSURE},
    "processes": [PROCESS],
    "threads?": [{"tid": INT, "pid": INT, "comm": STR, "state": STR, "cpu_percent?": NUMBER,
                  "cpu_time_ns": INT, "last_cpu": INT}],
    "exited?": [{"comm?": STR, "ppid?": INT, "parent_comm?": STR, "uid?": INT, "count": INT, "failed": INT,
                 "cpu_time_ns": INT, "pids?": [INT]}],
}
TYPES = {NUMBER: (int, float), INT: int, STR: str, BOOL: bool}


def conform(value, schema, path):
    if isinstance(schema, str):
        right = isinstance(value, TYPES[schema]) and isinstance(value, bool) == (schema == BOOL)
        check(right, "%s is %r, no %s" % (path, value, schema))
    elif isinstance(schema, list):
        check(isinstance(value, list), "%s is no array" % path)
        for i, item in enumerate(value):
            conform(item, schema[0], "%s[%d]" % (path, i))
    else:
        conform_object(value, schema, path)


def conform_object(value, schema, path):
    check(isinstance(value, dict), "%s is no object" % path)
    kinds = {k.rstrip("?"): v for k, v in schema.items()}
    for key, item in value.items():
        check(key in kinds, "%s.%s is not in the schema" % (path, key))
        conform(item, kinds[key], "%s.%s" % (path, key))
    for key in schema:
        check(key.endswith("?") or key in value, "%s.%s is missing" % (path, key))


def screen_names():
    """(JSON field, heading) of every column, as -c help lists them."""
    rows = [line.split() for line in run("-c", "help").text.splitlines()]
    return [(r[0], r[1]) for r in rows if len(r) > 2]


# ---- tests -------------------------------------------------------------------

@test
def schema_of_every_backend():
    for backend in lib.backends():
        for args in ((), ("-k",), ("-H",), ("-k", "-H", "--columns", ",".join(n for n, _ in screen_names()))):
            obj = snapshot("--backend", backend, *args)
            if "--columns" in args:
                conform(obj, {**SCHEMA, "processes": [{k.rstrip("?") + "?": v for k, v in PROCESS.items()}]}, "")
            else:
                conform(obj, SCHEMA, backend)
            equal(obj["backend"]["tasks"], backend, "backend")
            equal("threads" in obj, "-H" in args, "threads in the object with " + " ".join(args))


@test
def numbers_make_sense():
    for obj in objects("-n", "3", "-d", "200ms", "-k", "-H"):
        check(obj["interval"] > 0, "interval %r" % obj["interval"])
        for p in obj["processes"]:
            check(p["state"] in "RSDTtZXIP" and len(p["state"]) == 1, "state %r" % p["state"])
            for key, value in p.items():
                if isinstance(value, (int, float)) and key not in ("nice", "priority", "oom_score_adj", "autogroup_nice"):
                    check(value >= 0 and math.isfinite(value), "%s of %d is %r" % (key, p["pid"], value))
            check(p["threads"] >= 1, "threads of %d: %r" % (p["pid"], p["threads"]))
            if p["kernel"] or p["state"] == "Z":
                for key in ("vsize_bytes", "rss_bytes", "shared_bytes", "cmdline"):
                    check(key not in p, "%s %d has %s" % (p["comm"], p["pid"], key))
            elif not ("rss_bytes" in p and "vsize_bytes" in p):
                # one that ends loses its memory a moment before it is a zombie
                check(has_no_memory(p["pid"]), "%d has no sizes: %r" % (p["pid"], p))
        check(0 not in lib.by_pid(obj), "the idle task is listed")


def has_no_memory(pid):
    try:
        return lib.read("/proc/%d/statm" % pid).startswith(b"0 ")
    except OSError:
        return True


@test
def schema_number_time_and_window():
    before = time.time()
    series = objects("-n", "6", "-d", "200ms")
    after = time.time()
    equal(len(series), 6, "objects of -n 6")
    equal({o["schema"] for o in series}, {1}, "schema")
    for o in series:
        between(o["time"], before - 0.01, after + 0.01, "time")
    # both are read at the same moment; what lies between the two reads varies
    off = [abs(b["time"] - a["time"] - b["interval"]) for a, b in zip(series, series[1:])]
    check(statistics.median(off) < 0.02, "interval and steps of time differ by %r" % off)


@test
def host():
    u = os.uname()
    obj = snapshot()["host"]
    uptime = float(lib.read("/proc/uptime").split()[0])
    equal((obj["name"], obj["kernel"], obj["arch"]), (u.nodename, u.release, u.machine), "host")
    equal(obj["cpus"], os.sysconf("SC_NPROCESSORS_ONLN"), "cpus")
    between(obj["uptime"], uptime - lib.PATIENCE, uptime, "uptime")
    btime = int(re.search(rb"^btime (\d+)", lib.read("/proc/stat"), re.M).group(1))
    between(obj["boot_time"], btime - 1.01, btime + 1.01, "boot_time")     # btime is in whole seconds


@test
def cpu_shares_sum_to_100():
    for obj in objects("-n", "3", "-d", "300ms"):
        for what, shares in [("all", obj["cpu"]["percent"])] + \
                [("cpu%d" % c["cpu"], c["percent"]) for c in obj["cpu"]["per_cpu"]]:
            between(sum(shares.values()), 99.99, 100.01, "shares of " + what)
            check(all(0 <= v <= 100 for v in shares.values()), "a share of %s: %r" % (what, shares))
        online = sorted(int(n) for n in re.findall(rb"^cpu(\d+) ", lib.read("/proc/stat"), re.M))
        equal([c["cpu"] for c in obj["cpu"]["per_cpu"]], online, "CPUs")


def meminfo():
    return {k.decode(): int(v) * 1024 for k, v in re.findall(rb"^(\w+):\s+(\d+) kB", lib.read("/proc/meminfo"), re.M)}


@test
def memory_swap_and_load():
    before = meminfo()
    load_before = lib.read("/proc/loadavg").split()[:3]
    obj = snapshot()
    load_after = lib.read("/proc/loadavg").split()[:3]
    after = meminfo()
    slack = 256 << 20       # others come and go on this machine while we look
    for field, value in (("free_bytes", lambda m: m["MemFree"]), ("available_bytes", lambda m: m["MemAvailable"]),
                         ("buffers_bytes", lambda m: m["Buffers"]), ("shmem_bytes", lambda m: m["Shmem"]),
                         ("cached_bytes", lambda m: m["Cached"] + m["SReclaimable"] - m["Shmem"])):
        low, high = sorted((value(before), value(after)))
        between(obj["memory"][field], low - slack, high + slack, "memory." + field)
    m = obj["memory"]
    equal(m["total_bytes"], before["MemTotal"], "memory.total_bytes")
    if not m.get("zram", {}).get("used_bytes"):
        equal(m["used_bytes"], m["total_bytes"] - m["available_bytes"], "memory.used_bytes")
    equal(obj["swap"]["total_bytes"], before["SwapTotal"], "swap.total_bytes")
    between(obj["swap"]["used_bytes"], 0, before["SwapTotal"], "swap.used_bytes")
    for i, (a, b) in enumerate(zip(load_before, load_after)):
        low, high = sorted((float(a), float(b)))
        between(obj["load"][i], low - 0.5, high + 0.5, "load %d" % i)
    equal(len(obj["load"]), 3, "load averages")


def pressure_totals():
    return {(kind, line): int(total) for kind in ("cpu", "memory", "io")
            for line, total in re.findall(r"^(some|full) .*total=(\d+)", lib.read("/proc/pressure/" + kind).decode(), re.M)}


@test
def pressure():
    try:
        before = pressure_totals()
    except OSError as e:
        check("pressure" not in snapshot(), "pressure is reported and /proc/pressure is not readable")
        raise lib.Skip("no pressure stall information: %s" % e.strerror)
    obj = snapshot()["pressure"]
    after = pressure_totals()
    for (kind, line), low in before.items():
        between(obj[kind][line]["total_us"], low, after[kind, line], "pressure %s %s" % (kind, line))


@test
def totals_are_those_of_the_list():
    """In one object both come from one sample: they agree exactly."""
    for backend in lib.backends():
        obj = snapshot("--backend", backend, "-k", "-H")
        users = [p for p in obj["processes"] if not p["kernel"]]
        kernel = [p for p in obj["processes"] if p["kernel"]]
        totals = obj["tasks"]
        equal(totals["processes"], len(users), backend + ": tasks.processes")
        equal(totals["kernel_threads"], len(kernel), backend + ": tasks.kernel_threads")
        ours = {p["pid"] for p in users}
        threads = [t for t in obj["threads"] if t["pid"] in ours]
        equal(totals["threads"], len(threads), backend + ": tasks.threads")
        equal(totals["running"], sum(t["state"] == "R" for t in obj["threads"]), backend + ": tasks.running")
        equal(totals["uninterruptible"], sum(t["state"] == "D" for t in obj["threads"]),
              backend + ": tasks.uninterruptible")
        equal(obj["backend"]["lost"], 0, backend + ": lost")


@test
def default_lists_user_processes_only():
    obj = snapshot()
    check(not any(p["kernel"] for p in obj["processes"]), "a kernel thread without -k")
    check(os.getpid() in lib.by_pid(obj), "this test is not listed")
    check(any(p["kernel"] for p in snapshot("-k")["processes"]), "no kernel thread with -k")


@test
def first_object_has_rates():
    with lib.Workload("hog", 1, 10) as w:
        (obj,) = objects("--once", "-d", "300ms")
        p = lib.by_pid(obj)[w.pid]
        check(p["cpu_percent"] > 0, "a hog at %r %% in the first object" % p["cpu_percent"])
        check(p["cmdline"][1:3] == ["hog", "1"], "cmdline in the first object: %r" % p["cmdline"])


@test
def filters():
    with lib.Workload("sleeper", "pt-Needle-17") as a, lib.Workload("sleeper", "pt-hay") as b:
        pids = {a.pid, b.pid}

        def listed(*args):
            return set(lib.by_pid(snapshot(*args)))
        equal(listed("-p", str(a.pid)), {a.pid}, "-p")
        equal(listed("-p", "%d,%d" % (a.pid, b.pid)), pids, "-p with two")
        equal(listed("-p", str(a.pid), "-p", str(b.pid)) >= {b.pid}, True, "-p twice")
        equal(listed("-F", "pt-needle-17") & pids, {a.pid}, "-F in another case")
        equal(listed("-F", "pt-needle-17|pt-hay") & pids, pids, "-F with two alternatives")
        # pitstop's own command line does hold the text
        equal(listed("-F", "matches nobody else") & pids, set(), "-F without a match")
        equal(listed("-u", pwd.getpwuid(os.geteuid()).pw_name) & pids, pids, "-u by name")
        equal(listed("-u", str(os.geteuid())) & pids, pids, "-u by number")
        equal(listed("-u", "4000000000") & pids, set(), "-u of another user")


@test
def threads_of_the_processes_named():
    with lib.Workload("hog", 5, 10) as w, lib.Workload("sleeper") as s:
        for backend in lib.backends():
            obj = snapshot("-H", "-p", "%d,%d" % (w.pid, s.pid), "--backend", backend)
            want = {(int(t), w.pid) for t in os.listdir("/proc/%d/task" % w.pid)} | {(s.pid, s.pid)}
            equal({(t["tid"], t["pid"]) for t in obj["threads"]}, want, backend + ": threads")
            equal(set(lib.by_pid(obj)), {w.pid, s.pid}, backend + ": processes")


@test
def columns():
    for field, heading in screen_names():
        for name in (field, heading):
            obj = snapshot("--columns", "pid," + name)
            for p in obj["processes"]:
                check(set(p) <= {"pid", field}, "--columns %s gives %r" % (name, sorted(p)))
    fields = set(lib.by_pid(snapshot("--columns", "pid,comm,state"))[os.getpid()])
    equal(fields, {"pid", "comm", "state"}, "fields of --columns pid,comm,state")


@test
def order():
    def values(field, *args):
        return [p.get(field, -1) for p in snapshot(*args)["processes"]]
    for spec, field, reverse in (("pid:asc", "pid", False), ("pid:desc", "pid", True),
                                 ("RES:desc", "rss_bytes", True), ("cpu_time_ns:desc", "cpu_time_ns", True),
                                 ("start_time:asc", "start_time", False)):
        got = values(field, "-s", spec)
        equal(got, sorted(got, reverse=reverse), "order of -s " + spec)
    got = values("cpu_percent")
    equal(got, sorted(got, reverse=True), "order without -s")


@test
def hostile_names_are_exact_and_valid():
    """Bytes as they are, U+FFFD for what is no UTF-8; control characters escaped."""
    with lib.Workload("hostile") as w:
        for backend in lib.backends():
            r = run("--json", "-n", "2", "-d", "200ms", "--backend", backend)
            equal(r.status, 0, "status")
            line = r.out.splitlines()[-1]
            text = line.decode("utf-8")
            bad = re.search("[\x00-\x1f\x7f\x80-\x9f]", text)
            check(not bad, "a raw control character %r" % (bad and text[max(0, bad.start() - 40):bad.end() + 20]))
            found = lib.by_pid(lib.parse_json(line))
            for pid in w.pids:
                expect_exact(found, pid, backend)


def expect_exact(found, pid, backend):
    check(pid in found, "%s: %d is not listed" % (backend, pid))
    p = found[pid]
    comm = lib.read("/proc/%d/comm" % pid)[:-1]
    args = lib.read("/proc/%d/cmdline" % pid)
    equal(normal(p["comm"]), normal(lib.as_json(comm)), "%s: comm of %d" % (backend, pid))
    equal([normal(a) for a in p["cmdline"]], [normal(lib.as_json(a)) for a in args.split(b"\0")[:-1]],
          "%s: cmdline of %d" % (backend, pid))
    contains(" ".join(p["cmdline"]), "pt-hostile-", "cmdline of %d" % pid)


def normal(text):
    """How many U+FFFD stand for one broken sequence is the decoder's choice."""
    return re.sub("\ufffd+", "\ufffd", text)


@test
def nothing_else_on_standard_output():
    r = run("--json", "-n", "4", "-d", "20ms")
    equal(len(r.out.splitlines()), 4, "lines of -n 4")
    equal(r.err, "", "messages")


@test
def bench_as_json():
    r = run("--bench=5", "--json")
    equal((r.status, r.err), (0, ""), "--bench=5 --json")
    equal(len(r.out.splitlines()), 1, "lines")
    obj = lib.parse_json(r.out.splitlines()[0])
    bench = obj["bench"]
    equal(bench["samples"], 5, "samples")
    check(bench["processes"] > 0 and bench["syscalls"] > 0 and bench["cpu_us"] > 0, "figures %r" % bench)
    for name, stage in bench["stages"].items():
        figures = [stage[k] for k in ("min_us", "p50_us", "p95_us", "p99_us", "max_us")]
        equal(figures, sorted(figures), "percentiles of " + name)
    equal(list(bench["stages"]), ["walk", "collect", "model", "sort", "draw", "write", "total", "rest", "key"], "stages")


@test
def bench_ranks():
    """The nearest rank: of twenty values 95 % are the 19th, 99 % the last."""
    stages = lib.parse_json(run("--bench=20", "--json").out)["bench"]["stages"].values()
    check(any(s["p95_us"] < s["max_us"] for s in stages), "no 95 %% below the highest: %r" % stages)
    check(all(s["p99_us"] == s["max_us"] for s in stages), "99 %% that are not the highest: %r" % stages)


if __name__ == "__main__":
    lib.main()
