// SPDX-License-Identifier: MIT
/* poll.h - poll(2), with the structure and events of <linux/poll.h>. */
#ifndef _POLL_H
#define _POLL_H
#include <linux/poll.h>

typedef unsigned long nfds_t;

int poll(struct pollfd *fds, nfds_t count, int limit_msec);
#endif
