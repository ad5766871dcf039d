/* SPDX-License-Identifier: MIT */
/* tests/fuzz/diff/diff.h - typed random sequences: actors, operations, state.
 *
 * A sequence runs in a pid namespace of its own, whose init is the driver. Actors
 * are processes that do one operation each time they are told; all share one
 * table of files and one page, the stage. */
#pragma once

#include "../fuzz.h"

#define ACTORS 7
#define STEPS 16		/* operations of a sequence */
#define GROUPS "/sys/fs/cgroup/d"
#define WORK "/w"

enum op_kind {
#define OP(name, weight, rules) OP_##name,
#include "ops.h"
#undef OP
	OPS
};

struct op {
	uint8_t kind, actor, target, a, b, c;
};

struct actor {
	int pid;		/* as the driver sees it; 0: there is none */
	int command[2], answer[2];
	bool busy;		/* has not answered yet */
};

/* Shared by all. */
struct stage {
	struct op op;
	int number;		/* of the target, as the actor sees it */
	int target_pid;		/* as the driver sees it */
	long result;
	int newborn;		/* actor to be made by a clone */
	int ns_fd, pid_fd, proc_fd;
	char node[16];		/* the actor's host name after the operation */
	struct actor actors[ACTORS];
};
extern struct stage *stage;
extern bool planting;		/* tell one untruth, for a test of the shrinker */

/* ops.c */
void ops_draw(struct fuzz *f, struct op *op);
const char *op_name(const struct op *op);
long op_do(const struct op *op);
void op_text(const struct op *op, char *text, size_t size);
const char *op_ns_name(const struct op *op);
/* actor.c */
void actor_main(int self) __attribute__((noreturn));
/* drive.c: one sequence; keep: which of its operations are done. */
void sequence_run(uint64_t seed, unsigned keep, bool verbose);
/* state.c: what there is, in lines that say the same on every kernel. */
char *state_read(void);
int nspids(int pid, int *numbers, int max);
