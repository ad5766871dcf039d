// SPDX-License-Identifier: MIT
/* cgroup/cgroup.c - the tree of control groups: made, counted, removed; and the csses in it.
 *
 * A cgroup is pinned by being online, by each task in it (zombies too), by its csses, by cgroup
 * namespaces and by children that are pinned. refs counts that as one, and the inodes of its
 * directory and files, which keep only the memory.
 * Life: 1 cgroup_create: online, among its parent's children; 2 cgroup_remove (rmdir): nobody
 * lives in it, it is dead: off the tree, its csses offline, still counted in nr_dying of its
 * ancestors; 3 the last pin is gone: not counted any more, its parent is unpinned; 4 the last
 * reference: freed. The csses of a dead cgroup stay where they are until the last zombie of it is
 * reaped.
 * Locks: BKL.
 * Checkpoint: by path, with the values of its files.
 * See cgroups(7), Documentation/admin-guide/cgroup-v2.rst. */

#include "cgroup/internal.h"
#include "kernel/deny.h"
#include "mm/slab.h"

static struct slab_cache *cgroup_cache;
static struct cgroup root_cgroup;
static struct list css_lists[CONTROLLERS];	/* css.all */

struct hierarchy unified = {
	.slot = UNIFIED,
	.unified = true,
	.root = &root_cgroup,
	.cgroups = LIST_INIT(unified.cgroups),
};
struct hierarchy *hierarchies[HIERARCHIES_MAX] = { [UNIFIED] = &unified };
struct hierarchy *controller_home[CONTROLLERS];

const struct controller *const controllers[CONTROLLERS] = {
#define CONTROLLER(name, NAME) [CTL_##NAME] = &name##_controller,
#include "cgroup/list.h"
#undef CONTROLLER
};

/* --- csses --- */

static void css_free(struct css *css)
{
	struct css *parent = css->parent;
	struct cgroup *cg = css->cgroup;

	list_del(&css->all);
	css->controller->release(css);
	if (parent)
		css_put(parent);
	cgroup_unpin(cg);
}

void css_put(struct css *css)
{
	if (ref_put(&css->refs))
		css_free(css);
}

struct css *css_next(enum controller_id id, struct css *css)
{
	struct list *next = css ? css->all.next : css_lists[id].next;

	return next == &css_lists[id] ? NULL : list_entry(next, struct css, all);
}

int css_make(struct cgroup *cg, enum controller_id id)
{
	const struct controller *c = controllers[id];
	struct css *parent = cg->parent ? cg->parent->css[id] : NULL, *css;
	int err = c->create(cg, parent, &css);

	if (err)
		return err;
	css->cgroup = cg;
	cgroup_pin(cg);
	css->controller = c;
	css->parent = parent ? css_get(parent) : NULL;
	css->uid = current_cred()->fsuid;
	css->gid = current_cred()->fsgid;
	ref_set(&css->refs, 1);
	list_add_tail(&css_lists[id], &css->all);
	err = c->online ? c->online(css) : 0;
	if (err) {
		css_put(css);
		return err;
	}
	css->online = true;
	cg->css[id] = css;
	cgroup_files_come();
	return 0;
}

static void css_set_offline(struct css *css)
{
	css->online = false;
	if (css->controller->offline)
		css->controller->offline(css);
}

void css_kill(struct cgroup *cg, enum controller_id id)
{
	struct css *css = cg->css[id];

	cg->css[id] = NULL;
	cgroup_files_remove(cg, css->controller);
	css_set_offline(css);
	css_put(css);
}

/* --- life of a cgroup --- */

static void cgroup_free(struct cgroup *cg)
{
	list_del(&cg->all);
	kfree(cg->name);
	slab_free(cgroup_cache, cg);
}

/* With it goes what it held above. */
void cgroup_put(struct cgroup *cg)
{
	while (cg && ref_put(&cg->refs)) {
		struct cgroup *parent = cg->parent;

		cgroup_free(cg);
		cg = parent;
	}
}

/* No ancestor counts it as dying any more. A mount of its directory may still ask for its path. */
static void cgroup_gone(struct cgroup *cg)
{
	struct cgroup *parent = cg->parent, *up;

	for (up = parent; up; up = up->parent)
		up->nr_dying--;
	cgroup_put(cg);
	cgroup_unpin(parent);
}

