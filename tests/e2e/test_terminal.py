"""What reaches the terminal, byte by byte and write by write, and what the
screen does over time: following, pausing, stopping, sizes.  Keys one by one are
in test_screen.py.  A terminal's modes are asked of tmux and of the line
discipline, not of pitstop."""
import os
import re
import signal
import termios

import lib
from lib import SANE, Tmux, Workload, check, contains, equal, table_of, test, wait_for

DOWN, UP = "▽", "△"
CPUS = os.cpu_count()
CSI = re.compile(rb"\x1b\[([?0-9;]*)([A-Za-z])")
# nothing but this may stand behind an ESC: moving, erasing, styles, modes
SPOKEN = re.compile(r"\x1b(?:\[[?0-9;]*[HJKCmhl]|[78])")
# controls but CR LF, C1, what is invisible or turns the order of reading
UNSAFE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


# ---- a screen and what stands on it ---------------------------------------------

def screen(*args, delay="100ms", **more):
    """pitstop in a terminal, without colours: the cursor is what is reversed."""
    more["env"] = {"NO_COLOR": "1", **more.get("env", {})}
    return Tmux(lib.PITSTOP, "-d", delay, *args, **more)


def only(*workloads):
    """Options that show these processes alone."""
    return "-p", ",".join(str(p) for w in workloads for p in (w.pids if isinstance(w, Workload) else w))


def until(t, condition, what):
    return wait_for(condition, lambda: "%s\n%s" % (what, t.text()))


def bar(t, part):
    """Waits until the last line says so."""
    t.wait(lambda lines: part in lines[-1], "%r in the last line" % part)


def quit_with(t, key, want):
    t.keys(key)
    equal(t.wait_end(), want, "status after " + key)


def reversed_lines(t):
    """For each line whether its first cell is shown in reverse."""
    found, reverse = [], False
    for line in t.lines(escapes=True):
        at = 0
        first = None
        for m in re.finditer(r"\x1b\[([0-9;]*)m", line):
            if m.start() > at and first is None:
                first = reverse
            at = m.end()
            for code in m.group(1).split(";"):
                reverse = {"": False, "0": False, "7": True, "27": False}.get(code, reverse)
        found.append(reverse if first is None else first)
    return found


def cursor(t):
    """The process under the cursor; None when it is not in sight or the screen
    changes just now."""
    table = table_of(t.lines())
    marks = reversed_lines(t)
    if not table or table.at + len(table.pids) >= len(marks):
        return None
    under = [pid for i, pid in enumerate(table.pids) if marks[table.at + 1 + i]]
    again = table_of(t.lines())
    return under[0] if len(under) == 1 and again and again.pids == table.pids else None


def wait_cursor(t, pid):
    until(t, lambda: cursor(t) == pid, "the cursor on %d" % pid)


def point(t, pid):
    """Puts the cursor there by its number."""
    t.type(str(pid))
    wait_cursor(t, pid)


def wait_rows(t, condition, what):
    """Until the table's pids meet the condition."""
    t.wait(lambda lines: (lambda table: table and condition(table.pids))(table_of(lines)), what)


def wait_pids(t, pids):
    wait_rows(t, lambda shown: shown == pids, "a table of %r" % pids)


def seconds(text):
    """A value of the table as a number that sorts as it does; None: unknown."""
    m = re.fullmatch(r"(?:(\d+)h)?(?:(\d+):)?(\d+(?:\.\d+)?)", text)
    return float(m[1] or 0) * 3600 + float(m[2] or 0) * 60 + float(m[3]) if m else None


def column(table, title):
    """The column's values, as numbers; title: one without a blank before the last."""
    at = re.sub("[%s%s]" % (UP, DOWN), " ", table.heading).split().index(title)
    return [seconds(row.split()[at]) for row in table.rows]


def wait_sorted(t, title, arrow, count):
    def is_sorted(lines):
        table = table_of(lines)
        if not table or title + arrow not in table.heading or len(table.rows) != count:
            return False
        values = column(table, title)
        return None not in values and values == sorted(values, reverse=arrow == DOWN) and values[0] != values[-1]
    t.wait(is_sorted, "%d rows sorted by %s%s" % (count, title, arrow))


