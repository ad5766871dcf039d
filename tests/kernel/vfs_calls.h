// SPDX-License-Identifier: MIT
/* tests/kernel/vfs_calls.h - calls on names, short enough to read as a story. */
#pragma once

#include "fs/namei.h"

/* All cases work below this directory, and remove it. */
#define T "/t.vfs"

static inline int t_mkdir(const char *name)
{
	return vfs_mkdir(AT_FDCWD, name, 0755);
}

static inline int t_rmdir(const char *name)
{
	return vfs_unlink(AT_FDCWD, name, true);
}

static inline int t_unlink(const char *name)
{
	return vfs_unlink(AT_FDCWD, name, false);
}

static inline int t_symlink(const char *target, const char *name)
{
	return vfs_symlink(target, AT_FDCWD, name);
}

static inline int t_rename(const char *old, const char *new, unsigned flags)
{
	return vfs_rename(AT_FDCWD, old, AT_FDCWD, new, flags);
}

static inline int t_lookup(const char *name, unsigned flags)
{
	struct path p;
	int err = path_lookup(AT_FDCWD, name, flags, &p);

	if (!err)
		path_put(&p);
	return err;
}

/* Opens and closes. */
static inline int t_open(const char *name, u32 flags)
{
	struct file *f;
	int err = file_open(name, flags, 0644, &f);

	if (!err)
		file_put(f);
	return err;
}

static inline int t_touch(const char *name)
{
	return t_open(name, O_CREAT | O_WRONLY);
}

static inline ssize_t t_write(struct file *f, const char *text, u64 pos)
{
	struct iter from;

	iter_kernel(&from, (void *)text, strlen(text));
	return file_write(f, &from, &pos);
}
