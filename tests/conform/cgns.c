// SPDX-License-Identifier: MIT
/* tests/conform/cgns.c - cgroup namespaces: CGNS-01 to CGNS-12, 14.
 *
 * See cgroup_namespaces(7). */
#include "cgutil.h"

/* The root column of the mount at a place; "" if there is none. */
static const char *root_of_mount(const char *where)
{
	static char text[16384];
	static char root[256];
	char place[256];

	must(read_file("/proc/self/mountinfo", text, sizeof(text)));
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%*d %*d %*s %255s %255s", root, place) == 2 &&
		    strcmp(place, where) == 0)
			return root;
	return "";
}

static void own_root_here(struct peer *up, void *arg)
{
	long child;

	(void)up, (void)arg;
	must(cg_join("a", 0));
	check_str("before", cg_of(0), "/conform/a");
	must(sys_unshare(CLONE_NEWCGROUP));
	check_str("own", cg_of(0), "/");
	must(cg_join("a/b", 0));
	check_str("below", cg_of(0), "/b");
	child = must(spawn_idle(0));
	check_str("child", cg_of(child), "/b");
	end_idle(child);
	must(cg_join("a", 0));
	check_str("back", cg_of(0), "/");
}

static void own_root(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	run_child(0, own_root_here, NULL);
}

