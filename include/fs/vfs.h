// SPDX-License-Identifier: MIT
/* fs/vfs.h - the virtual file system: super blocks, inodes, dentries, mounts, open files.
 *
 *   file -> path (mount, dentry) -> inode -> super -> fs_type
 *
 * A dentry names an inode in its parent; a negative dentry (inode NULL) remembers that there is
 * none. Memory file systems pin their dentries: the dentry tree is the directory. A dentry with
 * refs 0 stays cached (on the LRU) while hashed. A mount puts a dentry tree at a dentry of
 * another mount. Locks: BKL; inode->lock (a mutex) is held by VFS over directory
 * changes (parent first, then child; rename: both parents by address) and
 * over writes and truncation of regular files.
 * Checkpoint: files and mounts are saved by class; dentries and inodes are rebuilt by path. */
#pragma once

#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/stat.h>

#include "abi/errno.h"
#include "abi/stat.h"
#include "fs/iter.h"
#include "kernel/cred.h"
#include "kernel/time.h"
#include "kernel/wait.h"
#include "lib/config.h"
#include "lib/list.h"
#include "lib/refcount.h"
#include "mm/pagecache.h"
#include "types.h"

struct super;
struct inode;
struct dentry;
struct mount;
struct file;
struct poll_table;
struct iattr;
struct fs_context_args;
struct mnt_ns;
struct vma;
struct text;
struct kstat;
struct path;
struct statfs64_k;
struct map_request;

#define NAME_MAX_LEN 255
#define PATH_MAX_LEN 4096

typedef u32 dev_num;			/* major << 20 | minor, kernel form */
#define DEV(major, minor) ((dev_num)((major) << 20 | (minor)))
#define DEV_MAJOR(d) ((d) >> 20)
#define DEV_MINOR(d) ((d) & 0xfffff)
u64 dev_encode(dev_num d);		/* to the ABI's st_rdev/st_dev form */
dev_num dev_decode(u64 abi);

/* --- inodes --- */
struct iattr {				/* what chmod, chown, utimens, truncate change */
	u32 valid;			/* ATTR_* */
	u32 mode;
	kid_t uid, gid;
	u64 size;
	timespec_t atime, mtime;
	struct file *file;		/* ftruncate: the open file */
};
#define ATTR_MODE      BIT(0)
#define ATTR_UID       BIT(1)
#define ATTR_GID       BIT(2)
#define ATTR_SIZE      BIT(3)
#define ATTR_ATIME     BIT(4)
#define ATTR_MTIME     BIT(5)
#define ATTR_ATIME_SET BIT(6)		/* to the value given, not to now */
#define ATTR_MTIME_SET BIT(7)
#define ATTR_TIMES_SET BIT(8)		/* times were named, if only as now: the owner may */
#define ATTR_TOUCH     BIT(9)		/* utimes(NULL): who may write may do it */

/* Operations of an inode. Absent ones have defaults (vfs: EPERM for makers, generic setattr ...).
 * Directory operations are called with dir->lock held; permission was checked; the
 * dentry is negative for makers, positive for removers. */
struct inode_ops {
	/* Finds name; leaves de negative or calls dentry_set_inode(). 0 or -errno (not -ENOENT). */
	int (*lookup)(struct inode *dir, struct dentry *de);
	int (*create)(struct inode *dir, struct dentry *de, u32 mode);
	int (*mkdir)(struct inode *dir, struct dentry *de, u32 mode);
	int (*mknod)(struct inode *dir, struct dentry *de, u32 mode, dev_num dev);
	int (*symlink)(struct inode *dir, struct dentry *de, const char *target);
	int (*link)(struct dentry *old, struct inode *dir, struct dentry *de);
	int (*unlink)(struct inode *dir, struct dentry *de);
	int (*rmdir)(struct inode *dir, struct dentry *de);
	int (*rename)(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
		      struct dentry *new, unsigned flags);
	int (*tmpfile)(struct inode *dir, struct dentry *de, u32 mode);
	/* Symbolic links: text into buf (NUL-terminated, PATH_MAX_LEN). Length or -errno. */
	int (*readlink)(struct dentry *de, char *buf, size_t size);
	/* "Magic" links of procfs: jumps to a path (with references). NULL for plain links. */
	int (*follow)(struct dentry *de, struct path *out);
	/* Access check beyond the generic one; mask MAY_*. NULL: generic_permission. */
	int (*permission)(struct inode *i, unsigned mask);
	int (*setattr)(struct dentry *de, const struct iattr *attr);
	int (*getattr)(struct dentry *de, struct kstat *st);
	/* Extended attributes: value of size 0 asks for the length. Length or -errno. */
	ssize_t (*getxattr)(struct inode *i, const char *name, void *value, size_t size);
	int (*setxattr)(struct inode *i, const char *name, const void *value, size_t size,
			int flags);
	int (*removexattr)(struct inode *i, const char *name);
	ssize_t (*listxattr)(struct inode *i, char *buf, size_t size);
};

