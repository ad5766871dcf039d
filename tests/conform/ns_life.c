// SPDX-License-Identifier: MIT
/* tests/conform/ns_life.c - NS-06, 07, 08, 44: what keeps a namespace alive.
 *
 * A member, an open file, a bind mount; and nothing else. That one is gone is
 * seen by the limit: LIMIT_UID may have two, so a third works only when one of
 * the two was freed. See namespaces(7), "Namespace lifetime". */
#include "conform.h"

#define REPEAT 100
#define FREE_TRIES 200		/* a kernel may free a moment later */

/* A member that has set its name and waits. */
static void named_member(struct peer *up, void *arg)
{
	set_node(arg);
	tell(up);
	hear(up);
}

static void start_member(struct peer *peer, const char *name)
{
	spawn(peer, CLONE_NEWUTS, named_member, (void *)name);
	hear(peer);
}

/* NS-06 */

static void bind_keeps(void)
{
	struct peer child;
	struct stat st;
	unsigned long id;
	const char *dir;
	long fd;

	private_uts("home");
	dir = temp_dir();
	make_file(path_in(dir, "bound"));
	start_member(&child, "bound.name");
	id = ns_id(child.pid, "uts");
	must(sys_mount(ns_path(child.pid, "uts"), path_in(dir, "bound"), NULL, MS_BIND, NULL));
	end_peer(&child);
	cr_point();
	must(sys_stat(path_in(dir, "bound"), &st));
	check_true("same_inode", st.st_ino == id);
	fd = must(sys_open(path_in(dir, "bound"), O_RDONLY, 0));
	check_ret("setns", sys_setns(fd, CLONE_NEWUTS), 0);
	check_str("nodename", node(), "bound.name");
	check_true("own_inode", ns_own("uts") == id);
	check_ret("umount", sys_umount(path_in(dir, "bound"), 0), -EBUSY);
	sys_close(fd);
	check_ret("umount_closed", sys_umount(path_in(dir, "bound"), 0), 0);
	must(sys_stat(path_in(dir, "bound"), &st));
	check_true("plain_file_again", st.st_ino != id);
	check_str("still_inside", node(), "bound.name");
}

/* Edges of the bind mount itself. */
static void bind_edges(void)
{
	const char *dir;
	long fd;
	char path[64];
	struct stat st;

	private_uts("home");
	dir = temp_dir();
	make_file(path_in(dir, "a"));
	make_file(path_in(dir, "b"));
	must(sys_mkdir(path_in(dir, "c"), 0700));
	check_ret("on_directory", sys_mount("/proc/self/ns/uts", path_in(dir, "c"), NULL,
					    MS_BIND, NULL), -ENOTDIR);
	check_ret("on_missing", sys_mount("/proc/self/ns/uts", path_in(dir, "none"), NULL,
					  MS_BIND, NULL), -ENOENT);
	fd = ns_open(0, "uts");
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	check_ret("by_fd", sys_mount(path, path_in(dir, "a"), NULL, MS_BIND, NULL), 0);
	check_ret("bind_of_bind", sys_mount(path_in(dir, "a"), path_in(dir, "b"), NULL,
					    MS_BIND, NULL), 0);
	must(sys_umount(path_in(dir, "a"), UMOUNT_DETACH));
	must(sys_stat(path_in(dir, "b"), &st));
	check_true("second_stays", st.st_ino == ns_own("uts"));
	check_ret("twice", sys_mount(path, path_in(dir, "b"), NULL, MS_BIND, NULL), 0);
	check_ret("umount", sys_umount(path_in(dir, "b"), 0), 0);
	check_ret("umount_below", sys_umount(path_in(dir, "b"), 0), 0);
	check_ret("umount_none", sys_umount(path_in(dir, "b"), 0), -EINVAL);
}

/* NS-07 */

