// SPDX-License-Identifier: MIT
/* kernel/sysinfo.c - sysinfo(2): uptime, load, memory and tasks in one structure. */

#include <linux/sysinfo.h>

#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/time.h"
#include "mm/frame.h"

#define LOAD_SHIFT_UP (SI_LOAD_SHIFT - 11)	/* load_average() counts in 1/2048 */

long sys_sysinfo(uaddr u)
{
	struct memory_totals m;
	struct sysinfo si;
	u64 load[3];
	int i;

	memory_totals(&m);
	load_average(load);
	memset(&si, 0, sizeof(si));
	si.uptime = (time_monotonic() + NSEC_PER_SEC - 1) / NSEC_PER_SEC;
	for (i = 0; i < 3; i++)
		si.loads[i] = load[i] << LOAD_SHIFT_UP;
	si.totalram = m.total_pages * PAGE_SIZE;
	si.freeram = m.free_pages * PAGE_SIZE;
	si.sharedram = m.shmem_pages * PAGE_SIZE;
	si.procs = task_count;
	si.mem_unit = 1;
	return copy_to_user(u, &si, sizeof(si));
}
