// SPDX-License-Identifier: MIT
/* cr/namespaces.c - which namespaces a task is in (ids-PID.img), and what all kinds share
 * (plimsoll-ns.img: owner, and who pays).
 *
 * Id 0 is the checkpointer's own, on restart the restarter's; others are objects, made again by the
 * class of their kind (cr/ns_KIND.c). A kind without a row below must be the checkpointer's, or is
 * refused by name. Owners and parents come before what they own. A restarter may make what
 * unshare(2) would let it make: in its own user namespace with CAP_SYS_ADMIN, in one that the image
 * brings as its root. In container mode nobody outside may be in a namespace of the image
 * (CR-API-20). */
#include "cr/internal.h"

#include "kernel/cred_internal.h"
#include "kernel/task_internal.h"
#include "ns/pid.h"
#include "ns/ucount.h"
#include "ns/user.h"

#define KEY_SHIFT 24
#define IDS(field) offsetof(struct pb_task_kobj_ids_entry, has_##field), \
		   offsetof(struct pb_task_kobj_ids_entry, field)

static const struct ns_row {
	enum ns_kind kind;
	u32 number;			/* in images: never another */
	const struct cr_class *class;
	size_t has, id;			/* in task_kobj_ids_entry */
} rows[] = {
	{ NS_KIND_USER, 1, &cr_userns_class, IDS(user_ns_id) },
	{ NS_KIND_MNT, 2, &cr_mntns_class, IDS(mnt_ns_id) },
	{ NS_KIND_UTS, 3, &cr_utsns_class, IDS(uts_ns_id) },
	{ NS_KIND_PID, 4, &cr_pidns_class, IDS(pid_ns_id) },
	{ NS_KIND_CGROUP, 5, &cr_cgroupns_class, IDS(cgroup_ns_id) },
};

static const struct ns_row *row_of(enum ns_kind kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].kind == kind)
			return &rows[i];
	return NULL;
}

void cr_ns_get(void *ns)
{
	ns_get(ns);
}

void cr_ns_put(void *ns)
{
	ns_put(ns);
}

/* --- save --- */

/* The checkpointer's own, which the image does not bring. */
static bool is_outside(const struct cr_save *s, struct ns_common *ns)
{
	enum ns_kind kind = ns->type->kind;
	const struct pid_ns *p;

	if (kind == NS_KIND_USER)
		return ns == &current_user_ns()->ns;
	if (kind != NS_KIND_PID)
		return ns == current->nsproxy->ns[kind];
	p = to_pid_ns(ns);
	return p->level < s->pid_ns->level || (p == s->pid_ns && !s->container);
}

int cr_ns_id(struct cr_save *s, struct ns_common *ns, u32 *id)
{
	const struct ns_row *row = row_of(ns->type->kind);

	*id = 0;
	if (is_outside(s, ns))
		return 0;
	if (!row)
		return cr_refuse(s, ns->type->name, ns->inum, "namespace", EBUSY, CR_NS_01);
	return cr_save_object(s, row->class, ns, id);
}

/* Of an opener: one that is not below the checkpointer's is outside too. */
int cr_ns_opener(struct cr_save *s, struct user_ns *ns, u32 *id)
{
	const struct user_ns *up = ns;

	while (up && up != current_user_ns())
		up = up->parent;
	*id = 0;
	return up ? cr_ns_id(s, &ns->ns, id) : 0;
}

int cr_ns_common_save(struct cr_save *s, struct ns_common *ns, u32 id)
{
	return cr_ns_save(s, ns, id, NULL, 0);
}

int cr_ns_save(struct cr_save *s, struct ns_common *ns, u32 id, struct pb_bytes *names, u32 nr)
{
	struct pb_plimsoll_ns e = {
		.key = row_of(ns->type->kind)->number << KEY_SHIFT | id,
		.kind = pb_text(ns->type->name),
		.uid = from_uid_munged(current_user_ns(), ns->ucount ? ns->ucount->uid : 0),
		.inum = ns->inum,
		.name = names, .nr_name = nr,
	};
	int err = cr_ns_id(s, &ns->owner->ns, &e.owner);

	return err ? err : cr_put(s, CR_NS, 0, &pb_plimsoll_ns_type, &e);
}

