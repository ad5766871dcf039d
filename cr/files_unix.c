// SPDX-License-Identifier: MIT
/* cr/files_unix.c - local sockets: unix_sk_entry, in files.img where they have an open file, else
 * in unixsk.img: connections not yet accepted, and closed ends that others still know.
 *
 * A socket is known by its struct unix_sock; its number ("ino") is given when it is first spoken
 * of. Save: open files as they are met; when the tree is through, queues (cr/unix_queue.c), which
 * may bring more files, until all are there. Whose other end is outside is refused (CR-UNIX-07).
 * Restart: files make bare sockets; late, all that are known are named, joined, and given state and
 * options. See CRIU's sk-unix.proto. */
#include "cr/unix.h"

#include "fs/names.h"
#include "kernel/pid.h"
#include "mm/slab.h"

#define FD_TYPE_UNIXSK 5
#define OTHER_STATE 7			/* as CRIU has it: TCP_CLOSE */
#define GROUPS_MAX 65536

static const u32 states[] = {
	[UNIX_CLOSED] = OTHER_STATE, [UNIX_LISTENING] = 10, [UNIX_CONNECTED] = 1,
};

/* --- the object --- */

static void unix_class_get(void *u)
{
	unix_get(u);
}

static void unix_class_put(void *u)
{
	unix_put(u);
}

/* A connection that nobody will accept ends here. */
static void unix_class_drop(void *object)
{
	struct unix_sock *u = object;

	if (!u->sk.file && !u->dead && list_empty(&u->embryo_link))
		unix_close(u, true);
	unix_put(u);
}

static int unix_save(struct cr_save *s, void *object, u32 id)
{
	(void)s, (void)object, (void)id;
	return 0;
}

static bool type_known(u32 type)
{
	return type == SOCK_STREAM || type == SOCK_DGRAM || type == SOCK_SEQPACKET;
}

/* One without a file. */
static int unix_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_unix_sk_entry *e;
	struct unix_sock *u;
	int err = cr_find(r, CR_UNIXSK, 0, offsetof(struct pb_unix_sk_entry, ino), id, &e);

	if (!err && !type_known(e->type))
		err = cr_refuse(r, "unix socket", id, "is of no known type", EINVAL, CR_IMG_05);
	if (!err)
		err = unix_create(e->type, &u);
	if (err)
		return err;
	u->dead = e->dead;
	*object = u;
	return 0;
}

const struct cr_class cr_unix_class = {
	.name = "unix socket",
	.save = unix_save,
	.restore = unix_restore,
	.get = unix_class_get,
	.put = unix_class_put,
	.drop = unix_class_drop,
	.holds = HELD_SOCKET,
	.made = HELD_SOCKET,
};

int cr_unix_id(struct cr_save *s, struct unix_sock *u, u32 *id)
{
	return cr_save_object(s, &cr_unix_class, u, id);
}

/* --- options --- */

static int options_save(struct cr_save *s, const struct socket *k, struct pb_sk_opts_entry **out)
{
	struct pb_sk_opts_entry *o = *out = cr_new(s, struct pb_sk_opts_entry);

	if (!o)
		return -ENOMEM;
	o->so_sndbuf = k->sndbuf;
	o->so_rcvbuf = k->rcvbuf;
	o->has_so_priority = o->has_so_rcvlowat = o->has_so_mark = o->has_so_passcred = true;
	o->has_so_buf_lock = o->has_so_linger = o->has_bits = o->has_peek_off = true;
	o->has_busy_poll = o->has_snd_timeout = o->has_rcv_timeout = true;
	o->so_priority = k->priority;
	o->so_rcvlowat = k->rcvlowat;
	o->so_mark = k->mark;
	o->so_passcred = k->flags & SOCKET_PASSCRED;
	o->so_linger = k->linger_seconds;
	o->so_buf_lock = k->buf_locked;
	o->bits = k->flags;
	o->peek_off = k->peek_off;
	o->busy_poll = k->busy_poll;
	o->snd_timeout = k->snd_timeout_nsec;
	o->rcv_timeout = k->rcv_timeout_nsec;
	if (k->snd_timeout_nsec > 0) {
		o->so_snd_tmo_sec = k->snd_timeout_nsec / NSEC_PER_SEC;
		o->so_snd_tmo_usec = k->snd_timeout_nsec % NSEC_PER_SEC / NSEC_PER_USEC;
	}
	if (k->rcv_timeout_nsec > 0) {
		o->so_rcv_tmo_sec = k->rcv_timeout_nsec / NSEC_PER_SEC;
		o->so_rcv_tmo_usec = k->rcv_timeout_nsec % NSEC_PER_SEC / NSEC_PER_USEC;
	}
	return 0;
}

