// SPDX-License-Identifier: MIT
/* ns/pid.h - pid namespaces as namespaces; numbers themselves are in kernel/pid.h. */
#pragma once

#include "kernel/pid.h"
#include "ns/ns.h"

struct pid_ns *to_pid_ns(struct ns_common *ns);
void pid_ns_boot(void);
