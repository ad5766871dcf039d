// SPDX-License-Identifier: MIT
/* fs/9p_calls.c - one function for each message of 9P2000.L: fields out, fields back.
 *
 * Context: all sleep, until a fatal signal comes. Returns: 0 or a length; the server's errno
 * (Linux's numbers); -EIO for a reply that is too short or says what cannot be.
 * See the 9P2000 manual, and diod's protocol.md for the .L messages. */
#include "fs/9p.h"

#define P9_VERSION    "9P2000.L"
#define FIELDS        64	/* bytes: numbers of any request but one, and of most replies */
#define NAME_BYTES    (NAME_MAX_LEN + 2)
#define GETATTR_BYTES 160
#define STATFS_BYTES  64

/* Frees the request; what it read must have been there. */
static int req_finish(struct p9_req *r, int err)
{
	if (!err && r->rx.bad)
		err = -EIO;
	p9_req_free(r);
	return err;
}

/* A request that begins with a fid. */
static int fid_request(struct p9_fid *fid, enum p9_type type, u32 tx, u32 rx, struct p9_req **out)
{
	int err = p9_req_create(fid->client, type, FIELDS + tx, rx, out);

	if (!err)
		p9_put32(&(*out)->tx, fid->id);
	return err;
}

/* --- sessions --- */

int p9_version(struct p9_client *c)
{
	struct p9_req *r;
	const char *version;
	u16 len;
	u32 msize;
	int err = p9_req_create(c, P9_TVERSION, FIELDS, FIELDS, &r);

	if (err)
		return err;
	p9_put32(&r->tx, c->msize);
	p9_put_string(&r->tx, P9_VERSION);
	err = p9_rpc(r);
	if (err)
		return req_finish(r, err);
	msize = p9_get32(&r->rx);
	version = p9_get_text(&r->rx, &len);
	if (!version || len != strlen(P9_VERSION) || memcmp(version, P9_VERSION, len) ||
	    msize < P9_MSIZE_MIN)
		err = -EREMOTEIO;
	else
		c->msize = MIN(c->msize, msize);
	return req_finish(r, err);
}

int p9_attach(struct p9_fid *fid, const char *uname, const char *aname, struct p9_qid *qid)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TATTACH, strlen(uname) + strlen(aname), P9_QID_SIZE, &r);

	if (err)
		return err;
	p9_put32(&r->tx, P9_NOFID);
	p9_put_string(&r->tx, uname);
	p9_put_string(&r->tx, aname);
	p9_put32(&r->tx, fid->uid);
	err = p9_rpc(r);
	if (!err) {
		fid->live = true;
		*qid = p9_get_qid(&r->rx);
	}
	return req_finish(r, err);
}

int p9_walk(struct p9_fid *from, const char *name, struct p9_fid **out, struct p9_qid *qid)
{
	u16 names = name ? 1 : 0;
	struct p9_fid *to;
	struct p9_req *r;
	int err = p9_fid_create(from->client, from->uid, &to);

	if (err)
		return err;
	err = fid_request(from, P9_TWALK, NAME_BYTES, sizeof(u16) + P9_QID_SIZE, &r);
	if (err)
		goto fail;
	p9_put32(&r->tx, to->id);
	p9_put16(&r->tx, names);
	if (name)
		p9_put_string(&r->tx, name);
	err = p9_rpc(r);
	if (!err && p9_get16(&r->rx) != names)
		err = name ? -ENOENT : -EIO;
	if (!err) {
		to->live = true;
		if (name)
			*qid = p9_get_qid(&r->rx);
	}
	err = req_finish(r, err);
fail:
	if (err)
		p9_fid_put(to);
	else
		*out = to;
	return err;
}

int p9_clunk_wait(struct p9_fid *fid)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TCLUNK, 0, 0, &r);

	if (!err) {
		r->firm = true;
		fid->live = false;
		err = req_finish(r, p9_rpc(r));
	}
	p9_fid_put(fid);
	return err;
}

/* --- making --- */

int p9_lopen(struct p9_fid *fid, u32 flags)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TLOPEN, 0, FIELDS, &r);

	if (err)
		return err;
	p9_put32(&r->tx, flags);
	err = p9_rpc(r);
	if (!err)
		fid->flags = flags;
	return req_finish(r, err);
}

int p9_lcreate(struct p9_fid *dir, const char *name, u32 flags, u32 mode, kid_t gid)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TLCREATE, NAME_BYTES, FIELDS, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put32(&r->tx, flags);
	p9_put32(&r->tx, mode);
	p9_put32(&r->tx, gid);
	err = p9_rpc(r);
	if (!err)
		dir->flags = flags;
	return req_finish(r, err);
}

