# SPDX-License-Identifier: MIT
"""Tests that talk with the guest: screen and keyboard, job control on the serial line.

Each function gets (group, build, log, accel) and returns its cases.
"""
import time

import ktap
import session

LIMIT = 40              # seconds for one conversation
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
