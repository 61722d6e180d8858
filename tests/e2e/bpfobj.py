"""BPF objects and BTF as tests need them: read, changed in place, written.

Only what the loader's tests look at; formats are those of elf(5) and of
Documentation/bpf/btf.rst in the kernel tree."""
import collections
import struct

Section = collections.namedtuple("Section", "index name type flags offset size link info")
Symbol = collections.namedtuple("Symbol", "name type section value size at")
Record = collections.namedtuple("Record", "section at insn_off type_id access kind")

SHT_PROGBITS, SHT_SYMTAB, SHT_REL = 1, 2, 9
SHF_EXECINSTR = 4
STT_FUNC = 2
LD_IMM64, CALL = 0x18, 0x85

KINDS = {name: kind for kind, name in enumerate(
    "void int ptr array struct union enum fwd typedef volatile const restrict func func_proto var datasec "
    "float decl_tag type_tag enum64".split())}
_FIXED = {"int": 4, "array": 12, "var": 4, "decl_tag": 4}
_EACH = {"struct": 12, "union": 12, "enum": 8, "func_proto": 8, "datasec": 12, "enum64": 12}


def c_string(data, at):
    return data[at:data.index(b"\0", at)].decode()


class Object:
    """An ELF object; .data may be changed, .raw() is what a file holds."""

    def __init__(self, data):
        self.data = bytearray(data)
        table, = struct.unpack_from("<Q", data, 40)
        count, names = struct.unpack_from("<HH", data, 60)
        rows = [struct.unpack_from("<IIQQQQII", data, table + 64 * i) for i in range(count)]
        self.sections = [Section(i, c_string(data, rows[names][4] + r[0]), r[1], r[2], r[4], r[5], r[6], r[7])
                         for i, r in enumerate(rows)]
        self.symbols = list(self._read_symbols())

    @classmethod
    def open(cls, path):
        with open(path, "rb") as f:
            return cls(f.read())

    def raw(self):
        return bytes(self.data)

    def section(self, name):
        return next(s for s in self.sections if s.name == name)

    def body(self, section):
        return bytes(self.data[section.offset:section.offset + section.size])

    def code(self):
        return [s for s in self.sections if s.type == SHT_PROGBITS and s.flags & SHF_EXECINSTR and s.size]

    def words(self, section):
        return [w for w, in struct.iter_unpack("<Q", self.body(section))]

    def _read_symbols(self):
        for s in self.sections:
            if s.type != SHT_SYMTAB:
                continue
            strings = self.sections[s.link].offset
            for at in range(s.offset, s.offset + s.size, 24):
                name, info, _, section, value, size = struct.unpack_from("<IBBHQQ", self.data, at)
                yield Symbol(c_string(self.data, strings + name), info & 15, section, value, size, at)

    def functions(self):
        return [s for s in self.symbols if s.type == STT_FUNC]

    def relocations(self, section):
        """{instruction: symbol}"""
        found = {}
        for s in self.sections:
            if s.type == SHT_REL and s.info == section.index:
                for offset, info in struct.iter_unpack("<QQ", self.body(s)):
                    found[offset // 8] = self.symbols[info >> 32]
        return found

    def core_header(self):
        """Where .BTF.ext begins, and its CO-RE part with the record size."""
        ext = self.section(".BTF.ext")
        header, = struct.unpack_from("<I", self.data, ext.offset + 4)
        offset, length = struct.unpack_from("<II", self.data, ext.offset + 24)
        return ext.offset, ext.offset + header + offset, length

    def records(self):
        btf = Btf.parse(self.body(self.section(".BTF")))
        _, at, length = self.core_header()
        end = at + length
        stride, = struct.unpack_from("<I", self.data, at)
        at += 4
        while at < end:
            name, count = struct.unpack_from("<II", self.data, at)
            at += 8
            for _ in range(count):
                insn_off, type_id, access, kind = struct.unpack_from("<IIII", self.data, at)
                yield Record(btf.string(name), at, insn_off, type_id, btf.string(access), kind)
                at += stride

    def set_record(self, record, **changes):
        for field, value in changes.items():
            where = ("insn_off", "type_id", "access_off", "kind").index(field)
            struct.pack_into("<I", self.data, record.at + 4 * where, value)


class Btf:
    """Types as they are added, ids counting from 1."""

    def __init__(self):
        self.types = []
        self.strings = bytearray(b"\0")
        self.count = 0

    @classmethod
    def parse(cls, blob):
        b = cls()
        header, = struct.unpack_from("<I", blob, 4)
        types, types_len, strings, strings_len = struct.unpack_from("<IIII", blob, 8)
        b.strings = bytearray(blob[header + strings:header + strings + strings_len])
        b.rows = [None]
        names = {kind: name for name, kind in KINDS.items()}
        at, end = header + types, header + types + types_len
        while at < end:
            name, info, size = struct.unpack_from("<III", blob, at)
            kind = names[info >> 24 & 0x1f]
            b.rows.append((kind, b.string(name), at))
            at += 12 + _FIXED.get(kind, 0) + _EACH.get(kind, 0) * (info & 0xffff)
        return b

    def string(self, at):
        return c_string(self.strings, at)

    def name(self, text):
        if not text:
            return 0
        at = len(self.strings)
        self.strings += text.encode() + b"\0"
        return at

    def add(self, kind, name="", size=0, words=(), count=0, flag=False):
        """kind is a name of KINDS or a number; size may be the type referred to."""
        number = KINDS.get(kind, kind)
        self.types.append(struct.pack("<III", self.name(name), flag << 31 | number << 24 | count, size) +
                          struct.pack("<%dI" % len(words), *(w & 0xffffffff for w in words)))
        self.count += 1
        return self.count

    def int(self, name, size, encoding=0):
        return self.add("int", name, size, [encoding << 24 | size * 8])

    def composite(self, kind, name, size, members, flag=False):
        """members: (name, type, bit offset)"""
        words = [w for m, t, offset in members for w in (self.name(m), t, offset)]
        return self.add(kind, name, size, words, len(members), flag)

    def struct(self, name, size, members, flag=False):
        return self.composite("struct", name, size, members, flag)

    def enum64(self, name, values, flag=False):
        words = [w for n, v in values for w in (self.name(n), v, v >> 32)]
        return self.add("enum64", name, 8, words, len(values), flag)

    def blob(self, layout=None):
        """layout: {kind: (fixed, each)}, as headers since Linux 7.1 have it."""
        types, strings = b"".join(self.types), bytes(self.strings)
        if layout is None:
            return struct.pack("<HBBIIIII", 0xeb9f, 1, 0, 24, 0, len(types), len(types), len(strings)) + \
                types + strings
        rows = b"".join(struct.pack("<BBH", *layout.get(kind, (0, 0)), 0) for kind in range(max(layout) + 1))
        return struct.pack("<HBBIIIIIII", 0xeb9f, 1, 0, 32, 0, len(types), len(types) + len(rows), len(strings),
                           len(types), len(rows)) + types + rows + strings
