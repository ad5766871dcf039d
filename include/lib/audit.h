// SPDX-License-Identifier: MIT
/* lib/audit.h - what an audit function is given: it counts what it looked at, and reports each lie.
 *
 * Audits recompute from first principles what the code keeps incrementally; they are listed in
 * kernel/audits.h and run by kernel/audit.h. What a call under way holds of objects that the walk
 * of a room does not find by itself is named by the holders of kernel/holders.h. */
#pragma once

#include "types.h"

struct audit {
	const char *name;	/* of the running audit */
	u64 checked, broken;
	void (*print)(void *sink, const char *line);
	void *sink;
};

/* What a reference is to. */
enum held_kind {
	HELD_NOTHING,
	HELD_FRAME,		/* struct frame: one of refs */
	HELD_FILE,
	HELD_FILES,		/* struct files: all that is open in it */
	HELD_FS,		/* struct fs_context: its places */
	HELD_DENTRY,
	HELD_INODE,
	HELD_MOUNT,
	HELD_SOCKET,		/* struct unix_sock */
	HELD_CRED,
	HELD_NAMESPACE,		/* struct ns_common */
	HELD_CGROUP,		/* struct cgroup: one of pins */
};
/* Calls found for each reference of that kind that a holder has: kernel/audit.c. */
void audit_held(enum held_kind kind, void (*found)(void *object));

static inline void audit_checked(struct audit *a, u64 n)
{
	a->checked += n;
}
/* Formats "object" like printf. */
void audit_broken(struct audit *a, u64 kept, u64 found, const char *object_fmt, ...)
	__attribute__((format(printf, 4, 5)));
