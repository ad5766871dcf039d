// SPDX-License-Identifier: MIT
/* tests/kernel/test_cred.c - credentials: ids, capabilities, what execve and setuid make of them.
 *
 * Properties:
 *   - a user is one object as long as someone holds it; groups are found by halves
 *   - capabilities hold in one's namespace and below it, and for what one owns (USERNS-27, 28)
 *   - maps translate both ways, and say so where there is no mapping
 *   - giving up uid 0 gives up capabilities, unless securebits keep them
 *   - execve: root gains the bounding set, others lose all but the ambient set; set-id bits
 *     count, and no_new_privs stops them */
#include "arch/cpu.h"
#include "kernel/cred_internal.h"
#include "kernel/ktest.h"
#include "mm/slab.h"

#define SOMEONE 1000
#define ANOTHER 1001

long sys_setuid(u32 uid);
long sys_setresuid(u32 ruid, u32 euid, u32 suid);

/* The tests run as the first task: what they do to it is undone with this. */
static const struct cred *cred_keep(void)
{
	return cred_get(current->cred);
}

static void cred_undo(const struct cred *kept)
{
	cred_commit((struct cred *)kept);
}

static void users_are_shared(struct ktest *t)
{
	struct user *a = user_get(SOMEONE), *b = user_get(SOMEONE), *c = user_get(ANOTHER);

	KEXPECT(t, a && a == b && a != c);
	KEXPECT_EQ(t, a->refs.n, 2);
	KEXPECT_EQ(t, c->uid, ANOTHER);
	user_put(a);
	user_put(b);
	user_put(c);
}

static void groups_are_found(struct ktest *t)
{
	struct groups *g = kmalloc(sizeof(*g) + 3 * sizeof(g->ids[0]));
	struct cred c = init_cred;

	KEXPECT(t, g);
	g->nr = 3;
	g->ids[0] = 4, g->ids[1] = 20, g->ids[2] = 100;
	c.groups = g;
	c.fsgid = 7;
	KEXPECT(t, in_group(&c, 4) && in_group(&c, 20) && in_group(&c, 100) && in_group(&c, 7));
	KEXPECT(t, !in_group(&c, 5) && !in_group(&c, 0) && !in_group(&c, 101));
	kfree(g);
}

static void capable_goes_down(struct ktest *t)
{
	struct user_ns child = { .parent = &init_user_ns, .level = 1, .owner_uid = SOMEONE };
	struct user_ns grandchild = { .parent = &child, .level = 2, .owner_uid = ANOTHER };
	struct cred owner = init_cred, inside = init_cred, root = init_cred;

	owner.euid = SOMEONE;
	owner.cap_effective = 0;
	inside.user_ns = &child;
	KEXPECT(t, cred_capable(&root, &grandchild, CAP_SYS_ADMIN));
	KEXPECT(t, cred_capable(&owner, &child, CAP_SYS_ADMIN));
	KEXPECT(t, cred_capable(&owner, &grandchild, CAP_SYS_ADMIN));
	KEXPECT(t, !cred_capable(&owner, &init_user_ns, CAP_SYS_ADMIN));
	KEXPECT(t, cred_capable(&inside, &child, CAP_KILL));
	KEXPECT(t, cred_capable(&inside, &grandchild, CAP_KILL));
	KEXPECT(t, !cred_capable(&inside, &init_user_ns, CAP_KILL));
	inside.cap_effective = 0;
	inside.euid = ANOTHER;
	KEXPECT(t, !cred_capable(&inside, &child, CAP_KILL));
	KEXPECT(t, cred_capable(&inside, &grandchild, CAP_KILL));
}

static void maps_translate(struct ktest *t)
{
	static const struct id_extent lines[] = {
		{ 1000, 500, 10 }, { 0, 100000, 1000 }, { 5000, 7, 1 },
	};
	struct user_ns ns = { .level = 1 };

	KEXPECT_EQ(t, id_map_set(&ns.uid_map, lines, ARRAY_SIZE(lines)), 0);
	KEXPECT_EQ(t, make_uid(&ns, 0), 100000);
	KEXPECT_EQ(t, make_uid(&ns, 999), 100999);
	KEXPECT_EQ(t, make_uid(&ns, 1009), 509);
	KEXPECT_EQ(t, make_uid(&ns, 1010), INVALID_ID);
	KEXPECT_EQ(t, make_uid(&ns, 5000), 7);
	KEXPECT_EQ(t, from_uid(&ns, 7), 5000);
	KEXPECT_EQ(t, from_uid(&ns, 509), 1009);
	KEXPECT_EQ(t, from_uid(&ns, 100001), 1);
	KEXPECT_EQ(t, from_uid(&ns, 0), INVALID_ID);
	KEXPECT_EQ(t, from_uid_munged(&ns, 0), OVERFLOW_ID);
	KEXPECT_EQ(t, make_gid(&ns, 0), INVALID_ID);
	id_map_clear(&ns.uid_map);
	KEXPECT_EQ(t, make_uid(&ns, 0), INVALID_ID);
	KEXPECT_EQ(t, from_uid(&init_user_ns, 12345), 12345);
}

