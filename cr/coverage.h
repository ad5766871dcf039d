// SPDX-License-Identifier: MIT
/* cr/coverage.h - what becomes of every row of the kernel's other tables: saved, rebuilt, or
 * refused by name.
 *
 * COVER(table, name, how, where). tests/kernel/test_cr.c walks the tables themselves and fails
 * where a row stands in none of these lines: who adds a row decides here. */
COVER(part, cred, SAVED, "cr/creds.c")
COVER(part, sighand, SAVED, "cr/process.c, cr/sighands.c")
COVER(part, signals, SAVED, "cr/signals.c, cr/core.c")
COVER(part, cgroup, SAVED, "cr/cgroups.c")
COVER(part, member, REBUILT, "by who lives")
COVER(part, fs, SAVED, "cr/fs.c")
COVER(part, nsproxy, SAVED, "cr/namespaces.c")
COVER(part, mm, SAVED, "cr/mm.c, cr/inodes.c")
COVER(part, files, SAVED, "cr/files.c")
COVER(part, timers, SAVED, "cr/process.c, cr/posix_timers.c")
COVER(part, futex, SAVED, "cr/core.c, cr/regs.c")
COVER(part, rseq, SAVED, "cr/core.c")
COVER(part, seccomp, REFUSED, "cr/tree.c")
COVER(ns, user, SAVED, "cr/ns_user.c")
COVER(ns, mnt, SAVED, "cr/ns_mnt.c")
COVER(ns, uts, SAVED, "cr/ns_uts.c")
COVER(ns, pid, SAVED, "cr/ns_pid.c")
COVER(ns, cgroup, SAVED, "cr/ns_cgroup.c")
