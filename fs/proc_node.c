// SPDX-License-Identifier: MIT
/* fs/proc_node.c - inodes, names and directories of procfs: one shape for all of them.
 *
 * An inode of procfs is a struct proc_node: an entry (a row of some table) and what it is about. A
 * lookup asks the entry of the directory for the node of a name and makes an inode for it. Kept
 * unused are only the directories of processes, what the table puts in these, and "self": all else
 * is made anew for each walk (DENTRY_NOCACHE). When a number loses its task, proc_forget_pid()
 * drops what there is about it, so a process that is gone holds no memory here. What somebody
 * still holds is checked again at each walk (revalidate): the task must live.
 * Inode numbers are a hash of the node, so the same thing keeps its number.
 * Owner: a task's effective ids; root where the task may not be dumped (but not for 0555
 * directories). Locks: BKL. Checkpoint: rebuilt by path. */

#include "fs/fdtable.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "kernel/hooks.h"
#include "lib/hash.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define INO_BITS 48
#define MODE_TYPE_SHIFT 12
#define DIR_ALWAYS_OWNED (S_IFDIR | 0555)
#define DUMPABLE_USER 1
#define POS_DOT 0
#define POS_DOTDOT 1

static const struct dentry_ops proc_dentry_ops;
static const struct inode_ops proc_dir_inode_ops, proc_file_inode_ops, proc_link_inode_ops,
	proc_magic_inode_ops;
static const struct file_ops proc_dir_file_ops;

/* --- tasks --- */

struct task *proc_task_get(const struct proc_node *n)
{
	struct task *t = n->pid ? n->pid->task : NULL;

	if (t)
		task_get(t);
	return t;
}

bool proc_may_access(struct task *t, unsigned access)
{
	struct why_log kept = current->why;
	bool may = task_may_access(t, access) == 0;

	current->why = kept;
	return may;
}

/* --- inodes --- */

static u64 proc_node_ino(const struct proc_node *n)
{
	const char *name = n->entry->name;
	u64 seed = n->pid ? 2 * (u64)n->pid->numbers[0].nr + n->thread + 1 : 0;
	u64 h = hash_bytes(name, strlen(name), hash_u64(seed));

	h = hash_u64(hash_u64(h + n->number) + n->number2);
	return (h & (BIT(INO_BITS) - 1)) + PROC_ROOT_INO + 1;
}

/* Root of the user namespace that the task's program runs in. */
static void proc_own_by_root(struct inode *i, const struct task *t)
{
	const struct user_ns *ns = t->mm ? t->mm->owner_ns : NULL;

	i->uid = ns ? make_uid(ns, 0) : 0;
	i->gid = ns ? make_gid(ns, 0) : 0;
	if (i->uid == INVALID_ID)
		i->uid = 0;
	if (i->gid == INVALID_ID)
		i->gid = 0;
}

static void proc_own(struct inode *i, const struct task *t)
{
	bool dumpable = t->mm && t->mm->dumpable == DUMPABLE_USER;

	if (t->flags & TASK_KTHREAD) {
		i->uid = i->gid = 0;
	} else if (i->mode == DIR_ALWAYS_OWNED || dumpable) {
		i->uid = t->real_cred->euid;
		i->gid = t->real_cred->egid;
	} else {
		proc_own_by_root(i, t);
	}
}

/* Brings owner and mode up to date. False: what the inode is about is gone. */
static bool proc_node_refresh(struct inode *i)
{
	const struct proc_node *n = to_proc_node(i);

	if (n->pid) {
		if (!n->pid->task)
			return false;
		proc_own(i, n->pid->task);
	}
	return !n->entry->refresh || n->entry->refresh(i, n);
}

static void proc_inode_set_ops(struct inode *i, const struct proc_entry *e)
{
	if (S_ISDIR(e->mode)) {
		i->ops = &proc_dir_inode_ops;
		i->fops = &proc_dir_file_ops;
		i->nlink = 2;
	} else if (S_ISLNK(e->mode)) {
		i->ops = e->follow ? &proc_magic_inode_ops : &proc_link_inode_ops;
	} else {
		i->ops = &proc_file_inode_ops;
		i->fops = e->fops ? e->fops : &proc_file_ops;
	}
}