int cr_namespaces_save(struct cr_save *s, struct task *t, struct pb_task_kobj_ids_entry *ids)
{
	int err = 0;

	for (int kind = 0; kind < NS_KINDS && !err; kind++) {
		struct ns_common *ns = ns_types[kind]->of(t);
		const struct ns_row *row = row_of(kind);
		u32 id;

		err = cr_ns_id(s, ns, &id);
		if (err || !row)
			continue;
		*(bool *)((u8 *)ids + row->has) = true;
		*(u32 *)((u8 *)ids + row->id) = id;
	}
	return err;
}

/* CR-NS-10: where t's children will be; 0: where t is. */
int cr_children_ns_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x)
{
	struct ns_common *ns = t->nsproxy ? t->nsproxy->ns[NS_KIND_PID] : NULL;

	if (process_is_zombie(t->process)) {
		x->has_dead_pid_ns = true;
		return cr_ns_id(s, &task_pid_ns(t)->ns, &x->dead_pid_ns);
	}
	if (!ns || ns == &task_pid_ns(t)->ns)
		return 0;
	x->has_children_pid_ns = true;
	return cr_ns_id(s, ns, &x->children_pid_ns);
}

/* A namespace by its kind's number and its id, for those who mount or open it. */
int cr_ns_number(struct cr_save *s, struct ns_common *ns, u32 *number, u32 *id)
{
	const struct ns_row *row = row_of(ns->type->kind);

	*number = row ? row->number : 0;
	return row ? cr_ns_id(s, ns, id)
		   : cr_refuse(s, ns->type->name, ns->inum, "namespace", EBUSY, CR_NS_01);
}

int cr_ns_path(struct cr_restore *r, u32 number, u32 id, struct path *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *ns = rows[i].kind == NS_KIND_USER ? &current_user_ns()->ns
			 : rows[i].kind == NS_KIND_PID	? &task_pid_ns(current)->ns
							: current->nsproxy->ns[rows[i].kind];
		int err;

		if (rows[i].number != number)
			continue;
		err = id ? cr_restore_object(r, rows[i].class, id, &ns) : 0;
		return err ? err : nsfs_path(ns, out);
	}
	return cr_refuse(r, "namespace", id, "is of no known kind", EINVAL, CR_IMG_05);
}

/* --- what is in the image and held outside too: CR-API-20 --- */

static int leak(struct cr_save *s, const struct task *t, const char *class, u32 id)
{
	return cr_refuse(s, class, id, t->comm, EBUSY, CR_API_20);
}

static int task_leaks(struct cr_save *s, struct task *t)
{
	const struct { const struct cr_class *class; void *object; } held[] = {
		{ &cr_mm_class, t->mm }, { &cr_files_class, t->files }, { &cr_fs_class, t->fs },
	};
	u32 id;

	for (size_t i = 0; i < ARRAY_SIZE(held); i++) {
		id = held[i].object ? objtab_id(&s->objects, held[i].class, held[i].object) : 0;
		if (id)
			return leak(s, t, held[i].class->name, id);
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows) && t->nsproxy; i++) {
		id = objtab_id(&s->objects, rows[i].class, ns_types[rows[i].kind]->of(t));
		if (id)
			return leak(s, t, rows[i].class->name, id);
	}
	return 0;
}

int cr_leaks_check(struct cr_save *s)
{
	struct task *t;
	int err = 0;

	if (s->flags & CHECKPOINT_SUBTREE)
		return 0;
	list_for_each(t, &task_all, all)
		if (!err && !cr_pid(s, t->pid))
			err = task_leaks(s, t);
	return err;
}

