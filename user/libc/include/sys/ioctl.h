// SPDX-License-Identifier: MIT
/* sys/ioctl.h - ioctl(2) and the numbers of terminals. */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/ioctl.h>

int ioctl(int fd, unsigned long request, ...);
#endif
