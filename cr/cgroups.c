// SPDX-License-Identifier: MIT
/* cr/cgroups.c - control groups of the unified hierarchy, and who is in which:
 * plimsoll-cgroups.img.
 *
 * A cgroup is the tree's own if only the tree lives in it and below it; so is all that is below it.
 * These are saved whole, empty ones too: type, controllers, settings, counters, owners, modes,
 * attributes. Tasks in other cgroups are restarted in the restarter's own.
 *
 * ckpt(1) leaves marks in the attribute MARK: on a cgroup that it made to freeze tasks of one that
 * is not the tree's own ("moved": it stands for its parent), and on one that it froze in place
 * ("frozen": its owner had not).
 *
 * Restart makes them where they were, seen from the namespace's root; what is above and missing is
 * made plain. An empty one of the same name gives way; any other is EEXIST. Tasks are born in them,
 * and limits are set when all is charged: nothing is refused, reclaimed or killed that was there
 * before (CR-CG-04). Making them asks of the restarter what mkdir and a move ask.
 * Locks: BKL. Making sleeps. */
#include "cr/internal.h"

#include "cgroup/image.h"
#include "fs/xattr_store.h"
#include "mm/slab.h"
#include "ns/cgroup.h"

#define MARK "user.checkpoint"
#define MARK_SIZE 16
#define FLAG_THREADED BIT(0)
#define FLAG_FROZEN   BIT(1)
#define CGROUPS_MAX 100000
#define DIR_MODE 0755
#define XATTRS_SIZE 4096
#define XATTR_VALUE_MAX 65536
#define LIST_MAX 1024		/* settings, counters, attributes of one */
#define CGROUP_CONTROLLER_NAME 16

/* --- save: which (cr/cgroup_choice.c) --- */

static bool has_mark(const struct cgroup *cg, const char *what)
{
	char mark[MARK_SIZE] = "";

	return cg->dentry && xattr_store_get(cg->dentry->inode, MARK, mark, sizeof(mark) - 1) > 0 &&
	       !strcmp(mark, what);
}

bool cr_cgroup_is_moved(const struct cgroup *cg)
{
	return has_mark(cg, "moved");
}

/* Where a task is, but for ckpt's moves. */
struct cgroup *cr_cgroup_home(struct cgroup *cg)
{
	while (cg->parent && (cg->dead || cr_cgroup_is_moved(cg)))
		cg = cg->parent;
	return cg;
}

u32 cr_cgroup_id(const struct cr_save *s, const struct task *t)
{
	return t->cgroups ? cr_cgroup_chosen(s, cr_cgroup_home(task_cgroup(t, &unified))) : 0;
}

/* Other hierarchies hold nothing of ours. */
static int hierarchies_check(struct cr_save *s)
{
	for (u32 slot = 0; slot < HIERARCHIES_MAX; slot++) {
		const struct hierarchy *h = hierarchies[slot];

		if (!h || h->unified)
			continue;
		for (u32 i = 0; i < s->nr_tasks; i++)
			if (task_cgroup(s->tasks[i], h) != task_cgroup(current, h))
				return cr_refuse(s, "cgroup", h->id, "of a v1 hierarchy", EBUSY,
						 CR_CG_03);
	}
	return 0;
}

/* --- save: what --- */

struct saving {
	struct cr_save *s;
	struct pb_plimsoll_cgroup *e;
};

static int setting_save(void *ctx, const char *name, const char *text)
{
	struct saving *x = ctx;
	struct pb_plimsoll_text *t = cr_new(x->s, struct pb_plimsoll_text);

	if (!t || x->e->nr_setting == LIST_MAX)
		return -ENOMEM;
	t->name = pb_text(arena_strdup(&x->s->arena, name));
	t->text = pb_text(arena_strdup(&x->s->arena, text));
	x->e->setting[x->e->nr_setting++] = t;
	return 0;
}

static int counter_save(void *ctx, const char *name, u64 value)
{
	struct saving *x = ctx;
	struct pb_plimsoll_count *c = cr_new(x->s, struct pb_plimsoll_count);

	if (!c || x->e->nr_count == LIST_MAX)
		return -ENOMEM;
	c->name = pb_text(arena_strdup(&x->s->arena, name));
	c->value = value;
	x->e->count[x->e->nr_count++] = c;
	return 0;
}

