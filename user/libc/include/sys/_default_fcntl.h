// SPDX-License-Identifier: MIT
/* sys/_default_fcntl.h - open and fcntl with the kernel's own numbers, from
 * Linux's UAPI headers. */
#ifndef _SYS__DEFAULT_FCNTL_H_
#define _SYS__DEFAULT_FCNTL_H_
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/stat.h>
#include <linux/fcntl.h>

#define FAPPEND O_APPEND
#define FNONBIO O_NONBLOCK
#define FNDELAY O_NONBLOCK
#define FNONBLOCK O_NONBLOCK
#define FREAD 1
#define FWRITE 2

int open(const char *path, int flags, ...);
int openat(int dir, const char *path, int flags, ...);
int creat(const char *path, mode_t mode);
int fcntl(int fd, int cmd, ...);
int flock(int fd, int operation);
#endif
