// SPDX-License-Identifier: MIT
/* ns/mnt.h - mount namespaces as namespaces; the mounts are fs/mnt_ns.h's. */
#pragma once

#include "fs/mnt_ns.h"
#include "ns/ns.h"

struct mnt_ns *to_mnt_ns(struct ns_common *ns);
/* An empty one: restart fills it with mounts and sets its root. */
int mnt_ns_make(struct user_ns *owner, struct ns_common **out);
void mnt_ns_boot(void);
