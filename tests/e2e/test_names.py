"""Command lines: new titles, exec, and processes that block whoever reads them."""
import os

import lib
from lib import PITSTOP, Stream, Tmux, Workload, asleep, by_pid, check, contains, equal, table_of, test


def only(*workloads):
    return "-p", ",".join(str(w.pid) for w in workloads)


@test
def new_title_shows_on_visible_rows():
    """setproctitle(3) changes memory of the process and nothing else: rows on
    the screen are read again."""
    for length in (30, 2500):
        with Workload("rename", length, env=lib.environment(PT_ROOM="x" * 5000)) as w, \
                Tmux(PITSTOP, "-d", "100ms", *only(w), cols=160) as t:
            t.wait_text("workload rename %d" % length)
            w.go_on()
            t.wait_text("pt-title: 0123456789"[:18])
            check("workload rename" not in t.text(), "the old title is still there:\n" + t.text())


@test
def exec_shows_in_the_next_sample():
    with Workload("exec", "after-the-exec", "sleeper", "pt-new") as w:
        with Stream("-d", "100ms", *only(w)) as s, Tmux(PITSTOP, "-d", "100ms", *only(w), cols=200) as t:
            s.until(lambda o: by_pid(o)[w.pid].get("cmdline", [])[1:2] == ["exec"], "the first command line")
            t.wait_text("workload exec after-the-exec")
            w.go_on()
            s.until(lambda o: by_pid(o)[w.pid].get("cmdline") == ["after-the-exec", "sleeper", "pt-new"],
                    "the command line after the exec")
            t.wait(lambda lines: any(line.rstrip().endswith("after-the-exec sleeper pt-new") for line in lines),
                   "the new command line on the screen")


@test
def new_comm_shows_in_every_sample():
    with Workload("rename", 30) as w, Stream("-d", "100ms", *only(w)) as s:
        s.until(lambda o: by_pid(o)[w.pid]["comm"] == "workload", "the first name")
        w.go_on()
        s.until(lambda o: by_pid(o)[w.pid]["comm"] == "pt-renamed", "the new name")


@test
def names_of_every_process_arrive():
    with Workload("crowd", 500) as w:
        want = lib.as_json(lib.read("/proc/%d/cmdline" % w.pid)).split("\0")[:-1]
        for backend in lib.backends():
            (obj,) = lib.objects("--once", "-d", "50ms", "--backend", backend)
            kids = [p for p in obj["processes"] if p["ppid"] == w.pid]
            equal(len(kids), 500, backend + ": children")
            wrong = [p for p in kids if p.get("cmdline") != want]
            equal(wrong[:1], [], "%s: %d of them without the right name, the first" % (backend, len(wrong)))


@test
def stuck_process_does_not_stall_the_others():
    """Its own name may be missing; every other one arrives, also those of
    processes that come later."""
    with lib.stuck_workload() as stuck:
        for backend in lib.backends():
            with Stream("-d", "100ms", "--backend", backend) as s:
                s.until(lambda o: by_pid(o).get(os.getpid(), {}).get("cmdline"), "the name of this test")
                obj = s.until(lambda o: by_pid(o).get(stuck.pid, {}).get("comm") == "pt-stuck", "the stuck process")
                check("rss_bytes" in by_pid(obj)[stuck.pid], "its size needs no lock, and is missing")
                with Workload("sleeper", "pt-came-later") as w:
                    s.until(lambda o: by_pid(o).get(w.pid, {}).get("cmdline", [])[-1:] == ["pt-came-later"],
                            "the name of one that came later")
                s.until(lambda o: w.pid not in by_pid(o), "it to be gone again")


@test
def stuck_process_does_not_stall_the_screen():
    with lib.stuck_workload() as stuck, Workload("sleeper", "pt-other") as w, \
            Tmux(PITSTOP, "-d", "100ms", "-p", "%d,%d" % (stuck.pid, w.pid), cols=200) as t:
        t.wait_text("pt-other")
        t.wait_text("pt-stuck")         # by its comm
        before = t.raw()
        lib.wait_for(lambda: len(t.raw()) > len(before) + 200, "frames to go on")
        t.keys("F1")
        t.wait_text("Moving")
        t.keys("q")
        t.wait(table_of, "the table again")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


@test
def stuck_process_does_not_keep_it_from_ending():
    with lib.stuck_workload() as stuck:
        for backend in lib.backends():
            (obj,) = lib.objects("--once", "-d", "50ms", "--backend", backend)
            p = by_pid(obj)[stuck.pid]
            equal(p["comm"], "pt-stuck", backend + ": comm of the stuck process")
            equal(by_pid(obj)[os.getpid()]["comm"], lib.as_json(lib.read("/proc/self/comm")[:-1]), backend + ": comm")
            check(by_pid(obj)[os.getpid()].get("cmdline"), backend + ": this test has no command line")
        r = lib.run("-b", "--once", "-d", "50ms", "-p", str(stuck.pid))
        contains(r.text, "pt-stuck", "a plain frame")
        equal(r.status, 0, "status of a plain frame")


@test
def columns_that_need_its_memory_do_not_stall_either():
    """exe, io and the like of a stuck process are read without its lock, or
    given up."""
    with lib.stuck_workload() as stuck:
        for backend in lib.backends():
            with Stream("-d", "100ms", "--backend", backend, "-c",
                        "pid,exe,read_bytes,swap_bytes,shared_bytes,oom_score_adj,cmdline") as s:
                for _ in range(5):
                    obj = s.next()
                check(stuck.pid in by_pid(obj), backend + ": the stuck process is not listed")


@test
def hostile_and_empty_names_on_the_screen():
    with Workload("hostile") as w, Tmux(PITSTOP, "-d", "100ms", "-p", ",".join(map(str, w.pids)), cols=160, rows=40) as t:
        for n in range(len(w.pids)):
            t.wait_text("pt-hostile-%d" % n)


@test
def zombies_and_kernel_threads_have_a_name_without_arguments():
    with Workload("zombie") as z, asleep(Workload("sleeper")) as s, Tmux(PITSTOP, "-d", "100ms", *only(z, s), cols=200) as t:
        def shown(lines):
            table = table_of(lines)
            return table and table.row(z.pid) and table.row(z.pid).rstrip().endswith(("workload", "workload <defunct>"))
        t.wait(shown, "the zombie's comm as its command")


if __name__ == "__main__":
    lib.main()
