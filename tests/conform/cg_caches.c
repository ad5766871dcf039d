// SPDX-License-Identifier: MIT
/* tests/conform/cg_caches.c - MEMCG-28, 35, 39, 40: caches, who pays for them, and how they shrink.
 *
 * Pages of files are their first reader's or writer's (on ramfs, which has no backing store but is
 * no shared memory either). Names that were looked up and are not there are kept too, and paid
 * for; what is not in use of them goes when a limit is met: below that limit only.
 * See Documentation/admin-guide/cgroup-v2.rst, "Memory". */
#include <linux/un.h>

#include "cgmem.h"

#define EVENTS "memory.events"
#define STAT "memory.stat"
#define BLOCK 65536
#define AF_UNIX_ 1
#define SOCK_STREAM_ 1

static char ram_path[256], ram_dir[256];

static void tree_abc(void)
{
	snprintf(ram_dir, sizeof(ram_dir), "%s", path_in(temp_dir(), "ram"));
	snprintf(ram_path, sizeof(ram_path), "%s/file", ram_dir);
	cg_begin();
	cg_enable("memory");
	cg_make("a");
	must(cg_write("a", "cgroup.subtree_control", "+memory"));
	cg_make("a/b");
	cg_make("a/c");
	cg_make("out");
}

static void ramfs_begin(void)
{
	tree_abc();
	must(sys_mkdir(ram_dir, 0755));
	must(sys_mount("ram", ram_dir, "ramfs", 0, NULL));
}

/* --- MEMCG-35: pages of files --- */

static char block[BLOCK];

