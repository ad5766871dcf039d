// SPDX-License-Identifier: MIT
/* cr/supers.c - the file systems behind mounts: plimsoll-super.img; and what is in those of memory:
 * plimsoll-tree-ID.img.
 *
 * A file system that the checkpointer sees too is named by a place where it is mounted; the
 * restarter's there must be of the same type. One that only the tree has is made again by type,
 * source, options and owner; tmpfs and ramfs with all their files: attributes, links, contents
 * (holes stay holes). The control group hierarchy is the machine's. On save and on restart
 * the object is a mount: of that place, or one of the file system, whose root names are counted
 * from. */
#include "cr/internal.h"

#include <linux/mount.h>

#include "cgroup/cgroup.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "fs/proc.h"
#include "fs/text.h"
#include "fs/xattr_store.h"
#include "mm/slab.h"
#include "ns/pid.h"

#define CRIU_FSTYPE_CGROUP2 23
#define NODES_MAX 10000000
#define XATTRS_SIZE 4096
#define XATTR_VALUE_MAX 65536
#define TIMES 6

/* CRIU's numbers. */
u32 cr_fstype(const char *name)
{
	static const struct { const char *name; u32 number; } known[] = {
		{ "proc", 1 },	{ "sysfs", 2 },	 { "devtmpfs", 3 },		     { "tmpfs", 5 },
		{ "devpts", 6 }, { "mqueue", 13 }, { "cgroup2", CRIU_FSTYPE_CGROUP2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, name))
			return known[i].number;
	return 0;
}

char *cr_mount_path(struct cr_save *s, struct mount *m)
{
	char *buf = arena_alloc(&s->arena, PATH_MAX_LEN), *text = NULL;
	bool reachable = false;

	if (buf)
		text = path_text(&(struct path){ m, m->root }, &current->fs->root, buf,
				 PATH_MAX_LEN, &reachable);
	return reachable ? text : NULL;
}

/* --- save: which mount stands for the file system of m --- */

static bool is_machines(const struct super *sb)
{
	return sb == unified.super;
}

int cr_super_find(struct cr_save *s, struct mount *m, struct mount **out)
{
	bool seen = false;
	struct mount *o;

	list_for_each(o, &current_mnt_ns()->mounts, ns_link) {
		if (o->sb != m->sb)
			continue;
		seen = true;
		if (dentry_is_ancestor(o->root, m->root) && !mount_find(o, o->root)) {
			*out = o;
			return 0;
		}
	}
	if (seen && !is_machines(m->sb))
		return cr_refuse(s, "mount", m->id, m->source ? m->source : "", EBUSY, CR_FILE_17);
	list_for_each(o, &mount_all, all)
		if (o->sb == m->sb && o->root == m->sb->root && o->ns != current_mnt_ns()) {
			*out = o;
			return 0;
		}
	return cr_refuse(s, "file system", m->id, m->sb->type->name, EBUSY, CR_NS_04);
}

/* --- save: files of memory --- */

struct tree_saving {
	struct cr_save *s;
	u32 super, nr;
	const struct super *sb;
};

static int xattrs_save(struct cr_save *s, struct inode *i, struct pb_plimsoll_node *e)
{
	char *names = i->xattrs ? arena_alloc(&s->arena, XATTRS_SIZE) : NULL;
	ssize_t size;

	if (!i->xattrs)
		return 0;
	e->xattr = cr_array(s, XATTRS_SIZE / 2, struct pb_plimsoll_xattr *);
	if (!names || !e->xattr)
		return -ENOMEM;
	size = xattr_store_list(i, names, XATTRS_SIZE);
	if (size < 0)
		return size;
	for (ssize_t at = 0; at < size; at += strlen(names + at) + 1) {
		struct pb_plimsoll_xattr *x = cr_new(s, struct pb_plimsoll_xattr);
		ssize_t len = xattr_store_get(i, names + at, NULL, 0);

		if (!x || len < 0 || !(x->value.data = arena_alloc(&s->arena, len + 1)))
			return -ENOMEM;
		x->name = pb_text(names + at);
		x->value.len = len;
		xattr_store_get(i, names + at, x->value.data, len);
		e->xattr[e->nr_xattr++] = x;
	}
	return 0;
}

