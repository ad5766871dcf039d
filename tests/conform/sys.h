/* SPDX-License-Identifier: MIT */
/* tests/conform/sys.h - Linux system calls without a C library in between.
 *
 * Every call returns what the kernel returned: a result, or -errno. Numbers,
 * flags and structures come from the kernel's own UAPI headers; nothing here
 * knows newlib's idea of them. Names that both sides define are kept apart. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <asm/unistd.h>
#include <asm/stat.h>
#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/nsfs.h>
#include <linux/poll.h>
#include <linux/prctl.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/time_types.h>
#include <linux/utsname.h>
#include <linux/wait.h>

/* Signals without <linux/time.h>, whose structures a C library has too. */
#define _LINUX_TIME_H
#define sigset_t uapi_sigset_t
#include <asm/signal.h>
#undef sigset_t
#include <asm/siginfo.h>

#define SIGSET_BYTES 8
#define KERNEL_ADDRESS ((void *)0xffffffff80000000ul)
#define PAGE_BYTES 4096
/* umount2(2)'s MNT_FORCE, MNT_DETACH, MNT_EXPIRE: <linux/mount.h> leaves them out. */
#define UMOUNT_FORCE 1
#define UMOUNT_DETACH 2
#define UMOUNT_EXPIRE 4
#define UMOUNT_NOFOLLOW 8

/* Six-argument system call; unused arguments are 0. */
static inline long sys6(long nr, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#define SYS_ARGS(nr, a, b, c, d, e, f, ...) \
	sys6((long)(nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define sys(...) SYS_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* Files. */
#define sys_open(path, flags, mode) sys(__NR_openat, AT_FDCWD, path, flags, mode)
#define sys_close(fd) sys(__NR_close, fd)
#define sys_read(fd, buf, n) sys(__NR_read, fd, buf, n)
#define sys_write(fd, buf, n) sys(__NR_write, fd, buf, n)
#define sys_pread(fd, buf, n, off) sys(__NR_pread64, fd, buf, n, off)
#define sys_pwrite(fd, buf, n, off) sys(__NR_pwrite64, fd, buf, n, off)
#define sys_lseek(fd, off, whence) sys(__NR_lseek, fd, off, whence)
#define sys_stat(path, st) sys(__NR_newfstatat, AT_FDCWD, path, st, 0)
#define sys_lstat(path, st) sys(__NR_newfstatat, AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW)
#define sys_fstat(fd, st) sys(__NR_fstat, fd, st)
#define sys_readlink(path, buf, n) sys(__NR_readlink, path, buf, n)
#define sys_mkdir(path, mode) sys(__NR_mkdir, path, mode)
#define sys_rmdir(path) sys(__NR_rmdir, path)
#define sys_unlink(path) sys(__NR_unlink, path)
#define sys_mount(src, dst, type, flags, data) sys(__NR_mount, src, dst, type, flags, data)
#define sys_umount(path, flags) sys(__NR_umount2, path, flags)
#define sys_ioctl(fd, cmd, arg) sys(__NR_ioctl, fd, cmd, arg)
#define sys_fcntl(fd, cmd, arg) sys(__NR_fcntl, fd, cmd, arg)
#define sys_dup2(from, to) sys(__NR_dup2, from, to)
#define sys_pipe(fds, flags) sys(__NR_pipe2, fds, flags)
#define sys_poll(fds, n, msec) sys(__NR_poll, fds, n, msec)

/* Tasks. */
#define sys_fork() sys(__NR_clone, SIGCHLD)
#define sys_clone(flags) sys(__NR_clone, flags)
#define sys_clone3(args, size) sys(__NR_clone3, args, size)
#define sys_unshare(flags) sys(__NR_unshare, flags)
#define sys_setns(fd, type) sys(__NR_setns, fd, type)
#define sys_getpid() sys(__NR_getpid)
#define sys_getppid() sys(__NR_getppid)
#define sys_getpgid(pid) sys(__NR_getpgid, pid)
#define sys_setpgid(pid, pgid) sys(__NR_setpgid, pid, pgid)
#define sys_getsid(pid) sys(__NR_getsid, pid)
#define sys_setsid() sys(__NR_setsid)
#define sys_gettid() sys(__NR_gettid)
#define sys_exit(code) sys(__NR_exit_group, code)
#define sys_wait4(pid, status, options) sys(__NR_wait4, pid, status, options, 0)
#define sys_kill(pid, sig) sys(__NR_kill, pid, sig)
#define sys_yield() sys(__NR_sched_yield)
#define sys_prctl(op, a, b) sys(__NR_prctl, op, a, b)
#define sys_pidfd_open(pid) sys(__NR_pidfd_open, pid, 0)

/* Names. */
#define sys_uname(buf) sys(__NR_uname, buf)
#define sys_sethostname(name, len) sys(__NR_sethostname, name, len)
#define sys_setdomainname(name, len) sys(__NR_setdomainname, name, len)

/* Memory. */
static inline void *sys_mmap(size_t size, int prot, int flags)
{
	return (void *)sys(__NR_mmap, 0, size, prot, flags, -1, 0);
}