/* What setsockopt(2) would not let everybody have (CR-UNIX-06). */
static bool options_privileged(const struct pb_sk_opts_entry *o)
{
	return o->so_sndbuf > 2U * socket_limits.wmem_max ||
	       o->so_rcvbuf > 2U * socket_limits.rmem_max || o->so_mark || o->busy_poll ||
	       o->so_priority > UNIX_PRIORITY_FREE || o->bits & SOCKET_DEBUG;
}

static int options_restore(struct cr_restore *r, struct socket *k, const struct pb_sk_opts_entry *o,
			   u32 id)
{
	if (o->so_sndbuf > INT_MAX || o->so_rcvbuf > INT_MAX || o->so_rcvlowat > INT_MAX ||
	    o->snd_timeout < SOCKET_FOREVER || o->rcv_timeout < SOCKET_FOREVER || o->peek_off < -1)
		return cr_refuse(r, "unix socket", id, "has bad options", EINVAL, CR_IMG_05);
	if (options_privileged(o) && !capable_in(&init_user_ns, CAP_NET_ADMIN))
		return cr_refuse(r, "unix socket", id, "has privileged options", EPERM, CR_API_15);
	k->sndbuf = MAX(o->so_sndbuf, (u32)UNIX_SNDBUF_MIN);
	k->rcvbuf = o->so_rcvbuf;
	k->priority = o->so_priority;
	k->rcvlowat = MAX(o->so_rcvlowat, 1U);
	k->mark = o->so_mark;
	k->linger_seconds = o->so_linger;
	k->buf_locked = o->so_buf_lock;
	k->flags = o->bits;
	k->peek_off = o->peek_off;
	k->busy_poll = o->busy_poll;
	k->snd_timeout_nsec = o->snd_timeout;
	k->rcv_timeout_nsec = o->rcv_timeout;
	return 0;
}

/* --- who made the connection --- */

static int peer_cred_save(struct cr_save *s, const struct unix_peer *p, struct pb_unix_sk_entry *e)
{
	struct pb_unix_peer_entry *c = p ? cr_new(s, struct pb_unix_peer_entry) : NULL;

	e->peer_cred = c;
	if (!p)
		return 0;
	if (!c || !(c->groups = cr_array(s, p->nr_groups + 1, u32)))
		return -ENOMEM;
	c->pid = cr_pid(s, p->pid);
	c->uid = from_uid_munged(current_user_ns(), p->uid);
	c->gid = from_gid_munged(current_user_ns(), p->gid);
	for (; c->nr_groups < p->nr_groups; c->nr_groups++)
		c->groups[c->nr_groups] = from_gid_munged(current_user_ns(),
							  p->groups[c->nr_groups]);
	return 0;
}

int cr_claim_check(struct cr_restore *r, u32 id, kid_t uid, kid_t gid)
{
	const struct cred *c = current_cred();

	if (uid == INVALID_ID || gid == INVALID_ID)
		return cr_refuse(r, "credentials", id, "of nobody", EINVAL, CR_IMG_05);
	if ((uid != c->uid && uid != c->euid && uid != c->suid && !capable_in(c->user_ns,
									      CAP_SETUID)) ||
	    (gid != c->gid && gid != c->egid && gid != c->sgid && !capable_in(c->user_ns,
									      CAP_SETGID)))
		return cr_refuse(r, "credentials", id, "of another user", EPERM, CR_API_15);
	return 0;
}

static int peer_cred_restore(struct cr_restore *r, struct unix_sock *u, u32 id,
			     const struct pb_unix_peer_entry *c)
{
	struct unix_peer *p;
	kid_t uid, gid;
	int err;

	if (!c)
		return 0;
	uid = make_uid(current_user_ns(), c->uid);
	gid = make_gid(current_user_ns(), c->gid);
	err = cr_claim_check(r, id, uid, gid);
	if (!err && c->nr_groups > GROUPS_MAX)
		err = cr_refuse(r, "unix socket", id, "has too many groups", EINVAL, CR_IMG_05);
	p = err ? NULL : kmalloc(sizeof(*p) + c->nr_groups * sizeof(p->groups[0]));
	if (!p)
		return err ? err : -ENOMEM;
	ref_set(&p->refs, 1);
	p->uid = uid;
	p->gid = gid;
	for (p->nr_groups = 0; p->nr_groups < c->nr_groups; p->nr_groups++)
		p->groups[p->nr_groups] = make_gid(current_user_ns(), c->groups[p->nr_groups]);
	err = cr_pid_restore(r, c->pid, &p->pid);
	if (err)
		kfree(p);
	else
		unix_set_peer_cred(u, p);
	return err;
}

/* --- names --- */

