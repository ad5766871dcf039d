// SPDX-License-Identifier: MIT
/* kernel/ns_common.h - what every namespace has: count, type, inode number, owner.
 *
 * refs counts nsproxies (or creds, pids), open nsfs files, bind mounts and child
 * namespaces. The kinds and what they do are in ns/list.h and ns/ns.h. */
#pragma once

#include "lib/config.h"
#include "lib/list.h"
#include "lib/refcount.h"
#include "types.h"

struct ns_type;
struct user_ns;
struct ucount;

struct ns_common {
	refcount_t refs;
	LAYOUT_PADDING
	const struct ns_type *type;
	u32 inum;			/* st_ino in nsfs; initial ones are fixed (NS-04) */
	struct user_ns *owner;		/* counted; NULL for the initial user namespace */
	struct ucount *ucount;		/* who pays for it (max_*_namespaces) */
	struct list all;		/* on ns_all */
	u64 mark;			/* references the audit found */
};
