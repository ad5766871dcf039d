// SPDX-License-Identifier: MIT
/* ns/mnt.h - mount namespaces as namespaces; the mounts are fs/mnt_ns.h's. */
#pragma once

#include "fs/mnt_ns.h"
#include "ns/ns.h"

struct mnt_ns *to_mnt_ns(struct ns_common *ns);
void mnt_ns_boot(void);
