#!/usr/bin/env python3
"""What loading takes beside the time, against the field's own loader."""
import mmap
import os
import subprocess

import lib
from lib import Failed, Skip, check, test

KERNEL_TYPES = "/sys/kernel/btf/vmlinux"


def peak_kib(tool):
    probes = os.path.join(os.path.dirname(lib.PITSTOP), "probes")
    objects = [os.path.join(probes, name + ".bpf.o") for name in ("tasks", "argv")]
    p = subprocess.run([os.path.join(lib.TOOLS, tool)] + objects, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=lib.PATIENCE)
    if p.returncode:
        raise Failed("%s: %s" % (tool, p.stderr.decode(errors="replace")))
    return int(p.stdout.split()[2])


@test
def a_third_of_the_memory_of_libbpf():
    if lib.SAN:
        raise Skip("the sanitizers take memory of their own")
    try:
        with open(KERNEL_TYPES, "rb") as f:
            mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE).close()
    except (OSError, ValueError) as e:
        raise Skip("the kernel's types cannot be mapped here: %s" % e)
    try:
        theirs = peak_kib("oracle/load_libbpf")
    except Failed as e:
        raise Skip("libbpf cannot load the probes here: " + lib.one_line(e))
    ours = peak_kib("loadtime")
    check(3 * ours <= theirs, "peak of resident memory: %d KiB, libbpf %d KiB" % (ours, theirs))


if __name__ == "__main__":
    lib.main()
