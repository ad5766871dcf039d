// SPDX-License-Identifier: MIT
/* lib/config.h - build options: 0 or 1, given by the Makefile (-DOPT_X=1), tested with #if. */
#pragma once

/* Checks of memory (mm/debug.h) and of locks (kernel/lock_order.h), with UBSan: make DEBUG=1. */
#ifndef OPT_DEBUG
#define OPT_DEBUG 0
#endif

/* Words at the head of the structures that hold most state: make PAD=3 gives a kernel of another
 * layout, which must restart the images of this one. */
#ifndef OPT_PADDING
#define OPT_PADDING 0
#endif
#define LAYOUT_PADDING u64 layout_padding[OPT_PADDING];
