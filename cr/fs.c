// SPDX-License-Identifier: MIT
/* cr/fs.c - root, working directory and umask: fs-PID.img; the places are entries of files.img. */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "mm/slab.h"

#define UMASK_BITS 0777

static void fs_class_get(void *fs)
{
	ref_get(&((struct fs_context *)fs)->refs);
}

static void fs_class_put(void *fs)
{
	fs_context_put(fs);
}

/* --- the class --- */

static int fs_save(struct cr_save *s, void *object, u32 id)
{
	struct fs_context *fs = object;
	struct pb_fs_entry e = { .has_umask = true, .umask = fs->umask };
	int err = cr_path_save(s, &fs->cwd, &e.cwd_id);

	if (!err)
		err = cr_path_save(s, &fs->root, &e.root_id);
	return err ? err : cr_put(s, CR_FS, id, &pb_fs_entry_type, &e);
}

static int fs_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_fs_entry *e;
	struct path cwd, root;
	struct fs_context *fs;
	int err = cr_message(r, CR_FS, id, &e);

	if (!err)
		err = cr_path_restore(r, e->cwd_id, &cwd);
	if (err)
		return err;
	err = cr_path_restore(r, e->root_id, &root);
	if (!err) {
		err = fs_context_copy(current->fs, &fs);
		if (!err) {
			fs_context_set_cwd(fs, &cwd);
			fs_context_set_root(fs, &root);
			fs->umask = e->umask & UMASK_BITS;
			*object = fs;
		}
		path_put(&root);
	}
	path_put(&cwd);
	return err;
}

const struct cr_class cr_fs_class = {
	.name = "fs context",
	.save = fs_save,
	.restore = fs_restore,
	.get = fs_class_get,
	.put = fs_class_put,
	.holds = HELD_FS,
};
