// SPDX-License-Identifier: MIT
/* tests/conform/userns_map.c - USERNS-04 to 15, 20, 45: the id maps.
 *
 * What may be written to uid_map, gid_map and projid_map, by whom, and what
 * reading tells. See user_namespaces(7). */
#include "conform.h"

#define LINES_MAX 340

static char big[8192];

static void idle(struct peer *up, void *arg)
{
	(void)arg;
	tell(up);
	hear(up);
}

static void end_peer(struct peer *peer)
{
	tell(peer);
	finish(peer);
}

static void plain(void)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

static const char *file_of(long pid, const char *name)
{
	static char paths[4][64];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, sizeof(paths[0]), "/proc/%ld/%s", pid, name);
	return path;
}

/* Write a map of pid's namespace. Returns: 0 or the error. */
static long put(long pid, const char *name, const char *text)
{
	return ret0(write_file(file_of(pid, name), text));
}

/* The text of a map, line ends as '/'. */
static const char *get(long pid, const char *name)
{
	static char text[1024];
	long len = read_file(file_of(pid, name), text, sizeof(text));

	if (len < 0)
		return ret_text(len);
	for (char *at = text; *at; at++)
		*at = *at == '\n' ? '/' : *at;
	return text;
}

/* Start a child in a namespace of its own without maps. */
static void start(struct peer *child)
{
	spawn(child, CLONE_NEWUSER, idle, NULL);
	hear(child);
}

/* USERNS-04, 05 */

static void written_once(void)
{
	static const char *const files[] = { "uid_map", "gid_map", "projid_map" };
	struct peer child;

	need_admin();
	for (size_t i = 0; i < LENGTH(files); i++)
		check_str(files[i], get(sys_getpid(), files[i]),
			  "         0          0 4294967295/");
	start(&child);
	for (size_t i = 0; i < LENGTH(files); i++) {
		check_str("before", get(child.pid, files[i]), "");
		check_ret("write", put(child.pid, files[i], "0 1000 1\n7 5000 20"), 0);
		check_str("after", get(child.pid, files[i]),
			  "         0       1000          1/         7       5000         20/");
		check_ret("again", put(child.pid, files[i], "0 1000 1"), -EPERM);
		check_ret("again_bad", put(child.pid, files[i], "x"), -EPERM);
		check_ret("again_empty", write_file(file_of(child.pid, files[i]), ""), -EPERM);
	}
	end_peer(&child);
	check_ret("initial", put(sys_getpid(), "uid_map", "0 0 1"), -EPERM);
}

/* USERNS-06 */

static void bad_texts(void)
{
	static const char *const bad[] = {
		"0 0 0", "0 0", "0", "x", "0 0 1 1", "0 0 1x", "0 0 1\n1", "0 0 1\n0 5 1",
		"0 0 2\n1 9 1", "0 0 5\n9 3 1", "4294967295 0 1", "0 4294967295 1",
		"0 0 4294967296", "4294967294 0 2", "1 0 4294967295", "-1 0 1", "0 -1 1", "0 0 -1",
		"0 0 1\n\n", "\n0 0 1", "", " ", "0,0,1", "0x0 0 1", "+0 0 1", "0 0 1\n \n",
	};
	static const char *const good[] = {
		"0 0 1", " 0\t0  1  ", "0 0 1\n", "0 0 4294967295", "5 5 1\n0 0 5", "00 00 01",
		"4294967294 4294967294 1", "0 0 1\n1 2 1\n2 1 1",
	};
	char key[32];

	need_admin();
	for (size_t i = 0; i < LENGTH(bad) + LENGTH(good); i++) {
		bool is_bad = i < LENGTH(bad);
		const char *text = is_bad ? bad[i] : good[i - LENGTH(bad)];
		struct peer child;

		start(&child);
		snprintf(key, sizeof(key), "%s_%zu", is_bad ? "bad" : "good",
			 is_bad ? i : i - LENGTH(bad));
		obs_ret(key, put(child.pid, "uid_map", text));
		strcat(key, ".shown");
		obs_str(key, get(child.pid, "uid_map"));
		end_peer(&child);
	}
	check_int("texts", LENGTH(bad), 26);
}

