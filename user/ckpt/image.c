// SPDX-License-Identifier: MIT
/* user/ckpt/image.c - an image in memory: a tar stream of members, each of framed protobuf
 * messages.
 *
 * See tar(5); https://protobuf.dev, "Encoding". */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

#define TAR_BLOCK 512
#define TAR_SIZE_AT 124
#define READ_STEP (1 << 20)
#define IMAGE_MAGIC 0x54564319u
#define TEXTS 8
#define TEXT_SIZE 512

static int load_all(int fd, struct image *im)
{
	size_t room = 0;
	long n;

	for (;;) {
		if (im->size + READ_STEP > room) {
			unsigned char *more = realloc(im->data, room = 2 * room + READ_STEP);

			if (!more)
				return -1;
			im->data = more;
		}
		n = read(fd, im->data + im->size, READ_STEP);
		if (n <= 0)
			return n;
		im->size += n;
	}
}

int image_load(const char *file, struct image *im)
{
	int fd = strcmp(file, "-") ? open(file, O_RDONLY) : 0;
	size_t at = 0;

	memset(im, 0, sizeof(*im));
	if (fd < 0 || load_all(fd, im))
		return -1;
	while (at + TAR_BLOCK <= im->size && im->data[at]) {
		size_t size = strtoul((char *)im->data + at + TAR_SIZE_AT, NULL, 8);
		struct member *more = realloc(im->members, (im->nr + 1) * sizeof(*more));

		if (!more || size > im->size - at - TAR_BLOCK)
			return -1;
		im->members = more;
		more[im->nr++] = (struct member){ (char *)im->data + at,
						  { im->data + at + TAR_BLOCK, size } };
		at += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	return im->nr ? 0 : -1;
}

const struct member *member_named(const struct image *im, const char *format, unsigned id)
{
	char name[64];

	snprintf(name, sizeof(name), format, id);
	for (int i = 0; i < im->nr; i++)
		if (!strcmp(im->members[i].name, name))
			return &im->members[i];
	return NULL;
}

static uint32_t word(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

int message_next(const struct member *m, struct bytes *message)
{
	const unsigned char *end, *at;

	if (!m || m->all.len < 4)
		return 0;
	end = m->all.data + m->all.len;
	at = message->data ? message->data + message->len
			   : m->all.data + (word(m->all.data) == IMAGE_MAGIC ? 8 : 4);
	if (end - at < 4 || word(at) > end - at - 4)
		return 0;
	*message = (struct bytes){ at + 4, word(at) };
	return 1;
}

static const unsigned char *varint(const unsigned char *p, const unsigned char *end, uint64_t *v)
{
	*v = 0;
	for (int shift = 0; p < end && shift < 64; shift += 7) {
		*v |= (uint64_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80))
			return p;
	}
	return NULL;
}

int field_at(struct bytes message, int number, int n, uint64_t *value, struct bytes *bytes)
{
	const unsigned char *p = message.data, *end = p + message.len;
	uint64_t tag, v;

	while (p && p < end && (p = varint(p, end, &tag))) {
		struct bytes b = { NULL, 0 };
		int kind = tag & 7;

		v = 0;
		if (kind == 0) {
			p = varint(p, end, &v);
		} else if (kind == 2) {
			p = varint(p, end, &v);
			if (!p || v > (uint64_t)(end - p))
				return 0;
			b = (struct bytes){ p, v };
			p += v;
		} else {
			p += kind == 1 ? 8 : 4;
		}
		if (!p || p > end)
			return 0;
		if ((int)(tag >> 3) == number && n-- == 0) {
			*value = v;
			*bytes = b;
			return 1;
		}
	}
	return 0;
}

uint64_t number_of(struct bytes message, int number)
{
	struct bytes b;
	uint64_t v;

	return field_at(message, number, 0, &v, &b) ? v : 0;
}

struct bytes bytes_of(struct bytes message, int number)
{
	struct bytes b = { NULL, 0 };
	uint64_t v;

	field_at(message, number, 0, &v, &b);
	return b;
}

const char *text_of(struct bytes message, int number)
{
	static char texts[TEXTS][TEXT_SIZE];
	static int turn;
	struct bytes b = bytes_of(message, number);
	char *text = texts[turn++ % TEXTS];

	snprintf(text, TEXT_SIZE, "%.*s", (int)b.len, (const char *)b.data);
	return text;
}
