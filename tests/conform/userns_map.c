// SPDX-License-Identifier: MIT
/* tests/conform/userns_map.c - USERNS-04 to 09, 13, 20: the texts of the id maps.
 *
 * What may be written to uid_map, gid_map and projid_map, how often, and what
 * reading tells. See user_namespaces(7). */
#include "idmap.h"

#define LINES_MAX 340

static char big[8192];

/* USERNS-04, 05 */

static void written_once(void)
{
	static const char *const files[] = { "uid_map", "gid_map", "projid_map" };
	struct peer child;

	need_admin();
	for (size_t i = 0; i < LENGTH(files); i++)
		check_str(files[i], get_proc(sys_getpid(), files[i]),
			  "         0          0 4294967295/");
	start_bare(&child);
	for (size_t i = 0; i < LENGTH(files); i++) {
		check_str("before", get_proc(child.pid, files[i]), "");
		check_ret("write", put_proc(child.pid, files[i], "0 1000 1\n7 5000 20"), 0);
		check_str("after", get_proc(child.pid, files[i]),
			  "         0       1000          1/         7       5000         20/");
		check_ret("again", put_proc(child.pid, files[i], "0 1000 1"), -EPERM);
		check_ret("again_bad", put_proc(child.pid, files[i], "x"), -EPERM);
		check_ret("again_empty", put_proc(child.pid, files[i], ""), -EPERM);
	}
	end_peer(&child);
	check_ret("initial", put_proc(sys_getpid(), "uid_map", "0 0 1"), -EPERM);
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

		start_bare(&child);
		snprintf(key, sizeof(key), "%s_%zu", is_bad ? "bad" : "good",
			 is_bad ? i : i - LENGTH(bad));
		obs_ret(key, put_proc(child.pid, "uid_map", text));
		strcat(key, ".shown");
		obs_str(key, get_proc(child.pid, "uid_map"));
		end_peer(&child);
	}
	check_int("texts", LENGTH(bad), 26);
}

/* A refused write leaves the map writable. */
static void then_a_good_one(void)
{
	struct peer child;

	need_admin();
	start_bare(&child);
	for (int i = 0; i < 100; i++)
		expect_ret(put_proc(child.pid, "uid_map", i % 2 ? "0 0 0" : "0 0 1 1"), -EINVAL);
	check_ret("good", put_proc(child.pid, "uid_map", "0 0 1"), 0);
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

	start_bare(&child);
	lines(n);
	rc = put_proc(child.pid, "uid_map", big);
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
	start_bare(&child);
	fd = must(open_proc(child.pid, "uid_map", O_RDWR));
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
	check_str("shown", get_proc(child.pid, "uid_map"), "         0          0          1/");
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
	plain_user();
	start_bare(&child);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("uid", put_proc(child.pid, "uid_map", refused[i]), -EPERM);
	check_ret("uid_own", put_proc(child.pid, "uid_map", "77 1000 1"), 0);
	check_ret("gid_before_deny", put_proc(child.pid, "gid_map", "0 1000 1"), -EPERM);
	check_ret("deny", put_proc(child.pid, "setgroups", "deny"), 0);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("gid", put_proc(child.pid, "gid_map", refused[i]), -EPERM);
	check_ret("gid_own", put_proc(child.pid, "gid_map", "78 1000 1"), 0);
	check_str("uid.shown", get_proc(child.pid, "uid_map"), "        77       1000          1/");
	check_str("gid.shown", get_proc(child.pid, "gid_map"), "        78       1000          1/");
	end_peer(&child);
}

/* The same by who is inside. */
static void own_id_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain_user();
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("inside.two", put_proc(sys_getpid(), "uid_map", "0 1000 2"), -EPERM);
	check_ret("inside.other", put_proc(sys_getpid(), "uid_map", "0 1001 1"), -EPERM);
	check_ret("inside.gid_before", put_proc(sys_getpid(), "gid_map", "0 1000 1"), -EPERM);
	check_ret("inside.uid", put_proc(sys_getpid(), "uid_map", "0 1000 1"), 0);
	check_int("inside.getuid", sys(__NR_getuid), 0);
	check_int("inside.getgid", sys(__NR_getgid), 65534);
	check_ret("inside.deny", put_proc(sys_getpid(), "setgroups", "deny"), 0);
	check_ret("inside.gid", put_proc(sys_getpid(), "gid_map", "5 1000 1"), 0);
	check_int("inside.getgid_mapped", sys(__NR_getgid), 5);
}

