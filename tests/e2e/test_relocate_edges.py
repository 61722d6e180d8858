"""CO-RE: targets that no compiler here writes, objects changed by hand, and
what is not to be relocated: an error with its place, never a crash."""
import os
import struct
import subprocess

import lib
from bpfobj import KINDS, LD_IMM64, Btf, Object
from lib import TOOLS, check, contains, equal, scratch, test

RELOCATE = os.path.join(TOOLS, "relocate")
SIGNED, KFLAG = 1, True


def obj(name):
    return Object.open(os.path.join(TOOLS, "core", name + ".bpf.o"))


def target(name):
    with open(os.path.join(TOOLS, "core", name + ".btf"), "rb") as f:
        return f.read()


def run(object_bytes, target_bytes, *options):
    paths = []
    for name, data in (("object.o", object_bytes), ("target.btf", target_bytes)):
        paths.append(os.path.join(scratch(), name))
        with open(paths[-1], "wb") as f:
            f.write(data)
    got = subprocess.run([RELOCATE, *options, *paths], capture_output=True, text=True, timeout=lib.PATIENCE)
    check(got.returncode in (0, 1), "relocate ended with %d\n%s" % (got.returncode, got.stderr))
    equal(bool(got.stderr), got.returncode == 1, "a reason exactly when it failed")
    return got


def results(section, object_bytes, target_bytes):
    """[(kind, access, result)] of one section."""
    got = run(object_bytes, target_bytes)
    rows = [line.split("\t") for line in got.stdout.splitlines()]
    return [(r[2], r[4], r[5]) for r in rows if r[0] == section]


def insns(section, object_bytes, target_bytes):
    words = run(object_bytes, target_bytes, "--insns").stdout.split("\n")
    at = words.index(section) + 1
    end = next(i for i in range(at, len(words)) if len(words[i]) != 16)
    return [int(w, 16) for w in words[at:end]]


# ---- targets -------------------------------------------------------------------------

@test
def enum64_values_are_whole():
    b = Btf()
    b.enum64("moved", [("MINUS", -(1 << 40)), ("ONE", 0x8000000000000001), ("TWO", 0x123456789)], KFLAG)
    rows = results("raw_tp/enum_value", obj("enums").raw(), b.blob())
    equal([r[2] for r in rows], ["-9223372036854775807", str(0x123456789), str(-(1 << 40)), "poison"], "values")
    words = insns("raw_tp/enum_value", obj("enums").raw(), b.blob())
    wide = [i for i, w in enumerate(words) if w & 0xff == LD_IMM64]
    check(wide, "the compiler made no wide load of an enumerator")
    equal((words[wide[0]] >> 32, words[wide[0] + 1] >> 32), (1, 0x80000000), "both halves")


@test
def poison_covers_both_halves():
    words = insns("raw_tp/enum_poison", obj("enums").raw(), target("enums"))
    bad = 195896080 << 32 | 0x85
    check(words.count(bad) >= 2 and LD_IMM64 not in [w & 0xff for w in words], "half a wide load: %x" % words[0])
    check(0 not in words, "an opcode 0 is left behind")


@test
def tags_and_floats_are_stepped_over():
    b = Btf()
    u32 = b.int("unsigned int", 4)
    tagged = b.add("type_tag", "rcu", b.add("const", "", u32))
    b.add("decl_tag", "some", 5, [0xffffffff])
    b.add("float", "float", 4)
    b.struct("row", 24, [("", u32, 0), ("a", tagged, 64)])
    equal(results("raw_tp/ptr_as_arr", obj("fields").raw(), b.blob()), [("field_byte_offset", "3:0", "80")],
          "through a tag")


@test
def old_bitfields_are_integers_with_an_offset():
    """Before kind_flag an INT of its own said where the bits are: such fields
    are for no access, as libbpf has it."""
    b = Btf()
    u32 = b.add("int", "unsigned int", 4, [3 << 16 | 7])
    b.struct("bits", 8, [("a", u32, 32)])
    equal(results("raw_tp/cover", obj("bitfields").raw(), b.blob())[0][2], "poison", "the bits of an old INT")


