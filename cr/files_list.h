// SPDX-License-Identifier: MIT
/* cr/files_list.h - the kinds of open files, in the order in which they are asked.
 * FILE_CLASS(name): a "const struct cr_file_class cr_name_files". */
FILE_CLASS(pipe)	/* cr/files_pipe.c */
FILE_CLASS(eventfd)	/* cr/files_event.c, as the next three */
FILE_CLASS(signalfd)
FILE_CLASS(timerfd)
FILE_CLASS(epoll)
FILE_CLASS(fifo)	/* cr/files_fifo.c */
FILE_CLASS(inotify)	/* cr/files_inotify.c */
FILE_CLASS(pidfd)	/* cr/files_pidfd.c */
FILE_CLASS(unix)	/* cr/files_unix.c */
FILE_CLASS(pty)		/* cr/files_tty.c */
FILE_CLASS(memfd)	/* cr/files_memfd.c */
FILE_CLASS(ns)		/* cr/files_ns.c */
FILE_CLASS(reg)		/* cr/files_reg.c: regular files, directories and devices, by path */
