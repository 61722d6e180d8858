"""Where, when and how urgently processes may run: the menus for it; seen from outside."""
import os
import subprocess
import time

import lib
from lib import equal, test
from test_actions import Victims, next_pid, screen, wait_tagged

IOPRIO = {"x86_64": (252, 251), "aarch64": (31, 30)}    # get, set
RESET_ON_FORK = 0x40000000


def io_priority(pid):
    import ctypes
    return ctypes.CDLL(None).syscall(IOPRIO[os.uname().machine][0], 1, pid)


def cpus(pid):
    return sorted(os.sched_getaffinity(pid))


def policy(pid):
    """Policy, whether children are reset, priority."""
    value = os.sched_getscheduler(pid)
    return value & ~RESET_ON_FORK, bool(value & RESET_ON_FORK), os.sched_getparam(pid).sched_priority


def need_cpus():
    if len(os.sched_getaffinity(0)) < 2:
        raise lib.Skip("needs two CPUs")
    return cpus(0)


def wait_is(read, want, what):
    lib.wait_for(lambda: read() == want, lambda: "%s %r, it is %r" % (what, want, read()))


def ticked(t):
    """The CPUs in the menu, and whether each has its tick."""
    rows = [line.split() for line in t.lines() if line.startswith("[x] ") or line.startswith("[ ] ")]
    return [(int(r[1]), True) if r[0] == "[x]" else (int(r[2]), False) for r in rows]


def open_menu(t, key, title):
    t.keys(key)
    t.wait_text(title)


@test
def affinity_menu():
    first, *others = need_cpus()
    with Victims(2) as v, screen(v.pids, rows=60) as t:
        open_menu(t, "a", "CPUs to use:")
        equal(ticked(t), [(c, True) for c in cpus(v.pids[0])], "what is in force, in the menu")
        t.keys("Space", "Enter")
        wait_is(lambda: cpus(v.pids[0]), others, "CPUs of the process")
        t.wait_text("set for %d sleep" % v.pids[0])
        open_menu(t, "a", "CPUs to use:")
        equal(ticked(t), [(first, False)] + [(c, True) for c in others], "ticks the second time")
        t.keys("n", "Enter")
        t.wait_text("no CPU is ticked")
        wait_is(lambda: cpus(v.pids[0]), others, "CPUs after none")
        t.type(str(others[-1]))         # the number jumps
        t.keys("Space", "Enter")
        wait_is(lambda: cpus(v.pids[0]), [others[-1]], "CPUs after one was ticked")
        open_menu(t, "a", "CPUs to use:")
        t.keys("a", "Enter")
        wait_is(lambda: cpus(v.pids[0]), [first] + others, "CPUs after all")
        equal(cpus(v.pids[1]), [first] + others, "CPUs of the other one")


def click(t, row, col):
    t.send(b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (col + 1, row + 1, col + 1, row + 1))


@test
def affinity_by_mouse():
    first, *others = need_cpus()
    with Victims() as v, screen(v.pids, rows=60) as t:
        open_menu(t, "a", "CPUs to use:")
        row = next(i for i, line in enumerate(t.lines()) if line.startswith("[x] %d " % first))
        click(t, row, 1)
        t.wait(lambda lines: lines[row].startswith("[ ] "), "the tick to go")
        bar = t.lines()[-1]
        click(t, len(t.lines()) - 1, bar.index("Set"))
        wait_is(lambda: cpus(v.pids[0]), others, "CPUs of the process")


@test
def affinity_of_every_thread():
    first, *others = need_cpus()
    with lib.Workload("hog", 3, 60) as w, screen([w.pid]) as t:
        open_menu(t, "a", "CPUs to use:")
        t.keys("Space", "Enter")

        def of_all():
            return {tuple(cpus(int(tid))) for tid in os.listdir("/proc/%d/task" % w.pid)}
        wait_is(of_all, {tuple(others)}, "CPUs of all threads")


@test
def a_cpuset_has_the_last_word():
    """A process that the kernel allows one CPU of is told so, not that all is well."""
    first, *others = need_cpus()
    lib.need_root()
    home = "/sys/fs/cgroup/cpuset"
    if not os.path.exists(home + "/cpuset.cpus"):
        raise lib.Skip("no cpuset hierarchy of cgroup v1 here")
    group = "%s/pt-%d" % (home, os.getpid())
    os.mkdir(group)
    try:
        for name, value in (("cpuset.cpus", str(first)), ("cpuset.mems", "0")):
            with open(group + "/" + name, "w") as f:
                f.write(value)
        with Victims() as v, screen(v.pids) as t:
            with open(group + "/tasks", "w") as f:
                f.write(str(v.pids[0]))
            open_menu(t, "a", "CPUs to use:")
            t.keys("a", "Enter")
            t.wait_text("%d sleep: the kernel or its cpuset does not allow it all of these" % v.pids[0])
            equal(cpus(v.pids[0]), [first], "CPUs of the process")
    finally:
        lib.wait_for(lambda: not open(group + "/tasks").read(), "the cpuset to be empty")
        os.rmdir(group)


