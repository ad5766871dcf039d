// SPDX-License-Identifier: MIT
/* fs/text.c - text made on demand: buffers that grow, and the files that show them.
 *
 * A buffer remembers the first shortage of memory in error and then drops what is added, so
 * that printers need not check each line. A text file is printed whole by show() when
 * read from offset 0, and serves later reads from that copy: one reader, one state.
 * Locks: BKL; show() may sleep only if what it shows allows that.
 * Checkpoint: position only, the text is made again. */
#include "fs/text.h"
#include "lib/print.h"
#include "mm/slab.h"

#define TEXT_FIRST_BYTES 512
#define FIELD_MAX 24		/* digits of a u64, in whole words */

/* Room for n more bytes and a NUL; false: none, and error is set. */
static bool text_reserve(struct text *t, size_t n)
{
	size_t cap = t->cap ? t->cap : TEXT_FIRST_BYTES;
	char *data;

	if (t->error)
		return false;
	if (t->len + n < t->cap)
		return true;
	while (cap <= t->len + n)
		cap *= 2;
	data = krealloc(t->data, cap);
	if (!data) {
		t->error = -ENOMEM;
		return false;
	}
	t->data = data;
	t->cap = cap;
	return true;
}

void text_add(struct text *t, const char *s, size_t n)
{
	if (!text_reserve(t, n))
		return;
	memcpy(t->data + t->len, s, n);
	t->len += n;
	t->data[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_putc(struct text *t, char c)
{
	if (unlikely(t->len + 1 >= t->cap) && !text_reserve(t, 1))
		return;
	t->data[t->len++] = c;
	t->data[t->len] = '\0';
}

void text_fill(struct text *t, char c, int n)
{
	if (n <= 0 || !text_reserve(t, n))
		return;
	memset(t->data + t->len, c, n);
	t->len += n;
	t->data[t->len] = '\0';
}

char *text_room(struct text *t, size_t n)
{
	return text_reserve(t, n) ? t->data + t->len : NULL;
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!text_reserve(t, TEXT_FIRST_BYTES / 4))
		return;
	va_start(ap, fmt);
	n = vformat(t->data + t->len, t->cap - t->len, fmt, ap);
	va_end(ap);
	if ((size_t)n >= t->cap - t->len) {
		if (!text_reserve(t, n))
			return;
		va_start(ap, fmt);
		vformat(t->data + t->len, t->cap - t->len, fmt, ap);
		va_end(ap);
	}
	t->len += n;
}

/* Apart, so that short numbers need no stack. */
static __attribute__((noinline)) void text_digits(struct text *t, u64 number, const char *sign,
						  size_t sign_len)
{
	char digits[2 * FIELD_MAX], *end = digits + FIELD_MAX, *p, *to;

	if (unlikely(t->len + 2 * FIELD_MAX >= t->cap) && !text_reserve(t, 2 * FIELD_MAX))
		return;
	to = t->data + t->len;
	while (sign_len--)
		*to++ = *sign++;
	p = decimal_before(end, number);
	memcpy(to, p, FIELD_MAX);
	text_took(t, to + (end - p));
}

void text_decimal(struct text *t, u64 number)
{
	text_digits(t, number, "", 0);
}

void text_field(struct text *t, u64 number)
{
	char *to = t->data + t->len;

	if (likely(number < 10 && t->len + sizeof(" 0") < t->cap)) {
		*to++ = ' ';
		*to++ = '0' + number;
		text_took(t, to);
		return;
	}
	text_digits(t, number, " ", 1);
}

void text_field_signed(struct text *t, s64 number)
{
	if (number >= 0)
		text_field(t, number);
	else
		text_digits(t, -(u64)number, " -", 2);
}

void text_escape(struct text *t, const char *s, const char *set)
{
	for (; *s; s++) {
		if (*s == '\\' || strchr(set, *s))
			text_printf(t, "\\%03o", (u8)*s);
		else
			text_putc(t, *s);
	}
}

void text_free(struct text *t)
{
	kfree(t->data);
	memset(t, 0, sizeof(*t));
}

int text_file_open(struct file *f, int (*show)(struct text *t, void *arg), void *arg,
		   void (*release_arg)(void *arg))
{
	struct text_file *tf = kzalloc_charged(sizeof(*tf));

	if (!tf)
		return -ENOMEM;
	tf->show = show;
	tf->arg = arg;
	tf->release_arg = release_arg;
	f->private = tf;
	return 0;
}

/* Prints the file anew. */
static int text_file_make(struct text_file *tf)
{
	int err;

	tf->text.len = 0;
	tf->text.error = 0;
	tf->made = false;
	err = tf->show(&tf->text, tf->arg);
	if (!err)
		err = tf->text.error;
	tf->made = !err;
	return err;
}

ssize_t text_file_read(struct file *f, struct iter *to, u64 *pos)
{
	struct text_file *tf = f->private;
	size_t n, copied;
	int err;

	if (!tf->made || *pos == 0) {
		err = text_file_make(tf);
		if (err)
			return err;
	}
	if (*pos >= tf->text.len)
		return 0;
	n = MIN(tf->text.len - *pos, to->count);
	copied = iter_copy_to(to, tf->text.data + *pos, n);
	*pos += copied;
	return copied || !n ? (ssize_t)copied : -EFAULT;
}

/* As files printed piece by piece: from the start and from here only. */
s64 text_file_llseek(struct file *f, s64 off, int whence)
{
	if (whence == SEEK_CUR)
		off = (s64)(f->pos + (u64)off);
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (off < 0)
		return -EINVAL;
	f->pos = off;
	return off;
}

void text_file_release(struct file *f)
{
	struct text_file *tf = f->private;

	if (tf->release_arg)
		tf->release_arg(tf->arg);
	text_free(&tf->text);
	kfree(tf);
}