@test
def unknown_kinds_are_skipped_by_the_layout():
    b = Btf()
    b.add(23, "news", 0, [7, 1, 2, 3, 4], count=2)
    u32 = b.int("unsigned int", 4)
    b.struct("row", 24, [("a", u32, 64)])
    equal(results("raw_tp/ptr_as_arr", obj("fields").raw(), b.blob({23: (4, 8)}))[0][2], "80", "behind kind 23")
    contains(run(obj("fields").raw(), b.blob()).stderr, "newer", "without a layout")


@test
def pointers_of_32_bit_kernels():
    b = Btf()
    b.int("long unsigned int", 4)
    b.struct("mods", 8, [("p", b.add("ptr"), 32)])
    obj_bytes = obj("fields").raw()
    equal(results("raw_tp/mods", obj_bytes, b.blob())[4], ("field_byte_offset", "0:4", "4"), "a pointer")
    loads = [w for w in insns("raw_tp/mods", obj_bytes, b.blob()) if w & 0xff == 0x61 and w >> 16 & 0xffff == 4]
    check(loads, "no 32-bit load of it")


@test
def duplicates_that_agree_are_one():
    b = Btf()
    u32 = b.int("unsigned int", 4)
    for padding in (u32, b.add("ptr")):
        b.struct("row", 24, [("pad", padding, 0), ("a", u32, 64)])
    b.add("fwd", "row")
    equal(results("raw_tp/ptr_as_arr", obj("fields").raw(), b.blob())[0][2], "80", "two equal types")


# ---- objects ---------------------------------------------------------------------------

@test
def dead_code_decides_nothing():
    """Of a weak function that a linker overrode the symbol is gone and the
    records are left: they are printed, and narrow no candidates."""
    o = obj("prune")
    dead = next(f for f in o.functions() if f.name == "prune_1")
    struct.pack_into("<Q", o.data, dead.at + 16, 8)
    equal([r[2] for r in results("raw_tp/prune_1", o.raw(), target("prune"))], ["8", "20"], "dead records")
    equal([r[2] for r in results("raw_tp/prune_2", o.raw(), target("prune"))], ["1", "16"], "the living")
    equal(insns("raw_tp/prune_1", o.raw(), target("prune")), o.words(o.section("raw_tp/prune_1")), "dead code")


@test
def names_of_sections_mean_nothing():
    o = obj("prune")
    got = run(o.raw().replace(b"raw_tp/", b"nosuch/"), target("prune"))
    equal(got.stdout.count("\n"), len(list(o.records())), "lines")


@test
def without_btf_there_is_nothing_to_do():
    for name in (".BTF", ".BTF.ext"):
        o = obj("fields")
        table, = struct.unpack_from("<Q", o.data, 40)
        header = table + 64 * o.section(name).index
        struct.pack_into("<I", o.data, header, struct.unpack_from("<I", o.data, header)[0] + 1)
        got = run(o.raw(), target("fields"))
        equal((got.returncode, got.stdout), (0, ""), "an object without " + name)


def edited(name, section, nth=0, **changes):
    o = obj(name)
    record = [r for r in o.records() if r.section == section][nth]
    o.set_record(record, **changes)
    return o.raw()


def with_string(name, old, new):
    """Every access string that is old."""
    data = obj(name).raw()
    check(b"\0" + old + b"\0" in data, "no string %r in %s" % (old, name))
    return data.replace(b"\0" + old + b"\0", b"\0" + new + b"\0")


