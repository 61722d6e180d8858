"""--view programs: BPF programs of several types with known runs, compared with
bpftool; run statistics are on while somebody looks, and never longer."""
import contextlib
import json
import os
import re
import resource
import signal
import socket
import subprocess
import threading
import time

import bpfsys
import lib
from denied import nobody
from lib import check, contains, equal, run, test

SO_ATTACH_BPF = 50


def need_programs():
    lib.need_root()
    lib.need_bpf()


def look(*args):
    """The object of one window."""
    return lib.snapshot("--view", "programs", *args)


def programs(obj):
    return {p["id"]: p for p in obj["programs"]}


def bpftool(*args):
    lib.need_command("bpftool")
    p = subprocess.run(["bpftool", "-j", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=lib.PATIENCE)
    check(p.returncode == 0, "bpftool: " + p.stderr.decode(errors="replace"))
    return json.loads(p.stdout)


@contextlib.contextmanager
def closing(*fds):
    try:
        yield
    finally:
        for fd in fds:
            os.close(fd)


@contextlib.contextmanager
def mounted(kind):
    folder = os.path.join(lib.scratch(), "a b")     # a blank is escaped in the list of mounts
    os.mkdir(folder)
    if subprocess.run(["mount", "-t", kind, kind, folder]).returncode:
        raise lib.Skip("no %s can be mounted here" % kind)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def bpffs():
    return mounted("bpf")


@contextlib.contextmanager
def cgroup():
    root = next((line.split()[1] for line in lib.read("/proc/self/mounts").decode().splitlines()
                 if line.split()[2] == "cgroup2"), None)
    if not root:
        raise lib.Skip("no cgroup v2 is mounted here")
    folder = os.path.join(root, "pitstop-test-%d" % os.getpid())
    os.mkdir(folder)
    try:
        yield folder
    finally:
        os.rmdir(folder)


class Filter:
    """A socket filter: it runs once for each datagram."""

    def __init__(self, name):
        self.fd = bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, name)
        self.id = bpfsys.info(self.fd)[0]
        self.here, self.there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.there.setsockopt(socket.SOL_SOCKET, SO_ATTACH_BPF, self.fd)

    def hit(self, times):
        for _ in range(times):
            try:
                self.here.send(b"x")        # the filter drops it: nothing fills up
            except OSError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        self.here.close()
        self.there.close()


def runs_are_counted():
    """Asked of the kernel: does a run change a program's counter now?"""
    with Filter("pt_counted") as f:
        before = bpfsys.info(f.fd)[2]
        f.hit(5)
        return bpfsys.info(f.fd)[2] - before == 5


def same_facts(ours, theirs):
    names = {"id": "id", "type": "type", "name": "name", "tag": "tag", "uid": "uid",
             "bytes_xlated": "xlated_bytes", "bytes_jited": "jited_bytes",
             "bytes_memlock": "memlock_bytes", "map_ids": "maps", "run_cnt": "run_count",
             "run_time_ns": "run_time_ns", "recursion_misses": "recursion_misses"}
    for their, our in names.items():
        if their in theirs:
            equal(ours.get(our), theirs[their], "%s of %s" % (our, theirs.get("name", theirs["id"])))
    lib.between(ours["loaded_at"], theirs["loaded_at"] - 1, theirs["loaded_at"] + 2, "loaded_at")


# ---- what is shown ----------------------------------------------------------------

