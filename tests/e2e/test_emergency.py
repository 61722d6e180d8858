"""The emergency: who takes the memory stands on top, one key freezes, and pitstop has all
that takes before it is pressed.  In pid namespaces of their own, so that a key can hit
nobody else's process; with the memory really gone in tests/vm."""
import contextlib
import os
import re
import struct
import time

import lib
from lib import PITSTOP, Tmux, Workload, check, children_of, contains, equal, own_pid_under, test, wait_for
from test_cgroups import Cgroups
from test_steady import FRAME, Spawner, no_sanitizer, pass_frames

ALLOC = os.path.join(lib.TOOLS, "pitstop-alloc")
READY = " locked"


class Room:
    """A shell, process 1 of its namespace, with a leak and an emergency in it; cgroup: of the leak."""

    def __init__(self, *args, program=PITSTOP, env=None, leak=(256, 50, 48)):
        lib.need_root()
        lib.need_command("unshare")
        no_sanitizer("map more memory than may be locked,")
        self.folder = lib.scratch()
        self.steps_path = os.path.join(self.folder, "steps")
        hold = os.path.join(self.folder, "hold")
        os.mkfifo(hold)
        script = 'exec 9<>"$1"; "$2" leak %d %d %d "$3" <&9 >/dev/null & shift 3; "$@"' % leak
        self.command = ["unshare", "-pf", "--mount-proc", "sh", "-c", script, "sh", hold,
                        os.path.join(lib.TOOLS, "workload"), self.steps_path, program, "--emergency", *args]
        self.env = env

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        with self.stack:
            self.stack.enter_context(lib.removes_alone())
            self.t = self.stack.enter_context(Tmux(*self.command, cols=160, env=self.env))
            self.t.wait_text(READY)
            shell = own_pid_under(self.t.pid, "sh")
            self.pitstop = wait_for(lambda: [p for p in children_of(shell) if lib.stat(p).comm.startswith(b"pitstop")],
                                    "pitstop in its namespace")[0]
            self.leak = wait_for(lambda: [p for p in children_of(shell) if lib.stat(p).comm == b"workload"],
                                 "the leak in its namespace")[0]
            self.stack = self.stack.pop_all()
        return self

    def __exit__(self, *how):
        self.stack.__exit__(*how)

    def steps(self):
        return struct.unpack("Q", lib.read(self.steps_path))[0]

    def stands_still(self):
        """For longer than many steps take: only what is frozen does."""
        before = self.steps()
        time.sleep(0.5)
        equal(self.steps(), before, "steps of the leak after it was frozen")

    def press(self, part, wanted):
        """The digit before a row that has stood where it is for some frames, until this is said."""
        def line():
            return [line for line in self.t.lines() if re.match("[1-9] .*" + part, line)]

        def pressed():
            was = wait_for(line, lambda: "/%s/ in the first lines\n%s" % (part, self.t.text()))
            pass_frames(self.t, 2)
            if [s[0] for s in line()] != [s[0] for s in was]:
                return None
            self.t.keys(was[0][0])
            shown = self.t.raw().count(FRAME) + 3
            wait_for(lambda: wanted in self.t.text() or self.t.raw().count(FRAME) >= shown, "three frames")
            return was[0] if wanted in self.t.text() else None
        return wait_for(pressed, lambda: "%r to be said\n%s" % (wanted, self.t.text()))


def allocations(path):
    return struct.unpack("Q", lib.read(path))[0]


def faults(pid):
    words = lib.read("/proc/%d/stat" % pid).rsplit(b")", 1)[1].split()
    return int(words[7]), int(words[9])


@test
def the_leak_is_on_top_and_one_key_freezes_it():
    """Its unit; counted: no allocation from before the key until after it is told."""
    counted = not lib.SAN
    count = os.path.join(lib.scratch(), "count")
    more = {"program": ALLOC, "env": {"PITSTOP_ALLOC_COUNT": count}} if counted else {}
    with Cgroups() as c, Room(**more) as room:
        unit = c.own + ".service"
        c.put(unit, room.leak)
        try:
            row = r"1 +2 .* [1-9][.\d]+ M/s .* %s +\S*workload leak" % unit[1:]
            room.t.wait(lambda lines: [line for line in lines if re.match(row, line)], "the leak, growing, in the first line")
            before = allocations(count) if counted else 0
            pages = faults(room.pitstop)
            room.press("workload leak", "frozen: " + unit)
            room.stands_still()
            contains(lib.read(os.path.join(c.root + unit, "cgroup.events")).decode(), "frozen 1", "the kernel's word")
            room.press("workload leak", "frozen already")
            if counted:
                equal(faults(room.pitstop), pages, "page faults, minor and major, from the key to the frozen cgroup")
            equal(allocations(count) if counted else 0, before, "allocations from the key to the frozen cgroup")
            room.stands_still()
            at = room.steps()
            room.t.keys("M-f")
            wait_for(lambda: room.steps() > at, lambda: "the leak to go on\n" + room.t.text())
        finally:
            with open(os.path.join(c.root + unit, "cgroup.freeze"), "w") as f:
                f.write("0")
            os.kill(room.leak, 9)


