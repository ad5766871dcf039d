// SPDX-License-Identifier: MIT
/* cr/arena.c - memory of one checkpoint or restart: an arena that goes all at once, and buffers
 * that grow.
 *
 * Locks: none of their own. Checkpoint: scratch of the engine. */
#include "abi/errno.h"
#include "cr/codec.h"
#include "mm/slab.h"

#define CHUNK_SIZE (32 * 1024 - sizeof(struct arena_chunk))
#define BUFFER_FIRST 1024
#define ALIGNMENT 16

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	u8 data[] __attribute__((aligned(ALIGNMENT)));
};

static struct arena_chunk *chunk_add(struct arena *a, size_t size)
{
	size_t room = MAX(size, CHUNK_SIZE);
	struct arena_chunk *c = kmalloc(sizeof(*c) + room);

	if (!c)
		return NULL;
	*c = (struct arena_chunk){ .next = a->chunks, .size = room };
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->chunks;
	void *p;

	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (a->limit && (size > a->limit || a->used > a->limit - size))
		c = NULL;
	else if (!c || c->size - c->used < size)
		c = chunk_add(a, size);
	a->failed |= !c;
	if (!c)
		return NULL;
	p = c->data + c->used;
	c->used += size;
	a->used += size;
	return memset(p, 0, size);
}

char *arena_strdup(struct arena *a, const char *s)
{
	char *p = arena_alloc(a, strlen(s) + 1);

	return p ? strcpy(p, s) : NULL;
}

void arena_free(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		kfree(c);
	}
	a->used = 0;
}

static int buffer_grow(struct buffer *b, size_t len)
{
	size_t size = b->size ? b->size : BUFFER_FIRST;
	u8 *data;

	while (size < len)
		size *= 2;
	data = krealloc(b->data, size);
	if (!data)
		return -ENOMEM;
	b->data = data;
	b->size = size;
	return 0;
}

void buffer_append(struct buffer *b, const void *data, size_t len)
{
	if (!b->error && b->len + len > b->size)
		b->error = buffer_grow(b, b->len + len);
	if (b->error || !len)
		return;
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

void buffer_free(struct buffer *b)
{
	kfree(b->data);
	*b = (struct buffer){};
}
