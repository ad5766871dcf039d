// SPDX-License-Identifier: MIT
/* fs/boot.h - the file room at boot. */
#pragma once

/* Caches, file system types, the root mount, devices, terminals. Panics if it cannot. */
void fs_boot(void);
/* Opens /dev/console as descriptors 0, 1, 2 of process 1, if it is there. */
void console_open_standard(void);
