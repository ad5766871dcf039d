// SPDX-License-Identifier: MIT
/* fs/sysfs.c - sysfs: the machine's processors and memory nodes, and the places others mount on.
 *
 * The tree is one table of paths: a row is a file that show() prints, or, with a '/' at its end, an
 * empty directory. A '#' in a path stands for each number of a processor or node. Directories
 * follow from paths: all rows are sorted once, a directory is a run of rows with the same
 * beginning. Inodes, names and files are made as those of procfs (fs/proc_node.c).
 * There is one instance, shared by all mounts. Everything is read-only and root's.
 * Locks: BKL. Checkpoint: by path; the contents are the machine's. See sysfs(5). */

#include <linux/magic.h>

#include "arch/machine.h"
#include "fs/proc_fs.h"
#include "lib/print.h"
#include "mm/frame.h"

#define PATH_SIZE 72
#define ROWS_MAX 192
#define PAGE_KB (PAGE_SIZE / 1024)
#define KERNEL_MAX_CPU (MAX_CPUS - 1)
#define DISTANCE_LOCAL 10
#define DISTANCE_REMOTE 20

struct sysfs_row {
	char path[PATH_SIZE];
	u32 mode;			/* permissions of a directory row; 0: a file's */
	int (*show)(struct text *t, unsigned number);
	unsigned number;		/* what '#' stands for */
};

/* --- what files say --- */

static u64 nodes_mask(void)
{
	return BIT(node_count) - 1;
}

static int line_end(struct text *t)
{
	text_putc(t, '\n');
	return t->error;
}

static int cpus_list_show(struct text *t, unsigned n)
{
	(void)n;
	text_bitmap_list(t, cpus_online_mask());
	return line_end(t);
}

static int cpus_mask_show(struct text *t, unsigned n)
{
	(void)n;
	text_bitmap_hex(t, cpus_online_mask(), cpu_count);
	return line_end(t);
}

static int empty_line_show(struct text *t, unsigned n)
{
	(void)n;
	return line_end(t);
}

static int kernel_max_show(struct text *t, unsigned n)
{
	(void)n;
	text_printf(t, "%d\n", KERNEL_MAX_CPU);
	return t->error;
}

/* Each processor is a core of its own, all in package 0. */
static int number_show(struct text *t, unsigned n)
{
	text_printf(t, "%u\n", n);
	return t->error;
}

static int zero_show(struct text *t, unsigned n)
{
	(void)n;
	text_puts(t, "0\n");
	return t->error;
}

static int cpu_mask_show(struct text *t, unsigned n)
{
	text_bitmap_hex(t, BIT(n), cpu_count);
	return line_end(t);
}

static int cpu_list_show(struct text *t, unsigned n)
{
	text_bitmap_list(t, BIT(n));
	return line_end(t);
}

static int nodes_list_show(struct text *t, unsigned n)
{
	(void)n;
	text_bitmap_list(t, nodes_mask());
	return line_end(t);
}

static u64 node_cpus(unsigned node)
{
	u64 mask = 0;

	for (unsigned id = 0; id < cpu_count; id++)
		if (cpus[id].node == node)
			mask |= BIT(id);
	return mask;
}

static int nodes_with_cpu_show(struct text *t, unsigned n)
{
	u64 mask = 0;

	(void)n;
	for (unsigned node = 0; node < node_count; node++)
		if (node_cpus(node))
			mask |= BIT(node);
	text_bitmap_list(t, mask);
	return line_end(t);
}

static int node_cpulist_show(struct text *t, unsigned n)
{
	text_bitmap_list(t, node_cpus(n));
	return line_end(t);
}

static int node_cpumap_show(struct text *t, unsigned n)
{
	text_bitmap_hex(t, node_cpus(n), cpu_count);
	return line_end(t);
}

/* By the firmware's table; nodes it does not know are near themselves and far from others. */
static int node_distance_show(struct text *t, unsigned n)
{
	for (unsigned to = 0; to < node_count; to++) {
		unsigned d = acpi_info.distance[n][to];

		if (!d)
			d = n == to ? DISTANCE_LOCAL : DISTANCE_REMOTE;
		text_printf(t, to ? " %u" : "%u", d);
	}
	return line_end(t);
}

static int node_meminfo_show(struct text *t, unsigned n)
{
	struct memory_totals m;

	memory_node_totals(n, &m);
	const struct {
		const char *name;
		u64 pages;
	} lines[] = {
		{ "MemTotal:", m.total_pages }, { "MemFree:", m.free_pages },
		{ "MemUsed:", m.total_pages - m.free_pages }, { "SwapCached:", 0 },
		{ "Active:", m.anon_pages }, { "Inactive:", m.cache_pages }, { "Unevictable:", 0 },
		{ "Mlocked:", 0 }, { "Dirty:", m.dirty_pages }, { "Writeback:", 0 },
		{ "FilePages:", m.cache_pages }, { "Mapped:", m.mapped_pages },
		{ "AnonPages:", m.anon_pages }, { "Shmem:", m.shmem_pages },
		{ "PageTables:", m.table_pages }, { "Slab:", m.slab_pages },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(lines); i++)
		text_printf(t, "Node %u %-16s%8lu kB\n", n, lines[i].name,
			    lines[i].pages * PAGE_KB);
	return t->error;
}