struct kstat {
	u64 ino, size, blocks;
	u32 mode, nlink, blksize;
	kid_t uid, gid;
	dev_num dev, rdev;
	timespec_t atime, mtime, ctime, btime;
	u64 attributes, attributes_mask, mnt_id;
	bool tells_birth;
};

struct path {
	struct mount *mnt;
	struct dentry *dentry;
};

struct inode {
	refcount_t refs;		/* dentries, open files through them, transient users */
	LAYOUT_PADDING
	struct super *sb;
	u64 ino;
	u32 mode;			/* S_IF* and permissions */
	u32 nlink;
	kid_t uid, gid;
	u64 size;
	timespec_t atime, mtime, ctime, btime;
	dev_num rdev;
	const struct inode_ops *ops;
	const struct file_ops *fops;
	struct page_cache cache;
	struct mutex lock;
	struct list dentries;		/* aliases: dentry.alias */
	s32 writers;			/* > 0: open for writing; < 0: denied (being executed) */
	void *private;			/* the file system's */
	void *fifo;			/* struct pipe of an open FIFO */
	void *socket;			/* bound unix socket */
	void *locks;			/* fcntl locks, flock, leases: struct inode_locks */
	void *watches;			/* inotify marks */
	void *xattrs;			/* simple in-memory attributes: fs/xattr.c */
	u32 attr_flags;			/* FS_IOC_SETFLAGS immutable, append */
	u32 seals;			/* F_SEAL_*: fs/memfd.c */
	bool sealable;			/* a tmpfs file: has seals at all */
	struct list all;		/* on sb->inodes */
	u32 found;			/* references the audit found */
};

#define S_IXUGO   (S_IXUSR | S_IXGRP | S_IXOTH)
#define S_IRWXUGO (S_IRWXU | S_IRWXG | S_IRWXO)
#define S_IALLUGO (S_ISUID | S_ISGID | S_ISVTX | S_IRWXUGO)

#define MAY_EXEC  1
#define MAY_WRITE 2
#define MAY_READ  4
#define MAY_OPEN  8			/* asked at open(2) */

/* refs 1, times now, ids of current's fs ids */
int inode_create(struct super *sb, u32 mode, struct inode **out);
static inline struct inode *inode_get(struct inode *i)
{
	ref_get(&i->refs);
	return i;
}
void inode_put(struct inode *i);
/* For makers: mode and group by set-gid directory rule, umask already applied by VFS. */
void inode_init_owner(struct inode *i, const struct inode *dir, u32 mode);
int generic_permission(struct inode *i, unsigned mask);
int inode_permission(struct inode *i, unsigned mask);	/* super's read-only state included */
bool inode_owner_or_capable(const struct inode *i);	/* its owner, or CAP_FOWNER over it */
/* Open for writing, or deny that (exec, swap): 0 or -ETXTBSY. i->writers. */
int inode_get_write(struct inode *i);
void inode_put_write(struct inode *i);
int inode_deny_write(struct inode *i);
void inode_allow_write(struct inode *i);
void path_accessed(const struct path *p);	/* atime, by the mount's rules (relatime ...) */
int generic_setattr(struct dentry *de, const struct iattr *attr);	/* memory file systems */
void generic_fill_kstat(struct inode *i, struct kstat *st);
int generic_readlink(struct dentry *de, char *buf, size_t size);	/* text at inode->private */
/* ATTR_ATIME, ATTR_MTIME; always ctime with MTIME */
void inode_touch(struct inode *i, unsigned which);
void inode_inc_nlink(struct inode *i);
void inode_drop_nlink(struct inode *i);

