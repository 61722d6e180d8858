"""Ten thousand steps of someone who has no idea: random keys, clicks, pasted
text, garbage and sizes from 1x1 to 500x200, on a bare pty.  Nothing may crash,
hang, or leave the terminal other than it was.

Each run prints its seed; PT_SEED repeats one, PT_STEPS makes it longer."""
import fcntl
import os
import random
import struct
import subprocess
import sys
import termios

import lib
from lib import Pty, check, test

STEPS = int(os.environ.get("PT_STEPS", 10000))
BATCH = 25                      # steps until the program is asked for a sign of life
QUITS = [b"q", b"\x1b[21~", b"\x03"]
FORBIDDEN = b"f"                # freezes a whole control group: the test's own

LETTERS = [bytes([c]) for c in range(0x20, 0x7f)]
# while it is suspended the terminal's driver makes a signal of 0x1c
CONTROLS = [bytes([c]) for c in range(1, 0x20) if c not in (3, 0x1b, 0x1c)] + [b"\x7f", b"\0"]
CURSOR = [b"\x1b[" + m + f for f in (b"A", b"B", b"C", b"D", b"H", b"F") for m in (b"", b"1;2", b"1;3", b"1;5")]
CURSOR += [b"\x1bO" + f for f in (b"A", b"B", b"C", b"D", b"H", b"F", b"P", b"Q", b"R", b"S", b"M")]
NUMBERS = [b"\x1b[%d~" % n for n in (1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 17, 18, 19, 20, 23, 24, 25, 26,
                                     28, 29, 31, 32, 33, 34)]
NUMBERS += [b"\x1b[%d;2~" % n for n in (13, 15, 17, 18, 19)] + [b"\x1b[1;2P", b"\x1b[1;2R", b"\x1b[Z"]
NUMBERS += [b"\x1b[[" + f for f in (b"A", b"B", b"C", b"D", b"E")]
PAIRS = [p + bytes([c]) for p in (b"z", b"y", b"g") for c in b"ocaOCMRypucsnlgvgzq"]
MENUS = [b"\x1b[17~", b"u", b"k", b"\x1b[20~", b"l", b"e", b"w", b"x", b"\r", b"\r", b"V", b"t", b"H", b"?", b"/", b"\\",
         b"\x1b[12~", b"\t", b"s", b"a", b"i", b"Y", b"p", b"m", b"c", b" "]


class Chaos:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def size(self):
        """Small ones are the odd ones: half of them are small."""
        r = self.r
        return (r.choice((1, 2, 3, 4, 5, r.randint(1, 30), r.randint(1, 200))),
                r.choice((1, 2, 3, 7, 20, r.randint(1, 90), r.randint(1, 500))))

    def mouse(self):
        r = self.r
        x, y = r.choice((r.randint(1, 80), r.randint(1, 520))), r.choice((r.randint(1, 24), r.randint(1, 210)))
        if r.random() < 0.1:
            return b"\x1b[M" + bytes(r.randint(32, 255) for _ in range(3))
        click = b"\x1b[<%d;%d;%d%s" % (r.choice((0, 0, 0, 1, 2, 4, 32, 64, 65, 128)), x, y, r.choice((b"M", b"M", b"m")))
        return click * r.choice((1, 1, 2))

    def text(self):
        r = self.r
        return "".join(r.choice(["a", "k\r", "é", "漢", "|", "\x1b", "\n", "e\u0301", "\U0001f600", "9", "sleep", " "])
                       for _ in range(r.randint(0, 20))).encode()

    def garbage(self):
        r = self.r
        data = bytes(r.randrange(256) for _ in range(r.randint(1, 12)))
        return data.replace(b"\x03", b"").replace(b"\x1c", b"").replace(b"q", b"")

    def step(self):
        r = self.r
        kind = r.random()
        if kind < 0.002:
            return r.choice(QUITS)
        if kind < 0.30:
            return r.choice(LETTERS).replace(b"q", b"j")
        if kind < 0.36:
            return r.choice(CONTROLS)
        if kind < 0.50:
            return r.choice(CURSOR)
        if kind < 0.58:
            return r.choice(NUMBERS)
        if kind < 0.64:
            return b"\x1b" + r.choice(LETTERS)
        if kind < 0.70:
            return r.choice(PAIRS)
        if kind < 0.80:
            return r.choice(MENUS)
        if kind < 0.84:
            return b"\x1b"
        if kind < 0.93:
            return self.mouse()
        if kind < 0.96:
            return b"\x1b[200~" + self.text() + b"\x1b[201~"
        return self.garbage()


