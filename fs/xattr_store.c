// SPDX-License-Identifier: MIT
/* fs/xattr_store.c - extended attributes kept in memory with their inode, newest first as on Linux.
 *
 * For memory file systems' operations. Names come with their prefix; who may was decided before.
 * Locks: BKL. Checkpoint: saved with the inode of memory file systems. */

#include <linux/xattr.h>

#include "fs/names.h"
#include "mm/slab.h"

struct xattr {
	struct list link;
	size_t size;
	char *name;		/* behind the value */
	u8 value[];
};

struct xattrs {
	struct list list;
};

static struct xattr *xattr_find(const struct inode *i, const char *name)
{
	struct xattrs *all = i->xattrs;
	struct xattr *x;

	if (all)
		list_for_each(x, &all->list, link)
			if (!strcmp(x->name, name))
				return x;
	return NULL;
}

ssize_t xattr_store_get(struct inode *i, const char *name, void *value, size_t size)
{
	struct xattr *x = xattr_find(i, name);

	if (!x)
		return -ENODATA;
	if (!size)
		return x->size;
	if (size < x->size)
		return -ERANGE;
	memcpy(value, x->value, x->size);
	return x->size;
}

static int xattr_alloc(const char *name, const void *value, size_t size, struct xattr **out)
{
	size_t len = strlen(name) + 1;
	struct xattr *x = kzalloc_charged(sizeof(*x) + size + len);

	if (!x)
		return -ENOMEM;
	x->size = size;
	x->name = (char *)x->value + size;
	memcpy(x->value, value, size);
	memcpy(x->name, name, len);
	*out = x;
	return 0;
}

int xattr_store_set(struct inode *i, const char *name, const void *value, size_t size, int flags)
{
	struct xattr *old = xattr_find(i, name), *x;
	struct xattrs *all = i->xattrs;
	int err;

	if (old && flags & XATTR_CREATE)
		return -EEXIST;
	if (!old && flags & XATTR_REPLACE)
		return -ENODATA;
	if (!all) {
		all = kmalloc(sizeof(*all));
		if (!all)
			return -ENOMEM;
		list_init(&all->list);
		i->xattrs = all;
	}
	err = xattr_alloc(name, value, size, &x);
	if (err)
		return err;
	if (old) {
		list_del(&old->link);
		kfree(old);
	}
	list_add(&all->list, &x->link);
	i->ctime = time_real_spec();
	return 0;
}

int xattr_store_remove(struct inode *i, const char *name)
{
	struct xattr *x = xattr_find(i, name);

	if (!x)
		return -ENODATA;
	list_del(&x->link);
	kfree(x);
	i->ctime = time_real_spec();
	return 0;
}

/* trusted.* is shown to those only who may read it. */
static bool xattr_listed(const struct xattr *x)
{
	return strncmp(x->name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN) ||
	       capable_in(&init_user_ns, CAP_SYS_ADMIN);
}

ssize_t xattr_store_list(struct inode *i, char *buf, size_t size)
{
	struct xattrs *all = i->xattrs;
	struct xattr *x;
	size_t used = 0;

	if (!all)
		return 0;
	list_for_each(x, &all->list, link) {
		size_t len = strlen(x->name) + 1;

		if (!xattr_listed(x))
			continue;
		if (size && used + len > size)
			return -ERANGE;
		if (size)
			memcpy(buf + used, x->name, len);
		used += len;
	}
	return used;
}

void xattr_store_free(struct inode *i)
{
	struct xattrs *all = i->xattrs;
	struct xattr *x, *next;

	if (!all)
		return;
	list_for_each_safe(x, next, &all->list, link)
		kfree(x);
	kfree(all);
	i->xattrs = NULL;
}
