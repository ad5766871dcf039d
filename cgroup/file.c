// SPDX-License-Identifier: MIT
/* cgroup/file.c - open control files and directories of cgroups: read, write, poll, list.
 *
 * An open file has a struct cgroup_open, the argument of its text file: the row's functions get
 * it. A write is one value of at most a page (E2BIG), a write of nothing is nothing (CG-09), a row
 * without write is EINVAL (CG-61). Which css the file is about is looked up at each call; after
 * the removal of the cgroup or its controller all calls are ENODEV (CG-17). poll: a file of events
 * is always ready, and POLLPRI|POLLERR since its last change until this open file is read (CG-36,
 * 37).
 * Locks: BKL; show and write of rows do not sleep.
 * Checkpoint: by path and position. */

#include "cgroup/internal.h"
#include "fs/notify.h"
#include "fs/poll.h"
#include "kernel/deny.h"
#include "mm/slab.h"

#define POLL_READY (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)
#define POLL_CHANGED (POLL_READY | POLLERR | POLLPRI)
#define POS_FIRST 2			/* behind "." and ".." */
#define POS_CHILDREN (1UL << 32)	/* plus the child's id */
#define MODE_TYPE_SHIFT 12

static struct cgroup_node *file_node(const struct file *f)
{
	return f->inode->private;
}

static struct cgroup_open *to_cgroup_open(const struct file *f)
{
	const struct text_file *tf = f->private;

	return tf->arg;
}

/* The css the file is about, for one call. */
static void open_enter(struct cgroup_open *o, const struct cgroup_node *n)
{
	o->css = n->controller ? o->cgroup->css[n->controller->id] : NULL;
}

static int cgroup_file_show(struct text *t, void *arg)
{
	struct cgroup_open *o = arg;
	const struct cgroup_node *n = file_node(o->file);

	open_enter(o, n);
	o->file->version = n->event;
	if (o->type->show)
		return o->type->show(t, o);
	if (!o->type->show_u64)
		return deny(EINVAL, CG_61);
	text_printf(t, "%lu\n", o->type->show_u64(o));
	return t->error;
}

static void open_free(void *arg)
{
	struct cgroup_open *o = arg;

	if (o->data && o->type->release)
		o->type->release(o);
	ns_put(&o->ns->ns);
	kfree(o);
}

static int cgroup_file_open(struct inode *i, struct file *f)
{
	const struct cgroup_node *n = i->private;
	struct cgroup_open *o;
	int err;

	if (n->removed)
		return deny(ENODEV, CG_17);
	o = kzalloc_charged(sizeof(*o));
	if (!o)
		return -ENOMEM;
	o->file = f;
	o->cgroup = n->cgroup;
	o->type = n->type;
	o->ns = current_cgroup_ns();
	ns_get(&o->ns->ns);
	err = text_file_open(f, cgroup_file_show, o, open_free);
	if (err)
		open_free(o);
	return err;
}

static ssize_t cgroup_file_read(struct file *f, struct iter *to, u64 *pos)
{
	if (file_node(f)->removed)
		return deny(ENODEV, CG_17);
	return text_file_read(f, to, pos);
}

/* --- writing --- */

/* CGNS-09: the root of a namespace is its owner's to limit, not the delegatee's. */
static int write_check_delegation(const struct cgroup_open *o)
{
	if (!(o->cgroup->hierarchy->flags & HIERARCHY_NSDELEGATE) ||
	    (o->type->flags & CGFILE_DELEGATABLE))
		return 0;
	if (o->ns == &init_cgroup_ns || o->ns->root != o->cgroup)
		return 0;
	return deny(EPERM, CGNS_09);
}

static int write_number(struct cgroup_open *o, const char *text)
{
	u64 value;
	s64 number;
	int err;

	if (o->type->write_u64) {
		err = parse_u64(text, &value);
		return err ? err : o->type->write_u64(o, value);
	}
	err = parse_s64(text, &number);
	return err ? err : o->type->write_s64(o, number);
}

static int write_text(struct cgroup_open *o, char *text, size_t len)
{
	int err = write_check_delegation(o);

	if (err)
		return err;
	if (o->type->write)
		return o->type->write(o, text, len);
	if (o->type->write_u64 || o->type->write_s64)
		return write_number(o, text);
	return deny(EINVAL, CG_61);
}

