// SPDX-License-Identifier: MIT
/* lib/inflate.c - deflate (RFC 1951) and gzip (RFC 1952), for compressed initramfs images.
 *
 * The input is not trusted: every read is bounded, every code table checked to be complete,
 * every distance to lie within what was written. Codes are decoded canonically, by counting
 * the codes of each length: small tables, a few steps per symbol. Output collects in the caller's
 * window and is handed on when that is full.
 * Context: that of write(); no state, no allocation. */

#include "lib/inflate.h"

#include "abi/errno.h"

#define CODE_BITS_MAX 15
#define LITERALS_MAX 288
#define DISTANCES_MAX 32
#define DISTANCES_USED 30
#define DISTANCE_MAX (32 * 1024UL)
#define LENGTH_CODES 19
#define END_OF_BLOCK 256
#define FIRST_LENGTH 257
#define LENGTH_SYMBOLS 29
#define LITERALS_MIN_COUNT 257
#define LITERALS_COUNT_LIMIT 286

struct stream {
	const u8 *in;
	size_t in_len, in_pos;
	u8 *out;		/* the window: the last 32 KiB at least, as far as there are */
	size_t out_pos, flushed;
	inflate_write write;
	void *ctx;
	u64 bits;		/* not yet used, lowest first */
	unsigned nr_bits;
	bool overrun;		/* read past the end of the input */
};

/* A canonical prefix code: symbols sorted by (length, value). */
struct code {
	u16 count[CODE_BITS_MAX + 1];
	u16 symbol[LITERALS_MAX];
};

static const u16 length_base[LENGTH_SYMBOLS] = {
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31,
	35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
};
static const u8 length_extra[LENGTH_SYMBOLS] = {
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
};
static const u16 distance_base[DISTANCES_USED] = {
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769,
	1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
};
static const u8 distance_extra[DISTANCES_USED] = {
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12,
	13, 13,
};

/* --- bits --- */

static u32 bits_take(struct stream *s, unsigned n)
{
	u32 value;

	while (s->nr_bits < n) {
		if (s->in_pos == s->in_len) {
			s->overrun = true;
			return 0;
		}
		s->bits |= (u64)s->in[s->in_pos++] << s->nr_bits;
		s->nr_bits += 8;
	}
	value = s->bits & (BIT(n) - 1);
	s->bits >>= n;
	s->nr_bits -= n;
	return value;
}

/* Drops the rest of the byte and gives whole bytes back to the input. */
static void bits_align(struct stream *s)
{
	s->in_pos -= s->nr_bits / 8;
	s->bits = 0;
	s->nr_bits = 0;
}

/* --- codes --- */

/* Builds a code from the lengths of its symbols. An incomplete code is fine only where it has a
 * single symbol (or none), as RFC 1951 allows for distances. */
static int code_build(struct code *c, const u8 *lengths, unsigned n)
{
	u16 offset[CODE_BITS_MAX + 2];
	s32 left = 1;

	memset(c->count, 0, sizeof(c->count));
	for (unsigned i = 0; i < n; i++)
		c->count[lengths[i]]++;
	offset[1] = 0;
	for (unsigned len = 1; len <= CODE_BITS_MAX; len++) {
		left = 2 * left - c->count[len];
		if (left < 0)
			return -EINVAL;
		offset[len + 1] = offset[len] + c->count[len];
	}
	if (left && offset[CODE_BITS_MAX + 1] > 1)
		return -EINVAL;
	for (unsigned i = 0; i < n; i++)
		if (lengths[i])
			c->symbol[offset[lengths[i]]++] = i;
	c->count[0] = 0;
	return 0;
}

/* Next symbol, or -EINVAL. */
static int code_take(struct stream *s, const struct code *c)
{
	s32 code = 0, first = 0, index = 0;

	for (unsigned len = 1; len <= CODE_BITS_MAX; len++) {
		s32 count = c->count[len];

		code |= bits_take(s, 1);
		if (s->overrun)
			return -EINVAL;
		if (code - first < count)
			return c->symbol[index + code - first];
		index += count;
		first = (first + count) << 1;
		code <<= 1;
	}
	return -EINVAL;
}

/* --- blocks --- */

static int window_flush(struct stream *s)
{
	size_t n = s->out_pos - s->flushed;
	int err = n ? s->write(s->ctx, s->out + s->flushed, n) : 0;

	s->flushed = s->out_pos;
	return err;
}

/* Makes room: hands on what is new, keeps the last DISTANCE_MAX bytes. */
static int window_turn(struct stream *s)
{
	int err = window_flush(s);

	memmove(s->out, s->out + s->out_pos - DISTANCE_MAX, DISTANCE_MAX);
	s->out_pos = s->flushed = DISTANCE_MAX;
	return err;
}

