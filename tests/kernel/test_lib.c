// SPDX-License-Identifier: MIT
/* tests/kernel/test_lib.c - the ground floor: lists, radix trees, hashes.
 *
 * Properties:
 *   - a list keeps its order, tells when it is empty, and survives removing while walking
 *   - a radix tree gives back what was stored, over its whole index range, in order
 *   - it finds the lowest free index of a range, also where subtrees are full
 *   - a tree emptied again owns no memory; a failed store changes nothing
 *   - format() writes what newlib's printf writes, also where there is no room for it
 *   - memcpy and memset do what they say for every size and place, and nothing beside it
 *   - hashes do not collide where tables would notice, and do not change from run to run */
#include "abi/errno.h"
#include "kernel/ktest.h"
#include "lib/hash.h"
#include "lib/list.h"
#include "lib/print.h"
#include "lib/radix.h"
#include "mm/slab.h"

#define HASH_BUCKETS 64
#define MOVES_MAX 1100			/* more than two wide blocks */
#define MOVES_SHIFT 9

struct item {
	int value;
	struct list link;
};

static void list_keeps_order(struct ktest *t)
{
	struct list head = LIST_INIT(head);
	struct item items[4], *i;
	int n, want = 0;

	for (n = 0; n < 4; n++) {
		items[n].value = n;
		list_add_tail(&head, &items[n].link);
	}
	list_for_each(i, &head, link)
		KEXPECT_EQ(t, i->value, want++);
	KEXPECT_EQ(t, want, 4);
	KEXPECT(t, list_first(&head, struct item, link) == &items[0]);
	KEXPECT(t, list_last(&head, struct item, link) == &items[3]);
}

static void list_removes_while_walking(struct ktest *t)
{
	struct list head = LIST_INIT(head);
	struct item items[6], *i, *next;
	int n, left = 0;

	for (n = 0; n < 6; n++) {
		items[n].value = n;
		list_add(&head, &items[n].link);
	}
	list_for_each_safe(i, next, &head, link)
		if (i->value & 1)
			list_del(&i->link);
	list_for_each(i, &head, link) {
		KEXPECT(t, !(i->value & 1));
		left++;
	}
	KEXPECT_EQ(t, left, 3);
	KEXPECT(t, list_empty(&items[1].link));
	list_del(&items[1].link);
	KEXPECT(t, !list_empty(&items[0].link));
}

static void list_splices(struct ktest *t)
{
	struct list a = LIST_INIT(a), b = LIST_INIT(b);
	struct item items[4], *i;
	int n, want = 0;

	for (n = 0; n < 4; n++) {
		items[n].value = n;
		list_add_tail(n < 2 ? &a : &b, &items[n].link);
	}
	list_splice_tail(&a, &b);
	KEXPECT(t, list_empty(&b));
	list_splice_tail(&a, &b);
	list_for_each(i, &a, link)
		KEXPECT_EQ(t, i->value, want++);
	KEXPECT_EQ(t, want, 4);
}

/* An entry that tells its index: never NULL, never dereferenced. */
static void *entry_of(u64 index)
{
	return (void *)(hash_u64(index) | 1);
}

static const u64 radix_indexes[] = {
	0, 1, 63, 64, 65, 4095, 4096, 262143, 262144, 1UL << 30, (1UL << 36) - 1, 1UL << 36,
	1UL << 60, ~0UL - 1, ~0UL,
};

static void radix_stores_everywhere(struct ktest *t)
{
	struct radix r = { NULL, 0 };
	unsigned i;
	u64 index = 0;

	for (i = 0; i < ARRAY_SIZE(radix_indexes); i++) {
		KEXPECT(t, radix_get(&r, radix_indexes[i]) == NULL);
		KEXPECT_EQ(t, radix_set(&r, radix_indexes[i], entry_of(radix_indexes[i])), 0);
	}
	for (i = 0; i < ARRAY_SIZE(radix_indexes); i++, index++) {
		KEXPECT(t, radix_get(&r, radix_indexes[i]) == entry_of(radix_indexes[i]));
		KEXPECT(t, radix_next(&r, &index) == entry_of(radix_indexes[i]));
		KEXPECT_EQ(t, index, radix_indexes[i]);
	}
	for (i = 0; i < ARRAY_SIZE(radix_indexes); i++)
		KEXPECT(t, radix_erase(&r, radix_indexes[i]) == entry_of(radix_indexes[i]));
	KEXPECT(t, radix_empty(&r));
	KEXPECT(t, radix_erase(&r, 5) == NULL);
}