/* Effective ids, not real ones, and the namespace must be the writer's own. */
static void other_owner(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_DAC_OVERRIDE));
	check_ret("not_owner", put_proc(*(long *)arg, "uid_map", "0 4242 1"), -EPERM);
}

/* USERNS-09: the order of deny and map, and that a map cannot be without. */
static void groups_need_deny(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	plain_user();
	start_bare(&child);
	check_ret("allow_is_no_deny", put_proc(child.pid, "setgroups", "allow"), 0);
	check_ret("allowed", put_proc(child.pid, "gid_map", "0 1000 1"), -EPERM);
	must(put_proc(child.pid, "setgroups", "deny"));
	check_ret("denied.other", put_proc(child.pid, "gid_map", "0 1001 1"), -EPERM);
	check_ret("denied.own", put_proc(child.pid, "gid_map", "0 1000 1"), 0);
	check_ret("allow_again", put_proc(child.pid, "setgroups", "allow"), -EPERM);
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
	start_bare(&child);
	pid = child.pid;
	run_child(0, other_owner, &pid);
	end_peer(&child);
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
	check_str("own.in_parents", get_proc(sys_getpid(), "uid_map"),
		  "         0       5000         10/");
	start_bare(&inner);
	check_ret("unmapped", put_proc(inner.pid, "uid_map", "0 10 1"), -EPERM);
	check_ret("end_unmapped", put_proc(inner.pid, "uid_map", "0 5 6"), -EPERM);
	check_ret("outer_number", put_proc(inner.pid, "uid_map", "0 5000 1"), -EPERM);
	check_ret("gid_two_extents", put_proc(inner.pid, "gid_map", "0 8 4"), -EPERM);
	check_ret("mapped", put_proc(inner.pid, "uid_map", "100 5 5"), 0);
	check_ret("gid_mapped", put_proc(inner.pid, "gid_map", "0 8 2\n2 10 2"), 0);
	check_str("by_parent", get_proc(inner.pid, "uid_map"), "       100          5          5/");
	snprintf(text, sizeof(text), "%s", get_proc(inner.pid, "gid_map"));
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
	start_bare(&inner);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret("refused", put_proc(inner.pid, "uid_map", refused[i]), -EPERM);
	check_ret("whole", put_proc(inner.pid, "uid_map", "0 0 10"), 0);
	check_ret("last", put_proc(inner.pid, "gid_map", "0 9 1"), 0);
	end_peer(&inner);
}

static void parents_ids(void)
{
	struct peer child;

	need_admin();
	spawn(&child, CLONE_NEWUSER, maps_below, NULL);
	must(put_proc(child.pid, "uid_map", "0 5000 10"));
	must(put_proc(child.pid, "gid_map", "0 6000 10"));
	tell(&child);
	finish(&child);
}

static void reads_init(struct peer *up, void *arg)
{
	hear(up);
	check_str("init_by_inner", get_proc(1, "uid_map"), "         0 4294967295 4294967295/");
	check_str("own_by_own", get_proc(sys_getpid(), "uid_map"),
		  "         5       1000          1/");
	check_str("sibling_by_own", get_proc(*(long *)arg, "uid_map"),
		  "       100 4294967295          5/");
}

static void readers_numbers(void)
{
	struct peer child, reader;
	long inner;

	need_admin();
	spawn(&child, CLONE_NEWUSER, nested_maps, NULL);
	must(put_proc(child.pid, "uid_map", "0 5000 10"));
	must(put_proc(child.pid, "gid_map", "0 6000 10\n10 7000 10"));
	tell(&child);
	inner = recv_long(&child);
	check_str("by_grandparent", get_proc(inner, "uid_map"),
		  "       100       5005          5/");
	spawn(&reader, CLONE_NEWUSER, reads_init, &inner);
	must(put_proc(reader.pid, "uid_map", "5 1000 1"));
	must(put_proc(reader.pid, "gid_map", "5 1000 1"));
	tell(&reader);
	finish(&reader);
	tell(&child);
	finish(&child);
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
	{ "USERNS-13", "outer ids are the parent's", parents_ids, CLONE_NEWUSER, 0 },
	{ "USERNS-20", "outer ids are shown as the reader's", readers_numbers, CLONE_NEWUSER, 0 },
	{ 0 },
};
