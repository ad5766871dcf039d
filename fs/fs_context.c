// SPDX-License-Identifier: MIT
/* fs/fs_context.c - the file system context of tasks: root directory, current directory, umask.
 *
 * A context is shared by the tasks of CLONE_FS and counted by them; it holds references of
 * both paths. init_fs is the boot task's: mount_root() fills it in, and threads
 * whose maker has no context copy it. Its paths are NULL before.
 * Locks: BKL. Checkpoint: paths by name, umask; sharing is rebuilt.
 * See chroot(2), umask(2), unshare(2). */
#include "fs/descriptor.h"
#include "mm/slab.h"

#define UMASK_DEFAULT 022

struct fs_context init_fs = { .refs = { 1 }, .umask = UMASK_DEFAULT };

static void path_get_if(const struct path *p)
{
	if (p->mnt)
		path_get(p);
}

static void path_put_if(const struct path *p)
{
	if (p->mnt)
		path_put(p);
}

int fs_context_copy(const struct fs_context *from, struct fs_context **out)
{
	struct fs_context *fs = kzalloc_charged(sizeof(*fs));

	if (!fs)
		return -ENOMEM;
	*fs = *from;
	ref_set(&fs->refs, 1);
	path_get_if(&fs->root);
	path_get_if(&fs->cwd);
	*out = fs;
	return 0;
}

void fs_context_put(struct fs_context *fs)
{
	if (!ref_put(&fs->refs))
		return;
	path_put_if(&fs->root);
	path_put_if(&fs->cwd);
	kfree(fs);
}

int fs_context_unshare(void)
{
	struct fs_context *old = current->fs, *fresh;
	int err;

	if (old->refs.n == 1)
		return 0;
	err = fs_context_copy(old, &fresh);
	if (err)
		return err;
	current->fs = fresh;
	fs_context_put(old);
	return 0;
}

static void path_replace(struct path *where, const struct path *p)
{
	struct path old = *where;

	path_get(p);
	*where = *p;
	path_put_if(&old);
}

void fs_context_set_cwd(struct fs_context *fs, const struct path *p)
{
	path_replace(&fs->cwd, p);
}

void fs_context_set_root(struct fs_context *fs, const struct path *p)
{
	path_replace(&fs->root, p);
}

static int fs_part_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	struct fs_context *fs = parent->fs ? parent->fs : &init_fs;

	if (!(args->flags & CLONE_FS) || fs == &init_fs)
		return fs_context_copy(fs, &child->fs);
	ref_get(&fs->refs);
	child->fs = fs;
	return 0;
}

static void fs_part_exit(struct task *t)
{
	struct fs_context *fs = t->fs;

	t->fs = NULL;
	if (fs)
		fs_context_put(fs);
}

const struct task_part fs_part = {
	.name = "fs",
	.fork = fs_part_fork,
	.exit = fs_part_exit,
};