/* A refused write leaves the map writable. */
static void then_a_good_one(void)
{
	struct peer child;

	need_admin();
	start(&child);
	for (int i = 0; i < 100; i++)
		expect_ret(put(child.pid, "uid_map", i % 2 ? "0 0 0" : "0 0 1 1"), -EINVAL);
	check_ret("good", put(child.pid, "uid_map", "0 0 1"), 0);
	end_peer(&child);
}

/* n lines, each of one id, as short as they can be. */
static void lines(int n)
{
	char *at = big;

	for (int i = 0; i < n; i++)
		at += sprintf(at, "%d %d 1\n", i, i);
}

static long put_lines(int n)
{
	struct peer child;
	long rc;

	start(&child);
	lines(n);
	rc = put(child.pid, "uid_map", big);
	end_peer(&child);
	return rc;
}

static void how_many_lines(void)
{
	need_admin();
	check_ret("5", put_lines(5), 0);
	check_ret("6", put_lines(6), 0);
	check_ret("339", put_lines(LINES_MAX - 1), 0);
	check_ret("340", put_lines(LINES_MAX), 0);
	check_ret("341", put_lines(LINES_MAX + 1), -EINVAL);
}

/* USERNS-07 */

static void size_and_place(void)
{
	struct peer child;
	long fd;

	need_admin();
	start(&child);
	fd = must(sys_open(file_of(child.pid, "uid_map"), O_RDWR, 0));
	memset(big, ' ', sizeof(big));
	memcpy(big, "0 0 1", 5);
	check_ret("page", sys_write(fd, big, PAGE_BYTES), -EINVAL);
	check_ret("more", sys_write(fd, big, sizeof(big)), -EINVAL);
	check_ret("pwrite_0", sys_pwrite(fd, "0 0 1", 5, 0), -ESPIPE);
	check_ret("pwrite_1", sys_pwrite(fd, "0 0 1", 5, 1), -ESPIPE);
	check_ret("bad_pointer", sys_write(fd, KERNEL_ADDRESS, 5), -EFAULT);
	obs_ret("lseek", sys_lseek(fd, 1, 0));
	check_ret("after_lseek", sys_write(fd, "0 0 1", 5), -EINVAL);
	obs_ret("lseek_back", sys_lseek(fd, 0, 0));
	check_ret("page_less_1", sys_write(fd, big, PAGE_BYTES - 1), PAGE_BYTES - 1);
	check_str("shown", get(child.pid, "uid_map"), "         0          0          1/");
	end_peer(&child);
}

/* USERNS-08, 09 */

static void own_id_only(struct peer *up, void *arg)
{
	static const char *const refused[] = { "0 1000 2", "0 1001 1", "0 0 1",
					      "0 1000 1\n1 1001 1", "0 65534 1" };
	struct peer child;

	(void)up;
	(void)arg;
	plain();
	start(&child);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("uid", put(child.pid, "uid_map", refused[i]), -EPERM);
	check_ret("uid_own", put(child.pid, "uid_map", "77 1000 1"), 0);
	check_ret("gid_before_deny", put(child.pid, "gid_map", "0 1000 1"), -EPERM);
	check_ret("deny", put(child.pid, "setgroups", "deny"), 0);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("gid", put(child.pid, "gid_map", refused[i]), -EPERM);
	check_ret("gid_own", put(child.pid, "gid_map", "78 1000 1"), 0);
	check_str("uid.shown", get(child.pid, "uid_map"), "        77       1000          1/");
	check_str("gid.shown", get(child.pid, "gid_map"), "        78       1000          1/");
	end_peer(&child);
}

