# SPDX-License-Identifier: MIT
"""Commands for gdb over the objects of this kernel. `plimsoll` lists them, `help NAME` explains one.

All walk the structures in include/ by their field names, so they follow the source without a change here as long as
the names stay. PID is the number in the initial pid namespace. One class a command, in the files commands_*.py.
"""
import pathlib
import sys

import gdb

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import commands_cgroups  # noqa: E402
import commands_files  # noqa: E402
import commands_tasks  # noqa: E402

COMMANDS = (*commands_tasks.COMMANDS, *commands_files.COMMANDS, *commands_cgroups.COMMANDS)


class Plimsoll(gdb.Command):
    """List the commands over the objects of Plimsoll, the reference model of containers.

PID is a number in the initial pid namespace; without it: the task that the processor runs, if it is in the kernel."""

    def __init__(self):
        super().__init__("plimsoll", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for command in COMMANDS:
            line = command.__doc__.partition("\n")[0]
            name = command.__name__.lower().replace("breakrule", "break-rule")
            gdb.write(line if line.startswith(name) else f"{name}: {line}")
            gdb.write("\n")


for each in (Plimsoll, *COMMANDS):
    each()
