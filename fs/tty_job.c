// SPDX-License-Identifier: MIT
/* fs/tty_job.c - job control: sessions, foreground groups, controlling terminals.
 *
 * A session has at most one controlling terminal and a terminal at most one session; its
 * foreground group gets the keyboard's signals. A background process that reads gets
 * SIGTTIN, one that changes the terminal SIGTTOU, unless nobody could continue it: then
 * it gets EIO. Numbers are those of the caller's pid namespace (TTY-01).
 * Locks: BKL. See credentials(7), ioctl_tty(2), setpgid(2). */

#include "fs/tty.h"
#include "kernel/cred.h"
#include "kernel/hooks.h"
#include "kernel/syscall.h"

struct pid *tty_foreground(const struct tty *tty)
{
	return tty->pgrp;
}

static void set_pid(struct pid **slot, struct pid *p)
{
	struct pid *old = *slot;

	*slot = p;
	if (p)
		pid_get(p);
	if (old)
		pid_put(old);
}

void tty_signal_foreground(struct tty *tty, int sig)
{
	siginfo_t info;

	if (!tty->pgrp)
		return;
	siginfo_kernel(&info, sig);
	signal_group(tty->pgrp, sig, &info);
}

static bool signal_refused(int sig)
{
	return (current->blocked & SIGMASK(sig)) ||
	       current->sighand->action[sig - 1].handler == (uaddr)SIG_IGN;
}

int tty_check_change(struct tty *tty, int sig)
{
	struct process *p = current->process;
	siginfo_t info;

	if (p->tty != tty || !tty->pgrp || p->pgid == tty->pgrp)
		return 0;
	if (signal_refused(sig))
		return sig == SIGTTIN ? -EIO : 0;
	if (pgrp_is_orphaned(p->pgid, NULL))
		return -EIO;
	siginfo_kernel(&info, sig);
	signal_group(p->pgid, sig, &info);
	return -ERESTARTSYS;
}

/* --- taking and losing the controlling terminal --- */

static void process_set_tty(struct process *p, struct tty *tty)
{
	struct tty *old = p->tty;

	p->tty = tty;
	if (tty)
		tty_get(tty);
	if (old)
		tty_put(old);
}

void tty_process_detach(struct process *p)
{
	process_set_tty(p, NULL);
}

void tty_process_fork(struct process *child, struct process *parent)
{
	if (parent->tty)
		process_set_tty(child, parent->tty);
}

/* current's session gets tty, its group the foreground. */
static void take_tty(struct tty *tty)
{
	set_pid(&tty->session, current->process->sid);
	set_pid(&tty->pgrp, current->process->pgid);
	process_set_tty(current->process, tty);
}

/* Every process of a session loses the terminal. */
static void session_clear_tty(struct pid *session)
{
	struct process *p;

	list_for_each(p, &session->session, session_link)
		process_set_tty(p, NULL);
}

/* The terminal no longer belongs to its session. */
static void release_from_session(struct tty *tty)
{
	struct pid *session = tty->session;

	if (!session)
		return;
	tty_get(tty);
	session_clear_tty(session);
	set_pid(&tty->session, NULL);
	set_pid(&tty->pgrp, NULL);
	tty_put(tty);
}

void tty_maybe_take(struct tty *tty, struct file *f)
{
	struct process *p = current->process;

	if ((f->flags & O_NOCTTY) || !p->session_leader || p->tty || tty->session ||
	    !(f->mode & FMODE_READ))
		return;
	take_tty(tty);
}

/* SIGHUP and SIGCONT to the foreground, as when a modem line drops. */
static void hangup_foreground(struct tty *tty)
{
	tty_signal_foreground(tty, SIGHUP);
	tty_signal_foreground(tty, SIGCONT);
}

void tty_session_exit(struct process *leader)
{
	struct tty *tty = leader->tty;

	if (!tty)
		return;
	tty_get(tty);
	hangup_foreground(tty);
	release_from_session(tty);
	tty_put(tty);
}

