#!/usr/bin/env python3
"""What loading takes beside the time, against the field's own loader."""
import mmap
import os
import subprocess

import lib
from lib import Skip, check, test

KERNEL_TYPES = "/sys/kernel/btf/vmlinux"


def peak_kib(tool):
    probes = os.path.join(os.path.dirname(lib.PITSTOP), "probes")
    objects = [os.path.join(probes, name + ".bpf.o") for name in ("tasks", "argv")]
    p = subprocess.run([os.path.join(lib.TOOLS, tool)] + objects, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=lib.PATIENCE)
    if p.returncode:
        raise Skip("%s cannot load here: %s" % (tool, p.stderr.decode(errors="replace").split("\n")[0]))
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
    ours, theirs = peak_kib("loadtime"), peak_kib("oracle/load_libbpf")
    check(3 * ours <= theirs, "peak of resident memory: %d KiB, libbpf %d KiB" % (ours, theirs))


if __name__ == "__main__":
    lib.main()
