// SPDX-License-Identifier: MIT
/* cr/late_list.h - what is saved, and restored, after the tree of processes, in this order.
 * LATE(name): a "const struct cr_late cr_name_late" stands in the file named. */
LATE(unix)	/* cr/unix_queue.c: first, it may bring more files */
LATE(ttys)	/* cr/files_tty.c */
LATE(ghosts)	/* cr/inodes.c */
LATE(epoll)	/* cr/files_event.c */
LATE(owners)	/* cr/owners.c */
