"""bench/report.py - what is kept of a run: text, JSON, plots; and how it
compares with the run that was kept before."""
import json
import os
import shutil
import subprocess
import tempfile

from stats import apart, digits, ratio, spread

HERE = os.path.dirname(os.path.abspath(__file__))
RESULTS = os.path.join(HERE, "results")
lines = []          # of the text, as they were printed

# What is measured of a tool, in the order of the columns.
MEASURES = (("cpu_ms", "CPU ms a refresh"), ("calls", "system calls a refresh"), ("bytes", "bytes a frame"),
            ("rss_kib", "resident KiB"), ("first_ms", "ms to first frame"), ("wall_ms", "ms a sample"))
REFERENCE = "pitstop walk"


def say(text=""):
    print(text, flush=True)
    lines.append(text)


def title(cell):
    what = {"threads": "threads of one process", "sleeping": "sleeping processes", "active": "processes, some active",
            "churning": "processes, churning"}[cell["kind"]]
    return f"{cell['n']:,} {what}" + (f": {cell['note']}" if cell["note"] else "")


def say_cell(cell):
    """Medians, [first and third quartile], and how many times pitstop's."""
    turns = max((s["n"] for got in cell["tools"].values() for m, s in got.items() if m == "first_ms" and s), default=0)
    say(f"\n{title(cell)} (turns: {turns})")
    say(f"{'':14}" + "".join(f"{name:>30}" for _, name in MEASURES))
    ours = cell["tools"].get(REFERENCE, {})
    for name, got in cell["tools"].items():
        row = f"{name:14}"
        for measure, _ in MEASURES:
            times = ratio(got.get(measure), ours.get(measure))
            row += f"{spread(got.get(measure)):>22}" + (f"{digits(times):>6}x " if times is not None else f"{'':8}")
        say(row.rstrip())
    for name, why in cell["missing"].items():
        say(f"{name:14} {why}")
    for wrong in cell["wrong"]:
        say(f"WRONG: {wrong}")


def say_stages(cell):
    say(f"\n{title(cell)}: pitstop --bench, us")
    names = [n for n in next(iter(cell["stages"].values())) if n not in ("syscalls", "frame_bytes", "walk_per_task_us")]
    for backend, got in cell["stages"].items():
        say(f"  {backend}: " + ", ".join(f"{n} {spread(got[n])}" for n in names if n in got))


def say_floor(cell):
    f = cell["floor"]
    if not f:
        return
    what = f"{title(cell)}, {f['tasks']['median']:,.0f} tasks".replace(f": {cell['note']}", "")
    if not f["floor_us"]:
        say(f"  {what}: walk {f['walk_us']['median']:.3f} us a task; no floor: that tool is not there")
        return
    say(f"  {what}: walk {f['walk_us']['median']:.3f} us a task, the empty loop {f['floor_us']['median']:.3f}, "
        f"above the floor {f['above_us']['median']:.3f} [{f['above_us']['q1']:.3f} {f['above_us']['q3']:.3f}], "
        f"least {f['above_us']['min']:.3f}, "
        f"{f['ratio']['median']:.2f} times")


# ---- what changed ------------------------------------------------------------------

def key_of(cell):
    return f"{cell['kind']} {cell['n']}"


def comparable(results):
    """Figures that a busier machine changes little: ratios within one run, and counts."""
    found = {}
    for cell in results.get("peers", []) + results.get("floor", []):
        where = key_of(cell)
        if cell.get("floor") and cell["floor"].get("ratio"):
            found[f"{where}: walk to the floor"] = cell["floor"]["ratio"]
        ours = cell["tools"].get(REFERENCE, {})
        for measure in ("calls", "bytes", "rss_kib"):
            if ours.get(measure):
                found[f"{where}: pitstop's {dict(MEASURES)[measure]}"] = ours[measure]
        mine = ours.get("cpu_ms")
        for name, got in cell["tools"].items():
            s = got.get("cpu_ms")
            if name != REFERENCE and s and mine and mine["q1"] and mine["q3"]:
                found[f"{where}: CPU, {name} to pitstop"] = {
                    "median": s["median"] / mine["median"] if mine["median"] else 0,
                    "q1": s["q1"] / mine["q3"], "q3": s["q3"] / mine["q1"], "n": s["n"]}
    return found