static void radix_replaces(struct ktest *t)
{
	struct radix r = { NULL, 0 };

	KEXPECT_EQ(t, radix_set(&r, 7, entry_of(1)), 0);
	KEXPECT_EQ(t, radix_set(&r, 7, entry_of(2)), 0);
	KEXPECT(t, radix_get(&r, 7) == entry_of(2));
	KEXPECT(t, radix_get(&r, 8) == NULL);
	KEXPECT(t, radix_erase(&r, 7) == entry_of(2));
	KEXPECT(t, radix_empty(&r));
}

static void radix_finds_free_index(struct ktest *t)
{
	struct radix r = { NULL, 0 };
	u64 i, found = 0;

	KEXPECT_EQ(t, radix_free_index(&r, 3, 10, &found), 0);
	KEXPECT_EQ(t, found, 3);
	for (i = 0; i < 200; i++)
		KEXPECT_EQ(t, radix_set(&r, i, entry_of(i)), 0);
	KEXPECT_EQ(t, radix_free_index(&r, 0, 199, &found), -ENOSPC);
	KEXPECT_EQ(t, radix_free_index(&r, 0, 1000, &found), 0);
	KEXPECT_EQ(t, found, 200);
	radix_erase(&r, 100);
	radix_erase(&r, 70);
	KEXPECT_EQ(t, radix_free_index(&r, 0, 1000, &found), 0);
	KEXPECT_EQ(t, found, 70);
	KEXPECT_EQ(t, radix_free_index(&r, 71, 1000, &found), 0);
	KEXPECT_EQ(t, found, 100);
	KEXPECT_EQ(t, radix_set(&r, 70, entry_of(70)), 0);
	KEXPECT_EQ(t, radix_free_index(&r, 1, 1000, &found), 0);
	KEXPECT_EQ(t, found, 100);
	for (i = 0; i < 200; i++)
		radix_erase(&r, i);
	KEXPECT(t, radix_empty(&r));
}

static void radix_full_tree_grows(struct ktest *t)
{
	struct radix r = { NULL, 0 };
	u64 i, found = 0;

	for (i = 0; i < 4096; i++)
		KEXPECT_EQ(t, radix_set(&r, i, entry_of(i)), 0);
	KEXPECT_EQ(t, radix_free_index(&r, 0, ~0UL, &found), 0);
	KEXPECT_EQ(t, found, 4096);
	KEXPECT_EQ(t, radix_set(&r, found, entry_of(found)), 0);
	KEXPECT_EQ(t, radix_free_index(&r, 0, ~0UL, &found), 0);
	KEXPECT_EQ(t, found, 4097);
	for (i = 0; i <= 4096; i++)
		radix_erase(&r, i);
	KEXPECT(t, radix_empty(&r));
}

static void radix_failed_set_changes_nothing(struct ktest *t)
{
	struct radix r = { NULL, 0 };
	unsigned nth;

	KEXPECT_EQ(t, radix_set(&r, 3, entry_of(3)), 0);
	for (nth = 1; nth < 4; nth++) {
		alloc_fail_at = nth;
		KEXPECT_EQ(t, radix_set(&r, 1UL << 40, entry_of(4)), -ENOMEM);
		alloc_fail_at = 0;
		KEXPECT(t, radix_get(&r, 1UL << 40) == NULL);
		KEXPECT(t, radix_get(&r, 3) == entry_of(3));
	}
	radix_erase(&r, 3);
	KEXPECT(t, radix_empty(&r));
}

