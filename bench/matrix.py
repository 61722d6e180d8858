"""bench/matrix.py - which crowds are measured, and how often."""
import os
import shutil
import stat as modes
import tempfile
import time

import machine
import peers
import terminal
from crowds import Crowd
from report import say, say_cell, say_floor, say_stages

# kind, tasks, percent that work or rate of coming and going, turns, refreshes a turn; those that
# take long are last
MATRIX = (
    ("sleeping", 100, 0, 3, 3),
    ("sleeping", 1000, 0, 3, 3),
    ("sleeping", 5000, 0, 3, 3),
    ("sleeping", 10000, 0, 2, 3),
    ("threads", 1000, 0, 2, 2),
    ("threads", 10000, 0, 2, 2),
    ("active", 5000, 5, 2, 3),
    ("churning", 5000, 500, 2, 3),
    ("threads", 50000, 0, 1, 1),
    ("sleeping", 50000, 0, 1, 1),
    ("sleeping", 100000, 0, 1, 1),
)
TIME_LIMIT = 15 * 60    # s: a cell that begins later has one turn
FLOOR_AT = (1000, 10000)
FLOOR_TURNS = 9


def measured(matrix):
    """Each cell, shown as it comes; what the machine does not permit is said."""
    cells, began = [], time.monotonic()
    for kind, n, how, turns, frames in matrix:
        if time.monotonic() - began > TIME_LIMIT:
            turns = 1
        why = machine.refusal(n, "threads" if kind == "threads" else "processes")
        if why:
            say(f"\n{n:,} {kind}: not here: {why}")
            continue
        cell = peers.measure(kind, n, how, turns, frames)
        say_cell(cell)
        say_stages(cell)
        cells.append(cell)
    return cells


def beside_peers():
    """Everything beside everything."""
    say(f"medians [first and third quartile] and times pitstop's (walk); screen {peers.SIZE}; "
        f"every {peers.DELAY} s, atop every 1 s; turn by turn on the same tasks")
    if terminal.tracepoint() is None:
        say("system calls: not counted: the tracepoint raw_syscalls:sys_enter needs root and tracefs")
    say(f"from {peers.MANY:,} tasks on one turn, whose system calls are counted in it, at some cost to those that make many")
    say("btop has no view of threads: beside threads it counts processes")
    cells = measured(MATRIX)
    say("\nthe walk and the same loop with an empty body, in turn:")
    for cell in cells:
        say_floor(cell)
    return cells


def floor():
    """The walk beside the floor alone, more often."""
    say("\nthe walk and the same loop with an empty body, in turn:")
    cells = []
    with peers.settings() as env:
        for n in FLOOR_AT:
            cell = peers.Cell("sleeping", n)
            with Crowd(n):
                for _ in range(FLOOR_TURNS):
                    cell.loop(env, 200, ("walk",))
            cells.append(cell.result())
            say_floor(cells[-1])
    return cells


def small(n=100):
    """One small crowd, once: to see that all of this works."""
    return measured([("sleeping", n, 0, 1, 1)])


def check():
    """A ps that hides the half of what there is must be noticed."""
    real = shutil.which("ps")
    if not real:
        say("whether a wrong count is noticed was not tried: no ps here")
        return None
    with tempfile.TemporaryDirectory() as scratch, peers.settings() as env:
        liar = os.path.join(scratch, "ps")
        with open(liar, "w", encoding="ascii") as f:
            f.write(f"#!/bin/sh\n{real} \"$@\" | sed 'n;d'\n")
        os.chmod(liar, modes.S_IRWXU)
        with Crowd(200):
            cell = peers.Cell("sleeping", 200)
            cell.ps_turn({**env, "PATH": scratch + ":" + os.environ["PATH"]}, False)
    if not cell.wrong:
        raise SystemExit("bench: a ps that hides half of the processes was not noticed")
    say(f"a ps that hides half of the processes is noticed: {cell.wrong[0]}")
    return cell.wrong
