// SPDX-License-Identifier: MIT
/* cr/decode.c - the members of an image on restart: magics and messages decoded, and found again.
 *
 * A member is found by its kind and id, a message by one of its numbers, both through a radix tree:
 * cost does not grow with the number of others, whatever ids a hostile image chooses. The tree
 * over a member's messages is made when one is first asked for out of order.
 * Some messages have raw bytes behind them, whose length one of their fields says; the decoded
 * message then says where they are. Locks: BKL. */
#include "cr/internal.h"

#include "lib/print.h"
#include "mm/slab.h"

static u64 member_key(enum cr_member kind, u32 id)
{
	return (u64)kind << 32 | id;
}

/* A member of that name must not have come before. */
int cr_member_enter(struct cr_restore *r, struct cr_member_in *m)
{
	u64 key = member_key(m->kind, m->id);

	if (radix_get(&r->by_id, key))
		return cr_refuse(r, m->name, 0, "stands twice", EINVAL, CR_IMG_02);
	return radix_set(&r->by_id, key, m);
}

static void radix_clear(struct radix *tree)
{
	u64 at = 0;

	while (radix_next(tree, &at))
		radix_erase(tree, at);
}

void cr_members_forget(struct cr_restore *r)
{
	struct cr_member_in *m;

	radix_clear(&r->by_id);
	radix_clear(&r->by_pid);
	list_for_each(m, &r->members, link)
		radix_clear(&m->by_key);
}

/* --- decoding --- */

static u32 word_at(const struct cr_member_in *m, size_t at)
{
	u32 v;

	memcpy(&v, m->data + at, sizeof(v));
	return v;
}

static int message_add(struct cr_restore *r, struct cr_messages *list, void *message)
{
	if (!(list->nr & (list->nr - 1))) {
		void **more = cr_array(r, list->nr ? 2 * list->nr : 1, void *);

		if (!more)
			return -ENOMEM;
		if (list->nr)
			memcpy(more, list->message, list->nr * sizeof(*more));
		list->message = more;
	}
	list->message[list->nr++] = message;
	return 0;
}

/* The bytes behind a message of a kind that has such: *at goes beyond them. */
static int raw_bytes(struct cr_restore *r, struct cr_member_in *m, u8 *message, size_t *at)
{
	const struct raw_row *row = cr_raw_find(m->kind);
	u32 len;

	if (!row)
		return 0;
	len = *(u32 *)(message + row->length);
	if (len > m->len - *at)
		return cr_refuse(r, m->name, m->offset + *at, "is cut", EINVAL, CR_IMG_05);
	*(struct pb_bytes *)(message + row->bytes) = (struct pb_bytes){ len, m->data + *at };
	*at += len;
	return 0;
}

static int message_decode(struct cr_restore *r, struct cr_member_in *m, size_t *at)
{
	const struct pb_type *type = cr_members[m->kind].type;
	void *message;
	u32 size;
	int err;

	if (cr_members[m->kind].type == &pb_pagemap_entry_type && !m->messages.nr)
		type = &pb_pagemap_head_type;
	if (m->len - *at < sizeof(u32) || (size = word_at(m, *at)) > m->len - *at - sizeof(u32))
		return cr_refuse(r, m->name, m->offset + *at, "is cut", EINVAL, CR_IMG_05);
	*at += sizeof(u32);
	err = pb_decode(&r->arena, type, m->data + *at, size, &message);
	if (err == -EINVAL)
		cr_refuse(r, m->name, m->offset + *at, "is no such message", EINVAL, CR_IMG_05);
	*at += size;
	if (!err)
		err = raw_bytes(r, m, message, at);
	return err ? err : message_add(r, &m->messages, message);
}

int cr_member_decode(struct cr_restore *r, struct cr_member_in *m)
{
	const struct member_row *row = &cr_members[m->kind];
	size_t at = m->kind == CR_INVENTORY ? 0 : sizeof(u32);
	int err = 0;

	if (m->len < at + sizeof(u32) || (at && word_at(m, 0) != IMAGE_MAGIC) ||
	    word_at(m, at) != row->magic)
		return cr_refuse(r, m->name, m->offset, "has another magic", EINVAL, CR_IMG_01);
	at += sizeof(u32);
	if (m->kind == CR_PAD)
		return 0;
	while (at < m->len && !err)
		err = message_decode(r, m, &at);
	return err;
}

/* --- finding --- */

static struct cr_member_in *member_find(struct cr_restore *r, enum cr_member kind, u32 id)
{
	return radix_get(&r->by_id, member_key(kind, id));
}

struct cr_member_in *cr_pages_find(struct cr_restore *r, u32 id)
{
	return member_find(r, CR_MEMBERS, id);
}

int cr_messages(struct cr_restore *r, enum cr_member kind, u32 id, struct cr_messages *out)
{
	struct cr_member_in *m = member_find(r, kind, id);

	*out = m ? m->messages : (struct cr_messages){};
	if (m)
		m->used = true;
	return 0;
}

/* What is missing by its name: a member, or a message of one. */
static int missing(struct cr_restore *r, enum cr_member kind, u32 id, u32 what)
{
	char name[sizeof(((struct cr_member_in *)0)->name)];

	snprintf(name, sizeof(name), cr_members[kind].name, id);
	return cr_refuse(r, name, what, "is missing", EINVAL, CR_IMG_02);
}

int cr_message(struct cr_restore *r, enum cr_member kind, u32 id, void *out)
{
	struct cr_messages all;
	int err = cr_messages(r, kind, id, &all);

	if (err)
		return err;
	if (all.nr != 1)
		return missing(r, kind, id, 0);
	*(void **)out = all.message[0];
	return 0;
}

static u32 key_of(void *message, size_t key_offset)
{
	return *(u32 *)((u8 *)message + key_offset);
}

/* The tree of a member's messages by key; of two with the same key the first counts. */
static int messages_index(struct cr_member_in *m, size_t key_offset)
{
	int err = 0;

	if (m->key_offset == key_offset + 1)
		return 0;
	radix_clear(&m->by_key);
	for (u32 i = 0; i < m->messages.nr && !err; i++) {
		u32 key = key_of(m->messages.message[i], key_offset);

		if (!radix_get(&m->by_key, key))
			err = radix_set(&m->by_key, key, m->messages.message[i]);
	}
	m->key_offset = err ? 0 : key_offset + 1;
	return err;
}

/* Without memory for the tree: nothing may be taken as missing for that. */
static void *messages_scan(struct cr_member_in *m, size_t key_offset, u32 key)
{
	for (u32 i = 0; i < m->messages.nr; i++)
		if (key_of(m->messages.message[i], key_offset) == key)
			return m->messages.message[i];
	return NULL;
}

void *cr_lookup(struct cr_restore *r, enum cr_member kind, u32 id, size_t key_offset, u32 key)
{
	struct cr_member_in *m = member_find(r, kind, id);

	if (!m)
		return NULL;
	m->used = true;
	if (key && key <= m->messages.nr && key_of(m->messages.message[key - 1], key_offset) == key)
		return m->messages.message[key - 1];
	if (messages_index(m, key_offset))
		return messages_scan(m, key_offset, key);
	return radix_get(&m->by_key, key);
}

/* Ids are mostly in order from 1, so the id-th is asked first. */
int cr_find(struct cr_restore *r, enum cr_member kind, u32 id, size_t key_offset, u32 key,
	    void *out)
{
	*(void **)out = cr_lookup(r, kind, id, key_offset, key);
	if (*(void **)out)
		return 0;
	return missing(r, kind, id, key);
}
