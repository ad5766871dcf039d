// SPDX-License-Identifier: MIT
/* kernel/syscall_struct.c - structures that may grow, copied from users.
 *
 * Calls such as clone3, openat2 and mount_setattr take a structure with its size. Old programs
 * bring shorter ones: what is missing is zero. New ones bring longer ones, which are fine as long
 * as they ask for nothing we do not know. Context: may sleep. See openat2(2), "Extensibility". */
#include <string.h>

#include "kernel/syscall.h"

#define CHUNK (size_t)64

int copy_struct_from_user(void *to, size_t size, uaddr from, size_t user_size)
{
	u8 beyond[CHUNK];

	if (user_size > PAGE_SIZE)
		return -E2BIG;
	memset(to, 0, size);
	for (size_t at = size; at < user_size; at += CHUNK) {
		size_t n = MIN(CHUNK, user_size - at);

		if (copy_from_user(beyond, from + at, n))
			return -EFAULT;
		for (size_t i = 0; i < n; i++)
			if (beyond[i])
				return -E2BIG;
	}
	return copy_from_user(to, from, MIN(user_size, size));
}
