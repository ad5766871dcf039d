// SPDX-License-Identifier: MIT
/* cr/unix.h - local sockets: between the sockets (files_unix.c) and their queues (unix_queue.c). */
#pragma once

#include "cr/internal.h"
#include "net/unix_internal.h"

#define UNIX_PATH_AT offsetof(struct sockaddr_un, sun_path)
#define UNIX_SNDBUF_MIN 4608
#define UNIX_PRIORITY_FREE 6
#define UNIX_ERRNO_MAX 512

/* The number of a socket, known from now on. */
int cr_unix_id(struct cr_save *s, struct unix_sock *u, u32 *id);
bool cr_unix_is_awaited(const struct cr_save *s, const struct unix_sock *u);
int cr_unix_entry_save(struct cr_save *s, struct unix_sock *u, struct pb_unix_sk_entry *e);
int cr_unix_entry_restore(struct cr_restore *r, struct unix_sock *u,
			  const struct pb_unix_sk_entry *e);
/* May the restarter say that something comes from these? */
int cr_claim_check(struct cr_restore *r, u32 id, kid_t uid, kid_t gid);
