// SPDX-License-Identifier: MIT
/* fs/9p.h - what the files of the 9P file system share: the protocol, the client, inodes.
 *
 *   9p_fs.c     mounts, options          9p_inode.c  inodes, fids of dentries, attributes
 *   9p_dir.c    names in directories     9p_file.c   open files       9p_cache.c  their pages
 *   9p_xattr.c  extended attributes      9p_calls.c  one function for each message
 *   9p_client.c requests and replies     9p_msg.c    bytes of a message
 *
 * A fid is the server's handle of a file: by name (of a dentry, one for each user) or open. */
#pragma once

#include "drivers/virtio_9p.h"
#include "fs/names.h"
#include "lib/radix.h"

/* --- the protocol: 9P2000.L; a reply has the number of its request plus one --- */
enum p9_type {
	P9_RLERROR = 7,
	P9_TSTATFS = 8,
	P9_TLOPEN = 12,
	P9_TLCREATE = 14,
	P9_TSYMLINK = 16,
	P9_TMKNOD = 18,
	P9_TREADLINK = 22,
	P9_TGETATTR = 24,
	P9_TSETATTR = 26,
	P9_TXATTRWALK = 30,
	P9_TXATTRCREATE = 32,
	P9_TREADDIR = 40,
	P9_TFSYNC = 50,
	P9_TLINK = 70,
	P9_TMKDIR = 72,
	P9_TRENAMEAT = 74,
	P9_TUNLINKAT = 76,
	P9_TVERSION = 100,
	P9_TATTACH = 104,
	P9_TFLUSH = 108,
	P9_TWALK = 110,
	P9_TREAD = 116,
	P9_TWRITE = 118,
	P9_TCLUNK = 120,
};

#define P9_NOTAG     0xffff
#define P9_NOFID     (~0U)
#define P9_HEADER    7			/* size[4] type[1] tag[2] */
#define P9_READ_HEAD (P9_HEADER + 4)	/* what stands before the data of a Rread */
#define P9_WRITE_HEAD (P9_HEADER + 16)	/* and of a Twrite */
#define P9_IO_HEAD   24			/* kept free of msize for the rest of a message */
#define P9_QID_SIZE  13
#define P9_MSIZE_MIN 4096U
#define P9_MSIZE_MAX (125 * 4096U)	/* the most Linux asks for over virtio */
#define P9_MSIZE_DEFAULT (128 * 1024U)
#define P9_INO_OFFSET 2			/* inode numbers are qid.path + 2, as on Linux */
#define P9_AT_REMOVEDIR 0x200

struct p9_qid {
	u8 type;			/* P9_QT_* */
	u32 version;
	u64 path;
};
#define P9_QT_DIR     0x80
#define P9_QT_SYMLINK 0x02

struct p9_attr {			/* Rgetattr */
	u64 valid;
	struct p9_qid qid;
	u32 mode, uid, gid;
	u64 nlink, rdev, size, blksize, blocks;
	timespec_t atime, mtime, ctime;
};
#define P9_GETATTR_BASIC 0x7ffUL

struct p9_setattr {			/* Tsetattr */
	u32 valid, mode, uid, gid;
	u64 size;
	timespec_t atime, mtime;
};

/* --- 9p_msg.c: bytes of a message; a cursor that went wrong stays bad --- */
struct p9_buf {
	u8 *data;
	u32 at, size;
	bool bad;			/* no room, or nothing left */
};
void p9_put8(struct p9_buf *b, u8 v);
void p9_put16(struct p9_buf *b, u16 v);
void p9_put32(struct p9_buf *b, u32 v);
void p9_put64(struct p9_buf *b, u64 v);
void p9_put_text(struct p9_buf *b, const char *s, size_t len);
void p9_put_string(struct p9_buf *b, const char *s);
u8 p9_get8(struct p9_buf *b);
u16 p9_get16(struct p9_buf *b);
u32 p9_get32(struct p9_buf *b);
u64 p9_get64(struct p9_buf *b);
/* Text of a string, not terminated, in the buffer; NULL if it is not all there. */
const char *p9_get_text(struct p9_buf *b, u16 *len);
struct p9_qid p9_get_qid(struct p9_buf *b);

/* --- 9p_client.c --- */
#define P9_TAGS 64			/* requests on their way at a time */

