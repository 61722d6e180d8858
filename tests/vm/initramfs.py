"""The first file system of a guest, as a cpio archive (newc: the kernel's Documentation/driver-api/
early-userspace/buffer-format.rst)."""
import os
import stat


class Archive:
    def __init__(self):
        self.parts, self.inode, self.seen = [], 0, set()

    def add(self, path, mode, data=b"", rdev=(0, 0)):
        parent = os.path.dirname(path)
        if parent and parent not in self.seen:
            self.add(parent, stat.S_IFDIR | 0o755)
        self.seen.add(path)
        self.inode += 1
        name = path.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, rdev[0], rdev[1], len(name), 0)
        self.parts += [padded(b"070701" + b"".join(b"%08x" % f for f in fields) + name), padded(data)]

    def file(self, path, source, mode=0o755):
        with open(source, "rb") as f:
            self.add(path, stat.S_IFREG | mode, f.read())

    def text(self, path, text, mode=0o644):
        self.add(path, stat.S_IFREG | mode, text.encode())

    def link(self, path, to):
        self.add(path, stat.S_IFLNK | 0o777, to.encode())

    def folder(self, path, mode=0o755):
        self.add(path, stat.S_IFDIR | mode)

    def console(self):
        """Without it the first process has no standard input and output."""
        self.add("dev/console", stat.S_IFCHR | 0o600, rdev=(5, 1))

    def write(self, path):
        self.add("TRAILER!!!", 0)
        with open(path, "wb") as f:
            f.write(b"".join(self.parts))


def padded(data):
    return data + b"\0" * (-len(data) % 4)


PASSWD = """root:x:0:0:root:/:/bin/sh
user:x:1000:1000:user:/:/bin/sh
"""


def with_shell(out, init, busybox, files):
    """busybox, the script init, and under /t the files, a list of (name, source)."""
    a = Archive()
    a.console()
    a.file("bin/busybox", busybox)
    a.link("bin/sh", "busybox")
    a.text("etc/passwd", PASSWD)
    for folder in ("proc", "sys", "run", "t"):
        a.folder(folder)
    a.folder("tmp", 0o1777)
    a.file("init", init)
    for name, source in files:
        a.file("t/" + name, source)
    a.write(out)


def alone(out, program):
    """Nothing but the program, as init."""
    a = Archive()
    a.console()
    a.file("init", program)
    a.write(out)