@test
def io_priority_menu():
    lib.need_root()
    with Victims() as v, screen(v.pids) as t:
        for keys, want in ((("B", "E", "Space", "3"), 2 << 13 | 3), (("R", "T", "Space", "1"), 1 << 13 | 1),
                           (("End",), 3 << 13), (("Home",), 0)):
            open_menu(t, "i", "I/O priority:")
            t.keys(*keys, "Enter")
            wait_is(lambda: io_priority(v.pids[0]), want, "I/O priority after %s" % " ".join(keys))
            t.wait(lambda lines: not any("I/O priority:" in line for line in lines), "the menu to close")
        subprocess.run(["ionice", "-c", "2", "-n", "7", "-p", str(v.pids[0])], check=True)
        open_menu(t, "i", "I/O priority:")
        t.wait(lambda lines: any(line.startswith("BE 7       now") for line in lines), "what is in force")


@test
def scheduling_policy_menu():
    lib.need_root()
    with Victims() as v, screen(v.pids) as t:
        open_menu(t, "Y", "Policy:")
        t.wait(lambda lines: any(line.startswith("    OTHER       now") for line in lines), "what is in force")
        t.keys("B", "Enter")
        wait_is(lambda: policy(v.pids[0]), (os.SCHED_BATCH, False, 0), "policy")
        t.wait_text("policy BATCH set for %d sleep" % v.pids[0])
        open_menu(t, "Y", "Policy:")
        t.keys("F", "Enter")
        t.wait_text("Priority:")
        t.keys("Escape")
        t.wait(lambda lines: not any(line.startswith("Priority:") for line in lines), "the menu to close")
        equal(policy(v.pids[0]), (os.SCHED_BATCH, False, 0), "policy after a cancelled priority")
        open_menu(t, "Y", "Policy:")
        t.keys("Home", "Space", "R", "R", "Enter")
        t.wait_text("Priority:")
        t.keys("4", "2", "Enter")
        wait_is(lambda: policy(v.pids[0]), (os.SCHED_RR, True, 42), "policy, reset on fork, priority")
        t.wait_text("policy RR 42, reset on fork set for %d sleep" % v.pids[0])
        open_menu(t, "Y", "Policy:")
        t.keys("Home", "Enter", "O", "Enter")
        wait_is(lambda: policy(v.pids[0]), (os.SCHED_OTHER, False, 0), "policy at last")


@test
def columns():
    """Policy and I/O priority as they were set from outside, with every backend."""
    lib.need_root()
    with Victims(5) as v:
        for pid, command in zip(v.pids, (["chrt", "-b", "-p", "0"], ["chrt", "-i", "-p", "0"], ["chrt", "-r", "-p", "7"],
                                         ["ionice", "-c", "1", "-n", "2", "-p"], ["ionice", "-c", "3", "-p"])):
            lib.need_command(command[0])
            subprocess.run([*command, str(pid)], check=True)
        pids = ",".join(map(str, v.pids))
        for backend in lib.backends():
            found = lib.by_pid(lib.snapshot("--backend", backend, "-c", "pid,policy,io_priority", "-p", pids))
            equal([(found[p]["policy"], found[p]["io_priority"]) for p in v.pids],
                  [("BATCH", "None"), ("IDLE", "None"), ("RR", "None"), ("OTHER", "RT 2"), ("OTHER", "Idle")], backend)
            text = lib.run("-b", "--once", "-d", "60ms", "--backend", backend, "-c", "pid,sched,io", "-s", "pid", "-p", pids).text
            rows = [line.split() for line in text.splitlines()]
            equal([r[1:] for r in rows if r and r[0].isdigit()],
                  [["BATCH", "B4"], ["IDLE", "id"], ["RR", "R4"], ["OTHER", "R2"], ["OTHER", "id"]], backend + ": cells")