struct p9_client {
	struct p9_channel *channel;
	bool closing;			/* freed when nothing is pending any more */
	bool pumping;			/* sending from its queue */
	u32 msize;
	struct p9_req *tags[P9_TAGS];
	struct list queue;		/* requests without a tag yet */
	u32 pending;			/* requests that are not answered */
	struct radix fids;		/* numbers in use */
};

struct p9_req {
	struct p9_packet packet;
	struct list link;		/* on client->queue */
	struct p9_client *client;
	struct p9_fid *clunked;		/* Tclunk that nobody waits for: gone when answered */
	struct waitqueue wait;
	u16 slot, tag;			/* of client->tags; Tversion has no tag */
	u8 type;
	bool sent, done;
	bool firm;			/* not to be interrupted */
	struct p9_buf tx, rx;
	u32 payload;			/* bytes of the reply that lie in packet.in[1] */
};

struct p9_fid {
	refcount_t refs;		/* its dentry, its file, calls under way */
	u32 id;
	kid_t uid;			/* whose name the server knows it by */
	u32 flags;			/* O_* it is open with */
	bool live;			/* the server knows it */
	struct p9_client *client;
	struct p9_fid *next;		/* of the same dentry */
	struct p9_req *clunk;		/* ready, so that ending it cannot fail */
};

/* Takes the channel of that name and agrees on a version: 0, -ENOENT, -EBUSY ... */
int p9_client_open(const char *tag, u32 msize, struct p9_client **out);
void p9_client_close(struct p9_client *c);	/* all fids are put; never sleeps */
/* A request with room for tx_size bytes after the header, and a reply of rx_size after it. */
int p9_req_create(struct p9_client *c, enum p9_type type, u32 tx_size, u32 rx_size,
		  struct p9_req **out);
/* Sends it and waits. 0 with r->rx at the reply's first field; the server's -errno; -EIO for
 * nonsense; -ERESTARTSYS if a signal ended the wait and the server undid it. */
int p9_rpc(struct p9_req *r);
void p9_req_free(struct p9_req *r);
int p9_fid_create(struct p9_client *c, kid_t uid, struct p9_fid **out);	/* refs 1, not live */
static inline struct p9_fid *p9_fid_get(struct p9_fid *f)
{
	ref_get(&f->refs);
	return f;
}
void p9_fid_put(struct p9_fid *f);	/* NULL is fine; the last one lets the server forget it */
static inline u32 p9_io_max(const struct p9_client *c)
{
	return c->msize - P9_IO_HEAD;
}

/* --- 9p_calls.c: 0 or -errno --- */
int p9_version(struct p9_client *c);
int p9_attach(struct p9_fid *fid, const char *uname, const char *aname, struct p9_qid *qid);
/* name NULL: *out is another fid of the same file. */
int p9_walk(struct p9_fid *from, const char *name, struct p9_fid **out, struct p9_qid *qid);
int p9_lopen(struct p9_fid *fid, u32 flags);
/* dir becomes a fid of the open file. */
int p9_lcreate(struct p9_fid *dir, const char *name, u32 flags, u32 mode, kid_t gid);
int p9_mkdir(struct p9_fid *dir, const char *name, u32 mode, kid_t gid);
int p9_mknod(struct p9_fid *dir, const char *name, u32 mode, dev_num dev, kid_t gid);
int p9_symlink(struct p9_fid *dir, const char *name, const char *target, kid_t gid);
int p9_link(struct p9_fid *dir, struct p9_fid *old, const char *name);
int p9_unlinkat(struct p9_fid *dir, const char *name, u32 flags);
int p9_renameat(struct p9_fid *old_dir, const char *old, struct p9_fid *new_dir, const char *new);
int p9_readlink(struct p9_fid *fid, char *buf, size_t size);		/* length or -errno */
int p9_getattr(struct p9_fid *fid, struct p9_attr *out);
int p9_setattr(struct p9_fid *fid, const struct p9_setattr *a);
int p9_statfs(struct p9_fid *fid, struct statfs64_k *out);
int p9_fsync(struct p9_fid *fid, bool datasync);
int p9_xattrwalk(struct p9_fid *from, const char *name, struct p9_fid **out, u64 *size);
int p9_xattrcreate(struct p9_fid *fid, const char *name, u64 size, u32 flags);
int p9_clunk_wait(struct p9_fid *fid);	/* its error matters; puts the fid */
/* One message: at most p9_io_max() bytes to or from contiguous kernel memory. Bytes or -errno. */
ssize_t p9_read(struct p9_fid *fid, u64 offset, void *buf, u32 n);
ssize_t p9_write(struct p9_fid *fid, u64 offset, const void *buf, u32 n, bool firm);
ssize_t p9_readdir(struct p9_fid *fid, u64 offset, void *buf, u32 n);

