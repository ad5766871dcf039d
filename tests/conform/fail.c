// SPDX-License-Identifier: MIT
/* tests/conform/fail.c - every case while one of its allocations fails: EXT-FAIL-02.
 *
 * After a case has passed it is run again and again, with allocation 1, 2, 3 ... of its process and
 * all that it forks failing ("each"), or with the first one whose place in the kernel has not
 * failed yet ("new"), until none fails any more. What the case finds then does not count. What
 * does: the call whose allocation failed says ENOMEM, or what Linux says there; all processes can
 * be killed; as much memory is in use as before, of each kind; the audit is clean.
 * What is more than before must be more again when the same is done again: a table may grow. */
#include "fail.h"

#define FAIL_FILE "/proc/self/plimsoll/fail"
#define MEMORY_FILE "/proc/plimsoll/memory"
#define TEXT_BYTES 8192
#define MAX_RUNS 20000
#define STRESS_LIMIT_SEC 60	/* such cases are others on each run: no end of new places */
#define SETTLE_STEPS 100
#define SETTLE_MSEC 2
#define UNIX_SOCKETS 1		/* AF_UNIX */
#define STREAM 1		/* SOCK_STREAM */
#define ERRNO_MAX 511		/* above: codes that restart a call */

/* What else a call may say: Linux says that too. */
static const struct {
	const char *call;	/* NULL: any */
	int err;
} allowed[] = {
	{ NULL, ENOMEM }, { NULL, EINTR }, { NULL, ENOBUFS },
	{ "pipe", ENFILE }, { "pipe2", ENFILE }, { "socket", ENFILE }, { "socketpair", ENFILE },
	{ "accept", ENFILE }, { "accept4", ENFILE },
	{ "rt_sigqueueinfo", EAGAIN }, { "rt_tgsigqueueinfo", EAGAIN },
	{ "timer_create", EAGAIN }, { "pidfd_send_signal", EAGAIN },
	{ "clone", EAGAIN }, { "clone3", EAGAIN }, { "fork", EAGAIN }, { "vfork", EAGAIN },
	{ "1025", ENOLCK }, { "fcntl", ENOLCK }, { "flock", ENOLCK },
	{ "fcntl", EAGAIN }, { "mlock", EAGAIN }, { "mlock2", EAGAIN }, { "mlockall", EAGAIN },
	{ "setuid", EAGAIN }, { "setreuid", EAGAIN }, { "setresuid", EAGAIN },
};

static const char *arming;	/* what the next case writes to its fail file, or NULL */
static char state[TEXT_BYTES], before[TEXT_BYTES], after[TEXT_BYTES];

bool fail_running(void)
{
	return arming != NULL;
}

void fail_begin(void)
{
	if (arming)
		write_file(FAIL_FILE, arming);
}

/* The number in the line "key number" of a file's text. */
static long number_of(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			return strtol(line + len, NULL, 10);
	}
	return 0;
}

/* Has the allocation that shall fail done so by now? */
bool fail_happened(void)
{
	if (read_file(FAIL_FILE, state, sizeof(state)) < 0)
		state[0] = 0;
	return number_of(state, "failed");
}

/* --- leaks --- */

/* The children's signal, which is blocked here, counts as memory while it is pending. */
static void drop_sigchld(void)
{
	struct __kernel_timespec at_once = { 0 };
	unsigned long set = 1ul << (SIGCHLD - 1);

	sys(__NR_rt_sigtimedwait, &set, NULL, &at_once, SIGSET_BYTES);
}

/* Sockets that were sent through each other stay until the next one is closed, as on Linux. */
static void drop_circles(void)
{
	sys_close(sys(__NR_socket, UNIX_SOCKETS, STREAM, 0));
}

/* Is there as much of everything as before, at last? */
static bool memory_settles(void)
{
	drop_sigchld();
	drop_circles();
	for (int i = 0; i < SETTLE_STEPS; i++) {
		if (read_file(MEMORY_FILE, after, sizeof(after)) < 0 || !strcmp(before, after))
			return true;
		nap(SETTLE_MSEC);
	}
	return false;
}

/* Tells what there is more of than before. */
static void tell_growth(void)
{
	char name[64];

	for (char *line = after; line && *line; line = strchr(line, '\n')) {
		size_t len;

		line += *line == '\n';
		len = strcspn(line, " \n");
		snprintf(name, sizeof(name), "%.*s", (int)len, line);
		if (*name && number_of(before, name) != number_of(after, name))
			say("# memory %s: %ld, was %ld\n", name, number_of(after, name),
			    number_of(before, name));
	}
}