static int times_save(struct cr_save *s, const struct inode *i, struct pb_plimsoll_node *e)
{
	e->time = cr_array(s, TIMES, u64);
	if (!e->time)
		return -ENOMEM;
	e->nr_time = TIMES;
	e->time[0] = i->atime.tv_sec;
	e->time[1] = i->atime.tv_nsec;
	e->time[2] = i->mtime.tv_sec;
	e->time[3] = i->mtime.tv_nsec;
	e->time[4] = i->ctime.tv_sec;
	e->time[5] = i->ctime.tv_nsec;
	return 0;
}

static int inode_save(struct tree_saving *x, struct inode *i, struct pb_plimsoll_node *e)
{
	const struct user_ns *ns = current_user_ns();
	struct cr_save *s = x->s;
	int err = times_save(s, i, e);

	e->mode = i->mode;
	e->uid = from_uid_munged(ns, i->uid);
	e->gid = from_gid_munged(ns, i->gid);
	e->size = i->size;
	e->rdev = i->rdev;
	e->attr_flags = i->attr_flags;
	if (from_uid(ns, i->uid) == INVALID_ID || from_gid(ns, i->gid) == INVALID_ID)
		return cr_refuse(s, "file of memory", e->id, "is of an unknown owner", EBUSY,
				 CR_FILE_14);
	if (!err && S_ISLNK(i->mode))
		e->target = pb_text(i->private);
	if (!err && S_ISREG(i->mode))
		err = cr_content_save(s, i, &e->content);
	return err ? err : xattrs_save(s, i, e);
}

/* Hard links name the node that came first, by its id. */
static int node_save(struct tree_saving *x, struct dentry *de, u32 parent)
{
	struct pb_plimsoll_node e = { .id = ++x->nr, .parent = parent };
	struct inode *i = de->inode;
	u32 known;
	int err;

	e.name = pb_text(parent ? de->name : "");
	e.target = pb_text("");
	known = S_ISDIR(i->mode) ? 0 : objtab_id(&x->s->objects, &cr_node_class, i);
	if (known) {
		e.has_link = true;
		e.link = known;
		return cr_put(x->s, CR_NODES, x->super, &pb_plimsoll_node_type, &e);
	}
	if (!S_ISDIR(i->mode)) {
		u32 id = e.id;

		err = objtab_add(&x->s->objects, &cr_node_class, i, true, &id);
		if (err)
			return err;
	}
	err = inode_save(x, i, &e);
	return err ? err : cr_put(x->s, CR_NODES, x->super, &pb_plimsoll_node_type, &e);
}

/* Oldest first, so that a listing is the same again. Depth is the stack's: directories are walked
 * by their dentries. */
static int tree_save(struct tree_saving *x, struct dentry *top)
{
	struct dentry *de = top;
	u32 *ids = cr_array(x->s, PATH_MAX_LEN / 2, u32), depth = 0;
	int err = ids ? node_save(x, top, 0) : -ENOMEM;

	if (!err)
		ids[0] = x->nr;
	while (!err) {
		struct list *l = dentry_is_dir(de) ? de->children.prev : &de->children;

		if (l != &de->children) {
			depth++;
			de = list_entry(l, struct dentry, sibling);
		} else {
			while (de != top && de->sibling.prev == &de->parent->children) {
				de = de->parent;
				depth--;
			}
			if (de == top)
				break;
			de = list_entry(de->sibling.prev, struct dentry, sibling);
		}
		if (depth >= PATH_MAX_LEN / 2)
			return -ENAMETOOLONG;
		if (de->inode)
			err = node_save(x, de, ids[depth - 1]);
		ids[depth] = x->nr;
	}
	return err;
}

