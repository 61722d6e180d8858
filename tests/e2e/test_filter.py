"""The filter: what is plain text and what is language, who passes, what is
said of errors, how the field is edited; and its regular expressions against
those of others."""
import os
import random
import re
import subprocess

import lib
from lib import PITSTOP, Tmux, Workload, check, contains, equal, run, test, wait_for

FAST = ("-d", "200ms")
RSS = (48, 4, 4)                 # MiB of its own, of a file, shared


def pids_of(*workloads):
    return ("-p", ",".join(str(pid) for w in workloads for pid in w.pids))


def passing(text, *args):
    return set(lib.by_pid(lib.snapshot("-F", text, *args)))


def wait_pids(t, want, what):
    def right(lines):
        found = [re.match(r"\s*(\d+)[.*]?\s+\S", line) for line in lines[heading(lines) + 1:]]
        return {int(m[1]) for m in found if m} == set(want)
    t.wait(right, what)


def heading(lines):
    return next((i for i, line in enumerate(lines) if re.match(r"\s*PID\b", line)), len(lines))


def field(t):
    """What stands in the field."""
    m = re.search(r"Filter: (.*?)_?\s*$", t.lines()[-1])
    return m and m[1]


def wait_field(t, want):
    lib.wait_for(lambda: field(t) == want, lambda: "%r in the field\n%s" % (want, t.text()))


# ---- regular expressions ---------------------------------------------------------

def ask_matcher(cases):
    """1, 0 or an error for each (expression, text) in bytes."""
    lines = b"".join(b"%s %s\n" % (e.hex().encode(), t.hex().encode()) for e, t in cases)
    p = subprocess.run([os.path.join(lib.TOOLS, "regexes")], input=lines, stdout=subprocess.PIPE, timeout=lib.PATIENCE)
    answers = p.stdout.decode().splitlines()
    equal((p.returncode, len(answers)), (0, len(cases)), "status and number of answers")
    return answers


class Maker:
    """Random expressions out of given atoms and repetitions."""

    def __init__(self, seed, letters, sets, edges, times):
        self.rnd = random.Random(seed)
        self.letters, self.sets, self.edges, self.times = letters, sets, edges, times

    def atom(self, depth):
        kind = self.rnd.random()
        if kind < 0.6:
            return self.rnd.choice(self.letters)
        if kind < 0.75:
            return self.rnd.choice(self.sets)
        if kind < 0.85 or depth > 1:        # deeper, and python takes years
            return self.rnd.choice(self.edges)
        return "(" + self.either(depth + 1) + ")"

    def piece(self, depth):
        atom = self.atom(depth)
        return atom if atom in self.edges else atom + self.rnd.choice([""] * 6 + self.times)

    def row(self, depth):
        return "".join(self.piece(depth) for _ in range(self.rnd.randint(1, 4)))

    def either(self, depth):
        return "|".join(self.row(depth) for _ in range(self.rnd.choice((1, 1, 1, 2, 3))))

    def text(self, characters):
        return "".join(self.rnd.choice(characters) for _ in range(self.rnd.randint(1, 12)))


def compare(cases, wanted, whose):
    answers = ask_matcher([(e.encode(), t.encode()) for e, t in cases])
    judged = 0
    for (e, t), want, got in zip(cases, wanted, answers):
        if got.endswith("too large"):
            continue
        judged += 1
        equal(got, str(int(want)), "%s of %r in %r" % (whose, e, t))
    check(judged > 0.9 * len(cases), "only %d of %d were judged" % (judged, len(cases)))
    between = sum(map(bool, wanted)) / len(wanted)
    check(0.1 < between < 0.9, "%.2f of all match: such a test tells little" % between)


