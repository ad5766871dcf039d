// SPDX-License-Identifier: MIT
/* net/abi.h - numbers and structures of socket calls that no UAPI header exports.
 *
 * Where Linux exports them (<asm/socket.h>, <linux/un.h> ...) they are taken from there; these are
 * otherwise known only to C libraries. See socket(2), recv(2), cmsg(3). */
#pragma once

#include <asm/ioctls.h>
#include <asm/socket.h>
#include <asm/sockios.h>
#include <linux/sockios.h>
#include <linux/time_types.h>
#include <linux/un.h>

#include "types.h"

#define AF_UNSPEC 0
#define AF_UNIX   1
#define AF_INET   2
#define AF_PACKET 17
#define AF_MAX    46

#define SOCK_STREAM    1
#define SOCK_DGRAM     2
#define SOCK_RAW       3
#define SOCK_SEQPACKET 5
#define SOCK_PACKET    10
#define SOCK_TYPE_MASK 0xf
#define SOCK_TYPE_MAX  10
#define SOCK_CLOEXEC   O_CLOEXEC
#define SOCK_NONBLOCK  O_NONBLOCK

#define MSG_OOB          0x1
#define MSG_PEEK         0x2
#define MSG_CTRUNC       0x8
#define MSG_TRUNC        0x20
#define MSG_DONTWAIT     0x40
#define MSG_EOR          0x80
#define MSG_WAITALL      0x100
#define MSG_NOSIGNAL     0x4000
#define MSG_WAITFORONE   0x10000
#define MSG_CMSG_CLOEXEC 0x40000000
#define MSG_CMSG_COMPAT  0x80000000U

#define SHUT_RD   0
#define SHUT_WR   1
#define SHUT_RDWR 2

#define SCM_RIGHTS      1
#define SCM_CREDENTIALS 2
#define SCM_MAX_FD      253

#define SOCKADDR_MAX 128

/* Since Linux 6.5 (COMPAT_SO_PEERPIDFD); the headers of 6.1 do not name it. */
#define SO_PEERPIDFD 77

struct msghdr_abi {
	uaddr name;
	s32 name_len;
	u32 pad;
	uaddr iov;
	u64 iov_count;
	uaddr control;
	u64 control_len;
	u32 flags;
	u32 pad2;
};
struct mmsghdr_abi {
	struct msghdr_abi hdr;
	u32 len;
	u32 pad;
};
struct cmsghdr_abi {
	u64 len;			/* with this header */
	s32 level, type;
};
struct ucred_abi {
	s32 pid;
	u32 uid, gid;
};
struct linger_abi {
	s32 on, seconds;
};

#define CMSG_STEP(len) ALIGN_UP(len, sizeof(u64))
