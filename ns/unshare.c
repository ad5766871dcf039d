// SPDX-License-Identifier: MIT
/* ns/unshare.c - unshare(2) and setns(2): a task leaves or enters namespaces.
 *
 * Both first check and prepare everything in a struct ns_set, then swap; between the
 * two lies the point of no return. On an error nothing of the caller has changed (NS-22,
 * NS-31). Both act on the calling thread alone.
 * See unshare(2), setns(2). */

#include "fs/fdtable.h"
#include "fs/pidfd.h"
#include "kernel/syscall.h"
#include "mm/mm.h"
#include "ns/ns.h"
#include "ns/user.h"

#define UNSHARE_FLAGS                                                                         \
	(CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_SYSVSEM |   \
	 NS_FLAGS_ALL)

/* Puts what was prepared and not used. */
static void ns_set_abort(struct ns_set *set)
{
	if (set->nsproxy)
		nsproxy_put(set->nsproxy);
	if (set->cred)
		cred_put(set->cred);
}

/* The point of no return: current is in the new namespaces. entered: by setns(2). */
static void ns_set_commit(struct ns_set *set, bool entered)
{
	struct nsproxy *old = current->nsproxy;

	if (set->cred)
		cred_commit(set->cred);
	if (set->nsproxy) {
		nsproxy_move_fs(old, set->nsproxy, current->fs, entered);
		current->nsproxy = set->nsproxy;
		nsproxy_put(old);
	}
}

/* --- unshare --- */

/* What one flag implies for others (unshare(2)). */
static u64 unshare_implied(u64 flags)
{
	if (flags & CLONE_NEWUSER)
		flags |= CLONE_THREAD | CLONE_FS;
	if (flags & CLONE_VM)
		flags |= CLONE_SIGHAND;
	if (flags & CLONE_SIGHAND)
		flags |= CLONE_THREAD;
	if (flags & CLONE_NEWNS)
		flags |= CLONE_FS;
	return flags;
}

/* NS-16, NS-17, NS-18: known bits only, and nothing that threads must share. Other kinds of
 * namespaces are a thread's own (NS-19, NS-21). */
static int unshare_check(u64 flags)
{
	if (flags & ~(u64)UNSHARE_FLAGS)
		return deny(EINVAL, NS_16);
	if ((flags & CLONE_THREAD) && current->process->nr_threads > 1)
		return deny(EINVAL, flags & CLONE_NEWUSER ? NS_18 : NS_17);
	if ((flags & CLONE_SIGHAND) && current->sighand->refs.n > 1)
		return deny(EINVAL, NS_17);
	if ((flags & CLONE_VM) && current->mm->users.n > 1)
		return deny(EINVAL, NS_17);
	return 0;
}

/* Makes the new namespaces of flags aside; a new user namespace owns the others (NS-15). */
static int unshare_prepare(struct ns_set *set)
{
	u64 flags = set->flags & NS_FLAGS_ALL & ~(u64)CLONE_NEWUSER;
	int err;

	const struct cred *cred = current_cred();

	if (set->flags & CLONE_NEWUSER) {
		err = cred_prepare(cred, &set->cred);
		if (!err)
			err = user_ns_create_for(set->cred);
		if (err)
			return err;
		cred = set->cred;
	}
	if (!flags)
		return 0;
	if (!cred_capable(cred, cred->user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, NS_14);
	if (flags & ~ns_flags_known)
		return -EINVAL;
	err = nsproxy_copy(current->nsproxy, &set->nsproxy);
	if (err)
		return err;
	return nsproxy_create_new(set->nsproxy, flags, cred->user_ns);
}

long sys_unshare(u64 flags)
{
	struct ns_set set = { .flags = unshare_implied(flags) };
	int err = unshare_check(set.flags);

	if (!err)
		err = unshare_prepare(&set);
	if (!err && (set.flags & CLONE_FILES))
		err = files_unshare();
	if (!err && (set.flags & CLONE_FS))
		err = fs_context_unshare();
	if (err) {
		ns_set_abort(&set);
		return err;
	}
	ns_set_commit(&set, false);
	return 0;
}

/* --- setns --- */

/* Asks every kind named in flags whether current may enter target's namespace of it. */
static int setns_install_task(struct ns_set *set, struct task *target)
{
	for (int kind = 0; kind < NS_KINDS; kind++) {
		struct ns_common *ns;
		int err;

		if (!(set->flags & ns_types[kind]->clone_flag))
			continue;
		ns = target->nsproxy ? ns_types[kind]->of(target) : NULL;
		err = ns ? ns_types[kind]->install(set, ns) : deny(ESRCH, NS_29);
		if (err)
			return err;
	}
	return 0;
}

/* NS-28, NS-29, NS-30: a pidfd names all namespaces of a living task at once. Who may not look at
 * the task does not hear that it is a zombie. */
static int setns_by_pidfd(struct ns_set *set, struct pid *pid, u64 flags)
{
	struct task *target = pid->task;
	int err;

	if (!flags || (flags & ~(u64)NS_FLAGS_LINUX))
		return deny(EINVAL, NS_28);
	if (flags & ~ns_flags_known)
		return -EINVAL;
	if (!target)
		return deny(ESRCH, NS_29);
	if (task_may_access(target, ACCESS_READ | ACCESS_REALCREDS))
		return deny(EPERM, NS_30);
	if (!target->nsproxy)
		return deny(ESRCH, NS_29);
	set->flags = flags;
	err = nsproxy_copy(current->nsproxy, &set->nsproxy);
	return err ? err : setns_install_task(set, target);
}

/* NS-26, NS-27: an nsfs file names one namespace; a type given must be its own. */
static int setns_by_file(struct ns_set *set, struct ns_common *ns, u64 type)
{
	int err;

	if (type && type != ns->type->clone_flag)
		return deny(EINVAL, NS_26);
	set->flags = ns->type->clone_flag;
	err = nsproxy_copy(current->nsproxy, &set->nsproxy);
	return err ? err : ns->type->install(set, ns);
}

long sys_setns(int fd, int type)
{
	struct file *f = fd_get_io(fd);
	struct ns_set set = { 0 };
	int err;

	if (!f)
		return deny(EBADF, NS_26);
	if (nsfs_file_ns(f))
		err = setns_by_file(&set, nsfs_file_ns(f), (u32)type);
	else if (pidfd_pid(f))
		err = setns_by_pidfd(&set, pidfd_pid(f), (u32)type);
	else
		err = deny(EINVAL, NS_26);
	if (err)
		ns_set_abort(&set);
	else
		ns_set_commit(&set, true);
	file_put(f);
	return err;
}
