# SPDX-License-Identifier: MIT
"""Read KTAP out of a console transcript, and write results as JUnit XML.

A case is one line `ok N name`, `not ok N name` or `ok N name # SKIP why`. A line that sums up the deeper-indented
lines before it (a suite) is no case of its own. Lines that begin with `#` and stand before a result are its
details. A plan (`1..N`) with fewer results below it is a failure: the rest did not run.
"""
import dataclasses
import re
from xml.sax.saxutils import escape, quoteattr

RESULT = re.compile(r"^( *)(not )?ok (\d+)(?: - | +)?(.*?)(?:\s+# *SKIP\b *(.*))?$", re.IGNORECASE)
PLAN = re.compile(r"^( *)1\.\.(\d+)\s*(?:#.*)?$")
PASS, FAIL, SKIP = "passed", "failed", "skipped"


@dataclasses.dataclass
class Case:
    """One verdict: which group it belongs to, its name, what and why."""
    group: str
    name: str
    verdict: str
    detail: str = ""
    seconds: float = 0.0


def parse(text, group):
    """The cases of one transcript, in order; see the module's text."""
    cases, details = [], []
    plans, counts = {}, {}          # by indentation: what was planned, what was seen
    deepest = 0                     # indentation of the results not yet summed up
    for line in text.splitlines():
        line = line.rstrip()
        plan = PLAN.match(line)
        if plan:
            plans[len(plan[1])], counts[len(plan[1])] = int(plan[2]), 0
            continue
        result = RESULT.match(line)
        if not result:
            if line.lstrip().startswith("#"):
                details.append(line.strip())
            continue
        indent = len(result[1])
        counts[indent] = counts.get(indent, 0) + 1
        for deeper in [i for i in plans if i > indent]:
            cases += missing(group, result[4], plans.pop(deeper), counts.pop(deeper))
        if indent >= deepest:
            verdict = FAIL if result[2] else SKIP if result[5] is not None else PASS
            cases.append(Case(group, result[4] or result[3], verdict, result[5] or "\n".join(details)))
        deepest = indent
        details = []
    for indent in plans:
        cases += missing(group, "", plans[indent], counts.get(indent, 0))
    return cases


def missing(group, suite, planned, seen):
    if seen >= planned:
        return []
    name = f"{suite or 'plan'}: {planned - seen} of {planned} cases did not run"
    return [Case(group, name, FAIL, "the plan announced more results than came")]


def count(cases):
    """(passed, failed, skipped)"""
    return tuple(sum(case.verdict == verdict for case in cases) for verdict in (PASS, FAIL, SKIP))


def write_junit(path, cases):
    passed, failed, skipped = count(cases)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             f'<testsuite name="plimsoll" tests="{len(cases)}" failures="{failed}" skipped="{skipped}">']
    for case in cases:
        inner = {FAIL: f"<failure>{escape(clean(case.detail))}</failure>",
                 SKIP: f"<skipped message={quoteattr(clean(case.detail))}/>", PASS: ""}[case.verdict]
        lines.append(f"  <testcase classname={quoteattr(case.group)} name={quoteattr(clean(case.name))} "
                     f'time="{case.seconds:.2f}">{inner}</testcase>')
    path.write_text("\n".join(lines + ["</testsuite>"]) + "\n")


def clean(text):
    """Without the control characters that XML cannot hold."""
    return re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd]", "?", text)
