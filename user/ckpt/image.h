/* SPDX-License-Identifier: MIT */
/* user/ckpt/image.h - reading an image in memory: members, messages, fields by number.
 *
 * Fields that are not there read as 0 or "". Numbers of fields are those of cr/proto. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bytes {
	const unsigned char *data;
	size_t len;
};

struct member {
	const char *name;
	struct bytes all;
};

struct image {
	unsigned char *data;
	size_t size;
	struct member *members;
	int nr;
};
int image_load(const char *file, struct image *im);	/* 0, or -1: no image */

/* Messages of a member, one after the other: begins with {0}; 0 at the end. */
int message_next(const struct member *m, struct bytes *message);
/* The n-th field of that number: 1, and a number or bytes; 0: there is none. */
int field_at(struct bytes message, int number, int n, uint64_t *value, struct bytes *bytes);
uint64_t number_of(struct bytes message, int number);
struct bytes bytes_of(struct bytes message, int number);
const char *text_of(struct bytes message, int number);	/* good until eight calls later */
const struct member *member_named(const struct image *im, const char *format, unsigned id);