static ssize_t cgroup_file_write(struct file *f, struct iter *from, u64 *pos)
{
	struct cgroup_open *o = to_cgroup_open(f);
	size_t len = from->count;
	char *text;
	int err;

	if (len > PAGE_SIZE)
		return -E2BIG;
	text = kmalloc(len + 1);
	if (!text)
		return -ENOMEM;
	err = iter_copy_from(from, text, len) == len ? 0 : -EFAULT;
	text[len] = '\0';
	if (!err && file_node(f)->removed)
		err = deny(ENODEV, CG_17);
	if (!err && len) {
		open_enter(o, file_node(f));
		err = write_text(o, text, len);
	}
	kfree(text);
	if (err)
		return err;
	*pos += len;
	return len;
}

static u64 cgroup_file_changes(const struct file *f)
{
	return file_node(f)->event;
}

/* CG-37: each open file compares with the event it has read. */
static u32 cgroup_file_poll(struct file *f, struct poll_table *pt)
{
	struct cgroup_node *n = file_node(f);

	if (n->removed)
		return POLL_CHANGED;
	poll_wait(pt, f, &n->poll);
	return f->version != n->event ? POLL_CHANGED : POLL_READY;
}

const struct file_ops cgroup_file_ops = {
	.class = "cgroup",
	.open = cgroup_file_open,
	.release = text_file_release,
	.read = cgroup_file_read,
	.write = cgroup_file_write,
	.llseek = generic_llseek,
	.poll = cgroup_file_poll,
	.changes = cgroup_file_changes,
};

void cgroup_files_audit_ns(void (*found)(struct ns_common *ns, void *arg), void *arg)
{
	struct file *f;

	list_for_each(f, &file_all, all)
		if (f->ops == &cgroup_file_ops && f->private)
			found(&to_cgroup_open(f)->ns->ns, arg);
}

/* --- directories: ".", "..", files by their place, children by id --- */

static bool emit(struct file *f, struct dir_sink *s, const char *name, u64 next, u64 ino, u32 type)
{
	if (!s->emit(s, name, strlen(name), next, ino, type >> MODE_TYPE_SHIFT))
		return false;
	f->pos = next;
	return true;
}

static bool emit_dots(struct file *f, struct dir_sink *s, const struct cgroup *cg)
{
	const struct cgroup *up = cg->parent ? cg->parent : cg;

	if (f->pos == 0 && !emit(f, s, ".", 1, cg->id, S_IFDIR))
		return false;
	return f->pos != 1 || emit(f, s, "..", POS_FIRST, up->id, S_IFDIR);
}

/* The number of a file that nobody has looked up yet is not known: any will do. */
static u64 file_ino(const struct cgroup *cg, const char *name)
{
	struct dentry *de = dentry_find(cg->dentry, name, strlen(name));
	u64 ino = de && de->inode ? de->inode->ino : cg->id;

	if (de)
		dentry_put(de);
	return ino;
}

static bool emit_files(struct file *f, struct dir_sink *s, const struct cgroup *cg)
{
	char name[CGROUP_FILE_NAME_SIZE];
	const struct cgroup_file *row;
	const struct controller *c;

	while (f->pos < POS_CHILDREN && cgroup_file_at(cg, f->pos - POS_FIRST, &c, &row)) {
		cgroup_file_full_name(c, row, name);
		if (!emit(f, s, name, f->pos + 1, file_ino(cg, name), S_IFREG))
			return false;
	}
	f->pos = MAX(f->pos, POS_CHILDREN);
	return true;
}

static int cgroup_readdir(struct file *f, struct dir_sink *s)
{
	const struct cgroup *cg = file_node(f)->cgroup, *child;

	if (cg->dead)
		return 0;
	if (!emit_dots(f, s, cg) || !emit_files(f, s, cg))
		return 0;
	list_for_each(child, &cg->children, sibling)
		if (child->dentry && f->pos <= POS_CHILDREN + child->id &&
		    !emit(f, s, child->name, POS_CHILDREN + child->id + 1, child->id, S_IFDIR))
			return 0;
	return 0;
}

const struct file_ops cgroup_dir_file_ops = {
	.class = "cgroup_dir",
	.readdir = cgroup_readdir,
	.llseek = dcache_llseek,
};
