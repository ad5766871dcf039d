// SPDX-License-Identifier: MIT
/* fs/dcache.c - dentries: names in directories, found by (parent, name) in one hash table.
 *
 * A dentry counts its parent and its inode. References are held by open files, mounts, root and
 * working directories, children, and the file system itself where it is kept in memory (pinned).
 * Life: 1 dentry_create: hashed, negative; 2 dentry_set_inode: names an inode; 3 refs 0: stays
 * hashed, on the LRU list, and is revived by the next lookup; 4 dentry_delete (unlink) or
 * dentry_drop (stale): not found any more; 5 freed at refs 0 when not hashed, or by dentry_shrink.
 * A directory without a lookup operation is kept in the dentry tree alone: there a name that is
 * not hashed does not exist, and unused negative dentries are freed at once.
 * The table doubles as dentries come. Long names are counted, so that a move cannot fail.
 * Locks: BKL. Checkpoint: rebuilt. See path_resolution(7). */

#include "fs/names.h"
#include "fs/notify.h"
#include "lib/hash.h"
#include "mm/charge.h"
#include "mm/slab.h"

#define HASH_FIRST_BITS 10
#define HASH_LAST_BITS 18
#define LRU_SHARE 16		/* of memory may be unused dentries: a part in so many */
#define LRU_BATCH 64

struct long_name {
	refcount_t refs;	/* dentries of that name */
	char text[];
};

static struct slab_cache *dentry_cache, *name_cache;
static struct list first_table[1 << HASH_FIRST_BITS];
static struct list *table = first_table;
static u64 table_mask = (1 << HASH_FIRST_BITS) - 1;
static u64 nr_hashed, nr_unused, unused_max;
/* Unused dentries, last used first; some are in use again. Who pays has them on a list too. */
static struct list lru = LIST_INIT(lru);
static u64 last_seq;

static void table_init(struct list *t, u64 buckets)
{
	while (buckets)
		list_init(&t[--buckets]);
}

void dcache_init(void)
{
	struct memory_totals totals;

	memory_totals(&totals);
	unused_max = totals.total_pages * PAGE_SIZE / LRU_SHARE / sizeof(struct dentry);
	table_init(first_table, ARRAY_SIZE(first_table));
	dentry_cache = slab_cache_create("dentry", sizeof(struct dentry), sizeof(u64));
	name_cache = slab_cache_create("long_name", sizeof(struct long_name) + NAME_MAX_LEN + 1,
				       0);
}

/* Doubles the table; where memory is short it stays as it is. */
static void table_grow(void)
{
	u64 buckets = 2 * (table_mask + 1);
	struct list *old = table, *fresh;
	struct dentry *de, *next;

	if (buckets > 1 << HASH_LAST_BITS)
		return;
	fresh = kmalloc_array(buckets, sizeof(*fresh));
	if (!fresh)
		return;
	table_init(fresh, buckets);
	for (u64 b = 0; b <= table_mask; b++)
		list_for_each_safe(de, next, &old[b], hash_link) {
			list_del(&de->hash_link);
			list_add(&fresh[de->hash & (buckets - 1)], &de->hash_link);
		}
	table = fresh;
	table_mask = buckets - 1;
	if (old != first_table)
		kfree(old);
}

static inline u64 dentry_hash(const struct dentry *parent, u64 name_hash)
{
	return hash_u64(name_hash + (u64)parent);
}

static void dentry_hash_in(struct dentry *de)
{
	de->hash = dentry_hash(de->parent, hash_bytes(de->name, de->name_len, 0));
	list_add(&table[de->hash & table_mask], &de->hash_link);
	de->flags |= DENTRY_HASHED;
	de->seq = ++last_seq;
	list_add(&de->parent->children, &de->sibling);
	if (++nr_hashed > table_mask)
		table_grow();
}

/* Not found by name nor by readdir from now on; still counted by its parent. */
static void dentry_unhash(struct dentry *de)
{
	if (!(de->flags & DENTRY_HASHED))
		return;
	list_del(&de->hash_link);
	list_del(&de->sibling);
	de->flags &= ~DENTRY_HASHED;
	nr_hashed--;
}

/* Names are short: memcmp() would take longer to begin. */
static inline bool same_name(const char *a, const char *b, size_t len)
{
	while (len && *a == *b)
		a++, b++, len--;
	return !len;
}

struct dentry *dentry_peek_hashed(struct dentry *parent, const char *name, size_t len,
				  u64 name_hash)
{
	u64 hash = dentry_hash(parent, name_hash);
	struct dentry *de;

	list_for_each(de, &table[hash & table_mask], hash_link)
		if (de->hash == hash && de->parent == parent && de->name_len == len &&
		    same_name(de->name, name, len))
			return de;
	return NULL;
}

struct dentry *dentry_peek(struct dentry *parent, const char *name, size_t len)
{
	return dentry_peek_hashed(parent, name, len, hash_bytes(name, len, 0));
}

struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len)
{
	struct dentry *de = dentry_peek(parent, name, len);

	return de ? dentry_get(de) : NULL;
}

/* --- names --- */

static struct long_name *to_long_name(const struct dentry *de)
{
	return de->name == de->inline_name ? NULL : container_of(de->name, struct long_name, text);
}

static int dentry_name_set(struct dentry *de, const char *name, size_t len)
{
	struct long_name *ln;
	char *text = de->inline_name;

	if (len >= DENTRY_INLINE_NAME) {
		ln = slab_alloc(name_cache);
		if (!ln)
			return -ENOMEM;
		ref_set(&ln->refs, 1);
		text = ln->text;
	}
	memcpy(text, name, len);
	text[len] = '\0';
	de->name = text;
	de->name_len = len;
	return 0;
}

static void dentry_name_drop(struct dentry *de)
{
	struct long_name *ln = to_long_name(de);

	if (ln && ref_put(&ln->refs))
		slab_free(name_cache, ln);
	de->name = de->inline_name;
}

/* de is called as "from" is. */
static void dentry_name_share(struct dentry *de, const struct dentry *from)
{
	struct long_name *ln = to_long_name(from);

	dentry_name_drop(de);
	de->name_len = from->name_len;
	if (ln) {
		ref_get(&ln->refs);
		de->name = ln->text;
	} else {
		memcpy(de->inline_name, from->inline_name, from->name_len + 1);
	}
}

/* --- create, get, put --- */

static int dentry_alloc(struct super *sb, const char *name, size_t len, struct dentry **out)
{
	struct dentry *de = slab_zalloc(dentry_cache);

	if (!de)
		return -ENOMEM;
	if (dentry_name_set(de, name, len)) {
		slab_free(dentry_cache, de);
		return -ENOMEM;
	}
	ref_set(&de->refs, 1);
	de->parent = de;
	de->sb = sb;
	list_init(&de->hash_link);
	list_init(&de->children);
	list_init(&de->sibling);
	list_init(&de->alias);
	list_init(&de->lru);
	list_init(&de->unused);
	*out = de;
	return 0;
}

int dentry_create_unhashed(struct dentry *parent, const char *name, size_t len, struct dentry **out)
{
	int err = dentry_alloc(parent->sb, name, len, out);

	if (!err)
		(*out)->parent = dentry_get(parent);
	return err;
}

int dentry_create(struct dentry *parent, const char *name, size_t len, struct dentry **out)
{
	int err = dentry_create_unhashed(parent, name, len, out);

	if (!err)
		dentry_hash_in(*out);
	return err;
}

int dentry_create_root(struct super *sb, struct inode *i, struct dentry **out)
{
	int err = dentry_alloc(sb, "/", 1, out);

	if (err)
		inode_put(i);
	else
		dentry_set_inode(*out, i);
	return err;
}

void dentry_set_inode(struct dentry *de, struct inode *i)
{
	assert(!de->inode);
	de->inode = i;
	list_add_tail(&i->dentries, &de->alias);
}

static void unused_add(struct dentry *de)
{
	struct payer *payer = slab_payer(dentry_cache, de);

	list_add(&lru, &de->lru);
	if (payer)
		list_add(&payer->unused, &de->unused);
	nr_unused++;
}

static void unused_remove(struct dentry *de)
{
	if (list_empty(&de->lru))
		return;
	list_del(&de->lru);
	list_del(&de->unused);
	nr_unused--;
}

/* Frees an unused dentry. Returns its parent, whose reference is the caller's to put, or NULL. */
static struct dentry *dentry_free(struct dentry *de)
{
	struct dentry *parent = de->parent == de ? NULL : de->parent;

	assert(!de->refs.n && list_empty(&de->children));
	dentry_unhash(de);
	unused_remove(de);
	if (de->ops && de->ops->release)
		de->ops->release(de);
	if (de->inode) {
		list_del(&de->alias);
		if (!de->inode->nlink)
			notify_inode_gone(de->inode);
		inode_put(de->inode);
	}
	dentry_name_drop(de);
	slab_free(dentry_cache, de);
	return parent;
}

static bool dentry_worth_keeping(const struct dentry *de)
{
	if (!(de->flags & DENTRY_HASHED) || de->flags & DENTRY_NOCACHE)
		return false;
	return de->inode || !dir_is_memory(de->parent->inode);
}

void dentry_put(struct dentry *de)
{
	while (de && ref_put(&de->refs)) {
		if (!dentry_worth_keeping(de)) {
			de = dentry_free(de);
			continue;
		}
		unused_remove(de);
		unused_add(de);
		if (nr_unused > unused_max)
			dentry_shrink(LRU_BATCH);
		return;
	}
}

u64 dentry_shrink(u64 nr)
{
	u64 freed = 0;
	struct dentry *de;

	while (freed < nr && (de = list_last(&lru, struct dentry, lru))) {
		unused_remove(de);
		if (de->refs.n)
			continue;
		freed++;
		dentry_put(dentry_free(de));
	}
	return freed;
}

