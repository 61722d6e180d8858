"""Keys and gestures that htop's users have in their fingers, driven in the real
program; tests/e2e/habits.tsv says which test has which."""
import os
import re
import signal
import subprocess
import time

import lib
from family import Family, click, cursor, only, screen, shown, wait_shown
from lib import check, equal, table_of, test, wait_for


@test
def moving():
    """Each key from a known line to the one that it has to reach."""
    with Family(60) as w, screen(*only(*w.pids), rows=24) as t:
        t.wait_table()
        t.type("yp")            # what it says takes a line while it is there
        t.wait_text("copied PID")
        body = len(shown(t))
        for keys, want in ((("Down",), 1), (("C-n",), 1), (("M-j",), 1), (("j",), 1), (("Down", "Down", "Up"), 1),
                           (("Down", "Down", "C-p"), 1), (("Down", "Down", "M-k"), 1), (("NPage",), body - 1),
                           (("NPage", "PPage"), 0), (("End",), 60), (("G",), 60), (("End", "Home"), 0),
                           (("End", "g", "g"), 0), (("C-d",), body // 2), (("C-d", "C-u"), 0)):
            t.keys("Home")
            t.keys(*keys)
            equal(cursor(t), w.pids[want], "the cursor after Home and %s" % " ".join(keys))


@test
def scrolling_sideways():
    with Family(0, "x" * 150 + "END") as w, screen(*only(w.pid), cols=80) as t:
        heading = t.wait_table().heading

        def at(n):
            return lambda lines: any(line.rstrip() == heading[n:].rstrip() for line in lines)
        for keys, n in ((("Right",), 5), (("C-f",), 10), (("M-l",), 15), (("Left",), 10), (("C-b",), 5), (("M-h",), 0)):
            t.keys(*keys)
            t.wait(at(n), "%d columns scrolled after %s" % (n, keys))
        for end, begin in (("$", "^"), ("C-e", "C-a")):
            t.keys(end)
            t.wait(lambda lines: any("END" in line for line in lines), "the end of the line after %s" % end)
            t.keys(begin)
            t.wait(at(0), "its begin after %s" % begin)


@test
def sort_menu_by_every_key():
    with Family(1) as w, screen(*only(*w.pids)) as t:
        wait_shown(t, w.pids)
        for key in ("F6", "<", ">", ",", ".", "S-F6"):
            t.keys(key)
            t.wait_text("Sort by")
            t.keys("Escape")
            t.wait(lambda lines: not any("Sort by" in line for line in lines), "the menu to close")
        t.keys("F5")
        wait_shown(t, w.pids)
        t.keys("Home", "S-F6")
        wait_shown(t, [w.pid])


@test
def fold_keys():
    with Family(2) as w, screen(*only(*w.pids), "-t") as t:
        wait_shown(t, w.pids)
        t.keys("Home")
        for key, want in (("+", [w.pid]), ("=", w.pids), ("-", [w.pid]), ("+", w.pids), ("*", [w.pid]), ("*", w.pids)):
            t.keys(key)
            wait_shown(t, want)
        t.keys("-")
        row = t.wait(lambda lines: (lambda tab: tab and len(tab.rows) == 1 and tab.rows[0])(table_of(lines)), "one row")
        check(re.search(r"\+.*sh -c", row), "no + at what is folded: %r" % row)
        t.keys("+", "Down", "BSpace")
        wait_shown(t, [w.pid])
        equal(cursor(t), w.pid, "the cursor, on the parent")


@test
def a_deep_tree():
    """Deeper than 31 levels, where htop's bit mask ends."""
    depth = 40
    script = "n=$1; if [ $n -gt 0 ]; then sh -c \"$0\" \"$0\" $((n-1)) & fi; sleep 600 & wait"
    p = subprocess.Popen(["sh", "-c", script, script, str(depth)], start_new_session=True)
    try:
        def line_of_descent():
            pids = [p.pid]
            while True:
                below = [c for c in lib.children_of(pids[-1]) if lib.stat(c).comm == b"sh"]
                if not below:
                    return pids if len(pids) == depth + 1 else None
                pids.append(below[0])
        pids = wait_for(line_of_descent, "the deepest")
        with screen(*only(*pids), "-t", cols=300, rows=60) as t:
            table = t.wait(lambda lines: (lambda tab: tab and len(tab.pids) == depth + 1 and all("sh -c" in r for r in tab.rows)
                                          and tab)(table_of(lines)), "all")
            equal(table.pids, pids, "the order")
            places = [row.index("sh -c") for row in table.rows]
            equal({b - a for a, b in zip(places[1:], places[2:])}, {3}, "the step of a level")
    finally:
        os.killpg(p.pid, signal.SIGKILL)
        p.wait()


@test
def follow_twice():
    with Family(2) as w, screen(*only(*w.pids)) as t:
        wait_shown(t, w.pids)
        for keys, on in (("F", True), ("F", False), ("F", True)):
            t.type(keys)
            t.wait(lambda lines: ("FOLLOW" in lines[-1]) == on, "FOLLOW on the bar: %s" % on)
        t.keys("Escape")
        t.wait(lambda lines: "FOLLOW" not in lines[-1], "no FOLLOW after Esc")


@test
def invert_and_redraw():
    with Family(3) as w, screen(*only(*w.pids), "-d", "1h") as t:
        pids = wait_shown(t, w.pids)
        t.type("I")
        wait_for(lambda: shown(t) == pids[::-1], "the other way round")
        before = len(t.raw())
        t.keys("C-l")
        wait_for(lambda: b"Command" in t.raw()[before:], "all of it again")


@test
def help_by_every_key():
    with Family() as w, screen(*only(*w.pids)) as t:
        for key in ("F1", "h", "?"):
            wait_shown(t, w.pids)
            t.keys(key)
            t.wait_text("pitstop: keys")
            t.keys("q")


# ---- mouse ------------------------------------------------------------------------

@test
def click_on_the_function_bar():
    with Family() as w, screen(*only(*w.pids)) as t:
        wait_shown(t, w.pids)
        rows = int(t.ask("pane_height"))
        for label, sign in (("F1Help", "pitstop: keys"), ("F3Search", "Search:"), ("F4Filter", "Filter:"),
                            ("F6SortBy", "Sort by"), ("F9Kill", "Send signal:")):
            click(t, rows - 1, t.lines()[-1].index(label) + 3)
            t.wait_text(sign)
            t.keys("Escape")
            wait_shown(t, w.pids)
            t.wait(lambda lines: lines[-1].startswith("F1Help"), "the bar")
        click(t, rows - 1, t.lines()[-1].index("F10Quit") + 4)
        equal(t.wait_end(), 0, "status")


@test
def click_on_a_row():
    with Family(3) as w, screen(*only(*w.pids), "-t") as t:
        wait_shown(t, w.pids)
        at = table_of(t.lines()).at + 1
        click(t, at + 2, 30)
        equal(cursor(t), shown(t)[2], "the cursor")
        click(t, at, 30)
        equal(cursor(t), w.pid, "the cursor")
        time.sleep(0.5)         # else it would be two clicks in one
        click(t, at, 30)
        wait_shown(t, [w.pid])
        time.sleep(0.5)
        click(t, at, 30)
        wait_shown(t, w.pids)


@test
def click_far_to_the_right():
    """Where the old encoding of places ends, column 223."""
    with Family(3) as w, screen(*only(*w.pids), cols=300) as t:
        wait_shown(t, w.pids)
        click(t, table_of(t.lines()).at + 3, 280)
        equal(cursor(t), w.pids[2], "the cursor")


@test
def wheel_and_clicks_in_menus():
    with Family() as w, screen(*only(*w.pids)) as t:
        wait_shown(t, w.pids)
        t.keys("F6")
        at = t.wait(lambda lines: next((i for i, l in enumerate(lines) if l.startswith("Sort by")), None), "the menu")
        for _ in range(3):
            t.send(b"\x1b[<65;5;10M")
        t.send(b"\x1b[<64;5;10M")
        t.keys("Enter")         # PID, and two further down
        t.wait(lambda lines: (lambda tab: tab and re.search(r"PRI\W", tab.heading.replace("PRIV", "")))(table_of(lines)) and
               "Sort by" not in "\n".join(lines), "the order by PRI")
        t.keys("F6")
        t.wait_text("Sort by")
        click(t, at + 2, 3)
        t.wait(lambda lines: not any("Sort by" in l for l in lines), "the menu to close")
        check(re.search(r"USER[^\w\s]", table_of(t.lines()).heading), "not by USER: %s" % t.text())


@test
def wheel_in_lists():
    with Family(0, *("word%d" % i for i in range(100))) as w, screen(*only(w.pid), rows=20) as t:
        wait_shown(t, w.pids)
        t.type("w")
        t.wait_text("Arguments of")
        t.wait_text("word0")
        for _ in range(3):
            t.send(b"\x1b[<65;5;10M")
        t.wait(lambda lines: not any(re.match(r"word0\b", l) for l in lines) and any("word30" in l for l in lines), "further down")
        for _ in range(4):
            t.send(b"\x1b[<64;5;10M")
        t.wait(lambda lines: any(re.match(r"word0\b", l) for l in lines), "the begin")


lib.main()
