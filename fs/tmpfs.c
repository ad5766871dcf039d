// SPDX-License-Identifier: MIT
/* fs/tmpfs.c - tmpfs, ramfs and rootfs: instances and their mount options.
 *
 * tmpfs: size=N[kmg%], nr_blocks=N, nr_inodes=N, mode=, uid=, gid=; half of memory by default.
 * rootfs is a tmpfs that is mounted first and filled by the initramfs. ramfs has no limits, and
 * only mode=. The files themselves are in fs/memfs.c.
 * Locks: BKL. Checkpoint: by options and contents. See tmpfs(5). */

#include <linux/magic.h>

#include "fs/names.h"
#include "fs/text.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define TMPFS_MODE (S_IRWXUGO | S_ISVTX)
#define RAMFS_MODE 0755
#define PERCENT 100

static u64 total_pages(void)
{
	struct memory_totals t;

	memory_totals(&t);
	return t.total_pages;
}

static u64 default_pages(void)
{
	return total_pages() / 2;
}

/* --- options --- */

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : -1;
}

/* A number to the end of what is digits of base; *end: behind it. */
static int parse_number(const char *s, unsigned base, u64 *out, const char **end)
{
	u64 n = 0;
	int d = digit_of(*s);

	if (d < 0)
		return -EINVAL;
	for (; (d = digit_of(*s)) >= 0; s++)
		if ((unsigned)d >= base || __builtin_mul_overflow(n, base, &n) ||
		    __builtin_add_overflow(n, (u64)d, &n))
			return -EINVAL;
	*out = n;
	*end = s;
	return 0;
}

/* "64k", "1g": a number with a binary unit; *percent: it ended in '%'. */
static int parse_size(const char *s, u64 *out, bool *percent)
{
	static const char units[] = "kmgt";
	const char *end, *u;
	int err = s ? parse_number(s, 10, out, &end) : -EINVAL;

	if (err)
		return err;
	*percent = *end == '%';
	u = *end ? strchr(units, *end | ('a' - 'A')) : NULL;
	if (u && !*percent) {
		unsigned shift = 10 * (u - units + 1);

		if (*out >> (63 - shift))
			return -EINVAL;
		*out <<= shift;
		end++;
	} else if (*percent) {
		end++;
	}
	return *end ? -EINVAL : 0;
}

static int option_size(struct memfs *fs, const char *value)
{
	bool percent;
	u64 n;
	int err = parse_size(value, &n, &percent);

	if (err)
		return err;
	fs->max_blocks = percent ? total_pages() * n / PERCENT
				 : ALIGN_UP(n, PAGE_SIZE) >> PAGE_SHIFT;
	fs->has_size = true;
	return 0;
}

static int option_blocks(struct memfs *fs, const char *value)
{
	bool percent;
	int err = parse_size(value, &fs->max_blocks, &percent);

	fs->has_size = true;
	return err || percent ? -EINVAL : 0;
}

static int option_inodes(struct memfs *fs, const char *value)
{
	bool percent;
	int err = parse_size(value, &fs->max_inodes, &percent);

	fs->has_inodes = true;
	return err || percent ? -EINVAL : 0;
}

static int option_mode(struct memfs *fs, const char *value)
{
	const char *end;
	u64 n;

	if (!value || parse_number(value, 8, &n, &end) || *end)
		return -EINVAL;
	fs->mode = n & S_IALLUGO;
	return 0;
}

static int option_id(const char *value, kid_t (*make)(const struct user_ns *, u32), kid_t *out)
{
	const char *end;
	u64 n;

	if (!value || parse_number(value, 10, &n, &end) || *end || n >= INVALID_ID)
		return -EINVAL;
	*out = make(current_cred()->user_ns, n);
	return *out == INVALID_ID ? -EINVAL : 0;
}

static int option_uid(struct memfs *fs, const char *value)
{
	return option_id(value, make_uid, &fs->uid);
}

static int option_gid(struct memfs *fs, const char *value)
{
	return option_id(value, make_gid, &fs->gid);
}

/* What Linux accepts and has no meaning here. */
static int option_ignored(struct memfs *fs, const char *value)
{
	(void)fs, (void)value;
	return 0;
}

static const struct {
	const char *key;
	int (*set)(struct memfs *fs, const char *value);
	bool ramfs_too;
} options[] = {
	{ "size", option_size, false },	    { "nr_blocks", option_blocks, false },
	{ "nr_inodes", option_inodes, false }, { "mode", option_mode, true },
	{ "uid", option_uid, false },	    { "gid", option_gid, false },
	{ "huge", option_ignored, false },  { "mpol", option_ignored, false },
	{ "inode64", option_ignored, false }, { "inode32", option_ignored, false },
	{ "source", option_ignored, true },
};