/* --- restart --- */

/* May the restarter let id act in ns: its own, any with CAP_SETUID, or one that ns maps? */
bool cr_uid_allowed(const struct user_ns *ns, kid_t id)
{
	const struct cred *c = current_cred();

	if (id == c->uid || id == c->euid || id == c->suid)
		return true;
	if (ns != current_user_ns() && from_uid(ns, id) != INVALID_ID)
		return true;
	return capable_in(current_user_ns(), CAP_SETUID);
}

int cr_userns_find(struct cr_restore *r, u32 id, struct user_ns **out)
{
	void *ns = &current_user_ns()->ns;
	int err = id ? cr_restore_object(r, &cr_userns_class, id, &ns) : 0;

	if (!err)
		*out = to_user_ns(ns);
	return err;
}

int cr_ns_begin(struct cr_restore *r, enum ns_kind kind, u32 id, struct cr_ns_maker *m)
{
	const struct ns_row *row = row_of(kind);
	const struct pb_plimsoll_ns *e;
	kid_t uid;
	int err = cr_find(r, CR_NS, 0, offsetof(struct pb_plimsoll_ns, key),
			  row->number << KEY_SHIFT | id, &e);

	if (!err)
		err = cr_userns_find(r, e->owner, &m->owner);
	if (err)
		return err;
	uid = make_uid(current_user_ns(), e->uid);
	if (uid == INVALID_ID)
		return cr_refuse(r, row->class->name, id, "is nobody's", EINVAL, CR_IMG_05);
	if ((kind != NS_KIND_USER && !e->owner && !capable_in(m->owner, CAP_SYS_ADMIN)) ||
	    !cr_uid_allowed(m->owner, uid))
		return cr_refuse(r, row->class->name, id, "", EPERM, NS_14);
	err = cred_prepare(current_cred(), &m->cred);
	if (err)
		return err;
	m->cred->euid = uid;
	m->inum = e->inum;
	m->names = e->name;
	m->nr_names = e->nr_name;
	m->old = cred_override(m->cred);
	ucount_restarts = true;
	return 0;
}

void cr_ns_end(struct cr_ns_maker *m, struct ns_common *made)
{
	ucount_restarts = false;
	if (made)
		ns_renumber(made, m->inum);
	cred_restore(m->old);
	cred_put(m->cred);
}

static int proxy_fill(struct cr_restore *r, const struct pb_task_kobj_ids_entry *ids,
		      struct nsproxy *p)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows) && !err; i++) {
		u32 id = *(u32 *)((u8 *)ids + rows[i].id);
		void *ns;

		if (!id)
			continue;
		err = cr_restore_object(r, rows[i].class, id, &ns);
		if (!err && rows[i].kind != NS_KIND_USER)
			nsproxy_set(p, rows[i].kind, ns);
	}
	return err;
}

/* A fresh nsproxy for a task of these ids. */
int cr_namespaces_restore(struct cr_restore *r, const struct pb_task_kobj_ids_entry *ids,
			  struct nsproxy **out)
{
	struct nsproxy *p;
	int err = nsproxy_copy(current->nsproxy, &p);

	if (err)
		return err;
	nsproxy_set(p, NS_KIND_PID, &task_pid_ns(current)->ns);
	err = proxy_fill(r, ids, p);
	if (err)
		nsproxy_put(p);
	else
		*out = p;
	return err;
}

/* When all of t's children are made. */
int cr_children_ns_restore(struct cr_restore *r, struct task *t, const struct pb_plimsoll_task *x)
{
	void *ns = &task_pid_ns(current)->ns;
	int err = 0;

	if (!x->has_children_pid_ns)
		return 0;
	if (x->children_pid_ns)
		err = cr_restore_object(r, &cr_pidns_class, x->children_pid_ns, &ns);
	if (!err)
		nsproxy_set(t->nsproxy, NS_KIND_PID, ns);
	return err;
}
