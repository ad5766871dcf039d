// SPDX-License-Identifier: MIT
/* fs/9p_msg.c - bytes of a 9P message: little-endian numbers, counted strings, qids.
 *
 * A cursor never leaves its buffer: what does not fit, or is not there, makes it bad, and a bad
 * cursor gives zeros. So a message is built or read to its end first and judged once.
 * See the 9P2000 manual, intro(5), and diod's protocol.md (9P2000.L). */
#include "fs/9p.h"

/* Room for n bytes more; NULL if there is none. */
static u8 *buf_take(struct p9_buf *b, u32 n)
{
	u8 *p = b->data + b->at;

	if (b->bad || n > b->size - b->at) {
		b->bad = true;
		return NULL;
	}
	b->at += n;
	return p;
}

static void put_number(struct p9_buf *b, u64 v, u32 bytes)
{
	u8 *p = buf_take(b, bytes);

	if (p)
		memcpy(p, &v, bytes);
}

static u64 get_number(struct p9_buf *b, u32 bytes)
{
	const u8 *p = buf_take(b, bytes);
	u64 v = 0;

	if (p)
		memcpy(&v, p, bytes);
	return v;
}

void p9_put8(struct p9_buf *b, u8 v)
{
	put_number(b, v, sizeof(v));
}

void p9_put16(struct p9_buf *b, u16 v)
{
	put_number(b, v, sizeof(v));
}

void p9_put32(struct p9_buf *b, u32 v)
{
	put_number(b, v, sizeof(v));
}

void p9_put64(struct p9_buf *b, u64 v)
{
	put_number(b, v, sizeof(v));
}

void p9_put_text(struct p9_buf *b, const char *s, size_t len)
{
	u8 *p;

	if (len > UINT16_MAX) {
		b->bad = true;
		return;
	}
	p9_put16(b, len);
	p = buf_take(b, len);
	if (p)
		memcpy(p, s, len);
}

void p9_put_string(struct p9_buf *b, const char *s)
{
	p9_put_text(b, s, strlen(s));
}

u8 p9_get8(struct p9_buf *b)
{
	return get_number(b, sizeof(u8));
}

u16 p9_get16(struct p9_buf *b)
{
	return get_number(b, sizeof(u16));
}

u32 p9_get32(struct p9_buf *b)
{
	return get_number(b, sizeof(u32));
}

u64 p9_get64(struct p9_buf *b)
{
	return get_number(b, sizeof(u64));
}

const char *p9_get_text(struct p9_buf *b, u16 *len)
{
	*len = p9_get16(b);
	return (const char *)buf_take(b, *len);
}

struct p9_qid p9_get_qid(struct p9_buf *b)
{
	struct p9_qid q;

	q.type = p9_get8(b);
	q.version = p9_get32(b);
	q.path = p9_get64(b);
	return q;
}
