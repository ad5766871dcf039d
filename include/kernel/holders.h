// SPDX-License-Identifier: MIT
/* kernel/holders.h - who holds references for as long as a call lasts, beyond what the call's own
 * frame holds. */
/* HOLDER(function): "void function(enum held_kind kind, void (*found)(void *object))". */
HOLDER(cr_held)		/* cr/audit.c: checkpoints and restarts under way */
