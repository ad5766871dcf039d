// SPDX-License-Identifier: MIT
/* tests/conform/mntns.c - MNTNS-01 to 16: copies and propagation.
 *
 * What a new namespace copies, what of it is told to whom, and the types of
 * mounts with their transitions. See mount_namespaces(7). */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"
#define C BASE "/c"

static void three_dirs(void)
{
	static const char *const paths[] = { "a", "b", "c", NULL };

	mount_place();
	dirs(paths);
}

/* MNTNS-01, 02, 03 */

static void changes_copy(struct peer *up, void *arg)
{
	long id = *(long *)arg;

	check_int("mounts", mounts_below(BASE), 2);
	check_true("new_id", strtol(mount_field(A, 1), NULL, 10) != id);
	check_ret("mount", tmpfs(B), 0);
	check_ret("umount", sys_umount(A, 0), 0);
	tell(up);
	hear(up);
	check_true("outer_change_unseen", !is_mount(C));
	check_true("own_change_seen", is_mount(B) && !is_mount(A));
}

static void copied_tree(void)
{
	struct peer child;
	long id;

	three_dirs();
	must(tmpfs(A));
	id = strtol(mount_field(A, 1), NULL, 10);
	spawn(&child, CLONE_NEWNS, changes_copy, &id);
	hear(&child);
	check_true("a_stays", is_mount(A));
	check_true("b_unseen", !is_mount(B));
	must(tmpfs(C));
	tell(&child);
	finish(&child);
}

/* Root and working directory are moved to the copies. */
static void in_copy(struct peer *up, void *arg)
{
	struct stat st;

	(void)up;
	(void)arg;
	check_ret("cwd.file", sys_stat("file", &st), 0);
	must(tmpfs(B));
	must(bind(B, A "/sub", 0));
	make_file("sub/x");
	check_ret("cwd.sees_new_mount", sys_stat("sub/x", &st), 0);
	check_ret("path.sees_it", sys_stat(A "/sub/x", &st), 0);
}

static void paths_move(void)
{
	struct stat st;

	three_dirs();
	must(tmpfs(A));
	must(sys_mkdir(A "/sub", 0755));
	make_file(A "/file");
	must(sys(__NR_chdir, A));
	run_child(CLONE_NEWNS, in_copy, NULL);
	check_ret("outer.sub", sys_stat("sub/x", &st), -ENOENT);
}

static void info_fields(void)
{
	struct stat st;
	char device[32];

	three_dirs();
	must(sys_mkdir(BASE "/with blank", 0755));
	must(sys_mount("the source", A, "tmpfs", MS_NOSUID | MS_NOATIME, "size=1m,mode=700"));
	must(sys_mkdir(A "/dir", 0755));
	must(bind(A "/dir", B, 0));
	must(sys_stat(A, &st));
	snprintf(device, sizeof(device), "%lu:%lu", (unsigned long)st.st_dev >> 8,
		 (unsigned long)st.st_dev & 0xff);
	check_true("device", strcmp(mount_field(A, 3), device) == 0);
	check_str("root", mount_field(A, 4), "/");
	check_str("point", mount_field(A, 5), A);
	check_str("options", mount_field(A, 6), "rw,nosuid,noatime");
	check_str("type", mount_field(A, 101), "tmpfs");
	check_str("source", mount_field(A, 102), "the\\040source");
	obs_str("super", mount_field(A, 103));
	check_str("bind.root", mount_field(B, 4), "/dir");
	check_str("bind.options", mount_field(B, 6), "rw,nosuid,noatime");
	check_true("parent", strcmp(mount_field(A, 2), mount_field(BASE, 1)) != 1);
	must(tmpfs(BASE "/with blank"));
	check_str("blank", mount_field(BASE "/with\\040blank", 101), "tmpfs");
}

/* MNTNS-04, 05, 06 */

static void watch(struct peer *up, void *arg)
{
	bool seen = *(bool *)arg;

	tell(up);
	hear(up);
	check_int("inner.sees", is_mount(A "/x"), seen);
	must(tmpfs(A "/y"));
	tell(up);
	hear(up);
	check_int("inner.sees_umount", is_mount(A "/x"), 0);
}

static void with_child(unsigned long type, bool down, bool upward)
{
	struct peer child;

	three_dirs();
	must(tmpfs(A));
	must(sys_mkdir(A "/x", 0755));
	must(sys_mkdir(A "/y", 0755));
	must(change(A, type));
	spawn(&child, CLONE_NEWNS, watch, &down);
	hear(&child);
	must(tmpfs(A "/x"));
	tell(&child);
	hear(&child);
	check_int("outer.sees", is_mount(A "/y"), upward);
	must(sys_umount(A "/x", 0));
	tell(&child);
	finish(&child);
}

