// SPDX-License-Identifier: MIT
/* fs/initramfs.c - fills the root file system from newc cpio archives, plain or in gzip members.
 *
 * Archives may follow one another, with zeros between them, as boot loaders concatenate
 * them. Bytes are pushed into a small state machine, so that nothing is held twice:
 *   1 header  2 name  3 body (a file's data, or a link's text)  4 padding, then 1 again
 * Entries that cannot be made are passed over, as on Linux; a broken archive ends the work
 * with -EINVAL. Hard links are entries of one inode number: the first makes the file, the one
 * with a body fills it. Directories get their times at the end.
 * Context: the first task, umask 0 meanwhile. See the cpio newc format, initramfs. */

#include "arch/cpu.h"
#include "fs/exec.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/task.h"
#include "lib/inflate.h"
#include "mm/slab.h"

#define CPIO_MAGIC_LEN 6
#define CPIO_FIELD_LEN 8
#define CPIO_ALIGN 4
#define CPIO_TRAILER "TRAILER!!!"

/* The header: the magic, then these fields as eight hexadecimal digits each. */
enum cpio_field {
	CPIO_INO, CPIO_MODE, CPIO_UID, CPIO_GID, CPIO_NLINK, CPIO_MTIME, CPIO_SIZE, CPIO_MAJOR,
	CPIO_MINOR, CPIO_RMAJOR, CPIO_RMINOR, CPIO_NAME_SIZE, CPIO_CHECK, CPIO_FIELDS
};
#define CPIO_HEADER_LEN (CPIO_MAGIC_LEN + CPIO_FIELDS * CPIO_FIELD_LEN)

/* A file with more links to come, or a directory whose time is still to be set. */
struct remembered {
	struct list link;
	u32 ino, major, minor;
	s64 mtime;
	char name[];
};

enum unpack_state { AT_HEADER, AT_NAME, AT_BODY, AT_PADDING };

struct unpack {
	enum unpack_state state;
	size_t have, want;		/* bytes of the state's part */
	u32 field[CPIO_FIELDS];
	char head[CPIO_HEADER_LEN];
	char *name, *text;		/* of PATH_MAX_LEN; text: a link's */
	struct file *file;		/* the body goes there */
	u64 pos;
	bool ended;			/* the trailer was read */
	struct list links, dirs;
};

/* --- headers --- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int header_parse(struct unpack *u)
{
	const char *s = u->head + CPIO_MAGIC_LEN;

	if (memcmp(u->head, "070701", CPIO_MAGIC_LEN) && memcmp(u->head, "070702", CPIO_MAGIC_LEN))
		return -EINVAL;
	for (int f = 0; f < CPIO_FIELDS; f++) {
		u->field[f] = 0;
		for (int i = 0; i < CPIO_FIELD_LEN; i++) {
			int d = hex_digit(*s++);

			if (d < 0)
				return -EINVAL;
			u->field[f] = u->field[f] << 4 | d;
		}
	}
	if (!u->field[CPIO_NAME_SIZE] || u->field[CPIO_NAME_SIZE] > PATH_MAX_LEN)
		return -EINVAL;
	return S_ISLNK(u->field[CPIO_MODE]) && u->field[CPIO_SIZE] >= PATH_MAX_LEN ? -EINVAL : 0;
}

/* --- hard links, directory times --- */

static int remember(struct unpack *u, struct list *where)
{
	size_t len = strlen(u->name) + 1;
	struct remembered *r = kmalloc(sizeof(*r) + len);

	if (!r)
		return -ENOMEM;
	r->ino = u->field[CPIO_INO];
	r->major = u->field[CPIO_MAJOR];
	r->minor = u->field[CPIO_MINOR];
	r->mtime = u->field[CPIO_MTIME];
	memcpy(r->name, u->name, len);
	list_add(where, &r->link);
	return 0;
}

static void forget_all(struct list *where)
{
	struct remembered *r, *next;

	list_for_each_safe(r, next, where, link) {
		list_del(&r->link);
		kfree(r);
	}
}