/* --- dentries --- */
#define DENTRY_INLINE_NAME 40
#define DENTRY_HASHED   BIT(0)
#define DENTRY_PINNED   BIT(1)		/* a memory file system's: one reference is its own */
#define DENTRY_MOUNTED  BIT(2)		/* some mount's mountpoint */
#define DENTRY_DELETED  BIT(3)
#define DENTRY_NOCACHE  BIT(4)		/* freed with its last reference, never kept unused */
#define DENTRY_TMPFILE  BIT(5)		/* of O_TMPFILE without O_EXCL: linkat(2) may name it */

struct dentry_ops {
	/* Is a cached dentry still right? false: it is dropped and looked up again. May be NULL. */
	bool (*revalidate)(struct dentry *de);
	/* The same, where the answer may take a sleep: the parent is locked, de is counted. May be
	 * NULL. */
	bool (*revalidate_sleeps)(struct dentry *de);
	/* de is being freed: de->private goes. Never sleeps. May be NULL. */
	void (*release)(struct dentry *de);
	/* Names for pipe:[1]-like dentries without parent. May be NULL. */
	int (*name)(struct dentry *de, char *buf, size_t size);
};
struct dentry {
	refcount_t refs;
	LAYOUT_PADDING
	u32 flags;
	struct dentry *parent;		/* itself for roots; counted otherwise */
	struct inode *inode;		/* counted; NULL: negative */
	struct super *sb;
	const struct dentry_ops *ops;
	struct list hash_link;
	struct list children, sibling;	/* creation order, newest first */
	struct list alias;		/* on inode->dentries */
	struct list lru, unused;	/* of all, and of who pays for it */
	u64 hash;
	u32 name_len;
	u32 mounts;			/* mounts on it, in all namespaces */
	u64 seq;			/* order among its siblings: newer is larger */
	u32 found, found_mounts;	/* references, mounts the audit found */
	const char *name;		/* NUL-terminated; inline_name or allocated */
	char inline_name[DENTRY_INLINE_NAME];
	void *private;			/* the file system's */
};

static inline struct dentry *dentry_get(struct dentry *de)
{
	de->refs.n++;			/* may revive a cached one */
	return de;
}
void dentry_put(struct dentry *de);
/* Cached child or NULL, with a reference. */
struct dentry *dentry_find(struct dentry *parent, const char *name, size_t len);
/* A new hashed negative child, with a reference. 0 or -ENOMEM. */
int dentry_create(struct dentry *parent, const char *name, size_t len, struct dentry **out);
/* takes i's reference */
int dentry_create_root(struct super *sb, struct inode *i, struct dentry **out);
/* takes the reference; was negative */
void dentry_set_inode(struct dentry *de, struct inode *i);
void dentry_pin(struct dentry *de);	/* memory file systems: after making an entry */
void dentry_unpin(struct dentry *de);
/* unlink, rmdir: unhashes, unpins, keeps the inode for those who hold it. */
void dentry_delete(struct dentry *de);
void dentry_drop(struct dentry *de);	/* unhash only (stale) */
int dentry_move(struct dentry *de, struct dentry *new_parent, const char *name, size_t len);
void dentry_exchange(struct dentry *a, struct dentry *b);
bool dentry_is_ancestor(const struct dentry *anc, const struct dentry *de);
u64 dentry_shrink(u64 nr);		/* frees unused ones; returns how many */
struct payer;
u64 dentry_shrink_of(struct payer *p, u64 nr);	/* of what p pays for */
/* Path of p as seen from root; "(unreachable)"-aware and " (deleted)" as on Linux. Pointer
 * into buf, or NULL if it does not fit. */
char *path_text(const struct path *p, const struct path *root, char *buf, size_t size,
		bool *reachable);

