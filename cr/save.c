// SPDX-License-Identifier: MIT
/* cr/save.c - checkpoint(2): the tree of a task into an image.
 *
 * 1 the caller may, the target is frozen or the caller itself (tree.c: CHECKED). 2 Every task and
 * what it refers to goes into members in memory, pages are counted and held (COLLECTED); nothing
 * sleeps so far, so that the image is of one moment. 3 Members, pages and the trailer are written
 * (WRITTEN). A failure ends the image with a member ERROR that says why, and changes nothing else
 * (CR-API-12).
 * Locks: BKL; writing sleeps. See rules CR-API. */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define PAGES_AT_ONCE 64
#define ERROR_NAME "ERROR"
#define ARCH_NAME "x86_64"

/* --- members --- */

static int member_open(struct cr_save *s, enum cr_member kind, u32 id, struct cr_member_out **out)
{
	const struct member_row *row = &cr_members[kind];
	struct cr_member_out *m = s->last[kind];
	u32 magic = IMAGE_MAGIC;

	if (m && s->last_id[kind] == id) {
		*out = m;
		return 0;
	}
	m = kzalloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	snprintf(m->name, sizeof(m->name), row->name, id);
	if (kind != CR_INVENTORY)
		buffer_append(&m->data, &magic, sizeof(magic));
	buffer_append(&m->data, &row->magic, sizeof(row->magic));
	list_add_tail(&s->members, &m->link);
	s->nr_members++;
	s->last[kind] = m;
	s->last_id[kind] = id;
	*out = m;
	return 0;
}

int cr_put(struct cr_save *s, enum cr_member kind, u32 id, const struct pb_type *type,
	   const void *message)
{
	struct cr_member_out *m;
	u32 size = 0;
	size_t at;
	int err = member_open(s, kind, id, &m);

	if (err)
		return err;
	at = m->data.len;
	buffer_append(&m->data, &size, sizeof(size));
	pb_encode(&m->data, type, message);
	if (m->data.error)
		return m->data.error;
	size = m->data.len - at - sizeof(size);
	memcpy(m->data.data + at, &size, sizeof(size));
	return 0;
}

int cr_put_raw(struct cr_save *s, enum cr_member kind, u32 id, const void *data, size_t len)
{
	struct cr_member_out *m;
	int err = member_open(s, kind, id, &m);

	if (err)
		return err;
	buffer_append(&m->data, data, len);
	return m->data.error;
}

int cr_save_object(struct cr_save *s, const struct cr_class *c, void *object, u32 *id)
{
	int err;

	*id = objtab_id(&s->objects, c, object);
	if (*id)
		return 0;
	if (c->refuse)
		return cr_refuse(s, c->name, 0, c->refuse, EBUSY, c->rule);
	err = objtab_add(&s->objects, c, object, true, id);
	return err ? err : c->save(s, object, *id);
}

/* --- writing: only forwards (CR-API-10) --- */

static int image_bytes(struct cr_save *s, struct iter *it)
{
	while (it->count) {
		ssize_t n = file_write(s->image, it, &s->image->pos);

		if (n <= 0)
			return n ? n : -EIO;
		s->written += n;
	}
	return 0;
}

static int image_write(struct cr_save *s, const void *data, size_t len)
{
	struct iter it;

	iter_kernel(&it, (void *)data, len);
	return image_bytes(s, &it);
}

static int image_header(struct cr_save *s, const char *name, u64 size)
{
	u8 block[TAR_BLOCK];

	tar_header(block, name, size);
	return image_write(s, block, sizeof(block));
}

static int image_pad(struct cr_save *s, u64 size)
{
	static const u8 zeros[TAR_BLOCK];

	return image_write(s, zeros, ALIGN_UP(size, TAR_BLOCK) - size);
}

static int member_write(struct cr_save *s, const char *name, const void *data, size_t len)
{
	int err = image_header(s, name, len);

	if (!err)
		err = image_write(s, data, len);
	return err ? err : image_pad(s, len);
}

/* The size of what stands before the header of a pages member, so that pages begin with a page of
 * the stream. */
static u64 pad_size(u64 at)
{
	return (2 * PAGE_SIZE - (at + 2 * TAR_BLOCK) % PAGE_SIZE) % PAGE_SIZE + TAR_BLOCK;
}

static int pad_write(struct cr_save *s, u32 id)
{
	static const u8 zeros[PAGE_SIZE + TAR_BLOCK];
	char name[sizeof(((struct cr_member_out *)0)->name)];
	const struct member_row *row = &cr_members[CR_PAD];
	u32 head[] = { IMAGE_MAGIC, row->magic };
	u64 size;
	int err;

	snprintf(name, sizeof(name), row->name, id);
	size = pad_size(s->written + TAR_BLOCK);
	err = image_header(s, name, size);
	if (!err)
		err = image_write(s, head, sizeof(head));
	return err ? err : image_write(s, zeros, size - sizeof(head));
}

static int pages_write(struct cr_save *s, const struct cr_pages_out *p)
{
	struct iter_vec vec[PAGES_AT_ONCE];
	char name[sizeof(((struct cr_member_out *)0)->name)];
	int err;

	err = p->nr ? pad_write(s, p->id) : 0;
	if (err)
		return err;
	snprintf(name, sizeof(name), PAGES_NAME, p->id);
	err = image_header(s, name, p->nr << PAGE_SHIFT);
	for (u64 i = 0; i < p->nr && !err; i += PAGES_AT_ONCE) {
		u64 n = MIN(p->nr - i, (u64)PAGES_AT_ONCE);
		struct iter it = { .kernel = true, .vec = vec, .nr = n, .count = n << PAGE_SHIFT };

		for (u64 k = 0; k < n; k++)
			vec[k] = (struct iter_vec){ (u64)frame_data(p->frames[i + k]), PAGE_SIZE };
		err = image_bytes(s, &it);
	}
	return err;
}

