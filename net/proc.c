// SPDX-License-Identifier: MIT
/* net/proc.c - /proc/PID/net: what a process sees of sockets, one file per family.
 *
 * /proc/net leads to the reader's own. Locks: BKL. Checkpoint: none. See proc(5). */
#include "fs/proc.h"
#include "net/unix.h"

static int unix_entry_show(struct text *t, struct proc_open *po)
{
	(void)po;
	return unix_show(t);
}

static const struct proc_entry unix_entry = {
	.name = "unix",
	.mode = S_IFREG | 0444,
	.show = unix_entry_show,
};

static const struct proc_entry *const net_rows[] = { &unix_entry };
static struct proc_table net_table = { .rows = net_rows, .nr = ARRAY_SIZE(net_rows) };

static int net_find(struct super *sb, const struct proc_node *dir, const char *name,
		    struct proc_node *out)
{
	(void)sb;
	return proc_table_find(&net_table, dir, name, out);
}

static int net_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	proc_table_list(&net_table, dir, f, s);
	return 0;
}

const struct proc_entry proc_net_entry = {
	.name = "net",
	.mode = S_IFDIR | 0555,
	.find = net_find,
	.list = net_list,
};
