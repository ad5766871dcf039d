// SPDX-License-Identifier: MIT
/* tests/kernel/test_fd.c - descriptors, pipes, record locks, iterators.
 *
 * Properties:
 *   - a descriptor is the lowest free number, whatever was closed before and however full the table
 *   - the table grows, RLIMIT_NOFILE ends it, numbers that are reserved are not given out
 *   - a copy of a table has its own references, close-on-exec is per number
 *   - bytes come out of a pipe as they went in, across any wrap; small writes share pages
 *   - a full pipe is EAGAIN, an empty one without writers is the end; packets keep their bounds
 *   - resizing keeps what is in the ring, and refuses what does not fit
 *   - setting and clearing record locks splits, cuts and merges ranges, per owner
 *   - vectors are walked in order, empty ones too */
#include "fs/descriptor.h"
#include "fs/locks.h"
#include "fs/pipe_ring.h"
#include "kernel/ktest.h"
#include "mm/slab.h"

#define WORD 64
#define MANY 4200		/* more than one word of full_words covers */

extern const struct task_part files_part;

/* The running thread gets a table of its own for the time of a case. */
static struct files *table_enter(struct ktest *t)
{
	static struct task child, parent;
	struct clone_args_k args = { .flags = 0 };
	struct files *old = current->files;

	memset(&child, 0, sizeof(child));
	KEXPECT_EQ(t, files_part.fork(&child, &parent, &args), 0);
	current->files = child.files;
	return old;
}

static void table_leave(struct files *old)
{
	files_part.exit(current);
	current->files = old;
}

static struct file *some_file(struct ktest *t, struct file **other)
{
	struct file *f = NULL;

	KEXPECT_EQ(t, pipe_create_files(O_NONBLOCK, &f, other), 0);
	return f;
}

static void fd_lowest_free(struct ktest *t)
{
	struct files *old = table_enter(t);
	struct file *other, *f = some_file(t, &other);

	for (int n = 0; n < 3 * WORD; n++)
		KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), n);
	KEXPECT_EQ(t, fd_close(WORD + 1), 0);
	KEXPECT_EQ(t, fd_close(5), 0);
	KEXPECT_EQ(t, fd_close(5), -EBADF);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), 5);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), WORD + 1);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), 3 * WORD);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 1000, 0), 1000);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 1000, 0), 1001);
	KEXPECT_EQ(t, fd_next(current->files, 3 * WORD + 1), 1000);
	table_leave(old);
	KEXPECT_EQ(t, f->refs.n, 1);
	file_put(f);
	file_put(other);
}

static void fd_many(struct ktest *t)
{
	struct files *old = table_enter(t);
	struct rlimit64 *limit = &current->process->limits[RLIMIT_NOFILE];
	struct rlimit64 saved = *limit;
	struct file *other, *f = some_file(t, &other);

	limit->rlim_cur = MANY + 1;
	for (int n = 0; n <= MANY; n++)
		if (fd_alloc(file_get(f), 0, 0) != n)
			ktest_fail(t, __FILE__, __LINE__, "descriptor %d is not given out", n);
	KEXPECT_EQ(t, fd_alloc(f, 0, 0), -EMFILE);
	KEXPECT_EQ(t, fd_close(MANY), 0);
	KEXPECT_EQ(t, fd_close(17), 0);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), 17);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, 0), MANY);
	*limit = saved;
	table_leave(old);
	file_put(f);
	file_put(other);
}

static void fd_reserved_and_flags(struct ktest *t)
{
	struct files *old = table_enter(t);
	struct file *other, *f = some_file(t, &other);

	KEXPECT_EQ(t, fd_reserve(0, 0), 0);
	KEXPECT_EQ(t, fd_alloc(file_get(f), 0, O_CLOEXEC), 1);
	KEXPECT(t, fd_get(0) == NULL);
	KEXPECT(t, fd_cloexec(current->files, 1));
	fd_set_cloexec(1, false);
	KEXPECT(t, !fd_cloexec(current->files, 1));
	fd_unreserve(0);
	fd_install(fd_reserve(0, 0), file_get(f));
	KEXPECT(t, fd_peek(current->files, 0) == f);
	KEXPECT_EQ(t, fd_replace(1, file_get(other), O_CLOEXEC), 1);
	KEXPECT(t, fd_peek(current->files, 1) == other);
	files_part.exec(current);
	KEXPECT(t, fd_peek(current->files, 1) == NULL);
	KEXPECT(t, fd_peek(current->files, 0) == f);
	table_leave(old);
	file_put(f);
	file_put(other);
}

static void fd_tables_are_copied(struct ktest *t)
{
	struct files *old = table_enter(t), *mine;
	struct file *other, *f = some_file(t, &other);

	KEXPECT_EQ(t, fd_alloc(file_get(f), 100, 0), 100);
	mine = current->files;
	ref_get(&mine->refs);
	KEXPECT_EQ(t, files_unshare(), 0);
	KEXPECT(t, current->files != mine);
	KEXPECT(t, fd_peek(current->files, 100) == f);
	KEXPECT_EQ(t, f->refs.n, 3);
	KEXPECT_EQ(t, fd_close(100), 0);
	KEXPECT(t, fd_peek(mine, 100) == f);
	files_part.exit(current);
	current->files = mine;
	table_leave(old);
	file_put(f);
	file_put(other);
}