/* --- the table --- */

#define CPU "devices/system/cpu/"
#define NODE "devices/system/node/"

#define ROW(path, show) int show(struct text *t, unsigned number);
#include "fs/sysfs_list.h"
#undef ROW

static const struct sysfs_row fixed_rows[] = {
#define ROW(path, show) { path, 0, show, 0 },
#include "fs/sysfs_list.h"
#undef ROW
	{ "block/", 0755, NULL, 0 },
	{ "bus/", 0755, NULL, 0 },
	{ "class/", 0755, NULL, 0 },
	{ "dev/block/", 0755, NULL, 0 },
	{ "dev/char/", 0755, NULL, 0 },
	{ "devices/virtual/", 0755, NULL, 0 },
	{ "firmware/", 0755, NULL, 0 },
	{ "fs/cgroup/", 0755, NULL, 0 },
	{ "kernel/debug/", 0700, NULL, 0 },
	{ "kernel/security/", 0755, NULL, 0 },
	{ "kernel/tracing/", 0700, NULL, 0 },
	{ "module/", 0755, NULL, 0 },
	{ "power/", 0755, NULL, 0 },
	{ CPU "online", 0, cpus_list_show, 0 },
	{ CPU "possible", 0, cpus_list_show, 0 },
	{ CPU "present", 0, cpus_list_show, 0 },
	{ CPU "offline", 0, empty_line_show, 0 },
	{ CPU "isolated", 0, empty_line_show, 0 },
	{ CPU "kernel_max", 0, kernel_max_show, 0 },
	{ NODE "online", 0, nodes_list_show, 0 },
	{ NODE "possible", 0, nodes_list_show, 0 },
	{ NODE "has_memory", 0, nodes_list_show, 0 },
	{ NODE "has_normal_memory", 0, nodes_list_show, 0 },
	{ NODE "has_cpu", 0, nodes_with_cpu_show, 0 },
};

#define TOPOLOGY CPU "cpu#/topology/"

static const struct sysfs_row cpu_rows[] = {
	{ TOPOLOGY "core_id", 0, number_show, 0 },
	{ TOPOLOGY "physical_package_id", 0, zero_show, 0 },
	{ TOPOLOGY "die_id", 0, zero_show, 0 },
	{ TOPOLOGY "core_cpus", 0, cpu_mask_show, 0 },
	{ TOPOLOGY "core_cpus_list", 0, cpu_list_show, 0 },
	{ TOPOLOGY "thread_siblings", 0, cpu_mask_show, 0 },
	{ TOPOLOGY "thread_siblings_list", 0, cpu_list_show, 0 },
	{ TOPOLOGY "core_siblings", 0, cpus_mask_show, 0 },
	{ TOPOLOGY "core_siblings_list", 0, cpus_list_show, 0 },
	{ TOPOLOGY "package_cpus", 0, cpus_mask_show, 0 },
	{ TOPOLOGY "package_cpus_list", 0, cpus_list_show, 0 },
};

static const struct sysfs_row node_rows[] = {
	{ NODE "node#/cpulist", 0, node_cpulist_show, 0 },
	{ NODE "node#/cpumap", 0, node_cpumap_show, 0 },
	{ NODE "node#/distance", 0, node_distance_show, 0 },
	{ NODE "node#/meminfo", 0, node_meminfo_show, 0 },
};

static struct sysfs_row rows[ROWS_MAX];		/* sorted by path; made at the first mount */
static unsigned nr_rows;

/* Adds row with '#' replaced by number. */
static void row_add(const struct sysfs_row *row, unsigned number)
{
	struct sysfs_row fresh = { .mode = row->mode, .show = row->show, .number = number };
	const char *hash = strchr(row->path, '#');
	unsigned at = nr_rows++;

	assert(nr_rows <= ROWS_MAX);
	if (hash)
		snprintf(fresh.path, PATH_SIZE, "%.*s%u%s", (int)(hash - row->path), row->path,
			 number, hash + 1);
	else
		strcpy(fresh.path, row->path);
	for (; at && strcmp(rows[at - 1].path, fresh.path) > 0; at--)
		rows[at] = rows[at - 1];
	rows[at] = fresh;
}

static void rows_make(void)
{
	if (nr_rows)
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(fixed_rows); i++)
		row_add(&fixed_rows[i], 0);
	for (unsigned id = 0; id < cpu_count; id++)
		for (unsigned i = 0; i < ARRAY_SIZE(cpu_rows); i++)
			row_add(&cpu_rows[i], id);
	for (unsigned node = 0; node < node_count; node++)
		for (unsigned i = 0; i < ARRAY_SIZE(node_rows); i++)
			row_add(&node_rows[i], node);
}

