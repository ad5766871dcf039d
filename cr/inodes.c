// SPDX-License-Identifier: MIT
/* cr/inodes.c - files that only open files and mappings keep: their inodes travel in the image.
 *
 * "shmem": files of memory without a name, memfd.img: memfd_create(2) with its seals, and what is
 * behind shared memory without a file. "ghost": what was removed from a file system of memory while
 * it was in use, ghost-file-ID.img: files, directories, FIFOs, devices. Contents of both are pages
 * (pagemap-shmem-N.img): holes stay holes. A ghost is made again in the directory it was in; where
 * that cannot be, on the kernel's own tmpfs. See CRIU's memfd.proto, ghost_file.proto. */
#include "cr/internal.h"

#include "fs/names.h"
#include "fs/shmem.h"
#include "mm/slab.h"

#define SHMEM_NAME_MAX 255
#define SEALS_KNOWN (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
#define GHOST_KINDS_MODE (S_IFMT | S_IALLUGO)

static void inode_class_get(void *i)
{
	inode_get(i);
}

static void inode_class_put(void *i)
{
	inode_put(i);
}

static void dentry_class_drop(void *de)
{
	dentry_put(de);
}

/* Another owner than current needs what chown(2) needs. */
static int owner_restore(struct cr_restore *r, struct inode *i, u32 uid, u32 gid, const char *class)
{
	i->uid = make_uid(current_user_ns(), uid);
	i->gid = make_gid(current_user_ns(), gid);
	if (i->uid == INVALID_ID || i->gid == INVALID_ID)
		return cr_refuse(r, class, 0, "has no such owner", EINVAL, CR_IMG_05);
	if ((i->uid != current_cred()->fsuid || !in_group(current_cred(), i->gid)) &&
	    !capable_in(i->sb->user_ns, CAP_CHOWN))
		return cr_refuse(r, class, 0, "is another user's", EPERM, CR_API_15);
	return 0;
}

static int content_of(struct cr_restore *r, struct inode *i, u64 size, u32 content)
{
	if (size > INT64_MAX)
		return cr_refuse(r, "file of memory", content, "is too long", EINVAL, CR_IMG_05);
	i->size = size;
	return content ? cr_content_restore(r, i, content) : 0;
}

/* --- shmem: on save an inode, on restart its dentry --- */

bool cr_is_shared_anon(const struct file *f)
{
	return shmem_is_shared_anon(f->inode);
}

static int shmem_save(struct cr_save *s, void *object, u32 id)
{
	struct inode *i = object;
	const struct dentry *de = list_first(&i->dentries, struct dentry, alias);
	struct pb_memfd_inode_entry e = {
		.name = pb_text(de->name),
		.uid = from_uid_munged(current_user_ns(), i->uid),
		.gid = from_gid_munged(current_user_ns(), i->gid),
		.size = i->size,
		.seals = i->seals,
		.inode_id = id,
		.has_mode = true, .mode = i->mode,
	};
	int err = cr_content_save(s, i, &e.shmid);

	return err ? err : cr_put(s, CR_MEMFD, 0, &pb_memfd_inode_entry_type, &e);
}

static int shmem_fill(struct cr_restore *r, struct inode *i, const struct pb_memfd_inode_entry *e)
{
	int err = owner_restore(r, i, e->uid, e->gid, "file of memory");

	i->seals = e->seals & SEALS_KNOWN;
	return err ? err : content_of(r, i, e->size, e->shmid);
}

static int shmem_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_memfd_inode_entry *e;
	struct dentry *de;
	struct inode *i;
	int err = cr_find(r, CR_MEMFD, 0, offsetof(struct pb_memfd_inode_entry, inode_id), id, &e);

	if (!err && e->name.len > SHMEM_NAME_MAX)
		err = cr_refuse(r, "file of memory", id, "has too long a name", EINVAL, CR_IMG_05);
	if (!err)
		err = orphan_create(NULL, S_IFREG | (e->mode & S_IALLUGO), 0, &i);
	if (err)
		return err;
	err = shmem_inode_name((char *)e->name.data, i, &de);
	inode_put(i);
	if (err)
		return err;
	err = shmem_fill(r, i, e);
	if (err)
		dentry_put(de);
	else
		*object = de;
	return err;
}

