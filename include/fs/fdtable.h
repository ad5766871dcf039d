// SPDX-License-Identifier: MIT
/* fs/fdtable.h - descriptors: the table of open files of a task (shared by CLONE_FILES), and fs
 * context. */
#pragma once

#include "fs/vfs.h"
#include "kernel/task.h"
#include "lib/config.h"

struct files {
	refcount_t refs;
	LAYOUT_PADDING
	u32 size;			/* slots */
	struct file **slot;
	u64 *open_bits, *cloexec_bits,
		*full_words;		/* bitmaps; full_words: words of open_bits that are full */
	u32 next;			/* no free slot below */
	u64 audit_mark;			/* last audit that walked it */
};

struct fs_context {			/* shared by CLONE_FS */
	refcount_t refs;
	LAYOUT_PADDING
	struct path root, cwd;
	u32 umask;
	u64 audit_mark;
};

/* Borrowed reference: valid while the caller does not sleep with a shared table; fd_get takes one.
 */
struct file *fd_get(int fd);		/* with a reference; NULL: EBADF. O_PATH files too */
struct file *fd_get_io(int fd);		/* NULL also for O_PATH */
struct file *fd_peek(struct files *fs, int fd);	/* of any table, no reference */
int fd_alloc(struct file *f, unsigned from,
	     u32 o_cloexec); /* installs, takes the reference; fd or -EMFILE/-ENOMEM */
int fd_reserve(unsigned from, u32 o_cloexec);	/* a number without file yet */
void fd_install(int fd, struct file *f);	/* takes the reference */
void fd_unreserve(int fd);
/* Two numbers at once, which are also stored at fds. 0, or -errno and none. */
int fd_reserve_pair(u32 o_cloexec, uaddr fds, int fd[2]);
void fd_unreserve_pair(const int fd[2]);
int fd_close(int fd);			/* 0 or -EBADF or flush's error */
int fd_next(struct files *fs, unsigned from);	/* lowest open fd >= from, or -1 */
bool fd_cloexec(struct files *fs, int fd);
extern struct fs_context
	init_fs; /* the boot task's and that of threads without one; mount_root() fills it */
/* A table of nobody yet (size: a power of two from 64 on), and its last reference. */
int fd_table_create(u32 size, struct files **out);
void fd_table_put(struct files *fs);
/* Puts f, with a reference of its own, at a free number of any table. 0, -EINVAL, -ENOMEM. */
int fd_table_install(struct files *fs, u32 fd, struct file *f, bool cloexec);
int fs_context_copy(const struct fs_context *from, struct fs_context **out);
void fs_context_put(struct fs_context *fs);
int files_unshare(void);		/* current gets a table of its own */
int fs_context_unshare(void);
void fs_context_set_cwd(struct fs_context *fs, const struct path *p);	/* takes own references */
void fs_context_set_root(struct fs_context *fs, const struct path *p);