@test
def what_cannot_be_relocated_says_why():
    b = Btf()
    u32, u64 = b.int("unsigned int", 4), b.int("unsigned long", 8)
    b.struct("far", 40000, [("far", u32, 32768 * 8), ("gone", u32, 0)])
    b.struct("bits", 32, [("a", u64, 40 << 24 | 60)], KFLAG)
    apart = b.blob()
    for what, data, where, why in (
            ("unknown kind", edited("fields", "raw_tp/mods", kind=13), target("fields"), "unknown kind"),
            ("no such type", edited("fields", "raw_tp/mods", type_id=5000), target("fields"), "malformed"),
            ("half an instruction", edited("fields", "raw_tp/mods", insn_off=4), target("fields"), "no instruction"),
            ("past the end", edited("fields", "raw_tp/mods", insn_off=1 << 20), target("fields"), "no instruction"),
            ("another instruction", edited("fields", "raw_tp/mods", 1, insn_off=0), target("fields"), "not match"),
            ("sign of an element", edited("arrays", "raw_tp/element_width", kind=3), target("arrays"), "array element"),
            ("shift of an element", edited("arrays", "raw_tp/element_width", kind=5), target("arrays"), "array element"),
            ("far", obj("scalars").raw(), apart, "32767"),
            ("bits across 8 bytes", obj("bitfields").raw(), apart, "8-byte load"),
            ("ambiguous", obj("ambiguous").raw(), target("ambiguous"), "ambiguous")):
        got = run(data, where)
        equal(got.returncode, 1, what)
        contains(got.stderr, why, what)
        contains(got.stderr, "section raw_tp/", "the place of " + what)


@test
def malformed_access_strings():
    for new in (b"0:-", b"::0", b"0::", b"0:x", b"-:0", b" :0", b"0 0", b"9:9", b"0:9", b":::", b"\0\0\0"):
        data = with_string("fields", b"0:0", new)
        equal(run(data, target("fields")).returncode, 1, "access %r" % new)


@test
def broken_containers():
    good, btf = obj("fields").raw(), target("fields")
    ext, core, length = obj("fields").core_header()
    for what, data, where in (
            ("no ELF", b"x" * 4096, btf), ("an empty object", b"", btf), ("half an object", good[:len(good) // 2], btf),
            ("an empty target", good, b""), ("half a target", good, btf[:len(btf) // 2]),
            ("a target that is an object", good, good),
            ("no strings", good, btf[:20] + struct.pack("<I", 0) + btf[24:]),
            ("types over strings", good, btf[:16] + struct.pack("<I", 0) + btf[20:]),
            ("flags of .BTF.ext", good[:ext + 3] + b"\1" + good[ext + 4:], btf),
            ("record size", good[:core] + struct.pack("<I", 12) + good[core + 4:], btf),
            ("number of records", good[:core + 8] + struct.pack("<I", 1 << 30) + good[core + 12:], btf),
            ("length of records", good[:ext + 28] + struct.pack("<I", length + 4) + good[ext + 32:], btf)):
        got = run(data, where)
        equal((got.returncode, got.stdout), (1, ""), what)


@test
def references_to_nothing():
    """In a target that could be anything each one is an error."""
    btf = target("types")
    parsed = Btf.parse(btf)
    kinds = set()
    for kind, _, at in parsed.rows[1:]:
        if kind in kinds:
            continue
        words = {"struct": [0, 12, 16], "union": [0, 12, 16], "enum": [0, 12], "array": [12, 16], "ptr": [8],
                 "typedef": [0, 8], "func": [0, 8], "func_proto": [8, 12, 16], "int": [0], "var": [0, 8],
                 "datasec": [0, 12]}.get(kind, [])
        for offset in words:
            if kind == "func_proto" and offset > 8 and not struct.unpack_from("<I", btf, at + 4)[0] & 0xffff:
                continue
            kinds.add(kind)
            broken = btf[:at + offset] + struct.pack("<I", 0x7fffffff) + btf[at + offset + 4:]
            got = run(obj("types").raw(), broken)
            contains(got.stderr, "malformed BTF", "%s, byte %d" % (kind, offset))
    check({"struct", "enum", "array", "func", "var"} <= kinds, "kinds seen: %s" % sorted(kinds))
    equal(KINDS["enum64"], 19, "the last kind")


lib.main()