def say_changes(now, before):
    """Against the run that was kept of such a machine.  Never a failure."""
    if not before:
        say("\nno earlier figures of such a machine to compare with")
        return
    say("\nagainst the figures kept of such a machine, what changed by more than the spread of both:")
    old, new, changed = comparable(before), comparable(now), 0
    for name in sorted(old.keys() & new.keys()):
        a, b = old[name], new[name]
        if apart(a, b) and abs(b["median"] - a["median"]) > 0.05 * abs(a["median"]):
            say(f"  {name}: {spread(a)} -> {spread(b)}")
            changed += 1
    say(f"  {changed} of {len(old.keys() & new.keys())} figures changed")


def kept(name):
    try:
        with open(os.path.join(RESULTS, name + ".json"), encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


# ---- files -------------------------------------------------------------------------

def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, (list, tuple)) else value


def columns(cells, kind, pick):
    """A line for each size: of each tool the median and its quartiles, NaN where there is none."""
    names = list(dict.fromkeys(n for c in cells for n in c["tools"]))
    rows = ["tasks\t" + "\t".join(f"{n}\tq1\tq3" for n in names)]
    for cell in sorted(cells, key=lambda c: c["n"]):
        if cell["kind"] == kind:
            got = [cell["tools"].get(n, {}).get(pick) for n in names]
            rows.append(f"{cell['n']}\t" + "\t".join(f"{s['median']}\t{s['q1']}\t{s['q3']}" if s else "NaN\tNaN\tNaN" for s in got))
    return names, "\n".join(rows) + "\n"


PLOTS = (("cpu", "sleeping", "cpu_ms", "CPU time of a refresh, ms"), ("calls", "sleeping", "calls", "System calls of a refresh"),
         ("memory", "sleeping", "rss_kib", "Resident memory, KiB"), ("first", "sleeping", "first_ms", "First frame, ms after the start"),
         ("threads", "threads", "cpu_ms", "CPU time of a refresh, ms, threads of one process"))


def floor_columns(cells):
    rows = ["tasks\twalk\tempty loop"]
    for cell in sorted(cells, key=lambda c: c["n"]):
        f = cell.get("floor")
        if cell["kind"] == "sleeping" and f and f["floor_us"]:
            rows.append(f"{f['tasks']['median']}\t{f['walk_us']['median']}\t{f['floor_us']['median']}")
    return "\n".join(rows) + "\n"


def plot(results, base):
    """SVG by gnuplot; its absence is said."""
    cells = results.get("peers", [])
    if not shutil.which("gnuplot"):
        say("no plots: gnuplot is not installed")
        return
    with tempfile.TemporaryDirectory() as scratch:
        todo = [(name, *columns(cells, kind, pick), what, 3) for name, kind, pick, what in PLOTS]
        todo.append(("floor", ["walk", "empty loop"], floor_columns(cells), "Time of the walk, us a task", 1))
        for name, series, text, what, step in todo:
            if text.count("\n") < 3:
                continue
            path = os.path.join(scratch, name)
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            subprocess.run(["gnuplot", "-e", f"data='{path}'; target='{base}-{name}.svg'; what='{what}'; series={len(series)}; "
                            f"step={step}; machine='{results['machine']['name']}'", os.path.join(HERE, "plots.gp")], check=True)


def keep(results):
    """The report of a whole run, under the name of the machine."""
    os.makedirs(RESULTS, exist_ok=True)
    name = results["machine"]["name"]
    base = os.path.join(RESULTS, name)
    plot(results, base)
    with open(base + ".json", "w", encoding="utf-8") as f:
        json.dump(rounded(results), f, indent=1, sort_keys=True)
        f.write("\n")
    print(f"kept in bench/results/{name}.*")
    with open(base + ".txt", "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")
