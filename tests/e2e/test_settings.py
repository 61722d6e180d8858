"""What a person owns: config.yaml on disk, saving, htop's file, tabs, themes."""
import os
import re
import subprocess
import time

import lib
from lib import NOBODY, PITSTOP, Skip, Tmux, Workload, check, equal, need_command, need_root, run, table_of, test, wait_for

COMMENTED = """# mine
delay: 200ms   # fast
future_key: [1, 2] # of a newer pitstop

hide_kernel_threads: true # no kernel
tabs:
  # the first
  - name: Main
    columns: [pid, user, nice, comm]   # few
    sort: pid
"""


def home(text=None, mode=0o644):
    """A folder for XDG_CONFIG_HOME, and the path of the file in it."""
    folder = lib.scratch()
    path = os.path.join(folder, "pitstop", "config.yaml")
    if text is not None:
        os.mkdir(os.path.dirname(path))
        put(path, text)
        os.chmod(path, mode)
    return folder, path


def put(path, text):
    with open(path, "w") as f:
        f.write(text)


def get(path):
    return lib.read(path).decode()


def env_of(folder, **more):
    return lib.environment(XDG_CONFIG_HOME=folder, **more)


class Screen(Tmux):
    """pitstop with a configuration, its messages in a file."""

    def __init__(self, folder, *args, env=None, **how):
        self.errors = os.path.join(lib.scratch(), "err")
        script = 'exec "$0" "$@" 2>%s' % lib.quote(self.errors)
        super().__init__("sh", "-c", script, PITSTOP, *args, env={"XDG_CONFIG_HOME": folder, **(env or {})}, **how)
        self.wait_table()

    def save(self, expect):
        self.keys("C-s")
        self.wait_text(expect)

    def heading(self):
        t = table_of(self.lines())
        return t.heading.split() if t else []

    def wait_heading(self, *words):
        return self.wait(lambda lines: (lambda t: t and t.heading.split()[:len(words)] == list(words))(table_of(lines)),
                         "the columns " + " ".join(words))


def batch_heading(*args, **more):
    r = run("--batch", "--once", "-d", "50ms", *args, **more)
    line = next((l for l in r.text.splitlines() if re.match(r"\s*PID\b", l)), "")
    return r, line.split()


# ---- reading ----------------------------------------------------------------------

@test
def generated_config():
    r = run("--generate-config")
    equal((r.status, r.err), (0, ""), "status and messages")
    check("# " in r.text and re.search(r"^delay: 1s$", r.text, re.M), "no comments or no delay:\n" + r.text)
    path = os.path.join(lib.scratch(), "c.yaml")
    put(path, r.text)
    r2 = run("--config", path, "--batch", "--once", "-d", "50ms")
    equal((r2.status, r2.err), (0, ""), "what is generated is taken without a word")
    try:
        import yaml
    except ImportError:
        return
    check(len(yaml.safe_load(r.text)) > 15, "it is no YAML to others")


@test
def named_config_wrong():
    path = os.path.join(lib.scratch(), "c.yaml")
    for text, line in (("delay: 1s\nfoo\n", 2), ("tabs: [\n", 1), ("a: 'x\n", 1), ("delay: 1s\n\tx: 1\n", 2)):
        put(path, text)
        for output in ("--batch", "--json"):
            r = run("--config", path, output, "--once", "-d", "50ms")
            equal((r.status, r.out), (2, b""), "status and output for %r" % text)
            check(r.err.startswith("pitstop: %s:%d: " % (path, line)), r.err)
    fifo = path + ".fifo"
    os.mkfifo(fifo)
    big = path + ".big"
    put(big, "# x\n" * 20000)
    for bad, why in ((path + ".none", "No such file"), (fifo, "not a regular file"), (lib.scratch(), "Is a directory"),
                     (big, "File too large"), ("/dev/zero", "File too large")):
        r = run("--config", bad, "--once", "--batch")
        equal(r.status, 2, "status for " + bad)
        check(r.err.startswith("pitstop: %s: %s" % (bad, why)), r.err)
    r = run("--config", "/dev/null", "--once", "--batch", "-d", "50ms")
    equal((r.status, r.err), (0, ""), "an empty one")


