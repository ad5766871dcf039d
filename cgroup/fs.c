// SPDX-License-Identifier: MIT
/* cgroup/fs.c - the cgroup2 file system: directories are cgroups, their files are rows of tables.
 *
 * There is one super for a hierarchy, made at boot and kept by the kernel's own mount; all mounts
 * share it, and one made inside a cgroup namespace begins at that namespace's root (CG-02,
 * CGNS-06). A directory's dentry and inode live as long as the cgroup is online. A file gets its
 * own when it is first looked up, and they stay until the cgroup is removed or the controller
 * disabled: mode, owner and extended attributes are kept there. The inode's struct cgroup_node
 * says which file it is; after the removal every call on an open file is ENODEV (CG-17). Nothing
 * can be made here but directories: no create, no unlink, no links, no rename (CG-05).
 * Locks: BKL; the directory's inode, held by VFS.
 * Checkpoint: rebuilt from the tree.
 * See Documentation/admin-guide/cgroup-v2.rst, "Mounting". */

#include <linux/magic.h>
#include <linux/xattr.h>

#include "cgroup/internal.h"
#include "fs/mnt_ns.h"
#include "fs/notify.h"
#include "fs/xattr_store.h"
#include "kernel/deny.h"
#include "lib/print.h"
#include "mm/slab.h"

#define FILE_POS_MAX 0x7fffffffUL
#define USER_XATTRS_MAX 128
#define USER_XATTR_BYTES_MAX (128 * 1024)

static const struct inode_ops cgroup_dir_inode_ops, cgroup_file_inode_ops;
static const struct dentry_ops cgroup_dentry_ops;

static struct cgroup_node *to_cgroup_node(const struct inode *i)
{
	return i->private;
}

static struct cgroup *dir_cgroup(const struct inode *dir)
{
	return to_cgroup_node(dir)->cgroup;
}

/* --- rows: the core's, then those of each controller that cg has --- */

bool cgroup_file_is_in(const struct cgroup *cg, const struct cgroup_file *f)
{
	if (!(f->flags & (cg->hierarchy->unified ? CGFILE_V2 : CGFILE_V1)))
		return false;
	if (f->since && !compat_at_least(f->since))
		return false;
	return !(f->flags & (cg->parent ? CGFILE_ONLY_ROOT : CGFILE_NOT_ON_ROOT));
}

void cgroup_file_full_name(const struct controller *c, const struct cgroup_file *f, char *buf)
{
	snprintf(buf, CGROUP_FILE_NAME_SIZE, "%s%s%s", c ? c->name : "", c ? "." : "", f->name);
}

static const struct cgroup_file *row_find(const struct cgroup *cg, const struct cgroup_file *f,
					  const char *name)
{
	for (; f->name; f++)
		if (!strcmp(f->name, name))
			return cgroup_file_is_in(cg, f) ? f : NULL;
	return NULL;
}

/* The row called name in cg, or NULL; *c: its controller, NULL: the core. */
static const struct cgroup_file *cgroup_file_find(const struct cgroup *cg, const char *name,
						  const struct controller **c)
{
	const struct cgroup_file *f = row_find(cg, cgroup_core_files, name);

	*c = NULL;
	for_each_controller(id) {
		size_t len = strlen(controllers[id]->name);

		if (f)
			break;
		if (!cg->css[id] || strncmp(name, controllers[id]->name, len) || name[len] != '.')
			continue;
		*c = controllers[id];
		f = row_find(cg, controllers[id]->files, name + len + 1);
	}
	return f;
}

/* Counts the rows that are shown; the one at *at ends the search. */
static const struct cgroup_file *row_at(const struct cgroup *cg, const struct cgroup_file *f,
					u32 *at)
{
	for (; f->name; f++)
		if (cgroup_file_is_in(cg, f) && (*at)-- == 0)
			return f;
	return NULL;
}

bool cgroup_file_at(const struct cgroup *cg, u32 at, const struct controller **c,
		    const struct cgroup_file **f)
{
	*c = NULL;
	*f = row_at(cg, cgroup_core_files, &at);
	for_each_controller(id)
		if (!*f && cg->css[id]) {
			*c = controllers[id];
			*f = row_at(cg, controllers[id]->files, &at);
		}
	return *f;
}

static u32 row_mode(const struct cgroup_file *f)
{
	u32 mode = f->mode;

	if (!mode && (f->show || f->show_u64))
		mode |= S_IRUSR | S_IRGRP | S_IROTH;
	if (!f->mode && (f->write || f->write_u64 || f->write_s64))
		mode |= S_IWUSR;
	return mode;
}

/* --- inodes --- */

