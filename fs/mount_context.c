// SPDX-License-Identifier: MIT
/* fs/mount_context.c - mounting in steps: fsopen(2), fsconfig(2), fsmount(2), fspick(2).
 *
 *   fsopen -> [options] -CREATE-> [created] -fsmount-> a tree (fs/mount_fd.c)   [options again]
 *   fspick -> [options again] -RECONFIGURE-> the file system is changed
 *
 * The open file holds what was said so far, and the file system once it is there (MNTNS-50). Flags
 * of the super ("ro", "sync" ...) and the source are known to all types, other options are kept as
 * text and read when the file system is made or changed.
 * Not like Linux: a bad option is refused only then, not when it is given.
 * Locks: BKL. Checkpoint: refused by the class of the file.
 * See the kernel's Documentation/filesystems/mount_api.rst. */

#include <linux/mount.h>

#include "arch/cpu.h"
#include "fs/audit.h"
#include "fs/fdtable.h"
#include "fs/mount_args.h"
#include "fs/names.h"
#include "fs/text.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define WORD_MAX 256		/* a key or a value, with its end */
#define FSPICK_KNOWN (FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT | \
		      FSPICK_EMPTY_PATH)

enum phase { OPTIONS, CREATED, OPTIONS_AGAIN, FAILED };

struct setup {
	const struct fs_type *type;
	enum phase phase;
	struct super *sb;		/* counted; NULL before CREATE */
	char *source;
	struct text options;		/* "a,b=c" */
	u64 flags, named;		/* of the super: values, and which were named */
	struct list all;
};
static struct list setups = LIST_INIT(setups);

static const struct {
	const char *key;
	u64 flag;
	bool on;
} super_words[] = {
	{ "ro", MS_RDONLY, true },	   { "rw", MS_RDONLY, false },
	{ "sync", MS_SYNCHRONOUS, true },  { "async", MS_SYNCHRONOUS, false },
	{ "dirsync", MS_DIRSYNC, true },   { "mand", MS_MANDLOCK, true },
	{ "nomand", MS_MANDLOCK, false },  { "lazytime", MS_LAZYTIME, true },
	{ "nolazytime", MS_LAZYTIME, false },
};

/* What each command brings along. */
static const struct {
	bool key, value, aux;		/* aux false: must be 0 */
} commands[] = {
	[FSCONFIG_SET_FLAG] = { true, false, false },
	[FSCONFIG_SET_STRING] = { true, true, false },
	[FSCONFIG_SET_BINARY] = { true, true, true },
	[FSCONFIG_SET_PATH] = { true, true, true },
	[FSCONFIG_SET_PATH_EMPTY] = { true, true, true },
	[FSCONFIG_SET_FD] = { true, false, true },
	[FSCONFIG_CMD_CREATE] = { false, false, false },
	[FSCONFIG_CMD_RECONFIGURE] = { false, false, false },
};

/* --- the file --- */

static void words_forget(struct setup *s)
{
	kfree(s->source);
	s->source = NULL;
	text_free(&s->options);
	s->options = (struct text){};
	s->flags = s->named = 0;
}

static void setup_release(struct file *f)
{
	struct setup *s = f->private;

	words_forget(s);
	if (s->sb)
		super_put(s->sb);
	list_del(&s->all);
	kfree(s);
}

/* The kernel has nothing to tell here: reasons are in /proc/PID/plimsoll/why. */
static ssize_t setup_read(struct file *f, struct iter *to, u64 *pos)
{
	(void)f, (void)to, (void)pos;
	return -ENODATA;
}

static const struct file_ops setup_ops = {
	.class = "fscontext",
	.read = setup_read,
	.release = setup_release,
};

void mount_setups_hold_audit(void)
{
	struct setup *s;

	list_for_each(s, &setups, all)
		if (s->sb)
			audit_found_super(s->sb);
}

