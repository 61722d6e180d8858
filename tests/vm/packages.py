"""Kernels and the few other files that guests need, as packages of the distribution.

Found by name in the suites of the mirror that this machine's apt is set up with, kept in the
cache; what was found is believed for a day, and longer where the mirror cannot be reached."""
import json
import os
import re
import subprocess
import tarfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "pitstop")
DEBIAN = {"x86_64": "amd64", "aarch64": "arm64"}
DAY = 86400

locks = {}
locks_guard = threading.Lock()


class Missing(Exception):
    """Cannot be had here, and why."""


def lock(key):
    with locks_guard:
        return locks.setdefault(key, threading.Lock())


def foreign(arch, suites, *words):
    """What .ci/foreign prints; one at a time for each of its folders."""
    with lock(arch + suites):
        done = subprocess.run(["sh", os.path.join(TOP, ".ci/foreign"), DEBIAN[arch], suites, *words],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if not line.startswith("W:")]
        raise Missing("%s for %s: %s" % (suites, arch, lines[-1] if lines else "not to be had"))
    return done.stdout


def by_version(name):
    return [(int(n) if n else 0, word) for n, word in re.findall(r"(\d*)(\D*)", name)]


def newest(arch, suites, pattern):
    """The newest package whose whole name matches."""
    found = [line.split(" - ")[0] for line in
             foreign(arch, suites, "cache", "search", "--names-only", "^%s$" % pattern).splitlines()]
    found = [name for name in found if re.fullmatch(pattern, name)]
    if not found:
        raise Missing("no package %s in %s for %s" % (pattern, suites, arch))
    return max(found, key=by_version)


def holder(arch, suites, package):
    """The package with the file itself: an image may be a name for another (meta packages, and
    linux-image since 6.19, which leads to linux-binary)."""
    while True:
        needs = re.findall(r"^ *Depends: (linux-(?:image|binary)-\d\S*)", foreign(arch, suites, "cache", "depends", package), re.M)
        if not needs:
            return package
        package = needs[0]


def fetch(arch, suites, package, wanted, folder):
    """Unpacks the files whose path matches wanted, flat, into folder."""
    foreign(arch, suites, "get", folder, package)
    for name in os.listdir(folder):
        if not name.endswith(".deb"):
            continue
        deb = os.path.join(folder, name)
        unpack = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        with tarfile.open(fileobj=unpack.stdout, mode="r|") as tar:
            for member in tar:
                if member.isfile() and re.search(wanted, member.name):
                    path = os.path.join(folder, os.path.basename(member.name))
                    with open(path, "wb") as f:
                        f.write(tar.extractfile(member).read())
                    os.chmod(path, 0o755)
        unpack.stdout.close()
        unpack.wait()
        os.unlink(deb)


def file_of(arch, label, suites, pattern, wanted):
    """The one file matching wanted of the newest package matching pattern: (path, package)."""
    note = os.path.join(CACHE, "vm", "%s-%s.json" % (arch, label))
    with lock(note):
        known = None
        if os.path.exists(note):
            with open(note) as f:
                known = json.load(f)
            if not os.path.exists(known["path"]):
                known = None
            elif os.path.getmtime(note) > time.time() - DAY:
                return known["path"], known["package"]
        try:
            package = holder(arch, suites, newest(arch, suites, pattern))
        except Missing:
            if known:
                return known["path"], known["package"]
            raise
        folder = os.path.join(CACHE, "vm", "%s-%s" % (arch, package))
        files = [n for n in os.listdir(folder)] if os.path.isdir(folder) else []
        if not files:
            os.makedirs(folder, exist_ok=True)
            fetch(arch, suites, package, wanted, folder)
            files = os.listdir(folder)
        if not files:
            raise Missing("%s for %s does not hold %s" % (package, arch, wanted))
        path = os.path.join(folder, files[0])
        with open(note, "w") as f:
            json.dump({"path": path, "package": package}, f)
        return path, package


def codename():
    try:
        with open("/etc/os-release") as f:
            return re.search(r'^VERSION_CODENAME="?([\w-]+)', f.read(), re.M).group(1)
    except (OSError, AttributeError):
        return "sid"


def kernel(arch, label, suites, pattern):
    return file_of(arch, "linux-" + label, suites, pattern % {"deb": DEBIAN[arch]}, r"(^|/)vmlinuz")


def busybox(arch):
    return file_of(arch, "busybox", codename(), "busybox-static", r"bin/busybox$")[0]


def user_mode_linux():
    return file_of("x86_64", "user-mode-linux", codename(), "user-mode-linux", r"bin/linux(\.uml)?$")
