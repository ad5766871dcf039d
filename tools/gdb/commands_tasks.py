# SPDX-License-Identifier: MIT
"""Commands over tasks, their numbers and namespaces, timers, and what was refused by which rule."""
import gdb

from walk import address, all_tasks, at, chars, find_task, function, need, number, refs, rows, symbol, text, tree, walk

STATES = "RSDDTtZX"     # by enum task_state
RUNNING_STATE = 0
DEPTH = 24              # of a kernel stack, in frames
MACHINERY = ("arch_switch", "switch_", "schedule", "wait_", "mutex_lock", "freeze_")   # as kernel/panic.c has it
WORD = 8


def sleeps_in(task):
    """The function that a task sleeps in, below those that put it to sleep."""
    if int(task["state"]) == RUNNING_STATE or STATES[int(task["state"])] in "ZX":
        return "-"
    frame = int(at(int(task["arch"]["rsp"]), "switch_frame")["rbp"])
    words = gdb.lookup_type("unsigned long").pointer()
    for _ in range(DEPTH):
        try:
            name = function(gdb.Value(frame + WORD).cast(words).dereference()).split(" +")[0]
            frame = int(gdb.Value(frame).cast(words).dereference())
        except gdb.MemoryError:
            break
        if not name.startswith(MACHINERY):
            return name
    return "-"


class Tasks(gdb.Command):
    """List all threads.

TID and PID (the process) are numbers in the initial pid namespace; S is the state as /proc shows it; CPU is where the
thread is queued or ran last; WAITS names the function it sleeps in."""

    def __init__(self):
        super().__init__("tasks", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        rows(["TID", "PID", "PARENT", "S", "CPU", "NAME", "WAITS", "STRUCT"], map(self.row, all_tasks()))

    @staticmethod
    def row(task):
        process, state = task["process"], int(task["state"])
        parent = process["parent"] if int(process) else process
        return [number(task["pid"]), number(process["tgid"]) if int(process) else "-",
                number(parent["tgid"]) if int(parent) else 0, STATES[state] if state < len(STATES) else "?",
                int(task["se"]["cpu"]), chars(task["comm"]), sleeps_in(task), hex(int(task.address))]


class Namespaces(gdb.Command):
    """List all namespaces.

INUM is the inode number in nsfs, as /proc/PID/ns shows it; REFS the references kept; OWNER the inode number of
the user namespace that owns it."""

    def __init__(self):
        super().__init__("namespaces", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        found = sorted([*self.initial(), *walk(need("ns_all"), "ns_common", "all")],
                       key=lambda ns: (text(ns["type"]["name"]), int(ns["inum"])))
        rows(["KIND", "INUM", "REFS", "OWNER", "STRUCT"], map(self.row, found))

    @staticmethod
    def initial():
        """Those of the first task: static objects that are on no list."""
        held = need("init_nsproxy")["ns"]
        kinds = range(held.type.range()[1] + 1)
        return [need("init_user_ns")["ns"]] + [held[kind].dereference() for kind in kinds if int(held[kind])]

    @staticmethod
    def row(ns):
        owner = int(ns["owner"]["ns"]["inum"]) if int(ns["owner"]) else "-"
        return [text(ns["type"]["name"]), int(ns["inum"]), int(ns["refs"]["n"]), owner, hex(int(ns.address))]


class Pids(gdb.Command):
    """List all process numbers in use.

NUMBERS are those of all levels, the initial namespace's first; TASK is the thread that has it, GROUP and SESSION how many
processes belong to the group and the session of that number."""

    def __init__(self):
        super().__init__("pids", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        rows(["NUMBERS", "REFS", "TASK", "GROUP", "SESSION", "STRUCT"], map(self.row, walk(need("pid_all"), "pid", "all")))

    @staticmethod
    def row(pid):
        numbers = [str(int(pid["numbers"][level]["nr"])) for level in range(int(pid["level"]) + 1)]
        task = pid["task"]
        return [" ".join(numbers), refs(pid), chars(task["comm"]) if int(task) else "-",
                sum(1 for _ in walk(pid["group"], "process", "group_link")),
                sum(1 for _ in walk(pid["session"], "process", "session_link")), address(pid)]


class Timers(gdb.Command):
    """List the armed timers of all processors, the next one first.

DEADLINE is in seconds since boot; FIRES is what will be called."""

    NSEC_PER_SEC = 1e9

    def __init__(self):
        super().__init__("timers", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        queues = gdb.parse_and_eval("'kernel/timer.c'::queues")
        cpus = range(int(need("cpu_count")))
        rows(["CPU", "DEADLINE", "FIRES", "STRUCT"],
             [self.row(cpu, timer) for cpu in cpus for timer in tree(queues[cpu]["tree"]["rbh_root"], "node")])

    def row(self, cpu, timer):
        return [cpu, f"{int(timer['deadline']) / self.NSEC_PER_SEC:.6f}", function(timer["fire"]), address(timer)]


class Why(gdb.Command):
    """why [PID]: the last refusals of a thread, oldest first.

The call, the errno, the rule of docs/rules that says no, and the place in the source that said it."""

    def __init__(self):
        super().__init__("why", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        log = find_task(argument)["why"]
        ring = log["last"].type.range()[1] + 1
        count = int(log["count"])
        entries = [log["last"][i % ring] for i in range(max(0, count - ring), count)]
        rows(["CALL", "ERRNO", "RULE", "PLACE"], map(self.row, entries))

    @staticmethod
    def row(why):
        calls, call = symbol("syscalls"), int(why["syscall"])
        name = text(calls[call]["name"]) if calls is not None and call < int(need("syscall_count")) else str(call)
        return [name, int(why["err"]), text(need("rule_names")[int(why["rule"])]),
                f"{text(why['file'])}:{int(why['line'])}"]


class BreakRule(gdb.Command):
    """break-rule RULE: stop where a rule refuses.

RULE is an id of docs/rules, as UTSNS-04. Every refusal goes through deny_at (kernel/deny.h); `up` shows who asks."""

    def __init__(self):
        super().__init__("break-rule", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        rule = argument.strip().upper().replace("-", "_")
        try:
            value = int(gdb.parse_and_eval(f"(int){rule}"))
        except gdb.error as error:
            raise gdb.GdbError(f"no rule {argument.strip()}: see docs/rules") from error
        gdb.execute(f"break deny_at if (int)rule == {value}")


COMMANDS = (Tasks, Pids, Namespaces, Timers, Why, BreakRule)
