// SPDX-License-Identifier: MIT
/* cr/namespaces.c - namespaces: which a task is in (task_kobj_ids_entry), and what is in them.
 *
 * Id 0 is the restarter's own: the checkpointer's, of those kinds in which the tree shares it.
 * Others are objects, made again by their class. UTS: utsns-ID.img. PID: plimsoll-pidns.img; the
 * root's own namespace has its parent outside. Kinds that have no class yet must be the
 * checkpointer's: refused by name. */
#include "cr/internal.h"
#include "kernel/syscall.h"
#include "ns/pid.h"
#include "ns/user.h"
#include "ns/uts.h"

static void ns_class_get(void *ns)
{
	ns_get(ns);
}

static void ns_class_put(void *ns)
{
	ns_put(ns);
}

/* A new namespace needs what clone(2) needs. */
static int may_create(struct cr_restore *r, const struct ns_type *type)
{
	if (capable_in(current_user_ns(), CAP_SYS_ADMIN))
		return 0;
	return cr_refuse(r, type->name, 0, "namespace", EPERM, NS_14);
}

/* --- uts --- */

static int utsns_save(struct cr_save *s, void *object, u32 id)
{
	const struct uts_ns *u = to_uts_ns(object);
	struct pb_utsns_entry e = { pb_text(u->nodename), pb_text(u->domainname) };

	return cr_put(s, CR_UTSNS, id, &pb_utsns_entry_type, &e);
}

static int utsns_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_utsns_entry *e;
	struct ns_common *ns;
	struct uts_ns *u;
	int err = may_create(r, &uts_ns_type);

	if (!err)
		err = cr_message(r, CR_UTSNS, id, &e);
	if (!err && (e->nodename.len > __NEW_UTS_LEN || e->domainname.len > __NEW_UTS_LEN))
		err = cr_refuse(r, "uts namespace", id, "name is too long", EINVAL, CR_IMG_05);
	if (!err)
		err = uts_ns_type.create(&init_uts_ns.ns, current_user_ns(), &ns);
	if (err)
		return err;
	u = to_uts_ns(ns);
	memset(u->nodename, 0, sizeof(u->nodename));
	memset(u->domainname, 0, sizeof(u->domainname));
	memcpy(u->nodename, e->nodename.data, e->nodename.len);
	memcpy(u->domainname, e->domainname.data, e->domainname.len);
	*object = ns;
	return 0;
}

const struct cr_class cr_utsns_class = {
	.name = "uts namespace",
	.save = utsns_save,
	.restore = utsns_restore,
	.get = ns_class_get,
	.put = ns_class_put,
};

/* --- pid --- */

static int pidns_id(struct cr_save *s, struct pid_ns *ns, u32 *id)
{
	*id = PIDNS_OUTSIDE;
	if (ns->level < s->pid_ns->level || (ns == s->pid_ns && !s->container))
		return 0;
	return cr_save_object(s, &cr_pidns_class, &ns->ns, id);
}

static int pidns_save(struct cr_save *s, void *object, u32 id)
{
	struct pid_ns *ns = to_pid_ns(object);
	struct pb_plimsoll_pidns e = { .id = id, .last = ns->last };
	int err = 0;

	if (ns != s->pid_ns)
		err = pidns_id(s, ns->parent, &e.parent);
	if (!err && ns->ns.owner != current_user_ns())
		err = cr_refuse(s, "user namespace", id, "owns a pid namespace", EBUSY, CR_NS_03);
	return err ? err : cr_put(s, CR_PIDNS, 0, &pb_plimsoll_pidns_type, &e);
}

/* Parents that go round in a circle end at the depth that cr_restore_object() allows. */
static int pidns_restore(struct cr_restore *r, u32 id, void **object)
{
	struct pid_ns *parent = to_pid_ns(current->nsproxy->ns[NS_KIND_PID]);
	const struct pb_plimsoll_pidns *e;
	struct ns_common *ns;
	void *up;
	int err = may_create(r, &pid_ns_type);

	if (!err)
		err = cr_find(r, CR_PIDNS, 0, offsetof(struct pb_plimsoll_pidns, id), id, &e);
	if (err)
		return err;
	if (e->parent) {
		err = cr_restore_object(r, &cr_pidns_class, e->parent, &up);
		if (err)
			return err;
		parent = to_pid_ns(up);
	}
	if (parent->level >= PID_NS_LEVELS || e->last > PID_MAX_LIMIT)
		return cr_refuse(r, "pid namespace", id, "is too deep", EINVAL, PIDNS_03);
	err = pid_ns_make(parent, current_user_ns(), &ns);
	if (err)
		return err;
	to_pid_ns(ns)->last = e->last;
	*object = ns;
	return 0;
}

const struct cr_class cr_pidns_class = {
	.name = "pid namespace",
	.save = pidns_save,
	.restore = pidns_restore,
	.get = ns_class_get,
	.put = ns_class_put,
};

/* --- those of a task --- */

/* Kinds that are the checkpointer's own, or refused. */
static const struct {
	enum ns_kind kind;
	enum rule rule;
} shared_kinds[] = {
	{ NS_KIND_MNT, CR_NS_04 },
	{ NS_KIND_CGROUP, CR_NS_07 },
};

int cr_namespaces_save(struct cr_save *s, struct task *t, struct pb_task_kobj_ids_entry *ids)
{
	struct ns_common *const *ns = t->nsproxy->ns, *const *mine = current->nsproxy->ns;
	int err;

	if (ns[NS_KIND_PID] != &task_pid_ns(t)->ns)
		return cr_refuse(s, "pid namespace", ns[NS_KIND_PID]->inum,
				 "is the children's only", EBUSY, CR_NS_10);
	for (size_t i = 0; i < ARRAY_SIZE(shared_kinds); i++) {
		enum ns_kind kind = shared_kinds[i].kind;

		if (ns[kind] != mine[kind])
			return cr_refuse(s, ns_types[kind]->name, ns[kind]->inum, "namespace",
					 EBUSY, shared_kinds[i].rule);
	}
	ids->has_pid_ns_id = ids->has_uts_ns_id = true;
	err = pidns_id(s, task_pid_ns(t), &ids->pid_ns_id);
	if (!err && ns[NS_KIND_UTS] != mine[NS_KIND_UTS])
		err = cr_save_object(s, &cr_utsns_class, ns[NS_KIND_UTS], &ids->uts_ns_id);
	return err;
}

/* A fresh nsproxy for a task of these ids. */
int cr_namespaces_restore(struct cr_restore *r, const struct pb_task_kobj_ids_entry *ids,
			  struct nsproxy **out)
{
	struct nsproxy *p;
	void *ns;
	int err = nsproxy_copy(current->nsproxy, &p);

	if (err)
		return err;
	nsproxy_set(p, NS_KIND_PID, &task_pid_ns(current)->ns);
	if (ids->pid_ns_id) {
		err = cr_restore_object(r, &cr_pidns_class, ids->pid_ns_id, &ns);
		if (!err)
			nsproxy_set(p, NS_KIND_PID, ns);
	}
	if (!err && ids->uts_ns_id) {
		err = cr_restore_object(r, &cr_utsns_class, ids->uts_ns_id, &ns);
		if (!err)
			nsproxy_set(p, NS_KIND_UTS, ns);
	}
	if (err) {
		nsproxy_put(p);
		return err;
	}
	*out = p;
	return 0;
}
