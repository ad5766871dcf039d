// SPDX-License-Identifier: MIT
/* kernel/cred.c - credentials: sharing, copying, changing; users and groups they point to.
 *
 * A task holds two references on its struct cred (cred and real_cred), an open file one.
 * A cred holds its user (by uid), its groups and its user namespace. All are immutable
 * while shared: who wants others calls cred_prepare(), edits, and cred_commit()s.
 *
 * struct user counts what all tasks of a uid use together (RLIMIT_NPROC and its like);
 * root's is static and never goes away.
 * Life of a task's credentials: shared at fork, kept by the zombie, put when it is reaped.
 * Locks: BKL. Checkpoint: saved by value. See credentials(7), capabilities(7). */

#include "arch/cpu.h"
#include "kernel/cred_internal.h"
#include "kernel/deny.h"
#include "lib/hash.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define USER_BUCKETS 64
#define INIT_USER_NS_INUM 0xeffffffdU	/* NS-04 */
#define DUMPABLE_NOBODY 0		/* fs.suid_dumpable */

static struct id_extent init_extents[] = {	/* in the three orders of struct id_map */
	{ 0, 0, INVALID_ID }, { 0, 0, INVALID_ID }, { 0, 0, INVALID_ID },
};

#define INIT_MAP { .nr = 1, .extents = init_extents }
/* References: init_cred's, and one of each cred made. */
struct user_ns init_user_ns = {
	.ns = { .refs = { 1 }, .inum = INIT_USER_NS_INUM, .all = LIST_INIT(init_user_ns.ns.all) },
	.uid_map = INIT_MAP,
	.gid_map = INIT_MAP,
	.projid_map = INIT_MAP,
	.setgroups_allowed = true,
	.parent_could_setfcap = 1,
};

static struct user root_user = { .refs = { 2 }, .hash = LIST_INIT(root_user.hash) };
static struct groups no_groups = { .refs = { 2 } };

/* References: the boot task's two, and one that stays. */
struct cred init_cred = {
	.refs = { 3 },
	.all = LIST_INIT(init_cred.all),
	.groups = &no_groups,
	.cap_permitted = CAP_FULL,
	.cap_effective = CAP_FULL,
	.cap_bounding = CAP_FULL,
	.user_ns = &init_user_ns,
	.user = &root_user,
};

int (*cred_new_user_ns_hook)(struct cred *c);
void (*user_ns_destroy_hook)(struct user_ns *ns);

struct list cred_all = LIST_INIT(cred_all);	/* but init_cred */
static struct list user_table[USER_BUCKETS];
static struct slab_cache *cred_cache, *user_cache;

/* --- users --- */

