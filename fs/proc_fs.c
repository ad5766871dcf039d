// SPDX-License-Identifier: MIT
/* fs/proc_fs.c - the proc file system type: mounts, each an instance of its own, and their options.
 *
 * A mount of proc belongs to the pid namespace of who mounts it (PIDNS-37) and shows that
 * namespace's processes whoever reads, also after its init is dead (PIDNS-39). Every mount is a
 * super of its own with its own options (PROC-01):
 *   hidepid=0|1|2|4 or off|noaccess|invisible|ptraceable   whose processes are shown (PROC-03, 04)
 *   gid=N           a group to which hidepid does not apply (PROC-05)
 *   subset=pid      processes only (PROC-02)
 * A super counts its pid namespace. Nothing below is cached: inodes are made at lookup and go with
 * their last user, so a dead process leaves nothing behind.
 * Locks: BKL. Checkpoint: by type and options; the pid namespace is that of the mounter.
 * See proc(5). */

#include <linux/magic.h>

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "kernel/hooks.h"
#include "mm/slab.h"

#define DECIMAL 10

static const struct {
	const char *word;
	enum hidepid value;
} hidepid_words[] = {
	{ "off", HIDEPID_OFF },
	{ "noaccess", HIDEPID_NOACCESS },
	{ "invisible", HIDEPID_INVISIBLE },
	{ "ptraceable", HIDEPID_PTRACEABLE },
};

struct pid_ns *proc_pid_ns(const struct super *sb)
{
	return to_proc_super(sb)->pid_ns;
}

bool proc_task_visible(const struct super *sb, struct task *t, enum hidepid from)
{
	const struct proc_super *ps = to_proc_super(sb);

	if (ps->hidepid == HIDEPID_PTRACEABLE)
		return proc_may_access(t, ACCESS_READ | ACCESS_FSCREDS);
	if (ps->hidepid < from || in_group(current_cred(), ps->gid))
		return true;
	return proc_may_access(t, ACCESS_READ | ACCESS_FSCREDS);
}

/* --- options --- */

static int option_hidepid(struct proc_super *ps, const char *value)
{
	u32 number = UINT_MAX;

	fs_option_number(value, 0, UINT_MAX, &number);
	for (unsigned i = 0; i < ARRAY_SIZE(hidepid_words); i++) {
		if (strcmp(value, hidepid_words[i].word) && number != hidepid_words[i].value)
			continue;
		ps->hidepid = hidepid_words[i].value;
		return 0;
	}
	return deny(EINVAL, PROC_03);
}

/* A group that is not mapped is nobody's. */
static int option_gid(struct proc_super *ps, const char *value)
{
	u32 n;

	if (fs_option_number(value, 0, UINT_MAX, &n))
		return deny(EINVAL, PROC_05);
	ps->gid = make_gid(current_cred()->user_ns, n);
	return 0;
}

static int option_subset(struct proc_super *ps, const char *value)
{
	if (strcmp(value, "pid"))
		return deny(EINVAL, PROC_02);
	ps->subset_pid = true;
	return 0;
}

static int option_each(void *ctx, const char *key, const char *value)
{
	static const struct {
		const char *key;
		int (*set)(struct proc_super *ps, const char *value);
	} rows[] = {
		{ "hidepid", option_hidepid },
		{ "gid", option_gid },
		{ "subset", option_subset },
	};

	for (unsigned i = 0; value && i < ARRAY_SIZE(rows); i++)
		if (!strcmp(key, rows[i].key))
			return rows[i].set(ctx, value);
	return -EINVAL;
}

/* A wrong word changes nothing. */
static int proc_remount(struct super *sb, const char *data)
{
	struct proc_super fresh = *to_proc_super(sb);
	int err = fs_options_parse(data, option_each, &fresh);

	if (!err)
		*to_proc_super(sb) = fresh;
	return err;
}

