// SPDX-License-Identifier: MIT
/* cr/files_tty.c - pseudo terminals: pairs in tty-info.img and tty-data.img, their ends in
 * files.img (tty_file_entry).
 *
 * A pair is known by its struct pty; on restart the table holds its master, which is closed behind
 * it where the image has none: so a slave that was hung up is hung up again. Settings, buffers,
 * session and foreground group, and who has it as controlling terminal, are put on when all tasks
 * are there. The instance is that mounted at the same place, the number must be free (CR-TTY-04).
 * A pair whose master is outside is refused (CR-TTY-03). See CRIU's tty.proto. */
#include "cr/internal.h"
#include "kernel/task_internal.h"

#include "fs/names.h"
#include "fs/pty.h"
#include "mm/slab.h"

#define FD_TYPE_TTY 11
#define TTY_TYPE_PTY 1
#define BITS 8
#define NODE_MODE 0777
#define TTY_FILE_FLAGS (O_ACCMODE | O_NONBLOCK | O_APPEND | O_LARGEFILE)

static void pty_class_get(void *pty)
{
	tty_get(&((struct pty *)pty)->slave);
}

static void pty_class_put(void *pty)
{
	tty_put(&((struct pty *)pty)->slave);
}

static void master_class_drop(void *file)
{
	file_put(file);
}

/* What the master's file was met by: only an address to be remembered. */
static void master_class_none(void *pty)
{
	(void)pty;
}

static const struct cr_class master_class = {
	.name = "pty master", .get = master_class_none, .put = master_class_none,
};

/* --- the pair: its message comes late, when all who have it are known --- */

static int pty_save(struct cr_save *s, void *object, u32 id)
{
	(void)s, (void)object, (void)id;
	return 0;
}

static int info_find(struct cr_restore *r, u32 id, const struct pb_tty_info_entry **out)
{
	int err = cr_find(r, CR_TTY_INFO, 0, offsetof(struct pb_tty_info_entry, id), id, out);

	if (!err && ((*out)->type != TTY_TYPE_PTY || !(*out)->pty || !(*out)->termios ||
		     !(*out)->winsize || (*out)->termios->nr_c_cc != NCCS))
		err = cr_refuse(r, "pty", id, "is not sound", EINVAL, CR_IMG_05);
	return err;
}

static int pty_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_tty_info_entry *e;
	struct path root;
	struct file *f;
	int err = info_find(r, id, &e);

	if (!err)
		err = cr_path_restore(r, e->devpts, &root);
	if (err)
		return err;
	err = pty_create_file(&root, e->pty->index, O_RDWR, &f);
	path_put(&root);
	if (err)
		return cr_refuse(r, "pty", e->pty->index, "cannot be made", -err, CR_TTY_04);
	((struct pty *)f->private)->locked = false;
	*object = f;
	return 0;
}

const struct cr_class cr_pty_class = {
	.name = "pty",
	.save = pty_save,
	.restore = pty_restore,
	.get = pty_class_get,
	.put = pty_class_put,
	.drop = master_class_drop,
	.made = HELD_FILE,
};

/* --- its ends --- */

static bool pty_is(const struct file *f)
{
	bool master;

	return !(f->mode & FMODE_PATH) && pty_of(f, &master);
}

static int pty_file_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_tty_file_entry *t = cr_new(s, struct pb_tty_file_entry);
	struct pty *pty;
	bool master;
	u32 id = 0;
	int err;

	if (!t || !(t->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	pty = pty_of(f, &master);
	e->tty = t;
	t->id = e->id;
	t->flags = f->flags;
	t->has_master = t->master = master;
	t->has_dead = t->dead = !master && f->version != pty->slave.hangups;
	if (master && !objtab_id(&s->objects, &master_class, pty) &&
	    objtab_add(&s->objects, &master_class, pty, false, &id))
		return -ENOMEM;
	if (!master && !t->dead) {
		t->has_regf_id = true;
		err = cr_path_save(s, &f->path, &t->regf_id);
		if (err)
			return err;
	}
	return cr_save_object(s, &cr_pty_class, pty, &t->tty_info_id);
}

static int slave_open(struct cr_restore *r, const struct pb_tty_file_entry *t, struct pty *pty,
		      struct file *master, struct file **out)
{
	u32 flags = (t->flags & TTY_FILE_FLAGS) | O_NOCTTY;
	struct path p = { master->path.mnt, pty->node };
	int err = 0;

	path_get(&p);
	if (t->has_regf_id) {
		path_put(&p);
		err = cr_place_restore(r, t->regf_id, &p);
	}
	if (err)
		return err;
	if (p.dentry->inode != pty->node->inode)
		err = cr_refuse(r, "pty", pty->index, "has another name", EINVAL, CR_TTY_04);
	if (!err)
		err = inode_permission(p.dentry->inode, cr_may_of(flags));
	if (!err)
		err = file_open_path(&p, flags, current_cred(), out);
	path_put(&p);
	return err;
}

static int pty_file_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_tty_file_entry *t = e->tty;
	void *master;
	int err;

	if (!t)
		return cr_refuse(r, "pty", e->id, "has no end", EINVAL, CR_IMG_05);
	err = cr_restore_object(r, &cr_pty_class, t->tty_info_id, &master);
	if (err)
		return err;
	if (!t->master)
		return slave_open(r, t, ((struct file *)master)->private, master, out);
	*out = file_get(master);
	(*out)->flags = t->flags & (TTY_FILE_FLAGS | O_NOATIME);
	return 0;
}

