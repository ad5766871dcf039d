# SPDX-License-Identifier: MIT
"""Compare two kernels' conformance runs, case by case (for tools/oracle).

A case agrees when both kernels pass it and saw the same. Where they do not, each single difference must be
listed in the file of divergences, a line each:

    RULE [KEY] | model | linux | reason | source

RULE is a case's id or a glob of ids. With KEY the two values are what the kernels observed under it (`-` for
nothing); without, they are the verdicts: `ok`, `not ok`, `skip: why`. Values may be globs.
"""
import dataclasses
import fnmatch

import oracle_run

AGREES, DIFFERS, LISTED, NOT_APPLICABLE = "agrees", "differs", "listed", "not applicable"
ABSENT = "-"
MODEL_ONLY = ("EXT-", "CR-")    # rules of the model alone: skipped on Linux, which has no checkpoint(2)
FIELDS = 5


class BadList(Exception):
    """A line of the divergences that is not one."""


@dataclasses.dataclass
class Divergence:
    """One listed divergence."""
    line: int
    rule: str
    key: str
    model: str
    linux: str
    reason: str
    source: str
    used: bool = False

    def covers(self, ident, key, model, linux):
        return (fnmatch.fnmatchcase(ident, self.rule) and self.key == key and
                fnmatch.fnmatchcase(model, self.model) and fnmatch.fnmatchcase(linux, self.linux))


@dataclasses.dataclass
class Difference:
    """One thing on which the kernels differ; listed: the line that says it is known."""
    key: str
    model: str
    linux: str
    where: str = ""
    listed: Divergence = None


@dataclasses.dataclass
class Row:
    """One case on both kernels."""
    ident: str
    title: str
    model: oracle_run.Case
    linux: oracle_run.Case
    status: str
    differences: list


def read_divergences(path):
    """The list in a file; raises BadList where a line is wrong."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [field.strip() for field in line.split("|")]
        words = fields[0].split()
        if len(fields) != FIELDS or not all(fields) or len(words) not in (1, 2):
            raise BadList(f"{path}:{number}: not `RULE [KEY] | model | linux | reason | source`")
        found.append(Divergence(number, words[0], words[1] if len(words) == 2 else "", *fields[1:]))
    return found


def observed(case, key):
    return case.observations[key].value if key in case.observations else ABSENT


def differences_of(model, linux):
    """All that differs in one case, verdict first."""
    found = []
    if model.verdict_text() != linux.verdict_text() or model.verdict in (oracle_run.FAILED, oracle_run.NOT_RUN):
        found.append(Difference("", model.verdict_text(), linux.verdict_text()))
    if {oracle_run.SKIPPED, oracle_run.NOT_RUN} & {model.verdict, linux.verdict}:
        return found
    for key in dict.fromkeys([*linux.observations, *model.observations]):
        values = observed(model, key), observed(linux, key)
        if values[0] != values[1]:
            seen = model.observations.get(key) or linux.observations.get(key)
            found.append(Difference(key, *values, seen.where))
    return found


def compare_case(ident, model, linux, divergences):
    title = linux.title or model.title
    skipped = [case.verdict == oracle_run.SKIPPED for case in (model, linux)]
    if all(skipped) or skipped[1] and ident.startswith(MODEL_ONLY) and model.verdict == oracle_run.OK:
        return Row(ident, title, model, linux, NOT_APPLICABLE, [])
    found = differences_of(model, linux)
    for difference in found:
        for entry in divergences:
            if entry.covers(ident, difference.key, difference.model, difference.linux):
                entry.used = True
                difference.listed = difference.listed or entry
    if not found:
        status = AGREES
    else:
        status = LISTED if all(difference.listed for difference in found) else DIFFERS
    return Row(ident, title, model, linux, status, found)


def compare(model, linux, divergences):
    """A Row for each case that either kernel ran."""
    none = oracle_run.Case
    return [compare_case(ident, model.cases.get(ident, none(ident)), linux.cases.get(ident, none(ident)), divergences)
            for ident in dict.fromkeys([*linux.cases, *model.cases])]