static int memfs_option(void *ctx, const char *key, const char *value)
{
	struct memfs *fs = ctx;

	for (unsigned i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].key, key))
			return fs->limited || options[i].ramfs_too ? options[i].set(fs, value) : 0;
	return fs->limited ? -EINVAL : 0;	/* ramfs takes anything */
}

/* --- instances --- */

static void memfs_defaults(struct memfs *fs, bool limited)
{
	*fs = (struct memfs){ .mode = limited ? TMPFS_MODE : RAMFS_MODE, .limited = limited };
	if (limited)
		fs->max_blocks = fs->max_inodes = default_pages();
	fs->uid = current_cred()->fsuid;
	fs->gid = current_cred()->fsgid;
}

static int memfs_make_root(struct super *sb)
{
	struct memfs *fs = memfs_of(sb);
	struct inode *root;
	int err = memfs_inode(sb, NULL, S_IFDIR | fs->mode, 0, &root);

	if (err)
		return err;
	root->uid = fs->uid;
	root->gid = fs->gid;
	return dentry_create_root(sb, root, &sb->root);
}

int memfs_mount(const struct fs_type *type, const struct fs_request *req, bool limited,
		struct super **out)
{
	struct memfs *fs = kmalloc(sizeof(*fs));
	struct super *sb;
	int err;

	if (!fs)
		return -ENOMEM;
	memfs_defaults(fs, limited);
	err = fs_options_parse(req->data, memfs_option, fs);
	if (!err)
		err = super_create(type, &memfs_super_ops, &sb);
	if (err) {
		kfree(fs);
		return err;
	}
	sb->private = fs;
	err = memfs_make_root(sb);
	if (err)
		super_put(sb);
	else
		*out = sb;
	return err;
}

/* New limits must hold what is there; mode and owner stay those of the root directory. */
int memfs_remount(struct super *sb, const char *data)
{
	struct memfs *fs = memfs_of(sb), fresh = *fs;
	int err = fs_options_parse(data, memfs_option, &fresh);

	if (err)
		return err;
	if ((fresh.max_blocks && fresh.max_blocks < fs->used_blocks) ||
	    (fresh.max_inodes && fresh.max_inodes < fs->used_inodes))
		return -EINVAL;
	if ((!fs->max_blocks && fresh.max_blocks) || (!fs->max_inodes && fresh.max_inodes))
		return -EINVAL;
	fs->max_blocks = fresh.max_blocks;
	fs->max_inodes = fresh.max_inodes;
	fs->has_size = fresh.has_size;
	fs->has_inodes = fresh.has_inodes;
	return 0;
}

void memfs_show_options(struct super *sb, struct text *t)
{
	const struct memfs *fs = memfs_of(sb);
	const struct user_ns *ns = current_cred()->user_ns;

	if (fs->has_size)
		text_printf(t, ",size=%luk", fs->max_blocks << (PAGE_SHIFT - 10));
	if (fs->has_inodes)
		text_printf(t, ",nr_inodes=%lu", fs->max_inodes);
	if (fs->mode != (fs->limited ? TMPFS_MODE : RAMFS_MODE))
		text_printf(t, ",mode=%03o", fs->mode);
	if (fs->limited && fs->uid)
		text_printf(t, ",uid=%u", from_uid_munged(ns, fs->uid));
	if (fs->limited && fs->gid)
		text_printf(t, ",gid=%u", from_gid_munged(ns, fs->gid));
	if (fs->limited)
		text_puts(t, ",inode64");
}

static int tmpfs_mount(const struct fs_type *type, const struct fs_request *req, struct super **out)
{
	return memfs_mount(type, req, true, out);
}

static int ramfs_mount(const struct fs_type *type, const struct fs_request *req, struct super **out)
{
	return memfs_mount(type, req, false, out);
}

const struct fs_type tmpfs_fs_type = {
	.name = "tmpfs",
	.flags = FS_USERNS_MOUNT | FS_NODEV_TYPE | FS_TELLS_BIRTH,
	.magic = TMPFS_MAGIC,
	.mount = tmpfs_mount,
};

const struct fs_type ramfs_fs_type = {
	.name = "ramfs",
	.flags = FS_USERNS_MOUNT | FS_NODEV_TYPE,
	.magic = RAMFS_MAGIC,
	.mount = ramfs_mount,
};

const struct fs_type rootfs_fs_type = {
	.name = "rootfs",
	.flags = FS_NODEV_TYPE | FS_KERNEL_ONLY | FS_TELLS_BIRTH,
	.magic = TMPFS_MAGIC,
	.mount = tmpfs_mount,
};
