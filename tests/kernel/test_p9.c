// SPDX-License-Identifier: MIT
/* tests/kernel/test_p9.c - a 9P server that cannot be trusted: a thread of the test answers the
 * client.
 *
 * Properties: with honest answers a share can be mounted and read; whatever bytes come instead -
 * cut off, of another kind, with wrong tags, counts and names - calls end with an error or with
 * data, and nothing is left behind; when the queue itself breaks, everything ends with EIO. */

#include "arch/cpu.h"
#include "arch/paging.h"
#include "fs/9p.h"
#include "kernel/ktest.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "tests/kernel/vfs_calls.h"

#define QUEUE_SIZE  128
#define REPLY_MAX   512
#define REST_NSEC   (50 * NSEC_PER_USEC)
#define FUZZ_MOUNTS 60
#define FUZZ_CALLS  12
#define OPTIONS     "trans=virtio,msize=8192"
#define MODE_DIR    (S_IFDIR | 0777)
#define MODE_FILE   (S_IFREG | 0666)
#define FILE_SIZE   5000

struct server {
	struct p9_channel channel;
	struct virtqueue queue;
	void *memory;
	u16 seen;
	u64 chance;			/* state of the generator */
	unsigned lies;			/* one answer in so many is nonsense; 0: none */
	bool breaks;			/* the queue breaks with the next answer */
	bool stop, stopped;
	struct waitqueue ended;
};

static u32 draw(struct server *s, u32 below)
{
	s->chance = s->chance * 6364136223846793005UL + 1442695040888963407UL;
	return (u32)(s->chance >> 33) % below;
}

/* --- answers --- */

static void put_qid(struct p9_buf *b, u8 type, u64 path)
{
	p9_put8(b, type);
	p9_put32(b, 0);
	p9_put64(b, path);
}

/* The root is a directory, file 1; everything else is a file: 2, 3 ... by its name's first letter.
 */
static void answer_walk(struct p9_buf *in, struct p9_buf *out)
{
	const char *name;
	u16 len;

	p9_get32(in);
	p9_get32(in);
	p9_put16(out, p9_get16(in));
	name = p9_get_text(in, &len);
	if (name && len)
		put_qid(out, 0, 2 + (u8)name[0]);
}

static void answer_getattr(struct p9_buf *in, struct p9_buf *out)
{
	bool root = p9_get32(in) == 0;

	p9_put64(out, P9_GETATTR_BASIC);
	put_qid(out, root ? P9_QT_DIR : 0, root ? 1 : 2 + 'f');
	p9_put32(out, root ? MODE_DIR : MODE_FILE);
	p9_put64(out, 0);		/* owner and group */
	p9_put64(out, 1);
	p9_put64(out, 0);
	p9_put64(out, root ? 0 : FILE_SIZE);
	p9_put64(out, PAGE_SIZE);
	p9_put64(out, 1);
	for (int i = 0; i < 10; i++)	/* times, and what is reserved */
		p9_put64(out, 0);
}

/* Honest, as far as the tests look. The rest of the reply are zeros. */
static void answer(u8 type, struct p9_buf *in, struct p9_buf *out)
{
	u32 count;

	switch (type) {
	case P9_TVERSION:
		p9_put32(out, p9_get32(in));
		p9_put_string(out, "9P2000.L");
		break;
	case P9_TATTACH:
		put_qid(out, P9_QT_DIR, 1);
		break;
	case P9_TWALK:
		answer_walk(in, out);
		break;
	case P9_TGETATTR:
		answer_getattr(in, out);
		break;
	case P9_TREAD:
	case P9_TWRITE:
		p9_get32(in);
		p9_get64(in);
		count = p9_get32(in);
		p9_put32(out, type == P9_TREAD ? MIN(count, (u32)REPLY_MAX / 2) : count);
		out->at += type == P9_TREAD ? MIN(count, (u32)REPLY_MAX / 2) : 0;
		break;
	case P9_TREADDIR:
		p9_put32(out, 0);
		break;
	default:
		out->at += P9_QID_SIZE;
	}
}

/* Makes nonsense of a reply of len bytes; returns its new length. */
static u32 spoil(struct server *s, u8 *reply, u32 len)
{
	switch (draw(s, 5)) {
	case 0:
		return draw(s, len);
	case 1:
		reply[P9_HEADER + draw(s, len - P9_HEADER)] ^= 1 << draw(s, 8);
		return len;
	case 2:
		for (u32 i = 0; i < len; i++)
			reply[i] = draw(s, 256);
		return len;
	case 3:
		reply[draw(s, P9_HEADER)] ^= 1 << draw(s, 8);
		return len;
	default:
		for (u32 i = P9_HEADER; i < len; i++)
			reply[i] = draw(s, 4) ? 0xff : draw(s, 256);
		return len;
	}
}

/* --- the device's side of the queue --- */

