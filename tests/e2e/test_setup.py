"""The setup screen and the meters: the real binary in tmux."""
import os
import re
import socket

import lib
from lib import PITSTOP, Skip, Tmux, Workload, check, equal, read, scratch, table_of, test, wait_for

FAST = ("-d", "200ms")
CATEGORY = {"Display options": 0, "Header layout": 1, "Meters": 2, "Screens": 3, "Colors": 4}


def pitstop(*args, **how):
    return Tmux(PITSTOP, *args, **how)


def press(t, *names):
    for name in names:
        t.keys(name)


def setup(t, category):
    """Opens setup and goes into a category."""
    t.wait_table()
    t.keys("F2")
    t.wait_text("Header layout")
    press(t, *["Down"] * CATEGORY[category], "Right")
    t.wait(lambda lines: any(line.startswith("Setup") and len(line.split("Setup", 1)[1].strip()) > 0 for line in lines),
           "the panels of " + category)


def leave(t):
    t.keys("F10")
    t.wait_table()


def option(t, words):
    """The cursor onto a display option; the panel begins at its first line."""
    def found(lines):
        rows = [line for line in lines if re.search(r"\[[^]]*\] ", line[17:]) and "[|" not in line[:20]]
        return [i for i, line in enumerate(rows) if words in line][:1]
    at = t.wait(found, "the option " + words)[0]
    press(t, "Home", *["Down"] * at)


def header_of(lines):
    """The lines above the table, or above the panels of setup."""
    for i, line in enumerate(lines):
        if re.match(r"\s*PID\b|Setup\b|Column \d", line):
            return lines[:i]
    return []


def find_meter(t, name):
    """The cursor onto one of the available meters; the screen holds them all."""
    def index(lines):
        at = [line.index("Available meters") for line in lines if "Available meters" in line]
        names = [line[at[0]:].split(" ")[0] for line in lines if at and line[at[0]:].strip()]
        names = names[names.index("Available") + 1:] if "Available" in names else []
        return name in names and names.index(name) + 1

    def settled():              # tmux may be in the middle of a frame
        at = t.wait(index, name + " among the available meters")
        return at == index(t.lines()) and at
    press(t, "Home", *["Down"] * (wait_for(settled, name + " in its place") - 1))


# ---- the screen itself ---------------------------------------------------------

@test
def keys_open_and_leave_it():
    with pitstop(*FAST) as t:
        for opens in ("F2", "S", "C"):
            for leaves in ("F10", "Escape", "q"):
                t.wait_table()
                t.keys(opens)
                t.wait_text("Header layout")
                t.keys(leaves)
                t.wait(lambda lines: table_of(lines) and not any("Header layout" in line for line in lines), "the table")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


@test
def works_at_any_size():
    with pitstop(*FAST) as t:
        setup(t, "Meters")
        for cols, rows in ((80, 24), (20, 5), (10, 3), (1, 1), (500, 200), (40, 12)):
            t.resize(cols, rows)
            press(t, "Right", "Down", "F5", "Left", "Left", "Right")
        t.resize(80, 24)
        t.wait_text("Column 1")
        leave(t)
        t.resize(20, 5)
        t.wait(lambda lines: len(lines) == 5 and table_of(lines), "a process on a screen of 20 by 5")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


# ---- display options -----------------------------------------------------------

@test
def kernel_threads():
    def kthreadd(lines):
        table = table_of(lines)
        return table and 2 in table.pids
    with pitstop(*FAST, "-s", "pid:asc") as t:
        t.wait_table()
        check(not kthreadd(t.lines()), "kernel threads before they are asked for")
        setup(t, "Display options")
        option(t, "leave out the threads of the kernel")
        t.keys("Space")
        leave(t)
        t.wait(kthreadd, "kthreadd, pid 2, in the table")