class Unequal:
    """Processes that differ in CPU, memory and age; sorted by each they stand
    in another order."""
    COLUMNS = ("-c", "pid,cpu_percent,memory_percent,cpu_time_ns,cmdline")

    def __enter__(self):
        mapped = os.path.join(lib.scratch(), "mapped")
        self.all = []
        for args in (("sleeper",), ("rss", mapped, 1, 400, 1), ("hog", 1, 10)):
            self.all.append(Workload(*args))
        self.sleeper, self.big, self.hog = (w.pid for w in self.all)
        return self

    def __exit__(self, *_):
        for w in self.all:
            w.close()


# ---- order ----------------------------------------------------------------------

@test
def cursor_stays_on_its_process():
    """Whatever the key to sort by, and when the values change the order."""
    with Unequal() as u, Workload("hog", 1, 10) as other:
        with screen(*only(*u.all, other), *u.COLUMNS) as t:
            wait_sorted(t, "CPU%", DOWN, 4)
            point(t, u.hog)
            for key, title, arrow in (("M", "MEM%", DOWN), ("N", "PID", UP), ("I", "PID", DOWN), ("T", "TIME+", DOWN),
                                      ("P", "CPU%", DOWN)):
                t.keys(key)
                wait_sorted(t, title, arrow, 4)
                wait_cursor(t, u.hog)
            for stopped, first in ((u.hog, other.pid), (other.pid, u.hog)):
                os.kill(stopped, signal.SIGSTOP)
                wait_rows(t, lambda p, first=first: p[0] == first, "%d at the top" % first)
                wait_cursor(t, u.hog)
                os.kill(stopped, signal.SIGCONT)


# ---- tree -----------------------------------------------------------------------

@test
def backspace_goes_to_the_parent_and_folds_it():
    with Workload("crowd", 3) as w:
        children = lib.children_of(w.pid)
        with screen(*only([w.pid], children), "-t") as t:
            wait_pids(t, [w.pid] + children)
            point(t, children[1])
            t.keys("BSpace")
            wait_pids(t, [w.pid])
            wait_cursor(t, w.pid)
            t.keys("*", "*")
            wait_pids(t, [w.pid] + children)


# ---- finding --------------------------------------------------------------------

class Named:
    """Sleepers of which the last two have something in their command line."""

    def __enter__(self):
        self.all = [Workload("sleeper", "pt-hay") for _ in range(5)] + \
                   [Workload("sleeper", "pt-needle") for _ in range(2)]
        self.pids = sorted(w.pid for w in self.all)
        self.needles = sorted(w.pid for w in self.all[-2:])
        return self

    def __exit__(self, *_):
        for w in self.all:
            w.close()

    def screen(self, **more):
        t = screen(*only(self.pids), "-s", "pid", "-c", "pid,cmdline", cols=200, **more)
        t.wait(lambda lines: sum("pt-" in line for line in lines) == len(self.pids), "seven command lines")
        return t


@test
def search_follows_or_says_so():
    with Named() as n, n.screen() as t:
        wait_cursor(t, n.pids[0])
        t.keys("/")
        bar(t, "Search: ")
        t.type("PT-NEED")
        bar(t, "Search: PT-NEED")
        wait_cursor(t, n.needles[0])
        t.keys("F3")
        wait_cursor(t, n.needles[1])
        t.keys("Enter")
        bar(t, "FOLLOW")
        t.keys("n")
        wait_cursor(t, n.needles[0])
        t.keys("F3")
        bar(t, "Search: ")
        t.type("no such thing")
        bar(t, "not found")
        t.keys("Escape")
        t.wait(lambda lines: "Search: " not in lines[-1], "the end of the search")
        wait_pids(t, n.pids)


@test
def follow_scrolls_with_the_process():
    with Workload("crowd", 50) as w:
        pids = lib.children_of(w.pid)
        with screen(*only(pids), "-s", "pid", rows=20) as t:
            t.wait_table()
            point(t, pids[0])
            t.keys("F")
            bar(t, "FOLLOW")
            t.keys("I")
            wait_rows(t, lambda p: p[-1] == pids[0], "the view at the end")
            wait_cursor(t, pids[0])
            t.keys("Escape")
            t.wait(lambda lines: "FOLLOW" not in lines[-1], "no FOLLOW")
            t.keys("I")
            wait_rows(t, lambda p: p == sorted(p) and pids[0] not in p, "the view to stay where it was")
            t.keys("F")
            wait_rows(t, lambda p: p[0] == pids[0], "the view back at the top")