/* --- save: the file system --- */

static void node_class_get(void *i)
{
	inode_get(i);
}

static void node_class_put(void *i)
{
	inode_put(i);
}

static int node_class_save(struct cr_save *s, void *i, u32 id)
{
	(void)i;
	return cr_refuse(s, "file of memory", id, "is in no file system", EBUSY, CR_FILE_14);
}

static int node_class_restore(struct cr_restore *r, u32 id, void **object)
{
	(void)object;
	return cr_refuse(r, "file of memory", id, "is missing", EINVAL, CR_IMG_02);
}

/* Only for links: the id is the node's. */
const struct cr_class cr_node_class = {
	.name = "file of memory",
	.save = node_class_save,
	.restore = node_class_restore,
	.get = node_class_get,
	.put = node_class_put,
	.holds = HELD_INODE,
};

static int own_super_save(struct cr_save *s, struct super *sb, struct pb_plimsoll_super *e)
{
	struct text t = {};
	int err = 0;

	if (sb->ops && sb->ops->show_options)
		sb->ops->show_options(sb, &t);
	text_putc(&t, '\0');
	e->options = pb_text(t.error ? "" : arena_strdup(&s->arena, *t.data == ',' ? t.data + 1
										   : t.data));
	err = t.error;
	text_free(&t);
	if (!err)
		err = cr_ns_id(s, &sb->user_ns->ns, &e->user_ns);
	if (!err && !strcmp(sb->type->name, "proc"))
		err = cr_ns_id(s, &proc_pid_ns(sb)->ns, &e->pid_ns);
	return err;
}

static int super_save(struct cr_save *s, void *object, u32 id)
{
	struct mount *m = object;
	struct super *sb = m->sb;
	struct tree_saving x = { .s = s, .super = id, .sb = sb };
	struct pb_plimsoll_super e = {
		.id = id,
		.type = pb_text(sb->type->name),
		.source = pb_text(sb->id),
		.options = pb_text(""),
		.flags = sb->flags,
		.path = pb_text(""),
	};
	bool outside = m->ns == current_mnt_ns();
	char *path = outside ? cr_mount_path(s, m) : "";
	int err = 0;

	if (!path)
		return cr_refuse(s, "mount", m->id, "is not seen", EBUSY, CR_NS_04);
	e.path = pb_text(path);
	e.tree = !outside && sb->ops == &memfs_super_ops && strcmp(sb->type->name, "devtmpfs");
	if (!outside && !is_machines(sb))
		err = own_super_save(s, sb, &e);
	if (!err)
		err = cr_put(s, CR_SUPER, 0, &pb_plimsoll_super_type, &e);
	return err || !e.tree ? err : tree_save(&x, sb->root);
}

/* --- restart: files of memory --- */

static int attributes_restore(struct cr_restore *r, struct inode *i,
			      const struct pb_plimsoll_node *e)
{
	kid_t uid = make_uid(current_user_ns(), e->uid), gid = make_gid(current_user_ns(), e->gid);
	int err = 0;

	if (uid == INVALID_ID || gid == INVALID_ID || e->nr_time != TIMES || e->size > INT64_MAX)
		return cr_refuse(r, "file of memory", e->id, "is not sound", EINVAL, CR_IMG_05);
	if ((uid != current_cred()->fsuid || !in_group(current_cred(), gid)) &&
	    !capable_in(i->sb->user_ns, CAP_CHOWN))
		return cr_refuse(r, "file of memory", e->id, "is another's", EPERM, CR_API_15);
	i->uid = uid;
	i->gid = gid;
	i->mode = (i->mode & S_IFMT) | (e->mode & S_IALLUGO);
	i->attr_flags = e->attr_flags;
	if (S_ISREG(i->mode)) {
		i->size = e->size;
		if (e->content)
			err = cr_content_restore(r, i, e->content);
	}
	for (u32 k = 0; k < e->nr_xattr && !err; k++)
		err = e->xattr[k]->value.len > XATTR_VALUE_MAX
			      ? -EINVAL
			      : xattr_store_set(i, (char *)e->xattr[k]->name.data,
						e->xattr[k]->value.data, e->xattr[k]->value.len, 0);
	return err;
}