static void fd_keeps(void)
{
	const char *name = ns_kind(case_kind())->name;
	unsigned long id;
	struct stat st;
	long pid, fd;

	need_admin();
	pid = must(spawn_idle(case_kind()));
	fd = ns_open(pid, name);
	id = ns_id(pid, name);
	end_idle(pid);
	cr_point();
	must(sys_fstat(fd, &st));
	check_true("same_inode", st.st_ino == id);
	check_int("type", sys_ioctl(fd, NS_GET_NSTYPE, 0), case_kind());
	check_ret("path_is_gone", sys_stat(ns_path(pid, name), &st), -ENOENT);
}

static void fd_enters(void)
{
	struct peer child;
	long fd, copy;

	private_uts("home");
	start_member(&child, "left.behind");
	fd = ns_open(child.pid, "uts");
	end_peer(&child);
	copy = must(sys(__NR_dup, fd));
	sys_close(fd);
	check_ret("setns", sys_setns(copy, CLONE_NEWUTS), 0);
	check_str("nodename", node(), "left.behind");
	check_str("domainname", domain(), "home");
	set_node("again");
	check_str("renamed", node(), "again");
}

/* A file that came by fork keeps it as well, after the opener closed. */
static void hold_copy(struct peer *up, void *arg)
{
	tell(up);
	hear(up);
	check_ret("setns", sys_setns(*(long *)arg, 0), 0);
	check_str("nodename", node(), "left.behind");
}

static void fd_by_fork(void)
{
	struct peer member, holder;
	long fd;

	private_uts("home");
	start_member(&member, "left.behind");
	fd = ns_open(member.pid, "uts");
	spawn(&holder, 0, hold_copy, &fd);
	hear(&holder);
	sys_close(fd);
	end_peer(&member);
	tell(&holder);
	finish(&holder);
}

/* NS-08, NS-44 */

/* Become the one who may have `limit` namespaces and has none. */
static void limited(int limit)
{
	private_uts("home");
	limit_set(CLONE_NEWUTS, limit);
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SYS_ADMIN) | CAP_BIT(CAP_SYS_PTRACE));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

/* Can one more be made? The try itself leaves nothing. */
static long one_more(void)
{
	return reap(sys_clone(CLONE_NEWUTS | SIGCHLD));
}

/* The same, waiting a moment for one to be freed. */
static long one_more_soon(void)
{
	long rc = one_more();

	for (int i = 0; rc == -ENOSPC && i < FREE_TRIES; i++) {
		nap(5);
		rc = one_more();
	}
	return rc;
}

static void member_holds(void)
{
	long a, b;

	limited(2);
	a = must(spawn_idle(CLONE_NEWUTS));
	b = must(spawn_idle(CLONE_NEWUTS));
	check_ret("two_members", one_more(), -ENOSPC);
	end_idle(a);
	check_ret("one_member", one_more_soon(), 0);
	check_ret("again", one_more_soon(), 0);
	end_idle(b);
	check_ret("none", one_more_soon(), 0);
}

static void open_file_holds(void)
{
	long pid, fd, copy;

	limited(1);
	pid = must(spawn_idle(CLONE_NEWUTS));
	fd = ns_open(pid, "uts");
	end_idle(pid);
	check_ret("open_file", one_more(), -ENOSPC);
	copy = must(sys(__NR_dup, fd));
	sys_close(fd);
	check_ret("copy", one_more(), -ENOSPC);
	sys_close(copy);
	check_ret("closed", one_more_soon(), 0);
}

static void path_file_holds(void)
{
	long pid, fd;

	limited(1);
	pid = must(spawn_idle(CLONE_NEWUTS));
	fd = must(sys_open(ns_path(pid, "uts"), O_PATH, 0));
	end_idle(pid);
	check_ret("path_file", one_more(), -ENOSPC);
	sys_close(fd);
	check_ret("closed", one_more_soon(), 0);
}

