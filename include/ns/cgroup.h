// SPDX-License-Identifier: MIT
/* ns/cgroup.h - cgroup namespaces for those who print or check paths of control groups.
 *
 * A control group is not looked into here; the room above fills in what is to be done with one. */
#pragma once

#include "ns/ns.h"

struct cgroup;

struct cgroup_ns {
	struct ns_common ns;
	struct cgroup *root;		/* pinned */
};
extern struct cgroup_ns init_cgroup_ns;

/* From cgroup/, at boot. */
struct cgroup_ns_ops {
	struct cgroup *(*of_task)(struct task *t);	/* its place in the unified hierarchy */
	void (*pin)(struct cgroup *cg);
	void (*unpin)(struct cgroup *cg);
	/* Audit: names every namespace that an open control file holds. */
	void (*audit_files)(void (*found)(struct ns_common *ns, void *arg), void *arg);
};
extern const struct cgroup_ns_ops *cgroup_ns_ops;

struct cgroup_ns *to_cgroup_ns(struct ns_common *ns);
struct cgroup_ns *current_cgroup_ns(void);
/* A namespace that nobody has seen yet begins elsewhere. */
void cgroup_ns_set_root(struct cgroup_ns *ns, struct cgroup *root);
