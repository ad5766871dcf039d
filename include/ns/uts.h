// SPDX-License-Identifier: MIT
/* ns/uts.h - UTS namespaces for those who print names: uname, procfs, checkpoint. */
#pragma once

#include <linux/utsname.h>

#include "ns/ns.h"

struct uts_ns {
	struct ns_common ns;
	char nodename[__NEW_UTS_LEN + 1];	/* NUL-padded to the end */
	char domainname[__NEW_UTS_LEN + 1];
};
extern struct uts_ns init_uts_ns;

void uts_init(void);			/* the release that uname(2) tells */
struct uts_ns *to_uts_ns(struct ns_common *ns);
struct uts_ns *current_uts_ns(void);