@test
def found_config_wrong():
    text = "tabs:\n  - columns: [pid, nice, comm, foo]\nfoo: 1\ndelay: never\nmouse: [\nhide: }\n"
    folder, path = home(text)
    r, heading = batch_heading(env=env_of(folder))
    equal((r.status, heading), (0, ["PID", "NI", "COMM"]), "status and columns")
    for line in (2, 3, 4):
        check("pitstop: %s:%d: " % (path, line) in r.err, "nothing about line %d:\n%s" % (line, r.err))
    equal(get(path), text, "the file")


@test
def places():
    folder, path = home("tabs: [{columns: [pid, nice]}]")
    own = os.path.join(lib.scratch(), ".config")
    os.makedirs(os.path.join(own, "pitstop"))
    put(os.path.join(own, "pitstop", "config.yaml"), "tabs: [{columns: [pid, ppid]}]")
    named = os.path.join(folder, "named")
    put(named, "tabs: [{columns: [pid, user]}]")
    in_home = dict(HOME=os.path.dirname(own))
    equal(batch_heading(env=env_of(folder, **in_home))[1], ["PID", "NI"], "XDG_CONFIG_HOME")
    equal(batch_heading(env=env_of(None, **in_home))[1], ["PID", "PPID"], "HOME")
    equal(batch_heading(env=env_of("not/absolute", **in_home))[1], ["PID", "PPID"], "one to be ignored")
    equal(batch_heading("--config", named, env=env_of(folder))[1], ["PID", "USER"], "--config")
    equal(batch_heading("-c", "pid,comm", env=env_of(folder))[1], ["PID", "COMM"], "-c wins")


@test
def place_of_somebody_else():
    """Another user's folder that is closed, as after su: no word about it."""
    need_root()
    need_command("setpriv")
    folder, _ = home("delay: [")
    os.chmod(folder, 0o700)
    p = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--clear-groups", lib.shared_copy(), "--batch", "--once",
                        "-d", "50ms", "--backend", "proc"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       env=env_of(folder), timeout=lib.PATIENCE)
    equal((p.returncode, p.stderr), (0, b""), "status and messages")


@test
def not_for_programs():
    folder, _ = home("tabs: [{columns: [pid], sort: pid, tree: yes}]\nhide_kernel_threads: no\ndelay: 50ms\n")
    plain, ours = lib.snapshot(), lib.snapshot(env=env_of(folder))

    def fields(o):      # of all: what is not known of one has no field there
        return sorted({k for p in o["processes"] for k in p if "_per_s" not in k})
    equal(fields(ours), fields(plain), "fields of a process")
    check(not any(p["kernel"] for p in ours["processes"]), "kernel threads that nobody asked for")
    o = lib.objects("--once", env=env_of(folder))[-1]
    check(o["interval"] < 0.9, "the delay of the configuration does not hold: %s" % o["interval"])


@test
def delay_of_each_run():
    """-d wins over the file, and neither is saved for the next run."""
    folder, path = home("delay: 1m\nsave_on_exit: true\n")
    with Screen(folder, "-d", "50ms", "-n", "3") as t:
        equal(t.wait_end(), 0, "status")
    equal(get(path), "delay: 1m\nsave_on_exit: true\n", "the file")


