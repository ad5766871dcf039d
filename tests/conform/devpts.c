// SPDX-License-Identifier: MIT
/* tests/conform/devpts.c - DEVPTS-01 to 09: instances of devpts.
 *
 * Every mount has its own pairs, numbered from 0, its own ptmx and options.
 * See pts(4), ioctl_tty(2), Documentation/filesystems/devpts.rst. */
#include "conform.h"
#include <linux/major.h>

#define BASE "/tmp/conform"
#define REPEAT 100
#define MKDEV(major, minor) ((major) << 8 | (minor))

static long mount_pts(const char *name, const char *options)
{
	const char *path = path_in(BASE, name);

	sys_mkdir(path, 0755);
	return sys_mount("devpts", path, "devpts", 0, options);
}

static long open_ptmx(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), BASE "/%s/ptmx", name);
	return sys_open(path, O_RDWR | O_NOCTTY, 0);
}

static long open_slave(const char *name, int index)
{
	char path[64];

	snprintf(path, sizeof(path), BASE "/%s/%d", name, index);
	return sys_open(path, O_RDWR | O_NOCTTY, 0);
}

static long unlock(long master)
{
	int off = 0;

	return sys_ioctl(master, TIOCSPTLCK, &off);
}

static int index_of(long master)
{
	int index = -1;

	return master < 0 || sys_ioctl(master, TIOCGPTN, &index) < 0 ? -1 : index;
}

static const char *options_of(const char *name)
{
	static char text[16384];
	char want[128], *at;

	snprintf(want, sizeof(want), " " BASE "/%s ", name);
	must(read_file("/proc/self/mountinfo", text, sizeof(text)));
	at = strstr(text, want);
	if (!at)
		return "not mounted";
	at = strstr(at, " - ");
	at[strcspn(at, "\n")] = 0;
	return at + 3;
}

/* DEVPTS-01 */

static void instances(void)
{
	struct stat a, b, c;
	long first, second, other;

	need_admin();
	temp_dir();
	check_ret("a", mount_pts("a", NULL), 0);
	check_ret("b", mount_pts("b", NULL), 0);
	must(sys_stat(BASE "/a", &a));
	must(sys_stat(BASE "/b", &b));
	check_true("other_device", a.st_dev != b.st_dev);
	first = must(open_ptmx("a"));
	second = must(open_ptmx("a"));
	other = must(open_ptmx("b"));
	check_int("a.first", index_of(first), 0);
	check_int("a.second", index_of(second), 1);
	check_int("b.first", index_of(other), 0);
	check_ret("a.1", sys_stat(BASE "/a/1", &a), 0);
	check_ret("b.1", sys_stat(BASE "/b/1", &b), -ENOENT);
	must(sys_stat(BASE "/b/0", &b));
	check_int("b.0.rdev", b.st_rdev == MKDEV(UNIX98_PTY_SLAVE_MAJOR, 0), 1);
	check_int("b.0.mode", b.st_mode, 0020600);
	must(sys_stat(BASE "/a/ptmx", &c));
	check_int("ptmx.rdev", c.st_rdev == MKDEV(TTYAUX_MAJOR, 2), 1);
	check_int("ptmx.mode", c.st_mode, 0020000);
	sys_close(first);
	check_ret("a.0_gone", sys_stat(BASE "/a/0", &a), -ENOENT);
	check_ret("b.0_stays", sys_stat(BASE "/b/0", &b), 0);
	check_int("lowest_again", index_of(open_ptmx("a")), 0);
	check_ret("busy", sys_umount(BASE "/b", 0), -EBUSY);
	sys_close(other);
	check_ret("umount", sys_umount(BASE "/b", 0), 0);
}

/* Data goes through each pair by itself. */
static void pass(const char *who, long from, long to)
{
	char text[8] = "", key[32];

	snprintf(key, sizeof(key), "%s.write", who);
	check_int(key, sys_write(from, "hello\n", 6), 6);
	snprintf(key, sizeof(key), "%s.read", who);
	check_true(key, sys_read(to, text, sizeof(text)) >= 6 && strncmp(text, "hello", 5) == 0);
}

