// SPDX-License-Identifier: MIT
/* tests/kernel/test_uts.c - UTS namespaces from inside: copies, references, limits.
 *
 * Properties: a new namespace has its creator's names and then its own (UTSNS-01, 02); an
 * nsproxy copy holds each namespace once more; the last put frees and uncharges (NS-44); a
 * refused creation leaves every count as it was (NS-22, NS-40). */

#include "arch/cpu.h"
#include "kernel/ktest.h"
#include "ns/ucount.h"
#include "ns/uts.h"

static struct nsproxy *proxy_with_new_uts(struct ktest *t)
{
	struct nsproxy *p = NULL;

	KEXPECT_EQ(t, nsproxy_copy(current->nsproxy, &p), 0);
	KEXPECT_EQ(t, nsproxy_create_new(p, CLONE_NEWUTS, current_user_ns()), 0);
	return p;
}

static void names_are_copied(struct ktest *t)
{
	struct nsproxy *p = proxy_with_new_uts(t);
	struct uts_ns *new = to_uts_ns(p->ns[NS_KIND_UTS]);

	KEXPECT(t, new != current_uts_ns());
	KEXPECT(t, !strcmp(new->nodename, current_uts_ns()->nodename));
	strcpy(new->nodename, "inner");
	KEXPECT(t, strcmp(current_uts_ns()->nodename, "inner") != 0);
	nsproxy_put(p);
}

static void references_are_exact(struct ktest *t)
{
	u32 before = current_uts_ns()->ns.refs.n;
	struct nsproxy *p;

	KEXPECT_EQ(t, nsproxy_copy(current->nsproxy, &p), 0);
	KEXPECT_EQ(t, current_uts_ns()->ns.refs.n, before + 1);
	KEXPECT_EQ(t, nsproxy_create_new(p, CLONE_NEWUTS, current_user_ns()), 0);
	KEXPECT_EQ(t, current_uts_ns()->ns.refs.n, before);
	KEXPECT_EQ(t, p->ns[NS_KIND_UTS]->refs.n, 1);
	nsproxy_put(p);
	KEXPECT_EQ(t, current_uts_ns()->ns.refs.n, before);
}

static void inode_numbers_differ(struct ktest *t)
{
	struct nsproxy *a = proxy_with_new_uts(t), *b = proxy_with_new_uts(t);

	KEXPECT(t, a->ns[NS_KIND_UTS]->inum != b->ns[NS_KIND_UTS]->inum);
	KEXPECT_EQ(t, init_uts_ns.ns.inum, PROC_UTS_INIT_INO);
	nsproxy_put(a);
	nsproxy_put(b);
}

static void limit_refuses_and_unwinds(struct ktest *t)
{
	long *max = &current_user_ns()->max[NS_KIND_UTS], saved = *max;
	struct nsproxy *p;

	KEXPECT_EQ(t, nsproxy_copy(current->nsproxy, &p), 0);
	*max = 0;
	KEXPECT_EQ(t, nsproxy_create_new(p, CLONE_NEWUTS, current_user_ns()), -ENOSPC);
	*max = saved;
	KEXPECT(t, p->ns[NS_KIND_UTS] == current->nsproxy->ns[NS_KIND_UTS]);
	nsproxy_put(p);
}

static void hundred_come_and_go(struct ktest *t)
{
	struct nsproxy *p[100];

	for (unsigned i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = proxy_with_new_uts(t);
	KEXPECT(t, p[0]->ns[NS_KIND_UTS]->ucount->count[NS_KIND_UTS] >= (long)ARRAY_SIZE(p));
	for (unsigned i = 0; i < ARRAY_SIZE(p); i++)
		nsproxy_put(p[i]);
}

static const struct ktest_case cases[] = {
	KCASE(names_are_copied),
	KCASE(references_are_exact),
	KCASE(inode_numbers_differ),
	KCASE(limit_refuses_and_unwinds),
	KCASE(hundred_come_and_go),
	{},
};

const struct ktest_suite uts_suite = { "uts", cases };
