// SPDX-License-Identifier: MIT
/* lib/list.h - doubly linked circular lists, intrusive.
 *
 *   struct job { struct list link; };
 *   struct list jobs = LIST_INIT(jobs);      or list_init(&jobs);
 *   list_add_tail(&jobs, &job->link);
 *   list_for_each(job, &jobs, link) ...      (body may not remove job)
 *   list_for_each_safe(job, next, &jobs, link) ...  (body may remove job)
 *
 * A removed node is initialised to itself: list_del() twice is harmless, and
 * list_empty(&job->link) tells whether the job is on any list. */
#pragma once

#include "types.h"

struct list {
	struct list *next, *prev;
};

#define LIST_INIT(name) { &(name), &(name) }

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

static inline void list_insert_between(struct list *n, struct list *prev, struct list *next)
{
	n->prev = prev;
	n->next = next;
	prev->next = n;
	next->prev = n;
}

static inline void list_add(struct list *head, struct list *n)
{
	list_insert_between(n, head, head->next);
}

static inline void list_add_tail(struct list *head, struct list *n)
{
	list_insert_between(n, head->prev, head);
}

static inline void list_del(struct list *n)
{
	n->next->prev = n->prev;
	n->prev->next = n->next;
	list_init(n);
}

/* Moves all of "from" to the end of "to"; "from" is empty afterwards. */
static inline void list_splice_tail(struct list *to, struct list *from)
{
	if (list_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->next, type, member))
#define list_last(head, type, member) \
	(list_empty(head) ? NULL : list_entry((head)->prev, type, member))
#define list_for_each(pos, head, member)                                     \
	for (pos = list_entry((head)->next, typeof(*pos), member);           \
	     &pos->member != (head);                                         \
	     pos = list_entry(pos->member.next, typeof(*pos), member))
#define list_for_each_safe(pos, nxt, head, member)                           \
	for (pos = list_entry((head)->next, typeof(*pos), member),           \
	    nxt = list_entry(pos->member.next, typeof(*pos), member);        \
	     &pos->member != (head);                                         \
	     pos = nxt, nxt = list_entry(nxt->member.next, typeof(*pos), member))
