// SPDX-License-Identifier: MIT
/* kernel/cred_internal.h - what the credential files share. */
#pragma once

#include <linux/securebits.h>

#include "kernel/cred.h"
#include "kernel/task.h"

void users_walk(void (*each)(struct user *u, void *arg), void *arg);
struct groups *groups_empty(void);
void groups_put(struct groups *g);

static inline capset_t cap_bit(int cap)
{
	return BIT(cap);
}

/* Is the securebit (SECURE_X, a bit number) set? */
static inline bool cred_secure(const struct cred *c, unsigned bit)
{
	return c->securebits & BIT(bit);
}
