// SPDX-License-Identifier: MIT
/* fs/cwd.c - the working directory, the root directory and the umask of a task.
 *
 * See chdir(2), getcwd(2), chroot(2), umask(2). */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define UNREACHABLE_PREFIX "(unreachable)"

static int chdir_to(const struct path *p)
{
	int err = inode_permission(p->dentry->inode, MAY_EXEC);

	if (!err)
		fs_context_set_cwd(current->fs, p);
	return err;
}

long sys_chdir(uaddr name)
{
	struct path p;
	int err = path_lookup_user(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &p);

	if (err)
		return err;
	err = chdir_to(&p);
	path_put(&p);
	return err;
}

long sys_fchdir(int fd)
{
	struct file *f = fd_get(fd);
	int err;

	if (!f)
		return -EBADF;
	err = dentry_is_dir(f->path.dentry) ? chdir_to(&f->path) : -ENOTDIR;
	file_put(f);
	return err;
}

long sys_chroot(uaddr name)
{
	struct path p;
	int err = path_lookup_user(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &p);

	if (err)
		return err;
	err = inode_permission(p.dentry->inode, MAY_EXEC);
	if (!err && !capable_in(current_user_ns(), CAP_SYS_CHROOT))
		err = deny(EPERM, EXT_CRED_01);
	if (!err)
		fs_context_set_root(current->fs, &p);
	path_put(&p);
	return err;
}

/* The text of the working directory in buf; *start: where it begins. Length with the NUL, or
 * -errno. */
static ssize_t cwd_text(char *buf, char **start)
{
	static const size_t prefix = sizeof(UNREACHABLE_PREFIX) - 1;
	struct fs_context *fs = current->fs;
	bool reachable;
	char *s;

	if (dentry_unlinked(fs->cwd.dentry))
		return -ENOENT;
	s = path_text(&fs->cwd, &fs->root, buf + prefix, PATH_MAX_LEN - prefix, &reachable);
	if (!s)
		return -ENAMETOOLONG;
	if (!reachable) {
		s -= prefix;
		memcpy(s, UNREACHABLE_PREFIX, prefix);
	}
	*start = s;
	return buf + PATH_MAX_LEN - s;
}

long sys_getcwd(uaddr out, u64 size)
{
	char *buf = kmalloc(PATH_MAX_LEN), *s;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = cwd_text(buf, &s);
	if (n > 0 && (u64)n > size)
		n = -ERANGE;
	if (n > 0 && copy_to_user(out, s, n))
		n = -EFAULT;
	kfree(buf);
	return n;
}

long sys_umask(u32 mask)
{
	u32 old = current->fs->umask;

	current->fs->umask = mask & S_IRWXUGO;
	return old;
}
