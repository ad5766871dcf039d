// SPDX-License-Identifier: MIT
/* cr/files_pipe.c - pipes: ends in files.img (pipe_entry), capacity and bytes once per pipe in
 * plimsoll-pipes.img.
 *
 * A pipe is known by its dentry; the table of restart holds a nameless pipe without ends. The first
 * end opened there makes the ring, which is filled at once; how many ends there are follows from
 * the files. One that somebody outside has open too, FIFOs included, is refused: its other end
 * would come back closed (CR-PIPE-01). */
#include "cr/internal.h"

#include "fs/descriptor.h"
#include "fs/device.h"
#include "fs/pipe_ring.h"
#include "mm/frame.h"

#define FD_TYPE_PIPE 2
#define PIPE_OPEN_FLAGS (O_ACCMODE | O_NONBLOCK)

/* Of an end of a pipe or FIFO; NULL: f is neither. */
static struct pipe *pipe_of_end(const struct file *f)
{
	bool is_end = f->ops == &pipe_file_ops || f->ops == &fifo_file_ops;

	return is_end && !(f->mode & FMODE_PATH) ? f->inode->fifo : NULL;
}

static void pipe_class_get(void *dentry)
{
	dentry_get(dentry);
}

static void pipe_class_put(void *dentry)
{
	dentry_put(dentry);
}

/* --- the pipe --- */

int cr_pipe_ring_save(struct cr_save *s, struct pipe *p, enum cr_member member, u32 id)
{
	u32 nr = p->head - p->tail;
	bool named = member == CR_FIFOS;
	struct pb_plimsoll_pipe e = {
		.pipe_id = id, .size = p->slots * PAGE_SIZE,
		.has_readers_ever = named, .readers_ever = p->readers_ever,
		.has_writers_ever = named, .writers_ever = p->writers_ever,
	};
	struct pb_plimsoll_pipe_buf *bufs = cr_array(s, nr + 1, struct pb_plimsoll_pipe_buf);
	struct pb_plimsoll_pipe_buf **list = cr_array(s, nr + 1, struct pb_plimsoll_pipe_buf *);

	if (!bufs || !list)
		return -ENOMEM;
	for (u32 i = 0; i < nr; i++) {
		const struct pipe_buf *b = pipe_slot(p, p->tail + i);

		bufs[i].offset = b->offset;
		bufs[i].flags = b->flags & (PIPE_BUF_MERGE | PIPE_BUF_PACKET);
		bufs[i].data.len = b->len;
		bufs[i].data.data = (u8 *)frame_data(b->page) + b->offset;
		list[i] = &bufs[i];
	}
	e.nr_buf = nr;
	e.buf = list;
	return cr_put(s, member, 0, &pb_plimsoll_pipe_type, &e);
}

static int pipe_save(struct cr_save *s, void *object, u32 id)
{
	return cr_pipe_ring_save(s, ((struct dentry *)object)->inode->fifo, CR_PIPES, id);
}

/* A nameless pipe that nobody has open. */
static int pipe_restore(struct cr_restore *r, u32 id, void **object)
{
	struct file *ends[2];
	int err = pipe_create_files(0, &ends[0], &ends[1]);

	(void)r;
	(void)id;
	if (err)
		return err;
	*object = dentry_get(ends[0]->path.dentry);
	file_put(ends[0]);
	file_put(ends[1]);
	return 0;
}

const struct cr_class cr_pipe_class = {
	.name = "pipe",
	.save = pipe_save,
	.restore = pipe_restore,
	.get = pipe_class_get,
	.put = pipe_class_put,
	.holds = HELD_DENTRY,
};

/* Where the image or the log goes: who checkpoints himself has that end. It comes back cut. */
static bool is_stream(const struct cr_save *s, const struct file *f)
{
	return f->inode == s->image->inode || (s->log.file && f->inode == s->log.file->inode);
}

/* CR-API-20, CR-PIPE-01: as many have them open as there are files in the image: ends in queues
 * count too. A subtree's are refused as well: what was cut off would look like an end of file. */