/* Makes the entry a further name of one unpacked before. True if it is one. */
static bool link_to_earlier(struct unpack *u)
{
	struct remembered *r;

	if (u->field[CPIO_NLINK] < 2)
		return false;
	list_for_each(r, &u->links, link)
		if (r->ino == u->field[CPIO_INO] && r->major == u->field[CPIO_MAJOR] &&
		    r->minor == u->field[CPIO_MINOR])
			return !vfs_link(AT_FDCWD, r->name, AT_FDCWD, u->name, 0);
	remember(u, &u->links);
	return false;
}

static void set_times(const char *name, s64 mtime)
{
	struct iattr a = { .valid = ATTR_MTIME | ATTR_MTIME_SET, .mtime = { .tv_sec = mtime } };
	struct path p;

	if (path_lookup(AT_FDCWD, name, 0, &p))
		return;
	vfs_setattr(&p, &a);
	path_put(&p);
}

static void dirs_finish(struct unpack *u)
{
	struct remembered *r;

	list_for_each(r, &u->dirs, link)
		set_times(r->name, r->mtime);
	forget_all(&u->dirs);
}

/* --- entries --- */

static void set_owner(struct unpack *u, const char *name)
{
	struct iattr owner = { .valid = ATTR_UID | ATTR_GID, .uid = u->field[CPIO_UID],
			       .gid = u->field[CPIO_GID] };
	struct iattr mode = { .valid = ATTR_MODE, .mode = u->field[CPIO_MODE] & S_IALLUGO };
	struct path p;

	if (path_lookup(AT_FDCWD, name, 0, &p))
		return;
	vfs_setattr(&p, &owner);
	if (!S_ISLNK(u->field[CPIO_MODE]))
		vfs_setattr(&p, &mode);
	path_put(&p);
}

/* What is there already makes way, unless it is a directory and shall be one. */
static void clear_way(const char *name, u32 mode)
{
	struct path p;
	u32 old;

	if (path_lookup(AT_FDCWD, name, 0, &p))
		return;
	old = p.dentry->inode->mode;
	path_put(&p);
	if ((old ^ mode) & S_IFMT)
		vfs_unlink(AT_FDCWD, name, S_ISDIR(old));
	else if (!S_ISDIR(mode) && !S_ISREG(mode))
		vfs_unlink(AT_FDCWD, name, false);
}

static void open_file(struct unpack *u)
{
	u32 flags = O_WRONLY | O_CREAT | O_LARGEFILE | (link_to_earlier(u) ? 0 : O_TRUNC);

	u->pos = 0;
	if (vfs_open(AT_FDCWD, u->name, flags, u->field[CPIO_MODE], 0, &u->file))
		u->file = NULL;
	else
		set_owner(u, u->name);
}

/* The name is complete: makes what needs no body. */
static void entry_begin(struct unpack *u)
{
	u32 mode = u->field[CPIO_MODE];

	if (!strcmp(u->name, CPIO_TRAILER)) {
		u->ended = true;
		forget_all(&u->links);
		return;
	}
	clear_way(u->name, mode);
	switch (mode & S_IFMT) {
	case S_IFREG:
		open_file(u);
		break;
	case S_IFDIR:
		vfs_mkdir(AT_FDCWD, u->name, mode);
		set_owner(u, u->name);
		remember(u, &u->dirs);
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		if (!link_to_earlier(u))
			vfs_mknod(AT_FDCWD, u->name, mode,
				  DEV(u->field[CPIO_RMAJOR], u->field[CPIO_RMINOR]));
		set_owner(u, u->name);
		set_times(u->name, u->field[CPIO_MTIME]);
	}
}

/* The body is complete. */
static void entry_end(struct unpack *u)
{
	if (u->file) {
		file_put(u->file);
		u->file = NULL;
		set_times(u->name, u->field[CPIO_MTIME]);
	} else if (S_ISLNK(u->field[CPIO_MODE])) {
		u->text[u->field[CPIO_SIZE]] = '\0';
		if (!vfs_symlink(u->text, AT_FDCWD, u->name)) {
			set_owner(u, u->name);
			set_times(u->name, u->field[CPIO_MTIME]);
		}
	}
}

static int body_add(struct unpack *u, const u8 *data, size_t n)
{
	struct iter from;
	ssize_t done;

	if (S_ISLNK(u->field[CPIO_MODE]))
		memcpy(u->text + u->have, data, n);
	if (!u->file)
		return 0;
	iter_kernel(&from, (void *)data, n);
	done = file_write(u->file, &from, &u->pos);
	if (done < 0)
		return done;
	return (size_t)done == n ? 0 : -ENOSPC;
}

