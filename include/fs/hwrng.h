// SPDX-License-Identifier: MIT
/* fs/hwrng.h - /dev/hwrng, where the machine has a source of random bytes. */
#pragma once

void hwrng_init(void);