void cgroup_unpin(struct cgroup *cg)
{
	assert(cg->pins);
	if (--cg->pins == 0)
		cgroup_gone(cg);
}

/* CG-06: what a new cgroup is. */
static void cgroup_setup(struct cgroup *cg, struct hierarchy *h)
{
	ref_set(&cg->refs, 1);
	cg->pins = 1;
	cg->hierarchy = h;
	cg->domain = cg;
	cg->id = ++h->last_id;
	cg->max_depth = cg->max_descendants = INT_MAX;
	list_init(&cg->children);
	list_init(&cg->sibling);
	list_init(&cg->members);
	list_init(&cg->zombies);
	list_add_tail(&h->cgroups, &cg->all);
	h->nr_cgroups++;
}

/* CG-38: every ancestor may limit how many are below it, and how deep. */
static int cgroup_check_limits(const struct cgroup *parent)
{
	s32 depth = 0;

	for (const struct cgroup *cg = parent; cg; cg = cg->parent, depth++)
		if (cg->nr_descendants >= (u32)cg->max_descendants || depth >= cg->max_depth)
			return deny(EAGAIN, CG_38);
	return 0;
}

/* Among the children; frozen from birth where its ancestors freeze (CG-45). */
static void cgroup_link(struct cgroup *cg, struct cgroup *parent)
{
	cgroup_pin(parent);
	cg->parent = cgroup_get(parent);
	cg->level = parent->level + 1;
	list_add_tail(&parent->children, &cg->sibling);
	parent->nr_children++;
	for (struct cgroup *up = parent; up; up = up->parent)
		up->nr_descendants++;
	cg->freezing = parent->freezing;
	cg->frozen = cg->freezing;
	if (cg->frozen)
		parent->nr_frozen_children++;
}

/* Off the tree: dying from now on (CG-40), and nobody finds it any more (CG-41). */
static void cgroup_unlink(struct cgroup *cg)
{
	struct cgroup *parent = cg->parent;

	cg->dead = true;
	cg->hierarchy->nr_cgroups--;
	list_del(&cg->sibling);
	parent->nr_children--;
	if (cgroup_is_threaded(cg))
		parent->threaded_children--;
	for (struct cgroup *up = parent; up; up = up->parent) {
		up->nr_descendants--;
		up->nr_dying++;
	}
	if (cg->frozen)
		parent->nr_frozen_children--;
	cgroup_frozen_changed(parent);
}

int cgroup_create(struct cgroup *parent, const char *name, struct cgroup **out)
{
	struct cgroup *cg;
	int err = cgroup_check_limits(parent);

	if (err)
		return err;
	cg = slab_zalloc(cgroup_cache);
	if (!cg)
		return -ENOMEM;
	cg->name = kstrdup(name);
	if (!cg->name) {
		slab_free(cgroup_cache, cg);
		return -ENOMEM;
	}
	cgroup_setup(cg, parent->hierarchy);
	cgroup_link(cg, parent);
	cg->uid = current_cred()->fsuid;
	cg->gid = current_cred()->fsgid;
	memcpy(cg->ecss, parent->ecss, sizeof(cg->ecss));
	memcpy(cg->was, parent->ecss, sizeof(cg->was));
	err = cgroup_apply_control(cg);
	if (err) {
		cgroup_unlink(cg);
		cgroup_unpin(cg);
		return err;
	}
	*out = cg;
	return 0;
}

/* Zombies are charged to csses above too, which may go before them: a removed cgroup holds those
 * until its last zombie is reaped. */
static void hold_charged(struct cgroup *cg)
{
	for_each_controller(id)
		if (cg->ecss[id] && cg->ecss[id] != cg->css[id])
			css_get(cg->ecss[id]);
}

/* Gives back its own csses, and those that hold_charged() took. */
static void drop_charged(struct cgroup *cg)
{
	for_each_controller(id) {
		struct css *css = cg->ecss[id];

		cg->css[id] = cg->ecss[id] = cg->was[id] = NULL;
		if (css)
			css_put(css);
	}
}

void cgroup_last_zombie(struct cgroup *cg)
{
	if (cg->dead && !cg->nr_zombies)
		drop_charged(cg);
}

