// SPDX-License-Identifier: MIT
/* fs/fs_types.c - the file system types there are: the table made from fs/list.h. */

#include "fs/vfs.h"

#define FS(name) extern const struct fs_type name##_fs_type;
#include "fs/list.h"
#undef FS

const struct fs_type *const fs_types[] = {
#define FS(name) &name##_fs_type,
#include "fs/list.h"
#undef FS
	NULL,
};

const struct fs_type *fs_type_find(const char *name)
{
	for (const struct fs_type *const *t = fs_types; *t; t++)
		if (!strcmp((*t)->name, name))
			return *t;
	return NULL;
}