const struct cr_file_class cr_pty_files = {
	.name = "pty",
	.type = FD_TYPE_TTY,
	.is = pty_is,
	.save = pty_file_save,
	.restore = pty_file_restore,
};

/* --- late: settings (CR-TTY-01) --- */

static int settings_save(struct cr_save *s, const struct tty *tty, struct pb_tty_info_entry *e)
{
	struct pb_termios_entry *t = cr_new(s, struct pb_termios_entry);
	struct pb_winsize_entry *w = cr_new(s, struct pb_winsize_entry);

	e->termios = t;
	e->winsize = w;
	if (!t || !w || !(t->c_cc = cr_array(s, NCCS, u32)))
		return -ENOMEM;
	t->c_iflag = tty->termios.c_iflag;
	t->c_oflag = tty->termios.c_oflag;
	t->c_cflag = tty->termios.c_cflag;
	t->c_lflag = tty->termios.c_lflag;
	t->c_line = tty->termios.c_line;
	t->c_ispeed = tty->termios.c_ispeed;
	t->c_ospeed = tty->termios.c_ospeed;
	for (; t->nr_c_cc < NCCS; t->nr_c_cc++)
		t->c_cc[t->nr_c_cc] = tty->termios.c_cc[t->nr_c_cc];
	*w = (struct pb_winsize_entry){ tty->winsize.ws_row, tty->winsize.ws_col,
					tty->winsize.ws_xpixel, tty->winsize.ws_ypixel };
	return 0;
}

static void settings_restore(struct tty *tty, const struct pb_tty_info_entry *e)
{
	const struct pb_termios_entry *t = e->termios;

	tty->termios = (struct ktermios){
		.c_iflag = t->c_iflag, .c_oflag = t->c_oflag, .c_cflag = t->c_cflag,
		.c_lflag = t->c_lflag, .c_line = t->c_line, .c_ispeed = t->c_ispeed,
		.c_ospeed = t->c_ospeed,
	};
	for (u32 i = 0; i < NCCS; i++)
		tty->termios.c_cc[i] = t->c_cc[i];
	tty->winsize = (struct winsize){ e->winsize->ws_row, e->winsize->ws_col,
					 e->winsize->ws_xpixel, e->winsize->ws_ypixel };
}

/* --- late: what waits in both directions --- */

static int data_save(struct cr_save *s, const struct pty *pty, u32 id)
{
	const struct tty *tty = &pty->slave;
	struct pb_tty_data_entry e = { .tty_id = id, .has_output = true, .has_ends = true };
	u32 in = tty->head - tty->tail, out = pty->head - pty->tail, ends = (in + BITS - 1) / BITS;

	e.data = (struct pb_bytes){ in, arena_alloc(&s->arena, in + 1) };
	e.ends = (struct pb_bytes){ ends, arena_alloc(&s->arena, ends + 1) };
	e.output = (struct pb_bytes){ out, arena_alloc(&s->arena, out + 1) };
	if (!e.data.data || !e.ends.data || !e.output.data)
		return -ENOMEM;
	for (u32 i = 0; i < in; i++) {
		u64 at = (tty->tail + i) % TTY_BUFFER;

		e.data.data[i] = tty->buffer[at];
		if (tty->delimiter[at / 64] & BIT(at % 64))
			e.ends.data[i / BITS] |= BIT(i % BITS);
	}
	for (u32 i = 0; i < out; i++)
		e.output.data[i] = pty->output[(pty->tail + i) % PTY_OUTPUT];
	return cr_put(s, CR_TTY_DATA, 0, &pb_tty_data_entry_type, &e);
}