# ---- what is shown ----------------------------------------------------------------

@test
def pause_stops_the_values():
    with Workload("hog", 1, 10) as w, screen(*only(w), delay="20ms", cols=200) as t:
        t.wait_text("hog 1 10")             # names still arrive while it is paused
        t.keys("Z")
        bar(t, "PAUSED")
        row, clock = t.wait_table().row(w.pid), lib.cpu_clock_ns(w.pid)
        wait_for(lambda: lib.cpu_clock_ns(w.pid) > clock + 500000000, "the hog to burn")
        equal(t.wait_table().row(w.pid), row, "its row while paused")
        t.keys("Z")
        t.wait(lambda lines: "PAUSED" not in lines[-1] and table_of(lines) and table_of(lines).row(w.pid) != row,
               "it to go on")


# ---- size -----------------------------------------------------------------------

SIZES = ((80, 24), (200, 50), (20, 5), (500, 200), (1, 1), (80, 24), (3, 2), (40, 3), (120, 30))


def still(lines):
    """What does not change with time: names in the header, the table, the keys."""
    table = table_of(lines)
    if not table:
        return None
    header = re.findall(r"CPU\[|\d\[|Mem\[|Swp\[|Tasks:|Load|Uptime:|PSI:", "\n".join(lines[:table.at]))
    return header, lines[table.at:]


@test
def every_size_is_drawn_whole():
    """After a change of size the picture is that of a fresh start."""
    with Workload("crowd", 30) as w:
        args = *only([w.pid], lib.children_of(w.pid)), "-s", "pid", "-c", "pid,comm,cmdline"
        with screen(*args, delay="1h", cols=100, rows=30) as t:
            t.wait_table()
            t.wait_text("crowd 30")
            for cols, rows in SIZES:
                before = len(t.raw())
                t.resize(cols, rows)
                until(t, lambda: len(t.raw()) > before, "a frame of %dx%d" % (cols, rows))
                if rows < 5:
                    continue
                with screen(*args, cols=cols, rows=rows) as fresh:
                    if cols > 100:
                        fresh.wait_text("crowd 30")
                    fresh.wait(lambda lines: lines[-1].startswith("F1Help"), "all of the first frame")
                    t.wait(lambda lines: still(lines) and still(lines) == still(fresh.lines()),
                           "the picture of %dx%d, as a fresh start shows it:\n%s\n--- and not" %
                           (cols, rows, fresh.text()))
            for cols in range(150, 20, -7):
                t.resize(cols, 10 + cols % 40)
            t.resize(20, 5)
            t.wait(lambda lines: len(lines) == 5 and lines[-1].startswith("F1Help"), "a frame of 20x5")
            wait_rows(t, lambda p: p[0] == w.pid, "a process at 20x5")
            quit_with(t, "q", 0)


# ---- ways out ---------------------------------------------------------------------

class Shell(Tmux):
    """pitstop under a shell that stays to see what is left behind."""

    def __init__(self, *args, **more):
        pid_file = os.path.join(lib.scratch(), "pid")
        script = 'ulimit -c 0; read go; trap : INT QUIT TERM HUP TSTP; ' \
            'sh -c \'echo $$ > "$0"; exec "$@"\' "$@"; echo "ended $?"; read go'
        super().__init__("sh", "-c", script, "sh", pid_file, lib.PITSTOP, "-d", "100ms", *args, **more)
        self.tty = os.open(self.ask("pane_tty"), os.O_RDWR | os.O_NOCTTY)
        self.before = termios.tcgetattr(self.tty)
        self.keys("Enter")
        self.wait_table()
        self.pid = int(lib.read(pid_file))

    def __exit__(self, *_):
        os.close(self.tty)
        super().__exit__()

    def wait_status(self):
        return int(self.wait(lambda lines: re.search(r"^ended (\d+)$", "\n".join(lines), re.M), "the end")[1])

    def check_sane(self, how):
        equal(self.modes(), SANE, "alternate screen, mouse, cursor, wrap after " + how)
        equal(termios.tcgetattr(self.tty), self.before, "modes of the line after " + how)
        raw = self.raw_settled()
        check(raw.count(b"\x1b[?2004l") >= raw.count(b"\x1b[?2004h"), "bracketed paste stays on after " + how)
        check(raw.rfind(b"\x1b[?2026h") <= raw.rfind(b"\x1b[?2026l"), "a frame was left open by " + how)


