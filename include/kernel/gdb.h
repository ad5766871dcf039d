// SPDX-License-Identifier: MIT
/* kernel/gdb.h - the kernel's own gdb stub, on a serial port: gdb=ttyS1.
 *
 * For a PC without an emulator's stub. Every task is a thread of gdb, numbered as in the initial
 * pid namespace, with its own address space; the idle loops of the processors come behind them.
 *
 *   gdb build/plimsoll.elf -ex 'target remote /dev/ttyUSB0'      (or a socket of QEMU's)
 *
 * Locks: BKL; while gdb looks, it is held and all other processors wait for it or run users. */
#pragma once

#include "types.h"

struct regs;
struct task;

/* Boot: gdb= and gdbwait. */
void gdb_init(void);
/* With gdbwait: stops here until gdb lets go on. */
void gdb_wait(void);
/* A panic: to gdb first, if there is one. */
void gdb_panic(void);
/* trap_ops.debugger. */
bool gdb_trap(struct regs *regs, u64 vector, bool step);

extern bool gdb_break_wanted;	/* gdb spoke while the system ran: see gdb_interrupt() */
void gdb_interrupt(struct regs *regs);
