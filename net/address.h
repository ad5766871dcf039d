// SPDX-License-Identifier: MIT
/* net/address.h - socket addresses to and from user memory (syscalls.c). */
#pragma once

#include "types.h"

/* Into a buffer of SOCKADDR_MAX: 0, -EINVAL, -EFAULT. */
int address_from_user(void *buf, uaddr from, s32 len);
/* As much as the int at len_at has room for; the whole length is told there. */
int address_to_user(const void *name, s32 len, uaddr to, uaddr len_at);
