// SPDX-License-Identifier: MIT
/* cr/unix_queue.c - what waits in local sockets: sk-queues.img, each message with its bytes behind.
 *
 * Files on their way are files like others: they are saved when their message is met, and may be
 * sockets with queues of their own, also such that hold themselves. So both directions work on
 * lists that grow. Restart: 1 the files of all messages, so that every socket exists; 2 names,
 * states and joins; 3 they agree; 4 the messages. Who sent a message and is not in the image is
 * remembered by its name. See unix(7). */
#include "cr/unix.h"

#include "kernel/pid.h"
#include "mm/slab.h"

#define SCM_RIGHTS_TYPE 1
#define CHARGE_OF(len) (2 * (u64)(len) + 64 * 1024)	/* no message of so many bytes costs more */

/* --- save --- */

static int rights_save(struct cr_save *s, const struct unix_files *fs, struct pb_sk_packet_entry *e)
{
	struct pb_scm_entry *scm;
	int err = 0;

	if (!fs)
		return 0;
	scm = cr_new(s, struct pb_scm_entry);
	e->scm = cr_array(s, 1, struct pb_scm_entry *);
	if (!scm || !e->scm || !(scm->rights = cr_array(s, fs->nr, u32)))
		return -ENOMEM;
	e->scm[e->nr_scm++] = scm;
	scm->type = SCM_RIGHTS_TYPE;
	for (u32 k = 0; k < fs->nr && !err; k++)
		err = cr_save_object(s, &cr_file_class, fs->file[k],
				     &scm->rights[scm->nr_rights++]);
	return err;
}

static bool is_outside(struct cr_save *s, const struct unix_sock *u)
{
	return u->sk.file && !objtab_id(&s->objects, &cr_file_class, u->sk.file);
}

static int sender_save(struct cr_save *s, struct unix_sock *sender, struct pb_sk_packet_entry *e)
{
	if (!is_outside(s, sender)) {
		e->has_sender = true;
		return cr_unix_id(s, sender, &e->sender);
	}
	e->has_sender_name = sender->address;
	if (sender->address)
		e->sender_name = (struct pb_bytes){ sender->address->len - UNIX_PATH_AT,
						    (u8 *)&sender->address->name + UNIX_PATH_AT };
	return 0;
}

static int message_save(struct cr_save *s, const struct unix_msg *m, u32 id)
{
	struct pb_sk_packet_entry e = {
		.id_for = id, .length = unix_msg_left(m),
		.has_charge = true, .charge = m->charge,
		.has_peeked = true, .peeked = m->peeked,
		.has_pid = m->scm.pid, .has_uid = m->scm.uid != INVALID_ID,
		.has_gid = m->scm.uid != INVALID_ID,
	};
	u8 *bytes = arena_alloc(&s->arena, e.length + 1);
	struct iter to;
	int err;

	if (!bytes)
		return -ENOMEM;
	if (m->scm.pid)
		e.pid = cr_pid(s, m->scm.pid);
	if (e.has_uid) {
		e.uid = from_uid_munged(current_user_ns(), m->scm.uid);
		e.gid = from_gid_munged(current_user_ns(), m->scm.gid);
	}
	iter_kernel(&to, bytes, e.length);
	unix_msg_copy(m, 0, e.length, &to);
	err = rights_save(s, m->scm.files, &e);
	if (!err)
		err = sender_save(s, m->sender, &e);
	if (!err)
		err = cr_put(s, CR_SK_QUEUES, 0, &pb_sk_packet_entry_type, &e);
	return err ? err : cr_put_raw(s, CR_SK_QUEUES, 0, bytes, e.length);
}

/* A socket by itself: a closed one, or a connection not yet accepted, whose listener is here. */
static int fileless_save(struct cr_save *s, struct unix_sock *u)
{
	struct pb_unix_sk_entry e = { .fown = cr_new(s, struct pb_fown_entry) };
	int err = e.fown ? cr_unix_entry_save(s, u, &e) : -ENOMEM;

	return err ? err : cr_put(s, CR_UNIXSK, 0, &pb_unix_sk_entry_type, &e);
}

