# SPDX-License-Identifier: MIT
"""Commands for gdb over the objects of this kernel. `help plimsoll` lists them.

All walk the structures in include/ by their field names, so they follow the source without a change here as long as
the names stay. PID is the number in the initial pid namespace.
"""
import gdb

STATES = "RSDDTtZX"     # by enum task_state
VM_FLAGS = ((0, "r"), (1, "w"), (2, "x"))
VM_SHARED = 3
RUNNING = 8             # struct cpu's member, at %gs in the kernel
MACHINERY = ("arch_switch", "switch_", "schedule", "wait_", "mutex_lock", "freeze_")
FRAME_DEPTH = 32        # a stack deeper than this is damaged
PATH_DEPTH = 64         # a path longer than this is damaged


# ---- how to walk ----------------------------------------------------------------------------------

def symbol(name):
    """The value of a global variable, or None if this kernel has none of that name."""
    found = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    return found.value() if found else None


def need(name):
    value = symbol(name)
    if value is None:
        raise gdb.GdbError(f"this kernel has no {name}")
    return value


def container(pointer, kind, member):
    """The struct `kind` whose `member` lies at pointer."""
    struct = gdb.lookup_type(f"struct {kind}")
    offset = next(f.bitpos // 8 for f in struct.fields() if f.name == member)
    address = int(pointer) - offset
    return gdb.Value(address).cast(struct.pointer()).dereference()


def walk(head, kind, member):
    """The structs on an intrusive list (lib/list.h). A list that was never used counts as empty."""
    link = head["next"]
    while int(link) not in (0, int(head.address)):
        yield container(link, kind, member)
        link = link["next"]


def tree(node, entry):
    """The nodes of a red-black tree (<sys/tree.h>), in order."""
    if not int(node):
        return
    yield from tree(node[entry]["rbe_left"], entry)
    yield node.dereference()
    yield from tree(node[entry]["rbe_right"], entry)


def text(pointer):
    return pointer.string(errors="replace") if int(pointer) else "-"


def chars(array):
    return array.string(errors="replace")


def number(pid):
    """Of a struct pid *, in the initial namespace; 0 for none."""
    return int(pid["numbers"][0]["nr"]) if int(pid) else 0


def all_tasks():
    return walk(need("task_all"), "task", "all")


def sleeps_in(task):
    """The function a task sleeps in: the first frame that is not of the machinery, as kernel/panic.c finds it."""
    if int(task["state"]) == 0 or STATES[int(task["state"])] in "ZX":
        return "-"
    frame = task["arch"]["rsp"].cast(gdb.lookup_type("struct switch_frame").pointer())["rbp"]
    word = gdb.lookup_type("unsigned long").pointer()
    for _ in range(FRAME_DEPTH):
        try:
            rip, next_frame = int(frame.cast(word)[1]), frame.cast(word)[0]
        except gdb.MemoryError:
            break
        name = gdb.execute(f"info symbol {rip}", to_string=True).split()[0]
        if not name.startswith(MACHINERY):
            return name
        frame = next_frame
    return "-"


def find_task(argument):
    """The task that PID names; without PID the one that the processor runs."""
    if not argument.strip():
        running = gdb.Value(int(gdb.parse_and_eval("$gs_base")) + RUNNING)
        return running.cast(gdb.lookup_type("struct task").pointer().pointer()).dereference().dereference()
    wanted = int(gdb.parse_and_eval(argument))
    for task in all_tasks():
        if number(task["pid"]) == wanted:
            return task
    raise gdb.GdbError(f"no task {wanted}")


def path_of(path):
    """The name of a struct path, across mounts up to the root."""
    mount, dentry, names = path["mnt"], path["dentry"], []
    for _ in range(PATH_DEPTH):
        if int(mount) and int(dentry) == int(mount["root"]):
            if int(mount["parent"]) in (0, int(mount)):
                break
            dentry, mount = mount["mountpoint"], mount["parent"]
        elif int(dentry["parent"]) == int(dentry):
            break
        else:
            names.append(text(dentry["name"]))
            dentry = dentry["parent"]
    return "/" + "/".join(reversed(names))


def rows(header, lines):
    """A table, each column as wide as its widest cell."""
    lines = [header] + [[str(cell) for cell in line] for line in lines]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        gdb.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() + "\n")


