# SPDX-License-Identifier: MIT
"""Tests that talk with the guest: screen and keyboard, job control on the serial line, gdb.

Each function gets (group, build, log, accel) and returns its cases.
"""
import pathlib
import subprocess
import time

import ktap
import session

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 40              # seconds for one conversation
GDB_LIMIT = 90
SETTLE = 0.3            # seconds for a program to be the one that reads the terminal
PROMPT = "/ # "
CTRL_C, CTRL_D, CTRL_Z, CTRL_QUIT = "\x03", "\x04", "\x1a", "\x1c"


def talk(group, build, log, accel, story, **machine):
    """Run story(session, step); each step(name) begins a case, which fails where something is missing."""
    cases = []

    def step(name):
        cases.append(ktap.Case(group, name, ktap.PASS))

    step("boots")
    try:
        with session.Session(timeout=LIMIT, log=log, kernel=build / "plimsoll.elf", initrd=build / "shell.cpio",
                             accel=accel, **machine) as guest:
            story(guest, step)
            step("powers off")
            if (ended := guest.wait()) != "poweroff":
                raise session.Missing(f"ended by {ended}")
    except session.Missing as missing:
        cases[-1] = ktap.Case(group, cases[-1].name, ktap.FAIL, str(missing))
    return cases


def vga(group, build, log, accel):
    """A shell on tty0: typed at by the PS/2 keyboard, read from the screen's memory."""
    def story(guest, step):
        guest.expect_screen(PROMPT.rstrip())
        step("keys make characters")
        guest.keys("echo Typed_$((6*7)) 'A' \"b\"\n")
        guest.expect_screen("Typed_42 A b")
        step("the shell is on tty0")
        guest.keys("cat /proc/consoles\n")
        guest.expect_screen("tty0                 -W- (EC  p  )    4:0")
        step("control-C interrupts")
        guest.keys("sleep 100\n" + CTRL_C)
        guest.keys("echo left $?\n")
        guest.expect_screen("left 130")
        step("a full screen scrolls")
        guest.keys("seq 100\n")
        guest.expect_screen("100")
        guest.keys("poweroff -f\n")

    return talk(group, build, log, accel, story, append="console=tty0 quiet", extra=["-vga", "std"])


def jobs(group, build, log, accel):
    """Debian's busybox sh with job control on ttyS0."""
    def story(guest, step):
        def ask(command, *answers):
            guest.send(command + "\n")
            for answer in answers:
                guest.expect(answer)
            guest.expect(PROMPT)

        guest.expect(PROMPT)
        step("control-Z stops the foreground job")
        guest.send("sh -c 'echo up; exec sleep 100'\n")
        guest.expect("\nup\n")
        guest.send(CTRL_Z)
        guest.expect("Stopped")
        guest.expect(PROMPT)
        ask("jobs", "[1]+  Stopped")
        step("bg lets it run")
        ask("bg", "[1] sh -c")
        ask("jobs", "[1]+  Running")
        step("control-C ends what fg brought back")
        guest.send("fg\n")
        guest.expect("\nsh -c")
        time.sleep(SETTLE)
        guest.send(CTRL_C)
        guest.expect(PROMPT)
        ask("echo status=$?", "status=130\n")
        step("a job in the background that reads is stopped")
        ask("cat &")
        ask("sleep 1", "Stopped (tty input)")
        ask("kill %1; wait; jobs")
        step("control-D is the end of input")
        guest.send("cat\n")
        time.sleep(SETTLE)
        guest.send("line\n")
        guest.expect("line\nline\n")
        guest.send(CTRL_D)
        guest.expect(PROMPT)
        step("control-\\ ends a whole pipeline")
        guest.send("sleep 100 | cat\n")
        time.sleep(SETTLE)
        guest.send(CTRL_QUIT)
        guest.expect("Quit")
        guest.expect(PROMPT)
        step("the audit is clean")
        ask("tail -n 1 /proc/plimsoll/audit", "audit ok\n")
        guest.send("poweroff -f\n")

    return talk(group, build, log, accel, story, append="console=ttyS0 quiet panic=-1")


# A host name set by root, then refused to another: where gdb stops, and what it must print there.
GDB_GUEST = "rdinit=/bin/sh quiet panic=-1 -- -c \"hostname a; su nobody -s /bin/sh -c 'hostname b; echo $$'; exec cat\""
GDB_SCRIPT = """\
hbreak sys_sethostname
continue
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
kill
"""
GDB_WANTED = {
    "tasks": ("TID", "1    1    0 ", "hostname"),
    "namespaces": ("uts     4026531838", "user    4026531837", "mnt "),
    "maps": ("r-xp", "/bin/busybox"),
    "files": ("/dev/console", "tty"),
    "break-rule": ("UTSNS_04", "ns/uts.c"),
    "why": ("sethostname", "UTSNS-04", "ns/uts.c:"),
}


def gdb(group, build, log, accel):
    """Every command of tools/gdb, at two stops."""
    script = log.with_suffix(".gdb")
    script.write_text(GDB_SCRIPT)
    command = [HERE / "gdb/session", "--kernel", build / "plimsoll.elf", "--initrd", build / "test.cpio", "--accel", accel,
               "--append", GDB_GUEST, "--commands", script]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=GDB_LIMIT)
        text = done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as expired:
        text = (expired.stdout or b"").decode(errors="replace") + f"\ngdb did not end in {GDB_LIMIT} s"
    log.write_text(text)
    parts = dict(part.partition("\n")[::2] for part in text.split("== ")[1:])
    return [wanted_case(group, name, words, parts.get(name, text)) for name, words in GDB_WANTED.items()]


def wanted_case(group, name, words, text):
    missing = [word for word in words if word not in text]
    if not missing:
        return ktap.Case(group, name, ktap.PASS)
    return ktap.Case(group, name, ktap.FAIL, f"missing: {missing} in\n{text}")
