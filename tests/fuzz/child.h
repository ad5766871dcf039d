/* SPDX-License-Identifier: MIT */
/* tests/fuzz/child.h - what specials ask of child.c. */
#pragma once

struct fuzz;

long thread_new(struct fuzz *f, unsigned long flags);
void touch_at(unsigned long address, int store);	/* a byte; a fault is passed over */
