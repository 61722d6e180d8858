"""CO-RE: what `relocate` makes of our own cases (tests/core), and that libbpf
makes the same of them."""
import glob
import os
import re
import struct
import subprocess

import lib
from bpfobj import CALL, LD_IMM64, Btf, Object
from lib import ROOT, TOOLS, Skip, check, equal, scratch, test

RELOCATE = os.path.join(TOOLS, "relocate")
ORACLE = os.path.join(TOOLS, "oracle", "relocated")
VMLINUX = "/sys/kernel/btf/vmlinux"
CASES = sorted(os.path.basename(p)[:-len(".bpf.c")] for p in glob.glob(os.path.join(ROOT, "tests/core/*.bpf.c")))
EXISTS, MATCHES = 8, 12
REFUSED = {"ambiguous"}     # by libbpf, as a whole


def relocate(*args, status=0):
    got = subprocess.run([RELOCATE, *args], capture_output=True, text=True, timeout=lib.PATIENCE)
    equal(got.returncode, status, "status of relocate %s\n%s" % (" ".join(args), got.stderr))
    check(bool(got.stderr) == (status != 0), "relocate %s: %r on standard error" % (" ".join(args), got.stderr))
    return got


def lines(got):
    """[(section, insn, kind, root type, access, result)]"""
    return [tuple(line.split("\t")) for line in got.stdout.splitlines()]


def case(name):
    """The object of a case, with the kind that its compiler may not know, and its target."""
    obj = Object.open(os.path.join(TOOLS, "core", name + ".bpf.o"))
    for record in obj.records():
        if record.section.startswith("raw_tp/matches_") and record.kind == EXISTS:
            obj.set_record(record, kind=MATCHES)
    path = os.path.join(scratch(), name + ".o")
    with open(path, "wb") as f:
        f.write(obj.raw())
    return obj, path, os.path.join(TOOLS, "core", name + ".btf")


def expected(name):
    """{section: [(kind, root type, access, result)]} from the comments of a case."""
    found, section = {}, None
    with open(os.path.join(ROOT, "tests/core", name + ".bpf.c")) as f:
        for line in f:
            start = re.search(r'^CASE\((\w+)\)|section\("(.*?)"\)|(noinline)', line)
            if start:
                section = "raw_tp/" + start[1] if start[1] else start[2] or ".text"
            for row in re.findall(r"/\* = (.*?) \*/", line):
                found.setdefault(section, []).append(tuple(part.strip() for part in row.split("|")))
    return found


def result_of(word, row, record, target):
    """What a line of the expectation means for one record: ids are the compiler's to choose."""
    if word == "local":
        return str(record.type_id)
    if word == "target":
        kind, _, name = row[1].rpartition(" ")
        return str(next(i for i, t in enumerate(target.rows) if t and t[1] == name and
                        t[0] == (kind or "typedef")))
    return word