static int node_create(struct cgroup *cg, const struct controller *c, const struct cgroup_file *f,
		       u32 mode, struct inode **out)
{
	struct cgroup_node *n = kzalloc_charged(sizeof(*n));
	int err;

	if (!n)
		return -ENOMEM;
	err = inode_create(cg->hierarchy->super, mode, out);
	if (err) {
		kfree(n);
		return err;
	}
	n->cgroup = cgroup_get(cg);
	n->controller = c;
	n->type = f;
	n->inode = *out;
	n->event = 1;
	waitqueue_init(&n->poll);
	(*out)->private = n;
	return 0;
}

static void cgroup_destroy_inode(struct inode *i)
{
	struct cgroup_node *n = to_cgroup_node(i);

	if (!n)
		return;
	cgroup_put(n->cgroup);
	kfree(n);
}

/* CG-57: the files are the maker's, those of a controller are of who enabled it; so a delegatee
 * who owns the directory may make children, and not write these (CG-55). */
static int file_inode_create(struct cgroup *cg, const struct controller *c,
			     const struct cgroup_file *f, struct inode **out)
{
	int err = node_create(cg, c, f, S_IFREG | row_mode(f), out);

	if (err)
		return err;
	(*out)->uid = c ? cg->css[c->id]->uid : cg->uid;
	(*out)->gid = c ? cg->css[c->id]->gid : cg->gid;
	(*out)->ops = &cgroup_file_inode_ops;
	(*out)->fops = &cgroup_file_ops;
	return 0;
}

static int dir_inode_create(struct cgroup *cg, u32 mode, struct inode **out)
{
	int err = node_create(cg, NULL, NULL, mode, out);

	if (err)
		return err;
	(*out)->ino = cg->id;
	(*out)->nlink = 2;
	(*out)->ops = &cgroup_dir_inode_ops;
	(*out)->fops = &cgroup_dir_file_ops;
	return 0;
}

/* --- names --- */

/* A name that is not there is remembered until somewhere files come. */
static u64 files_version;

void cgroup_files_come(void)
{
	files_version++;
}

/* Directories are always in the cache; a file enters it here, and stays. */
static int cgroup_lookup(struct inode *dir, struct dentry *de)
{
	struct cgroup *cg = dir_cgroup(dir);
	const struct controller *c;
	const struct cgroup_file *f;
	struct inode *i;
	int err;

	de->ops = &cgroup_dentry_ops;
	de->private = (void *)files_version;
	f = cg->dead ? NULL : cgroup_file_find(cg, de->name, &c);
	if (!f)
		return 0;
	err = file_inode_create(cg, c, f, &i);
	if (err)
		return err;
	dentry_set_inode(de, i);
	dentry_pin(de);
	return 0;
}

static bool cgroup_revalidate(struct dentry *de)
{
	return de->inode || de->private == (void *)files_version;
}

static const struct dentry_ops cgroup_dentry_ops = {
	.revalidate = cgroup_revalidate,
};

/* The dentry of a file whether it was looked up before or not, with a reference. */
static int file_dentry(struct cgroup *cg, const char *name, struct dentry **out)
{
	struct dentry *de = dentry_find(cg->dentry, name, strlen(name));
	int err;

	if (de && !de->inode) {
		dentry_drop(de);
		dentry_put(de);
		de = NULL;
	}
	*out = de;
	if (de)
		return 0;
	err = dentry_create(cg->dentry, name, strlen(name), out);
	if (err)
		return err;
	err = cgroup_lookup(cg->dentry->inode, *out);
	if (err) {
		dentry_drop(*out);
		dentry_put(*out);
	}
	return err;
}

int cgroup_may_write(struct cgroup *cg)
{
	struct dentry *de;
	int err;

	if (cg->dead)
		return -ENODEV;
	err = file_dentry(cg, cgroup_procs_row->name, &de);
	if (err)
		return err;
	err = inode_permission(de->inode, MAY_WRITE);
	dentry_put(de);
	return err;
}

/* A file goes: its open files are dead, its pollers look. */
static void file_remove(struct dentry *de)
{
	struct cgroup_node *n = to_cgroup_node(de->inode);

	dentry_get(de);
	n->removed = true;
	wake_all(&n->poll);
	mounts_detach_from(de);
	dentry_delete(de);
	dentry_put(de);
}

void cgroup_files_remove(struct cgroup *cg, const struct controller *c)
{
	struct dentry *de, *next;

	if (!cg->dentry)
		return;
	list_for_each_safe(de, next, &cg->dentry->children, sibling) {
		const struct cgroup_node *n = de->inode ? to_cgroup_node(de->inode) : NULL;

		if (n && n->type && (!c || n->controller == c))
			file_remove(de);
	}
}

