// SPDX-License-Identifier: MIT
/* tests/conform/cg_memory.c - MEMCG-01 to 08, 15, 23 to 28, 34, 42: files, and who pays.
 *
 * Memory is charged to who touches it first, counts in all ancestors, and stays charged there
 * until it is gone. See Documentation/admin-guide/cgroup-v2.rst, "Memory". */
#include "cgmem.h"

static char shm_path[256];	/* a file of tmpfs */

static void tree_ab(void)
{
	snprintf(shm_path, sizeof(shm_path), "%s", path_in(temp_dir(), "shm"));
	cg_begin();
	cg_enable("memory");
	cg_make("a");
	must(cg_write("a", "cgroup.subtree_control", "+memory"));
	cg_make("a/b");
	cg_make("a/c");
}

static void defaults(void)
{
	static const char *const events =
		"low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n";

	tree_ab();
	check_cg("max", "a/b", "memory.max", "max\n");
	check_cg("high", "a/b", "memory.high", "max\n");
	check_cg("low", "a/b", "memory.low", "0\n");
	check_cg("min", "a/b", "memory.min", "0\n");
	check_cg("group", "a/b", "memory.oom.group", "0\n");
	check_cg("events", "a/b", "memory.events", events);
	check_cg("events.local", "a/b", "memory.events.local", events);
	check_cg("current", "a/b", "memory.current", "0\n");
	check_cg("peak", "a/b", "memory.peak", "0\n");
	check_cg("swap", "a/b", "memory.swap.current", "0\n");
	check_cg("swap.max", "a/b", "memory.swap.max", "max\n");
	check_cg("swap.high", "a/b", "memory.swap.high", "max\n");
	check_ret("reclaim.read", cg_read_err("a/b", "memory.reclaim"), -EINVAL);
	check_ret("current.write", cg_write("a/b", "memory.current", "0"), -EINVAL);
	check_true("root.current", !cg_has("/", "memory.current"));
	check_true("root.max", !cg_has("/", "memory.max"));
	check_true("root.events", !cg_has("/", "memory.events"));
	check_true("root.stat", cg_has("/", "memory.stat"));
	check_true("root.reclaim", cg_has("/", "memory.reclaim"));
}

struct written {
	const char *text;
	long ret;
	const char *then;	/* what is read, where it was taken */
};

static void write_all(const char *file, const struct written *rows, size_t n)
{
	char key[64];

	for (size_t i = 0; i < n; i++) {
		must(cg_write("a/b", file, "1G"));
		snprintf(key, sizeof(key), "%s.%zu", file, i);
		check_ret(key, cg_write("a/b", file, rows[i].text), rows[i].ret);
		check_cg(key, "a/b", file, rows[i].ret ? "1073741824\n" : rows[i].then);
	}
}

static void sizes(void)
{
	static const struct written rows[] = {
		{ "0", 0, "0\n" }, { "1", 0, "0\n" }, { "4095", 0, "0\n" },
		{ "4096", 0, "4096\n" }, { "8191", 0, "4096\n" }, { "4K", 0, "4096\n" },
		{ "4k", 0, "4096\n" }, { "5K", 0, "4096\n" }, { "1M", 0, "1048576\n" },
		{ "1m", 0, "1048576\n" }, { "1G", 0, "1073741824\n" },
		{ "1T", 0, "1099511627776\n" }, { "0x2000", 0, "8192\n" },
		{ "020000", 0, "8192\n" }, { " 8192 ", 0, "8192\n" }, { "8192\n", 0, "8192\n" },
		{ "max", 0, "max\n" }, { "max\n", 0, "max\n" },
		{ "9223372036854771712", 0, "max\n" }, { "9223372036854775807", 0, "max\n" },
		{ "18446744073709551615", 0, "max\n" }, { "K", 0, "0\n" },
	};

	tree_ab();
	write_all("memory.high", rows, LENGTH(rows));
	write_all("memory.max", rows, LENGTH(rows));
	write_all("memory.low", rows, LENGTH(rows));
	write_all("memory.min", rows, LENGTH(rows));
	write_all("memory.swap.max", rows, LENGTH(rows));
}

static void junk(void)
{
	static const struct written rows[] = {
		{ "-1", -EINVAL, "" }, { "junk", -EINVAL, "" }, { "1x", -EINVAL, "" },
		{ "1KK", -EINVAL, "" }, { "1KB", -EINVAL, "" }, { "1 2", -EINVAL, "" },
		{ "MAX", -EINVAL, "" }, { "maxx", -EINVAL, "" }, { "+1", -EINVAL, "" },
		{ "1.5M", -EINVAL, "" }, { "0x", -EINVAL, "" }, { "8,192", -EINVAL, "" },
	};

	tree_ab();
	write_all("memory.max", rows, LENGTH(rows));
	write_all("memory.high", rows, LENGTH(rows));
	write_all("memory.low", rows, LENGTH(rows));
	write_all("memory.min", rows, LENGTH(rows));
}

