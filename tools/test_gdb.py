# SPDX-License-Identifier: MIT
"""gdb on a guest, by scripts: every command of tools/gdb at stops where what it must print is known.

A session is one boot: the guest's command line, gdb's commands, and per part (a line `echo == NAME\\n` begins one) the
words that must stand in its output. The part "console" is what the guest wrote meanwhile.
"""
import dataclasses
import pathlib
import subprocess

import ktap
import vm

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 120             # seconds for one session
SHOWN_CHARS = 4000      # of a part that lacks words


@dataclasses.dataclass
class Session:
    name: str
    guest: str          # words of the command line
    script: str
    wanted: dict
    options: tuple = ()  # of tools/gdb/session


# A host name set by root, then refused to another.
NAMES = Session("names", "rdinit=/bin/sh quiet panic=-1 -- -c \"hostname a; su nobody -s /bin/sh -c 'hostname b; echo $$'; exec cat\"", """\
hbreak sys_sethostname
continue
echo == plimsoll\\n
plimsoll
echo == tasks\\n
tasks
echo == namespaces\\n
namespaces
echo == maps\\n
maps 1
echo == files\\n
files 1
delete
break-rule UTSNS-04
continue
echo == break-rule\\n
backtrace 3
finish
echo == why\\n
why
echo == wrong\\n
python
for line in ("files 4711", "break-rule NOSUCH-1", "css /nowhere", "inodes nofs", "owner 0xffffffffffff"):
    try:
        gdb.execute(line)
    except gdb.error as error:
        print("refused:", error)
end
kill
""", {
    "plimsoll": ("tasks: List all threads.", "break-rule RULE: stop where", "css CGROUP [CONTROLLER]", "owner ADDRESS"),
    "tasks": ("TID", "1    1    0 ", "hostname"),
    "namespaces": ("uts     4026531838", "user    4026531837", "mnt "),
    "maps": ("r-xp", "/bin/busybox"),
    "files": ("/dev/console", "tty"),
    "break-rule": ("UTSNS_04", "ns/uts.c"),
    "why": ("sethostname", "UTSNS-04", "ns/uts.c:"),
    "wrong": ("no task 4711", "no rule NOSUCH-1", "no cgroup /nowhere", "no file system of that type", "no such page"),
})

# Control groups with tasks, a limit, a frozen one; a timer, a local socket.
OBJECTS = Session("objects", "rdinit=/bin/sh quiet panic=-1 -- -c \"mount -t proc p /proc; mkdir /c; mount -t cgroup2 c /c; cd /c; "
                  "echo +pids +memory > cgroup.subtree_control; mkdir -p a/b d; echo +pids > a/cgroup.subtree_control; "
                  "echo 7 > a/b/pids.max; echo 64M > a/memory.max; echo 1 > d/cgroup.freeze; "
                  "sh -c 'echo 0 > a/b/cgroup.procs; echo text > /tmp/file; sleep 1000 & syslogd -n & sleep 1; hostname inside; :'; exec cat\"", """\
hbreak sys_sethostname
continue
echo == sleepers\\n
tasks
echo == cgroups\\n
cgroups
echo == css\\n
css /a/b
echo == css pids\\n
css /a/b pids
echo == owner\\n
owner $rsp
echo == mounts\\n
mounts
echo == inodes\\n
inodes
inodes cgroup2
echo == pids\\n
pids
echo == timers\\n
timers
echo == sockets\\n
sockets
echo == slabs\\n
slabs
kill
""", {
    "sleepers": ("sys_wait4", "sleep_until", "socket_wait"),
    "cgroups": ("unified", "memory pids", "frozen", "/a/b", " /d "),
    "css": ("pids ", "memory ", "/a/b", "online", "16384"),
    "css pids": ("max = 7", "refused_here"),
    "owner": ("kernel", "/a\n"),
    "mounts": ("rootfs", "/proc", "cgroup2"),
    "inodes": ("proc", "cgroup2", "cgroup.procs"),
    "pids": ("hostname", "syslogd"),
    "timers": ("alarm_ring",),
    "sockets": ("dgram", "/dev/log"),
    "slabs": ("task ", "kmalloc-64"),
})

# break-rule in a conformance case: a number that is taken already.
RULE = Session("rule", "rdinit=/conform quiet panic=-1 -- PIDNS-30", """\
hbreak run_program
continue
delete
break-rule PIDNS-30
continue
echo == break-rule PIDNS-30\\n
backtrace 4
up
kill
""", {"break-rule PIDNS-30": ("PIDNS_30", "number_wanted", "kernel/pid.c", "pid_alloc")})