@test
def agrees_with_bpftool():
    need_programs()
    maps = [bpfsys.make_map() for _ in range(3)]
    loop = bpfsys.load(bpfsys.SYSCALL, bpfsys.looping(10000), "pt_loop", flags=bpfsys.SLEEPABLE)
    mapped = bpfsys.load(bpfsys.RAW_TRACEPOINT, bpfsys.using(maps), "pt_maps")
    nameless = bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "")
    with closing(loop, mapped, nameless, *maps), Filter("pt_filter") as f, \
            lib.Stream("--view", "programs", "-d", "200") as s:
        s.next()
        f.hit(1234)
        bpfsys.run(loop, 17)
        bpfsys.run(mapped, 40)
        ids = [bpfsys.info(fd)[0] for fd in (loop, mapped, nameless, f.fd)]
        theirs = {p["id"]: p for p in bpftool("prog", "show") if p["id"] in ids}
        equal(sorted(theirs), sorted(ids), "what bpftool shows")
        s.next()
        ours = programs(s.next())
        for i in ids:
            same_facts(ours[i], theirs[i])
        equal([ours[i]["run_count"] for i in ids], [17, 40, 0, 1234], "runs")
        check(ours[ids[0]]["total_average_ns"] > 10 * ours[ids[3]]["total_average_ns"],
              "a loop of 10000 turns takes longer than none: %r" % [ours[i].get("total_average_ns") for i in ids])
        equal(ours[ids[0]]["total_average_ns"], ours[ids[0]]["run_time_ns"] // 17, "average of all runs")
        check("name" not in ours[ids[2]] and ours[ids[2]]["tag"], "one without a name: %r" % ours[ids[2]])
        check("own" not in ours[ids[0]], "a foreign program is not our own")
        others = {p["id"]: p for p in bpftool("prog", "show")}
        both = [i for i in others if i in ours and others[i]["loaded_at"] < time.time() - 2]
        for i in both:
            equal((ours[i]["type"], ours[i]["tag"], ours[i]["maps"]),
                  (others[i]["type"], others[i]["tag"], others[i].get("map_ids", [])), "program %d" % i)


@test
def events_a_second():
    """The test notes when it made how many runs; what happened between the two ends
    of a window is read off these notes."""
    need_programs()
    notes, stop = [], threading.Event()

    def work(f):
        n = 0
        while not stop.is_set():
            notes.append((time.time(), n))
            f.hit(50)
            n += 50
            time.sleep(0.01)

    def made_until(t):
        (t0, n0), (t1, n1) = next((a, b) for a, b in zip(notes, notes[1:]) if b[0] >= t)
        return n0 + (n1 - n0) * (t - t0) / (t1 - t0)

    with Filter("pt_rate") as f, lib.Stream("--view", "programs", "-d", "3s") as s:
        worker = threading.Thread(target=work, args=(f,))
        worker.start()
        try:
            s.next()
            obj = s.next()
            time.sleep(0.3)
        finally:
            stop.set()
            worker.join()
        p = programs(obj)[f.id]
        # time is when the sample began
        made = made_until(obj["time"]) - made_until(obj["time"] - obj["interval"])
        print("# %.1f events/s shown, %.1f made" % (p["events_per_s"], made / obj["interval"]))
        check(abs(p["events_per_s"] * obj["interval"] / made - 1) < 0.01,
              "events a second: %r, made %r" % (p["events_per_s"], made / obj["interval"]))
        busy = p["events_per_s"] * p["average_ns"] / 1e7
        check(abs(p["cpu_percent"] - busy) < 0.01 + busy / 50, "CPU: %r, %r" % (p["cpu_percent"], busy))


@test
def owners():
    """By a descriptor, by a link alone, by a pin alone; the loader of the last is gone."""
    need_programs()
    with bpffs() as fs:
        held = bpfsys.load(bpfsys.SYSCALL, bpfsys.MOV0 + bpfsys.EXIT, "pt_held", flags=bpfsys.SLEEPABLE)
        linked = bpfsys.load(bpfsys.RAW_TRACEPOINT, bpfsys.MOV0 + bpfsys.EXIT, "pt_linked")
        ids = [bpfsys.info(held)[0], bpfsys.info(linked)[0]]
        by_link = bpfsys.raw_tracepoint(linked, "sched_process_exit")
        os.close(linked)
        os.mkdir(os.path.join(fs, "deep"))
        path = os.path.join(fs, "deep", "pt_pinned")
        child = os.fork()
        if child == 0:
            bpfsys.pin(bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV1 + bpfsys.EXIT, "pt_pinned"), path)
            os._exit(0)
        equal(os.waitpid(child, 0)[1], 0, "the loader's status")
        with closing(held, by_link):
            ours = programs(look())
            me = {"pid": os.getpid(), "comm": lib.stat(os.getpid()).comm.decode()}
            equal(ours[ids[0]]["owners"], [dict(me, via="fd")], "of one held by a descriptor")
            equal(ours[ids[1]]["owners"], [dict(me, via="link")], "of one held by a link")
            equal(ours[ids[1]]["attach"], "sched_process_exit", "where the link leads to")
            pinned = [p for p in ours.values() if p.get("name") == "pt_pinned"]
            equal([p["owners"] for p in pinned], [[{"path": path, "via": "pin"}]], "of one that is pinned")
            theirs = bpftool("prog", "show", "pinned", path)
            equal(pinned[0]["id"], theirs["id"], "what bpftool finds at that path")


