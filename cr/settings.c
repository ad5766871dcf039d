// SPDX-License-Identifier: MIT
/* cr/settings.c - what the machine's owner decides about checkpoints: /proc/sys/kernel/ckpt_*.
 *
 * ckpt_unpriv_allowed: 1 (the default), who may look into a tree may checkpoint it, and anybody may
 * restart what the image gives no privilege for; 0, only with CAP_CHECKPOINT_RESTORE or
 * CAP_SYS_ADMIN in the initial user namespace (CR-API-08).
 * Locks: BKL. Checkpoint: the machine's, not the tree's. */
#include "cr/internal.h"

#include "fs/proc.h"

static s32 ckpt_unpriv_allowed = 1;

int cr_may_call(void)
{
	if (ckpt_unpriv_allowed || capable_in(&init_user_ns, CAP_CHECKPOINT_RESTORE) ||
	    capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return 0;
	return deny(EPERM, CR_API_08);
}

const struct sysctl cr_sysctls[] = {
	{ .path = "kernel/ckpt_unpriv_allowed", .mode = 0644, .show = sysctl_show_int,
	  .store = sysctl_store_int, .data = &ckpt_unpriv_allowed, .min = 0, .max = 1,
	  .number = true },
	{},
};
