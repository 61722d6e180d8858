#!/usr/bin/env python3
"""What the fuzzers of the loader have found worth keeping, once more: a crash,
a hang or (SAN=1) a step outside of an input stays found."""
import os
import subprocess
import tarfile
import tempfile

import lib
from lib import check, equal, test

CORPUS = os.path.join(lib.ROOT, "tests", "fuzz", "corpus")


def replay(name):
    with tempfile.TemporaryDirectory() as tmp, tarfile.open(os.path.join(CORPUS, name + ".tar.xz")) as kept:
        members = [m for m in kept.getmembers() if m.isfile()]
        files = [os.path.join(tmp, os.path.basename(m.name)) for m in members]
        for m, path in zip(members, files):
            with open(path, "wb") as f:
                f.write(kept.extractfile(m).read())
        p = subprocess.run([os.path.join(lib.TOOLS, "fuzz", name)] + files, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=lib.PATIENCE)
    check(files, "no input is kept for " + name)
    equal(p.returncode, 0, "the corpus of %s\n%s" % (name, p.stdout.decode(errors="replace")))
    equal(int(p.stdout), len(files), "inputs of %s" % name)


@test
def elf():
    replay("elf")


@test
def btf():
    replay("btf")


@test
def ext():
    replay("ext")


@test
def object():
    replay("object")


@test
def load():
    replay("load")


if __name__ == "__main__":
    lib.main()