/* The same by who is inside. */
static void own_id_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain();
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("inside.two", put(sys_getpid(), "uid_map", "0 1000 2"), -EPERM);
	check_ret("inside.other", put(sys_getpid(), "uid_map", "0 1001 1"), -EPERM);
	check_ret("inside.gid_before", put(sys_getpid(), "gid_map", "0 1000 1"), -EPERM);
	check_ret("inside.uid", put(sys_getpid(), "uid_map", "0 1000 1"), 0);
	check_int("inside.getuid", sys(__NR_getuid), 0);
	check_int("inside.getgid", sys(__NR_getgid), 65534);
	check_ret("inside.deny", put(sys_getpid(), "setgroups", "deny"), 0);
	check_ret("inside.gid", put(sys_getpid(), "gid_map", "5 1000 1"), 0);
	check_int("inside.getgid_mapped", sys(__NR_getgid), 5);
}

/* Effective ids, not real ones, and the namespace must be the writer's own. */
static void other_owner(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_DAC_OVERRIDE));
	check_ret("not_owner", put(*(long *)arg, "uid_map", "0 4242 1"), -EPERM);
}

/* USERNS-09: the order of deny and map, and that a map cannot be without. */
static void groups_need_deny(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	plain();
	start(&child);
	check_ret("allow_is_no_deny", put(child.pid, "setgroups", "allow"), 0);
	check_ret("allowed", put(child.pid, "gid_map", "0 1000 1"), -EPERM);
	must(put(child.pid, "setgroups", "deny"));
	check_ret("denied.other", put(child.pid, "gid_map", "0 1001 1"), -EPERM);
	check_ret("denied.own", put(child.pid, "gid_map", "0 1000 1"), 0);
	check_ret("allow_again", put(child.pid, "setgroups", "allow"), -EPERM);
	end_peer(&child);
}

static void groups_unprivileged(void)
{
	need_admin();
	run_child(0, groups_need_deny, NULL);
}

static void unprivileged(void)
{
	struct peer child;
	long pid;

	need_admin();
	run_child(0, own_id_only, NULL);
	run_child(0, own_id_inside, NULL);
	start(&child);
	pid = child.pid;
	run_child(0, other_owner, &pid);
	end_peer(&child);
}

/* USERNS-10, 11, 12 */

static void with_caps(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	start(&child);
	check_ret("setuid.several", put(child.pid, "uid_map", "0 1000 1\n1 5000 100"), 0);
	check_ret("setgid.several", put(child.pid, "gid_map", "0 1 9\n100 5000 100"), 0);
	check_str("setgroups", get(child.pid, "setgroups"), "allow/");
	end_peer(&child);
	start(&child);
	check_ret("root_without_setfcap", put(child.pid, "uid_map", "0 0 1"), -EPERM);
	check_ret("root_in_range", put(child.pid, "uid_map", "1 0 10"), -EPERM);
	check_ret("group_root", put(child.pid, "gid_map", "0 0 10"), 0);
	end_peer(&child);
}

static void with_only(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SETUID));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	start(&child);
	check_ret("only_setuid.gid", put(child.pid, "gid_map", "0 5000 2"), -EPERM);
	check_ret("only_setuid.uid", put(child.pid, "uid_map", "0 5000 2"), 0);
	end_peer(&child);
}

static void privileged(void)
{
	need_admin();
	run_child(0, with_caps, NULL);
	run_child(0, with_only, NULL);
}

/* One of the namespace that gave its capabilities away. */
static void bare_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain();
	must(sys_unshare(CLONE_NEWUSER));
	caps_set(CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID), 0x1ffffffffffull);
	check_ret("inside.without_admin", put(sys_getpid(), "uid_map", "0 1000 1"), -EPERM);
	caps_set(CAP_BIT(CAP_SYS_ADMIN), CAP_BIT(CAP_SYS_ADMIN));
	check_ret("inside.only_admin", put(sys_getpid(), "uid_map", "0 1000 1"), 0);
}

