"""bench/crowds.py - the tasks that are looked at."""
import os
import subprocess
import time

import machine

TOOLS = None        # where the tools of the tests are; set once by the command line


class Crowd:
    """That many tasks of a kind (see tests/tools/crowd.c), gone when the block ends."""

    def __init__(self, n, kind="sleeping", how=0):
        self.n, self.kind, self.how = n, kind, how
        self.room = machine.room_for_pids(n)

    def __enter__(self):
        self.room.__enter__()
        self.p = subprocess.Popen([os.path.join(TOOLS, "crowd"), self.kind, str(self.n), str(self.how)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        try:
            if not self.p.stdout.readline().startswith(b"ready"):
                raise SystemExit(f"bench: no crowd of {self.n} {self.kind} here")
            time.sleep(min(2.0, self.n / 1e5 + 0.2))        # the last of them have their turn
        except BaseException:
            self.__exit__()
            raise
        return self

    def pids(self):
        with open(f"/proc/{self.p.pid}/task/{self.p.pid}/children", encoding="ascii") as f:
            return [int(word) for word in f.read().split()]

    def __exit__(self, *_):
        self.p.stdin.close()
        self.p.wait()
        self.p.stdout.close()
        self.room.__exit__(None, None, None)