@test
def hostile_names():
    """Of a process and of a pin: exact in JSON, harmless elsewhere, the page included."""
    need_programs()
    evil = b"\x1b]0;pwn\x07"
    with bpffs() as fs:
        prog = bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "pt_hostile")
        number = bpfsys.info(prog)[0]
        bpfsys.pin(prog, os.path.join(os.fsencode(fs), evil))
        before = lib.read("/proc/self/comm").rstrip(b"\n")
        with closing(prog):
            try:
                with open("/proc/self/comm", "wb") as f:
                    f.write(evil)
                owners = programs(look())[number]["owners"]
                equal([o.get("comm", o.get("path")) for o in owners],
                      [evil.decode(), os.path.join(fs, evil.decode())], "in JSON")
                out = run("--view", "programs", "--batch", "-n", "1", "-d", "100", "-F", "owners ~ pwn").out
                check(b"pt_hostile" in out and b"pwn" in out and b"\x1b" not in out and b"\x07" not in out, "batch: %r" % out)
                with lib.Tmux(lib.PITSTOP, "--view", "programs", "-d", "200", "-F", "pt_hostile", cols=100, rows=40) as t:
                    t.wait(lambda s: list(rows(s)) == [number], "the table")
                    t.keys("Enter")
                    t.wait(lambda s: any("its pin" in line and "?]0;pwn?" in line for line in s), "the page")
                    t.keys("q", "q")
                    equal(t.wait_end(), 0, "status")
                    check(evil not in t.raw(), "what reached the terminal")
            finally:
                with open("/proc/self/comm", "wb") as f:
                    f.write(before)


@contextlib.contextmanager
def of_a_cgroup(name):
    """A program for a cgroup, its id, the cgroup's folder and a descriptor of that."""
    need_programs()
    with cgroup() as folder:
        prog = bpfsys.load(bpfsys.CGROUP_SKB, bpfsys.MOV1 + bpfsys.EXIT, name, attach_type=bpfsys.CGROUP_EGRESS)
        where = os.open(folder, os.O_RDONLY)
        with closing(prog, where):
            yield prog, bpfsys.info(prog)[0], folder, where


@test
def attached_to_a_cgroup():
    with of_a_cgroup("pt_cgroup") as (prog, number, folder, where), closing(bpfsys.link(prog, where, bpfsys.CGROUP_EGRESS)):
        p = programs(look())[number]
        equal((p["type"], p["attach"]), ("cgroup_skb", folder), "type and place")
        equal([o["via"] for o in p["owners"]], ["fd", "link"], "owners")


@test
def attached_to_a_cgroup_without_a_link():
    with of_a_cgroup("pt_attached") as (prog, number, folder, where):
        bpfsys.attach(prog, where, bpfsys.CGROUP_EGRESS)
        equal(programs(look())[number].get("attach"), folder, "place")


@test
def attached_to_a_perf_event():
    need_programs()
    prog = bpfsys.load(bpfsys.TRACEPOINT, bpfsys.MOV0 + bpfsys.EXIT, "pt_event")
    with mounted("tracefs") as tracefs, closing(prog, bpfsys.perf_tracepoint(prog, tracefs, "sched/sched_process_exit")):
        equal(programs(look())[bpfsys.info(prog)[0]].get("attach"), "sched_process_exit", "place")


