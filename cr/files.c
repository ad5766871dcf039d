// SPDX-License-Identifier: MIT
/* cr/files.c - descriptor tables (fdinfo-ID.img) and open files (files.img), each by its class.
 *
 * An open file is shared by all descriptors that name it: saved once, by the first row of
 * cr/files_list.h that knows its kind; a kind without a row is refused by the name of its file_ops.
 */
#include "cr/internal.h"

#include "fs/fdtable.h"
#include "kernel/rlimit.h"

#define FILES_FIRST_SIZE 64

/* --- open files --- */

static const struct cr_file_class *file_class_of(const struct file *f)
{
	for (size_t i = 0; cr_file_classes[i]; i++)
		if (cr_file_classes[i]->is(f))
			return cr_file_classes[i];
	return NULL;
}

static const struct cr_file_class *file_class_of_type(u32 type)
{
	for (size_t i = 0; cr_file_classes[i]; i++)
		if (cr_file_classes[i]->type == type)
			return cr_file_classes[i];
	return NULL;
}

static void file_class_get(void *f)
{
	file_get(f);
}

static void file_class_put(void *f)
{
	file_put(f);
}

static int file_save(struct cr_save *s, void *object, u32 id)
{
	struct file *f = object;
	const struct cr_file_class *c = file_class_of(f);
	struct pb_file_entry e = { .id = id };
	int err;

	if (!c)
		return cr_refuse(s, "file", id, f->ops->class ? f->ops->class : "?", EBUSY,
				 CR_API_11);
	if (c->refuse)
		return cr_refuse(s, c->name, id, c->refuse, EBUSY, c->rule);
	e.type = c->type;
	err = c->save(s, f, &e);
	if (!err)
		err = cr_owner_save(s, f, &e);
	e.has_cred = true;
	if (!err)
		err = cr_save_object(s, &cr_cred_class, (void *)f->cred, &e.cred);
	return err ? err : cr_put(s, CR_FILES, 0, &pb_file_entry_type, &e);
}

/* What was opened with less than the restarter has gives no more than that again. */
static int opener_restore(struct cr_restore *r, struct file *f, u32 id)
{
	void *cred;
	int err = id ? cr_restore_object(r, &cr_cred_class, id, &cred) : 0;

	if (id && !err) {
		cred_put(f->cred);
		f->cred = cred_get(cred);
	}
	if (err)
		file_put(f);
	return err;
}

static int file_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct cr_file_class *c;
	const struct pb_file_entry *e;
	struct file *f;
	int err = cr_find(r, CR_FILES, 0, offsetof(struct pb_file_entry, id), id, &e);

	if (err)
		return err;
	c = file_class_of_type(e->type);
	if (!c || c->refuse)
		return cr_refuse(r, "file", id, "is of no known kind", EINVAL, CR_IMG_02);
	err = c->restore(r, e, &f);
	if (!err)
		err = opener_restore(r, f, e->cred);
	if (!err)
		*object = f;
	return err;
}

const struct cr_class cr_file_class = {
	.name = "file",
	.save = file_save,
	.restore = file_restore,
	.get = file_class_get,
	.put = file_class_put,
	.holds = HELD_FILE,
};

/* --- tables --- */

static void files_class_get(void *files)
{
	ref_get(&((struct files *)files)->refs);
}

static void files_class_put(void *files)
{
	fd_table_put(files);
}

static int files_save(struct cr_save *s, void *object, u32 id)
{
	struct files *fs = object;
	int err = 0;

	for (int fd = fd_next(fs, 0); fd >= 0 && !err; fd = fd_next(fs, fd + 1)) {
		struct file *f = fd_peek(fs, fd);
		const struct cr_file_class *c = f ? file_class_of(f) : NULL;
		struct pb_fdinfo_entry e = {
			.fd = fd, .flags = fd_cloexec(fs, fd), .type = c ? c->type : 0};

		if (!f)
			continue;
		err = cr_save_object(s, &cr_file_class, f, &e.id);
		if (!err)
			err = cr_put(s, CR_FDINFO, id, &pb_fdinfo_entry_type, &e);
	}
	return err;
}

/* CR-FILE-01: each under its number. */
static int files_restore(struct cr_restore *r, u32 id, void **object)
{
	struct cr_messages all;
	struct files *fs;
	int err = fd_table_create(FILES_FIRST_SIZE, &fs);

	if (err)
		return err;
	cr_messages(r, CR_FDINFO, id, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_fdinfo_entry *e = all.message[i];
		void *f;

		err = cr_restore_object(r, &cr_file_class, e->id, &f);
		if (!err && e->fd >= NOFILE_MAX)
			err = cr_refuse(r, "descriptor", e->fd, "", EINVAL, CR_IMG_05);
		if (!err)
			err = fd_table_install(fs, e->fd, f, e->flags & FD_CLOEXEC);
	}
	if (err)
		fd_table_put(fs);
	else
		*object = fs;
	return err;
}

const struct cr_class cr_files_class = {
	.name = "descriptor table",
	.save = files_save,
	.restore = files_restore,
	.get = files_class_get,
	.put = files_class_put,
	.holds = HELD_FILES,
};