static int name_save(struct cr_save *s, struct unix_sock *u, struct pb_unix_sk_entry *e)
{
	if (u->address) {
		e->name.data = (u8 *)&u->address->name + UNIX_PATH_AT;
		e->name.len = u->address->len - UNIX_PATH_AT;
	}
	e->has_owns_name = true;
	if (!u->path.dentry || dentry_unlinked(u->path.dentry)) {
		e->owns_name = !list_empty(&u->name_link);
		e->has_deleted = e->deleted = e->name.len && e->name.data[0];
		return 0;
	}
	e->owns_name = u->path.dentry->inode->socket == u;
	e->has_place = true;
	return cr_path_save(s, &u->path, &e->place);
}

/* The node of a name: what is there, or made again as bind(2) makes it. */
static int node_find(struct cr_restore *r, const struct pb_unix_sk_entry *e, struct path *out)
{
	const struct pb_file_entry *f;
	int err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), e->place, &f);

	if (err)
		return err;
	if (!f->reg || !f->reg->name.len)
		return cr_refuse(r, "unix socket", e->ino, "has no place", EINVAL, CR_IMG_05);
	err = cr_reg_path(r, f->reg, 0, out);
	if (err == -ENOENT) {
		u32 mode = e->file_perms ? e->file_perms->mode & S_IALLUGO : S_IRWXUGO;

		err = vfs_mknod(AT_FDCWD, (char *)f->reg->name.data, S_IFSOCK | mode, 0);
		if (!err)
			err = cr_reg_path(r, f->reg, 0, out);
	}
	if (!err && (!S_ISSOCK(out->dentry->inode->mode) ||
		     inode_permission(out->dentry->inode, MAY_WRITE))) {
		path_put(out);
		err = -EACCES;
	}
	return err ? cr_refuse(r, "unix socket", e->ino, (char *)f->reg->name.data, -err,
			       CR_UNIX_03)
		   : 0;
}

static int name_restore(struct cr_restore *r, struct unix_sock *u, const struct pb_unix_sk_entry *e)
{
	struct unix_name name = { .un.sun_family = AF_UNIX };
	struct path node = {};
	int err = 0;

	if (!e->name.len)
		return 0;
	if (e->name.len > sizeof(name.un.sun_path) + 1 || u->address)
		return cr_refuse(r, "unix socket", e->ino, "has too long a name", EINVAL,
				 CR_IMG_05);
	pb_copy(name.un.sun_path, &e->name);
	if (e->has_place)
		err = node_find(r, e, &node);
	if (!err)
		err = unix_address_restore(u, &name, UNIX_PATH_AT + e->name.len,
					   e->has_place ? &node : NULL, e->owns_name);
	if (node.dentry)
		path_put(&node);
	return err ? cr_refuse(r, "unix socket", e->ino, "cannot have its name", -err, CR_UNIX_03)
		: 0;
}

/* --- the entry --- */

/* Who waits at a listener of the image (CR-UNIX-02): only addresses to be remembered. */
static void awaited_none(void *u)
{
	(void)u;
}

static const struct cr_class awaited_class = {
	.name = "awaited socket", .get = awaited_none, .put = awaited_none,
};

bool cr_unix_is_awaited(const struct cr_save *s, const struct unix_sock *u)
{
	return objtab_id(&s->objects, &awaited_class, u);
}

static int embryos_save(struct cr_save *s, struct unix_sock *u, struct pb_unix_sk_entry *e)
{
	struct unix_sock *k;
	u32 n = 0;
	int err = 0;

	list_for_each(k, &u->embryos, embryo_link)
		n++;
	e->embryo = cr_array(s, n + 1, u32);
	if (!e->embryo)
		return -ENOMEM;
	list_for_each(k, &u->embryos, embryo_link) {
		u32 id = 0;

		err = cr_unix_id(s, k, &e->embryo[e->nr_embryo++]);
		if (!err)
			err = objtab_add(&s->objects, &awaited_class, k, false, &id);
		if (err)
			break;
	}
	return err;
}

int cr_unix_entry_save(struct cr_save *s, struct unix_sock *u, struct pb_unix_sk_entry *e)
{
	int err = cr_unix_id(s, u, &e->ino);

	e->type = u->sk.type;
	e->state = states[u->state];
	e->backlog = u->backlog;
	e->has_shutdown = e->has_dead = e->has_error = true;
	e->shutdown = u->sk.shutdown;
	e->dead = u->dead;
	e->error = u->sk.error;
	if (!err && u->peer)
		err = cr_unix_id(s, u->peer, &e->peer);
	if (!err)
		err = options_save(s, &u->sk, &e->opts);
	if (!err)
		err = peer_cred_save(s, u->peer_cred, e);
	if (!err)
		err = name_save(s, u, e);
	return err ? err : embryos_save(s, u, e);
}

