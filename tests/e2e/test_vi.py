"""What vi's users look for, driven in the real program under tmux: folds, the
range of visual mode, jumps, and the clipboard, read back from tmux."""
import os
import signal
import subprocess
import time

import lib
from family import Family, clipboard, cursor, only, screen, shown, wait_shown
from lib import check, contains, equal, test, wait_for


@test
def yank_reaches_tmux():
    with Family(0, "a b", "\x1b]2;evil\x07", "end") as w, screen(*only(w.pid), cols=100, rows=20) as t:
        wait_shown(t, [w.pid])
        for key, want in (("p", str(w.pid)), ("n", "sh")):
            t.type("y" + key)
            wait_for(lambda: clipboard(t) == want, lambda: "%r as a buffer, not %r" % (want, clipboard(t)))
            t.wait_text("copied ")
        t.type("yl")
        wait_for(lambda: "end" in clipboard(t), "the command line")
        contains(clipboard(t), " a b ?]2;evil? end", "the command line, made harmless")
        t.type("yy")
        wait_for(lambda: clipboard(t).startswith(str(w.pid) + " "), "the line")
        t.type("yg")
        t.wait_text("no GPU% is known")
        t.type("q")
        equal(t.wait_end(), 0, "status")


@test
def yank_reads_what_no_column_shows():
    with Family() as w, screen(*only(w.pid)) as t:
        wait_shown(t, w.pids)
        want = lib.by_pid(lib.snapshot("-p", str(w.pid), "-c", "pid,unit,container"))[w.pid]
        for key, name in (("s", "unit"), ("c", "container")):
            t.type("y" + key)
            if name in want:
                t.wait_text("copied " + name)
            else:
                t.wait_text("no %s is known" % name)


@test
def yank_passes_through_tmux():
    """tmux may be set not to take the text for itself: what goes out is wrapped as well."""
    with Family() as w, screen(*only(w.pid)) as t:
        t.tmux("set", "-s", "set-clipboard", "external")
        wait_shown(t, w.pids)
        t.type("yp")
        t.wait_text("copied PID")
        wait_for(lambda: b"\x1bPtmux;\x1b\x1b]52;c;" in t.raw(), "the wrapped sequence")


@test
def yank_through_screen():
    with Family() as w, screen(*only(w.pid), env={"TERM": "screen", "TMUX": None, "STY": "1.x"}) as t:
        wait_shown(t, w.pids)
        t.type("yp")
        t.wait_text("copied PID")
        wait_for(lambda: b"\x1bP\x1b]52;c;" in t.raw(), "the wrapped sequence")


@test
def yank_without_a_clipboard():
    with Family() as w, screen(*only(w.pid), env={"TERM": "vt100"}) as t:
        wait_shown(t, w.pids)
        t.type("yp")
        t.wait_text("no clipboard")
        check(b"]52;" not in t.raw(), "a VT100 was sent a sequence that it would print")


@test
def visual_yank_and_tag():
    with Family(4) as w, screen(*only(*w.pids)) as t:
        pids = wait_shown(t, w.pids)
        t.type("jVjj")
        t.wait_text("VISUAL: 3")
        t.type("kjyp")
        wait_for(lambda: clipboard(t) == "\n".join(map(str, pids[1:4])), "three PIDs")
        t.wait(lambda l: not any("VISUAL" in x for x in l), "the mode to end")
        t.type("Vk yp")         # tags the range, then copies what is tagged
        wait_for(lambda: clipboard(t) == "\n".join(map(str, pids[2:4])), "the tagged ones")


@test
def visual_kill():
    """The range and nobody else."""
    with Family(4) as w, screen(*only(*w.children)) as t:
        pids = wait_shown(t, w.children)
        t.type("jVj")
        t.wait_text("VISUAL: 2")
        t.keys("F9")
        t.wait_text("Send signal:")
        t.type("9")
        t.keys("Enter")
        t.wait_text("to these 2 processes?")
        time.sleep(0.4)         # keys that come sooner are not an answer
        t.keys("Enter")

        def dead(pid):
            return not os.path.exists("/proc/%d" % pid) or lib.stat(pid).state in "ZX"
        wait_for(lambda: dead(pids[1]) and dead(pids[2]), "the two to end")
        equal([dead(p) for p in pids], [False, True, True, False], "who is dead")