static inline int put_byte(struct stream *s, u8 byte)
{
	s->out[s->out_pos++] = byte;
	return s->out_pos == INFLATE_WINDOW ? window_turn(s) : 0;
}

static int put_match(struct stream *s, size_t length, size_t distance)
{
	int err = 0;

	if (distance > s->out_pos)
		return -EINVAL;
	while (length-- && !err)	/* may overlap: byte by byte */
		err = put_byte(s, s->out[s->out_pos - distance]);
	return err;
}

static int take_match(struct stream *s, unsigned symbol, const struct code *distances)
{
	size_t length, distance;
	int d;

	if (symbol >= LENGTH_SYMBOLS)
		return -EINVAL;
	length = length_base[symbol] + bits_take(s, length_extra[symbol]);
	d = code_take(s, distances);
	if (d < 0 || d >= DISTANCES_USED)
		return -EINVAL;
	distance = distance_base[d] + bits_take(s, distance_extra[d]);
	return s->overrun ? -EINVAL : put_match(s, length, distance);
}

static int block_codes(struct stream *s, const struct code *literals, const struct code *distances)
{
	int symbol, err;

	for (;;) {
		symbol = code_take(s, literals);
		if (symbol < 0)
			return symbol;
		if (symbol == END_OF_BLOCK)
			return 0;
		if (symbol < END_OF_BLOCK)
			err = put_byte(s, symbol);
		else
			err = take_match(s, symbol - FIRST_LENGTH, distances);
		if (err)
			return err;
	}
}

static int block_stored(struct stream *s)
{
	u32 len, check;
	int err = 0;

	bits_align(s);
	len = bits_take(s, 16);
	check = bits_take(s, 16);
	bits_align(s);
	if (s->overrun || len != (~check & 0xffff) || len > s->in_len - s->in_pos)
		return -EINVAL;
	while (len-- && !err)
		err = put_byte(s, s->in[s->in_pos++]);
	return err;
}

static int block_fixed(struct stream *s)
{
	struct code literals, distances;
	u8 lengths[LITERALS_MAX];

	for (unsigned i = 0; i < LITERALS_MAX; i++)
		/* RFC 1951, 3.2.6 */
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	code_build(&literals, lengths, LITERALS_MAX);
	memset(lengths, 5, DISTANCES_MAX);
	code_build(&distances, lengths, DISTANCES_MAX);
	return block_codes(s, &literals, &distances);
}

enum { REPEAT_LAST = 16, REPEAT_ZERO = 17, REPEAT_ZERO_LONG = 18 };

/* One symbol of the code of lengths: a length, or a run. *at: lengths known so far. */
static int take_lengths(struct stream *s, const struct code *c, u8 *lengths, unsigned *at,
			unsigned total)
{
	int symbol = code_take(s, c);
	unsigned run = 1;
	u8 value = 0;

	if (symbol < 0)
		return symbol;
	if (symbol < REPEAT_LAST) {
		value = symbol;
	} else if (symbol == REPEAT_LAST) {
		if (!*at)
			return -EINVAL;
		value = lengths[*at - 1];
		run = 3 + bits_take(s, 2);
	} else {
		run = symbol == REPEAT_ZERO ? 3 + bits_take(s, 3) : 11 + bits_take(s, 7);
	}
	if (s->overrun || run > total - *at)
		return -EINVAL;
	memset(lengths + *at, value, run);
	*at += run;
	return 0;
}

static int block_dynamic(struct stream *s)
{
	static const u8 order[LENGTH_CODES] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
	};
	u8 lengths[LITERALS_MAX + DISTANCES_MAX] = {};
	struct code literals, distances;
	unsigned nr_literals = bits_take(s, 5) + LITERALS_MIN_COUNT;
	unsigned nr_distances = bits_take(s, 5) + 1, nr_codes = bits_take(s, 4) + 4, at = 0;
	int err;

	if (nr_literals > LITERALS_COUNT_LIMIT || nr_distances > DISTANCES_USED)
		return -EINVAL;
	for (unsigned i = 0; i < nr_codes; i++)
		lengths[order[i]] = bits_take(s, 3);
	err = s->overrun ? -EINVAL : code_build(&literals, lengths, LENGTH_CODES);
	while (!err && at < nr_literals + nr_distances)
		err = take_lengths(s, &literals, lengths, &at, nr_literals + nr_distances);
	if (err)
		return err;
	if (!lengths[END_OF_BLOCK])
		return -EINVAL;
	err = code_build(&distances, lengths + nr_literals, nr_distances);
	if (!err)
		err = code_build(&literals, lengths, nr_literals);
	return err ? err : block_codes(s, &literals, &distances);
}

