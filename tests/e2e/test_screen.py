"""The screen: the real binary in a real terminal (tmux, or a bare pty)."""
import fcntl
import os
import random
import re
import resource
import signal
import struct
import subprocess
import termios

import lib
from lib import PITSTOP, SANE, Pty, Tmux, Workload, check, contains, equal, quote, table_of, test

FAST = ("-d", "200ms")


def pids_option(*workloads):
    return ("-p", ",".join(str(pid) for w in workloads for pid in w.pids))


def pitstop(*args, **how):
    return Tmux(PITSTOP, *args, **how)


def selected(t):
    """The pid of the row that is drawn as the cursor's: black on cyan, yellow
    while it is followed, or reversed without colours."""
    lines = t.lines(escapes=True)
    plain = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines]
    table, style = table_of(plain), set()
    for i, line in enumerate(lines):
        starts = line_style(line, style)
        if table and 0 <= i - table.at - 1 < len(table.pids) and starts & {"46", "43", "7"}:
            return table.pids[i - table.at - 1]
    return None


def line_style(line, style):
    """What is in force at the first character of the line; style is brought to
    its end.  (tmux carries attributes from one line into the next.)"""
    first = None
    for sgr, text in re.findall(r"((?:\x1b\[[\d;]*m)*)([^\x1b]*)", line):
        for code in re.findall(r"\d+|(?<=\[)(?=m)", sgr):
            if code in ("", "0"):
                style.clear()
            elif code == "27":
                style.discard("7")
            elif code == "49":
                style -= {"4%d" % n for n in range(8)}
            else:
                style.add(code)
        if text and first is None:
            first = set(style)
    return first or set()


def wait_selected(t, pid):
    lib.wait_for(lambda: selected(t) == pid, lambda: "the cursor on %d, it is on %r\n%s" % (pid, selected(t), t.text()))


def wait_pids(t, condition, what):
    return t.wait(lambda lines: (lambda tab: tab and condition(tab.pids) and tab)(table_of(lines)), what)


def colours_in(raw):
    """The SGR parameters that set a colour."""
    found = set()
    for sgr in re.findall(rb"\x1b\[([\d;]*)m", raw):
        found |= {int(n) for n in sgr.split(b";") if n and (30 <= int(n) <= 49 or 90 <= int(n) <= 107)}
    return found


# ---- frames ----------------------------------------------------------------------