# ---- commands -------------------------------------------------------------------------------------

class Plimsoll(gdb.Command):
    """Commands over the objects of Plimsoll, the reference model of containers.

tasks                 all threads: state, what they wait for, what they run
namespaces            all namespaces: kind, number, count, owner
maps [PID]            the memory areas of a process
files [PID]           the open descriptors of a process
why [PID]             its last refusals: call, errno, rule, place
break-rule RULE       stop where a rule refuses, as UTSNS-04

Without PID: the task that the processor runs, if it is in the kernel."""

    def __init__(self):
        super().__init__("plimsoll", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        gdb.execute("help plimsoll")


class Tasks(gdb.Command):
    """List all threads.

TID and PID (the process) are numbers in the initial pid namespace; S is the state as /proc shows it; CPU is where the
thread is queued or ran last; WAITS names the place it sleeps at."""

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


class Maps(gdb.Command):
    """maps [PID]: list the memory areas of a process.

Like /proc/PID/maps: range, rwx and p(rivate) or s(hared), the first page of the file, and the file."""

    def __init__(self):
        super().__init__("maps", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        mm = find_task(argument)["mm"]
        if not int(mm):
            raise gdb.GdbError("it has no address space: a kernel thread or a zombie")
        for vma in tree(mm["vmas"]["rbh_root"], "node"):
            flags = int(vma["flags"])
            rights = "".join(c if flags >> bit & 1 else "-" for bit, c in VM_FLAGS) + "ps"[flags >> VM_SHARED & 1]
            gdb.write(f"{int(vma['start']):012x}-{int(vma['end']):012x} {rights} {int(vma['pgoff']):8x} {self.name(vma)}\n")

    @staticmethod
    def name(vma):
        if int(vma["special_name"]):
            return text(vma["special_name"])
        ops, files = vma["ops"], symbol("file_vma_ops")
        if int(ops) and files is not None and int(ops) == int(files.address):
            return path_of(vma["file"].cast(gdb.lookup_type("struct file").pointer())["path"])
        return "anonymous" if not int(vma["cache"]) else "object"


class Files(gdb.Command):
    """files [PID]: list the open descriptors of a process.

FD, the kind of file (the class of its operations), its flags in octal as fcntl gives them, its position, its path."""

    def __init__(self):
        super().__init__("files", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        table = find_task(argument)["files"]
        if not int(table):
            raise gdb.GdbError("it has no descriptors any more")
        slots = ((fd, table["slot"][fd]) for fd in range(int(table["size"])))
        rows(["FD", "KIND", "FLAGS", "POS", "PATH"], [self.row(fd, f) for fd, f in slots if int(f)])

    @staticmethod
    def row(fd, file):
        return [fd, text(file["ops"]["class"]), f"{int(file['flags']):o}", int(file["pos"]), path_of(file["path"])]


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


class Owner(gdb.Command):
    """owner ADDRESS: who pays for the page at a physical address.

Its kind, holders, mappings, and the directory's inode number and name of the cgroup it is charged to."""

    KINDS = ("reserved", "free", "kernel", "slab", "table", "anon", "cache")
    USER = ("anon", "cache")
    PAGE_SHIFT = 12

    def __init__(self):
        super().__init__("owner", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        pfn = int(gdb.parse_and_eval(argument)) >> self.PAGE_SHIFT
        if pfn >= int(need("frame_count")):
            raise gdb.GdbError("no such page")
        frame = need("frames")[pfn]
        kind = self.KINDS[int(frame["kind"])]
        rows(["PAGE", "KIND", "REFS", "MAPPED", "CGROUP", "NAME"],
             [[hex(pfn), kind, int(frame["refs"]), int(frame["mapcount"]), *self.payer(frame["charge"], kind)]])

    def payer(self, charge, kind):
        if not int(charge):
            return ["-", "nobody"]
        if kind in self.USER:
            memory = container(charge, "memory", "lru")
        else:
            memory = charge.cast(gdb.lookup_type("struct purse").pointer())["memory"].dereference()
        cgroup = memory["css"]["cgroup"]
        return [int(cgroup["id"]), text(cgroup["name"]) or "/"]


for command in (Plimsoll, Tasks, Namespaces, Maps, Files, Why, BreakRule, Owner):
    command()