@test
def attached_to_an_interface_without_a_link():
    need_programs()
    xdp = bpfsys.load(bpfsys.XDP, bpfsys.MOV1 + bpfsys.EXIT, "pt_xdp")
    tc = bpfsys.load(bpfsys.SCHED_CLS, bpfsys.MOV0 + bpfsys.EXIT, "pt_tc")
    with closing(xdp, tc), bpfsys.network_of_ones_own():
        bpfsys.xdp_on(1, xdp)
        try:
            bpfsys.clsact_on(1, tc)
            places = {bpfsys.info(tc)[0]: "lo ingress"}
        except OSError as e:
            print("# no clsact: %s" % e)
            places = {}
        places[bpfsys.info(xdp)[0]] = "lo"
        got = programs(look())
        equal({i: got[i].get("attach") for i in places}, places, "places")


@test
def own_programs():
    need_programs()
    p = lib.objects("--view", "programs", "-n", "2", "-d", "100")[-1]["programs"]
    own = [q for q in p if q.get("own")]
    by_name = {q["name"]: q for q in own}
    check("walk" in by_name or "iter" in by_name, "the walk of tasks is its own: %r" % sorted(by_name))
    equal(by_name["programs"]["attach"], "bpf_iter_bpf_prog", "where the walk of programs hangs")
    equal(by_name["programs"]["function"], "programs", "function by BTF")
    check(by_name["programs"]["run_count"] > 0 and by_name["programs"]["events_per_s"] > 0, "it costs something")
    check(all(o["comm"].startswith("pitstop") for q in own for o in q["owners"]), "owners: %r" % own)


@test
def unloaded_and_loaded_while_it_runs():
    need_programs()
    with lib.Stream("--view", "programs", "-d", "100") as s:
        first = Filter("pt_first")
        s.until(lambda o: first.id in programs(o), "the first program")
        first.__exit__()
        s.until(lambda o: first.id not in programs(o), "its end")
        with Filter("pt_second") as second:
            obj = s.until(lambda o: second.id in programs(o), "the second program")
            p = programs(obj)[second.id]
            equal(p["name"], "pt_second", "name")
            check("events_per_s" not in p, "no rate in the first window: %r" % p)


@test
def batch():
    need_programs()
    with Filter("pt_batch") as f:
        r = run("--view", "programs", "--batch", "-n", "1", "-d", "100")
        equal((r.status, r.err), (0, ""), "status and messages")
        lines = r.text.splitlines()
        head = next(i for i, line in enumerate(lines) if line.split()[:2] == ["ID", "TYPE"])
        row = next(line.split() for line in lines[head + 1:] if line.split()[:1] == [str(f.id)])
        equal(row[1], "socket_filter", "type")
        equal((row[2], row[-2]), ("pt_batch", "-"), "name, place")
        equal(lines[-2].split()[0], "Total", "the last row")
        check("\x1b" not in r.text, "no escapes")


def table(*args):
    """The table of the last of two plain frames: titles, rows, the sum."""
    r = run("--view", "programs", "--batch", "-n", "2", "-d", "200", *args)
    equal((r.status, r.err), (0, ""), "status and messages of %r" % (args,))
    lines = r.text.rstrip("\n").split("\n\n")[-1].splitlines()
    begin = max(i for i, line in enumerate(lines) if "TYPE" in line or "NAME" in line)
    return lines[begin:]


@test
def filter_sort_columns():
    need_programs()
    with Filter("pt_one") as one, Filter("pt_two") as two, Filter("pt_three") as three:
        all_three = [one.id, two.id, three.id]
        me = lib.stat(os.getpid()).comm.decode()

        def ids(*args):
            return [int(line.split()[0]) for line in table(*args)[1:-1]]
        equal(ids("-F", "name ~ ^pt_(one|two|three)$", "-s", "id"), all_three, "a comparison")
        equal(ids("--filter=PT_ONE|pt_three", "-s", "id:desc"), [three.id, one.id], "plain text, downwards")
        equal(ids("-F", "type = socket_filter and name ~ ^pt_t and owners ~ %s" % me, "-s", "name"),
              [three.id, two.id], "by words")
        equal(ids("-F", "name ~ ^pt_ and id > %d and not name = pt_three" % one.id), [two.id], "numbers, not")
        check(one.id in ids("-F", "age < 1h and cpu < 50 and maps = 0 and run_count >= 0"), "units, counts")
        equal(ids("-F", "name = pt_nosuch"), [], "nothing passes")
        equal(table("-F", "name = pt_two", "-c", "name,id,run_count,xlated_insns,tag")[:2],
              ["NAME                      ID         RUNS   INSNS TAG",
               "pt_two               %7d            0       2 %s" % (two.id, bpftool("prog", "show", "id", str(two.id))["tag"])],
              "columns")
        got = [p["id"] for p in look("-F", "name ~ ^pt_t", "-s", "id:desc")["programs"]]
        equal(got, [three.id, two.id], "in JSON")
        for args, what in ((("-s", "nosuch"), '-s, --sort: "nosuch": no such column'),
                           (("-c", "id,rss"), '-c, --columns: "rss": no such column'),
                           (("-F", "id >"), "-F, --filter: ")):
            for order in (("--view", "programs", *args), (*args, "--view", "programs")):
                r = run(*order, "--once")
                equal(r.status, 2, "status of %r" % (order,))
                contains(r.err, what, "message")
        contains(run("-s", "help", "--view", "programs").text, "total_average_ns", "the list of columns")