@test
def what_a_tab_wants_and_cannot_be_had_is_said():
    """I/O takes more room in the kernel: the program is loaded once more, which is
    refused at first, and asked for again when the tab is."""
    lib.need_bpf()
    with pitstop(*FAST) as t:
        t.wait_text("Command")
        before = resource.prlimit(t.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(t.pid, resource.RLIMIT_NOFILE, (10, before[1]))
        t.keys("Tab")
        t.wait_text("map tasks: ")
        contains(t.text(), "READ/s", "the tab")
        check("B/s " not in t.text(), "rates that cannot be known:\n" + t.text())
        resource.prlimit(t.pid, resource.RLIMIT_NOFILE, before)
        t.keys("BTab")
        t.wait(lambda lines: not any("map tasks" in line for line in lines), "the reason is taken away")
        t.keys("Tab")
        t.wait_text("B/s ")


@test
def first_frame_has_all_its_parts():
    with pitstop(*FAST, cols=120, rows=30) as t:
        table = t.wait_table()
        t.wait_text("% cpu")
        text = t.text()
        for part in ("Mem[", "Swp[", "Load average:", "Tasks:", "Uptime", "F1Help", "F10Quit", lib.backends()[0]):
            contains(text, part, "the first frame")
        for heading in ("PID", "USER", "PRI", "NI", "VIRT", "RES", "CPU%", "MEM%", "TIME+", "Command"):
            contains(table.heading, heading, "the headings")
        equal(t.modes()[:3], ("1", "1", "0"), "alternate screen, mouse, cursor")
        equal(t.ask("pane_title"), os.uname().nodename, "the terminal's title")


@test
def first_frame_has_everybody():
    """Those that the kernel hides from BPF, too: here that may be pid 1."""
    with pitstop("-d", "1h", "-p", "1") as t:
        wait_pids(t, lambda p: p == [1], "pid 1 in the first frame")


@test
def frames_go_on_and_values_move():
    with Workload("hog", 1, 15) as w, pitstop("-d", "100ms", *pids_option(w)) as t:
        wait_pids(t, lambda p: p == [w.pid], "the hog alone")

        def time_cell():
            table = table_of(t.lines())
            m = table and re.search(r"\d+:\d\d\.\d\d", table.rows[0])
            return m and m.group()
        first = lib.wait_for(time_cell, "its CPU time")
        lib.wait_for(lambda: time_cell() not in (None, first), "its CPU time to move on from %s" % first)
        percent = t.wait(lambda lines: re.search(r"\s[SR]\s+(\d+\.\d|\d+\.)\s", "\n".join(lines)), "its CPU%").group(1)
        check(float(percent) <= 110, "one thread at %s %%" % percent)


@test
def iterations_end_it():
    with pitstop("-n", "3", "-d", "50ms") as t:
        equal(t.wait_end(), 0, "status of -n 3")
        equal(t.modes()[:2], SANE[:2], "the terminal afterwards")


@test
def keys_are_answered_without_a_sample():
    """With an hour between samples, whatever changes does so by the key."""
    with Workload("sleeper", "pt-needle") as w, Workload("sleeper", "pt-hay") as h, \
            pitstop("-d", "1h", *pids_option(w, h)) as t:
        wait_pids(t, lambda p: set(p) == {w.pid, h.pid}, "both")
        t.keys("F1")
        t.wait_text("Moving")
        t.keys("Escape")
        t.wait_table()
        t.keys("N")
        wait_pids(t, lambda p: p == sorted(p), "the order of pids")
        t.keys("I")
        wait_pids(t, lambda p: p == sorted(p)[::-1], "the order inverted")
        t.type("\\pt-needle")
        wait_pids(t, lambda p: p == [w.pid], "the filtered table")
        t.keys("Enter", "#")
        wait_pids(t, lambda p: p == [w.pid], "the table without meters")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


# ---- sort ------------------------------------------------------------------------

@test
def sort_keys_menu_and_mouse():
    big = os.path.join(lib.scratch(), "mapped")
    with Workload("sleeper") as s, Workload("rss", big, 1, 100, 1) as r, Workload("hog", 1, 15) as h, \
            pitstop(*FAST, *pids_option(s, r, h)) as t:
        wait_pids(t, lambda p: p[0] == h.pid and len(p) == 3, "the hog first")
        t.keys("M")
        wait_pids(t, lambda p: p[0] == r.pid, "the largest first")
        t.keys("I")
        wait_pids(t, lambda p: p[-1] == r.pid, "the largest last")
        t.keys("N")
        wait_pids(t, lambda p: p == sorted(p), "the order of pids")
        t.keys("T")
        wait_pids(t, lambda p: p[0] == h.pid, "the one with most CPU time first")
        for key in ("F6", "<", ">", ","):
            t.keys(key)
            t.wait_text("Sort by")
            t.keys("Escape")
            t.wait(lambda lines: not any("Sort by" in line for line in lines), "the menu to close")
        t.keys("F6")
        t.wait_text("Sort by")
        t.keys("Home", "Enter")
        table = wait_pids(t, lambda p: p == sorted(p), "the order of pids, by the menu")
        check(re.match(r"\s*PID[^\w\s]", table.heading), "no mark at PID: %r" % table.heading)
        sort_by_mouse(t, r.pid)


def sort_by_mouse(t, largest):
    def click(heading):
        table = table_of(t.lines())
        t.send(b"\x1b[<0;%d;%dM" % (table.heading.index(heading) + 2, table.at + 1))
        t.send(b"\x1b[<0;%d;%dm" % (table.heading.index(heading) + 2, table.at + 1))
    click("RES")
    wait_pids(t, lambda p: p[0] == largest, "the largest first, by a click")
    click("RES")
    wait_pids(t, lambda p: p[-1] == largest, "the largest last, by a second click")


@test
def sort_option():
    with Workload("crowd", 5) as w, pitstop(*FAST, "-s", "pid:desc", *family(w)) as t:
        wait_pids(t, lambda p: p == sorted(p)[::-1] and len(p) == 6, "pids downwards")


@test
def cursor_stays_on_its_process():
    with Workload("crowd", 8) as w:
        with pitstop(*FAST, "-s", "pid", *family(w)) as t:
            wait_pids(t, lambda p: len(p) == 9, "the crowd")
            t.type(str(w.pid))
            wait_selected(t, w.pid)
            for keys in (("I",), ("N",), ("M",), ("F5",), ("P",), ("#",), ("#",)):
                t.keys(*keys)
                wait_selected(t, w.pid)
            t.resize(90, 24)
            wait_selected(t, w.pid)


# ---- tree ------------------------------------------------------------------------

def family(w):
    """The options that show a workload and its children."""
    return "-p", ",".join(map(str, w.pids + lib.children_of(w.pid)))


@test
def tree():
    with Workload("crowd", 3) as w:
        kids = lib.children_of(w.pid)
        only = ("-p", ",".join(map(str, [w.pid] + kids)))
        for args, branches in (((), ("├─ ", "└─ ")), (("--ascii",), ("|- ", "`- "))):
            with pitstop(*FAST, "-s", "pid", *only, *args) as t:
                table = wait_pids(t, lambda p: len(p) == 4, "four processes")
                check(not any(b in row for row in table.rows for b in branches), "branches in a list: %r" % table.rows)
                t.keys("F5")
                expect_tree(t, w.pid, kids, branches)
                t.keys("Home", "-")
                wait_pids(t, lambda p: p == [w.pid], "the children folded")
                t.keys("+")
                expect_tree(t, w.pid, kids, branches)
                t.keys("t")
                t.wait(lambda lines: not any(b in line for line in lines for b in branches), "a list again")
        with pitstop(*FAST, "--tree", *only) as t:
            expect_tree(t, w.pid, kids, ("├─ ", "└─ "))


def expect_tree(t, parent, kids, branches):
    middle, last = branches

    def right(lines):
        table = table_of(lines)
        if not table or table.pids[:1] != [parent] or sorted(table.pids[1:]) != kids:
            return False
        return not any(b in table.rows[0] for b in branches) and last in table.rows[-1] and \
            all(middle in row for row in table.rows[1:-1])
    t.wait(right, "a tree of %d and its children" % parent)


# ---- search and filter -------------------------------------------------------------

@test
def search():
    with Workload("sleeper", "pt-needle-one") as a, Workload("sleeper", "pt-needle-two") as b, \
            Workload("sleeper", "pt-hay") as c, pitstop(*FAST, "-s", "pid", *pids_option(a, b, c)) as t:
        order = sorted((a.pid, b.pid))
        wait_pids(t, lambda p: len(p) == 3, "three processes")
        t.keys("F3")
        t.wait_text("Search: ")
        t.type("NEEDLE")
        wait_selected(t, order[0])
        t.keys("F3")
        wait_selected(t, order[1])
        t.keys("F3")
        wait_selected(t, order[0])
        t.type("-TWO")
        wait_selected(t, b.pid)
        t.type("q")                     # text, not the key that quits: and nothing matches
        t.wait_text("-TWOq")
        t.keys("BSpace", "Enter")
        t.wait(lambda lines: not any("Search:" in line for line in lines), "the end of the search")
        wait_selected(t, b.pid)
        t.keys("I")
        wait_selected(t, b.pid)
        t.type("/pt-hay")
        wait_selected(t, c.pid)
        t.keys("Escape")
        t.wait(lambda lines: not any("Search:" in line for line in lines), "the search cancelled")
        equal(len(table_of(t.lines()).pids), 3, "rows after a search")


@test
def filter_as_typed():
    with Workload("sleeper", "pt-needle-one") as a, Workload("sleeper", "pt-needle-two") as b, \
            Workload("sleeper", "pt-hay") as c, pitstop(*FAST, *pids_option(a, b, c)) as t:
        everyone = {a.pid, b.pid, c.pid}
        wait_pids(t, lambda p: set(p) == everyone, "three processes")
        t.keys("F4")
        t.wait_text("Filter: ")
        t.type("needle")
        wait_pids(t, lambda p: set(p) == {a.pid, b.pid}, "those that match")
        t.type("-one|HAY")
        wait_pids(t, lambda p: set(p) == {a.pid, c.pid}, "either alternative, in any case")
        t.keys("Enter")
        t.wait(lambda lines: not any("Filter: " in line and "Done" in line for line in lines), "the field to close")
        wait_pids(t, lambda p: set(p) == {a.pid, c.pid}, "the filter kept")
        t.keys("\\")
        t.wait_text("Filter: ")
        t.keys("Escape")
        wait_pids(t, lambda p: set(p) == everyone, "everyone again")
    with Workload("sleeper", "pt-needle") as a, pitstop(*FAST, "-F", "pt-needle") as t:
        wait_pids(t, lambda p: a.pid in p, "the match of -F")


@test
def goes_to_a_typed_pid():
    with Workload("crowd", 4) as w, pitstop(*FAST, "-s", "pid") as t:
        t.wait_table()
        for pid in (w.pid, lib.children_of(w.pid)[-1]):
            t.keys("Home")              # any other key ends a number
            t.type(str(pid))
            wait_selected(t, pid)


# ---- what is shown ------------------------------------------------------------------

@test
def help_and_back():
    with pitstop(*FAST, cols=100, rows=200) as t:
        t.wait_table()
        for key in ("F1", "h", "?"):
            t.keys(key)
            for part in ("Moving", "Finding", "F3", "quit"):
                t.wait_text(part)
            t.keys("q")                 # leaves the help, not the program
            t.wait_table()


@test
def users():
    lib.need_root()
    lib.need_command("setpriv")
    p = subprocess.Popen(["setpriv", "--reuid=%d" % lib.NOBODY, "--clear-groups", "sleep", "1000000"])
    try:
        lib.wait_for(lambda: lib.stat(p.pid).comm == b"sleep", "the exec")
        with pitstop(*FAST) as t:
            t.wait_table()
            t.keys("u")
            t.wait(lambda lines: any(re.match(r"nobody\b", line) for line in lines), "the menu of users")
            entries = [line.split(" ")[0] for line in t.lines()[table_of_menu(t) + 1:]]
            t.keys("Home", *["Down"] * entries.index("nobody"), "Enter")
            wait_pids(t, lambda pids: pids == [p.pid], "nobody's process alone")
            t.keys("u")
            t.wait(lambda lines: any(re.match(r"nobody\b", line) for line in lines), "the menu of users")
            t.keys("Home", "Enter")
            wait_pids(t, lambda pids: len(pids) > 1, "everybody's processes")
        with pitstop(*FAST, "-u", "nobody") as t:
            wait_pids(t, lambda pids: pids == [p.pid], "the processes of -u nobody")
    finally:
        p.kill()
        p.wait()


def table_of_menu(t):
    """The line of the headings, where the menu has its title."""
    return next(i for i, line in enumerate(t.lines()) if re.search(r"\bPID\b", line))


@test
def threads_kernel_threads_and_meters():
    with Workload("hog", 4, 19) as w, pitstop(*FAST, *pids_option(w)) as t:
        wait_pids(t, lambda p: p == [w.pid], "the process")
        t.keys("H")
        want = sorted(int(n) for n in os.listdir("/proc/%d/task" % w.pid))
        wait_pids(t, lambda p: sorted(p) == want, "its threads %r" % want)
        t.keys("H")
        at = wait_pids(t, lambda p: p == [w.pid], "the process again").at
        t.keys("#")
        t.wait(lambda lines: (lambda tab: tab and tab.at == 1)(table_of(lines)), "the headings below the tabs")
        t.keys("#")
        t.wait(lambda lines: (lambda tab: tab and tab.at == at)(table_of(lines)), "the meters again")
    some = [pid for pid in lib.proc_pids() if is_kernel(pid)]
    if some:
        with pitstop(*FAST, "-s", "pid", rows=50) as t:
            check(2 not in t.wait_table().pids, "kthreadd is listed unasked")
            t.keys("K", "Home")
            wait_pids(t, lambda p: min(some) in p, "kernel threads")
            t.keys("K")
            wait_pids(t, lambda p: min(some) not in p, "no kernel threads")


def is_kernel(pid):
    try:
        return lib.stat(pid).kernel
    except OSError:
        return False


@test
def mouse_selects_and_scrolls():
    with Workload("crowd", 60) as w, pitstop(*FAST, "-s", "pid", *family(w), cols=100, rows=24) as t:
        table = t.wait_table()
        row = table.at + 1 + 3
        t.send(b"\x1b[<0;10;%dM\x1b[<0;10;%dm" % (row + 1, row + 1))
        wait_selected(t, table.pids[3])
        first = table.pids[0]
        for _ in range(40):
            t.send(b"\x1b[<65;10;10M")
        wait_pids(t, lambda p: first not in p, "the list to scroll")
        for _ in range(60):
            t.send(b"\x1b[<64;10;10M")
        wait_pids(t, lambda p: p[0] == first, "the list to scroll back")
    with pitstop(*FAST, "--no-mouse") as t:
        t.wait_table()
        equal(t.modes()[1], "0", "the mouse with --no-mouse")


# ---- sizes -----------------------------------------------------------------------------

SIZES = ((200, 50), (20, 5), (500, 200), (80, 24), (40, 10), (132, 43), (21, 6), (120, 30))


def fits(lines, cols, rows):
    table = table_of(lines)
    return len(lines) == rows and table and table.pids and all(len(line) <= cols for line in lines) and \
        lines[-1].startswith("F1")


@test
def resize():
    with Workload("crowd", 300), pitstop("-d", "1h", cols=120, rows=30) as t:
        at = t.wait_table().at
        for cols, rows in SIZES:
            t.resize(cols, rows)
            t.wait(lambda lines, c=cols, r=rows: fits(lines, c, r), "a frame of %dx%d" % (cols, rows))
        equal(table_of(t.lines()).at, at, "the line of the headings after all resizing")
        table = table_of(t.lines())
        equal(len(table.rows), 30 - at - 2, "rows of the table")


@test
def begins_at_any_size():
    for cols, rows in ((20, 5), (500, 200), (1, 1), (3, 2), (1000, 2), (2, 300)):
        with pitstop(*FAST, cols=cols, rows=rows) as t:
            if cols >= 20 and rows >= 5:
                t.wait(lambda lines, c=cols, r=rows: fits(lines, c, r), "a frame of %dx%d" % (cols, rows))
            # earlier keys belong to the shell, and are dropped
            lib.wait_for(lambda: t.ask("alternate_on") == "1", "the screen to be taken")
            t.keys("F5", "N", "Down")
            t.keys("q")
            equal(t.wait_end(), 0, "status at %dx%d" % (cols, rows))


@test
def bursts_of_sizes():
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    with Workload("crowd", 50), pitstop("-d", "20ms") as t:
        at = t.wait_table().at
        for _ in range(60):
            t.resize(dice.randint(1, 300), dice.randint(1, 100))
        t.resize(120, 30)
        t.wait(lambda lines: fits(lines, 120, 30) and table_of(lines).at == at, "a whole frame (seed %d)" % seed)
        t.keys("q")
        equal(t.wait_end(), 0, "status (seed %d)" % seed)


@test
def serial_line_without_a_size():
    with Tmux("sh", "-c", "stty rows 0 cols 0; exec " + quote(PITSTOP), cols=111, rows=43) as t:
        t.wait(lambda lines: fits(lines, 111, 43), "a frame of the size that the terminal itself answers")
        t.keys("q")
        equal(t.wait_end(), 0, "status")
    with Pty(PITSTOP, *FAST, rows=0, cols=0, env=lib.environment(TERM="xterm")) as t:
        t.wait_bytes(b"\x1b[6n")
        t.wait_bytes(b"F1")             # something is shown without an answer
        t.write(b"q")
        equal(t.wait_end(), 0, "status without an answer")
    with Pty(PITSTOP, *FAST, rows=0, cols=0, env=lib.environment(TERM="vt100", LINES="10", COLUMNS="60")) as t:
        t.wait_bytes(b"F1")
        check(not re.search(rb"\x1b\[(1[1-9]|[2-9]\d);", t.out), "a line past LINES=10")
        t.write(b"q")
        equal(t.wait_end(), 0, "status without an answer")


# ---- ways out ----------------------------------------------------------------------------

WAYS = [("q", 0), ("F10", 0), ("C-c", 130)] + \
    [(s, 128 + s) for s in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGSEGV,
                            signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGSYS)]


