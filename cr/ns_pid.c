// SPDX-License-Identifier: MIT
/* cr/ns_pid.c - PID namespaces: plimsoll-pidns.img. The root's own has its parent outside.
 *
 * Numbers are their tasks'; what is saved is the last one given out, and that the first process is
 * gone already. */
#include "cr/internal.h"
#include "ns/pid.h"

static int pidns_save(struct cr_save *s, void *object, u32 id)
{
	struct pid_ns *ns = to_pid_ns(object);
	struct pb_plimsoll_pidns e = { .id = id, .last = ns->last,
				       .has_dying = ns->dying, .dying = ns->dying };
	int err = cr_ns_common_save(s, object, id);

	if (!err && ns != s->pid_ns)
		err = cr_ns_id(s, &ns->parent->ns, &e.parent);
	return err ? err : cr_put(s, CR_PIDNS, 0, &pb_plimsoll_pidns_type, &e);
}

/* Parents that go round in a circle end at the depth that cr_restore_object() allows. */
static int pidns_restore(struct cr_restore *r, u32 id, void **object)
{
	void *parent = &task_pid_ns(current)->ns;
	const struct pb_plimsoll_pidns *e;
	struct cr_ns_maker m;
	struct ns_common *ns;
	int err = cr_find(r, CR_PIDNS, 0, offsetof(struct pb_plimsoll_pidns, id), id, &e);

	if (!err && e->parent)
		err = cr_restore_object(r, &cr_pidns_class, e->parent, &parent);
	if (err)
		return err;
	if (to_pid_ns(parent)->level >= PID_NS_LEVELS || e->last > PID_MAX_LIMIT)
		return cr_refuse(r, "pid namespace", id, "is too deep", EINVAL, PIDNS_03);
	err = cr_ns_begin(r, NS_KIND_PID, id, &m);
	if (err)
		return err;
	err = pid_ns_make(to_pid_ns(parent), m.owner, &ns);
	cr_ns_end(&m, err ? NULL : ns);
	if (err)
		return err;
	to_pid_ns(ns)->last = e->last;
	*object = ns;
	return 0;
}

/* When all tasks are made: in those whose first process is gone nobody else is made. */
void cr_pidns_finish(struct cr_restore *r)
{
	struct cr_messages all;

	cr_messages(r, CR_PIDNS, 0, &all);
	for (u32 i = 0; i < all.nr; i++) {
		const struct pb_plimsoll_pidns *e = all.message[i];
		struct ns_common *ns = objtab_object(&r->objects, &cr_pidns_class, e->id);

		if (ns && e->dying)
			to_pid_ns(ns)->dying = true;
	}
}

const struct cr_class cr_pidns_class = {
	.name = "pid namespace",
	.save = pidns_save,
	.restore = pidns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
	.holds = HELD_NAMESPACE,
};
