// SPDX-License-Identifier: MIT
/* tests/conform/userns_caps.c - USERNS-27 to 33: capabilities inside.
 *
 * Who has them over which namespace, what execve leaves of them, and what
 * they are not good for. See user_namespaces(7), capabilities(7). */
#include "conform.h"
#include <linux/securebits.h>

#define SELF "/proc/self/exe"

static void plain(int uid)
{
	become_user(uid);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

static void map(long pid, const char *uids, const char *gids)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/uid_map", pid);
	must(write_file(path, uids));
	snprintf(path, sizeof(path), "/proc/%ld/gid_map", pid);
	must(write_file(path, gids));
}

/* USERNS-27, 28 */

/* A member under another id of the namespace's. */
static void other_id(struct peer *up, void *arg)
{
	hear(up);
	must(sys(__NR_setresgid, 3, 3, 3));
	must(sys(__NR_setresuid, 3, 3, 3));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	stay(up, arg);
}

static void killer(struct peer *up, void *arg)
{
	long *row = arg;	/* target, who, want */
	static const char *const who[] = { "owner", "stranger", "with_cap_kill", "root_without" };

	(void)up;
	if (row[1] == 2)
		become_user_with(LIMIT_UID, CAP_BIT(CAP_KILL));
	else if (row[1] == 3)
		caps_set(0, 0);
	else
		plain(row[1] ? LIMIT_UID : PLAIN_UID);
	check_ret(who[row[1]], sys_kill(row[0], 0), row[2]);
}

/* A plain user's namespace, mapped by root so that it has other ids. */
static void users_container(struct peer *up, void *arg)
{
	struct peer member;

	(void)arg;
	plain(PLAIN_UID);
	spawn(&member, CLONE_NEWUSER, other_id, NULL);
	send_long(up, member.pid);
	hear(up);
	tell(&member);
	hear(&member);
	tell(up);
	hear(up);
	check_ret("parent.kill", sys_kill(member.pid, 0), 0);
	check_ret("parent.caps_here", caps_effective(), 0);
	check_ret("parent.setns", sys_setns(ns_open(member.pid, "user"), CLONE_NEWUSER), 0);
	check_true("parent.all_there", caps_effective() == 0x1ffffffffffull);
	end_peer(&member);
}

static void owner_has_all(void)
{
	struct peer user;
	long row[3];

	need_admin();
	spawn(&user, 0, users_container, NULL);
	row[0] = recv_long(&user);
	map(row[0], "0 5000 10", "0 6000 10");
	tell(&user);
	hear(&user);
	for (row[1] = 0; row[1] < 4; row[1]++) {
		row[2] = row[1] == 1 || row[1] == 3 ? -EPERM : 0;
		run_child(0, killer, row);
	}
	tell(&user);
	finish(&user);
}

/* Two levels: the middle's root over the inner one, not over its sibling. */
static void middle_root(struct peer *up, void *arg)
{
	struct peer inner;
	long other = *(long *)arg;

	hear(up);
	must(sys(__NR_setresgid, 0, 0, 0));
	must(sys(__NR_setresuid, 0, 0, 0));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	spawn(&inner, CLONE_NEWUSER, other_id, NULL);
	map(inner.pid, "0 1 9", "0 1 9");
	tell(&inner);
	hear(&inner);
	check_ret("middle.inner", sys_kill(inner.pid, 0), 0);
	check_ret("middle.sibling", sys_kill(other, 0), -EPERM);
	must(sys(__NR_setresuid, 0, 5, 0));
	check_int("middle.no_caps", caps_effective(), 0);
	check_ret("middle.without", sys_kill(inner.pid, 0), -EPERM);
	must(sys(__NR_setresuid, 0, 0, 0));
	send_long(up, inner.pid);
	hear(up);
	end_peer(&inner);
}

static void in_all_descendants(void)
{
	struct peer sibling, middle;
	long row[3], other;

	need_admin();
	spawn(&sibling, CLONE_NEWUSER, other_id, NULL);
	map(sibling.pid, "0 7000 10", "0 7000 10");
	tell(&sibling);
	hear(&sibling);
	other = sibling.pid;
	spawn(&middle, CLONE_NEWUSER, middle_root, &other);
	map(middle.pid, "0 5000 10", "0 6000 10");
	tell(&middle);
	row[0] = recv_long(&middle);
	for (row[1] = 1; row[1] < 4; row[1]++) {
		row[2] = row[1] == 1 ? -EPERM : 0;	/* root is its owner */
		run_child(0, killer, row);
	}
	check_ret("root", sys_kill(row[0], 0), 0);
	tell(&middle);
	finish(&middle);
	end_peer(&sibling);
}

