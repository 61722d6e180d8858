"""The bench itself: that it notices a wrong count and leaves nothing behind; the
crowds it makes.  No figure of it is looked at."""
import contextlib
import os
import shutil
import signal
import subprocess
import sys

import lib
from lib import Skip, check, contains, equal, read, scratch, test, wait_for

CROWD = os.path.join(lib.TOOLS, "crowd")
BENCH = (sys.executable, os.path.join(lib.ROOT, "bench", "bench.py"), os.path.dirname(lib.PITSTOP), "small")
N = 100                 # of that part of the bench


def need_bench():
    if lib.SAN:
        raise Skip("the bench measures the product")
    out = lib.run("--doctor").text
    if "walk" not in out or lib.run("--bench=2", "--backend", "walk").status:
        raise Skip("no backend walk here")


def only(directory, script, name="ps"):
    """The environment of a machine with no other tool than one of that name that is this script."""
    path = os.path.join(directory, name)
    with open(path, "w", encoding="ascii") as f:
        f.write("#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    return {**os.environ, "PATH": directory}


# The same, with so many seconds for a frame.
PATIENT = "import bench, peers, sys; peers.PATIENCE = %d; sys.exit(bench.main(sys.argv[1], sys.argv[2:]))"


def bench(env, code=None):
    command = BENCH if code is None else (sys.executable, "-c", code, *BENCH[2:])
    env["PYTHONPATH"] = os.path.dirname(BENCH[1])
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env, timeout=lib.PATIENCE,
                          stdin=subprocess.DEVNULL)


def family(pid):
    """A process and all below it."""
    children = []
    with contextlib.suppress(OSError):      # it has ended meanwhile
        for task in os.listdir(f"/proc/{pid}/task"):
            children += read(f"/proc/{pid}/task/{task}/children").split()
    return [pid] + [p for child in children for p in family(int(child))]


@test
def tools_that_tell_the_truth_are_measured():
    need_bench()
    ps = shutil.which("ps")
    r = bench(only(scratch(), f'exec {ps} "$@"\n'))
    equal((r.returncode, r.stderr), (0, ""), "status and messages of the bench")
    for name in ("pitstop walk", "pitstop iter", "pitstop proc", "ps"):
        check(any(line.startswith(name) and "[" in line for line in r.stdout.splitlines()), "no figures of %s: %s" % (name, r.stdout))
    for name in ("htop", "btop", "atop", "top"):
        check(any(line.split() == [name, "not", "installed"] for line in r.stdout.splitlines()), "%s is not missed" % name)


@test
def tool_that_hides_processes_fails_the_bench():
    need_bench()
    ps, sed = shutil.which("ps"), shutil.which("sed")
    r = bench(only(scratch(), f'{ps} "$@" | {sed} "n;d"\n'))
    equal(r.returncode, 1, "status of the bench")
    contains(r.stdout, "WRONG: ps tells of", "the report")
    check("WRONG: pitstop" not in r.stdout, "pitstop is blamed: " + r.stdout)


@test
def slow_tool_is_named_and_no_failure():
    """Of pitstop it would be one."""
    need_bench()
    silent = "exec %s 1000\n" % shutil.which("sleep")
    r = bench(only(scratch(), silent, "htop"), PATIENT % 20)
    equal((r.returncode, r.stderr), (0, ""), "status and messages of the bench")
    check(any(line.split()[:4] == ["htop", "it", "drew", "nothing"] for line in r.stdout.splitlines()), "no word of it: " + r.stdout)
    r = bench(only(scratch(), silent, "htop"), PATIENT % 0)
    equal(r.returncode, 1, "status of the bench")
    contains(r.stdout, "WRONG: pitstop walk: it drew nothing", "the report")


@test
def interrupted_bench_leaves_nothing():
    need_bench()
    for signo in (signal.SIGINT, signal.SIGTERM):
        p = subprocess.Popen(BENCH, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        wait_for(lambda: len(family(p.pid)) > N + 2, "the crowd and a tool beside it")   # pylint: disable=cell-var-from-loop
        started = [(pid, starttime(pid)) for pid in family(p.pid)]
        p.send_signal(signo)
        p.communicate(timeout=lib.PATIENCE)
        left = [pid for pid, when in started if starttime(pid) == when]
        equal(left, [], "processes left")


def starttime(pid):
    """Of a process that is there, and no zombie: some reaper may be slow."""
    try:
        fields = read(f"/proc/{pid}/stat").decode(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def crowd(*args):
    p = subprocess.Popen([CROWD, *map(str, args)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    check(p.stdout.readline().startswith(b"ready"), "a crowd of %s" % (args,))
    return p


def close(p):
    p.stdin.close()
    equal(p.wait(lib.PATIENCE), 0, "status of the crowd")


@test
def crowd_is_as_many_as_asked_for():
    for kind, how in (("sleeping", 0), ("active", 5), ("churning", 200)):
        p = crowd(kind, 40, how)
        wait_for(lambda: len(family(p.pid)) == 41, "a crowd of 40 " + kind)     # pylint: disable=cell-var-from-loop
        members = family(p.pid)[1:]
        close(p)
        check(not any(os.path.exists(f"/proc/{pid}") for pid in members), "some of %s are left" % kind)


@test
def crowd_of_threads_is_one_process():
    if lib.SAN:
        raise Skip("the stacks are too small for a sanitizer")
    p = crowd("threads", 40)
    equal(len(os.listdir(f"/proc/{p.pid}/task")), 40, "threads")
    close(p)


@test
def churning_crowd_changes():
    p = crowd("churning", 40, 200)
    first = set(family(p.pid)[1:])
    wait_for(lambda: not first & set(family(p.pid)[1:]), "others in the place of all of them")
    close(p)


@test
def active_crowd_works():
    def worked(pids):
        return sum(int(read(f"/proc/{pid}/schedstat").split()[2]) > 3 for pid in pids)
    p = crowd("active", 40, 10)
    members = family(p.pid)[1:]
    wait_for(lambda: worked(members) >= 4, "four that work")
    close(p)


if __name__ == "__main__":
    lib.main()
