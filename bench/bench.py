#!/usr/bin/env python3
"""bench/bench.py BUILD [PART...] - what a refresh costs, beside the tools people
would use instead and beside the floor: the kernel's own loop with an empty body.

Without a part all of them, and the report is kept in bench/results/.  A time
never makes it fail; a tool that has not seen what is there does, for a fast
wrong answer is none.
"""
import os
import signal
import sys

import budgets
import crowds
import machine
import matrix
import others
import ours
import peers
import report

PARTS = {"check": matrix.check, "peers": matrix.beside_peers, "floor": matrix.floor, "small": matrix.small,
         "start": ours.start_up, "calls": ours.calls_agree, "frames": ours.bytes_of_frames, "keys": ours.answers,
         "ludicrous": ours.ludicrous,
         "programs": others.programs, "cgroups": others.cgroups, "libbpf": others.against_libbpf}
ON_DEMAND = ("small",)      # parts of others, alone


def interrupted(*_):
    """Once: what runs is ended in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(build, names):
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"bench: no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    peers.PITSTOP = os.path.abspath(os.path.join(build, "pitstop"))
    peers.FLOOR = os.path.abspath(os.path.join(build, "tests", "floor"))
    crowds.TOOLS = os.path.abspath(os.path.join(build, "tests"))
    signal.signal(signal.SIGINT, interrupted)
    signal.signal(signal.SIGTERM, interrupted)
    results = {"machine": machine.describe(), "versions": machine.versions()}
    report.say(f"{results['machine']['cpu']}, {results['machine']['cpus']} CPUs, {results['machine']['memory_gib']} GiB, "
               f"Linux {results['machine']['kernel']}; " + ", ".join(" ".join(tool) for tool in results["versions"].items()))
    for name in names or [part for part in PARTS if part not in ON_DEMAND]:
        results[name] = PARTS[name]()
    wrong = [f"{report.title(cell)}: {why}" for name in ("peers", "small") for cell in results.get(name, []) for why in cell["wrong"]]
    for why in wrong:
        report.say(f"WRONG: {why}")
    if not names:
        results["budgets"] = budgets.say_budgets(results)
        report.say_changes(results, report.kept(results["machine"]["name"]))
        report.keep(results)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit("bench: interrupted; nothing was left behind")
