"""pitstop's JSON against what /proc said just before and just after.

  constant    equal in /proc before, after, and in pitstop's sample between
  counter     not below the one before, not above the one after
Tolerances, each for a reason of the kernel's:
  run time    a running thread's is brought up to date by the tick, and an emulated CPU may get
              its tick late: 50 ms for each CPU
  user/system clock ticks of 10 ms; the kernel scales the split and never lets a part shrink, which
              a single sample cannot know: 2 % of the run time, 10 % of a process that runs.  Below a
              second a single tick decides the split, and who read it before: only the sum counts
  memory      counters kept per CPU, folded in batches of max(32, 2 x CPUs) pages, 64 up to 6.1
              for each thread; a plain read lacks those"""
import re

TICK = 10000000     # ns
LAG = 50000000
SPLIT = 3 * TICK
FEW_TICKS = 100 * TICK


def read_proc(text):
    """pid -> its fields, and "" -> those of the machine."""
    files = {}
    for line in text.decode(errors="replace").splitlines():
        name, _, rest = line.partition(":")
        files.setdefault(name, []).append(rest)
    found = {int(name.split("/")[0]): None for name in files if name.endswith("/stat")}
    for pid in found:
        found[pid] = process(pid, files)
    found[""] = {"btime": next(int(line.split()[1]) for line in files["stat"] if line.startswith("btime")),
                 "mem_total": next(int(line.split()[1]) * 1024 for line in files["meminfo"] if line.startswith("MemTotal"))}
    return found


def keyed(lines):
    return dict(re.split(r":\s*", line, maxsplit=1) for line in lines if ":" in line)


def process(pid, files):
    line = files["%d/stat" % pid][0]
    f = line[line.rindex(")") + 2:].split()
    status = keyed(files.get("%d/status" % pid, []))
    io = keyed(files.get("%d/io" % pid, []))
    statm = [int(n) for n in files.get("%d/statm" % pid, ["0 0 0"])[0].split()]
    p = {"comm": line[line.index("(") + 1:line.rindex(")")], "state": f[0], "ppid": int(f[1]), "kernel": bool(int(f[6]) & 0x200000),
         "minor_faults": int(f[7]), "major_faults": int(f[9]), "user_ns": int(f[11]) * TICK, "system_ns": int(f[12]) * TICK,
         "priority": int(f[15]), "nice": int(f[16]), "threads": int(f[17]), "start": int(f[19]), "last_cpu": int(f[36]),
         "uid": int(status["Uid"].split()[1]) if "Uid" in status else None,
         "oom_score_adj": int(files.get("%d/oom_score_adj" % pid, ["0"])[0])}
    if "VmSize" in status:
        p.update(pages=statm, swap_bytes=int(status["VmSwap"].split()[0]) * 1024)
    if "read_bytes" in io:
        p.update(read_bytes=int(io["read_bytes"]), write_bytes=int(io["write_bytes"]))
    if p["threads"] == 1 and "voluntary_ctxt_switches" in status:
        p.update(voluntary_switches=int(status["voluntary_ctxt_switches"]),
                 involuntary_switches=int(status["nonvoluntary_ctxt_switches"]))
    schedstat = files.get("%d/schedstat" % pid)
    if schedstat and p["threads"] == 1:
        p["runtime_ns"] = int(schedstat[0].split()[0])
    return p


CONSTANT = ("comm", "state", "ppid", "uid", "kernel", "threads", "priority", "nice", "oom_score_adj", "swap_bytes")
COUNTER = {"minor_faults": 0, "major_faults": 0, "read_bytes": 0, "write_bytes": 0,
           "voluntary_switches": 0, "involuntary_switches": 0, "user_ns": SPLIT, "system_ns": SPLIT}


