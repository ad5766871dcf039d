// SPDX-License-Identifier: MIT
/* fs/mount.c - single mounts: a dentry tree put at a dentry of another mount.
 *
 *   mnt_ns -mounts-> mount -parent-> mount ...        mount -root-> dentry, -sb-> super
 *
 * A mount is counted by its namespace, its children, and by paths (open files, root and working
 * directories). Life: 1 mount_create: detached, refs 1; 2 mount_attach and mnt_ns_add: found by
 * (parent, mountpoint) in a hash table; 3 mount_detach, mnt_ns_remove: not found by walks any more;
 * 4 the last put frees it, and with the last mount of a super the super.
 * Ids are the smallest free numbers. The kernel's own mounts (pipefs ...) are in no namespace.
 * Locks: BKL. Checkpoint: mounts are saved by namespace, in order of mounting. */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "lib/hash.h"
#include "lib/radix.h"
#include "mm/slab.h"

#define MOUNT_HASH_BITS 10
#define MOUNT_MAX_DEFAULT 100000

static struct slab_cache *mount_cache;
static struct list *mount_hash;		/* 1 << MOUNT_HASH_BITS heads, made at the first mount */
static struct radix mount_ids;
struct list mount_all = LIST_INIT(mount_all);
u64 mount_max = MOUNT_MAX_DEFAULT;

struct mnt_ns init_mnt_ns = {
	.ns = { .refs = { 1 }, .owner = &init_user_ns,
		.all = LIST_INIT(init_mnt_ns.ns.all) },
	.mounts = LIST_INIT(init_mnt_ns.mounts),
	.poll = WAITQUEUE_INIT(init_mnt_ns.poll),
};

static struct mnt_ns *only_mnt_ns(const struct task *t)
{
	(void)t;
	return &init_mnt_ns;
}
struct mnt_ns *(*task_mnt_ns)(const struct task *t) = only_mnt_ns;

struct mnt_ns *current_mnt_ns(void)
{
	return task_mnt_ns(current);
}

static struct mnt_ns *no_mnt_ns(const struct dentry *de)
{
	(void)de;
	return NULL;
}
struct mnt_ns *(*dentry_mnt_ns)(const struct dentry *de) = no_mnt_ns;

void mnt_ns_init(struct mnt_ns *ns)
{
	list_init(&ns->mounts);
	waitqueue_init(&ns->poll);
}

void mnt_ns_changed(struct mnt_ns *ns)
{
	ns->event++;
	wake_events(&ns->poll, 0, UINT_MAX);
}

/* --- the hash of mountpoints --- */

static struct list *mount_bucket(const struct mount *parent, const struct dentry *mountpoint)
{
	u64 h = hash_u64((u64)parent ^ hash_u64((u64)mountpoint));

	return &mount_hash[h & ((1 << MOUNT_HASH_BITS) - 1)];
}

struct mount *mount_find(const struct mount *parent, const struct dentry *mountpoint)
{
	struct mount *m;

	if (!(mountpoint->flags & DENTRY_MOUNTED))
		return NULL;
	list_for_each(m, mount_bucket(parent, mountpoint), hash_link)
		if (m->parent == parent && m->mountpoint == mountpoint)
			return m;
	return NULL;
}

static int mount_tables_init(void)
{
	if (mount_hash)
		return 0;
	mount_hash = kmalloc_array(1 << MOUNT_HASH_BITS, sizeof(*mount_hash));
	if (!mount_hash)
		return -ENOMEM;
	for (unsigned i = 0; i < 1 << MOUNT_HASH_BITS; i++)
		list_init(&mount_hash[i]);
	mount_cache = slab_cache_create("mount", sizeof(struct mount), sizeof(u64));
	return 0;
}

/* --- create, put --- */

static int mount_id_get(struct mount *m)
{
	u64 id;
	int err = radix_free_index(&mount_ids, 1, INT_MAX, &id);

	if (!err)
		err = radix_set(&mount_ids, id, m);
	if (!err)
		m->id = id;
	return err ? -ENOMEM : 0;
}

static void mount_lists_init(struct mount *m)
{
	list_init(&m->children);
	list_init(&m->sibling);
	list_init(&m->hash_link);
	list_init(&m->ns_link);
	list_init(&m->peers);
	list_init(&m->slaves);
	list_init(&m->slave_link);
	list_init(&m->work);
	list_init(&m->prop_link);
}

int mount_create(struct super *sb, struct dentry *root, u32 flags, const char *source,
		 struct mount **out)
{
	struct mount *m;
	int err = mount_tables_init();

	if (err)
		return err;
	m = slab_zalloc(mount_cache);
	if (!m)
		return -ENOMEM;
	err = -ENOMEM;
	if (source && !(m->source = kstrdup(source)))
		goto fail_free;
	err = mount_id_get(m);
	if (err)
		goto fail_free;
	ref_set(&m->refs, 1);
	mount_lists_init(m);
	m->parent = m;
	m->root = dentry_get(root);
	m->sb = sb;
	ref_get(&sb->refs);
	m->flags = flags;
	list_add_tail(&mount_all, &m->all);
	*out = m;
	return 0;
fail_free:
	kfree(m->source);
	slab_free(mount_cache, m);
	return err;
}

