// SPDX-License-Identifier: MIT
/* fs/vfs_audit.c - the audit of VFS: every count of references computed again by finding who
 * holds them.
 *
 * Three passes: all marks to zero; every holder names what it holds (fs/holders.h, and what VFS
 * objects hold of each other); every object compares. A task in the middle of a system call
 * may hold something nobody can see, so counts may exceed what was found by the number of such
 * tasks, and no more. Fewer references than holders is always an error.
 * Context: may not sleep. Locks: BKL. */

#include "arch/cpu.h"
#include "fs/audit.h"
#include "fs/names.h"
#include "kernel/audit.h"
#include "kernel/task.h"

static u64 audit_run_nr;

bool audit_first(u64 *mark)
{
	bool first = *mark != audit_run_nr;

	*mark = audit_run_nr;
	return first;
}

void audit_found_file(struct file *f)
{
	f->found++;
}

void audit_found_dentry(struct dentry *de)
{
	de->found++;
}

void audit_found_mount(struct mount *m)
{
	m->found++;
}

void audit_found_super(struct super *sb)
{
	sb->found++;
}

void audit_found_path(const struct path *p)
{
	if (!p->mnt)
		return;
	p->mnt->found++;
	p->dentry->found++;
}

/* --- all dentries: those with an inode by their inode, negative ones by the hash table --- */

struct dentry_visit {
	void (*fn)(struct dentry *de, struct audit *a, u64 slack);
	struct audit *a;
	u64 slack;
};

static void visit_negative(struct dentry *de, void *ctx)
{
	struct dentry_visit *v = ctx;

	if (!de->inode)
		v->fn(de, v->a, v->slack);
}

static void for_each_dentry(void (*fn)(struct dentry *, struct audit *, u64), struct audit *a,
			    u64 slack)
{
	struct dentry_visit v = { fn, a, slack };
	struct super *sb;
	struct inode *i;
	struct dentry *de;

	list_for_each(sb, &super_all, all)
		list_for_each(i, &sb->inodes, all)
			list_for_each(de, &i->dentries, alias)
				fn(de, a, slack);
	dentry_for_each_hashed(visit_negative, &v);
}

/* --- pass 1 --- */

static void dentry_clear(struct dentry *de, struct audit *a, u64 slack)
{
	(void)a, (void)slack;
	de->found = de->found_mounts = 0;
}

static void marks_clear(void)
{
	struct super *sb;
	struct inode *i;
	struct mount *m;
	struct file *f;

	list_for_each(sb, &super_all, all) {
		sb->found = 0;
		list_for_each(i, &sb->inodes, all)
			i->found = 0;
	}
	for_each_dentry(dentry_clear, NULL, 0);
	list_for_each(m, &mount_all, all)
		m->found = m->found_writers = 0;
	list_for_each(f, &file_all, all)
		f->found = 0;
}

/* --- pass 2 --- */

static void dentry_holds(struct dentry *de, struct audit *a, u64 slack)
{
	(void)a, (void)slack;
	if (de->parent != de)
		de->parent->found++;
	if (de->inode)
		de->inode->found++;
	if (de->flags & DENTRY_PINNED || de->sb->root == de)
		de->found++;
}

static void mount_holds(struct mount *m)
{
	m->sb->found++;
	m->root->found++;
	if (m->ns)
		m->found++;
	if (m->parent != m) {
		m->parent->found++;
		m->mountpoint->found++;
		m->mountpoint->found_mounts++;
	}
}

static void file_holds(struct file *f)
{
	audit_found_path(&f->path);
	f->inode->found++;
	if (f->mode & FMODE_WRITER)
		f->path.mnt->found_writers++;
}

static void holders_run(void)
{
	struct mount *m;
	struct file *f;

	for_each_dentry(dentry_holds, NULL, 0);
	list_for_each(m, &mount_all, all)
		mount_holds(m);
	list_for_each(f, &file_all, all)
		file_holds(f);
#define HOLDER(name)                           \
	{                                      \
		void name##_hold_audit(void);  \
		name##_hold_audit();           \
	}
#include "fs/holders.h"
#undef HOLDER
}