static int socket_save(struct cr_save *s, struct unix_sock *u, u32 id)
{
	struct unix_msg *m;
	int err = 0;

	if (is_outside(s, u))
		return cr_refuse(s, "unix socket", id, "is outside", EBUSY, CR_UNIX_07);
	if (!u->sk.file && !u->dead && !cr_unix_is_awaited(s, u))
		return cr_refuse(s, "unix socket", id, "waits at a listener outside", EBUSY,
				 CR_UNIX_07);
	if (!u->sk.file)
		err = fileless_save(s, u);
	list_for_each(m, &u->queue, link) {
		err = err ? err : message_save(s, m, id);
	}
	return err;
}

/* Queues first: files on their way may be the other ends of what was met before (CR-UNIX-04). */
static int queue_files_save(struct cr_save *s, struct unix_sock *u)
{
	struct unix_msg *m;
	u32 id;
	int err = 0;

	list_for_each(m, &u->queue, link)
		for (u32 k = 0; m->scm.files && k < m->scm.files->nr && !err; k++)
			err = cr_save_object(s, &cr_file_class, m->scm.files->file[k], &id);
	return err;
}

static int unix_save_late(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	int err = 0;

	while (!err && (o = objtab_next(&s->objects, &cr_unix_class, o)))
		err = queue_files_save(s, o->object);
	o = NULL;
	while (!err && (o = objtab_next(&s->objects, &cr_unix_class, o)))
		err = socket_save(s, o->object, o->id);
	return err;
}

/* --- restart: CR-UNIX-01 --- */

static int queue_files_restore(struct cr_restore *r, const struct cr_messages *queue)
{
	int err = 0;

	for (u32 i = 0; i < queue->nr && !err; i++) {
		const struct pb_sk_packet_entry *e = queue->message[i];

		for (u32 k = 0; e->nr_scm && k < e->scm[0]->nr_rights && !err; k++) {
			void *f;

			err = cr_restore_object(r, &cr_file_class, e->scm[0]->rights[k], &f);
		}
	}
	return err;
}

/* States of all sockets there are; those without a file are made. */
static int states_restore(struct cr_restore *r)
{
	struct cr_messages all;
	struct unix_sock *u;
	void *object;
	int err = 0;

	cr_messages(r, CR_UNIXSK, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_unix_sk_entry *e = all.message[i];

		err = cr_restore_object(r, &cr_unix_class, e->ino, &object);
		if (!err && ((struct unix_sock *)object)->sk.file)
			err = cr_refuse(r, "unix socket", e->ino, "stands twice", EINVAL,
					CR_IMG_05);
		if (!err)
			err = cr_unix_entry_restore(r, object, e);
	}
	cr_messages(r, CR_FILES, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_file_entry *e = all.message[i];
		struct file *f = e->usk ? objtab_object(&r->objects, &cr_file_class, e->id) : NULL;

		u = f ? unix_of(f) : NULL;
		if (u && objtab_object(&r->objects, &cr_unix_class, e->usk->ino) == u)
			err = cr_unix_entry_restore(r, u, e->usk);
	}
	return err;
}

/* A connection has two ends that know each other; who waits is waited for. */
static int sockets_agree(struct cr_restore *r)
{
	struct objtab_entry *o = NULL;

	while ((o = objtab_next(&r->objects, &cr_unix_class, o))) {
		const struct unix_sock *u = o->object;
		bool stream = u->sk.type != SOCK_DGRAM;
		bool waits = !u->sk.file && !u->dead;

		if ((stream && u->peer && !u->peer->dead && u->peer->peer != u) ||
		    (stream && !u->dead && (u->state == UNIX_CONNECTED) != !!u->peer) ||
		    (u->peer && u->peer == u && stream) || waits != !list_empty(&u->embryo_link) ||
		    (waits && (!stream || !u->peer || !u->address)))
			return cr_refuse(r, "unix socket", o->id, "is not joined", EINVAL,
					 CR_IMG_05);
	}
	return 0;
}

/* Stands for one who is not in the image: a closed socket with its name. */
static int stranger_create(int type, const struct pb_bytes *name, struct unix_sock **out)
{
	struct unix_name un = { .un.sun_family = AF_UNIX };
	int err = name->len > sizeof(un.un.sun_path) + 1 ? -EINVAL : unix_create(type, out);

	if (err)
		return err;
	(*out)->dead = true;
	memcpy(un.un.sun_path, name->data, name->len);
	if (name->len)
		err = unix_address_restore(*out, &un, UNIX_PATH_AT + name->len, NULL, false);
	if (err)
		unix_put(*out);
	return err;
}

