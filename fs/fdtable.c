// SPDX-License-Identifier: MIT
/* fs/fdtable.c - descriptor tables: numbers to open files.
 *
 * A table has slots in a power of two, a bit per slot in open_bits (in use, or reserved
 * and not yet installed: then the slot is NULL) and in cloexec_bits, and a bit per word
 * of open_bits in full_words, so that the lowest free number is found in a step per
 * 4096 descriptors, or at once behind the hint "next".
 * Objects: a table is shared by the tasks of CLONE_FILES and counted by them; a used slot holds
 * a reference of its file. Numbers are limited by RLIMIT_NOFILE at allocation only.
 * Life: files_part.fork (share or copy), grown by fd_reserve, dropped by files_part.exit.
 * Locks: BKL. Closing may sleep (release), so loops over a table look at it again.
 * Checkpoint: slots and cloexec_bits are saved; the rest is rebuilt.
 * See dup(2), close_range(2), getrlimit(2). */
#include "fs/descriptor.h"
#include "kernel/audit.h"
#include "kernel/rlimit.h"
#include "mm/slab.h"

#define WORD_BITS 64
#define FIRST_SIZE 64

static u64 bits_words(u32 size)
{
	return size / WORD_BITS;
}

static u64 full_words_count(u32 size)
{
	return (bits_words(size) + WORD_BITS - 1) / WORD_BITS;
}

static bool bit_test(const u64 *bits, u32 n)
{
	return bits[n / WORD_BITS] & BIT(n % WORD_BITS);
}

static void bit_set(u64 *bits, u32 n)
{
	bits[n / WORD_BITS] |= BIT(n % WORD_BITS);
}

static void bit_clear(u64 *bits, u32 n)
{
	bits[n / WORD_BITS] &= ~BIT(n % WORD_BITS);
}

static void files_mark_used(struct files *fs, u32 fd)
{
	bit_set(fs->open_bits, fd);
	if (fs->open_bits[fd / WORD_BITS] == ~0UL)
		bit_set(fs->full_words, fd / WORD_BITS);
}

static void files_mark_free(struct files *fs, u32 fd)
{
	bit_clear(fs->open_bits, fd);
	bit_clear(fs->cloexec_bits, fd);
	bit_clear(fs->full_words, fd / WORD_BITS);
	fs->next = MIN(fs->next, fd);
}

/* One block: slots, then the three bitmaps. */
static int files_allocate(struct files *fs, u32 size)
{
	size_t slots = size * sizeof(struct file *);
	size_t bits = bits_words(size) * sizeof(u64);
	char *block = kzalloc_charged(slots + 2 * bits + full_words_count(size) * sizeof(u64));

	if (!block)
		return -ENOMEM;
	fs->size = size;
	fs->slot = (struct file **)block;
	fs->open_bits = (u64 *)(block + slots);
	fs->cloexec_bits = (u64 *)(block + slots + bits);
	fs->full_words = (u64 *)(block + slots + 2 * bits);
	return 0;
}

/* Copies slots and bits of the first "size" numbers of from; takes no references. */
static void files_copy_slots(struct files *to, const struct files *from, u32 size)
{
	size_t words = bits_words(size);

	memcpy(to->slot, from->slot, size * sizeof(struct file *));
	memcpy(to->open_bits, from->open_bits, words * sizeof(u64));
	memcpy(to->cloexec_bits, from->cloexec_bits, words * sizeof(u64));
	for (size_t w = 0; w < words; w++)
		if (to->open_bits[w] == ~0UL)
			bit_set(to->full_words, w);
	to->next = from->next;
}

static int files_grow(struct files *fs, u32 fd)
{
	struct files bigger = { .next = 0 };
	struct file **old = fs->slot;
	u32 size = fs->size;
	int err;

	while (size <= fd)
		size *= 2;
	err = files_allocate(&bigger, size);
	if (err)
		return err;
	files_copy_slots(&bigger, fs, fs->size);
	bigger.refs = fs->refs;
	*fs = bigger;
	kfree(old);
	return 0;
}

int fd_table_create(u32 size, struct files **out)
{
	struct files *fs = kzalloc_charged(sizeof(*fs));
	int err;

	if (!fs)
		return -ENOMEM;
	ref_set(&fs->refs, 1);
	err = files_allocate(fs, size);
	if (err) {
		kfree(fs);
		return err;
	}
	*out = fs;
	return 0;
}

