// SPDX-License-Identifier: MIT
/* fs/descriptor.h - what the files of the descriptor half of this room share among themselves.
 *
 * Descriptors, open files, reading and writing, locks, pipes, polling, programs, maps. */
#pragma once

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/vfs.h"

#define RW_COUNT_MAX ((u64)INT_MAX & PAGE_MASK)	/* most bytes one call moves */
#define FD_LIMIT_MAX 1048576U			/* fs.nr_open */

/* --- fdtable.c --- */
int fd_replace(int fd, struct file *f, u32 o_cloexec);	/* dup2: closes what was there; takes f */
int fd_limit(void);				/* first descriptor number not allowed */
void fd_set_cloexec(int fd, bool on);		/* fd is open */
int fd_close_range(unsigned first, unsigned last, bool only_mark);

/* --- file.c --- */
void file_signal_self(int sig);			/* SIGXFSZ, SIGPIPE: to the calling thread */
s64 file_llseek_nowhere(struct file *f, s64 off, int whence);	/* lseek says 0 */
/* file_read() and file_write() that watchers do not hear of. */
ssize_t file_read_untold(struct file *f, struct iter *to, u64 *pos);
ssize_t file_write_untold(struct file *f, struct iter *from, u64 *pos);
void file_accessed(struct file *f);		/* atime by the mount's and the file's rules */

/* --- async.c --- */
int file_set_async(struct file *f, int fd, bool on);	/* O_ASYNC; also adapts f->flags */
void fown_set(struct file *f, struct pid *pid, int type);	/* takes its own reference */
/* SIGIO, or F_SETSIG's signal with that information, to the owner of f. */
void fown_signal(struct file *f, int fd, int code, long band);
void file_async_release(struct file *f);
int file_async_fd(const struct file *f);	/* that O_ASYNC was turned on with */

/* --- read_write.c --- */
#define RW_POS_APPEND (~0UL)	/* generic_write: at the end, whatever O_APPEND says */
/* Positions and lengths of one call: -EINVAL, -EOVERFLOW; *len is cut to RW_COUNT_MAX. */
int rw_check(const struct file *f, u64 pos, u64 *len);
/* A file that can be read (or written) by position: 0, -EBADF, -EINVAL. */
int file_may_read(const struct file *f);
int file_may_write(const struct file *f);
/* Locks f->pos where others may use it at the same time. */
bool file_pos_lock(struct file *f);
void file_pos_unlock(struct file *f, bool locked);

/* --- filemap.c --- */
/* page_cache_get; if nobody can pay for a page, after room was made. May sleep. */
int filemap_get(struct inode *i, u64 index, unsigned flags, struct frame **out);
/* RLIMIT_FSIZE and the file system's own limit: 0 with *len cut, or -EFBIG (SIGXFSZ sent). */
int file_size_check(struct inode *i, u64 pos, u64 *len);
u64 file_max_bytes(const struct inode *i);

/* --- locks.c, posix_locks.c --- */
struct flock_request;
void locks_close(struct file *f, struct files *owner);	/* close(2): the process's go */
void locks_release_file(struct file *f);	/* last reference: flock and OFD locks go */
int fcntl_lock(struct file *f, int fd, unsigned cmd, uaddr arg);

/* --- pipe.c --- */
long pipe_fcntl(struct file *f, unsigned cmd, u64 arg);	/* F_SETPIPE_SZ, F_GETPIPE_SZ */

/* --- epoll.c --- */
void epoll_release_file(struct file *f);	/* a watched file goes away */