/* USERNS-29 */

static void execs(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain(PLAIN_UID);
	check_int("outside", exec_told(SELF, "--caps"), 0);
	must(sys_unshare(CLONE_NEWUSER));
	check_int("unmapped", exec_told(SELF, "--caps"), 0);
	check_true("still_there", caps_effective() != 0);
	must(write_file("/proc/self/uid_map", "5 1000 1"));
	check_int("mapped_5", exec_told(SELF, "--caps"), 0);
	caps_set(caps_effective(), caps_effective());
	check_ret("ambient", sys(__NR_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0),
		  -EPERM);
}

static void exec_as_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	check_int("root", exec_told(SELF, "--caps"), 1);
	check_int("root.euid", exec_told(SELF, "--euid"), 0);
	must(sys_prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0));
	check_int("noroot", exec_told(SELF, "--caps"), 0);
}

static void exec_drops(void)
{
	need_admin();
	run_child(0, execs, NULL);
	run_child(0, exec_as_root, NULL);
}

/* USERNS-30 */

static void securebits(struct peer *up, void *arg)
{
	int bits = SECBIT_NOROOT | SECBIT_NO_SETUID_FIXUP | SECBIT_KEEP_CAPS |
		   SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE;

	(void)up;
	must(sys_prctl(PR_SET_SECUREBITS, bits, 0));
	check_int("set", sys_prctl(PR_GET_SECUREBITS, 0, 0), bits);
	if (arg)
		check_ret("setns", sys_setns(*(long *)arg, CLONE_NEWUSER), 0);
	else
		check_ret("unshare", sys_unshare(CLONE_NEWUSER), 0);
	check_int("inside", sys_prctl(PR_GET_SECUREBITS, 0, 0), 0);
	check_int("keepcaps", sys_prctl(PR_GET_KEEPCAPS, 0, 0), 0);
	check_ret("unlocked", sys_prctl(PR_SET_SECUREBITS, SECBIT_NOROOT, 0), 0);
}

static void securebits_reset(void)
{
	struct peer target;
	long fd;

	need_admin();
	run_child(0, securebits, NULL);
	spawn(&target, CLONE_NEWUSER, stay, NULL);
	hear(&target);
	fd = ns_open(target.pid, "user");
	run_child(0, securebits, &fd);
	end_peer(&target);
}

/* USERNS-31 */

static long make_node(const char *dir, int mode, int dev)
{
	long rc = sys(__NR_mknod, path_in(dir, "node"), mode, dev);

	sys_unlink(path_in(dir, "node"));
	return rc;
}

static void nodes_in(const char *where, const char *dir)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.null", where);
	check_ret(key, make_node(dir, 0020666, 0x103), -EPERM);
	snprintf(key, sizeof(key), "%s.block", where);
	check_ret(key, make_node(dir, 0060666, 0x700), -EPERM);
	snprintf(key, sizeof(key), "%s.whiteout", where);
	check_ret(key, make_node(dir, 0020000, 0), 0);
	snprintf(key, sizeof(key), "%s.fifo", where);
	check_ret(key, make_node(dir, 0010666, 0), 0);
	snprintf(key, sizeof(key), "%s.socket", where);
	check_ret(key, make_node(dir, 0140666, 0), 0);
	snprintf(key, sizeof(key), "%s.file", where);
	check_ret(key, make_node(dir, 0100666, 0), 0);
}

static void makes_nodes(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	nodes_in("outer", "/tmp/conform/dir");
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("none", "/tmp/conform/dir", "tmpfs", 0, NULL));
	nodes_in("own", "/tmp/conform/dir");
}

/* A device node in a file system of the namespace's does not open. */
static void opens_node(struct peer *up, void *arg)
{
	(void)arg;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("none", "/tmp/conform/dir", "tmpfs", 0, "mode=777"));
	tell(up);
	hear(up);
	check_ret("open", ret0(sys_open("/tmp/conform/dir/null", O_RDWR, 0)), -EACCES);
	check_ret("open_path", ret0(sys_open("/tmp/conform/dir/null", O_PATH, 0)), 0);
}

