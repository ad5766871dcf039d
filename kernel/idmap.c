// SPDX-License-Identifier: MIT
/* kernel/idmap.c - user and group ids of a user namespace to kernel ids, and back.
 *
 * A map is a set of extents (inside, outside, count), disjoint on both sides; "outside" is
 * a kernel id, so one step translates however deep the namespace is. They are kept in one
 * array sorted by inside and sorted by outside, searched by halves, and as they are shown: up to
 * five in the order in which they were written, more by inside.
 * The initial namespace maps each id to itself.
 * Locks: BKL; a map is written once. Checkpoint: extents are saved. See user_namespaces(7). */

#include "abi/errno.h"
#include "kernel/cred.h"
#include "mm/slab.h"

#define ORDER_KEPT 5

struct extents_side {
	const struct id_extent *first;
	u32 nr;
	bool outside;			/* which column is looked up */
};

static u32 extent_start(const struct id_extent *e, bool outside)
{
	return outside ? e->outside : e->inside;
}

/* The extent whose column holds id, or NULL. */
static const struct id_extent *extent_find(struct extents_side side, u32 id)
{
	const struct id_extent *e;
	u32 low = 0, high = side.nr, mid;

	while (low < high) {
		mid = (low + high) / 2;
		e = &side.first[mid];
		if (id < extent_start(e, side.outside))
			high = mid;
		else if (id - extent_start(e, side.outside) >= e->count)
			low = mid + 1;
		else
			return e;
	}
	return NULL;
}

static kid_t map_in(const struct id_map *m, u32 id)
{
	struct extents_side side = { m->extents, m->nr, false };
	const struct id_extent *e = extent_find(side, id);

	return e ? e->outside + (id - e->inside) : INVALID_ID;
}

static u32 map_out(const struct id_map *m, kid_t id)
{
	struct extents_side side = { m->extents + m->nr, m->nr, true };
	const struct id_extent *e = extent_find(side, id);

	return e ? e->inside + (id - e->outside) : INVALID_ID;
}

kid_t make_uid(const struct user_ns *ns, u32 id)
{
	return ns == &init_user_ns ? id : map_in(&ns->uid_map, id);
}

kid_t make_gid(const struct user_ns *ns, u32 id)
{
	return ns == &init_user_ns ? id : map_in(&ns->gid_map, id);
}

u32 from_uid(const struct user_ns *ns, kid_t id)
{
	return ns == &init_user_ns ? id : map_out(&ns->uid_map, id);
}

u32 from_gid(const struct user_ns *ns, kid_t id)
{
	return ns == &init_user_ns ? id : map_out(&ns->gid_map, id);
}

/* USERNS-03: what is not mapped reads as nobody. */
u32 from_uid_munged(const struct user_ns *ns, kid_t id)
{
	u32 inside = from_uid(ns, id);

	return inside == INVALID_ID ? OVERFLOW_ID : inside;
}

u32 from_gid_munged(const struct user_ns *ns, kid_t id)
{
	u32 inside = from_gid(ns, id);

	return inside == INVALID_ID ? OVERFLOW_ID : inside;
}

/* Insertion sort: maps are short and written once. */
static void extents_sort(struct id_extent *e, u32 nr, bool outside)
{
	struct id_extent one;
	u32 i, j, at;

	for (i = 1; i < nr; i++) {
		one = e[i];
		at = extent_start(&one, outside);
		for (j = i; j && extent_start(&e[j - 1], outside) > at; j--)
			e[j] = e[j - 1];
		e[j] = one;
	}
}

int id_map_set(struct id_map *map, const struct id_extent *extents, u32 nr)
{
	struct id_extent *all = kmalloc_array(3 * (size_t)nr, sizeof(*all));

	if (!all)
		return -ENOMEM;
	for (int copy = 0; copy < 3; copy++)
		memcpy(all + copy * nr, extents, nr * sizeof(*all));
	extents_sort(all, nr, false);
	extents_sort(all + nr, nr, true);
	if (nr > ORDER_KEPT)
		extents_sort(all + 2 * nr, nr, false);
	map->extents = all;
	map->nr = nr;
	return 0;
}

void id_map_clear(struct id_map *map)
{
	kfree(map->extents);
	map->extents = NULL;
	map->nr = 0;
}
