// SPDX-License-Identifier: MIT
/* cr/codec.h - protobuf messages by table: what tools/mkproto makes of the schema in cr/proto, and
 * the codec over it.
 *
 * Message x is "struct pb_x" and a table "pb_x_type". Encoding is canonical: fields by number,
 * unpacked, nothing optional that was not set. Decoding takes what an arena holds and is bounded by
 * it; unknown fields are ignored, a missing required one is -EINVAL. */
#pragma once

#include "types.h"

enum pb_wire {
	PB_VARINT, PB_INT32, PB_UINT32, PB_BOOL, PB_SINT32, PB_SINT64, PB_FIXED32, PB_FIXED64,
	PB_STRING, PB_BYTES, PB_MESSAGE,
};
enum pb_label { PB_OPTIONAL, PB_REQUIRED, PB_REPEATED };

struct pb_bytes {		/* data of strings is NUL-terminated behind len */
	u32 len;
	u8 *data;
};

struct pb_type;
struct pb_field {
	const char *name;
	u32 number;
	enum pb_wire wire;
	enum pb_label label;
	u32 offset;		/* of the value in the struct */
	u32 aux;		/* of has_NAME or nr_NAME; 0: none */
	const struct pb_type *sub;
};
struct pb_type {
	const char *name;
	u32 size, nr;
	const struct pb_field *fields;	/* by number */
};

/* Memory that goes all at once. */
struct arena {
	struct arena_chunk *chunks;
	size_t used, limit;	/* bytes given out; the most there may be, 0: any */
	bool failed;		/* there was not enough once: what it made may lack something */
};
void *arena_alloc(struct arena *a, size_t size);	/* zeroed; NULL: no memory, or the limit */
char *arena_strdup(struct arena *a, const char *s);
void arena_free(struct arena *a);

/* Bytes that grow; an error sticks. */
struct buffer {
	u8 *data;
	size_t len, size;
	int error;
};
void buffer_append(struct buffer *b, const void *data, size_t len);
void buffer_free(struct buffer *b);

void pb_encode(struct buffer *b, const struct pb_type *type, const void *message);
/* *out lies in a. 0, -EINVAL, -ENOMEM. */
int pb_decode(struct arena *a, const struct pb_type *type, const void *data, size_t len,
	      void **out);
/* NULL (no memory in the arena, which remembers that): empty. */
/* Nothing is copied from nowhere: a field that is absent has no data. */
static inline void pb_copy(void *to, const struct pb_bytes *from)
{
	if (from->len)
		memcpy(to, from->data, from->len);
}

static inline struct pb_bytes pb_text(const char *s)
{
	return (struct pb_bytes){ .len = s ? strlen(s) : 0, .data = (u8 *)s };
}
