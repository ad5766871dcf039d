// SPDX-License-Identifier: MIT
/* tests/conform/cg_stress.c - everything at once: CG-65, CG-66.
 *
 * Workers fork, exit, exec, migrate, make and remove cgroups, switch controllers on and off,
 * freeze and thaw, kill, fault pages in and run out of memory: some rounds each, or with
 * --stress SECONDS for that long. The workers themselves stay in the root; what is moved, frozen
 * and killed are their children. On the model one more asks for an audit meanwhile. Afterwards no
 * task is lost, every counter is zero, and every cgroup can be removed. */
#include "cgutil.h"

#define PLACES 6
#define ROUNDS 60
#define FAULT_PAGES 64
#define OOM_KBYTES "4096"
#define OOM_PAGES 2048		/* twice that */
#define AUDIT_FILE "/proc/plimsoll/audit"
#define AUDIT_BYTES 8192

static const char *const places[PLACES] = { "a", "a/b", "a/c", "d", "d/e", "f" };

/* What all of the case count together. */
struct tally {
	long started, ended, killed, execs, faults, ooms, made, audits;
};
static struct tally *tally;
static long long deadline;	/* of --stress; 0: rounds are counted */

static void count(long *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_SEQ_CST);
}

/* Does a worker go on with this round? */
static bool going(int round)
{
	return deadline ? now_msec() < deadline : round < ROUNDS;
}

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
	return false;
}

/* --- what a child does with its life --- */

static void ends(unsigned seed)
{
	(void)seed;
}

/* Becomes another program, which exits with the user id: 0. */
static void execs(unsigned seed)
{
	const char *const argv[] = { "conform", "--euid", NULL };

	(void)seed;
	count(&tally->execs);
	sys(__NR_execve, "/proc/self/exe", argv, argv + 2);
}

/* Touches pages, and again behind a fork: copies. Out of memory is an end like others. */
static void faults(unsigned seed)
{
	volatile char *at = sys_mmap(FAULT_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS);
	int status;
	long pid;

	if ((unsigned long)at >= -4095ul)
		return;
	for (int i = 0; i < FAULT_PAGES; i++)
		at[i * PAGE_BYTES] = 1;
	count(&tally->faults);
	pid = sys_fork();
	for (int i = 0; i < FAULT_PAGES; i++)
		at[pick(&seed, FAULT_PAGES) * PAGE_BYTES] = 2;
	if (pid == 0)
		sys_exit(0);
	if (pid > 0)
		sys_wait4(pid, &status, __WALL);
}

static void thread_main(void *arg)
{
	cg_join_thread(arg, 0);
	sys_yield();
}

/* Two threads, that move as one or, in a threaded place, alone. */
static void threads(unsigned seed)
{
	static char where[16];
	struct thread other;

	snprintf(where, sizeof(where), "%s", places[pick(&seed, PLACES)]);
	if (thread_try(&other, 0, thread_main, where) >= 0)
		thread_join(&other);
}

/* Leaves a child behind, an orphan at once. */
static void leaves(unsigned seed)
{
	if (sys_fork() == 0)
		cg_join(places[pick(&seed, PLACES)], 0);
}

static void child(unsigned seed)
{
	static void (*const lives[])(unsigned) = { ends, execs, faults, threads, leaves };

	cg_join(places[pick(&seed, PLACES)], 0);
	lives[pick(&seed, LENGTH(lives))](seed);
	sys_exit(!is_place(cg_of(0)));
}

/* Reaps a child that exits with 0 unless it is killed. */
static void reap_child(long pid)
{
	int status = -1;

	must(sys_wait4(pid, &status, __WALL));
	count(&tally->ended);
	if ((status & 0x7f) == SIGKILL)
		count(&tally->killed);
	else
		expect_eq(status, 0);
}

/* --- workers --- */

/* Makes children and moves them about meanwhile. */
static void forks(unsigned seed)
{
	for (int round = 0; going(round); round++) {
		long pid = sys_fork();

		if (pid == 0)
			child(seed + round);
		if (pid < 0)
			continue;
		count(&tally->started);
		for (unsigned moves = pick(&seed, 4); moves > 0; moves--)
			cg_join(places[pick(&seed, PLACES)], pid);
		reap_child(pid);
	}
}

