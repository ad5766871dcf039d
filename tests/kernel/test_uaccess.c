// SPDX-License-Identifier: MIT
/* tests/kernel/test_uaccess.c - user memory and wide moves.
 *
 * Properties:
 *   - clearing and copying pages by wide moves leaves the user's vector registers as they were
 *   - a copy to or from the user that runs into a hole says exactly how many bytes are missing, and
 *     has moved all others, wherever the hole lies within a block
 *   - memory never touched is made on the way, in the middle of a block too */
#include "abi/errno.h"
#include "arch/uaccess.h"
#include "arch/wide.h"
#include "kernel/ktest.h"
#include "kernel/task.h"
#include "mm/frame.h"
#include "mm/mm.h"

#define WHERE 0x10000000UL
#define PAGES 2				/* mapped; a hole follows */
#define END (WHERE + PAGES * PAGE_SIZE)
#define BUFFER_ORDER 2			/* a page more than is mapped, and one */
#define RIGHTS (VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE)

static struct frame *buffer;
static u8 *bytes;

/* Gives the running test an address space with PAGES pages and a buffer of its own. */
static bool begin(struct ktest *t)
{
	struct map_request req = { .addr = WHERE, .length = PAGES * PAGE_SIZE, .fixed = true,
				   .flags = RIGHTS, .limit_as = ~0UL, .limit_data = ~0UL };
	uaddr at;

	buffer = frame_alloc(FRAME_KERNEL, BUFFER_ORDER, FRAME_ZERO);
	if (!buffer || mm_create(&current->mm)) {
		KEXPECT(t, false);
		return false;
	}
	bytes = frame_data(buffer);
	mm_switch(current->mm);
	KEXPECT_EQ(t, mm_map(current->mm, &req, &at), 0);
	return true;
}

static void end(void)
{
	struct mm *mm = current->mm;

	mm_switch(NULL);
	current->mm = NULL;
	mm_put_user(mm);
	frame_put(buffer);
}

static void wide_moves_keep_registers(struct ktest *t)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 1, FRAME_ZERO);
	u8 in[32], out[32], *page = frame_data(f);

	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = i + 1;
	memset(page + PAGE_SIZE, 0xa5, PAGE_SIZE);
	if (wide_moves)
		asm volatile("vmovdqu %0, %%ymm0" : : "m"(in));
	page_copy_data(page, page + PAGE_SIZE);
	KEXPECT_EQ(t, memcmp(page, page + PAGE_SIZE, PAGE_SIZE), 0);
	page_clear(page);
	KEXPECT(t, !page[0] && !memcmp(page, page + 1, PAGE_SIZE - 1));
	memcpy(out, in, sizeof(out));
	if (wide_moves)
		asm volatile("vmovdqu %%ymm0, %0" : "=m"(out));
	KEXPECT_EQ(t, memcmp(in, out, sizeof(in)), 0);
	frame_put(f);
}

static void holes_are_counted_exactly(struct ktest *t)
{
	static const size_t before[] = { 0, 1, 7, 8, 40, 511, 512, 513, 1000, 4096, 5000 };

	if (!begin(t))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		size_t here = before[i];

		memset(bytes, 'a' + i, PAGE_SIZE << BUFFER_ORDER);
		KEXPECT_EQ(t, copy_out(END - here, bytes, here + PAGE_SIZE), PAGE_SIZE);
		memset(bytes, 0, PAGE_SIZE << BUFFER_ORDER);
		KEXPECT_EQ(t, copy_in(bytes, END - here, here + PAGE_SIZE), PAGE_SIZE);
		for (size_t n = 0; n < here; n++)
			if (bytes[n] != 'a' + i)
				KEXPECT_EQ(t, n, here);
	}
	end();
}

static void fresh_pages_are_made_on_the_way(struct ktest *t)
{
	if (!begin(t))
		return;
	memset(bytes, 'x', PAGES * PAGE_SIZE);
	KEXPECT_EQ(t, copy_out(WHERE + 100, bytes, PAGES * PAGE_SIZE - 200), 0);
	memset(bytes, 0, PAGES * PAGE_SIZE);
	KEXPECT_EQ(t, copy_in(bytes, WHERE, PAGES * PAGE_SIZE), 0);
	KEXPECT(t, !bytes[99] && bytes[100] == 'x' && bytes[PAGE_SIZE] == 'x');
	KEXPECT(t, !bytes[PAGES * PAGE_SIZE - 100] && bytes[PAGES * PAGE_SIZE - 101] == 'x');
	end();
}

static const struct ktest_case cases[] = {
	KCASE(wide_moves_keep_registers),
	KCASE(holes_are_counted_exactly),
	KCASE(fresh_pages_are_made_on_the_way),
	{ NULL, NULL },
};

extern const struct ktest_suite uaccess_suite;
const struct ktest_suite uaccess_suite = { "uaccess", cases };