/* First row that does not sort before the prefix (of plen bytes) followed by name. */
static unsigned row_lower_bound(const char *prefix, size_t plen, const char *name)
{
	unsigned low = 0, high = nr_rows;

	while (low < high) {
		unsigned mid = (low + high) / 2;
		int cmp = strncmp(rows[mid].path, prefix, plen);

		if (!cmp)
			cmp = strcmp(rows[mid].path + plen, name);
		if (cmp < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* --- the tree: number is the first row of a directory, number2 the length of its path --- */

static const struct proc_entry sysfs_dir_entry, sysfs_file_entry;

static void row_component(unsigned row, size_t plen, struct proc_node *out)
{
	const char *slash = strchr(rows[row].path + plen, '/');

	out->entry = slash ? &sysfs_dir_entry : &sysfs_file_entry;
	out->number = row;
	out->number2 = slash ? (u64)(slash - rows[row].path) + 1 : 0;
}

static int sysfs_find(struct super *sb, const struct proc_node *dir, const char *name,
		      struct proc_node *out)
{
	const char *prefix = rows[dir->number].path;
	size_t plen = dir->number2, len = strlen(name);
	unsigned at = row_lower_bound(prefix, plen, name);

	(void)sb;
	for (; at < nr_rows && !strncmp(rows[at].path, prefix, plen); at++) {
		const char *rest = rows[at].path + plen;

		if (strncmp(rest, name, len))
			break;
		if (rest[len] && rest[len] != '/')
			continue;
		row_component(at, plen, out);
		return 0;
	}
	return -ENOENT;
}

static unsigned row_skip(unsigned row, const struct proc_node *component)
{
	const char *path = rows[row].path;

	do {
		row++;
	} while (component->number2 && row < nr_rows &&
		 !strncmp(rows[row].path, path, component->number2));
	return row;
}

/* The row of an empty directory is that directory's only one, and shows nothing in it. */
static int sysfs_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	const char *prefix = rows[dir->number].path;
	size_t plen = dir->number2;
	unsigned row = dir->number + (f->pos - PROC_POS_FIRST);

	while (row < nr_rows && !strncmp(rows[row].path, prefix, plen) && rows[row].path[plen]) {
		struct proc_node child = {};
		char name[PATH_SIZE];
		size_t len = strcspn(rows[row].path + plen, "/");

		row_component(row, plen, &child);
		memcpy(name, rows[row].path + plen, len);
		name[len] = '\0';
		row = row_skip(row, &child);
		if (!proc_emit(f, s, name, &child, PROC_POS_FIRST + row - dir->number))
			break;
	}
	return 0;
}

static bool sysfs_dir_refresh(struct inode *i, const struct proc_node *n)
{
	const struct sysfs_row *row = &rows[n->number];

	if (row->mode && !row->path[n->number2])
		i->mode = S_IFDIR | row->mode;
	return true;
}

static bool sysfs_file_refresh(struct inode *i, const struct proc_node *n)
{
	(void)n;
	i->size = PAGE_SIZE;
	return true;
}

static int sysfs_show(struct text *t, struct proc_open *po)
{
	const struct sysfs_row *row = &rows[po->node->number];

	return row->show(t, row->number);
}

static const struct proc_entry sysfs_dir_entry = {
	.name = "/",
	.mode = S_IFDIR | 0755,
	.find = sysfs_find,
	.list = sysfs_list,
	.refresh = sysfs_dir_refresh,
};

static const struct proc_entry sysfs_file_entry = {
	.name = "file",
	.mode = S_IFREG | 0444,
	.show = sysfs_show,
	.refresh = sysfs_file_refresh,
};

/* --- the one super --- */

static struct super *sysfs_super;	/* not counted; NULL while nothing is mounted */

static void sysfs_release(struct super *sb)
{
	(void)sb;
	sysfs_super = NULL;
}

static const struct super_ops sysfs_super_ops = {
	.destroy_inode = proc_inode_destroy,
	.release = sysfs_release,
};

static int sysfs_root_create(struct super *sb)
{
	struct proc_node root = { .entry = &sysfs_dir_entry };
	struct inode *i;
	int err = proc_inode_create(sb, &root, &i);

	if (err)
		return err;
	i->ino = PROC_ROOT_INO;
	i->mode = S_IFDIR | 0555;
	return dentry_create_root(sb, i, &sb->root);
}

static int sysfs_mount(const struct fs_type *type, const struct fs_request *req, struct super **out)
{
	int err;

	if (req->data && *req->data)
		return -EINVAL;
	if (sysfs_super) {
		ref_get(&sysfs_super->refs);
		*out = sysfs_super;
		return 0;
	}
	rows_make();
	err = super_create(type, &sysfs_super_ops, &sysfs_super);
	if (err)
		return err;
	err = sysfs_root_create(sysfs_super);
	if (err)
		super_put(sysfs_super);
	else
		*out = sysfs_super;
	return err;
}

const struct fs_type sysfs_fs_type = {
	.name = "sysfs",
	.flags = FS_NODEV_TYPE | FS_REVEALING,
	.magic = SYSFS_MAGIC,
	.mount = sysfs_mount,
};