static void shared(void)
{
	with_child(MS_SHARED, true, true);
}

static void private(void)
{
	with_child(MS_PRIVATE, false, false);
}

static void slave(void)
{
	three_dirs();
	must(tmpfs(A));
	must(change(A, MS_SHARED));
	must(sys_mkdir(A "/x", 0755));
	must(sys_mkdir(A "/y", 0755));
	must(bind(A, B, 0));
	must(change(B, MS_SLAVE));
	must(tmpfs(A "/x"));
	check_true("received", is_mount(B "/x"));
	must(tmpfs(B "/y"));
	check_true("not_sent", !is_mount(A "/y"));
	check_str("received.tags", mount_tags(B "/x"), "master:a");
	check_str("masters.tags", mount_tags(A "/x"), "shared:a");
	check_str("own.tags", mount_tags(B "/y"), "private");
	must(sys_umount(A "/x", 0));
	check_true("taken_away", !is_mount(B "/x"));
}

/* All peers, also of peers, and a slave of a slave. */
static void many_peers(void)
{
	char path[32];

	mount_place();
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), BASE "/%d", i);
		must(sys_mkdir(path, 0755));
		if (i == 0) {
			must(tmpfs(path));
			must(change(path, MS_SHARED));
			must(sys_mkdir(BASE "/0/x", 0755));
			continue;
		}
		must(bind(i > 5 ? BASE "/5" : BASE "/0", path, 0));
		if (i == 5) {
			must(change(path, MS_SLAVE));
			must(change(path, MS_SHARED));
		}
	}
	must(tmpfs(BASE "/3/x"));
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), BASE "/%d/x", i);
		check_true("there", is_mount(path));
		obs_str("tags", mount_tags(path));
	}
	must(sys_umount(BASE "/7/x", 0));
	for (int i = 0; i < 10; i++) {
		snprintf(path, sizeof(path), BASE "/%d/x", i);
		obs_int("after_inner_umount", is_mount(path));
	}
	must(sys_umount(BASE "/0/x", 0));
	check_int("left", mounts_below(BASE), 11);
}

/* MNTNS-07 */

static void unbindable(void)
{
	three_dirs();
	must(tmpfs(A));
	must(sys_mkdir(A "/sub", 0755));
	must(tmpfs(A "/sub"));
	must(change(A "/sub", MS_UNBINDABLE));
	check_str("tags", mount_tags(A "/sub"), "unbindable");
	check_ret("bind", bind(A "/sub", B, 0), -EINVAL);
	check_ret("rbind_itself", bind(A "/sub", B, MS_REC), -EINVAL);
	check_ret("rbind_above", bind(A, B, MS_REC), 0);
	check_true("pruned", !is_mount(B "/sub"));
	must(change(A "/sub", MS_PRIVATE));
	check_ret("bind_private", bind(A "/sub", C, 0), 0);
	must(change(A "/sub", MS_UNBINDABLE));
	must(sys_unshare(CLONE_NEWNS));
	check_str("copied_with_ns", mount_tags(A "/sub"), "unbindable");
}

/* MNTNS-08, 12, 13 */

#define TYPES 4
static const struct {
	const char *name;
	unsigned long flag;
} types[TYPES] = {
	{ "make_shared", MS_SHARED }, { "make_slave", MS_SLAVE },
	{ "make_private", MS_PRIVATE }, { "make_unbindable", MS_UNBINDABLE },
};

/* How B, a bind of the shared A, comes to each state, and what each change
 * makes of it: the table of mount_namespaces(7). Group a is A's. */
static const struct state {
	const char *name;
	unsigned long steps[2];
	const char *tags, *then[TYPES];
} states[] = {
	{ "private", { MS_PRIVATE }, "private",
	  { "shared:b", "private", "private", "unbindable" } },
	{ "shared", { 0 }, "shared:a",
	  { "shared:a", "master:a", "private", "unbindable" } },
	{ "slave", { MS_SLAVE }, "master:a",
	  { "shared:b master:a", "master:a", "private", "unbindable" } },
	{ "slave_shared", { MS_SLAVE, MS_SHARED }, "shared:b master:a",
	  { "shared:b master:a", "master:a", "private", "unbindable" } },
	{ "unbindable", { MS_UNBINDABLE }, "unbindable",
	  { "shared:b", "unbindable", "private", "unbindable" } },
	{ "shared_alone", { MS_PRIVATE, MS_SHARED }, "shared:b",
	  { "shared:b", "private", "private", "unbindable" } },
};