static void pairs(void)
{
	long master[2], slave[2];

	need_admin();
	temp_dir();
	must(mount_pts("a", NULL));
	must(mount_pts("b", NULL));
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "b" : "a";

		master[i] = must(open_ptmx(name));
		must(unlock(master[i]));
		slave[i] = must(open_slave(name, 0));
	}
	pass("a.in", master[0], slave[0]);
	pass("b.out", slave[1], master[1]);
	check_true("a.echo", readable(master[0]));
	check_true("b.nothing", !readable(slave[1]));
}

static void many_instances(void)
{
	int wrong = 0;

	need_admin();
	temp_dir();
	for (int i = 0; i < REPEAT; i++) {
		long master;

		wrong += mount_pts("a", NULL) != 0;
		master = open_ptmx("a");
		wrong += index_of(master) != 0 || unlock(master) != 0;
		if (i % 2)
			wrong += open_slave("a", 0) < 0;
		sys_close(master);
		wrong += sys_umount(BASE "/a", UMOUNT_DETACH) != 0;
		for (int fd = 3; i % 2 && fd < 20; fd++)
			sys_close(fd);
	}
	check_int("wrong", wrong, 0);
}

/* DEVPTS-02 */

static void user_opens(struct peer *up, void *arg)
{
	(void)up;
	become_user(PLAIN_UID);
	check_ret(arg, ret0(open_ptmx(arg)), strcmp(arg, "open") == 0 ? 0 : -EACCES);
}

static void ptmx_modes(void)
{
	struct stat st;

	need_admin();
	temp_dir();
	check_ret("newinstance", mount_pts("new", "newinstance"), 0);
	check_ret("open", mount_pts("open", "newinstance,ptmxmode=0666,mode=620,gid=5"), 0);
	check_str("new.options", options_of("new"), "devpts devpts rw,mode=600,ptmxmode=000");
	check_str("open.options", options_of("open"),
		  "devpts devpts rw,gid=5,mode=620,ptmxmode=666");
	must(sys_stat(BASE "/open/ptmx", &st));
	check_int("open.mode", st.st_mode, 0020666);
	run_child(0, user_opens, "new");
	run_child(0, user_opens, "open");
	must(open_ptmx("open"));
	must(sys_stat(BASE "/open/0", &st));
	check_int("slave.mode", st.st_mode, 0020620);
	check_int("slave.gid", st.st_gid, 5);
	check_int("slave.uid", st.st_uid, 0);
	check_ret("remount", sys_mount(NULL, BASE "/open", NULL, MS_REMOUNT, "ptmxmode=0600"), 0);
	must(sys_stat(BASE "/open/ptmx", &st));
	check_int("remounted.ptmx", st.st_mode, 0020600);
	obs_str("remounted.options", options_of("open"));
	check_ret("bad_remount", sys_mount(NULL, BASE "/open", NULL, MS_REMOUNT, "nosuch"),
		  -EINVAL);
	must(sys_stat(BASE "/open/ptmx", &st));
	check_int("reset.ptmx", st.st_mode, 0020000);
	obs_str("reset.options", options_of("open"));
}

static void slave_owner(struct peer *up, void *arg)
{
	struct stat st;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(open_ptmx("user"));
	must(sys_stat(BASE "/user/0", &st));
	check_int("uid", st.st_uid, PLAIN_UID);
	check_int("gid", st.st_gid, PLAIN_UID);
	must(open_ptmx("fixed"));
	must(sys_stat(BASE "/fixed/0", &st));
	check_int("fixed.uid", st.st_uid, 12);
	check_int("fixed.gid", st.st_gid, 34);
}

static void owners(void)
{
	need_admin();
	temp_dir();
	must(mount_pts("user", "ptmxmode=666"));
	must(mount_pts("fixed", "ptmxmode=666,uid=12,gid=34"));
	run_child(0, slave_owner, NULL);
}