/* Not the owner, with CAP_SETUID: no capability over the namespace. */
static void stranger(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_DAC_OVERRIDE) |
			 CAP_BIT(CAP_SETFCAP));
	check_ret("stranger.setuid", put(pid, "uid_map", "0 1000 1"), -EPERM);
	caps_set(0, 0);
}

static void stranger_admin(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_DAC_OVERRIDE) |
			 CAP_BIT(CAP_SYS_ADMIN));
	check_ret("stranger.setuid_admin", put(pid, "uid_map", "0 1000 1"), 0);
}

static void admin_in_target(void)
{
	struct peer child;
	long pid;

	need_admin();
	run_child(0, bare_inside, NULL);
	start(&child);
	pid = child.pid;
	run_child(0, stranger, &pid);
	run_child(0, stranger_admin, &pid);
	end_peer(&child);
}

/* USERNS-12: neither from above the parent, nor from beside, nor below. */
static void inner_child(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	hear(up);
	start(&inner);
	send_long(up, inner.pid);
	hear(up);
	check_ret("parent", put(inner.pid, "uid_map", "0 0 1"), 0);
	end_peer(&inner);
}

static void sibling(struct peer *up, void *arg)
{
	hear(up);
	check_ret("sibling", put(*(long *)arg, "uid_map", "0 0 1"), -EPERM);
}

static void only_two_may(void)
{
	struct peer child, other;
	long inner;

	need_admin();
	spawn(&child, CLONE_NEWUSER, inner_child, NULL);
	map_root(child.pid, 0);
	tell(&child);
	inner = recv_long(&child);
	check_ret("grandparent", put(inner, "uid_map", "0 0 1"), -EPERM);
	check_ret("grandparent.gid", put(inner, "gid_map", "0 0 1"), -EPERM);
	spawn(&other, CLONE_NEWUSER, sibling, &inner);
	map_root(other.pid, PLAIN_UID);
	tell(&other);
	finish(&other);
	tell(&child);
	finish(&child);
}

/* USERNS-13, 20 */

static void nested_maps(struct peer *up, void *arg)
{
	struct peer inner;
	char text[128];

	(void)arg;
	hear(up);
	must(sys(__NR_setresgid, 0, 0, 0));
	must(sys(__NR_setresuid, 0, 0, 0));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	check_str("own.in_parents", get(sys_getpid(), "uid_map"),
		  "         0       5000         10/");
	start(&inner);
	check_ret("unmapped", put(inner.pid, "uid_map", "0 10 1"), -EPERM);
	check_ret("end_unmapped", put(inner.pid, "uid_map", "0 5 6"), -EPERM);
	check_ret("outer_number", put(inner.pid, "uid_map", "0 5000 1"), -EPERM);
	check_ret("gid_two_extents", put(inner.pid, "gid_map", "0 8 4"), -EPERM);
	check_ret("mapped", put(inner.pid, "uid_map", "100 5 5"), 0);
	check_ret("gid_mapped", put(inner.pid, "gid_map", "0 8 2\n2 10 2"), 0);
	check_str("by_parent", get(inner.pid, "uid_map"), "       100          5          5/");
	snprintf(text, sizeof(text), "%s", get(inner.pid, "gid_map"));
	check_str("by_parent.gid", text,
		  "         0          8          2/         2         10          2/");
	send_long(up, inner.pid);
	hear(up);
	end_peer(&inner);
}

