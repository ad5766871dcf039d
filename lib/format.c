// SPDX-License-Identifier: MIT
/* lib/format.c - formatted text, the plain conversions: what the files of /proc are made of.
 *
 * newlib's printf takes some 350 instructions for a number; these take some 150. Done here are
 * %d %i %u %x %X %c %s %%, with l, z, a width or *, 0 and -, and for %s a precision. A format that
 * has anything else is given to newlib as a whole, so vformat() is vsnprintf() for all of them. */
#include "lib/print.h"


struct sink {
	char *at, *end;			/* at goes on beyond end, where nothing is written */
};

struct spec {
	bool left, zero, is_long;
	int width, precision;		/* -1: none */
	char conversion;
};

static inline void put(struct sink *s, char c)
{
	if (likely(s->at < s->end))
		*s->at = c;
	s->at++;
}

static void put_fill(struct sink *s, char c, int n)
{
	while (n-- > 0)
		put(s, c);
}

/* A run of bytes in its field; a sign stays in front of zeros. */
static inline void put_field(struct sink *s, const struct spec *spec, const char *text, int len)
{
	int fill = spec->width - len;

	if (unlikely(fill > 0) && !spec->left) {
		if (spec->zero && *text == '-') {
			put(s, '-');
			text++, len--;
		}
		put_fill(s, spec->zero ? '0' : ' ', fill);
	}
	for (int i = 0; i < len; i++)
		put(s, text[i]);
	if (unlikely(fill > 0) && spec->left)
		put_fill(s, ' ', fill);
}

#define TEN(tens) tens "0" tens "1" tens "2" tens "3" tens "4" tens "5" tens "6" tens "7" \
	tens "8" tens "9"
static const char pairs[] = TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6")
			    TEN("7") TEN("8") TEN("9");
#undef TEN

static inline char *pair_before(char *end, u32 two)
{
	return memcpy(end - 2, pairs + two * 2, 2);
}

/* Four digits at a time, then two: a division of 64 bits costs twice one of 32. */
char *decimal_before(char *end, u64 value)
{
	u32 rest;

	for (; value >= 10000; value /= 10000) {
		rest = value % 10000;
		end = pair_before(pair_before(end, rest % 100), rest / 100);
	}
	rest = value;
	if (rest >= 100) {
		end = pair_before(end, rest % 100);
		rest /= 100;
	}
	if (rest >= 10)
		return pair_before(end, rest);
	*--end = '0' + rest;
	return end;
}

static void put_decimal(struct sink *s, const struct spec *spec, u64 value, bool negative)
{
	char digits[DECIMAL_MAX + 1], *end = digits + sizeof(digits);
	char *p = decimal_before(end, value);

	if (negative)
		*--p = '-';
	put_field(s, spec, p, end - p);
}

static void put_hex(struct sink *s, const struct spec *spec, u64 value)
{
	const char *alphabet = spec->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char digits[DECIMAL_MAX], *p = digits + sizeof(digits);

	do {
		*--p = alphabet[value % 16];
		value /= 16;
	} while (value);
	put_field(s, spec, p, digits + sizeof(digits) - p);
}

static void put_string(struct sink *s, struct spec *spec, const char *text)
{
	int len = 0;

	text = text ? text : "(null)";
	while (text[len] && len != spec->precision)
		len++;
	spec->zero = false;
	put_field(s, spec, text, len);
}

/* A number of a width or precision, also from the arguments. */
static const char *parse_number(const char *f, int *out, va_list *ap)
{
	if (*f == '*') {
		*out = va_arg(*ap, int);
		return f + 1;
	}
	for (*out = 0; *f >= '0' && *f <= '9'; f++)
		*out = *out * 10 + *f - '0';
	return f;
}

/* What stands behind a '%'. */
static inline const char *parse_spec(const char *f, struct spec *spec, va_list *ap)
{
	*spec = (struct spec){ .precision = -1 };
	for (; *f == '0' || *f == '-'; f++) {
		spec->zero |= *f == '0';
		spec->left |= *f == '-';
	}
	if (*f == '*' || (*f >= '1' && *f <= '9'))
		f = parse_number(f, &spec->width, ap);
	if (*f == '.')
		f = parse_number(f + 1, &spec->precision, ap);
	for (; *f == 'l' || *f == 'z'; f++)
		spec->is_long = true;
	spec->conversion = *f;
	return *f ? f + 1 : f;
}

static s64 signed_argument(const struct spec *spec, va_list *ap)
{
	return spec->is_long ? va_arg(*ap, long) : va_arg(*ap, int);
}

static u64 unsigned_argument(const struct spec *spec, va_list *ap)
{
	return spec->is_long ? va_arg(*ap, unsigned long) : va_arg(*ap, unsigned);
}

/* One conversion; false: not one of ours. */
static bool convert(struct sink *s, struct spec *spec, va_list *ap)
{
	char c;
	s64 n;

	if (spec->width < 0 || (spec->precision >= 0 && spec->conversion != 's'))
		return false;
	switch (spec->conversion) {
	case 'd':
	case 'i':
		n = signed_argument(spec, ap);
		put_decimal(s, spec, n < 0 ? -(u64)n : (u64)n, n < 0);
		return true;
	case 'u':
		put_decimal(s, spec, unsigned_argument(spec, ap), false);
		return true;
	case 'x':
	case 'X':
		put_hex(s, spec, unsigned_argument(spec, ap));
		return true;
	case 's':
		put_string(s, spec, va_arg(*ap, const char *));
		return true;
	case 'c':
		c = va_arg(*ap, int);
		spec->zero = false;
		put_field(s, spec, &c, 1);
		return true;
	case '%':
		put(s, '%');
		return true;
	default:
		return false;
	}
}

int vformat(char *buf, size_t size, const char *fmt, va_list ap)
{
	struct sink s = { buf, size ? buf + size - 1 : buf };
	const char *f = fmt;
	struct spec spec;
	va_list args;
	bool known = true;

	va_copy(args, ap);
	while (*f && known) {
		if (*f != '%') {
			put(&s, *f++);
			continue;
		}
		f = parse_spec(f + 1, &spec, &args);
		known = convert(&s, &spec, &args);
	}
	va_end(args);
	if (!known)
		return vsnprintf(buf, size, fmt, ap);
	if (size)
		*(s.at < s.end ? s.at : s.end) = '\0';
	return s.at - buf;
}

int format(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vformat(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
