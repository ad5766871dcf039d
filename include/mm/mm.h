// SPDX-License-Identifier: MIT
/* mm/mm.h - address spaces: VMAs over a page table, demand paging, copy on write.
 *
 * struct mm is shared by the threads of a process (and by CLONE_VM children);
 * users counts tasks, refs counts holders of the struct itself (users hold one together).
 * The VMAs of an mm are disjoint and sorted in a red-black tree, neighbours that can
 * merge do. No lock beside the BKL: changing VMAs never sleeps, and a fault
 * that must sleep (fill from a file) drops everything, fills, and starts over.
 * Checkpoint: VMAs and pages are saved; the page table is rebuilt. */
#pragma once

#include <sys/tree.h>

#include "arch/paging.h"
#include "lib/config.h"
#include "lib/list.h"
#include "lib/refcount.h"
#include "mm/pagecache.h"
#include "types.h"

struct mm;
struct vma;

#define VM_READ      BIT(0)
#define VM_WRITE     BIT(1)
#define VM_EXEC      BIT(2)
#define VM_SHARED    BIT(3)
#define VM_MAYREAD   BIT(4)	/* mprotect may set it */
#define VM_MAYWRITE  BIT(5)
#define VM_MAYEXEC   BIT(6)
#define VM_GROWSDOWN BIT(7)
#define VM_LOCKED    BIT(8)	/* mlock */
#define VM_LOCKONFAULT BIT(9)
#define VM_DONTCOPY  BIT(10)	/* MADV_DONTFORK */
#define VM_WIPEONFORK BIT(11)
#define VM_DONTDUMP  BIT(12)
#define VM_NORESERVE BIT(13)
#define VM_SPECIAL   BIT(14)	/* vdso-like or device: not merged, not copied out of */
#define VM_HEAP      BIT(15)
#define VM_STACK     BIT(16)	/* the main stack, for names only */
#define VM_MERGEABLE BIT(17)	/* MADV_MERGEABLE, remembered only */
#define VM_HUGEPAGE  BIT(18)	/* MADV_HUGEPAGE, remembered only */
#define VM_NOHUGEPAGE BIT(19)
#define MM_CORE_FILTER_DEFAULT 0x33	/* anonymous, private or shared; ELF headers; huge pages */
#define VM_ACCOUNTED BIT(21)	/* was private and writable: counted as memory that may be needed */
#define VM_ANONPAGES BIT(20)	/* a private mapping that has, or had, pages of its own */

/* What a mapping of a file (or shared memory object) answers. file is an opaque counted
 * handle: get on copy and split, put on unmap. */
struct vma_ops {
	void (*get)(void *file);
	void (*put)(void *file);
	/* Asked when a shared mapping is to become writable (mprotect). 0 or -EACCES.
	 * May be NULL. */
	int (*may_write)(void *file);
	/* The VMA was mapped, copied or split (dir 1) or unmapped (dir -1). May be NULL. */
	void (*account)(struct vma *v, int dir);
	/* Path or name for /proc/PID/maps. May be NULL. */
	int (*name)(const struct vma *v, char *buf, size_t size);
};

struct vma {
	RB_ENTRY(vma) node;
	LAYOUT_PADDING
	struct mm *mm;
	uaddr start, end;
	u64 flags;			/* VM_* */
	u64 pgoff;			/* page of cache at start; for anonymous: start >> 12 */
	struct page_cache *cache;	/* NULL: anonymous (private) */
	const struct vma_ops *ops;	/* with file */
	void *file;
	struct list mapping;		/* on cache->mappings */
	const char *special_name;	/* "[vdso]" or NULL */
	void *policy;			/* NUMA policy; NULL: the task's */
	u64 gap, max_gap;		/* free bytes below; the largest in this subtree (vma.c) */
};

RB_HEAD(vma_tree, vma);

struct mm {
	refcount_t users, refs;
	LAYOUT_PADDING
	struct pagetable pt;
	struct vma_tree vmas;
	struct vma *hint;		/* last found */
	u64 nr_vmas;
	u64 total_pages, locked_pages, data_pages, stack_pages, exec_pages;	/* virtual sizes */
	u64 anon_rss, file_rss, shmem_rss, rss_peak;	/* resident pages: mm_rss_peak() */
	u64 total_peak;
	uaddr code_start, code_end, data_start, data_end, brk_start, brk, stack_start;
	uaddr arg_start, arg_end, env_start, env_end;
	uaddr mmap_base;		/* searches go down from here */
	u64 auxv[48];
	unsigned nr_auxv;
	void *exe_file;			/* counted; put through exe_put */
	void (*exe_get)(void *file);	/* mm_fork() shares exe_file by it; NULL: no file */
	void (*exe_put)(void *file);
	u64 def_flags;			/* mlockall(MCL_FUTURE) */
	bool dumpable_user;		/* set by exec/prctl: 1 normal */
	u8 dumpable;
	u32 core_filter;		/* /proc/PID/coredump_filter: kept by exec */
	void *owner_ns;			/* user namespace of the exec, for ptrace checks: kept by
					 * the credentials of exe_file */
	u64 min_flt, maj_flt;
	u64 membarrier;			/* registered commands */
	/* RLIMIT_AS and RLIMIT_DATA in bytes for growth that no map_request describes (stack, brk,
	 * mprotect); ~0 none. Kept by setrlimit and exec. */
	u64 limit_as, limit_data;
	struct list all;		/* on mm_all */
};

extern struct list mm_all;		/* every mm, for audits */
void mm_init(void);			/* slabs, zero frame, paging hooks */