static struct list *user_bucket(kid_t uid)
{
	struct list *b = &user_table[hash_u64(uid) % USER_BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

struct user *user_get(kid_t uid)
{
	struct list *bucket = user_bucket(uid);
	struct user *u;

	if (uid == 0) {
		ref_get(&root_user.refs);
		return &root_user;
	}
	list_for_each(u, bucket, hash) {
		if (u->uid == uid) {
			ref_get(&u->refs);
			return u;
		}
	}
	if (!user_cache)
		user_cache = slab_cache_create("user", sizeof(*u), 0);
	u = user_cache ? slab_zalloc(user_cache) : NULL;
	if (!u)
		return NULL;
	ref_set(&u->refs, 1);
	u->uid = uid;
	list_add(bucket, &u->hash);
	return u;
}

void user_put(struct user *u)
{
	if (!ref_put(&u->refs))
		return;
	list_del(&u->hash);
	slab_free(user_cache, u);
}

void user_hold(struct user *u)
{
	ref_get(&u->refs);
	u->held++;
}

void user_release(struct user *u)
{
	u->held--;
	user_put(u);
}

/* Calls each for every user but root's static one. */
void users_walk(void (*each)(struct user *u, void *arg), void *arg)
{
	struct user *u, *next;
	unsigned i;

	each(&root_user, arg);
	for (i = 0; i < USER_BUCKETS; i++) {
		if (!user_table[i].next)
			continue;
		list_for_each_safe(u, next, &user_table[i], hash)
			each(u, arg);
	}
}

/* --- groups --- */

struct groups *groups_empty(void)
{
	ref_get(&no_groups.refs);
	return &no_groups;
}

void groups_put(struct groups *g)
{
	if (ref_put(&g->refs))
		kfree(g);
}

bool in_group(const struct cred *c, kid_t gid)
{
	u32 low = 0, high = c->groups->nr, mid;

	if (gid == c->fsgid)
		return true;
	while (low < high) {
		mid = (low + high) / 2;
		if (c->groups->ids[mid] == gid)
			return true;
		if (c->groups->ids[mid] < gid)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* --- credentials --- */

void user_ns_put(struct user_ns *ns)
{
	if (ref_put(&ns->ns.refs)) {
		assert(user_ns_destroy_hook);
		user_ns_destroy_hook(ns);
	}
}

void cred_put(const struct cred *c)
{
	struct cred *dead = (struct cred *)c;

	if (!ref_put(&dead->refs))
		return;
	list_del(&dead->all);
	user_put(dead->user);
	groups_put(dead->groups);
	user_ns_put(dead->user_ns);
	slab_free(cred_cache, dead);
}

int cred_prepare(const struct cred *old, struct cred **out)
{
	struct cred *new;

	if (!cred_cache)
		cred_cache = slab_cache_create("cred", sizeof(*new), 0);
	new = cred_cache ? slab_alloc(cred_cache) : NULL;
	if (!new)
		return -ENOMEM;
	*new = *old;
	ref_set(&new->refs, 1);
	new->mark = 0;
	list_add(&cred_all, &new->all);
	ref_get(&new->user->refs);
	ref_get(&new->groups->refs);
	user_ns_get(new->user_ns);
	*out = new;
	return 0;
}

/* Could old have had all that new has? Below a user namespace that old's user owns, it could. */
static bool cred_covers(const struct cred *old, const struct cred *new)
{
	if (old->user_ns == new->user_ns)
		return !(new->cap_permitted & ~old->cap_permitted);
	for (const struct user_ns *ns = new->user_ns; ns->parent; ns = ns->parent)
		if (ns->parent == old->user_ns && ns->owner_uid == old->euid)
			return true;
	return false;
}

static bool cred_gains(const struct cred *old, const struct cred *new)
{
	return old->euid != new->euid || old->egid != new->egid || old->fsuid != new->fsuid ||
	       old->fsgid != new->fsgid || !cred_covers(old, new);
}

void cred_commit(struct cred *c)
{
	struct task *t = current;
	const struct cred *old = t->real_cred;

	assert(t->cred == old);
	if (cred_gains(old, c)) {
		if (t->mm)
			t->mm->dumpable = DUMPABLE_NOBODY;
		t->pdeath_signal = 0;
	}
	old->user->processes--;
	c->user->processes++;
	cred_get(c);
	t->cred = t->real_cred = c;
	cred_put(old);
	cred_put(old);
}

void cred_give(struct task *t, struct cred *c)
{
	const struct cred *old = t->real_cred;

	old->user->processes--;
	c->user->processes++;
	cred_get(c);
	t->cred = t->real_cred = c;
	cred_put(old);
	cred_put(old);
}

const struct cred *cred_override(const struct cred *c)
{
	const struct cred *old = current->cred;

	current->cred = cred_get(c);
	return old;
}

void cred_restore(const struct cred *old)
{
	const struct cred *c = current->cred;

	current->cred = old;
	cred_put(c);
}

const struct cred *current_cred(void)
{
	return current->cred;
}

struct user_ns *current_user_ns(void)
{
	return current->cred->user_ns;
}

/* --- the task part --- */

/* The child's credentials: parent's, unless it gets a user namespace of its own. */
static int cred_for_child(struct task *parent, struct clone_args_k *args, const struct cred **out)
{
	struct cred *new;
	int err;

	if (args->kthread_fn || !(args->flags & CLONE_NEWUSER)) {
		*out = cred_get(args->kthread_fn ? &init_cred : parent->real_cred);
		return 0;
	}
	if (!cred_new_user_ns_hook)
		return -EINVAL;
	err = cred_prepare(parent->real_cred, &new);
	if (err)
		return err;
	err = cred_new_user_ns_hook(new);
	if (err) {
		cred_put(new);
		return err;
	}
	*out = new;
	return 0;
}

/* Shares the parent's credentials; RLIMIT_NPROC holds for all but root and the privileged. */
static int cred_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	const struct cred *c;
	struct user *u;
	int err = cred_for_child(parent, args, &c);

	if (err)
		return err;
	u = c->user;
	if (!args->kthread_fn && u != &root_user &&
	    u->processes >= process_limit(parent->process, RLIMIT_NPROC) &&
	    !cred_capable(parent->cred, &init_user_ns, CAP_SYS_RESOURCE) &&
	    !cred_capable(parent->cred, &init_user_ns, CAP_SYS_ADMIN)) {
		cred_put(c);
		return deny(EAGAIN, EXT_LIM_01);
	}
	u->processes++;
	child->cred = c;
	child->real_cred = cred_get(c);
	return 0;
}

/* The struct task goes, or was never born. Zombies have credentials: this part is dropped when
 * they are reaped. */
void cred_release_task(struct task *t)
{
	if (!t->real_cred)
		return;
	t->real_cred->user->processes--;
	cred_put(t->cred);
	cred_put(t->real_cred);
	t->cred = t->real_cred = NULL;
}

const struct task_part cred_part = {
	.name = "cred",
	.fork = cred_fork,
	.exit = cred_release_task,
};
