// SPDX-License-Identifier: MIT
/* tests/conform/ns_ioctl.c - NS-34 to 39: asking a namespace file questions.
 *
 * Its kind, its owner, its parent. See ioctl_ns(2). */
#include "conform.h"

/* What fcntl says of a descriptor: access mode and close-on-exec. */
static void descriptor_flags(long fd)
{
	check_int("cloexec", must(sys_fcntl(fd, F_GETFD, 0)), FD_CLOEXEC);
	check_int("access", must(sys_fcntl(fd, F_GETFL, 0)) & O_ACCMODE, O_RDONLY);
}

/* NS-34 */

static void owner_of(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);
	long owner = must(sys_ioctl(fd, NS_GET_USERNS, 0));
	check_int("type", sys_ioctl(owner, NS_GET_NSTYPE, 0), CLONE_NEWUSER);
	descriptor_flags(owner);
	check_ret("setns_own_user", sys_setns(owner, CLONE_NEWUSER), -EINVAL);
}

static void owner_is_mine(void)
{
	long owner = must(sys_ioctl(ns_open(0, "uts"), NS_GET_USERNS, 0));

	check_true("same_as_own", ns_fd_id(owner) == ns_own("user"));
}

/* A namespace made in a user namespace belongs to that one. */
static void owner_is_inner(struct peer *up, void *arg)
{
	long uts, owner;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	uts = ns_open(0, "uts");
	check_ret("outer_uts", sys_ioctl(uts, NS_GET_USERNS, 0), -EPERM);
	must(sys_unshare(CLONE_NEWUTS));
	owner = must(sys_ioctl(ns_open(0, "uts"), NS_GET_USERNS, 0));
	check_true("inner_uts", ns_fd_id(owner) == ns_own("user"));
}

static void owner_follows_creator(void)
{
	need_admin();
	run_child(0, owner_is_inner, NULL);
}

/* NS-35, NS-36 */

static void no_parent(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);

	check_ret("parent", sys_ioctl(fd, NS_GET_PARENT, 0), -EINVAL);
}

static void parent_of_top(void)
{
	long uts = ns_open(0, "uts");
	long user = must(sys_ioctl(uts, NS_GET_USERNS, 0));

	check_ret("parent_of_user", sys_ioctl(user, NS_GET_PARENT, 0), -EPERM);
	check_ret("owner_of_user", sys_ioctl(user, NS_GET_USERNS, 0), -EPERM);
}

static void parent_of_top_pid(void)
{
	check_ret("parent_of_pid", sys_ioctl(ns_open(0, "pid"), NS_GET_PARENT, 0), -EPERM);
}

static void parent_of_child(void)
{
	const char *name = ns_kind(case_kind())->name;
	struct peer child;
	long parent;

	need_admin();
	spawn(&child, case_kind(), stay, NULL);
	hear(&child);
	parent = must(sys_ioctl(ns_open(child.pid, name), NS_GET_PARENT, 0));
	check_true("is_mine", ns_fd_id(parent) == ns_own(name));
	descriptor_flags(parent);
	tell(&child);
	finish(&child);
}

/* NS-37 */

static void kind_of(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);

	check_int("type", sys_ioctl(fd, NS_GET_NSTYPE, 0), case_kind());
	check_int("type_any_arg", sys_ioctl(fd, NS_GET_NSTYPE, -1), case_kind());
}

/* NS-38 */

static void owner_uid_elsewhere(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);
	unsigned uid = 7;

	check_ret("owner_uid", sys_ioctl(fd, NS_GET_OWNER_UID, &uid), -EINVAL);
	check_ret("owner_uid_null", sys_ioctl(fd, NS_GET_OWNER_UID, 0), -EINVAL);
	check_int("untouched", uid, 7);
}

static void owner_uid_of_first(void)
{
	long user = must(sys_ioctl(ns_open(0, "uts"), NS_GET_USERNS, 0));
	unsigned uid = 7;

	need_init();
	check_ret("owner_uid", sys_ioctl(user, NS_GET_OWNER_UID, &uid), 0);
	check_int("uid", uid, 0);
	check_ret("null", sys_ioctl(user, NS_GET_OWNER_UID, NULL), -EFAULT);
}

/* Creates a user namespace as another user and shows it. */
static void make_userns(struct peer *up, void *arg)
{
	become_user(*(int *)arg);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	must(sys_unshare(CLONE_NEWUSER));
	tell(up);
	hear(up);
}

