# SPDX-License-Identifier: MIT
"""Run a kernel in QEMU, under a time limit, with its serial console in hand.

    result = vm.run(kernel="build/plimsoll.elf", append="ktest=all", timeout=60)
    result.ended      "poweroff", "reset", "exit" (isa-debug-exit), "hang" or "error"
    result.status     0 for a power-off; isa-debug-exit's (value << 1) | 1; RESET; HANG; QEMU's own
    result.text       all that the guest wrote to its serial console

The way a guest ended is learnt over QMP: QEMU connects to a socket of ours before the guest's first
instruction, so no event is missed. When the limit is reached the guest gets an NMI, on which the model prints its
tasks, and a second later it is stopped. Nothing here needs KVM.

Two words of the environment: SLOW=3, all limits three times as long (for slower builds of the kernel); RAM=directory, the
model's memory is a file there, which stays when QEMU ends (for tools/coverage).
"""
import dataclasses
import json
import os
import pathlib
import selectors
import socket
import subprocess
import sys
import tempfile
import time

RESET = 2           # exit status for a guest that reset itself instead of powering off
HANG = 124          # as timeout(1)
LAST_LINES = 40     # of the console, shown for a hang
NMI_GRACE = 1.5     # seconds for the guest to print its tasks
CONNECT_LIMIT = 20  # seconds for QEMU to start
SLOW = float(os.environ.get("SLOW", "1"))
RAM = os.environ.get("RAM")


@dataclasses.dataclass
class Result:
    """What became of one run; see the module's text."""
    ended: str
    status: int
    text: str
    seconds: float

    def last_lines(self, count=LAST_LINES):
        return "\n".join(self.text.splitlines()[-count:])


def memory(machine, mem, kernel, extra):
    """The machine and its memory: of the model, unless it has nodes, a file in RAM if that is asked for."""
    if not RAM or "-numa" in extra or kernel and pathlib.Path(kernel).name != "plimsoll.elf":
        return ["-machine", machine, "-m", str(mem)]
    path = f"{RAM}/{os.getpid()}-{time.monotonic_ns()}"
    return ["-machine", f"{machine},memory-backend=ram", "-m", str(mem), "-object",
            f"memory-backend-file,id=ram,size={mem},mem-path={path},share=on"]


def command(kernel=None, iso=None, initrd=None, append="", smp=1, mem="256M", accel="tcg", machine="q35",
            cpu="max", debug_exit=True, share=None, extra=()):
    """QEMU's command line, but for its console and monitor. `share`: a directory for the guest (9p, tag "share")."""
    line = ["qemu-system-x86_64", "-nodefaults", "-no-reboot", "-display", "none", *memory(machine, mem, kernel, extra),
            "-accel", accel, "-cpu", cpu, "-smp", str(smp)]
    if debug_exit:
        line += ["-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"]
    if kernel:
        line += ["-kernel", str(kernel)]
    if initrd:
        line += ["-initrd", str(initrd)]
    if iso:
        line += ["-cdrom", str(iso), "-boot", "d"]
    if append and kernel:
        line += ["-append", append]
    if share:
        line += ["-virtfs", f"local,path={share},mount_tag=share,security_model=none"]
    return line + list(extra)


class Monitor:
    """QMP: starts the guest, counts the answers, and remembers why the guest ended."""

    def __init__(self, path):
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(path)
        self.server.listen(1)
        self.server.settimeout(CONNECT_LIMIT)
        self.reason = None
        self.asked = self.answered = 0
        self.buffer = b""
        self.peer = None

    def connect(self):
        self.peer, _ = self.server.accept()
        self.send("qmp_capabilities")
        self.send("cont")

    def send(self, what, **arguments):
        self.asked += 1
        message = {"execute": what, **({"arguments": arguments} if arguments else {})}
        try:
            self.peer.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            pass  # QEMU is gone; its exit status says the rest

    def receive(self):
        """Take in what QEMU says; False at its end."""
        try:
            data = self.peer.recv(65536)
        except OSError:
            data = b""
        self.buffer += data
        *lines, self.buffer = self.buffer.split(b"\n")
        for line in lines:
            event = json.loads(line)
            if event.get("event") == "SHUTDOWN":
                self.reason = event["data"]["reason"]
            self.answered += "return" in event or "error" in event
        return bool(data)

    def close(self):
        for sock in (self.peer, self.server):
            if sock:
                sock.close()


