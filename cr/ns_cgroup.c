// SPDX-License-Identifier: MIT
/* cr/ns_cgroup.c - cgroup namespaces: plimsoll-cgroupns.img, where the tree begins: a cgroup of the
 * image (cr/cgroups.c), or a path from the checkpointer's own root. */
#include "cr/internal.h"

#include "cgroup/image.h"
#include "ns/cgroup.h"

static int cgroupns_save(struct cr_save *s, void *object, u32 id)
{
	struct cgroup *root = to_cgroup_ns(object)->root;
	struct pb_plimsoll_cgroupns e = { .id = id };
	char *path = arena_alloc(&s->arena, PATH_MAX_LEN);
	int err = path ? cr_ns_common_save(s, object, id) : -ENOMEM;

	if (err)
		return err;
	root = cr_cgroup_home(root);
	e.cgroup = cr_cgroup_chosen(s, root);
	if (!e.cgroup && cgroup_path(root, current_cgroup_ns()->root, path, PATH_MAX_LEN) < 0)
		return -ENAMETOOLONG;
	if (!strncmp(path, "/..", 3))
		return cr_refuse(s, "cgroup namespace", id, path, EBUSY, CR_CG_06);
	e.path = pb_text(path);
	return cr_put(s, CR_CGROUPNS, 0, &pb_plimsoll_cgroupns_type, &e);
}

static int root_find(struct cr_restore *r, const struct pb_plimsoll_cgroupns *e,
		     struct cgroup **out)
{
	char *rest = (char *)e->path.data, *name;

	if (e->cgroup)
		return cr_cgroup_find(r, e->cgroup, out);
	*out = current_cgroup_ns()->root;
	for (name = strtok_r(rest, "/", &rest); name && *out; name = strtok_r(NULL, "/", &rest))
		*out = cgroup_child(*out, name);
	return *out ? 0 : cr_refuse(r, "cgroup namespace", e->id, (char *)e->path.data, ENOENT,
				    CR_NS_07);
}

static int cgroupns_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_plimsoll_cgroupns *e;
	struct cgroup *root = NULL;
	struct cr_ns_maker m;
	struct ns_common *ns;
	int err = cr_find(r, CR_CGROUPNS, 0, offsetof(struct pb_plimsoll_cgroupns, id), id, &e);

	if (!err)
		err = root_find(r, e, &root);
	if (!err)
		err = cr_ns_begin(r, NS_KIND_CGROUP, id, &m);
	if (err)
		return err;
	err = cgroup_ns_type.create(&init_cgroup_ns.ns, m.owner, &ns);
	cr_ns_end(&m, err ? NULL : ns);
	if (err)
		return err;
	cgroup_ns_set_root(to_cgroup_ns(ns), root);
	*object = ns;
	return 0;
}

const struct cr_class cr_cgroupns_class = {
	.name = "cgroup namespace",
	.save = cgroupns_save,
	.restore = cgroupns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
	.holds = HELD_NAMESPACE,
};