/* A descriptor; sb (counted here) may be NULL. */
static int setup_fd(const struct fs_type *type, struct super *sb, bool cloexec)
{
	struct setup *s = kzalloc(sizeof(*s));
	struct file *f;
	int err, fd;

	if (!s)
		return -ENOMEM;
	s->type = type;
	err = file_create_anon("fscontext", &setup_ops, s, O_RDWR, &f);
	if (err) {
		kfree(s);
		return err;
	}
	s->sb = sb;
	s->phase = sb ? OPTIONS_AGAIN : OPTIONS;
	if (sb)
		ref_get(&sb->refs);
	list_add_tail(&setups, &s->all);
	fd = fd_alloc(f, 0, cloexec ? O_CLOEXEC : 0);
	if (fd < 0)
		file_put(f);
	return fd;
}

static int setup_get(int fd, struct file **out)
{
	*out = fd_get_io(fd);
	if (!*out)
		return -EBADF;
	if ((*out)->ops == &setup_ops)
		return 0;
	file_put(*out);
	return deny(EINVAL, MNTNS_50);
}

/* A string of users shorter than WORD_MAX. */
static int word_from_user(char *word, uaddr from)
{
	ssize_t n = strncpy_from_user(word, from, WORD_MAX);

	return n < 0 ? n : n == WORD_MAX ? -EINVAL : 0;
}

/* --- fsopen, fspick --- */

long sys_fsopen(uaddr name, u32 flags)
{
	const struct fs_type *type;
	char word[WORD_MAX];
	int err = may_mount();

	if (err)
		return err;
	if (flags & ~FSOPEN_CLOEXEC)
		return deny(EINVAL, MNTNS_50);
	err = word_from_user(word, name);
	if (err)
		return err;
	type = fs_type_find(word);
	if (!type || type->flags & FS_KERNEL_ONLY)
		return deny(ENODEV, MNTNS_52);
	return setup_fd(type, NULL, flags & FSOPEN_CLOEXEC);
}

long sys_fspick(int dfd, uaddr name, u32 flags)
{
	unsigned look = flags & FSPICK_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path p;
	int err = may_mount();

	if (err)
		return err;
	if (flags & ~FSPICK_KNOWN)
		return deny(EINVAL, MNTNS_50);
	if (flags & FSPICK_EMPTY_PATH)
		look |= LOOKUP_EMPTY;
	err = path_lookup_user(dfd, name, look, &p);
	if (err)
		return err;
	if (path_is_mount_root(&p))
		err = setup_fd(p.mnt->sb->type, p.mnt->sb, flags & FSPICK_CLOEXEC);
	else
		err = deny(EINVAL, MNTNS_50);
	path_put(&p);
	return err;
}

/* --- fsconfig --- */

static int source_set(struct setup *s, const char *value)
{
	if (!value || s->source)
		return deny(EINVAL, MNTNS_50);
	s->source = kstrdup(value);
	return s->source ? 0 : -ENOMEM;
}

/* value NULL: a flag. */
static int word_set(struct setup *s, const char *key, const char *value)
{
	for (unsigned i = 0; i < ARRAY_SIZE(super_words); i++) {
		if (strcmp(key, super_words[i].key) != 0)
			continue;
		s->named |= super_words[i].flag;
		s->flags &= ~super_words[i].flag;
		s->flags |= super_words[i].on ? super_words[i].flag : 0;
		return 0;
	}
	if (!strcmp(key, "source"))
		return source_set(s, value);
	if (strchr(key, ',') || strchr(key, '=') || (value && strchr(value, ',')) ||
	    s->options.len + 2 * WORD_MAX > PAGE_SIZE)
		return deny(EINVAL, MNTNS_50);
	text_printf(&s->options, "%s%s%s%s", s->options.len ? "," : "", key, value ? "=" : "",
		    value ? value : "");
	return s->options.error;
}