u64 dentry_shrink_of(struct payer *p, u64 nr)
{
	u64 freed = 0;
	struct dentry *de;

	while (freed < nr && (de = list_last(&p->unused, struct dentry, unused))) {
		unused_remove(de);
		if (de->refs.n)
			continue;
		freed++;
		dentry_put(dentry_free(de));
	}
	return freed;
}

/* Frees the unused dentries of a dying super: also those whose way up was dropped. */
void dentry_forget_unused(struct super *sb)
{
	struct list mine = LIST_INIT(mine);
	struct dentry *de, *next;

	list_for_each_safe(de, next, &lru, lru)
		if (de->sb == sb) {
			list_del(&de->lru);
			list_add_tail(&mine, &de->lru);
		}
	while ((de = list_first(&mine, struct dentry, lru))) {
		unused_remove(de);
		if (!de->refs.n)
			dentry_put(dentry_free(de));
	}
}

void dentry_pin(struct dentry *de)
{
	assert(!(de->flags & DENTRY_PINNED));
	dentry_get(de);
	de->flags |= DENTRY_PINNED;
}

void dentry_unpin(struct dentry *de)
{
	assert(de->flags & DENTRY_PINNED);
	de->flags &= ~DENTRY_PINNED;
	dentry_put(de);
}

/* Frees the unused dentries below dir; what is used, and the way to it, stays. */
static void dentry_prune(struct dentry *dir)
{
	struct dentry *child, *next;

	list_for_each_safe(child, next, &dir->children, sibling) {
		if (child->flags & DENTRY_PINNED)
			continue;
		dentry_get(child);
		dentry_prune(child);
		child->refs.n--;
		if (!child->refs.n)
			dentry_put(dentry_free(child));
	}
}

void dentry_delete(struct dentry *de)
{
	dentry_get(de);
	de->flags |= DENTRY_DELETED;
	dentry_unhash(de);
	if (de->flags & DENTRY_PINNED)
		dentry_unpin(de);
	dentry_prune(de);
	dentry_put(de);
}

void dentry_drop(struct dentry *de)
{
	dentry_get(de);
	dentry_unhash(de);
	dentry_prune(de);
	dentry_put(de);
}

/* --- moves --- */

static void dentry_reparent(struct dentry *de, struct dentry *parent)
{
	struct dentry *old = de->parent;

	de->parent = dentry_get(parent);
	dentry_put(old);
}

int dentry_move(struct dentry *de, struct dentry *new_parent, const char *name, size_t len)
{
	struct dentry *tmp;
	int err = dentry_create_unhashed(new_parent, name, len, &tmp);

	if (err)
		return err;
	dentry_move_onto(de, tmp);
	dentry_put(tmp);
	return 0;
}

void dentry_move_onto(struct dentry *de, struct dentry *target)
{
	dentry_unhash(target);
	dentry_unhash(de);
	dentry_name_share(de, target);
	dentry_reparent(de, target->parent);
	dentry_hash_in(de);
}

static void dentry_names_swap(struct dentry *a, struct dentry *b)
{
	struct long_name *la = to_long_name(a), *lb = to_long_name(b);
	char text[DENTRY_INLINE_NAME];
	u32 len = a->name_len;

	memcpy(text, a->inline_name, sizeof(text));
	memcpy(a->inline_name, b->inline_name, sizeof(text));
	memcpy(b->inline_name, text, sizeof(text));
	a->name = lb ? lb->text : a->inline_name;
	b->name = la ? la->text : b->inline_name;
	a->name_len = b->name_len;
	b->name_len = len;
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
	struct dentry *parent = a->parent;

	dentry_unhash(a);
	dentry_unhash(b);
	dentry_names_swap(a, b);
	a->parent = b->parent;		/* the two references change hands */
	b->parent = parent;
	dentry_hash_in(a);
	dentry_hash_in(b);
}

/* --- trees --- */

void dentry_for_each_hashed(void (*fn)(struct dentry *de, void *ctx), void *ctx)
{
	struct dentry *de;

	for (u64 b = 0; b <= table_mask; b++)
		list_for_each(de, &table[b], hash_link)
			fn(de, ctx);
}

bool dentry_is_ancestor(const struct dentry *anc, const struct dentry *de)
{
	while (de != anc && de->parent != de)
		de = de->parent;
	return de == anc;
}

/* Leaves first; a pinned dentry has one reference, a cached one none. */
void dentry_tree_destroy(struct dentry *root)
{
	struct dentry *de = root, *parent;

	for (;;) {
		while (!list_empty(&de->children))
			de = list_first(&de->children, struct dentry, sibling);
		parent = de->parent;
		if (de->flags & DENTRY_PINNED || de == root)
			de->refs.n--;
		de->flags &= ~DENTRY_PINNED;
		assert(!de->refs.n);
		dentry_free(de);
		if (de == root)
			return;
		assert(parent->refs.n);
		parent->refs.n--;
		de = parent;
	}
}
