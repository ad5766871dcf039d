// SPDX-License-Identifier: MIT
/* fs/memdev.h - null, zero, full, random, urandom, kmsg: registered at boot. */
#pragma once

void memdev_init(void);
