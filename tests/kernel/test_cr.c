// SPDX-License-Identifier: MIT
/* tests/kernel/test_cr.c - checkpoint: the codec, the tar headers, and that no row of any table was
 * forgotten.
 *
 * 1 What is encoded is decoded to the same. 2 Cut or wild bytes are -EINVAL, and memory is bounded.
 * 3 A tar header comes back; a flipped bit does not. 4 Every task part, kind of namespace,
 * controller, file system and open file has a line in cr/coverage.h. 5 Every class has save and
 * restore, or says why not. 6 Members and messages are found by their numbers. */
#include "cgroup/css.h"
#include "cr/internal.h"
#include "kernel/ktest.h"
#include "kernel/task_internal.h"

#define CUT_MAX 64

static const struct { const char *table, *name; } covered[] = {
#define COVER(table, name, how, where) { #table, #name },
#include "cr/coverage.h"
#undef COVER
};

static bool is_covered(const char *table, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(covered); i++)
		if (!strcmp(covered[i].table, table) && !strcmp(covered[i].name, name))
			return true;
	return false;
}

static void messages_come_back(struct ktest *t)
{
	u32 threads[] = { 5, 6, 1u << 31 };
	struct pb_pstree_entry e = { 5, 1, 3, 2, ARRAY_SIZE(threads), threads };
	struct pb_pstree_entry *back;
	struct buffer b = {};
	struct arena a = {};

	pb_encode(&b, &pb_pstree_entry_type, &e);
	KEXPECT_EQ(t, b.error, 0);
	KEXPECT_EQ(t, pb_decode(&a, &pb_pstree_entry_type, b.data, b.len, (void **)&back), 0);
	KEXPECT_EQ(t, back->pid, e.pid);
	KEXPECT_EQ(t, back->nr_threads, e.nr_threads);
	KEXPECT_EQ(t, back->threads[2], threads[2]);
	buffer_free(&b);
	arena_free(&a);
}

static void negative_numbers_come_back(struct ktest *t)
{
	struct pb_thread_core_entry e = { .has_sched_nice = true, .sched_nice = -20 }, *back;
	struct buffer b = {};
	struct arena a = {};

	pb_encode(&b, &pb_thread_core_entry_type, &e);
	KEXPECT_EQ(t, pb_decode(&a, &pb_thread_core_entry_type, b.data, b.len, (void **)&back), 0);
	KEXPECT_EQ(t, back->sched_nice, e.sched_nice);
	buffer_free(&b);
	arena_free(&a);
}

static void cut_messages_are_refused(struct ktest *t)
{
	struct pb_utsns_entry e = { pb_text("node"), pb_text("domain") };
	struct buffer b = {};
	struct arena a = {};
	void *back;

	pb_encode(&b, &pb_utsns_entry_type, &e);
	for (size_t n = 0; n < b.len; n++)
		KEXPECT_EQ(t, pb_decode(&a, &pb_utsns_entry_type, b.data, n, &back), -EINVAL);
	buffer_free(&b);
	arena_free(&a);
}

static void memory_is_bounded(struct ktest *t)
{
	struct arena a = { .limit = CUT_MAX };
	u8 bytes[2 * CUT_MAX] = {};
	void *back;

	for (size_t i = 0; i < sizeof(bytes); i += 2)
		bytes[i] = 5 << 3;		/* pstree_entry.threads */
	KEXPECT_EQ(t, pb_decode(&a, &pb_pstree_entry_type, bytes, sizeof(bytes), &back), -ENOMEM);
	arena_free(&a);
}

static void tar_headers_come_back(struct ktest *t)
{
	u8 block[TAR_BLOCK];
	char name[40];
	u64 size = 0;

	tar_header(block, "pages-7.img", 123 * PAGE_SIZE);
	KEXPECT_EQ(t, tar_parse(block, name, sizeof(name), &size), 0);
	KEXPECT_EQ(t, size, 123 * PAGE_SIZE);
	KEXPECT(t, !strcmp(name, "pages-7.img"));
	block[3] ^= 1;
	KEXPECT_EQ(t, tar_parse(block, name, sizeof(name), &size), -EINVAL);
	memset(block, 0, sizeof(block));
	KEXPECT_EQ(t, tar_parse(block, name, sizeof(name), &size), 1);
}