/* Takes a reference of each file; numbers that are only reserved become free. */
static void files_get_slots(struct files *fs)
{
	for (u32 w = 0; w < bits_words(fs->size); w++)
		for (u64 bits = fs->open_bits[w]; bits; bits &= bits - 1) {
			u32 fd = w * WORD_BITS + __builtin_ctzl(bits);

			if (fs->slot[fd])
				file_get(fs->slot[fd]);
			else
				files_mark_free(fs, fd);
		}
}

/* A copy with references of its own; numbers only reserved are free in it. */
static int files_copy(const struct files *from, struct files **out)
{
	u32 size = from->size;
	struct files *fs;
	int err;

	while (size > FIRST_SIZE && !from->open_bits[bits_words(size) - 1])
		size -= WORD_BITS;
	for (u32 power = FIRST_SIZE; ; power *= 2)
		if (power >= size) {
			size = MIN(power, from->size);
			break;
		}
	err = fd_table_create(size, &fs);
	if (err)
		return err;
	files_copy_slots(fs, from, size);
	files_get_slots(fs);
	*out = fs;
	return 0;
}

/* Gives up one share; the last closes everything, in the order of numbers. */
void fd_table_put(struct files *fs)
{
	struct file *f;

	if (!ref_put(&fs->refs))
		return;
	for (int fd = fd_next(fs, 0); fd >= 0; fd = fd_next(fs, fd + 1)) {
		f = fs->slot[fd];
		fs->slot[fd] = NULL;
		files_mark_free(fs, fd);
		if (!(f->mode & FMODE_PATH)) {
			if (f->ops->flush)
				f->ops->flush(f);
			locks_close(f, fs);
		}
		file_put(f);
	}
	kfree(fs->slot);
	kfree(fs);
}

int files_unshare(void)
{
	struct files *old = current->files, *fresh;
	int err;

	if (old->refs.n == 1)
		return 0;
	err = files_copy(old, &fresh);
	if (err)
		return err;
	current->files = fresh;
	fd_table_put(old);
	return 0;
}

/* --- looking up --- */

struct file *fd_peek(struct files *fs, int fd)
{
	if (!fs || (u32)fd >= fs->size)
		return NULL;
	return fs->slot[fd];
}

struct file *fd_get(int fd)
{
	struct file *f = fd_peek(current->files, fd);

	return f ? file_get(f) : NULL;
}

struct file *fd_get_io(int fd)
{
	struct file *f = fd_peek(current->files, fd);

	if (!f || (f->mode & FMODE_PATH))
		return NULL;
	return file_get(f);
}

int fd_next(struct files *fs, unsigned from)
{
	for (u32 w = from / WORD_BITS; fs && w < bits_words(fs->size); w++) {
		u64 bits = fs->open_bits[w];

		if (w == from / WORD_BITS)
			bits &= ~0UL << (from % WORD_BITS);
		for (; bits; bits &= bits - 1) {
			u32 fd = w * WORD_BITS + __builtin_ctzl(bits);

			if (fs->slot[fd])
				return fd;
		}
	}
	return -1;
}

bool fd_cloexec(struct files *fs, int fd)
{
	return (u32)fd < fs->size && bit_test(fs->cloexec_bits, fd);
}

void fd_set_cloexec(int fd, bool on)
{
	(on ? bit_set : bit_clear)(current->files->cloexec_bits, fd);
}

int fd_limit(void)
{
	return (int)MIN(current_limit(RLIMIT_NOFILE), (u64)FD_LIMIT_MAX);
}

/* --- taking and giving back numbers --- */

/* Lowest free number >= from: a slot of the table, or its size where all are in use. */
static u32 files_lowest_free(const struct files *fs, u32 from)
{
	u32 words = bits_words(fs->size), w = from / WORD_BITS, k;
	u64 free;

	if (w >= words)
		return from;
	free = ~fs->open_bits[w] & (~0UL << (from % WORD_BITS));
	if (free)
		return w * WORD_BITS + __builtin_ctzl(free);
	w++;
	for (k = w / WORD_BITS; k < full_words_count(fs->size); k++) {
		free = ~fs->full_words[k];
		if (k == w / WORD_BITS)
			free &= ~0UL << (w % WORD_BITS);
		if (free)
			break;
	}
	if (k == full_words_count(fs->size))
		return fs->size;
	w = k * WORD_BITS + __builtin_ctzl(free);
	return w < words ? w * WORD_BITS + __builtin_ctzl(~fs->open_bits[w]) : fs->size;
}

int fd_reserve(unsigned from, u32 o_cloexec)
{
	struct files *fs = current->files;
	u32 fd = files_lowest_free(fs, MAX(from, fs->next));
	int err;

	if (fd >= (u32)fd_limit())
		return -EMFILE;
	if (fd >= fs->size) {
		err = files_grow(fs, fd);
		if (err)
			return err;
	}
	if (from <= fs->next)
		fs->next = fd + 1;
	files_mark_used(fs, fd);
	if (o_cloexec)
		bit_set(fs->cloexec_bits, fd);
	return fd;
}