@test
def mouse_off_and_on():
    with pitstop(*FAST) as t:
        t.wait_table()
        equal(t.ask("mouse_any_flag"), "1", "clicks at the start")
        setup(t, "Display options")
        option(t, "clicks and the wheel")
        for want in "010":
            t.keys("Space")
            t.wait(lambda _: t.ask("mouse_any_flag") == want, "the mouse to be " + want)
    with pitstop(*FAST, "--no-mouse") as t:
        setup(t, "Display options")
        t.keys("Space")         # another option
        leave(t)
        equal(t.ask("mouse_any_flag"), "0", "clicks against --no-mouse")


@test
def threads():
    with Workload("hog", "3", "60") as w, pitstop(*FAST, "-p", str(w.pids[0])) as t:
        setup(t, "Display options")
        option(t, "leave out the threads of processes")
        t.keys("Enter")
        leave(t)
        want = {int(tid) for tid in os.listdir("/proc/%d/task" % w.pids[0])}
        t.wait(lambda lines: table_of(lines) and set(table_of(lines).pids) == want, "the threads %r" % want)


@test
def interval_typed():
    """With an hour between samples nothing new is seen; with a fifth of a second it is."""
    with pitstop("-d", "1h", "-F", "workload") as t:
        t.wait_text("FILTER")
        with Workload("sleeper") as w:
            def seen(lines):
                return table_of(lines) and w.pids[0] in table_of(lines).pids
            t.keys("F2", "Right", "Home")
            t.wait_text("[3600000 ms]")
            t.type("200")
            t.wait(lambda lines: any(re.search(r" 200 *$", line) for line in lines), "200 typed")
            t.keys("Escape")
            t.wait_text("[3600000 ms]")
            t.keys("F10")
            t.wait_text("FILTER")
            check(not seen(t.lines()), "a new process without a sample")
            t.keys("F2", "Right", "Home")
            t.type("200")
            t.keys("Enter")
            t.wait_text("[200 ms]")
            t.keys("F10")
            t.wait(seen, "the new process %d" % w.pids[0])
            with Workload("sleeper") as other:
                t.wait(lambda lines: table_of(lines) and other.pids[0] in table_of(lines).pids, "and one more")


# ---- the header ------------------------------------------------------------------

@test
def header_in_one_column():
    with pitstop(*FAST) as t:
        setup(t, "Header layout")
        press(t, "End", "Enter")
        t.wait(lambda lines: any(line[30:].startswith("Tasks: ") for line in header_of(lines)), "Tasks at a quarter")
        press(t, "Home", "Enter")
        t.wait(lambda lines: any(line.startswith("Tasks: ") for line in header_of(lines)), "Tasks at the left edge")
        leave(t)
        t.wait(lambda lines: any(line.startswith("Tasks: ") for line in header_of(lines)), "Tasks at the left edge")


def with_meters(names):
    """A screen whose right column has these meters, one after the other."""
    t = pitstop(*FAST, cols=160, rows=70)
    setup(t, "Meters")
    press(t, "Right", "Right")
    for name in names:
        find_meter(t, name)
        t.keys("F6")
    return t


