// SPDX-License-Identifier: MIT
/* lib/inflate.h - decompression: deflate streams and gzip members, in pieces of at most 32 KiB. */
#pragma once

#include "types.h"

#define INFLATE_WINDOW (64 * 1024UL)	/* work space the caller brings */

/* Takes a piece of output; an error of it ends the decompression. */
typedef int (*inflate_write)(void *ctx, const u8 *data, size_t n);

/* Unpacks a raw deflate stream (RFC 1951). 0, -EINVAL (bad or short), or what write says.
 * *in_used: what was read. */
int inflate(const u8 *in, size_t in_len, u8 *window, inflate_write write, void *ctx,
	    size_t *in_used);
/* Unpacks one gzip member (RFC 1952), checking CRC and length; *in_used includes the trailer. */
int gzip_inflate(const u8 *in, size_t in_len, u8 *window, inflate_write write, void *ctx,
		 size_t *in_used);
bool gzip_is_member(const u8 *in, size_t in_len);
u32 crc32_update(u32 crc, const u8 *data, size_t n);
