// SPDX-License-Identifier: MIT
/* kernel/compat.h - the rules that Linux changed, and the version since which each is as it is.
 *
 *   COMPAT(NAME, major, minor, "rule: what changed")
 *
 * compat= on the command line says which Linux this kernel follows (default 6.1; the release that
 * uname(2) tells is made from it). A place where the rules differ asks compat_at_least(COMPAT_NAME)
 * once, and is the only one to ask for that row. Below: what Linux 6.1 does. */
#pragma once

#include "boot/cmdline.h"

#define COMPAT_RULES(COMPAT)                                                                  \
	COMPAT(SO_PEERPIDFD, 6, 5, "AFUX-03: SO_PEERPIDFD gives a pidfd of the peer")         \
	COMPAT(CLONE_THREAD_PIDFD, 6, 9, "NS-24: CLONE_PIDFD with CLONE_THREAD is allowed")   \
	COMPAT(PIDFD_THREAD, 6, 9, "PIDNS-43: pidfd_open(PIDFD_THREAD) names a thread")       \
	COMPAT(PIDS_EVENTS, 6, 11, "PIDS-06: pids.events counts where the limit is, and above")

/* The value of a row is the version itself. */
enum compat_rule {
#define COMPAT(name, major, minor, text) COMPAT_##name = COMPAT_VERSION(major, minor),
	COMPAT_RULES(COMPAT)
#undef COMPAT
};

static inline bool compat_at_least(enum compat_rule rule)
{
	return boot_options.compat >= (unsigned)rule;
}