static int sender_find(struct cr_restore *r, const struct pb_sk_packet_entry *e, int type,
		       struct unix_sock **out)
{
	void *object;
	int err;

	if (!e->has_sender)
		return stranger_create(type, &e->sender_name, out);
	err = cr_restore_object(r, &cr_unix_class, e->sender, &object);
	if (!err)
		*out = unix_get(object);
	return err;
}

static int rights_restore(struct cr_restore *r, const struct pb_sk_packet_entry *e,
			  struct unix_scm *scm)
{
	const struct pb_scm_entry *rights = e->nr_scm ? e->scm[0] : NULL;
	int err;

	if (!rights || !rights->nr_rights)
		return 0;
	if (e->nr_scm > 1 || rights->type != SCM_RIGHTS_TYPE || rights->nr_rights > SCM_MAX_FD)
		return cr_refuse(r, "message", e->id_for, "has too many files", EINVAL, CR_IMG_05);
	err = unix_scm_files_create(rights->nr_rights, &scm->files);
	for (u32 k = 0; k < rights->nr_rights && !err; k++) {
		void *f;

		err = cr_restore_object(r, &cr_file_class, rights->rights[k], &f);
		if (!err)
			scm->files->file[scm->files->nr++] = file_get(f);
	}
	return err;
}

static int scm_restore(struct cr_restore *r, const struct pb_sk_packet_entry *e,
		       struct unix_scm *scm)
{
	int err = 0;

	*scm = (struct unix_scm){ .uid = INVALID_ID, .gid = INVALID_ID };
	if (e->has_uid) {
		scm->uid = make_uid(current_user_ns(), e->uid);
		scm->gid = make_gid(current_user_ns(), e->gid);
		err = cr_claim_check(r, e->id_for, scm->uid, scm->gid);
		if (!err)
			err = cr_pid_restore(r, e->pid, &scm->pid);
	}
	return err ? err : rights_restore(r, e, scm);
}

static int message_fill(struct cr_restore *r, struct unix_msg *m,
			const struct pb_sk_packet_entry *e)
{
	struct unix_scm scm;
	struct iter from;
	int err = scm_restore(r, e, &scm);

	if (!err)
		err = unix_scm_attach(m, &scm);
	unix_scm_clear(&scm);
	iter_kernel(&from, e->bytes.data, e->length);
	if (!err)
		err = unix_msg_fill(m, &from);
	m->peeked = e->peeked;
	m->sender->sk.charged += e->charge - m->charge;
	m->charge = e->charge;
	return err;
}

static int message_restore(struct cr_restore *r, const struct pb_sk_packet_entry *e)
{
	struct unix_sock *u = objtab_object(&r->objects, &cr_unix_class, e->id_for), *sender;
	struct unix_msg *m;
	int err;

	if (!u || u->dead || u->state == UNIX_LISTENING || e->charge > CHARGE_OF(e->length))
		return cr_refuse(r, "message", e->id_for, "waits for nobody", EINVAL, CR_IMG_05);
	err = sender_find(r, e, u->sk.type, &sender);
	if (err)
		return err;
	err = unix_msg_create(sender, e->length, 0, &m);
	unix_put(sender);
	if (err)
		return err;
	err = message_fill(r, m, e);
	if (err)
		unix_msg_put(m);
	else
		unix_msg_queue(u, m);
	return err;
}

static int unix_restore_late(struct cr_restore *r)
{
	struct cr_messages queue;
	int err;

	cr_messages(r, CR_SK_QUEUES, 0, &queue);
	err = queue_files_restore(r, &queue);
	if (!err)
		err = states_restore(r);
	if (!err)
		err = sockets_agree(r);
	for (u32 i = 0; i < queue.nr && !err; i++)
		err = message_restore(r, queue.message[i]);
	return err;
}

const struct cr_late cr_unix_late = {
	.name = "unix sockets", .save = unix_save_late, .restore = unix_restore_late,
};
