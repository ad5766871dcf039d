// SPDX-License-Identifier: MIT
/* fs/proc_sys.c - /proc/sys: the tables of knobs of all rooms as one tree of files.
 *
 * Tables are listed in fs/proc_sysctls.h; a row's path says where its file is, directories follow
 * from paths. All rows are sorted by path once: a directory is a run of rows with the same
 * beginning, found by binary search, as a file is.
 * A read or write calls the row's show or store at once; nothing is kept, so that a knob of a
 * namespace is always that of the task which reads (UTSNS-05). Permission is asked again at each
 * call and goes by the mode for uid 0 and gid 0 of the initial user namespace: no capability
 * overrides it. poll tells of changes by POLLERR and POLLPRI, once for each open (UTSNS-08).
 * Locks: BKL. Checkpoint: by path; values belong to the rooms. See proc(5), sysctl(8). */

#include "fs/poll.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "mm/slab.h"

#define ROWS_MAX 256
#define MODE_GROUP_SHIFT 3
#define MODE_OWNER_SHIFT 6
#define ANY_ACCESS (MAY_READ | MAY_WRITE | MAY_EXEC)

#define SYSCTLS(name) extern const struct sysctl name##_sysctls[];
#include "fs/proc_sysctls.h"
#undef SYSCTLS

static const struct sysctl *const tables[] = {
#define SYSCTLS(name) name##_sysctls,
#include "fs/proc_sysctls.h"
#undef SYSCTLS
};

static const struct sysctl *rows[ROWS_MAX];	/* sorted by path */
static unsigned nr_rows;			/* 0: not yet made */

static const struct proc_entry sys_dir_entry, sys_file_entry;

/* --- the sorted rows --- */

static void row_insert(const struct sysctl *s)
{
	unsigned at = nr_rows++;

	assert(nr_rows <= ROWS_MAX);
	for (; at && strcmp(rows[at - 1]->path, s->path) > 0; at--)
		rows[at] = rows[at - 1];
	rows[at] = s;
}

static void rows_make(void)
{
	if (nr_rows)
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct sysctl *s = tables[i]; s->path; s++)
			row_insert(s);
}

/* How a path compares with prefix (of plen bytes) followed by name. */
static int path_compare(const char *path, const char *prefix, size_t plen, const char *name)
{
	int cmp = strncmp(path, prefix, plen);

	return cmp ? cmp : strcmp(path + plen, name);
}

