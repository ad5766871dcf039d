# SPDX-License-Identifier: MIT
"""The worked examples of docs/tour.md, built and run: tests/examples, a folder each; and the experiments of its evenings.

Examples: a copy of the sources and of what was made of them goes to BUILD/examples. Each example puts its files there, applies its
changes.patch, all are compiled together, and the model boots with their cases and the test that no table has a row of which
checkpoints know nothing. Then each break.patch takes the
code of one rule away ("Breaks RULE: what"), and the case of that rule, and no case of another, must fail.
The copy stays: it is a tree to try things in, with the examples in it.

Experiments: all the patches that `tools/tour --breaks` lists go to a copy in BUILD/tour, and every case that one of them is to break
must fail. Cases inside the kernel get a boot each.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import ktap

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests/examples"
OWN = {"changes.patch", "break.patch"}      # what of an example is no file of the tree
MADE = ("obj", "gen", "uapi", "user", "conform", "conform.debug", "builtin.cpio", "flags", "tools.mk")
BARE = "console=ttyS0 quiet panic=-1"
LINE = "console=ttyS0 quiet panic=-1 ktest=cr rdinit=/conform --"
COVERED = "cr.no_row_is_forgotten"          # the test inside the kernel that asks for lines in cr/coverage.h
BREAKS = re.compile(r"^Breaks ([A-Z0-9-]+):", re.MULTILINE)
CASES = re.compile(r'^\t\{ "(EXT-[A-Z0-9.a-z-]+)"', re.MULTILINE)
MAKE_LIMIT, BOOT_LIMIT = 600, 120


class Failed(Exception):
    """A step that did not go well; its text is the detail of the case."""


def examples():
    return sorted(path for path in EXAMPLES.iterdir() if path.is_dir())


def own_files(example):
    return [path for path in sorted(example.rglob("*")) if path.is_file() and path.name not in OWN]


def command(words, cwd, limit, text=None):
    done = subprocess.run(words, cwd=cwd, input=text, capture_output=True, text=True, timeout=limit, check=False)
    if done.returncode:
        raise Failed(f"{shlex.join(map(str, words))}: status {done.returncode}\n" + (done.stdout + done.stderr)[-4000:])


def copy_tree(build, tree):
    """The sources that git knows or would add, and what make has made; times too, so that nothing is made again."""
    shutil.rmtree(tree, ignore_errors=True)
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True,
                             check=True).stdout
    for name in filter(None, listing.split("\0")):
        source = ROOT / name
        if source.is_file() and not source.is_symlink():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, tree / name)
    (tree / "build").mkdir()
    for name in MADE:
        if (build / name).is_dir():
            shutil.copytree(build / name, tree / "build" / name, symlinks=True)
        elif (build / name).exists():
            shutil.copy2(build / name, tree / "build" / name)


def make_words(build, tree):
    """make as it was called for BUILD: the same newlib and version, or everything would be compiled again."""
    newlib = re.search(r"-isystem (\S+)/kernel/include", (build / "flags").read_text())[1]
    if not os.path.isabs(newlib):
        (tree / newlib).parent.mkdir(parents=True, exist_ok=True)
        (tree / newlib).symlink_to(ROOT / newlib)
    version = re.search(r'PLIMSOLL_VERSION "(.*)"', (build / "gen/version.h").read_text())[1]
    return ["make", f"-j{os.cpu_count()}", f"NEWLIB={newlib}", f"VERSION={version}", "build/plimsoll.elf"]


def put_in(example, tree):
    for path in own_files(example):
        target = tree / path.relative_to(example)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    apply(example / "changes.patch", tree)


def apply(patch, tree, *more):
    command(["patch", "-p1", "--no-backup-if-mismatch", *more], tree, 30, patch.read_text())


def case_ids(example):
    return [ident for path in own_files(example) for ident in CASES.findall(path.read_text())]


def boot(name, tests, tree, idents):
    """What each case came to: {id: verdict}, and the console."""
    result = tests.boot(name, BOOT_LIMIT, kernel=tree / "build/plimsoll.elf", append=f"{LINE} {' '.join(idents)}")
    verdicts = {case.name.split()[0]: case.verdict for case in ktap.parse(result.text, name) if case.name}
    return {ident: verdicts.get(ident, "not run") for ident in idents}, result


def judge(group, what, wanted, found, result, ends=("poweroff",)):
    """The case that every verdict is the wanted one, and that the guest ended in one of these ways."""
    wrong = [f"{ident}: {found[ident]}, not {wanted[ident]}" for ident in wanted if found[ident] != wanted[ident]]
    if not wrong and result.ended in ends:
        return ktap.Case(group, what, ktap.PASS)
    return ktap.Case(group, what, ktap.FAIL, "\n".join(wrong) + f"\nended by {result.ended}\n" + result.last_lines())


def steps(group, tests, tree):
    """All steps; a generator of cases, which ends with Failed where one cannot go on."""
    all_ids = {example.name: case_ids(example) for example in examples()}
    copy_tree(tests.build, tree)
    for example in examples():
        put_in(example, tree)
    make = make_words(tests.build, tree)
    command(make, tree, MAKE_LIMIT)
    yield ktap.Case(group, "all examples compile", ktap.PASS)
    everything = [ident for ids in all_ids.values() for ident in ids]
    found, result = boot(group, tests, tree, [*everything, COVERED])
    yield judge(group, "what becomes of them at a checkpoint is said", {COVERED: ktap.PASS}, found, result)
    for name, ids in all_ids.items():
        yield judge(group, f"{name}: its cases pass", {ident: ktap.PASS for ident in ids}, found, result)
    for example in examples():
        apply(example / "break.patch", tree)
    command(make, tree, MAKE_LIMIT)
    found, result = boot(f"{group} broken", tests, tree, everything)
    for example in examples():
        rule = BREAKS.search((example / "break.patch").read_text())[1]
        wanted = {ident: ktap.FAIL if ident.split(".")[0] == rule else ktap.PASS for ident in all_ids[example.name]}
        yield judge(group, f"{example.name}: without its code {rule} fails", wanted, found, result)
    for example in examples():
        apply(example / "break.patch", tree, "-R")


def tour(*words):
    return subprocess.run([ROOT / "tools/tour", *words], capture_output=True, text=True, check=True).stdout


def experiments(group, tests, tree):
    """Likewise for the experiments of the tour."""
    idents = tour("--breaks").split()
    inside = [ident for ident in idents if ident[0].islower()]
    copy_tree(tests.build, tree)
    for ident in idents:
        command(["patch", "-p1", "--no-backup-if-mismatch"], tree, 30, tour("--diff", ident))
    command(make_words(tests.build, tree), tree, MAKE_LIMIT)
    kernel = tree / "build/plimsoll.elf"
    lines = {ident: f"{BARE} ktest={ident} ktest_exit=1" for ident in inside}
    rest = [ident for ident in idents if ident not in inside]
    lines.update(dict.fromkeys(rest, f"{BARE} conform_word=seen rdinit=/conform -- {' '.join(rest)}"))
    results = {line: tests.boot(group, BOOT_LIMIT, kernel=kernel, append=line) for line in dict.fromkeys(lines.values())}
    for ident, line in lines.items():
        found = {case.name.split()[0]: case.verdict for case in ktap.parse(results[line].text, group) if case.name}
        yield judge(group, f"breaks {ident}", {ident: ktap.FAIL}, {ident: found.get(ident, "not run")}, results[line],
                    ("poweroff", "exit"))


def run_steps(group, cases_of):
    cases = []
    try:
        for case in cases_of:
            cases.append(case)
    except (Failed, subprocess.SubprocessError) as error:
        cases.append(ktap.Case(group, "every step goes well", ktap.FAIL, str(error)))
    return cases


def run(group, tests):
    return run_steps(group, steps(group, tests, (tests.build / "examples").resolve()))


def run_tour(group, tests):
    return run_steps(group, experiments(group, tests, (tests.build / "tour").resolve()))