int mm_create(struct mm **out);		/* users 1, refs 1, no VMAs */
int mm_fork(struct mm *parent, struct mm **out);	/* copy on write */
/* Resident pages: now, and at most ever, which is noted before pages go. */
static inline u64 mm_rss(const struct mm *mm)
{
	return mm->anon_rss + mm->file_rss + mm->shmem_rss;
}
static inline u64 mm_rss_peak(struct mm *mm)
{
	return mm->rss_peak = MAX(mm->rss_peak, mm_rss(mm));
}
static inline void mm_get_user(struct mm *mm)
{
	ref_get(&mm->users);
}
void mm_put_user(struct mm *mm);	/* the last unmaps everything */
static inline void mm_get(struct mm *mm)
{
	ref_get(&mm->refs);
}
void mm_put(struct mm *mm);
void mm_switch(struct mm *next);	/* loads the page table; NULL: kernel only */

/* --- VMAs (mm/vma.c) --- */
struct map_request {
	uaddr addr;		/* hint, or exact with fixed */
	u64 length;		/* bytes, page aligned by the callee */
	u64 flags;		/* VM_* */
	u64 pgoff;
	bool fixed, fixed_noreplace, populate, below_4g;	/* below_4g: MAP_32BIT */
	bool low_ok;		/* CAP_SYS_RAWIO: may map below USER_START */
	struct page_cache *cache;
	const struct vma_ops *ops;
	void *file;		/* the callee takes its own reference by ops->get */
	const char *special_name;
	u64 limit_as, limit_data;	/* RLIMIT_AS, RLIMIT_DATA in bytes; ~0 none */
};
int mm_map(struct mm *mm, const struct map_request *req, uaddr *out);
int mm_unmap(struct mm *mm, uaddr start, u64 length);
int mm_protect(struct mm *mm, uaddr start, u64 length, u64 vm_rwx, u64 grows);
int mm_remap(struct mm *mm, uaddr old, u64 old_len, u64 new_len, unsigned mremap_flags,
	     uaddr new_addr, u64 limit_as, uaddr *out);
int mm_advise(struct mm *mm, uaddr start, u64 length, int advice);
int mm_set_brk(struct mm *mm, uaddr brk, u64 limit_data);
int mm_lock(struct mm *mm, uaddr start, u64 length, u64 lock_flags);	/* 0: unlock */
int mm_lock_all(struct mm *mm, u64 lock_flags);		/* every mapping; 0: unlock */
int mm_mincore(struct mm *mm, uaddr start, u64 pages, u8 *vec);
int mm_sync(struct mm *mm, uaddr start, u64 length, int ms_flags);
int mm_populate(struct mm *mm, uaddr start, u64 length);
/* The VMA holding addr, or the next above, or NULL. */
struct vma *vma_find(struct mm *mm, uaddr addr);
struct vma *vma_first(struct mm *mm);
struct vma *vma_next(struct vma *v);
/* Unmaps page range of a cache from all its VMAs (truncate). */
void vma_unmap_cache(struct page_cache *pc, u64 first_page, u64 last_page, bool also_private);

/* --- faults (mm/fault.c) --- */
/* Makes addr accessible as error (FAULT_*) asks, in mm. 0; -EFAULT (SIGSEGV, *code SEGV_MAPERR or
 * SEGV_ACCERR), -EIO (SIGBUS beyond the end of the file), -ENOMEM (SIGBUS/OOM). May sleep. */
int mm_fault(struct mm *mm, uaddr addr, u64 error, u64 stack_limit, int *code);
/* Frame behind addr of any mm (faulted in; write breaks copy on write), with a reference. */
int mm_get_page(struct mm *mm, uaddr addr, bool write, bool force, struct frame **out);
/* Reads or writes memory of another mm (ptrace, /proc/PID/mem, process_vm_*).
 * Bytes done or -errno. */
ssize_t mm_access(struct mm *mm, uaddr addr, void *buf, size_t len, bool write, bool force);

/* Statistics of one range, for smaps. */
struct vma_usage {
	u64 rss, shared_clean, shared_dirty, private_clean, private_dirty;
	u64 referenced, anonymous, swap;
	u64 pss;	/* in 1/4096 page units shifted by 12 */
};
void vma_usage(struct vma *v, struct vma_usage *u);

/* --- pages of a mapping, looked at from outside (mm/page_walk.c) --- */
struct page_view {
	uaddr addr;
	struct frame *frame;	/* NULL: the zero frame */
	bool dirty, accessed;
};
/* Shows every page that is there in [start, end) of v, in order. each may not sleep. */
void vma_walk_pages(struct vma *v, uaddr start, uaddr end,
		    void (*each)(void *ctx, const struct page_view *page), void *ctx);
/* Puts an anonymous frame (with a reference of its own) behind an address of v where nothing is;
 * shared: another entry has it too, a write copies. 0, -EEXIST, -ENOMEM. */
/* The same with the page behind src in another mm that does not run: neither may write it now. */
int vma_share_page(struct mm *from, uaddr src, struct vma *v, uaddr va);
int vma_add_page(struct vma *v, uaddr va, struct frame *f, bool shared);
/* Forgets that pages of v were used (/proc/PID/clear_refs). */
void vma_clear_accessed(struct vma *v);

/* The audit of frames: every frame is free, owned, or mapped as often as its count says. */
struct audit;
void mm_audit(struct audit *a);
extern struct frame *zero_frame;	/* what unwritten anonymous memory reads; not counted */
