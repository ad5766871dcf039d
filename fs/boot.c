// SPDX-License-Identifier: MIT
/* fs/boot.c - the file room at boot: from nothing to a root directory with devices in it.
 *
 * After fs_boot() files can be made and opened in /, devices are registered, terminals listen;
 * nothing is mounted but the root: the first program mounts the rest, as on Linux.
 * Context: boot processor, BKL held, before any task but idle. */

#include "fs/boot.h"
#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/hwrng.h"
#include "fs/memdev.h"
#include "fs/namei.h"
#include "fs/pidfd.h"
#include "fs/pipe.h"
#include "fs/proc.h"
#include "fs/shmem.h"
#include "fs/tty.h"
#include "lib/print.h"

#define STANDARD_FILES 3

void fs_boot(void)
{
	assert(mount_root() == 0);
	pipe_init();
	anon_init();
	shmem_init();
	pidfd_init();
	proc_init();
	memdev_init();
	hwrng_init();
	tty_init();
	devpts_init();
}

void console_open_standard(void)
{
	struct file *f;

	if (file_open("/dev/console", O_RDWR, 0, &f)) {
		kprintf("Warning: unable to open an initial console.\n");
		return;
	}
	for (int fd = 0; fd < STANDARD_FILES; fd++)
		if (fd_alloc(file_get(f), 0, 0) != fd)
			file_put(f);
	file_put(f);
}