/* Only what the parent maps can be mapped: the edges of its range. */
static void maps_below(struct peer *up, void *arg)
{
	static const char *const refused[] = { "0 10 1", "0 9 2", "0 0 11", "0 5000 1", "0 4999 1",
					       "0 0 1\n1 10 1" };
	struct peer inner;

	(void)arg;
	hear(up);
	must(sys(__NR_setresgid, 0, 0, 0));
	must(sys(__NR_setresuid, 0, 0, 0));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	start(&inner);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("refused", put(inner.pid, "uid_map", refused[i]), -EPERM);
	check_ret("whole", put(inner.pid, "uid_map", "0 0 10"), 0);
	check_ret("last", put(inner.pid, "gid_map", "0 9 1"), 0);
	end_peer(&inner);
}

static void parents_ids(void)
{
	struct peer child;

	need_admin();
	spawn(&child, CLONE_NEWUSER, maps_below, NULL);
	must(put(child.pid, "uid_map", "0 5000 10"));
	must(put(child.pid, "gid_map", "0 6000 10"));
	tell(&child);
	finish(&child);
}

static void reads_init(struct peer *up, void *arg)
{
	hear(up);
	check_str("init_by_inner", get(1, "uid_map"), "         0 4294967295 4294967295/");
	check_str("own_by_own", get(sys_getpid(), "uid_map"), "         5       1000          1/");
	check_str("sibling_by_own", get(*(long *)arg, "uid_map"),
		  "       100 4294967295          5/");
}

static void readers_numbers(void)
{
	struct peer child, reader;
	long inner;

	need_admin();
	spawn(&child, CLONE_NEWUSER, nested_maps, NULL);
	must(put(child.pid, "uid_map", "0 5000 10"));
	must(put(child.pid, "gid_map", "0 6000 10\n10 7000 10"));
	tell(&child);
	inner = recv_long(&child);
	check_str("by_grandparent", get(inner, "uid_map"), "       100       5005          5/");
	spawn(&reader, CLONE_NEWUSER, reads_init, &inner);
	must(put(reader.pid, "uid_map", "5 1000 1"));
	must(put(reader.pid, "gid_map", "5 1000 1"));
	tell(&reader);
	finish(&reader);
	tell(&child);
	finish(&child);
}

/* USERNS-14 */

static void maps_root_inside(struct peer *up, void *arg)
{
	unsigned long long all = caps_effective();

	(void)up;
	if (arg)
		caps_set(all & ~CAP_BIT(CAP_SETFCAP), all);
	must(sys_unshare(CLONE_NEWUSER));
	check_ret(arg ? "maker_without" : "maker_with", put(sys_getpid(), "uid_map", "0 0 1"),
		  arg ? -EPERM : 0);
	if (arg)
		check_ret("maker_without.range", put(sys_getpid(), "uid_map", "0 0 1"), -EPERM);
}

static void writer_without(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SETFCAP);
	long pid = *(long *)arg;

	(void)up;
	caps_set(rest, rest);
	check_ret("writer_without", put(pid, "uid_map", "0 0 1"), -EPERM);
	check_ret("writer_without.in_range", put(pid, "uid_map", "1 1 5\n0 0 1"), -EPERM);
	check_ret("writer_without.gid", put(pid, "gid_map", "0 0 1"), 0);
	check_ret("writer_without.others", put(pid, "uid_map", "0 1 9"), 0);
}

static void needs_setfcap(void)
{
	struct peer child;
	long pid;

	need_admin();
	run_child(0, maps_root_inside, NULL);
	run_child(0, maps_root_inside, "without");
	start(&child);
	pid = child.pid;
	run_child(0, writer_without, &pid);
	end_peer(&child);
}

/* USERNS-15 */

static void write_through(struct peer *up, void *arg)
{
	(void)up;
	check_ret("opened_by_user", sys_write(*(long *)arg, "0 0 2", 5), -EPERM);
}

static void opener_counts(struct peer *up, void *arg)
{
	struct peer child;
	long fd;

	(void)arg;
	plain();
	start(&child);
	fd = must(sys_open(file_of(child.pid, "uid_map"), O_RDWR, 0));
	send_long(up, child.pid);
	send_long(up, fd);
	hear(up);
	check_str("kept_empty", get(child.pid, "uid_map"), "");
	check_ret("own_write", sys_write(fd, "0 1000 1", 8), 8);
	end_peer(&child);
}

