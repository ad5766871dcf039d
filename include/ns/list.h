// SPDX-License-Identifier: MIT
/* ns/list.h - the kinds of namespaces, in the order in which they are created and entered. */
/* NS(name, NAME): a "const struct ns_type name_ns_type" stands in ns/name.c. */
NS(user, USER)
NS(mnt, MNT)
NS(uts, UTS)
NS(pid, PID)
NS(cgroup, CGROUP)
