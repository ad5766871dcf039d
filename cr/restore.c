// SPDX-License-Identifier: MIT
/* cr/restore.c - restart(2): reading an image, checking it, and the order in which things are made
 * of it.
 *
 * 1 The whole stream is read: members into memory, pages into frames (READ). 2 Magics and messages
 * are decoded and every member must be one that is known (DECODED). 3 tree.c makes shared objects
 * and tasks that do not run yet (SHARED, TREE); any failure undoes all of it. 4 They run (THAWED).
 * The image is hostile: a length is held against what has come, never trusted for an allocation.
 * Locks: BKL; reading sleeps. */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define ARENA_LIMIT (256UL << 20)
#define MEMBER_MAX (4UL << 20)
#define READ_STEP (64UL << 10)
#define PAGES_AT_ONCE 64
#define PAGES_FIRST 512
#define MEMBERS_MAX 1000000
#define DEPTH_MAX (PID_NS_LEVELS + 4)

/* --- reading --- */

static int image_iter(struct cr_restore *r, struct iter *it)
{
	while (it->count) {
		ssize_t n = file_read(r->image, it, &r->image->pos);

		if (n < 0)
			return n;
		if (!n)
			return cr_refuse(r, "image", 0, "ends too early", EINVAL, CR_IMG_05);
		r->offset += n;
	}
	return 0;
}

static int image_read(struct cr_restore *r, void *data, size_t len)
{
	struct iter it;

	iter_kernel(&it, data, len);
	return image_iter(r, &it);
}

static int image_skip_pad(struct cr_restore *r, u64 size)
{
	u8 pad[TAR_BLOCK];

	return image_read(r, pad, ALIGN_UP(size, TAR_BLOCK) - size);
}

/* Memory grows with what comes, not with what the header says. */
static int member_data(struct cr_restore *r, struct cr_member_in *m, u64 size)
{
	int err = 0;

	if (size > MEMBER_MAX)
		return cr_refuse(r, m->name, 0, "is too long", EINVAL, CR_IMG_05);
	while (m->len < size && !err) {
		size_t n = MIN(size - m->len, READ_STEP);
		u8 *data = krealloc(m->data, m->len + n);

		if (!data)
			return -ENOMEM;
		m->data = data;
		err = image_read(r, data + m->len, n);
		m->len += err ? 0 : n;
	}
	return err;
}

static int pages_room(struct cr_member_in *m, u64 *room)
{
	u64 more = *room ? 2 * *room : PAGES_FIRST;
	struct frame **frames = krealloc(m->frames, more * sizeof(*frames));

	if (!frames)
		return -ENOMEM;
	m->frames = frames;
	*room = more;
	return 0;
}

/* n more pages, straight into frames of their own. */
static int pages_some(struct cr_restore *r, struct cr_member_in *m, u64 n)
{
	struct iter_vec vec[PAGES_AT_ONCE];
	struct iter it = { .kernel = true, .vec = vec, .nr = n, .count = n << PAGE_SHIFT };

	for (u64 i = 0; i < n; i++) {
		struct frame *f = frame_alloc(FRAME_ANON, 0, 0);

		if (!f)
			return -ENOMEM;
		m->frames[m->nr_frames++] = f;
		vec[i] = (struct iter_vec){ (u64)frame_data(f), PAGE_SIZE };
	}
	return image_iter(r, &it);
}

static int member_pages(struct cr_restore *r, struct cr_member_in *m, u64 size)
{
	u64 room = 0, left = size >> PAGE_SHIFT;
	int err = 0;

	if (size & ~PAGE_MASK)
		return cr_refuse(r, m->name, 0, "is no whole pages", EINVAL, CR_IMG_05);
	while (left && !err) {
		u64 n = MIN(left, (u64)PAGES_AT_ONCE);

		if (m->nr_frames + n > room)
			err = pages_room(m, &room);
		if (!err)
			err = pages_some(r, m, n);
		left -= n;
	}
	return err;
}

/* "core-17.img" by "core-%u.img": true, and 17. */
static bool name_matches(const char *pattern, const char *name, u32 *id)
{
	const char *p = strstr(pattern, "%u");
	char again[sizeof(((struct cr_member_in *)0)->name)];

	*id = 0;
	if (!p)
		return !strcmp(pattern, name);
	for (const char *d = name + (p - pattern);
	     strncmp(pattern, name, p - pattern) == 0 && *d >= '0' && *d <= '9'; d++)
		*id = *id * 10 + (*d - '0');
	snprintf(again, sizeof(again), pattern, *id);
	return !strcmp(again, name);
}

static int member_kind(struct cr_restore *r, struct cr_member_in *m)
{
	m->kind = CR_MEMBERS;
	if (!name_matches(PAGES_NAME, m->name, &m->id))
		for (m->kind = 0; m->kind < CR_MEMBERS; m->kind++)
			if (name_matches(cr_members[m->kind].name, m->name, &m->id))
				break;
	if (m->kind == CR_MEMBERS && !name_matches(PAGES_NAME, m->name, &m->id))
		return cr_refuse(r, m->name, 0, "is no known member", EINVAL, CR_IMG_02);
	return cr_member_enter(r, m);
}

