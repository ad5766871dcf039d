// SPDX-License-Identifier: MIT
/* fs/exec.c - execve(2), execveat(2), and how the first process gets its program.
 *
 * The order of things is in fs/program.h. Until exec_commit() everything can be undone and the
 * call returns an error; after it a failure kills the process with SIGSEGV, as on Linux.
 * While a file is executed nobody can open it for writing (ETXTBSY), nor can what is open for
 * writing be executed: inode->writers counts down for each holder, and the address
 * space is one (mm->exe_file).
 * Set-id bits count on the file that is loaded at last, where the mount and the user
 * namespaces allow it. Locks: BKL; may sleep. Checkpoint: none. See execve(2).
 * Keeps ABI-FS-05. */
#include "boot/cmdline.h"
#include "fs/descriptor.h"
#include "fs/exec.h"
#include "fs/lease.h"
#include "fs/mnt_ns.h"
#include "fs/namei.h"
#include "fs/notify.h"
#include "fs/program.h"
#include "kernel/bkl.h"
#include "kernel/pid.h"
#include "kernel/ptrace.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/slab.h"

#define DUMPABLE_USER 1
#define DUMPABLE_NONE 0
#define STACK_SECURE_MAX (8UL << 20)	/* RLIMIT_STACK of set-id programs */
#define MMAP_GAP_MIN (128UL << 20)	/* between stack and maps, at least */
#define MMAP_GAP_MAX (USER_END / 6 * 5)
#define STACK_GUARD_GAP (256 * PAGE_SIZE)
#define FD_NAME_ROOM 24			/* "/dev/fd/" and a number */

static int exec_file_check(const struct path *p)
{
	struct inode *i = p->dentry->inode;

	if (S_ISLNK(i->mode))
		return -ELOOP;
	if (!S_ISREG(i->mode))
		return -EACCES;
	if (p->mnt->flags & MNT_K_NOEXEC)
		return deny(EACCES, MNTNS_29);
	return inode_permission(i, MAY_EXEC | MAY_OPEN);
}

static int exec_file_make(const struct path *p, struct file **out)
{
	struct inode *i = p->dentry->inode;
	int err;

	if (i->writers > 0)
		return -ETXTBSY;
	err = lease_break(i, O_RDONLY);
	if (err)
		return err;
	err = file_alloc(p, i, O_RDONLY | O_LARGEFILE, i->fops, current_cred(), out);
	if (err)
		return err;
	(*out)->mode = FMODE_READ | FMODE_EXEC | FMODE_LSEEK;
	err = i->fops->open ? i->fops->open(i, *out) : 0;
	if (err)
		file_discard(*out);
	else
		i->writers--;
	return err;
}

int exec_file_open(int dfd, const char *name, int at_flags, struct file **out)
{
	unsigned look = at_flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path p;
	int err;

	if (at_flags & AT_EMPTY_PATH)
		look |= LOOKUP_EMPTY;
	err = path_lookup(dfd, name, look, &p);
	if (err)
		return err;
	err = exec_file_check(&p);
	if (!err)
		err = exec_file_make(&p, out);
	if (!err)
		notify_file(*out, IN_OPEN);
	path_put(&p);
	return err;
}

void exec_file_put(struct file *f)
{
	f->inode->writers++;
	file_put(f);
}

int exec_open(struct exec *x, int dfd, const char *name, int at_flags)
{
	struct file *f;
	ssize_t n;
	int err = exec_file_open(dfd, name, at_flags, &f);

	if (err)
		return err;
	if (x->file)
		exec_file_put(x->file);
	x->file = f;
	if (inode_permission(f->inode, MAY_READ))
		x->unreadable = true;
	memset(x->head, 0, sizeof(x->head));
	if (file_may_read(f))
		return -EACCES;
	n = file_read_kernel(f, x->head, sizeof(x->head), 0);
	return n < 0 ? n : 0;
}

/* --- the point of no return --- */

static bool in_user_ns(const struct user_ns *ns, const struct user_ns *ancestor)
{
	while (ns && ns != ancestor)
		ns = ns->parent;
	return ns != NULL;
}

/* Credentials after the exec: set-id bits where they are honoured, which is not where the
 * file's ids are unmapped (USERNS-41) or the mount says nosuid (EXT-FS-06). */