long sys_vhangup(void)
{
	struct tty *tty = current->process->tty;

	if (!capable_in(&init_user_ns, CAP_SYS_TTY_CONFIG))
		return deny(EPERM, EXT_CRED_01);
	if (tty)
		tty_hangup(tty);
	return 0;
}

void tty_hangup(struct tty *tty)
{
	siginfo_t info;

	tty_get(tty);
	tty->hangups++;
	if (tty->session && tty->session->process) {
		siginfo_kernel(&info, SIGHUP);
		signal_process(tty->session->process, SIGHUP, &info);
		siginfo_kernel(&info, SIGCONT);
		signal_process(tty->session->process, SIGCONT, &info);
	}
	hangup_foreground(tty);
	release_from_session(tty);
	wake_all(&tty->read_wait);
	wake_all(&tty->write_wait);
	tty_put(tty);
}

void tty_restore_job(struct tty *tty, struct pid *session, struct pid *pgrp)
{
	set_pid(&tty->session, session);
	set_pid(&tty->pgrp, pgrp);
}

void tty_process_attach(struct process *p, struct tty *tty)
{
	process_set_tty(p, tty);
}

/* --- ioctls --- */

/* TIOCSCTTY: arg 1 lets root steal it from another session. */
static long set_controlling(struct tty *tty, u64 arg)
{
	struct process *p = current->process;

	if (p->session_leader && p->sid == tty->session)
		return 0;
	if (!p->session_leader || p->tty)
		return deny(EPERM, EXT_TASK_03);
	if (tty->session) {
		if (arg != 1 || !capable_in(&init_user_ns, CAP_SYS_ADMIN))
			return deny(EPERM, EXT_TASK_03);
		release_from_session(tty);
	}
	take_tty(tty);
	return 0;
}

/* TIOCNOTTY: a leader gives it up for the whole session. */
static long give_up(struct tty *tty)
{
	if (current->process->tty != tty)
		return -ENOTTY;
	if (current->process->session_leader)
		tty_session_exit(current->process);
	else
		tty_process_detach(current->process);
	return 0;
}

/* The caller must have this terminal, unless it asks through a pty master (data says so). */
static bool may_ask_job(const struct tty *tty)
{
	return current->process->tty == tty && tty->session;
}

static long get_pid_number(const struct pid *p, uaddr out)
{
	s32 nr = pid_nr(p);

	return copy_to_user(out, &nr, sizeof(nr));
}

static long set_foreground(struct tty *tty, uaddr arg)
{
	struct pid *pgrp;
	s32 nr;
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err == -EIO ? -ENOTTY : err;
	if (!may_ask_job(tty) || current->process->sid != tty->session)
		return -ENOTTY;
	if (copy_from_user(&nr, arg, sizeof(nr)))
		return -EFAULT;
	if (nr < 0)
		return -EINVAL;
	pgrp = pid_find(current_pid_ns(), nr);
	if (!pgrp || list_empty(&pgrp->group))
		return -ESRCH;
	if (list_first(&pgrp->group, struct process, group_link)->sid != current->process->sid)
		return -EPERM;
	set_pid(&tty->pgrp, pgrp);
	return 0;
}

long tty_job_ioctl(struct tty *tty, unsigned cmd, u64 arg)
{
	switch (cmd) {
	case TIOCSCTTY:
		return set_controlling(tty, arg);
	case TIOCNOTTY:
		return give_up(tty);
	case TIOCGPGRP:
		return may_ask_job(tty) ? get_pid_number(tty->pgrp, arg) : -ENOTTY;
	case TIOCSPGRP:
		return set_foreground(tty, arg);
	case TIOCGSID:
		return may_ask_job(tty) ? get_pid_number(tty->session, arg) : -ENOTTY;
	default:
		return -ENOIOCTLCMD;
	}
}