int p9_mkdir(struct p9_fid *dir, const char *name, u32 mode, kid_t gid)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TMKDIR, NAME_BYTES, P9_QID_SIZE, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put32(&r->tx, mode);
	p9_put32(&r->tx, gid);
	return req_finish(r, p9_rpc(r));
}

int p9_mknod(struct p9_fid *dir, const char *name, u32 mode, dev_num dev, kid_t gid)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TMKNOD, NAME_BYTES, P9_QID_SIZE, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put32(&r->tx, mode);
	p9_put32(&r->tx, DEV_MAJOR(dev));
	p9_put32(&r->tx, DEV_MINOR(dev));
	p9_put32(&r->tx, gid);
	return req_finish(r, p9_rpc(r));
}

int p9_symlink(struct p9_fid *dir, const char *name, const char *target, kid_t gid)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TSYMLINK, NAME_BYTES + strlen(target), P9_QID_SIZE, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put_string(&r->tx, target);
	p9_put32(&r->tx, gid);
	return req_finish(r, p9_rpc(r));
}

int p9_link(struct p9_fid *dir, struct p9_fid *old, const char *name)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TLINK, NAME_BYTES, 0, &r);

	if (err)
		return err;
	p9_put32(&r->tx, old->id);
	p9_put_string(&r->tx, name);
	return req_finish(r, p9_rpc(r));
}

int p9_unlinkat(struct p9_fid *dir, const char *name, u32 flags)
{
	struct p9_req *r;
	int err = fid_request(dir, P9_TUNLINKAT, NAME_BYTES, 0, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put32(&r->tx, flags);
	return req_finish(r, p9_rpc(r));
}

int p9_renameat(struct p9_fid *old_dir, const char *old, struct p9_fid *new_dir, const char *new)
{
	struct p9_req *r;
	int err = fid_request(old_dir, P9_TRENAMEAT, 2 * NAME_BYTES, 0, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, old);
	p9_put32(&r->tx, new_dir->id);
	p9_put_string(&r->tx, new);
	return req_finish(r, p9_rpc(r));
}

/* --- attributes --- */

int p9_readlink(struct p9_fid *fid, char *buf, size_t size)
{
	struct p9_req *r;
	const char *text;
	u16 len = 0;
	int err = fid_request(fid, P9_TREADLINK, 0, sizeof(u16) + PATH_MAX_LEN, &r);

	if (err)
		return err;
	err = p9_rpc(r);
	text = err ? NULL : p9_get_text(&r->rx, &len);
	if (text) {
		len = MIN((size_t)len, size - 1);
		memcpy(buf, text, len);
		buf[len] = '\0';
		if (strlen(buf) != len)
			err = -EIO;
	}
	err = req_finish(r, err);
	return err ? err : len;
}

static timespec_t get_time(struct p9_buf *b)
{
	timespec_t t;

	t.tv_sec = p9_get64(b);
	t.tv_nsec = p9_get64(b);
	if ((u64)t.tv_nsec >= (u64)NSEC_PER_SEC)
		b->bad = true;
	return t;
}

int p9_getattr(struct p9_fid *fid, struct p9_attr *out)
{
	struct p9_req *r;
	struct p9_attr a;
	int err = fid_request(fid, P9_TGETATTR, 0, GETATTR_BYTES, &r);

	if (err)
		return err;
	p9_put64(&r->tx, P9_GETATTR_BASIC);
	err = p9_rpc(r);
	if (err)
		return req_finish(r, err);
	a.valid = p9_get64(&r->rx);
	a.qid = p9_get_qid(&r->rx);
	a.mode = p9_get32(&r->rx);
	a.uid = p9_get32(&r->rx);
	a.gid = p9_get32(&r->rx);
	a.nlink = p9_get64(&r->rx);
	a.rdev = p9_get64(&r->rx);
	a.size = p9_get64(&r->rx);
	a.blksize = p9_get64(&r->rx);
	a.blocks = p9_get64(&r->rx);
	a.atime = get_time(&r->rx);
	a.mtime = get_time(&r->rx);
	a.ctime = get_time(&r->rx);
	if ((a.valid & P9_GETATTR_BASIC) != P9_GETATTR_BASIC || (s64)a.size < 0)
		err = -EIO;
	err = req_finish(r, err);
	if (!err)
		*out = a;
	return err;
}

static void put_time(struct p9_buf *b, const timespec_t *t)
{
	p9_put64(b, t->tv_sec);
	p9_put64(b, t->tv_nsec);
}

int p9_setattr(struct p9_fid *fid, const struct p9_setattr *a)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TSETATTR, 0, 0, &r);

	if (err)
		return err;
	p9_put32(&r->tx, a->valid);
	p9_put32(&r->tx, a->mode);
	p9_put32(&r->tx, a->uid);
	p9_put32(&r->tx, a->gid);
	p9_put64(&r->tx, a->size);
	put_time(&r->tx, &a->atime);
	put_time(&r->tx, &a->mtime);
	return req_finish(r, p9_rpc(r));
}

