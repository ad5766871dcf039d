// SPDX-License-Identifier: MIT
/* net/unix_scm.c - what messages of local sockets carry besides bytes: credentials and open files.
 *
 * Credentials are kept as a struct pid and kernel ids, and told in the terms of who receives them
 * (AFUX-01, PIDNS-35, USERNS-43). Others than one's own need capabilities (AFUX-02).
 * Files are counted by the message. From unix_scm_attach() until a reader takes them they are in
 * flight: counted in the sending user, whom RLIMIT_NOFILE limits, and in the local sockets
 * among them, for the collector of circles (unix_gc.c).
 * Closing a file may close a socket whose queue holds messages with files, and so on:
 * files_let_go() makes a loop of that recursion.
 * Locks: BKL. Checkpoint: with the message. See unix(7), cmsg(3). */

#include "net/unix_msg.h"

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "fs/fdtable.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "net/unix_internal.h"

#define GC_TRIGGER 16000		/* sockets in flight before a send collects */

struct list unix_files_inflight = LIST_INIT(unix_files_inflight);

/* --- letting files go --- */

struct files_drain {
	struct list link;
	struct task *task;
	struct list dead;
};
static struct list files_drains = LIST_INIT(files_drains);

static void files_free(struct unix_files *fs)
{
	for (u32 k = 0; k < fs->nr; k++)
		file_put(fs->file[k]);
	kfree(fs);
}

/* Context: may sleep. Called again from within itself, it only notes what is to go. */
static void files_let_go(struct unix_files *fs)
{
	struct files_drain own = { .task = current }, *d;

	list_for_each(d, &files_drains, link) {
		if (d->task == current) {
			list_add_tail(&d->dead, &fs->link);
			return;
		}
	}
	list_init(&own.dead);
	list_add(&files_drains, &own.link);
	list_add_tail(&own.dead, &fs->link);
	while ((fs = list_first(&own.dead, struct unix_files, link))) {
		list_del(&fs->link);
		files_free(fs);
	}
	list_del(&own.link);
}

int unix_scm_files_create(u32 room, struct unix_files **out)
{
	struct unix_files *fs;

	fs = kzalloc_charged(offsetof(struct unix_files, file) + room * sizeof(fs->file[0]));
	if (!fs)
		return -ENOMEM;
	list_init(&fs->link);
	fs->user = NULL;
	fs->nr = 0;
	*out = fs;
	return 0;
}

/* --- in flight --- */

