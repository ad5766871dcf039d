# SPDX-License-Identifier: MIT
"""Commands over control groups, the state of their controllers, kernel objects, and who pays for memory."""
import gdb

from walk import address, at, container, need, refs, rows, struct, text, walk

UNIFIED = 0
NO_LIMIT = 1 << 50      # a count of pages or tasks above this is "max"


def controllers():
    """(id, name) in the order of cgroup/list.h."""
    table = need("controllers")
    return [(i, text(table[i]["name"])) for i in range(table.type.range()[1] + 1)]


def hierarchies():
    table = need("hierarchies")
    return [table[i].dereference() for i in range(table.type.range()[1] + 1) if int(table[i])]


def cgroup_path(cgroup):
    """Of a struct cgroup *, from its root."""
    names = []
    while int(cgroup["parent"]):
        names.append(text(cgroup["name"]))
        cgroup = cgroup["parent"]
    return "/" + "/".join(reversed(names))


def preorder(cgroup):
    yield cgroup
    for child in walk(cgroup["children"], "cgroup", "sibling"):
        yield from preorder(child)


def find_cgroup(argument):
    """By path in the unified hierarchy, or by the inode number of its directory."""
    wanted = argument.strip()
    for hierarchy in hierarchies():
        for cgroup in walk(hierarchy["cgroups"], "cgroup", "all"):
            if wanted in (str(int(cgroup["id"])), cgroup_path(cgroup.address)):
                return cgroup
    raise gdb.GdbError(f"no cgroup {wanted or '(say which)'}")


def limit(value):
    return "max" if int(value) > NO_LIMIT else int(value)


