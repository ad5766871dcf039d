/* SPDX-License-Identifier: MIT */
/* tests/fuzz/fuzz.h - random system calls: what the parts of the program share.
 *
 * Everything random comes from a struct fuzz, whose state comes from the seed,
 * the round and the slot; a child takes its own from its parent's. Nothing of
 * it is in a C library's state, so that threads may be bare clones.
 * Board: one shared page range that all tasks of a round count on. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sys.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SLOTS 8			/* tasks of a round, each with its descendants */
#define CALL_MAX 512		/* numbers of system calls counted on the board */
#define CALL_ARGS 6
#define TEXT_BYTES 256
#define TEXTS 4
#define SCRATCH_WORDS 128
#define SCRATCHES 4

/* Memory that the calls map, unmap and write to. */
#define ARENA 0x200000000ul
#define ARENA_PAGES 512
#define BOARD_AT ((void *)0x2b5e34a51000ul)
#define LAST_FD 63		/* the one beyond which nobody counts */
#define SAY_FD 200

struct slot {
	uint64_t done;		/* calls that came back, of all of its tasks */
	int pid;		/* in the round's pid namespace; 0: none */
	long now[1 + CALL_ARGS];	/* the call under way: number, arguments */
};

struct board {
	uint64_t calls;
	int trace;		/* say each call before it is made */
	unsigned good[CALL_MAX], bad[CALL_MAX];
	struct slot slots[SLOTS];
};

/* One task that makes random calls. */
struct fuzz {
	uint64_t state;
	struct slot *slot;
	int depth;		/* generations above that were made by random calls */
	bool thread;
	unsigned next_text, next_scratch;
	char text[TEXTS][TEXT_BYTES];
	uint64_t scratch[SCRATCHES][SCRATCH_WORDS];
};

typedef long gen_fn(struct fuzz *f);
typedef void special_fn(struct fuzz *f);

extern struct board *board;

/* random.c */
uint64_t mix(uint64_t a, uint64_t b);
uint64_t any(struct fuzz *f);
unsigned below(struct fuzz *f, unsigned n);
bool chance(struct fuzz *f, unsigned n);
#define PICK(f, array) ((array)[below(f, LENGTH(array))])

/* say.c: lines on the console. */
void say_to(int fd);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* gen.c, gen_paths.c, gen_flags.c, gen_structs.c: arguments by their kind. */
#define GEN(name) gen_fn g_##name;
#include "gens.h"
#undef GEN
char *text_next(struct fuzz *f);
uint64_t *scratch_next(struct fuzz *f);
long page_at(struct fuzz *f);

/* calls.c: one random call; call by a row of calls.h or a special. */
long call6(struct fuzz *f, long nr, long a, long b, long c, long d, long e, long g);
#define CALL_WITH(f, nr, a, b, c, d, e, g, ...) \
	call6(f, (long)(nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(g))
#define call(f, ...) CALL_WITH(f, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
void fuzz_one(struct fuzz *f);
void fuzz_some(struct fuzz *f, unsigned count);
const char *call_name(long nr);
void calls_report(bool all);

/* specials: sequences that random single calls would not find. */
struct special {
	const char *name;
	special_fn *run;
	unsigned weight;
};
#define SPECIAL(name, weight) special_fn s_##name;
#include "specials.h"
#undef SPECIAL

/* child.c: tasks made by random calls. */
void fuzz_start(struct fuzz *f, uint64_t state, struct slot *slot);
void child_run(struct fuzz *f, unsigned long flags) __attribute__((noreturn));
void task_prepare(void);
void task_furnish(struct fuzz *f);

/* box.c: one round in namespaces and a cgroup of its own. */
struct round {
	uint64_t seed;
	unsigned number;
	uint64_t calls;
};
int box_run(const struct round *round);
/* room.c: the file tree of a box. */
int room_make(int kind);

/* leak.c: what there was before and is after. */
void leak_keep(void);
int leak_compare(bool tell);
void knobs_keep(void);
void knobs_restore(void);

/* files.c: small files whole. */
long file_read(const char *path, char *text, size_t size);
long file_write(const char *path, const char *text);
void nap(int msec);
long long now_msec(void);