static int image_end(struct cr_save *s)
{
	static const u8 zeros[2 * TAR_BLOCK];

	return image_write(s, zeros, sizeof(zeros));
}

int cr_image_write(struct cr_save *s)
{
	struct pb_plimsoll_trailer trailer;
	struct cr_member_out *m;
	struct cr_pages_out *p;
	int err;

	trailer = (struct pb_plimsoll_trailer){ .objects = s->objects.count,
						.members = s->nr_members + s->nr_page_files };
	list_for_each(p, &s->pages, link)
		trailer.members += p->nr > 0;
	list_for_each(m, &s->members, link) {
		err = member_write(s, m->name, m->data.data, m->data.len);
		if (err)
			return err;
	}
	list_for_each(p, &s->pages, link) {
		err = pages_write(s, p);
		if (err)
			return err;
	}
	err = cr_put(s, CR_TRAILER, 0, &pb_plimsoll_trailer_type, &trailer);
	m = s->last[CR_TRAILER];
	if (!err)
		err = member_write(s, m->name, m->data.data, m->data.len);
	return err ? err : image_end(s);
}

/* --- the call --- */

static int inventory_save(struct cr_save *s)
{
	struct pb_inventory_entry e = {
		.img_version = CR_CRIU_VERSION,
		.has_fdinfo_per_id = true, .fdinfo_per_id = true,
		.has_ns_per_id = true, .ns_per_id = true,
	};
	struct pb_plimsoll_head h = {
		.version = CR_IMAGE_VERSION,
		.arch = pb_text(ARCH_NAME),
		.fpu_size = arch_fpu_size,
		.flags = s->flags,
	};
	int err = cr_put(s, CR_INVENTORY, 0, &pb_inventory_entry_type, &e);

	return err ? err : cr_put(s, CR_HEAD, 0, &pb_plimsoll_head_type, &h);
}

/* CR-API-11: what ends a failed image. A function that the compiler leaves alone: tests of memory
 * that is short know it by name. */
static __attribute__((noinline, noclone)) void error_write(struct cr_save *s, int err)
{
	if (!s->log.line[0])
		snprintf(s->log.line, sizeof(s->log.line), "error: errno %d\n", -err);
	if (!member_write(s, ERROR_NAME, s->log.line, strlen(s->log.line)))
		image_end(s);
}

static int image_save(struct cr_save *s)
{
	int err = inventory_save(s);

	if (!err)
		err = cr_tree_save(s);
	if (s->arena.failed)
		err = -ENOMEM;
	if (!err)
		return cr_image_write(s);
	error_write(s, err);
	return err;
}

static void save_free(struct cr_save *s)
{
	while (!list_empty(&s->members)) {
		struct cr_member_out *m = list_first(&s->members, struct cr_member_out, link);

		list_del(&m->link);
		buffer_free(&m->data);
		kfree(m);
	}
	while (!list_empty(&s->pages)) {
		struct cr_pages_out *p = list_first(&s->pages, struct cr_pages_out, link);

		list_del(&p->link);
		while (p->nr)
			frame_put(p->frames[--p->nr]);
		kfree(p->frames);
		kfree(p);
	}
	cr_cgroups_let_go(s);
	objtab_free(&s->objects);
	objtab_free(&s->frames);
	for (u32 i = 0; i < s->nr_tasks; i++)
		task_put(s->tasks[i]);
	kfree(s->tasks);
	kfree(s->seen);
	arena_free(&s->arena);
	list_del(&s->under_way);
	kfree(s);
}

/* The root named by pid (0: the caller), in this mode. */
static int target_find(struct cr_save *s, s32 pid)
{
	struct process *p = pid ? process_find(pid) : current->process;

	if (!p || process_is_zombie(p))
		return deny(ESRCH, CR_API_03);
	s->root = p->leader;
	s->pid_ns = task_pid_ns(s->root);
	s->container = s->pid_ns->reaper == p && s->pid_ns != &init_pid_ns;
	if (!s->container && !(s->flags & CHECKPOINT_SUBTREE))
		return deny(EINVAL, CR_API_04);
	return 0;
}

static int save_run(struct cr_save *s, s32 pid)
{
	int err = target_find(s, pid);

	if (!err)
		err = cr_tree_collect(s);
	return err ? err : image_save(s);
}

/* An open file to write to, or NULL for -1. */
static int writable_get(int fd, struct file **out)
{
	struct file *f = fd_get_io(fd);

	if (!f || !(f->mode & FMODE_WRITE)) {
		if (f)
			file_put(f);
		return deny(EBADF, CR_API_09);
	}
	*out = f;
	return 0;
}

long sys_checkpoint(s32 pid, int fd, u32 flags, int logfd)
{
	struct file *image = NULL, *log = NULL;
	struct cr_save *s;
	int err;

	if (flags & ~CHECKPOINT_SUBTREE)
		return deny(EINVAL, CR_API_02);
	err = cr_may_call();
	if (!err)
		err = writable_get(fd, &image);
	if (err)
		return err;
	if (logfd >= 0)
		err = writable_get(logfd, &log);
	s = err ? NULL : kzalloc(sizeof(*s));
	if (s) {
		s->image = image;
		s->log.file = log;
		s->flags = flags;
		objtab_init(&s->objects);
		objtab_init(&s->frames);
		list_init(&s->members);
		list_add_tail(&cr_saves, &s->under_way);
		list_init(&s->pages);
		err = save_run(s, pid);
		save_free(s);
	} else if (!err) {
		err = -ENOMEM;
	}
	if (log)
		file_put(log);
	file_put(image);
	return err ? err : 1;
}