static void setuid_drops_caps(struct ktest *t)
{
	const struct cred *kept = cred_keep();

	KEXPECT_EQ(t, sys_setuid(SOMEONE), 0);
	KEXPECT_EQ(t, current->cred->uid, SOMEONE);
	KEXPECT_EQ(t, current->cred->fsuid, SOMEONE);
	KEXPECT_EQ(t, current->cred->user->uid, SOMEONE);
	KEXPECT_EQ(t, current->cred->cap_permitted, 0);
	KEXPECT_EQ(t, sys_setuid(0), -EPERM);
	cred_undo(kept);
	KEXPECT_EQ(t, current->cred->cap_effective, CAP_FULL);
}

static void effective_comes_back(struct ktest *t)
{
	const struct cred *kept = cred_keep();

	KEXPECT_EQ(t, sys_setresuid(-1, SOMEONE, -1), 0);
	KEXPECT_EQ(t, current->cred->cap_effective, 0);
	KEXPECT_EQ(t, current->cred->cap_permitted, CAP_FULL);
	KEXPECT_EQ(t, sys_setresuid(-1, 0, -1), 0);
	KEXPECT_EQ(t, current->cred->cap_effective, CAP_FULL);
	cred_undo(kept);
}

static void keep_caps_keeps(struct ktest *t)
{
	const struct cred *kept = cred_keep();
	struct cred *c;

	KEXPECT_EQ(t, cred_prepare(current->cred, &c), 0);
	c->securebits = BIT(SECURE_KEEP_CAPS);
	cred_commit(c);
	KEXPECT_EQ(t, sys_setuid(SOMEONE), 0);
	KEXPECT_EQ(t, current->cred->cap_permitted, CAP_FULL);
	KEXPECT_EQ(t, current->cred->cap_effective, 0);
	cred_undo(kept);
}

/* Credentials after an execve by uid with those permitted and ambient sets. */
struct exec_case {
	kid_t uid, set_uid;
	capset_t permitted, inheritable, ambient;
	bool no_new_privs;
	kid_t euid;
	capset_t then_permitted, then_effective;
	bool secure;
};
#define NO_BIT INVALID_ID
static const struct exec_case exec_cases[] = {
	{ 0, NO_BIT, CAP_FULL, 0, 0, false, 0, CAP_FULL, CAP_FULL, false },
	{ 0, NO_BIT, 0, 0, 0, false, 0, CAP_FULL, CAP_FULL, false },
	{ SOMEONE, NO_BIT, CAP_FULL, 0, 0, false, SOMEONE, 0, 0, false },
	{ SOMEONE, 0, 0, 0, 0, false, 0, CAP_FULL, CAP_FULL, true },
	{ SOMEONE, 0, 0, 0, 0, true, SOMEONE, 0, 0, false },
	{ SOMEONE, NO_BIT, 1, 1, 1, false, SOMEONE, 1, 1, false },
	{ SOMEONE, ANOTHER, 1, 1, 1, false, ANOTHER, 0, 0, true },
	{ SOMEONE, SOMEONE, 0, 0, 0, false, SOMEONE, 0, 0, false },
};

static void exec_one(struct ktest *t, const struct exec_case *e)
{
	struct cred *before, *after;
	bool secure;

	KEXPECT_EQ(t, cred_prepare(current->cred, &before), 0);
	before->uid = before->euid = before->suid = before->fsuid = e->uid;
	before->cap_permitted = e->permitted;
	before->cap_inheritable = e->inheritable;
	before->cap_ambient = e->ambient;
	before->cap_effective = 0;
	user_put(before->user);
	before->user = user_get(e->uid);
	cred_commit(before);
	KEXPECT_EQ(t, cred_exec(e->set_uid, INVALID_ID, e->no_new_privs, &after, &secure), 0);
	KEXPECT_EQ(t, after->euid, e->euid);
	KEXPECT_EQ(t, after->suid, e->euid);
	KEXPECT_EQ(t, after->cap_permitted, e->then_permitted);
	KEXPECT_EQ(t, after->cap_effective, e->then_effective);
	KEXPECT_EQ(t, secure, e->secure);
	cred_put(after);
}

static void exec_transforms(struct ktest *t)
{
	const struct cred *kept = cred_keep();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(exec_cases); i++)
		exec_one(t, &exec_cases[i]);
	cred_undo(kept);
}

static void override_is_undone(struct ktest *t)
{
	const struct cred *own = current->cred, *old;
	struct cred *c;

	KEXPECT_EQ(t, cred_prepare(own, &c), 0);
	c->fsuid = SOMEONE;
	old = cred_override(c);
	KEXPECT_EQ(t, current_cred()->fsuid, SOMEONE);
	KEXPECT(t, current->real_cred == own);
	cred_restore(old);
	KEXPECT(t, current->cred == own);
	cred_put(c);
}

static const struct ktest_case cases[] = {
	KCASE(users_are_shared),
	KCASE(groups_are_found),
	KCASE(capable_goes_down),
	KCASE(maps_translate),
	KCASE(setuid_drops_caps),
	KCASE(effective_comes_back),
	KCASE(keep_caps_keeps),
	KCASE(exec_transforms),
	KCASE(override_is_undone),
	{},
};
const struct ktest_suite cred_suite = { "cred", cases };