@test
def without_privilege():
    lib.need_root()
    copy = lib.shared_copy()
    for output in ("--json", "--batch"):
        p = subprocess.run([copy, "--view", "programs", output, "-n", "1"], user=lib.NOBODY, group=lib.NOBODY,
                           extra_groups=[], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=lib.PATIENCE)
        equal(p.returncode, 1, "status of " + output)
        contains(p.stderr.decode(), "pitstop: programs: ", "message")
        contains(p.stderr.decode(), "CAP_BPF", "what is missing")
        equal(p.stdout, b"", "output")


@test
def more_than_there_was_room_for():
    """Arrays, tables and the slots of facts grow, and shrink again."""
    need_programs()
    with lib.Stream("--view", "programs", "-d", "100") as s:
        before = len(s.next()["programs"])
        fds = [bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "pt_many%d" % i) for i in range(700)]
        ids = [bpfsys.info(fd)[0] for fd in fds]
        with closing(*fds):
            first = programs(look())
            check(all(first[i]["owners"] for i in ids), "owners of all, in the first window")
            obj = s.until(lambda o: ids[-1] in programs(o) and programs(o)[ids[-1]]["owners"], "all 700")
            got = programs(obj)
            equal([got[i]["name"] for i in ids], ["pt_many%d" % i for i in range(700)], "names")
            check(all(got[i]["owners"] for i in ids), "owners of all")
        obj = s.until(lambda o: not set(ids) & set(programs(o)), "the end of all")   # one by one, by RCU
        lib.between(len(obj["programs"]), 1, before + 50, "programs")


# ---- the screen ------------------------------------------------------------------------

def rows(lines):
    """The table's lines: id -> text; in their order."""
    at = next((i for i, line in enumerate(lines) if line.lstrip().startswith("ID") and "TYPE" in line), None)
    return {} if at is None else {int(line.split()[0]): line for line in lines[at + 1:] if line.split()[:1] and
                                  line.split()[0].isdigit()}


def drive(cols, lines, *options, env=None):
    with Filter("pt_alpha") as a, Filter("pt_beta") as b, \
            lib.Tmux(lib.PITSTOP, "--view", "programs", "-d", "200", *options, cols=cols, rows=lines, env=env) as t:
        t.wait(lambda s: rows(s), "the table")
        t.keys("F4")
        t.type("PT_A|pt_beta")
        t.wait(lambda s: sorted(rows(s)) == sorted([a.id, b.id]), "two programs")
        t.keys("Enter")
        while not re.match(r"\s*ID[\u25bd\u25b3v^]", next(line for line in t.lines() if "TYPE" in line)):
            t.keys("<")                             # until the first column, which is by id
            time.sleep(0.1)
        before = list(rows(t.lines()))
        t.keys("I")
        t.wait(lambda s: list(rows(s)) == before[::-1], "the other way round")
        t.keys("End")
        # the cursor stays on its program when others go, and takes the place of one that goes
        b.hit(100)
        t.wait_text("pt_beta")
        t.keys("F4", "C-u")
        t.type("name = pt_beta and id >")
        t.wait(lambda s: any("is missing" in line for line in s), "what is wrong with it")
        t.keys("C-u")
        t.type("pt_nosuch")
        t.wait_text("no program matches")
        t.keys("Escape")
        t.wait(lambda s: len(rows(s)) >= min(3, lines - 9), "all programs")
        t.keys("/")
        t.type("pt_bet")
        t.keys("Enter", "Enter")
        t.wait(lambda s: s[0].startswith("BPF program %d pt_beta" % b.id), "the page about what was searched for")
        t.keys("Escape")
        t.wait(lambda s: rows(s), "the table")
        t.keys("Z")
        t.wait_text("PAUSED")
        shown = rows(t.lines())
        time.sleep(0.5)
        equal(rows(t.lines()), shown, "the table while it is paused")
        check(runs_are_counted(), "statistics stay on while it is paused")
        t.keys("Z")
        t.keys("F1")
        t.wait(lambda s: not rows(s), "the help")
        t.keys("q")
        t.wait(lambda s: rows(s), "the table again")
        t.keys("q")
        equal(t.wait_end(), 0, "status")
        equal(t.modes()[:2], lib.SANE[:2], "screen and mouse")     # a dead pane hides the cursor itself
        return t.raw_settled()


