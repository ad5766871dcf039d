// SPDX-License-Identifier: MIT
/* tests/kernel/list.h - the suites of in-kernel tests, in the order in which they run. */
/* SUITE(name): a "const struct ktest_suite name_suite" stands in tests/kernel/test_name.c. */
SUITE(lib)
SUITE(mm)
SUITE(sched)
SUITE(pid)
SUITE(signal)
SUITE(cred)
SUITE(inflate)
SUITE(vfs)
SUITE(mount)
SUITE(fd)
SUITE(events)
SUITE(proc)
SUITE(unix)
SUITE(virtq)
SUITE(p9)
SUITE(uts)
