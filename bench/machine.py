"""bench/machine.py - the machine that is measured on: its name, what runs on
it, and how many tasks it permits."""
import contextlib
import os
import platform
import re
import subprocess

PID_MAX = "/proc/sys/kernel/pid_max"
# What one task of a crowd takes at most, the kernel's stack and tables included.
TASK_KIB = {"processes": 80, "threads": 48}
SPARE_MIB = 1024


def read(path, fallback=""):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return fallback


def cpu_model():
    found = re.search(r"^model name\s*:\s*(.*)$", read("/proc/cpuinfo"), re.M)
    model = found.group(1) if found else "cpu"
    return re.sub(r"\(R\)|\(TM\)|@.*|\b\d+-Core\b|\b(CPU|Processor)\b", "", model)


def slug(text):
    return re.sub(r"[^a-z0-9_.]+", "-", text.lower()).strip("-")


def name():
    """What kind of machine, and the kernel's version without its patch level: nobody's name."""
    kernel = ".".join(platform.release().split(".")[:2])
    return "-".join((platform.machine(), slug(cpu_model()), f"{os.cpu_count()}cpu", "linux", slug(kernel)))


def version_of(*argv):
    """The first line with a number that a tool tells about itself, without who wrote it."""
    try:
        out = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=10,
                             stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(\.\d+)+", out)
    return found.group(0) if found else ""


def versions():
    """Of the tools that are compared with, as far as they are here."""
    ask = (("htop", "-V"), ("btop", "-v"), ("atop", "-V"), ("ps", "-V"), ("perf", "-v"), ("bpftool", "version"))
    found = {name: version_of(name, option) for name, option in ask}
    return {name: version for name, version in found.items() if version}


def describe():
    memory = int(re.search(r"MemTotal:\s*(\d+)", read("/proc/meminfo")).group(1))
    return {"name": name(), "arch": platform.machine(), "cpu": " ".join(cpu_model().split()),
            "cpus": os.cpu_count(), "memory_gib": round(memory / (1 << 20), 1),
            "kernel": ".".join(re.findall(r"\d+", platform.release())[:3])}


def tasks_now():
    """What the kernel has now, by names of how tools count:
    all processes, user processes, all tasks, and user threads that are no main ones."""
    every = sum(entry.isdigit() for entry in os.listdir("/proc"))
    tasks = int(read("/proc/loadavg").split()[3].split("/")[1])
    kernel = len(read("/proc/2/task/2/children").split()) + 1 if read("/proc/2/comm") == "kthreadd\n" else 0
    return {"all": every, "user": every - kernel, "tasks": tasks, "more": tasks - every}


def cgroup_room():
    """How many tasks the cgroups that this process is in have left, or None: no limit."""
    room = []
    mounts = [line.split() for line in read("/proc/self/mounts").splitlines()]
    for line in read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        for mount in mounts:
            if (mount[2] == "cgroup2" and not controllers) or (mount[2] == "cgroup" and controllers == "pids"
                                                               and "pids" in mount[3].split(",")):
                while True:
                    most = read(f"{mount[1]}{path}/pids.max").strip()
                    if most.isdigit():
                        room.append(int(most) - int(read(f"{mount[1]}{path}/pids.current", "0")))
                    if path in ("/", ""):
                        break
                    path = os.path.dirname(path)
    return min(room, default=None)


def refusal(n, what):
    """Why there cannot be n more tasks here, or None."""
    need = n * TASK_KIB[what] // 1024 + SPARE_MIB
    have = int(re.search(r"MemAvailable:\s*(\d+)", read("/proc/meminfo")).group(1)) // 1024
    if have < need:
        return f"{need} MiB of memory are needed, {have} are available"
    threads_max = int(read("/proc/sys/kernel/threads-max"))
    if tasks_now()["tasks"] + n + 1000 > threads_max:
        return f"kernel.threads-max is {threads_max}"
    room = cgroup_room()
    if room is not None and room < n + 100:
        return f"pids.max of a cgroup leaves room for {room}"
    if not os.access(PID_MAX, os.W_OK) and int(read(PID_MAX)) < n + 2000:
        return f"kernel.pid_max is {read(PID_MAX).strip()} and only root may raise it"
    return None


@contextlib.contextmanager
def room_for_pids(n):
    """kernel.pid_max raised while it is needed, if it has to be and may be.  As
    many numbers again are left free, for a kernel that looks for them one by one."""
    was, need = int(read(PID_MAX)), 2 * n + 2000
    if was >= need or not os.access(PID_MAX, os.W_OK):
        yield
        return
    with open(PID_MAX, "w", encoding="ascii") as f:
        f.write(str(need))
    try:
        yield
    finally:
        with open(PID_MAX, "w", encoding="ascii") as f:
            f.write(str(was))