static void of_opener(void)
{
	struct peer user, child;
	long fd, remote, pid;

	need_admin();
	spawn(&user, 0, opener_counts, NULL);
	pid = recv_long(&user);
	remote = recv_long(&user);
	fd = must(sys(__NR_pidfd_getfd, must(sys_pidfd_open(user.pid)), remote, 0));
	run_child(0, write_through, &fd);
	tell(&user);
	finish(&user);
	start(&child);
	pid = child.pid;
	fd = must(sys_open(file_of(pid, "uid_map"), O_WRONLY, 0));
	caps_set(0, 0);
	obs_ret("opener_dropped", ret0(sys_write(fd, "0 5000 2", 8)));
	obs_str("opener_dropped.map", get(pid, "uid_map"));
	end_peer(&child);
}

/* USERNS-45 */

static void project_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain();
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("bad", put(sys_getpid(), "projid_map", "0 0 0"), -EINVAL);
	check_ret("any", put(sys_getpid(), "projid_map", "0 0 10\n50 500 1"), 0);
	check_str("shown", get(sys_getpid(), "projid_map"),
		  "         0          0         10/        50        500          1/");
	check_ret("again", put(sys_getpid(), "projid_map", "0 0 1"), -EPERM);
}

static void mapped_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain();
	enter_userns(PLAIN_UID);
	check_ret("with_ids.any", put(sys_getpid(), "projid_map", "0 0 10"), 0);
	if (must(sys_clone(CLONE_NEWUSER | SIGCHLD)) != 0) {
		must(sys_wait4(-1, NULL, __WALL));
		return;
	}
	check_ret("inner.unmapped", put(sys_getpid(), "projid_map", "0 10 1"), -EPERM);
	check_ret("inner.mapped", put(sys_getpid(), "projid_map", "0 9 1"), 0);
	case_stop(0);
}

static void projects(void)
{
	need_admin();
	run_child(0, project_inside, NULL);
	run_child(0, mapped_user, NULL);
}

const struct test_case userns_map_cases[] = {
	{ "USERNS-04", "maps are empty, then as written, once", written_once, CLONE_NEWUSER, 0 },
	{ "USERNS-05", "a refused write leaves the one that counts", then_a_good_one,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-06", "what is no map", bad_texts, CLONE_NEWUSER, 0 },
	{ "USERNS-06.lines", "340 lines, not one more", how_many_lines, CLONE_NEWUSER, 0 },
	{ "USERNS-07", "sizes and offsets of the write", size_and_place, CLONE_NEWUSER, 0 },
	{ "USERNS-08", "without privilege one's own id only", unprivileged, CLONE_NEWUSER, 0 },
	{ "USERNS-09", "groups without privilege need setgroups=deny", groups_unprivileged,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-10", "with CAP_SETUID and CAP_SETGID any", privileged, CLONE_NEWUSER, 0 },
	{ "USERNS-11", "CAP_SYS_ADMIN over the namespace is needed", admin_in_target,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-12", "only from inside and from the parent", only_two_may, CLONE_NEWUSER, 0 },
	{ "USERNS-13", "outer ids are the parent's", parents_ids, CLONE_NEWUSER, 0 },
	{ "USERNS-20", "outer ids are shown as the reader's", readers_numbers, CLONE_NEWUSER, 0 },
	{ "USERNS-14", "the parent's root needs CAP_SETFCAP", needs_setfcap, CLONE_NEWUSER, 0 },
	{ "USERNS-15", "who opened the file is who counts", of_opener, CLONE_NEWUSER, 0 },
	{ "USERNS-45", "project ids need no capability", projects, CLONE_NEWUSER, 0 },
	{ 0 },
};
