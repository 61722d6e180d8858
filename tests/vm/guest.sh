#!/bin/busybox sh
# shellcheck shell=dash disable=SC2086  # what stands before a command is split on purpose
# The first process of a guest.  Does what the kernel's command line names with
# vm.job=, leaves the results in /tmp/out and sends them over the console as a
# packed archive.  It judges nothing: the host does.
export PATH=/bin:/t HOME=/ TERM=vt100
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp && chmod 1777 /tmp
mount -t cgroup2 none /sys/fs/cgroup
mount -t securityfs none /sys/kernel/security 2>/dev/null
mount -t tracefs none /sys/kernel/tracing 2>/dev/null
mount -t bpf none /sys/fs/bpf 2>/dev/null
read -r release </proc/sys/kernel/osrelease
echo "@@VM-UP $release"

word() {
    tr ' ' '\n' </proc/cmdline | sed -n "s/^vm\.$1=//p"
}

out=/tmp/out
mkdir -p $out /tmp/ready
# A workload lives as long as its standard input: until the machine ends.
mkfifo /tmp/hold
exec 9<>/tmp/hold

# workload NAME MODE [ARG]...: returns once it is in its state
workload() {
    name=$1
    shift
    workload_as "$name" "" "$@"
}

workload_as() {
    name=$1 before=$2
    shift 2
    $before /t/workload "$@" <&9 >"/tmp/ready/$name" 2>&1 &
    tries=0
    until grep -qE '^(ready|cannot)' "/tmp/ready/$name" || [ $tries -gt 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

workloads() {
    workload sleeper sleeper 'an argument' ''
    workload_as users 'drop 1000 0' sleeper
    workload stopped stopped
    workload zombie zombie
    workload traced traced
    workload leaderless leaderless
    workload niced niced 7
    workload realtime realtime 10
    workload hog hog 3 19
    workload rss rss /tmp/mapped 8 12 6
    mkdir /sys/fs/cgroup/room
    sed -n 's/^ready //p' /tmp/ready/sleeper >/sys/fs/cgroup/room/cgroup.procs
    stat -c %i /sys/fs/cgroup/room >$out/cgroup_id
    (cd /tmp/ready && grep . -- *) >$out/workloads
}

# All of /proc that a sample is compared with; one process reads it.
dump() {
    (cd /proc && grep -sH '' [0-9]*/stat [0-9]*/statm [0-9]*/status [0-9]*/io [0-9]*/oom_score_adj \
        [0-9]*/schedstat stat meminfo loadavg uptime) >"$1"
}

# run NAME COMMAND...: its outputs and status
run() {
    name=$1
    shift
    "$@" >"$out/$name.out" 2>"$out/$name.err" </dev/null
    echo $? >"$out/$name.status"
}

# samples [AS]: each backend between two looks at /proc
samples() {
    for backend in walk iter proc; do
        dump "$out/$backend.before"
        run "$backend" $1 pitstop --json --once -d 300ms -k --backend $backend -c "$(cat /t/columns)"
        dump "$out/$backend.after"
    done
}

# exited [AS]: a window in which many come and go
exited() {
    (while [ ! -e /tmp/enough ]; do /t/pitstop -V >/dev/null; done) &
    run exited $1 pitstop --json --once -d 4s
    touch /tmp/enough
}

# ludicrous [AS]: frames with few walks, next to the hog
ludicrous() {
    run ludicrous $1 pitstop --json --ludicrous=0.001 -n 40 -c pid,cpu_time_ns
}

# groups [AS]: a cgroup with limits, and somebody whom they hold back
groups() {
    cd /sys/fs/cgroup || return
    for controller in cpu io memory pids; do
        echo +$controller >cgroup.subtree_control
    done
    mkdir -p held.slice/held.service held.slice/empty.service
    echo +cpu >held.slice/cgroup.subtree_control
    (cd held.slice && echo 32M >memory.max && echo 33 >pids.max && echo 20000 100000 >cpu.max && echo 50 >cpu.weight)
    workload held hog
    sed -n 's/^ready //p' /tmp/ready/held >held.slice/held.service/cgroup.procs
    (echo 0 >held.slice/held.service/cgroup.procs && dd if=/dev/zero of=/tmp/charged bs=1k count=3000 2>/dev/null)
    run cgroups $1 pitstop --view cgroups --json --once -d 700ms
    echo 1 >held.slice/cgroup.freeze
    run frozen $1 pitstop --view cgroups --json --once -d 100ms
    echo 0 >held.slice/cgroup.freeze
}

into() {
    sed -n 's/^ready //p' "/tmp/ready/$1" >"/sys/fs/cgroup/$2/cgroup.procs"
}

# Units as systemd lays them out, with controllers on, so that no inner cgroup may have processes.
freezing() {
    mkdir -p /sys/fs/cgroup/system.slice/web.service /sys/fs/cgroup/system.slice/docker.service
    for at in /sys/fs/cgroup /sys/fs/cgroup/system.slice; do
        for controller in cpu io memory pids; do
            echo "+$controller" >$at/cgroup.subtree_control
        done
    done 2>/dev/null
    for name in web1 web2 dockerd; do
        workload $name sleeper
    done
    into web1 system.slice/web.service
    into web2 system.slice/web.service
    into dockerd system.slice/docker.service
    pid=$(sed -n 's/^ready //p' /tmp/ready/web1)
    run freeze.whole pitstop --freeze unit:web
    run freeze.child pitstop --thaw pid:$pid
    for backend in walk iter proc; do
        run freeze.$backend pitstop --json --once -d 100ms --backend $backend -p $pid -c pid,frozen
    done
    run freeze.thaw pitstop --thaw unit:web.service
    run freeze.alone pitstop --freeze pid:$pid
    cp /proc/$pid/cgroup $out/freeze.alone.cgroup
    run freeze.home pitstop --thaw pid:$pid
    cp /proc/$pid/cgroup $out/freeze.home.cgroup
    run freeze.guarded pitstop --freeze unit:docker
    run freeze.above pitstop --freeze cgroup:/system.slice
    run freeze.root pitstop --freeze cgroup:/ --force
}

facts() {
    uname -r >$out/release
    wc -c </sys/kernel/btf/vmlinux >$out/btf 2>/dev/null
    cat /sys/kernel/security/lockdown >$out/lockdown 2>/dev/null
    cat /sys/kernel/security/lsm >$out/lsm 2>/dev/null
    cat /proc/sys/kernel/unprivileged_bpf_disabled >$out/unprivileged 2>/dev/null
    ls /proc/pressure >$out/pressure 2>/dev/null
    sed -n 's/^KernelPageSize: *//p;T;q' /proc/self/smaps >$out/page_size
    nproc >$out/cpus
}

# What every guest is asked; $1 is put before each command of pitstop's.
examine() {
    run doctor $1 pitstop --doctor
    run auto $1 pitstop --json --once -d 100ms
    run batch $1 pitstop -b --once -d 100ms
    run programs $1 pitstop --view programs --json --once -d 300ms
    run probes $1 probes
    run forms $1 attach /t/load_hooks.bpf.o
    run words $1 attach /t/load_calls.bpf.o /t/load_hooks.bpf.o /t/load_sleepable.bpf.o
    run kcore $1 kcore /t/*.bpf.o
}

facts
job=$(word job)
as=
case $job in
user)  as='drop 1000 0' ;;
caps)  as='drop 1000 c000000000'
       ulimit -l unlimited ;;
memlock) as='drop 1000 c000000000' ;;
nobtf) mount -t tmpfs none /sys/kernel/btf ;;
esac
case $job in
unit)
    # shellcheck disable=SC2046  # names of groups
    cd /t && run unit /t/run $(cat /t/groups) ;;
emergency)
    mkdir /sys/fs/cgroup/leak.service
    run unit emergency /t/pitstop /sys/fs/cgroup/leak.service
    run alone emergency /t/pitstop -
    dmesg | grep -iE 'out of memory|oom-kill|killed process' >$out/oom ;;
*)
    workloads
    examine "$as"
    samples "$as"
    exited "$as"
    ludicrous "$as"
    groups "$as"
    [ -n "$as" ] || freezing ;;
esac
tar -C $out -czf /tmp/out.tgz .
echo "@@OUT-BEGIN"
base64 /tmp/out.tgz
echo "@@OUT-END"

if [ -n "$(word screen)" ]; then
    # a controlling terminal on the serial line
    console=$(sed 's/.* //' /sys/class/tty/console/active)
    stty -F "/dev/$console" sane
    stty -F "/dev/$console" -a >/tmp/before
    echo "@@SCREEN-BEGIN"
    TERM=$(word screen) setsid -c $as /t/pitstop -d 300ms <"/dev/$console" >"/dev/$console" 2>&1
    status=$?
    stty -F "/dev/$console" -a | cmp -s - /tmp/before && restored=yes || restored=no
    echo "@@SCREEN-END status=$status restored=$restored"
fi
echo "@@VM-DONE"
poweroff -f
