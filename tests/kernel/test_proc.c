// SPDX-License-Identifier: MIT
/* tests/kernel/test_proc.c - procfs from inside: mounts, names, knobs, text of sets.
 *
 * Properties: numbers of knobs are read as on Linux and refused whole; each mount is an instance
 * with its own options and counts its pid namespace (PROC-01 to 03); self leads to the reader
 * (PROC-06); nothing of /proc stays in memory once nobody uses it; an unknown option leaves no
 * mount. */

#include "fs/mnt_ns.h"
#include "fs/namei.h"
#include "fs/proc_fs.h"
#include "kernel/ktest.h"

#define MOUNT_POINT "/ktest_proc"

static ssize_t parse(const char *text, long *value)
{
	*value = -1;
	return sysctl_parse(text, strlen(text), value);
}

static void numbers_are_parsed(struct ktest *t)
{
	long v;

	KEXPECT_EQ(t, parse("12\n", &v), 3);
	KEXPECT_EQ(t, v, 12);
	KEXPECT_EQ(t, parse(" \t-0x10 7", &v), 8);
	KEXPECT_EQ(t, v, -16);
	KEXPECT_EQ(t, parse("010", &v), 3);
	KEXPECT_EQ(t, v, 8);
	KEXPECT_EQ(t, parse("0", &v), 1);
	KEXPECT_EQ(t, v, 0);
	KEXPECT_EQ(t, parse("9223372036854775807", &v), 19);
	KEXPECT_EQ(t, v, LONG_MAX);
}

static void bad_numbers_are_refused(struct ktest *t)
{
	static const char *const bad[] = {
		"", "\n", "-", "x", "1a", "0x", "08", "+1", "1,2", "9223372036854775808",
	};
	long v;

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++)
		KEXPECT_EQ(t, parse(bad[i], &v), -EINVAL);
	KEXPECT_EQ(t, sysctl_parse("1\0", 2, &v), -EINVAL);
}

static void stores_are_whole(struct ktest *t)
{
	s32 value = 5;
	const struct sysctl s = { .data = &value, .min = 1, .max = 9 };

	KEXPECT_EQ(t, sysctl_store_int(&s, "7 8", 3, 0), 2);
	KEXPECT_EQ(t, value, 7);
	KEXPECT_EQ(t, sysctl_store_int(&s, "10", 2, 0), -EINVAL);
	KEXPECT_EQ(t, sysctl_store_int(&s, "junk", 4, 3), 4);
	KEXPECT_EQ(t, value, 7);
}

static void sets_as_text(struct ktest *t)
{
	struct text text = {};

	text_bitmap_list(&text, 0x2f);
	text_putc(&text, ' ');
	text_bitmap_hex(&text, 0x2f, 6);
	text_putc(&text, ' ');
	text_bitmap_hex(&text, 1, 36);
	KEXPECT(t, !strcmp(text.data, "0-3,5 2f 0,00000001"));
	text_free(&text);
}

/* --- mounts --- */

static int proc_mount_at(const char *options)
{
	vfs_mkdir(AT_FDCWD, MOUNT_POINT, 0755);
	return do_mount("proc", MOUNT_POINT, "proc", 0, options);
}

static void proc_unmount(struct ktest *t)
{
	struct path p;

	KEXPECT_EQ(t, path_lookup(AT_FDCWD, MOUNT_POINT, 0, &p), 0);
	path_put(&p);
	mount_tree_umount(p.mnt, 0);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, MOUNT_POINT, true), 0);
}

static int proc_lookup_name(const char *name, struct path *out)
{
	char path[64] = MOUNT_POINT "/";

	strcat(path, name);
	return path_lookup(AT_FDCWD, path, LOOKUP_FOLLOW, out);
}

static void mounts_count_their_namespace(struct ktest *t)
{
	u32 before = init_pid_ns.ns.refs.n;

	KEXPECT_EQ(t, proc_mount_at("hidepid=2"), 0);
	KEXPECT_EQ(t, init_pid_ns.ns.refs.n, before + 1);
	proc_unmount(t);
	KEXPECT_EQ(t, init_pid_ns.ns.refs.n, before);
}

static void unknown_options_are_refused(struct ktest *t)
{
	u32 before = init_pid_ns.ns.refs.n;

	KEXPECT_EQ(t, proc_mount_at("hidepid=3"), -EINVAL);
	KEXPECT_EQ(t, proc_mount_at("subset=all"), -EINVAL);
	KEXPECT_EQ(t, proc_mount_at("nonsense"), -EINVAL);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, MOUNT_POINT, true), 0);
	KEXPECT_EQ(t, init_pid_ns.ns.refs.n, before);
}

static void names_lead_to_tasks(struct ktest *t)
{
	u32 before = current->pid->refs.n;
	struct path p;

	KEXPECT_EQ(t, proc_mount_at(NULL), 0);
	KEXPECT_EQ(t, proc_lookup_name("self", &p), 0);
	KEXPECT(t, to_proc_node(p.dentry->inode)->pid == current->process->tgid);
	KEXPECT_EQ(t, current->pid->refs.n, before + 1);
	path_put(&p);
	KEXPECT_EQ(t, current->pid->refs.n, before + 1);	/* kept while the process lives */
	dentry_shrink(~0UL);
	KEXPECT_EQ(t, current->pid->refs.n, before);
	KEXPECT_EQ(t, proc_lookup_name("thread-self/status", &p), 0);
	path_put(&p);
	KEXPECT_EQ(t, proc_lookup_name("01", &p), -ENOENT);
	KEXPECT_EQ(t, proc_lookup_name("4194305", &p), -ENOENT);
	KEXPECT_EQ(t, proc_lookup_name("sys/kernel/random/uuid", &p), 0);
	path_put(&p);
	KEXPECT_EQ(t, proc_lookup_name("sys/kernel/rand", &p), -ENOENT);
	proc_unmount(t);
}

static void subset_hides_the_rest(struct ktest *t)
{
	struct path p;

	KEXPECT_EQ(t, proc_mount_at("subset=pid"), 0);
	KEXPECT_EQ(t, proc_lookup_name("meminfo", &p), -ENOENT);
	KEXPECT_EQ(t, proc_lookup_name("self/stat", &p), 0);
	path_put(&p);
	proc_unmount(t);
}

static const struct ktest_case cases[] = {
	KCASE(numbers_are_parsed),
	KCASE(bad_numbers_are_refused),
	KCASE(stores_are_whole),
	KCASE(sets_as_text),
	KCASE(mounts_count_their_namespace),
	KCASE(unknown_options_are_refused),
	KCASE(names_lead_to_tasks),
	KCASE(subset_hides_the_rest),
	{},
};
const struct ktest_suite proc_suite = { "proc", cases };
