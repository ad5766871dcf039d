// SPDX-License-Identifier: MIT
/* fs/text.h - text made on demand: growing buffers, and files whose contents a function prints.
 *
 * A text file prints all of itself when read from offset 0, keeps it, and serves
 * further reads from it, so that one reader sees one state. */
#pragma once

#include "fs/vfs.h"

struct text {
	char *data;
	size_t len, cap;
	int error;			/* -ENOMEM sticks */
	struct pid_ns *numbers_of;	/* fdinfo: processes have its numbers */
};
void text_printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* " N", as the long lines of numbers have it; cheaper than the above. */
void text_decimal(struct text *t, u64 number);	/* the same without the blank */
void text_field(struct text *t, u64 number);
void text_field_signed(struct text *t, s64 number);
/* For lines put together by hand: room for n bytes at the end, or NULL; then where they end. */
char *text_room(struct text *t, size_t n);
static inline void text_took(struct text *t, char *end)
{
	*end = '\0';
	t->len = end - t->data;
}
void text_fill(struct text *t, char c, int n);
void text_add(struct text *t, const char *s, size_t n);
void text_puts(struct text *t, const char *s);
void text_putc(struct text *t, char c);
/* Escapes chars of set (and backslash) as \\ooo, for mounts and names. */
void text_escape(struct text *t, const char *s, const char *set);
void text_free(struct text *t);

/* For file_ops of text files: open allocates, read prints by show, release frees. */
struct text_file {
	struct text text;
	bool made;
	int (*show)(struct text *t, void *arg);
	void *arg;
	void (*release_arg)(void *arg);
};
int text_file_open(struct file *f, int (*show)(struct text *t, void *arg), void *arg,
		   void (*release_arg)(void *arg));
ssize_t text_file_read(struct file *f, struct iter *to, u64 *pos);
s64 text_file_llseek(struct file *f, s64 off, int whence);
void text_file_release(struct file *f);
