// SPDX-License-Identifier: MIT
/* fs/maps.h - what mmap.c, mlock.c, shmem.c and elf.c share. */
#pragma once

#include "fs/vfs.h"
#include "mm/mm.h"

u64 vm_of_prot(u64 prot);			/* PROT_* to VM_* */
/* Checks f against req->flags (with VM_SHARED or without) and lets its mmap operation fill in the
 * rest: 0, -EACCES, -EPERM, -ENODEV, -EOVERFLOW. */
int file_map_prepare(struct file *f, struct map_request *req);

/* --- mlock.c --- */
bool mlock_allowed(void);			/* may current lock memory at all? */
bool mlock_room(u64 bytes);			/* and so many bytes more? */

/* --- shmem.c --- */
/* Memory for a shared map without a file: fills req's cache, ops and file, with a reference. */
int shared_anon_create(u64 bytes, struct map_request *req);
