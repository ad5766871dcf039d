# SPDX-License-Identifier: MIT
"""Types the lines of stdin to a program under a pseudo-terminal, each when the one before has had its effect.

usage: typist.py [--hangup] PROGRAM ARGS      prints what the program writes

A line `^X` is typed as that control character alone. With --hangup the terminal is closed after the first
output. Of the program is known that it is quiet when it waits: a line is typed when there was no output for QUIET
seconds, or for SHORT ones after a prompt, and nobody else is about to run. So a slow machine types later.
"""
import os
import pty
import select
import sys

START = 2
QUIET = 0.7
SHORT = 0.2
PROMPT = b"$ "
LONGEST = 20
KERNEL = ("0", "2")      # parents of its threads


def running():
    """Is any process but this one on a CPU, or waiting for one? Threads of the kernel do not count."""
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as stat:
                state, parent = stat.read().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if state in "RD" and parent not in KERNEL and int(entry) != os.getpid():
            return True
    return False


def pump(master, quiet):
    """Copy output until there is none for that long and nobody would make any; False at its end."""
    data = b""
    while True:
        if not select.select([master], [], [], SHORT if data.endswith(PROMPT) else quiet)[0]:
            if not running():
                return True
            continue
        try:
            data = os.read(master, 4096)
        except OSError:
            return False
        if not data:
            return False
        sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
        sys.stdout.buffer.flush()


def typed(line):
    if len(line) == 2 and line[0] == "^":
        return bytes([ord(line[1]) & 0x1F])
    return line.encode() + b"\n"


def main():
    hangup = sys.argv[1] == "--hangup"
    arguments = sys.argv[2 if hangup else 1:]
    pid, master = pty.fork()
    if pid == 0:
        os.execvp(arguments[0], arguments)
    alive = pump(master, START)
    for line in [] if hangup else sys.stdin.read().splitlines():
        if not alive:
            break
        os.write(master, typed(line))
        alive = pump(master, QUIET)
    while alive and not hangup:
        alive = pump(master, LONGEST) and False
    os.close(master)
    if not hangup:
        print("ended", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