@test
def rights_of_the_person():
    """Capabilities of the binary open no file for who has no right to it."""
    need_root()
    need_command("setcap")
    need_command("setpriv")
    binary = lib.shared_copy()
    p = subprocess.run(["setcap", "cap_dac_read_search,cap_dac_override,cap_sys_ptrace+ep", binary],
                       stderr=subprocess.PIPE)
    if p.returncode:
        raise Skip("no file capabilities here: " + p.stderr.decode().strip())
    folder = lib.scratch()
    os.chmod(folder, 0o755)
    secret = os.path.join(folder, "secret")
    put(secret, "hunter2: 1\n")
    os.chmod(secret, 0o600)
    p = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", binary,
                        "--config", secret, "--batch", "--once"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       env=lib.environment(), timeout=lib.PATIENCE)
    equal(p.returncode, 2, "status")
    check(b"hunter2" not in p.stderr and b"Permission denied" in p.stderr, p.stderr)


# ---- saving -----------------------------------------------------------------------

@test
def save_keeps_the_rest():
    folder, path = home(COMMENTED, 0o640)
    with Screen(folder) as t:
        equal(get(path), COMMENTED, "before it is asked for")
        t.save("nothing to save")
        t.keys("K")
        t.save("saved to " + path)
        equal(get(path), COMMENTED.replace("threads: true # no", "threads: false # no"), "the file")
        t.keys("N", "I")
        t.save("saved to")
    want = COMMENTED.replace("threads: true # no", "threads: false # no").replace("sort: pid", "sort: PID:desc")
    equal(get(path), want, "the file in the end")
    equal(os.stat(path).st_mode & 0o7777, 0o640, "its mode")
    equal(os.listdir(os.path.dirname(path)), ["config.yaml"], "what else is in the folder")


@test
def save_the_first():
    folder, path = home()
    with Screen(folder) as t:
        t.keys("H")
        t.save("saved to " + path)
    check(re.fullmatch(r"#.*\nhide_user_threads: false\n", get(path)), get(path))
    equal(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700, "mode of the folder")
    with Screen(folder) as t:
        t.keys("H")
        t.save("saved to " + path)
    check(re.fullmatch(r"#.*\nhide_user_threads: true\n", get(path)), get(path))


@test
def save_the_view_of_cgroups():
    folder, path = home()
    with Screen(folder, cols=200) as t:
        t.keys("Tab", "Tab")
        t.wait_text("PROCS")
        t.keys("A", "M")
        t.wait(lambda lines: any("UNIT" in line and "MEMORY\u25bd" in line for line in lines), "another column and order")
        t.save("saved to " + path)
        t.save("nothing to save")
    check(re.fullmatch(r"#.*\ncgroups: {columns: \[PROCS, .*, UNIT, CPUMX\], sort: CPU%:desc, "
                       r"tree_sort: MEMORY:desc, tree: true}\n", get(path)), get(path))
    with Tmux(PITSTOP, "--view", "cgroups", cols=160, env={"XDG_CONFIG_HOME": folder}) as t:
        t.wait(lambda lines: any("UNIT" in line and "MEMORY\u25bd" in line for line in lines), "what was saved")
        t.keys("t")
        t.wait(lambda lines: any("CPU%\u25bd" in line for line in lines), "the order of the list")


@test
def save_through_own_link():
    folder, path = home("")
    target = os.path.join(lib.scratch(), "dotfiles.yaml")
    put(target, "# kept\nhide_kernel_threads: yes\n")
    os.remove(path)
    os.symlink(target, path)
    with Screen(folder) as t:
        t.keys("K")
        t.save("saved to " + path)
    check(os.path.islink(path), "the link was replaced")
    equal(get(target), "# kept\nhide_kernel_threads: false\n", "what it leads to")


def refused(prepare, why, text="hide_kernel_threads: true\n"):
    """K and Ctrl-S where the file has been prepared: refused, nothing touched."""
    folder, path = home(text)
    touched = prepare(path) or path
    with Screen(folder) as t:
        before = os.path.isfile(touched) and (get(touched), os.stat(touched).st_ino)
        kind = os.path.islink(path)
        t.keys("K")
        t.save(why)
        t.wait_text("nothing is saved")
        equal(os.path.isfile(touched) and (get(touched), os.stat(touched).st_ino), before, "the file")
        equal(os.path.islink(path), kind, "whether it is a link")
        equal([n for n in os.listdir(os.path.dirname(path)) if n != "config.yaml"], [], "left behind")