@test
def meters_added_say_the_truth():
    with with_meters(("Hostname", "System", "FileDescriptors", "DateTime", "HugePages", "Battery", "PressureStallIOSome")) as t:
        t.wait_text("Hostname: " + socket.gethostname()[:40])
        t.wait_text("Linux %s [%s]" % (os.uname().release, os.uname().machine))
        text = "\n".join(header_of(t.lines()))
        used, most = map(int, re.search(r"Files: (\d+)/(\d+)", text).groups())
        now = [int(n) for n in read("/proc/sys/fs/file-nr").split()]
        equal(most, now[2], "fs.file-max")
        check(now[0] / 2 < used < now[0] * 2, "%d files open, the kernel says %d" % (used, now[0]))
        check(re.search(r"Date & time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text), "the date\n" + text)
        if not os.path.exists("/proc/pressure/io"):
            t.wait_text("PSI some IO: N/A")
        else:
            check(re.search(r"PSI some IO: +[\d.]+% 1m [\d.]+% 5m [\d.]+%", text), "pressure\n" + text)
        if not any(name.startswith(b"POWER_SUPPLY_TYPE=Battery") for folder in os.listdir("/sys/class/power_supply")
                   for name in read("/sys/class/power_supply/%s/uevent" % folder).split(b"\n")):
            t.wait_text("Battery: none")
        leave(t)
        t.wait_text("Hostname: " + socket.gethostname()[:40])


@test
def swap_zram_and_systemd():
    with with_meters(("Zram", "Systemd", "Swap")) as t:
        swap = {line.split(":")[0]: int(line.split()[1]) for line in read("/proc/meminfo").decode().splitlines() if line.startswith("Swap")}
        t.wait(lambda lines: any(re.search(r"Swp\[.*/%s\]" % ("0K" if not swap["SwapTotal"] else r"[\d.]+[KMG]"), line)
                                 for line in header_of(lines)), "the size of swap")
        if not any(name.startswith("zram") for name in os.listdir("/sys/block")):
            t.wait(lambda lines: any(re.search(r"Zrm.*no device", line) for line in header_of(lines)), "no zram device")
        t.wait(lambda lines: any("Systemd" in line for line in header_of(lines)), "systemd's state")
        leave(t)


def real_disks():
    try:
        return [n for n in os.listdir("/sys/block") if "/virtual/block/" not in os.readlink("/sys/block/" + n)]
    except FileNotFoundError:
        return []


@test
def disks_and_network():
    disks = real_disks()
    if not disks:
        raise Skip("no disk but made ones in /sys/block")
    with with_meters(("DiskIO", "DiskIORate", "NetworkIO")) as t:
        t.wait(lambda lines: any(re.search(r"Disk IO: [\d.]+% busy read \S+ write \S+ disks " + str(len(disks)), line)
                                 for line in lines), "%d disks" % len(disks))
        t.wait(lambda lines: any(re.search(r"Network: rx \S+/s \(\d+ pkt/s\) tx \S+/s", line) for line in lines), "the network")

        def written():
            return sum(int(read("/sys/block/%s/stat" % n).split()[6]) for n in disks)
        before = written()
        path = os.path.join(scratch(), "data")

        def shown():
            with open(path, "wb") as f:
                f.write(os.urandom(1 << 20))
                os.fsync(f.fileno())
            return re.search(r"Disk rate: read \S+ write (?!0K/s)\S+/s", t.text()) or written() == before
        wait_for(shown, "the meter to show what is written")
        if written() == before:
            raise Skip("the file system of %s writes to none of %r" % (path, disks))


@test
def styles():
    with pitstop(*FAST, cols=120, rows=40, env={"LC_ALL": "C.UTF-8"}) as t:
        setup(t, "Meters")
        t.keys("Down")
        t.wait_text("Memory [bar]")
        t.keys("F4")
        t.wait(lambda lines: any(re.match(r"Mem: \S+/\S+ used \S+ buffers \S+", line) for line in header_of(lines)), "memory as text")
        t.keys("t")
        t.wait(lambda lines: any(0x2800 < ord(c) < 0x2900 for line in header_of(lines) for c in line), "a graph of dots")
        t.keys("Space")
        t.wait(lambda lines: any("\u250c\u2500\u2500\u2510" in line or "\u2575" in line for line in header_of(lines)), "big digits")
        t.keys("F4")
        t.wait_text("Memory [bar]")
    with pitstop("--ascii", *FAST, cols=120, rows=40) as t:
        setup(t, "Meters")
        press(t, "Down", "F4", "F4")
        t.wait(lambda lines: any(re.match(r"Mem {4}", line) for line in header_of(lines)), "a graph")
        check(all(ord(c) < 0x80 for c in t.text()), "more than ASCII")


@test
def meters_moved_and_removed():
    def order(lines, words):
        at = [next((i for i, line in enumerate(header_of(lines)) if w in line), None) for w in words]
        return None not in at and at == sorted(at)
    with pitstop(*FAST) as t:
        setup(t, "Meters")
        press(t, "Right", "F8")              # Tasks below the load
        t.wait(lambda lines: order(lines, ("Load average", "Tasks:")), "the load above the tasks")
        press(t, "Enter", "Down", "Enter")   # carried
        t.wait(lambda lines: order(lines, ("Load average", "Uptime", "Tasks:")), "the tasks below the uptime")
        t.keys("F5")
        t.wait(lambda lines: any(line.startswith("Tasks:") for line in header_of(lines)), "the tasks at the left")
        t.keys("F9")
        t.wait(lambda lines: header_of(lines) and not any("Tasks:" in line for line in header_of(lines)), "no tasks")


# ---- screens and colours -----------------------------------------------------------

@test
def columns_of_the_table():
    with Workload("sleeper") as w, pitstop(*FAST, "-p", str(w.pid)) as t:
        setup(t, "Screens")
        press(t, "Right", "Down")            # USER
        t.keys("F9")
        press(t, "Right")
        t.wait_text("Available columns")
        press(t, "Down", "Enter")            # PPID, before PRI
        leave(t)
        t.wait(lambda lines: table_of(lines) and "USER" not in table_of(lines).heading and "PPID" in table_of(lines).heading,
               "PPID and no USER")
        table = t.wait_table()
        at = table.heading.index("PPID") + 4
        equal(int(table.row(w.pid)[:at].split()[-1]), os.getpid(), "parent of %d" % w.pid)


@test
def screens_at_80_columns():
    """The panels of the page are seen before the keys go there, narrow as they are."""
    with pitstop(*FAST, cols=80, rows=24) as t:
        t.wait_table()
        t.keys("F2")
        t.wait_text("Display options")
        press(t, "Down", "Down", "Down")
        for panel in ("Screens ", "Active columns", "Available columns"):
            t.wait_text(panel)
        t.wait(lambda lines: any(line.startswith("Header layout") and "I/O" in line for line in lines), "the tabs")


@test
def a_screen_of_ones_own():
    with pitstop(*FAST) as t:
        setup(t, "Screens")
        t.keys("F5")
        t.type("Mine")
        t.keys("Enter")
        t.wait_text("Mine")
        t.keys("F2", "C-u")
        t.type("Ours")
        t.keys("Enter")
        t.wait_text("Ours")
        t.keys("F7")
        t.wait(lambda lines: [w for line in lines for w in ("Ours", "Main", "I/O") if w in line[17:32]] == ["Ours", "Main", "I/O"],
               "the new one first")
        t.keys("F9")
        t.wait(lambda lines: not any("Ours" in line for line in lines), "it is gone")


@test
def colours_are_chosen():
    with pitstop(*FAST) as t:
        setup(t, "Colors")
        t.wait_text("(*) default")
        def coloured():
            return re.search(r"\x1b\[(?:[\d;]*;)?[34][0-8][;m]", "\n".join(t.lines(escapes=True)))
        check(coloured(), "no colours to begin with")
        press(t, "Down")                     # shown, not chosen
        wait_for(lambda: not coloured(), lambda: "a screen without colours\n" + t.text())
        press(t, "Left")
        wait_for(coloured, lambda: "colours again\n" + t.text())
        press(t, "Right", "Home", "Down", "Enter")
        t.wait_text("(*) mono")
        leave(t)
        wait_for(lambda: not coloured(), lambda: "a table without colours\n" + t.text())


@test
def mouse():
    def click(t, row, col):
        t.send(b"\x1b[<0;%d;%dM\x1b[<0;%d;%dm" % (col + 1, row + 1, col + 1, row + 1))

    def row_of(t, words):
        return t.wait(lambda lines: [i for i, line in enumerate(lines) if words in line], words)[0]
    with pitstop(*FAST) as t:
        t.wait_table()
        bar = t.lines()[-1]
        click(t, 29, bar.index("Setup"))
        click(t, row_of(t, "Header layout"), 3)
        row = row_of(t, "( ) 1 column")
        click(t, row, 20)
        check(any("( ) 1 column" in line for line in t.lines()), "one click chooses already")
        click(t, row, 20)
        t.wait_text("(*) 1 column")
        click(t, 29, t.lines()[-1].index("Done"))
        t.wait(lambda lines: table_of(lines) and any(line.startswith("Tasks: ") for line in header_of(lines)), "the table")


if __name__ == "__main__":
    lib.main()