/* DEVPTS-03 */

static void limited(void)
{
	long fds[3];

	need_admin();
	temp_dir();
	must(mount_pts("two", "max=2"));
	check_str("options", options_of("two"), "devpts devpts rw,mode=600,ptmxmode=000,max=2");
	fds[0] = open_ptmx("two");
	fds[1] = open_ptmx("two");
	check_int("second", index_of(fds[1]), 1);
	check_ret("third", ret0(open_ptmx("two")), -ENOSPC);
	check_ret("third_again", ret0(open_ptmx("two")), -ENOSPC);
	sys_close(fds[0]);
	fds[0] = open_ptmx("two");
	check_int("after_close", index_of(fds[0]), 0);
	check_ret("third_now", ret0(open_ptmx("two")), -ENOSPC);
	check_ret("raise", sys_mount(NULL, BASE "/two", NULL, MS_REMOUNT, "max=3"), 0);
	fds[2] = open_ptmx("two");
	check_int("raised", index_of(fds[2]), 2);
	check_ret("lower", sys_mount(NULL, BASE "/two", NULL, MS_REMOUNT, "max=1"), 0);
	sys_close(fds[2]);
	check_ret("lowered", ret0(open_ptmx("two")), -ENOSPC);
	sys_close(fds[0]);
	check_int("lowered.first", index_of(open_ptmx("two")), 0);
	check_ret("none", mount_pts("none", "max=0"), 0);
	check_ret("none.open", ret0(open_ptmx("none")), 0);
}

/* DEVPTS-04 */

static void locks(void)
{
	long master, slave;
	int on = 1, state = -1;

	need_admin();
	temp_dir();
	must(mount_pts("a", NULL));
	master = must(open_ptmx("a"));
	must(sys_ioctl(master, TIOCGPTLCK, &state));
	check_int("locked", state, 1);
	check_ret("slave.locked", ret0(open_slave("a", 0)), -EIO);
	check_ret("peer.locked", ret0(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY)), -EIO);
	check_ret("unlock", unlock(master), 0);
	must(sys_ioctl(master, TIOCGPTLCK, &state));
	check_int("unlocked", state, 0);
	slave = open_slave("a", 0);
	check_ret("slave.unlocked", ret0(slave), 0);
	check_ret("lock", sys_ioctl(master, TIOCSPTLCK, &on), 0);
	check_ret("slave.locked_again", ret0(open_slave("a", 0)), -EIO);
	check_ret("open_one_is_broken", sys_write(slave, "x", 1), -EIO);
	must(unlock(master));
	must(open_slave("a", 0));
	check_int("open_one_works_again", sys_write(slave, "x", 1), 1);
	check_ret("slave.ioctl", sys_ioctl(slave, TIOCSPTLCK, &on), -ENOTTY);
	check_ret("slave.number", sys_ioctl(slave, TIOCGPTN, &on), -ENOTTY);
	check_ret("bad_pointer", sys_ioctl(master, TIOCSPTLCK, KERNEL_ADDRESS), -EFAULT);
	sys_close(master);
	check_ret("slave.gone", ret0(open_slave("a", 0)), -ENOENT);
	check_ret("slave.hung_up", sys_write(slave, "x", 1), -EIO);
}

/* DEVPTS-05 */

static void bad_options(void)
{
	static const char *const bad[] = { "nosuch", "nosuch=1", "uid=x", "uid=", "uid", "uid=-1",
					   "gid=4294967295", "uid=4294967295", "mode=9", "mode=",
					   "ptmxmode=x", "ptmxmode=8", "max=-1", "max=x", "max=",
					   "max=1048577", "newinstance=1", "mode=620,nosuch" };
	static const char *const fine[] = { "max=1048576", "uid=4294967294", "mode=07777",
					    "mode=17777", ",,", "newinstance,newinstance",
					    "uid=010", "mode=0x1" };

	char key[32];

	need_admin();
	temp_dir();
	for (size_t i = 0; i < LENGTH(bad); i++) {
		snprintf(key, sizeof(key), "bad_%zu", i);
		check_ret(key, mount_pts("a", bad[i]), -EINVAL);
	}
	for (size_t i = 0; i < LENGTH(fine); i++) {
		snprintf(key, sizeof(key), "fine_%zu", i);
		obs_ret(key, mount_pts("a", fine[i]));
		strcat(key, ".options");
		obs_str(key, options_of("a"));
		sys_umount(BASE "/a", 0);
	}
}

