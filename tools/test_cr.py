# SPDX-License-Identifier: MIT
"""Tests of checkpoint and restart over more than one boot: tests/cr has the scripts.

Each function gets (group, tests): tests.boot(name, limit, ...) boots a machine, tests.build is the build directory;
and returns its cases. What a script must have said are lines of its console, in any order.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile

import ktap

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests/cr"
LINE = "console=ttyS0 quiet panic=-1 loglevel=0 -- /bin/sh /share/"
ANSWER = "answer 1c00000"       # what tests/cr/work.c has always said, and says on Linux
MEMORY = "512M"
LIMIT = 120
POINTS_LIMIT = 1500           # a checkpoint and a restart for each of 700 cases
ROUNDS = 20
NOT_CRIUS = re.compile(r"^(plimsoll-.*|pages-\d+\.img|ERROR)$")     # our own, and raw bytes


def scratch():
    return tempfile.TemporaryDirectory(prefix="plimsoll-cr-")


def stage(tests, group, share, script, kernel, wanted, **machine):
    """One boot of a script, as cases: each wanted line stands on the console, and the machine powers off."""
    shutil.copy(TESTS / script, share)
    machine = {"initrd": tests.build / "test.cpio", "mem": MEMORY, **machine}
    result = tests.boot(f"{group} {script.split('.')[0]}", LIMIT, kernel=kernel, share=share,
                        append=LINE + script, **machine)
    lines = [line.strip() for line in result.text.splitlines()]
    cases = []
    for what, pattern in [*wanted, ("the audit is clean", "audit ok")]:
        found = any(re.fullmatch(pattern, line) for line in lines)
        cases.append(ktap.Case(group, what, ktap.PASS if found else ktap.FAIL,
                               "" if found else f"no line {pattern!r}:\n" + result.last_lines()))
    if result.ended != "poweroff":
        cases.append(ktap.Case(group, f"{script} powers off", ktap.FAIL, result.last_lines()))
    return cases, lines


def crit(group, image):
    """Debian's crit reads every member that CRIU has a message for."""
    program = shutil.which("crit")
    if not program:
        return [ktap.Case(group, "crit reads every member", ktap.SKIP, "crit is not installed (package criu)")]
    cases = []
    with scratch() as place, tarfile.open(image) as archive:
        archive.extractall(place, filter="data")
        for name in archive.getnames():
            if NOT_CRIUS.match(name):
                continue
            done = subprocess.run([program, "decode", "-i", f"{place}/{name}"], capture_output=True, text=True,
                                  timeout=LIMIT, check=False)
            wrong = done.returncode or not done.stdout.strip().startswith("{")
            cases.append(ktap.Case(group, f"crit reads {name}", ktap.FAIL if wrong else ktap.PASS, done.stderr[-2000:]))
    return cases


def other(group, tests):
    """A container goes to the share, that machine ends; a kernel of another build restarts it."""
    with scratch() as place:
        share = pathlib.Path(place)
        cases, _ = stage(tests, group, share, "first.sh", tests.elf, [("the first kernel checkpoints", "checkpoint done"), ("ckpt -l lists tree, files, maps, namespaces", "ckpt lists")])
        if not (share / "image").exists():
            return cases
        cases += crit(group, share / "image")
        more, _ = stage(tests, group, share, "second.sh", tests.build / "other/plimsoll.elf",
                        [("it is another build", r"#1 SMP .*-other.*|.*-other.*"),
                         ("the other kernel restarts", "restart done"), ("the right answer", ANSWER)])
        return cases + more


def chain(group, tests):
    """One program through many checkpoints and restarts."""
    with scratch() as place:
        return stage(tests, group, pathlib.Path(place), "chain.sh", tests.elf,
                     [("all rounds", f"rounds {ROUNDS}"), ("the right answer", ANSWER)])[0]


def system(group, tests):
    """Everything below init goes to the share; after a boot it goes on, with its numbers."""
    with scratch() as place:
        share = pathlib.Path(place)
        cases, lines = stage(tests, group, share, "system1.sh", tests.elf, [])
        saved = [line.split()[1] for line in lines if line.startswith("saved ")]
        cases.append(ktap.Case(group, "three trees", ktap.PASS if len(saved) == 3 else ktap.FAIL, "\n".join(lines[-40:])))
        wanted = [(f"tree {pid} restarts", f"restarted {pid}") for pid in saved]
        wanted += [("a pipeline goes on", "counting went on"), ("a container goes on", "inner"), ("its limit is back", "50"),
                   ("its cgroup is back", "in its cgroup"), ("a sleeper sleeps", "sleeping"), ("all are init's", "3")]
        more, _ = stage(tests, group, share, "system2.sh", tests.elf, wanted)
        return cases + more


def debian(group, tests):
    """Debian's bash with a pipeline, Python with threads and top -b, over a boot."""
    with scratch() as place:
        share = pathlib.Path(place)
        for program in ("ckpt", "restart"):
            shutil.copy(tests.build / "user" / program, share)
        shutil.copy(TESTS / "threads.py", share)
        machine = {"initrd": tests.build / "debian-test.cpio", "mem": "1024M"}
        cases, _ = stage(tests, group, share, "debian1.sh", tests.elf,
                         [(f"{name} is saved", rf"saved \d+ {name}") for name in ("bash", "python3", "top")], **machine)
        more, _ = stage(tests, group, share, "debian2.sh", tests.elf,
                        [("bash goes on", "bash goes on: 100"), ("Python goes on", "Python goes on"),
                         ("top goes on", "top goes on")], **machine)
        return cases + more


def points(group, tests):
    """Every conformance case with a checkpoint and a restart at its first check: crrun and conform --cr."""
    result = tests.boot(group, POINTS_LIMIT, kernel=tests.elf, mem=MEMORY,
                        append="console=ttyS0 quiet panic=-1 loglevel=0 -- /bin/crrun /conform --cr")
    known = dict(line.split(" | ", 1) for line in (TESTS / "points.txt").read_text().splitlines()
                 if line and not line.startswith("#"))
    cases = []
    for case in ktap.parse(result.text, group):
        name = case.name.split()[0]
        if case.verdict == ktap.FAIL and name in known:
            case = ktap.Case(group, case.name, ktap.SKIP, known[name])
        cases.append(case)
    for what, name, reason in re.findall(r"^# cr (refused|lost) (\S+): (.*?)\r?$", result.text, re.M):
        fine = what == "refused" or name in known
        print(f"     {what:8} {name:20} {reason}", flush=True)
        cases.append(ktap.Case(group, f"{name} through a checkpoint", ktap.SKIP if fine else ktap.FAIL, reason))
    if result.ended != "poweroff":
        cases.append(ktap.Case(group, "powers off", ktap.FAIL, result.last_lines()))
    return cases


GROUPS = {"cr other build": other, "cr chain": chain, "cr system": system, "debian restart": debian}
if os.environ.get("CR"):
    GROUPS["cr points"] = points    # make test CR=1