int proc_inode_create(struct super *sb, const struct proc_node *n, struct inode **out)
{
	struct proc_node *own = kmalloc(sizeof(*own));
	struct inode *i;
	int err;

	if (!own)
		return -ENOMEM;
	err = inode_create(sb, n->entry->mode, &i);
	if (err) {
		kfree(own);
		return err;
	}
	*own = *n;
	own->inode = i;
	list_init(&own->link);
	if (own->pid) {
		pid_get(own->pid);
		list_add(&own->pid->proc_nodes, &own->link);
	}
	i->private = own;
	i->ino = proc_node_ino(own);
	i->uid = i->gid = 0;
	proc_inode_set_ops(i, own->entry);
	proc_node_refresh(i);
	*out = i;
	return 0;
}

void proc_inode_destroy(struct inode *i)
{
	struct proc_node *n = i->private;

	if (!n)
		return;
	list_del(&n->link);
	if (n->pid)
		pid_put(n->pid);
	kfree(n);
}

static int proc_permission(struct inode *i, unsigned mask)
{
	const struct proc_entry *e = to_proc_node(i)->entry;

	proc_node_refresh(i);
	return e->permission ? e->permission(i, mask) : generic_permission(i, mask);
}

/* PROC-04: with hidepid=2 not even the attributes of a hidden process are shown. */
static int proc_getattr(struct dentry *de, struct kstat *st)
{
	struct inode *i = de->inode;
	const struct proc_node *n = to_proc_node(i);
	struct task *t = n->pid ? n->pid->task : NULL;

	if (t && !proc_task_visible(i->sb, t, HIDEPID_INVISIBLE))
		return deny(ENOENT, PROC_04);
	if (!proc_node_refresh(i) && n->pid)
		i->uid = i->gid = 0;
	generic_fill_kstat(i, st);
	return 0;
}

/* Opening with O_TRUNC is fine and does nothing; nothing can be changed. */
static int proc_setattr(struct dentry *de, const struct iattr *attr)
{
	(void)de;
	if (attr->valid & (ATTR_MODE | ATTR_UID | ATTR_GID))
		return deny(EPERM, EXT_FS_08);
	return 0;
}

/* --- links --- */

static int proc_link_follow(struct dentry *de, struct path *out)
{
	const struct proc_node *n = to_proc_node(de->inode);

	return n->entry->follow(n, out);
}

/* The text of a magic link is the path it leads to, as the reader would write it. */
static int proc_magic_text(const struct proc_node *n, char *buf, size_t size)
{
	struct path p;
	char *text;
	int err = n->entry->follow(n, &p);

	if (err)
		return err;
	text = path_text(&p, &current->fs->root, buf, size, NULL);
	path_put(&p);
	if (!text)
		return -ENAMETOOLONG;
	memmove(buf, text, strlen(text) + 1);
	return strlen(buf);
}

static int proc_readlink(struct dentry *de, char *buf, size_t size)
{
	const struct proc_node *n = to_proc_node(de->inode);

	if (n->entry->readlink)
		return n->entry->readlink(de->sb, n, buf, size);
	return proc_magic_text(n, buf, size);
}

/* --- directories --- */

/* May the dentry of what was found in dir stay when nobody uses it? */
static bool proc_worth_keeping(const struct proc_node *dir, const struct proc_node *found)
{
	if (dir->entry == &proc_pid_dir_entry)
		return true;
	return dir->entry == &proc_root_entry &&
	       (found->entry == &proc_pid_dir_entry ||
		(found->entry->flags & PROC_SUBSET && S_ISLNK(found->entry->mode)));
}

static void proc_forget_pid(struct pid *pid)
{
	struct proc_node *n;
	struct dentry *de;

	while ((n = list_first(&pid->proc_nodes, struct proc_node, link))) {
		list_del(&n->link);
		de = list_first(&n->inode->dentries, struct dentry, alias);
		if (de)
			dentry_drop(de);
	}
}

void proc_init(void)
{
	kernel_hooks.pid_gone = proc_forget_pid;
}

static int proc_lookup(struct inode *dir, struct dentry *de)
{
	const struct proc_node *n = to_proc_node(dir);
	struct proc_node found = { .pid = n->pid, .thread = n->thread };
	struct inode *i;
	int err;

	de->flags |= DENTRY_NOCACHE;
	de->ops = &proc_dentry_ops;
	if (n->pid && !n->pid->task)
		return -ENOENT;
	err = n->entry->find(dir->sb, n, de->name, &found);
	if (!err)
		err = proc_inode_create(dir->sb, &found, &i);
	if (err)
		return err;
	dentry_set_inode(de, i);
	if (proc_worth_keeping(n, &found))
		de->flags &= ~DENTRY_NOCACHE;
	return 0;
}

