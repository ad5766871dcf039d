// SPDX-License-Identifier: MIT
/* cr/files_ns.c - open namespaces (/proc/PID/ns/KIND): ns_file_entry, by kind and id.
 *
 * A namespace of the image that nobody is in is saved with the file that holds it (CR-NS-09). */
#include "cr/internal.h"

#include "fs/fdtable.h"

#define FD_TYPE_NS 14

static bool ns_file_is(const struct file *f)
{
	return f->path.mnt->flags & MNT_K_INTERNAL && nsfs_ns(f->path.dentry);
}

static int ns_file_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_ns_file_entry *nsf = cr_new(s, struct pb_ns_file_entry);
	struct ns_common *ns = nsfs_ns(f->path.dentry);

	if (!nsf)
		return -ENOMEM;
	e->nsf = nsf;
	nsf->id = e->id;
	nsf->ns_cflag = ns->type->clone_flag;
	nsf->flags = f->flags;
	nsf->has_ns_kind = true;
	return cr_ns_number(s, ns, &nsf->ns_kind, &nsf->ns_id);
}

/* CR-FILE-13: the restarted task's own, where it was that. */
static int ns_file_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	struct path p;
	int err = e->nsf ? cr_ns_path(r, e->nsf->ns_kind, e->nsf->ns_id, &p)
			 : cr_refuse(r, "namespace", e->id, "is no file", EINVAL, CR_IMG_05);

	if (err)
		return err;
	err = file_open_path(&p, e->nsf->flags & (O_PATH | O_NONBLOCK | O_LARGEFILE),
			     current_cred(), out);
	path_put(&p);
	return err;
}

const struct cr_file_class cr_ns_files = {
	.name = "namespace",
	.type = FD_TYPE_NS,
	.is = ns_file_is,
	.save = ns_file_save,
	.restore = ns_file_restore,
};