@test
def screen():
    need_programs()
    for cols, lines, options, env in ((120, 40, (), None), (80, 24, (), None),
                                      (60, 14, ("--ascii", "--color=never"), {"TERM": "vt100"})):
        raw = drive(cols, lines, *options, env=env)
        if "--ascii" in options:
            check(all(byte < 128 for byte in raw), "nothing but ASCII")


def page(cols, lines, *options, env=None):
    """The page about one program with maps, a link and a hostile name; another laid over it; it
    is unloaded while the page is open."""
    maps = [bpfsys.make_map() for _ in range(2)]
    watched = bpfsys.load(bpfsys.RAW_TRACEPOINT, bpfsys.using(maps), "pt_page")
    number = bpfsys.info(watched)[0]
    linked = bpfsys.raw_tracepoint(watched, "sched_process_exit")
    ids = [bpftool("prog", "show", "id", str(number))["map_ids"]]
    with closing(*maps), Filter("pt_other") as other, \
            lib.Tmux(lib.PITSTOP, "--view", "programs", "-d", "100", *options, cols=cols, rows=lines, env=env) as t:
        t.wait(lambda s: rows(s), "the table")
        t.keys("F4")
        t.type("pt_other")
        t.keys("Enter")
        t.wait(lambda s: list(rows(s)) == [other.id], "the one to be laid over it")
        t.keys("Space")
        t.wait(lambda s: "%d*" % other.id in "".join(s), "its mark")
        t.keys("F4", "C-u")
        t.type("pt_page")
        t.keys("Enter")
        t.wait(lambda s: list(rows(s)) == [number], "the program")
        bpfsys.run(watched, 30)
        t.keys("Enter")
        t.wait(lambda s: s[0].startswith("BPF program %d pt_page: loaded for " % number), "the page")
        for _ in range(3):      # its history goes on, that of the one filtered out too
            bpfsys.run(watched, 30)
            other.hit(30)
            time.sleep(0.1)
        t.wait(lambda s: re.search(r"CPU [0-9.]+%, mean [0-9.]+%, max [0-9.]+%", "".join(s)), "CPU")
        t.wait(lambda s: any(line.strip(" ab") == "" and "a" in line for line in s), "letters of two programs")
        text = set()

        def all_of_it(s):
            text.update(line.rstrip() for line in s)
            t.keys("j")
            said = "\n".join(text)
            return all(re.search(r"^%d array : key 4 B, value 8 B, 1 entries" % i, said, re.M) for i in ids[0]) and \
                re.search(r"^\d+ raw_tracepoint sched_process_exit", said, re.M) and \
                re.search(r"^python3\(%d\) by a link" % os.getpid(), said, re.M) and \
                re.search(r"^b %d pt_other: CPU " % other.id, said, re.M) and "ns a run" in said
        t.wait(all_of_it, "maps, link, owners, what lies over it")
        t.keys("Home")
        os.close(watched)
        os.close(linked)
        t.wait(lambda s: ": UNLOADED, was there for " in s[0], "its end")
        t.wait(lambda s: any(line.strip(" ab") == "" and "a" in line for line in s), "its graphs")
        kept = [line for line in t.lines() if "max" in line][0]
        time.sleep(0.3)
        equal([line for line in t.lines() if "max" in line][0], kept, "what was the last of it")
        t.keys("q")
        t.wait_text("no program matches")
        t.keys("F4", "C-u", "Enter")
        t.wait(lambda s: rows(s), "the table")
        t.keys("U", "Home", "Enter")
        t.wait(lambda s: s[0].startswith("BPF program "), "another page")
        t.keys("Escape")
        t.wait(lambda s: rows(s), "the table once more")
        t.keys("q")
        equal(t.wait_end(), 0, "status")
        return t.raw_settled()