/* First row whose path is not below prefix + name. */
static unsigned row_lower_bound(const char *prefix, size_t plen, const char *name)
{
	unsigned low = 0, high = nr_rows;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (path_compare(rows[mid]->path, prefix, plen, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *sysctl_string(const char *path)
{
	unsigned at;

	rows_make();
	at = row_lower_bound("", 0, path);
	if (at == nr_rows || strcmp(rows[at]->path, path) || rows[at]->show != sysctl_show_string)
		return NULL;
	return rows[at]->data;
}

/* --- directories: node.number is the first row, number2 the length of the prefix --- */

static const struct sysctl *node_row(const struct proc_node *n)
{
	return rows[n->number];
}

/* Makes *out the node of row's component that begins at plen. */
static void row_component(unsigned row, size_t plen, struct proc_node *out)
{
	const char *slash = strchr(rows[row]->path + plen, '/');

	out->entry = slash ? &sys_dir_entry : &sys_file_entry;
	out->number = row;
	out->number2 = slash ? (u64)(slash - rows[row]->path) + 1 : 0;
}

/* The name of a row, or the beginning of rows when a '/' follows it. */
static int sys_find_below(const struct proc_node *dir, const char *name, struct proc_node *out)
{
	const char *prefix = node_row(dir)->path;
	size_t plen = dir->number2, len = strlen(name);
	char path[NAME_MAX_LEN + 2];
	unsigned at;

	if (len > NAME_MAX_LEN)
		return -ENAMETOOLONG;
	at = row_lower_bound(prefix, plen, name);
	if (at < nr_rows && !path_compare(rows[at]->path, prefix, plen, name)) {
		row_component(at, plen, out);
		return 0;
	}
	memcpy(path, name, len);
	memcpy(path + len, "/", 2);
	at = row_lower_bound(prefix, plen, path);
	if (at == nr_rows || strncmp(rows[at]->path, prefix, plen) ||
	    strncmp(rows[at]->path + plen, path, len + 1))
		return -ENOENT;
	row_component(at, plen, out);
	return 0;
}

static int sys_find(struct super *sb, const struct proc_node *dir, const char *name,
		    struct proc_node *out)
{
	(void)sb;
	rows_make();
	return sys_find_below(dir, name, out);
}

/* First row behind the component (file or directory) that begins in row. */
static unsigned row_skip(unsigned row, const struct proc_node *component)
{
	const char *path = rows[row]->path;

	do {
		row++;
	} while (component->number2 && row < nr_rows &&
		 !strncmp(rows[row]->path, path, component->number2));
	return row;
}

static int sys_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	size_t plen = dir->number2;
	unsigned row;

	rows_make();
	row = dir->number + (f->pos - PROC_POS_FIRST);
	while (row < nr_rows && !strncmp(rows[row]->path, node_row(dir)->path, plen)) {
		struct proc_node child = {};
		char name[NAME_MAX_LEN + 1];
		size_t len;

		row_component(row, plen, &child);
		len = strcspn(rows[row]->path + plen, "/");
		memcpy(name, rows[row]->path + plen, len);
		name[len] = '\0';
		row = row_skip(row, &child);
		if (!proc_emit(f, s, name, &child, PROC_POS_FIRST + row - dir->number))
			break;
	}
	return 0;
}

/* --- permission --- */

static int sys_mode_check(u32 mode, unsigned mask)
{
	if (current_cred()->euid == 0)
		mode >>= MODE_OWNER_SHIFT;
	else if (in_group(current_cred(), 0))
		mode >>= MODE_GROUP_SHIFT;
	return mask & ~mode & ANY_ACCESS ? deny(EACCES, EXT_FS_01) : 0;
}

static u32 row_mode(const struct sysctl *s)
{
	return s->mode_now ? s->mode_now(s) : s->mode;
}

static int sys_permission(struct inode *i, unsigned mask)
{
	const struct proc_node *n = to_proc_node(i);

	return sys_mode_check(S_ISDIR(i->mode) ? i->mode : row_mode(node_row(n)), mask);
}

static bool sys_file_refresh(struct inode *i, const struct proc_node *n)
{
	i->mode = S_IFREG | node_row(n)->mode;
	return true;
}

/* --- files --- */

static int sys_file_open(struct inode *i, struct file *f)
{
	const struct sysctl *s = node_row(to_proc_node(i));

	if (s->poll_version)
		f->version = *s->poll_version;
	return 0;
}

static ssize_t sys_file_read(struct file *f, struct iter *to, u64 *pos)
{
	const struct sysctl *s = node_row(to_proc_node(f->inode));
	struct text t = {};
	size_t n = 0;
	ssize_t err = sys_mode_check(row_mode(s), MAY_READ);

	if (err || (s->number && *pos))
		return err;
	err = s->show(s, &t);
	if (!err)
		err = t.error;
	if (!err && *pos < t.len) {
		n = MIN(t.len - *pos, to->count);
		if (iter_copy_to(to, t.data + *pos, n) != n)
			err = -EFAULT;
	}
	text_free(&t);
	if (err)
		return err;
	*pos += n;
	return n;
}

/* A NUL-terminated copy of what is written goes to the row. */
static ssize_t sys_file_write(struct file *f, struct iter *from, u64 *pos)
{
	const struct sysctl *s = node_row(to_proc_node(f->inode));
	size_t len = MIN(from->count, PAGE_SIZE - 1);
	ssize_t n = sys_mode_check(row_mode(s), MAY_WRITE);
	char *copy;

	if (!n && !s->store)
		n = -EPERM;
	if (n || !len)
		return n;
	copy = kmalloc(len + 1);
	if (!copy)
		return -ENOMEM;
	n = -EFAULT;
	if (iter_copy_from(from, copy, len) == len) {
		copy[len] = '\0';
		n = s->store(s, copy, len, *pos);
	}
	kfree(copy);
	if (n > 0)
		*pos += n;
	return n;
}

static u64 sys_file_changes(const struct file *f)
{
	const struct sysctl *s = node_row(to_proc_node(f->inode));

	return s->poll_version ? *s->poll_version : f->version;
}

static u32 sys_file_poll(struct file *f, struct poll_table *pt)
{
	const struct sysctl *s = node_row(to_proc_node(f->inode));

	if (!s->poll_queue || !s->poll_version)
		return PROC_POLL_READY;
	poll_wait(pt, f, s->poll_queue);
	if (f->version == *s->poll_version)
		return PROC_POLL_READY;
	f->version = *s->poll_version;
	return POLLIN | POLLRDNORM | POLLERR | POLLPRI;
}

static const struct file_ops sys_file_ops = {
	.class = "sysctl",
	.open = sys_file_open,
	.read = sys_file_read,
	.write = sys_file_write,
	.poll = sys_file_poll,
	.changes = sys_file_changes,
};

static const struct proc_entry sys_file_entry = {
	.name = "sys/file",
	.mode = S_IFREG | 0444,
	.fops = &sys_file_ops,
	.permission = sys_permission,
	.refresh = sys_file_refresh,
};

static bool sys_dir_refresh(struct inode *i, const struct proc_node *n)
{
	(void)n;
	i->nlink = 1;
	return true;
}

static const struct proc_entry sys_dir_entry = {
	.name = "sys/dir",
	.mode = S_IFDIR | 0555,
	.find = sys_find,
	.list = sys_list,
	.permission = sys_permission,
	.refresh = sys_dir_refresh,
};

/* The top: row 0, no prefix. */
const struct proc_entry proc_sys_entry = {
	.name = "sys",
	.mode = S_IFDIR | 0555,
	.find = sys_find,
	.list = sys_list,
	.permission = sys_permission,
	.refresh = sys_dir_refresh,
};