/* Makes cgroups of its own, with and without members, and removes them. */
static void makes(unsigned seed)
{
	char name[32];

	for (int round = 0; going(round); round++) {
		long pid;

		snprintf(name, sizeof(name), "w%u-%d", seed, round);
		if (cg_try(name))
			continue;
		count(&tally->made);
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

	for (int round = 0; going(round); round++) {
		cg_write("", "cgroup.subtree_control", words[pick(&seed, LENGTH(words))]);
		cg_write(places[pick(&seed, PLACES)], "cgroup.subtree_control",
			 words[pick(&seed, LENGTH(words))]);
		sys_yield();
	}
}

static void freezes(unsigned seed)
{
	for (int round = 0; going(round); round++) {
		const char *cg = places[pick(&seed, PLACES)];

		cg_write(cg, "cgroup.freeze", "1");
		nap(1);
		cg_write(cg, "cgroup.freeze", "0");
	}
}

static void kills(unsigned seed)
{
	for (int round = 0; going(round); round++) {
		cg_write(places[pick(&seed, PLACES)], "cgroup.kill", "1");
		nap(pick(&seed, 5));
	}
}

/* Twice as much as its cgroup may have, where that has a limit just now. */
static void glutton(void)
{
	volatile char *at;

	cg_join("oom", 0);
	at = sys_mmap(OOM_PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	for (int i = 0; (unsigned long)at < -4095ul && i < OOM_PAGES; i++)
		at[i * PAGE_BYTES] = 1;
	sys_exit(0);
}

static void ooms(unsigned seed)
{
	(void)seed;
	for (int round = 0; going(round); round++) {
		long pid;

		cg_write("oom", "memory.max", OOM_KBYTES "K");
		pid = sys_fork();
		if (pid == 0)
			glutton();
		if (pid < 0)
			continue;
		count(&tally->started);
		count(&tally->ooms);
		reap_child(pid);
	}
}

/* The model looks at itself in the middle of it all. */
static void audits(unsigned seed)
{
	static char text[AUDIT_BYTES];

	(void)seed;
	for (int round = 0; have_file(AUDIT_FILE) && going(round); round++) {
		must(read_file(AUDIT_FILE, text, sizeof(text)));
		count(&tally->audits);
		if (!strstr(text, "\naudit ok\n"))
			fail_at(HERE, "an audit while all goes on", "%s", text);
		nap(50);
	}
}

static void (*const workers[])(unsigned) = {
	forks, forks, forks, makes, switches, freezes, kills, ooms, audits,
};

static void worker(struct peer *up, void *arg)
{
	unsigned which = *(unsigned *)arg;

	(void)up;
	workers[which](which + 1);
}

/* The numbers of --stress are for people: they are others on each run. */
static void tell_tally(void)
{
	if (deadline)
		say("# %ld children, %ld killed, %ld execs, %ld faults, %ld short of memory, "
		    "%ld cgroups, %ld audits\n",
		    tally->ended, tally->killed, tally->execs, tally->faults, tally->ooms,
		    tally->made, tally->audits);
}

/* Every place is empty, counts nothing, and goes. */
static void all_gone(void)
{
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
	expect_eq(cg_await("oom", "pids.current", NULL, 0), 0);
	expect_ret(cg_remove("oom"), 0);
	check_int("current", cg_await("", "pids.current", NULL, 0), 0);
	check_int("descendants", cg_number("", "cgroup.stat", "nr_descendants"), 0);
}

static void all_at_once(void)
{
	struct peer peers[LENGTH(workers)];
	unsigned which[LENGTH(workers)];

	cg_begin();
	must(cg_write("/", "cgroup.subtree_control", "+pids"));
	cg_write("/", "cgroup.subtree_control", "+memory");
	cg_write("", "cgroup.subtree_control", "+pids +memory");
	for (size_t i = 0; i < PLACES; i++)
		cg_make(places[i]);
	cg_make("oom");
	tally = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must_true((unsigned long)tally < -4095ul);
	if (stress_seconds())
		deadline = now_msec() + stress_seconds() * 1000ll;
	for (unsigned i = 0; i < LENGTH(workers); i++) {
		which[i] = i;
		spawn(&peers[i], 0, worker, &which[i]);
	}
	for (size_t i = 0; i < LENGTH(workers); i++)
		finish(&peers[i]);
	tell_tally();
	expect_eq(tally->started, tally->ended);
	all_gone();
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
