// SPDX-License-Identifier: MIT
/* cr/late_list.h - what is saved, and restored, after the tree of processes, in this order.
 * LATE(name): a "const struct cr_late cr_name_late" stands in the file named. */
LATE(sighands)	/* cr/sighands.c */
LATE(unix)	/* cr/unix_queue.c: first, it may bring more files */
LATE(pipes)	/* cr/files_pipe.c: every file is met */
LATE(ttys)	/* cr/files_tty.c */
LATE(locks)	/* cr/locks.c */
LATE(inotify)	/* cr/files_inotify.c: nothing is opened behind it */
LATE(ghosts)	/* cr/inodes.c */
LATE(epoll)	/* cr/files_event.c */
LATE(owners)	/* cr/owners.c */
LATE(changes)	/* cr/files_reg.c: what poll has told of already */
