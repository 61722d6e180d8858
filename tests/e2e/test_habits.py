"""What the fingers of an htop user do without thinking, where no other suite
looks at it: motions, scrolling to the side, pages about a process, columns."""
import os
import re
import subprocess
import sys

import lib
from lib import PITSTOP, Tmux, Workload, asleep, check, equal, table_of, test, wait_for


def crowd(w):
    return [w.pid] + lib.children_of(w.pid)


def screen(*args, **how):
    return Tmux(PITSTOP, "-d", "200ms", *args, **how)


def cursor(t):
    """The pid of the row with the cursor, by the background of its beginning."""
    for line in t.lines(escapes=True):
        m = re.search(r"\x1b\[[\d;]*4[63](?:;[\d;]*)?m\s*(\d+) ", line)
        if m and not re.search(r"\x1b\[[\d;]*42", line):
            return int(m[1])
    return None


@test
def motions():
    """Every key that moves the cursor, from a place where it has room."""
    with Workload("crowd", 60) as w:
        pids = sorted(crowd(w))
        with screen("-s", "pid:asc", "-p", ",".join(map(str, pids)), rows=24, cols=100) as t:
            page = len(t.wait(lambda lines: (lambda tab: tab and len(tab.pids) > 5 and tab)(table_of(lines)), "rows").pids)
            for keys, want in ((("Down",), 1), (("j",), 2), (("C-n",), 3), (("M-j",), 4), (("Up",), 3), (("C-p",), 2),
                               (("M-k",), 1), (("End",), -1), (("Home",), 0), (("G",), -1), (("g", "g"), 0),
                               (("C-d",), page // 2), (("C-u",), 0)):
                t.keys(*keys)
                wait_for(lambda: cursor(t) == pids[want], lambda: "%r to go to row %d (%d), not %r\n%s" % (
                    keys, want, pids[want], cursor(t), t.text()))
            t.keys("PageDown")
            first = pids[0]
            wait_for(lambda: cursor(t) not in (None, first), "PageDown to move the cursor")
            at = pids.index(cursor(t))
            check(page - 2 <= at <= page, "PageDown went to row %d, the page has %d" % (at, page))
            t.keys("PageUp")
            wait_for(lambda: cursor(t) == first, "PageUp to come back")


@test
def scrolling_to_the_side():
    """Columns by columns, to the end of the line and back to its beginning."""
    words = ["pt-wide", *("word%02d" % i for i in range(40)), "the-end"]
    with asleep(Workload("sleeper", *words)) as w, screen("-p", str(w.pid), cols=80) as t:
        def shown():
            return "\n".join(t.lines())
        t.wait_text("PID")
        for right, left in (("Right", "Left"), ("C-f", "C-b"), ("M-l", "M-h")):
            before = t.wait_table().heading
            t.keys(right)
            t.wait(lambda lines: not any(line.startswith(before[:20]) for line in lines), "%s to scroll" % right)
            t.keys(left)
            t.wait(lambda lines: any(line.startswith(before[:20]) for line in lines), "%s to scroll back" % left)
        for end, begin in (("$", "^"), ("C-e", "C-a")):
            t.keys(end)
            t.wait_text("the-end")
            t.keys(begin)
            t.wait(lambda lines: (lambda tab: tab and w.pid in tab.pids)(table_of(lines)) and "the-end" not in shown(),
                   "%s to show the beginning" % begin)


@test
def redraw():
    """What something else wrote over the screen is gone after Ctrl-L."""
    with Workload("sleeper") as w, screen("-p", str(w.pid)) as t:
        t.wait_table()
        with open(t.ask("pane_tty"), "w") as tty:
            tty.write("\x1b7\x1b[15;3HGARBAGE\x1b8")
        t.wait_text("GARBAGE")
        t.keys("C-l")
        t.wait(lambda lines: not any("GARBAGE" in line for line in lines), "a clean screen")


@test
def function_bar_and_titles_are_clicked():
    """A label of the bar acts as its key: F10 ends it; F1 opens the help."""
    with Workload("sleeper") as w, screen("-p", str(w.pid), cols=120, rows=30) as t:
        t.wait_table()

        def click(label):
            col = t.lines()[-1].index(label) + len(label)
            t.send(b"\x1b[<0;%d;30M\x1b[<0;%d;30m" % (col, col))
        click("F1Help")
        t.wait_text("Moving")
        t.keys("Escape")
        t.wait_table()
        click("F10Quit")
        equal(t.wait_end(), 0, "status")


@test
def repeated_click_folds():
    with Workload("crowd", 3) as w:
        pids = crowd(w)
        with screen("-t", "-p", ",".join(map(str, pids))) as t:
            tab = t.wait(lambda lines: (lambda tab: tab and len(tab.pids) == len(pids) and tab)(table_of(lines)), "all")
            row = tab.at + 2 + tab.pids.index(w.pid)
            t.send(b"\x1b[<0;10;%dM\x1b[<0;10;%dm" % (row, row))
            wait_for(lambda: cursor(t) == w.pid, "the parent to be chosen")
            t.tmux("run-shell", "sleep 1")          # no double click, which shows the details
            t.send(b"\x1b[<0;10;%dM\x1b[<0;10;%dm" % (row, row))
            t.wait(lambda lines: (lambda tab: tab and tab.pids == [w.pid])(table_of(lines)), "the branch to fold")


@test
def user_option():
    """By name, by number, as a word of its own, and without: one's own."""
    with Workload("sleeper", "pt-mine") as mine:
        theirs = Workload("sleeper", "pt-theirs", preexec_fn=lambda: os.setuid(lib.NOBODY)) if os.geteuid() == 0 else None
        try:
            for args, want in ((["-u"], mine), (["--user=%d" % os.geteuid()], mine), (["-u", str(lib.NOBODY)], theirs),
                               (["--user=nobody"], theirs)):
                both = {mine.pid, theirs.pid} if theirs else {mine.pid}
                got = set(lib.by_pid(lib.snapshot(*args))) & both
                equal(got, {want.pid} if want else set(), " ".join(args))
        finally:
            if theirs:
                theirs.close()


@test
def columns_as_htop_names_them():
    """Their values in a plain frame, against /proc."""
    with asleep(Workload("niced", 7)) as w:
        proc = "/proc/%d/" % w.pid
        stat, pages = lib.stat(w.pid), [int(n) for n in lib.read(proc + "statm").split()]
        want = {"PID": w.pid, "PPID": stat.ppid, "PGRP": stat.field[5], "SESSION": stat.field[6], "TGID": w.pid,
                "STATE": stat.state, "PRIORITY": stat.priority, "NICE": stat.nice, "NLWP": stat.threads,
                "PROCESSOR": stat.cpu, "ST_UID": os.geteuid(), "COMM": stat.comm.decode(), "MAJFLT": stat.majflt,
                "MINFLT": stat.minflt}
        for name, value in want.items():
            r = lib.run("-b", "--once", "-d", "20ms", "-p", str(w.pid), "-c", "pid," + name)
            row = [line.split() for line in r.text.splitlines() if re.match(r"\s*%d\b" % w.pid, line)]
            check(row, "no row with %s\n%s" % (name, r.text))
            equal(row[0][-1], str(value), name)
        got = lib.by_pid(lib.snapshot("-p", str(w.pid)))[w.pid]
        near = 64 * lib.PAGE * (os.cpu_count() or 1)     # a counter's batch for each CPU
        private = (pages[1] - pages[2]) * lib.PAGE
        lib.between(got["rss_bytes"] - got["shared_bytes"], private - near, private + near, "M_PRIV")


WRITER = """import os, sys
f = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
while True:
    os.pwrite(f, b"x" * (1 << 20), 0)
    os.fsync(f)
"""


@test
def rates_of_io():
    """The bytes of some windows, by their rates, are those that /proc counted around them."""
    path = os.path.join(lib.scratch(), "written")
    p = subprocess.Popen([sys.executable, "-c", WRITER, path])

    def written():
        return int(re.search(rb"write_bytes: (\d+)", lib.read("/proc/%d/io" % p.pid))[1])
    try:
        wait_for(lambda: written() or p.poll() is not None, "the first write")
        check(p.poll() is None, "the writer ended")
        outer = written()
        with lib.Stream("-d", "300ms", "-p", str(p.pid), "-c",
                        "pid,IO_RATE,IO_READ_RATE,IO_WRITE_RATE,WBYTES") as s:
            s.next()
            first = s.next()
            inner, total, both = written(), 0, 0
            for _ in range(4):
                obj = s.next()
                got = lib.by_pid(obj)[p.pid]
                total += got["write_bytes_per_s"] * obj["interval"]
                both += got["io_bytes_per_s"] * obj["interval"]
            last, after = lib.by_pid(obj)[p.pid]["write_bytes"], written()
        own = last - lib.by_pid(first)[p.pid]["write_bytes"]
        lib.between(last, inner, after, "write_bytes")
        check(last > outer, "nothing was written")
        lib.between(total, own * 0.98, own * 1.02, "bytes by the rate of writing")
        check(both >= total * 0.98, "all I/O is less than writing")
    finally:
        p.kill()
        p.wait()


@test
def environment_page():
    with Workload("sleeper", env={"PT_HABIT": "seen-here"}) as w, screen("-p", str(asleep(w).pid)) as t:
        t.wait_table()
        t.keys("e")
        t.wait_text("PT_HABIT=seen-here")
        t.keys("q")
        t.wait_table()


if __name__ == "__main__":
    lib.main()