static void others_here(struct peer *up, void *arg)
{
	long sibling = recv_long(up), top = recv_long(up), root = recv_long(up);
	long cousin = recv_long(up);

	(void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_str("sibling", cg_of(sibling), "/../sib");
	check_str("parent", cg_of(top), "/..");
	check_str("root", cg_of(root), "/../..");
	check_str("cousin", cg_of(cousin), "/../sib/in");
	check_ret("leave", cg_join("", 0), 0);
	check_str("self_outside", cg_of(0), "/..");
}

static void others(void)
{
	struct peer peer;
	long pids[4];

	cg_begin();
	cg_make("a");
	cg_make("sib");
	cg_make("sib/in");
	pids[0] = cg_idle("sib");
	pids[1] = cg_idle("");
	pids[2] = must(spawn_idle(0));
	pids[3] = cg_idle("sib/in");
	spawn(&peer, 0, others_here, NULL);
	for (size_t i = 0; i < LENGTH(pids); i++)
		send_long(&peer, pids[i]);
	finish(&peer);
	for (size_t i = 0; i < LENGTH(pids); i++)
		end_idle(pids[i]);
}

static void stays_here(struct peer *up, void *arg)
{
	(void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	must(cg_join("b", 0));
	check_str("moved", cg_of(0), "/../b");
	tell(up);
	hear(up);
	check_str("moved_by_other", cg_of(0), "/c");
}

static void root_stays(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	cg_make("a/c");
	cg_make("b");
	spawn(&peer, 0, stays_here, NULL);
	hear(&peer);
	must(cg_join("a/c", peer.pid));
	tell(&peer);
	finish(&peer);
}

/* A child made with CLONE_INTO_CGROUP begins where it is put. */
static void root_of_child(void)
{
	char text[64] = "";
	long pid, pipe[2];
	int fds[2];

	cg_begin();
	cg_make("a");
	must(sys_pipe(fds, 0));
	pipe[0] = fds[0];
	pid = must(cg_clone3("a", CLONE_NEWCGROUP));
	if (pid == 0) {
		const char *path = cg_of(0);

		sys_write(fds[1], path, strlen(path));
		sys_exit(0);
	}
	wait_status(pid);
	must(sys_read(pipe[0], text, sizeof(text) - 1));
	check_str("path", text, "/");
}

static void needs_admin(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	become_user(PLAIN_UID);
	check_ret("unshare", sys_unshare(CLONE_NEWCGROUP), -EPERM);
	check_ret("clone", reap(sys_clone(CLONE_NEWCGROUP | SIGCHLD)), -EPERM);
	check_ret("with_user", sys_unshare(CLONE_NEWUSER | CLONE_NEWCGROUP), 0);
	check_str("root", cg_of(0), "/");
}

static void permission(void)
{
	cg_begin();
	run_child(0, needs_admin, NULL);
}

static void holds_namespace(struct peer *up, void *arg)
{
	(void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	tell(up);
	hear(up);
}

static void enters(struct peer *up, void *arg)
{
	long pid = recv_long(up), fd = ns_open(pid, "cgroup");
	long own = ns_open(sys_getpid(), "cgroup");

	(void)arg;
	check_str("before", cg_of(0), "/");
	check_ret("setns", sys_setns(fd, CLONE_NEWCGROUP), 0);
	check_str("view", cg_of(0), "/../..");
	check_str("others_view", cg_of(pid), "/");
	check_ret("again", sys_setns(fd, 0), 0);
	check_ret("back", sys_setns(own, CLONE_NEWCGROUP), 0);
	check_str("after", cg_of(0), "/");
	check_ret("wrong_type", sys_setns(fd, CLONE_NEWUTS), -EINVAL);
	become_user(PLAIN_UID);
	check_ret("plain_user", sys_setns(fd, CLONE_NEWCGROUP), -EPERM);
}

static void entering(void)
{
	struct peer holder, peer;

	cg_begin();
	cg_make("a");
	spawn(&holder, 0, holds_namespace, NULL);
	hear(&holder);
	spawn(&peer, 0, enters, NULL);
	send_long(&peer, holder.pid);
	finish(&peer);
	check_str("member", cg_of(holder.pid), "/conform/a");
	tell(&holder);
	finish(&holder);
}

static void mounts_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_str("inherited", root_of_mount(CG_MOUNT), "/../..");
	must(sys_mkdir("/tmp/conform/in", 0755));
	check_ret("mount", sys_mount("x", "/tmp/conform/in", "cgroup2", 0, NULL), 0);
	check_str("root", root_of_mount("/tmp/conform/in"), "/");
	check_true("own_files", have_file("/tmp/conform/in/cgroup.events"));
	check_true("child", have_file("/tmp/conform/in/b/cgroup.procs"));
	check_true("not_above", !have_file("/tmp/conform/in/conform"));
	check_ret("mkdir", sys_mkdir("/tmp/conform/in/new", 0755), 0);
	check_ret("join", write_file("/tmp/conform/in/new/cgroup.procs", "0"), 1);
	check_str("path", cg_of(0), "/new");
	must(cg_join("a", 0));
	must(sys_rmdir("/tmp/conform/in/new"));
	check_ret("rmdir.root", sys_rmdir("/tmp/conform/in"), -EBUSY);
	must(sys_umount("/tmp/conform/in", 0));
}

static void mounting(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	run_child(0, mounts_here, NULL);
	check_str("outside", root_of_mount(CG_MOUNT), "/");
}

/* Mounted in a namespace whose root is gone. */
static void mounts_removed(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	must(cg_join("", 0));
	must(cg_remove("a"));
	check_str("path", cg_of(0), "/..");
	check_int("dying", cg_await("", "cgroup.stat", "nr_dying_descendants", 1), 1);
	must(cg_join("/", 0));
}

static void removed_root(void)
{
	cg_begin();
	cg_make("a");
	run_child(0, mounts_removed, NULL);
	check_int("released", cg_await("", "cgroup.stat", "nr_dying_descendants", 0), 0);
}

/* --- CGNS-07: mounts that were there before --- */

static void bind(const char *cg, const char *name)
{
	must(sys_mkdir(path_in("/tmp/conform", name), 0755));
	must(sys_mount(cg_dir(cg), path_in("/tmp/conform", name), NULL, MS_BIND, NULL));
}

static void sees_mounts(struct peer *up, void *arg)
{
	must(cg_join("a/b", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_str("whole", root_of_mount(CG_MOUNT), "/../../..");
	check_str("parent", root_of_mount("/tmp/conform/parent"), "/..");
	check_str("own", root_of_mount("/tmp/conform/own"), "/");
	check_str("child", root_of_mount("/tmp/conform/child"), "/c");
	check_str("cousin", root_of_mount("/tmp/conform/cousin"), "/../../z");
	must(cg_join("z", 0));
	check_str("moved.own", root_of_mount("/tmp/conform/own"), "/");
	if (arg)
		return;
	must(sys_unshare(CLONE_NEWCGROUP));
	check_str("next.own", root_of_mount("/tmp/conform/own"), "/../a/b");
	check_str("next.cousin", root_of_mount("/tmp/conform/cousin"), "/");
	must(cg_join("a/b/c", 0));
	run_child(0, sees_mounts, up);
	must(cg_join("/", 0));
}

static void mounts_from_before(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/b/c");
	cg_make("z");
	bind("a", "parent");
	bind("a/b", "own");
	bind("a/b/c", "child");
	bind("z", "cousin");
	run_child(0, sees_mounts, NULL);
	check_str("outside", root_of_mount("/tmp/conform/child"), "/conform/a/b/c");
}

/* A mount of a directory that was removed, and then those above it. */
static void removed_mount(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	bind("a/b", "own");
	must(cg_remove("a/b"));
	check_str("removed", root_of_mount("/tmp/conform/own"), "/conform/a/b");
	must(cg_remove("a"));
	check_str("parent_gone", root_of_mount("/tmp/conform/own"), "/conform/a/b");
	cg_make("a");
	check_str("same_name", root_of_mount("/tmp/conform/own"), "/conform/a/b");
	must(sys_umount("/tmp/conform/own", 0));
	check_int("released", cg_await("", "cgroup.stat", "nr_dying_descendants", 0), 0);
}

/* --- CGNS-14: the root is removed --- */

static void goes_at_once(struct peer *up, void *arg)
{
	(void)up, (void)arg;
}

static void looks_from_removed(struct peer *up, void *arg)
{
	struct peer dead;

	(void)up, (void)arg;
	must(cg_join("a/b", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	spawn(&dead, 0, goes_at_once, NULL);
	while (cg_state(dead.pid) != 'Z')
		nap(1);
	must(cg_join("z", 0));
	must(cg_remove("a/b"));
	check_str("own", cg_of(0), "/../../z");
	check_str("of_root", cg_of(dead.pid), "/ (deleted)");
	must(cg_remove("a"));
	check_str("own.parent_gone", cg_of(0), "/../../z");
	check_str("of_root.parent_gone", cg_of(dead.pid), "/ (deleted)");
	cg_make("a");
	cg_make("a/b");
	must(cg_join("a/b", 0));
	check_str("same_name", cg_of(0), "/../../a/b");
	check_ret("mkdir", cg_try("a/b/c"), 0);
	must(cg_join("/", 0));
	finish(&dead);
}

static void views_from_removed(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("z");
	run_child(0, looks_from_removed, NULL);
	check_int("released", cg_await("", "cgroup.stat", "nr_dying_descendants", 0), 0);
}

/* A user's own namespaces: cgroup2 may be mounted where both are its own. */
static void mounts_as_user(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("outer_cgroup_ns", sys_mount("x", "/tmp", "cgroup2", 0, NULL), -EPERM);
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("own_cgroup_ns", sys_mount("x", "/tmp", "cgroup2", 0, NULL), 0);
	check_ret("mkdir", sys_mkdir("/tmp/mine", 0755), -EACCES);
	check_true("files", have_file("/tmp/cgroup.events"));
}

static void user_mount(void)
{
	need_ns(CLONE_NEWUSER);
	need_ns(CLONE_NEWNS);
	cg_begin();
	cg_make("a");
	run_child(0, mounts_as_user, NULL);
}

static void readers_view(struct peer *up, void *arg)
{
	long outside = recv_long(up);

	(void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	tell(up);
	check_str("inside.other", cg_of(outside), "/../b");
	check_str("inside.self", cg_of(0), "/");
	hear(up);
}

static void readers(void)
{
	struct peer peer;
	long other;

	cg_begin();
	cg_make("a");
	cg_make("b");
	other = cg_idle("b");
	spawn(&peer, 0, readers_view, NULL);
	send_long(&peer, other);
	hear(&peer);
	check_str("outside.other", cg_of(peer.pid), "/conform/a");
	check_str("outside.self", cg_of(0), "/");
	tell(&peer);
	finish(&peer);
	end_idle(other);
}

/* --- nsdelegate --- */

static void delegate_begin(void)
{
	cg_begin();
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, "nsdelegate"));
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	cg_make("sib");
}

static void delegate_end(void)
{
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, NULL));
}

static void writes_inside(struct peer *up, void *arg)
{
	long early = must(cg_open("a", "cgroup.max.depth", O_WRONLY));

	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("core", cg_write("a", "cgroup.max.depth", "5"), -EPERM);
	check_ret("freeze", cg_write("a", "cgroup.freeze", "0"), -EPERM);
	check_ret("controller", cg_write("a", "pids.max", "5"), -EPERM);
	check_ret("type", cg_write("a", "cgroup.type", "junk"), -EPERM);
	check_ret("nothing", cg_write("a", "pids.max", ""), 0);
	check_ret("procs", cg_join("a", 0), 0);
	check_ret("control", cg_write("a", "cgroup.subtree_control", "+pids"), 0);
	check_ret("control.off", cg_write("a", "cgroup.subtree_control", "-pids"), 0);
	check_ret("below", cg_write("a/b", "cgroup.max.depth", "5"), 0);
	check_ret("above", cg_write("", "cgroup.max.depth", "50"), 0);
	check_ret("opened_before", sys_write(early, "6", 1), 1);
}

static void root_writes(void)
{
	delegate_begin();
	run_child(0, writes_inside, NULL);
	must(cg_write("a", "cgroup.max.depth", "7"));
	delegate_end();
	check_cg("from_outside", "a", "cgroup.max.depth", "7\n");
}

static void without_option(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("core", cg_write("a", "cgroup.max.depth", "5"), 0);
	check_ret("leave", cg_join("sib", 0), 0);
}

static void not_delegated(void)
{
	cg_begin();
	cg_make("a");
	cg_make("sib");
	run_child(0, without_option, NULL);
}

static void moves_inside(struct peer *up, void *arg)
{
	long other = recv_long(up);

	(void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("out", cg_join("sib", 0), -ENOENT);
	check_ret("out.up", cg_join("", 0), -ENOENT);
	check_ret("in.other", cg_join("a", other), -ENOENT);
	check_ret("within", cg_join("a/b", 0), 0);
	check_ret("within.back", cg_join("a", 0), 0);
	check_ret("clone_out", reap(cg_clone3("sib", 0)), -ENOENT);
	check_ret("clone_in", reap(cg_clone3("a/b", 0)), 0);
	tell(up);
	hear(up);
	check_ret("moved_out.self", cg_join("a", 0), -ENOENT);
}

static void containment(void)
{
	struct peer peer;
	long other;

	delegate_begin();
	other = cg_idle("sib");
	spawn(&peer, 0, moves_inside, NULL);
	send_long(&peer, other);
	hear(&peer);
	check_ret("from_outside", cg_join("sib", peer.pid), 0);
	tell(&peer);
	finish(&peer);
	delegate_end();
	end_idle(other);
}

static void sets_inside(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	must(sys_mkdir("/tmp/conform/in", 0755));
	check_ret("mount", sys_mount("x", "/tmp/conform/in", "cgroup2", 0, "nsdelegate"), 0);
	check_ret("unknown", sys_mount("x", "/tmp/conform/in", "cgroup2", 0, "x"), -EINVAL);
	check_ret("still_free", cg_write("a", "cgroup.max.depth", "5"), 0);
	must(sys_umount("/tmp/conform/in", 0));
	must(cg_join("/", 0));
}

static void ignored_inside(void)
{
	cg_begin();
	cg_make("a");
	run_child(0, sets_inside, NULL);
}

static void opened_outside(struct peer *up, void *arg)
{
	long procs = must(cg_open("sib", "cgroup.procs", O_WRONLY));
	long max = must(cg_open("a", "pids.max", O_WRONLY));

	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("opened_outside.max", sys_write(max, "9", 1), 1);
	check_ret("opened_inside.max", cg_write("a", "pids.max", "9"), -EPERM);
	check_ret("opened_outside.procs", sys_write(procs, "0", 1), 1);
	check_str("moved", cg_of(0), "/../sib");
}

static void opened_inside(struct peer *up, void *arg)
{
	long own = ns_open(sys_getpid(), "cgroup"), fd;

	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	fd = must(cg_open("sib", "cgroup.procs", O_WRONLY));
	must(sys_setns(own, CLONE_NEWCGROUP));
	check_ret("opened_inside.procs", sys_write(fd, "0", 1), -ENOENT);
	check_ret("opened_again.procs", cg_join("sib", 0), 0);
}

static void judged_at_open(void)
{
	delegate_begin();
	run_child(0, opened_outside, NULL);
	run_child(0, opened_inside, NULL);
	delegate_end();
}

#define NS CLONE_NEWCGROUP
const struct test_case cgns_cases[] = {
	{ "CGNS-01", "the root is where the maker was", own_root, NS, 0 },
	{ "CGNS-01.clone", "a child put elsewhere begins there", root_of_child, NS, 0 },
	{ "CGNS-02", "what is outside is shown by the way up", others, NS, 0 },
	{ "CGNS-03", "the root stays when the maker goes", root_stays, NS, 0 },
	{ "CGNS-04", "making one needs CAP_SYS_ADMIN", permission, NS, 0 },
	{ "CGNS-05", "entering one changes the view only", entering, NS, 0 },
	{ "CGNS-06", "cgroup2 mounted inside begins at the root", mounting, NS, 0 },
	{ "CGNS-06.user", "by a user in namespaces of its own", user_mount, NS, 0 },
	{ "CGNS-06.removed", "a removed root is kept by the namespace", removed_root, NS, 0 },
	{ "CGNS-07", "mounts from before are shown by the way from the root", mounts_from_before,
	  NS, 0 },
	{ "CGNS-07.removed", "the mount of a directory that is gone", removed_mount, NS, 0 },
	{ "CGNS-08", "the reader's namespace decides", readers, NS, 0 },
	{ "CGNS-09", "nsdelegate: the root's limits are not ours", root_writes, NS, 0 },
	{ "CGNS-09.off", "without it they are", not_delegated, NS, 0 },
	{ "CGNS-10", "nsdelegate: nobody moves across", containment, NS, 0 },
	{ "CGNS-11", "options from inside are ignored", ignored_inside, NS, 0 },
	{ "CGNS-12", "the opener's namespace is judged", judged_at_open, NS, 0 },
	{ "CGNS-14", "paths are shown from a removed root", views_from_removed, NS, 0 },
	{ 0 },
};
