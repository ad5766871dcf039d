// SPDX-License-Identifier: MIT
/* tests/conform/cg_stress.c - everything at once: CG-65, CG-66.
 *
 * Workers fork, exit, migrate themselves and others, make and remove cgroups, switch controllers on
 * and off, freeze and thaw, for a while. Afterwards no task is lost, every counter is zero, and
 * every cgroup can be removed. */
#include "cgutil.h"

#define PLACES 6
#define WORKERS 6
#define ROUNDS 60

static const char *const places[PLACES] = { "a", "a/b", "a/c", "d", "d/e", "f" };

/* A number below n; the same sequence in each run of a worker. */
static unsigned pick(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

static bool is_place(const char *path)
{
	if (strcmp(path, "/") == 0)
		return true;
	for (size_t i = 0; i < PLACES; i++)
		if (strcmp(path, cg_dir(places[i]) + strlen(CG_MOUNT)) == 0)
			return true;
	return strncmp(path, "/" CG_TOP "/w", strlen("/" CG_TOP "/w")) == 0;
}

/* Forks in some place; the children move themselves or are moved, and exit. */
static void forks(unsigned seed)
{
	for (int round = 0; round < ROUNDS; round++) {
		long pid = sys_fork();

		if (pid == 0) {
			cg_join(places[pick(&seed, PLACES)], 0);
			sys_exit(!is_place(cg_of(0)));
		}
		if (pid > 0) {
			int status = -1;

			cg_join(places[pick(&seed, PLACES)], pid);
			must(sys_wait4(pid, &status, __WALL));
			expect_true(status == 0 || status == SIGKILL);
		}
		cg_join(places[pick(&seed, PLACES)], 0);
	}
	must(cg_join("/", 0));
}

/* Makes cgroups of its own, with and without members, and removes them. */
static void makes(unsigned seed)
{
	char name[32];

	for (int round = 0; round < ROUNDS; round++) {
		long pid;

		snprintf(name, sizeof(name), "w%u-%d", seed, round);
		if (cg_try(name))
			continue;
		pid = sys_fork();
		if (pid == 0) {
			cg_join(name, 0);
			sys_exit(0);
		}
		if (pid > 0)
			wait_status(pid);
		cg_await(name, "cgroup.events", "populated", 0);
		expect_ret(cg_remove(name), 0);
	}
}

static void switches(unsigned seed)
{
	static const char *const words[] = { "+pids", "-pids", "+pids", "+memory", "-memory" };

	for (int round = 0; round < ROUNDS; round++) {
		cg_write("", "cgroup.subtree_control", words[pick(&seed, LENGTH(words))]);
		cg_write(places[pick(&seed, PLACES)], "cgroup.subtree_control",
			 words[pick(&seed, LENGTH(words))]);
		sys_yield();
	}
}

static void freezes(unsigned seed)
{
	for (int round = 0; round < ROUNDS; round++) {
		const char *cg = places[pick(&seed, PLACES)];

		cg_write(cg, "cgroup.freeze", "1");
		nap(1);
		cg_write(cg, "cgroup.freeze", "0");
	}
}

static void worker(struct peer *up, void *arg)
{
	static void (*const work[WORKERS])(unsigned) = {
		forks, makes, switches, freezes, forks, forks,
	};
	unsigned which = *(unsigned *)arg;

	(void)up;
	work[which](which + 1);
}

static void all_at_once(void)
{
	struct peer peers[WORKERS];
	unsigned which[WORKERS];

	cg_begin();
	must(cg_write("/", "cgroup.subtree_control", "+pids"));
	cg_write("/", "cgroup.subtree_control", "+memory");
	for (size_t i = 0; i < PLACES; i++)
		cg_make(places[i]);
	for (unsigned i = 0; i < WORKERS; i++) {
		which[i] = i;
		spawn(&peers[i], 0, worker, &which[i]);
	}
	for (size_t i = 0; i < WORKERS; i++)
		finish(&peers[i]);
	for (size_t i = PLACES; i-- > 0;)
		cg_write(places[i], "cgroup.subtree_control", "-pids -memory");
	cg_write("", "cgroup.subtree_control", "-pids -memory");
	must(cg_write("", "cgroup.subtree_control", "+pids"));
	for (size_t i = PLACES; i-- > 0;) {
		check_int(places[i], cg_await(places[i], "cgroup.events", "populated", 0), 0);
		if (!strchr(places[i], '/'))
			expect_eq(cg_await(places[i], "pids.current", NULL, 0), 0);
		expect_ret(cg_remove(places[i]), 0);
	}
	check_int("current", cg_await("", "pids.current", NULL, 0), 0);
	check_int("descendants", cg_number("", "cgroup.stat", "nr_descendants"), 0);
}

/* Membership is one: a task that others throw about is listed somewhere at each look. */
static void never_lost(void)
{
	long target, mover, seen = 0;

	cg_begin();
	cg_make("a");
	cg_make("b");
	target = cg_idle("a");
	mover = must(sys_fork());
	if (mover == 0)
		for (unsigned n = 0;; n++)
			cg_join(n % 2 ? "a" : "b", target);
	for (int i = 0; i < 300; i++) {
		const char *path = cg_of(target);

		seen += strcmp(path, "/conform/a") == 0 || strcmp(path, "/conform/b") == 0;
		expect_eq(cg_number("", "cgroup.events", "populated"), 1);
	}
	check_int("seen", seen, 300);
	end_idle(mover);
	check_true("one", cg_lists("a", "cgroup.procs", target) !=
			  cg_lists("b", "cgroup.procs", target));
	end_idle(target);
}

const struct test_case cg_stress_cases[] = {
	{ "CG-65", "all at once leaves every counter at zero", all_at_once, 0, 60 },
	{ "CG-66", "a task is always in one cgroup", never_lost, 0, 20 },
	{ 0 },
};
