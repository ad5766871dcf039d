// SPDX-License-Identifier: MIT
/* fs/proc_map_files.c - /proc/PID/map_files: a magic link for each mapped range of a file.
 *
 * Looking needs read access to the task; following a link, which may lead past any directory, also
 * CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN. Locks: BKL. Checkpoint: none. See proc(5). */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "lib/print.h"
#include "mm/mm.h"

#define RANGE_SIZE 40
#define LINK_SIZE 64			/* st_size of links to files */
#define HEX 16

static const struct proc_entry map_link_entry;

static int map_access(const struct proc_node *n)
{
	struct task *t = n->pid->task;

	if (!t)
		return -ENOENT;
	return proc_may_access(t, ACCESS_READ | ACCESS_FSCREDS) ? 0 : deny(EACCES, EXT_CRED_03);
}

/* The mapping that is exactly the node's range, if it is of a file. */
static struct vma *node_vma(const struct proc_node *n)
{
	struct mm *mm = n->pid->task ? n->pid->task->mm : NULL;
	struct vma *v = mm ? vma_find(mm, n->number) : NULL;

	if (!v || v->start != n->number || v->end != n->number2 || !proc_vma_inode(v))
		return NULL;
	return v;
}

/* "7f00-7f10": hexadecimal digits in lower case, without leading zeros. */
static bool parse_hex(const char **p, u64 *out)
{
	static const char digits[] = "0123456789abcdef";
	const char *start = *p;
	u64 n = 0;

	for (; **p; (*p)++) {
		const char *digit = strchr(digits, **p);

		if (!digit)
			break;
		if (n > ~0UL / HEX)
			return false;
		n = n * HEX + (digit - digits);
	}
	*out = n;
	return *p > start && (*start != '0' || *p == start + 1);
}

static bool parse_range(const char *name, u64 *start, u64 *end)
{
	if (!parse_hex(&name, start) || *name++ != '-')
		return false;
	return parse_hex(&name, end) && !*name;
}

static int map_files_find(struct super *sb, const struct proc_node *dir, const char *name,
			  struct proc_node *out)
{
	int err = map_access(dir);

	(void)sb;
	if (err)
		return err;
	out->entry = &map_link_entry;
	out->pid = dir->pid;
	if (!parse_range(name, &out->number, &out->number2) || !node_vma(out))
		return -ENOENT;
	return 0;
}

/* Positions are page numbers, from PROC_POS_FIRST on: of the end of the mapping shown last. */
static int map_files_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	struct proc_node child = { .pid = dir->pid, .thread = dir->thread };
	struct mm *mm = dir->pid->task->mm;
	int err = map_access(dir);

	if (err || !mm)
		return err;
	for (struct vma *v = vma_find(mm, (f->pos - PROC_POS_FIRST) << PAGE_SHIFT); v;
	     v = vma_next(v)) {
		char name[RANGE_SIZE];

		if (!proc_vma_inode(v))
			continue;
		child.entry = &map_link_entry;
		child.number = v->start;
		child.number2 = v->end;
		snprintf(name, sizeof(name), "%lx-%lx", v->start, v->end);
		if (!proc_emit(f, s, name, &child, PROC_POS_FIRST + (v->end >> PAGE_SHIFT)))
			break;
	}
	return 0;
}

static int map_link_follow(const struct proc_node *n, struct path *out)
{
	struct vma *v;

	if (!capable_in(&init_user_ns, CAP_SYS_ADMIN) &&
	    !capable_in(&init_user_ns, CAP_CHECKPOINT_RESTORE))
		return deny(EPERM, EXT_CRED_01);
	v = node_vma(n);
	if (!v)
		return -ENOENT;
	*out = ((struct file *)v->file)->path;
	path_get(out);
	return 0;
}

static int map_link_text(struct super *sb, const struct proc_node *n, char *buf, size_t size)
{
	struct vma *v = node_vma(n);
	int err;

	(void)sb, (void)size;
	err = v ? v->ops->name(v, buf, PATH_MAX_LEN) : -ENOENT;
	return err < 0 ? err : (int)strlen(buf);
}

static bool map_link_refresh(struct inode *i, const struct proc_node *n)
{
	const struct vma *v = node_vma(n);
	const struct file *f;

	if (!v)
		return false;
	f = v->file;
	i->size = LINK_SIZE;
	i->mode = S_IFLNK | (f->mode & FMODE_READ ? S_IRUSR : 0) |
		  (f->mode & FMODE_WRITE ? S_IWUSR : 0);
	return true;
}

static const struct proc_entry map_link_entry = {
	.name = "map_files/",
	.mode = S_IFLNK | 0600,
	.follow = map_link_follow,
	.readlink = map_link_text,
	.refresh = map_link_refresh,
};

const struct proc_entry proc_map_files_entry = {
	.name = "map_files",
	.mode = S_IFDIR | 0500,
	.flags = PROC_LEADER,
	.find = map_files_find,
	.list = map_files_list,
};