/* DEVPTS-06 */

static long open_node(void)
{
	return sys_open(BASE "/ptmx", O_RDWR | O_NOCTTY, 0);
}

static void node_finds_pts(void)
{
	long master;

	need_admin();
	temp_dir();
	must(sys(__NR_mknod, BASE "/ptmx", 0020666, MKDEV(TTYAUX_MAJOR, 2)));
	check_ret("no_pts", ret0(open_node()), -ENOENT);
	make_file(BASE "/pts");
	obs_ret("pts_is_file", ret0(open_node()));
	must(sys_unlink(BASE "/pts"));
	must(sys_mkdir(BASE "/pts", 0755));
	check_ret("nothing_mounted", ret0(open_node()), -ENODEV);
	must(sys_mount("none", BASE "/pts", "tmpfs", 0, NULL));
	check_ret("tmpfs", ret0(open_node()), -ENODEV);
	must(mount_pts("pts", NULL));
	master = open_node();
	check_int("first", index_of(master), 0);
	check_int("same_instance", index_of(open_ptmx("pts")), 1);
	must(mount_pts("pts", NULL));
	check_int("upper_mount", index_of(open_node()), 0);
	must(mount_pts("other", NULL));
	check_int("other_instance", index_of(open_ptmx("other")), 0);
	check_int("still_beside", index_of(open_node()), 1);
}

/* A bound node looks beside where it really is; a link leads into the mount. */
static void node_elsewhere(void)
{
	struct stat st;

	need_admin();
	temp_dir();
	must(sys(__NR_mknod, BASE "/ptmx", 0020666, MKDEV(TTYAUX_MAJOR, 2)));
	must(mount_pts("pts", NULL));
	must(sys_mkdir(BASE "/dir", 0755));
	make_file(BASE "/dir/ptmx");
	must(sys_mount(BASE "/ptmx", BASE "/dir/ptmx", NULL, MS_BIND, NULL));
	check_ret("bound", ret0(sys_open(BASE "/dir/ptmx", O_RDWR | O_NOCTTY, 0)), -ENOENT);
	must(sys(__NR_symlink, "../pts/ptmx", BASE "/dir/link"));
	check_int("link", index_of(sys_open(BASE "/dir/link", O_RDWR | O_NOCTTY, 0)), 0);
	must(sys(__NR_link, BASE "/ptmx", BASE "/second"));
	check_int("second_name", index_of(sys_open(BASE "/second", O_RDWR | O_NOCTTY, 0)), 1);
	make_file(BASE "/dir/pts_ptmx");
	must(sys_mount(BASE "/pts/ptmx", BASE "/dir/pts_ptmx", NULL, MS_BIND, NULL));
	check_int("bound_from_pts", index_of(sys_open(BASE "/dir/pts_ptmx", O_RDWR | O_NOCTTY, 0)),
		  2);
	check_ret("all_there", sys_stat(BASE "/pts/2", &st), 0);
	must(sys_mkdir(BASE "/view", 0755));
	must(sys_mount(BASE, BASE "/view", NULL, MS_BIND, NULL));
	check_ret("bound_alone", ret0(sys_open(BASE "/view/ptmx", O_RDWR | O_NOCTTY, 0)), -ENODEV);
	must(sys_mount(BASE, BASE "/view", NULL, MS_BIND | MS_REC, NULL));
	check_int("bound_whole", index_of(sys_open(BASE "/view/ptmx", O_RDWR | O_NOCTTY, 0)), 3);
	must(sys_umount(BASE "/view", UMOUNT_DETACH));
	must(sys_mkdir(BASE "/pts2", 0755));
	must(sys_mount(BASE "/pts", BASE "/pts2", NULL, MS_BIND, NULL));
	check_ret("same_instance", sys_stat(BASE "/pts2/2", &st), 0);
}