static void group_values(void)
{
	static const struct written rows[] = {
		{ "0", 0, "0\n" }, { "1", 0, "1\n" }, { "2", -EINVAL, "" }, { "-1", -EINVAL, "" },
		{ "junk", -EINVAL, "" }, { "max", -EINVAL, "" }, { "1 0", -EINVAL, "" },
		{ " 1\n", 0, "1\n" }, { "0x1", 0, "1\n" }, { "99999999999", -ERANGE, "" },
	};
	char key[32];

	tree_ab();
	for (size_t i = 0; i < LENGTH(rows); i++) {
		must(cg_write("a/b", "memory.oom.group", "0"));
		snprintf(key, sizeof(key), "group.%zu", i);
		check_ret(key, cg_write("a/b", "memory.oom.group", rows[i].text), rows[i].ret);
		check_cg(key, "a/b", "memory.oom.group", rows[i].ret ? "0\n" : rows[i].then);
	}
}

static void first_touch(void)
{
	struct eater e = { 0 };

	tree_ab();
	eater_start(&e, "a/b", MEM_BIG);
	check_true("before", mem_becomes("a/b", NULL, 0));
	eater_eat(&e);
	check_true("own", mem_becomes("a/b", NULL, MEM_BIG));
	check_true("parent", mem_becomes("a", NULL, MEM_BIG));
	check_true("top", mem_becomes("", NULL, MEM_BIG));
	check_true("sibling", mem_becomes("a/c", NULL, 0));
	check_true("anon", mem_becomes("a/b", "anon", MEM_BIG));
	check_true("anon.parent", mem_becomes("a", "anon", MEM_BIG));
	check_true("peak", mem_kbytes("a/b", "memory.peak", NULL) >= MEM_BIG);
	check_true("faults", cg_number("a/b", "memory.stat", "pgfault") >= MEM_BIG / 4);
	check_true("tables", cg_number("a/b", "memory.stat", "pagetables") > 0);
	eater_end(&e);
}

static void stays_behind(void)
{
	struct eater e = { 0 };

	tree_ab();
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	check_ret("move", cg_join("a/c", e.peer.pid), 0);
	check_true("old", mem_becomes("a/b", NULL, MEM_BIG));
	check_true("new", mem_becomes("a/c", NULL, 0));
	check_true("parent", mem_becomes("a", NULL, MEM_BIG));
	eater_drop(&e);
	check_true("old.after", mem_becomes("a/b", NULL, 0));
	check_true("parent.after", mem_becomes("a", NULL, 0));
	eater_end(&e);
}

static void given_back(void)
{
	struct eater e = { 0 };

	tree_ab();
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	eater_drop(&e);
	check_true("unmapped", mem_becomes("a/b", NULL, 0));
	check_true("unmapped.parent", mem_becomes("a", NULL, 0));
	eater_end(&e);
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	check_true("again", mem_becomes("a/b", NULL, MEM_BIG));
	eater_end(&e);
	check_true("exited", mem_becomes("a/b", NULL, 0));
	check_true("exited.parent", mem_becomes("a", NULL, 0));
	check_true("peak", mem_kbytes("a/b", "memory.peak", NULL) >= MEM_BIG);
}

/* --- shared memory and files of tmpfs --- */

