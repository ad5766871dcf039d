// SPDX-License-Identifier: MIT
/* user/libc/calls.c - the system calls whose C function takes what the kernel
 * takes, in the same order.
 *
 * Each line of the list becomes a few instructions in a section of its own, so
 * that a program carries only those it uses. Written as assembly because one
 * text then fits every prototype: arguments are where the kernel wants them
 * already, but for the fourth (rcx, which the kernel wants in r10). On failure
 * call_failed (crt0.asm) turns -errno into -1 and errno. Calls that need more
 * are in stdcalls.c and signal.c. */
#include <asm/unistd.h>

#define TEXT(x) #x
#define NUMBER(nr) TEXT(nr)
#define CALL_AS(name, nr) \
	asm(".pushsection .text." #name ",\"ax\",@progbits\n" \
	    ".globl " #name "\n.type " #name ",@function\n" \
	    #name ":\n" \
	    "	mov $" NUMBER(nr) ", %eax\n" \
	    "	mov %rcx, %r10\n" \
	    "	syscall\n" \
	    "	cmp $-4095, %rax\n" \
	    "	jae call_failed\n" \
	    "	ret\n" \
	    ".size " #name ", . - " #name "\n.popsection");
#define CALL(name) CALL_AS(name, __NR_##name)

/* Files. */
CALL(read) CALL(write) CALL(open) CALL(openat) CALL(creat) CALL(close) CALL(lseek) CALL(fcntl)
CALL(ioctl) CALL(stat) CALL(fstat) CALL(lstat) CALL(statx) CALL_AS(fstatat, __NR_newfstatat)
CALL(access) CALL(dup) CALL(dup2) CALL(dup3) CALL(pipe) CALL(pipe2) CALL(poll) CALL(select)
CALL(flock) CALL(link) CALL(linkat) CALL(unlink) CALL(unlinkat) CALL(symlink) CALL(symlinkat)
CALL(readlink) CALL(readlinkat) CALL_AS(_rename, __NR_rename) CALL(renameat) CALL(mkdir)
CALL(mkdirat) CALL(rmdir) CALL(mknod) CALL(mknodat) CALL(chmod) CALL(fchmod) CALL(fchmodat)
CALL(chown) CALL(fchown) CALL(lchown) CALL(fchownat) CALL(truncate) CALL(ftruncate) CALL(fsync)
CALL(fdatasync) CALL(sync) CALL(umask) CALL(utimensat) CALL(utimes) CALL(chdir) CALL(fchdir)
CALL(chroot) CALL(mount) CALL(umount2) CALL_AS(umount, __NR_umount2) CALL(pivot_root)
CALL(memfd_create) CALL_AS(pread, __NR_pread64) CALL_AS(pwrite, __NR_pwrite64)

/* Processes, credentials, namespaces. */
CALL(fork) CALL(execve) CALL_AS(_exit, __NR_exit_group) CALL(wait4) CALL(getpid) CALL(getppid)
CALL(gettid) CALL(getpgid) CALL(setpgid) CALL(getpgrp) CALL(getsid) CALL(setsid) CALL(getuid)
CALL(geteuid) CALL(getgid) CALL(getegid) CALL(setuid) CALL(setgid) CALL(setreuid) CALL(setregid)
CALL(setresuid) CALL(setresgid) CALL(getresuid) CALL(getresgid) CALL(getgroups) CALL(setgroups)
CALL(prctl) CALL(unshare) CALL(setns) CALL(uname) CALL(sethostname) CALL(setdomainname)
CALL(sched_yield) CALL(getcpu) CALL(sched_setaffinity) CALL(sched_getaffinity)
CALL(sched_setscheduler) CALL(sched_getscheduler) CALL(getrusage) CALL(getrlimit) CALL(setrlimit)
CALL(setpriority) CALL(pause) CALL(kill) CALL(vhangup) CALL(sigaltstack)

/* Memory and time. */
CALL(mmap) CALL(munmap) CALL(mprotect) CALL(mremap) CALL(madvise) CALL(msync) CALL(mlock)
CALL(munlock) CALL(times) CALL(gettimeofday) CALL(settimeofday) CALL(getitimer) CALL(setitimer)
CALL(alarm) CALL(clock_gettime) CALL(clock_settime) CALL(clock_getres) CALL(nanosleep)