const struct cr_class cr_shmem_class = {
	.name = "file of memory",
	.save = shmem_save,
	.restore = shmem_restore,
	.get = inode_class_get,
	.put = inode_class_put,
	.drop = dentry_class_drop,
	.holds = HELD_INODE,
	.made = HELD_DENTRY,
};

/* --- ghosts --- */

static struct pb_timeval *time_save(struct cr_save *s, timespec_t t)
{
	struct pb_timeval *e = cr_new(s, struct pb_timeval);

	if (e)
		*e = (struct pb_timeval){ t.tv_sec, t.tv_nsec / 1000, true, t.tv_nsec };
	return e;
}

static timespec_t time_restore(const struct pb_timeval *e)
{
	return (timespec_t){ .tv_sec = e->tv_sec, .tv_nsec = e->nsec % NSEC_PER_SEC };
}

static int ghost_save(struct cr_save *s, void *object, u32 id)
{
	struct inode *i = object;
	struct pb_ghost_file_entry e = {
		.uid = from_uid_munged(current_user_ns(), i->uid),
		.gid = from_gid_munged(current_user_ns(), i->gid),
		.mode = i->mode,
		.has_rdev = true, .rdev = i->rdev,
		.atim = time_save(s, i->atime), .mtim = time_save(s, i->mtime),
		.has_size = true, .size = i->size,
		.has_content = S_ISREG(i->mode),
	};
	int err = e.atim && e.mtim ? 0 : -ENOMEM;

	if (!err && S_ISREG(i->mode))
		err = cr_content_save(s, i, &e.content);
	return err ? err : cr_put(s, CR_GHOST, id, &pb_ghost_file_entry_type, &e);
}

/* Ghosts are made where their first user's name was: cr_ghost_restore(). */
static int ghost_restore(struct cr_restore *r, u32 id, void **object)
{
	(void)object;
	return cr_refuse(r, "ghost", id, "has no place", EINVAL, CR_IMG_05);
}

static void times_restore(struct inode *i, const struct pb_ghost_file_entry *e)
{
	if (e->atim)
		i->atime = time_restore(e->atim);
	if (e->mtim)
		i->mtime = time_restore(e->mtim);
}

/* Mapping and filling touched them. */
static int ghosts_restore(struct cr_restore *r)
{
	const struct pb_ghost_file_entry *e;
	struct objtab_entry *o = NULL;
	int err = 0;

	while (!err && (o = objtab_next(&r->objects, &cr_ghost_class, o))) {
		err = cr_message(r, CR_GHOST, o->id, &e);
		if (!err)
			times_restore(o->object, e);
	}
	return err;
}

const struct cr_late cr_ghosts_late = { .name = "ghosts", .restore = ghosts_restore };

static int ghost_fill(struct cr_restore *r, struct inode *i, const struct pb_ghost_file_entry *e)
{
	int err = owner_restore(r, i, e->uid, e->gid, "ghost");

	return err || !S_ISREG(i->mode) ? err : content_of(r, i, e->size, e->content);
}

/* Directories too: who stands in a removed one still does (CR-FILE-08). */
static bool ghost_kind_known(u32 mode)
{
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISFIFO(mode) || S_ISCHR(mode) || S_ISSOCK(mode);
}

int cr_ghost_restore(struct cr_restore *r, u32 id, const struct path *dir, struct inode **out)
{
	const struct pb_ghost_file_entry *e;
	int err;

	*out = objtab_object(&r->objects, &cr_ghost_class, id);
	if (*out)
		return 0;
	err = cr_message(r, CR_GHOST, id, &e);
	if (!err && (e->mode & ~GHOST_KINDS_MODE || !ghost_kind_known(e->mode)))
		err = cr_refuse(r, "ghost", id, "is of no known kind", EINVAL, CR_IMG_05);
	if (!err)
		err = orphan_create(dir, e->mode, e->rdev, out);
	if (err)
		return err;
	err = ghost_fill(r, *out, e);
	if (err)
		inode_put(*out);
	return err ? err : objtab_take(&r->objects, &cr_ghost_class, *out, id);
}

const struct cr_class cr_ghost_class = {
	.name = "ghost",
	.save = ghost_save,
	.restore = ghost_restore,
	.get = inode_class_get,
	.put = inode_class_put,
	.holds = HELD_INODE,
};
