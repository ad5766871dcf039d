// SPDX-License-Identifier: MIT
/* kernel/random.h - random bytes: from the processor, or from seed= (then the same every run). */
#pragma once

#include "types.h"

void random_bytes(void *buf, size_t n);
