"""What is expected of each kernel."""
import re


def version(release):
    return tuple(int(n) for n in re.match(r"(\d+)\.(\d+)", release).groups())


# What runs from which Linux on.  walk: the open-coded task iterator, c68a78ffe2cb; iter:
# eaaacd23910f.  walk is a syscall program, which 5.10 does not know at all (79a7f8bdb159, 5.14).
BACKEND_SINCE = {"walk": (6, 7), "iter": (5, 8), "proc": (0, 0)}
WHY_NOT = {"walk": r"bpf_iter_task_new.* 6\.7 has it|does not know such programs",
           "argv/argv_read": r"has it|does not know such programs"}
WHY_NOT["tasks/walk"] = WHY_NOT["walk"]

# object, program, form by which it is attached, since
PROBES = (
    ("tasks", "walk", "run", (6, 7)),
    ("tasks", "iter", "link", (5, 8)),
    ("argv", "argv_read", "run", (6, 4)),
)
# More than this from the recorded count is a jump.
INSNS_JUMP = 0.10

COLUMNS = ("pid,ppid,uid,user,comm,cmdline,exe,state,kernel,cpu_percent,cpu_time_ns,user_ns,system_ns,threads,"
           "priority,nice,last_cpu,start_time,vsize_bytes,rss_bytes,shared_bytes,swap_bytes,memory_percent,"
           "minor_faults,major_faults,faults_per_s,voluntary_switches,involuntary_switches,read_bytes,write_bytes,"
           "read_bytes_per_s,write_bytes_per_s,tty,cgroup_id,oom_score_adj")
