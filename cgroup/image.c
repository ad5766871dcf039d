// SPDX-License-Identifier: MIT
/* cgroup/image.c - what a checkpoint reads of a control group, and what a restart writes.
 *
 * Generic over the tables: a controller that has its settings in files and its counters in
 * controller.counters is saved without a line of its own.
 * Directories are made and removed by the operations of their inodes, as VFS does it.
 * Locks: BKL; making a directory and writing a setting may sleep. */
#include "cgroup/image.h"

#include "cgroup/internal.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "lib/page_counter.h"
#include "lib/print.h"

/* The core's own counters, of every cgroup. */
static const struct css_counter core_counters[] = {
	{ "cpu.user_nsec", offsetof(struct cgroup, user_nsec) },
	{ "cpu.system_nsec", offsetof(struct cgroup, system_nsec) },
	{ NULL, 0 },
};

static struct cgroup_open open_of(struct cgroup *cg, const struct controller *c,
				  const struct cgroup_file *f)
{
	return (struct cgroup_open){
		.cgroup = cg, .css = c ? cg->css[c->id] : NULL, .type = f,
		.ns = current_cgroup_ns(),
	};
}

/* --- settings --- */

static bool is_setting(const struct cgroup_file *f)
{
	return (f->show || f->show_u64) && (f->write || f->write_u64 || f->write_s64) &&
	       !(f->flags & CGFILE_SHAPE);
}

int cgroup_settings_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name,
							const char *text),
			 void *ctx)
{
	const struct controller *c;
	const struct cgroup_file *f;
	int err = 0;

	for (u32 at = 0; !err && cgroup_file_at(cg, at, &c, &f); at++) {
		struct cgroup_open o = open_of(cg, c, f);
		char name[CGROUP_FILE_NAME_SIZE];
		struct text t = {};

		if (!is_setting(f))
			continue;
		if (f->show_u64)
			text_printf(&t, "%lu\n", f->show_u64(&o));
		else
			err = f->show(&t, &o);
		text_putc(&t, '\0');
		cgroup_file_full_name(c, f, name);
		err = err ? err : t.error ? t.error : each(ctx, name, t.data);
		if (o.data && f->release)
			f->release(&o);
		text_free(&t);
	}
	return err;
}

static int setting_write(struct cgroup_open *o, char *text)
{
	u64 value;
	s64 number;
	int err;

	if (o->type->write)
		return o->type->write(o, text, strlen(text));
	if (o->type->write_u64) {
		err = parse_u64(text, &value);
		return err ? err : o->type->write_u64(o, value);
	}
	err = parse_s64(text, &number);
	return err ? err : o->type->write_s64(o, number);
}

int cgroup_setting_write(struct cgroup *cg, const char *name, char *text)
{
	const struct controller *c;
	const struct cgroup_file *f;

	for (u32 at = 0; cgroup_file_at(cg, at, &c, &f); at++) {
		struct cgroup_open o = open_of(cg, c, f);
		char full[CGROUP_FILE_NAME_SIZE];
		int err;

		cgroup_file_full_name(c, f, full);
		if (!is_setting(f) || strcmp(full, name))
			continue;
		err = setting_write(&o, text);
		if (o.data && f->release)
			f->release(&o);
		return err;
	}
	return -ENOENT;
}

/* --- counters --- */

static int counters_walk(const char *prefix, void *state, const struct css_counter *row,
			 int (*each)(void *ctx, const char *name, u64 value), void *ctx)
{
	char name[CGROUP_FILE_NAME_SIZE];
	int err = 0;

	for (; row && row->name && !err; row++) {
		snprintf(name, sizeof(name), "%s%s%s", prefix, *prefix ? "." : "", row->name);
		err = each(ctx, name, *(u64 *)((u8 *)state + row->offset));
	}
	return err;
}

