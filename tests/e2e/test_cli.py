"""The command line: exit statuses, messages, plain output, broken pipes and
full devices, and that asking for help needs no privilege."""
import os
import re
import signal
import subprocess

import lib
from lib import PITSTOP, Pty, check, contains, environment, equal, run, test

EVERY_OPTION = ("--delay", "--iterations", "--once", "--ludicrous", "--view", "--tree", "--threads",
                "--kernel-threads", "--user", "--pid", "--filter", "--sort", "--columns", "--batch", "--json",
                "--bench", "--doctor", "--backend", "--read-only", "--ascii", "--color", "--no-mouse",
                "--help", "--version")


def as_nobody(*command):
    lib.need_root()
    lib.need_command("setpriv")
    return ("setpriv", "--reuid=%d" % lib.NOBODY, "--regid=%d" % lib.NOBODY, "--clear-groups", *command)


@test
def help_and_version():
    for option in ("-h", "--help"):
        r = run(option)
        equal((r.status, r.err), (0, ""), option)
        for name in EVERY_OPTION:
            contains(r.text, name, "what %s prints" % option)
        check(max(map(len, r.text.splitlines())) <= 80, "the help is wider than 80 columns")
    for option in ("-V", "--version"):
        r = run(option)
        equal((r.status, r.err, r.text.count("\n")), (0, "", 1), option)
        check(re.match(r"pitstop \S+\n$", r.text), "the version is %r" % r.text)


@test
def help_and_version_without_privilege():
    copy = lib.shared_copy()
    for option in ("--help", "--version"):
        p = subprocess.run(as_nobody(copy, option), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           env=environment(), timeout=lib.PATIENCE)
        equal((p.returncode, p.stderr), (0, b""), option + " as nobody")
        equal(p.stdout, run(option).out, option + " as nobody")


@test
def lists_of_columns():
    for option in ("-s", "-c"):
        r = run(option, "help")
        equal((r.status, r.err), (0, ""), option + " help")
        for name in ("pid", "cpu_percent", "rss_bytes", "cmdline"):
            check(re.search(r"^%s\b" % name, r.text, re.M), "%s help does not list %s" % (option, name))


WRONG = (
    (["--no-such-option"], "no-such-option"), (["-@"], "@"), (["operand"], "operand"),
    (["-d", "0"], "delay"), (["-d", "0ms"], "delay"), (["-d", "9ms"], "delay"), (["-d", "61m"], "delay"),
    (["--delay=2h"], "delay"), (["-d", "fast"], "delay"), (["-d", ""], "delay"), (["-d", "-1s"], "delay"),
    (["-d", "1s1"], "delay"), (["-d", "99999999999999999999"], "delay"), (["-d"], "d"), (["--delay"], "delay"),
    (["-n", "0"], "iterations"), (["-n", "-1"], "iterations"), (["-n", "x"], "iterations"),
    (["-n", "99999999999999999999"], "iterations"),
    (["-u", "no-such-user"], "user"), (["--user=no-such-user"], "user"), (["-u", ""], "user"),
    (["-u", "99999999999"], "user"),
    (["-p", "x"], "pid"), (["-p", ""], "pid"), (["-p", "1,,2"], "pid"), (["-p", "0"], "pid"), (["-p", "-4"], "pid"),
    (["-p", "99999999999"], "pid"),
    (["-s", "nosuchcolumn"], "sort"), (["-s", "cpu:up"], "sort"), (["-s", ""], "sort"),
    (["-c", "nosuchcolumn"], "columns"), (["-c", "pid,nosuchcolumn"], "columns"), (["-c", ""], "columns"),
    (["--view", "nosuchview"], "view"), (["--backend", "nosuch"], "backend"), (["--color", "mauve"], "color"),
    (["--bench=0"], "bench"), (["--bench=x"], "bench"), (["--json=yes"], "json"),
    (["-F", "x" * 100000], "filter"),
)


@test
def wrong_usage_names_the_option():
    for args, name in WRONG:
        what = "pitstop " + " ".join(args)[:60]
        r = run(*args)
        equal((r.status, r.out), (2, b""), "status and output of " + what)
        first = r.err.split("\n")[0]
        check(first.startswith("pitstop: "), "%s says %r" % (what, first))
        contains(first, name, "the message of " + what)
        check(1 <= r.err.count("\n") <= 2 and r.err.endswith("\n"), "%s says %r" % (what, r.err))


