// SPDX-License-Identifier: MIT
/* ns/state.c - /proc/plimsoll/state: the namespaces, and which ones each task is in.
 *
 * And the same for gdb's list of threads. See fs/state.h. Locks: BKL; nothing sleeps.
 * Checkpoint: nothing is kept. */

#include "fs/state.h"
#include "kernel/cred.h"
#include "kernel/hooks.h"
#include "lib/print.h"
#include "ns/ns.h"

static u32 inum_of(const struct ns_common *ns)
{
	return ns ? ns->inum : 0;
}

static void namespace_line(struct text *t, struct ns_common *ns, bool *first)
{
	state_next(t, first);
	text_printf(t, "{\"id\": %u, \"kind\": \"%s\", \"references\": %u", ns->inum,
		    ns->type->name, ns->refs.n);
	state_id(t, "owner", ns->owner ? ns->owner->ns.inum : 0);
	state_id(t, "parent", ns->type->parent ? inum_of(ns->type->parent(ns)) : 0);
	text_putc(t, '}');
}

/* The initial ones first: they are on no list. */
void state_namespaces(struct text *t)
{
	struct ns_common *ns;
	bool first = true;

	text_putc(t, '[');
	namespace_line(t, &init_user_ns.ns, &first);
	for (enum ns_kind kind = 0; kind < NS_KINDS; kind++)
		if (init_nsproxy.ns[kind])
			namespace_line(t, init_nsproxy.ns[kind], &first);
	list_for_each(ns, &ns_all, all)
		namespace_line(t, ns, &first);
	text_putc(t, ']');
}

void state_memberships(struct text *t)
{
	struct task *task;
	bool first = true;

	text_putc(t, '[');
	list_for_each(task, &task_all, all) {
		state_next(t, &first);
		text_printf(t, "{\"tid\": %d", task->pid->numbers[0].nr);
		for (enum ns_kind kind = 0; kind < NS_KINDS; kind++)
			state_id(t, ns_types[kind]->name, inum_of(ns_types[kind]->of(task)));
		text_putc(t, '}');
	}
	text_putc(t, ']');
}

/* Those that are not initial. */
static void describe(struct task *t, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (enum ns_kind kind = 0; kind < NS_KINDS; kind++) {
		const struct ns_common *ns = ns_types[kind]->of(t);

		if (ns && ns != &init_user_ns.ns && ns != init_nsproxy.ns[kind] && n < size)
			n += sniprintf(buf + n, size - n, "; %s:[%u]", ns->type->name, ns->inum);
	}
}

void ns_state_init(void)
{
	kernel_hooks.describe_namespaces = describe;
}