static int proc_readdir(struct file *f, struct dir_sink *s)
{
	const struct proc_node *n = to_proc_node(f->inode);

	if (n->pid && !n->pid->task)
		return -ENOENT;
	return proc_emit_dots(f, s) ? n->entry->list(n, f, s) : 0;
}

bool proc_emit_dots(struct file *f, struct dir_sink *s)
{
	const struct dentry *dir = f->path.dentry;
	unsigned type = S_IFDIR >> MODE_TYPE_SHIFT;

	if (f->pos == POS_DOT) {
		if (!s->emit(s, ".", 1, POS_DOTDOT, f->inode->ino, type))
			return false;
		f->pos = POS_DOTDOT;
	}
	if (f->pos == POS_DOTDOT) {
		if (!s->emit(s, "..", 2, PROC_POS_FIRST, dir->parent->inode->ino, type))
			return false;
		f->pos = PROC_POS_FIRST;
	}
	return true;
}

bool proc_emit(struct file *f, struct dir_sink *s, const char *name, const struct proc_node *child,
	       u64 next)
{
	unsigned type = (child->entry->mode & S_IFMT) >> MODE_TYPE_SHIFT;

	if (!s->emit(s, name, strlen(name), next, proc_node_ino(child), type))
		return false;
	f->pos = next;
	return true;
}

/* --- tables --- */

static bool proc_row_applies(const struct proc_entry *e, const struct proc_node *dir)
{
	return !(e->flags & (dir->thread ? PROC_LEADER : PROC_THREAD));
}

/* Insertion sort by name: once, and tables are short. */
static void proc_table_sort(struct proc_table *table)
{
	assert(table->nr <= PROC_TABLE_MAX);
	for (unsigned i = 0; i < table->nr; i++) {
		unsigned at = i;

		for (; at &&
		       strcmp(table->rows[table->order[at - 1]]->name, table->rows[i]->name) > 0;
		     at--)
			table->order[at] = table->order[at - 1];
		table->order[at] = i;
	}
	table->sorted = true;
}

int proc_table_find(struct proc_table *table, const struct proc_node *dir, const char *name,
		    struct proc_node *out)
{
	unsigned low = 0, high = table->nr;

	if (!table->sorted)
		proc_table_sort(table);
	while (low < high) {
		unsigned mid = (low + high) / 2;
		const struct proc_entry *e = table->rows[table->order[mid]];
		int cmp = strcmp(name, e->name);

		if (cmp == 0) {
			out->entry = e;
			return proc_row_applies(e, dir) ? 0 : -ENOENT;
		}
		if (cmp < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return -ENOENT;
}

int proc_table_list(const struct proc_table *table, const struct proc_node *dir, struct file *f,
		    struct dir_sink *s)
{
	struct proc_node child = { .pid = dir->pid, .thread = dir->thread };

	for (u64 row = f->pos - PROC_POS_FIRST; row < table->nr; row++) {
		child.entry = table->rows[row];
		if (!proc_row_applies(child.entry, dir))
			continue;
		if (!proc_emit(f, s, child.entry->name, &child, PROC_POS_FIRST + row + 1))
			return 0;
	}
	return 1;
}

/* --- operations --- */

/* Whom hidepid=4 hides is looked up again, and not found. */
static bool proc_revalidate(struct dentry *de)
{
	const struct proc_node *n = de->inode ? to_proc_node(de->inode) : NULL;

	if (!n || !proc_node_refresh(de->inode))
		return false;
	return n->entry != &proc_pid_dir_entry ||
	       to_proc_super(de->sb)->hidepid != HIDEPID_PTRACEABLE ||
	       proc_task_visible(de->sb, n->pid->task, HIDEPID_NOACCESS);
}

static const struct dentry_ops proc_dentry_ops = {
	.revalidate = proc_revalidate,
};

static const struct inode_ops proc_dir_inode_ops = {
	.lookup = proc_lookup,
	.permission = proc_permission,
	.getattr = proc_getattr,
	.setattr = proc_setattr,
};

static const struct inode_ops proc_file_inode_ops = {
	.permission = proc_permission,
	.getattr = proc_getattr,
	.setattr = proc_setattr,
};

static const struct inode_ops proc_link_inode_ops = {
	.readlink = proc_readlink,
	.getattr = proc_getattr,
	.setattr = proc_setattr,
};

static const struct inode_ops proc_magic_inode_ops = {
	.readlink = proc_readlink,
	.follow = proc_link_follow,
	.getattr = proc_getattr,
	.setattr = proc_setattr,
};

static const struct file_ops proc_dir_file_ops = {
	.class = "proc_dir",
	.readdir = proc_readdir,
	.llseek = dcache_llseek,
};