static int block_any(struct stream *s)
{
	enum { STORED, FIXED, DYNAMIC };

	switch (bits_take(s, 2)) {
	case STORED:
		return block_stored(s);
	case FIXED:
		return block_fixed(s);
	case DYNAMIC:
		return block_dynamic(s);
	default:
		return -EINVAL;
	}
}

int inflate(const u8 *in, size_t in_len, u8 *window, inflate_write write, void *ctx,
	    size_t *in_used)
{
	struct stream s = { .in = in, .in_len = in_len, .out = window, .write = write, .ctx = ctx };
	bool last;
	int err;

	do {
		last = bits_take(&s, 1);
		err = block_any(&s);
		if (s.overrun && !err)
			err = -EINVAL;
	} while (!err && !last);
	bits_align(&s);
	*in_used = s.in_pos;
	return err ? err : window_flush(&s);
}

/* --- gzip --- */

#define CRC_POLYNOMIAL 0xedb88320U
#define GZIP_FIXED_HEADER 10
#define GZIP_TRAILER 8
#define GZIP_DEFLATE 8
#define GZIP_MAGIC0 0x1f
#define GZIP_MAGIC1 0x8b
#define GZIP_FLAGS_OFFSET 3

enum { GZIP_HCRC = 2, GZIP_EXTRA = 4, GZIP_NAME = 8, GZIP_COMMENT = 16, GZIP_RESERVED = 0xe0 };

u32 crc32_update(u32 crc, const u8 *data, size_t n)
{
	u32 table[16];

	for (u32 i = 0; i < ARRAY_SIZE(table); i++) {
		u32 c = i;

		for (int k = 0; k < 4; k++)
			c = c & 1 ? c >> 1 ^ CRC_POLYNOMIAL : c >> 1;
		table[i] = c;
	}
	crc = ~crc;
	while (n--) {
		crc ^= *data++;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

static u32 load_le32(const u8 *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

/* Past a NUL-terminated string at pos; in_len if there is no NUL. */
static size_t skip_string(const u8 *in, size_t in_len, size_t pos)
{
	while (pos < in_len && in[pos])
		pos++;
	return pos < in_len ? pos + 1 : in_len;
}

bool gzip_is_member(const u8 *in, size_t in_len)
{
	return in_len >= GZIP_FIXED_HEADER + GZIP_TRAILER && in[0] == GZIP_MAGIC0 &&
	       in[1] == GZIP_MAGIC1;
}

/* Where the deflate stream of the member begins. 0 or -EINVAL. */
static int gzip_header(const u8 *in, size_t in_len, size_t *header_len)
{
	size_t pos = GZIP_FIXED_HEADER;
	u8 flags;

	if (!gzip_is_member(in, in_len) || in[2] != GZIP_DEFLATE ||
	    in[GZIP_FLAGS_OFFSET] & GZIP_RESERVED)
		return -EINVAL;
	flags = in[GZIP_FLAGS_OFFSET];
	if (flags & GZIP_EXTRA)
		pos += 2 + (in[pos] | in[pos + 1] << 8);
	if (flags & GZIP_NAME)
		pos = skip_string(in, in_len, pos);
	if (flags & GZIP_COMMENT)
		pos = skip_string(in, in_len, pos);
	if (flags & GZIP_HCRC)
		pos += 2;
	if (pos > in_len - GZIP_TRAILER)
		return -EINVAL;
	*header_len = pos;
	return 0;
}

struct gzip_sum {
	inflate_write write;
	void *ctx;
	u32 crc, len;
};

static int gzip_write(void *ctx, const u8 *data, size_t n)
{
	struct gzip_sum *sum = ctx;

	sum->crc = crc32_update(sum->crc, data, n);
	sum->len += n;
	return sum->write(sum->ctx, data, n);
}

int gzip_inflate(const u8 *in, size_t in_len, u8 *window, inflate_write write, void *ctx,
		 size_t *in_used)
{
	struct gzip_sum sum = { .write = write, .ctx = ctx };
	size_t header, used;
	int err = gzip_header(in, in_len, &header);

	if (err)
		return err;
	err = inflate(in + header, in_len - header, window, gzip_write, &sum, &used);
	if (err)
		return err;
	used += header;
	if (in_len - used < GZIP_TRAILER || load_le32(in + used) != sum.crc ||
	    load_le32(in + used + 4) != sum.len)
		return -EINVAL;
	*in_used = used + GZIP_TRAILER;
	return 0;
}
