// SPDX-License-Identifier: MIT
/* kernel/main.c - from the boot loader to the first program, one call at a time.
 *
 * kernel_main() runs on the boot processor with interrupts off. Each line says what works from
 * there on. It ends as the idle loop of that processor; what needs a task of its own (in-kernel
 * tests, unpacking, the first program) is done by init_main(), which becomes process 1. This file
 * alone may know all rooms. */

#include "arch/machine.h"
#include "boot/cmdline.h"
#include "boot/info.h"
#include "cgroup/cgroup.h"
#include "drivers/console.h"
#include "drivers/pci.h"
#include "drivers/virtio.h"
#include "fs/boot.h"
#include "fs/exec.h"
#include "fs/namei.h"
#include "kernel/bkl.h"
#include "kernel/fail.h"
#include "kernel/gdb.h"
#include "kernel/ktest.h"
#include "kernel/rlimit.h"
#include "kernel/sched.h"
#include "lib/print.h"
#include "mm/mm.h"
#include "mm/slab.h"
#include "net/socket.h"
#include "ns/ns.h"
#include "version.h"

#define EXIT_KTEST_FAILED 1

void kernel_main(void);

/* What lies in the root before any initramfs: the console, so that init can speak. */
static void root_populate(void)
{
	vfs_mkdir(AT_FDCWD, "/dev", 0755);
	vfs_mknod(AT_FDCWD, "/dev/console", S_IFCHR | 0600, DEV(5, 1));
	vfs_mkdir(AT_FDCWD, "/root", 0700);
}

static void initramfs_load(void)
{
	const u8 *data = builtin_initramfs;
	size_t len = builtin_initramfs_end - builtin_initramfs;
	int err;

	if (boot_info.initrd_end > boot_info.initrd_start) {
		data = phys_to_virt(boot_info.initrd_start);
		len = boot_info.initrd_end - boot_info.initrd_start;
	}
	err = initramfs_unpack(data, len);
	if (err)
		kprintf("Initramfs unpacking failed: error %d\n", err);
}

/* Runs the in-kernel tests that ktest= asks for; with ktest_exit=1 the machine ends here. */
static void run_ktests(void)
{
	unsigned failed;

	if (!boot_options.ktest)
		return;
	failed = ktest_run(boot_options.ktest);
	if (!boot_options.ktest_exit)
		return;
	if (failed)
		machine_debug_exit(EXIT_KTEST_FAILED);
	machine_power_off();
}

/* Becomes the program path, with the command line's arguments and environment. */
static int run_program(const char *path)
{
	boot_options.init_argv[0] = path;
	if (boot_options.fail)
		fail_arm(current, boot_options.fail);
	kprintf("Run %s as init process\n", path);
	return kernel_execve(path, boot_options.init_argv, boot_options.init_envp);
}

/* The order of init(1) candidates is Linux's: rdinit=, init=, then the usual places. */
static void run_init(void)
{
	static const char *const usual[] = { "/sbin/init", "/etc/init", "/bin/init", "/bin/sh" };
	struct path found;
	int err;

	if (!path_lookup(AT_FDCWD, boot_options.rdinit, LOOKUP_FOLLOW, &found)) {
		path_put(&found);
		err = run_program(boot_options.rdinit);
		kprintf("Failed to execute %s (error %d)\n", boot_options.rdinit, err);
	}
	if (boot_options.init) {
		err = run_program(boot_options.init);
		panic("Requested init %s failed (error %d).", boot_options.init, err);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(usual); i++)
		run_program(usual[i]);
	panic("No working init found.");
}

/* Process 1, until it becomes a program. */
static void init_main(void *unused)
{
	(void)unused;
	gdb_wait();
	root_populate();
	run_ktests();
	initramfs_load();
	console_open_standard();
	run_init();
}

void kernel_main(void)
{
	cmdline_parse(boot_info.cmdline);	/* boot_options */
	consoles_init();			/* kprintf is heard */
	cpu_early_init();			/* traps are caught, this_cpu() works */
	kprintf("Plimsoll %s\n", PLIMSOLL_VERSION);
	kprintf("Command line: %s\n", boot_info.cmdline);
	acpi_init(boot_info.rsdp);		/* processors and memory nodes are known */
	frames_init();				/* frame_alloc, the direct map */
	slab_init();				/* kmalloc */
	mm_init();				/* address spaces, page tables */
	clock_init();				/* clock_nsec */
	time_init();				/* timers, the wall clock */
	entry_init(); /* system calls, faults and interrupts have handlers */
	tasks_init();				/* the table of task parts may be used */
	sched_init(); /* this code is a task: the idle task of this processor */
	bkl_lock();
	frame_wait_init(); /* pages may be read from files that are not in memory */
	pci_init();				/* PCI devices are known */
	virtio_init(kzalloc);			/* and those that have drivers work */
	fs_boot();				/* file systems, devices, terminals; / is mounted */
	sockets_init();				/* socket(2) has a file system to make files on */
	namespaces_init();			/* clone, unshare and setns know all kinds */
	cgroup_init();				/* tasks are born into control groups */
	gdb_init();				/* gdb may look at all that, from a serial port */
	smp_start(boot_options.max_cpus, sched_cpu_start);
	kthread_create("init", init_main, NULL);	/* process 1 */
	kthreadd_start();			/* process 2 */
	sched_cpu_start();			/* idle: the first switch is to init */
}