static int xattr_save(struct saving *x, struct pb_plimsoll_attr *a, struct inode *i,
		      const char *name)
{
	struct pb_plimsoll_xattr *e = cr_new(x->s, struct pb_plimsoll_xattr);
	ssize_t size = xattr_store_get(i, name, NULL, 0);

	if (size < 0 || !strcmp(name, MARK))
		return 0;
	if (!e || !(e->value.data = arena_alloc(&x->s->arena, size + 1)))
		return -ENOMEM;
	e->name = pb_text(arena_strdup(&x->s->arena, name));
	e->value.len = size;
	xattr_store_get(i, name, e->value.data, size);
	a->xattr[a->nr_xattr++] = e;
	return 0;
}

static int attr_save(void *ctx, const char *name, struct inode *i)
{
	const struct user_ns *ns = current_user_ns();
	struct saving *x = ctx;
	struct pb_plimsoll_attr *a = cr_new(x->s, struct pb_plimsoll_attr);
	char *names = arena_alloc(&x->s->arena, XATTRS_SIZE);
	ssize_t size;
	int err = 0;

	if (!a || !names || x->e->nr_attr == LIST_MAX)
		return -ENOMEM;
	size = xattr_store_list(i, names, XATTRS_SIZE);
	a->xattr = cr_array(x->s, XATTRS_SIZE / 2, struct pb_plimsoll_xattr *);
	if (!a->xattr)
		return -ENOMEM;
	a->file = pb_text(arena_strdup(&x->s->arena, name));
	a->mode = i->mode & S_IALLUGO;
	a->uid = from_uid_munged(ns, i->uid);
	a->gid = from_gid_munged(ns, i->gid);
	for (ssize_t at = 0; at < size && !err; at += strlen(names + at) + 1)
		err = xattr_save(x, a, i, names + at);
	x->e->attr[x->e->nr_attr++] = a;
	return err ? err : size < 0 ? size : 0;
}

static char *path_save(struct cr_save *s, const struct cgroup *cg)
{
	char *path = arena_alloc(&s->arena, PATH_MAX_LEN);
	int len = path ? cgroup_path(cg, current_cgroup_ns()->root, path, PATH_MAX_LEN) : -ENOMEM;

	return len < 0 ? NULL : path;
}

static char *control_save(struct cr_save *s, const struct cgroup *cg)
{
	char *text = arena_alloc(&s->arena, CONTROLLERS * (CGROUP_CONTROLLER_NAME + 1));

	for_each_controller(id)
		if (text && cg->subtree_control & BIT(id)) {
			strcat(text, *text ? " " : "");
			strcat(text, controllers[id]->name);
		}
	return text;
}

int cr_cgroup_save(struct cr_save *s, struct cgroup *cg, bool topmost)
{
	struct pb_plimsoll_cgroup e = {
		.id = cg->image.id,
		.parent = topmost ? 0 : cg->parent->image.id,
		.name = pb_text(cg->name),
		.flags = (cgroup_is_threaded(cg) ? FLAG_THREADED : 0) |
			 (cg->freeze && !has_mark(cg, "frozen") ? FLAG_FROZEN : 0),
		.setting = cr_array(s, LIST_MAX, struct pb_plimsoll_text *),
		.count = cr_array(s, LIST_MAX, struct pb_plimsoll_count *),
		.attr = cr_array(s, LIST_MAX, struct pb_plimsoll_attr *),
	};
	struct saving x = { s, &e };
	char *path = topmost ? path_save(s, cg->parent) : NULL, *control = control_save(s, cg);
	int err;

	if (!e.setting || !e.count || !e.attr || (topmost && !path) || !control)
		return -ENOMEM;
	if (topmost && !strncmp(path, "/..", 3))
		return cr_refuse(s, "cgroup", cg->id, path, EBUSY, CR_CG_06);
	e.control = pb_text(control);
	e.has_path = topmost;
	e.path = pb_text(path ? path : "");
	err = cgroup_settings_walk(cg, setting_save, &x);
	if (!err)
		err = cgroup_counters_walk(cg, counter_save, &x);
	if (!err)
		err = cgroup_inodes_walk(cg, attr_save, &x);
	return err ? err : cr_put(s, CR_CGROUPS, 0, &pb_plimsoll_cgroup_type, &e);
}