/* Copies the request of a chain; the first descriptor that the device may write, or -1. */
static int chain_read(struct server *s, int d, struct p9_buf *in)
{
	for (;; d = s->queue.desc[d].next) {
		volatile struct vring_desc *desc = &s->queue.desc[d];
		u32 n = MIN((u64)desc->len, (u64)in->size - in->at);

		if (desc->flags & VRING_DESC_F_WRITE)
			return d;
		memcpy(in->data + in->at, phys_to_virt(desc->addr), n);
		in->at += n;
		if (!(desc->flags & VRING_DESC_F_NEXT))
			return -1;
	}
}

/* Copies a reply to the chain from d on; bytes that had room. */
static u32 chain_write(struct server *s, int d, const u8 *reply, u32 len)
{
	u32 done = 0, n;

	while (d >= 0 && done < len) {
		volatile struct vring_desc *desc = &s->queue.desc[d];

		n = MIN(desc->len, len - done);
		memcpy(phys_to_virt(desc->addr), reply + done, n);
		done += n;
		d = desc->flags & VRING_DESC_F_NEXT ? desc->next : -1;
	}
	return done;
}

static void serve(struct server *s, u16 head)
{
	static u8 request[REPLY_MAX], reply[REPLY_MAX];
	struct p9_buf in = { .data = request, .size = sizeof(request) };
	struct p9_buf out = { .data = reply, .at = P9_HEADER, .size = sizeof(reply) };
	struct p9_buf header = { .data = reply, .size = P9_HEADER };
	volatile struct vring_used *u = s->queue.used;
	int d;
	u32 len;
	u8 type;
	u16 tag;

	memset(reply, 0, sizeof(reply));
	d = chain_read(s, head, &in);
	in.at = sizeof(u32);
	type = p9_get8(&in);
	tag = p9_get16(&in);
	answer(type, &in, &out);
	len = out.at;
	p9_put32(&header, len);
	p9_put8(&header, type + 1);
	p9_put16(&header, tag);
	if (s->lies && !draw(s, s->lies))
		len = spoil(s, reply, len);
	len = chain_write(s, d, reply, len);
	u->ring[u->idx % QUEUE_SIZE].id = s->breaks ? QUEUE_SIZE : head;
	u->ring[u->idx % QUEUE_SIZE].len = len;
	u->idx++;
	s->queue.done(&s->queue);
}

static void server_main(void *arg)
{
	struct server *s = arg;

	while (!s->stop) {
		while (s->seen != s->queue.avail->idx && !s->queue.broken)
			serve(s, s->queue.avail->ring[s->seen++ % QUEUE_SIZE]);
		wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + REST_NSEC, false);
	}
	s->stopped = true;
	wake_all(&s->ended);
}

static bool server_start(struct ktest *t, struct server *s, unsigned lies)
{
	memset(s, 0, sizeof(*s));
	s->memory = kzalloc(MAX(virtq_memory(QUEUE_SIZE), PAGE_SIZE));
	s->lies = lies;
	s->chance = 1;
	waitqueue_init(&s->ended);
	KEXPECT(t, s->memory);
	if (!s->memory)
		return false;
	virtq_init(&s->queue, QUEUE_SIZE, s->memory);
	strcpy(s->channel.tag, "test");
	p9_channel_add(&s->channel, &s->queue);
	KEXPECT(t, kthread_create("9p server", server_main, s));
	return true;
}

/* All is answered when the channel has no owner any more. */
static void server_end(struct ktest *t, struct server *s)
{
	while (s->channel.owner)
		wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + REST_NSEC, false);
	s->stop = true;
	wait_event_uninterruptible(&s->ended, s->stopped);
	KEXPECT(t, list_empty(&s->channel.sent) && list_empty(&s->channel.waiting));
	p9_channel_remove(&s->channel);
	kfree(s->memory);
}

/* --- the tests --- */

static void expect_file(struct ktest *t, const char *name)
{
	struct kstat st = { 0 };
	struct path p;
	struct file *f;
	u8 buf[64];

	KEXPECT_EQ(t, t_lookup(name, 0), 0);
	if (path_lookup(AT_FDCWD, name, 0, &p))
		return;
	KEXPECT_EQ(t, vfs_getattr(&p, &st), 0);
	KEXPECT_EQ(t, st.size, FILE_SIZE);
	KEXPECT_EQ(t, st.ino, 2 + 'f' + P9_INO_OFFSET);
	path_put(&p);
	KEXPECT_EQ(t, t_open(name, O_RDWR), 0);
	if (file_open(name, O_RDWR, 0, &f))
		return;
	KEXPECT_EQ(t, file_read_kernel(f, buf, sizeof(buf), 0), sizeof(buf));
	file_put(f);
}

