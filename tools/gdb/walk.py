# SPDX-License-Identifier: MIT
"""How our commands walk the structures of the kernel: lists, trees, names, tables of text."""
import gdb

PATH_DEPTH = 64         # a path longer than this is damaged
RUNNING = 8             # struct cpu's member, at %gs in the kernel


def symbol(name):
    """The value of a global variable, or None if this kernel has none of that name."""
    found = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    return found.value() if found else None


def need(name):
    value = symbol(name)
    if value is None:
        raise gdb.GdbError(f"this kernel has no {name}")
    return value


def struct(kind):
    return gdb.lookup_type(f"struct {kind}")


def at(pointer, kind):
    """What an address, or a void *, points to, as a struct `kind`."""
    return gdb.Value(int(pointer)).cast(struct(kind).pointer()).dereference()


def container(pointer, kind, member):
    """The struct `kind` whose `member` lies at pointer."""
    offset = next(f.bitpos // 8 for f in struct(kind).fields() if f.name == member)
    return at(int(pointer) - offset, kind)


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


def address(value):
    return hex(int(value.address))


def refs(value):
    return int(value["refs"]["n"])


def function(pointer):
    """The name of a function, by its address."""
    said = gdb.execute(f"info symbol {int(pointer)}", to_string=True)
    return hex(int(pointer)) if said.startswith("No symbol") else said.split(" in section")[0]


def number(pid):
    """Of a struct pid *, in the initial namespace; 0 for none."""
    return int(pid["numbers"][0]["nr"]) if int(pid) else 0


def all_tasks():
    return walk(need("task_all"), "task", "all")


def find_task(argument):
    """The task that PID names; without PID the one that the processor runs."""
    if not argument.strip():
        running = gdb.Value(int(gdb.parse_and_eval("$gs_base")) + RUNNING)
        return running.cast(struct("task").pointer().pointer()).dereference().dereference()
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


def dentry_path(dentry):
    """The name of a struct dentry * within its file system."""
    names = []
    for _ in range(PATH_DEPTH):
        if int(dentry["parent"]) == int(dentry):
            break
        names.append(text(dentry["name"]))
        dentry = dentry["parent"]
    return "/" + "/".join(reversed(names))


def rows(header, lines):
    """A table, each column as wide as its widest cell."""
    lines = [header] + [[str(cell) for cell in line] for line in lines]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        gdb.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() + "\n")
