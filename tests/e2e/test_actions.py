"""What is done to processes: tags, signals, nice values; seen from outside."""
import os
import re
import subprocess
import time

import lib
from lib import PITSTOP, Tmux, check, equal, test

TAGGED = re.compile(r"^ *(\d+)\*")


class Victims:
    def __init__(self, n=1, command=("sleep", "600")):
        self.all = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for _ in range(n)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for p in self.all:
            p.kill()
            p.wait()

    @property
    def pids(self):
        return [p.pid for p in self.all]

    def wait_end(self, i=0):
        return self.all[i].wait(timeout=lib.PATIENCE)


def screen(pids, *args, **how):
    """In the order of the pids, the cursor on the first."""
    t = Tmux(PITSTOP, "-d", "200ms", "-s", "pid", "-p", ",".join(map(str, pids)), *args, **how)
    t.wait_table()
    t.keys("Home")
    return t


def open_menu(t):
    t.keys("F9")
    t.wait_text("Send signal:")


def tagged(t):
    return [int(m[1]) for m in map(TAGGED.match, t.lines()) if m]


def wait_tagged(t, pids):
    lib.wait_for(lambda: tagged(t) == sorted(pids), lambda: "tags on %r, they are on %r" % (pids, tagged(t)))


def alive(victims):
    return [p.poll() is None for p in victims.all]


@test
def the_chosen_signal_arrives():
    for keys, signo in ((("F9", "Enter"), 15), (("k", "9", "Enter"), 9), (("F9", "Up", "Up", "Enter"), 13),
                        (("F9", "3", "5", "Enter"), 35)):
        with Victims() as v, screen(v.pids) as t:
            t.keys(keys[0])
            t.wait_text("Send signal:")
            t.keys(*keys[1:])
            equal(v.wait_end(), -signo, "how it ended after %s" % " ".join(keys))
            t.wait_text(" sent to %d sleep" % v.pids[0])


@test
def menu_cancelled():
    with Victims() as v, screen(v.pids) as t:
        for keys in (("Escape",), ("0", "Enter"), ("Home", "Enter"), ("F10",)):
            open_menu(t)
            t.keys(*keys)
            t.wait(lambda lines: "Send signal:" not in "\n".join(lines), "the menu to close after %s" % (keys,))
        equal(alive(v), [True], "alive after four cancelled menus")


@test
def many_are_asked_for_once():
    with Victims(4) as v, screen(v.pids) as t:
        t.keys("Space", "Space", "Space")
        wait_tagged(t, v.pids[:3])
        open_menu(t)
        t.keys("Enter")
        t.wait_text("Send SIGTERM to these 3 processes?")
        for pid in v.pids[:3]:
            t.wait_text("%d sleep" % pid)
        t.keys("Escape")
        wait_tagged(t, v.pids[:3])
        equal(alive(v), [True] * 4, "alive after No")
        open_menu(t)
        t.keys("Enter")
        t.wait_text("Send SIGTERM to these 3 processes?")
        time.sleep(0.4)             # an answer counts once the question can have been read
        t.keys("Enter")
        for i in range(3):
            equal(v.wait_end(i), -15, "how a tagged one ended")
        t.wait_text("SIGTERM sent to 3 processes")
        equal(alive(v), [False] * 3 + [True], "alive after Yes")


@test
def an_answer_typed_ahead_does_not_count():
    with Victims(2) as v, screen(v.pids) as t:
        t.keys("Space", "Space")
        wait_tagged(t, v.pids)
        open_menu(t)
        t.send(b"\r\r\r")
        t.wait_text("Send SIGTERM to these 2 processes?")
        time.sleep(0.5)
        equal(alive(v), [True, True], "alive after an answer before the question")


@test
def tags_of_a_branch():
    with Victims(1, ("sh", "-c", "sleep 601 & sleep 602 & wait")) as v:
        children = lib.wait_for(lambda: (lambda c: c if len(c) == 2 else None)(lib.children_of(v.pids[0])), "two children")
        with screen(v.pids + children) as t:
            t.keys("c")
            wait_tagged(t, v.pids + children)
            t.keys("U")
            wait_tagged(t, [])
            t.keys("End", "c")
            wait_tagged(t, [max(children)])
            t.keys("Space")
            wait_tagged(t, [])
        for pid in children:
            os.kill(pid, 9)


