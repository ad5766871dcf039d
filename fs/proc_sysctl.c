// SPDX-License-Identifier: MIT
/* fs/proc_sysctl.c - values of knobs as text: numbers and strings, read and written as on Linux.
 *
 * A number is written at position 0 only; what is written elsewhere is taken and ignored. White
 * space before it is skipped, it may be negative, octal (0..) or hexadecimal (0x..), and must be
 * followed by white space or the end. Only the first number counts: the bytes it took, with
 * the white space behind, are what the write returns. Out of range is EINVAL and changes nothing.
 * See proc(5), Documentation/admin-guide/sysctl of Linux. */

#include "abi/errno.h"
#include "fs/proc.h"

#define NUMBER_LENGTH_MAX 21		/* characters a number may have */
#define HEX_BASE 16
#define OCTAL_BASE 8
#define DECIMAL_BASE 10

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t blanks(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && is_blank(s[n]))
		n++;
	return n;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + DECIMAL_BASE : HEX_BASE;
}

static int base_of(const char **s)
{
	if ((*s)[0] != '0')
		return DECIMAL_BASE;
	if (((*s)[1] | ('a' - 'A')) == 'x' && digit_of((*s)[2]) < HEX_BASE) {
		*s += 2;
		return HEX_BASE;
	}
	return OCTAL_BASE;
}

/* The digits at *s as a number of at most LONG_MAX; *s moves behind them. */
static int parse_digits(const char **s, long *value)
{
	int base = base_of(s), digit;
	u64 n = 0;

	if (digit_of(**s) >= base)
		return -EINVAL;
	for (; (digit = digit_of(**s)) < base; (*s)++) {
		if (n > ((u64)LONG_MAX - digit) / base)
			return -EINVAL;
		n = n * base + digit;
	}
	*value = n;
	return 0;
}

ssize_t sysctl_parse(const char *text, size_t len, long *value)
{
	const char *start = text + blanks(text, len), *p = start;
	bool negative = *p == '-';
	int err;

	if (negative)
		p++;
	err = parse_digits(&p, value);
	if (err || p - start >= NUMBER_LENGTH_MAX || (p < text + len && !is_blank(*p)))
		return -EINVAL;
	if (negative)
		*value = -*value;
	return p - text + blanks(p, len - (p - text));
}

/* --- numbers --- */

/* Bytes consumed with *value set; or with *value untouched where the write counts for nothing. */
static ssize_t number_write(const struct sysctl *s, const char *text, size_t len, u64 pos,
			    long *value)
{
	long v;
	ssize_t n;

	if (pos)
		return len;
	n = sysctl_parse(text, len, &v);
	if (n < 0)
		return n;
	if (v < s->min || v > s->max)
		return -EINVAL;
	*value = v;
	return n;
}

static void sysctl_changed(const struct sysctl *s)
{
	if (s->poll_version)
		(*s->poll_version)++;
	if (s->poll_queue)
		wake_all(s->poll_queue);
}

int sysctl_show_long(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%ld\n", *(const long *)s->data);
	return t->error;
}

ssize_t sysctl_store_long(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	ssize_t n = number_write(s, text, len, pos, s->data);

	if (n >= 0)
		sysctl_changed(s);
	return n;
}

int sysctl_show_int(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%d\n", *(const s32 *)s->data);
	return t->error;
}

ssize_t sysctl_store_int(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	long value = *(s32 *)s->data;
	ssize_t n = number_write(s, text, len, pos, &value);

	if (n < 0)
		return n;
	*(s32 *)s->data = value;
	sysctl_changed(s);
	return n;
}

int sysctl_show_constant(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%ld\n", s->min);
	return t->error;
}

/* --- strings --- */

int sysctl_show_string(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%s\n", (const char *)s->data);
	return t->error;
}

/* As names of namespaces: from pos on, unless that is behind the end; what is too long is cut. */
ssize_t sysctl_store_string(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	char *buf = s->data;
	size_t used = 0;

	if (pos > strlen(buf))
		return len;
	while (used < len && pos + used < (u64)s->max && text[used] && text[used] != '\n')
		used++;
	memcpy(buf + pos, text, used);
	buf[pos + used] = '\0';
	sysctl_changed(s);
	return len;
}
