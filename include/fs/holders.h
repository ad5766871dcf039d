// SPDX-License-Identifier: MIT
/* fs/holders.h - what holds VFS objects beside VFS itself. */
/* HOLDER(name): "void name_hold_audit(void)". */
HOLDER(fs_contexts)	/* fs/vfs_holders.c: root and working directories */
HOLDER(descriptors)	/* fs/vfs_holders.c: tables of open files */
HOLDER(calls)		/* fs/vfs_holders.c: what calls under way hold (kernel/holders.h) */
HOLDER(inotify)		/* fs/inotify.c: watched inodes */
HOLDER(maps)		/* fs/vfs_holders.c: mapped files, programs being run */
HOLDER(kernel_mounts)	/* fs/vfs_holders.c: pipefs, nsfs, anon_inodefs */
HOLDER(mount_setups)	/* fs/mount_context.c: file systems made by fsconfig(2) */
HOLDER(devtmpfs)	/* fs/vfs_holders.c: the one instance of devtmpfs */
HOLDER(terminals)	/* fs/vfs_holders.c: pseudo-terminals hold their node in devpts */
HOLDER(unix)		/* net/unix_show.c: files in messages, names of sockets */