# A count made wrong by hand: audit=1 names the call behind which it is wrong.
AUDIT = Session("audit", "rdinit=/bin/sh quiet panic=-1 audit=1 -- -c \"hostname a; exec cat\"", """\
hbreak sys_sethostname
continue
set var init_task.nsproxy->refs.n = init_task.nsproxy->refs.n + 1
delete
hbreak audit_at_call
continue
hbreak panic
continue
echo == stops\\n
backtrace 3
continue
""", {
    "stops": ("audit_at_call", "on_audited_syscall"),
    "console": ("BROKEN namespaces", "Kernel panic - not syncing: audit broken by call sethostname (170) of hostname["),
})

# The kernel's own stub. A container is made; the shell is stopped where it waits, and where it goes on in user mode.
STUB = Session("stub", "rdinit=/bin/sh quiet panic=-1 -- -c \"mkdir /cg; mount -t cgroup2 none /cg; mkdir /cg/box; "
              "echo 0 > /cg/box/cgroup.procs; unshare -u sleep 1; sleep 1; poweroff -f\"", """\
echo == waits\\n
bt 3
break uts_ns_create
continue
echo == breakpoint\\n
bt 3
echo == step\\n
stepi
next
next
info line
delete
tbreak sys_clock_nanosleep
continue
echo == threads\\n
info threads
echo == memory\\n
print uts_ns_type.name
print init_uts_ns.ns.inum == 0xeffffffe
set var init_uts_ns.ns.mark = 77
print init_uts_ns.ns.mark
echo == bad memory\\n
python
for address in (0xdead0000, 0xffff900000000000, 0xffffffffff000000):
    try:
        print(gdb.parse_and_eval("*(int *)%d" % address))
    except gdb.MemoryError as error:
        print("refused", error)
end
echo == user\\n
monitor user
maintenance flush register-cache
print $cs
set $back = $pc
break *$back
continue
print $pc == $back
delete
stepi
print $pc > $back && $pc < $back + 16
echo == audit\\n
tbreak sys_reboot
continue
monitor audit
echo == detaches\\n
detach
""", {
    "waits": ["gdb_wait", "init_main"],
    "breakpoint": ["uts_ns_create", "nsproxy_create_new", "unshare_prepare"],
    "step": ["ns/uts.c"],
    "threads": ["(sh in ", "(sleep; uts:[", "; /box)", "swapper"],
    "memory": ['"uts"', "= 1", "= 77"],
    "bad memory": ["refused Cannot access memory at address 0xdead0000", "0xffff900000000000", "0xffffffffff000000"],
    "user": ["= 51", "$", "= 1"],
    "audit": ["ok frames", "ok tasks", "ok cgroups"],
    "detaches": ["detached"],
}, ("--stub",))

# It runs, on two processors, before gdb comes; then it panics.
STUB_RUNNING = Session("stub-running", "rdinit=/bin/sh quiet panic=-1 -- -c \"while :; do :; done & while :; do sleep 0.1; done\"", """\
echo == comes while it runs\\n
info threads
tbreak sys_clock_nanosleep
continue
echo == goes on\\n
bt 2
set var $rdi = uts_ns_type.name
set var $pc = panic
echo == panic\\n
continue
bt 3
""", {
    "comes while it runs": ["(sh; /)", "Thread 1"],
    "goes on": ["sys_clock_nanosleep"],
    "panic": ["SIGABRT", "gdb_panic", "panic_begin"],
}, ("--stub", "--running", "--smp", "2"))

SESSIONS = (NAMES, OBJECTS, RULE, AUDIT, STUB, STUB_RUNNING)


def run(group, build, log, accel):
    """The cases of all sessions."""
    return [case for one in SESSIONS for case in run_one(group, build, log.with_name(f"gdb-{one.name}.log"), accel, one)]


def run_one(group, build, log, accel, one):
    script = log.with_suffix(".gdb")
    script.write_text(one.script)
    command = [HERE / "gdb/session", "--kernel", build / "plimsoll.elf", "--initrd", build / "test.cpio", "--accel", accel,
               "--append", one.guest, "--commands", script, *one.options]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LIMIT * vm.SLOW)
        text = done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as expired:
        text = (expired.stdout or b"").decode(errors="replace") + f"\ngdb did not end in {LIMIT * vm.SLOW:g} s"
    log.write_text(text)
    parts = dict(part.partition("\n")[::2] for part in text.split("== ")[1:])
    parts["console"] = (build / "gdb-console.log").read_text(errors="replace")
    return [judge(group, f"{one.name}: {name}", words, parts.get(name, text)) for name, words in one.wanted.items()]


def judge(group, name, words, text):
    missing = [word for word in words if word not in text]
    if not missing:
        return ktap.Case(group, name, ktap.PASS)
    return ktap.Case(group, name, ktap.FAIL, f"missing: {missing} in\n{text[-SHOWN_CHARS:]}")
