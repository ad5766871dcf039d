// SPDX-License-Identifier: MIT
/* net/unix.h - local sockets: what other rooms show and check of them. */
#pragma once

#include "net/socket.h"

struct audit;
extern const struct socket_family unix_family;
int unix_show(struct text *t);		/* /proc/net/unix */
void unix_audit(struct audit *a);
void unix_hold_audit(void);		/* fs/holders.h */