/* --- super blocks and file system types --- */
struct super_ops {
	void (*destroy_inode)(struct inode *i);	/* frees inode->private; may be NULL */
	void (*release)(struct super *sb);	/* last mount gone; may be NULL */
	/* beyond the defaults; may be NULL */
	int (*statfs)(struct dentry *root, struct statfs64_k *st);
	int (*remount)(struct super *sb, const char *data);	/* may be NULL: any data refused */
	/* Options for /proc/mounts, e.g. ",size=4k". May be NULL. */
	void (*show_options)(struct super *sb, struct text *t);
	int (*sync)(struct super *sb);
	/* The root column of mountinfo for a mount of dentry root; NULL: its path. */
	int (*show_root)(struct dentry *root, char *buf, size_t size);
};
struct statfs64_k {
	u64 type, bsize, blocks, bfree, bavail, files, ffree, namelen;
};
struct super {
	refcount_t refs;		/* mounts and kernel holders */
	LAYOUT_PADDING
	const struct fs_type *type;
	const struct super_ops *ops;
	struct dentry *root;		/* counted */
	dev_num dev;			/* anonymous: 0:N */
	u64 magic;
	u64 flags;			/* SB_RDONLY etc. (MS_* values) */
	struct user_ns *user_ns;	/* counted: capabilities over this fs are asked there */
	void *private;
	u64 next_ino;
	u64 max_bytes;
	struct list inodes, all;
	char id[32];			/* source as given */
	u32 time_gran;
	/* files open for writing and changes under way, on all its mounts */
	u32 writers;
	u32 found;			/* references the audit found */
};
#define FS_USERNS_MOUNT BIT(0)		/* may be mounted in a non-initial user namespace */
#define FS_NODEV_TYPE   BIT(1)		/* "nodev" in /proc/filesystems */
#define FS_KERNEL_ONLY  BIT(2)		/* mount(2) gives ENODEV: pipefs, sockfs, nsfs */
#define FS_TELLS_BIRTH  BIT(3)		/* statx(2) shows when a file was made */
#define FS_OWN_DEVICES	BIT(4) /* its device nodes open also where an inner root mounts it */
#define FS_REVEALING    BIT(5)		/* an inner root may mount it only where one is visible */

/* What a mount call brings. */
struct fs_request {
	const char *source, *data;	/* data: the option string, may be NULL */
	u64 sb_flags;
	struct user_ns *user_ns;
	void *ns_net, *ns_pid;		/* of the mounter, for tagged instances */
};
struct fs_type {
	const char *name;
	u32 flags;
	u64 magic;
	/* Gives a super with a root (new, or one already there with a reference). 0 or -errno. */
	int (*mount)(const struct fs_type *type, const struct fs_request *req, struct super **out);
	/* Whose CAP_SYS_ADMIN mounting asks for, and whose a new super is. NULL: current's. */
	struct user_ns *(*owner)(void);
	/* What of sb a mount that current makes shows: 0 and no reference. NULL: its root. */
	int (*mount_dentry)(struct super *sb, struct dentry **out);
};
int super_create(const struct fs_type *type, const struct super_ops *ops, struct super **out);
void super_put(struct super *sb);
/* A file system with an empty root directory and nothing else, for files without a name there. */
int super_create_empty(const struct fs_type *type, const struct super_ops *ops, u32 root_mode,
		       struct super **out);
const struct fs_type *fs_type_find(const char *name);	/* by fs/list.h */
extern const struct fs_type *const fs_types[];		/* NULL-terminated */
/* A whole number of at most max; base 0: by its prefix, 0x or 0. 0 or -EINVAL. */
int fs_option_number(const char *text, unsigned base, u64 max, u32 *out);
/* One strict parser for "a=b,c" options: calls each(key, value or NULL). Stops at an error. */
int fs_options_parse(const char *data, int (*each)(void *ctx, const char *key, const char *value),
		     void *ctx);

/* --- mounts: fs/mount.c; the tree of a mount namespace --- */
struct mount {
	refcount_t refs;		/* paths, files, children, its namespace */
	LAYOUT_PADDING
	struct mount *parent;		/* itself: a root or detached */
	struct dentry *mountpoint;	/* counted */
	struct dentry *root;		/* counted */
	struct super *sb;		/* counted */
	u32 flags;			/* MNT_K_* */
	s32 id;
	struct mnt_ns *ns;		/* NULL: detached */
	struct list children, sibling;
	struct list hash_link;		/* by (parent, mountpoint) */
	struct list ns_link;		/* on ns->mounts, in order of mounting */
	char *source;
	u32 writers;			/* open files for writing */
	bool expire_mark;
	/* propagation (mount_namespaces(7)) */
	s32 group_id;			/* peer group, 0: not shared */
	struct list peers;		/* ring of the group */
	struct mount *master;
	struct list slaves, slave_link;
	struct list all;		/* on mount_all */
	/* scratch of one tree operation: fs/propagate.c, fs/mount_tree.c */
	struct list work, prop_link;
	struct mount *copy, *prop_source;
	u64 visit, blocked;
	u32 found, found_writers;	/* what the audit found */
};
extern struct list mount_all, super_all;	/* for audits */
#define MNT_K_RDONLY     BIT(0)
#define MNT_K_NOSUID     BIT(1)
#define MNT_K_NODEV      BIT(2)
#define MNT_K_NOEXEC     BIT(3)
#define MNT_K_NOATIME    BIT(4)
#define MNT_K_NODIRATIME BIT(5)
#define MNT_K_RELATIME   BIT(6)
#define MNT_K_NOSYMFOLLOW BIT(7)
#define MNT_K_UNBINDABLE BIT(8)
#define MNT_K_INTERNAL   BIT(9)		/* kernel's own (pipefs ...) */
#define MNT_K_LOCKED     BIT(10)
#define MNT_K_DOOMED     BIT(11)		/* being unmounted by the running operation */
#define MNT_K_NEW_GROUP  BIT(12)	/* got its peer group from the running operation */
/* Flags that an inner user namespace may not clear: MNTNS-36. The lock of a flag is SHIFT above
 * it. */