/* DEVPTS-07 */

static void peer_by_ioctl(void)
{
	long master, slave, again;
	struct stat a, b;

	need_admin();
	temp_dir();
	must(mount_pts("a", NULL));
	master = must(open_ptmx("a"));
	must(unlock(master));
	must(sys_stat(BASE "/a/0", &a));
	slave = sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	check_ret("peer", ret0(slave), 0);
	must(sys_fstat(slave, &b));
	check_true("same_node", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	pass("peer", master, slave);
	check_int("no_cloexec", must(sys_fcntl(slave, F_GETFD, 0)), 0);
	again = must(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
	check_int("cloexec", must(sys_fcntl(again, F_GETFD, 0)), 1);
	again = must(sys_ioctl(master, TIOCGPTPEER, O_RDONLY | O_NONBLOCK | O_NOCTTY));
	check_int("read_only", sys_write(again, "x", 1), -EBADF);
	check_int("flags", sys_fcntl(again, F_GETFL, 0) & (O_ACCMODE | O_NONBLOCK), O_NONBLOCK);
	must(sys_umount(BASE "/a", UMOUNT_DETACH));
	again = sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	check_ret("unmounted", ret0(again), 0);
	check_ret("unmounted.path", ret0(open_slave("a", 0)), -ENOENT);
	pass("unmounted", again, master);
	check_ret("of_slave", ret0(sys_ioctl(slave, TIOCGPTPEER, O_RDWR)), -EIO);
}

/* Of a master opened through a node outside: the path it tells, and none without. */
static void peer_beside(void)
{
	char text[64] = "", fd_path[32];
	long master, slave;

	need_admin();
	temp_dir();
	must(sys(__NR_mknod, BASE "/ptmx", 0020666, MKDEV(TTYAUX_MAJOR, 2)));
	must(mount_pts("pts", NULL));
	master = must(open_node());
	must(unlock(master));
	slave = must(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY));
	snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%ld", slave);
	must(sys_readlink(fd_path, text, sizeof(text) - 1));
	check_str("path", text, BASE "/pts/0");
	must(mount_pts("pts", NULL));
	check_ret("covered", ret0(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY)), -ENODEV);
	must(sys_umount(BASE "/pts", 0));
	must(sys_umount(BASE "/pts", UMOUNT_DETACH));
	check_ret("unmounted", ret0(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY)), -ENODEV);
	must(sys_rmdir(BASE "/pts"));
	check_ret("no_pts", ret0(sys_ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY)), -ENOENT);
	check_int("open_one", sys_write(slave, "x", 1), 1);
}

/* DEVPTS-08 */

static long set_number(const char *path, long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return ret0(write_file(path, text));
}

#define PTY_MAX "/proc/sys/kernel/pty/max"
#define PTY_RESERVE "/proc/sys/kernel/pty/reserve"
#define PTY_NR "/proc/sys/kernel/pty/nr"

/* How many pairs the caller gets on a new instance before it is refused. */
static int pairs_until_full(long *rc)
{
	int count = 0;

	must(mount_pts("full", NULL));
	while ((*rc = open_ptmx("full")) >= 0 && count < 20)
		count++;
	return count;
}

static void in_other_mntns(struct peer *up, void *arg)
{
	long rc;

	(void)up;
	(void)arg;
	must(sys_unshare(CLONE_NEWNS));
	check_int("other.pairs", pairs_until_full(&rc), 2);
	check_ret("other.refused", rc, -ENOSPC);
}

