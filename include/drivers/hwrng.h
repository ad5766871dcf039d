// SPDX-License-Identifier: MIT
/* drivers/hwrng.h - the machine's source of random bytes, if it has one: virtio-rng.
 *
 * Nothing is drawn from it before somebody asks: a run in which nobody does is the same every time.
 */
#pragma once

#include "types.h"

bool hwrng_present(void);
/* Up to n bytes that are there, 0 if none are yet: they are on their way then. */
size_t hwrng_take(void *buf, size_t n);
/* Likewise, but waits for them, at most that long, without sleeping. */
size_t hwrng_poll(void *buf, size_t n, u64 limit_nsec);
/* Called under the BKL when bytes have come; filled in by whoever sleeps for them. */
extern void (*hwrng_ready)(void);