static void write_whole(struct peer *up, void *arg)
{
	long fd;

	(void)up;
	must(cg_join(arg, 0));
	fd = must(sys_open(ram_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	for (long k = 0; k < MEM_BIG * 1024 / BLOCK; k++)
		must(sys_write(fd, block, sizeof(block)));
	sys_close(fd);
}

static void read_whole(struct peer *up, void *arg)
{
	long fd;

	(void)up;
	must(cg_join(arg, 0));
	fd = must(sys_open(ram_path, O_RDONLY | O_CLOEXEC, 0));
	for (long k = 0; k < MEM_BIG * 1024 / BLOCK; k++)
		must(sys_read(fd, block, sizeof(block)));
	sys_close(fd);
}

static void map_whole(struct peer *up, void *arg)
{
	volatile char *at;
	long fd;

	must(cg_join(arg, 0));
	fd = must(sys_open(ram_path, O_RDONLY | O_CLOEXEC, 0));
	at = (char *)must(sys(__NR_mmap, NULL, MEM_BIG * 1024, PROT_READ, MAP_SHARED, fd, 0));
	for (long k = 0; k < MEM_BIG * 1024; k += PAGE_BYTES)
		(void)at[k];
	tell(up);
	hear(up);
}

static void make_hole(void)
{
	long fd = must(sys_open(ram_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));

	must(sys(__NR_ftruncate, fd, MEM_BIG * 1024));
	sys_close(fd);
}

static void first_writer(void)
{
	ramfs_begin();
	run_child(0, write_whole, "a/b");
	check_true("writer", mem_becomes("a/b", "file", MEM_BIG));
	check_true("writer.current", mem_becomes("a/b", NULL, MEM_BIG));
	check_true("no_shmem", mem_becomes("a/b", "shmem", 0));
	check_true("no_anon", mem_becomes("a/b", "anon", 0));
	check_true("stays", mem_becomes("a/b", "unevictable", MEM_BIG));
	check_true("parent", mem_becomes("a", "file", MEM_BIG));
	run_child(0, read_whole, "a/c");
	check_true("reader", mem_becomes("a/c", "file", 0));
	run_child(0, write_whole, "a/c");
	check_true("writer_again", mem_becomes("a/c", "file", 0));
	check_true("writer_still", mem_becomes("a/b", "file", MEM_BIG));
	must(sys_unlink(ram_path));
	check_true("unlinked", mem_becomes("a/b", "file", 0));
	check_true("unlinked.parent", mem_becomes("a", NULL, 0));
}

static void first_reader(void)
{
	ramfs_begin();
	make_hole();
	check_true("a_hole", mem_becomes("a", "file", 0));
	run_child(0, read_whole, "a/c");
	check_true("reader", mem_becomes("a/c", "file", MEM_BIG));
	run_child(0, write_whole, "a/b");
	check_true("writer", mem_becomes("a/b", "file", 0));
	check_true("reader_still", mem_becomes("a/c", "file", MEM_BIG));
	must(cg_remove("a/c"));
	check_true("removed", mem_becomes("a", "file", MEM_BIG));
	must(sys_unlink(ram_path));
	check_true("unlinked", mem_becomes("a", "file", 0));
}

static void first_mapper(void)
{
	struct peer peer;

	ramfs_begin();
	make_hole();
	spawn(&peer, 0, map_whole, "a/b");
	hear(&peer);
	check_true("mapper", mem_becomes("a/b", "file", MEM_BIG));
	check_true("mapped", mem_becomes("a/b", "file_mapped", MEM_BIG));
	check_true("mapped.parent", mem_becomes("a", "file_mapped", MEM_BIG));
	tell(&peer);
	finish(&peer);
	check_true("unmapped", mem_becomes("a/b", "file_mapped", 0));
	check_true("kept", mem_becomes("a/b", "file", MEM_BIG));
}

/* --- MEMCG-39: names that are not there --- */

#define NAMES 600		/* long ones */
#define NAMES_KBYTES 250	/* at least */
#define NAME_CHARS 240
#define BATCH_KBYTES 64		/* what Linux may count late */

/* Looks names up in the control group's directory: none is there. */
static void look_up(const char *where, long from, long names)
{
	char path[sizeof(CG_MOUNT) + NAME_CHARS + 64];

	for (long k = from; k < from + names; k++) {
		snprintf(path, sizeof(path), "%s/no-such-file-%s-%0*ld", CG_MOUNT, where,
			 NAME_CHARS - 32, k);
		expect_errno(sys(__NR_faccessat, AT_FDCWD, path, 0), ENOENT);
	}
}

static void looker(struct peer *up, void *arg)
{
	long names;

	must(cg_join(arg, 0));
	tell(up);
	for (;;) {
		names = recv_long(up);
		if (!names)
			return;
		look_up(strrchr(arg, '/') ? "in" : "out", recv_long(up), names);
		tell(up);
	}
}

static void looker_start(struct peer *peer, const char *cg)
{
	spawn(peer, 0, looker, (void *)cg);
	hear(peer);
}

static void looker_look(struct peer *peer, long from, long names)
{
	send_long(peer, names);
	send_long(peer, from);
	hear(peer);
}

static void looker_end(struct peer *peer)
{
	send_long(peer, 0);
	finish(peer);
}

static bool lives(const struct peer *peer)
{
	char state = cg_state(peer->pid);

	return state == 'S' || state == 'R';
}

static long names_kbytes(const char *cg)
{
	return mem_kbytes(cg, STAT, "slab_reclaimable");
}

/* Waits at most a second until there are at most so many. */
static bool names_fall(const char *cg, long kbytes)
{
	for (int i = 0; i < 200 && names_kbytes(cg) > kbytes; i++)
		nap(5);
	return names_kbytes(cg) <= kbytes;
}

/* Many times more names than the limit has room for. */
static void names_at_limit(void)
{
	struct peer peer;

	tree_abc();
	must(cg_write("a/b", "memory.max", "6M"));
	looker_start(&peer, "a/b");
	for (long k = 0; k < 28; k++)
		looker_look(&peer, k * NAMES, NAMES);
	check_true("lives", lives(&peer));
	check_int("oom_kill", event("a/b", EVENTS, "oom_kill"), 0);
	check_int("oom", event("a/b", EVENTS, "oom"), 0);
	check_true("limit_was_met", event("a/b", EVENTS, "max") > 0);
	check_true("below", mem_kbytes("a/b", "memory.peak", NULL) <= 6144);
	check_true("names", names_kbytes("a/b") > 0);
	looker_end(&peer);
}

/* The one at its limit, c, is the last of its siblings. */
static void names_of_others(void)
{
	struct peer c, b, out;
	long before_b, before_out;

	tree_abc();
	looker_start(&c, "a/c");
	looker_start(&b, "a/b");
	looker_start(&out, "out");
	looker_look(&b, 100000, NAMES);
	looker_look(&out, 200000, NAMES);
	before_b = names_kbytes("a/b");
	before_out = names_kbytes("out");
	check_true("b", before_b > NAMES_KBYTES);
	check_true("out", before_out > NAMES_KBYTES);
	check_true("sum", names_kbytes("a") >= before_b);
	must(cg_write("a/c", "memory.max", "3M"));
	for (long k = 0; k < 10; k++)
		looker_look(&c, k * NAMES, NAMES);
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	check_true("b_keeps", names_kbytes("a/b") >= before_b - BATCH_KBYTES);
	check_true("out_keeps", names_kbytes("out") >= before_out - BATCH_KBYTES);
	/* A limit above takes from all below, and from nobody else. */
	must(cg_write("a", "memory.high", "512K"));
	check_true("a_less", names_fall("a", 512));
	check_int("a.oom_kill", event("a", EVENTS, "oom_kill"), 0);
	check_true("out_still", names_kbytes("out") >= before_out - BATCH_KBYTES);
	looker_end(&c);
	looker_end(&b);
	looker_end(&out);
}

static void names_on_request(void)
{
	long before, before_c, asked;
	struct peer b, c;

	tree_abc();
	looker_start(&b, "a/b");
	looker_start(&c, "a/c");
	looker_look(&b, 0, 2 * NAMES);
	looker_look(&c, 100000, NAMES);
	before = names_kbytes("a/b");
	before_c = names_kbytes("a/c");
	check_true("kept", before > 2 * NAMES_KBYTES);
	/* Linux counts slabs that become empty: it may say that it was less than it was. */
	asked = cg_write("a/b", "memory.reclaim", "128K");
	check_true("asked", asked == 0 || asked == -EAGAIN);
	check_true("less", names_fall("a/b", before - 64));
	check_true("c_keeps", names_kbytes("a/c") >= before_c - BATCH_KBYTES);
	check_ret("high", cg_write("a/b", "memory.high", "256K"), 0);
	check_true("little", names_fall("a/b", 256));
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	looker_end(&b);
	looker_end(&c);
}

/* Names of a cgroup that is gone are its parent's to give back. */
static void names_of_removed(void)
{
	struct peer b, c;

	tree_abc();
	looker_start(&b, "a/b");
	looker_look(&b, 0, NAMES);
	looker_end(&b);
	check_true("kept", names_kbytes("a/b") > NAMES_KBYTES);
	check_ret("rmdir", cg_remove("a/b"), 0);
	check_true("parent_has", names_kbytes("a") > NAMES_KBYTES);
	must(cg_write("a", "memory.max", "1536K"));
	looker_start(&c, "a/c");
	for (long k = 0; k < 3; k++)
		looker_look(&c, 100000 + k * NAMES, NAMES);
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	check_true("lives", lives(&c));
	looker_end(&c);
}

/* --- MEMCG-40: the lists of a parent are its children's --- */

static long lists(const char *cg)
{
	static const char *const keys[] = { "inactive_anon", "active_anon", "inactive_file",
					    "active_file", "unevictable" };
	long sum = 0;

	for (size_t k = 0; k < LENGTH(keys); k++)
		sum += mem_kbytes(cg, STAT, keys[k]);
	return sum;
}

static long anon_lists(const char *cg)
{
	return mem_kbytes(cg, STAT, "inactive_anon") + mem_kbytes(cg, STAT, "active_anon");
}

static void lists_add_up(void)
{
	struct eater b = { 0 }, c = { .shared = 1 };

	ramfs_begin();
	eater_start(&b, "a/b", MEM_BIG);
	eater_start(&c, "a/c", 2 * MEM_BIG);
	eater_eat(&b);
	eater_eat(&c);
	run_child(0, write_whole, "a/b");
	check_true("b", mem_becomes("a/b", "unevictable", MEM_BIG));
	check_true("b.anon", mem_about(anon_lists("a/b"), MEM_BIG));
	check_true("c.shmem", mem_about(anon_lists("a/c"), 2 * MEM_BIG));
	check_true("a.anon", mem_about(anon_lists("a"), 3 * MEM_BIG));
	check_true("a", mem_about(lists("a"), 4 * MEM_BIG));
	check_true("top", mem_about(lists(""), 4 * MEM_BIG));
	check_true("is_current", mem_about(mem_kbytes("a", "memory.current", NULL),
					   lists("a") + mem_kbytes("a", STAT, "kernel")));
	eater_end(&c);
	check_true("less", mem_becomes("a", "shmem", 0));
	check_true("less.lists", mem_about(lists("a"), 2 * MEM_BIG));
	eater_end(&b);
}

/* --- MEMCG-28: other memory of the kernel --- */

#define PAIRS 32
#define SOCKET_BYTES 65536

static void fill_sockets(struct peer *up, void *arg)
{
	int ends[PAIRS][2];

	must(cg_join(arg, 0));
	for (int k = 0; k < PAIRS; k++) {
		must(sys(__NR_socketpair, AF_UNIX_, SOCK_STREAM_, 0, ends[k]));
		for (int done = 0; done < SOCKET_BYTES; done += PAGE_BYTES)
			must(sys_write(ends[k][1], block, PAGE_BYTES));
	}
	tell(up);
	hear(up);
	for (int k = 0; k < PAIRS; k++) {
		sys_close(ends[k][0]);
		sys_close(ends[k][1]);
	}
	tell(up);
	hear(up);
}

static void sockets(void)
{
	struct peer peer;

	tree_abc();
	spawn(&peer, 0, fill_sockets, "a/b");
	hear(&peer);
	check_true("filled", mem_kbytes("a/b", "memory.current", NULL) >= 2048);
	check_true("filled.parent", mem_kbytes("a", "memory.current", NULL) >= 2048);
	tell(&peer);
	hear(&peer);
	check_true("closed", mem_kbytes("a/b", "memory.current", NULL) < 1536);
	tell(&peer);
	finish(&peer);
}

#define TABLES 128
#define TABLE_SPAN (2l << 20)

static void touch_tables(struct peer *up, void *arg)
{
	volatile char *at;

	must(cg_join(arg, 0));
	at = (char *)must(sys(__NR_mmap, NULL, TABLES * TABLE_SPAN, PROT_READ | PROT_WRITE,
			      MAP_ANONYMOUS | MAP_PRIVATE | MAP_NORESERVE, -1, 0));
	for (long k = 0; k < TABLES; k++)
		at[k * TABLE_SPAN] = 1;
	tell(up);
	hear(up);
	must(sys(__NR_munmap, at, TABLES * TABLE_SPAN));
	tell(up);
	hear(up);
}

static void tables(void)
{
	long before;
	struct peer peer;

	tree_abc();
	spawn(&peer, 0, touch_tables, "a/b");
	hear(&peer);
	before = mem_kbytes("a/b", STAT, "pagetables");
	check_true("tables", before >= TABLES * 4);
	check_true("tables.parent", mem_kbytes("a", STAT, "pagetables") >= TABLES * 4);
	check_true("kernel", mem_kbytes("a/b", STAT, "kernel") >= TABLES * 4);
	tell(&peer);
	hear(&peer);
	check_true("unmapped", mem_kbytes("a/b", STAT, "pagetables") <= before - TABLES * 4 + 64);
	tell(&peer);
	finish(&peer);
}

const struct test_case cg_caches_cases[] = {
	{ "MEMCG-28.sockets", "what waits in local sockets", sockets, 0, 0 },
	{ "MEMCG-28.tables", "page tables", tables, 0, 0 },
	{ "MEMCG-35", "a page of a file is its first writer's", first_writer, 0, 0 },
	{ "MEMCG-35.reader", "or its first reader's", first_reader, 0, 0 },
	{ "MEMCG-35.mapper", "also through a mapping", first_mapper, 0, 0 },
	{ "MEMCG-39", "who holds only unused names is not killed", names_at_limit, 0, 60 },
	{ "MEMCG-39.others", "a limit takes from below it", names_of_others, 0, 60 },
	{ "MEMCG-39.request", "so do memory.reclaim and memory.high", names_on_request, 0, 60 },
	{ "MEMCG-39.removed", "names of a removed cgroup go too", names_of_removed, 0, 60 },
	{ "MEMCG-40", "lists of a parent are those of all below", lists_add_up, 0, 20 },
	{ 0 },
};
