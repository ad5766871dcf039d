// SPDX-License-Identifier: MIT
/* tests/fuzz/special_ns.c - control groups, namespaces, mounts, checkpoints.
 *
 * The box's own control group is the root of /sys/fs/cgroup there. checkpoint(2) and
 * restart(2) are the model's own; elsewhere they are ENOSYS, which does no harm. */
#include "fuzz.h"

#define NR_CHECKPOINT 1024
#define NR_RESTART 1025
#define IMAGE "image"

static void write_text(struct fuzz *f, const char *path, const char *text)
{
	long fd = call(f, __NR_open, path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	call(f, __NR_write, fd, text, strlen(text));
	call(f, __NR_close, fd);
}

/* One write to one control file. */
void s_control(struct fuzz *f)
{
	write_text(f, (char *)g_control_file(f), (char *)g_junk(f));
}

/* Groups come and go, tasks move, the right files get values they take. */
void s_group(struct fuzz *f)
{
	static const struct {
		const char *file, *value;
	} settings[] = {
		{ "cgroup.freeze", "1" }, { "cgroup.freeze", "0" }, { "cgroup.freeze", "0" },
		{ "cgroup.kill", "1" }, { "memory.max", "400K" }, { "memory.max", "max" },
		{ "memory.high", "100K" }, { "pids.max", "3" }, { "pids.max", "max" },
		{ "cgroup.subtree_control", "+memory +pids" },
		{ "cgroup.subtree_control", "-memory" }, { "cgroup.subtree_control", "+pids" },
		{ "cgroup.type", "threaded" }, { "cgroup.max.depth", "1" },
		{ "memory.reclaim", "64K" }, { "memory.oom.group", "1" },
	};
	const char *group = (char *)g_group(f);
	char path[TEXT_BYTES], text[32];
	unsigned at = below(f, LENGTH(settings));

	switch (below(f, 5)) {
	case 0:
		call(f, __NR_mkdir, group, 0755);
		break;
	case 1:
		call(f, __NR_rmdir, group);
		break;
	case 2:
		snprintf(path, sizeof(path), "%s/%s", group, settings[at].file);
		write_text(f, path, settings[at].value);
		break;
	default:
		snprintf(path, sizeof(path), "%s/%s", group,
			 chance(f, 4) ? "cgroup.threads" : "cgroup.procs");
		snprintf(text, sizeof(text), "%ld", chance(f, 2) ? 0 : g_pid(f));
		write_text(f, path, text);
	}
}

/* Enter a namespace of some task, or of all its kinds by pidfd. */
void s_join(struct fuzz *f)
{
	static const char *const kinds[] = {"user",   "mnt", "uts", "pid", "pid_for_children",
					    "cgroup", "ipc", "net", "time"};
	char path[TEXT_BYTES];
	long fd;

	if (chance(f, 4)) {
		fd = call(f, __NR_pidfd_open, g_pid(f), 0);
	} else {
		snprintf(path, sizeof(path), "/proc/%u/ns/%s", 1 + below(f, 40), PICK(f, kinds));
		fd = call(f, __NR_open, path, O_RDONLY);
	}
	if (fd < 0)
		return;
	call(f, __NR_setns, fd, chance(f, 2) ? 0 : g_ns_flags(f));
	if (!chance(f, 4))
		call(f, __NR_close, fd);
}

/* A mount that should work: something new, a bind, another propagation, a move. */
void s_mount(struct fuzz *f)
{
	static const char *const places[] = { "m", "n", "d", "m/a", "d/e", "n/d", ".", "/tmp/m" };
	static const unsigned long kinds[] = { MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE };
	const char *at = PICK(f, places), *from = PICK(f, places);

	call(f, __NR_mkdir, at, 0755);
	switch (below(f, 8)) {
	case 0:
		call(f, __NR_mount, "x", at, g_fs_type(f), 0, 0);
		break;
	case 1:
		call(f, __NR_mount, "x", at, "tmpfs", 0, "size=256k");
		break;
	case 2:
		call(f, __NR_mount, from, at, 0, MS_BIND | (chance(f, 2) ? MS_REC : 0), 0);
		break;
	case 3:
		call(f, __NR_mount, 0, at, 0, PICK(f, kinds) | (chance(f, 3) ? MS_REC : 0), 0);
		break;
	case 4:
		call(f, __NR_mount, from, at, 0, MS_MOVE, 0);
		break;
	case 5:
		call(f, __NR_umount2, at, chance(f, 2) ? UMOUNT_DETACH : 0);
		break;
	case 6:
		snprintf(f->text[0], TEXT_BYTES, "/proc/self/ns/%s", chance(f, 2) ? "mnt" : "uts");
		call(f, __NR_mount, f->text[0], g_name(f), 0, MS_BIND, 0);
		break;
	default:
		call(f, __NR_pivot_root, at, chance(f, 2) ? at : from);
	}
}

/* A child that is root in a user namespace of its own. */
void s_userns(struct fuzz *f)
{
	char map[32];

	if (f->depth > 1)
		return;
	if (call(f, __NR_clone, CLONE_NEWUSER | (g_ns_flags(f) & ~0xffl) | SIGCHLD, 0, 0, 0, 0) !=
	    0)
		return;
	write_text(f, "/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", below(f, 2) * 1000);
	write_text(f, "/proc/self/uid_map", map);
	write_text(f, "/proc/self/gid_map", map);
	child_run(f, 0);
}

/* Checkpoint a child that stands still, into a file or a pipe. */
void s_checkpoint(struct fuzz *f)
{
	static const char *const group = "/sys/fs/cgroup/ck";
	char text[32];
	long pid, fd;

	if (f->depth > 1)
		return;
	pid = call(f, __NR_clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		fuzz_some(f, below(f, 12));
		for (;;)
			sys(__NR_pause);
	}
	if (pid < 0)
		return;
	call(f, __NR_mkdir, group, 0755);
	call(f, __NR_sched_yield, 0);
	snprintf(text, sizeof(text), "%ld", pid);
	write_text(f, "/sys/fs/cgroup/ck/cgroup.procs", text);
	write_text(f, "/sys/fs/cgroup/ck/cgroup.freeze", "1");
	nap(1);
	fd = call(f, __NR_open, IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600);
	call(f, NR_CHECKPOINT, chance(f, 8) ? g_pid(f) : pid, chance(f, 8) ? g_fd(f) : fd,
	     chance(f, 8) ? g_number(f) : 1, -1);
	call(f, __NR_close, fd);
	if (chance(f, 2))
		write_text(f, "/sys/fs/cgroup/ck/cgroup.freeze", "0");
	call(f, __NR_kill, pid, SIGKILL);
	call(f, __NR_wait4, pid, 0, 0, 0);
	call(f, __NR_rmdir, group);
}

/* Restart an image that lies there, whole or with some bytes changed. */
void s_restart(struct fuzz *f)
{
	long fd = call(f, __NR_open, IMAGE, O_RDWR), size, pid;

	if (fd < 0)
		return;
	size = call(f, __NR_lseek, fd, 0, 2);
	for (unsigned n = chance(f, 3) ? 0 : 1 + below(f, 4); n > 0 && size > 0; n--) {
		char byte = any(f);
		long at = below(f, size);

		if (chance(f, 2))	/* the messages, between the tar headers, come first */
			at %= 16384;
		call(f, __NR_pwrite64, fd, &byte, 1, at);
	}
	if (chance(f, 12))
		call(f, __NR_ftruncate, fd, below(f, size + 1));
	call(f, __NR_lseek, fd, 0, 0);
	pid = call(f, NR_RESTART, 0, fd, chance(f, 4) ? g_small(f) : 0, -1);
	if (pid > 0) {
		call(f, __NR_kill, pid, SIGKILL);
		call(f, __NR_wait4, pid, 0, 0, 0);
	}
	call(f, __NR_close, fd);
}
