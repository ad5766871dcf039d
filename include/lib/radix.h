// SPDX-License-Identifier: MIT
/* lib/radix.h - a sparse array: 64-bit index to pointer, by 64-way radix nodes.
 *
 * Used for the page cache (index to frame), pid numbers, and file system tables.
 * Lookups cost one step per six bits of the highest index in use. Entries are
 * non-NULL pointers; storing NULL is radix_erase(). Nodes come from the
 * allocator given to radix_set_allocator() (mm fills it in at boot).
 * Locks: the caller's. Checkpoint: rebuilt by the owner. */
#pragma once

#include "types.h"

struct radix_node;

struct radix {
	struct radix_node *root;
	unsigned height;	/* levels below root; 0: empty */
};

void radix_set_allocator(void *(*alloc)(size_t), void (*release)(void *));
void *radix_get(const struct radix *r, u64 index);
/* Stores; replaces what was there. Returns 0 or -ENOMEM. */
int radix_set(struct radix *r, u64 index, void *entry);
/* Removes and returns what was there, or NULL. */
void *radix_erase(struct radix *r, u64 index);
/* First entry at or after *index; sets *index to its place. NULL at the end. */
void *radix_next(const struct radix *r, u64 *index);
/* Lowest index in [from, to] without an entry. Returns 0, or -ENOSPC. */
int radix_free_index(const struct radix *r, u64 from, u64 to, u64 *index);
/* Highest entry below or at *index. NULL if none. */
bool radix_empty(const struct radix *r);
