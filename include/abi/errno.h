// SPDX-License-Identifier: MIT
/* abi/errno.h - errno numbers: Linux's, plus those that never leave the kernel. */
#pragma once

#include <linux/errno.h>	/* IWYU: pulls in asm/errno.h */
#include <asm/errno.h>

/* Returned by an interrupted call; the signal code turns them into EINTR or
 * into a restart of the call (kernel/signal.h). Values as ptrace(2) shows them. */
#define ERESTARTSYS           512	/* restart if SA_RESTART or no handler */
#define ERESTARTNOINTR        513	/* restart always */
#define ERESTARTNOHAND        514	/* restart if no handler, else EINTR */
#define ERESTART_RESTARTBLOCK 516	/* restart through restart_syscall(2) */