static int files_depart(struct unix_files *fs)
{
	struct user *user = current_cred()->user;

	if (user->unix_inflight > current_limit(RLIMIT_NOFILE) &&
	    !capable_in(&init_user_ns, CAP_SYS_RESOURCE) &&
	    !capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return deny(ETOOMANYREFS, EXT_LIM_02);
	ref_get(&user->refs);
	fs->user = user;
	user->unix_inflight += fs->nr;
	list_add_tail(&unix_files_inflight, &fs->link);
	for (u32 k = 0; k < fs->nr; k++)
		unix_inflight_add(fs->file[k]);
	if (unix_inflight_sockets > GC_TRIGGER)
		unix_gc();
	return 0;
}

static void files_arrive(struct unix_files *fs)
{
	for (u32 k = 0; k < fs->nr; k++)
		unix_inflight_remove(fs->file[k]);
	list_del(&fs->link);
	fs->user->unix_inflight -= fs->nr;
	user_put(fs->user);
	fs->user = NULL;
}

void unix_scm_clear(struct unix_scm *scm)
{
	struct unix_files *fs = scm->files;

	if (scm->pid)
		pid_put(scm->pid);
	scm->pid = NULL;
	scm->files = NULL;
	if (fs && fs->user)
		files_arrive(fs);
	if (fs)
		files_let_go(fs);
}

/* --- sending --- */

/* May current say that it is that process and these ids? */
static int cred_may_claim(const struct ucred_abi *u, kid_t uid, kid_t gid)
{
	const struct cred *c = current_cred();

	if (u->pid != pid_nr(current->process->tgid) &&
	    !capable_in(current_pid_ns()->ns.owner, CAP_SYS_ADMIN))
		return deny(EPERM, AFUX_02);
	if (uid != c->uid && uid != c->euid && uid != c->suid &&
	    !capable_in(c->user_ns, CAP_SETUID))
		return deny(EPERM, EXT_CRED_04);
	if (gid != c->gid && gid != c->egid && gid != c->sgid &&
	    !capable_in(c->user_ns, CAP_SETGID))
		return deny(EPERM, EXT_CRED_04);
	return 0;
}

static int parse_cred(const void *data, u64 len, struct unix_scm *out)
{
	struct ucred_abi u;
	struct pid *pid;
	kid_t uid, gid;
	int err;

	if (len != sizeof(u))
		return -EINVAL;
	memcpy(&u, data, sizeof(u));
	uid = make_uid(current_user_ns(), u.uid);
	gid = make_gid(current_user_ns(), u.gid);
	if (uid == INVALID_ID || gid == INVALID_ID)
		return deny(EINVAL, EXT_CRED_06);
	err = cred_may_claim(&u, uid, gid);
	if (err)
		return err;
	pid = pid_find(current_pid_ns(), u.pid);
	if (!pid)
		return deny(ESRCH, AFUX_02);
	pid_get(pid);
	if (out->pid)
		pid_put(out->pid);
	out->pid = pid;
	out->uid = uid;
	out->gid = gid;
	return 0;
}

static int parse_files(const void *data, u64 len, u64 room, struct unix_scm *out)
{
	const int *fd = data;
	u64 nr = len / sizeof(*fd);
	int err;

	if (!nr)
		return 0;
	if (nr > SCM_MAX_FD)
		return -EINVAL;
	if (!out->files) {
		err = unix_scm_files_create(MIN(room / sizeof(*fd), (u64)SCM_MAX_FD), &out->files);
		if (err)
			return err;
	}
	if (out->files->nr + nr > SCM_MAX_FD)
		return -EINVAL;
	for (u64 k = 0; k < nr; k++) {
		struct file *f = fd[k] < 0 ? NULL : fd_get(fd[k]);

		if (!f)
			return -EBADF;
		out->files->file[out->files->nr++] = f;
	}
	return 0;
}

static int parse_one(const struct cmsghdr_abi *h, u64 room, struct unix_scm *out)
{
	u64 len = h->len - sizeof(*h);

	if (h->level != SOL_SOCKET)
		return 0;
	switch (h->type) {
	case SCM_RIGHTS:
		return parse_files(h + 1, len, room, out);
	case SCM_CREDENTIALS:
		return parse_cred(h + 1, len, out);
	default:
		return -EINVAL;
	}
}

int unix_scm_parse(const struct socket_msg *m, struct unix_scm *out)
{
	const struct cmsghdr_abi *h;
	int err = 0;

	*out = (struct unix_scm){ .uid = INVALID_ID, .gid = INVALID_ID };
	for (u64 at = 0; !err && at + sizeof(*h) <= m->control_len; at += CMSG_STEP(h->len)) {
		h = (const void *)(m->control + at);
		if (h->len < sizeof(*h) || h->len > m->control_len - at)
			err = -EINVAL;
		else
			err = parse_one(h, m->control_len, out);
	}
	if (err)
		unix_scm_clear(out);
	return err;
}

int unix_scm_attach(struct unix_msg *m, struct unix_scm *scm)
{
	int err;

	unix_scm_set_cred(&m->scm, scm);
	if (!scm->files)
		return 0;
	err = files_depart(scm->files);
	if (err)
		return err;
	m->scm.files = scm->files;
	scm->files = NULL;
	return 0;
}

void unix_scm_add_own(struct unix_msg *m, const struct unix_sock *receiver)
{
	const struct cred *c = current_cred();

	if (m->scm.pid)
		return;
	if (!((m->sender->sk.flags | receiver->sk.flags) & SOCKET_PASSCRED) && receiver->sk.file)
		return;
	m->scm.pid = current->process->tgid;
	pid_get(m->scm.pid);
	m->scm.uid = c->uid;
	m->scm.gid = c->gid;
}

/* --- receiving --- */

bool unix_scm_same(const struct unix_scm *a, const struct unix_scm *b)
{
	return a->pid == b->pid && a->uid == b->uid && a->gid == b->gid;
}

void unix_scm_set_cred(struct unix_scm *to, const struct unix_scm *from)
{
	if (from->pid)
		pid_get(from->pid);
	if (to->pid)
		pid_put(to->pid);
	to->pid = from->pid;
	to->uid = from->uid;
	to->gid = from->gid;
}

void unix_scm_take_files(struct unix_scm *to, struct unix_sock *reader, struct unix_msg *m)
{
	if (!m->scm.files)
		return;
	reader->queued_files -= list_empty(&m->link) ? 0 : m->scm.files->nr;
	files_arrive(m->scm.files);
	to->files = m->scm.files;
	m->scm.files = NULL;
}

int unix_scm_copy_files(struct unix_scm *to, const struct unix_msg *m)
{
	const struct unix_files *from = m->scm.files;
	int err;

	if (!from)
		return 0;
	err = unix_scm_files_create(from->nr, &to->files);
	if (err)
		return err;
	for (u32 k = 0; k < from->nr; k++)
		to->files->file[to->files->nr++] = file_get(from->file[k]);
	return 0;
}

/* One file as a new descriptor, whose number goes to user memory. */
static int give_file(struct file *f, uaddr to, u32 cloexec)
{
	int fd = fd_reserve(0, cloexec);

	if (fd < 0)
		return fd;
	if (copy_to_user(to, &fd, sizeof(fd))) {
		fd_unreserve(fd);
		return -EFAULT;
	}
	fd_install(fd, file_get(f));
	return 0;
}

/* As many as there is room for; the others are lost, and MSG_CTRUNC says so. */
static void give_files(struct socket_msg *m, const struct unix_files *fs)
{
	struct cmsghdr_abi h = { sizeof(h), SOL_SOCKET, SCM_RIGHTS };
	u32 cloexec = m->flags & MSG_CMSG_CLOEXEC ? O_CLOEXEC : 0, k;
	u64 room = 0, step;

	if (m->control_left > sizeof(h))
		room = (m->control_left - sizeof(h)) / sizeof(int);
	for (k = 0; k < fs->nr && k < room; k++)
		if (give_file(fs->file[k], m->control_to + sizeof(h) + k * sizeof(int), cloexec))
			break;
	if (k < fs->nr)
		m->out_flags |= MSG_CTRUNC;
	h.len += k * sizeof(int);
	if (!k || copy_to_user(m->control_to, &h, sizeof(h)))
		return;
	step = MIN(CMSG_STEP(h.len), m->control_left);
	m->control_to += step;
	m->control_left -= step;
}

void unix_scm_recv(struct unix_sock *reader, struct socket_msg *m, struct unix_scm *scm)
{
	bool pass = reader->sk.flags & SOCKET_PASSCRED;
	struct ucred_abi u;

	if (!m->control_to) {
		if (pass || scm->files)
			m->out_flags |= MSG_CTRUNC;
		unix_scm_clear(scm);
		return;
	}
	if (pass) {
		u.pid = pid_nr(scm->pid);
		u.uid = from_uid_munged(current_user_ns(), scm->uid);
		u.gid = from_gid_munged(current_user_ns(), scm->gid);
		msg_put_control(m, SOL_SOCKET, SCM_CREDENTIALS, &u, sizeof(u));
	}
	if (scm->files)
		give_files(m, scm->files);
	unix_scm_clear(scm);
}