/* --- pipes --- */

static ssize_t put(struct file *f, const void *bytes, size_t n)
{
	struct iter it;
	u64 pos = 0;

	iter_kernel(&it, (void *)bytes, n);
	return file_write(f, &it, &pos);
}

static ssize_t take(struct file *f, void *bytes, size_t n)
{
	struct iter it;
	u64 pos = 0;

	iter_kernel(&it, bytes, n);
	return file_read(f, &it, &pos);
}

static void pipe_wraps(struct ktest *t)
{
	struct file *w, *r = some_file(t, &w);
	u8 *bytes = kmalloc(3 * PAGE_SIZE);
	u8 written = 0, read = 0;
	ssize_t n;

	for (size_t round = 0; round < 200; round++) {
		size_t len = 1 + (round * 977) % (3 * PAGE_SIZE);

		for (size_t k = 0; k < len; k++)
			bytes[k] = written++;
		KEXPECT_EQ(t, put(w, bytes, len), len);
		while (len > 0) {
			n = take(r, bytes, MIN(len, 1500UL));
			KEXPECT(t, n > 0);
			for (ssize_t k = 0; k < n; k++)
				if (bytes[k] != read++)
					KEXPECT_EQ(t, bytes[k], (u8)(read - 1));
			if (n <= 0)
				break;
			len -= n;
		}
	}
	KEXPECT_EQ(t, take(r, bytes, 1), -EAGAIN);
	kfree(bytes);
	file_put(r);
	file_put(w);
}

static void pipe_fills(struct ktest *t)
{
	struct file *w, *r = some_file(t, &w);
	u8 *page = kzalloc(PAGE_SIZE);
	struct pipe *p = pipe_of(r);

	for (int n = 0; n < 100; n++)
		KEXPECT_EQ(t, put(w, "x", 1), 1);
	KEXPECT_EQ(t, p->head - p->tail, 1);
	KEXPECT_EQ(t, put(w, page, PAGE_SIZE - 1), PAGE_SIZE - 1);
	KEXPECT_EQ(t, p->head - p->tail, 2);
	for (int n = 2; n < PIPE_BUFFERS_DEFAULT; n++)
		KEXPECT_EQ(t, put(w, page, PAGE_SIZE), PAGE_SIZE);
	KEXPECT_EQ(t, put(w, page, PAGE_SIZE), -EAGAIN);
	KEXPECT_EQ(t, put(w, "y", 1), -EAGAIN);
	KEXPECT_EQ(t, pipe_bytes(p), 99 + (PIPE_BUFFERS_DEFAULT - 1) * PAGE_SIZE);
	KEXPECT_EQ(t, pipe_resize(p, PIPE_BUFFERS_DEFAULT / 2), -EBUSY);
	KEXPECT_EQ(t, pipe_resize(p, PIPE_BUFFERS_DEFAULT * 2), 0);
	KEXPECT_EQ(t, put(w, "zz", 2), 2);
	file_put(w);
	while (take(r, page, PAGE_SIZE) > 0)
		;
	KEXPECT_EQ(t, page[100], 'z');
	KEXPECT_EQ(t, take(r, page, 1), 0);
	kfree(page);
	file_put(r);
}

static void pipe_packets(struct ktest *t)
{
	struct file *r, *w;
	char buf[16];

	KEXPECT_EQ(t, pipe_create_files(O_NONBLOCK | O_DIRECT, &r, &w), 0);
	KEXPECT_EQ(t, put(w, "first", 5), 5);
	KEXPECT_EQ(t, put(w, "second", 6), 6);
	KEXPECT_EQ(t, take(r, buf, sizeof(buf)), 5);
	KEXPECT_EQ(t, take(r, buf, 3), 3);
	KEXPECT_EQ(t, take(r, buf, sizeof(buf)), -EAGAIN);
	file_put(r);
	file_put(w);
}

/* --- record locks --- */

static int owners[3];

static int lock_set(struct inode_locks *locks, int owner, int type, u64 start, u64 end)
{
	struct file_lock r = {
		.start = start, .end = end, .type = type, .owner = &owners[owner], .by_file = true,
	};

	list_init(&r.link);
	if (type != F_UNLCK && posix_conflict(locks, &r))
		return -EAGAIN;
	return posix_apply(locks, &r);
}

/* Is the nth lock of the list this one? */
static bool lock_is(struct inode_locks *locks, unsigned n, int owner, int type, u64 start, u64 end)
{
	struct file_lock *l;

	list_for_each(l, &locks->posix, link)
		if (n-- == 0)
			return l->owner == &owners[owner] && l->type == type && l->start == start &&
			       l->end == end;
	return false;
}