@test
def other_terminals_are_left_sane():
    for term in ("linux", "vt100", "foobar", "xterm-256color", "screen"):
        with Shell(env={"TERM": term}) as t:
            t.keys("q")
            equal(t.wait_status(), 0, "status with TERM=" + term)
            t.check_sane("TERM=" + term)


@test
def outlives_its_reader_of_names():
    with screen("-F", "pt-after", cols=200) as t:
        t.wait_table()
        reader = until(t, lambda: (lambda c: c[0] if len(c) == 1 else None)(lib.children_of(t.pid)), "one child")
        os.kill(reader, signal.SIGKILL)
        with Workload("sleeper", "pt-after") as w:
            t.wait(lambda lines: any(str(w.pid) in line and "sleeper pt-after" in line for line in lines),
                   "a name that was read after it")
        quit_with(t, "q", 0)


class Prompt(Tmux):
    """An interactive shell with job control."""

    def __init__(self, **more):
        super().__init__("sh", "-i", env={"PS1": "ready> ", "ENV": None}, **more)
        self.wait_text("ready>")

    def command(self, text):
        self.type(text)
        self.keys("Enter")

    def wait_stopped(self):
        self.wait(lambda lines: any("topped" in line for line in lines), "a stopped job")

    def check_cooked(self):
        self.command("stty -a")
        words = self.wait(lambda lines: (lambda w: w if "icanon" in w or "-icanon" in w else None)
                          ("\n".join(lines).replace(";", " ").split()), "stty -a")
        for word in ("icanon", "echo", "isig", "icrnl", "opost"):
            check(word in words, "stty -a says -%s\n%s" % (word, self.text()))


@test
def suspended_and_continued():
    with Workload("hog", 1, 5) as w, Prompt() as t:
        command = " ".join((lib.quote(lib.PITSTOP), "-d", "1h", *only(w), "-c", "pid,cpu_percent,cmdline"))
        t.command(command)
        t.wait_table()

        def sampled():
            t.keys("C-l")
            table = table_of(t.lines())
            return table and column(table, "CPU%")[0]
        until(t, sampled, "a rate")
        for _ in range(2):
            t.keys("C-z")
            t.wait_stopped()
            equal(t.modes(), SANE, "alternate screen, mouse, cursor, wrap while stopped")
            t.check_cooked()
            clock = lib.cpu_clock_ns(w.pid)
            wait_for(lambda: lib.cpu_clock_ns(w.pid) > clock + 700000000, "the hog to burn")
            t.tmux("send-keys", "-R")
            t.tmux("clear-history")
            t.command("fg")
            t.wait(lambda lines: table_of(lines) and lines[-1].startswith("F1Help"), "the screen after fg")
            equal(t.modes()[:3], ("1", "1", "0"), "alternate screen, mouse, cursor after fg")
            rate = column(t.wait_table(), "CPU%")[0]
            check(rate is None or rate <= 100 * CPUS, "CPU%% after fg is %r" % rate)
        t.keys("q")
        t.wait(lambda lines: not table_of(lines), "the shell")
        t.command("echo ended $?")
        t.wait_text("ended 0")
        equal(t.modes(), SANE, "alternate screen, mouse, cursor, wrap at the end")


# ---- what was not meant as keys -----------------------------------------------------

PASTE = b"\x1b[200~%s\x1b[201~"


@test
def paste_is_no_keys():
    with Named() as n, n.screen() as t:
        contains(t.raw(), b"\x1b[?2004h", "what was written")
        point(t, n.pids[2])
        for text in ("kq\r", "\\q", "q", "F", "/", "\x03", "\x1a"):
            t.paste(text)
            t.send(PASTE % text.encode())
            t.keys("Z")                     # it comes behind, and shows what was before
            bar(t, "PAUSED")
            last = t.lines()[-1]
            check("FOLLOW" not in last and "ilter:" not in last and "Search:" not in last,
                  "after a paste of %r: %s" % (text, last))
            wait_cursor(t, n.pids[2])
            wait_pids(t, n.pids)
            t.keys("Z")
            t.wait(lambda lines: "PAUSED" not in lines[-1], "it to go on")
        quit_with(t, "q", 0)