class Cgroups(gdb.Command):
    """List the tree of control groups of each hierarchy; the dying ones, which have no directory any more, at its end.

ID is the inode number of the directory; TASKS and ZOMBIES are in it; PINS is what keeps it; CONTROL is what its children have;
PIDS and PAGES the usage of the two controllers where it has them."""

    def __init__(self):
        super().__init__("cgroups", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for hierarchy in hierarchies():
            slot = int(hierarchy["slot"])
            gdb.write("unified\n" if slot == UNIFIED else f"hierarchy {int(hierarchy['id'])}\n")
            dying = [cgroup for cgroup in walk(hierarchy["cgroups"], "cgroup", "all") if cgroup["dead"]]
            rows(["ID", "TASKS", "ZOMBIES", "PINS", "STATE", "CONTROL", "PIDS", "PAGES", "PATH", "STRUCT"],
                 map(self.row, [*preorder(hierarchy["root"].dereference()), *dying]))

    @staticmethod
    def row(cgroup):
        control = [name for i, name in controllers() if int(cgroup["subtree_control"]) >> i & 1]
        used = {name: Css.usage(cgroup["css"][i], name) for i, name in controllers()}
        state = "dying" if cgroup["dead"] else "frozen" if cgroup["frozen"] else "freezing" if int(cgroup["freezing"]) else "-"
        return [int(cgroup["id"]), int(cgroup["nr_members"]), int(cgroup["nr_zombies"]), int(cgroup["pins"]), state,
                " ".join(control) or "-", used.get("pids", "-"), used.get("memory", "-"), cgroup_path(cgroup.address),
                address(cgroup)]


class Css(gdb.Command):
    """css CGROUP [CONTROLLER]: the state of each controller in a control group, or all fields of one.

CGROUP is a path in the hierarchy or the directory's inode number. FROM is the cgroup whose state counts for its tasks: its own,
or the nearest above that has one."""

    def __init__(self):
        super().__init__("css", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        cgroup_name, _, controller = argument.strip().partition(" ")
        cgroup = find_cgroup(cgroup_name)
        if controller:
            self.whole(cgroup, controller.strip())
            return
        rows(["CONTROLLER", "REFS", "STATE", "FROM", "USAGE", "MAX", "STRUCT"],
             [self.row(name, cgroup["ecss"][i]) for i, name in controllers() if int(cgroup["ecss"][i])])

    @staticmethod
    def whole(cgroup, controller):
        for i, name in controllers():
            if name == controller and int(cgroup["ecss"][i]):
                gdb.write(at(int(cgroup["ecss"][i]), name).format_string(max_depth=2) + "\n")
                return
        raise gdb.GdbError(f"no controller {controller} there")

    @staticmethod
    def owed(counter):
        """Pages charged to it or below that its usage does not say yet (lib/page_counter.c)."""
        recent = gdb.parse_and_eval("page_counter_recent")
        charged = recent["counter"]
        while int(charged) and int(charged) != int(counter.address):
            charged = charged["parent"]
        return int(recent["pages"]) if int(charged) else 0

    @classmethod
    def counter(cls, css, name):
        """(usage, max) of the controllers that count."""
        own = at(int(css), name)
        if name == "pids":
            return int(own["count"]), limit(own["max"])
        if name == "memory":
            return int(own["counter"]["usage"]) + cls.owed(own["counter"]), limit(own["counter"]["max"])
        return "-", "-"

    @classmethod
    def usage(cls, css, name):
        return cls.counter(css, name)[0] if int(css) else "-"

    @classmethod
    def row(cls, name, css):
        return [name, refs(css), "online" if css["online"] else "offline", cgroup_path(css["cgroup"]), *cls.counter(css, name),
                hex(int(css))]


class Slabs(gdb.Command):
    """List the caches of kernel objects.

SIZE of an object, how many are IN USE, and how many fit in a slab of how many PAGES."""

    def __init__(self):
        super().__init__("slabs", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        rows(["CACHE", "SIZE", "IN USE", "PER SLAB", "PAGES"], map(self.row, walk(need("slab_caches"), "slab_cache", "link")))

    @staticmethod
    def row(cache):
        return [text(cache["name"]), int(cache["size"]), int(cache["in_use"]), int(cache["per_slab"]), 1 << int(cache["order"])]


class Owner(gdb.Command):
    """owner ADDRESS: who pays for the page at a physical address, or at one of the kernel's direct map, as $rsp.

Its kind, holders, mappings, and the directory's inode number and path of the cgroup it is charged to."""

    KINDS = ("reserved", "free", "kernel", "slab", "table", "anon", "cache")
    USER = ("anon", "cache")
    PAGE_SHIFT = 12
    LARGEST = 1024                      # pages: FRAME_BLOCK_PAGES
    DIRECT_MAP = 0xffff888000000000     # include/arch/paging.h
    WORD_MASK = (1 << 64) - 1

    def __init__(self):
        super().__init__("owner", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        where = int(gdb.parse_and_eval(argument)) & self.WORD_MASK
        pfn = (where - self.DIRECT_MAP if where >= self.DIRECT_MAP else where) >> self.PAGE_SHIFT
        if pfn >= int(need("frame_count")):
            raise gdb.GdbError("no such page")
        pfn, frame = self.block(pfn)
        kind = self.KINDS[int(frame["kind"])]
        rows(["PAGE", "KIND", "REFS", "MAPPED", "CGROUP", "PATH"],
             [[hex(pfn), kind, int(frame["refs"]), int(frame["mapcount"]), *self.payer(frame["charge"], kind)]])

    def block(self, pfn):
        """The first frame of the block (mm/buddy.c) that holds a page: only that one tells. The largest blocks stand
        at multiples of their size, so that the walk can begin there."""
        frames, head = need("frames"), pfn & -self.LARGEST
        while True:
            frame = frames[head]
            pages = 1 if int(frame["kind"]) == 0 else 1 << int(frame["order"])
            if head + pages > pfn:
                return head, frame
            head += pages

    def payer(self, charge, kind):
        if not int(charge):
            return ["-", "nobody"]
        if kind in self.USER:
            memory = container(charge, "memory", "lru")
        else:
            memory = at(int(charge), "purse")["memory"].dereference()
        cgroup = memory["css"]["cgroup"]
        return [int(cgroup["id"]), cgroup_path(cgroup)]


COMMANDS = (Cgroups, Css, Slabs, Owner)