@test
def expressions_agree_with_python():
    letters = ["a", "b", "A", "0", "_", r"\.", r"\-", " ", ".", "é", "日", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S"]
    sets = ["[ab]", "[^a]", "[a-c0-9]", r"[\d_]", r"[^\w]", "[é-ü]", "[^é]", r"[\D]", "[]a]", "[-a]"]
    times = ["*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "{2,3}", "{0}"]
    make = Maker(4, letters, sets, ["^", r"\Z", r"\b", r"\B"], times)
    cases, wanted = [], []
    while len(cases) < 8000:
        e = make.either(0)
        if len(e.encode()) > 127:
            continue
        known = re.compile(e, re.IGNORECASE | re.ASCII | re.DOTALL)
        for _ in range(4):
            t = make.text("aabbcAB01_ -.é日\n")
            cases.append((e.replace(r"\Z", "$"), t))
            wanted.append(known.search(t) is not None)
    compare(cases, wanted, "python")


@test
def expressions_agree_with_grep():
    """Those that POSIX has; each matched with all texts in one run of grep."""
    make = Maker(7, ["a", "b", "B", "1", r"\.", "."], ["[ab]", "[^a]", "[a-c0-9]", "[[:digit:]]", "[^[:alpha:]]", "[]b]"],
                 ["^", "$"], ["*", "+", "?", "{2}", "{0,2}", "{1,}", "{,2}"])
    texts = sorted({make.text("aabbcAB01.-") for _ in range(60)})
    cases, wanted = [], []
    for _ in range(120):
        e = make.either(0)
        p = subprocess.run(["grep", "-nEi", "-e", e], input="\n".join(texts).encode() + b"\n", stdout=subprocess.PIPE,
                           env=lib.environment(LC_ALL="C"), timeout=lib.PATIENCE)
        hits = {int(line.split(b":")[0]) for line in p.stdout.splitlines()}
        cases += [(e, t) for t in texts]
        wanted += [i + 1 in hits for i in range(len(texts))]
    compare(cases, wanted, "grep")


# ---- who passes ------------------------------------------------------------------

@test
def the_language():
    with Workload("sleeper", "pt-Lang (sd-pam)") as a, Workload("hog", 2, 10) as b, Workload("rss", os.path.join(lib.scratch(), "file"), *RSS) as c:
        everyone = {a.pid, b.pid, c.pid}
        here = pids_of(a, b, c)
        for text, want in (
                ("pid = %d" % a.pid, {a.pid}), ("pid != %d" % a.pid, {b.pid, c.pid}), ("cpu > 5", {b.pid}),
                ("cpu > 5 and pid = %d" % a.pid, set()), ("cpu > 5 or pid=%d" % a.pid, {a.pid, b.pid}),
                ("not cpu > 5", {a.pid, c.pid}), ("nice = 10", {b.pid}), ("threads >= 2 && nice>0", {b.pid}),
                ("rss > 32m", {c.pid}), ("rss_bytes > 33554432", {c.pid}), ("rss > 1t", set()),
                ("uid = %d" % os.geteuid(), everyone), ("user = %d" % os.geteuid(), everyone),
                ("kernel = no", everyone), ("ppid = %d and not (nice=10)" % os.getpid(), {a.pid, c.pid}),
                ("command ~ pt-lang", {a.pid}), ("command ~ \"\\(sd-pam\\)$\"", {a.pid}), ("command !~ lang", {b.pid, c.pid}),
                ("command ~ \"^[^ ]+ (hog|rss)\"", {b.pid, c.pid}), ("comm = workload", everyone),
                ("pt-lang and nice = 0", {a.pid}), ("\"(sd-pam)\"", {a.pid}), ("time < 1h", everyone),
                ("exe ~ /workload$", everyone), ("state = R|S|D", everyone)):
            if "cpu" in text:       # whoever is to use it may not get to run in one window
                wait_for(lambda: passing(text, *here) == want, lambda: "%r to pass %s" % (want, text))
            else:
                equal(passing(text, *here), want, "who passes " + text)


@test
def plain_text_stays_plain():
    """Whatever an old hand may look for is found, as long as it is in the command."""
    words = ("c++", "(sd-pam)", "--user=root", "a=b", "-f", "kworker/0:1", "!x", "x&&y", "~z", "foo(bar)", "<tag>", "\"q", "it's")
    with Workload("sleeper", " ".join(words)) as w, Workload("sleeper", "pt-hay") as other:
        here = pids_of(w, other)
        for text in words + ("sd-pam) --", "a=b -f", "nothing|c++", "nowhere|c++"):
            equal(passing(text, *here), {w.pid}, "who passes " + text)


@test
def a_source_is_needed_for_its_filter():
    """Neither shows the column: what is not read is unknown, and passes nothing."""
    with Workload("sleeper", "pt-io") as w:
        for text in ("swap >= 0", "shared >= 0", "oomadj >= -1000", "write_bytes >= 0", "minflt > 0", "utime >= 0"):
            for backend in lib.backends():
                r = run("-b", "-n2", "-d", "60ms", "--backend", backend, *pids_of(w), "-F", text)
                equal(r.status, 0, "status with " + text)
                check(re.search(r"^\s*%d\b" % w.pid, r.text, re.M), "%s: %s passes nobody\n%s" % (backend, text, r.text))
        with Tmux(PITSTOP, *FAST, "--backend", "proc", *pids_of(w)) as t:
            t.wait_table()
            t.keys("F4")
            t.type("swap >= 0")
            wait_pids(t, {w.pid}, "a column that is read for the filter alone")


@test
def errors_point_at_the_character():
    for text, at, why in (("cpu > 5 andd rss > 1g", 8, "and or or"), ("user > root", 5, "words"), ("cpu > x", 6, "number"),
                          ("(cpu > 5", 0, "not closed"), ("comm = 日本 x", 12, "and or or"), ("name ~ a**", 9, "nothing to repeat"),
                          ("|x", 0, "nothing to look for"), ("time > 5", 8, "unit"), ("cpu > 5 and", 11, "missing")):
        r = run("-F", text, "--once")
        lines = r.err.split("\n")
        equal((r.status, r.out, len(lines)), (2, b"", 4), "status, output and lines for " + text)
        check(lines[0].startswith("pitstop: -F, --filter: "), lines[0])
        contains(lines[0], why, "the message")
        equal((lines[1], lines[2]), (text, " " * at + "^"), "text and mark")
    r = run("-F", "", "--once")
    equal((r.status, r.err.count("\n")), (2, 1), "an empty filter")
    r = run("-F", "cpu > \x1b]0;x\x07\u202e", "--once")
    check(not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", r.err), "hostile text: %r" % r.err)


# ---- on the screen -----------------------------------------------------------------

@test
def typing_a_filter():
    with Workload("sleeper", "pt-one") as a, Workload("sleeper", "pt-two") as b, \
            Tmux(PITSTOP, *FAST, *pids_of(a, b), cols=100) as t:
        t.wait_table()
        t.keys("F4")
        t.type("pid = %d" % a.pid)
        wait_pids(t, {a.pid}, "the one that passes")
        t.type(" and (user > root")
        t.wait_text("this column holds words: = != ~ !~ ▼")
        mark = next(line for line in t.lines() if "▼" in line).index("▼")
        equal(t.lines()[-1][mark], ">", "the character under the mark")
        wait_pids(t, {a.pid}, "the filter before, still in force")
        t.keys("Enter")
        t.wait_text("this column holds words")
        t.keys("C-w", "C-w", "C-w", "C-w")     # root, >, (user, and
        wait_field(t, "pid = %d " % a.pid)
        t.wait(lambda lines: not any("▼" in line for line in lines), "the mark to go")
        t.keys("C-u")
        t.type("pt-two and nice=0")
        wait_pids(t, {b.pid}, "another filter")
        t.keys("Enter")
        t.wait_text("FILTER: pt-two and nice=0")
        t.keys("\\")
        t.keys("Escape")
        wait_pids(t, {a.pid, b.pid}, "everyone again")


@test
def editing_the_field():
    with Workload("sleeper", "pt-one") as a, Tmux(PITSTOP, *FAST, *pids_of(a), cols=100) as t:
        t.wait_table()
        t.keys("F4")
        for keys, want in ((("a", "b", "Space", "c", "d"), "ab cd"), (("Home", "x"), "xab cd"), (("End", "y"), "xab cdy"),
                           (("Left", "Left", "z"), "xab czdy"), (("C-a", "C-f", "C-d"), "xb czdy"), (("C-e", "C-b", "BSpace"), "xb czy"),
                           (("C-Left", "1"), "xb 1czy"), (("C-Right", "2"), "xb 1czy2"), (("M-b", "3"), "xb 31czy2"),
                           (("M-f", "4"), "xb 31czy24"), (("Home", "Right", "C-k"), "x"), (("é", "日"), "xé日"),
                           (("Left", "Left", "DC"), "x日"), (("C-e", "Space", "u", "C-w"), "x日 "), (("C-u",), ""), (("p", "t"), "pt")):
            t.keys(*keys)
            wait_field(t, want)
        t.keys("Enter")
        t.wait_text("FILTER: pt")
        for text in ("one", "one"):         # the same twice is kept once
            t.keys("F4", "C-u")
            t.type(text)
            wait_field(t, text)
            t.keys("Enter")
        t.keys("F4", "C-u", "q", "Up")
        wait_field(t, "one")
        t.keys("Up", "Up")
        wait_field(t, "pt")
        t.keys("Down", "Down", "Down")
        wait_field(t, "q")
        t.type("abcdef")
        wait_field(t, "qabcdef")
        col = t.lines()[-1].index("abcdef") + 2
        t.send(b"\x1b[<0;%d;30M\x1b[<0;%d;30m" % (col, col))
        t.type("-")
        wait_field(t, "qa-bcdef")
        t.send(b"\x1b[<0;3;12M\x1b[<0;3;12m")    # a click elsewhere ends the typing
        t.wait(lambda lines: "Filter: " not in lines[-1], "the field to close")
        t.keys("F4")
        t.type("x" * 300)
        lib.wait_for(lambda: "xxx_" in t.lines()[-1], "as much as goes in")
        t.keys("Home")
        t.type("y")
        t.keys("DC", "Escape")
        wait_pids(t, {a.pid}, "everyone again")


@test
def ancestors_stay_in_the_tree():
    inner = "sleep 987654 & wait"
    p = subprocess.Popen(["sh", "-c", "sh -c '%s' & sleep 987655 & wait" % inner],
                         start_new_session=True)
    try:
        def family():
            shells = [c for c in lib.children_of(p.pid) if lib.stat(c).comm == b"sh"]
            below = lib.children_of(shells[0]) if shells else []
            return (shells[0], below[0]) if below and lib.stat(below[0]).comm == b"sleep" else None
        shell, sleeper = lib.wait_for(family, "the family")
        wanted = "command = \"sleep 987654\""
        with Tmux(PITSTOP, *FAST, "-F", wanted, cols=100, rows=60) as t:
            wait_pids(t, {sleeper}, "the list without ancestors")
            t.keys("t")
            t.wait(lambda lines: any(re.match(r"\s*%d\s" % sleeper, line) for line in lines) and
                   all(any(re.match(r"\s*%d\." % pid, line) for line in lines) for pid in (p.pid, shell)),
                   "the tree with its ancestors, marked")
            check("987655" not in t.text(), "a sibling stays too\n" + t.text())
            t.keys("F4")
            t.keys("C-u")
            t.type("pid = %d" % shell)
            t.wait(lambda lines: any(re.match(r"\s*%d\s" % shell, line) for line in lines) and
                   not any(re.match(r"\s*%d\b" % sleeper, line) for line in lines), "a match, and nothing below it")
        own = ("-p", "%d,%d" % (p.pid, sleeper), "-t")
        equal(passing(wanted, *own), {sleeper}, "JSON has no ancestors")
        with Tmux(PITSTOP, *FAST, *own, "-F", wanted, cols=100) as t:
            wait_pids(t, {sleeper}, "ancestors beyond -p do not come back")
    finally:
        os.killpg(p.pid, 9)
        p.wait()


@test
def choices_are_joined():
    with Workload("hog", 3, 10) as w, Workload("sleeper", "pt-x") as s:
        threads = {int(tid) for tid in os.listdir("/proc/%d/task" % w.pid)}
        with Tmux(PITSTOP, *FAST, *pids_of(w, s), "-F", "nice = 10", cols=100) as t:
            wait_pids(t, {w.pid}, "-p and the filter")
            t.keys("H")
            wait_pids(t, threads, "and threads")
            t.keys("K", "H")
            wait_pids(t, {w.pid}, "and none")
        equal(passing("nice = 10", *pids_of(w, s), "-u", str(os.geteuid())), {w.pid}, "and -u")
        equal(passing("nice = 10", *pids_of(w, s), "-u", "4000000000"), set(), "and -u of nobody")


@test
def on_what_only_asking_tells():
    fds = [os.open("/dev/null", os.O_RDONLY) for _ in range(150)]
    many = subprocess.Popen(["sleep", "600"], pass_fds=fds)
    for fd in fds:
        os.close(fd)
    few = subprocess.Popen(["sleep", "600"], cwd="/proc")
    try:
        own = ("-p", "%d,%d" % (many.pid, few.pid))
        equal(passing("files > 100", *own), {many.pid}, "JSON without the column")
        equal(passing("files > 100 and cwd = /proc", *own), set(), "both")
        equal(passing("not files > 100", *own, "-c", "pid,pss_bytes,exe"), {few.pid}, "and others on show")
        equal(lib.snapshot(*own, "-F", "cwd = /proc", "-c", "pid,files")["processes"],
              [{"pid": few.pid, "files": len(os.listdir("/proc/%d/fd" % few.pid))}], "a value beside it")
        r = run("-b", "-d", "60ms", "--once", *own, "-F", "fd > 100")
        check(" sleep" in r.text and str(many.pid) in r.text and str(few.pid) not in r.text, r.text)
        with Tmux(PITSTOP, *FAST, "-F", "files > 100 and name = sleep", rows=12) as t:
            wait_pids(t, {many.pid}, "whom no row on the screen had asked about")
            t.keys("F4", "C-u")
            t.type("cwd = /proc and comm = sleep")
            wait_pids(t, {few.pid}, "another that is asked for as it is typed")
    finally:
        for p in (many, few):
            p.kill()
            p.wait()


lib.main()