/* Of a file that nobody ever looked up nobody hears: as on Linux. */
void cgroup_file_changed(struct cgroup *cg, struct css *css, const struct cgroup_file *type)
{
	char name[CGROUP_FILE_NAME_SIZE];
	struct dentry *de;

	if (!cg->dentry)
		return;
	cgroup_file_full_name(css ? css->controller : NULL, type, name);
	de = dentry_find(cg->dentry, name, strlen(name));
	if (!de)
		return;
	if (de->inode) {
		to_cgroup_node(de->inode)->event++;
		wake_all(&to_cgroup_node(de->inode)->poll);
		notify_dentry(de, IN_MODIFY);
	}
	dentry_put(de);
}

void cgroup_events_changed(struct cgroup *cg)
{
	if (cg->parent)
		cgroup_file_changed(cg, NULL, cgroup_events_row);
}

/* --- making and removing cgroups --- */

/* CG-04: a newline would make /proc/PID/cgroup ambiguous. */
static int cgroup_mkdir(struct inode *dir, struct dentry *de, u32 mode)
{
	struct cgroup *parent = dir_cgroup(dir), *cg;
	struct inode *i;
	int err;

	if (strchr(de->name, '\n'))
		return deny(EINVAL, CG_04);
	if (parent->dead)
		return deny(ENODEV, CG_17);
	err = cgroup_create(parent, de->name, &cg);
	if (err)
		return err;
	err = dir_inode_create(cg, mode, &i);
	if (err) {
		cgroup_remove(cg);
		return err;
	}
	de->ops = &cgroup_dentry_ops;
	dentry_set_inode(de, i);
	dentry_pin(de);
	cg->dentry = de;
	inode_inc_nlink(dir);
	inode_touch(dir, ATTR_MTIME);
	return 0;
}

static int cgroup_rmdir(struct inode *dir, struct dentry *de)
{
	int err = cgroup_remove(dir_cgroup(de->inode));

	if (err)
		return err;
	inode_drop_nlink(dir);
	inode_touch(dir, ATTR_MTIME);
	de->inode->nlink = 0;
	return 0;
}

int cgroup_of_dir(const struct file *f, struct cgroup **out)
{
	const struct inode *i = f->inode;

	if (i->ops != &cgroup_dir_inode_ops)
		return deny(EBADF, CG_52);
	*out = dir_cgroup(i);
	return (*out)->dead ? deny(ENOENT, CG_52) : 0;
}

/* --- attributes --- */

/* Files have no size: truncating one is fine and does nothing. */
static int cgroup_setattr(struct dentry *de, const struct iattr *attr)
{
	struct iattr rest = *attr;

	rest.valid &= ~ATTR_SIZE;
	return generic_setattr(de, &rest);
}

static bool is_user_xattr(const char *name)
{
	return !strncmp(name, XATTR_USER_PREFIX, XATTR_USER_PREFIX_LEN);
}

/* CG-59: trusted.*, security.*, and a limited amount of user.* */
static bool xattr_is_kept(const char *name)
{
	return is_user_xattr(name) ||
	       !strncmp(name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN) ||
	       !strncmp(name, XATTR_SECURITY_PREFIX, XATTR_SECURITY_PREFIX_LEN);
}

static ssize_t cgroup_getxattr(struct inode *i, const char *name, void *value, size_t size)
{
	return xattr_is_kept(name) ? xattr_store_get(i, name, value, size) : -EOPNOTSUPP;
}

/* Counts what a user attribute takes: number and bytes of values, before and after. */
static void user_xattr_count(struct cgroup_node *n, ssize_t old_size, ssize_t new_size)
{
	n->nr_user_xattrs += (new_size >= 0) - (old_size >= 0);
	n->user_xattr_bytes += MAX(new_size, (ssize_t)0) - MAX(old_size, (ssize_t)0);
}

/* At the limit even one that is there cannot be changed, as on Linux. */
static int user_setxattr(struct inode *i, const char *name, const void *value, size_t size,
			 int flags)
{
	struct cgroup_node *n = to_cgroup_node(i);
	ssize_t old = xattr_store_get(i, name, NULL, 0);
	int err;

	if (n->nr_user_xattrs >= USER_XATTRS_MAX)
		return deny(ENOSPC, CG_59);
	if (n->user_xattr_bytes + size > USER_XATTR_BYTES_MAX)
		return deny(ENOSPC, CG_59);
	err = xattr_store_set(i, name, value, size, flags);
	if (!err)
		user_xattr_count(n, old, size);
	return err;
}