static void to_state(const struct state *state, const char *path)
{
	for (size_t i = 0; i < LENGTH(state->steps); i++)
		if (state->steps[i])
			must(change(path, state->steps[i]));
}

static void each_change(const struct state *state)
{
	char key[64];

	for (int t = 0; t < TYPES; t++) {
		must(bind(A, B, 0));
		to_state(state, B);
		check_str(state->name, mount_tags(B), state->tags);
		must(change(B, types[t].flag));
		snprintf(key, sizeof(key), "%s.%s", state->name, types[t].name);
		check_str(key, mount_tags(B), state->then[t]);
		must(sys_umount(B, 0));
	}
}

static void shared_a(void)
{
	three_dirs();
	must(tmpfs(A));
	must(change(A, MS_SHARED));
	check_str("a", mount_tags(A), "shared:a");
}

static void transitions(void)
{
	shared_a();
	for (size_t s = 0; s < LENGTH(states); s++)
		each_change(&states[s]);
	check_str("a_stays", mount_tags(A), "shared:a");
}

/* What has no master is not changed, also a hundred times. */
static void slave_of_none(void)
{
	three_dirs();
	must(tmpfs(A));
	for (int i = 0; i < 100; i++)
		must(change(A, MS_SLAVE));
	check_str("private_stays", mount_tags(A), "private");
	must(change(A, MS_UNBINDABLE));
	check_ret("make_slave", change(A, MS_SLAVE), 0);
	check_str("unbindable_stays", mount_tags(A), "unbindable");
	check_ret("still_not_bound", bind(A, B, 0), -EINVAL);
}

/* From slave and shared: it keeps its own slaves only while it is shared. */
static void from_slave_shared(void)
{
	for (int t = 1; t < TYPES; t++) {
		shared_a();
		must(bind(A, B, 0));
		must(change(B, MS_SLAVE));
		must(change(B, MS_SHARED));
		must(bind(B, C, 0));
		must(change(C, MS_SLAVE));
		check_str("slaves_slave", mount_tags(C), "master:b");
		must(change(B, types[t].flag));
		check_str(types[t].name, mount_tags(B),
			  t == 1 ? "master:a" : t == 2 ? "private" : "unbindable");
		check_str("slaves_slave_now", mount_tags(C), "master:a");
		must(sys_umount(BASE, UMOUNT_DETACH));
	}
}

/* MNTNS-10, 11 */

static void slave_needs_master(void)
{
	three_dirs();
	must(tmpfs(A));
	must(change(A, MS_SHARED));
	must(change(A, MS_SLAVE));
	check_str("alone", mount_tags(A), "private");
	must(change(A, MS_SHARED));
	must(bind(A, B, 0));
	must(change(B, MS_SLAVE));
	check_str("with_a_peer", mount_tags(B), "master:a");
	must(change(A, MS_PRIVATE));
	check_str("master_gone", mount_tags(B), "private");
}

/* A slave of one that goes away becomes a slave of what that had as master,
 * or of a peer that stays. */
static void next_master(void)
{
	three_dirs();
	must(tmpfs(A));
	must(change(A, MS_SHARED));
	must(bind(A, B, 0));
	must(bind(A, C, 0));
	must(change(C, MS_SLAVE));
	must(sys_umount(A, 0));
	check_str("peer_left", mount_tags(C), "master:a");
	check_str("peer", mount_tags(B), "shared:a");
	must(sys_umount(B, 0));
	check_str("no_peer_left", mount_tags(C), "private");
}

static void group_numbers(void)
{
	long first, second;

	three_dirs();
	must(tmpfs(A));
	must(tmpfs(B));
	must(change(A, MS_SHARED));
	first = strtol(strchr(mount_field(A, 7), ':') + 1, NULL, 10);
	must(change(B, MS_SHARED));
	second = strtol(strchr(mount_field(B, 7), ':') + 1, NULL, 10);
	check_true("next", second > first);
	must(change(A, MS_PRIVATE));
	must(tmpfs(C));
	must(change(C, MS_SHARED));
	check_true("smallest_free", strtol(strchr(mount_field(C, 7), ':') + 1, NULL, 10) == first);
}

/* MNTNS-14 */