/* Numbers out of order, wide apart, and one twice: the first of two counts. */
static void messages_are_found(struct ktest *t)
{
	static const u32 pids[] = { 70000, 3, 1u << 31, 3, 1 };
	struct cr_member_in m = { .name = "pstree.img", .kind = CR_PSTREE };
	struct pb_pstree_entry e[ARRAY_SIZE(pids)] = {};
	void *list[ARRAY_SIZE(pids)];
	const size_t key = offsetof(struct pb_pstree_entry, pid);
	struct cr_restore r = {};

	list_init(&r.members);
	list_add_tail(&r.members, &m.link);
	for (size_t i = 0; i < ARRAY_SIZE(pids); i++) {
		e[i].pid = pids[i];
		list[i] = &e[i];
	}
	m.messages = (struct cr_messages){ ARRAY_SIZE(pids), list };
	KEXPECT_EQ(t, cr_member_enter(&r, &m), 0);
	KEXPECT_EQ(t, cr_member_enter(&r, &m), -EINVAL);
	KEXPECT(t, cr_lookup(&r, CR_PSTREE, 0, key, 70000) == &e[0]);
	KEXPECT(t, cr_lookup(&r, CR_PSTREE, 0, key, 3) == &e[1]);
	KEXPECT(t, cr_lookup(&r, CR_PSTREE, 0, key, 1u << 31) == &e[2]);
	KEXPECT(t, cr_lookup(&r, CR_PSTREE, 0, key, 1) == &e[4]);
	KEXPECT(t, !cr_lookup(&r, CR_PSTREE, 0, key, 2));
	KEXPECT(t, !cr_lookup(&r, CR_PSTREE, 1, key, 3));
	cr_members_forget(&r);
}

static void row_is_there(struct ktest *t, const char *table, const char *name)
{
	if (!is_covered(table, name))
		ktest_fail(t, __FILE__, __LINE__, "%s %s", table, name);
}

static void no_row_is_forgotten(struct ktest *t)
{
	for (int i = 0; i < NR_PARTS; i++)
		row_is_there(t, "part", task_parts[i]->name);
	for (int kind = 0; kind < NS_KINDS; kind++)
		row_is_there(t, "ns", ns_types[kind]->name);
	for_each_controller(id)
		row_is_there(t, "controller", controllers[id]->name);
	for (const struct fs_type *const *type = fs_types; *type; type++)
		row_is_there(t, "fs", (*type)->name);
}

/* Whatever is open now is of a kind that coverage.h knows. */
static void no_open_file_is_forgotten(struct ktest *t)
{
	struct file *f;

	list_for_each(f, &file_all, all)
		row_is_there(t, "file", f->ops->class ? f->ops->class : "without class");
}

static void every_class_is_whole(struct ktest *t)
{
	for (size_t i = 0; cr_classes[i]; i++) {
		const struct cr_class *c = cr_classes[i];

		KEXPECT(t, c->refuse || (c->save && c->restore && c->get && c->put));
	}
	for (size_t i = 0; cr_file_classes[i]; i++) {
		const struct cr_file_class *c = cr_file_classes[i];

		KEXPECT(t, c->is && (c->refuse || (c->save && c->restore)));
	}
}

static const struct ktest_case cases[] = {
	KCASE(messages_come_back),	 KCASE(negative_numbers_come_back),
	KCASE(cut_messages_are_refused), KCASE(memory_is_bounded),
	KCASE(tar_headers_come_back),	 KCASE(messages_are_found),
	KCASE(no_row_is_forgotten),	 KCASE(no_open_file_is_forgotten),
	KCASE(every_class_is_whole),	 {},
};
const struct ktest_suite cr_suite = { "cr", cases };
