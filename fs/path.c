// SPDX-License-Identifier: MIT
/* fs/path.c - the text of a path: from a (mount, dentry) up to a root, as /proc, getcwd and maps
 * show it.
 *
 * Written from the end of the buffer to its front. A removed name gets " (deleted)"; a path that
 * is not below root is told by *reachable, and goes up as far as there are mounts.
 * Locks: BKL. See getcwd(2), proc(5). */

#include "fs/names.h"

#define DELETED_SUFFIX " (deleted)"

struct back_text {
	char *at;		/* first character written */
	char *start;
	bool full;
};

static void back_add(struct back_text *b, const char *s, size_t n)
{
	if ((size_t)(b->at - b->start) < n) {
		b->full = true;
		return;
	}
	b->at -= n;
	memcpy(b->at, s, n);
}

/* pipe:[1] and the like: names made by the file system. */
static char *path_text_special(const struct path *p, char *buf, size_t size, bool *reachable)
{
	int n = p->dentry->ops->name(p->dentry, buf, size);

	if (reachable)
		*reachable = true;
	return n < 0 || (size_t)n >= size ? NULL : buf;
}

/* Writes the names from p up to root in front of what b has. False: root was not met. */
static bool back_add_path(struct back_text *b, const struct path *p, const struct path *root)
{
	const struct dentry *de = p->dentry;
	const struct mount *m = p->mnt;
	char *bare = b->at;
	bool reached = true;

	while (!(root && m == root->mnt && de == root->dentry)) {
		if (de != m->root && de->parent != de) {
			back_add(b, de->name, de->name_len);
			back_add(b, "/", 1);
			de = de->parent;
		} else if (m->parent != m) {
			de = m->mountpoint;
			m = m->parent;
		} else {
			reached = !root && m->ns;
			break;
		}
	}
	if (b->at == bare)
		back_add(b, "/", 1);
	return reached;
}

char *path_text_bare(const struct path *p, const struct path *root, const char *suffix, char *buf,
		     size_t size, bool *reachable)
{
	struct back_text b = { buf + size, buf, false };
	bool reached;

	back_add(&b, "", 1);
	back_add(&b, suffix, strlen(suffix));
	reached = back_add_path(&b, p, root);
	if (reachable)
		*reachable = reached;
	return b.full ? NULL : b.at;
}

char *path_text(const struct path *p, const struct path *root, char *buf, size_t size,
		bool *reachable)
{
	const struct dentry *de = p->dentry;

	if (de->ops && de->ops->name)
		return path_text_special(p, buf, size, reachable);
	return path_text_bare(p, root, dentry_unlinked(de) ? DELETED_SUFFIX : "", buf, size,
			      reachable);
}