static int config_word(struct setup *s, uaddr ukey, uaddr uvalue)
{
	char key[WORD_MAX], value[WORD_MAX];
	int err = word_from_user(key, ukey);

	if (!err && uvalue)
		err = word_from_user(value, uvalue);
	if (err)
		return err;
	if (s->phase != OPTIONS && s->phase != OPTIONS_AGAIN)
		return deny(EBUSY, MNTNS_50);
	return word_set(s, key, uvalue ? value : NULL);
}

/* The options as one string, NULL: none. */
static int options_text(struct setup *s, const char **out)
{
	if (s->options.len)
		text_putc(&s->options, '\0');
	*out = s->options.len ? s->options.data : NULL;
	return s->options.error;
}

static int config_create(struct setup *s)
{
	const char *data;
	int err;

	if (s->phase != OPTIONS)
		return deny(EBUSY, MNTNS_50);
	err = options_text(s, &data);
	if (!err)
		err = super_of_mount(s->type, s->source, s->flags, data, &s->sb);
	if (err != -EPERM)		/* who may not, may try again */
		s->phase = err ? FAILED : CREATED;
	return err;
}

static int config_change(struct setup *s)
{
	const char *data;
	int err;

	if (s->phase != OPTIONS_AGAIN)
		return deny(EBUSY, MNTNS_50);
	if (!capable_in(s->sb->user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, MNTNS_37);
	err = options_text(s, &data);
	if (!err)
		err = super_remount(s->sb, (s->sb->flags & ~s->named) | s->flags, data);
	words_forget(s);
	if (err)
		s->phase = FAILED;
	return err;
}

static int config_run(struct setup *s, u32 cmd, uaddr key, uaddr value)
{
	switch (cmd) {
	case FSCONFIG_SET_FLAG:
	case FSCONFIG_SET_STRING:
		return config_word(s, key, value);
	case FSCONFIG_CMD_CREATE:
		return config_create(s);
	case FSCONFIG_CMD_RECONFIGURE:
		return config_change(s);
	default:
		return deny(EOPNOTSUPP, MNTNS_50);	/* no type has such options */
	}
}

long sys_fsconfig(int fd, u32 cmd, uaddr key, uaddr value, int aux)
{
	struct file *f;
	int err;

	if (fd < 0)
		return deny(EINVAL, MNTNS_50);
	if (cmd >= ARRAY_SIZE(commands))
		return deny(EOPNOTSUPP, MNTNS_50);
	if (!key == commands[cmd].key || !value == commands[cmd].value ||
	    (aux && !commands[cmd].aux))
		return deny(EINVAL, MNTNS_50);
	err = setup_get(fd, &f);
	if (err)
		return err;
	err = config_run(f->private, cmd, key, value);
	file_put(f);
	return err;
}

/* --- fsmount --- */

static int setup_mount(struct setup *s, u32 flags, struct mount **out)
{
	struct dentry *root;
	int err;

	if (!s->sb)
		return deny(EINVAL, MNTNS_50);
	err = mount_check_revealing(s->sb, &flags);
	if (err)
		return err;
	if (s->phase != CREATED)
		return deny(EBUSY, MNTNS_50);
	root = s->sb->root;
	if (s->type->mount_dentry)
		err = s->type->mount_dentry(s->sb, &root);
	if (!err)
		err = mount_create(s->sb, root, flags, s->source, out);
	return err;
}

long sys_fsmount(int fd, u32 flags, u32 attr)
{
	struct setup *s;
	struct mount *m;
	struct file *f;
	u32 mount_flags;
	int err = may_mount();

	if (err)
		return err;
	if (flags & ~FSMOUNT_CLOEXEC)
		return deny(EINVAL, MNTNS_50);
	err = mount_attr_to_flags(attr, &mount_flags);
	if (!err)
		err = setup_get(fd, &f);
	if (err)
		return err;
	s = f->private;
	err = setup_mount(s, mount_flags, &m);
	if (!err)
		err = mount_tree_fd(m, flags & FSMOUNT_CLOEXEC);
	if (err >= 0) {
		words_forget(s);
		s->phase = OPTIONS_AGAIN;
	}
	file_put(f);
	return err;
}
