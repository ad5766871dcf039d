// SPDX-License-Identifier: MIT
/* cr/list.h - the object classes. CLASS(name): a "const struct cr_class cr_name_class" stands in
 * the file named. */
CLASS(utsns)	/* cr/uts.c */
CLASS(pidns)	/* cr/pidns.c */
CLASS(mm)	/* cr/mm.c */
CLASS(files)	/* cr/files.c */
CLASS(file)	/* cr/files.c */
CLASS(fs)	/* cr/fs.c */
CLASS(shmem)	/* cr/inodes.c */
CLASS(ghost)	/* cr/inodes.c */
CLASS(pipe)	/* cr/files_pipe.c */
