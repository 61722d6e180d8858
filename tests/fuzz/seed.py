#!/usr/bin/env python3
"""tests/fuzz/seed.py KERNEL.o OBJECT.o... OUT - inputs for the fuzzers of the
loader to start from: OUT/elf, OUT/object, OUT/btf, OUT/ext, OUT/load."""
import os
import struct
import sys

TYPE_EXISTS, TYPE_MATCHES = 8, 12


def sections(elf):
    """Name -> bytes of a little-endian 64-bit ELF file."""
    at, = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    headers = [struct.unpack_from("<IIQQQQ", elf, at + i * size) for i in range(count)]
    text = elf[headers[names][4]:]
    return {text[h[0]:text.index(b"\0", h[0])].decode(): elf[h[4]:h[4] + h[5]] for h in headers}


def with_matches(elf, ext):
    """The object once more, its "type exists" being "type matches": clang 14
    does not write that kind."""
    new = bytearray(ext)
    header, = struct.unpack_from("<I", ext, 4)
    off, size = struct.unpack_from("<II", ext, 24)
    at, end = header + off + 4, header + off + size
    while at < end:
        count, = struct.unpack_from("<I", ext, at + 4)
        at += 8
        for kind in range(at + 12, at + 16 * count, 16):
            if new[kind] == TYPE_EXISTS:
                new[kind] = TYPE_MATCHES
        at += 16 * count
    return elf.replace(ext, bytes(new))


def put(out, kind, name, data):
    os.makedirs(os.path.join(out, kind), exist_ok=True)
    with open(os.path.join(out, kind, name), "wb") as f:
        f.write(data)


def main(out, kernel, objects):
    with open(kernel, "rb") as f:
        target = sections(f.read())[".BTF"]
    put(out, "btf", "kernel", target)
    for path in objects:
        name = os.path.basename(path).split(".")[0]
        with open(path, "rb") as f:
            elf = f.read()
        own = sections(elf)
        put(out, "elf", name, elf)
        put(out, "btf", name, own[".BTF"])
        put(out, "ext", name, own[".BTF.ext"])
        for form in {elf: "", with_matches(elf, own[".BTF.ext"]): "-matches"}.items():
            put(out, "object", name + form[1], form[0])
            for which, btf in (("own", own[".BTF"]), ("kernel", target)):
                for mood in (0, 1, 2, 7):
                    put(out, "load", f"{name}{form[1]}-{which}-{mood}",
                        struct.pack("<I", len(btf) | mood << 24) + btf + form[0])


main(sys.argv[-1], sys.argv[1], sys.argv[2:-1])
