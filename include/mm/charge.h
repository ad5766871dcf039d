// SPDX-License-Identifier: MIT
/* mm/charge.h - who pays for memory: what this floor asks of the one above (cgroup/memory.c).
 *
 * A frame that somebody pays for says so in frame.charge, an object of a charged slab cache in its
 * slab's table of owners. Frames of the kernel are opaque here; the charge of user pages
 * (FRAME_ANON, FRAME_CACHE) is a struct lru *, an object's owner a struct payer *. Charged once,
 * when it is made, to who makes it; given back once, when it is freed or leaves its cache. Until
 * the first memory cgroup is made charge_ops is NULL: nobody pays, and a page costs one test more.
 * It never becomes NULL again. Locks: BKL; only out_of_memory and settle sleep. */
#pragma once

#include "mm/frame.h"
#include "mm/lru.h"
#include "types.h"

/* How the objects of a cache are charged. */
#define CHARGE_OBJECTS     BIT(0)	/* each is charged when it is made */
#define CHARGE_RECLAIMABLE BIT(1)	/* caches of what can be read again */
#define CHARGE_ATOMIC      BIT(2)	/* its maker cannot bear reclaim meanwhile */
#define CHARGE_ON_REQUEST  BIT(3)	/* only those asked for with kmalloc_charged() */

/* Who pays for objects. Those of them that are kept unused can be had back when it runs short. */
struct payer {
	struct list unused;		/* struct dentry.unused, the latest used first */
};

struct charge_ops {
	/* current pays for f from now on: 0 (f->charge says who, or NULL) or -ENOMEM. */
	int (*frame)(struct frame *f);
	void (*frame_gone)(struct frame *f);
	/* current pays for an object: 0 and who it is (NULL: no one), or -ENOMEM. */
	int (*object)(size_t bytes, u32 how, struct payer **owner);
	void (*object_gone)(struct payer *owner, size_t bytes, u32 how);
	/* A charged cache page: mapped by the first table, or no more; made dirty, or clean. */
	void (*mapped)(struct frame *f, int delta);
	void (*dirtied)(struct frame *f, int delta);
	void (*fault)(bool major);		/* current had one */
	/* A charge of current was refused, and nothing is held that a sleep would spoil: makes
	 * room, by killing if need be. True: try again. May sleep. */
	bool (*out_of_memory)(void);
	/* current is about to return to user mode and has WORK_CHARGE. May sleep. */
	void (*settle)(void);
};
extern const struct charge_ops *charge_ops;
void charge_begin(const struct charge_ops *ops);

static inline int charge_frame(struct frame *f)
{
	return likely(!charge_ops) ? 0 : charge_ops->frame(f);
}

static inline void uncharge_frame(struct frame *f)
{
	if (unlikely(f->charge != NULL))
		charge_ops->frame_gone(f);
}

/* After -ENOMEM, where a sleep is fine: is it worth trying again? */
bool charge_retry(void);

/* For audits: every charged block of frames, every charged object. */
void charged_frames(void (*each)(struct frame *f));
void charged_objects(void (*each)(struct payer *owner, const struct frame *slab, size_t bytes,
				  u32 how));
