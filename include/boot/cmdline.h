// SPDX-License-Identifier: MIT
/* boot/cmdline.h - the kernel command line: one table of known options (boot/options.h).
 *
 * cmdline_parse() splits the words once at boot. Known options set the variables
 * of the table; "--" ends them, what follows are init's arguments. Unknown
 * "key=value" words become init's environment, unknown words its arguments,
 * as on Linux (bootparam(7)). Unknown words with a dot are dropped. */
#pragma once

#include "types.h"

#define INIT_ARGS_MAX 32

/* A version of Linux: 6.1 is 0x601. The rules that differ: kernel/compat.h. */
#define COMPAT_VERSION(major, minor) ((major) << 8 | (minor))
#define COMPAT_MAJOR(version) ((version) >> 8)
#define COMPAT_MINOR(version) ((version) & 0xff)
#define COMPAT_DEFAULT COMPAT_VERSION(6, 1)

struct boot_options {
	const char *console[4];		/* console=, in order, the last is /dev/console */
	unsigned nr_consoles;
	const char *init;		/* init= (a path on the root) */
	const char *rdinit;		/* rdinit= (a path in the initramfs), default /init */
	int panic_timeout;		/* panic=: seconds; <0 restart at once; 0 halt */
	bool quiet;
	const char *ktest;		/* ktest=all or a pattern: run in-kernel tests first */
	bool ktest_exit;		/* ktest_exit=1: power off after the in-kernel tests */
	unsigned numa_fake;		/* numa=fake=N */
	u64 audit;			/* audit=N: at every Nth system call; 0 never */
	u64 fail;			/* fail=N: the Nth allocation of programs; 0 none */
	u64 seed;			/* seed=N permutes the scheduler's free choices */
	unsigned compat;		/* compat=6.1 -> 0x601 */
	unsigned max_cpus;		/* maxcpus=N, nosmp -> 1 */
	const char *gdb;		/* gdb=ttyS1: the kernel's own gdb stub */
	bool gdbwait;			/* it stops before init */
	u64 mem_limit;			/* mem=SIZE[KMG] */
	const char *init_argv[INIT_ARGS_MAX];	/* [0] is filled in by the caller */
	unsigned init_argc;
	const char *init_envp[INIT_ARGS_MAX];
	unsigned init_envc;
};

extern struct boot_options boot_options;

void cmdline_parse(const char *cmdline);