static int member_read(struct cr_restore *r, const char *name, u64 size)
{
	struct cr_member_in *m = kzalloc(sizeof(*m));
	int err;

	if (!m)
		return -ENOMEM;
	strncpy(m->name, name, sizeof(m->name) - 1);
	m->offset = r->offset;
	list_add_tail(&r->members, &m->link);
	err = member_kind(r, m);
	if (!err)
		err = m->kind == CR_MEMBERS ? member_pages(r, m, size) : member_data(r, m, size);
	return err ? err : image_skip_pad(r, size);
}

static int image_read_all(struct cr_restore *r)
{
	char name[sizeof(((struct cr_member_in *)0)->name)];
	u8 block[TAR_BLOCK];
	u64 size, n = 0;
	int err;

	for (;;) {
		err = image_read(r, block, sizeof(block));
		if (err)
			return err;
		err = tar_parse(block, name, sizeof(name), &size);
		if (err > 0)
			return image_read(r, block, sizeof(block));
		if (err || n++ > MEMBERS_MAX)
			return cr_refuse(r, "image", r->offset, "is no ustar stream", EINVAL,
					 CR_IMG_05);
		err = member_read(r, name, size);
		if (err)
			return err;
	}
}

/* --- objects --- */

int cr_restore_object(struct cr_restore *r, const struct cr_class *c, u32 id, void **object)
{
	int err;

	*object = objtab_object(&r->objects, c, id);
	if (*object)
		return 0;
	if (!id)
		return cr_refuse(r, c->name, 0, "is missing", EINVAL, CR_IMG_02);
	if (r->depth >= DEPTH_MAX)
		return cr_refuse(r, c->name, id, "is too deep", EINVAL, CR_IMG_05);
	r->depth++;
	err = c->restore(r, id, object);
	r->depth--;
	if (err)
		return err;
	return objtab_take(&r->objects, c, *object, id);
}

/* --- the image as a whole --- */

static int image_check(struct cr_restore *r)
{
	const struct pb_plimsoll_trailer *t;
	const struct pb_inventory_entry *e;
	struct cr_member_in *m;
	u64 n = 0;
	int err = 0;

	list_for_each(m, &r->members, link) {
		n++;
		if (!err && m->kind != CR_MEMBERS)
			err = cr_member_decode(r, m);
	}
	if (!err)
		err = cr_message(r, CR_INVENTORY, 0, &e);
	if (!err)
		err = cr_message(r, CR_HEAD, 0, &r->head);
	if (!err)
		err = cr_message(r, CR_TRAILER, 0, &t);
	if (err)
		return err;
	m = list_first(&r->members, struct cr_member_in, link);
	if (m->kind != CR_INVENTORY || t->members != n - 1)
		return cr_refuse(r, "image", 0, "is not whole", EINVAL, CR_IMG_03);
	if (e->img_version != CR_CRIU_VERSION || r->head->version != CR_IMAGE_VERSION ||
	    strcmp((char *)r->head->arch.data, "x86_64") || r->head->fpu_size != arch_fpu_size)
		return cr_refuse(r, "image", 0, "is of another version or machine", EINVAL,
				 CR_IMG_01);
	return 0;
}

int cr_image_read(struct cr_restore *r)
{
	int err = image_read_all(r);

	return err ? err : image_check(r);
}

static void restore_free(struct cr_restore *r)
{
	cr_cgroups_free(r);
	objtab_free(&r->objects);
	cr_members_forget(r);
	while (!list_empty(&r->members)) {
		struct cr_member_in *m = list_first(&r->members, struct cr_member_in, link);

		list_del(&m->link);
		while (m->nr_frames)
			frame_put(m->frames[--m->nr_frames]);
		kfree(m->frames);
		kfree(m->data);
		kfree(m);
	}
	arena_free(&r->arena);
	list_del(&r->under_way);
	kfree(r);
}

/* Returns the root's pid in the caller's namespace, or -errno with nothing left. */
static long restore_run(struct cr_restore *r)
{
	long pid;
	int err = cr_image_read(r);

	if (err)
		return err;
	err = cr_tree_restore(r);
	if (err) {
		/* Said only if nobody said more. */
		cr_refuse(r, "restart", 0, "cannot go on", -err, CR_API_17);
		cr_tree_undo(r);
		return err;
	}
	pid = pid_nr(r->processes[0].made->tgid);
	cr_tree_start(r);
	return pid;
}

long sys_restart(s32 pid, int fd, u32 flags, int logfd)
{
	struct file *image = fd_get_io(fd), *log = logfd >= 0 ? fd_get_io(logfd) : NULL;
	struct cr_restore *r = kzalloc(sizeof(*r));
	long ret = -ENOMEM;

	(void)pid;
	if (flags & ~(RESTART_FROZEN | RESTART_GHOST))
		ret = deny(EINVAL, CR_API_13);
	else if (cr_may_call())
		ret = -EPERM;
	else if (!image || !(image->mode & FMODE_READ) || (logfd >= 0 && !log))
		ret = deny(EBADF, CR_API_09);
	else if (r) {
		r->image = image;
		r->log.file = log;
		r->flags = flags;
		r->arena.limit = ARENA_LIMIT;
		objtab_init(&r->objects);
		list_init(&r->members);
		r->caller = current;
		list_add_tail(&cr_restores, &r->under_way);
		list_init(&r->made_cgroups);
		ret = restore_run(r);
		restore_free(r);
		r = NULL;
	}
	kfree(r);
	if (log)
		file_put(log);
	if (image)
		file_put(image);
	return ret;
}
