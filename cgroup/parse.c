// SPDX-License-Identifier: MIT
/* cgroup/parse.c - the one parser of what is written to control files.
 *
 * Strict: a number is digits in C's notation (12, 0x1f, 017), with a sign where one is allowed,
 * and at most one newline behind it. All else is EINVAL, a number too big for its type ERANGE
 * (CG-38, 62). Sizes take the suffixes K M G T P E, powers of 1024, and are rounded down to pages
 * (MEMCG-02). */

#include <ctype.h>

#include "abi/errno.h"
#include "cgroup/files.h"
#include "lib/page_counter.h"

#define BASE_OCTAL 8
#define BASE_DECIMAL 10
#define BASE_HEX 16
#define SUFFIX_BITS 10

/* CG-62. */
char *parse_strip(char *text)
{
	size_t len;

	while (isspace((u8)*text))
		text++;
	for (len = strlen(text); len && isspace((u8)text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

/* The base that a number begins with; *text moves behind the prefix. */
static unsigned take_base(const char **text)
{
	const char *s = *text;

	if (s[0] != '0')
		return BASE_DECIMAL;
	if ((s[1] == 'x' || s[1] == 'X') && isxdigit((u8)s[2])) {
		*text = s + 2;
		return BASE_HEX;
	}
	return BASE_OCTAL;
}

static unsigned digit_value(char c)
{
	if (isdigit((u8)c))
		return c - '0';
	if (isxdigit((u8)c))
		return tolower((u8)c) - 'a' + BASE_DECIMAL;
	return UINT_MAX;
}

/* Digits up to *end. 0, -EINVAL (none), -ERANGE. */
static int take_digits(const char *text, const char **end, u64 *out)
{
	unsigned base = take_base(&text), digit;
	const char *first = text;
	bool overflow = false;
	u64 value = 0;

	for (; (digit = digit_value(*text)) < base; text++) {
		overflow |= __builtin_mul_overflow(value, base, &value);
		overflow |= __builtin_add_overflow(value, digit, &value);
	}
	*end = text;
	*out = value;
	if (text == first)
		return -EINVAL;
	return overflow ? -ERANGE : 0;
}

static int take_whole(const char *text, u64 *out)
{
	const char *end;
	int err = take_digits(text, &end, out);

	if (err)
		return err;
	if (*end == '\n')
		end++;
	return *end ? -EINVAL : 0;
}

int parse_u64(const char *text, u64 *out)
{
	if (*text == '+')
		text++;
	return take_whole(text, out);
}

int parse_s64(const char *text, s64 *out)
{
	bool negative = *text == '-';
	u64 value;
	int err = negative ? take_whole(text + 1, &value) : parse_u64(text, &value);

	if (err)
		return err;
	if (value > (u64)INT64_MAX + negative)
		return -ERANGE;
	*out = negative ? (s64)-value : (s64)value;
	return 0;
}

int parse_s32(const char *text, s32 *out)
{
	s64 value;
	int err = parse_s64(text, &value);

	if (err)
		return err;
	if (value < INT32_MIN || value > INT32_MAX)
		return -ERANGE;
	*out = value;
	return 0;
}

/* No digits are 0 and large numbers lose their upper bits, as on Linux. */
int parse_pages(char *text, u64 *pages)
{
	static const char suffixes[] = "KMGTPE";
	const char *end, *suffix;
	u64 bytes;

	text = parse_strip(text);
	if (!strcmp(text, "max")) {
		*pages = PAGE_COUNTER_MAX;
		return 0;
	}
	take_digits(text, &end, &bytes);
	suffix = *end ? strchr(suffixes, toupper((u8)*end)) : NULL;
	if (suffix) {
		bytes <<= SUFFIX_BITS * (suffix - suffixes + 1);
		end++;
	}
	if (*end)
		return -EINVAL;
	*pages = MIN(bytes / PAGE_SIZE, PAGE_COUNTER_MAX);
	return 0;
}

char *parse_word(char **rest)
{
	char *word = *rest;

	while (*word == ' ')
		word++;
	if (!*word)
		return NULL;
	*rest = word + strcspn(word, " ");
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

void show_pages(struct text *t, u64 pages)
{
	if (pages == PAGE_COUNTER_MAX)
		text_puts(t, "max\n");
	else
		text_printf(t, "%lu\n", pages * PAGE_SIZE);
}
