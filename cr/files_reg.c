// SPDX-License-Identifier: MIT
/* cr/files_reg.c - open files that a path names: regular files, directories, devices.
 * reg_file_entry.
 *
 * The restarter opens the same name with the same flags and must be allowed to; a regular file must
 * have the size it had (CR-FILE-09). What has no name any more: cr/names.c. */
#include "cr/internal.h"

#include "fs/vfs.h"

#define FD_TYPE_REG 1
#define REOPEN_FLAGS (O_CREAT | O_EXCL | O_TRUNC)

static bool reg_is(const struct file *f)
{
	u32 mode = f->inode->mode;

	return (S_ISREG(mode) || S_ISDIR(mode) || S_ISCHR(mode) || f->mode & FMODE_PATH) &&
	       !(f->path.mnt->flags & MNT_K_INTERNAL);
}

/* The image and the log of one who checkpoints himself grow behind this moment (CR-API-01). */
static bool is_being_written(const struct cr_save *s, const struct inode *i)
{
	return s->image->inode == i || (s->log.file && s->log.file->inode == i);
}

static int reg_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_reg_file_entry *reg = cr_new(s, struct pb_reg_file_entry);

	if (!reg || !(reg->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->reg = reg;
	reg->flags = f->flags;
	reg->pos = f->pos;
	reg->has_size = S_ISREG(f->inode->mode) && !is_being_written(s, f->inode);
	reg->size = f->inode->size;
	reg->has_mode = true;
	reg->mode = f->inode->mode;
	reg->has_untold = f->ops->changes != NULL;
	reg->untold = reg->has_untold && f->version != f->ops->changes(f);
	return cr_reg_save(s, &f->path, e->id, reg);
}

/* As open(2) asks of device nodes. */
static bool devices_open(const struct mount *m)
{
	return !(m->flags & MNT_K_NODEV) &&
	       (m->sb->user_ns == &init_user_ns || m->sb->type->flags & FS_OWN_DEVICES);
}

/* What has no name is reached without a walk, but opened with the same question. */
static int remapped_open(struct cr_restore *r, const struct pb_reg_file_entry *reg,
			 struct file **out)
{
	u32 flags = reg->flags & ~REOPEN_FLAGS;
	struct path p;
	int err = cr_reg_path(r, reg, 0, &p);

	if (err)
		return err;
	if (!(flags & O_PATH) && S_ISCHR(p.dentry->inode->mode) && !devices_open(p.mnt))
		err = -EACCES;
	else if (!(flags & O_PATH))
		err = inode_permission(p.dentry->inode, cr_may_of(flags));
	if (!err)
		err = file_open_path(&p, flags, current_cred(), out);
	path_put(&p);
	return err;
}

static int reg_open(struct cr_restore *r, const struct pb_reg_file_entry *reg, struct file **out)
{
	if (!reg->name.len || reg->name.data[0] != '/')
		return cr_refuse(r, "file", reg->id, "has no name", EINVAL, CR_IMG_05);
	if (reg->mnt_id || cr_reg_is_remapped(r, reg->id))
		return remapped_open(r, reg, out);
	return file_open((char *)reg->name.data,
			 (reg->flags & ~REOPEN_FLAGS) | O_NOCTTY |
				 (reg->has_mode && S_ISLNK(reg->mode) ? O_NOFOLLOW : 0),
			 0, out);
}

static int reg_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_reg_file_entry *reg = e->reg;
	struct file *f;
	int err;

	if (!reg)
		return cr_refuse(r, "file", e->id, "has no name", EINVAL, CR_IMG_05);
	err = reg_open(r, reg, &f);
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

/* When all that was to change has: no restored name or mount is news. */
static int changes_restore(struct cr_restore *r)
{
	const struct pb_file_entry *e;
	struct objtab_entry *o = NULL;
	int err = 0;

	while (!err && (o = objtab_next(&r->objects, &cr_file_class, o))) {
		struct file *f = o->object;

		if (!f->ops->changes || f->mode & FMODE_PATH)
			continue;
		err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), o->id, &e);
		if (!err && e->reg && e->reg->has_untold)
			f->version = f->ops->changes(f) - e->reg->untold;
	}
	return err;
}

const struct cr_late cr_changes_late = { .name = "changes", .restore = changes_restore };

const struct cr_file_class cr_reg_files = {
	.name = "reg",
	.type = FD_TYPE_REG,
	.is = reg_is,
	.save = reg_save,
	.restore = reg_restore,
};