/* CG-13: zombies do not populate, and are in nobody's way. */
int cgroup_remove(struct cgroup *cg)
{
	if (cgroup_is_populated(cg) || !list_empty(&cg->children))
		return deny(EBUSY, CG_16);

	/* Nothing fails from here on. */
	cgroup_files_remove(cg, NULL);
	cg->dentry = NULL;
	cgroup_unlink(cg);
	for_each_controller(id)
		if (cg->css[id])
			css_set_offline(cg->css[id]);
	hold_charged(cg);
	cgroup_last_zombie(cg);
	cgroup_unpin(cg);
	return 0;
}

/* --- the tree --- */

bool cgroup_is_ancestor(const struct cgroup *anc, const struct cgroup *cg)
{
	while (cg && cg->level > anc->level)
		cg = cg->parent;
	return cg == anc;
}

struct cgroup *cgroup_next(struct cgroup *cg, struct cgroup *top)
{
	if (!cg)
		return top;
	if (!list_empty(&cg->children))
		return list_first(&cg->children, struct cgroup, sibling);
	for (; cg != top; cg = cg->parent)
		if (cg->sibling.next != &cg->parent->children)
			return list_entry(cg->sibling.next, struct cgroup, sibling);
	return NULL;
}

void cgroup_populated_changed(struct cgroup *cg, bool was)
{
	while (was != cgroup_is_populated(cg)) {
		struct cgroup *parent = cg->parent;
		u32 *count;

		cgroup_events_changed(cg);
		if (!parent)
			return;
		count = cgroup_is_threaded(cg) ? &parent->populated_threaded_children
					       : &parent->populated_domain_children;
		was = cgroup_is_populated(parent);
		*count += cgroup_is_populated(cg) ? 1 : -1;
		cg = parent;
	}
}

/* Writes the text so that it ends at end, and returns where it begins; NULL: no room. */
static char *put_before(char *start, char *end, const char *text, size_t len)
{
	if (end - start < (ssize_t)len)
		return NULL;
	return memcpy(end - len, text, len);
}

/* Built from the end: the names down from the common ancestor, before them the way up to it
 * (CGNS-07: "/.."). A removed cgroup keeps its parent, and so its path (CGNS-14). */
int cgroup_path(const struct cgroup *cg, const struct cgroup *root, char *buf, size_t size)
{
	static const char up[] = "/..";
	char *end = buf + size - 1, *at = end;

	*end = '\0';
	if (cg == root)
		at = put_before(buf, at, "/", 1);
	for (; at && !cgroup_is_ancestor(cg, root); cg = cg->parent) {
		at = put_before(buf, at, cg->name, strlen(cg->name));
		if (at)
			at = put_before(buf, at, "/", 1);
	}
	for (; at && root != cg; root = root->parent)
		at = put_before(buf, at, up, sizeof(up) - 1);
	if (!at)
		return -ENAMETOOLONG;
	memmove(buf, at, end - at + 1);
	return end - at;
}

/* --- boot --- */

static char root_name[] = "";

static struct cgroup *cgroup_of_task(struct task *t)
{
	return task_cgroup(t, &unified);
}

static const struct cgroup_ns_ops ns_ops = {
	.of_task = cgroup_of_task,
	.pin = cgroup_pin,
	.unpin = cgroup_unpin,
	.audit_files = cgroup_files_audit_ns,
};

void cgroup_init(void)
{
	cgroup_cache = slab_cache_create("cgroup", sizeof(struct cgroup), 0);
	root_cgroup.name = root_name;
	cgroup_setup(&root_cgroup, &unified);
	for_each_controller(id) {
		list_init(&css_lists[id]);
		controller_home[id] = &unified;
		unified.controllers |= BIT(id);
		if (css_make(&root_cgroup, id))
			panic("no memory for the root cgroup");
		root_cgroup.ecss[id] = root_cgroup.was[id] = root_cgroup.css[id];
	}
	cgroup_pin(&root_cgroup);
	init_cgroup_ns.root = &root_cgroup;
	cgroup_ns_ops = &ns_ops;
	freezer_init();
	cgroup_state_init();
	if (hierarchy_mount(&unified, fs_type_find("cgroup2")))
		panic("no memory for the cgroup file system");
}
