# SPDX-License-Identifier: MIT
"""The rules of docs/rules, with all that is found for each: code, cases, results (for tools/rules and tools/report).

    rules = read(build)         {id: Rule}, in the order of the catalogue
"""
import dataclasses
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = ("arch", "boot", "kernel", "mm", "fs", "ipc", "net", "drivers", "lib", "include", "ns", "cgroup", "cr")
SOURCES = (".c", ".h", ".asm", ".tbl")
SEPARATOR = r"(, |,? and | \.\. )"     # in CG-07, 09, 12 .. 14
MORE = f"(?:(?:{SEPARATOR[1:-1]})\\d\\d+(?!\\w))+"
RULE_LINE = re.compile(r"- \*\*([A-Z0-9-]+)\*\* ?\[([MSTR])\](?:\s*\[V\??\])?\s*(?:DIV\S*)?\s*(.*)$")
SOURCE_NOTE = re.compile(r"\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\s*$")
CASE = re.compile(r'^\s*(?:\{ |(?:EACH_KIND|FLAT_KINDS|KIND_ROW)\()"((?:[A-Z0-9]+-)+\d+)(?:\.[\w.]+)?"')
AGREEING = ("agrees", "listed", "not applicable")


@dataclasses.dataclass
class Rule:
    """One rule and all that was found for it."""
    ident: str
    level: str
    text: str
    place: str
    family: str = ""            # the heading above it
    refusals: list = dataclasses.field(default_factory=list)
    mentions: list = dataclasses.field(default_factory=list)
    cases: list = dataclasses.field(default_factory=list)
    kernel_tests: list = dataclasses.field(default_factory=list)
    results: list = dataclasses.field(default_factory=list)     # the oracle's cases (oracle.json)

    def code(self):
        return self.refusals + self.mentions

    def result(self):
        statuses = [case["status"] for case in self.results]
        if not statuses:
            return "-"
        bad = [status for status in statuses if status not in AGREEING]
        if bad:
            return f"{len(bad)} of {len(statuses)} differ"
        counted = {status: statuses.count(status) for status in AGREEING if status in statuses}
        return ", ".join(f"{number} {status}" for status, number in counted.items())

    def gap(self):
        """What is missing, "" if nothing is."""
        if self.cases and not self.code():
            return "a case, but nothing in the code names it"
        if self.code() and not self.cases and not self.kernel_tests:
            return "in the code, but no case observes it"
        if any(case["status"] not in AGREEING for case in self.results):
            return "the model and Linux differ"
        return ""


def catalogue():
    rules = {}
    for path in sorted((ROOT / "docs/rules").glob("*.md")):
        family = ""
        for number, line in enumerate(path.read_text().splitlines(), 1):
            family = line[3:] if line.startswith("## ") else family
            match = RULE_LINE.match(line)
            if match:
                ident, level, text = match.groups()
                rules[ident] = Rule(ident, level, SOURCE_NOTE.sub("", text), f"docs/rules/{path.name}:{number}", family)
    return rules


def files(folders, endings):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in endings:
                yield path


def scan_code(rules):
    """Refusals and mentions of rules, by their ids in either spelling."""
    names = sorted(rules, key=len, reverse=True)
    either = re.compile(r"(?<![\w-])(" + "|".join(name.replace("-", "[-_]") for name in names) + r")(?!\w)(" + MORE + ")?")
    for path in files(ROOMS, SOURCES):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            for found, more in either.findall(line):
                for ident in in_sequence(found.replace("_", "-"), more):
                    if ident in rules:
                        kept = rules[ident].refusals if "deny" in line and "_" in found else rules[ident].mentions
                        kept.append(f"{path.relative_to(ROOT)}:{number}")


def in_sequence(first, more):
    """The ids of `CG-07, 09, 12 .. 14`: the first, and more as it is written behind that."""
    family, last = first.rsplit("-", 1)
    yield first
    for how, number in re.findall(SEPARATOR + r"(\d+)", more):
        for value in range(int(last) + 1 if ".." in how else int(number), int(number) + 1):
            yield f"{family}-{value:02}"
        last = number


def scan_tests(rules):
    for path in files(["tests/conform"], (".c",)):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for ident in CASE.findall(line):
                if ident not in rules:
                    sys.exit(f"{path.relative_to(ROOT)}:{number}: {ident} is not in the catalogue")
                rules[ident].cases.append(f"{path.relative_to(ROOT)}:{number}")
    for path in files(["tests/kernel"], (".c",)):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for ident in re.findall(r"(?<![\w-])((?:[A-Z0-9]+-)+\d+)(?!\w)", line):
                if ident in rules:
                    rules[ident].kernel_tests.append(f"{path.relative_to(ROOT)}:{number}")


def oracle(build):
    """What tools/oracle left in the build directory, or None."""
    path = build / "oracle.json"
    return json.loads(path.read_text()) if path.exists() else None


def read(build):
    rules = catalogue()
    scan_code(rules)
    scan_tests(rules)
    for case in (oracle(build) or {"cases": []})["cases"]:
        rule = rules.get(case["id"].split(".")[0])
        if rule:
            rule.results.append(case)
    return rules
