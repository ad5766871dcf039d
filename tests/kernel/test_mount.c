// SPDX-License-Identifier: MIT
/* tests/kernel/test_mount.c - mounts and their propagation.
 *
 * Properties: mounts stack, bind and move as the rules say, and are busy while used; a bind
 * mount may be read-only alone; what is mounted on one peer appears on all and on slaves,
 * beneath what these have there; types show in mountinfo. What each case makes, it removes. */

#include "arch/cpu.h"
#include "fs/mnt_ns.h"
#include "fs/text.h"
#include "kernel/ktest.h"
#include "kernel/task.h"
#include "tests/kernel/vfs_calls.h"

static void mounts_stack_and_are_busy(struct ktest *t)
{
	struct file *f;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("a", T "/none", "tmpfs", 0, NULL), -ENOENT);
	KEXPECT_EQ(t, do_mount("a", T, "nosuchfs", 0, NULL), -ENODEV);
	KEXPECT_EQ(t, do_umount(T, 0), -EINVAL);
	KEXPECT_EQ(t, do_mount("a", T, "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/in_a"), 0);
	KEXPECT_EQ(t, do_mount("b", T, "tmpfs", MS_NODEV, NULL), 0);
	KEXPECT_EQ(t, t_lookup(T "/in_a", 0), -ENOENT);
	KEXPECT_EQ(t, t_rmdir(T), -EBUSY);
	KEXPECT_EQ(t, file_open(T, O_RDONLY, 0, &f), 0);
	KEXPECT_EQ(t, do_umount(T, 0), -EBUSY);
	KEXPECT_EQ(t, do_umount(T, MNT_DETACH | MNT_EXPIRE), -EINVAL);
	KEXPECT_EQ(t, do_umount(T, MNT_DETACH), 0);
	KEXPECT_EQ(t, t_lookup(T "/in_a", 0), 0);
	file_put(f);
	KEXPECT_EQ(t, do_umount(T, MNT_EXPIRE), -EAGAIN);
	KEXPECT_EQ(t, do_umount(T, MNT_EXPIRE), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void binds_may_be_read_only(struct ktest *t)
{
	struct file *f;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_mkdir(T "/a"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/b"), 0);
	KEXPECT_EQ(t, t_touch(T "/f"), 0);
	KEXPECT_EQ(t, do_mount("", T "/b", NULL, MS_BIND, NULL), -EINVAL);
	KEXPECT_EQ(t, do_mount(T "/f", T "/b", NULL, MS_BIND, NULL), -ENOTDIR);
	KEXPECT_EQ(t, do_mount(T "/a", T "/b", NULL, MS_BIND | MS_RDONLY, NULL), 0);
	KEXPECT_EQ(t, t_touch(T "/b/f"), 0);	/* MNTNS-24: the first step is not read-only */
	KEXPECT_EQ(t, file_open(T "/b/f", O_WRONLY, 0, &f), 0);
	KEXPECT_EQ(t, do_mount(NULL, T "/b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), -EBUSY);
	file_put(f);
	KEXPECT_EQ(t, do_mount(NULL, T "/b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), 0);
	KEXPECT_EQ(t, t_touch(T "/b/g"), -EROFS);
	KEXPECT_EQ(t, t_mkdir(T "/b/f"), -EEXIST);
	KEXPECT_EQ(t, t_unlink(T "/b/f"), -EROFS);
	KEXPECT_EQ(t, t_open(T "/b/f", O_WRONLY), -EROFS);
	KEXPECT_EQ(t, t_rename(T "/b/f", T "/a/f", 0), -EXDEV);
	KEXPECT_EQ(t, t_unlink(T "/a/f"), 0);
	KEXPECT_EQ(t, do_umount(T "/b", 0), 0);
	KEXPECT_EQ(t, t_unlink(T "/f"), 0);
	KEXPECT_EQ(t, t_rmdir(T "/b"), 0);
	KEXPECT_EQ(t, t_rmdir(T "/a"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void moves_are_checked(struct ktest *t)
{
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("t", T, "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/a"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/b"), 0);
	KEXPECT_EQ(t, do_mount(T "/a", T "/b", NULL, MS_MOVE, NULL), -EINVAL);
	KEXPECT_EQ(t, do_mount("a", T "/a", "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/a/in"), 0);
	KEXPECT_EQ(t, do_mount(T "/a", T "/a/in", NULL, MS_MOVE, NULL), -ELOOP);
	KEXPECT_EQ(t, do_mount(T "/a", T "/b", NULL, MS_MOVE, NULL), 0);
	KEXPECT_EQ(t, t_lookup(T "/b/in", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/a/in", 0), -ENOENT);
	KEXPECT_EQ(t, do_mount(NULL, T, NULL, MS_SHARED, NULL), 0);
	KEXPECT_EQ(t, do_mount(T "/b", T "/a", NULL, MS_MOVE, NULL), -EINVAL);
	KEXPECT_EQ(t, do_mount(NULL, T "/a", NULL, MS_PRIVATE, NULL), -EINVAL);
	KEXPECT_EQ(t, do_mount(NULL, T, NULL, MS_PRIVATE | MS_SHARED, NULL), -EINVAL);
	KEXPECT_EQ(t, do_umount(T, 0), -EBUSY);
	KEXPECT_EQ(t, do_umount(T, MNT_DETACH), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

/* T is a tmpfs with directories "m", "p" (a peer of m) and "s" (a slave of it). */
static void propagation_setup(struct ktest *t)
{
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("t", T, "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/m"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/p"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/s"), 0);
	KEXPECT_EQ(t, do_mount("m", T "/m", "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/m/d"), 0);
	KEXPECT_EQ(t, do_mount(NULL, T "/m", NULL, MS_SHARED, NULL), 0);
	KEXPECT_EQ(t, do_mount(T "/m", T "/p", NULL, MS_BIND, NULL), 0);
	KEXPECT_EQ(t, do_mount(T "/m", T "/s", NULL, MS_BIND, NULL), 0);
	KEXPECT_EQ(t, do_mount(NULL, T "/s", NULL, MS_SLAVE, NULL), 0);
}

static void propagation_teardown(struct ktest *t)
{
	KEXPECT_EQ(t, do_umount(T, MNT_DETACH), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void mounts_propagate(struct ktest *t)
{
	propagation_setup(t);
	KEXPECT_EQ(t, do_mount("x", T "/p/d", "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_mkdir(T "/p/d/seen"), 0);
	KEXPECT_EQ(t, t_lookup(T "/m/d/seen", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/s/d/seen", 0), 0);
	KEXPECT_EQ(t, do_umount(T "/m/d", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/p/d/seen", 0), -ENOENT);
	KEXPECT_EQ(t, t_lookup(T "/s/d/seen", 0), -ENOENT);
	KEXPECT_EQ(t, do_mount("y", T "/s/d", "tmpfs", 0, NULL), 0);	/* a slave sends nothing */
	KEXPECT_EQ(t, t_mkdir(T "/s/d/own"), 0);
	KEXPECT_EQ(t, t_lookup(T "/m/d/own", 0), -ENOENT);
	/* goes beneath the slave's */
	KEXPECT_EQ(t, do_mount("z", T "/m/d", "tmpfs", 0, NULL), 0);
	KEXPECT_EQ(t, t_lookup(T "/s/d/own", 0), 0);
	KEXPECT_EQ(t, do_umount(T "/m/d", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/s/d/own", 0), 0);
	propagation_teardown(t);
}

static void propagation_types_show(struct ktest *t)
{
	struct text text = {};

	propagation_setup(t);
	KEXPECT_EQ(t, do_mount(NULL, T "/p", NULL, MS_UNBINDABLE, NULL), 0);
	KEXPECT_EQ(t, do_mount(T "/p", T "/m/d", NULL, MS_BIND, NULL), -EINVAL);
	KEXPECT_EQ(t, do_mount(NULL, T "/s", NULL, MS_SHARED, NULL), 0);
	KEXPECT_EQ(t, mountinfo_show(&text, current), 0);
	text_putc(&text, '\0');
	KEXPECT(t, strstr(text.data, " / " T "/m rw,relatime shared:1 - tmpfs m rw"));
	KEXPECT(t, strstr(text.data, " / " T "/p rw,relatime unbindable - tmpfs m rw"));
	KEXPECT(t, strstr(text.data, " / " T "/s rw,relatime shared:2 master:1 - tmpfs m rw"));
	text_free(&text);
	propagation_teardown(t);
}

static const struct ktest_case cases[] = {
	KCASE(mounts_stack_and_are_busy),
	KCASE(binds_may_be_read_only),
	KCASE(moves_are_checked),
	KCASE(mounts_propagate),
	KCASE(propagation_types_show),
	{},
};
const struct ktest_suite mount_suite = { "mount", cases };