@test
def many_are_asked_for_once():
    first, *others = need_cpus()
    with Victims(3) as v, screen(v.pids) as t:
        t.keys("Space", "Space")
        wait_tagged(t, v.pids[:2])
        open_menu(t, "a", "CPUs to use:")
        t.keys("Space", "Enter")
        t.wait_text("for these 2 processes?")
        equal([cpus(p) for p in v.pids], [[first] + others] * 3, "CPUs before the answer")
        v.all[0].kill()
        v.wait_end(0)
        time.sleep(0.4)
        t.keys("Enter")
        wait_is(lambda: cpus(v.pids[1]), others, "CPUs of the second")
        t.wait_text("1 of 2 done; %d sleep: it has ended" % v.pids[0])
        equal(cpus(v.pids[2]), [first] + others, "CPUs of the one without a tag")


@test
def one_that_ends_under_its_menu():
    with Victims() as v, screen(v.pids) as t:
        open_menu(t, "i", "I/O priority:")
        v.all[0].kill()
        v.wait_end()
        t.keys("End", "Enter")
        t.wait_text("I/O priority Idle: %d sleep: it has ended" % v.pids[0])


@test
def whoever_gets_the_pid_next_is_left_alone():
    lib.need_root()
    with Victims() as v, screen(v.pids) as t:
        open_menu(t, "Y", "Policy:")
        gone = v.all[0].pid
        v.all[0].kill()
        v.wait_end()
        for _ in range(50):
            next_pid(gone)
            heir = subprocess.Popen(["sleep", "604"])
            if heir.pid == gone:
                break
            heir.kill()
            heir.wait()
        equal(heir.pid, gone, "the pid of the heir")
        t.keys("I", "Enter")
        t.wait_text("policy IDLE: %d sleep: it has ended" % gone)
        equal(policy(gone), (os.SCHED_OTHER, False, 0), "policy of the heir")
        heir.kill()
        heir.wait()


def autogroups():
    """Whether a new session gets one."""
    switch = "/proc/sys/kernel/sched_autogroup_enabled"
    return os.path.exists(switch) and lib.read(switch).strip() not in ("0", b"0")


@test
def refused_is_said():
    lib.need_root()
    first, *others = need_cpus()
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    refused = [(("a", "Space", "Enter"), "CPUs"), (("i", "End", "Enter"), "I/O priority Idle"),
               (("Y", "B", "Enter"), "policy BATCH")]
    if autogroups():
        refused.append((("{",), "session nice +1"))
    # A session of its own: this one may be in the root group, where nothing can be set.
    with Victims(1, ("setsid", "sleep", "600")) as v, screen(v.pids, prefix=user) as t:
        for keys, what in refused:
            t.keys(*keys)
            t.wait(lambda lines: any(line.startswith(what) and "sleep: not permitted" in line for line in lines),
                   "%s refused" % what)
        equal((cpus(v.pids[0]), io_priority(v.pids[0]), policy(v.pids[0])),
              ([first] + others, 0, (os.SCHED_OTHER, False, 0)), "what is in force")


@test
def read_only_opens_no_menu():
    with Victims() as v, screen(v.pids, "--read-only") as t:
        for key in ("a", "i", "Y", "{", "}"):
            t.keys(key)
            t.wait_text("--read-only")
            t.keys("Escape")
            t.wait(lambda lines: "--read-only" not in "\n".join(lines), "the message to go")
        equal((io_priority(v.pids[0]), policy(v.pids[0])), (0, (os.SCHED_OTHER, False, 0)), "what is in force")


def autogroup(pid):
    with open("/proc/%d/autogroup" % pid) as f:
        return int(f.read().split()[-1])


@test
def session_nice_value():
    """Two tagged processes of one session: its value goes up once."""
    lib.need_root()
    if not autogroups():
        raise lib.Skip("a kernel without CONFIG_SCHED_AUTOGROUP, or with sched_autogroup_enabled=0")
    own = lib.read("/proc/self/autogroup")      # empty in the root group
    with Victims(1, ("setsid", "sh", "-c", "sleep 605 & sleep 606 & wait")) as v:
        pids = lib.wait_for(lambda: (lambda c: c if len(c) == 2 else None)(lib.children_of(v.pids[0])),
                            "two children")
        try:
            with screen(pids) as t:
                t.keys("{")
                wait_is(lambda: autogroup(pids[0]), 1, "nice value of the session")
                t.wait_text("session nice +1 set for %d sleep" % min(pids))
                time.sleep(0.2)     # the kernel takes ten changes a second
                t.keys("Space", "Space", "{")
                wait_is(lambda: autogroup(pids[0]), 2, "nice value with two tags")
                t.wait_text("session nice +1 set for 2 processes")
                time.sleep(0.2)
                t.keys("U", "}")
                wait_is(lambda: autogroup(pids[1]), 1, "nice value after the way back")
        finally:
            for pid in pids:
                os.kill(pid, 9)
    equal(lib.read("/proc/self/autogroup"), own, "our own session's")


if __name__ == "__main__":
    lib.main()
