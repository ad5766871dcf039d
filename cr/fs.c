// SPDX-License-Identifier: MIT
/* cr/fs.c - root, working directory and umask: fs-PID.img; and paths, as entries of files.img.
 *
 * A path is saved by its text as the checkpointer sees it, and looked up again by the restarter. */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "mm/slab.h"

#define FD_TYPE_REG 1
#define UMASK_BITS 0777

static void fs_class_get(void *fs)
{
	ref_get(&((struct fs_context *)fs)->refs);
}

static void fs_class_put(void *fs)
{
	fs_context_put(fs);
}

/* --- paths --- */

/* An entry of its own, numbered with the files. */
int cr_path_save(struct cr_save *s, const struct path *p, u32 *file_id)
{
	struct pb_fown_entry fown = {};
	struct pb_reg_file_entry reg = { .fown = &fown };
	struct pb_file_entry e = { .type = FD_TYPE_REG, .reg = &reg };
	char *buf = kmalloc(PATH_MAX_LEN), *text;
	bool reachable = false;
	int err;

	if (!buf)
		return -ENOMEM;
	text = path_text(p, &current->fs->root, buf, PATH_MAX_LEN, &reachable);
	if (!text || !reachable || p->dentry->flags & DENTRY_DELETED) {
		err = cr_refuse(s, "path", 0, text ? text : "?", EBUSY, CR_TASK_11);
		kfree(buf);
		return err;
	}
	*file_id = 0;
	err = objtab_add(&s->objects, &cr_file_class, arena_strdup(&s->arena, text), false,
			 file_id);
	e.id = reg.id = *file_id;
	reg.name = pb_text(text);
	reg.flags = O_PATH;
	if (!err)
		err = cr_put(s, CR_FILES, 0, &pb_file_entry_type, &e);
	kfree(buf);
	return err;
}

int cr_path_restore(struct cr_restore *r, u32 file_id, struct path *out)
{
	const struct pb_file_entry *e;
	int err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), file_id, &e);

	if (!err && !e->reg)
		err = cr_refuse(r, "path", file_id, "is no path", EINVAL, CR_IMG_05);
	if (!err)
		err = path_lookup(AT_FDCWD, (char *)e->reg->name.data,
				  LOOKUP_FOLLOW | LOOKUP_DIRECTORY, out);
	if (err && err != -EINVAL)
		cr_refuse(r, "path", file_id, (char *)(e->reg ? e->reg->name.data : NULL), -err,
			  CR_TASK_11);
	return err;
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
};
