// SPDX-License-Identifier: MIT
/* fs/mount_show.c - /proc/PID/mounts, mountinfo (MNTNS-03) and mountstats: the mounts a task can
 * reach, as text.
 *
 * Lines come in order of mounting; mounts that are not below the task's root are left out
 * (MNTNS-49).  See proc(5), fstab(5). */

#include "fs/fdtable.h"
#include "fs/names.h"
#include "fs/text.h"
#include "kernel/task.h"
#include "mm/slab.h"

#define ESCAPED " \t\n#"

struct flag_name {
	u64 flag;
	const char *text;
};

static const struct flag_name mount_flag_names[] = {
	{ MNT_K_NOSUID, ",nosuid" },	     { MNT_K_NODEV, ",nodev" },
	{ MNT_K_NOEXEC, ",noexec" },	     { MNT_K_NOATIME, ",noatime" },
	{ MNT_K_NODIRATIME, ",nodiratime" }, { MNT_K_RELATIME, ",relatime" },
	{ MNT_K_NOSYMFOLLOW, ",nosymfollow" },
};
static const struct flag_name super_flag_names[] = {
	{ MS_SYNCHRONOUS, ",sync" },
	{ MS_DIRSYNC, ",dirsync" },
	{ MS_MANDLOCK, ",mand" },
	{ MS_LAZYTIME, ",lazytime" },
};

/* What one pass over a namespace uses. */
struct mount_lines {
	struct text *t;
	struct path root;	/* the task's */
	char *buf;		/* of PATH_MAX_LEN */
};

static void show_flags(struct text *t, const struct flag_name *names, size_t n, u64 flags)
{
	for (size_t i = 0; i < n; i++)
		if (flags & names[i].flag)
			text_puts(t, names[i].text);
}

static void show_mount_flags(struct text *t, const struct mount *m)
{
	show_flags(t, mount_flag_names, ARRAY_SIZE(mount_flag_names), m->flags);
}

static void show_super_flags(struct text *t, const struct mount *m)
{
	show_flags(t, super_flag_names, ARRAY_SIZE(super_flag_names), m->sb->flags);
}

static void show_super_options(struct text *t, const struct mount *m)
{
	if (m->sb->ops && m->sb->ops->show_options)
		m->sb->ops->show_options(m->sb, t);
}

static void show_source(struct text *t, const struct mount *m)
{
	const char *source = m->source && *m->source ? m->source : "none";

	text_escape(t, source, ESCAPED);
}

/* Where m is, seen from the task's root; NULL: out of its reach. */
static char *mount_place(const struct mount_lines *l, struct mount *m)
{
	struct path p = { m, m->root };
	bool reachable;
	char *s = path_text_bare(&p, &l->root, "", l->buf, PATH_MAX_LEN, &reachable);

	return s && reachable ? s : NULL;
}

static void show_mounts_line(const struct mount_lines *l, struct mount *m)
{
	struct text *t = l->t;
	char *place = mount_place(l, m);

	if (!place)
		return;
	show_source(t, m);
	text_putc(t, ' ');
	text_escape(t, place, ESCAPED);
	text_printf(t, " %s %s", m->sb->type->name,
		    m->flags & MNT_K_RDONLY || m->sb->flags & MS_RDONLY ? "ro" : "rw");
	show_super_flags(t, m);
	show_mount_flags(t, m);
	show_super_options(t, m);
	text_puts(t, " 0 0\n");
}

/* The root of m within its file system. */
static void show_root(const struct mount_lines *l, struct mount *m)
{
	struct path p = { m, m->root }, top = { m, m->sb->root };
	char *s = l->buf;

	if (m->sb->ops && m->sb->ops->show_root) {
		if (m->sb->ops->show_root(m->root, l->buf, PATH_MAX_LEN) < 0)
			s = NULL;
	} else {
		struct mount bare = { .root = m->sb->root };

		bare.parent = &bare;
		p.mnt = top.mnt = &bare;
		s = path_text_bare(&p, &top, dentry_unlinked(m->root) ? "//deleted" : "", l->buf,
				   PATH_MAX_LEN, NULL);
	}
	text_escape(l->t, s ? s : "/", ESCAPED);
}

static bool mount_in_reach(const struct mount_lines *l, struct mount *m)
{
	return m->ns && mount_place(l, m);
}

/* propagate_from: the nearest peer group up the chain of masters that the task can see
 * (MNTNS-09). */
static s32 dominating_group(const struct mount_lines *l, struct mount *master)
{
	for (struct mount *m = master; m; m = m->master) {
		struct mount *p;

		if (mount_in_reach(l, m))
			return m->group_id;
		list_for_each(p, &m->peers, peers)
			if (mount_in_reach(l, p))
				return m->group_id;
	}
	return 0;
}

static void show_propagation(const struct mount_lines *l, struct mount *m)
{
	if (mount_is_shared(m))
		text_printf(l->t, " shared:%d", m->group_id);
	if (m->master) {
		s32 from = dominating_group(l, m->master);

		text_printf(l->t, " master:%d", m->master->group_id);
		if (from && from != m->master->group_id)
			text_printf(l->t, " propagate_from:%d", from);
	}
	if (m->flags & MNT_K_UNBINDABLE)
		text_puts(l->t, " unbindable");
}

static void show_mountinfo_line(const struct mount_lines *l, struct mount *m)
{
	struct text *t = l->t;

	if (!mount_place(l, m))
		return;
	text_printf(t, "%d %d %u:%u ", m->id, m->parent->id, DEV_MAJOR(m->sb->dev),
		    DEV_MINOR(m->sb->dev));
	show_root(l, m);
	text_putc(t, ' ');
	text_escape(t, mount_place(l, m), ESCAPED);
	text_puts(t, m->flags & MNT_K_RDONLY ? " ro" : " rw");
	show_mount_flags(t, m);
	show_propagation(l, m);
	text_printf(t, " - %s ", m->sb->type->name);
	show_source(t, m);
	text_puts(t, m->sb->flags & MS_RDONLY ? " ro" : " rw");
	show_super_flags(t, m);
	show_super_options(t, m);
	text_putc(t, '\n');
}

static void show_mountstats_line(const struct mount_lines *l, struct mount *m)
{
	char *place = mount_place(l, m);

	if (!place)
		return;
	text_puts(l->t, "device ");
	show_source(l->t, m);
	text_puts(l->t, " mounted on ");
	text_escape(l->t, place, ESCAPED);
	text_printf(l->t, " with fstype %s\n", m->sb->type->name);
}

static int show_lines(struct text *t, struct task *task,
		      void (*line)(const struct mount_lines *l, struct mount *m))
{
	struct mount_lines l = { .t = t };
	struct mount *m;

	if (!task->fs)
		return -EINVAL;
	l.buf = kmalloc(PATH_MAX_LEN);
	if (!l.buf)
		return -ENOMEM;
	l.root = task->fs->root;
	list_for_each(m, &task_mnt_ns(task)->mounts, ns_link)
		line(&l, m);
	kfree(l.buf);
	return 0;
}

int mounts_show(struct text *t, struct task *task)
{
	return show_lines(t, task, show_mounts_line);
}

int mountinfo_show(struct text *t, struct task *task)
{
	return show_lines(t, task, show_mountinfo_line);
}

int mountstats_show(struct text *t, struct task *task)
{
	return show_lines(t, task, show_mountstats_line);
}
