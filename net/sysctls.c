// SPDX-License-Identifier: MIT
/* net/sysctls.c - the limits of sockets, and their knobs under /proc/sys/net.
 *
 * Locks: BKL. Checkpoint: the host's, not saved. See socket(7), unix(7). */

#include "fs/proc.h"
#include "net/socket.h"

#define BUFFER_BYTES 212992
#define SNDBUF_MIN 4608
#define RCVBUF_MIN 2304

struct socket_limits socket_limits = {
	.wmem_default = BUFFER_BYTES,
	.wmem_max = BUFFER_BYTES,
	.rmem_default = BUFFER_BYTES,
	.rmem_max = BUFFER_BYTES,
	.optmem_max = 20480,
	.somaxconn = 4096,
	.unix_dgram_queue = 10,
};

#define KNOB(name, field, low)                                                               \
	{ .path = name, .mode = 0644, .show = sysctl_show_int, .store = sysctl_store_int,    \
	  .data = &socket_limits.field, .min = low, .max = INT_MAX, .number = true }

const struct sysctl net_sysctls[] = {
	KNOB("net/core/wmem_default", wmem_default, SNDBUF_MIN),
	KNOB("net/core/wmem_max", wmem_max, SNDBUF_MIN),
	KNOB("net/core/rmem_default", rmem_default, RCVBUF_MIN),
	KNOB("net/core/rmem_max", rmem_max, RCVBUF_MIN),
	KNOB("net/core/optmem_max", optmem_max, 0),
	KNOB("net/core/somaxconn", somaxconn, 0),
	KNOB("net/unix/max_dgram_qlen", unix_dgram_queue, 0),
	{},
};