@test
def save_refused_foreign_link():
    need_root()

    def prepare(path):
        target = os.path.join(lib.scratch(), "theirs")
        put(target, "hide_kernel_threads: true\n")
        os.chown(target, NOBODY, NOBODY)
        os.remove(path)
        os.symlink(target, path)
        return target
    refused(prepare, "it is not yours")


@test
def save_refused_dangling_link():
    def prepare(path):
        os.remove(path)
        os.symlink(os.path.join(lib.scratch(), "nowhere"), path)
        return os.readlink(path)
    refused(prepare, "leads nowhere")


@test
def save_refused_foreign_file():
    need_root()
    refused(lambda path: os.chown(path, NOBODY, NOBODY), "it is not yours")


@test
def save_refused_foreign_folder():
    need_root()
    refused(lambda path: os.chown(os.path.dirname(path), NOBODY, NOBODY), "not yours alone")
    refused(lambda path: os.chmod(os.path.dirname(path), 0o777), "not yours alone")


@test
def save_refused_no_file():
    def prepare(path):
        os.remove(path)
        os.mkfifo(path)
    refused(prepare, "not a regular file")


@test
def save_refused_folder_read_only():
    refused(lambda path: os.chmod(os.path.dirname(path), 0o555), "Permission denied")


@test
def save_refused_errors():
    for text, why in (("hide_kernel_threads: true\nfoo\n", ":2: "), ("delay: soon\n", "soon"),
                      ("tabs:\n  - columns: [pid, nice, nonsense]\n", "nonsense")):
        refused(lambda path: None, why, text)


@test
def save_refused_folder():
    """Nobody makes folders in /sys: why the first could not be made is what is said."""
    need_root()
    with Screen("", env={"HOME": "/sys"}) as t:
        t.keys("K")
        t.save("Permission denied")
        t.wait_text("nothing is saved")


@test
def save_changed_meanwhile():
    folder, path = home(COMMENTED)
    with Screen(folder) as t:
        put(path, COMMENTED.replace("delay: 200ms", "delay: 300ms") + "theme: mc\n")
        t.keys("K")
        t.save("changed meanwhile")
        equal(get(path), COMMENTED.replace("delay: 200ms", "delay: 300ms").replace("true # no", "false # no") +
              "theme: mc\n", "both changes")
        put(path, "delay: [\n")
        t.keys("K")
        t.save("nothing is saved")
        equal(get(path), "delay: [\n", "a file that was broken meanwhile")


@test
def save_on_exit():
    for args, text, keys, saved in (((), "save_on_exit: true\n", ("K", "q"), True), (("--save",), "", ("K", "F10"), True),
                                    ((), "save_on_exit: true\n", ("K", "C-c"), False), ((), "", ("K", "q"), False),
                                    (("-k", "--save"), "", ("q",), False)):
        folder, path = home(text)
        with Screen(folder, *args) as t:
            t.keys(*keys)
            equal(t.wait_end(), 130 if "C-c" in keys else 0, "status")
        equal(get(path), text + ("hide_kernel_threads: false\n" if saved else ""), "%s %s" % (args, keys))
    folder, path = home("delay: 100ms\n")
    with Screen(folder, "--save") as t:
        t.keys("K")
        put(path, "[\n")
        t.keys("q")
        equal(t.wait_end(), 1, "status where saving fails")
        check("pitstop: settings: " in get(t.errors), get(t.errors))


# ---- htop's file ------------------------------------------------------------------

NEWER = """htop_version=9.9
config_reader_min_version=9
hide_kernel_threads=0
delay=3
header_layout=two_33_67
column_meters_0=AllCPUs
column_meter_modes_0=1
color_scheme=4
screen:Mine=PID NICE M_RESIDENT NO_SUCH_COLUMN PERCENT_CPU Command
.sort_key=NICE
.sort_direction=-1
.tree_view=0
screen:Two=PID PPID
.sort_key=PID
.tree_view=1
"""