@test
def paste_into_a_field_is_text():
    with Named() as n, n.screen() as t:
        for key, label in (("/", "Search: "), ("\\", "Filter: ")):
            for paste in (t.paste, lambda text: t.send(PASTE % text.encode())):
                t.keys(key)
                bar(t, label)
                paste("kq\r")
                bar(t, label + "kq")
                paste("\\q")
                bar(t, label + "kq\\q")
                t.keys("Escape")
                t.wait(lambda lines: label not in lines[-1], "the end of the field")
                wait_pids(t, n.pids)
        quit_with(t, "q", 0)


@test
def reports_are_no_keys():
    """What terminals send unasked: focus, answers, sequences nobody knows."""
    with Named() as n, n.screen() as t:
        point(t, n.pids[2])
        for report in (b"\x1b[I", b"\x1b[O", b"\x1b[?1;2c", b"\x1b[?2026;2$y", b"\x1b]11;rgb:00/00/00\x1b\\",
                       b"\x1bP>|tmux\x1b\\", b"\x1b[99;5q", b"\x1b[<35;3;3M", b"\x1b[M !!"):
            t.send(report)
            t.keys("Z")
            bar(t, "PAUSED")
            wait_cursor(t, n.pids[2])
            t.keys("Z")
            t.wait(lambda lines: "PAUSED" not in lines[-1], "it to go on")
        quit_with(t, "q", 0)


# ---- what reaches the terminal -------------------------------------------------------

def colours(raw):
    """The colour parameters of all SGR sequences."""
    found = set()
    for params, final in CSI.findall(raw):
        codes = [int(c or 0) for c in params.split(b";")] if final == b"m" else []
        while codes:
            code = codes.pop(0)
            if 30 <= code <= 49 or 90 <= code <= 107:
                found.add(code)
            if code in (38, 48):
                del codes[:2 if codes[:1] == [5] else 4]
    return found - {39, 49}


def tour(*args, env=None):
    """All bytes of a session that has shown menus, fields, help and a tree."""
    with Unequal() as u, Tmux(lib.PITSTOP, "-d", "50ms", *only(*u.all), *args, env=env) as t:
        t.wait_table()
        for key, shown in (("F6", "Sort by"), ("u", "Show processes of:"), ("F1", "pitstop: keys."),
                           ("/", "Search: "), ("\\", "Filter: ")):
            t.keys(key)
            t.wait_text(shown)
            t.keys("Escape")
            t.wait(lambda lines: table_of(lines) and not any(shown in line for line in lines), "the table")
        t.keys("t", "F", "Z")
        bar(t, "PAUSED")
        quit_with(t, "q", 0)
        return t.raw_settled()


@test
def plain_terminals_get_no_more_than_they_know():
    for term in ("linux", "vt100", "foobar"):
        raw = tour(env={"TERM": term})
        for mode in (b"1049", b"2004", b"2026", b"1000", b"1006"):
            check(b"\x1b[?" + mode not in raw, "mode %s with TERM=%s" % (mode.decode(), term))
        equal(bool(colours(raw)), term == "linux", "colours with TERM=" + term)


