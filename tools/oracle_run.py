# SPDX-License-Identifier: MIT
"""Boot the conformance program on one kernel and read what it says (for tools/oracle).

    side = run("model", kernel, initrd, patterns, ...)
    side.kernel     what uname(2) says there, "" if it never came so far
    side.cases      {id: Case}, in the order in which they ran
    side.trouble    why the run is not whole (a list of texts), empty when it is

A kernel that dies or hangs in one case is booted again for the cases behind it, a few times, so that one bad
case does not hide the others. The output is KTAP with comments: `# case ID` before each case, `# obs ID KEY=VALUE
@file:line`, `# fail file:line: ...`, `# why ...`, `# audit ...`. Each guest ends by powering off.
"""
import dataclasses
import re

import vm

FIRST_LINE = "KTAP version 1"
LAST_LINE = re.compile(r"^# done: \d+ failed$")
RESULT = re.compile(r"^(not )?ok \d+ (\S+) (.*?)(?: # SKIP (.*))?$")
PLAN = re.compile(r"^1\.\.(\d+)$")
OBSERVATION = re.compile(r"^# obs (\S+) (\S+?)=(.*) @(\S+:\d+)$")
STARTED = re.compile(r"^# case (\S+)$")
KERNEL = re.compile(r"^# kernel (.*)$")
DETAIL = re.compile(r"^# (fail|why|audit) (.*)$")
OK, FAILED, SKIPPED, NOT_RUN = "ok", "not ok", "skip", "not run"
REBOOTS = 6             # after a case in which the kernel died
SHOWN_LINES = 25        # of the console, where a run broke off
PROGRESS_STEP = 25      # cases between two lines of progress


@dataclasses.dataclass
class Observation:
    """One value a case saw: key (with #2, #3 ... for repeated ones), value, file:line."""
    key: str
    value: str
    where: str


@dataclasses.dataclass
class Case:
    """What one kernel did in one case."""
    ident: str
    title: str = ""
    verdict: str = NOT_RUN
    reason: str = ""            # of a skip
    observations: dict = dataclasses.field(default_factory=dict)
    details: list = dataclasses.field(default_factory=list)

    def verdict_text(self):
        return f"skip: {self.reason}" if self.verdict == SKIPPED else self.verdict


@dataclasses.dataclass
class Side:
    """One kernel's whole run."""
    name: str
    kernel: str = ""
    booted: bool = False
    cases: dict = dataclasses.field(default_factory=dict)
    trouble: list = dataclasses.field(default_factory=list)
    text: str = ""
    seconds: float = 0.0


class Reader:
    """Takes console lines as they come and fills a Side."""

    def __init__(self, side, progress):
        self.side = side
        self.progress = progress
        self.current = None
        self.planned = 0
        self.ended = 0
        self.whole = False

    def line(self, text):
        text = text.strip("\r\n ")
        for pattern, take in ((OBSERVATION, self.observation), (RESULT, self.result), (STARTED, self.started),
                              (DETAIL, self.detail), (KERNEL, self.kernel), (PLAN, self.plan)):
            match = pattern.match(text)
            if match:
                take(match)
                return
        if text == FIRST_LINE:
            self.side.booted = True
        elif LAST_LINE.match(text):
            self.whole = True

    def case(self, ident):
        return self.side.cases.setdefault(ident, Case(ident))

    def observation(self, match):
        ident, key, value, where = match.groups()
        seen = self.case(ident).observations
        name, count = key, 1
        while name in seen:
            count += 1
            name = f"{key}#{count}"
        seen[name] = Observation(name, value, where)

    def result(self, match):
        failed, ident, title, reason = match.groups()
        case = self.case(ident)
        case.title, case.reason = title, reason or ""
        case.verdict = FAILED if failed else SKIPPED if reason is not None else OK
        self.current = None
        self.ended += 1
        if self.ended % PROGRESS_STEP == 0:
            self.progress(f"{self.side.name}: {self.ended} of {self.planned} cases, {ident}")

    def started(self, match):
        self.current = self.case(match[1])

    def detail(self, match):
        if self.current:
            self.current.details.append(f"{match[1]} {match[2]}")

    def kernel(self, match):
        self.side.kernel = match[1]

    def plan(self, match):
        self.planned = int(match[1])
        self.ended = 0


def last_lines(text):
    return "\n".join("        | " + line for line in text.splitlines()[-SHOWN_LINES:])


def broke_off(reader, result):
    """Record why a run is not whole. Returns: the case to go on behind, or None."""
    side, case = reader.side, reader.current
    how = {"hang": "does not end", "reset": "resets itself (a panic)"}.get(result.ended, f"ends by {result.ended}")
    if not side.booted:
        side.trouble.append(f"{side.name} {how} before the first line of KTAP; the last console lines:\n"
                            + last_lines(result.text))
        return None
    where = f"in {case.ident}" if case else "between two cases"
    side.trouble.append(f"{side.name} {how} {where}; the last console lines:\n" + last_lines(result.text))
    if not case:
        return None
    case.verdict = FAILED
    case.details.append(f"fail the kernel {how}")
    return case.ident


def run(name, kernel, initrd, patterns, progress, log, timeout, **machine):
    """See the module's text; `machine` goes to vm.run()."""
    side = Side(name)
    after = None
    for _ in range(REBOOTS):
        words = (["--after", after] if after else []) + patterns
        reader = Reader(side, progress)
        result = vm.run(kernel=kernel, initrd=initrd, timeout=timeout, on_line=reader.line, **machine,
                        append=" ".join(["console=ttyS0 quiet loglevel=0 panic=-1 conform_word=seen --"] + words))
        side.text += result.text
        side.seconds += result.seconds
        if reader.whole and result.ended == "poweroff":
            break
        after = broke_off(reader, result)
        if not after:
            break
        progress(f"{name}: {side.trouble[-1].splitlines()[0]}; going on behind {after}")
    log.write_text(side.text)
    if not side.trouble:
        progress(f"{name}: {len(side.cases)} cases in {side.seconds:.1f} s")
    return side