/* What does not hold it: a pidfd, its directory in /proc, an earlier stat. */
static void others_do_not(void)
{
	char path[64];
	struct stat st;
	long pid;

	limited(1);
	pid = must(spawn_idle(CLONE_NEWUTS));
	snprintf(path, sizeof(path), "/proc/%ld/ns", pid);
	must(sys_open(path, O_PATH | O_DIRECTORY, 0));
	must(sys_open(ns_path(pid, "uts"), O_PATH | O_NOFOLLOW, 0));
	must(sys_pidfd_open(pid));
	must(sys_stat(ns_path(pid, "uts"), &st));
	check_ret("member", one_more(), -ENOSPC);
	end_idle(pid);
	check_ret("only_these_left", one_more_soon(), 0);
}

/* A zombie has left its namespaces. */
static void zombie_does_not(void)
{
	struct stat st;
	long pid;

	limited(1);
	pid = must(spawn_idle(CLONE_NEWUTS));
	must(sys_kill(pid, SIGKILL));
	must(sys(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("zombie", one_more_soon(), 0);
	check_ret("zombie.stat", sys_stat(ns_path(pid, "uts"), &st), -ENOENT);
	wait_status(pid);
}

static void mount_holds(void)
{
	const char *dir = NULL;
	long pid;

	need_admin();
	dir = temp_dir();
	make_file(path_in(dir, "bound"));
	limited(1);
	pid = must(spawn_idle(CLONE_NEWUTS));
	must(sys_mount(ns_path(pid, "uts"), path_in(dir, "bound"), NULL, MS_BIND, NULL));
	end_idle(pid);
	check_ret("bound", one_more(), -ENOSPC);
	must(sys_umount(path_in(dir, "bound"), 0));
	check_ret("unmounted", one_more_soon(), 0);
}

/* Become the one who may have `limit` of another kind. */
static void limited_kind(unsigned long kind, int limit)
{
	need_admin();
	limit_set(kind, limit);
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SYS_ADMIN) | CAP_BIT(CAP_SYS_PTRACE));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

static long more_of(unsigned long kind)
{
	long rc = reap(sys_clone(kind | SIGCHLD));

	for (int i = 0; rc == -ENOSPC && i < FREE_TRIES; i++) {
		nap(5);
		rc = reap(sys_clone(kind | SIGCHLD));
	}
	return rc;
}

/* A pid namespace for children to come, without any yet. */
static void hold_for_children(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_unshare(CLONE_NEWPID));
	tell(up);
	hear(up);
	must(sys_setns(ns_open(0, "pid"), CLONE_NEWPID));
	tell(up);
	hear(up);
}

static void for_children_holds(void)
{
	struct peer holder;

	limited_kind(CLONE_NEWPID, 1);
	spawn(&holder, 0, hold_for_children, NULL);
	hear(&holder);
	check_ret("for_children", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), -ENOSPC);
	tell(&holder);
	hear(&holder);
	check_ret("given_back", more_of(CLONE_NEWPID), 0);
	tell(&holder);
	finish(&holder);
}

/* What a user namespace owns holds it. */
static void owned_holds_user(void)
{
	long pid, fd;

	limited_kind(CLONE_NEWUSER, 1);
	pid = must(spawn_idle(CLONE_NEWUSER | CLONE_NEWUTS));
	fd = ns_open(pid, "uts");
	end_idle(pid);
	check_ret("owned", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), -ENOSPC);
	sys_close(fd);
	check_ret("closed", more_of(CLONE_NEWUSER), 0);
}

/* A child namespace holds its parent: two charges of one open file. */
static void inner_pid(struct peer *up, void *arg)
{
	(void)arg;
	send_long(up, must(spawn_idle(case_kind())));
	hear(up);
}

