// SPDX-License-Identifier: MIT
/* cr/pages.c - pages of an image: which stand where (pagemap), the pages themselves (pages-N.img),
 * and the contents of files of memory.
 *
 * Address spaces and files of memory have the same two members: a pagemap, whose first message
 * names the pages member and whose others are runs of pages, and the raw pages, written last. On
 * save frames are only counted and held; on restart they are used where they were read to, without
 * a copy. See CRIU's pagemap.proto. */
#include "cr/internal.h"

#include "fs/names.h"
#include "mm/slab.h"

#define PAGE_RUN_FIRST 64
#define PAGEMAP_PRESENT BIT(2)		/* flags of pagemap_entry */

int cr_pages_begin(struct cr_save *s, enum cr_member kind, u32 id, struct cr_page_run *p)
{
	struct pb_pagemap_head head = { .pages_id = ++s->nr_page_files };

	*p = (struct cr_page_run){ .s = s, .kind = kind, .id = id };
	p->out = kzalloc(sizeof(*p->out));
	if (!p->out)
		return -ENOMEM;
	p->out->id = head.pages_id;
	list_add_tail(&s->pages, &p->out->link);
	return cr_put(s, kind, id, &pb_pagemap_head_type, &head);
}

static int run_flush(struct cr_page_run *p)
{
	int err = p->run.nr_pages
			  ? cr_put(p->s, p->kind, p->id, &pb_pagemap_entry_type, &p->run) : 0;

	p->run.nr_pages = 0;
	return err;
}

static int out_grow(struct cr_pages_out *o)
{
	u64 size = o->size ? 2 * o->size : PAGE_RUN_FIRST;
	struct frame **frames = krealloc(o->frames, size * sizeof(*frames));

	if (!frames)
		return -ENOMEM;
	o->frames = frames;
	o->size = size;
	return 0;
}

int cr_page_out(struct cr_page_run *p, u64 va, struct frame *f)
{
	struct cr_pages_out *o = p->out;
	int err = o->nr == o->size ? out_grow(o) : 0;

	if (err)
		return err;
	frame_get(f);
	o->frames[o->nr++] = f;
	if (p->run.nr_pages && p->run.vaddr + ((u64)p->run.nr_pages << PAGE_SHIFT) == va) {
		p->run.nr_pages++;
		return 0;
	}
	err = run_flush(p);
	p->run = (struct pb_pagemap_entry){ .vaddr = va, .nr_pages = 1, .has_flags = true,
					    .flags = PAGEMAP_PRESENT };
	return err;
}

int cr_pages_end(struct cr_page_run *p)
{
	return run_flush(p);
}

int cr_pages_of(struct cr_restore *r, enum cr_member kind, u32 id, struct cr_messages *map,
		struct cr_member_in **pages)
{
	cr_messages(r, kind, id, map);
	*pages = map->nr ? cr_pages_find(r, ((struct pb_pagemap_head *)map->message[0])->pages_id)
			 : NULL;
	if (!*pages || (*pages)->used)
		return cr_refuse(r, "pagemap", id, "has no pages of its own", EINVAL, CR_IMG_02);
	(*pages)->used = true;
	return 0;
}

/* --- files of memory: the pages of a cache, at their offsets --- */

int cr_content_save(struct cr_save *s, struct inode *i, u32 *id)
{
	struct cr_page_run p;
	struct frame *f;
	int err;

	*id = ++s->nr_contents;
	err = cr_pages_begin(s, CR_CONTENT, *id, &p);
	for (u64 at = 0; !err && (f = radix_next(&i->cache.pages, &at)); at++)
		err = cr_page_out(&p, at << PAGE_SHIFT, f);
	return err ? err : cr_pages_end(&p);
}

static int content_run(struct cr_restore *r, struct inode *i, const struct pb_pagemap_entry *e,
		       struct cr_member_in *pages, u64 *next)
{
	u64 index = e->vaddr >> PAGE_SHIFT;
	int err = 0;

	if (e->vaddr & ~PAGE_MASK || e->nr_pages > pages->nr_frames - *next ||
	    (e->nr_pages && index + e->nr_pages - 1 > INT64_MAX >> PAGE_SHIFT))
		return cr_refuse(r, "pagemap", pages->id, "has more pages than there are", EINVAL,
				 CR_IMG_05);
	for (u32 n = 0; n < e->nr_pages && !err; n++) {
		struct frame **f = &pages->frames[(*next)++];

		frame_get(*f);
		err = page_cache_adopt(&i->cache, index + n, *f);
		if (err)
			frame_put(*f);
	}
	return err == -EEXIST ? cr_refuse(r, "pagemap", pages->id, "names a page twice", EINVAL,
					  CR_IMG_05)
			      : err;
}

/* i is fresh, and of its final size. */
int cr_content_restore(struct cr_restore *r, struct inode *i, u32 id)
{
	struct cr_member_in *pages;
	struct cr_messages all;
	u64 next = 0;
	int err = cr_pages_of(r, CR_CONTENT, id, &all, &pages);

	for (u32 n = 1; n < all.nr && !err; n++)
		err = content_run(r, i, all.message[n], pages, &next);
	return err;
}