/* Frozen tasks stay frozen, and where they are, till the image is written (CR-FRZ-02). */
static int cgroups_hold(struct cr_save *s)
{
	s->dumped = kmalloc_array(s->nr_tasks, sizeof(*s->dumped));
	if (!s->dumped)
		return -ENOMEM;
	for (u32 i = 0; i < s->nr_tasks; i++) {
		struct task *t = s->tasks[i];
		struct cgroup *cg = task_cgroup(t, &unified);

		if (!(t->flags & TASK_FROZEN) || !t->cgroups)
			continue;
		cgroup_pin(cg);
		cg->dumps++;
		s->dumped[s->nr_dumped++] = cg;
	}
	return 0;
}

void cr_cgroups_let_go(struct cr_save *s)
{
	while (s->nr_dumped) {
		struct cgroup *cg = s->dumped[--s->nr_dumped];

		cg->dumps--;
		cgroup_unpin(cg);
	}
	kfree(s->dumped);
}

int cr_cgroups_save(struct cr_save *s)
{
	int err = hierarchies_check(s);

	if (!err)
		err = cgroups_hold(s);
	return err ? err : cr_cgroups_choose(s);
}

/* --- restart: the directories --- */

struct made_cgroup {
	struct list link;		/* on made_cgroups, in order of making */
	struct cgroup *cgroup;		/* pinned */
	u32 enabled;			/* controllers switched on in it, if it was there before */
	bool in_place;			/* an empty one gave way to it */
};

static int made_note(struct cr_restore *r, struct cgroup *cg, u32 enabled)
{
	struct made_cgroup *m = cr_new(r, struct made_cgroup);

	if (!m)
		return -ENOMEM;
	*m = (struct made_cgroup){ .cgroup = cg, .enabled = enabled };
	cgroup_pin(cg);
	list_add_tail(&r->made_cgroups, &m->link);
	return 0;
}

static int dir_make(struct cr_restore *r, struct cgroup *parent, const char *name,
		    struct cgroup **out)
{
	int err = cgroup_make_dir(parent, name, DIR_MODE, out);

	if (err)
		return cr_refuse(r, "cgroup", 0, name, -err, CR_CG_05);
	err = made_note(r, *out, 0);
	if (err)
		cgroup_remove_dir(*out);
	return err;
}

/* The place of a topmost one: what is missing on the way is made. */
static int path_make(struct cr_restore *r, char *path, struct cgroup **out)
{
	struct cgroup *cg = current_cgroup_ns()->root;
	int err = 0;

	for (char *name = strtok_r(path, "/", &path); name && !err;
	     name = strtok_r(NULL, "/", &path)) {
		struct cgroup *child = cgroup_child(cg, name);

		if (child) {
			cg = child;
			continue;
		}
		err = cgroup_may_make(cg);
		if (err)
			return cr_refuse(r, "cgroup", 0, name, -err, CR_API_15);
		err = dir_make(r, cg, name, &cg);
	}
	*out = cg;
	return err;
}

static u32 controls_of(const struct pb_bytes *text)
{
	u32 mask = 0;

	for_each_controller(id) {
		const char *name = controllers[id]->name, *at = (char *)text->data;
		size_t len = strlen(name);

		for (; (at = strstr(at, name)); at += len)
			if ((at == (char *)text->data || at[-1] == ' ') &&
			    (!at[len] || at[len] == ' '))
				mask |= BIT(id);
	}
	return mask;
}

/* Which controllers an own cgroup had is told by the names of its settings. */
static u32 controllers_of(const struct pb_plimsoll_cgroup *e)
{
	u32 mask = 0;

	for (u32 i = 0; i < e->nr_setting; i++)
		for_each_controller(id) {
			const char *name = (char *)e->setting[i]->name.data;
			size_t len = strlen(controllers[id]->name);

			if (!strncmp(name, controllers[id]->name, len) && name[len] == '.')
				mask |= BIT(id);
		}
	return mask;
}

