// SPDX-License-Identifier: MIT
/* ns/ucount.c - counts of namespaces per user, and the limits on them.
 *
 * /proc/sys/user/max_*_namespaces hold for every user of the user namespace in which they are
 * read (NS-40), root too (NS-43); a new user namespace starts with INT_MAX (NS-41).
 * One struct ucount per (user namespace, uid) lives while it has charges.
 * Locks: BKL. Checkpoint: rebuilt as namespaces are made; limits are saved with the user
 * namespace. See namespaces(7). */

#include "abi/errno.h"
#include "fs/proc.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "lib/hash.h"
#include "mm/slab.h"
#include "ns/ns.h"
#include "ns/ucount.h"

#define UCOUNT_BUCKETS 256

static struct list buckets[UCOUNT_BUCKETS];
bool ucount_restarts;

static struct list *ucount_bucket(const struct user_ns *ns, kid_t uid)
{
	struct list *b = &buckets[hash_u64((u64)ns + uid) % UCOUNT_BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

/* The counts of uid in ns, with a reference; made at first use. NULL: out of memory. */
static struct ucount *ucount_get(struct user_ns *ns, kid_t uid)
{
	struct list *bucket = ucount_bucket(ns, uid);
	struct ucount *uc;

	list_for_each(uc, bucket, hash) {
		if (uc->ns != ns || uc->uid != uid)
			continue;
		ref_get(&uc->refs);
		return uc;
	}
	uc = kzalloc(sizeof(*uc));
	if (!uc)
		return NULL;
	ref_set(&uc->refs, 1);
	uc->ns = ns;
	uc->uid = uid;
	list_add(bucket, &uc->hash);
	return uc;
}

static void ucount_put(struct ucount *uc)
{
	if (!ref_put(&uc->refs))
		return;
	list_del(&uc->hash);
	kfree(uc);
}

/* The count one level up: of whoever made the user namespace. */
static struct ucount *ucount_parent(const struct ucount *uc)
{
	return uc->ns->ns.ucount;
}

static bool ucount_full(const struct ucount *uc, unsigned kind)
{
	return uc->count[kind] >= uc->ns->max[kind] &&
	       !(ucount_restarts && capable_in(uc->ns, CAP_SYS_RESOURCE));
}

/* NS-42: every level from uc up must have room; those before a refusal are undone. */
static int ucount_charge_all(struct ucount *uc, unsigned kind)
{
	struct ucount *at, *undo;

	for (at = uc; at; at = ucount_parent(at)) {
		if (ucount_full(at, kind))
			break;
		at->count[kind]++;
	}
	if (!at)
		return 0;
	for (undo = uc; undo != at; undo = ucount_parent(undo))
		undo->count[kind]--;
	return deny(ENOSPC, NS_40);
}

int ucount_charge(struct user_ns *ns, kid_t uid, unsigned kind, struct ucount **out)
{
	struct ucount *uc = ucount_get(ns, uid);
	int err;

	if (!uc)
		return -ENOMEM;
	err = ucount_charge_all(uc, kind);
	if (err)
		ucount_put(uc);
	else
		*out = uc;
	return err;
}

void ucount_uncharge(struct ucount *uc, unsigned kind)
{
	for (struct ucount *at = uc; at; at = ucount_parent(at))
		at->count[kind]--;
	ucount_put(uc);
}

/* --- /proc/sys/user: the limits of the reader's user namespace --- */

static int ucount_sysctl_show(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%ld\n", current_user_ns()->max[(u64)s->data]);
	return t->error;
}

static ssize_t ucount_sysctl_store(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	struct sysctl local = {
		.data = &current_user_ns()->max[(u64)s->data], .min = 0, .max = INT_MAX};

	return sysctl_store_long(&local, text, len, pos);
}

/* NS-41: only CAP_SYS_RESOURCE in the reader's user namespace may write, whoever owns the file. */
static u32 ucount_sysctl_mode(const struct sysctl *s)
{
	return capable_in(current_user_ns(), CAP_SYS_RESOURCE) ? s->mode | 0222 : s->mode & ~0222;
}

const struct sysctl ucount_sysctls[] = {
#define NS(name, NAME)                                                                      \
	{ .path = "user/max_" #name "_namespaces", .mode = 0644, .number = true, \
	  .mode_now = ucount_sysctl_mode, .show = ucount_sysctl_show, \
	  .store = ucount_sysctl_store, .data = (void *)NS_KIND_##NAME },
#include "ns/list.h"
#undef NS
	{},
};
