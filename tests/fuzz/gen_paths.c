// SPDX-License-Identifier: MIT
/* tests/fuzz/gen_paths.c - names of files: the box's, /proc, /dev, control files, odd ones. */
#include "fuzz.h"

static const char *const parts[] = {
	"a", "b", "c", "d", "e", "d/a", "d/e", "d/e/f", "lnk", "dlnk", "fifo", "sock", "m", "m/a",
	"n", "n/d", ".", "..", "d/..", "loop", "script", "x",
};
static const char *const proc_files[] = {
	"attr", "auxv", "cgroup", "children", "clear_refs", "cmdline", "comm", "coredump_filter",
	"cwd", "cwd/a", "environ", "exe", "fd", "fd/0", "fd/3", "fd/5", "fd/9", "fdinfo",
	"fdinfo/4", "fdinfo/7", "gid_map", "io", "limits", "loginuid", "map_files", "maps", "mem",
	"mountinfo", "mounts", "mountstats", "ns", "ns/cgroup", "ns/mnt", "ns/pid",
	"ns/pid_for_children", "ns/user", "ns/uts", "ns/ipc", "ns/net", "ns/time",
	"ns/time_for_children", "numa_maps", "oom_score", "oom_score_adj", "pagemap",
	"personality", "plimsoll/why", "projid_map", "root", "root/proc", "sched", "schedstat",
	"setgroups", "smaps", "smaps_rollup", "stat", "statm", "status", "syscall", "task",
	"timens_offsets", "timers", "timerslack_ns", "uid_map", "wchan", "net", "net/unix",
};
static const char *const global_files[] = {
	"cgroups", "cmdline", "consoles", "cpuinfo", "devices", "filesystems", "interrupts",
	"kallsyms", "loadavg", "locks", "meminfo", "mounts", "net/unix", "slabinfo", "stat",
	"swaps", "uptime", "version", "vmstat", "self", "thread-self", "sysvipc/shm", "tty/drivers",
};
static const char *const knobs[] = {
	"kernel/hostname", "kernel/domainname", "kernel/ns_last_pid", "kernel/pid_max",
	"kernel/threads-max", "kernel/pty/max", "kernel/pty/nr", "kernel/random/uuid",
	"kernel/cap_last_cap", "user/max_user_namespaces", "user/max_pid_namespaces",
	"user/max_mnt_namespaces", "user/max_uts_namespaces", "user/max_cgroup_namespaces",
	"fs/file-nr", "fs/pipe-max-size", "fs/mount-max", "fs/inotify/max_user_watches",
	"fs/pipe-user-pages-soft", "fs/nr_open", "vm/drop_caches", "vm/overcommit_memory",
	"net/unix/max_dgram_qlen", "net/core/somaxconn", "kernel/unprivileged_userns_clone",
};
static const char *const groups[] = { "", "", "x/", "y/", "x/z/", "leaf/", "x/../y/" };
static const char *const control_files[] = {
	"cgroup.procs", "cgroup.procs", "cgroup.threads", "cgroup.controllers",
	"cgroup.subtree_control", "cgroup.events", "cgroup.stat", "cgroup.type", "cgroup.kill",
	"cgroup.freeze", "cgroup.max.depth", "cgroup.max.descendants", "cpu.stat", "memory.current",
	"memory.max", "memory.high", "memory.low", "memory.min", "memory.peak", "memory.stat",
	"memory.events", "memory.events.local", "memory.oom.group", "memory.reclaim",
	"memory.numa_stat", "pids.max", "pids.current", "pids.events", "pids.peak", "cpu.weight",
	"cpu.max", "cpuset.cpus", "cpuset.mems", "io.max", "cgroup.pressure",
};
static const char *const devices[] = {
	"null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts/ptmx", "pts/0", "pts/1",
	"pts/2", "pts", "",
};

/* Room for one more text of this call. */
char *text_next(struct fuzz *f)
{
	return f->text[f->next_text++ % TEXTS];
}

/* A name in the box's own tree. */
long g_name(struct fuzz *f)
{
	char *text = text_next(f);

	if (chance(f, 4))
		snprintf(text, TEXT_BYTES, "%s%s/%s", chance(f, 3) ? "/tmp/" : "", PICK(f, parts),
			 PICK(f, parts));
	else
		snprintf(text, TEXT_BYTES, "%s%s", chance(f, 6) ? "/tmp/" : "", PICK(f, parts));
	return (long)text;
}