@test
def messages_are_harmless_and_ours():
    """Whatever name it is started under, and whatever an argument holds."""
    for argument in ("\x1b]0;PWNED\x07", "\u202eevil", "a\nb", "\x9b31m"):
        for option in ("-u", "-s", "-c", "-d", "--backend", "--view", "--"):
            r = run(option, argument)
            equal(r.status, 2, "status of %s %r" % (option, argument))
            check(not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", r.err), "%s %r: %r" % (option, argument, r.err))
    p = subprocess.run(["another-name", "--nosuch"], executable=PITSTOP, stderr=subprocess.PIPE, env=environment())
    check(p.stderr.startswith(b"pitstop: "), "started under another name: %r" % p.stderr)


@test
def options_as_getopt_takes_them():
    quick = ("-d", "20ms")
    for args in (["-kn1"], ["-bn", "1"], ["--iterations=1"], ["--iterations", "1"], ["--iter", "1"], ["--once", "--"],
                 ["-n1", "-tHk"], ["--once", "--delay=20ms"], ["--once", "-d20"]):
        r = run(*quick, *args)
        equal((r.status, r.err), (0, ""), "pitstop " + " ".join(args))
        contains(r.text, "PID", "pitstop " + " ".join(args))
    for delay in ("10ms", "500", "500ms", "2s", "60m", "1h"):
        equal(run("-d", delay, "--version").status, 0, "-d " + delay)
    equal(run("--", "-n").status, 2, "an operand after --")


def frames(text):
    """The lines of each plain frame: it has one line of headings."""
    heads = [i for i, line in enumerate(text.splitlines()) if re.match(r"\s*PID\b", line)]
    return heads, text.splitlines()


@test
def plain_frames_without_a_terminal():
    for args in ((), ("-b",)):
        r = run("-n", "3", "-d", "30ms", *args)
        equal((r.status, r.err), (0, ""), "status and messages")
        check(b"\x1b" not in r.out, "an escape in a plain frame")
        heads, lines = frames(r.text)
        equal(len(heads), 3, "frames of -n 3")
        rows = [line for line in lines[heads[0] + 1:heads[1]] if re.match(r"\s*\d+ ", line)]
        pids = {int(line.split()[0]) for line in rows}
        check(os.getpid() in pids, "this test's pid begins no row")
        contains(lines[heads[0]], "Command", "the line of headings")


@test
def plain_frames_show_hostile_names_harmless():
    with lib.Workload("hostile") as w:
        for env in (environment(), environment(LC_ALL="C")):
            r = run("--once", "-d", "50ms", "-p", ",".join(map(str, w.pids)), env=env)
            equal(r.status, 0, "status")
            bad = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", r.text)
            check(not bad, "in a plain frame: %r" % (bad and bad.group()))
            heads, lines = frames(r.text)
            rows = lines[heads[0] + 1:]
            check(all(not row or re.match(r"\s*\d+ ", row) for row in rows), "a row without a pid: %r" % rows)
            equal(sorted(int(row.split()[0]) for row in rows if row), sorted(w.pids), "rows")
            if "LC_ALL" in env:
                check(r.text.isascii(), "LC_ALL=C and not ASCII")


@test
def batch_on_a_terminal_is_plain_too():
    with Pty(PITSTOP, "-b", "-n", "2", "-d", "30ms") as t:
        equal(t.wait_end(), 0, "status")
        check(b"\x1b" not in t.out, "an escape in %r" % t.out[:200])
        check(b"PID" in t.out, "no headings")


@test
def dumb_terminal_gets_plain_frames():
    for term in ("dumb", "", None):
        with Pty(PITSTOP, "-n", "2", "-d", "30ms", env=environment(TERM=term)) as t:
            equal(t.wait_end(), 0, "status with TERM=%s" % term)
            check(b"\x1b" not in t.out, "TERM=%s: an escape in %r" % (term, t.out[:200]))
            check(b"PID" in t.out, "TERM=%s: no headings" % term)


@test
def unknown_terminal_is_a_vt100():
    for term in ("no-such-terminal", "x" * 5000, "vt100"):
        with Pty(PITSTOP, "-n", "2", "-d", "30ms", env=environment(TERM=term)) as t:
            equal(t.wait_end(), 0, "status")
            check(b"\x1b[" in t.out and b"PID" in t.out, "no screen: %r" % t.out[:200])
            check(b"\x1b[?1049h" not in t.out, "the alternate screen of an xterm")
            colours = re.findall(rb"\x1b\[[\d;]*m", t.out)
            check(not any(coloured(c) for c in colours), "colours: %r" % set(colours))


def coloured(sgr):
    """Whether the sequence sets a colour."""
    return any(30 <= n <= 49 or 90 <= n <= 107 for n in map(int, re.findall(rb"\d+", sgr)))


@test
def closed_pipe_ends_quietly():
    for args in (["--json"], ["-b"], [], ["--json", "-d", "10ms", "-n", "100000"]):
        p = subprocess.Popen([PITSTOP, "-d", "20ms", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL, env=environment())
        p.stdout.read(1)
        p.stdout.close()
        err = p.stderr.read()
        status = lib.status_of(p.wait(timeout=lib.PATIENCE))
        p.stderr.close()
        equal(err, b"", "messages of %s into a closed pipe" % args)
        check(status in (0, 128 + signal.SIGPIPE), "status of %s into a closed pipe: %d" % (args, status))


@test
def full_device_is_reported():
    for args in (["--json", "-n", "1"], ["-b", "-n", "1"], ["-n", "1"], ["-h"], ["-V"], ["-c", "help"], ["-s", "help"],
                 ["--bench=2"], ["--bench=2", "--json"], ["--doctor"]):
        with open("/dev/full", "wb") as full:
            r = run("-d", "20ms", *args, stdout=full)
        equal(r.status, 1, "status of %s on a full device" % args)
        check(r.err.startswith("pitstop: ") and r.err.count("\n") == 1, "%s on a full device: %r" % (args, r.err))
        contains(r.err, "No space left", "the message of %s on a full device" % args)


@test
def a_closed_descriptor_is_nobody_elses():
    p = subprocess.Popen(["sh", "-c", 'exec "$0" --json -d 20ms <&- 2>&-', PITSTOP], stdout=subprocess.PIPE,
                         env=environment())
    p.stdout.readline()
    for fd in (0, 2):
        equal(os.readlink("/proc/%d/fd/%d" % (p.pid, fd)), "/", "what stands for descriptor %d" % fd)
    p.terminate()
    p.stdout.close()
    p.wait(timeout=lib.PATIENCE)


@test
def closed_descriptors():
    for closed, args in (("<&-", "--json -n 1"), ("2>&-", "--json -n 1"), ("<&- 2>&-", "-b -n 1"), ("<&-", "-V")):
        p = subprocess.run(["sh", "-c", 'exec "$0" -d 20ms %s %s' % (args, closed), PITSTOP],
                           stdout=subprocess.PIPE, env=environment(), timeout=lib.PATIENCE)
        equal(p.returncode, 0, "status with " + closed)
        check(p.stdout, "no output with " + closed)
    for args in ("--json -n 1", "-V", "-n 1"):
        p = subprocess.run(["sh", "-c", 'exec "$0" -d 20ms %s >&-' % args, PITSTOP], stderr=subprocess.PIPE,
                           stdin=subprocess.DEVNULL, env=environment(), timeout=lib.PATIENCE)
        equal(p.returncode, 1, "status of %s without standard output" % args)
        check(p.stderr.startswith(b"pitstop: "), "%s without standard output: %r" % (args, p.stderr))


@test
def signals_end_it_with_their_number():
    for signo in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        for args in (["--json"], ["-b"]):
            p = subprocess.Popen([PITSTOP, "-d", "20ms", *args], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                 env=environment())
            p.stdout.readline()
            p.send_signal(signo)
            p.stdout.read()
            equal(lib.status_of(p.wait(timeout=lib.PATIENCE)), 128 + signo, "status after %s" % signo.name)
            p.stdout.close()


@test
def children_end_with_it():
    """Nothing stays behind, not even after SIGKILL."""
    for signo in (signal.SIGTERM, signal.SIGKILL):
        p = subprocess.Popen([PITSTOP, "--json", "-d", "50ms"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                             env=environment(), start_new_session=True)
        for _ in range(4):
            p.stdout.readline()
        p.send_signal(signo)
        p.stdout.close()
        p.wait(timeout=lib.PATIENCE)
        lib.wait_for(lambda: not in_session(p.pid), lambda: "the end of %r" % in_session(p.pid))


def in_session(sid):
    found = []
    for pid in lib.proc_pids():
        try:
            s = lib.stat(pid)
        except OSError:
            continue
        if s.field[6] == sid and s.state != "Z":
            found.append(pid)
    return found


@test
def doctor():
    r = run("--doctor")
    best = lib.backends()[0]
    equal(r.status, 0 if best == "walk" else 1, "status of --doctor where %s is the best" % best)
    for name in ("walk", "iter", "proc", "btf", "pressure"):
        contains(r.text, name, "--doctor")
    equal(r.err, "", "messages of --doctor")


@test
def bench_as_text():
    r = run("--bench=5")
    equal((r.status, r.err), (0, ""), "--bench=5")
    for word in ("p50", "p95", "p99", "min", "max", "system calls"):
        contains(r.text, word, "--bench")
    equal(run("--bench").status, 0, "--bench without a number")


@test
def ludicrous():
    r = run("--ludicrous", "--json", "-n", "4")
    equal((r.status, len(r.out.splitlines())), (0, 4), "--ludicrous --json -n 4")


if __name__ == "__main__":
    lib.main()
