// SPDX-License-Identifier: MIT
/* cr/codec.c - protobuf by table: messages to bytes and back.
 *
 * A field is its number and wire kind in one word, then its value: a varint of seven bits a byte,
 * four or eight bytes, or a length and so many bytes. Messages inside messages are encoded after
 * their length has been computed by encoding them into nothing. Decoding trusts nothing: every
 * length is held against what is left, depth and memory are bounded. See protobuf's "Encoding". */
#include "cr/codec.h"

#include "abi/errno.h"

#define DEPTH_MAX 8
#define VARINT_MAX 10
#define TAG_BITS 3
#define FIRST_ELEMENTS 4

enum wire_kind { WIRE_VARINT, WIRE_64, WIRE_BYTES, WIRE_GROUP, WIRE_END_GROUP, WIRE_32 };

static const u8 wire_of[] = {
	[PB_FIXED32] = WIRE_32, [PB_FIXED64] = WIRE_64, [PB_STRING] = WIRE_BYTES,
	[PB_BYTES] = WIRE_BYTES, [PB_MESSAGE] = WIRE_BYTES,
};

static const u8 size_of[] = {
	[PB_VARINT] = 8, [PB_INT32] = 4, [PB_UINT32] = 4, [PB_BOOL] = sizeof(bool), [PB_SINT32] = 4,
	[PB_SINT64] = 8, [PB_FIXED32] = 4, [PB_FIXED64] = 8,
	[PB_STRING] = sizeof(struct pb_bytes), [PB_BYTES] = sizeof(struct pb_bytes),
	[PB_MESSAGE] = sizeof(void *),
};

/* --- encoding --- */

/* Bytes go to b, or with b NULL are only counted. */
struct sink {
	struct buffer *b;
	size_t len;
};

static void put_bytes(struct sink *s, const void *data, size_t len)
{
	s->len += len;
	if (s->b)
		buffer_append(s->b, data, len);
}

static void put_varint(struct sink *s, u64 v)
{
	u8 out[VARINT_MAX];
	unsigned n = 0;

	for (; v >= 0x80; v >>= 7)
		out[n++] = v | 0x80;
	out[n++] = v;
	put_bytes(s, out, n);
}

/* The number that stands for a value in a varint, or its bytes where it is fixed. */
static u64 scalar_load(enum pb_wire wire, const void *p)
{
	switch (wire) {
	case PB_INT32:
		return *(const s32 *)p;
	case PB_UINT32:
	case PB_FIXED32:
		return *(const u32 *)p;
	case PB_BOOL:
		return *(const bool *)p;
	case PB_SINT32:
		return (u32)(*(const s32 *)p << 1 ^ *(const s32 *)p >> 31);
	case PB_SINT64:
		return *(const s64 *)p << 1 ^ *(const s64 *)p >> 63;
	default:
		return *(const u64 *)p;
	}
}

static void put_message(struct sink *s, const struct pb_type *type, const u8 *m);

static void put_value(struct sink *s, const struct pb_field *f, const u8 *p)
{
	u8 wire = wire_of[f->wire];
	u64 v;

	put_varint(s, (u64)f->number << TAG_BITS | wire);
	if (f->wire == PB_MESSAGE) {
		struct sink count = {};

		put_message(&count, f->sub, *(const u8 *const *)p);
		put_varint(s, count.len);
		put_message(s, f->sub, *(const u8 *const *)p);
	} else if (wire == WIRE_BYTES) {
		const struct pb_bytes *b = (const void *)p;

		put_varint(s, b->len);
		put_bytes(s, b->data, b->len);
	} else {
		v = scalar_load(f->wire, p);
		if (wire == WIRE_VARINT)
			put_varint(s, v);
		else
			put_bytes(s, &v, wire == WIRE_32 ? sizeof(u32) : sizeof(u64));
	}
}

static bool field_is_set(const struct pb_field *f, const u8 *m)
{
	if (f->wire == PB_MESSAGE)
		return *(void *const *)(m + f->offset);
	return f->label == PB_REQUIRED || *(const bool *)(m + f->aux);
}