static void owner_uid_of_user(void)
{
	int maker = PLAIN_UID + 5;
	struct peer child;
	unsigned uid = 7;
	long fd;

	need_admin();
	spawn(&child, 0, make_userns, &maker);
	hear(&child);
	fd = ns_open(child.pid, "user");
	check_ret("owner_uid", sys_ioctl(fd, NS_GET_OWNER_UID, &uid), 0);
	check_int("uid", uid, PLAIN_UID + 5);
	check_true("parent_is_mine",
		   ns_fd_id(must(sys_ioctl(fd, NS_GET_PARENT, 0))) == ns_own("user"));
	tell(&child);
	finish(&child);
}

/* NS-39 */

static void unknown_ioctls(void)
{
	static const struct {
		const char *key;
		unsigned long cmd;
	} unknown[] = {
		{ "nsio_0", _IO(NSIO, 0) }, { "nsio_255", _IO(NSIO, 255) },
		{ "tcgets", TCGETS }, { "zero", 0 }, { "minus_1", 0xffffffff },
		{ "type_with_size", _IOR(NSIO, 3, int) }, { "other_letter", _IO('x', 1) },
	};
	long fd = ns_open(0, "uts");
	char word[64];

	for (size_t i = 0; i < LENGTH(unknown); i++)
		check_ret(unknown[i].key, sys_ioctl(fd, unknown[i].cmd, word), -ENOTTY);
	/* The command is 32 bits wide. */
	check_int("upper_half", sys_ioctl(fd, NS_GET_NSTYPE | 1ul << 32, 0), CLONE_NEWUTS);
	check_ret("bad_fd", sys_ioctl(-1, NS_GET_NSTYPE, 0), -EBADF);
}

/* On other files these commands mean nothing. */
static void other_files(void)
{
	int fds[2];

	must(sys_pipe(fds, 0));
	check_ret("pipe", sys_ioctl(fds[0], NS_GET_NSTYPE, 0), -ENOTTY);
	check_ret("dir", sys_ioctl(must(sys_open("/", O_RDONLY, 0)), NS_GET_NSTYPE, 0), -ENOTTY);
}

const struct test_case ns_ioctl_cases[] = {
	FLAT_KINDS("NS-34", "NS_GET_USERNS gives a close-on-exec descriptor", owner_of),
	KIND_ROW("NS-34", "pid", CLONE_NEWPID, "NS_GET_USERNS gives a close-on-exec descriptor",
		 owner_of),
	{ "NS-34.mine", "the owner is the caller's user namespace", owner_is_mine,
	  CLONE_NEWUSER, 0 },
	{ "NS-34.inner", "an inner creator's namespace has the inner owner",
	  owner_follows_creator, CLONE_NEWUSER, 0 },
	{ "NS-34.parent_pid", "NS_GET_PARENT gives such a descriptor: pid",
	  parent_of_child, CLONE_NEWPID, 0 },
	{ "NS-34.parent_user", "NS_GET_PARENT gives such a descriptor: user",
	  parent_of_child, CLONE_NEWUSER, 0 },
	FLAT_KINDS("NS-35", "NS_GET_PARENT of a kind without parents", no_parent),
	{ "NS-36", "nothing is above the first user namespace", parent_of_top,
	  CLONE_NEWUTS, 0 },
	{ "NS-36.pid", "nothing is above the caller's top pid namespace",
	  parent_of_top_pid, CLONE_NEWPID, 0 },
	EACH_KIND("NS-37", "NS_GET_NSTYPE is the CLONE_NEW flag", kind_of),
	FLAT_KINDS("NS-38", "NS_GET_OWNER_UID is for user namespaces", owner_uid_elsewhere),
	KIND_ROW("NS-38", "pid", CLONE_NEWPID, "NS_GET_OWNER_UID is for user namespaces",
		 owner_uid_elsewhere),
	{ "NS-38.first", "the first user namespace belongs to uid 0",
	  owner_uid_of_first, CLONE_NEWUTS, 0 },
	{ "NS-38.owner", "the owner of a user namespace", owner_uid_of_user,
	  CLONE_NEWUSER, 0 },
	{ "NS-39", "other ioctls are ENOTTY", unknown_ioctls, CLONE_NEWUTS, 0 },
	{ "NS-39.others", "on other files these are ENOTTY", other_files, 0, 0 },
	{ 0 },
};
