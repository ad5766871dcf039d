// SPDX-License-Identifier: MIT
/* cr/files_fifo.c - FIFOs: ends in files.img (fifo_entry), their name an entry of its own, capacity
 * and bytes once per FIFO in plimsoll-fifos.img.
 *
 * A FIFO's bytes live as long as somebody has it open. On restart each end is opened beside one for
 * both directions, so that it does not wait for the other; the first of these makes the ring, which
 * is filled at once. How often each end was ever opened decides about hang-ups, and is put back.
 * The rest is as with pipes (cr/files_pipe.c). */
#include "cr/internal.h"

#include "fs/device.h"
#include "fs/pipe_ring.h"
#include "mm/frame.h"

#define FD_TYPE_FIFO 3
#define FIFO_OPEN_FLAGS (O_ACCMODE | O_APPEND | O_LARGEFILE | O_NOATIME)

/* Alive as long as its files, which the table of objects holds. */
static void fifo_class_none(void *pipe)
{
	(void)pipe;
}

static int fifo_save(struct cr_save *s, void *object, u32 id)
{
	return cr_pipe_ring_save(s, object, CR_FIFOS, id);
}

static int fifo_restore(struct cr_restore *r, u32 id, void **object)
{
	(void)object;
	return cr_refuse(r, "fifo", id, "has no name", EINVAL, CR_IMG_05);
}

const struct cr_class cr_fifo_class = {
	.name = "fifo",
	.save = fifo_save,
	.restore = fifo_restore,
	.get = fifo_class_none,
	.put = fifo_class_none,
};

static bool fifo_is(const struct file *f)
{
	return f->ops == &fifo_file_ops && !(f->mode & FMODE_PATH);
}

static int fifo_file_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_fifo_entry *fifo = cr_new(s, struct pb_fifo_entry);
	int err;

	if (!fifo)
		return -ENOMEM;
	e->fifo = fifo;
	fifo->id = e->id;
	fifo->has_regf_id = fifo->has_flags = fifo->has_seen = true;
	fifo->flags = f->flags;
	fifo->seen = f->version;
	err = cr_path_save(s, &f->path, &fifo->regf_id);
	return err ? err : cr_save_object(s, &cr_fifo_class, f->inode->fifo, &fifo->pipe_id);
}

/* The end itself, while f keeps the FIFO open for both. */
static int end_open(const struct pb_fifo_entry *e, const struct path *p, struct file **out)
{
	u32 flags = e->flags & FIFO_OPEN_FLAGS;
	int err = inode_permission(p->dentry->inode, cr_may_of(flags));

	if (!err)
		err = file_open_path(p, flags | O_NONBLOCK, current_cred(), out);
	if (err)
		return err;
	(*out)->flags = flags | (e->flags & (O_NONBLOCK | O_DIRECT));
	(*out)->version = e->seen;
	return 0;
}

static int fifo_open(struct cr_restore *r, const struct pb_fifo_entry *e,
		     const struct pb_plimsoll_pipe *saved, const struct path *p, struct file **out)
{
	struct file *both;
	struct pipe *pipe;
	int err = file_open_path(p, O_RDWR | O_NONBLOCK, current_cred(), &both);

	if (err)
		return err;
	pipe = both->inode->fifo;
	if (pipe->files == 1)
		err = cr_pipe_ring_restore(both, saved);
	if (!err)
		err = end_open(e, p, out);
	pipe->readers_ever = saved->readers_ever;
	pipe->writers_ever = saved->writers_ever;
	file_put(both);
	return err ? cr_refuse(r, "fifo", e->id, "", -err, CR_PIPE_02) : 0;
}

static int fifo_file_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_plimsoll_pipe *saved;
	struct path p;
	int err;

	if (!e->fifo)
		return cr_refuse(r, "fifo", e->id, "has no end", EINVAL, CR_IMG_05);
	err = cr_find(r, CR_FIFOS, 0, offsetof(struct pb_plimsoll_pipe, pipe_id), e->fifo->pipe_id,
		      &saved);
	if (!err)
		err = cr_place_restore(r, e->fifo->regf_id, &p);
	if (err)
		return err;
	if (S_ISFIFO(p.dentry->inode->mode))
		err = fifo_open(r, e->fifo, saved, &p, out);
	else
		err = cr_refuse(r, "fifo", e->id, "is another kind of file", EINVAL, CR_FILE_09);
	path_put(&p);
	return err;
}

const struct cr_file_class cr_fifo_files = {
	.name = "fifo",
	.type = FD_TYPE_FIFO,
	.is = fifo_is,
	.save = fifo_file_save,
	.restore = fifo_file_restore,
};
