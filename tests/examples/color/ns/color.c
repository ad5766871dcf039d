// SPDX-License-Identifier: MIT
/* ns/color.c - color namespaces: a word that all tasks in one share, /proc/sys/kernel/color.
 *
 * The example of a new kind. A new namespace starts with its creator's color (EXT-COLOR-01); from
 * then on a write changes the writer's namespace alone (EXT-COLOR-02), and needs CAP_SYS_ADMIN in
 * its owner (EXT-COLOR-03). All 32 flags of clone(2) are taken, and clone3(2) refuses what Linux
 * does not know, so one is made by unshare(2) and entered by setns(2).
 * Life: color_ns_create (count 1), shared by nsproxies, destroyed by the last put.
 * Locks: BKL. Checkpoint: refused where it is not the checkpointer's own (CR-NS-01).
 * See ns/uts.c, which this file follows. */

#include "fs/proc.h"
#include "kernel/deny.h"
#include "mm/slab.h"
#include "ns/ns.h"

#define CLONE_NEWCOLOR 0x400000000ULL
#define COLOR_INIT_INO 0xefffff00U
#define COLOR_LEN      15

struct color_ns {
	struct ns_common ns;
	char color[COLOR_LEN + 1];
};

static struct color_ns *to_color_ns(struct ns_common *ns)
{
	return container_of(ns, struct color_ns, ns);
}

static struct color_ns *current_color_ns(void)
{
	return to_color_ns(current->nsproxy->ns[NS_KIND_COLOR]);
}

/* EXT-COLOR-01: the color is the creator's. */
static int color_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	struct color_ns *new = kzalloc_charged(sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &color_ns_type, owner);
	if (err) {
		kfree(new);
		return err;
	}
	strcpy(new->color, to_color_ns(from)->color);
	*out = &new->ns;
	return 0;
}

static void color_ns_destroy(struct ns_common *ns)
{
	kfree(to_color_ns(ns));
}

static int color_ns_install(struct ns_set *set, struct ns_common *ns)
{
	int err = ns_may_install(ns);

	if (err)
		return err;
	nsproxy_set(set->nsproxy, NS_KIND_COLOR, ns);
	return 0;
}

static struct ns_common *color_ns_of(struct task *t)
{
	return ns_of_nsproxy(t, NS_KIND_COLOR);
}

/* --- /proc/sys/kernel/color --- */

static int color_show(const struct sysctl *s, struct text *t)
{
	(void)s;
	text_printf(t, "%s\n", current_color_ns()->color);
	return t->error;
}

/* A write is the whole color, up to the first newline. */
static ssize_t color_store(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	struct color_ns *ns = current_color_ns();
	size_t used = strcspn(text, "\n");

	(void)s;
	if (!capable_in(ns->ns.owner, CAP_SYS_ADMIN))
		return deny(EPERM, EXT_COLOR_03);
	if (pos || used > COLOR_LEN)
		return deny(EINVAL, EXT_COLOR_02);
	memset(ns->color, 0, sizeof(ns->color));
	memcpy(ns->color, text, used);
	return len;
}

const struct sysctl color_sysctls[] = {
	{.path = "kernel/color", .mode = 0666, .show = color_show, .store = color_store},
	{},
};

static struct color_ns init_color_ns = {
	.ns = {.refs = {1},
	       .type = &color_ns_type,
	       .inum = COLOR_INIT_INO,
	       .owner = &init_user_ns},
	.color = "none",
};

const struct ns_type color_ns_type = {
	.name = "color",
	.clone_flag = CLONE_NEWCOLOR,
	.kind = NS_KIND_COLOR,
	.initial = &init_color_ns.ns,
	.create = color_ns_create,
	.destroy = color_ns_destroy,
	.install = color_ns_install,
	.of = color_ns_of,
};