static void honest_answers_are_believed(struct ktest *t)
{
	static struct server s;

	if (!server_start(t, &s, 0))
		return;
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("test", T, "9p", 0, OPTIONS), 0);
	KEXPECT_EQ(t, do_mount("test", T, "9p", 0, OPTIONS), -EBUSY);
	KEXPECT_EQ(t, do_mount("other", T, "9p", 0, OPTIONS), -ENOENT);
	KEXPECT_EQ(t, do_mount("test", T, "9p", 0, OPTIONS ",nonsense"), -EINVAL);
	expect_file(t, T "/f");
	KEXPECT_EQ(t, do_umount(T, 0), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
	server_end(t, &s);
}

static bool count_entry(struct dir_sink *s, const char *name, size_t len, u64 next, u64 ino,
			unsigned type)
{
	(void)s, (void)name, (void)len, (void)next, (void)ino, (void)type;
	return true;
}

static void use_file(struct server *s, const char *name)
{
	struct dir_sink sink = { .emit = count_entry };
	struct iter from;
	struct file *f;
	u64 pos = draw(s, FILE_SIZE);
	u8 *buf = kzalloc(PAGE_SIZE);

	if (buf && !file_open(name, O_RDWR | (draw(s, 2) ? O_CREAT : 0), 0600, &f)) {
		file_read_kernel(f, buf, PAGE_SIZE, pos);
		iter_kernel(&from, buf, PAGE_SIZE);
		file_write(f, &from, &pos);
		f->ops->fsync(f, false);
		file_put(f);
	}
	if (buf && !file_open(name, O_RDONLY, 0, &f)) {
		if (f->ops->readdir && draw(s, 2))
			f->ops->readdir(f, &sink);
		file_put(f);
	}
	kfree(buf);
}

/* One call of some kind; what it says does not matter. */
static void any_call(struct server *s)
{
	static const char *const names[] = { T, T "/a", T "/f", T "/f/x", T "/g" };
	const char *name = names[draw(s, ARRAY_SIZE(names))],
		   *other = names[draw(s, ARRAY_SIZE(names))];
	struct kstat st;
	struct path p;

	switch (draw(s, 8)) {
	case 0:
		t_mkdir(name);
		break;
	case 1:
		t_rename(name, other, 0);
		break;
	case 2:
		t_unlink(name);
		break;
	case 3:
		t_symlink(other, name);
		break;
	case 4:
		vfs_link(AT_FDCWD, name, AT_FDCWD, other, 0);
		break;
	case 5:
		vfs_mknod(AT_FDCWD, name, S_IFIFO | 0600, 0);
		break;
	case 6:
		if (!path_lookup(AT_FDCWD, name, LOOKUP_FOLLOW, &p)) {
			vfs_getattr(&p, &st);
			p.dentry->inode->ops->listxattr ?
				p.dentry->inode->ops->listxattr(p.dentry->inode, NULL, 0) : 0;
			path_put(&p);
		}
		break;
	default:
		use_file(s, name);
	}
}

static void nonsense_ends_with_an_error(struct ktest *t)
{
	static const char *const options[] = {OPTIONS, OPTIONS ",cache=mmap",
					      OPTIONS ",cache=loose"};
	static struct server s;
	unsigned mounted = 0;

	if (!server_start(t, &s, 8))
		return;
	KEXPECT_EQ(t, t_mkdir(T), 0);
	for (unsigned i = 0; i < FUZZ_MOUNTS; i++) {
		if (do_mount("test", T, "9p", 0, options[i % ARRAY_SIZE(options)]))
			continue;
		mounted++;
		for (unsigned n = 0; n < FUZZ_CALLS; n++)
			any_call(&s);
		KEXPECT_EQ(t, do_umount(T, MNT_DETACH), 0);
	}
	KEXPECT(t, mounted > FUZZ_MOUNTS / 4);
	KEXPECT_EQ(t, t_rmdir(T), 0);
	server_end(t, &s);
}

static void a_broken_queue_is_eio(struct ktest *t)
{
	static struct server s;
	struct file *f;
	u8 buf[64];

	if (!server_start(t, &s, 0))
		return;
	KEXPECT_EQ(t, t_mkdir(T), 0);
	KEXPECT_EQ(t, do_mount("test", T, "9p", 0, OPTIONS), 0);
	if (!file_open(T "/f", O_RDONLY, 0, &f)) {
		s.breaks = true;
		KEXPECT_EQ(t, file_read_kernel(f, buf, sizeof(buf), 0), -EIO);
		file_put(f);
	}
	KEXPECT(t, s.queue.broken);
	KEXPECT_EQ(t, t_mkdir(T "/d"), -EIO);
	KEXPECT_EQ(t, do_umount(T, MNT_DETACH), 0);
	KEXPECT_EQ(t, t_rmdir(T), 0);
	server_end(t, &s);
}

static const struct ktest_case cases[] = {
	KCASE(honest_answers_are_believed),
	KCASE(nonsense_ends_with_an_error),
	KCASE(a_broken_queue_is_eio),
	{},
};
const struct ktest_suite p9_suite = { "p9", cases };
