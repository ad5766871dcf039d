/* SPDX-License-Identifier: MIT */
/* tests/fuzz/specials.h - sequences of calls that belong together: SPECIAL(name, weight). */
/* special_task.c */
SPECIAL(fork, 8) SPECIAL(clone3, 4) SPECIAL(thread, 5) SPECIAL(vfork, 1) SPECIAL(exec, 2)
SPECIAL(exec_odd, 3) SPECIAL(trace, 4)
/* special_file.c */
SPECIAL(pass_fds, 6) SPECIAL(take_fds, 4) SPECIAL(serve, 3) SPECIAL(epoll_nest, 3)
SPECIAL(terminal, 4) SPECIAL(proc_read, 6) SPECIAL(proc_write, 4) SPECIAL(map_file, 4)
SPECIAL(touch, 8)
/* special_ns.c */
SPECIAL(control, 10) SPECIAL(group, 6) SPECIAL(join, 4) SPECIAL(mount, 8) SPECIAL(userns, 3)
SPECIAL(checkpoint, 2) SPECIAL(restart, 2)