static void makes_for_it(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_MKNOD) | CAP_BIT(CAP_SYS_PTRACE));
	check_ret("outer_capable_makes", sys(__NR_mknod, arg, 0020666, 0x103), 0);
	must(sys(__NR_chmod, arg, 0666));
	check_ret("outer_capable_opens", ret0(sys_open(arg, O_RDWR, 0)), -EACCES);
}

static void no_devices(void)
{
	struct peer child;
	char path[64];

	need_admin();
	temp_dir();
	must(sys_mkdir("/tmp/conform/dir", 0777));
	must(sys(__NR_chmod, "/tmp/conform/dir", 0777));
	run_child(0, makes_nodes, NULL);
	spawn(&child, 0, opens_node, NULL);
	hear(&child);
	snprintf(path, sizeof(path), "/proc/%d/root/tmp/conform/dir/null", child.pid);
	check_ret("outer_root_makes", sys(__NR_mknod, path, 0020666, 0x103), -EOVERFLOW);
	run_child(0, makes_for_it, path);
	tell(&child);
	finish(&child);
}

/* USERNS-32 */

static void system_calls(struct peer *up, void *arg)
{
	struct __kernel_timespec now = { 1, 0 };
	struct __kernel_old_timeval tv = { 1, 0 };

	(void)up;
	(void)arg;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	check_ret("clock_settime", sys(__NR_clock_settime, 0, &now), -EPERM);
	check_ret("settimeofday", sys(__NR_settimeofday, &tv, NULL), -EPERM);
	check_ret("reboot", sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
				LINUX_REBOOT_CMD_CAD_OFF, NULL), -EPERM);
	check_ret("sethostname", sys_sethostname("x", 1), -EPERM);
	check_ret("priority", sys(__NR_setpriority, 0, 0, -1), -EACCES);
	check_ret("chroot", sys(__NR_chroot, "/"), 0);
	check_ret("mount", sys_mount("none", "/tmp", "tmpfs", 0, NULL), -EPERM);
	check_ret("umount", sys_umount("/tmp", 0), -EPERM);
	check_ret("syslog_clear", sys(__NR_syslog, 5, NULL, 0), -EPERM);
	check_ret("pid_max", ret0(write_file("/proc/sys/kernel/pid_max", "40000")), -EACCES);
}

static void modules(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	if (sys(__NR_init_module, NULL, 0, NULL) == -ENOSYS)
		skip("no modules in this kernel");
	check_ret("init_module", sys(__NR_init_module, NULL, 0, NULL), -EPERM);
	check_ret("delete_module", sys(__NR_delete_module, "x", 0), -EPERM);
}

static void not_for_the_system(void)
{
	need_admin();
	run_child(0, system_calls, NULL);
}

static void no_modules(void)
{
	need_admin();
	run_child(0, modules, NULL);
}

/* USERNS-33 */

static void names(struct peer *up, void *arg)
{
	long outer = *(long *)arg;

	(void)up;
	plain(PLAIN_UID);
	enter_userns(PLAIN_UID);
	check_ret("outer", sys_sethostname("x", 1), -EPERM);
	must(sys_unshare(CLONE_NEWUTS));
	check_ret("own", sys_sethostname("inner", 5), 0);
	check_ret("rejoin_outer", sys_setns(outer, CLONE_NEWUTS), -EPERM);
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("from_below", sys_sethostname("x", 1), -EPERM);
	check_str("kept", node(), "inner");
}

static void name_owners(void)
{
	long fd;

	private_uts("home");
	fd = ns_open(0, "uts");
	run_child(0, names, &fd);
	check_str("home", node(), "home");
}

const struct test_case userns_caps_cases[] = {
	{ "USERNS-27", "the owner has all capabilities over it", owner_has_all, CLONE_NEWUSER, 0 },
	{ "USERNS-28", "a capability holds in all descendants", in_all_descendants,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-29", "execve takes them from who is not root", exec_drops, CLONE_NEWUSER, 0 },
	{ "USERNS-30", "securebits start again", securebits_reset, CLONE_NEWUSER, 0 },
	{ "USERNS-31", "no device nodes", no_devices, CLONE_NEWUSER, 0 },
	{ "USERNS-32", "not for what belongs to the system", not_for_the_system,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-32.modules", "nor for modules", no_modules, CLONE_NEWUSER, 0 },
	{ "USERNS-33", "names of one's own only", name_owners, CLONE_NEWUSER, 0 },
	{ 0 },
};