long g_proc_file(struct fuzz *f)
{
	char *text = text_next(f);

	switch (below(f, 8)) {
	case 0:
		snprintf(text, TEXT_BYTES, "/proc/%s", PICK(f, global_files));
		break;
	case 1:
		snprintf(text, TEXT_BYTES, "/proc/sys/%s", PICK(f, knobs));
		break;
	case 2:
	case 3:
		snprintf(text, TEXT_BYTES, "/proc/%u/%s", 1 + below(f, 40), PICK(f, proc_files));
		break;
	case 4:
		snprintf(text, TEXT_BYTES, "/proc/self/task/%ld/%s", sys_gettid(),
			 PICK(f, proc_files));
		break;
	default:
		snprintf(text, TEXT_BYTES, "/proc/self/%s", PICK(f, proc_files));
	}
	return (long)text;
}

long g_control_file(struct fuzz *f)
{
	char *text = text_next(f);

	snprintf(text, TEXT_BYTES, "/sys/fs/cgroup/%s%s", PICK(f, groups), PICK(f, control_files));
	return (long)text;
}

long g_group(struct fuzz *f)
{
	char *text = text_next(f);

	snprintf(text, TEXT_BYTES, "/sys/fs/cgroup/%s", PICK(f, groups));
	return (long)text;
}

long g_device(struct fuzz *f)
{
	char *text = text_next(f);

	snprintf(text, TEXT_BYTES, "/dev/%s", PICK(f, devices));
	return (long)text;
}

/* No name at all, or hardly one. */
static long odd_path(struct fuzz *f)
{
	char *text = text_next(f);

	switch (below(f, 5)) {
	case 0:
		return (long)"";
	case 1:
		memset(text, 'n', TEXT_BYTES - 1);
		text[TEXT_BYTES - 1] = 0;
		return (long)text;
	case 2:
		return g_wild(f);
	case 3:
		return (long)"/";
	default:
		for (unsigned i = 0; i < TEXT_BYTES; i++)
			text[i] = "./"[i % 2];
		text[TEXT_BYTES - 1] = 0;
		return (long)text;
	}
}

long g_path(struct fuzz *f)
{
	switch (below(f, 20)) {
	case 0:
	case 1:
	case 2:
		return g_proc_file(f);
	case 3:
		return g_control_file(f);
	case 4:
		return g_device(f);
	case 5:
		return chance(f, 4) ? odd_path(f) : g_group(f);
	default:
		return g_name(f);
	}
}

/* What is written into /proc and control files. */
long g_junk(struct fuzz *f)
{
	static const char *const words[] = {
		"0", "1", "-1", "max", "", "\n", "0\n", "1\n", "2", "10", "4096", "100000", "1M",
		"64K", "max 100000", "50000 100000", "threaded", "domain", "+memory", "+pids",
		"-memory", "-pids", "+memory +pids", "+cpu", "deny", "allow", "0 0 1", "0 0 65536",
		"0 1000 1", "1000 0 1", "0 0 1\n1 1 1\n", "9223372036854775807", "0x10",
		"18446744073709551616", "monotonic 1 0", "name", "a b c d e f", "swap max",
	};
	char *text = text_next(f);

	switch (below(f, 6)) {
	case 0:
		snprintf(text, TEXT_BYTES, "%ld", g_pid(f));
		break;
	case 1:
		snprintf(text, TEXT_BYTES, "%ld", g_number(f));
		break;
	case 2:
		memset(text, 'y', TEXT_BYTES - 1);
		text[TEXT_BYTES - 1] = 0;
		text[below(f, TEXT_BYTES)] = 0;
		break;
	default:
		snprintf(text, TEXT_BYTES, "%s", PICK(f, words));
	}
	return (long)text;
}

long g_fs_type(struct fuzz *f)
{
	static const char *const types[] = { "tmpfs", "tmpfs", "ramfs", "proc", "sysfs", "devpts",
					     "cgroup2", "cgroup", "mqueue", "overlay",
					     "nosuch", "", "nsfs", "pipefs" };

	return (long)PICK(f, types);
}

long g_mount_data(struct fuzz *f)
{
	static const char *const data[] = {"",
					   "size=1m",
					   "size=0",
					   "size=4k,nr_inodes=3",
					   "mode=0700",
					   "hidepid=2",
					   "gid=5",
					   "newinstance",
					   "ptmxmode=0666",
					   "nsdelegate",
					   "bogus",
					   "uid=1000,gid=1000",
					   "size=50%",
					   "memory_recursiveprot",
					   "subset=pid",
					   "max=2"};

	return chance(f, 2) ? 0 : (long)PICK(f, data);
}

long g_xattr_name(struct fuzz *f)
{
	static const char *const names[] = { "user.a", "user.b", "trusted.x", "security.x", "user.",
					     "bogus", "system.posix_acl_access", "",
					     "security.capability" };

	return (long)PICK(f, names);
}
