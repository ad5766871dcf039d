// SPDX-License-Identifier: MIT
/* ns/pid.h - pid namespaces as namespaces; numbers themselves are in kernel/pid.h. */
#pragma once

#include "kernel/pid.h"
#include "ns/ns.h"

struct pid_ns *to_pid_ns(struct ns_common *ns);
void pid_ns_boot(void);
/* A namespace below parent, without a look at who asks: restart has looked. */
int pid_ns_make(struct pid_ns *parent, struct user_ns *owner, struct ns_common **out);
