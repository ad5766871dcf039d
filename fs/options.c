// SPDX-License-Identifier: MIT
/* fs/options.c - mount options: "key=value,key,key=value", one parser for all file systems.
 *
 * Commas separate; empty words are skipped, as on Linux. Each word is given to the file
 * system, which refuses what it does not know.  See mount(8). */

#include <limits.h>

#include "fs/vfs.h"
#include "mm/slab.h"

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : UINT_MAX;
}

int fs_option_number(const char *text, unsigned base, u64 max, u32 *out)
{
	enum { OCTAL = 8, DECIMAL = 10, HEX = 16 };
	u64 value = 0;

	if (!base) {
		base = !text || *text != '0' ? DECIMAL : (text[1] | 0x20) == 'x' ? HEX : OCTAL;
		if (base == HEX)
			text += 2;
	}
	if (!text || !*text)
		return -EINVAL;
	for (; *text; text++) {
		if (digit_of(*text) >= base || value > max / base)
			return -EINVAL;
		value = value * base + digit_of(*text);
	}
	*out = value;
	return value > max ? -EINVAL : 0;
}

int fs_options_parse(const char *data, int (*each)(void *ctx, const char *key, const char *value),
		     void *ctx)
{
	char *copy, *word, *next, *value;
	int err = 0;

	if (!data)
		return 0;
	copy = kstrdup(data);
	if (!copy)
		return -ENOMEM;
	for (word = copy; word && !err; word = next) {
		next = strchr(word, ',');
		if (next)
			*next++ = '\0';
		if (!*word)
			continue;
		value = strchr(word, '=');
		if (value == word) {
			err = -EINVAL;
			break;
		}
		if (value)
			*value++ = '\0';
		err = each(ctx, word, value);
	}
	kfree(copy);
	return err;
}
