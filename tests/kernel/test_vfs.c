// SPDX-License-Identifier: MIT
/* tests/kernel/test_vfs.c - names: dentries, walks, makers and removers, memory file systems.
 *
 * Properties: makers and removers give Linux's errnos in Linux's order; links are followed 40 deep;
 * RESOLVE_* keep a walk where it belongs; a rename replaces, exchanges, and never loops; open
 * makes, truncates, and refuses; directories are read once over, whatever is removed meanwhile;
 * limits of a tmpfs hold and are given back; an archive becomes files. What each case makes, it
 * removes. */

#include <linux/falloc.h>
#include <linux/openat2.h>
#include <linux/xattr.h>

#include "arch/cpu.h"
#include "fs/exec.h"
#include "fs/fdtable.h"
#include "kernel/ktest.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "mm/slab.h"
#include "tests/kernel/vfs_calls.h"

long sys_fchown(int fd, u32 uid, u32 gid);
long sys_fchmod(int fd, u32 mode);
long sys_close(int fd);

static void makers_refuse_in_order(struct ktest *t)
{
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_mkdir(T), -EEXIST);
	KEXPECT_EQ(t, t_mkdir(T "/"), -EEXIST);
	KEXPECT_EQ(t, t_mkdir("/"), -EEXIST);
	KEXPECT_EQ(t, t_mkdir(T "/none/x"), -ENOENT);
	KEXPECT_EQ(t, t_mkdir(""), -ENOENT);
	KEXPECT_EQ(t, t_touch(T "/f"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/f/x"), -ENOTDIR);
	KEXPECT_EQ(t, vfs_mknod(AT_FDCWD, T "/n/", S_IFIFO | 0600, 0), -ENOENT);
	KEXPECT_EQ(t, vfs_mknod(AT_FDCWD, T "/d", S_IFDIR | 0600, 0), -EPERM);
	KEXPECT_EQ(t, t_symlink("", T "/l"), -ENOENT);
	KEXPECT_EQ(t, vfs_link(AT_FDCWD, T, AT_FDCWD, T "/hard", 0), -EPERM);
	KEXPECT_EQ(t, vfs_link(AT_FDCWD, T "/f", AT_FDCWD, T "/f", 0), -EEXIST);
	KEXPECT_EQ(t, t_unlink(T), -EISDIR);
	KEXPECT_EQ(t, t_unlink(T "/f/"), -ENOTDIR);
	KEXPECT_EQ(t, t_rmdir(T "/f"), -ENOTDIR);
	KEXPECT_EQ(t, t_rmdir(T), -ENOTEMPTY);
	KEXPECT_EQ(t, t_rmdir(T "/."), -EINVAL);
	KEXPECT_EQ(t, t_rmdir(T "/.."), -ENOTEMPTY);
	KEXPECT_EQ(t, t_rmdir("/"), -EBUSY);
	KEXPECT_EQ(t, t_unlink(T "/f"), 0);
	KEXPECT_EQ(t, t_unlink(T "/f"), -ENOENT);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void names_have_limits(struct ktest *t)
{
	static char name[NAME_MAX_LEN + sizeof(T) + 2];

	KEXPECT_EQ(t, t_mkdir(T), 0);
	memcpy(name, T "/", sizeof(T));
	memset(name + sizeof(T), 'n', NAME_MAX_LEN);
	KEXPECT_EQ(t, t_mkdir(name), 0);
	KEXPECT_EQ(t, t_rename(name, T "/short", 0), 0);
	KEXPECT_EQ(t, t_rename(T "/short", name, 0), 0);
	KEXPECT_EQ(t, t_rmdir(name), 0);
	name[sizeof(T) + NAME_MAX_LEN] = 'n';
	KEXPECT_EQ(t, t_mkdir(name), -ENAMETOOLONG);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void links_are_followed_40_deep(struct ktest *t)
{
	char name[32], target[32];

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_touch(T "/l0"), 0);
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), T "/l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		KEXPECT_EQ(t, t_symlink(target, name), 0);
	}
	KEXPECT_EQ(t, t_lookup(T "/l40", LOOKUP_FOLLOW), 0);
	KEXPECT_EQ(t, t_lookup(T "/l41", LOOKUP_FOLLOW), -ELOOP);
	KEXPECT_EQ(t, t_lookup(T "/l41", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/l1/", 0), -ENOTDIR);
	KEXPECT_EQ(t, t_open(T "/l1", O_RDONLY | O_NOFOLLOW), -ELOOP);
	KEXPECT_EQ(t, t_open(T "/l1", O_PATH | O_NOFOLLOW), 0);
	for (int i = 41; i >= 0; i--) {
		snprintf(name, sizeof(name), T "/l%d", i);
		KEXPECT_EQ(t, t_unlink(name), 0);
	}
	KEXPECT_EQ(t, t_symlink("loop", T "/loop"), 0);
	KEXPECT_EQ(t, t_lookup(T "/loop/x", 0), -ELOOP);
	KEXPECT_EQ(t, t_symlink("../t.vfs/./..//t.vfs", T "/self"), 0);
	KEXPECT_EQ(t, t_lookup(T "/self/self/loop", 0), 0);
	KEXPECT_EQ(t, t_lookup("/../../t.vfs/self/", LOOKUP_DIRECTORY), 0);
	KEXPECT_EQ(t, t_symlink("made", T "/dangling"), 0);
	KEXPECT_EQ(t, t_open(T "/dangling", O_RDONLY), -ENOENT);
	KEXPECT_EQ(t, t_open(T "/dangling", O_CREAT | O_EXCL | O_WRONLY), -EEXIST);
	KEXPECT_EQ(t, t_open(T "/dangling", O_CREAT | O_WRONLY), 0);
	KEXPECT_EQ(t, t_unlink(T "/made"), 0);
	KEXPECT_EQ(t, t_unlink(T "/dangling"), 0);
	KEXPECT_EQ(t, t_unlink(T "/loop"), 0);
	KEXPECT_EQ(t, t_unlink(T "/self"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void opens_make_and_refuse(struct ktest *t)
{
	struct file *f;
	struct kstat st;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_open(T "/f", O_RDONLY), -ENOENT);
	KEXPECT_EQ(t, t_open(T "/f/", O_CREAT | O_WRONLY), -EISDIR);
	KEXPECT_EQ(t, t_open(T "/f", O_CREAT | O_EXCL | O_WRONLY), 0);
	KEXPECT_EQ(t, t_open(T "/f", O_CREAT | O_EXCL | O_WRONLY), -EEXIST);
	KEXPECT_EQ(t, t_open(T "/f", O_RDONLY | O_DIRECTORY), -ENOTDIR);
	KEXPECT_EQ(t, t_open(T, O_WRONLY), -EISDIR);
	KEXPECT_EQ(t, t_open(T, O_RDONLY | O_CREAT), -EISDIR);
	KEXPECT_EQ(t, t_open(T "/.", O_RDONLY | O_DIRECTORY), 0);
	KEXPECT_EQ(t, file_open(T "/f", O_RDWR, 0, &f), 0);
	KEXPECT_EQ(t, t_write(f, "contents", 0), 8);
	KEXPECT_EQ(t, inode_deny_write(f->inode), -ETXTBSY);
	KEXPECT_EQ(t, vfs_getattr(&f->path, &st), 0);
	KEXPECT_EQ(t, st.size, 8);
	KEXPECT_EQ(t, t_open(T "/f", O_WRONLY | O_TRUNC), 0);
	KEXPECT_EQ(t, f->inode->size, 0);
	file_put(f);
	KEXPECT_EQ(t, file_open(T "/f", O_RDONLY, 0, &f), 0);
	KEXPECT_EQ(t, inode_deny_write(f->inode), 0);
	KEXPECT_EQ(t, t_open(T "/f", O_WRONLY), -ETXTBSY);
	inode_allow_write(f->inode);
	file_put(f);
	KEXPECT_EQ(t, t_unlink(T "/f"), 0);
	KEXPECT_EQ(t, file_open(T, O_TMPFILE | O_RDWR, 0600, &f), 0);
	KEXPECT_EQ(t, f->inode->nlink, 0);
	file_put(f);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void resolve_flags_confine(struct ktest *t)
{
	static const struct {
		const char *name;
		u64 resolve;
		int want;
	} rows[] = {
		{ T "/d/up/d", 0, 0 },
		{ T "/d/up/d", RESOLVE_NO_SYMLINKS, -ELOOP },
		{ T "/d", RESOLVE_BENEATH, -EXDEV },
		{ "..", RESOLVE_BENEATH, -EXDEV },
		{ "t.vfs/d/../d/up/d", RESOLVE_BENEATH, 0 },
		{ "t.vfs/d/root/t.vfs", RESOLVE_BENEATH, -EXDEV },
		{ "t.vfs/d/root/t.vfs", RESOLVE_IN_ROOT, 0 },
		{ "../../t.vfs/d", RESOLVE_IN_ROOT, 0 },
		{ T "/d", RESOLVE_CACHED, 0 },
	};
	struct file *f;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_mkdir(T "/d"), 0);
	KEXPECT_EQ(t, t_symlink("..", T "/d/up"), 0);
	KEXPECT_EQ(t, t_symlink("/", T "/d/root"), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		int err = vfs_open(AT_FDCWD, rows[i].name, O_PATH, 0, rows[i].resolve, &f);

		KEXPECT_EQ(t, err, rows[i].want);
		if (!err)
			file_put(f);
	}
	KEXPECT_EQ(t, t_unlink(T "/d/up"), 0);
	KEXPECT_EQ(t, t_unlink(T "/d/root"), 0);
	KEXPECT_EQ(t, t_rmdir(T "/d"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void renames_replace_and_exchange(struct ktest *t)
{
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_mkdir(T "/a"), 0);
	KEXPECT_EQ(t, t_mkdir(T "/b"), 0);
	KEXPECT_EQ(t, t_touch(T "/a/f"), 0);
	KEXPECT_EQ(t, t_rename(T "/a", T "/a/x", 0), -EINVAL);
	KEXPECT_EQ(t, t_rename(T "/a/f", T "/a", 0), -ENOTEMPTY);
	KEXPECT_EQ(t, t_rename(T "/a/f", T "/b", 0), -EISDIR);
	KEXPECT_EQ(t, t_rename(T "/b", T "/a/f", 0), -ENOTDIR);
	KEXPECT_EQ(t, t_rename(T "/b", T "/a", 0), -ENOTEMPTY);
	KEXPECT_EQ(t, t_rename(T "/b", T "/a", RENAME_NOREPLACE), -EEXIST);
	KEXPECT_EQ(t, t_rename(T "/none", T "/a", 0), -ENOENT);
	KEXPECT_EQ(t, t_rename(T "/a/.", T "/c", 0), -EBUSY);
	KEXPECT_EQ(t, t_rename(T "/a/f", T "/c", RENAME_EXCHANGE), -ENOENT);
	KEXPECT_EQ(t, t_rename(T "/a/f", T "/b", RENAME_EXCHANGE), 0);
	KEXPECT_EQ(t, t_lookup(T "/a/f/", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/b/", 0), -ENOTDIR);
	KEXPECT_EQ(t, t_touch(T "/g"), 0);
	KEXPECT_EQ(t, t_rename(T "/b", T "/g", 0), 0);
	KEXPECT_EQ(t, t_lookup(T "/b", 0), -ENOENT);
	KEXPECT_EQ(t, t_rename(T "/a/f", T "/b", 0), 0);
	KEXPECT_EQ(t, t_unlink(T "/g"), 0);
	KEXPECT_EQ(t, t_rename(T "/a", T "/b", 0), 0);
	KEXPECT_EQ(t, t_rmdir(T "/b"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void hard_links_share_the_inode(struct ktest *t)
{
	struct path p;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_touch(T "/f"), 0);
	KEXPECT_EQ(t, vfs_link(AT_FDCWD, T "/f", AT_FDCWD, T "/g", 0), 0);
	KEXPECT_EQ(t, path_lookup(AT_FDCWD, T "/g", 0, &p), 0);
	KEXPECT_EQ(t, p.dentry->inode->nlink, 2);
	KEXPECT_EQ(t, t_rename(T "/f", T "/g", 0), 0);	/* the same file: nothing happens */
	KEXPECT_EQ(t, p.dentry->inode->nlink, 2);
	KEXPECT_EQ(t, t_unlink(T "/g"), 0);
	KEXPECT_EQ(t, p.dentry->inode->nlink, 1);
	path_put(&p);
	KEXPECT_EQ(t, t_unlink(T "/f"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

/* --- reading directories --- */

#define READ_FILES 40

struct seen {
	struct dir_sink sink;
	unsigned room, entries;
	char last[16];
};

static bool seen_emit(struct dir_sink *s, const char *name, size_t len, u64 next_pos, u64 ino,
		      unsigned type)
{
	struct seen *seen = (struct seen *)s;

	(void)next_pos, (void)ino, (void)type;
	if (!seen->room)
		return false;
	seen->room--;
	seen->entries++;
	memcpy(seen->last, name, len);
	seen->last[len] = '\0';
	return true;
}

static void directories_are_read_once_over(struct ktest *t)
{
	struct seen seen = { .sink = { seen_emit } };
	struct file *f;
	char name[32];

	KEXPECT_EQ(t, t_mkdir(T), 0);
	for (int i = 0; i < READ_FILES; i++) {
		snprintf(name, sizeof(name), T "/%d", i);
		KEXPECT_EQ(t, t_touch(name), 0);
	}
	KEXPECT_EQ(t, file_open(T, O_RDONLY, 0, &f), 0);
	do {		/* remove each entry as it comes, like rm -r */
		seen.room = 1;
		KEXPECT_EQ(t, dcache_readdir(f, &seen.sink), 0);
		if (seen.last[0] != '.' && !seen.room) {
			snprintf(name, sizeof(name), T "/%s", seen.last);
			KEXPECT_EQ(t, t_unlink(name), 0);
		}
	} while (!seen.room);
	KEXPECT_EQ(t, seen.entries, READ_FILES + 2);
	KEXPECT(t, dcache_empty(f->path.dentry));
	file_put(f);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

static void paths_have_texts(struct ktest *t)
{
	struct fs_context *fs = current->fs;
	char buf[64];
	struct path p;
	bool reachable;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, t_mkdir(T "/d"), 0);
	KEXPECT_EQ(t, path_lookup(AT_FDCWD, T "/d", 0, &p), 0);
	KEXPECT(t, !strcmp(path_text(&p, &fs->root, buf, sizeof(buf), &reachable), T "/d"));
	KEXPECT(t, reachable);
	KEXPECT(t, !path_text(&p, &fs->root, buf, 4, &reachable));
	KEXPECT(t, !strcmp(path_text(&fs->root, &fs->root, buf, sizeof(buf), NULL), "/"));
	KEXPECT_EQ(t, t_rmdir(T "/d"), 0);
	KEXPECT(t, !strcmp(path_text(&p, &fs->root, buf, sizeof(buf), &reachable),
			   T "/d (deleted)"));
	KEXPECT_EQ(t, t_mkdir(T "/d"), 0);
	path_put(&p);
	KEXPECT_EQ(t, t_rmdir(T "/d"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
}

/* --- memory file systems --- */

static void tmpfs_limits_hold(struct ktest *t)
{
	char *page = kmalloc(PAGE_SIZE);
	struct iter from;
	struct file *f;
	u64 pos = 0;

	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("t", T, "tmpfs", 0, "size=8k,nr_inodes=3,mode=700"), 0);
	KEXPECT_EQ(t, do_mount("t", T, "tmpfs", 0, "size=8k,unknown=1"), -EINVAL);
	KEXPECT_EQ(t, file_open(T "/f", O_CREAT | O_RDWR, 0600, &f), 0);
	memset(page, 'x', PAGE_SIZE);
	for (int i = 0; i < 2; i++) {
		iter_kernel(&from, page, PAGE_SIZE);
		KEXPECT_EQ(t, file_write(f, &from, &pos), PAGE_SIZE);
	}
	iter_kernel(&from, page, PAGE_SIZE);
	KEXPECT_EQ(t, file_write(f, &from, &pos), -ENOSPC);
	KEXPECT_EQ(t,
		   f->ops->fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100,
				     PAGE_SIZE), 0);
	KEXPECT_EQ(t, file_read_kernel(f, page, PAGE_SIZE, 0), PAGE_SIZE);
	KEXPECT(t, page[99] == 'x' && !page[100] && !page[PAGE_SIZE - 1]);
	KEXPECT_EQ(t,
		   f->ops->fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE_SIZE),
		   0);
	KEXPECT_EQ(t, f->inode->cache.nr_pages, 1);
	KEXPECT_EQ(t, f->ops->fallocate(f, 0, 0, 3 * PAGE_SIZE), -ENOSPC);
	KEXPECT_EQ(t, f->inode->size, 2 * PAGE_SIZE);
	KEXPECT_EQ(t, t_touch(T "/g"), 0);
	KEXPECT_EQ(t, t_touch(T "/h"), -ENOSPC);
	KEXPECT_EQ(t, do_umount(T, 0), -EBUSY);
	file_put(f);
	KEXPECT_EQ(t, do_umount(T, 0), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
	kfree(page);
}

static void attributes_are_kept(struct ktest *t)
{
	struct path p;
	char buf[32];
	const struct inode_ops *ops;

	KEXPECT_EQ(t, t_touch(T), 0);
	KEXPECT_EQ(t, path_lookup(AT_FDCWD, T, 0, &p), 0);
	ops = p.dentry->inode->ops;
	KEXPECT_EQ(t, ops->setxattr(p.dentry->inode, "user.a", "1", 1, 0), -EOPNOTSUPP);
	KEXPECT_EQ(t, ops->setxattr(p.dentry->inode, "trusted.a", "one", 3, XATTR_REPLACE),
		   -ENODATA);
	KEXPECT_EQ(t, ops->setxattr(p.dentry->inode, "trusted.a", "one", 3, 0), 0);
	KEXPECT_EQ(t, ops->setxattr(p.dentry->inode, "trusted.a", "two", 3, XATTR_CREATE), -EEXIST);
	KEXPECT_EQ(t, ops->getxattr(p.dentry->inode, "trusted.a", buf, 2), -ERANGE);
	KEXPECT_EQ(t, ops->getxattr(p.dentry->inode, "trusted.a", buf, sizeof(buf)), 3);
	KEXPECT_EQ(t, ops->listxattr(p.dentry->inode, buf, sizeof(buf)), 10);
	KEXPECT_EQ(t, ops->removexattr(p.dentry->inode, "trusted.b"), -ENODATA);
	path_put(&p);
	KEXPECT_EQ(t, t_unlink(T), 0);
}

/* --- archives --- */

struct archive {
	char *data;
	size_t len;
};

static void archive_add(struct archive *a, const char *name, u32 mode, u32 ino, u32 nlink,
			const char *body)
{
	u32 size = strlen(body), name_size = strlen(name) + 1;

	a->len += snprintf(a->data + a->len, 120,
			   "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
			   ino, mode, 1, 2, nlink, 1000, size, 0, 0, 5, 1, name_size, 0);
	memcpy(a->data + a->len, name, name_size);
	a->len = ALIGN_UP(a->len + name_size, 4);
	memcpy(a->data + a->len, body, size);
	a->len = ALIGN_UP(a->len + size, 4);
}

static void archives_become_files(struct ktest *t)
{
	struct archive a = { .data = kzalloc(PAGE_SIZE) };
	struct path p;
	char buf[8] = "";
	struct file *f;

	archive_add(&a, "t.vfs", S_IFDIR | 0750, 1, 2, "");
	archive_add(&a, "t.vfs/f", S_IFREG | 04711, 2, 2, "");
	archive_add(&a, "t.vfs/g", S_IFREG | 04711, 2, 2, "hello");
	archive_add(&a, "t.vfs/l", S_IFLNK | 0777, 3, 1, "f");
	archive_add(&a, "t.vfs/c", S_IFCHR | 0622, 4, 1, "");
	archive_add(&a, "TRAILER!!!", 0, 0, 1, "");
	KEXPECT_EQ(t, initramfs_unpack((u8 *)a.data, a.len), 0);
	KEXPECT_EQ(t, initramfs_unpack((u8 *)a.data, a.len - 200), -EINVAL);
	KEXPECT_EQ(t, file_open(T "/l", O_RDONLY, 0, &f), 0);
	KEXPECT_EQ(t, file_read_kernel(f, buf, sizeof(buf), 0), 5);
	KEXPECT(t, !strcmp(buf, "hello"));
	KEXPECT_EQ(t, f->inode->mode, S_IFREG | 04711);
	KEXPECT_EQ(t, f->inode->nlink, 2);
	KEXPECT_EQ(t, f->inode->uid, 1);
	KEXPECT_EQ(t, f->inode->mtime.tv_sec, 1000);
	file_put(f);
	KEXPECT_EQ(t, path_lookup(AT_FDCWD, T "/c", 0, &p), 0);
	KEXPECT_EQ(t, p.dentry->inode->rdev, DEV(5, 1));
	path_put(&p);
	KEXPECT_EQ(t, t_unlink(T "/f"), 0);
	KEXPECT_EQ(t, t_unlink(T "/g"), 0);
	KEXPECT_EQ(t, t_unlink(T "/l"), 0);
	KEXPECT_EQ(t, t_unlink(T "/c"), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
	kfree(a.data);
}

/* fchown(2) once gave 1 and changed nothing. */
static void descriptors_change_owners(struct ktest *t)
{
	struct file *f;
	int fd = fd_reserve(0, 0);

	KEXPECT(t, fd >= 0);
	KEXPECT_EQ(t, file_open(T, O_CREAT | O_RDWR, 0644, &f), 0);
	file_get(f);
	fd_install(fd, f);
	KEXPECT_EQ(t, sys_fchown(fd, 7, 8), 0);
	KEXPECT_EQ(t, f->inode->uid, 7);
	KEXPECT_EQ(t, f->inode->gid, 8);
	KEXPECT_EQ(t, sys_fchown(fd, -1, 9), 0);
	KEXPECT_EQ(t, f->inode->uid, 7);
	KEXPECT_EQ(t, f->inode->gid, 9);
	KEXPECT_EQ(t, sys_fchmod(fd, 0600), 0);
	KEXPECT_EQ(t, f->inode->mode, S_IFREG | 0600);
	KEXPECT_EQ(t, sys_fchown(-1, 0, 0), -EBADF);
	file_put(f);
	KEXPECT_EQ(t, sys_close(fd), 0);
	KEXPECT_EQ(t, t_unlink(T), 0);
}

static const struct ktest_case cases[] = {
	KCASE(makers_refuse_in_order),
	KCASE(names_have_limits),
	KCASE(links_are_followed_40_deep),
	KCASE(opens_make_and_refuse),
	KCASE(resolve_flags_confine),
	KCASE(renames_replace_and_exchange),
	KCASE(hard_links_share_the_inode),
	KCASE(directories_are_read_once_over),
	KCASE(paths_have_texts),
	KCASE(tmpfs_limits_hold),
	KCASE(attributes_are_kept),
	KCASE(descriptors_change_owners),
	KCASE(archives_become_files),
	{},
};
const struct ktest_suite vfs_suite = { "vfs", cases };