class Console:
    """The guest's serial output: kept, written to a log, and handed on line by line."""

    def __init__(self, log, on_line):
        self.chunks = []
        self.log = open(log, "wb") if log else None
        self.on_line = on_line
        self.partial = b""

    def take(self, data):
        self.chunks.append(data)
        if self.log:
            self.log.write(data)
            self.log.flush()
        if self.on_line:
            *lines, self.partial = (self.partial + data).split(b"\n")
            for line in lines:
                self.on_line(line.decode(errors="replace").rstrip("\r"))

    def text(self):
        return b"".join(self.chunks).decode(errors="replace").replace("\r\n", "\n")

    def close(self):
        if self.on_line and self.partial:
            self.on_line(self.partial.decode(errors="replace"))
        if self.log:
            self.log.close()


def pump(process, monitor, console, deadline):
    """Hand on output and events until QEMU ends; True if the deadline came first."""
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    selector.register(monitor.peer, selectors.EVENT_READ)
    while selector.get_map():
        left = deadline - time.monotonic()
        if left <= 0:
            return True
        for key, _ in selector.select(left):
            if key.fileobj is monitor.peer:
                more = monitor.receive()
            else:
                data = os.read(process.stdout.fileno(), 65536)
                console.take(data)
                more = bool(data)
            if not more:
                selector.unregister(key.fileobj)
    return False


def verdict(code, reason):
    """(ended, status) from QEMU's exit code and the reason QMP gave."""
    if reason in ("guest-reset", "guest-panic"):
        return "reset", RESET
    if code == 0:
        return "poweroff", 0
    return ("exit" if reason is None and code > 0 and code % 2 == 1 and code > 1 else "error"), abs(code)


def run(timeout=60, log=None, on_line=None, **machine):
    """Boot and wait for the end; see the module's text. `machine`: the arguments of command()."""
    started = time.monotonic()
    console = Console(log, on_line)
    with tempfile.TemporaryDirectory(prefix="plimsoll-") as scratch:
        monitor = Monitor(f"{scratch}/qmp")
        line = command(**machine) + ["-serial", "stdio", "-S", "-qmp", f"unix:{scratch}/qmp"]
        errors = pathlib.Path(scratch, "stderr")
        with errors.open("wb") as stderr:
            process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)
        hang = False
        try:
            monitor.connect()
            hang = pump(process, monitor, console, started + timeout * SLOW)
            if hang:
                monitor.send("inject-nmi")
                pump(process, monitor, console, time.monotonic() + NMI_GRACE)
        except TimeoutError:
            pass  # QEMU did not come up: its exit status and messages tell
        finally:
            if hang or process.poll() is None and monitor.peer is None:
                process.kill()
            try:
                process.wait(CONNECT_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()
            monitor.close()
            console.close()
        complaint = errors.read_text(errors="replace")
    if hang:
        ended, status = "hang", HANG
    else:
        ended, status = verdict(process.returncode, monitor.reason)
    if ended == "error" and complaint:
        sys.stderr.write(complaint)
    return Result(ended, status, console.text(), time.monotonic() - started)


def interactive(**machine):
    """The guest's console on this terminal; Ctrl-A X ends QEMU."""
    line = command(**machine) + ["-chardev", "stdio,id=tty,mux=on,signal=off", "-serial", "chardev:tty",
                                 "-mon", "chardev=tty"]
    return subprocess.run(line).returncode