static unsigned lock_count(struct inode_locks *locks)
{
	struct file_lock *l;
	unsigned n = 0;

	list_for_each(l, &locks->posix, link)
		n++;
	return n;
}

static void locks_begin(struct inode_locks *locks)
{
	memset(locks, 0, sizeof(*locks));
	list_init(&locks->posix);
	list_init(&locks->flock);
	waitqueue_init(&locks->wait);
}

static void locks_split_and_merge(struct ktest *t)
{
	struct inode_locks locks;

	locks_begin(&locks);
	KEXPECT_EQ(t, lock_set(&locks, 0, F_WRLCK, 0, 99), 0);
	KEXPECT_EQ(t, lock_set(&locks, 0, F_UNLCK, 40, 49), 0);
	KEXPECT(t, lock_is(&locks, 0, 0, F_WRLCK, 0, 39));
	KEXPECT(t, lock_is(&locks, 1, 0, F_WRLCK, 50, 99));
	KEXPECT_EQ(t, lock_set(&locks, 0, F_RDLCK, 60, 69), 0);
	KEXPECT_EQ(t, lock_count(&locks), 4);
	KEXPECT(t, lock_is(&locks, 2, 0, F_RDLCK, 60, 69));
	KEXPECT(t, lock_is(&locks, 3, 0, F_WRLCK, 70, 99));
	KEXPECT_EQ(t, lock_set(&locks, 0, F_WRLCK, 40, 69), 0);
	KEXPECT_EQ(t, lock_count(&locks), 1);
	KEXPECT(t, lock_is(&locks, 0, 0, F_WRLCK, 0, 99));
	KEXPECT_EQ(t, lock_set(&locks, 0, F_WRLCK, 100, LOCK_END_MAX), 0);
	KEXPECT(t, lock_is(&locks, 0, 0, F_WRLCK, 0, LOCK_END_MAX));
	KEXPECT_EQ(t, lock_set(&locks, 0, F_UNLCK, 0, LOCK_END_MAX), 0);
	KEXPECT_EQ(t, lock_count(&locks), 0);
}

static void locks_of_owners(struct ktest *t)
{
	struct inode_locks locks;

	locks_begin(&locks);
	KEXPECT_EQ(t, lock_set(&locks, 0, F_RDLCK, 0, 9), 0);
	KEXPECT_EQ(t, lock_set(&locks, 1, F_RDLCK, 5, 14), 0);
	KEXPECT_EQ(t, lock_set(&locks, 2, F_WRLCK, 9, 9), -EAGAIN);
	KEXPECT_EQ(t, lock_set(&locks, 0, F_WRLCK, 0, 4), 0);
	KEXPECT_EQ(t, lock_set(&locks, 0, F_WRLCK, 0, 5), -EAGAIN);
	KEXPECT_EQ(t, lock_set(&locks, 1, F_RDLCK, 15, 20), 0);
	KEXPECT(t, lock_is(&locks, 0, 0, F_WRLCK, 0, 4));
	KEXPECT(t, lock_is(&locks, 1, 0, F_RDLCK, 5, 9));
	KEXPECT(t, lock_is(&locks, 2, 1, F_RDLCK, 5, 20));
	KEXPECT_EQ(t, lock_set(&locks, 2, F_WRLCK, 21, LOCK_END_MAX), 0);
	for (int k = 0; k < 3; k++)
		KEXPECT_EQ(t, lock_set(&locks, k, F_UNLCK, 0, LOCK_END_MAX), 0);
	KEXPECT_EQ(t, lock_count(&locks), 0);
}

static void iter_walks_vectors(struct ktest *t)
{
	char a[3], b[5], text[] = "abcdefgh";
	struct iter_vec vec[] = {
		{ (u64)a, 0 }, { (u64)a, sizeof(a) }, { 0, 0 }, { (u64)b, sizeof(b) },
	};
	struct iter it = { .kernel = true, .vec = vec, .nr = ARRAY_SIZE(vec), .count = 8 };

	KEXPECT_EQ(t, iter_copy_to(&it, text, 2), 2);
	KEXPECT_EQ(t, it.count, 6);
	KEXPECT_EQ(t, iter_copy_to(&it, text + 2, 100), 6);
	KEXPECT_EQ(t, it.count, 0);
	KEXPECT(t, !memcmp(a, "abc", 3) && !memcmp(b, "defgh", 5));
}

static const struct ktest_case cases[] = {
	KCASE(fd_lowest_free),
	KCASE(fd_many),
	KCASE(fd_reserved_and_flags),
	KCASE(fd_tables_are_copied),
	KCASE(pipe_wraps),
	KCASE(pipe_fills),
	KCASE(pipe_packets),
	KCASE(locks_split_and_merge),
	KCASE(locks_of_owners),
	KCASE(iter_walks_vectors),
	{ NULL, NULL },
};

const struct ktest_suite fd_suite = { "fd", cases };