static int data_restore(struct cr_restore *r, struct pty *pty, u32 id)
{
	struct tty *tty = &pty->slave;
	const struct pb_tty_data_entry *e;
	int err = cr_find(r, CR_TTY_DATA, 0, offsetof(struct pb_tty_data_entry, tty_id), id, &e);

	if (err)
		return err;
	if (e->data.len > TTY_BUFFER || e->output.len > PTY_OUTPUT ||
	    e->ends.len != (e->data.len + BITS - 1) / BITS)
		return cr_refuse(r, "pty", id, "has too much in it", EINVAL, CR_IMG_05);
	pb_copy(tty->buffer, &e->data);
	memset(tty->delimiter, 0, sizeof(tty->delimiter));
	pb_copy(tty->delimiter, &e->ends);
	pb_copy(pty->output, &e->output);
	tty->tail = pty->tail = 0;
	tty->head = e->data.len;
	pty->head = e->output.len;
	return 0;
}

/* --- late: the rest --- */

static void state_save(const struct pty *pty, struct pb_tty_info_entry *e)
{
	const struct tty *tty = &pty->slave;

	e->locked = pty->locked;
	e->exclusive = tty->exclusive;
	e->packet_mode = tty->packet;
	e->has_packet_status = e->has_slave_was_open = e->has_closed_peer = e->has_io_error = true;
	e->has_column = e->has_canon_column = e->has_literal_next = e->has_stopped = true;
	e->has_canon_head = e->has_echo_start = true;
	e->packet_status = tty->packet_status;
	e->slave_was_open = pty->slave_was_open;
	e->closed_peer = tty->closed_peer;
	e->io_error = tty->io_error;
	e->column = tty->column;
	e->canon_column = tty->canon_column;
	e->literal_next = tty->literal_next;
	e->stopped = tty->stopped_output;
	e->canon_head = tty->canon_head - tty->tail;
	e->echo_start = tty->echo_start > tty->tail ? tty->echo_start - tty->tail : 0;
}

static int state_restore(struct cr_restore *r, struct pty *pty, const struct pb_tty_info_entry *e)
{
	struct tty *tty = &pty->slave;

	if (e->canon_head > tty->head || e->echo_start > tty->head)
		return cr_refuse(r, "pty", e->id, "is not sound", EINVAL, CR_IMG_05);
	pty->locked = e->locked;
	tty->exclusive = e->exclusive;
	tty->packet = e->packet_mode;
	tty->packet_status = e->packet_status;
	pty->slave_was_open = e->slave_was_open;
	tty->closed_peer = e->closed_peer;
	tty->io_error = e->io_error;
	tty->column = e->column;
	tty->canon_column = e->canon_column;
	tty->literal_next = e->literal_next;
	tty->stopped_output = e->stopped;
	tty->canon_head = e->canon_head;
	tty->echo_start = e->echo_start;
	return 0;
}

/* --- late: the node, the session, the processes (CR-TTY-02) --- */

/* A mount of the instance as a whole, in that namespace; or NULL. */
static struct mount *instance_mount(const struct mnt_ns *ns, const struct super *sb)
{
	struct mount *m;

	list_for_each(m, &ns->mounts, ns_link)
		if (m->sb == sb && m->root == sb->root)
			return m;
	return NULL;
}

static int place_save(struct cr_save *s, const struct pty *pty, struct pb_tty_info_entry *e)
{
	const struct inode *node = pty->node->inode;
	struct path root = { instance_mount(task_mnt_ns(s->root), node->sb), node->sb->root };

	e->has_node_mode = e->has_uid = e->has_gid = e->has_devpts = true;
	e->node_mode = node->mode & NODE_MODE;
	e->uid = from_uid_munged(current_user_ns(), node->uid);
	e->gid = from_gid_munged(current_user_ns(), node->gid);
	if (!root.mnt)
		root.mnt = instance_mount(current_mnt_ns(), node->sb);
	if (root.mnt)
		return cr_path_save(s, &root, &e->devpts);
	return cr_refuse(s, "pty", pty->index, "its instance is not mounted", EBUSY, CR_TTY_04);
}