class Comparison:
    """Complaints about one backend's sample."""

    def __init__(self, results, backend, sample, before, after):
        self.backend, self.before, self.after = backend, before, after
        self.page, self.cpus = results.page, results.cpus
        self.got = {p["pid"]: p for p in sample["processes"]}
        # lockdown forbids the helper that reads it, and /proc gives it at a price
        self.no_swap = results.guest.special == "confidentiality" and results.version < (6, 2)
        self.wrong, self.values = [], 0

    def expect(self, ok, pid, field, got, want):
        self.values += 1
        if not ok:
            self.wrong.append("%s of %d (%s): %r, /proc says %s" % (field, pid, self.before.get(pid, {}).get("comm"), got, want))

    def lists(self):
        """Who is there; pitstop itself and what ran it come and go."""
        stay = {pid for pid in self.before if pid and pid in self.after}
        for pid in stay - set(self.got):
            self.expect(False, pid, "the entry", None, "it is there")
        for pid in set(self.got) - set(self.before) - set(self.after):
            p = self.got[pid]
            if not p["comm"].startswith(("pitstop", "init", "drop", "kworker")):
                self.wrong.append("%d (%s) is not in /proc" % (pid, p["comm"]))
        return sorted(stay & set(self.got))

    def run(self):
        for pid in self.lists():
            a, b, got = self.before[pid], self.after[pid], self.got[pid]
            if a["start"] != b["start"]:
                continue
            self.constants(pid, a, b, got)
            self.counters(pid, a, b, got)
            self.run_time(pid, a, b, got)
            if "pages" in a and "pages" in b:
                self.memory(pid, a, b, got)
            btime = self.before[""]["btime"] + a["start"] / 100
            self.expect(abs(got["start_time"] - btime) <= 1.1, pid, "start_time", got["start_time"], btime)
        return self.wrong

    def constants(self, pid, a, b, got):
        for field in CONSTANT:
            # a kernel thread's name changes with its work, and in full it is not in stat
            if field not in a or a[field] != b.get(field) or (field == "comm" and a["kernel"]):
                continue
            if field == "swap_bytes" and self.no_swap:
                continue
            if field == "state" and a.get("voluntary_switches") != b.get("voluntary_switches"):
                continue        # it was another one meanwhile
            self.expect(got.get(field) == a[field], pid, field, got.get(field), a[field])
        if a["state"] == b["state"] == "S" and a.get("runtime_ns") == b.get("runtime_ns", -1):
            self.expect(got["last_cpu"] == a["last_cpu"], pid, "last_cpu", got["last_cpu"], a["last_cpu"])

    def counters(self, pid, a, b, got):
        for field, slack in COUNTER.items():
            if field not in a or field not in b or (self.backend == "proc" and field not in got):
                continue
            if field.endswith("_ns") and b["user_ns"] + b["system_ns"] < FEW_TICKS:
                continue
            if field.endswith("_ns"):
                ran = b["user_ns"] + b["system_ns"] > a["user_ns"] + a["system_ns"]
                slack += (0.1 if ran else 0.02) * (b["user_ns"] + b["system_ns"])
            ok = field in got and a[field] - slack <= got[field] <= b[field] + slack
            self.expect(ok, pid, field, got.get(field), "%d to %d" % (a[field], b[field]))

    def run_time(self, pid, a, b, got):
        low, high = (t["user_ns"] + t["system_ns"] for t in (a, b))
        slack = 3 * TICK + LAG * self.cpus
        if "runtime_ns" in a and "runtime_ns" in b:
            low, high = a["runtime_ns"], b["runtime_ns"]
            slack = LAG * self.cpus if a["state"] == "R" or b["state"] == "R" else 0
            slack += 2 * TICK if self.backend == "proc" else 0
        ok = low - slack <= got.get("cpu_time_ns", -1) <= high + slack
        self.expect(ok, pid, "cpu_time_ns", got.get("cpu_time_ns"), "%d to %d" % (low, high))

    def memory(self, pid, a, b, got):
        batch = 3 * self.page * max(64 * a["threads"], self.cpus * max(32, 2 * self.cpus))
        if a["pages"][0] == b["pages"][0]:
            want = a["pages"][0] * self.page
            self.expect(got.get("vsize_bytes") == want, pid, "vsize_bytes", got.get("vsize_bytes"), want)
        for field, i in (("rss_bytes", 1), ("shared_bytes", 2)):
            low, high = sorted((a["pages"][i] * self.page, b["pages"][i] * self.page))
            ok = field in got and low - batch <= got[field] <= high + batch
            self.expect(ok, pid, field, got.get(field), "%d to %d" % (low, high))
