// SPDX-License-Identifier: MIT
/* fs/proc_sysctl_fs.c - /proc/sys/fs and /proc/sys/vm: limits of files, mounts and memory.
 *
 * A knob that nothing in the model follows is read-only and shows what holds.
 * Checkpoint: none, these belong to the machine. See proc(5). */

#include "fs/descriptor.h"
#include "fs/lease.h"
#include "fs/mnt_ns.h"
#include "fs/pipe.h"
#include "fs/proc.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define DENTRY_AGE_SECONDS 45
#define PIPE_MAX_BYTES_SHOWN 1048576
#define MAP_COUNT_MAX 65530
#define MIN_FREE_KB 1024

static s64 list_length(const struct list *head)
{
	s64 nr = 0;

	for (const struct list *l = head->next; l != head; l = l->next)
		nr++;
	return nr;
}

static int file_nr_show(const struct sysctl *s, struct text *t)
{
	(void)s;
	text_printf(t, "%ld\t0\t%ld\n", list_length(&file_all), INT64_MAX);
	return t->error;
}

static s64 inodes_in_use(void)
{
	struct super *sb;
	s64 nr = 0;

	list_for_each(sb, &super_all, all)
		nr += list_length(&sb->inodes);
	return nr;
}

static int inode_nr_show(const struct sysctl *s, struct text *t)
{
	(void)s;
	text_printf(t, "%ld\t0\n", inodes_in_use());
	return t->error;
}

static int inode_state_show(const struct sysctl *s, struct text *t)
{
	(void)s;
	text_printf(t, "%ld\t0\t0\t0\t0\t0\t0\n", inodes_in_use());
	return t->error;
}

static int dentry_state_show(const struct sysctl *s, struct text *t)
{
	struct slab_cache *c = NULL;

	(void)s;
	while ((c = slab_cache_next(c)))
		if (!strcmp(slab_cache_name(c), "dentry"))
			text_printf(t, "%lu\t0\t%d\t0\t0\t0\n", slab_in_use(c), DENTRY_AGE_SECONDS);
	return t->error;
}

/* 1: page cache (nothing in it can be read again), 2: names and slabs, 3: both. */
static ssize_t drop_caches_store(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	long what = 0;
	struct sysctl row = { .data = &what, .min = s->min, .max = s->max };
	ssize_t n = sysctl_store_long(&row, text, len, pos);

	if (n > 0 && what > 1) {
		dentry_shrink(~0UL);
		slab_shrink();
	}
	return n;
}

const struct sysctl fs_sysctls[] = {
	SYSCTL_CONSTANT("fs/file-max", INT64_MAX),
	{ .path = "fs/file-nr", .mode = 0444, .show = file_nr_show, .number = true },
	SYSCTL_CONSTANT("fs/nr_open", FD_LIMIT_MAX),
	{ .path = "fs/inode-nr", .mode = 0444, .show = inode_nr_show, .number = true },
	{ .path = "fs/inode-state", .mode = 0444, .show = inode_state_show, .number = true },
	{ .path = "fs/dentry-state", .mode = 0444, .show = dentry_state_show, .number = true },
	{ .path = "fs/mount-max",
	 .mode = 0644,
	 .show = sysctl_show_long,
	 .store = sysctl_store_long,
	 .data = &mount_max,
	 .min = 1,
	 .max = INT_MAX,
	 .number = true },
	SYSCTL_CONSTANT("fs/pipe-max-size", PIPE_MAX_BYTES_SHOWN),
	{ .path = "fs/lease-break-time", .mode = 0644, .show = sysctl_show_long,
	  .store = sysctl_store_long, .data = &lease_break_seconds, .min = 0, .max = INT_MAX,
	  .number = true },
	SYSCTL_CONSTANT("fs/overflowuid", OVERFLOW_ID),
	SYSCTL_CONSTANT("fs/overflowgid", OVERFLOW_ID),
	SYSCTL_CONSTANT("fs/protected_hardlinks", 0),
	SYSCTL_CONSTANT("fs/protected_symlinks", 0),
	SYSCTL_CONSTANT("fs/protected_fifos", 0),
	SYSCTL_CONSTANT("fs/protected_regular", 0),
	SYSCTL_CONSTANT("fs/suid_dumpable", 0),
	{},
};

const struct sysctl vm_sysctls[] = {
	SYSCTL_CONSTANT("vm/overcommit_memory", 0),
	SYSCTL_CONSTANT("vm/overcommit_ratio", 50),
	SYSCTL_CONSTANT("vm/overcommit_kbytes", 0),
	SYSCTL_CONSTANT("vm/max_map_count", MAP_COUNT_MAX),
	SYSCTL_CONSTANT("vm/mmap_min_addr", USER_START),
	SYSCTL_CONSTANT("vm/min_free_kbytes", MIN_FREE_KB),
	SYSCTL_CONSTANT("vm/swappiness", 60),
	SYSCTL_CONSTANT("vm/nr_hugepages", 0),
	SYSCTL_CONSTANT("vm/panic_on_oom", 0),
	{ .path = "vm/drop_caches",
	 .mode = 0200,
	 .show = sysctl_show_constant,
	 .store = drop_caches_store,
	 .min = 1,
	 .max = 3,
	 .number = true },
	{},
};