static void times_restore(struct inode *i, const struct pb_plimsoll_node *e)
{
	timespec_t *const at[] = { &i->atime, &i->mtime, &i->ctime };

	for (size_t k = 0; k < ARRAY_SIZE(at); k++)
		*at[k] = (timespec_t){ .tv_sec = e->time[2 * k],
				       .tv_nsec = e->time[2 * k + 1] % NSEC_PER_SEC };
}

static int name_make(struct cr_restore *r, struct dentry *parent, struct dentry *de,
		     struct dentry *old, const struct pb_plimsoll_node *e)
{
	struct inode *dir = parent->inode;

	if (old)
		return dir->ops->link(old, dir, de);
	if (S_ISDIR(e->mode))
		return dir->ops->mkdir(dir, de, e->mode & (S_IFMT | S_IALLUGO));
	if (S_ISLNK(e->mode))
		return dir->ops->symlink(dir, de, (char *)e->target.data);
	if (S_ISREG(e->mode))
		return dir->ops->create(dir, de, e->mode & S_IALLUGO);
	if ((S_ISCHR(e->mode) || S_ISBLK(e->mode)) && !capable_in(&init_user_ns, CAP_MKNOD))
		return cr_refuse(r, "device node", e->id, (char *)e->name.data, EPERM, CR_API_15);
	return dir->ops->mknod(dir, de, e->mode & (S_IFMT | S_IALLUGO), e->rdev);
}

static int node_make(struct cr_restore *r, struct dentry *parent, struct dentry *old,
		     const struct pb_plimsoll_node *e, struct dentry **out)
{
	struct dentry *de;
	int err;

	if (!dentry_is_dir(parent) || !e->name.len || e->name.len > NAME_MAX_LEN ||
	    strchr((char *)e->name.data, '/') ||
	    dentry_peek(parent, (char *)e->name.data, e->name.len))
		return cr_refuse(r, "file of memory", e->id, "has no place", EINVAL, CR_IMG_05);
	err = dentry_create(parent, (char *)e->name.data, e->name.len, &de);
	if (err)
		return err;
	err = name_make(r, parent, de, old, e);
	if (!err && !de->inode)
		err = -EINVAL;
	if (err)
		dentry_drop(de);
	*out = de;
	dentry_put(de);			/* the tree keeps it */
	return err;
}

static int tree_restore(struct cr_restore *r, struct super *sb, u32 id)
{
	struct cr_messages all;
	struct dentry **made;
	int err = 0;

	cr_messages(r, CR_NODES, id, &all);
	made = all.nr && all.nr <= NODES_MAX ? cr_array(r, all.nr + 1, struct dentry *) : NULL;
	if (!made)
		return cr_refuse(r, "file system", id, "is not whole", EINVAL, CR_IMG_02);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_plimsoll_node *e = all.message[i];

		if (e->id != i + 1 || e->parent > i || (!e->parent != !i) ||
		    (e->has_link && (!e->link || e->link > i || dentry_is_dir(made[e->link]))))
			return cr_refuse(r, "file of memory", e->id, "has no place", EINVAL,
					 CR_IMG_05);
		made[e->id] = sb->root;
		if (e->parent)
			err = node_make(r, made[e->parent], e->has_link ? made[e->link] : NULL, e,
					&made[e->id]);
		if (!err && !e->has_link)
			err = attributes_restore(r, made[e->id]->inode, e);
	}
	for (u32 i = all.nr; i-- > 0 && !err;)
		if (!((struct pb_plimsoll_node *)all.message[i])->has_link)
			times_restore(made[i + 1]->inode, all.message[i]);
	return err;
}

/* --- restart: the file system --- */

