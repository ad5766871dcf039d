// SPDX-License-Identifier: MIT
/* ns/mnt.c - mount namespaces: which file systems a task sees, and where.
 *
 * A new one starts with copies of all mounts of its creator's (MNTNS-01), each with an id of
 * its own, and root and working directory move to the copies (MNTNS-02). If another user
 * namespace owns it, what was shared becomes slave (MNTNS-32), and its mounts and their flags are
 * locked (MNTNS-33, 36). Entering one sets root and working directory to its root (MNTNS-43).
 * Sessions with a /tmp of their own (MNTNS-51) need no more than this and a bind mount.
 * The trees themselves are fs/mount_tree.c's.
 *
 * Life: as every kind; the last put unmounts all of its mounts.
 * Locks: BKL. Checkpoint: the mount tree with its propagation. See mount_namespaces(7). */

#include "abi/errno.h"
#include "fs/fdtable.h"
#include "fs/mnt_ns.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "ns/mnt.h"

struct mnt_ns *to_mnt_ns(struct ns_common *ns)
{
	return container_of(ns, struct mnt_ns, ns);
}

static u64 last_seq;		/* the initial one has 0 */

/* Without any mount yet, and without a look at who asks: restart has looked, and fills it. */
int mnt_ns_make(struct user_ns *owner, struct ns_common **out)
{
	struct mnt_ns *new = kzalloc(sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &mnt_ns_type, owner);
	if (err) {
		kfree(new);
		return err;
	}
	list_init(&new->mounts);
	waitqueue_init(&new->poll);
	new->seq = ++last_seq;
	*out = &new->ns;
	return 0;
}

static int mnt_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	struct mnt_ns *old = to_mnt_ns(from), *new = kzalloc_charged(sizeof(*new));
	bool less_privileged = owner != from->owner;
	struct mount *tree;
	int err;

	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &mnt_ns_type, owner);
	if (err)
		goto fail_free;
	mnt_ns_init(new);
	new->seq = ++last_seq;
	err = mount_tree_copy(old->root, old->root->root,
			      COPY_UNBINDABLE | (less_privileged ? COPY_SHARED_TO_SLAVE : 0),
			      &tree);
	if (err)
		goto fail_release;
	if (less_privileged)
		mount_tree_lock(tree);
	new->root = tree;
	mount_tree_commit(tree, new);
	*out = &new->ns;
	return 0;

fail_release:
	ns_release(&new->ns);
	return err;
fail_free:
	kfree(new);
	return err;
}

static void mnt_ns_destroy(struct ns_common *ns)
{
	struct mnt_ns *m = to_mnt_ns(ns);

	if (m->root)
		mount_tree_umount(m->root, 0);
	kfree(m);
}

/* MNTNS-43, NS-31: the file system context must be the caller's own, or become so with other kinds.
 */
static int mnt_ns_install(struct ns_set *set, struct ns_common *ns)
{
	int err = ns_may_install(ns);

	if (err)
		return err;
	if (!capable_in(current_user_ns(), CAP_SYS_CHROOT))
		return deny(EPERM, MNTNS_43);
	if (set->flags == CLONE_NEWNS && current->fs->refs.n > 1)
		return deny(EINVAL, MNTNS_43);
	nsproxy_set(set->nsproxy, NS_KIND_MNT, ns);
	return 0;
}

static struct ns_common *mnt_ns_of(struct task *t)
{
	return ns_of_nsproxy(t, NS_KIND_MNT);
}

/* MNTNS-02: a path in the old namespace becomes the same path in its fresh copy. */
static void path_to_copy(struct path *out, const struct path *p, const struct mnt_ns *old)
{
	*out = *p;
	if (p->mnt->ns == old)
		out->mnt = p->mnt->copy;
}

static void mnt_ns_adopt(struct ns_common *old, struct fs_context *fs)
{
	struct path root, cwd;

	path_to_copy(&root, &fs->root, to_mnt_ns(old));
	path_to_copy(&cwd, &fs->cwd, to_mnt_ns(old));
	fs_context_set_root(fs, &root);
	fs_context_set_cwd(fs, &cwd);
}

static void mnt_ns_enter(struct ns_common *ns, struct fs_context *fs)
{
	struct mount *m = to_mnt_ns(ns)->root;
	struct path root = { m, m->root };

	path_get(&root);
	mountpoint_topmost(&root);
	fs_context_set_root(fs, &root);
	fs_context_set_cwd(fs, &root);
	path_put(&root);
}

static struct mnt_ns *mnt_ns_of_task(const struct task *t)
{
	return t->nsproxy ? to_mnt_ns(t->nsproxy->ns[NS_KIND_MNT]) : &init_mnt_ns;
}

/* MNTNS-44 asks which came first. */
static struct mnt_ns *mnt_ns_of_dentry(const struct dentry *de)
{
	struct ns_common *ns = nsfs_ns(de);

	return ns && ns->type == &mnt_ns_type ? to_mnt_ns(ns) : NULL;
}

void mnt_ns_boot(void)
{
	dentry_mnt_ns = mnt_ns_of_dentry;
	init_mnt_ns.ns.type = &mnt_ns_type;
	init_mnt_ns.ns.inum = PROC_MNT_INIT_INO;
	task_mnt_ns = mnt_ns_of_task;
}

const struct ns_type mnt_ns_type = {
	.name = "mnt",
	.clone_flag = CLONE_NEWNS,
	.kind = NS_KIND_MNT,
	.initial = &init_mnt_ns.ns,
	.create = mnt_ns_create,
	.destroy = mnt_ns_destroy,
	.install = mnt_ns_install,
	.of = mnt_ns_of,
	.adopt = mnt_ns_adopt,
	.enter = mnt_ns_enter,
};
