// SPDX-License-Identifier: MIT
/* cr/list.h - the object classes. CLASS(name): a "const struct cr_class cr_name_class" stands in
 * the file named. */
CLASS(userns)	/* cr/ns_user.c */
CLASS(mntns)	/* cr/ns_mnt.c */
CLASS(utsns)	/* cr/ns_uts.c */
CLASS(pidns)	/* cr/ns_pid.c */
CLASS(cgroupns)	/* cr/ns_cgroup.c */
CLASS(mm)	/* cr/mm.c */
CLASS(files)	/* cr/files.c */
CLASS(file)	/* cr/files.c */
CLASS(fs)	/* cr/fs.c */
CLASS(fifo)	/* cr/files_fifo.c */
CLASS(pty)	/* cr/files_tty.c */
CLASS(unix)	/* cr/files_unix.c */
CLASS(shmem)	/* cr/inodes.c */
CLASS(ghost)	/* cr/inodes.c */
CLASS(pipe)	/* cr/files_pipe.c */
CLASS(cred)	/* cr/creds.c */
CLASS(mount)	/* cr/ns_mnt.c */
CLASS(super)	/* cr/supers.c */
CLASS(node)	/* cr/supers.c */
