// SPDX-License-Identifier: MIT
/* fs/mount_attr.c - mount_setattr(2): flags and type of a mount, or of a whole tree of them.
 *
 * All of the tree is checked before any of it changes (MNTNS-30): a locked flag that would go
 * (MNTNS-36) or a writer below what becomes read-only (MNTNS-28) refuses the whole. It works on
 * mounts of the caller's namespace and on a tree that an open file holds.
 * Not like Linux: MOUNT_ATTR_IDMAP is refused (EINVAL) for every file system (MNTNS-31).
 * Locks: BKL. See mount_setattr(2). */

#include <linux/mount.h>

#include "fs/mount_args.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"

#define SETATTR_FLAGS (AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)
#define SETATTR_TYPES (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define ATTR_BITS (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | \
		   MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)
#define ATTR_KNOWN (ATTR_BITS | MOUNT_ATTR__ATIME)

static const struct {
	u32 attr, mnt;
} attr_map[] = {
	{ MOUNT_ATTR_RDONLY, MNT_K_RDONLY },
	{ MOUNT_ATTR_NOSUID, MNT_K_NOSUID },
	{ MOUNT_ATTR_NODEV, MNT_K_NODEV },
	{ MOUNT_ATTR_NOEXEC, MNT_K_NOEXEC },
	{ MOUNT_ATTR_NODIRATIME, MNT_K_NODIRATIME },
	{ MOUNT_ATTR_NOSYMFOLLOW, MNT_K_NOSYMFOLLOW },
};

/* One change, in the flags of mounts. */
struct attr_change {
	u32 set, clear;
	u64 type;		/* MS_SHARED ..., 0: stays */
	bool recurse;
};

static u32 bits_to_flags(u64 attr)
{
	u32 flags = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(attr_map); i++)
		if (attr & attr_map[i].attr)
			flags |= attr_map[i].mnt;
	return flags;
}

/* The times are one of three values, not bits. */
static int atime_to_flags(u64 attr, u32 *flags)
{
	switch (attr & MOUNT_ATTR__ATIME) {
	case MOUNT_ATTR_RELATIME:
		*flags |= MNT_K_RELATIME;
		return 0;
	case MOUNT_ATTR_NOATIME:
		*flags |= MNT_K_NOATIME;
		return 0;
	case MOUNT_ATTR_STRICTATIME:
		return 0;
	default:
		return deny(EINVAL, MNTNS_30);
	}
}

int mount_attr_to_flags(u64 attr, u32 *out)
{
	if (attr & ~(u64)ATTR_KNOWN)
		return deny(EINVAL, MNTNS_30);
	*out = bits_to_flags(attr);
	return atime_to_flags(attr, out);
}

static int change_of_attr(const struct mount_attr *attr, bool recurse, struct attr_change *c)
{
	u64 both = attr->attr_set | attr->attr_clr;

	if (attr->propagation & ~(u64)SETATTR_TYPES ||
	    attr->propagation & (attr->propagation - 1))
		return deny(EINVAL, MNTNS_30);
	if (both & MOUNT_ATTR_IDMAP)
		return deny(EINVAL, MNTNS_31);
	if (both & ~(u64)ATTR_KNOWN)
		return deny(EINVAL, MNTNS_30);
	*c = (struct attr_change){
		.set = bits_to_flags(attr->attr_set),
		.clear = bits_to_flags(attr->attr_clr),
		.type = attr->propagation,
		.recurse = recurse,
	};
	if (!(attr->attr_clr & MOUNT_ATTR__ATIME))
		return attr->attr_set & MOUNT_ATTR__ATIME ? deny(EINVAL, MNTNS_30) : 0;
	if ((attr->attr_clr & MOUNT_ATTR__ATIME) != MOUNT_ATTR__ATIME)
		return deny(EINVAL, MNTNS_30);
	c->clear |= MNT_K_RELATIME | MNT_K_NOATIME;
	return atime_to_flags(attr->attr_set, &c->set);
}

static u32 changed_flags(const struct mount *m, const struct attr_change *c)
{
	return ((m->flags & MNT_K_USER) & ~c->clear) | c->set;
}

static int change_check(const struct mount *m, const struct attr_change *c)
{
	u32 flags = changed_flags(m, c);

	if (mount_flags_locked(m, flags))
		return deny(EPERM, MNTNS_36);
	if (flags & MNT_K_RDONLY && !(m->flags & MNT_K_RDONLY) && m->writers)
		return deny(EBUSY, MNTNS_28);
	return 0;
}

static struct mount *change_next(struct mount *m, struct mount *top, const struct attr_change *c)
{
	return c->recurse ? mount_next(m, top) : NULL;
}

static int mount_change(const struct path *p, const struct attr_change *c)
{
	struct mount *top = p->mnt, *m;
	int err = 0;

	if (!path_is_mount_root(p))
		return deny(EINVAL, MNTNS_30);
	if (mount_has_parent(top) ? !mount_is_ours(top) : !mount_is_floating(top))
		return deny(EINVAL, MNTNS_30);
	for (m = top; m && !err; m = change_next(m, top, c))
		err = change_check(m, c);
	if (!err && c->type == MS_SHARED)
		err = mount_groups_new(top, c->recurse);
	if (err)
		return err;
	/* From here on nothing fails. */
	mount_groups_keep(top);
	for (m = top; m; m = change_next(m, top, c)) {
		m->flags = (m->flags & ~MNT_K_USER) | changed_flags(m, c);
		if (c->type)
			mount_set_type(m, c->type);
	}
	mnt_ns_changed(top->ns);
	return 0;
}

long sys_mount_setattr(int dfd, uaddr name, u32 flags, uaddr uattr, size_t size)
{
	struct attr_change change = { 0 };
	struct mount_attr attr;
	struct path p;
	int err;

	if (flags & ~SETATTR_FLAGS)
		return deny(EINVAL, MNTNS_30);
	if (size > PAGE_SIZE)
		return deny(E2BIG, MNTNS_30);
	if (size < MOUNT_ATTR_SIZE_VER0)
		return deny(EINVAL, MNTNS_30);
	err = may_mount();
	if (!err)
		err = copy_struct_from_user(&attr, sizeof(attr), uattr, size);
	if (err || (!attr.attr_set && !attr.attr_clr && !attr.propagation))
		return err;
	err = change_of_attr(&attr, flags & AT_RECURSIVE, &change);
	if (!err)
		err = path_lookup_at(dfd, name, flags, &p);
	if (err)
		return err;
	err = mount_change(&p, &change);
	path_put(&p);
	return err;
}