@test
def htoprc_newer():
    folder, path = home()
    rc = os.path.join(lib.scratch(), "htoprc")
    put(rc, NEWER)
    with Screen(folder, "--import-htoprc=" + rc) as t:
        t.wait_heading("PID", "NI▽", "RES", "CPU%", "Command")
        t.wait_text("[Mine] [Two]")
        err = get(t.errors)
        check("%s:2: \"9\"" % rc in err and "newer htop" in err and "NO_SUCH_COLUMN" in err, err)
        check(not os.path.exists(path), "it was written without being asked for")
        t.save("saved to " + path)
        t.keys("q")
        t.wait_end()
    check("name: Mine" in get(path) and "hide_kernel_threads: false" in get(path) and "theme: mc" in get(path), get(path))
    with Screen(folder) as t:
        t.wait_heading("PID", "NI▽", "RES", "CPU%", "Command")
        equal(get(t.errors), "", "messages about what was saved")


@test
def htoprc_of_htop():
    """As the htop that is installed writes it."""
    need_command("htop")
    folder, _ = home()
    os.mkdir(os.path.join(folder, "htop"))
    rc = os.path.join(folder, "htop", "htoprc")
    with Tmux("htop", env={"XDG_CONFIG_HOME": folder, "HTOPRC": rc}) as t:
        t.wait_text("PID")
        t.keys("t", "N", "F10")
        t.wait_end()
    check(os.path.exists(rc), "htop has written no file")
    with Screen(folder, "--import-htoprc") as t:
        t.wait_heading("PID△USER", "PRI", "NI", "VIRT", "RES", "SHR", "S", "CPU%", "MEM%", "TIME+", "Command")
        t.wait_text("F5List")
        check("newer" not in get(t.errors) and "PERCENT_CPU" not in get(t.errors), get(t.errors))
    r = run("--import-htoprc", "--generate-config", env=env_of(folder))
    equal(r.status, 0, "status")
    check("SHR" in r.text and "AllCPUs bar" in r.text and "tree: true" in r.text, r.text)


@test
def htoprc_none():
    r = run("--import-htoprc", "--once", "--batch", env=env_of("/nonexistent", HOME="/nonexistent"))
    equal(r.status, 2, "status")
    check(r.err.startswith("pitstop: --import-htoprc: there is none"), r.err)
    r = run("--import-htoprc=/nonexistent/rc", "--once", "--batch")
    equal(r.status, 2, "status")
    check(r.err.startswith("pitstop: /nonexistent/rc: No such file"), r.err)


# ---- tabs -------------------------------------------------------------------------

@test
def tabs():
    with Tmux(PITSTOP, "-d", "200ms") as t:
        t.wait_text("[Main] [I/O]")
        main = lambda lines: any("MEM%" in l and "PID" in l for l in lines)
        io = lambda lines: any("READ/s" in l and "PID" in l for l in lines)
        t.wait(main, "the first tab")
        t.keys("Tab")
        t.wait(io, "the second tab")
        t.keys("N")
        t.wait_text("PID△")
        t.keys("BTab")
        t.wait_text("CPU%▽")
        t.keys("Tab")
        t.wait_text("PID△")
        row = next(i for i, l in enumerate(t.lines()) if "[Main]" in l)
        t.send(b"\x1b[<0;4;%dM\x1b[<0;4;%dm" % (row + 1, row + 1))
        t.wait(main, "the first tab, clicked")
        t.resize(80, 9)
        t.wait(lambda lines: not any("[Main]" in l for l in lines), "a small screen without the line")


