// SPDX-License-Identifier: MIT
/* mm/access.c - the memory of an address space from outside: by page, or by bytes.
 *
 * For exec's arguments, ptrace, /proc/PID/mem, process_vm_readv and checkpoint. The mm need not
 * be loaded; pages are faulted in as by the task itself. "force" (ptrace) overrides
 * what the VMA allows now, never what it may allow at most: a forced write to a private
 * read-only page makes a copy that stays read-only to the task; shared pages are refused.
 *
 * Locks: BKL. Context: may sleep where a page comes from a file.
 * See: ptrace(2), process_vm_readv(2), proc(5) on /proc/PID/mem. */
#include "abi/errno.h"
#include "mm/internal.h"

/* Whether v may be read, or written to, this way. */
static bool access_allowed(const struct vma *v, bool write, bool force)
{
	if (write && v->flags & VM_SPECIAL)
		return false;
	if (v->flags & (write ? VM_WRITE : VM_READ))
		return true;
	if (!force)
		return false;
	if (write)
		return (v->flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
	return v->flags & VM_MAYREAD;
}

/* Whether the entry already gives the page as it is wanted. A forced write needs a page
 * that is nobody else's. */
static bool access_ready(const struct vma *v, pte_t pte, bool write)
{
	struct frame *f = pte_frame(pte);

	if (!pte_mapped(pte))
		return false;
	if (!write || pte & PTE_WRITE)
		return true;
	return !(v->flags & (VM_SHARED | VM_WRITE)) && f && f->kind == FRAME_ANON && f->refs == 1;
}

int mm_get_page(struct mm *mm, uaddr addr, bool write, bool force, struct frame **out)
{
	struct vma *v;
	pte_t *pte;
	int err;

	do {
		v = vma_find(mm, addr);
		if (!v)
			return -EFAULT;
		if (v->start > addr &&
		    (!(v->flags & VM_GROWSDOWN) || vma_grow_down(v, addr, ~0UL)))
			return -EFAULT;
		if (!access_allowed(v, write, force))
			return -EFAULT;
		pte = pte_lookup(&mm->pt, addr & PAGE_MASK);
		err = 0;
		if (!pte || !access_ready(v, *pte, write))
			err = page_fault_in(v, addr, write, &pte);
	} while (err == FAULT_RETRY);
	if (err)
		return err;
	*out = frame_of_phys(*pte & PTE_ADDR);
	frame_get(*out);
	return 0;
}

ssize_t mm_access(struct mm *mm, uaddr addr, void *buf, size_t len, bool write, bool force)
{
	size_t done = 0, offset, n;
	struct frame *f;
	char *at;
	int err = 0;

	while (done < len) {
		offset = (addr + done) & ~PAGE_MASK;
		n = MIN(PAGE_SIZE - offset, len - done);
		err = mm_get_page(mm, addr + done, write, force, &f);
		if (err)
			break;
		at = (char *)frame_data(f) + offset;
		if (write)
			memcpy(at, (char *)buf + done, n);
		else
			memcpy((char *)buf + done, at, n);
		frame_put(f);
		done += n;
	}
	return done ? (ssize_t)done : err;
}
