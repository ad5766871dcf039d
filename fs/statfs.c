// SPDX-License-Identifier: MIT
/* fs/statfs.c - statfs(2): how large and how full a file system is, and its mount's flags. */

#include <asm/statfs.h>

#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/syscall.h"

#define ST_VALID 0x20
#define ST_OF_SUPER (MS_SYNCHRONOUS | MS_MANDLOCK)	/* the same bits in both */

static const struct {
	u32 mnt;
	u64 st;
} statfs_flag_map[] = {
	{ MNT_K_RDONLY, 1 },		/* ST_RDONLY */
	{ MNT_K_NOSUID, 2 },		/* ST_NOSUID */
	{ MNT_K_NODEV, 4 },		/* ST_NODEV */
	{ MNT_K_NOEXEC, 8 },		/* ST_NOEXEC */
	{ MNT_K_NOATIME, 1024 },	/* ST_NOATIME */
	{ MNT_K_NODIRATIME, 2048 },	/* ST_NODIRATIME */
	{ MNT_K_RELATIME, 4096 },	/* ST_RELATIME */
	{ MNT_K_NOSYMFOLLOW, 8192 },	/* ST_NOSYMFOLLOW */
};

static u64 statfs_flags(const struct mount *m)
{
	u32 flags = m->flags | (m->sb->flags & MS_RDONLY ? MNT_K_RDONLY : 0);
	u64 st = ST_VALID | (m->sb->flags & ST_OF_SUPER);

	for (unsigned i = 0; i < ARRAY_SIZE(statfs_flag_map); i++)
		if (flags & statfs_flag_map[i].mnt)
			st |= statfs_flag_map[i].st;
	return st;
}

static int path_statfs(const struct path *p, uaddr out)
{
	const struct super *sb = p->mnt->sb;
	struct statfs64_k k = { .type = sb->magic, .bsize = PAGE_SIZE, .namelen = NAME_MAX_LEN };
	u64 dev = dev_encode(sb->dev);
	int err = sb->ops && sb->ops->statfs ? sb->ops->statfs(p->dentry, &k) : 0;
	struct statfs st = {
		.f_type = k.type, .f_bsize = k.bsize, .f_blocks = k.blocks, .f_bfree = k.bfree,
		.f_bavail = k.bavail, .f_files = k.files, .f_ffree = k.ffree,
		.f_fsid = { { (u32)dev, (u32)(dev >> 32) } }, .f_namelen = k.namelen,
		.f_frsize = k.bsize, .f_flags = statfs_flags(p->mnt),
	};

	return err ? err : copy_to_user(out, &st, sizeof(st));
}

long sys_statfs(uaddr name, uaddr out)
{
	struct path p;
	int err = path_lookup_user(AT_FDCWD, name, LOOKUP_FOLLOW, &p);

	if (err)
		return err;
	err = path_statfs(&p, out);
	path_put(&p);
	return err;
}

long sys_fstatfs(int fd, uaddr out)
{
	struct file *f = fd_get(fd);
	int err;

	if (!f)
		return -EBADF;
	err = path_statfs(&f->path, out);
	file_put(f);
	return err;
}