@test
def tabs_of_ones_own():
    folder, _ = home("tabs:\n  - name: 'A\u202e b'\n    columns: [pid, comm]\n  - {name: B, columns: [pid, nice], "
                     "tree: true}\n  - {name: C, columns: [pid, user], sort: user}\nshow_meters: no\n"
                     "show_function_bar: no\n")
    with Screen(folder) as t:
        t.wait_heading("PID", "COMM")
        t.wait_text("[A? b] [B] [C]")
        check(not any("F1Help" in l or "Mem[" in l for l in t.lines()), t.text())
        t.keys("Tab")
        t.wait_heading("PID△", "NI")
        t.keys("Tab")
        t.wait_heading("PID", "USER△")


@test
def following_that_sticks():
    """Esc ends following, unless follow_sticky holds it."""
    # a followed row is black on yellow, one that is only selected on cyan
    for text, colour in (("", "46"), ("follow_sticky: true\n", "43")):
        folder, _ = home(text)
        with Workload("sleeper") as w, Screen(folder, "-p", str(w.pid), "-d", "100ms") as t:
            row = lambda: next((l for l in t.lines(escapes=True) if re.search(r"\b%d\b" % w.pid, l)), "")
            t.keys("F")
            wait_for(lambda: "43" in row()[:20], "the row followed")
            t.keys("Escape")
            time.sleep(0.3)         # else it is Alt-h
            t.keys("h")
            t.wait_text("pitstop: keys")
            t.keys("q")
            t.wait_table()
            wait_for(lambda: colour in row()[:20], lambda: "colour %s: %r" % (colour, row()))


# ---- colours ----------------------------------------------------------------------

def colours(folder, *args, **env):
    with Screen(folder, "-d", "100ms", *args, env=env) as t:
        t.keys("q")
        t.wait_end()
        return t.raw_settled()


@test
def themes_and_depths():
    folder, _ = home("theme: gruvbox-dark\ncolors: {header: \"#123456 on 200 underline\"}\n")
    raw = colours(folder, COLORTERM="truecolor")
    header = re.search(rb"\x1b\[[0-9;]*\b4;38;2;18;52;86;48;5;200m", raw)
    check(b"48;2;40;40;40" in raw and header, "true colour: %r" % raw[:800])
    raw = colours(folder, COLORTERM=None)
    check(b"38;2;" not in raw and b"48;5;235" in raw and b";38;5;" in raw, "256: %r" % raw[:800])
    raw = colours(folder, TERM="linux")
    check(b"38;" not in raw and b"48;" not in raw and re.search(rb"\x1b\[([0-9]+;)*32(;40)?m", raw), "8: %r" % raw[:800])
    deep, _ = home("theme: nord\ncolor_depth: 16\n")
    raw = colours(deep, COLORTERM="truecolor")
    check(b"38;" not in raw and b";32" in raw, "color_depth does not hold: %r" % raw[:800])
    check(not re.search(rb"\x1b\[[0-9;]*3[0-9][;m]", colours(deep, "-C")), "color_depth wins over -C")
    for args, env in (((), {"NO_COLOR": "1"}), (("-C",), {}), (("--no-colour",), {}), (("--color", "never"), {})):
        raw = colours(folder, *args, **env)
        check(not re.search(rb"\x1b\[[0-9;]*(3|4|9|10)[0-9][;m]", raw), "none: %r" % raw[:800])
    plain, _ = home("theme: mono\n")
    check(not re.search(rb"\x1b\[[0-9;]*(3|4|9|10)[0-9][;m]", colours(plain)), "mono has colours")


# ---- htop's options ---------------------------------------------------------------

@test
def options_of_htop():
    with Tmux(PITSTOP, "-U", "-M", "--no-meters", "--no-functionbar", "--sort-key", "PID", "--readonly", "-d", "200ms") as t:
        t.wait_table()
        equal(t.modes()[1], "0", "the mouse")
        check(t.text().isascii() and "Mem[" not in t.text() and "F1Help" not in t.text(), t.text())
        t.wait_text("PID^")
    equal(run("--max-iterations", "1", "-b", "-d", "50ms").status, 0, "--max-iterations")


if __name__ == "__main__":
    lib.main()
