/* SPDX-License-Identifier: MIT */
/* tests/conform/suites.h - all suites, in the order in which they run.
 * SUITE(x) is the table x_cases[] in x.c. */
SUITE(uts)
SUITE(uts_limits)
SUITE(uts_access)
SUITE(uts_proc)
SUITE(uts_poll)
SUITE(ns_files)
SUITE(ns_ioctl)
SUITE(ns_life)
SUITE(ns_clone)
SUITE(ns_clone3)
SUITE(ns_unshare)
SUITE(ns_setns)
SUITE(ns_owner)
SUITE(ns_limits)
SUITE(ext)
