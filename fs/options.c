// SPDX-License-Identifier: MIT
/* fs/options.c - mount options: "key=value,key,key=value", one parser for all file systems.
 *
 * Commas separate; empty words are skipped, as on Linux. Each word is given to the file
 * system, which refuses what it does not know.  See mount(8). */

#include "fs/vfs.h"
#include "mm/slab.h"

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