@test
def cases_have_their_results():
    for name in CASES:
        obj, path, btf = case(name)
        want = expected(name)
        got = lines(relocate(path, btf, status=1 if name in REFUSED else 0))
        records = list(obj.records())
        equal(len(got), len(records), "lines of %s" % name)
        with open(btf, "rb") as f:
            target = Btf.parse(f.read())
        seen = {}
        for line, record in zip(got, records):
            equal(line[:2], (record.section, str(record.insn_off // 8)), "the order of records in %s" % name)
            seen.setdefault(line[0], []).append((line[2:], record))
        equal(sorted(seen), sorted(want), "sections of %s" % name)
        for section, rows in want.items():
            rows = [row[:3] + (result_of(row[3], row, record, target),)
                    for row, (_, record) in zip(rows, seen[section])] + rows[len(seen[section]):]
            equal([line for line, _ in seen[section]], rows, "%s of %s" % (section, name))


def insns(path, btf, status=0):
    """{section: [word]} as relocate prints them."""
    found, section = {}, None
    for line in relocate("--insns", path, btf, status=status).stdout.splitlines():
        if re.fullmatch("[0-9a-f]{16}", line):
            found[section].append(int(line, 16))
        else:
            section = line
            found[section] = []
    return found


@test
def a_relocation_skipped_is_seen():
    """Every case is worth something: its code changes."""
    for name in CASES:
        obj, path, btf = case(name)
        patched = insns(path, btf, status=1 if name in REFUSED else 0)
        equal(sorted(patched), sorted(s.name for s in obj.code()), "sections of %s" % name)
        changed = {s.name for s in obj.code() if patched[s.name] != obj.words(s)}
        for section in expected(name):
            check(section in changed, "%s: no instruction of %s changes" % (name, section))


# ---- against libbpf -----------------------------------------------------------------

def oracle(path, btf):
    if not os.path.exists(ORACLE):
        raise Skip("no libbpf here: %s was not built" % os.path.basename(ORACLE))
    got = subprocess.run([ORACLE, path, btf], capture_output=True, text=True, timeout=lib.PATIENCE)
    if got.returncode == 2:
        raise Skip("libbpf may not create maps here")
    check(got.returncode in (0, 1), "the oracle ended with %d\n%s" % (got.returncode, got.stderr))
    version, *rest = got.stdout.splitlines()
    if got.returncode:
        return None
    return {words[0]: [int(w, 16) for w in words[1:]] for words in map(str.split, rest)}


def same_insn(ours, theirs, relocated):
    """Linking is not what is compared: calls, maps and externs differ."""
    code = ours & 0xff
    if relocated or (code == CALL and ours >> 12 & 15 == 1):
        return (ours & 0xfff) == (theirs & 0xfff) or theirs & 0xff in (code, CALL)
    return ours == theirs


class Linked:
    """One program as libbpf linked it, walked function by function."""

    def __init__(self, obj, patched, theirs):
        self.obj, self.patched, self.theirs = obj, patched, theirs
        self.seen = set()

    def function_at(self, section, insn):
        return next(f for f in self.obj.functions()
                    if f.section == section and f.value // 8 <= insn < (f.value + f.size) // 8)

    def callee(self, section, insn, symbol):
        """Of a call: the function, as libbpf finds it from the symbol and the immediate."""
        word = self.obj.words(self.obj.sections[section])[insn]
        imm = struct.unpack("<i", struct.pack("<I", word >> 32))[0]
        if symbol is None:
            return self.function_at(section, insn + imm + 1)
        return self.function_at(symbol.section, symbol.value // 8 + imm + 1)

    def compare(self, function, at):
        if at in self.seen:
            return
        self.seen.add(at)
        section = self.obj.sections[function.section]
        symbols = self.obj.relocations(section)
        first = function.value // 8
        for i in range(function.size // 8):
            insn = first + i
            ours, theirs = self.patched[section.name][insn], self.theirs[at + i]
            relocated = insn in symbols or (insn - 1 in symbols and i and
                                            self.patched[section.name][insn - 1] & 0xff == LD_IMM64)
            check(same_insn(ours, theirs, relocated), "%s, instruction %d of %s: %016x, libbpf has %016x" %
                  (function.name, i, section.name, ours, theirs))
            if theirs & 0xff == CALL and theirs >> 12 & 15 == 1:
                step = struct.unpack("<i", struct.pack("<I", theirs >> 32))[0]
                self.compare(self.callee(function.section, insn, symbols.get(insn)), at + i + 1 + step)


def compare_with_libbpf(path, btf):
    """How many programs are the same."""
    obj = Object.open(path)
    theirs = oracle(path, btf)
    check(theirs is not None, "libbpf refuses %s" % path)
    patched = insns(path, btf)
    for function in obj.functions():
        if function.name in theirs:
            Linked(obj, patched, theirs[function.name]).compare(function, 0)
    return len(theirs)


@test
def cases_are_as_libbpf_has_them():
    for name in CASES:
        _, path, btf = case(name)
        if name in REFUSED:
            check(oracle(path, btf) is None, "libbpf takes %s" % name)
        else:
            check(compare_with_libbpf(path, btf) > 0, "%s has no programs" % name)


@test
def probes_are_as_libbpf_has_them():
    if not os.path.exists(VMLINUX):
        raise Skip("no " + VMLINUX)
    objects = glob.glob(os.path.join(os.path.dirname(TOOLS), "probes", "*.bpf.o")) + \
        glob.glob(os.path.join(TOOLS, "bpf", "*.bpf.o"))
    compared = 0
    for path in objects:
        records = [line for line in lines(relocate(path, VMLINUX))]
        if records:
            compared += compare_with_libbpf(path, VMLINUX)
    check(compared > 0, "no probe was compared")


lib.main()