@test
def tags_go_with_their_process_only():
    """Sorted anew, filtered out, gone: a tag never moves to another."""
    with Victims(3) as v, screen(v.pids) as t:
        t.keys("Down", "Space")
        wait_tagged(t, [v.pids[1]])
        t.keys("I")
        wait_tagged(t, [v.pids[1]])
        v.all[1].kill()
        v.wait_end(1)
        wait_tagged(t, [])
        t.keys("Home")
        open_menu(t)
        t.keys("Enter")
        equal(v.wait_end(2), -15, "the one under the cursor")
        equal(alive(v), [True, False, False], "alive")


@test
def nice_values():
    lib.need_root()
    with Victims(2) as v, screen(v.pids, "-c", "pid,nice,comm") as t:
        def nice():
            return [os.getpriority(os.PRIO_PROCESS, pid) for pid in v.pids]
        t.keys("F8", "F8", "[")
        lib.wait_for(lambda: nice() == [3, 0], "nice 3 and 0")
        t.keys("F7", "]")
        lib.wait_for(lambda: nice() == [1, 0], "nice 1 and 0")
        t.keys("Space", "Space", "F8")
        lib.wait_for(lambda: nice() == [2, 1], "nice 2 and 1")
        t.wait(lambda lines: re.search(r"%d\* +2 " % v.pids[0], "\n".join(lines)), "the new value in the table")


@test
def every_thread_has_its_nice_value():
    lib.need_root()
    with lib.Workload("hog", 3, 60) as w, screen([w.pid]) as t:
        t.keys("F7")

        def values():
            return [os.getpriority(os.PRIO_PROCESS, int(tid)) for tid in os.listdir("/proc/%d/task" % w.pid)]
        lib.wait_for(lambda: len(values()) > 1 and set(values()) == {18}, lambda: "nice 18 of all: %r" % values())


@test
def read_only_does_nothing():
    with Victims() as v, screen(v.pids, "--read-only") as t:
        for key in ("F9", "F8"):
            t.keys(key)
            t.wait_text("--read-only")
            t.keys("Escape")
            t.wait(lambda lines: "--read-only" not in "\n".join(lines), "the message to go")
        equal((alive(v), os.getpriority(os.PRIO_PROCESS, v.pids[0])), ([True], 0), "alive and its nice value")


@test
def refused_is_said():
    lib.need_root()
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with Victims() as v, screen(v.pids, prefix=user) as t:
        open_menu(t)
        t.keys("Enter")
        t.wait_text("SIGTERM: %d sleep: not permitted" % v.pids[0])
        t.keys("F8")
        t.wait_text("nice +1: %d sleep: not permitted" % v.pids[0])
        equal(alive(v), [True], "alive")


def next_pid(pid):
    with open("/proc/sys/kernel/ns_last_pid", "w") as f:
        f.write(str(pid - 1))


@test
def whoever_gets_the_pid_next_is_not_hit():
    lib.need_root()
    with Victims(2) as v, screen(v.pids) as t:
        t.keys("Space", "Space")
        wait_tagged(t, v.pids)
        open_menu(t)
        gone = v.all[0].pid
        v.all[0].kill()
        v.wait_end(0)
        heir = None
        for _ in range(50):
            next_pid(gone)
            heir = subprocess.Popen(["sleep", "603"])
            if heir.pid == gone:
                break
            heir.kill()
            heir.wait()
        equal(heir.pid, gone, "the pid of the heir")
        t.keys("Enter")
        t.wait_text("these 2 processes?")
        time.sleep(0.4)
        t.keys("Enter")
        equal(v.wait_end(1), -15, "the other one")
        t.wait_text("SIGTERM: 1 of 2 done; %d sleep: it has ended" % gone)
        check(heir.poll() is None, "the heir was hit")
        heir.kill()
        heir.wait()


if __name__ == "__main__":
    lib.main()
