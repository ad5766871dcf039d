// SPDX-License-Identifier: MIT
/* sys/wait.h - waiting for children, with the flags of <linux/wait.h>. */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H
#include <sys/types.h>
#include <signal.h>
#include <linux/wait.h>

#define WEXITSTATUS(w) (((w) >> 8) & 0xff)
#define WTERMSIG(w) ((w) & 0x7f)
#define WSTOPSIG(w) WEXITSTATUS(w)
#define WCOREDUMP(w) (((w) & 0x80) != 0)
#define WIFEXITED(w) (WTERMSIG(w) == 0)
#define WIFSTOPPED(w) (((w) & 0xff) == 0x7f)
#define WIFCONTINUED(w) ((w) == 0xffff)
#define WIFSIGNALED(w) (WTERMSIG(w) != 0 && WTERMSIG(w) != 0x7f)

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
struct rusage;
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
int waitid(int kind, pid_t id, siginfo_t *info, int options); /* no usage: ask wait4 */
#endif