static void hash_spreads(struct ktest *t)
{
	unsigned used[HASH_BUCKETS] = { 0 }, i, most = 0;

	for (i = 0; i < HASH_BUCKETS * 4; i++)
		used[hash_u64((u64)i << PAGE_SHIFT) % HASH_BUCKETS]++;
	for (i = 0; i < HASH_BUCKETS; i++)
		most = MAX(most, used[i]);
	KEXPECT(t, most < 16);
	KEXPECT(t, hash_bytes("ab", 2, 0) != hash_bytes("ba", 2, 0));
	KEXPECT(t, hash_bytes("ab", 2, 1) == hash_bytes("ab", 2, 1));
	KEXPECT(t, hash_bytes("ab", 2, 1) != hash_bytes("ab", 2, 2));
}

/* Whether bytes [from, to) of p are all c. */
static bool all_are(const u8 *p, size_t from, size_t to, u8 c)
{
	while (from < to && p[from] == c)
		from++;
	return from == to;
}

static void memory_is_moved_exactly(struct ktest *t)
{
	static u8 from[MOVES_MAX + 16], to[MOVES_MAX + 16];
	size_t size, at, bad = 0;

	for (size = 0; size < sizeof(from); size++)
		from[size] = size * 7 + 1;
	for (size = 0; size <= MOVES_MAX; size += size < 80 ? 1 : 43) {
		at = size % MOVES_SHIFT;
		memset(to, 0xee, sizeof(to));
		bad += !all_are(to, 0, sizeof(to), 0xee);
		bad += memcpy(to + at, from + 3, size) != to + at;
		for (size_t i = 0; i < size; i++)
			bad += to[at + i] != from[3 + i];
		bad += !all_are(to, 0, at, 0xee) || !all_are(to, at + size, sizeof(to), 0xee);
		bad += memset(to + at, 0, size) != to + at;
		bad += !all_are(to, 0, at, 0xee) || !all_are(to, at, at + size, 0) ||
		       !all_are(to, at + size, sizeof(to), 0xee);
	}
	KEXPECT_EQ(t, bad, 0);
}

#define SAME_TEXT(t, size, ...)                                    \
	({                                                         \
		char mine[80], theirs[80];                         \
		int mine_len = format(mine, size, __VA_ARGS__);           \
		int their_len = snprintf(theirs, size, __VA_ARGS__);       \
									\
		KEXPECT_EQ(t, mine_len, their_len);                \
		KEXPECT_EQ(t, strcmp(mine, theirs), 0);            \
	})

static void formats_are_as_newlibs(struct ktest *t)
{
	for (u64 n = 1; n; n *= 7 + n % 3 * 1000) {
		SAME_TEXT(t, 80, "%lu|%ld|%lx|%08lx|%016lX", n, (s64)-n, n, n, n);
		SAME_TEXT(t, 80, "%d|%u|%x|%5d|%-5d|%05d|", (int)n, (u32)n, (u32)n, (int)n,
			  (int)n, -(int)(n % 100));
		SAME_TEXT(t, 13, "%lu and %lu", n, n + 1);
		if (n >> 56)
			break;
	}
	SAME_TEXT(t, 80, "%s|%10s|%-10s|%.3s|%c|%%|%*s|", "abc", "de", "fg", "hijkl", 'm', 7,
		  "n");
	SAME_TEXT(t, 80, "%o %#x %+d %.3d", 8, 255, 1, 2);
	SAME_TEXT(t, 1, "%d", 5);
}

static const struct ktest_case cases[] = {
	KCASE(formats_are_as_newlibs),
	KCASE(memory_is_moved_exactly),
	KCASE(list_keeps_order),
	KCASE(list_removes_while_walking),
	KCASE(list_splices),
	KCASE(radix_stores_everywhere),
	KCASE(radix_replaces),
	KCASE(radix_finds_free_index),
	KCASE(radix_full_tree_grows),
	KCASE(radix_failed_set_changes_nothing),
	KCASE(hash_spreads),
	{ NULL, NULL },
};

extern const struct ktest_suite lib_suite;
const struct ktest_suite lib_suite = { "lib", cases };
