"""bpf(2) from Python, without any library: programs of several types that a
test knows everything about."""
import contextlib
import ctypes
import errno
import os
import socket
import struct

import lib

_NUMBER = {"x86_64": 321, "aarch64": 280}.get(os.uname().machine)
_libc = ctypes.CDLL(None, use_errno=True)

(MAP_CREATE, PROG_LOAD, OBJ_PIN, TEST_RUN, PROG_FD_BY_ID, INFO, RAW_TP_OPEN, LINK_CREATE) = \
    (0, 5, 6, 10, 13, 15, 17, 28)
SOCKET_FILTER, CGROUP_SKB, RAW_TRACEPOINT, SYSCALL = 1, 8, 17, 31
CGROUP_EGRESS = 1
SLEEPABLE = 1 << 4

# instructions
MOV0 = struct.pack("<BBhi", 0xb7, 0, 0, 0)
MOV1 = struct.pack("<BBhi", 0xb7, 0, 0, 1)
EXIT = struct.pack("<BBhi", 0x95, 0, 0, 0)


def looping(turns):
    """r0 = turns; do r0 -= 1 while r0 != 0; return 0."""
    return (struct.pack("<BBhi", 0xb7, 0, 0, turns) + struct.pack("<BBhi", 0x17, 0, 0, 1) +
            struct.pack("<BBhi", 0x55, 0, -2, 0) + EXIT)


def using(map_fds):
    """Names each map once; returns 0."""
    loads = b"".join(struct.pack("<BBhi", 0x18, 0x11, 0, fd) + bytes(8) for fd in map_fds)
    return loads + MOV0 + EXIT


def call(command, attr):
    room = ctypes.create_string_buffer(attr, max(len(attr), 1))
    got = _libc.syscall(_NUMBER, command, room, len(attr))
    if got < 0:
        e = ctypes.get_errno()
        raise OSError(e, os.strerror(e))
    return got, room.raw[:len(attr)]


def _at(buffer):
    return ctypes.addressof(buffer)


def make_map():
    return call(MAP_CREATE, struct.pack("<4I", 2, 4, 8, 1))[0]


def load(kind, insns, name, flags=0, attach_type=0):
    code = ctypes.create_string_buffer(insns, len(insns))
    licence = ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("<IIQQIIQII16sII", kind, len(insns) // 8, _at(code), _at(licence), 0, 0, 0, 0,
                       flags, name.encode(), 0, attach_type)
    try:
        return call(PROG_LOAD, attr)[0]
    except OSError as e:
        if e.errno == errno.EPERM:
            raise lib.Skip("this machine does not load programs of type %d" % kind)
        raise


def info(fd):
    """(id, run_time_ns, run_cnt) of a program."""
    room = ctypes.create_string_buffer(224)
    call(INFO, struct.pack("<IIQ", fd, len(room), _at(room)))
    return struct.unpack_from("<I", room, 4)[0], *struct.unpack_from("<QQ", room, 192)


def run(fd, times=1):
    """A program without context (SYSCALL, RAW_TRACEPOINT): a call for each run."""
    attr = struct.pack("<IIIIQQIIQQ", fd, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    for _ in range(times):
        call(TEST_RUN, attr)


def raw_tracepoint(fd, name):
    text = ctypes.create_string_buffer(name.encode())
    return call(RAW_TP_OPEN, struct.pack("<QI", _at(text), fd) + bytes(4))[0]


def link(fd, target_fd, attach_type):
    return call(LINK_CREATE, struct.pack("<4I", fd, target_fd, attach_type, 0))[0]


def pin(fd, path):
    text = ctypes.create_string_buffer(os.fsencode(path))
    call(OBJ_PIN, struct.pack("<QII", _at(text), fd, 0))


# ---- attaching without a link -----------------------------------------------------

PROG_ATTACH = 8
TRACEPOINT, SCHED_CLS, XDP = 5, 3, 6
_PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}.get(os.uname().machine)
_PERF_SET_BPF, _PERF_ENABLE = 0x40042408, 0x2400


def attach(fd, target_fd, attach_type):
    call(PROG_ATTACH, struct.pack("<5I", target_fd, fd, attach_type, 0, 0))


def perf_tracepoint(fd, tracefs, name):
    """Runs the program at a tracepoint, "sched/sched_switch", by a perf event of one CPU, which is returned."""
    number = int(lib.read(os.path.join(tracefs, "events", name, "id")))
    attr = ctypes.create_string_buffer(struct.pack("<IIQ", 2, 112, number), 112)
    event = _libc.syscall(_PERF_EVENT_OPEN, attr, -1, 0, -1, 8)
    if event < 0:
        raise lib.Skip("no perf event here: " + os.strerror(ctypes.get_errno()))
    if _libc.ioctl(event, _PERF_SET_BPF, fd):
        raise lib.Skip("no program on a perf event here: " + os.strerror(ctypes.get_errno()))
    return event


def _attribute(kind, value):
    return struct.pack("<HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def _rtnetlink(kind, flags, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as s:
        s.bind((0, 0))
        s.send(struct.pack("<IHHII", 16 + len(body), kind, 5 | flags, 1, 0) + body)     # and an answer
        error, = struct.unpack_from("<i", s.recv(4096), 16)
        if error:
            raise OSError(-error, os.strerror(-error))


def xdp_on(index, fd):
    """By netlink, generic mode."""
    options = _attribute(1, struct.pack("<i", fd)) + _attribute(3, struct.pack("<I", 1 << 1))
    _rtnetlink(19, 0, struct.pack("<BxHiII", 0, 0, index, 0, 0) + _attribute(43 | 0x8000, options))


def clsact_on(index, fd):
    """As a filter of what comes in."""
    where = struct.pack("<BxxxiIII", 0, index, 0xffff0000, 0xfffffff1, 0)
    _rtnetlink(36, 0x600, where + _attribute(1, b"clsact\0"))
    options = _attribute(6, struct.pack("<I", fd)) + _attribute(7, b"pt\0") + _attribute(8, struct.pack("<I", 1))
    where = struct.pack("<BxxxiIII", 0, index, 0, 0xfffffff2, 1 << 16 | 0x0300)
    _rtnetlink(44, 0x600, where + _attribute(1, b"bpf\0") + _attribute(2 | 0x8000, options))


@contextlib.contextmanager
def network_of_ones_own():
    """A network namespace for this thread and what it starts."""
    old = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    if _libc.unshare(0x40000000):
        raise lib.Skip("no network namespace of one's own here")
    try:
        yield
    finally:
        _libc.setns(old, 0x40000000)
        os.close(old)