/* --- the state machine --- */

static void state_enter(struct unpack *u, enum unpack_state state, size_t want)
{
	u->state = state;
	u->have = 0;
	u->want = want;
}

static size_t padding_of(size_t n)
{
	return ALIGN_UP(n, CPIO_ALIGN) - n;
}

/* A part is complete: on to the next. */
static int state_next(struct unpack *u)
{
	int err = 0;

	switch (u->state) {
	case AT_HEADER:
		err = header_parse(u);
		state_enter(u, AT_NAME, u->field[CPIO_NAME_SIZE] +
			    padding_of(CPIO_HEADER_LEN + u->field[CPIO_NAME_SIZE]));
		break;
	case AT_NAME:
		u->name[u->field[CPIO_NAME_SIZE] - 1] = '\0';
		entry_begin(u);
		state_enter(u, AT_BODY, u->field[CPIO_SIZE]);
		break;
	case AT_BODY:
		entry_end(u);
		state_enter(u, AT_PADDING, padding_of(u->field[CPIO_SIZE]));
		break;
	case AT_PADDING:
		state_enter(u, AT_HEADER, CPIO_HEADER_LEN);
	}
	return err;
}

static int state_take(struct unpack *u, const u8 *data, size_t n)
{
	size_t room = u->have < PATH_MAX_LEN ? PATH_MAX_LEN - u->have : 0;

	switch (u->state) {
	case AT_HEADER:
		memcpy(u->head + u->have, data, n);
		return 0;
	case AT_NAME:
		memcpy(u->name + u->have, data, MIN(n, room));
		return 0;
	case AT_BODY:
		return body_add(u, data, n);
	default:
		return 0;
	}
}

static int unpack_write(void *ctx, const u8 *data, size_t n)
{
	struct unpack *u = ctx;
	int err = 0;

	while (n && !err) {
		size_t part = MIN(n, u->want - u->have);

		if (u->state == AT_HEADER && !u->have && !*data) {	/* zeros between archives */
			data++;
			n--;
			continue;
		}
		err = state_take(u, data, part);
		u->have += part;
		data += part;
		n -= part;
		while (!err && u->have == u->want)
			err = state_next(u);
	}
	return err;
}

/* One archive at data, as far as its trailer; *used: its bytes. */
static int unpack_plain(struct unpack *u, const u8 *data, size_t n, size_t *used)
{
	size_t pos = 0;
	int err = 0;

	while (!err && pos < n && !(u->ended && u->state == AT_HEADER)) {
		size_t part = MIN(n - pos, u->want - u->have);

		err = unpack_write(u, data + pos, part);
		pos += part;
	}
	*used = pos;
	return err;
}

static int unpack_archives(struct unpack *u, const u8 *data, size_t len, u8 *window)
{
	size_t pos = 0, used;
	int err = 0;

	while (!err && pos < len) {
		if (!data[pos]) {
			pos++;
			continue;
		}
		u->ended = false;
		state_enter(u, AT_HEADER, CPIO_HEADER_LEN);
		if (gzip_is_member(data + pos, len - pos))
			err = gzip_inflate(data + pos, len - pos, window, unpack_write, u, &used);
		else
			err = unpack_plain(u, data + pos, len - pos, &used);
		if (!err && !u->ended)
			err = -EINVAL;		/* cut off */
		pos += err ? 0 : used;
	}
	return err;
}

int initramfs_unpack(const u8 *data, size_t len)
{
	struct unpack *u = kzalloc(sizeof(*u));
	u32 umask = current->fs->umask;
	u8 *window = kmalloc(INFLATE_WINDOW);
	int err = -ENOMEM;

	if (u && window && (u->name = kmalloc(PATH_MAX_LEN)) && (u->text = kmalloc(PATH_MAX_LEN))) {
		list_init(&u->links);
		list_init(&u->dirs);
		current->fs->umask = 0;
		err = unpack_archives(u, data, len, window);
		current->fs->umask = umask;
		if (u->file)
			file_put(u->file);
		dirs_finish(u);
		forget_all(&u->links);
	}
	if (u) {
		kfree(u->name);
		kfree(u->text);
	}
	kfree(window);
	kfree(u);
	return err;
}