/* What a topmost one had its parent must offer: the controllers, and leave to move there. */
static int parent_prepare(struct cr_restore *r, struct cgroup *parent,
			  const struct pb_plimsoll_cgroup *e)
{
	u32 wanted = controllers_of(e), missing = wanted & ~parent->subtree_control;
	int err = cgroup_may_make(parent);

	for (struct cgroup *up = parent; !err && missing && up->parent; up = up->parent)
		if (wanted & ~up->parent->subtree_control)
			err = -ENOENT;		/* not offered from above */
	if (!err && missing) {
		err = made_note(r, parent, missing);
		if (!err)
			err = cgroup_set_control(parent, missing, 0);
	}
	if (!err)
		err = cgroup_may_attach(r->cgroups[0], parent, true, current_cgroup_ns());
	if (err == -EBUSY)			/* has controllers, so no processes of its own */
		err = 0;
	return err ? cr_refuse(r, "cgroup", e->id, (char *)e->path.data, -err, CR_API_15) : 0;
}

static int cgroup_restore(struct cr_restore *r, const struct pb_plimsoll_cgroup *e)
{
	struct cgroup *parent, *cg, *old;
	bool gave_way = false;
	int err = e->parent >= e->id || e->id != r->nr_cgroups || !e->name.len ||
				  strchr((char *)e->name.data, '/')
			  ? cr_refuse(r, "cgroup", e->id, "is not sound", EINVAL, CR_IMG_05)
			  : 0;

	if (err)
		return err;
	parent = r->cgroups[e->parent];
	if (!e->parent) {
		err = path_make(r, (char *)e->path.data, &parent);
		if (!err)
			err = parent_prepare(r, parent, e);
	}
	if (err)
		return err;
	old = cgroup_child(parent, (char *)e->name.data);
	if (old && !e->parent)
		gave_way = !cgroup_remove_dir(old);	/* left by whom this is of */
	err = dir_make(r, parent, (char *)e->name.data, &cg);
	if (err)
		return err;
	list_last(&r->made_cgroups, struct made_cgroup, link)->in_place = gave_way;
	cgroup_pin(cg);
	r->cgroups[r->nr_cgroups++] = cg;
	if (e->flags & FLAG_THREADED)
		err = cgroup_make_threaded(cg);		/* CR-CG-02 */
	if (!err && e->flags & FLAG_FROZEN)
		cgroup_set_freeze(cg, true);		/* CR-FRZ-07 */
	return err ? cr_refuse(r, "cgroup", e->id, (char *)e->name.data, -err, CR_CG_01) : 0;
}

/* A parent's controllers are switched on when its children's types are known, before theirs. */
static int controls_restore(struct cr_restore *r, const struct cr_messages *all)
{
	int err = 0;

	for (u32 i = 0; i < all->nr && !err; i++) {
		const struct pb_plimsoll_cgroup *e = all->message[i];

		err = cgroup_set_control(r->cgroups[e->id], controls_of(&e->control), 0);
		if (err)
			err = cr_refuse(r, "cgroup", e->id, (char *)e->control.data, -err,
					CR_CG_01);
	}
	return err;
}

int cr_cgroups_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_CGROUPS, 0, &all);
	if (all.nr > CGROUPS_MAX)
		return cr_refuse(r, "cgroups", all.nr, "are too many", EINVAL, CR_IMG_05);
	r->cgroups = cr_array(r, all.nr + 1, struct cgroup *);
	if (!r->cgroups)
		return -ENOMEM;
	r->cgroups[0] = task_cgroup(current, &unified);
	cgroup_pin(r->cgroups[0]);
	r->nr_cgroups = 1;
	for (u32 i = 0; i < all.nr && !err; i++)
		err = cgroup_restore(r, all.message[i]);
	return err ? err : controls_restore(r, &all);
}

int cr_cgroup_find(struct cr_restore *r, u32 id, struct cgroup **out)
{
	if (id >= r->nr_cgroups)
		return cr_refuse(r, "cgroup", id, "is missing", EINVAL, CR_IMG_02);
	*out = r->cgroups[id];
	return 0;
}

/* --- restart: what is in the files --- */