void fd_install(int fd, struct file *f)
{
	assert(!current->files->slot[fd]);
	current->files->slot[fd] = f;
}

void fd_unreserve(int fd)
{
	assert(!current->files->slot[fd]);
	files_mark_free(current->files, fd);
}

void fd_unreserve_pair(const int fd[2])
{
	fd_unreserve(fd[0]);
	fd_unreserve(fd[1]);
}

int fd_reserve_pair(u32 o_cloexec, uaddr fds, int fd[2])
{
	int err;

	fd[0] = fd_reserve(0, o_cloexec);
	if (fd[0] < 0)
		return fd[0];
	fd[1] = fd_reserve(0, o_cloexec);
	if (fd[1] < 0) {
		fd_unreserve(fd[0]);
		return fd[1];
	}
	err = copy_to_user(fds, fd, 2 * sizeof(*fd));
	if (err)
		fd_unreserve_pair(fd);
	return err;
}

int fd_alloc(struct file *f, unsigned from, u32 o_cloexec)
{
	int fd = fd_reserve(from, o_cloexec);

	if (fd >= 0)
		fd_install(fd, f);
	return fd;
}

/* What close(2) does with a file that has left its slot. Drops the slot's reference. */
static int file_close(struct file *f)
{
	int err = 0;

	if (!(f->mode & FMODE_PATH)) {
		if (f->ops->flush)
			err = f->ops->flush(f);
		locks_close(f, current->files);
	}
	file_put(f);
	return err;
}

int fd_close(int fd)
{
	struct files *fs = current->files;
	struct file *f = fd_peek(fs, fd);

	if (!f)
		return -EBADF;
	fs->slot[fd] = NULL;
	files_mark_free(fs, fd);
	return file_close(f);
}

int fd_replace(int fd, struct file *f, u32 o_cloexec)
{
	struct files *fs = current->files;
	struct file *old = NULL;
	int err;

	if (fd >= fd_limit())
		return -EBADF;
	if ((u32)fd >= fs->size) {
		err = files_grow(fs, fd);
		if (err)
			return err;
	}
	old = fs->slot[fd];
	if (!old && bit_test(fs->open_bits, fd))
		return -EBUSY;
	fs->slot[fd] = f;
	files_mark_used(fs, fd);
	(o_cloexec ? bit_set : bit_clear)(fs->cloexec_bits, fd);
	if (old)
		file_close(old);
	return fd;
}

int fd_close_range(unsigned first, unsigned last, bool only_mark)
{
	struct files *fs = current->files;

	for (int fd = fd_next(fs, first); fd >= 0 && (u32)fd <= last; fd = fd_next(fs, fd + 1)) {
		if (only_mark)
			bit_set(fs->cloexec_bits, fd);
		else
			fd_close(fd);
	}
	return 0;
}

int fd_table_install(struct files *fs, u32 fd, struct file *f, bool cloexec)
{
	int err = 0;

	if (fd >= NOFILE_MAX || fd_peek(fs, fd))
		return -EINVAL;
	if (fd >= fs->size)
		err = files_grow(fs, fd);
	if (err)
		return err;
	files_mark_used(fs, fd);
	if (cloexec)
		bit_set(fs->cloexec_bits, fd);
	fs->slot[fd] = file_get(f);
	return 0;
}

/* --- the task part --- */

static int files_part_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	struct files *fs = parent->files;

	if (!fs)
		return fd_table_create(FIRST_SIZE, &child->files);
	if (!(args->flags & CLONE_FILES))
		return files_copy(fs, &child->files);
	ref_get(&fs->refs);
	child->files = fs;
	return 0;
}

/* Closes what is marked close-on-exec. The table is current's own by now (files_unshare). */
static void files_part_exec(struct task *t)
{
	struct files *fs = t->files;

	for (u32 w = 0; w < bits_words(fs->size); w++)
		while (fs->cloexec_bits[w] & fs->open_bits[w]) {
			u64 bits = fs->cloexec_bits[w] & fs->open_bits[w];

			fd_close(w * WORD_BITS + __builtin_ctzl(bits));
		}
}

static void files_part_exit(struct task *t)
{
	struct files *fs = t->files;

	t->files = NULL;
	if (fs)
		fd_table_put(fs);
}

const struct task_part files_part = {
	.name = "files",
	.fork = files_part_fork,
	.exec = files_part_exec,
	.exit = files_part_exit,
};