#define MNT_K_LOCKABLE   (MNT_K_RDONLY | MNT_K_NOSUID | MNT_K_NODEV | MNT_K_NOEXEC)
#define MNT_K_LOCK_SHIFT 16
#define MNT_K_LOCK_ATIME BIT(20)
#define MNT_K_ATIMES     (MNT_K_NOATIME | MNT_K_NODIRATIME | MNT_K_RELATIME)
/* What mount(2) and mount_setattr(2) set. */
#define MNT_K_USER (MNT_K_RDONLY | MNT_K_NOSUID | MNT_K_NODEV | MNT_K_NOEXEC | MNT_K_ATIMES | \
		    MNT_K_NOSYMFOLLOW)

struct mnt_ns;				/* fs/mnt_ns.h */
static inline void mount_get(struct mount *m)
{
	ref_get(&m->refs);
}
void mount_put(struct mount *m);
static inline void path_get(const struct path *p)
{
	mount_get(p->mnt);
	dentry_get(p->dentry);
}
void path_put(const struct path *p);
/* internal mount: pipefs, nsfs */
int mount_kernel(const struct fs_type *type, struct mount **out);
/* 0 or -EROFS: may files of this mount be changed? Pairs with mount_end_write(). */
int mount_want_write(struct mount *m);
void mount_end_write(struct mount *m);
/* boot: the root file system (a tmpfs-like rootfs) as / of all */
int mount_root(void);
/* Mounts for in-kernel users: devtmpfs at /dev ... 0 or -errno */
int do_mount(const char *source, const char *target, const char *type, u64 flags, const char *data);
int do_umount(const char *target, int flags);
/* Flags of umount2(2): the UAPI headers do not have these. */
#define MNT_FORCE       1
#define MNT_DETACH      2
#define MNT_EXPIRE      4
#define UMOUNT_NOFOLLOW 8

/* --- open files --- */
#define FMODE_READ  BIT(0)
#define FMODE_WRITE BIT(1)
#define FMODE_PATH  BIT(2)		/* O_PATH: no I/O */
#define FMODE_EXEC  BIT(3)
#define FMODE_LSEEK BIT(4)		/* seekable (regular files, block devices, directories) */
#define FMODE_STREAM BIT(5)		/* no position at all: pipes, sockets */
#define FMODE_NOACCOUNT BIT(6)
#define FMODE_NO_PWRITE BIT(8)		/* reads anywhere, but pwrite is ESPIPE: printed files */
#define FMODE_WRITER BIT(7)		/* counted in inode->writers and mount->writers */

struct fown {				/* F_SETOWN, F_SETSIG */
	struct pid *pid;
	int type, sig;
	kid_t uid, euid;
};
struct file {
	refcount_t refs;		/* descriptors, maps, transient users */
	LAYOUT_PADDING
	struct path path;
	struct inode *inode;
	const struct file_ops *ops;
	u32 flags;			/* O_* */
	u32 mode;			/* FMODE_* */
	u64 pos;
	struct mutex pos_lock;		/* taken when the file is shared */
	const struct cred *cred;	/* the opener's (open-time checks) */
	void *private;
	struct fown owner;
	struct list epoll_items;	/* epoll entries that watch it */
	struct list all;		/* on file_all, for audits */
	u64 version;			/* poll of /proc/sys and mounts: event count seen */
	u64 dir_cookie;			/* directories: private to readdir */
	u32 found;			/* references the audit found */
	void *async;			/* O_ASYNC: who sends SIGIO (fs/async.c) */
};
extern struct list file_all;

/* Directory reader: emit returns false when the buffer is full. */
struct dir_sink {
	bool (*emit)(struct dir_sink *s, const char *name, size_t len, u64 next_pos, u64 ino,
		     unsigned type);
};

