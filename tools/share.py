#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boot a kernel with a shared directory, let tests/share/share.sh work in it, and look at what it left there.

usage: share.py --kernel KERNEL --initrd CPIO [--record]

The guest's init must mount the share (9p, tag "share") on /share. Lines `# host: CMD` on the console are run in the
directory, as the host's side of a step. What the script said, and the directory afterwards, are compared with
tests/share/expected.txt and tree.txt, which --record writes: they come from Linux 6.1 (Debian's linux-image-amd64; the
cloud kernel has no 9p), with an init that loads its modules first.
"""
import argparse
import hashlib
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import vm  # noqa: E402

TESTS = HERE.parent / "tests/share"
BEGIN, END = "# transcript begins", "# transcript ends"
HOST = "# host: "
HOST_LIMIT = 10


def host_side(directory):
    """What answers the guest's `# host:` lines."""
    def on_line(line):
        if line.startswith(HOST):
            subprocess.run(["sh", "-c", line[len(HOST):]], cwd=directory, timeout=HOST_LIMIT, check=False)
            (directory / ".done").touch()
    return on_line


def tree(directory):
    """One line for each file that the script left: kind and mode, size, path, contents or link."""
    lines = []
    for path in sorted(directory.rglob("*")):
        info = path.lstat()
        what = stat.filemode(info.st_mode)
        name = path.relative_to(directory)
        if name.name == "share.sh":
            continue
        if path.is_symlink():
            lines.append(f"{what} {name} -> {path.readlink()}")
        elif path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            lines.append(f"{what} {name} {info.st_size} bytes {digest}")
        else:
            lines.append(f"{what} {name}")
    return lines


def transcript(text):
    lines = [line.rstrip() for line in text.splitlines() if not line.startswith(HOST)]
    begin = lines.index(BEGIN) + 1 if BEGIN in lines else 0
    return lines[begin:lines.index(END) if END in lines else len(lines)]


def run(**machine):
    """(result of the boot, transcript, tree)"""
    with tempfile.TemporaryDirectory(prefix="plimsoll-share-") as scratch:
        directory = pathlib.Path(scratch, "share")
        directory.mkdir()
        shutil.copy(TESTS / "share.sh", directory)
        result = vm.run(share=directory, on_line=host_side(directory), **machine)
        return result, transcript(result.text), tree(directory)


def expected():
    """(transcript, tree) of Linux."""
    return [(TESTS / name).read_text().splitlines() for name in ("expected.txt", "tree.txt")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kernel", required=True)
    parser.add_argument("--initrd", required=True)
    parser.add_argument("--append", default="console=ttyS0 quiet panic=-1 loglevel=0")
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    result, said, left = run(timeout=240, kernel=args.kernel, initrd=args.initrd,
                             append=f"{args.append} -- /bin/sh /share/share.sh")
    if args.record:
        (TESTS / "expected.txt").write_text("\n".join(said) + "\n")
        (TESTS / "tree.txt").write_text("\n".join(left) + "\n")
    else:
        print("\n".join(said + left))
    sys.exit(0 if result.ended == "poweroff" else 1)


if __name__ == "__main__":
    main()