static int pipes_check(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	struct pipe *p;

	while ((o = objtab_next(&s->objects, &cr_file_class, o)))
		if (o->put && (p = pipe_of_end(o->object)))
			p->saved = 0;
	while ((o = objtab_next(&s->objects, &cr_file_class, o)))
		if (o->put && (p = pipe_of_end(o->object)))
			p->saved++;
	while ((o = objtab_next(&s->objects, &cr_file_class, o)))
		if (o->put && (p = pipe_of_end(o->object)) && p->saved != p->files &&
		    !is_stream(s, o->object))
			return cr_refuse(s, "pipe", o->id, "has an end outside", EBUSY,
					 CR_PIPE_01);
	return 0;
}

const struct cr_late cr_pipes_late = { .name = "pipes", .save = pipes_check };

/* --- its ends --- */

static bool pipe_is(const struct file *f)
{
	return f->inode->sb->type == &pipefs_fs_type && f->ops == &pipe_file_ops;
}

static int pipe_file_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_pipe_entry *pipe = cr_new(s, struct pb_pipe_entry);

	if (!pipe || !(pipe->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->pipe = pipe;
	pipe->id = e->id;
	pipe->flags = f->flags;
	return cr_save_object(s, &cr_pipe_class, f->path.dentry, &pipe->pipe_id);
}

static int pipe_fill_one(struct pipe *p, const struct pb_plimsoll_pipe_buf *b)
{
	struct frame *page;

	if (pipe_full(p) || !b->data.len || b->offset >= PAGE_SIZE ||
	    b->data.len > PAGE_SIZE - b->offset)
		return -EINVAL;
	page = pipe_page_take(p);
	if (!page)
		return -ENOMEM;
	memset(frame_data(page), 0, PAGE_SIZE);
	memcpy((u8 *)frame_data(page) + b->offset, b->data.data, b->data.len);
	pipe_push(p, page, b->offset, b->data.len, b->flags & (PIPE_BUF_MERGE | PIPE_BUF_PACKET));
	return 0;
}

/* The first end is there: capacity, then what was in it. */
int cr_pipe_ring_restore(struct file *f, const struct pb_plimsoll_pipe *e)
{
	struct pipe *p = f->inode->fifo;
	long size = pipe_fcntl(f, F_SETPIPE_SZ, e->size);
	int err = size < 0 ? size : 0;

	for (u32 i = 0; i < e->nr_buf && !err; i++)
		err = pipe_fill_one(p, e->buf[i]);
	return err;
}

static int pipe_file_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_plimsoll_pipe *saved;
	struct path path = { .mnt = pipefs_mount_of() };
	void *dentry;
	int err;

	if (!e->pipe)
		return cr_refuse(r, "pipe", e->id, "has no end", EINVAL, CR_IMG_05);
	err = cr_find(r, CR_PIPES, 0, offsetof(struct pb_plimsoll_pipe, pipe_id), e->pipe->pipe_id,
		      &saved);
	if (!err)
		err = cr_restore_object(r, &cr_pipe_class, e->pipe->pipe_id, &dentry);
	if (err)
		return err;
	path.dentry = dentry;
	err = file_open_path(&path, e->pipe->flags & PIPE_OPEN_FLAGS, current_cred(), out);
	if (err)
		return cr_refuse(r, "pipe", e->id, "", -err, CR_PIPE_01);
	(*out)->flags |= e->pipe->flags & O_DIRECT;
	if (((struct pipe *)path.dentry->inode->fifo)->files == 1)
		err = cr_pipe_ring_restore(*out, saved);
	if (!err)
		return 0;
	file_put(*out);
	return cr_refuse(r, "pipe", e->id, "", -err, CR_PIPE_04);
}

const struct cr_file_class cr_pipe_files = {
	.name = "pipe",
	.type = FD_TYPE_PIPE,
	.is = pipe_is,
	.save = pipe_file_save,
	.restore = pipe_file_restore,
};
