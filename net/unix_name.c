// SPDX-License-Identifier: MIT
/* net/unix_name.c - names of local sockets: files, abstract names, and names made up by autobind.
 *
 * A path name is a node in the file system: the inode leads to the socket, and who may write to
 * the node may connect. It stays when the socket is closed; connecting is then ECONNREFUSED.
 * An abstract name begins with a NUL, is as long as the caller says, and goes with the socket; each
 * type of socket has names of its own. Autobind takes the next free one of five hex digits.
 * Objects: struct unix_address, counted by the socket that was bound and by those accepted from it.
 * Locks: bind_lock of a socket over its naming (the file system may sleep).
 * Checkpoint: name and length are saved; nodes are files. See unix(7), bind(2). */

#include <linux/stat.h>

#include "fs/namei.h"
#include "lib/hash.h"
#include "lib/print.h"
#include "mm/slab.h"
#include "net/unix_internal.h"

#define NAME_BUCKETS 256
#define PATH_AT offsetof(struct sockaddr_un, sun_path)
#define AUTOBIND_NAMES (1U << 20)
#define AUTOBIND_DIGITS 5

static struct list abstract_names[NAME_BUCKETS];
static u32 autobind_next;

/* --- addresses --- */

int unix_check_name(const void *name, u32 len)
{
	const struct sockaddr_un *un = name;

	if (len <= PATH_AT || len > sizeof(*un) || un->sun_family != AF_UNIX)
		return -EINVAL;
	return 0;
}

static int address_create(const void *name, u32 len, struct unix_address **out)
{
	struct unix_address *a = kzalloc_charged(sizeof(*a));

	if (!a)
		return -ENOMEM;
	ref_set(&a->refs, 1);
	a->len = len;
	memcpy(&a->name, name, len);
	*out = a;
	return 0;
}

void unix_address_put(struct unix_address *a)
{
	if (ref_put(&a->refs))
		kfree(a);
}

int unix_name(struct socket *s, enum socket_name which, void *buf)
{
	const struct unix_sock *u = to_unix(s);
	const __kernel_sa_family_t family = AF_UNIX;

	if (which != SOCKET_OWN_NAME)
		u = u->peer;
	if (!u)
		return -ENOTCONN;
	if (!u->address) {
		memcpy(buf, &family, sizeof(family));
		return PATH_AT;
	}
	memcpy(buf, &u->address->name, u->address->len);
	return u->address->len;
}

void unix_tell_sender(struct socket_msg *m, const struct unix_sock *sender)
{
	if (!sender->address)
		return;
	m->name_len = sender->address->len;
	memcpy(m->name, &sender->address->name, m->name_len);
}

/* --- abstract names --- */

