// SPDX-License-Identifier: MIT
/* cr/files_reg.c - open files that a path names: regular files, directories, devices.
 * reg_file_entry.
 *
 * The restarter opens the same name with the same flags and must be allowed to; a regular file must
 * have the size it had (CR-FILE-09). What has no name any more is refused. */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "fs/vfs.h"
#include "mm/slab.h"

#define FD_TYPE_REG 1
#define REOPEN_FLAGS (O_CREAT | O_EXCL | O_TRUNC)

static bool reg_is(const struct file *f)
{
	u32 mode = f->inode->mode;

	return (S_ISREG(mode) || S_ISDIR(mode) || S_ISCHR(mode)) &&
	       !(f->path.mnt->flags & MNT_K_INTERNAL);
}

static int reg_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_reg_file_entry *reg = cr_new(s, struct pb_reg_file_entry);
	char *buf = kmalloc(PATH_MAX_LEN), *text;
	bool reachable = false;
	int err = -ENOMEM;

	e->reg = reg;
	if (buf && reg && (reg->fown = cr_new(s, struct pb_fown_entry))) {
		text = path_text(&f->path, &current->fs->root, buf, PATH_MAX_LEN, &reachable);
		err = 0;
		if (!text || !reachable || f->path.dentry->flags & DENTRY_DELETED)
			err = cr_refuse(s, "file", e->id, text ? text : "?", EBUSY, CR_FILE_04);
		if (!err && f->inode->locks)
			err = cr_refuse(s, "file lock", e->id, text, EBUSY, CR_FILE_10);
		if (!err && (f->owner.pid || f->async))
			err = cr_refuse(s, "file owner", e->id, text, EBUSY, CR_FILE_11);
		reg->id = e->id;
		reg->flags = f->flags;
		reg->pos = f->pos;
		reg->name = pb_text(arena_strdup(&s->arena, text ? text : "?"));
		reg->has_size = S_ISREG(f->inode->mode);
		reg->size = f->inode->size;
		reg->has_mode = true;
		reg->mode = f->inode->mode;
	}
	kfree(buf);
	return err;
}

static int reg_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_reg_file_entry *reg = e->reg;
	struct file *f;
	int err;

	if (!reg || !reg->name.len || reg->name.data[0] != '/')
		return cr_refuse(r, "file", e->id, "has no name", EINVAL, CR_IMG_05);
	err = file_open((char *)reg->name.data, (reg->flags & ~REOPEN_FLAGS) | O_NOCTTY, 0, &f);
	if (err)
		return cr_refuse(r, "file", e->id, (char *)reg->name.data, -err, CR_FILE_09);
	if ((reg->has_size && S_ISREG(f->inode->mode) && reg->size != f->inode->size) ||
	    (reg->has_mode && (reg->mode ^ f->inode->mode) & S_IFMT)) {
		file_put(f);
		return cr_refuse(r, "file", e->id, (char *)reg->name.data, EINVAL, CR_FILE_09);
	}
	f->pos = reg->pos & INT64_MAX;
	*out = f;
	return 0;
}

const struct cr_file_class cr_reg_files = {
	.name = "reg",
	.type = FD_TYPE_REG,
	.is = reg_is,
	.save = reg_save,
	.restore = reg_restore,
};
