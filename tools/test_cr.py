# SPDX-License-Identifier: MIT
"""Tests of checkpoint and restart over more than one boot: tests/cr has the scripts.

Each function gets (group, tests): tests.boot(name, limit, ...) boots a machine, tests.build is the build directory;
and returns its cases. What a script must have said are lines of its console, in any order.
"""
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
POINTS_LIMIT = 600              # a checkpoint and a restart for each of 620 cases take less than a minute
ICOUNT = ("-icount", "shift=0,sleep=off", "-rtc", "base=2020-01-01,clock=vm")
REFUSAL = re.compile(r"error: (\D+?) (\d+) .*?: (CR-\S+) errno")
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


def known_points():
    """tests/cr/points.txt: {case: why it ends otherwise}."""
    lines = (TESTS / "points.txt").read_text().splitlines()
    return dict(line.split(" | ", 1) for line in lines if line and not line.startswith("#"))


def points_table(cases, restarted, refused):
    """How many cases went through a checkpoint, and which were refused, by class and rule."""
    classes = {}
    for name, reason in refused:
        said = REFUSAL.search(reason)
        classes.setdefault(" ".join(said.group(1, 3)) if said else reason, []).append(name)
    lines = [f"{len(cases)} cases: {len(restarted)} went through a checkpoint and a restart, {len(refused)} were refused, "
             f"{len(cases) - len(restarted) - len(refused)} have no check of their own"]
    for why, names in sorted(classes.items(), key=lambda row: (-len(row[1]), row[0])):
        lines.append(f"  refused {len(names):3}  {why:32} {' '.join(names)}")
    return "\n".join(lines) + "\n"


def points(group, tests):
    """Every conformance case with a checkpoint and a restart at its first check: crrun and conform --cr. The clock counts
    instructions, so that the next run is the same."""
    result = tests.boot(group, POINTS_LIMIT, kernel=tests.elf, mem=MEMORY, extra=ICOUNT,
                        append="console=ttyS0 quiet panic=-1 loglevel=0 -- /bin/crrun /conform --cr")
    known = known_points()
    ran, cases = ktap.parse(result.text, group), []
    for case in ran:
        name = case.name.split()[0]
        if case.verdict == ktap.FAIL and name in known:
            case = ktap.Case(group, case.name, ktap.SKIP, known[name])
        cases.append(case)
    restarted = re.findall(r"^# cr restarted (\S+)", result.text, re.M)
    refused = re.findall(r"^# cr refused (\S+): (.*?)\r?$", result.text, re.M)
    lost = re.findall(r"^# cr lost (\S+): (.*?)\r?$", result.text, re.M)
    cases += [ktap.Case(group, f"{name} through a checkpoint", ktap.SKIP, why) for name, why in refused]
    cases += [ktap.Case(group, f"{name} through a checkpoint", ktap.FAIL, why) for name, why in lost]
    table = points_table(ran, restarted, refused)
    (tests.logs / "cr-points.txt").write_text(table)
    print("".join(f"     {line}\n" for line in table.splitlines()), end="", flush=True)
    if result.ended != "poweroff" or not restarted:
        cases.append(ktap.Case(group, "powers off", ktap.FAIL, result.last_lines()))
    return cases


GROUPS = {"cr other build": other, "cr chain": chain, "cr system": system, "cr points": points, "debian restart": debian}