static struct list *abstract_bucket(const void *name, u32 len, int type)
{
	struct list *b = &abstract_names[hash_bytes(name, len, type) % NAME_BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

static struct unix_sock *abstract_find(const void *name, u32 len, int type)
{
	struct unix_sock *u;

	list_for_each(u, abstract_bucket(name, len, type), name_link)
		if (u->sk.type == type && u->address->len == len &&
		    !memcmp(&u->address->name, name, len))
			return u;
	return NULL;
}

/* The socket takes an abstract name that is free. */
static int abstract_take(struct unix_sock *u, const void *name, u32 len)
{
	int err;

	if (abstract_find(name, len, u->sk.type))
		return -EADDRINUSE;
	err = address_create(name, len, &u->address);
	if (!err)
		list_add(abstract_bucket(name, len, u->sk.type), &u->name_link);
	return err;
}

static int bind_abstract(struct unix_sock *u, const void *name, u32 len)
{
	int err;

	mutex_lock(&u->bind_lock);
	err = u->address ? -EINVAL : abstract_take(u, name, len);
	mutex_unlock(&u->bind_lock);
	return err;
}

int unix_autobind(struct unix_sock *u)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int err = -EADDRINUSE;

	mutex_lock(&u->bind_lock);
	if (u->address)
		err = 0;
	for (u32 tries = 0; err == -EADDRINUSE && tries < AUTOBIND_NAMES; tries++) {
		snprintf(un.sun_path + 1, AUTOBIND_DIGITS + 1, "%05x", autobind_next);
		autobind_next = (autobind_next + 1) % AUTOBIND_NAMES;
		err = abstract_take(u, &un, PATH_AT + 1 + AUTOBIND_DIGITS);
	}
	mutex_unlock(&u->bind_lock);
	return err == -EADDRINUSE ? -ENOSPC : err;
}

int unix_autobind_if_asked(struct unix_sock *u)
{
	return (u->sk.flags & SOCKET_PASSCRED) && !u->address ? unix_autobind(u) : 0;
}

/* --- names in the file system --- */

/* Copies a path name; its length as an address, the NUL included. */
static u32 path_name_copy(struct unix_name *p, const void *name, u32 len)
{
	memset(p, 0, sizeof(*p));
	memcpy(&p->un, name, len);
	return PATH_AT + strlen(p->un.sun_path) + 1;
}

/* The node that was just made becomes the socket's. */
static int path_take(struct unix_sock *u, const char *name, struct unix_address *a)
{
	struct path p;
	int err = path_lookup(AT_FDCWD, name, 0, &p);

	if (err)
		return err;
	mutex_lock(&u->bind_lock);
	if (u->address || !S_ISSOCK(p.dentry->inode->mode) || p.dentry->inode->socket)
		err = -EINVAL;
	if (!err) {
		p.dentry->inode->socket = u;
		u->path = p;
		u->address = a;
	}
	mutex_unlock(&u->bind_lock);
	if (err) {
		path_put(&p);
		vfs_unlink(AT_FDCWD, name, false);
	}
	return err;
}

static int bind_path(struct unix_sock *u, const void *name, u32 len)
{
	u32 mode = S_IFSOCK | (u->sk.file->inode->mode & S_IALLUGO);
	struct unix_address *a;
	struct unix_name p;
	int err;

	len = path_name_copy(&p, name, len);
	err = address_create(&p, len, &a);
	if (err)
		return err;
	err = vfs_mknod(AT_FDCWD, p.un.sun_path, mode, 0);
	if (!err)
		err = path_take(u, p.un.sun_path, a);
	if (err)
		unix_address_put(a);
	return err == -EEXIST ? -EADDRINUSE : err;
}

static int find_path(const void *name, u32 len, int type, struct unix_sock **out)
{
	struct unix_sock *u;
	struct unix_name p;
	struct inode *i;
	struct path at;
	int err;

	path_name_copy(&p, name, len);
	err = path_lookup(AT_FDCWD, p.un.sun_path, LOOKUP_FOLLOW, &at);
	if (err)
		return err;
	i = at.dentry->inode;
	err = inode_permission(i, MAY_WRITE);
	u = i->socket;
	if (!err && (!S_ISSOCK(i->mode) || !u))
		err = -ECONNREFUSED;
	if (!err && u->sk.type != type)
		err = -EPROTOTYPE;
	if (!err) {
		path_accessed(&at);
		*out = unix_get(u);
	}
	path_put(&at);
	return err;
}

int unix_address_restore(struct unix_sock *u, const struct unix_name *name, u32 len,
			 const struct path *node, bool owner)
{
	struct unix_address *a;
	int err;

	if (!node && owner && !name->un.sun_path[0])
		return bind_abstract(u, name, len);
	if (node && owner && node->dentry->inode->socket)
		return -EADDRINUSE;
	err = address_create(name, len, &a);
	if (err)
		return err;
	u->address = a;
	if (node) {
		u->path = *node;
		path_get(node);
	}
	if (node && owner)
		node->dentry->inode->socket = u;
	return 0;
}

/* --- what the others call --- */

int unix_bind(struct socket *s, const void *name, u32 len)
{
	const struct sockaddr_un *un = name;
	struct unix_sock *u = to_unix(s);
	int err;

	if (len == PATH_AT && un->sun_family == AF_UNIX)
		return unix_autobind(u);
	err = unix_check_name(name, len);
	if (err)
		return err;
	return un->sun_path[0] ? bind_path(u, name, len) : bind_abstract(u, name, len);
}

int unix_find(const void *name, u32 len, int type, struct unix_sock **out)
{
	const struct sockaddr_un *un = name;
	struct unix_sock *u;

	if (un->sun_path[0])
		return find_path(name, len, type, out);
	u = abstract_find(name, len, type);
	if (!u)
		return -ECONNREFUSED;
	*out = unix_get(u);
	return 0;
}

void unix_forget_name(struct unix_sock *u)
{
	list_del(&u->name_link);
	if (u->path.dentry && u->path.dentry->inode->socket == u)
		u->path.dentry->inode->socket = NULL;
}