static void bad_types(void)
{
	three_dirs();
	must(tmpfs(A));
	check_ret("two", change(A, MS_SHARED | MS_PRIVATE), -EINVAL);
	check_ret("all", change(A, MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE), -EINVAL);
	check_ret("with_rdonly", change(A, MS_SHARED | MS_RDONLY), -EINVAL);
	check_ret("with_silent", change(A, MS_SHARED | MS_SILENT), 0);
	check_ret("with_rec", change(A, MS_PRIVATE | MS_REC), 0);
	check_ret("no_mount", change(B, MS_SHARED), -EINVAL);
	check_ret("missing", change(BASE "/none", MS_SHARED), -ENOENT);
	check_str("kept", mount_tags(A), "private");
}

/* MNTNS-15, 16 */

static void new_below(void)
{
	three_dirs();
	must(tmpfs(A));
	must(sys_mkdir(A "/x", 0755));
	must(change(A, MS_SHARED));
	must(bind(A, B, 0));
	must(tmpfs(A "/x"));
	check_str("parent", mount_tags(A), "shared:a");
	check_str("below_shared", mount_tags(A "/x"), "shared:b");
	check_str("replica", mount_tags(B "/x"), "shared:b");
	must(tmpfs(C));
	check_str("below_private", mount_tags(C), "private");
}

/* What a bind of C is like on a private mount and on B, which is shared. */
static const struct {
	struct state source;
	const char *bound[2];
} binds[] = {
	{ { "private", { MS_PRIVATE }, "private", { 0 } }, { "private", "shared:c" } },
	{ { "shared", { 0 }, "shared:a", { 0 } }, { "shared:a", "shared:a" } },
	{ { "slave", { MS_SLAVE }, "master:a", { 0 } }, { "master:a", "shared:c master:a" } },
	{ { "slave_shared", { MS_SLAVE, MS_SHARED }, "shared:c master:a", { 0 } },
	  { "shared:c master:a", "shared:c master:a" } },
};

static void bind_table(void)
{
	static const char *const places[] = { BASE "/x", B "/x" };
	char key[64];

	for (int i = 0; i < 2 * (int)LENGTH(binds); i++) {
		const struct state *source = &binds[i / 2].source;
		const char *at = places[i % 2];

		shared_a();
		must(bind(A, C, 0));
		must(tmpfs(B));
		must(change(B, MS_SHARED));
		check_str("b", mount_tags(B), "shared:b");
		must(sys_mkdir(at, 0755));
		to_state(source, C);
		check_str(source->name, mount_tags(C), source->tags);
		must(bind(C, at, 0));
		snprintf(key, sizeof(key), "%s.onto_%s", source->name,
			 i % 2 ? "shared" : "private");
		check_str(key, mount_tags(at), binds[i / 2].bound[i % 2]);
		check_str("source_stays", mount_tags(C), source->tags);
		must(sys_umount(BASE, UMOUNT_DETACH));
	}
}

const struct test_case mntns_cases[] = {
	{ "MNTNS-01", "a new namespace has a copy of its own", copied_tree, CLONE_NEWNS, 0 },
	{ "MNTNS-02", "root and working directory move to the copies", paths_move,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-03", "the fields of mountinfo", info_fields, CLONE_NEWNS, 0 },
	{ "MNTNS-04", "shared: both ways, over namespaces", shared, CLONE_NEWNS, 0 },
	{ "MNTNS-04.peers", "ten peers and slaves", many_peers, CLONE_NEWNS, 0 },
	{ "MNTNS-05", "private: neither way", private, CLONE_NEWNS, 0 },
	{ "MNTNS-06", "slave: receives only", slave, CLONE_NEWNS, 0 },
	{ "MNTNS-07", "unbindable: not bound, pruned", unbindable, CLONE_NEWNS, 0 },
	{ "MNTNS-08", "from each type to each, and the tags", transitions, CLONE_NEWNS, 0 },
	{ "MNTNS-10", "the smallest free group number", group_numbers, CLONE_NEWNS, 0 },
	{ "MNTNS-11", "a slave needs a master", slave_needs_master, CLONE_NEWNS, 0 },
	{ "MNTNS-11.next", "the next master of a slave", next_master, CLONE_NEWNS, 0 },
	{ "MNTNS-12", "a slave of none stays what it is", slave_of_none, CLONE_NEWNS, 0 },
	{ "MNTNS-13", "from slave and shared", from_slave_shared, CLONE_NEWNS, 0 },
	{ "MNTNS-14", "flags that are no type", bad_types, CLONE_NEWNS, 0 },
	{ "MNTNS-15", "a new mount below a shared one", new_below, CLONE_NEWNS, 0 },
	{ "MNTNS-16", "bind: source by destination", bind_table, CLONE_NEWNS, 0 },
	{ 0 },
};