@test
def who_is_in_no_unit_is_frozen_alone():
    with Room() as room:
        room.press("workload leak", "frozen: process")
        room.stands_still()
        at = room.steps()
        room.press("workload leak", "frozen already")
        room.t.keys("M-f")
        wait_for(lambda: room.steps() > at, lambda: "the leak to go on\n" + room.t.text())
        os.kill(room.leak, 9)


@test
def what_pitstop_runs_under_takes_a_word():
    with Room() as room:
        room.press(" +1 .* sh -c", "Guarded: process 1")
        contains(room.t.text(), "Type yes", "the dialog")
        room.t.keys("Escape")
        room.t.wait_text("EMERGENCY")
        os.kill(room.leak, 9)


@test
def it_is_locked_and_takes_no_memory():
    no_sanitizer("allocate, and lock nothing,")
    count = os.path.join(lib.scratch(), "count")
    with Spawner(), Tmux(ALLOC, env={"PITSTOP_ALLOC_COUNT": count}) as t:
        t.wait_table()
        pid = t.pid
        score = lib.read("/proc/%d/oom_score_adj" % pid)
        pass_frames(t, 2)       # the probe of those who end comes after the first
        programs = lib.program_ids(pid)
        t.keys("!")
        said = t.wait_text(READY) and [line for line in t.lines() if READY in line][0]
        locked = int(lib.status(pid)["VmLck"].split()[0])
        check(locked > 2048, "only %d KiB are locked" % locked)
        resident = sum(int(line.split()[1]) for line in lib.read("/proc/%d/smaps" % pid).decode().splitlines()
                       if line.startswith("Locked:"))
        check(resident > 2048, "only %d KiB of it are in memory" % resident)
        check(" locked, oom_score_adj -1000" in said or "CAP_SYS_RESOURCE" in said, "it says " + said)
        if "-1000" in said:
            equal(lib.read("/proc/%d/oom_score_adj" % pid).strip(), b"-1000", "oom_score_adj")
            for child in children_of(pid):
                equal(lib.read("/proc/%d/oom_score_adj" % child), score, "oom_score_adj of a child")
        equal(lib.program_ids(pid), programs, "its BPF programs, of which none is loaded anew")
        before = allocations(count), lib.status(pid)["VmSize"], faults(pid)
        pass_frames(t, 4)
        t.keys("j", "k", "G", "Home")
        pass_frames(t, 4)
        equal((allocations(count), lib.status(pid)["VmSize"], faults(pid)), before,
              "allocations, VmSize and page faults after 8 samples")
        t.keys("Escape")
        wait_for(lambda: lib.status(pid)["VmLck"].split()[0] == "0", "nothing to be locked any more")
        equal(lib.read("/proc/%d/oom_score_adj" % pid), score, "oom_score_adj afterwards")


@test
def leaving_brings_the_table_back():
    with Tmux(PITSTOP, "-s", "pid", "-F", "pitstop") as t:
        heading = t.wait_table().heading
        t.keys("!")
        t.wait_text("GROW/s")
        contains(t.text(), "EMERGENCY", "the header")
        check(re.search(r"\d+(\.\d+)?[KMGT] of .* left, \d+\.\d+ %", t.text()), "what is left:\n" + t.text())
        check("FILTER" not in t.text(), "the filter holds")
        t.keys("!")
        t.wait(lambda lines: heading in lines, "the columns as they were, " + heading)
        t.wait_text("FILTER: pitstop")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


@test
def what_is_not_permitted_is_said():
    lib.need_root()
    lib.need_command("setpriv")
    no_sanitizer("lock nothing")
    with Workload("sleeper"), Tmux("prlimit", "--memlock=65536", "setpriv", "--reuid=65534", "--clear-groups",
                                   lib.shared_copy(), "--emergency") as t:
        line = t.wait_text(READY) and [line for line in t.lines() if READY in line][0]
        contains(line, "RLIMIT_MEMLOCK", "why not all is locked")
        contains(line, "CAP_SYS_RESOURCE", "why the OOM killer's score stays")


@test
def it_is_a_screen():
    for output in ("--json", "--batch", "--bench"):
        r = lib.run("--emergency", output)
        equal(r.status, 2, "status of --emergency " + output)
        contains(r.err, "--emergency", "the message")


if __name__ == "__main__":
    lib.main()