/* Operations of an open file. Absent: the default in brackets. */
struct file_ops {
	/* the file kind (fs/list.h): "regular", "pipe", "tty", ... */
	const char *class;
	bool direct;			/* O_DIRECT may be asked for */
	bool async;			/* O_ASYNC, too; it has poll */
	int (*open)(struct inode *i, struct file *f);		/* [ok] may replace f->ops */
	void (*release)(struct file *f);			/* last reference gone [nothing] */
	int (*flush)(struct file *f);				/* each close(2) [0] */
	ssize_t (*read)(struct file *f, struct iter *to, u64 *pos);	/* [EINVAL] */
	ssize_t (*write)(struct file *f, struct iter *from, u64 *pos);	/* [EINVAL] */
	s64 (*llseek)(struct file *f, s64 off, int whence);	/* [generic; ESPIPE for streams] */
	u32 (*poll)(struct file *f, struct poll_table *pt);	/* [always ready] */
	long (*ioctl)(struct file *f, unsigned cmd, u64 arg);	/* [ENOTTY] */
	/* Fills cache, ops, file (and may change flags) of the request, or -errno. [ENODEV] */
	int (*mmap)(struct file *f, struct map_request *req);
	int (*readdir)(struct file *f, struct dir_sink *s);	/* [ENOTDIR] from f->pos on */
	int (*fsync)(struct file *f, bool datasync);		/* [EINVAL] */
	int (*fallocate)(struct file *f, int mode, u64 off, u64 len);	/* [EOPNOTSUPP] */
	/* how many changes there were of those that poll tells once; f->version are told [none] */
	u64 (*changes)(const struct file *f);
	/* lines of /proc/PID/fdinfo [none] */
	void (*fdinfo)(struct file *f, struct text *t);
	int (*set_flags)(struct file *f, u32 flags);		/* F_SETFL asks [ok] */
};

/* An open file on an existing inode without a name (pipes, eventfds, nsfs ...): the dentry is named
 * by the internal mount's dentry_ops. Takes no reference of i (gets its own). */
int file_create(const struct path *p, u32 flags, const struct file_ops *ops, void *private,
		struct file **out);
void anon_init(void);			/* boot: mounts anon_inodefs */
int file_create_anon(const char *class_name, const struct file_ops *ops, void *private, u32 flags,
		     struct file **out);	/* on anon_inodefs: "anon_inode:[class]" */
/* What all makers of open files share (fs/file.c): zeroed, refs 1, on file_all, with references
 * of its own of p, of i and of cred, FMODE_READ/WRITE/LSEEK.. left to the maker. A maker that
 * sets FMODE_WRITER has taken mount_want_write() and i->writers. file_put() gives all of these
 * back, after ops->release. */
int file_alloc(const struct path *p, struct inode *i, u32 flags, const struct file_ops *ops,
	       const struct cred *cred, struct file **out);
/* instead of file_put() where open failed: no ops->release */
void file_discard(struct file *f);
static inline struct file *file_get(struct file *f)
{
	ref_get(&f->refs);
	return f;
}
void file_put(struct file *f);		/* the last closes */
int file_open_path(const struct path *p, u32 flags, const struct cred *cred, struct file **out);
/* (file_open_path checks no permissions: p was reached with them, or belongs to the kernel.) */
/* By name, in the kernel: as open(2). */
int file_open(const char *path, u32 flags, u32 mode, struct file **out);
ssize_t file_read(struct file *f, struct iter *to, u64 *pos);	/* checks modes, counts */
ssize_t file_write(struct file *f, struct iter *from, u64 *pos);
ssize_t file_read_kernel(struct file *f, void *buf, size_t n, u64 pos);
/* Generic page-cache I/O of regular files. */
ssize_t generic_read(struct file *f, struct iter *to, u64 *pos);
ssize_t generic_write(struct file *f, struct iter *from, u64 *pos);
s64 generic_llseek(struct file *f, s64 off, int whence);
int generic_mmap(struct file *f, struct map_request *req);
extern const struct vma_ops file_vma_ops;	/* vma->file is a struct file */
/* Memory file systems: readdir over the dentry tree; empty-directory test. */
int dcache_readdir(struct file *f, struct dir_sink *s);
s64 dcache_llseek(struct file *f, s64 off, int whence);
bool dcache_empty(struct dentry *dir);
struct audit;
void vfs_audit(struct audit *a);