static int xattrs_restore(struct inode *i, const struct pb_plimsoll_attr *a)
{
	int err = 0;

	for (u32 k = 0; k < a->nr_xattr && !err; k++) {
		const struct pb_plimsoll_xattr *x = a->xattr[k];
		bool own = !strncmp((char *)x->name.data, "user.", 5);

		if (!own && !capable_in(&init_user_ns, CAP_SYS_ADMIN))
			err = deny(EPERM, CR_API_15);
		else if (x->value.len > XATTR_VALUE_MAX || !i->ops->setxattr)
			err = -EINVAL;
		else
			err = i->ops->setxattr(i, (char *)x->name.data, x->value.data,
					       x->value.len, 0);
	}
	return err;
}

static int attr_restore(struct cgroup *cg, const struct pb_plimsoll_attr *a)
{
	kid_t uid = make_uid(current_user_ns(), a->uid), gid = make_gid(current_user_ns(), a->gid);
	struct inode *i;
	int err = cgroup_inode_get(cg, (char *)a->file.data, &i);

	if (err)
		return err == -ENOENT ? 0 : err;
	if (uid == INVALID_ID || gid == INVALID_ID)
		err = -EINVAL;
	else if ((uid != i->uid || gid != i->gid) && !capable_in(i->sb->user_ns, CAP_CHOWN))
		err = deny(EPERM, CR_API_15);
	if (!err) {
		i->mode = (i->mode & S_IFMT) | (a->mode & S_IRWXUGO);
		i->uid = uid;
		i->gid = gid;
		err = xattrs_restore(i, a);
	}
	inode_put(i);
	return err;
}

static int cgroup_finish(struct cr_restore *r, const struct pb_plimsoll_cgroup *e)
{
	struct cgroup *cg = r->cgroups[e->id];
	int err = 0;

	for (u32 i = 0; i < e->nr_setting && !err; i++) {
		err = cgroup_setting_write(cg, (char *)e->setting[i]->name.data,
					   (char *)e->setting[i]->text.data);
		if (err)
			err = cr_refuse(r, "cgroup", e->id, (char *)e->setting[i]->name.data, -err,
					CR_CG_01);
	}
	for (u32 i = 0; i < e->nr_count; i++)
		cgroup_counter_set(cg, (char *)e->count[i]->name.data, e->count[i]->value);
	for (u32 i = 0; i < e->nr_attr && !err; i++) {
		err = attr_restore(cg, e->attr[i]);
		if (err)
			err = cr_refuse(r, "cgroup", e->id, (char *)e->attr[i]->file.data, -err,
					CR_CG_01);
	}
	return err;
}

int cr_cgroups_finish(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_CGROUPS, 0, &all);
	current->payer = current;		/* limits are set, nobody is made to fit them */
	for (u32 i = 0; i < all.nr && !err; i++)
		err = cgroup_finish(r, all.message[i]);
	current->payer = NULL;
	return err;
}

/* An empty one that gave way is there again, though a fresh one (CR-API-17). */
static void made_remove(struct made_cgroup *m)
{
	struct cgroup *cg = m->cgroup, *again;

	if (!cgroup_remove_dir(cg) && m->in_place)
		cgroup_make_dir(cg->parent, cg->name, DIR_MODE, &again);
}

void cr_cgroups_undo(struct cr_restore *r)
{
	while (!list_empty(&r->made_cgroups)) {
		struct made_cgroup *m = list_last(&r->made_cgroups, struct made_cgroup, link);

		list_del(&m->link);
		if (m->enabled)
			cgroup_set_control(m->cgroup, 0, m->enabled);
		else
			made_remove(m);
		cgroup_unpin(m->cgroup);
	}
}

void cr_cgroups_free(struct cr_restore *r)
{
	while (!list_empty(&r->made_cgroups)) {
		struct made_cgroup *m = list_last(&r->made_cgroups, struct made_cgroup, link);

		list_del(&m->link);
		cgroup_unpin(m->cgroup);
	}
	while (r->nr_cgroups)
		cgroup_unpin(r->cgroups[--r->nr_cgroups]);
}

void cr_cgroups_held(struct cr_restore *r, void (*found)(void *cgroup))
{
	struct made_cgroup *m;

	list_for_each(m, &r->made_cgroups, link)
		found(m->cgroup);
	for (u32 i = 0; i < r->nr_cgroups; i++)
		found(r->cgroups[i]);
}
