// SPDX-License-Identifier: MIT
/* ns/ucount.h - how many namespaces of a kind each user has made, in each user namespace.
 *
 * A creation is charged to the creator's uid in the user namespace and, through the
 * owners of the user namespaces, in all its ancestors (NS-42); each may refuse. */
#pragma once

#include "kernel/cred.h"
#include "types.h"

#define UCOUNT_KINDS 10

struct ucount {
	refcount_t refs;		/* charges */
	struct user_ns *ns;		/* not counted: the charged namespaces hold it */
	kid_t uid;
	long count[UCOUNT_KINDS];
	struct list hash;
};

/* A restart makes what was there: over those limits that current might raise (cr/namespaces.c). */
extern bool ucount_restarts;

/* Charges one namespace of kind; 0 and *out, or -ENOSPC by rule, or -ENOMEM. */
int ucount_charge(struct user_ns *ns, kid_t uid, unsigned kind, struct ucount **out);
void ucount_uncharge(struct ucount *uc, unsigned kind);
