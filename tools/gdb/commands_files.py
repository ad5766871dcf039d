# SPDX-License-Identifier: MIT
"""Commands over memory areas, descriptors, mounts, file systems, inodes and sockets."""
import gdb

from walk import address, at, container, dentry_path, find_task, need, number, path_of, refs, rows, struct, symbol, text, tree, walk

VM_FLAGS = ((0, "r"), (1, "w"), (2, "x"))
VM_SHARED = 3
MINOR_BITS = 0xfffff    # of a dev_num
MOUNT_FLAGS = ("ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime", "nosymfollow", "unbindable",
               "internal", "locked")    # by bit: MNT_K_*
SOCKET_TYPES = {1: "stream", 2: "dgram", 5: "seqpacket"}
UNIX_STATES = ("closed", "listening", "connected")
SHOWN_NAME = 40


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


class Mounts(gdb.Command):
    """mounts [PID]: list the mounts of a task's mount namespace; `mounts all`: every mount there is.

ID and PARENT as /proc/PID/mountinfo shows them; GROUP the peer group, REFS the references kept."""

    def __init__(self):
        super().__init__("mounts", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        found = walk(need("mount_all"), "mount", "all")
        if argument.strip() != "all":
            place = find_task(argument)["fs"]
            if not int(place):
                raise gdb.GdbError("it has no directories any more")
            ns = int(place["root"]["mnt"]["ns"])
            found = [mount for mount in found if int(mount["ns"]) == ns]
        rows(["ID", "PARENT", "TYPE", "REFS", "GROUP", "FLAGS", "SOURCE", "POINT", "STRUCT"], map(self.row, found))

    @staticmethod
    def row(mount):
        flags = [name for bit, name in enumerate(MOUNT_FLAGS) if int(mount["flags"]) >> bit & 1]
        point = path_of({"mnt": mount.address, "dentry": mount["root"]})
        return [int(mount["id"]), int(mount["parent"]["id"]), text(mount["sb"]["type"]["name"]), refs(mount),
                int(mount["group_id"]) or "-", ",".join(flags) or "-", text(mount["source"]), point, address(mount)]


class Inodes(gdb.Command):
    """inodes TYPE: list the inodes in memory of all file systems of a type, as `inodes tmpfs`; alone: the file systems.

NAME is that of one of its directory entries, within its file system."""

    def __init__(self):
        super().__init__("inodes", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        supers = list(walk(need("super_all"), "super", "all"))
        if not argument.strip():
            rows(["DEV", "TYPE", "REFS", "INODES", "STRUCT"], map(self.super_row, supers))
            return
        wanted = [sb for sb in supers if text(sb["type"]["name"]) == argument.strip()]
        if not wanted:
            raise gdb.GdbError("no file system of that type: `inodes` lists them")
        rows(["DEV", "INO", "MODE", "LINKS", "REFS", "SIZE", "PAGES", "NAME", "STRUCT"],
             [self.row(sb, inode) for sb in wanted for inode in walk(sb["inodes"], "inode", "all")])

    @staticmethod
    def super_row(sb):
        return [f"0:{int(sb['dev']) & MINOR_BITS}", text(sb["type"]["name"]), refs(sb),
                sum(1 for _ in walk(sb["inodes"], "inode", "all")), address(sb)]

    @staticmethod
    def row(sb, inode):
        names = (dentry_path(dentry.address) for dentry in walk(inode["dentries"], "dentry", "alias"))
        return [f"0:{int(sb['dev']) & MINOR_BITS}", int(inode["ino"]), f"{int(inode['mode']):o}", int(inode["nlink"]),
                refs(inode), int(inode["size"]), int(inode["cache"]["nr_pages"]), next(names, "-"), address(inode)]


class Sockets(gdb.Command):
    """List the local sockets.

NAME as ss(8) shows it; PEER is the struct of the other side; QUEUE the messages received and not yet read."""

    def __init__(self):
        super().__init__("sockets", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        rows(["TYPE", "STATE", "REFS", "QUEUE", "PEER", "NAME", "STRUCT"],
             map(self.row, walk(need("unix_all"), "unix_sock", "all")))

    def row(self, sock):
        kind = int(sock["sk"]["type"])
        return [SOCKET_TYPES.get(kind, kind), UNIX_STATES[int(sock["state"])], refs(sock["sk"]), int(sock["queue_len"]),
                hex(int(sock["peer"])) if int(sock["peer"]) else "-", self.name(sock["address"]), address(sock)]

    @staticmethod
    def name(bound):
        if not int(bound):
            return "-"
        path = bound["name"]["un"]["sun_path"]
        size = min(int(bound["len"]) - int(bound["name"]["un"]["sun_family"].type.sizeof), SHOWN_NAME)
        raw = bytes(int(path[i]) & 0xff for i in range(max(size, 0)))
        shown = raw.rstrip(b"\0").decode(errors="replace") if raw[:1] != b"\0" else "@" + raw[1:].decode(errors="replace")
        return shown or "-"


COMMANDS = (Maps, Files, Mounts, Inodes, Sockets)
