/* SPDX-License-Identifier: MIT */
/* tests/conform/crbox.h - a state that is to outlive a checkpoint and a restart.
 *
 * A box is a process with whatever it makes. It makes a state and stops; it is frozen, checkpointed
 * twice (equal to the byte), killed, restarted, checkpointed once more (equal again), and goes on
 * to look at what is left:
 *
 *	static void make(void) { ... }			in the box: must() what it needs
 *	static void look(void) { box_see(fd_is_there()); }	in the box, restarted
 *	static const struct cr_box box = { make, look };
 *	box_run(&box);
 *
 * A box has no descriptors but its own, and says what it saw in a file. On a kernel without
 * checkpoint(2) the case is skipped. */
#pragma once

#include "cgutil.h"

struct cr_box {
	void (*make)(void);
	void (*look)(void);
	bool inexact;			/* time goes on in it: images are not compared */
};
void box_run(const struct cr_box *box);
/* The checkpoint must fail with -want, and the log must have these words. */
void box_refused(void (*make)(void), int want, const char *words);
void box_controller(const char *name);	/* its group is to have that controller */
void box_need(void);			/* or skips */
void box_tell(const char *here, const char *what, long long got, long long want);

#define box_see_int(got, want) \
	do { \
		long long seen_ = (got), wanted_ = (want); \
		if (seen_ != wanted_) \
			box_tell(HERE, #got, seen_, wanted_); \
	} while (0)
#define box_see(e) box_see_int(!!(e), 1)
/* Another process of the box: fn is run until the box ends; returns its pid once it stopped. */
long box_partner(void (*fn)(void));
void box_pause(void);			/* partner: made; goes on after the restart */
void box_resume(long pid);		/* lets a partner go on, and waits for its end: must be 0 */

/* Only an image of such a box, which is killed. */
void box_image(void (*make)(void), const char *name);
/* A frozen child in the group "box" that made something and sleeps; and its end, with the group. */
long box_frozen(void (*make)(void));
void box_end(long pid);

/* One image of the tree under pid, which must be frozen, to a file of that name. */
long box_checkpoint(long pid, const char *name, char *log, size_t size);
/* The same with other flags than CHECKPOINT_SUBTREE. */
long box_checkpoint_flags(long pid, const char *name, int flags, char *log, size_t size);
long box_restart(const char *name, int flags, char *log, size_t size);