static void child_holds_parent(void)
{
	struct peer outer;
	long fd;

	limited_kind(case_kind(), 2);
	spawn(&outer, case_kind(), inner_pid, NULL);
	recv_long(&outer);
	fd = ns_open(first_child(outer.pid), ns_kind(case_kind())->name);
	must(sys_kill(outer.pid, SIGKILL));
	wait_status(outer.pid);
	check_ret("child_open", reap(sys_clone(case_kind() | SIGCHLD)), -ENOSPC);
	sys_close(fd);
	check_ret("closed", more_of(case_kind()), 0);
	check_ret("closed.again", more_of(case_kind()), 0);
}

static void setns_leaves(void)
{
	long home;

	limited(1);
	home = ns_open(0, "uts");
	must(sys_unshare(CLONE_NEWUTS));
	check_ret("member", one_more(), -ENOSPC);
	must(sys_setns(home, CLONE_NEWUTS));
	check_ret("left", one_more_soon(), 0);
	check_str("nodename", node(), "home");
}

/* Unsharing gives the old one up and takes a new one: one is enough only if
 * the old is not the caller's charge any more when the new one is made. */
static void unshare_again(void)
{
	limited(1);
	check_ret("first", sys_unshare(CLONE_NEWUTS), 0);
	check_ret("second", sys_unshare(CLONE_NEWUTS), -ENOSPC);
	check_str("nodename", node(), "home");
}

/* NS-44: the charge stays with the namespace, not with its creator. */
static void creator(struct peer *up, void *arg)
{
	(void)arg;
	send_long(up, must(spawn_idle(CLONE_NEWUTS)));
}

static void creator_exits(void)
{
	struct peer child;
	long pid;

	limited(1);
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	spawn(&child, 0, creator, NULL);
	pid = recv_long(&child);
	finish(&child);
	check_ret("creator_gone", one_more(), -ENOSPC);
	end_idle(pid);
	check_ret("member_gone", one_more_soon(), 0);
}

static void no_leak(void)
{
	int refused = 0;

	limited(2);
	for (int i = 0; i < REPEAT; i++)
		refused += one_more_soon() != 0;
	check_int("refused", refused, 0);
}

const struct test_case ns_life_cases[] = {
	{ "NS-06", "a bind mount keeps a namespace alive", bind_keeps, 0, 0 },
	{ "NS-06.edges", "where its file can be bound", bind_edges, 0, 0 },
	{ "NS-07", "an open file keeps it alive for setns", fd_enters, 0, 0 },
	{ "NS-07.fork", "so does a file inherited by fork", fd_by_fork, 0, 0 },
	EACH_KIND("NS-07", "an open file outlives the last member", fd_keeps),
	{ "NS-08", "freed with its last member", member_holds, CLONE_NEWUTS, 0 },
	{ "NS-08.file", "held by an open file", open_file_holds, CLONE_NEWUTS, 0 },
	{ "NS-08.path", "held by an O_PATH file", path_file_holds, CLONE_NEWUTS, 0 },
	{ "NS-08.others", "not held by pidfd, directory or stat", others_do_not,
	  CLONE_NEWUTS, 0 },
	{ "NS-08.zombie", "not held by a zombie", zombie_does_not, CLONE_NEWUTS, 0 },
	{ "NS-08.mount", "held by a bind mount", mount_holds, CLONE_NEWUTS, 0 },
	{ "NS-08.for_children", "held for children to come", for_children_holds, CLONE_NEWPID, 0 },
	{ "NS-08.owned", "a user namespace is held by what it owns", owned_holds_user,
	  CLONE_NEWUSER, 0 },
	{ "NS-08.child", "a parent is held by its child", child_holds_parent, CLONE_NEWPID, 0 },
	{ "NS-08.setns", "given up by setns", setns_leaves, CLONE_NEWUTS, 0 },
	{ "NS-08.unshare", "unshare needs room for both", unshare_again, CLONE_NEWUTS, 0 },
	{ "NS-44", "the charge ends with the namespace, not its creator",
	  creator_exits, CLONE_NEWUTS, 0 },
	{ "NS-44.repeat", "a hundred in turn leave no charge", no_leak, CLONE_NEWUTS, 0 },
	{ 0 },
};