@test
def graph_page():
    need_programs()
    page(130, 40)


@test
def graph_page_small():
    need_programs()
    page(80, 24)


@test
def graph_page_ascii():
    need_programs()
    raw = page(60, 14, "--ascii", "--color=never", env={"TERM": "vt100"})
    check(all(byte < 128 for byte in raw), "nothing but ASCII")
    styles = b";".join(re.findall(rb"\x1b\[([0-9;]*)m", raw)).split(b";")
    check(not any(30 <= int(n or 0) < 108 for n in styles), "no colour: %r" % sorted(set(styles)))


@test
def statistics_on_the_screen():
    need_programs()
    if runs_are_counted():
        raise lib.Skip("somebody else has switched the statistics on")
    for key in ("q", "C-c"):
        with lib.Tmux(lib.PITSTOP, "--view", "programs", "-d", "200") as t:
            t.wait(lambda s: rows(s), "the table")
            check(runs_are_counted(), "on while it is shown")
            t.keys(key)
            t.wait_end()
        check(not runs_are_counted(), "off after " + key)


def processes(lines):
    return any(line.split()[:2] == ["PID", "USER"] for line in lines)


@test
def tab():
    """Statistics are on as long as the tab is looked at, and off while another is."""
    need_programs()
    if runs_are_counted():
        raise lib.Skip("somebody else has switched the statistics on")
    with lib.Tmux(lib.PITSTOP, "-d", "200", cols=100) as t:
        t.wait(processes, "the table of processes")
        t.wait_text("[Programs]")
        check(not runs_are_counted(), "off as long as nobody looked")
        for _ in range(2):
            t.keys("BTab")
            t.wait(lambda s: rows(s), "the tab")
            check(runs_are_counted(), "on in the tab")
            t.keys("Enter")
            t.wait(lambda s: s[0].startswith("BPF program "), "a page")
            check(runs_are_counted(), "on while there is a page")
            t.keys("Escape")
            t.wait(lambda s: rows(s), "the tab again")
            t.keys("Tab")
            t.wait(processes, "the table of processes again")
            lib.wait_for(lambda: not runs_are_counted(), "off again")
        t.keys("BTab")
        t.wait(lambda s: rows(s), "the tab")
        t.keys("q")
        equal(t.wait_end(), 0, "status")
    check(not runs_are_counted(), "off after the end")


@test
def with_less_than_all():
    """CAP_BPF and CAP_PERFMON show the programs; what is lost is said.  Without them there is no tab."""
    need_programs()
    copy = lib.shared_copy()
    obj = nobody("bpf", "perfmon").snapshot("--view", "programs")
    check(any(p.get("own") for p in obj["programs"]), "its own programs at least")
    why = [m["why"] for m in obj["backend"]["missing"] if m["source"] == "programs"]
    check(any("CAP_SYS_ADMIN" in w for w in why), "what is missing: %r" % why)
    user = nobody("bpf", "perfmon")
    with lib.Tmux(*user.prefix, copy, "--view", "programs", "-d", "200", cols=100) as t:
        t.wait(lambda s: rows(s), "the table")
        t.wait_text("counters stand still")
        t.keys("q")
        equal(t.wait_end(), 0, "status")
    with lib.Tmux(*nobody().prefix, copy, "-d", "200", cols=100) as t:
        t.wait(processes, "the table of processes")
        check("[Programs]" not in t.text(), "no tab that can show nothing")
        t.keys("q")
        equal(t.wait_end(), 0, "status")


# ---- statistics ----------------------------------------------------------------------

