// SPDX-License-Identifier: MIT
/* kernel/gdb_internal.h - what the files of the gdb stub share. */
#pragma once

#include "arch/gdb.h"
#include "kernel/gdb.h"
#include "types.h"

#define GDB_PACKET_MAX 4096		/* bytes of a packet's text: PacketSize */

/* --- gdb_line.c: packets on the serial line --- */
bool gdb_line_open(const char *name);	/* takes the port from the terminals */
/* The next packet, acknowledged, NUL-terminated; its length. */
size_t gdb_receive(char *text);
void gdb_send(const char *text);
void gdb_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));	/* gdb's console */

/* --- gdb_target.c: threads, memory, breakpoints --- */
/* Where the system stands. A thread's registers: of the stopped one these; of others where they
 * sleep in the kernel, or, by "monitor user", those they will have in user mode. */
struct gdb_stop {
	struct regs *regs;
	bool user_view;
};
extern struct gdb_stop gdb_stop;

struct task *gdb_task(s64 id);		/* NULL: no such thread */
s64 gdb_id(const struct task *t);
s64 gdb_next_id(s64 id);		/* the lowest above id; 0: none */
void gdb_describe(struct task *t, char *buf, size_t size);
void gdb_get_regs(struct task *t, struct gdb_regs *out);
bool gdb_put_regs(struct task *t, const struct gdb_regs *in);
/* False: some of it is not memory, or not in memory now. */
bool gdb_read(struct task *t, u64 addr, void *buf, size_t n);
bool gdb_write(struct task *t, u64 addr, const void *buf, size_t n);
bool gdb_plant(struct task *t, u64 addr);	/* a breakpoint; again: no change */
bool gdb_uproot(struct task *t, u64 addr);
void gdb_uproot_all(void);
/* Did the breakpoint instruction before regs->rip come from gdb_plant()? */
bool gdb_planted(const struct regs *regs);