static void global_limit(void)
{
	long max, reserve, rc;

	need_admin();
	need_init();
	temp_dir();
	max = read_long(PTY_MAX, -1);
	reserve = read_long(PTY_RESERVE, -1);
	check_int("max", max, 4096);
	check_int("reserve", reserve, 1024);
	check_int("nr", read_long(PTY_NR, -1), 0);
	check_ret("nr.write", set_number(PTY_NR, 1), -EACCES);
	check_ret("set", set_number(PTY_MAX, reserve + 3), 0);
	run_child(0, in_other_mntns, NULL);
	check_int("nr_after", read_long(PTY_NR, -1), 0);
	must(mount_pts("a", NULL));
	for (int i = 0; i < 5; i++)
		must(open_ptmx("a"));
	check_int("nr_open", read_long(PTY_NR, -1), 5);
	check_ret("below_what_is_open", set_number(PTY_MAX, 5), 0);
	check_int("full", pairs_until_full(&rc), 0);
	check_ret("full.refused", rc, -ENOSPC);
	check_ret("max_back", set_number(PTY_MAX, reserve + 3), 0);
	check_ret("negative", set_number(PTY_MAX, -1), -EINVAL);
	check_ret("reserve_up", set_number(PTY_RESERVE, reserve + 1), 0);
	check_int("first_ns_goes_on", pairs_until_full(&rc), 20);
	must(set_number(PTY_RESERVE, reserve));
	check_ret("back", set_number(PTY_MAX, max), 0);
}

/* DEVPTS-09: a slave stands in for the console. */
static void as_console(void)
{
	long master, console;
	struct stat st;

	need_admin();
	temp_dir();
	must(mount_pts("pts", NULL));
	master = must(open_ptmx("pts"));
	must(unlock(master));
	make_file(BASE "/console");
	check_ret("bind", sys_mount(BASE "/pts/0", BASE "/console", NULL, MS_BIND, NULL), 0);
	console = sys_open(BASE "/console", O_RDWR | O_NOCTTY, 0);
	check_ret("open", ret0(console), 0);
	must(sys_fstat(console, &st));
	check_int("major", st.st_rdev >> 8, UNIX98_PTY_SLAVE_MAJOR);
	pass("console", console, master);
	sys_close(master);
	check_ret("after_master", ret0(sys_open(BASE "/console", O_RDWR | O_NOCTTY, 0)), -EIO);
	sys_close(console);
	check_ret("umount", sys_umount(BASE "/console", 0), 0);
}

const struct test_case devpts_cases[] = {
	{ "DEVPTS-01", "every mount is an instance with numbers from 0", instances, 0, 0 },
	{ "DEVPTS-01.pairs", "pairs of two instances do not mix", pairs, 0, 0 },
	{ "DEVPTS-01.repeat", "a hundred instances in turn", many_instances, 0, 0 },
	{ "DEVPTS-02", "newinstance and ptmxmode", ptmx_modes, 0, 0 },
	{ "DEVPTS-02.owner", "uid, gid and mode of slaves", owners, 0, 0 },
	{ "DEVPTS-03", "max limits the pairs of an instance", limited, 0, 0 },
	{ "DEVPTS-04", "a locked slave cannot be opened", locks, 0, 0 },
	{ "DEVPTS-05", "options devpts does not know", bad_options, 0, 0 },
	{ "DEVPTS-06", "ptmx outside looks for pts beside it", node_finds_pts, 0, 0 },
	{ "DEVPTS-06.bound", "also where it is bound or linked", node_elsewhere, 0, 0 },
	{ "DEVPTS-07", "TIOCGPTPEER opens the other end", peer_by_ioctl, 0, 0 },
	{ "DEVPTS-07.beside", "of a master opened outside the mount", peer_beside, 0, 0 },
	{ "DEVPTS-08", "one limit for all, a part of it reserved", global_limit, 0, 0 },
	{ "DEVPTS-09", "a slave bound over a container's console", as_console, 0, 0 },
	{ 0 },
};