static void put_message(struct sink *s, const struct pb_type *type, const u8 *m)
{
	for (u32 i = 0; i < type->nr; i++) {
		const struct pb_field *f = &type->fields[i];

		if (f->label == PB_REPEATED) {
			u32 nr = *(const u32 *)(m + f->aux);
			const u8 *p = *(const u8 *const *)(m + f->offset);

			for (; nr--; p += size_of[f->wire])
				put_value(s, f, p);
		} else if (field_is_set(f, m)) {
			put_value(s, f, m + f->offset);
		}
	}
}

void pb_encode(struct buffer *b, const struct pb_type *type, const void *message)
{
	struct sink s = { .b = b };

	put_message(&s, type, message);
}

/* --- decoding --- */

struct source {
	struct arena *arena;
	const u8 *at, *end;
};

static int get_varint(struct source *s, u64 *out)
{
	u64 v = 0;

	for (unsigned i = 0; i < VARINT_MAX && s->at < s->end; i++) {
		u8 byte = *s->at++;

		v |= (u64)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*out = v;
			return 0;
		}
	}
	return -EINVAL;
}

static int get_fixed(struct source *s, u64 *out, size_t size)
{
	*out = 0;
	if ((size_t)(s->end - s->at) < size)
		return -EINVAL;
	memcpy(out, s->at, size);
	s->at += size;
	return 0;
}

static int get_span(struct source *s, struct source *inner)
{
	u64 len;
	int err = get_varint(s, &len);

	if (err || len > (u64)(s->end - s->at))
		return -EINVAL;
	*inner = (struct source){ s->arena, s->at, s->at + len };
	s->at += len;
	return 0;
}

static void scalar_store(enum pb_wire wire, void *p, u64 v)
{
	switch (wire) {
	case PB_INT32:
	case PB_UINT32:
	case PB_FIXED32:
		*(u32 *)p = v;
		break;
	case PB_BOOL:
		*(bool *)p = v;
		break;
	case PB_SINT32:
		*(s32 *)p = (u32)v >> 1 ^ -(u32)(v & 1);
		break;
	case PB_SINT64:
		*(u64 *)p = v >> 1 ^ -(v & 1);
		break;
	default:
		*(u64 *)p = v;
	}
}

static int get_scalar(struct source *s, const struct pb_field *f, unsigned kind, void *p)
{
	u64 v;
	int err;

	if (kind == WIRE_VARINT)
		err = get_varint(s, &v);
	else
		err = get_fixed(s, &v, kind == WIRE_32 ? sizeof(u32) : sizeof(u64));
	if (!err)
		scalar_store(f->wire, p, v);
	return err;
}

/* Where the next element of a repeated field goes: arrays double. */
static u8 *element_new(struct source *s, const struct pb_field *f, u8 *m)
{
	u32 *nr = (u32 *)(m + f->aux);
	u8 **array = (u8 **)(m + f->offset);
	size_t size = size_of[f->wire];

	if (!*nr || (*nr >= FIRST_ELEMENTS && !(*nr & (*nr - 1)))) {
		u8 *bigger = arena_alloc(s->arena, size * (*nr ? 2ul * *nr : FIRST_ELEMENTS));

		if (!bigger)
			return NULL;
		if (*nr)
			memcpy(bigger, *array, *nr * size);
		*array = bigger;
	}
	return *array + size * (*nr)++;
}

static int get_message(struct source *s, const struct pb_type *type, unsigned depth, void **out);

/* The value of wire kind "kind" into p. */
static int get_value(struct source *s, const struct pb_field *f, unsigned kind, unsigned depth,
		     u8 *p)
{
	struct source inner;
	int err;

	if (kind != WIRE_BYTES)
		return get_scalar(s, f, kind, p);
	err = get_span(s, &inner);
	if (err)
		return err;
	if (f->wire == PB_MESSAGE)
		return get_message(&inner, f->sub, depth + 1, (void **)p);
	*(struct pb_bytes *)p = (struct pb_bytes){
		.len = inner.end - inner.at,
		.data = arena_alloc(s->arena, inner.end - inner.at + 1),
	};
	if (!((struct pb_bytes *)p)->data)
		return -ENOMEM;
	memcpy(((struct pb_bytes *)p)->data, inner.at, inner.end - inner.at);
	if (f->wire == PB_STRING && memchr(inner.at, '\0', inner.end - inner.at))
		return -EINVAL;
	return 0;
}

