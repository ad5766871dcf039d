# SPDX-License-Identifier: MIT
"""Boots that try the words of the command line and the machines: rows of (name, machine, what must come of it).

A machine is arguments of vm.command(), over test.cpio as the initramfs, and perhaps a limit of its own. What must come: `ended` (as vm.Result has
it), and strings that stand, or with `absent` do not stand, on the console.
"""
import ktap

LIMIT = 40          # seconds for one boot
LINE = "console=ttyS0 quiet panic=-1"


def shell(script, words=""):
    """A command line whose init is a shell with one script, with /proc and /sys there, then power-off."""
    return {"append": f'{LINE} {words} rdinit=/bin/sh -- -c "mount -t proc p /proc; mount -t sysfs s /sys; {script}; poweroff -f"'}


CPUS = "echo cpus=$(nproc); tail -n 1 /proc/plimsoll/audit"
NODES = "echo nodes=$(cat /sys/devices/system/node/online); cat /sys/devices/system/node/node*/distance"
TWO_NODES = ["-object", "memory-backend-ram,id=m0,size=128M", "-numa", "node,nodeid=0,cpus=0-1,memdev=m0",
             "-object", "memory-backend-ram,id=m1,size=128M", "-numa", "node,nodeid=1,cpus=2-3,memdev=m1",
             "-numa", "dist,src=0,dst=1,val=33"]
PANIC = ["Kernel panic - not syncing: Attempted to kill init!", "do_exit+0x", "CPU 0, current:", "Tasks:", "1 true"]


def row(name, line, *wanted, ended="poweroff", absent=(), **machine):
    return name, {**line, **machine}, {"ended": ended, "wanted": wanted, "absent": absent}


OPTIONS = [
    row("init's arguments and environment", {"append":
        f"{LINE} KEY=value module.word=1 -- /bin/sh -c \"echo args=$0,$1; env; poweroff -f\" one two"},
        "args=one,two", "KEY=value", "HOME=/", "TERM=linux", absent=["module.word"]),
    row("rdinit= is init", shell("echo pid=$$"), "pid=1"),
    row("words for another program are forgotten", {"append": f"{LINE} lost rdinit=/bin/echo kept"},
        "kept", absent=["lost kept"], ended="exit"),
    row("quiet keeps the kernel silent", shell("echo said"), "said", absent=["Command line:"]),
    row("without quiet it speaks", {"append": shell(CPUS)["append"].replace("quiet", "")}, "Command line:",
        "Run /bin/sh as init process"),
    row("two consoles, the last is init's", {"append": "console=tty0 " + shell(CPUS)["append"]}, "cpus=1"),
    row("a panic tells message, backtrace, tasks", {"append": f"{LINE} rdinit=/bin/true"}, *PANIC, ended="exit"),
    row("panic=-1 resets", {"append": f"{LINE} rdinit=/bin/true"}, *PANIC, ended="reset", debug_exit=False),
    row("panic=1 waits", {"append": "console=ttyS0 panic=1 rdinit=/bin/true"}, "Rebooting in 1 seconds..", ended="reset",
        debug_exit=False),
    row("reboot(2) restarts", {"append": f"{LINE} rdinit=/bin/sh -- -c \"reboot -f\""}, ended="reset"),
    row("a hang ends at the limit, with all tasks", {"append": f"{LINE} rdinit=/bin/sh -- -c \"sleep 99 & while true; do :; done\""},
        "Kernel panic - not syncing: NMI", "rip ", "1 sh ", " sleep ", ended="hang", limit=4),
    row("mem= limits memory", shell("grep MemTotal /proc/meminfo", "mem=128M"), "MemTotal:         12", mem="256M"),
    row("numa=fake=4", shell(NODES, "numa=fake=4"), "nodes=0-3"),
    row("compat=6.9", shell("uname -r", "compat=6.9"), "6.9.0-plimsoll"),
    row("seed=1", shell(CPUS, "seed=1"), "cpus=2", smp=2),
]

MACHINES = [
    *[row(f"{cpu} on {machine}", shell(CPUS), "cpus=2", "audit ok", machine=machine, cpu=cpu, smp=2)
      for machine in ("pc", "q35") for cpu in ("qemu64", "max")],
    *[row(f"{smp} processors", shell(CPUS), f"cpus={smp}", "audit ok", smp=smp) for smp in (1, 2, 8)],
    row("nosmp", shell(CPUS, "nosmp"), "cpus=1", smp=4),
    row("maxcpus=2", shell(CPUS, "maxcpus=2"), "cpus=2", smp=4),
    *[row(f"{mem} of memory", shell(CPUS), "audit ok", mem=mem) for mem in ("64M", "8G")],
    row("nodes and distances of SRAT and SLIT", shell(NODES), "nodes=0-1", "10 33", smp=4, extra=TWO_NODES),
]

GROUPS = {"options": OPTIONS, "machines": MACHINES}


def judge(group, name, result, expected):
    """The case of one row."""
    wrong = [f"ended by {result.ended}, not {expected['ended']}"] if result.ended != expected["ended"] else []
    wrong += [f"missing: {word}" for word in expected["wanted"] if word not in result.text]
    wrong += [f"not expected: {word}" for word in expected["absent"] if word in result.text]
    if not wrong:
        return ktap.Case(group, name, ktap.PASS)
    return ktap.Case(group, name, ktap.FAIL, "\n".join(wrong) + "\nthe last console lines:\n" + result.last_lines())
