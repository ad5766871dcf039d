// SPDX-License-Identifier: MIT
/* fs/audit.h - who holds files, paths, dentries, inodes, mounts and supers: for vfs_audit().
 *
 * Each row of fs/holders.h is a function that names every reference its owner holds, by the
 * functions below. What hangs a file or path off an object of its own adds a row. */
#pragma once

#include "fs/vfs.h"

struct files;
struct fs_context;

void audit_found_file(struct file *f);
void audit_found_path(const struct path *p);	/* a mount and a dentry; NULL mount: nothing */
void audit_found_dentry(struct dentry *de);
void audit_found_mount(struct mount *m);
void audit_found_super(struct super *sb);
/* First call for that object in this audit? For what tasks share. */
bool audit_first(u64 *mark);