static void proc_show_options(struct super *sb, struct text *t)
{
	const struct proc_super *ps = to_proc_super(sb);

	if (ps->gid)
		text_printf(t, ",gid=%u", from_gid_munged(&init_user_ns, ps->gid));
	for (unsigned i = 0; ps->hidepid && i < ARRAY_SIZE(hidepid_words); i++)
		if (hidepid_words[i].value == ps->hidepid)
			text_printf(t, ",hidepid=%s", hidepid_words[i].word);
	if (ps->subset_pid)
		text_puts(t, ",subset=pid");
}

/* --- supers --- */

static void proc_super_free(struct proc_super *ps)
{
	kernel_hooks.ns_put(&ps->pid_ns->ns);
	kfree(ps);
}

static void proc_super_release(struct super *sb)
{
	if (sb->private)
		proc_super_free(to_proc_super(sb));
}

static const struct super_ops proc_super_ops = {
	.destroy_inode = proc_inode_destroy,
	.release = proc_super_release,
	.remount = proc_remount,
	.show_options = proc_show_options,
};

static int proc_super_create(const struct fs_request *req, struct proc_super **out)
{
	struct proc_super *ps = kzalloc(sizeof(*ps));
	int err;

	if (!ps)
		return -ENOMEM;
	ps->pid_ns = req->ns_pid ? req->ns_pid : task_pid_ns(current);
	ref_get(&ps->pid_ns->ns.refs);
	err = fs_options_parse(req->data, option_each, ps);
	if (err)
		proc_super_free(ps);
	else
		*out = ps;
	return err;
}

static int proc_root_create(struct super *sb)
{
	struct proc_node root = { .entry = &proc_root_entry };
	struct inode *i;
	int err = proc_inode_create(sb, &root, &i);

	if (err)
		return err;
	i->ino = PROC_ROOT_INO;
	return dentry_create_root(sb, i, &sb->root);
}

/* USERNS-35: capabilities over a proc mount are those over its pid namespace. */
static struct user_ns *proc_owner(void)
{
	return current_pid_ns()->ns.owner;
}

static int proc_mount(const struct fs_type *type, const struct fs_request *req, struct super **out)
{
	struct proc_super *ps;
	struct super *sb;
	int err = proc_super_create(req, &ps);

	if (err)
		return err;
	err = super_create(type, &proc_super_ops, &sb);
	if (err) {
		proc_super_free(ps);
		return err;
	}
	sb->private = ps;
	err = proc_root_create(sb);
	if (err)
		super_put(sb);
	else
		*out = sb;
	return err;
}

/* --- for audits --- */

void proc_audit_pids(void (*found)(struct pid *p, void *arg), void *arg)
{
	struct super *sb;
	struct inode *i;

	list_for_each(sb, &super_all, all) {
		if (sb->type != &proc_fs_type)
			continue;
		list_for_each(i, &sb->inodes, all)
			if (i->private && to_proc_node(i)->pid)
				found(to_proc_node(i)->pid, arg);
	}
}

void proc_audit_namespaces(void (*found)(struct ns_common *ns, void *arg), void *arg)
{
	struct super *sb;
	struct file *f;

	list_for_each(sb, &super_all, all)
		if (sb->type == &proc_fs_type)
			found(&to_proc_super(sb)->pid_ns->ns, arg);
	list_for_each(f, &file_all, all)
		if (f->ops == &proc_file_ops && to_proc_node(f->inode)->entry->holds)
			found(to_proc_node(f->inode)->entry->holds(to_proc_open(f)), arg);
}

bool proc_parse_number(const char *name, u32 *out)
{
	u64 n = 0;

	if (!*name || (name[0] == '0' && name[1]))
		return false;
	for (; *name; name++) {
		if (*name < '0' || *name > '9')
			return false;
		n = n * DECIMAL + (*name - '0');
		if (n >= UINT_MAX)
			return false;
	}
	*out = n;
	return true;
}

const struct fs_type proc_fs_type = {
	.name = "proc",
	.flags = FS_USERNS_MOUNT | FS_NODEV_TYPE | FS_REVEALING,
	.magic = PROC_SUPER_MAGIC,
	.mount = proc_mount,
	.owner = proc_owner,
};