void mount_put(struct mount *m)
{
	if (!ref_put(&m->refs))
		return;
	assert(m->parent == m && !m->ns && list_empty(&m->children) && !m->writers);
	assert(list_empty(&m->peers) && list_empty(&m->slaves) && !m->master);
	radix_erase(&mount_ids, m->id);
	list_del(&m->all);
	dentry_put(m->root);
	super_put(m->sb);
	kfree(m->source);
	slab_free(mount_cache, m);
}

/* Someone used the mount: MNT_EXPIRE begins anew. */
void path_put(const struct path *p)
{
	struct path old = *p;

	old.mnt->expire_mark = false;
	dentry_put(old.dentry);
	mount_put(old.mnt);
}

/* --- attach, detach --- */

void mount_attach(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	assert(m->parent == m);
	mount_get(parent);
	m->parent = parent;
	m->mountpoint = dentry_get(mountpoint);
	mountpoint->mounts++;
	mountpoint->flags |= DENTRY_MOUNTED;
	list_add(mount_bucket(parent, mountpoint), &m->hash_link);
	list_add_tail(&parent->children, &m->sibling);
}

void mount_detach(struct mount *m)
{
	struct mount *parent = m->parent;
	struct dentry *at = m->mountpoint;

	assert(parent != m);
	list_del(&m->hash_link);
	list_del(&m->sibling);
	m->parent = m;
	m->mountpoint = NULL;
	if (!--at->mounts)
		at->flags &= ~DENTRY_MOUNTED;
	dentry_put(at);
	mount_put(parent);
}

void mnt_ns_add(struct mnt_ns *ns, struct mount *m)
{
	assert(!m->ns);
	mount_get(m);
	m->ns = ns;
	list_add_tail(&ns->mounts, &m->ns_link);
	ns->nr++;
}

void mnt_ns_remove(struct mount *m)
{
	struct mnt_ns *ns = m->ns;

	if (!ns)
		return;
	m->ns = NULL;
	list_del(&m->ns_link);
	ns->nr--;
	mount_put(m);
}

struct mount *mount_skip(struct mount *m, const struct mount *top)
{
	for (; m != top; m = m->parent)
		if (m->sibling.next != &m->parent->children)
			return list_entry(m->sibling.next, struct mount, sibling);
	return NULL;
}

struct mount *mount_next(struct mount *m, const struct mount *top)
{
	if (!list_empty(&m->children))
		return list_first(&m->children, struct mount, sibling);
	return mount_skip(m, top);
}

/* --- mountpoints seen from their dentry --- */

bool dentry_is_local_mountpoint(const struct dentry *de)
{
	struct mnt_ns *ns = current_mnt_ns();
	struct mount *m;

	if (!(de->flags & DENTRY_MOUNTED))
		return false;
	list_for_each(m, &ns->mounts, ns_link)
		if (m->mountpoint == de)
			return true;
	return false;
}

static struct mount *mount_on(const struct dentry *de)
{
	struct mount *m;

	list_for_each(m, &mount_all, all)
		if (m->mountpoint == de)
			return m;
	return NULL;
}

/* MNTNS-38: only mounts of other namespaces can be left on a removed dentry. */
void mounts_detach_from(struct dentry *de)
{
	struct mount *m;

	while (de->flags & DENTRY_MOUNTED && (m = mount_on(de)))
		mount_tree_umount(m, 0);
}

/* --- writers: read-only is of one mount, others of the same super still write (MNTNS-26) --- */

int mount_want_write(struct mount *m)
{
	if (m->flags & MNT_K_RDONLY || m->sb->flags & MS_RDONLY)
		return deny(EROFS, EXT_FS_05);
	m->writers++;
	m->sb->writers++;
	return 0;
}

void mount_end_write(struct mount *m)
{
	assert(m->writers && m->sb->writers);
	m->writers--;
	m->sb->writers--;
}

/* --- the kernel's own mounts --- */

static int mount_of_type(const struct fs_type *type, u32 flags, const char *source,
			 struct mount **out)
{
	struct fs_request req = { .source = source, .user_ns = &init_user_ns };
	struct super *sb;
	int err = type->mount(type, &req, &sb);

	if (err)
		return err;
	err = mount_create(sb, sb->root, flags, source, out);
	super_put(sb);
	return err;
}

int mount_kernel(const struct fs_type *type, struct mount **out)
{
	return mount_of_type(type, MNT_K_INTERNAL, type->name, out);
}

/* The first mount of the initial namespace: never unmounted (locked), never moved. */
int mount_root(void)
{
	const struct fs_type *type = fs_type_find("rootfs");
	struct mount *m;
	struct path root;
	int err = mount_of_type(type, MNT_K_LOCKED, type->name, &m);

	if (err)
		return err;
	mnt_ns_add(&init_mnt_ns, m);
	init_mnt_ns.root = m;
	root = (struct path){ m, m->root };
	fs_context_set_root(&init_fs, &root);
	fs_context_set_cwd(&init_fs, &root);
	mount_put(m);
	return 0;
}
