"""A guest: boots a kernel in software emulation and talks over its serial console."""
import base64
import io
import os
import re
import select
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time

ROWS, COLS = 24, 80
UP_LIMIT, DONE_LIMIT = 120, 400     # s, of a machine that does other things, too
QEMU = {"x86_64": "qemu-system-x86_64", "aarch64": "qemu-system-aarch64"}
CONSOLE = {"x86_64": "ttyS0", "aarch64": "ttyAMA0"}


class Dead(Exception):
    """The guest did not come up, or not to its end in time."""


def qemu_major(arch):
    text = subprocess.run([QEMU[arch], "--version"], capture_output=True, text=True).stdout
    return int(re.search(r"version (\d+)", text).group(1))


def may_run_stale_text(arch):
    """One CPU may translate text while another patches it, and runs it as it was from then on: a
    tracepoint that has just been switched on is not seen until it is switched off and on again.
    (Found by writing the same bytes over sys_exit's text from outside: then it was seen.)"""
    return arch == "aarch64" and qemu_major(arch) < 9


def machine_words(arch, cpu):
    """QEMU before 9, x86: cmpxchg16b leaves garbage in EFLAGS and a second thread may run patched
    text stale; both show as rare oopses of the guest.  aarch64 has the second fault, too, but
    some of its guests do not end within their time with one thread: see may_run_stale_text()."""
    if arch == "aarch64":
        return ["-M", "virt,gic-version=3", "-cpu", cpu or "cortex-a57", "-accel", "tcg,thread=multi,tb-size=256"]
    old = qemu_major(arch) < 9
    return ["-M", "q35", "-cpu", "qemu64,+rdrand" + (",-cx16" if old else ""),
            "-accel", "tcg,thread=%s,tb-size=256" % ("single" if old else "multi")]


def qemu_command(arch, kernel, initrd, words, cpu=None, memory=512):
    # no_timer_check: the first ticks of an emulated CPU may come too late for the kernel's test
    line = ("console=%s,115200 panic=-1 quiet loglevel=1 mitigations=off audit=0 apparmor=0 selinux=0 no_timer_check %s"
            % (CONSOLE[arch], words))
    return [QEMU[arch], "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", *machine_words(arch, cpu),
            "-smp", "2", "-m", str(memory), "-kernel", kernel, "-initrd", initrd, "-append", line,
            "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]


def uml_command(kernel, initrd, words, scratch):
    return [kernel, "mem=256M", "uml_dir=%s/" % scratch, "initrd=" + initrd, "con=null", "con0=null,fd:1", "ssl=null",
            "quiet", "loglevel=1", "panic=-1", *words.split()]


class Screen:
    """The part of a VT100 that pitstop uses: cells, cursor, erasing."""
    TOKEN = re.compile(rb"\x1b\[([?>=]?)([\d;]*)([@-~])|\x1b[()](.)|\x1b([^\[()])|([\r\n\b\t])|([^\x1b\x00-\x1f]+)|(.)", re.S)

    def __init__(self):
        self.cursor = True
        self.clear()

    def clear(self):
        self.cell = [[" "] * COLS for _ in range(ROWS)]
        self.row = self.col = 0

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cell)

    def feed(self, data):
        for m in self.TOKEN.finditer(data):
            private, args, final, _, _, control, plain, _ = m.groups()
            if plain:
                self.put(plain.decode(errors="replace"))
            elif control:
                self.control(control)
            elif final:
                self.sequence(private, [int(a or 0) for a in args.split(b";")], final.decode())

    def put(self, text):
        for c in text:
            if self.row < ROWS and self.col < COLS:
                self.cell[self.row][self.col] = c
            self.col += 1

    def control(self, c):
        if c == b"\r":
            self.col = 0
        elif c == b"\n":
            self.row += 1
        elif c == b"\b":
            self.col = max(0, self.col - 1)

    def sequence(self, private, args, final):
        if private:
            self.cursor = final == "h" if 25 in args else self.cursor
        elif final in "Hf":
            self.row, self.col = max(args[0], 1) - 1, (max(args[1], 1) if len(args) > 1 else 1) - 1
        elif final == "C":
            self.col += max(args[0], 1)
        elif final == "G":
            self.col = max(args[0], 1) - 1
        elif final == "K" and self.row < ROWS:
            self.cell[self.row][self.col:] = [" "] * (COLS - self.col)
        elif final == "J":
            for row in range(self.row + 1 if args[0] == 0 else 0, ROWS):
                self.cell[row] = [" "] * COLS


class Guest:
    """command: of the emulator; its standard streams are the guest's console."""

    def __init__(self, command):
        self.scratch = tempfile.mkdtemp(prefix="pt-vm-")
        self.log = b""
        self.answered = 0
        self.began = time.monotonic()
        self.errors = open(os.path.join(self.scratch, "stderr"), "w+b")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
                                        start_new_session=True)

    def close(self):
        # user-mode Linux is a process for each of the guest's, which outlive the first
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def send(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def complaint(self):
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace").strip().splitlines()
        lines = [line for line in self.log.decode(errors="replace").splitlines() if line.strip()]
        return " | ".join((said[-2:] + lines[-6:]) or ["it said nothing"])

    def read(self, limit, what):
        """Some more of the console; False at its end."""
        left = limit - (time.monotonic() - self.began)
        if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
            raise Dead("%s after %d s: %s" % (what, limit, self.complaint()))
        data = os.read(self.process.stdout.fileno(), 65536)
        self.log += data
        # a serial line has no size: programs ask where the last column is
        asked = self.log.count(b"\x1b[6n")
        while self.answered < asked:
            self.send(b"\x1b[%d;%dR" % (ROWS, COLS))
            self.answered += 1
        return bool(data)

    def wait_for(self, pattern, limit, what):
        """The match; None when the guest ended without it."""
        while True:
            m = re.search(pattern, self.log)
            if m:
                return m
            if not self.read(limit, what):
                return None

    def wait_up(self):
        m = self.wait_for(rb"@@VM-UP (\S+)\r?\n", UP_LIMIT, "not up")
        if not m:
            raise Dead("ended before it was up: " + self.complaint())
        return m.group(1).decode()

    def results(self):
        """The files that the guest left, by name."""
        m = self.wait_for(rb"(?s)@@OUT-BEGIN\r?\n(.*?)@@OUT-END", DONE_LIMIT, "no results")
        if not m:
            raise RuntimeError("ended without results: " + self.complaint())
        with tarfile.open(fileobj=io.BytesIO(base64.b64decode(m.group(1)))) as tar:
            return {os.path.basename(f.name): tar.extractfile(f).read() for f in tar if f.isfile()}

    def screen(self, mark):
        """What stands on the screen from mark on, so far."""
        at = self.log.find(mark)
        s = Screen()
        if at >= 0:
            s.feed(self.log[at + len(mark):])
        return s

    def wait_screen(self, mark, wanted, what, patience=DONE_LIMIT):
        """The screen that is wanted; patience: s from now."""
        limit = min(DONE_LIMIT, time.monotonic() - self.began + patience)
        while True:
            s = self.screen(mark)
            if wanted(s):
                return s
            if not self.read(limit, what):
                raise RuntimeError("ended, %s: %s" % (what, self.complaint()))