/* --- the call --- */

static bool call_is(const char *name)
{
	const char *line = strstr(state, "\ncall ");

	return line && strncmp(line + 6, name, strlen(name)) == 0 && line[6 + strlen(name)] == '\n';
}

/* Was the allocation made on behalf of this function of the kernel? */
static bool failed_in(const char *function)
{
	char line[64];

	snprintf(line, sizeof(line), "\nat %s\n", function);
	return strstr(state, line);
}

/* May a call whose allocation failed return that? A fault in its copy is EFAULT. */
static bool is_right(long result)
{
	if (result >= 0 || result < -ERRNO_MAX || !number_of(state, "returned"))
		return true;
	if (failed_in("signal_enqueue"))	/* the signal lost its siginfo, no more */
		return true;
	if (failed_in("cr_refuse_at") || failed_in("error_write"))
		return true;		/* refused anyway; the log or the image does not say it */
	if (failed_in("cr_lookup"))		/* found all the same, without an index */
		return true;
	if (failed_in("cr_cgroups_undo"))	/* refused anyway; an empty group is lost */
		return true;
	if (result == -EFAULT)
		return number_of(state, "fault");
	for (size_t i = 0; i < LENGTH(allowed); i++)
		if (result == -allowed[i].err && (!allowed[i].call || call_is(allowed[i].call)))
			return true;
	return false;
}

static void tell_place(void)
{
	char *rest;

	for (char *line = state; *line; line = rest) {
		rest = line + strcspn(line, "\n");
		if (*rest)
			*rest++ = 0;
		if (!strncmp(line, "at ", 3) || !strncmp(line, "call ", 5))
			say("# fault %s\n", line);
	}
}

/* --- the runs --- */

/* One run. Returns: whether an allocation failed. */
static bool run_once(const struct test_case *test, const char *nth)
{
	bool failed;

	arming = nth;
	output_mute(true);
	run_case(test);
	output_mute(false);
	clear_dir("/tmp", "box.");	/* of cases of checkpoints that broke off (crbox.c) */
	arming = NULL;
	verdict_reset();
	failed = fail_happened();
	write_file(FAIL_FILE, "0");
	return failed;
}

/* Is more in use after this run, and again after the same once more? A table may grow. */
static bool leaks(const struct test_case *test)
{
	char again[16];

	if (memory_settles())
		return false;
	snprintf(again, sizeof(again), "%ld", number_of(state, "counted"));
	strcpy(before, after);
	run_once(test, again);
	return !memory_settles();
}

/* What counts about a run in which an allocation failed. */
static bool judge(const struct test_case *test, const char *nth)
{
	if (!is_right(number_of(state, "result")))
		fail_at(HERE, nth, "the call returns %s", ret_text(number_of(state, "result")));
	if (sys_wait4(-1, NULL, WNOHANG | __WALL) != -ECHILD)
		fail_at(HERE, nth, "a process cannot be killed");
	run_audit();
	if (verdict_failed())
		tell_place();
	if (!leaks(test))
		return !verdict_failed();
	fail_at(HERE, nth, "memory stays in use");
	tell_growth();
	tell_place();
	strcpy(before, after);
	return false;
}

void fail_each(const struct test_case *test, const char *how)
{
	bool fresh = strcmp(how, "new") == 0, failed = false, more = true;
	char nth[16] = "new";
	int runs;

	if (!have_file(FAIL_FILE) || test->limit_sec >= STRESS_LIMIT_SEC)
		return;
	drop_sigchld();
	drop_circles();
	must(read_file(MEMORY_FILE, before, sizeof(before)));
	for (runs = 1; runs < MAX_RUNS; runs++) {
		if (!fresh)
			snprintf(nth, sizeof(nth), "%d", runs);
		more = run_once(test, nth);
		if (!more)
			break;
		failed |= !judge(test, nth);
	}
	verdict_reset();
	if (more)
		fail_at(HERE, test->id, "allocations after %d have not failed", runs - 1);
	if (failed)
		fail_at(HERE, test->id, "not as it should be while memory is short");
	say("# faults %s %d\n", test->id, runs - 1);
}
