/* SPDX-License-Identifier: MIT */
/* user/ckpt/ckpt.h - what the files of ckpt(1) know of each other. */
#pragma once

#include <stddef.h>

void die(const char *what) __attribute__((noreturn));

/* freeze.c: stops the tree under pid, by control groups; and lets it go on, or kills it. */
void tree_freeze(int pid);
void tree_thaw(int kill_it);

/* list.c: prints what an image holds. 0, or 1 with the reason on standard error. */
int image_list(const char *file);
