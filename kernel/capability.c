// SPDX-License-Identifier: MIT
/* kernel/capability.c - capabilities: always asked of a user namespace; capget, capset, execve.
 *
 * cred_capable() is the one place where privilege is decided: a task has a capability in a user
 * namespace if it has it in its effective set and lives there or above, or if it
 * is the owner of the namespace, one level up (user_namespaces(7)).
 * cred_exec() is the transformation of capabilities(7) at execve for files without capabilities
 * of their own: set-id bits, root, ambient set, no_new_privs. Who is not root there keeps none
 * that is not ambient (USERNS-29).
 * Locks: BKL. See capabilities(7), user_namespaces(7), capget(2). */

#include "arch/cpu.h"
#include "fs/vfs.h"
#include "kernel/cred_internal.h"
#include "kernel/ptrace.h"
#include "kernel/syscall.h"

#define CAP_WORD_BITS 32

/* USERNS-27, USERNS-28, NS-33: own namespace, descendants, and what one owns. */
bool cred_capable(const struct cred *c, struct user_ns *ns, int cap)
{
	for (;; ns = ns->parent) {
		if (ns == c->user_ns)
			return c->cap_effective & cap_bit(cap);
		if (ns->level <= c->user_ns->level)
			return false;
		if (ns->parent == c->user_ns && ns->owner_uid == c->euid)
			return true;
	}
}

bool capable_in(struct user_ns *ns, int cap)
{
	return cred_capable(current->cred, ns, cap);
}

bool capable_over_inode(const struct inode *i, int cap)
{
	struct user_ns *ns = current_user_ns();

	return from_uid(ns, i->uid) != INVALID_ID && from_gid(ns, i->gid) != INVALID_ID &&
	       capable_in(ns, cap);
}

/* --- capget, capset --- */

/* Reads and checks the header: how many words each set has, or -errno. An unknown version is
 * answered with ours. */
static int cap_words(uaddr header, struct __user_cap_header_struct *h)
{
	const u32 ours = _LINUX_CAPABILITY_VERSION_3;

	if (copy_from_user(h, header, sizeof(*h)))
		return -EFAULT;
	if (h->version == _LINUX_CAPABILITY_VERSION_1)
		return _LINUX_CAPABILITY_U32S_1;
	if (h->version == _LINUX_CAPABILITY_VERSION_2 || h->version == _LINUX_CAPABILITY_VERSION_3)
		return _LINUX_CAPABILITY_U32S_3;
	if (copy_to_user(header + offsetof(struct __user_cap_header_struct, version), &ours,
			 sizeof(ours)))
		return -EFAULT;
	return -EINVAL;
}

long sys_capget(uaddr header, uaddr data)
{
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3];
	struct __user_cap_header_struct h;
	int words = cap_words(header, &h), i;
	const struct cred *c;
	struct task *t;

	if (!data || words < 0)
		return !data && (words == -EINVAL || words >= 0) ? 0 : words;
	if (h.pid < 0)
		return -EINVAL;
	t = h.pid ? task_find(h.pid) : current;
	if (!t)
		return -ESRCH;
	c = t == current ? t->cred : t->real_cred;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		d[i].effective = c->cap_effective >> (i * CAP_WORD_BITS);
		d[i].permitted = c->cap_permitted >> (i * CAP_WORD_BITS);
		d[i].inheritable = c->cap_inheritable >> (i * CAP_WORD_BITS);
	}
	return copy_to_user(data, d, words * sizeof(d[0]));
}

/* EXT-CRED-05: what capset may not do. */
static int capset_check(const struct cred *old, const struct cred *new)
{
	capset_t inheritable = new->cap_inheritable;

	if ((inheritable & ~(old->cap_inheritable | old->cap_permitted)) &&
	    !cred_capable(old, old->user_ns, CAP_SETPCAP))
		return deny(EPERM, EXT_CRED_05);
	if (inheritable & ~(old->cap_inheritable | old->cap_bounding))
		return deny(EPERM, EXT_CRED_05);
	if (new->cap_permitted & ~old->cap_permitted)
		return deny(EPERM, EXT_CRED_05);
	if (new->cap_effective & ~new->cap_permitted)
		return deny(EPERM, EXT_CRED_05);
	return 0;
}

long sys_capset(uaddr header, uaddr data)
{
	struct __user_cap_data_struct d[_LINUX_CAPABILITY_U32S_3] = { 0 };
	struct __user_cap_header_struct h;
	int words = cap_words(header, &h), err;
	struct cred *new;

	if (words < 0)
		return words;
	if (h.pid && h.pid != pid_nr(current->pid))
		return deny(EPERM, EXT_CRED_05);
	if (copy_from_user(d, data, words * sizeof(d[0])))
		return -EFAULT;
	err = cred_prepare(current->cred, &new);
	if (err)
		return err;
	new->cap_effective = ((u64)d[1].effective << CAP_WORD_BITS | d[0].effective) & CAP_FULL;
	new->cap_permitted = ((u64)d[1].permitted << CAP_WORD_BITS | d[0].permitted) & CAP_FULL;
	new->cap_inheritable =
		((u64)d[1].inheritable << CAP_WORD_BITS | d[0].inheritable) & CAP_FULL;
	err = capset_check(current->cred, new);
	if (err) {
		cred_put(new);
		return err;
	}
	new->cap_ambient &= new->cap_permitted & new->cap_inheritable;
	cred_commit(new);
	return 0;
}

/* --- execve --- */

static void exec_set_id(struct cred *new, kid_t uid, kid_t gid)
{
	if (uid != INVALID_ID)
		new->euid = uid;
	if (gid != INVALID_ID)
		new->egid = gid;
}

/* Gains at exec are given up where they may not be (EXT-CRED-07). */
static void exec_downgrade(struct cred *new, const struct cred *old, bool no_new_privs)
{
	if (!cred_capable(new, new->user_ns, CAP_SETUID) || no_new_privs) {
		new->euid = new->uid;
		new->egid = new->gid;
	}
	new->cap_permitted &= old->cap_permitted;
}

int cred_exec(kid_t suid_uid, kid_t sgid_gid, bool no_new_privs, struct cred **out, bool *secure)
{
	const struct cred *old = current->cred;
	kid_t root = make_uid(old->user_ns, 0);
	bool effective = false, set_id, gains;
	struct cred *new;
	int err = cred_prepare(old, &new);

	if (err)
		return err;
	if (!no_new_privs)
		exec_set_id(new, suid_uid, sgid_gid);
	new->cap_permitted = 0;
	if (!cred_secure(old, SECURE_NOROOT) && root != INVALID_ID) {
		if (new->euid == root || new->uid == root)
			new->cap_permitted = old->cap_bounding | old->cap_inheritable;
		effective = new->euid == root;
	}
	set_id = new->euid != old->uid || new->egid != old->gid;
	gains = new->cap_permitted & ~old->cap_permitted;
	if ((set_id || gains) && (no_new_privs || ptrace_limits_exec()))
		exec_downgrade(new, old, no_new_privs);
	new->suid = new->fsuid = new->euid;
	new->sgid = new->fsgid = new->egid;
	if (set_id)
		new->cap_ambient = 0;
	new->cap_permitted |= new->cap_ambient;
	new->cap_effective = effective ? new->cap_permitted : new->cap_ambient;
	new->securebits &= ~BIT(SECURE_KEEP_CAPS);
	*secure = set_id ||
		  (new->uid != root && (effective || (new->cap_permitted & ~new->cap_ambient)));
	*out = new;
	return 0;
}
