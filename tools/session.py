# SPDX-License-Identifier: MIT
"""A guest that is typed at: on its serial line, or with its keyboard and screen.

    with session.Session(timeout=60, kernel="build/plimsoll.elf", initrd="build/shell.cpio", append="...") as s:
        s.expect("/ # ")            the serial console shows it, after what was expected before
        s.send("echo $((6 * 7))\\n")
        s.keys("ls /\\n")            the same by the PS/2 keyboard (a US layout)
        s.expect_screen("bin")      the VGA text screen shows it
        s.wait()                    for the guest's end, as vm.run()

What does not come in time raises Missing, with what there is instead. QEMU never outlives the `with`.
"""
import pathlib
import select
import socket
import subprocess
import tempfile
import time

import vm

COLUMNS, ROWS = 80, 25
TEXT_SCREEN = 0xb8000
LOOK_AGAIN = 0.1        # seconds between two looks at the screen
KEY_PAUSE = 0.02        # between two keys: a keyboard's buffer is small

NAMED_KEYS = {" ": "spc", "\n": "ret", "-": "minus", "=": "equal", "/": "slash", ".": "dot", ",": "comma",
              ";": "semicolon", "'": "apostrophe", "\\": "backslash", "`": "grave_accent",
              "[": "bracket_left", "]": "bracket_right", "\t": "tab"}
SHIFTED = dict(zip('!@#$%^&*()_+{}|:"<>?~', "1234567890-=[]\\;',./`"))


class Missing(Exception):
    """What was waited for did not come."""


def key_codes(char):
    """QEMU's names of the keys that make a character."""
    if char in SHIFTED:
        return ["shift"] + key_codes(SHIFTED[char])
    if char.isupper():
        return ["shift", char.lower()]
    if char < " " and char not in NAMED_KEYS:
        return ["ctrl", chr(ord(char) + ord("a") - 1)]
    return [NAMED_KEYS.get(char, char)]


class Session:
    def __init__(self, timeout=60, log=None, **machine):
        self.deadline = time.monotonic() + timeout * vm.SLOW
        self.text, self.seen, self.answers = "", 0, []
        self.log = open(log, "w", encoding="utf-8") if log else None
        self.scratch = tempfile.TemporaryDirectory(prefix="plimsoll-")
        place = pathlib.Path(self.scratch.name)
        self.monitor = vm.Monitor(str(place / "qmp"))
        serial = socket.socket(socket.AF_UNIX)
        serial.bind(str(place / "serial"))
        serial.listen(1)
        serial.settimeout(vm.CONNECT_LIMIT)
        line = vm.command(**machine) + ["-chardev", f"socket,id=tty,path={place}/serial", "-serial", "chardev:tty",
                                        "-S", "-qmp", f"unix:{place}/qmp"]
        self.process = subprocess.Popen(line, stdin=subprocess.DEVNULL)
        try:
            self.serial, _ = serial.accept()
            self.monitor.connect()
        except OSError as error:
            self.close()
            raise Missing(f"QEMU did not start: {error}") from error
        finally:
            serial.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.monitor.close()
        if self.log:
            self.log.write(self.text)
            self.log.close()
        self.scratch.cleanup()

    # ---- what comes in ----

    def take(self, limit):
        """Take in what there is, waiting for it at most so long; False when the guest has ended."""
        ready, _, _ = select.select([self.serial], [], [], limit)
        if not ready:
            return True
        try:
            data = self.serial.recv(65536)
        except OSError:
            data = b""
        self.text = (self.text + data.decode(errors="replace")).replace("\r\n", "\n")
        return bool(data)

    def left(self, what, instead):
        """Seconds that are left to wait for something."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Missing(f"waited for {what!r}, there is:\n{instead}")
        return left

    def expect(self, what):
        """Wait until the serial line shows `what`; returns what came before it."""
        while what not in self.text[self.seen:]:
            more = self.take(self.left(what, self.text[self.seen:]))
            if not more and what not in self.text[self.seen:]:
                raise Missing(f"waited for {what!r}, the guest ended after:\n{self.text[self.seen:]}")
        begin = self.seen
        end = self.text.index(what, begin)
        self.seen = end + len(what)
        return self.text[begin:end]

    def screen(self):
        """The lines of the VGA text screen."""
        path = pathlib.Path(self.scratch.name, "screen")
        self.command("pmemsave", val=TEXT_SCREEN, size=2 * COLUMNS * ROWS, filename=str(path))
        cells = path.read_bytes()[::2].decode("cp437").replace("\0", " ")
        return [cells[i:i + COLUMNS].rstrip() for i in range(0, len(cells), COLUMNS)]

    def expect_screen(self, line):
        """Wait until a line of the screen is `line`, blanks at its end aside."""
        while line not in (lines := self.screen()):
            time.sleep(min(LOOK_AGAIN, self.left(line, "\n".join(lines))))

    def wait(self):
        """Wait for the guest's end: its verdict, as vm.run() words it."""
        while self.take(self.left("the guest's end", self.text[self.seen:])):
            pass
        while self.monitor.receive():
            pass
        self.process.wait(vm.CONNECT_LIMIT)
        return vm.verdict(self.process.returncode, self.monitor.reason)[0]

    # ---- what goes out ----

    def send(self, text):
        self.serial.sendall(text.encode())

    def command(self, name, **arguments):
        """A QMP command: done when this returns."""
        self.monitor.send(name, **arguments)
        while self.monitor.answered < self.monitor.asked:
            if not self.monitor.receive():
                raise Missing(f"QEMU ended before it answered {name}")

    def keys(self, text):
        for char in text:
            self.command("send-key", keys=[{"type": "qcode", "data": code} for code in key_codes(char)])
            time.sleep(KEY_PAUSE)
