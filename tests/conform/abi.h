/* SPDX-License-Identifier: MIT */
/* tests/conform/abi.h - what the cases of ABI-* share: what a touch of memory
 * does, files in the case's place, times, and one line that waits for data. */
#pragma once

#include "conform.h"

#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define PAGES(n) ((n) * (long)PAGE_BYTES)

/* What a touch does: 0, or the signal and its si_code. */
#define TOUCHED(sig, code) ((sig) * 8 + (code))
#define SEGV_NO_MAP TOUCHED(SIGSEGV, SEGV_MAPERR)
#define SEGV_NO_RIGHT TOUCHED(SIGSEGV, SEGV_ACCERR)
#define BUS_PAST_END TOUCHED(SIGBUS, BUS_ADRERR)

#define sys_map(addr, len, prot, flags, fd, off) \
	sys(__NR_mmap, addr, len, prot, flags, fd, off)
#define sys_unmap(addr, len) sys(__NR_munmap, addr, len)

long touch(const void *at, bool write);
char *map_pages(int count, int prot, int flags, long fd);
const char *abi_path(const char *name);
long abi_file(const char *name, int flags, const char *text);
long has_bytes(long fd, const char *want);
long ready(long fd, short events);
long status_kb(const char *field);
long long clock_msec(int clock);
