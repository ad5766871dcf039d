// SPDX-License-Identifier: MIT
/* fs/state.h - /proc/plimsoll/state: the whole system as one JSON object (RFC 8259).
 *
 *   version      what this kernel was built from
 *   tasks        {tid, pid, ppid, comm, state, numbers}: every thread, and its numbers from the
 *                initial pid namespace inwards; tid, pid, ppid are those of the initial one
 *   mounts       {id, parent, namespace, type, source, place, shared, master, locked}: place is
 *                seen from the root of the namespace
 *   namespaces   {id, kind, references, owner, parent}: id is the inode number in nsfs
 *   memberships  {tid, user, mnt, uts, ...}: the ids of a task's namespaces
 *   cgroups      {id, parent, hierarchy, path, controllers, populated, frozen, dying, members,
 *                values}: dying ones too; values are control files as they would be read
 *
 * What is not there is null. Strings are bytes: one above 0x7f is written as \u00XX, so that any
 * name gives valid JSON. A reader of the file sees one state: it is printed whole.
 * Locks: BKL; printing does not sleep. */
#pragma once

#include "fs/proc.h"

#define STATE(name) void state_##name(struct text *t);
#include "fs/state_list.h"
#undef STATE

int system_state_show(struct text *t, struct proc_open *po);

/* A string with its quotes. */
void state_string(struct text *t, const char *s);
/* "name": and the number, or null for 0; begins with a comma. */
void state_id(struct text *t, const char *name, u64 id);
/* Between the elements of an array: nothing before the first, then a comma and a new line. */
void state_next(struct text *t, bool *first);
