// SPDX-License-Identifier: MIT
/* fs/vfs_holders.c - the references that tasks and the kernel hold of files and paths, for
 * vfs_audit().
 *
 * Locks: BKL; nothing sleeps. */

#include "fs/audit.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/task.h"
#include "mm/mm.h"

#define HOLDER(name) void name##_hold_audit(void);
#include "fs/holders.h"
#undef HOLDER

static void fs_context_found(struct fs_context *fs)
{
	if (!fs || !audit_first(&fs->audit_mark))
		return;
	audit_found_path(&fs->root);
	audit_found_path(&fs->cwd);
}

void fs_contexts_hold_audit(void)
{
	struct task *t;

	fs_context_found(&init_fs);
	list_for_each(t, &task_all, all)
		fs_context_found(t->fs);
}

static void files_found(struct files *files)
{
	if (!files || !audit_first(&files->audit_mark))
		return;
	for (int fd = fd_next(files, 0); fd >= 0; fd = fd_next(files, fd + 1))
		if (fd_peek(files, fd))
			audit_found_file(fd_peek(files, fd));
}

void descriptors_hold_audit(void)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		files_found(t->files);
}

void maps_hold_audit(void)
{
	struct mm *mm;
	struct vma *v;

	list_for_each(mm, &mm_all, all) {
		if (mm->exe_file)
			audit_found_file(mm->exe_file);
		for (v = vma_first(mm); v; v = vma_next(v))
			if (v->file && v->ops == &file_vma_ops)
				audit_found_file(v->file);
	}
}

void kernel_mounts_hold_audit(void)
{
	struct mount *m;

	list_for_each(m, &mount_all, all)
		if (m->flags & MNT_K_INTERNAL)
			audit_found_mount(m);
}

static bool super_is(const struct super *sb, const char *type)
{
	return !strcmp(sb->type->name, type);
}

void devtmpfs_hold_audit(void)
{
	struct super *sb;

	list_for_each(sb, &super_all, all)
		if (super_is(sb, "devtmpfs"))
			audit_found_super(sb);
}

void terminals_hold_audit(void)
{
	struct super *sb;
	struct dentry *de;

	list_for_each(sb, &super_all, all) {
		if (!super_is(sb, "devpts") || !sb->root)
			continue;
		list_for_each(de, &sb->root->children, sibling)
			if (de->inode && de->inode->private) {
				audit_found_dentry(de);
				audit_found_super(sb);
			}
	}
}