static int cgroup_setxattr(struct inode *i, const char *name, const void *value, size_t size,
			   int flags)
{
	if (!xattr_is_kept(name))
		return -EOPNOTSUPP;
	if (is_user_xattr(name))
		return user_setxattr(i, name, value, size, flags);
	return xattr_store_set(i, name, value, size, flags);
}

static int cgroup_removexattr(struct inode *i, const char *name)
{
	ssize_t old = xattr_store_get(i, name, NULL, 0);
	int err = xattr_is_kept(name) ? xattr_store_remove(i, name) : -EOPNOTSUPP;

	if (!err && is_user_xattr(name))
		user_xattr_count(to_cgroup_node(i), old, -1);
	return err;
}

#define CGROUP_ATTR_OPS                                                                  \
	.setattr = cgroup_setattr, .getxattr = cgroup_getxattr, .setxattr = cgroup_setxattr, \
	.removexattr = cgroup_removexattr, .listxattr = xattr_store_list

static const struct inode_ops cgroup_dir_inode_ops = {
	.lookup = cgroup_lookup,
	.mkdir = cgroup_mkdir,
	.rmdir = cgroup_rmdir,
	CGROUP_ATTR_OPS,
};

static const struct inode_ops cgroup_file_inode_ops = { CGROUP_ATTR_OPS };

/* --- mounts --- */


static int mount_option(void *ctx, const char *key, const char *value)
{
	u32 *flags = ctx;

	for (const struct cgroup_option *o = cgroup_options; o->name; o++)
		if (!strcmp(key, o->name) && !value && cgroup_option_is_known(o)) {
			*flags |= o->flag;
			return 0;
		}
	return deny(EINVAL, CG_01);
}

/* CG-60, CGNS-11: every mount and remount sets all options anew, but only in the initial
 * namespace. */
static int options_apply(const char *data)
{
	u32 flags = 0;
	int err = fs_options_parse(data, mount_option, &flags);

	if (!err && current_cgroup_ns() == &init_cgroup_ns)
		unified.flags = flags;
	return err;
}

static int cgroup2_remount(struct super *sb, const char *data)
{
	(void)sb;
	return options_apply(data);
}

static void cgroup2_show_options(struct super *sb, struct text *t)
{
	(void)sb;
	for (const struct cgroup_option *o = cgroup_options; o->name; o++)
		if (unified.flags & o->flag)
			text_printf(t, ",%s", o->name);
}

/* CGNS-06, 07: the reader's view. */
static int cgroup_show_root(struct dentry *root, char *buf, size_t size)
{
	return cgroup_path(dir_cgroup(root->inode), current_cgroup_ns()->root, buf, size);
}

static const struct super_ops cgroup2_super_ops = {
	.destroy_inode = cgroup_destroy_inode,
	.remount = cgroup2_remount,
	.show_options = cgroup2_show_options,
	.show_root = cgroup_show_root,
};

/* The one super of the unified hierarchy, at boot. */
static int cgroup2_super_create(const struct fs_type *type, struct super **out)
{
	struct inode *root;
	int err = super_create(type, &cgroup2_super_ops, out);

	if (err)
		return err;
	unified.super = *out;
	(*out)->max_bytes = FILE_POS_MAX;
	err = dir_inode_create(unified.root, S_IFDIR | 0555, &root);
	if (!err)
		err = dentry_create_root(*out, root, &(*out)->root);
	if (err)
		super_put(*out);
	else
		unified.root->dentry = (*out)->root;
	return err;
}

static int cgroup2_mount(const struct fs_type *type, const struct fs_request *req,
			 struct super **out)
{
	int err;

	if (!unified.super)
		return cgroup2_super_create(type, out);
	err = options_apply(req->data);
	if (err)
		return err;
	unified.visible = true;
	*out = unified.super;
	ref_get(&(*out)->refs);
	return 0;
}

static int cgroup2_mount_dentry(struct super *sb, struct dentry **out)
{
	(void)sb;
	*out = current_cgroup_ns()->root->dentry;
	return *out ? 0 : deny(ENOENT, CGNS_06);
}

static struct user_ns *cgroup2_owner(void)
{
	return current_cgroup_ns()->ns.owner;
}

int hierarchy_mount(struct hierarchy *h, const struct fs_type *type)
{
	return mount_kernel(type, &h->mount);
}

const struct fs_type cgroup2_fs_type = {
	.name = "cgroup2",
	.flags = FS_NODEV_TYPE | FS_USERNS_MOUNT,
	.magic = CGROUP2_SUPER_MAGIC,
	.mount = cgroup2_mount,
	.mount_dentry = cgroup2_mount_dentry,
	.owner = cgroup2_owner,
};