static int exec_cred(struct exec *x, struct cred **out)
{
	const struct inode *i = x->file->inode;
	struct user_ns *ns = current_user_ns();
	bool no_new_privs = current->flags & TASK_NO_NEW_PRIVS;
	kid_t uid = INVALID_ID, gid = INVALID_ID;

	if (!(x->file->path.mnt->flags & MNT_K_NOSUID) && mount_is_ours(x->file->path.mnt) &&
	    in_user_ns(ns, i->sb->user_ns) &&
	    from_uid(ns, i->uid) != INVALID_ID && from_gid(ns, i->gid) != INVALID_ID) {
		if (i->mode & S_ISUID)
			uid = i->uid;
		if ((i->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
			gid = i->gid;
	}
	return cred_exec(uid, gid, no_new_privs, out, &x->secure);
}

static void exe_get(void *file)
{
	file_get(file);
	((struct file *)file)->inode->writers--;
}

static void exe_put(void *file)
{
	exec_file_put(file);
}

void mm_set_exe(struct mm *mm, struct file *f)
{
	mm->exe_file = f;
	mm->exe_get = exe_get;
	mm->exe_put = exe_put;
	exe_get(f);
}

/* Where maps go: below the room the stack may want. Nothing is random. */
static uaddr exec_mmap_base(void)
{
	u64 gap = current_limit(RLIMIT_STACK);

	if (gap + STACK_GUARD_GAP > gap)
		gap += STACK_GUARD_GAP;
	gap = MIN(MAX(gap, MMAP_GAP_MIN), MMAP_GAP_MAX);
	return ALIGN_UP(STACK_TOP - gap, PAGE_SIZE);
}

/* The new address space becomes current's; the old one is given up. */
static void exec_switch_mm(struct exec *x)
{
	struct mm *old = current->mm, *mm = x->mm;

	mm_set_exe(mm, x->file);
	mm->mmap_base = exec_mmap_base();
	if (old)
		mm->core_filter = old->core_filter;
	mm->limit_as = current_limit(RLIMIT_AS);
	mm->limit_data = process_data_limit(current->process);
	mm->owner_ns = current_user_ns();
	current->mm = mm;
	mm_switch(mm);
	if (old)
		mm_put_user(old);
}

/* The last part of the name; what has only a descriptor is called as its entry is. */
static void exec_set_comm(const struct exec *x)
{
	const char *slash = strrchr(x->name, '/');

	if (x->nameless)
		task_set_comm(current, x->file->path.dentry->name);
	else
		task_set_comm(current, slash ? slash + 1 : x->name);
}

static void exec_become(struct exec *x, struct cred *cred)
{
	struct rlimit64 *stack = &current->process->limits[RLIMIT_STACK];
	bool plain = cred->euid == cred->uid && cred->egid == cred->gid && !x->unreadable;

	if (x->secure) {
		current->pdeath_signal = 0;
		stack->rlim_cur = MIN(stack->rlim_cur, STACK_SECURE_MAX);
	}
	exec_switch_mm(x);
	exec_set_comm(x);
	current->mm->dumpable = plain ? DUMPABLE_USER : DUMPABLE_NONE;
	cred_commit(cred);
}

/* Who is woken by task_parts_exec (a vforker) may run only when this task sleeps or is done;
 * it no longer needs the old address space but to drop it. */
int exec_commit(struct exec *x)
{
	struct cred *cred;
	int err = exec_cred(x, &cred);

	if (err)
		return err;
	err = task_kill_other_threads();
	if (err) {
		cred_put(cred);
		return err;
	}
	err = files_unshare();
	if (err) {
		cred_put(cred);
		return err;
	}
	x->committed = true;
	task_parts_exec(current);
	exec_become(x, cred);
	return 0;
}

/* --- the call --- */

static int exec_formats(struct exec *x)
{
	int err = -ELOOP;

	for (int depth = 0; depth <= EXEC_DEPTH_MAX; depth++) {
		err = script_load(x);
		if (err)
			return err == -ENOEXEC ? elf_load(x) : err;
	}
	return -ELOOP;
}

/* Runs the program at name; takes name. 0: the registers are those of the new program. */
static int exec_run(int dfd, char *name, int at_flags, struct exec *x,
		    const struct exec_source *argv, const struct exec_source *envp)
{
	struct pid *was = current->pid;
	int err;

	pid_get(was);
	current->flags |= TASK_IN_EXECVE;
	err = exec_open(x, dfd, name, at_flags);
	if (!err)
		err = exec_args_begin(x);
	if (!err)
		err = exec_args_copy(x, argv, envp);
	if (!err)
		err = exec_formats(x);
	exec_args_end(x);
	if (x->file)
		exec_file_put(x->file);
	kfree(x->interp);
	current->flags &= ~TASK_IN_EXECVE;
	if (err && x->committed && !fatal_signal_pending(current))
		signal_force(SIGSEGV, SI_KERNEL, 0);
	if (!err)
		ptrace_event_pid(PTRACE_EVENT_EXEC, was);
	pid_put(was);
	return err;
}

/* What AT_EXECFN and comm show: the name, or how a descriptor would name the file. */
static char *exec_name(int dfd, const char *name)
{
	size_t size = strlen(name) + FD_NAME_ROOM;
	char *text;

	if (dfd == AT_FDCWD || name[0] == '/')
		return kstrdup(name);
	text = kmalloc(size);
	if (text)
		snprintf(text, size, "/dev/fd/%d%s%s", dfd, *name ? "/" : "", name);
	return text;
}

static int exec_user(int dfd, uaddr uname, uaddr argv, uaddr envp, int at_flags)
{
	const struct exec_source args = { NULL, argv }, env = { NULL, envp };
	struct exec *x = kzalloc(sizeof(*x));
	char *name;
	int err;

	if (!x)
		return -ENOMEM;
	err = path_from_user(uname, at_flags & AT_EMPTY_PATH, &name);
	if (err)
		goto free;
	err = -ENOMEM;
	x->name = exec_name(dfd, name);
	x->nameless = !*name;
	x->inaccessible = dfd != AT_FDCWD && name[0] != '/' && fd_cloexec(current->files, dfd);
	if (x->name)
		err = exec_run(dfd, name, at_flags, x, &args, &env);
	kfree(x->name);
	path_name_free(name);
free:
	kfree(x);
	return err;
}

long sys_execve(uaddr name, uaddr argv, uaddr envp)
{
	return exec_user(AT_FDCWD, name, argv, envp, 0);
}

long sys_execveat(int dfd, uaddr name, uaddr argv, uaddr envp, int flags)
{
	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	return exec_user(dfd, name, argv, envp, flags);
}

int kernel_execve(const char *path, const char *const *argv, const char *const *envp)
{
	const struct exec_source args = { argv, 0 }, env = { envp, 0 };
	struct exec *x = kzalloc(sizeof(*x));
	char *name = kstrdup(path);
	int err = -ENOMEM;

	if (x && name) {
		x->name = name;
		err = exec_run(AT_FDCWD, name, 0, x, &args, &env);
	}
	kfree(name);
	kfree(x);
	if (err)
		return err;
	exit_to_user(current_regs());
	task_account_now();
	bkl_unlock();
	arch_enter_user(&current->arch);
}