static int embryos_restore(struct cr_restore *r, struct unix_sock *u,
			   const struct pb_unix_sk_entry *e)
{
	for (u32 i = 0; i < e->nr_embryo; i++) {
		void *object;
		struct unix_sock *k;
		int err = cr_restore_object(r, &cr_unix_class, e->embryo[i], &object);

		if (err)
			return err;
		k = object;
		if (u->state != UNIX_LISTENING || k->sk.type != u->sk.type || k->sk.file ||
		    k->dead ||
		    !list_empty(&k->embryo_link))
			return cr_refuse(r, "unix socket", e->ino, "waits for no connection",
					 EINVAL,
					 CR_IMG_05);
		unix_get(k);
		list_add_tail(&u->embryos, &k->embryo_link);
		u->queue_len++;
	}
	return 0;
}

static int state_restore(struct cr_restore *r, struct unix_sock *u,
			 const struct pb_unix_sk_entry *e)
{
	for (u32 k = 0; k < ARRAY_SIZE(states); k++)
		if (states[k] == e->state)
			u->state = k;
	if (states[u->state] != e->state || (u->state == UNIX_LISTENING &&
					     u->sk.type == SOCK_DGRAM) ||
	    (u->state == UNIX_LISTENING && (u->dead || e->peer || !u->address || !u->peer_cred)))
		return cr_refuse(r, "unix socket", e->ino, "is in no known state", EINVAL,
				 CR_IMG_05);
	u->backlog = e->backlog;
	u->sk.shutdown = e->shutdown & SHUTDOWN_BOTH;
	u->sk.error = e->error < UNIX_ERRNO_MAX ? e->error : 0;
	return 0;
}

/* Joins are made one way here; cr_unix_check() sees that both ways agree. */
static int peer_restore(struct cr_restore *r, struct unix_sock *u, const struct pb_unix_sk_entry *e)
{
	void *peer;
	int err;

	if (!e->peer || u->peer)
		return 0;
	if (u->dead)
		return cr_refuse(r, "unix socket", e->ino, "is closed", EINVAL, CR_IMG_05);
	err = cr_restore_object(r, &cr_unix_class, e->peer, &peer);
	if (err)
		return err;
	if (((struct unix_sock *)peer)->sk.type != u->sk.type)
		return cr_refuse(r, "unix socket", e->ino, "has a peer of another type", EINVAL,
				 CR_IMG_05);
	u->peer = unix_get(peer);
	return 0;
}

int cr_unix_entry_restore(struct cr_restore *r, struct unix_sock *u,
			  const struct pb_unix_sk_entry *e)
{
	int err = e->opts ? options_restore(r, &u->sk, e->opts, e->ino)
			  : cr_refuse(r, "unix socket", e->ino, "is not sound", EINVAL, CR_IMG_05);

	if (!err)
		err = peer_cred_restore(r, u, e->ino, e->peer_cred);
	if (!err)
		err = name_restore(r, u, e);
	if (!err)
		err = state_restore(r, u, e);
	if (!err)
		err = peer_restore(r, u, e);
	return err ? err : embryos_restore(r, u, e);
}

/* --- open files --- */

static bool unix_is(const struct file *f)
{
	return unix_of((struct file *)f);
}

static int unix_file_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_unix_sk_entry *usk = cr_new(s, struct pb_unix_sk_entry);
	struct pb_file_perms_entry *perms = cr_new(s, struct pb_file_perms_entry);

	if (!usk || !perms || !(usk->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->usk = usk;
	usk->id = e->id;
	usk->flags = f->flags;
	usk->file_perms = perms;
	perms->mode = f->inode->mode & S_IALLUGO;
	perms->uid = from_uid_munged(current_user_ns(), f->inode->uid);
	perms->gid = from_gid_munged(current_user_ns(), f->inode->gid);
	return cr_unix_entry_save(s, unix_of(f), usk);
}

static int unix_file_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_unix_sk_entry *usk = e->usk;
	struct unix_sock *u;
	int err;

	if (!usk || !type_known(usk->type) || objtab_object(&r->objects, &cr_unix_class, usk->ino))
		return cr_refuse(r, "unix socket", e->id, "is not sound", EINVAL, CR_IMG_05);
	err = unix_create(usk->type, &u);
	if (!err)
		err = socket_create_file(&u->sk, usk->flags & O_NONBLOCK, out);
	if (err)
		return err;
	(*out)->flags = O_RDWR | (usk->flags & (O_NONBLOCK | O_APPEND | O_NOATIME));
	if (usk->file_perms)
		(*out)->inode->mode = S_IFSOCK | (usk->file_perms->mode & S_IALLUGO);
	err = objtab_take(&r->objects, &cr_unix_class, unix_get(u), usk->ino);
	if (err)
		file_put(*out);
	return err;
}

const struct cr_file_class cr_unix_files = {
	.name = "unix socket",
	.type = FD_TYPE_UNIXSK,
	.is = unix_is,
	.save = unix_file_save,
	.restore = unix_file_restore,
};