@test
def every_way_out_leaves_a_sane_terminal():
    for way, status in WAYS:
        folder = lib.scratch()
        script = ("trap : INT QUIT HUP; ulimit -c 0; stty -a >{0}/before; {1} -d 100ms; echo status $?; "
                  "stty -a >{0}/after; echo the end; read -r x").format(quote(folder), quote(PITSTOP))
        with Tmux("sh", "-c", script) as t:
            t.wait_table()
            if isinstance(way, str):
                t.keys(way)
            else:
                os.kill(lib.own_pid_under(t.pid), way)
            t.wait_text("the end")
            t.wait_text("status %d" % status)
            equal(t.modes(), SANE, "the terminal after %s" % way)
            equal(lib.read(folder + "/after"), lib.read(folder + "/before"), "stty -a after %s" % way)
            check(table_of(t.lines()) is None, "the last frame is still there after %s" % way)
            raw = t.raw_settled()
            for on, off in ((b"\x1b[?2004h", b"\x1b[?2004l"), (b"\x1b[?1000h", b"\x1b[?1000l"), (b"\x1b[?1006h", b"\x1b[?1006l"),
                            (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?1049h", b"\x1b[?1049l")):
                check(raw.rfind(off) > raw.rfind(on) >= 0, "after %s: no %r after the last %r" % (way, off, on))


@test
def suspend_and_continue():
    with Workload("crowd", 3) as w, Tmux("sh", "-i", env={"PS1": "shell> "}) as t:
        t.wait_text("shell>")
        t.type("stty -a | md5sum\n")
        before = t.wait(lambda lines: re.findall(r"[0-9a-f]{32}", "\n".join(lines)), "a sum of stty")[0]
        t.type("(sleep 60 & exec %s -d 100ms -s pid %s)\n" % (quote(PITSTOP), " ".join(family(w))))
        t.wait_table()
        own = lib.own_pid_under(t.pid)
        mate, = (pid for pid in lib.children_of(own) if lib.stat(pid).comm == b"sleep")
        for how in ("C-z", signal.SIGTSTP, signal.SIGSTOP):
            t.keys("Home")
            t.type(str(w.pid))
            wait_selected(t, w.pid)
            if how == "C-z":
                t.keys(how)
            else:
                os.kill(own, how)
            lib.wait_for(lambda: lib.stat(own).state == "T", "pitstop to be stopped by %s" % how)
            equal(lib.stat(mate).state == "T", how == "C-z", "is the rest of the job stopped by %s" % how)
            if how != signal.SIGSTOP:   # nobody can act on that one
                t.wait(lambda lines: "shell>" in "\n".join(lines), "the shell's prompt")
                equal(t.modes(), SANE, "the terminal while suspended by %s" % how)
                t.type("clear; stty -a | md5sum\n")
                t.wait(lambda lines: re.findall(r"[0-9a-f]{32}", "\n".join(lines)) == [before], "the same stty as before")
            t.type("fg\n")
            t.wait_table()
            lib.wait_for(lambda: t.modes()[:3] == ("1", "1", "0"), "the screen to be taken again after %s" % how)
            wait_selected(t, w.pid)
        t.keys("q")
        t.wait(lambda lines: "shell>" in "\n".join(lines), "the shell's prompt")
        t.type("clear; stty -a | md5sum\n")
        t.wait(lambda lines: re.findall(r"[0-9a-f]{32}", "\n".join(lines)) == [before], "the same stty at the end")


@test
def the_terminal_goes_away():
    with Pty(PITSTOP, *FAST) as t:
        t.wait_bytes(b"PID")
        t.hang_up()
        status = t.wait_end()
        check(status in (0, 128 + signal.SIGHUP), "status after a hang-up: %d" % status)


@test
def a_terminal_that_takes_nothing():
    """Ctrl-S, a dead link: it can still be told to end."""
    with Workload("crowd", 200), Pty(PITSTOP, "-d", "10ms", "-s", "cpu_time_ns", rows=100, cols=300) as t:
        size = []

        def full():
            size.append(struct.unpack("i", fcntl.ioctl(t.fd, termios.FIONREAD, b"\0\0\0\0"))[0])
            return len(size) > 20 and size[-1] > 0 and len(set(size[-20:])) == 1
        lib.wait_for(full, "the terminal's buffer to be full", pause=0.05)
        os.kill(t.pid, signal.SIGTERM)
        equal(t.wait_end(pump=False), 128 + signal.SIGTERM, "status")


@test
def keys_come_from_the_terminal_and_not_from_standard_input():
    with Pty("sh", "-c", 'exec "$0" -d 100ms </dev/null', PITSTOP) as t:
        t.wait_bytes(b"PID")
        t.write(b"q")
        equal(t.wait_end(), 0, "status")


# ---- hostile names -----------------------------------------------------------------------

@test
def hostile_names():
    with Workload("hostile") as w, pitstop("-d", "100ms", *pids_option(w), cols=160, rows=40) as t:
        t.tmux("set", "-s", "set-clipboard", "on")
        for mode in ("list", "tree", "list again"):
            table = wait_pids(t, lambda p: sorted(p) == sorted(w.pids), "every hostile process, in the " + mode)
            t.wait(lambda lines: all("pt-hostile-%d" % n in "\n".join(lines) for n in range(len(w.pids))),
                   "the arguments of all of them")
            table = wait_pids(t, lambda p: sorted(p) == sorted(w.pids), "every hostile process")
            state = re.search(r" S ", table.heading).start() + 1
            for row in table.rows:
                check(row[state] in "SR" and row[state - 1] == " ", "a shifted row: %r" % row)
            t.keys("F5")
        t.keys("F3")
        t.type("pt-hostile-1")
        t.keys("Enter", "Right", "Right")
        t.wait(lambda lines: not any("Search:" in line for line in lines), "the end of the search")
        expect_harmless(t)


def expect_harmless(t):
    """Ends it: on a busy machine each frame has something new."""
    t.keys("q")
    equal(t.wait_end(), 0, "status")
    raw = t.raw_settled()
    for bad in (b"\x1b]", b"\x1bP", b"\x07", b"\x1b[31mRED", b"\x1b[7mZ", b"\xc2\x9b", b"\x9b31m", b"\x7f", b"\x0b", b"\t",
                b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x80\x8e", b"\xe2\x80\x8b", b"\xef\xbb\xbf", b"\xff", b"\xed\xa0\x80"):
        check(bad not in raw, "%r reached the terminal: %r" % (bad, raw[max(0, raw.find(bad) - 60):][:120]))
    raw.decode("utf-8")
    equal(t.ask("pane_title"), os.uname().nodename, "the terminal's title")
    equal(t.tmux("list-buffers"), "", "the clipboard")


@test
def hostile_text_into_the_fields():
    with pitstop("-d", "100ms") as t:
        t.wait_table()
        t.keys("F4")
        t.wait_text("Filter: ")
        t.paste("a\u202eb\u009b31mc\x7f\x01d\u6f22e\u0301")
        t.wait_text("Filter: a")
        t.send(b"\xff\xfe\xc3")
        t.keys("Escape")
        t.wait_table()
        expect_harmless(t)


# ---- paste ---------------------------------------------------------------------------------

@test
def paste_cannot_act_as_keys():
    with Workload("sleeper", "pt-needle") as w, pitstop("-d", "100ms", *pids_option(w)) as t:
        wait_pids(t, lambda p: p == [w.pid], "the process")
        check(b"\x1b[?2004h" in t.raw(), "bracketed paste is not asked for")
        t.paste("k\r9\ryes\rf\rq\nIq\x1b\x1bOP/xyz")
        t.paste("q" * 5000)
        t.keys("F1")                    # this one is a key, and comes after all of it
        t.wait_text("Moving")
        t.keys("Escape")
        wait_pids(t, lambda p: p == [w.pid], "the process, unharmed")
        equal(lib.stat(w.pid).state, "S", "state of the process under the cursor")
        t.keys("F4")
        t.wait_text("Filter: ")
        t.paste("pt-\nneed\rle")
        t.wait(lambda lines: any(re.search("Filter: pt-.*le", line) for line in lines), "pasted text in the field, still open")
        t.keys("Escape")
        t.wait(lambda lines: not any("Filter: " in line for line in lines), "the field to close")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


@test
def paste_cannot_interrupt():
    """Terminals that do not filter pastes pass the bytes of Ctrl-C, Ctrl-Z and
    Ctrl-\\ as well."""
    for byte in "\x03\x1a\x1c":
        with pitstop("-d", "100ms") as t:
            t.wait_table()
            t.paste("text" + byte + "text")
            t.keys("F1")
            t.wait_text("Moving")
            equal(t.ask("pane_dead"), "0", "whether it ended by a pasted %r" % byte)


# ---- colours and characters ----------------------------------------------------------------------

def raw_of(*args, env=None, text="PID", **how):
    with pitstop("-d", "100ms", *args, env=env, **how) as t:
        t.wait_table()
        t.wait_text(text)
        t.keys("F5", "F6")
        t.wait_text("Sort by")
        t.keys("Escape")
        t.wait(lambda lines: not any("Sort by" in line for line in lines), "the menu to close")
        t.keys("F1")
        t.wait_text("Moving")
        t.keys("q", "q")
        equal(t.wait_end(), 0, "status with %r" % (env,))
        return t.raw_settled()


@test
def no_color():
    for args, env, coloured in (((), {"NO_COLOR": "1"}, False), ((), {"NO_COLOR": ""}, True), ((), {}, True),
                                (("--color=never",), {}, False), (("--color=always",), {"NO_COLOR": "1"}, True),
                                (("--color", "auto"), {"NO_COLOR": "yes"}, False)):
        found = colours_in(raw_of(*args, env=env))
        equal(bool(found), coloured, "colours with %r %r: %r" % (args, env, sorted(found)))
    with pitstop(*FAST, "-s", "pid", env={"NO_COLOR": "1"}) as t:
        wait_selected(t, t.wait_table().pids[0])


@test
def colour_depth_of_the_terminal():
    check(b"38;5;" not in raw_of(env={"TERM": "linux"}), "256 colours on TERM=linux")
    check(colours_in(raw_of(env={"TERM": "linux"})), "no colours on TERM=linux")
    check(not colours_in(raw_of(env={"TERM": "vt100"})), "colours on a VT100")
    check(colours_in(raw_of(env={"TERM": "xterm"})), "no colours on an xterm")
    check(b"\x1b[?1049h" not in raw_of(env={"TERM": "vt100"}), "the alternate screen on a VT100")


@test
def ascii_only():
    with Workload("hostile") as w:
        only = ("-t", *pids_option(w))
        for args, env in ((("--ascii",), {}), ((), {"LC_ALL": "C"}), ((), {"LC_ALL": "POSIX"}),
                          ((), {"LANG": "C", "LC_ALL": None, "LC_CTYPE": None}),
                          ((), {"LC_ALL": "de_DE.ISO-8859-1"})):
            raw = raw_of(*only, *args, env=env, text="pt-hostile-4")
            odd = sorted(set(raw) - set(range(0x80)))
            check(not odd, "with %r %r: bytes %r" % (args, env, odd))
        check(any(b >= 0x80 for b in raw_of("-t", *pids_option(w), env={"LC_ALL": "C.UTF-8"})), "ASCII in a UTF-8 locale")
        raw = raw_of(*only, env={"TERM": "linux"}, text="pt-hostile-4")
        check(not set(raw) - set(range(0x80)), "more than ASCII on TERM=linux, whose font has little else")


@test
def no_synchronized_output_where_it_is_unknown():
    check(b"\x1b[?2026h" not in raw_of(env={"TERM": "vt100"}), "mode 2026 on a VT100")
    raw = raw_of(env={"TERM": "xterm-256color"})
    equal(raw.count(b"\x1b[?2026h") <= raw.count(b"\x1b[?2026l"), True, "synchronized frames that are not ended")


if __name__ == "__main__":
    lib.main()