int cgroup_counters_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name, u64 value),
			 void *ctx)
{
	int err = counters_walk("", cg, core_counters, each, ctx);

	page_counter_settle();
	for_each_controller(id)
		if (!err && cg->css[id])
			err = counters_walk(controllers[id]->name, cg->css[id],
					    controllers[id]->counters, each, ctx);
	return err;
}

static void counter_set(void *state, const struct css_counter *row, const char *name, u64 value)
{
	for (; row && row->name; row++) {
		u64 *at = (u64 *)((u8 *)state + row->offset);

		if (!strcmp(row->name, name))
			*at = MAX(*at, value);
	}
}

void cgroup_counter_set(struct cgroup *cg, const char *name, u64 value)
{
	counter_set(cg, core_counters, name, value);
	for_each_controller(id) {
		size_t len = strlen(controllers[id]->name);

		if (cg->css[id] && !strncmp(name, controllers[id]->name, len) && name[len] == '.')
			counter_set(cg->css[id], controllers[id]->counters, name + len + 1, value);
	}
}

/* --- the tree --- */

struct cgroup *cgroup_child(struct cgroup *parent, const char *name)
{
	struct cgroup *cg;

	list_for_each(cg, &parent->children, sibling)
		if (!strcmp(cg->name, name))
			return cg;
	return NULL;
}

static struct cgroup *dentry_cgroup(const struct dentry *de)
{
	const struct cgroup_node *n = de->inode->private;

	return n->cgroup;
}

int cgroup_make_dir(struct cgroup *parent, const char *name, u32 mode, struct cgroup **out)
{
	struct inode *dir = parent->dentry ? parent->dentry->inode : NULL;
	struct dentry *de;
	int err;

	if (!dir)
		return deny(ENODEV, CG_17);
	mutex_lock(&dir->lock);
	err = cgroup_child(parent, name) ? -EEXIST
					 : dentry_create(parent->dentry, name, strlen(name), &de);
	if (!err) {
		err = dir->ops->mkdir(dir, de, S_IFDIR | mode);
		if (err)
			dentry_drop(de);
		else
			*out = dentry_cgroup(de);
		dentry_put(de);
	}
	mutex_unlock(&dir->lock);
	return err;
}

int cgroup_remove_dir(struct cgroup *cg)
{
	struct inode *dir = cg->parent->dentry->inode;
	struct dentry *de = cg->dentry;
	int err;

	mutex_lock(&dir->lock);
	err = cg->dead ? -ENODEV : 0;
	if (!err) {
		dentry_get(de);
		err = dir->ops->rmdir(dir, de);
		if (!err)
			dentry_delete(de);
		dentry_put(de);
	}
	mutex_unlock(&dir->lock);
	return err;
}

int cgroup_may_make(struct cgroup *cg)
{
	int err = cg->dentry ? inode_permission(cg->dentry->inode, MAY_WRITE | MAY_EXEC) : -ENODEV;

	return err ? err : cgroup_may_write(cg);
}

/* --- attributes --- */

int cgroup_inodes_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name,
						      struct inode *i),
		       void *ctx)
{
	struct dentry *de;
	int err = cg->dentry ? each(ctx, "", cg->dentry->inode) : 0;

	if (!cg->dentry)
		return 0;
	list_for_each(de, &cg->dentry->children, sibling) {
		const struct cgroup_node *n = de->inode ? de->inode->private : NULL;

		if (!err && n && n->type)
			err = each(ctx, de->name, de->inode);
	}
	return err;
}

int cgroup_inode_get(struct cgroup *cg, const char *name, struct inode **out)
{
	struct inode *dir = cg->dentry ? cg->dentry->inode : NULL;
	struct dentry *de;
	int err;

	if (!dir)
		return -ENOENT;
	if (!*name) {
		*out = inode_get(dir);
		return 0;
	}
	mutex_lock(&dir->lock);
	err = dir_lookup(cg->dentry, name, strlen(name), &de);
	mutex_unlock(&dir->lock);
	if (err)
		return err;
	if (de->inode)
		*out = inode_get(de->inode);
	else
		err = -ENOENT;
	dentry_put(de);
	return err;
}