static void write_shm(struct peer *up, void *arg)
{
	static char block[65536];
	long fd;

	(void)up;
	must(cg_join(arg, 0));
	fd = must(sys_open(shm_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	for (long k = 0; k < MEM_BIG / 64; k++)
		must(sys_write(fd, block, sizeof(block)));
	sys_close(fd);
}

static void make_shm(const char *cg)
{
	run_child(0, write_shm, (void *)cg);
}

static void shm_outlives(void)
{
	tree_ab();
	make_shm("a/b");
	check_true("own", mem_becomes("a/b", NULL, MEM_BIG));
	check_true("shmem", mem_becomes("a/b", "shmem", MEM_BIG));
	check_true("file", mem_becomes("a/b", "file", MEM_BIG));
	check_true("anon_list", mem_becomes("a", "inactive_anon", MEM_BIG) ||
				mem_becomes("a", "active_anon", MEM_BIG));
	check_true("parent", mem_becomes("a", "shmem", MEM_BIG));
	must(sys_unlink(shm_path));
	check_true("gone", mem_becomes("a/b", NULL, 0));
	check_true("gone.parent", mem_becomes("a", "shmem", 0));
}

static void dying(void)
{
	tree_ab();
	make_shm("a/b");
	check_ret("rmdir", cg_remove("a/b"), 0);
	check_int("dying", cg_await("a", "cgroup.stat", "nr_dying_descendants", 1), 1);
	check_int("dying.top", cg_number("", "cgroup.stat", "nr_dying_descendants"), 1);
	check_true("usage", mem_becomes("a", NULL, MEM_BIG));
	check_true("stat", mem_becomes("a", "shmem", MEM_BIG));
	check_ret("same_name", cg_try("a/b"), 0);
	check_true("fresh", mem_becomes("a/b", NULL, 0));
	must(sys_unlink(shm_path));
	check_true("given_back", mem_becomes("a", NULL, 0));
}

static void shared_once(void)
{
	struct eater first = { .shared = 1 };

	tree_ab();
	eater_start(&first, "a/b", MEM_BIG);
	eater_eat(&first);
	check_true("shmem", mem_becomes("a/b", "shmem", MEM_BIG));
	check_true("mapped", mem_becomes("a/b", "file_mapped", MEM_BIG));
	check_true("anon", mem_becomes("a/b", "anon", 0));
	eater_end(&first);
	check_true("gone", mem_becomes("a/b", NULL, 0));
}

static void read_shm(struct peer *up, void *arg)
{
	volatile char *at;
	long fd;

	must(cg_join(arg, 0));
	fd = must(sys_open(shm_path, O_RDWR | O_CLOEXEC, 0));
	at = (char *)must(sys(__NR_mmap, NULL, MEM_BIG * 1024, PROT_READ | PROT_WRITE,
				 MAP_SHARED, fd, 0));
	for (long k = 0; k < MEM_BIG * 1024; k += 4096)
		at[k] = 2;
	tell(up);
	hear(up);
}

static void first_toucher(void)
{
	struct peer second;

	tree_ab();
	make_shm("a/b");
	spawn(&second, 0, read_shm, "a/c");
	hear(&second);
	check_true("first", mem_becomes("a/b", "shmem", MEM_BIG));
	check_true("second", mem_becomes("a/c", "shmem", 0));
	check_true("mapped", mem_becomes("a/b", "file_mapped", MEM_BIG));
	check_true("both", mem_becomes("a", NULL, MEM_BIG));
	tell(&second);
	finish(&second);
	check_true("unmapped", mem_becomes("a/b", "file_mapped", 0));
	check_true("kept", mem_becomes("a/b", "shmem", MEM_BIG));
}

/* --- kernel memory --- */

#define PIPES 32
#define PIPE_BYTES 65536

static void fill_pipes(struct peer *up, void *arg)
{
	static char block[PIPE_BYTES];
	int ends[PIPES][2];

	must(cg_join(arg, 0));
	for (int k = 0; k < PIPES; k++) {
		must(sys_pipe(ends[k], O_CLOEXEC));
		must(sys_write(ends[k][1], block, sizeof(block)));
	}
	tell(up);
	hear(up);
	for (int k = 0; k < PIPES; k++) {
		sys_close(ends[k][0]);
		sys_close(ends[k][1]);
	}
	tell(up);
	hear(up);
}

static void kernel_memory(void)
{
	struct peer peer;

	tree_ab();
	spawn(&peer, 0, fill_pipes, "a/b");
	hear(&peer);
	check_true("current", mem_kbytes("a/b", "memory.current", NULL) >= 2048);
	check_true("kernel", mem_kbytes("a/b", "memory.stat", "kernel") >= 2048);
	check_true("kernel.parent", mem_kbytes("a", "memory.stat", "kernel") >= 2048);
	check_true("anon", mem_becomes("a/b", "anon", 0));
	tell(&peer);
	hear(&peer);
	check_true("closed", mem_kbytes("a/b", "memory.stat", "kernel") < 1024);
	tell(&peer);
	finish(&peer);
}

#define CHILDREN 40

static void fork_many(struct peer *up, void *arg)
{
	long pid[CHILDREN];

	must(cg_join(arg, 0));
	for (int k = 0; k < CHILDREN; k++)
		pid[k] = must(spawn_idle(0));
	tell(up);
	hear(up);
	for (int k = 0; k < CHILDREN; k++)
		end_idle(pid[k]);
	tell(up);
	hear(up);
}

static void stacks(void)
{
	struct peer peer;

	tree_ab();
	spawn(&peer, 0, fork_many, "a/b");
	hear(&peer);
	check_true("stacks", mem_kbytes("a/b", "memory.stat", "kernel_stack") >= CHILDREN * 8);
	check_true("tables", mem_kbytes("a/b", "memory.stat", "pagetables") >= CHILDREN * 4);
	check_true("slab", mem_kbytes("a/b", "memory.stat", "slab") >= CHILDREN);
	check_true("slab.parent", mem_kbytes("a", "memory.stat", "slab") >= CHILDREN);
	tell(&peer);
	hear(&peer);
	tell(&peer);
	finish(&peer);
	check_true("after", mem_becomes("a/b", "kernel_stack", 0));
}

/* --- sums --- */

static void overcommit(void)
{
	tree_ab();
	must(cg_write("a", "memory.max", "1M"));
	check_ret("low", cg_write("a/b", "memory.low", "max"), 0);
	check_ret("min", cg_write("a/b", "memory.min", "1G"), 0);
	check_ret("low.sibling", cg_write("a/c", "memory.low", "max"), 0);
	check_ret("max", cg_write("a/b", "memory.max", "2G"), 0);
	check_cg("low", "a/b", "memory.low", "max\n");
	check_cg("min", "a/b", "memory.min", "1073741824\n");
	check_cg("max", "a/b", "memory.max", "2147483648\n");
}

static void stat_keys(void)
{
	static const char *const keys[] = {
		"anon", "file", "kernel", "kernel_stack", "pagetables", "percpu", "sock", "vmalloc",
		"shmem", "file_mapped", "file_dirty", "file_writeback", "inactive_anon",
		"active_anon", "inactive_file", "active_file", "unevictable", "slab_reclaimable",
		"slab_unreclaimable", "slab", "workingset_refault_anon", "workingset_refault_file",
		"pgscan", "pgsteal", "pgscan_kswapd", "pgscan_direct", "pgsteal_kswapd",
		"pgsteal_direct", "pgfault", "pgmajfault", "pgrefill", "pgactivate",
		"pgdeactivate", "pglazyfree", "pglazyfreed",
	};

	tree_ab();
	for (size_t i = 0; i < LENGTH(keys); i++)
		check_int(keys[i], cg_number("a/b", "memory.stat", keys[i]), 0);
	check_true("root.anon", cg_number("/", "memory.stat", "anon") > 0);
	check_true("root.kernel", cg_number("/", "memory.stat", "kernel_stack") >= 0);
}

static void sums(void)
{
	struct eater b = { 0 }, c = { 0 };

	tree_ab();
	eater_start(&b, "a/b", MEM_BIG);
	eater_start(&c, "a/c", 2 * MEM_BIG);
	eater_eat(&b);
	eater_eat(&c);
	check_true("b", mem_becomes("a/b", NULL, MEM_BIG));
	check_true("c", mem_becomes("a/c", NULL, 2 * MEM_BIG));
	check_true("a", mem_becomes("a", NULL, 3 * MEM_BIG));
	check_true("lists", mem_becomes("a", "inactive_anon", 3 * MEM_BIG) ||
			    mem_becomes("a", "active_anon", 3 * MEM_BIG));
	eater_end(&b);
	check_true("then.a", mem_becomes("a", NULL, 2 * MEM_BIG));
	eater_end(&c);
	check_true("at_last.a", mem_becomes("a", NULL, 0));
}

const struct test_case cg_memory_cases[] = {
	{ "MEMCG-01", "what a new cgroup shows", defaults, 0, 0 },
	{ "MEMCG-02", "sizes are rounded down to pages", sizes, 0, 0 },
	{ "MEMCG-03", "what is no size", junk, 0, 0 },
	{ "MEMCG-04", "who touches a page first pays, and all above", first_touch, 0, 0 },
	{ "MEMCG-05", "a charge stays when the task moves", stays_behind, 0, 0 },
	{ "MEMCG-06", "unmap and exit give charges back", given_back, 0, 0 },
	{ "MEMCG-07", "tmpfs pages outlive their writer", shm_outlives, 0, 0 },
	{ "MEMCG-08", "a removed cgroup keeps its charges", dying, 0, 0 },
	{ "MEMCG-15", "oom.group is 0 or 1", group_values, 0, 0 },
	{ "MEMCG-23", "more protection than there is", overcommit, 0, 0 },
	{ "MEMCG-26", "keys of memory.stat", stat_keys, 0, 0 },
	{ "MEMCG-28", "pages of pipes", kernel_memory, 0, 0 },
	{ "MEMCG-28.stacks", "kernel stacks, page tables and objects of processes", stacks, 0, 0 },
	{ "MEMCG-34", "shared anonymous memory is shmem", shared_once, 0, 0 },
	{ "MEMCG-34.first", "a shared page is its first toucher's", first_toucher, 0, 0 },
	{ "MEMCG-42", "a parent has what its children have", sums, 0, 0 },
	{ 0 },
};