@test
def hostile_names_do_nothing():
    with Workload("hostile") as w:
        for args, env in (((), {}), (("-t",), {"TERM": "xterm"}), (("--ascii",), {"NO_COLOR": "1"})):
            with Tmux(lib.PITSTOP, "-d", "50ms", *only(w), "-s", "pid", "-c", "pid,comm,cmdline", *args, env=env,
                      cols=200) as t:
                t.tmux("set", "-g", "automatic-rename", "off")      # tmux's own, when sh becomes pitstop
                title = t.ask("pane_title"), t.ask("window_name")
                t.wait(lambda lines: all("pt-hostile-%d" % i in "\n".join(lines) for i in range(len(w.pids))),
                       "ten hostile processes")
                table = t.wait_table()
                equal(table.pids, sorted(w.pids), "rows")
                contains(table.row(w.pids[0]), "?[31mRED?[7mZ", "the row of a comm with SGR")
                contains(table.row(w.pids[0]), "?]0;PWNED?inj", "the row of a command line with OSC 0")
                contains(table.row(w.pids[1]), "?gpj.exe", "the row of a comm with RLO")
                contains(table.row(w.pids[3]), "a?b", "the row of a command line with LF")
                t.keys("Right", "Right", "/")
                bar(t, "Search: ")
                t.type("pt-hostile-9")
                bar(t, "pt-hostile-9")
                t.keys("Escape")
                t.wait(lambda lines: "Search: " not in lines[-1], "the end of the search")
                equal((t.ask("pane_title"), t.ask("window_name")), title, "titles")
                quit_with(t, "q", 0)
                raw = t.raw_settled()
            check_harmless(raw, "the screen")
            check(b"\x1b[31mRED" not in raw and b"\x1b[7mZ" not in raw, "a comm's SGR was obeyed")


def check_harmless(data, where):
    text = SPOKEN.sub("", data.decode())        # strict: what is written is UTF-8
    equal(sorted(set(UNSAFE.findall(text))), [], "unsafe characters in " + where)


# ---- how it is written -----------------------------------------------------------------

class Writes:
    """What strace saw of waits and of writes to the terminal, in order."""
    LINE = re.compile(r'^(write|writev|p?poll)\((?:\d+</dev/pts/\d+>, (".*"), (\d+)\) += (-?\d+))?')

    def __init__(self):
        lib.need_command("strace")
        self.path = os.path.join(lib.scratch(), "trace")
        self.prefix = ("strace", "-y", "-s", "1000000", "-o", self.path, "-e", "trace=write,writev,?poll,ppoll")

    def read(self):
        """A list of "wait" for each wait that ran to its end, "wake" for any
        other, and (text, n, written) for each write to the terminal."""
        found = []
        for line in lib.read(self.path).decode(errors="replace").splitlines(True):
            m = self.LINE.match(line) if line.endswith("\n") else None
            if m and "poll" in m[1]:
                found.append("wait" if line.endswith("= 0 (Timeout)\n") else "wake")
            elif m and m[2]:
                found.append((m[2][1:-1], int(m[3]), int(m[4])))
        return found

    def waits(self):
        return self.read().count("wait")


def traced(writes, *args, **more):
    """A leak check cannot run under ptrace."""
    return screen(*args, prefix=writes.prefix, env={"ASAN_OPTIONS": "detect_leaks=0"}, **more)


@test
def one_write_a_frame():
    w = Writes()
    with traced(w, delay="20ms", cols=200, rows=50) as t:
        t.wait_table()
        wait_for(lambda: w.waits() > 60, "sixty samples")
        found = w.read()
        quit_with(t, "q", 0)
    first = next(i for i, f in enumerate(found) if f == "wait")
    last = len(found) - 1 - found[::-1].index("wait")
    frames, rest, since = 0, 0, 0
    for entry in found[first:last]:
        if entry in ("wait", "wake"):
            since = 0
            continue
        text, n, written = entry
        if not rest:            # else the terminal had taken a part only
            check(text.startswith(r"\33[?2026h") and text.endswith(r"\33[?2026l"),
                  "a write of no whole frame: %r" % text)
            frames, since = frames + 1, since + 1
            equal(since, 1, "frames after one wait")
        rest = (rest or n) - max(written, 0)
    check(frames > 20, "only %d frames" % frames)


@test
def nothing_is_written_when_nothing_changed():
    w = Writes()
    with Workload("sleeper") as s, traced(w, *only(s), "-c", "pid,comm", delay="20ms", cols=70) as t:
        t.wait_table()
        t.keys("#")
        t.wait(lambda lines: (table_of(lines) or lib.Table(9, "", [])).at == 1, "the table below the tabs")
        settled = w.waits() + 5
        wait_for(lambda: w.waits() > settled + 40, "forty samples")
        found = w.read()
        at = [i for i, f in enumerate(found) if f == "wait"]
        equal([f for f in found[at[settled]:at[-1]] if f not in ("wait", "wake")], [], "writes without a change")
        quit_with(t, "q", 0)


if __name__ == "__main__":
    lib.main()