static int node_restore(struct cr_restore *r, struct pty *pty, const struct pb_tty_info_entry *e)
{
	kid_t uid = make_uid(current_user_ns(), e->uid), gid = make_gid(current_user_ns(), e->gid);
	struct inode *node = pty->node->inode;

	if (uid == INVALID_ID || gid == INVALID_ID)
		return cr_refuse(r, "pty", e->id, "has no such owner", EINVAL, CR_IMG_05);
	if ((uid != node->uid || gid != node->gid) &&
	    !capable_in(node->sb->user_ns, CAP_CHOWN))
		return cr_refuse(r, "pty", e->id, "is another user's", EPERM, CR_API_15);
	node->uid = uid;
	node->gid = gid;
	node->mode = S_IFCHR | (e->node_mode & NODE_MODE);
	return 0;
}

static int members_save(struct cr_save *s, const struct tty *tty, struct pb_tty_info_entry *e)
{
	e->member = cr_array(s, s->nr_tasks, u32);
	if (!e->member)
		return -ENOMEM;
	if (tty->session && !cr_pid(s, tty->session))
		return cr_refuse(s, "pty", e->id, "is an outer session's", EBUSY, CR_TTY_03);
	e->sid = tty->session ? cr_pid(s, tty->session) : 0;
	e->pgrp = tty->pgrp ? cr_pid(s, tty->pgrp) : 0;
	for (u32 i = 0; i < s->nr_tasks; i++)
		if (task_is_leader(s->tasks[i]) && s->tasks[i]->process->tty == tty)
			e->member[e->nr_member++] = cr_pid(s, s->tasks[i]->process->tgid);
	return 0;
}

static int members_restore(struct cr_restore *r, struct tty *tty, const struct pb_tty_info_entry *e)
{
	struct pid *session = e->sid ? pid_find(r->pid_ns, e->sid) : NULL;
	struct pid *pgrp = e->pgrp ? pid_find(r->pid_ns, e->pgrp) : NULL;

	if (e->sid && !session)
		return cr_refuse(r, "pty", e->id, "has no session", EINVAL, CR_IMG_05);
	for (u32 i = 0; i < e->nr_member; i++) {
		struct cr_process *p = radix_get(&r->by_pid, e->member[i]);

		if (!p || !p->made || p->made->sid != session)
			return cr_refuse(r, "pty", e->id, "is another session's", EINVAL,
					 CR_IMG_05);
	}
	tty_restore_job(tty, session, pgrp);
	for (u32 i = 0; i < e->nr_member; i++)
		tty_process_attach(((struct cr_process *)radix_get(&r->by_pid, e->member[i]))->made,
				   tty);
	return 0;
}

static int late_one(struct cr_save *s, struct pty *pty, u32 id)
{
	struct pb_tty_pty_entry index = { pty->index };
	struct pb_tty_info_entry e = { .id = id, .type = TTY_TYPE_PTY, .pty = &index,
				       .rdev = dev_encode(pty->slave.dev) };
	int err = settings_save(s, &pty->slave, &e);

	if (pty->sb && !objtab_id(&s->objects, &master_class, pty))
		return cr_refuse(s, "pty", pty->index, "its master is outside", EBUSY, CR_TTY_03);
	if (!err)
		err = place_save(s, pty, &e);
	if (!err)
		err = members_save(s, &pty->slave, &e);
	state_save(pty, &e);
	if (!err)
		err = cr_put(s, CR_TTY_INFO, 0, &pb_tty_info_entry_type, &e);
	return err ? err : data_save(s, pty, id);
}

static int ttys_save(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	int err = 0;

	for (u32 i = 0; i < s->nr_tasks && !err; i++) {
		struct tty *tty = s->tasks[i]->process->tty;
		u32 id;

		if (tty && pty_of_tty(tty) && cr_pid(s, s->tasks[i]->process->sid))
			err = cr_save_object(s, &cr_pty_class, pty_of_tty(tty), &id);
	}
	while (!err && (o = objtab_next(&s->objects, &cr_pty_class, o)))
		err = late_one(s, o->object, o->id);
	return err;
}

/* Those nobody has open are made here. */
static int ttys_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_TTY_INFO, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		u32 id = ((struct pb_tty_info_entry *)all.message[i])->id;
		const struct pb_tty_info_entry *e;
		struct pty *pty;
		void *master;

		err = info_find(r, id, &e);
		if (!err)
			err = cr_restore_object(r, &cr_pty_class, id, &master);
		if (err)
			break;
		pty = ((struct file *)master)->private;
		settings_restore(&pty->slave, e);
		err = data_restore(r, pty, id);
		if (!err)
			err = state_restore(r, pty, e);
		if (!err)
			err = node_restore(r, pty, e);
		if (!err)
			err = members_restore(r, &pty->slave, e);
	}
	return err;
}

const struct cr_late cr_ttys_late = {
	.name = "pty", .save = ttys_save, .restore = ttys_restore,
};