def write(p, data):
    """All of it, reading meanwhile so that neither side waits for the other."""
    p.pump_now()
    p.write(data)


class Terminal(Pty):
    """A pty whose output is only looked at."""

    def __init__(self, *command, **how):
        super().__init__(*command, **how)
        self.ended = False
        self.size = None

    def resize(self, rows, cols):
        self.size = (rows, cols)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def pump_now(self):
        while not self.ended and lib.select.select([self.fd], [], [], 0)[0]:
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                data = b""
            self.ended = not data
            self.out = (self.out + data)[-100000:]

    def sign_of_life(self, rows, cols):
        """Another size is answered by a frame, or it has ended."""
        if self.size == (rows, cols):
            rows += 1           # the kernel tells of changes only
        self.pump_now()
        self.out = self.out[-20000:]
        before = len(self.out)
        self.resize(rows, cols)

        def answered():
            self.pump_now()
            return self.ended or len(self.out) > before
        lib.wait_for(answered, lambda: "a frame of %d rows, %d columns; last: %r" % (rows, cols, self.out[-2000:]),
                     pause=0.001)


def check_end(t, seed, step):
    status = t.wait_end(pump=False)
    t.pump_now()
    said = "seed %d, step %d: it ended with %d\n%s" % (seed, step, status, t.out[-3000:].decode(errors="replace"))
    check(status in (0, 130), said)
    check(b"Sanitizer" not in t.out, said)
    check(b"\x1b[?1049l" in t.out[-4000:], "seed %d, step %d: the screen is not given back" % (seed, step))


def run(start, steps, allowed=lambda data: True):
    seed = int(os.environ.get("PT_SEED", int.from_bytes(os.urandom(4), "big")))
    print("# seed %d, %d steps" % (seed, steps))
    sys.stdout.flush()
    chaos = Chaos(seed)
    t, step, starts = None, 0, 0
    try:
        while step < steps:
            if t is None:
                t = start()
                t.wait_bytes(b"\x1b[?1049h")
                starts += 1
            for _ in range(BATCH):
                data = chaos.step()
                step += 1
                if allowed(data):
                    t.pump_now()
                    if not t.ended:
                        write(t, data)
                if chaos.r.random() < 0.1 and not t.ended:
                    t.resize(*chaos.size())
                if t.ended:
                    break
            if not t.ended:
                t.sign_of_life(*chaos.size())
                t.sign_of_life(*chaos.size())
            if t.ended:
                check_end(t, seed, step)
                t.__exit__()
                t = None
        if t is not None:
            for key in (b"\x1b[201~", b"\x1b", b"\x1b", b"\x1b", b"\x03"):      # out of all that is open
                lib.time.sleep(0.1)
                t.pump_now()
                if not t.ended:
                    t.write(key)
            lib.wait_for(lambda: (t.pump_now(), t.ended)[1], "the end after Ctrl-C")
            check_end(t, seed, step)
    finally:
        if t is not None:
            t.__exit__()


def environment():
    home = lib.scratch()
    return lib.environment(HOME=home, XDG_CONFIG_HOME=home, TMUX=None, STY=None)


@test
def read_only():
    env = environment()
    run(lambda: Terminal(lib.PITSTOP, "--read-only", "-d", "30ms", env=env), STEPS)


@test
def with_actions():
    """Against its own victims, in a pid namespace in which there is nobody else."""
    lib.need_root()
    lib.need_command("unshare")
    probe = subprocess.run(["unshare", "--pid", "--fork", "--mount-proc", "true"], stderr=subprocess.PIPE)
    if probe.returncode:
        raise lib.Skip("no pid namespace here: %s" % probe.stderr.decode(errors="replace").strip())
    env = environment()
    script = "i=0; while [ $i -lt 40 ]; do sleep 1000 & list=$list${list:+,}$!; i=$((i+1)); done; " \
             "\"$1\" -d 30ms -p $list; s=$?; kill -9 -1; exit $s"
    with lib.removes_alone():
        run(lambda: Terminal("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script, "sh",
                             lib.PITSTOP, env=env), STEPS // 5, lambda data: FORBIDDEN not in data)


lib.main()
