// SPDX-License-Identifier: MIT
/* fs/pty.h - pseudo terminals: between the pairs (fs/pty.c) and their file system (fs/devpts.c). */
#pragma once

#include "fs/tty.h"

#define PTY_OUTPUT 8192			/* bytes on the way to the master, a power of two */
#define PTS_MAJOR 136

struct pty {
	struct tty slave;		/* first: the pty lives as long as this is counted */
	struct super *sb;		/* the devpts instance; NULL once the master is closed */
	struct dentry *node;		/* the slave's name there (counted) */
	u32 index;
	bool locked;			/* TIOCSPTLCK: the slave cannot be opened yet */
	bool slave_was_open;
	char output[PTY_OUTPUT];	/* what the slave wrote: positions modulo PTY_OUTPUT */
	u64 head, tail;
	struct waitqueue master_wait;	/* readers and writers of the master */
};

/* Opens a new pair whose slave is a node of the devpts instance sb: f becomes the master. */
int pty_open_master(struct super *sb, struct file *f);
/* For checkpoint: the pair of an open file (either end), a new one of that number as an open file
 * (path: the devpts instance's root), the pair that has a tty; NULL: none. */
struct pty *pty_of(const struct file *f, bool *master);
struct pty *pty_of_tty(struct tty *tty);
int pty_create_file(const struct path *root, u32 index, u32 flags, struct file **out);
extern const struct fs_type devpts_fs_type;
int pty_open_slave(struct pty *pty, struct file *f);

/* --- fs/devpts.c --- */
/* The lowest free index of the instance, or the one wanted, and a node for it.
 * 0 or -ENOSPC (DEVPTS-03), -ENOMEM. */
#define PTY_ANY_INDEX ~0U
int devpts_new_node(struct super *sb, struct pty *pty, u32 wanted);
void devpts_remove_node(struct pty *pty);
/* The mount through which the master was opened, or the one beside its node.
 * 0, -ENOENT, -ENODEV. */
int devpts_mount_of(struct file *master, const struct super *sb, struct mount **out);