/* --- pass 3 --- */

static bool count_is_right(u64 kept, u64 found, u64 slack)
{
	return kept >= found && kept - found <= slack;
}

static void dentry_check(struct dentry *de, struct audit *a, u64 slack)
{
	audit_checked(a, 1);
	if (!count_is_right(de->refs.n, de->found, slack))
		audit_broken(a, de->refs.n, de->found, "dentry %.40s of %s", de->name,
			     de->sb->type->name);
	if (de->mounts != de->found_mounts)
		audit_broken(a, de->mounts, de->found_mounts, "mounts on dentry %.40s", de->name);
	if (!(de->flags & DENTRY_MOUNTED) != !de->mounts)
		audit_broken(a, !!(de->flags & DENTRY_MOUNTED), de->mounts,
			     "mountpoint flag of %.40s",
			     de->name);
}

static void super_check(struct super *sb, struct audit *a, u64 slack)
{
	u64 nr_inodes = 0, pages = 0, writers = 0;
	struct inode *i;
	struct mount *m;

	audit_checked(a, 1);
	if (!count_is_right(sb->refs.n, sb->found, slack))
		audit_broken(a, sb->refs.n, sb->found, "super of %s", sb->type->name);
	list_for_each(i, &sb->inodes, all) {
		audit_checked(a, 1);
		nr_inodes += memfs_inode_charge(i);
		pages += i->cache.nr_pages;
		if (!count_is_right(i->refs.n, i->found, slack))
			audit_broken(a, i->refs.n, i->found, "inode %lu of %s", i->ino,
				     sb->type->name);
	}
	list_for_each(m, &mount_all, all)
		if (m->sb == sb)
			writers += m->writers;
	if (sb->writers != writers)
		audit_broken(a, sb->writers, writers, "writers of super of %s", sb->type->name);
	if (sb->ops != &memfs_super_ops)
		return;
	if (memfs_of(sb)->used_inodes != nr_inodes)
		audit_broken(a, memfs_of(sb)->used_inodes, nr_inodes, "inodes of %s",
			     sb->type->name);
	if (memfs_of(sb)->used_blocks != pages)
		audit_broken(a, memfs_of(sb)->used_blocks, pages, "blocks of %s", sb->type->name);
}

static void mount_check(struct mount *m, struct audit *a, u64 slack)
{
	audit_checked(a, 1);
	if (!count_is_right(m->refs.n, m->found, slack))
		audit_broken(a, m->refs.n, m->found, "mount %d of %s", m->id, m->sb->type->name);
	if (!count_is_right(m->writers, m->found_writers, slack))
		audit_broken(a, m->writers, m->found_writers, "writers of mount %d", m->id);
	if (m->master && !mount_is_shared(m->master))
		audit_broken(a, m->id, m->master->id, "mount %d, slave of an unshared one", m->id);
}

static void ns_check(struct mnt_ns *ns, struct audit *a)
{
	struct mount *m;
	u64 n = 0;

	list_for_each(m, &ns->mounts, ns_link)
		n++;
	if (ns->nr != n)
		audit_broken(a, ns->nr, n, "mounts of namespace %u", ns->ns.inum);
}

/* References that calls under way may hold unseen. */
static u64 calls_under_way(void)
{
	struct task *t;
	u64 n = 0;

	list_for_each(t, &task_all, all)
		n += t->syscall_nr >= 0;
	return n;
}

void vfs_audit(struct audit *a)
{
	u64 slack = calls_under_way();
	struct super *sb;
	struct mount *m;
	struct file *f;

	audit_run_nr++;
	marks_clear();
	holders_run();
	for_each_dentry(dentry_check, a, slack);
	list_for_each(sb, &super_all, all)
		super_check(sb, a, slack);
	list_for_each(m, &mount_all, all)
		mount_check(m, a, slack);
	list_for_each(f, &file_all, all) {
		audit_checked(a, 1);
		if (!count_is_right(f->refs.n, f->found, slack))
			audit_broken(a, f->refs.n, f->found, "file of class %s", f->ops->class);
	}
	ns_check(&init_mnt_ns, a);
}
