// SPDX-License-Identifier: MIT
/* ns/user.h - user namespaces for those who make credentials or show id maps. */
#pragma once

#include "fs/text.h"
#include "kernel/cred.h"
#include "ns/ns.h"

struct user_ns *to_user_ns(struct ns_common *ns);
/* Puts a new user namespace, with all capabilities in it, into credentials that are being
 * prepared (clone and unshare). 0 or -errno by rule. */
int user_ns_create_for(struct cred *c);

enum id_map_kind { ID_MAP_UID, ID_MAP_GID, ID_MAP_PROJID };
/* /proc/PID/uid_map and kin: prints ns's map as seen from "viewer" (USERNS-20). */
void id_map_show(struct text *t, struct user_ns *ns, enum id_map_kind kind,
		 const struct user_ns *viewer);
/* One write(2) of len bytes at file position pos by a file opened with "opener"'s credentials: len
 * or -errno. */
ssize_t id_map_store(struct user_ns *ns, enum id_map_kind kind, const struct cred *opener,
		     uaddr text, size_t len, u64 pos);
/* /proc/PID/setgroups: "allow" or "deny". */
void setgroups_show(struct text *t, const struct user_ns *ns);
ssize_t setgroups_store(struct user_ns *ns, const struct cred *opener, const char *text, size_t len,
			u64 pos);
void user_ns_boot(void);