int p9_statfs(struct p9_fid *fid, struct statfs64_k *out)
{
	struct statfs64_k st;
	struct p9_req *r;
	int err = fid_request(fid, P9_TSTATFS, 0, STATFS_BYTES, &r);

	if (err)
		return err;
	err = p9_rpc(r);
	if (err)
		return req_finish(r, err);
	st.type = p9_get32(&r->rx);
	st.bsize = p9_get32(&r->rx);
	st.blocks = p9_get64(&r->rx);
	st.bfree = p9_get64(&r->rx);
	st.bavail = p9_get64(&r->rx);
	st.files = p9_get64(&r->rx);
	st.ffree = p9_get64(&r->rx);
	p9_get64(&r->rx);		/* the server's own id of it */
	st.namelen = p9_get32(&r->rx);
	err = req_finish(r, 0);
	if (!err)
		*out = st;
	return err;
}

int p9_fsync(struct p9_fid *fid, bool datasync)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TFSYNC, 0, 0, &r);

	if (err)
		return err;
	p9_put32(&r->tx, datasync);
	return req_finish(r, p9_rpc(r));
}

int p9_xattrwalk(struct p9_fid *from, const char *name, struct p9_fid **out, u64 *size)
{
	struct p9_fid *to;
	struct p9_req *r;
	int err = p9_fid_create(from->client, from->uid, &to);

	if (err)
		return err;
	err = fid_request(from, P9_TXATTRWALK, NAME_BYTES, sizeof(u64), &r);
	if (err)
		goto fail;
	p9_put32(&r->tx, to->id);
	p9_put_string(&r->tx, name);
	err = p9_rpc(r);
	if (!err) {
		to->live = true;
		*size = p9_get64(&r->rx);
	}
	err = req_finish(r, err);
fail:
	if (err)
		p9_fid_put(to);
	else
		*out = to;
	return err;
}

int p9_xattrcreate(struct p9_fid *fid, const char *name, u64 size, u32 flags)
{
	struct p9_req *r;
	int err = fid_request(fid, P9_TXATTRCREATE, NAME_BYTES, 0, &r);

	if (err)
		return err;
	p9_put_string(&r->tx, name);
	p9_put64(&r->tx, size);
	p9_put32(&r->tx, flags);
	return req_finish(r, p9_rpc(r));
}

/* --- contents: the bytes themselves go between the server and buf, not through the request --- */

/* Tread and Treaddir are alike. */
static ssize_t read_message(struct p9_fid *fid, enum p9_type type, u64 offset, void *buf, u32 n)
{
	struct p9_req *r;
	u32 count = 0, there;
	int err = fid_request(fid, type, 0, P9_READ_HEAD - P9_HEADER, &r);

	if (err)
		return err;
	n = MIN(n, p9_io_max(fid->client));
	p9_put64(&r->tx, offset);
	p9_put32(&r->tx, n);
	r->packet.in[1] = (struct virtq_buffer){ buf, n };
	err = p9_rpc(r);
	if (!err) {
		count = p9_get32(&r->rx);
		there = r->payload;
		if (count > n || count > there)
			err = -EIO;
	}
	err = req_finish(r, err);
	return err ? err : (ssize_t)count;
}

ssize_t p9_read(struct p9_fid *fid, u64 offset, void *buf, u32 n)
{
	return read_message(fid, P9_TREAD, offset, buf, n);
}

ssize_t p9_readdir(struct p9_fid *fid, u64 offset, void *buf, u32 n)
{
	return read_message(fid, P9_TREADDIR, offset, buf, n);
}

ssize_t p9_write(struct p9_fid *fid, u64 offset, const void *buf, u32 n, bool firm)
{
	struct p9_req *r;
	u32 count = 0;
	int err = fid_request(fid, P9_TWRITE, 0, sizeof(u32), &r);

	if (err)
		return err;
	n = MIN(n, p9_io_max(fid->client));
	r->firm = firm;
	p9_put64(&r->tx, offset);
	p9_put32(&r->tx, n);
	r->packet.out[1] = (struct virtq_buffer){ (void *)buf, n };
	err = p9_rpc(r);
	if (!err) {
		count = p9_get32(&r->rx);
		if (count > n || (n && !count))
			err = -EIO;
	}
	err = req_finish(r, err);
	return err ? err : (ssize_t)count;
}
