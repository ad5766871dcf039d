// SPDX-License-Identifier: MIT
/* cr/objtab.c - what has been met: objects by address on save, by id on restart.
 *
 * Each entry holds a reference till objtab_free(), so that an address stays that of its object. Ids
 * of a class count from 1 in order of discovery: the same tree gives the same ids. Locks: BKL.
 * Checkpoint: scratch of the engine. */
#include "cr/cr.h"
#include "mm/slab.h"

#define FIRST_BUCKETS 64
#define HASH_MULTIPLIER 0x9e3779b97f4a7c15UL
#define HASH_SHIFT 32

static u64 hash_of(const struct cr_class *c, u64 key)
{
	return ((u64)c ^ key) * HASH_MULTIPLIER >> HASH_SHIFT;
}

void objtab_init(struct objtab *t)
{
	*t = (struct objtab){};
	list_init(&t->all);
}

/* Half of the buckets are by address, the others by id. */
static struct list *bucket(const struct objtab *t, const struct cr_class *c, u64 key)
{
	return &t->buckets[hash_of(c, key) & (t->nr_buckets - 1)];
}

static struct list *id_bucket(const struct objtab *t, const struct cr_class *c, u32 id)
{
	return &t->buckets[t->nr_buckets + (hash_of(c, id) & (t->nr_buckets - 1))];
}

/* Entries stand twice: under their address and under their id. */
static void enter(struct objtab *t, struct objtab_entry *o)
{
	list_add_tail(bucket(t, o->class, (u64)o->object), &o->by_key);
	list_add_tail(id_bucket(t, o->class, o->id), &o->by_id);
}

static int grow(struct objtab *t)
{
	u32 nr = t->nr_buckets ? 4 * t->nr_buckets : FIRST_BUCKETS;
	struct list *buckets = kmalloc_array(2 * nr, sizeof(*buckets));
	struct objtab_entry *o;

	if (!buckets)
		return -ENOMEM;
	for (u32 i = 0; i < 2 * nr; i++)
		list_init(&buckets[i]);
	list_for_each(o, &t->all, link) {
		list_del(&o->by_key);
		list_del(&o->by_id);
	}
	kfree(t->buckets);
	t->buckets = buckets;
	t->nr_buckets = nr;
	list_for_each(o, &t->all, link)
		enter(t, o);
	return 0;
}

void objtab_free(struct objtab *t)
{
	while (!list_empty(&t->all)) {
		struct objtab_entry *o = list_last(&t->all, struct objtab_entry, link);

		list_del(&o->link);
		if (o->put)
			o->put(o->object);
		kfree(o);
	}
	kfree(t->buckets);
	objtab_init(t);
}

u32 objtab_id(const struct objtab *t, const struct cr_class *c, const void *object)
{
	struct objtab_entry *o;

	if (!t->nr_buckets)
		return 0;
	list_for_each(o, bucket(t, c, (u64)object), by_key)
		if (o->object == object && o->class == c)
			return o->id;
	return 0;
}

void *objtab_object(const struct objtab *t, const struct cr_class *c, u32 id)
{
	struct objtab_entry *o;

	if (!t->nr_buckets)
		return NULL;
	list_for_each(o, id_bucket(t, c, id), by_id)
		if (o->id == id && o->class == c)
			return o->object;
	return NULL;
}

static u32 next_id(struct objtab *t, const struct cr_class *c)
{
	u32 i = 0;

	while (cr_classes[i] && cr_classes[i] != c)
		i++;
	return ++t->last_id[MIN(i, ARRAY_SIZE(t->last_id) - 1)];
}

static int object_enter(struct objtab *t, const struct objtab_entry *entry)
{
	struct objtab_entry *o = kmalloc(sizeof(*o));

	if (!o)
		return -ENOMEM;
	if (t->count >= t->nr_buckets && grow(t)) {
		kfree(o);
		return -ENOMEM;
	}
	*o = *entry;
	list_add_tail(&t->all, &o->link);
	enter(t, o);
	t->count++;
	return 0;
}

int objtab_add(struct objtab *t, const struct cr_class *c, void *object, bool hold, u32 *id)
{
	struct objtab_entry o = { .class = c, .object = object, .put = hold ? c->put : NULL };
	int err;

	if (!*id)
		*id = next_id(t, c);
	o.id = *id;
	err = object_enter(t, &o);
	if (!err && hold)
		c->get(object);
	return err;
}

int objtab_take(struct objtab *t, const struct cr_class *c, void *made, u32 id)
{
	struct objtab_entry o = { .class = c, .object = made, .id = id,
				  .put = c->drop ? c->drop : c->put };
	int err = object_enter(t, &o);

	if (err)
		o.put(made);
	return err;
}

struct objtab_entry *objtab_next(const struct objtab *t, const struct cr_class *c,
				 struct objtab_entry *last)
{
	const struct list *at = last ? last->link.next : t->all.next;

	for (; at != &t->all; at = at->next) {
		struct objtab_entry *o = list_entry(at, struct objtab_entry, link);

		if (o->class == c)
			return o;
	}
	return NULL;
}
