"""pitstop where something is missing or not permitted: another user, a file
system hidden, bpf(2) refused."""
import os
import subprocess

import lib
from lib import SAN, TOOLS, Skip, environment, equal

NOSECCOMP = os.path.join(TOOLS, "noseccomp")
# enum bpf_cmd
MAP_CREATE, PROG_LOAD, PROG_TEST_RUN, LINK_CREATE, ITER_CREATE = 0, 5, 10, 28, 33


class Prefixed:
    """pitstop where anyone may run it, under another command."""

    def __init__(self, *prefix):
        self.prefix = prefix
        self.binary = lib.shared_copy()

    def command(self, *args):
        return (*self.prefix, self.binary, *args)

    def run(self, *args, env=None):
        p = subprocess.run(self.command(*args), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, env=env or own_environment(), timeout=lib.PATIENCE, cwd="/")
        return lib.Result(lib.status_of(p.returncode), p.stdout, p.stderr)

    def snapshot(self, *args):
        r = self.run("--json", "--once", "-d", "60ms", *args)
        equal((r.status, r.err), (0, ""), "status and messages of --json under " + " ".join(self.prefix[:3]))
        return lib.parse_json(r.out.splitlines()[-1])


def own_environment():
    # the leak checker cannot look into a process that changed its user
    return environment(ASAN_OPTIONS="detect_leaks=0") if SAN else environment()


def nobody(*caps):
    lib.need_root()
    lib.need_command("setpriv")
    base = ["setpriv", "--reuid=%d" % lib.NOBODY, "--regid=%d" % lib.NOBODY, "--clear-groups"]
    if caps:
        plus = ",".join("+" + c for c in caps)
        base += ["--inh-caps=" + plus, "--ambient-caps=" + plus, "--bounding-set=-all," + plus]
    p = subprocess.run([*base, "true"], stderr=subprocess.PIPE)
    if p.returncode:
        raise Skip("setpriv: " + p.stderr.decode(errors="replace").strip())
    return Prefixed(*base)


def after(*commands):
    """In a mount namespace of its own, after these commands of the shell."""
    lib.need_root()
    lib.need_command("unshare")
    script = "".join("%s || exit 125; " % c for c in commands) + 'exec "$@"'
    prefix = ("unshare", "--mount", "--propagation=private", "sh", "-c", script, "sh")
    p = subprocess.run([*prefix, "true"], stderr=subprocess.PIPE)
    if p.returncode:
        raise Skip("cannot mount here: " + p.stderr.decode(errors="replace").strip())
    return Prefixed(*prefix)


def mounted_over(*paths):
    """An empty file system over each path, for one command."""
    return after(*("mount -t tmpfs pt-none %s" % path for path in paths))


def bpf_refused(error, commands):
    need_filter()
    return Prefixed(NOSECCOMP, error, commands)


def need_filter():
    if subprocess.run([NOSECCOMP, "EPERM", "all", "true"], stderr=subprocess.DEVNULL).returncode:
        raise Skip("no seccomp filter can be installed here")
