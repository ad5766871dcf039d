// SPDX-License-Identifier: MIT
/* fs/vfs_holders.c - the references that tasks and the kernel hold of files and paths, for
 * vfs_audit().
 *
 * Locks: BKL; nothing sleeps. */

#include "fs/audit.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/task.h"
#include "lib/audit.h"
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

static void fs_context_held(void *fs)
{
	fs_context_found(fs);
}

void fs_contexts_hold_audit(void)
{
	struct task *t;

	fs_context_found(&init_fs);
	list_for_each(t, &task_all, all)
		fs_context_found(t->fs);
	audit_held(HELD_FS, fs_context_held);
}

static void files_found(struct files *files)
{
	if (!files || !audit_first(&files->audit_mark))
		return;
	for (int fd = fd_next(files, 0); fd >= 0; fd = fd_next(files, fd + 1))
		if (fd_peek(files, fd))
			audit_found_file(fd_peek(files, fd));
}

static void files_held(void *files)
{
	files_found(files);
}

void descriptors_hold_audit(void)
{
	struct task *t;

	list_for_each(t, &task_all, all)
		files_found(t->files);
	audit_held(HELD_FILES, files_held);
}

static void file_held(void *f)
{
	audit_found_file(f);
}

static void dentry_held(void *de)
{
	audit_found_dentry(de);
}

static void inode_held(void *i)
{
	((struct inode *)i)->found++;
}

static void mount_held(void *m)
{
	audit_found_mount(m);
}

void calls_hold_audit(void)
{
	audit_held(HELD_FILE, file_held);
	audit_held(HELD_DENTRY, dentry_held);
	audit_held(HELD_INODE, inode_held);
	audit_held(HELD_MOUNT, mount_held);
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