/* --- 9p_fs.c --- */
enum p9_cache { P9_CACHE_NONE, P9_CACHE_MMAP, P9_CACHE_LOOSE };
enum p9_access { P9_ACCESS_USER, P9_ACCESS_CLIENT, P9_ACCESS_ANY, P9_ACCESS_SINGLE };

struct p9_mount {			/* super->private */
	struct p9_client *client;
	struct radix inodes;		/* by qid.path, not counted */
	enum p9_cache cache;
	enum p9_access access;
	kid_t uid;			/* of P9_ACCESS_SINGLE */
	kid_t dfltuid, dfltgid;
	u32 msize;
	char *uname, *aname;
};
static inline struct p9_mount *p9_mount_of(const struct super *sb)
{
	return sb->private;
}

/* --- 9p_inode.c --- */
struct p9_inode {			/* inode->private */
	struct p9_qid qid;
	u64 blocks;
	u32 blksize;
	bool stale;			/* attributes are old, even with cache=loose */
	u32 opens;			/* open files */
	struct p9_fid *open_fid;	/* of some open file, for when no name is left */
	struct p9_fid *read_fid;	/* of one that may read: fills pages */
	struct p9_fid *write_fid;	/* writes dirty ones back: there is a shared mapping */
	struct p9_fid *created;		/* open since its creation, for the open(2) that made it */
};
static inline struct p9_inode *p9_inode_of(const struct inode *i)
{
	return i->private;
}
extern const struct dentry_ops p9_dentry_ops;
void p9_destroy_inode(struct inode *i);
/* A fid of the name for the current user, with a reference. */
int p9_dentry_fid(struct dentry *de, struct p9_fid **out);
/* The inode of a fid just walked to, its attributes asked for; counted. */
int p9_inode_of_fid(struct super *sb, struct p9_fid *fid, struct inode **out);
/* Gives de that inode (its reference) and that fid. */
void p9_dentry_set(struct dentry *de, struct inode *i, struct p9_fid *fid);
int p9_lookup(struct inode *dir, struct dentry *de);
int p9_refresh(struct dentry *de);	/* asks for the attributes again */
int p9_getattr_op(struct dentry *de, struct kstat *st);
int p9_setattr_op(struct dentry *de, const struct iattr *attr);
void p9_inode_attr(struct inode *i, const struct p9_attr *a);

/* --- 9p_dir.c, 9p_file.c, 9p_cache.c, 9p_xattr.c --- */
extern const struct inode_ops p9_dir_inode_ops, p9_file_inode_ops, p9_link_inode_ops;
extern const struct file_ops p9_dir_file_ops, p9_file_ops;
extern const struct cache_ops p9_cache_ops;
/* How a fid is opened for a file with these O_* flags. */
static inline u32 p9_open_flags(u32 flags)
{
	return flags & (O_ACCMODE | O_APPEND | O_DSYNC | O_SYNC | O_DIRECTORY);
}
/* n bytes were written at pos: what is cached of them is made the same. */
void p9_cache_written(struct inode *i, u64 pos, const void *buf, size_t n);
void p9_cache_drop(struct inode *i);	/* the server's file is another: cached pages go */
int p9_cache_flush(struct inode *i);	/* dirty pages of shared mappings to the server */
ssize_t p9_getxattr(struct inode *i, const char *name, void *value, size_t size);
int p9_setxattr(struct inode *i, const char *name, const void *value, size_t size, int flags);
int p9_removexattr(struct inode *i, const char *name);
ssize_t p9_listxattr(struct inode *i, char *buf, size_t size);
#define P9_XATTR_OPS                                                                \
	.getxattr = p9_getxattr, .setxattr = p9_setxattr, .removexattr = p9_removexattr, \
	.listxattr = p9_listxattr
