"""bench/budgets.py - what was promised, and what was measured."""
from report import say
from stats import digits


def cell(results, kind, n):
    return next((c for c in results.get("peers") or [] if (c["kind"], c["n"]) == (kind, n)), None)


def figure(results, *path):
    """The median at that place, or None where nothing was measured."""
    at = results
    for step in path:
        at = at.get(step) if isinstance(at, dict) else None
    return at["median"] if isinstance(at, dict) and "median" in at else at


def tool(results, n, name, measure):
    return figure(cell(results, "sleeping", n) or {}, "tools", name, measure)


def times(results, name):
    theirs, ours = (tool(results, 5000, who, "cpu_ms") for who in (name, "pitstop walk"))
    return theirs / ours if theirs and ours else None


def above_floor(results):
    alone = [c for c in results.get("floor") or [] if c["n"] == 10000] or [cell(results, "sleeping", 10000) or {}]
    return figure(alone[0], "floor", "above_us")


def rest(results):
    stages = (cell(results, "sleeping", 10000) or {}).get("stages", {}).get("walk", {})
    if "rest" in stages:
        return stages["rest"]["median"] / 1000
    return (stages["total"]["median"] - stages["walk"]["median"]) / 1000 if stages else None


def scaled(value, by):
    return value / by if value is not None else None


def steady(results):
    return figure(results.get("frames") or {}, "this machine, 256 colours")


# What, its limit, whether more is better, its unit, how it is measured, and where it stands.
BUDGETS = (
    ("walk, a task, above the floor", 0.10, False, "us", "10,000 processes, beside the empty loop, in turn", above_floor),
    ("all of a refresh but the walk", 1.5, False, "ms", "--bench at 10,000 processes", rest),
    ("CPU a refresh, htop to pitstop", 150, True, "times", "5,000 processes, on a terminal", lambda r: times(r, "htop")),
    ("CPU a refresh, btop to pitstop", 35, True, "times", "5,000 processes, on a terminal", lambda r: times(r, "btop")),
    ("system calls a refresh", 8, False, "", "100 processes, by the kernel's tracepoint",
     lambda r: tool(r, 100, "pitstop walk", "calls")),
    ("system calls a refresh", 8, False, "", "10,000 processes, by the kernel's tracepoint",
     lambda r: tool(r, 10000, "pitstop walk", "calls")),
    ("first frame, cold", 30, False, "ms", "no file in memory", lambda r: figure(r.get("start") or {}, "cold_ms")),
    ("resident memory", 3, False, "MiB", "100 processes, mapped arrays included",
     lambda r: scaled(tool(r, 100, "pitstop walk", "rss_kib"), 1024)),
    ("resident memory", 12, False, "MiB", "10,000 processes, mapped arrays included",
     lambda r: scaled(tool(r, 10000, "pitstop walk", "rss_kib"), 1024)),
    ("binary", 400, False, "KiB", "its file", lambda r: scaled(figure(r.get("start") or {}, "binary_bytes"), 1024)),
    ("bytes a frame, steady", 2048, False, "", "this machine, 200x50, 256 colours", steady),
    ("writes a frame", 1, False, "", "strace", lambda r: figure(r.get("frames") or {}, "writes")),
    ("sched_switch probe over an empty program", 60, False, "ns", "a switch",
     lambda r: figure(r.get("ludicrous") or {}, "switch", "over_ns")),
    ("loss in perf bench sched pipe", 5, False, "%", "beside --ludicrous on another CPU, in turn",
     lambda r: figure(r.get("ludicrous") or {}, "pipe", "loss_percent")),
    ("frames missed in --ludicrous", 1, False, "%", "1,000 processes, a minute",
     lambda r: figure(r.get("ludicrous") or {}, "frames", "missed_percent")),
)


def say_budgets(results):
    """Each with its figure; a list of them for what is kept."""
    told = []
    say(f"\n{'budget':42} {'limit':>15} {'measured':>12}  met  how")
    for what, limit, more, unit, how, measure in BUDGETS:
        value = measure(results)
        met = None if value is None else (value >= limit if more else value <= limit)
        said = {None: "-", True: "yes", False: "NO"}[met]
        bound = f"{'>=' if more else '<='} {limit:g} {unit}"
        say(f"{what:42} {bound:>15} {digits(value) if value is not None else 'not measured':>12}  {said:4} {how}")
        told.append({"what": what, "limit": limit, "unit": unit, "measured": value, "met": met, "how": how})
    return told
