// SPDX-License-Identifier: MIT
/* sys/stat.h - struct stat and struct statx as the kernel writes them, from
 * Linux's UAPI headers. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/time.h>
#include <linux/stat.h>
#include <asm/stat.h>

#define ACCESSPERMS (S_IRWXU | S_IRWXG | S_IRWXO)
#define ALLPERMS (S_ISUID | S_ISGID | S_ISVTX | ACCESSPERMS)

int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
int fchmodat(int dir, const char *path, mode_t mode, int flags);
int stat(const char *__restrict path, struct stat *__restrict buf);
int fstat(int fd, struct stat *buf);
int lstat(const char *__restrict path, struct stat *__restrict buf);
int fstatat(int dir, const char *__restrict path, struct stat *__restrict buf, int flags);
int statx(int dir, const char *__restrict path, int flags, unsigned mask, struct statx *buf);
int mkdir(const char *path, mode_t mode);
int mkdirat(int dir, const char *path, mode_t mode);
int mkfifo(const char *path, mode_t mode);
int mknod(const char *path, mode_t mode, dev_t dev);
int mknodat(int dir, const char *path, mode_t mode, dev_t dev);
int utimensat(int dir, const char *path, const struct timespec *times, int flags);
mode_t umask(mode_t mask);
#endif
