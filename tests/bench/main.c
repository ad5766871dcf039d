// SPDX-License-Identifier: MIT
/* tests/bench/main.c - the benchmark: one static program that is init on the model and on Linux.
 *
 * Under QEMU's -icount the time stamp counter counts guest instructions, so every cost is exact and
 * the same in every run. For each size of the crowd (crowd.c) all rows are run; a line
 * "bench|PERCENT|NAME|COST" says what one operation took, the kernel and the way through it
 * together, less what an empty operation takes; a negative cost is -errno: not on this kernel.
 * Words after "--": "smoke" runs the rows without a crowd; "only NAME", with _ for blanks, one row
 * (tools/profile); "exit" is what the row of exec executes.
 * See tests/bench/README.md and tools/bench. */
#include "bench.h"

#define NAME_BYTES 160
#define MEASUREMENTS 3
#define WARM_UP_SHARE 4		/* a quarter of the turns */

const char *controllers;

static const struct rows *const tables[] = {
	&task_rows, &memory_rows, &file_rows, &talk_rows, &namespace_rows, &cgroup_rows,
	&checkpoint_rows,
};
static const int crowds[] = { 0, 12, 25, 50, 100 };	/* percent; each double the one before */
static uint64_t turn_cost, measure_cost;

void die(const char *what, long error)
{
	char line[NAME_BYTES], *end = put_text(line, "bench: ");

	end = put_number(put_text(put_text(end, what), ": "), error);
	say(line, put_text(end, "\n") - line);
	sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, 0);
	for (;;)
		sys_exit(1);
}

long must(const char *what, long result)
{
	if (result < 0)
		die(what, result);
	return result;
}

static void nothing(int arg)
{
	__asm__ volatile("" : : "r"(arg));
}

/* Where tools/profile begins to count, and ends. */
__attribute__((noinline)) void profile_turn(void)
{
	__asm__ volatile("");
}

static uint64_t measure_all(const struct row *row)
{
	uint64_t begin = instructions();

	profile_turn();
	for (int i = 0; i < row->times; i++)
		row->operation(row->arg);
	profile_turn();
	return (instructions() - begin) / row->times;
}

static uint64_t measure_each(const struct row *row)
{
	uint64_t sum = 0, begin;

	for (int i = 0; i < row->times; i++) {
		row->before(row->arg);
		begin = instructions();
		profile_turn();
		row->operation(row->arg);
		profile_turn();
		sum += instructions() - begin;
		if (row->after)
			row->after(row->arg);
	}
	return sum / row->times;
}

/* What the loops themselves take. */
static void calibrate(void)
{
	struct row empty = { "empty", 1000, 0, NULL, nothing, NULL, NULL, NULL };

	turn_cost = measure_all(&empty);
	empty.before = nothing;
	measure_cost = measure_each(&empty);
}

static long measure_once(const struct row *row)
{
	return row->before ? measure_each(row) - measure_cost : measure_all(row) - turn_cost;
}

/* The least of some measurements: a kernel's ticks do now and then what it put off before. */
static long measure(const struct row *row)
{
	struct row warm = *row;
	long cost = row->prepare ? row->prepare(row->arg) : 0, again;

	if (cost < 0)
		return cost;
	warm.times = row->times / WARM_UP_SHARE;
	if (warm.times)
		measure_once(&warm);
	cost = measure_once(row);
	for (int i = 1; i < MEASUREMENTS; i++) {
		again = measure_once(row);
		cost = again < cost ? again : cost;
	}
	if (row->clean)
		row->clean(row->arg);
	return cost;
}

static void report(int percent, const char *name, long cost)
{
	char line[NAME_BYTES], *end = put_number(put_text(line, "bench|"), percent);

	end = put_text(put_text(put_text(end, "|"), name), "|");
	end = put_text(put_number(end, cost), "\n");
	say(line, end - line);
}

/* Also with _ for blanks. */
static int is_word(const char *word, const char *wanted)
{
	while (*word && (*word == *wanted || (*word == '_' && *wanted == ' ')))
		word++, wanted++;
	return *word == *wanted;
}

/* Without a name: all. */
static void run_rows(int percent, const char *only)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (int i = 0; i < tables[t]->count; i++) {
			const struct row *row = &tables[t]->first[i];

			if (only && !is_word(only, row->name))
				continue;
			report(percent, row->name, measure(row));
			if (only)
				report(percent, "turns", row->times);
		}
	}
}

static void surroundings(void)
{
	sys_mkdir("/proc", 0755);
	sys_mkdir(CGROUPS, 0755);
	sys_mount("none", "/proc", "proc", 0, NULL);
	must("mount cgroup2", sys_mount("none", CGROUPS, "cgroup2", 0, NULL));
	controllers = "+memory +pids";
	must("controllers", write_file(CGROUPS "/cgroup.subtree_control", controllers));
}

void bench_main(int argc, char **argv)
{
	uint64_t boot = instructions();
	const char *only = NULL;
	size_t last = sizeof(crowds) / sizeof(crowds[0]);

	if (argc > 1 && is_word(argv[1], "exit"))
		sys_exit(0);
	if (argc > 1 && is_word(argv[1], "smoke"))
		last = 1;
	if (argc > 2 && is_word(argv[1], "only")) {
		last = 1;
		only = argv[2];
	}
	surroundings();
	report(0, "boot to init", boot);
	calibrate();
	for (size_t i = 0; i < last; i++) {
		crowd_grow(crowds[i]);
		run_rows(crowds[i], only);
	}
	die("end", 0);
}