def ends_by(how):
    p = subprocess.Popen([lib.PITSTOP, "--json", "--view", "programs", "-d", "100"], stdout=subprocess.PIPE)
    try:
        p.stdout.readline()
        check(runs_are_counted(), "statistics are on while it runs")
        how(p)
        p.stdout.read()
        p.wait(timeout=lib.PATIENCE)
    finally:
        p.kill()
        p.wait()
        p.stdout.close()
    check(not runs_are_counted(), "statistics are off after it ended")


@test
def statistics():
    need_programs()
    if runs_are_counted():
        raise lib.Skip("somebody else has switched the statistics on")
    run("--view", "programs", "--json", "-n", "1", "-d", "100")
    check(not runs_are_counted(), "off after its own end")
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT):
        ends_by(lambda p: p.send_signal(sig))
    run("--json", "-n", "1", "-d", "100")
    with lib.Stream("-d", "100") as s:
        s.next()
        check(not runs_are_counted(), "off while another view is shown")


@test
def statistics_that_were_on_stay_on():
    need_programs()
    sysctl = "/proc/sys/kernel/bpf_stats_enabled"
    if lib.read(sysctl).strip() != b"0":
        raise lib.Skip("somebody else has switched the statistics on")
    with open(sysctl, "w") as f:
        f.write("1")
    try:
        run("--view", "programs", "--json", "-n", "1", "-d", "100")
        equal(lib.read(sysctl).strip(), b"1", "the switch after the end")
        check(runs_are_counted(), "they stay on")
    finally:
        with open(sysctl, "w") as f:
            f.write("0")


@test
def profile():
    need_programs()
    r = run("--profile", "1")
    equal((r.status, r.err), (0, ""), "status and messages")
    check(re.search(r"\b50 samples in \d", r.text), "samples: " + r.text[:200])
    rows = [line.split() for line in r.text.splitlines()]
    probe = next(row for row in rows if row[:1] == ["programs"])
    check(int(probe[1]) >= 50 and int(probe[2]) > 0 and float(probe[3]) > 0, "the walk of programs: %r" % probe)
    at = rows.index(probe) + 1
    bars = []
    while rows[at][1:2] == ["ns"]:
        bars.append(int(rows[at][2]))
        at += 1
    equal(sum(bars), int(probe[1]), "runs in the histogram")
    check(any(row[:1] in (["walk"], ["iter"]) for row in rows), "the walk of tasks")
    contains(r.text, "(measured)" if not runs_are_counted() else "Run statistics", "what statistics add")
    equal([run("--profile=" + word).status for word in ("0", "x", "3601")], [2, 2, 2], "wrong numbers")


# ---- cost ------------------------------------------------------------------------------

def cpu_of(action):
    """CPU time of the children that action starts and waits for, in ms."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@test
def cost_of_a_thousand():
    """Beside bpftool in the same run: times are printed, and system calls held, of which a single one
    for each program would be twice as many."""
    need_programs()
    lib.need_command("bpftool")
    fds = [bpfsys.load(bpfsys.SOCKET_FILTER, bpfsys.MOV0 + bpfsys.EXIT, "pt_k%d" % i) for i in range(1000)]
    try:
        theirs = min(cpu_of(lambda: subprocess.run(["bpftool", "prog", "show"], stdout=subprocess.DEVNULL, check=True))
                     for _ in range(3))
        without = min(o["self"]["collect_us"] for o in lib.objects("-n", "6", "-d", "300")) / 1e3
        objs = lib.objects("--view", "programs", "-n", "12", "-d", "300")
        ours = [round(o["self"]["collect_us"] / 1e3 - without, 2) for o in objs]
        calls = [o["self"]["syscalls"] for o in objs]
        print("# %d programs: bpftool prog show %.1f ms of CPU; each refresh %s ms (with owners every second), "
              "%s system calls, those for tasks included" % (len(objs[-1]["programs"]), theirs, ours, calls))
    finally:
        for fd in fds:
            os.close(fd)
    print("# %.0f times less" % (theirs / max(min(ours), 0.01)))
    check(min(calls) < 500, "system calls with a thousand programs: %r" % calls)


if __name__ == "__main__":
    lib.main()