@test
def visual_choices():
    """What else there is for a range: each of it, and nobody else."""
    with Family(4) as w, screen(*only(*w.children)) as t:
        pids = wait_shown(t, w.children)

        def each(read, want, what):
            wait_for(lambda: [read(p) for p in pids] == [want if p in pids[1:3] else before for p in pids],
                     lambda: "%s: %r\n%s" % (what, [read(p) for p in pids], t.text()))

        def choose(key, title, *answer):
            t.type("ggjVj")
            t.wait_text("VISUAL: 2")
            t.type(key)
            t.wait_text(title)
            t.type(answer[0])
            t.keys("Enter")
            t.wait_text("these 2 processes?")
            time.sleep(0.4)         # keys that come sooner are not an answer
            t.keys("Enter")

        cpus = sorted(os.sched_getaffinity(0))
        before = os.sched_getaffinity(pids[0])
        choose("a", "CPUs to use:", "n ")
        each(os.sched_getaffinity, {cpus[0]}, "CPUs")
        before = os.sched_getscheduler(pids[0])
        choose("Y", "Policy:", "b")
        each(os.sched_getscheduler, os.SCHED_BATCH, "policies")

        def io(pid):
            out = subprocess.run(["ionice", "-p", str(pid)], stdout=subprocess.PIPE, timeout=lib.PATIENCE)
            return out.stdout.decode().strip()
        lib.need_command("ionice")
        before = io(pids[0])
        choose("i", "I/O priority:", "id")
        each(io, "idle", "I/O priorities")


@test
def visual_tags_branches():
    with Family(3) as w, screen(*only(*w.pids)) as t:
        pids = wait_shown(t, w.pids)
        t.keys("Home")
        at = pids.index(w.pid)
        t.type("j" * at + "Vc")
        t.wait(lambda l: not any("VISUAL" in x for x in l), "the mode to end")
        t.type("yp")
        wait_for(lambda: clipboard(t) == "\n".join(map(str, pids)), "all of the branch")


@test
def visual_stands_still():
    with Family(3) as w, screen(*only(*w.children)) as t:
        wait_shown(t, w.children)
        t.type("Vj")
        t.wait_text("VISUAL: 2")
        os.kill(w.children[-1], signal.SIGKILL)
        time.sleep(0.7)         # some samples would be taken
        equal(lib.table_of(t.lines()).row(w.children[-1]).split()[7], "S", "the state in the table")
        t.keys("Escape")
        t.wait(lambda l: (lib.table_of(l).row(w.children[-1]) or "a b c d e f g Z").split()[7] == "Z",
               "the table to go on")


@test
def folds():
    with Family(2) as w, screen(*only(*w.pids), "-t") as t:
        wait_shown(t, w.pids)
        t.keys("Home")
        for keys, want in (("zc", [w.pid]), ("zo", w.pids), ("za", [w.pid]), ("za", w.pids),
                           ("jzc", [w.pid]), ("zR", w.pids), ("zM", [w.pid]), ("zO", w.pids),
                           ("jzC", [w.pid]), ("zR", w.pids)):
            t.type(keys)
            wait_shown(t, want)


@test
def pending_prefix():
    """It is shown; what completes nothing is a key of its own."""
    with Family() as w, screen(*only(w.pid)) as t:
        wait_shown(t, w.pids)
        t.type("z")
        t.wait(lambda l: l[-1].rstrip().endswith(" z"), "the z on the bar")
        t.type("?")
        t.wait_text("pitstop: keys")


@test
def jumps():
    with Family(30) as w, screen(*only(*w.pids), rows=20) as t:
        t.wait_table()
        t.type("ggjj")
        equal(cursor(t), w.pids[2], "where it began")
        t.type("G")
        equal(cursor(t), w.pids[-1], "the end")
        t.keys("C-o")
        equal(cursor(t), w.pids[2], "back")
        t.keys("M-o")
        equal(cursor(t), w.pids[-1], "forward")


@test
def pan():
    with Family(30) as w, screen(*only(*w.pids), rows=20) as t:
        t.wait_table()
        t.type("ggjjj")
        t.keys("S-Down")
        wait_for(lambda: shown(t)[:1] == w.pids[1:2], "one line further")
        t.keys("M-Up")
        wait_for(lambda: shown(t)[:1] == w.pids[:1], "one line back")


@test
def escape_hides_the_cursor():
    with Family() as w, screen(*only(w.pid)) as t:
        wait_shown(t, w.pids)

        def marked():       # on cyan
            return any(str(w.pid) in l and "\x1b[46m" in l for l in t.lines(escapes=True)[:-1])
        wait_for(marked, lambda: "the cursor %r" % t.lines(escapes=True)[:-1])
        t.keys("Escape")
        wait_for(lambda: not marked(), "no cursor")
        t.type("j")
        wait_for(marked, "the cursor again")


lib.main()