static int outside_find(struct cr_restore *r, const struct pb_plimsoll_super *e, void **object)
{
	struct path p;
	int err = path_lookup(AT_FDCWD, (char *)e->path.data, LOOKUP_FOLLOW, &p);

	if (err)
		return cr_refuse(r, "file system", e->id, (char *)e->path.data, -err, CR_NS_04);
	if (p.dentry != p.mnt->root || strcmp(p.mnt->sb->type->name, (char *)e->type.data)) {
		path_put(&p);
		return cr_refuse(r, "file system", e->id, (char *)e->path.data, EINVAL, CR_NS_04);
	}
	mount_get(p.mnt);
	*object = p.mnt;
	path_put(&p);
	return 0;
}

/* As mount(2) in a user namespace would be asked. */
static int may_mount_type(struct cr_restore *r, const struct pb_plimsoll_super *e,
			  const struct fs_type *type, struct user_ns *owner)
{
	if (!type || type->flags & FS_KERNEL_ONLY)
		return cr_refuse(r, "file system", e->id, (char *)e->type.data, ENODEV, CR_NS_04);
	if (capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return 0;
	if (!capable_in(owner, CAP_SYS_ADMIN) || !(type->flags & FS_USERNS_MOUNT) ||
	    type->flags & FS_REVEALING)
		return cr_refuse(r, "file system", e->id, (char *)e->type.data, EPERM, CR_API_15);
	return 0;
}

static int own_make(struct cr_restore *r, const struct pb_plimsoll_super *e, struct super **out)
{
	const struct fs_type *type = fs_type_find((char *)e->type.data);
	struct fs_request req = { .source = (char *)e->source.data,
				  .data = (char *)e->options.data, .sb_flags = e->flags };
	void *pid_ns = NULL;
	struct user_ns *owner;
	int err = cr_userns_find(r, e->user_ns, &owner);

	if (!err)
		err = may_mount_type(r, e, type, owner);
	if (!err && e->pid_ns)
		err = cr_restore_object(r, &cr_pidns_class, e->pid_ns, &pid_ns);
	if (err)
		return err;
	req.user_ns = owner;
	req.ns_pid = pid_ns ? to_pid_ns(pid_ns) : NULL;
	err = type->mount(type, &req, out);
	if (err)
		return cr_refuse(r, "file system", e->id, (char *)e->type.data, -err, CR_NS_04);
	if ((*out)->refs.n == 1) {
		(*out)->flags |= e->flags & ~(u64)MS_RDONLY;
		super_set_owner(*out, owner);
		strncpy((*out)->id, (char *)e->source.data, sizeof((*out)->id) - 1);
	}
	return 0;
}

static int super_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_plimsoll_super *e;
	struct mount *m;
	struct super *sb;
	int err = cr_find(r, CR_SUPER, 0, offsetof(struct pb_plimsoll_super, id), id, &e);

	if (err)
		return err;
	if (e->path.len)
		return outside_find(r, e, object);
	if (!strcmp((char *)e->type.data, unified.super->type->name)) {
		sb = unified.super;
		ref_get(&sb->refs);
	} else {
		err = own_make(r, e, &sb);
		if (err)
			return err;
	}
	if (e->tree && (sb->ops != &memfs_super_ops || sb->refs.n != 1))
		err = cr_refuse(r, "file system", id, "holds no files", EINVAL, CR_IMG_05);
	else if (e->tree)
		err = tree_restore(r, sb, id);
	if (!err && sb->refs.n == 1)
		sb->flags |= e->flags & MS_RDONLY;
	if (!err)
		err = mount_create(sb, sb->root, 0, NULL, &m);
	super_put(sb);
	if (!err)
		*object = m;
	return err;
}

static void super_class_get(void *m)
{
	mount_get(m);
}

static void super_class_put(void *m)
{
	mount_put(m);
}

const struct cr_class cr_super_class = {
	.name = "file system",
	.save = super_save,
	.restore = super_restore,
	.get = super_class_get,
	.put = super_class_put,
	.holds = HELD_MOUNT,
};
