// SPDX-License-Identifier: MIT
/* cr/names.c - places in the file system: the names of open files, directories and nodes.
 *
 * A place is saved by its text as the checkpointer sees it (reg_file_entry.name), and looked up
 * again by the restarter; one in a mount namespace of the image by its mount (mnt_id) and its text
 * below that. What has lost its name keeps the old text and has a line in
 * remap-fpath.img: either another name of the same inode (LINKED: an entry of files.img), or a
 * ghost (GHOST: cr/inodes.c), which the image carries. On restart both get the old name back, as
 * removed. What is hidden under another mount is refused (CR-FILE-17). */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "fs/names.h"
#include "fs/shmem.h"
#include "kernel/task.h"
#include "mm/slab.h"

#define REMAP_LINKED 0
#define REMAP_GHOST  1
#define FD_TYPE_REG  1

/* --- save --- */

/* Does a later mount hide p, or a directory above it? */
static bool is_hidden(const struct path *p, const struct path *root)
{
	const struct dentry *de = p->dentry;
	const struct mount *m = p->mnt;

	while (!(m == root->mnt && de == root->dentry)) {
		if (de->flags & DENTRY_MOUNTED && mount_find(m, de))
			return true;
		if (de != m->root && de->parent != de) {
			de = de->parent;
		} else if (mount_has_parent(m)) {
			de = m->mountpoint;
			m = m->parent;
			if (de == m->root && !mount_has_parent(m))
				break;
			if (de == root->dentry && m == root->mnt)
				break;
			de = de->parent;
		} else {
			break;
		}
	}
	return false;
}

/* Another name of the same inode, which p's mount shows (CR-FILE-05). */
static struct dentry *other_name(const struct path *p)
{
	struct dentry *de;

	list_for_each(de, &p->dentry->inode->dentries, alias)
		if (!dentry_unlinked(de) && dentry_is_ancestor(p->mnt->root, de))
			return de;
	return NULL;
}

static int remap_save(struct cr_save *s, const struct path *p, u32 id)
{
	struct pb_remap_file_path_entry e = { .orig_id = id, .has_remap_type = true };
	struct path other = { p->mnt, other_name(p) };
	struct inode *i = p->dentry->inode;
	int err;

	if (other.dentry) {
		e.remap_type = REMAP_LINKED;
		err = cr_path_save(s, &other, &e.remap_id);
	} else if (i->sb->ops == &memfs_super_ops) {
		e.remap_type = REMAP_GHOST;
		err = cr_save_object(s, &cr_ghost_class, i, &e.remap_id);
	} else {
		err = cr_refuse(s, "unlinked file", id, i->sb->type->name, EBUSY, CR_FILE_04);
	}
	return err ? err : cr_put(s, CR_REMAP, 0, &pb_remap_file_path_entry_type, &e);
}

int cr_reg_save(struct cr_save *s, const struct path *p, u32 id, struct pb_reg_file_entry *reg)
{
	const struct path *root = &current->fs->root;
	bool special = p->dentry->ops && p->dentry->ops->name, reachable = false;
	char *buf = kmalloc(PATH_MAX_LEN), *text = NULL;
	u32 mount = 0;
	int err = buf ? cr_mount_id(s, p->mnt, &mount) : -ENOMEM;

	if (err) {
		kfree(buf);
		return err;
	}
	if (mount) {
		reg->has_mnt_id = reachable = true;
		reg->mnt_id = mount;
		err = cr_dentry_text(s, p->dentry, p->mnt->root, &text);
	} else if (!special)
		text = path_text_bare(p, root, "", buf, PATH_MAX_LEN, &reachable);
	if (!err && (!text || !reachable))
		err = cr_refuse(s, "file", id, text ? text : "?", EBUSY, CR_FILE_04);
	else if (!err && !mount && is_hidden(p, root))
		err = cr_refuse(s, "file under a mount", id, text, EBUSY, CR_FILE_17);
	if (!err) {
		reg->id = id;
		reg->name = pb_text(arena_strdup(&s->arena, text));
		err = reg->name.data ? 0 : -ENOMEM;
	}
	kfree(buf);
	if (!err && dentry_unlinked(p->dentry))
		err = remap_save(s, p, id);
	return err;
}

/* An entry of its own, numbered with the files. */
int cr_path_save(struct cr_save *s, const struct path *p, u32 *file_id)
{
	struct pb_reg_file_entry *reg = cr_new(s, struct pb_reg_file_entry);
	struct pb_file_entry e = { .type = FD_TYPE_REG, .reg = reg };
	int err = -ENOMEM;

	*file_id = 0;
	if (reg && (reg->fown = cr_new(s, struct pb_fown_entry)))
		err = objtab_add(&s->objects, &cr_file_class, reg, false, file_id);
	if (err)
		return err;
	e.id = *file_id;
	reg->flags = O_PATH;
	err = cr_reg_save(s, p, e.id, reg);
	return err ? err : cr_put(s, CR_FILES, 0, &pb_file_entry_type, &e);
}

bool cr_inode_path(struct cr_save *s, struct inode *i, struct path *out)
{
	const struct mnt_ns *seen_by[] = { task_mnt_ns(s->root), current_mnt_ns() };
	struct dentry *de;
	struct mount *m;

	for (size_t n = 0; n < ARRAY_SIZE(seen_by); n++)
		list_for_each(m, &seen_by[n]->mounts, ns_link)
			list_for_each(de, &i->dentries, alias)
				if (m->sb == i->sb && !dentry_unlinked(de) &&
				    dentry_is_ancestor(m->root, de)) {
					*out = (struct path){ m, de };
					return true;
				}
	return false;
}