/* A repeated scalar may be packed: one span of values. */
static int get_packed(struct source *s, const struct pb_field *f, u8 *m)
{
	struct source inner;
	int err = get_span(s, &inner);

	while (!err && inner.at < inner.end) {
		u8 *p = element_new(s, f, m);

		err = p ? get_scalar(&inner, f, wire_of[f->wire], p) : -ENOMEM;
	}
	return err;
}

static int get_field(struct source *s, const struct pb_field *f, unsigned kind, unsigned depth,
		     u8 *m)
{
	u8 *p = m + f->offset;

	if (kind == WIRE_BYTES && wire_of[f->wire] != WIRE_BYTES && f->label == PB_REPEATED)
		return get_packed(s, f, m);
	if (kind != wire_of[f->wire])
		return -EINVAL;
	if (f->label == PB_REPEATED)
		p = element_new(s, f, m);
	else if (f->aux)
		*(bool *)(m + f->aux) = true;
	return p ? get_value(s, f, kind, depth, p) : -ENOMEM;
}

static int skip_field(struct source *s, unsigned kind)
{
	struct source inner;
	u64 v;

	switch (kind) {
	case WIRE_VARINT:
		return get_varint(s, &v);
	case WIRE_64:
		return get_fixed(s, &v, sizeof(u64));
	case WIRE_32:
		return get_fixed(s, &v, sizeof(u32));
	case WIRE_BYTES:
		return get_span(s, &inner);
	default:
		return -EINVAL;
	}
}

static const struct pb_field *field_find(const struct pb_type *type, u64 number, u32 *index)
{
	for (u32 i = 0; i < type->nr; i++)
		if (type->fields[i].number == number) {
			*index = i;
			return &type->fields[i];
		}
	return NULL;
}

/* No message has more than 64 fields: each that was met is a bit. */
static int check_required(const struct pb_type *type, u64 met)
{
	for (u32 i = 0; i < type->nr; i++)
		if (type->fields[i].label == PB_REQUIRED && !(met & BIT(i)))
			return -EINVAL;
	return 0;
}

/* A string that is not there reads as an empty one. */
static void strings_empty(const struct pb_type *type, u8 *m)
{
	for (u32 i = 0; i < type->nr; i++)
		if (type->fields[i].wire == PB_STRING && type->fields[i].label != PB_REPEATED)
			((struct pb_bytes *)(m + type->fields[i].offset))->data = (u8 *)"";
}

static int get_message(struct source *s, const struct pb_type *type, unsigned depth, void **out)
{
	u8 *m = depth < DEPTH_MAX ? arena_alloc(s->arena, type->size) : NULL;
	u64 tag, met = 0;
	u32 index;
	int err = 0;

	if (!m)
		return depth < DEPTH_MAX ? -ENOMEM : -EINVAL;
	strings_empty(type, m);
	while (!err && s->at < s->end) {
		const struct pb_field *f;

		err = get_varint(s, &tag);
		if (err)
			break;
		f = field_find(type, tag >> TAG_BITS, &index);
		if (!f) {
			err = skip_field(s, tag & (BIT(TAG_BITS) - 1));
			continue;
		}
		met |= BIT(index);
		err = get_field(s, f, tag & (BIT(TAG_BITS) - 1), depth, m);
	}
	*out = m;
	return err ? err : check_required(type, met);
}

int pb_decode(struct arena *a, const struct pb_type *type, const void *data, size_t len, void **out)
{
	struct source s = { a, data, (const u8 *)data + len };

	return get_message(&s, type, 0, out);
}
