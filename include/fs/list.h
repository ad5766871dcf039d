// SPDX-License-Identifier: MIT
/* fs/list.h - the file system types, in the order of /proc/filesystems. */
/* FS(name): a "const struct fs_type name_fs_type" stands in fs/name.c. */
FS(rootfs)	/* fs/tmpfs.c: the first mount, filled by the initramfs */
FS(tmpfs)
FS(ramfs)	/* fs/tmpfs.c */
FS(devtmpfs)
FS(proc)
FS(sysfs)
FS(devpts)
FS(sockfs)	/* net/socket.c */
FS(p9)		/* fs/9p_fs.c: "9p" */
FS(pipefs)	/* fs/pipe.c */
FS(anon_inodefs)
FS(nsfs)	/* ns/nsfs.c */
FS(cgroup2)	/* cgroup/fs.c */