/* --- restart --- */

static const struct pb_remap_file_path_entry *remap_find(struct cr_restore *r, u32 id)
{
	return cr_lookup(r, CR_REMAP, 0, offsetof(struct pb_remap_file_path_entry, orig_id), id);
}

bool cr_reg_is_remapped(struct cr_restore *r, u32 id)
{
	return remap_find(r, id);
}

/* A name below a mount of the image, or one that the restarter sees. */
static int place_lookup(struct cr_restore *r, s32 mount, const char *name, unsigned look,
			struct path *out)
{
	int err;

	if (!mount)
		return path_lookup(AT_FDCWD, name, look, out);
	err = cr_mount_find(r, mount, &out->mnt);
	if (!err)
		err = cr_dentry_walk(out->mnt->root, name, &out->dentry);
	if (!err && look & LOOKUP_DIRECTORY && !dentry_is_dir(out->dentry)) {
		dentry_put(out->dentry);
		err = -ENOTDIR;
	}
	if (!err)
		mount_get(out->mnt);
	return err;
}

/* The directory of a name, or what is left above it; *last: the name in it. */
static int dir_lookup_left(struct cr_restore *r, const struct pb_reg_file_entry *reg,
			   struct path *out, char **last)
{
	const char *name = (char *)reg->name.data;
	char *dir = kstrdup(name), *slash;
	int err;

	if (!dir)
		return -ENOMEM;
	slash = strrchr(dir, '/');
	*last = kstrdup(slash[1] ? slash + 1 : "/");
	do {
		slash = strrchr(dir, '/');
		slash[slash == dir] = '\0';
		err = place_lookup(r, reg->mnt_id, dir, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, out);
	} while (err == -ENOENT && slash != dir);
	kfree(dir);
	if (!err && !*last) {
		path_put(out);
		err = -ENOMEM;
	}
	if (err)
		kfree(*last);
	return err;
}

/* The inode that lost its name: borrowed (ghost), or with a reference at *linked. */
static int remap_inode(struct cr_restore *r, const struct pb_remap_file_path_entry *e,
		       const struct path *dir, struct path *linked, struct inode **out)
{
	const struct pb_file_entry *f;
	int err;

	if (e->remap_type != REMAP_LINKED)
		return cr_ghost_restore(r, e->remap_id, dir, out);
	err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), e->remap_id, &f);
	if (!err && (!f->reg || remap_find(r, f->id)))
		err = cr_refuse(r, "remap", e->orig_id, "has no other name", EINVAL, CR_IMG_05);
	if (!err)
		err = place_lookup(r, f->reg->mnt_id, (char *)f->reg->name.data, 0, linked);
	if (!err)
		*out = linked->dentry->inode;
	return err;
}

static int remap_restore(struct cr_restore *r, const struct pb_reg_file_entry *reg,
			 const struct pb_remap_file_path_entry *e, struct path *out)
{
	struct path dir, linked = {};
	struct inode *i;
	char *last;
	int err = dir_lookup_left(r, reg, &dir, &last);

	if (err)
		return err;
	err = remap_inode(r, e, &dir, &linked, &i);
	if (!err && linked.mnt && linked.mnt->sb != dir.mnt->sb)
		err = -EXDEV;
	if (!err)
		err = orphan_name(&dir, last, i, out);
	if (linked.mnt)
		path_put(&linked);
	path_put(&dir);
	kfree(last);
	return err;
}

int cr_reg_path(struct cr_restore *r, const struct pb_reg_file_entry *reg, unsigned look,
		struct path *out)
{
	const struct pb_remap_file_path_entry *e = remap_find(r, reg->id);
	int err;

	if (!reg->name.len || reg->name.data[0] != '/')
		return cr_refuse(r, "file", reg->id, "has no name", EINVAL, CR_IMG_05);
	err = e ? remap_restore(r, reg, e, out)
		: place_lookup(r, reg->mnt_id, (char *)reg->name.data, look, out);
	if (!err && look & LOOKUP_DIRECTORY && !S_ISDIR(out->dentry->inode->mode)) {
		path_put(out);
		err = -ENOTDIR;
	}
	return err;
}

u32 cr_may_of(u32 flags)
{
	static const u8 may[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE, 0 };

	return MAY_OPEN | may[flags & O_ACCMODE];
}

/* The path of a file of the image, looked up with flags; rule is the one that wants it. */
static int file_path_restore(struct cr_restore *r, u32 file_id, unsigned flags, enum rule rule,
			     struct path *out)
{
	const struct pb_file_entry *e;
	int err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), file_id, &e);

	if (err)
		return err;
	if (!e->reg)
		return cr_refuse(r, "path", file_id, "is no path", EINVAL, CR_IMG_05);
	err = cr_reg_path(r, e->reg, flags, out);
	return err ? cr_refuse(r, "path", file_id, (char *)e->reg->name.data, -err, rule) : 0;
}

int cr_place_restore(struct cr_restore *r, u32 file_id, struct path *out)
{
	return file_path_restore(r, file_id, 0, CR_FILE_09, out);
}

int cr_path_restore(struct cr_restore *r, u32 file_id, struct path *out)
{
	return file_path_restore(r, file_id, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, CR_TASK_11, out);
}
