// SPDX-License-Identifier: MIT
/* ns/proc.c - what /proc/PID shows of namespaces: ns/, uid_map, gid_map, projid_map, setgroups.
 *
 * ns/ has a link for each kind in ns/list.h, and one more where the children's may differ
 * (NS-01). Its text is "uts:[4026531838]"; following it leads to the nsfs file of the
 * namespace. Both need read access to the task: EACCES (NS-03).
 * The maps are those of the user namespace that the task was in when the file was opened; the
 * credentials of who opened it decide (USERNS-15). An open file of a map counts that namespace.
 * Locks: BKL. Checkpoint: none. See namespaces(7), user_namespaces(7). */

#include "fs/proc.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "ns/ns.h"
#include "ns/user.h"

/* --- ns/: number is the kind, number2 tells the children's link --- */

static const struct proc_entry ns_link_entry;

static const char *ns_link_name(const struct ns_type *type, bool children)
{
	return children ? type->children_name : type->name;
}

/* The namespace a link stands for: 0 and *out (no reference), or -errno. */
static int ns_link_target(const struct proc_node *n, struct ns_common **out)
{
	const struct ns_type *type = ns_types[n->number];
	struct task *t = n->pid->task;

	if (!t || !proc_may_access(t, ACCESS_READ | ACCESS_FSCREDS))
		return deny(EACCES, NS_03);
	*out = n->number2 ? type->children_of(t) : type->of(t);
	return *out ? 0 : -ENOENT;
}

static int ns_link_text(struct super *sb, const struct proc_node *n, char *buf, size_t size)
{
	struct ns_common *ns;
	int len, err = ns_link_target(n, &ns);

	(void)sb;
	if (err)
		return err;
	len = ns_name(ns, buf, size);
	return len < 0 ? len : (int)strlen(buf);
}

static int ns_link_follow(const struct proc_node *n, struct path *out)
{
	struct ns_common *ns;
	int err = ns_link_target(n, &ns);

	return err ? err : nsfs_path(ns, out);
}

static const struct proc_entry ns_link_entry = {
	.name = "ns/",
	.mode = S_IFLNK | 0777,
	.readlink = ns_link_text,
	.follow = ns_link_follow,
};

/* Links are numbered two for each kind: its own and the children's. */
static bool ns_link_at(unsigned link, struct proc_node *out)
{
	out->entry = &ns_link_entry;
	out->number = link / 2;
	out->number2 = link % 2;
	return ns_link_name(ns_types[out->number], out->number2) != NULL;
}

static int ns_dir_find(struct super *sb, const struct proc_node *dir, const char *name,
		       struct proc_node *out)
{
	(void)sb, (void)dir;
	for (unsigned link = 0; link < 2 * NS_KINDS; link++)
		if (ns_link_at(link, out) &&
		    !strcmp(name, ns_link_name(ns_types[out->number], out->number2)))
			return 0;
	return -ENOENT;
}

static int ns_dir_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	struct proc_node child = { .pid = dir->pid, .thread = dir->thread };

	for (u64 link = f->pos - PROC_POS_FIRST; link < 2 * NS_KINDS; link++) {
		if (!ns_link_at(link, &child))
			continue;
		if (!proc_emit(f, s, ns_link_name(ns_types[child.number], child.number2), &child,
			       PROC_POS_FIRST + link + 1))
			break;
	}
	return 0;
}

const struct proc_entry proc_ns_entry = {
	.name = "ns",
	.mode = S_IFDIR | 0511,
	.find = ns_dir_find,
	.list = ns_dir_list,
};

/* --- the maps of the task's user namespace --- */

static int map_open(struct proc_open *po)
{
	po->data = user_ns_get(po->task->real_cred->user_ns);
	return 0;
}

static void map_release(struct proc_open *po)
{
	if (po->data)
		user_ns_put(po->data);
}

static struct ns_common *map_holds(const struct proc_open *po)
{
	return &((struct user_ns *)po->data)->ns;
}

static int map_show(struct text *t, struct proc_open *po, enum id_map_kind kind)
{
	id_map_show(t, po->data, kind, proc_reader_user_ns(po));
	return t->error;
}

#define MAP_ENTRY(name_, KIND)                                                              \
	static int name_##_show(struct text *t, struct proc_open *po)                       \
	{                                                                                   \
		return map_show(t, po, KIND);                                               \
	}                                                                                   \
	static ssize_t name_##_store(struct proc_open *po, uaddr text, size_t len, u64 pos) \
	{                                                                                   \
		return id_map_store(po->data, KIND, po->file->cred, text, len, pos);        \
	}                                                                                   \
	const struct proc_entry proc_##name_##_entry = {                                    \
		.name = #name_,                                                             \
		.mode = S_IFREG | 0644,                                                     \
		.flags = PROC_NO_PWRITE, /* USERNS-07 */                                    \
		.show = name_##_show,                                                       \
		.store_user = name_##_store,                                                \
		.open = map_open,                                                           \
		.release = map_release,                                                     \
		.holds = map_holds,                                                         \
	}

MAP_ENTRY(uid_map, ID_MAP_UID);
MAP_ENTRY(gid_map, ID_MAP_GID);
MAP_ENTRY(projid_map, ID_MAP_PROJID);

/* --- setgroups --- */

/* USERNS-18: who opens it for writing needs CAP_SYS_ADMIN over the namespace at once. */
static int setgroups_open(struct proc_open *po)
{
	struct user_ns *ns = po->task->real_cred->user_ns;

	if ((po->file->mode & FMODE_WRITE) && !capable_in(ns, CAP_SYS_ADMIN))
		return deny(EACCES, USERNS_18);
	return map_open(po);
}

static int setgroups_text(struct text *t, struct proc_open *po)
{
	setgroups_show(t, po->data);
	return t->error;
}

static ssize_t setgroups_write(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	return setgroups_store(po->data, po->file->cred, text, len, pos);
}

const struct proc_entry proc_setgroups_entry = {
	.name = "setgroups",
	.mode = S_IFREG | 0644,
	.flags = PROC_NO_PWRITE,
	.show = setgroups_text,
	.store = setgroups_write,
	.open = setgroups_open,
	.release = map_release,
	.holds = map_holds,
};
