// SPDX-License-Identifier: MIT
/* cr/files_inotify.c - inotify instances (inotify_file_entry), their watches (inotify-wd.img) and
 * queued events (plimsoll-events.img).
 *
 * A watch is on an inode: some name of it is saved, or the ghost it is. Watches and events are put
 * in late, when nothing more is opened, so that restarting makes no events; numbers are kept, also
 * that of the next watch. See CRIU's fsnotify.proto, inotify(7). */
#include "cr/internal.h"

#include "fs/inotify.h"
#include "fs/names.h"

#define FD_TYPE_INOTIFY 8
#define FILE_TYPE_INO 1			/* fh_entry: as tmpfs gives them */
#define HANDLE_BYTES 12

static bool inotify_is(const struct file *f)
{
	return f->ops == &inotify_file_ops;
}

static int inotify_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_inotify_file_entry *ify = cr_new(s, struct pb_inotify_file_entry);

	if (!ify || !(ify->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->ify = ify;
	ify->id = e->id;
	ify->flags = f->flags;
	ify->has_next_wd = true;
	ify->next_wd = ((struct inotify *)f->private)->next_wd;
	return 0;
}

static int inotify_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	if (!e->ify)
		return cr_refuse(r, "inotify", e->id, "is not sound", EINVAL, CR_IMG_05);
	return inotify_create_file(e->ify->flags & O_NONBLOCK, out);
}

const struct cr_file_class cr_inotify_files = {
	.name = "inotify",
	.type = FD_TYPE_INOTIFY,
	.is = inotify_is,
	.save = inotify_save,
	.restore = inotify_restore,
};

/* --- late: watches --- */

/* A name of i that can be looked up again, or the ghost it is. */
static int place_save(struct cr_save *s, struct inode *i, struct pb_inotify_wd_entry *e)
{
	struct path p;
	u32 ghost = objtab_id(&s->objects, &cr_ghost_class, i);

	if (ghost) {
		e->has_ghost = true;
		e->ghost = ghost;
		return 0;
	}
	if (!cr_inode_path(s, i, &p))
		return cr_refuse(s, "inotify watch", e->wd, "has no name", EBUSY, CR_EVT_03);
	e->has_place = true;
	return cr_path_save(s, &p, &e->place);
}

static int watch_save(struct cr_save *s, const struct watch *w, u32 id)
{
	struct pb_fh_entry fh = { .bytes = HANDLE_BYTES, .type = FILE_TYPE_INO };
	struct pb_inotify_wd_entry e = {
		.id = id, .i_ino = w->inode->ino, .mask = w->mask, .s_dev = w->inode->sb->dev,
		.wd = w->wd, .f_handle = &fh, .has_own = true, .own = w->flags,
	};
	int err = place_save(s, w->inode, &e);

	e.i_ino = e.s_dev = 0;		/* of another boot they would be others */
	return err ? err : cr_put(s, CR_INOTIFY_WD, 0, &pb_inotify_wd_entry_type, &e);
}

static int event_save(struct cr_save *s, const struct notify_event *n, u32 id)
{
	struct pb_plimsoll_event e = {
		.id = id, .wd = n->wd, .mask = n->mask, .cookie = n->cookie,
		.name = { n->name_len, (u8 *)n->name },
	};

	return cr_put(s, CR_EVENTS, 0, &pb_plimsoll_event_type, &e);
}

static int instance_save(struct cr_save *s, const struct inotify *in, u32 id)
{
	const struct notify_event *n;
	const struct list *at;
	int err = 0;

	for (at = in->watches.prev; at != &in->watches && !err; at = at->prev)
		err = watch_save(s, list_entry(at, struct watch, of_instance), id);
	list_for_each(n, &in->events, link) {
		err = err ? err : event_save(s, n, id);
	}
	return err;
}

static int inotify_save_late(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	int err = 0;

	while (!err && (o = objtab_next(&s->objects, &cr_file_class, o)))
		if (o->put && inotify_is(o->object))
			err = instance_save(s, ((struct file *)o->object)->private, o->id);
	return err;
}

static struct inotify *instance_of(struct cr_restore *r, u32 id)
{
	struct file *f = objtab_object(&r->objects, &cr_file_class, id);

	return f && inotify_is(f) ? f->private : NULL;
}

static int watched_inode(struct cr_restore *r, const struct pb_inotify_wd_entry *e,
			 struct inode **out)
{
	struct path p;
	int err;

	if (e->has_ghost) {
		*out = objtab_object(&r->objects, &cr_ghost_class, e->ghost);
		if (!*out)
			return cr_refuse(r, "inotify watch", e->wd, "is nowhere", EINVAL,
					 CR_IMG_05);
		inode_get(*out);
		return 0;
	}
	err = cr_place_restore(r, e->place, &p);
	if (err)
		return err;
	*out = inode_get(p.dentry->inode);
	path_put(&p);
	return 0;
}

static int watch_restore(struct cr_restore *r, const struct pb_inotify_wd_entry *e)
{
	struct inotify *in = instance_of(r, e->id);
	struct inode *i;
	int err;

	if (!in || !e->wd || e->wd > INT_MAX)
		return cr_refuse(r, "inotify watch", e->wd, "is nobody's", EINVAL, CR_IMG_05);
	err = watched_inode(r, e, &i);
	if (err)
		return err;
	err = inode_permission(i, MAY_READ);
	if (!err)
		err = watch_add_as(in, i, e->wd, e->mask, e->own);
	inode_put(i);
	return err ? cr_refuse(r, "inotify watch", e->wd, "cannot be made", -err, CR_EVT_03) : 0;
}

static int events_restore(struct cr_restore *r)
{
	struct cr_messages all;

	cr_messages(r, CR_EVENTS, 0, &all);
	for (u32 i = 0; i < all.nr; i++) {
		const struct pb_plimsoll_event *e = all.message[i];
		struct inotify *in = instance_of(r, e->id);

		if (!in || e->name.len > NAME_MAX_LEN)
			return cr_refuse(r, "inotify event", i, "is nobody's", EINVAL, CR_IMG_05);
		inotify_queue_as(in, e->wd, e->mask, e->cookie, (char *)e->name.data, e->name.len);
	}
	return 0;
}

static int inotify_restore_late(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_INOTIFY_WD, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++)
		err = watch_restore(r, all.message[i]);
	if (!err)
		err = events_restore(r);
	cr_messages(r, CR_FILES, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_file_entry *e = all.message[i];
		struct inotify *in = e->ify ? instance_of(r, e->id) : NULL;

		if (in && e->ify->next_wd >= 1 && e->ify->next_wd <= INT_MAX)
			in->next_wd = e->ify->next_wd;
	}
	return err;
}

const struct cr_late cr_inotify_late = {
	.name = "inotify", .save = inotify_save_late, .restore = inotify_restore_late,
};
