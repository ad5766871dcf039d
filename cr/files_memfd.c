// SPDX-License-Identifier: MIT
/* cr/files_memfd.c - open files of memory without a name: memfd_file_entry.
 *
 * memfd_create(2) and what descriptors of /proc/PID/map_files give. The inode, with its seals and
 * contents, is an object of its own (cr/inodes.c). */
#include "cr/internal.h"

#include "fs/shmem.h"

#define FD_TYPE_MEMFD 18
#define MEMFD_FLAGS (O_ACCMODE | O_APPEND | O_NONBLOCK | O_LARGEFILE | O_NOATIME)

static bool memfd_is(const struct file *f)
{
	return shmem_owns(f->inode) && S_ISREG(f->inode->mode) && f->inode->ops &&
	       list_first(&f->inode->dentries, struct dentry, alias) == f->path.dentry &&
	       f->path.dentry->ops && !(f->mode & FMODE_PATH);
}

static int memfd_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_memfd_file_entry *m = cr_new(s, struct pb_memfd_file_entry);

	if (!m || !(m->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->memfd = m;
	m->id = e->id;
	m->flags = f->flags;
	m->pos = f->pos;
	return cr_save_object(s, &cr_shmem_class, f->inode, &m->inode_id);
}

/* CR-MEM-11: all who had it open have the same file again. */
static int memfd_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	void *dentry;
	int err;

	if (!e->memfd)
		return cr_refuse(r, "memfd", e->id, "has no file", EINVAL, CR_IMG_05);
	err = cr_restore_object(r, &cr_shmem_class, e->memfd->inode_id, &dentry);
	if (!err)
		err = shmem_file_of(dentry, e->memfd->flags & MEMFD_FLAGS, out);
	if (!err)
		(*out)->pos = e->memfd->pos & INT64_MAX;
	return err;
}

const struct cr_file_class cr_memfd_files = {
	.name = "memfd",
	.type = FD_TYPE_MEMFD,
	.is = memfd_is,
	.save = memfd_save,
	.restore = memfd_restore,
};
