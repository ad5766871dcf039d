// SPDX-License-Identifier: MIT
/* mm/charge.c - the place where memory is paid for, and whose objects are (mm/charge.h).
 *
 * Which caches are charged stands in one table: what users can make many of. Objects that outlive
 * their maker's interest (tables of the kernel made at first use) are nobody's.
 * Locks: BKL. Checkpoint: none; charges are made again as memory is. */
#include "mm/charge.h"

#include "mm/internal.h"

const struct charge_ops *charge_ops;

void charge_begin(const struct charge_ops *ops)
{
	charge_ops = ops;
}

bool charge_retry(void)
{
	return charge_ops && charge_ops->out_of_memory();
}

struct charged_cache {
	const char *name;
	u32 how;
};

static const struct charged_cache charged_caches[] = {
	{ "dentry", CHARGE_OBJECTS | CHARGE_RECLAIMABLE },
	{ "inode", CHARGE_OBJECTS | CHARGE_RECLAIMABLE },
	{ "long_name", CHARGE_OBJECTS | CHARGE_RECLAIMABLE },
	{ "radix_node", CHARGE_OBJECTS | CHARGE_RECLAIMABLE | CHARGE_ATOMIC },
	{ "file", CHARGE_OBJECTS },	{ "task", CHARGE_OBJECTS },
	{ "process", CHARGE_OBJECTS },	{ "fpu", CHARGE_OBJECTS },
	{ "cred", CHARGE_OBJECTS },	{ "sighand", CHARGE_OBJECTS },
	{ "sig_queued", CHARGE_OBJECTS | CHARGE_ATOMIC },
	{ "mm", CHARGE_OBJECTS },	{ "vma", CHARGE_OBJECTS },
	{ "cgroups", CHARGE_OBJECTS },	{ "unix", CHARGE_OBJECTS },
	{ "cgroup", CHARGE_OBJECTS },	{ "mount", CHARGE_OBJECTS },
	{ "nsproxy", CHARGE_OBJECTS },
};

u32 charge_how(const char *cache)
{
	for (size_t i = 0; i < ARRAY_SIZE(charged_caches); i++)
		if (!strcmp(charged_caches[i].name, cache))
			return charged_caches[i].how;
	return strncmp(cache, "kmalloc-", sizeof("kmalloc-") - 1) ? 0 : CHARGE_ON_REQUEST;
}

void charged_frames(void (*each)(struct frame *f))
{
	u64 pfn = 0;

	while (pfn < frame_count) {
		struct frame *f = &frames[pfn];

		if (f->kind > FRAME_FREE && f->charge)
			each(f);
		pfn += f->kind == FRAME_RESERVED ? 1 : BIT(f->order);
	}
}
