// SPDX-License-Identifier: MIT
/* tests/conform/run.c - runs the cases one after the other and writes KTAP.
 *
 * Life of a case: 1. forked into a session of its own; 2. runs, printing what
 * it saw; 3. ends, or is killed at its limit; 4. everything it left behind is
 * killed and reaped (the runner is init or a subreaper), its temporary places
 * are removed, names and limits of the system are put back and compared;
 * 5. on the model the kernel audits itself, and what is broken fails the case.
 * A case that checked nothing fails. See Documentation/dev-tools/ktap.rst. */
#include "cgutil.h"
#include "fail.h"

#define DEFAULT_LIMIT_SEC 10
#define CR_DIR "/run/crpoint"
#define CR_NAP_MSEC 5
#define CR_TRIES 4000
#define CR_LIMIT_SEC 20
#define AUDIT_FILE "/proc/plimsoll/audit"
#define TEXT_BYTES 32768
#define MAX_CASES 2000

#define SUITE(name) extern const struct test_case name##_cases[];
#include "suites.h"
#undef SUITE

static const struct test_case *const suites[] = {
#define SUITE(name) name##_cases,
#include "suites.h"
#undef SUITE
};

/* What a case must leave as it found it. */
static const char *const kept_files[] = {
	"/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname",
	"/proc/sys/user/max_uts_namespaces", "/proc/sys/user/max_ipc_namespaces",
	"/proc/sys/user/max_mnt_namespaces", "/proc/sys/user/max_pid_namespaces",
	"/proc/sys/user/max_net_namespaces", "/proc/sys/user/max_user_namespaces",
	"/proc/sys/user/max_cgroup_namespaces", "/proc/sys/user/max_time_namespaces",
	"/proc/sys/kernel/pty/max", "/proc/sys/kernel/pty/reserve",
	"/proc/sys/fs/mount-max",
};
#define OWN_NAMES 2		/* the first ones: the runner's own */
static char kept[LENGTH(kept_files)][128];

static const struct test_case *current;
static const struct run_options *options;
static char text[TEXT_BYTES];

const char *case_id(void)
{
	return current ? current->id : "none";
}

unsigned long case_kind(void)
{
	return current->kind;
}

static long case_pid;		/* of the case's first process, as it sees itself */
static bool cr_done;

/* Asks crrun(1) for a checkpoint and a restart of the runner and all that is below it; goes on when
 * that is done, or was refused. A case that does not see the place goes on at once. */
static void cr_ask(void)
{
	long fd = sys_open(CR_DIR "/want", O_CREAT | O_EXCL | O_WRONLY, 0666);

	if (fd < 0)
		return;
	sys_write(fd, case_id(), strlen(case_id()));
	sys_close(fd);
	for (int i = 0; i < CR_TRIES && have_file(CR_DIR "/want"); i++)
		nap(CR_NAP_MSEC);
}

/* A place where a checkpoint may be taken. --cr: once, now; --cr-stop: stop until the runner, or
 * whoever checkpoints us, lets us go on. */
void cr_point(void)
{
	if (options->cr_stop)
		sys_kill(sys_getpid(), SIGSTOP);
	if (!options->cr || cr_done || sys_getpid() != case_pid)
		return;
	cr_done = true;
	cr_ask();
}

/* The first check of a case is such a place too. */
void cr_point_at_check(void)
{
	if (options && options->cr)
		cr_point();
}

bool case_is_checkpointed(void)
{
	return options && options->cr;
}

/* Does the glob (with * and ?) match the whole name? */
static bool glob_match(const char *glob, const char *name)
{
	if (*glob == '*')
		return glob_match(glob + 1, name) || (*name && glob_match(glob, name + 1));
	if (!*glob || !*name)
		return *glob == *name;
	return (*glob == '?' || *glob == *name) && glob_match(glob + 1, name + 1);
}

/* Does a pattern choose this case? "NS-05" also means "NS-05.more". */
static bool pattern_chooses(const char *pattern, const char *id)
{
	const char *dot = strchr(id, '.');
	char rule[64];

	if (glob_match(pattern, id))
		return true;
	if (!dot)
		return false;
	snprintf(rule, sizeof(rule), "%.*s", (int)(dot - id), id);
	return glob_match(pattern, rule);
}

static bool chosen(const struct test_case *test)
{
	for (int i = 0; i < options->pattern_count; i++) {
		if (pattern_chooses(options->patterns[i], test->id))
			return true;
	}
	return options->pattern_count == 0;
}

/* Print a file line by line behind "# prefix "; only lines holding filter. */
static int print_lines(const char *path, const char *prefix, const char *filter)
{
	int printed = 0;
	char *rest = text;

	if (read_file(path, text, sizeof(text)) < 0)
		return 0;
	for (char *line = text; *line; line = rest) {
		rest = line + strcspn(line, "\n");
		if (*rest)
			*rest++ = 0;
		if (!strstr(line, filter))
			continue;
		say("# %s %s\n", prefix, line);
		printed++;
	}
	return printed;
}

/* The child: runs the case and says why the kernel refused, if it failed. */
static void child_main(void)
{
	unsigned long none = 0;

	case_pid = sys_getpid();
	sys(__NR_setsid);
	sys(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGSET_BYTES);
	if (current->kind)
		need_ns(current->kind);
	fail_begin();
	current->run();
	if (verdict_failed())
		print_lines("/proc/self/plimsoll/why", "why", "");
	case_stop(0);
}

int stress_seconds(void)
{
	return options->stress_sec;
}

long long now_msec(void)
{
	struct __kernel_timespec ts;

	sys(__NR_clock_gettime, 1 /* CLOCK_MONOTONIC */, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

/* Sleep until a child changes, at most msec. SIGCHLD is blocked here. */
static void wait_for_sigchld(long long msec)
{
	struct __kernel_timespec ts = { msec / 1000, msec % 1000 * 1000000 };
	unsigned long set = 1ul << (SIGCHLD - 1);

	sys(__NR_rt_sigtimedwait, &set, NULL, &ts, SIGSET_BYTES);
}

/* Wait for the case's process; orphans that come to us are reaped on the way.
 * Returns: its wait status, or -ETIMEDOUT while it still runs. */
static long wait_case(long pid, int limit_sec)
{
	long long end = now_msec() + limit_sec * 1000ll;
	int status;

	for (;;) {
		long got = sys_wait4(-1, &status, WNOHANG | WUNTRACED | __WALL);

		if (got > 0 && (status & 0xff) == 0x7f)
			sys_kill(got, SIGCONT);
		else if (got == pid)
			return status;
		else if (got == -ECHILD)
			return -ECHILD;
		else if (got <= 0 && now_msec() >= end)
			return -ETIMEDOUT;
		else if (got <= 0)
			wait_for_sigchld(end - now_msec() < 1 ? 1 : end - now_msec());
	}
}

/* The same for a case whose memory is short: nobody may come any more, but until an allocation has
 * failed it has its whole time. */
static long wait_failing(long pid, int limit_sec)
{
	long status;

	do {
		status = wait_case(pid, FAIL_LIMIT_SEC);
		limit_sec -= FAIL_LIMIT_SEC;
	} while (status == -ETIMEDOUT && limit_sec > 0 && !fail_happened());
	return status;
}

/* Kill every child we have, by the parent column of /proc/PID/stat. */
static void kill_children(void)
{
	long me = sys_getpid();
	long fd = sys_open("/proc", O_RDONLY | O_DIRECTORY, 0);
	char entries[2048], path[64], stat[256];
	long len;

	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			long pid = strtol(entries + at + 19, NULL, 10);
			char *after;

			snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
			if (pid <= 1 || read_file(path, stat, sizeof(stat)) < 0)
				continue;
			after = strrchr(stat, ')');
			if (after && strtol(after + 4, NULL, 10) == me)
				sys_kill(pid, SIGKILL);
		}
	}
	if (fd >= 0)
		sys_close(fd);
}

/* Kill and reap all that the case left behind. As init everything else dies;
 * otherwise what was orphaned to us, again until there is nothing. */
static void kill_leftovers(long pid)
{
	long long end = now_msec() + DEFAULT_LIMIT_SEC * 1000ll;
	int status;

	do {
		if (sys_getpid() == 1) {
			sys_kill(-1, SIGKILL);
		} else {
			sys_kill(-pid, SIGKILL);
			kill_children();
		}
		while (sys_wait4(-1, &status, WNOHANG | __WALL) > 0)
			;
		if (sys_wait4(-1, &status, WNOHANG | __WALL) == -ECHILD)
			return;
		wait_for_sigchld(20);
	} while (now_msec() < end);
	fail_at(HERE, "all processes of the case die", "some do not");
}

/* Remember what a case must not change. */
static void keep_state(void)
{
	for (size_t i = 0; i < LENGTH(kept_files); i++) {
		if (read_file(kept_files[i], kept[i], sizeof(kept[i])) < 0)
			kept[i][0] = 0;
	}
}

/* Put it back where it was changed. A limit may be changed by a case that was
 * killed; a name of the runner's own namespace may never change. */
static void restore_state(void)
{
	char now[sizeof(kept[0])];

	for (size_t i = 0; i < LENGTH(kept_files); i++) {
		if (!kept[i][0] || read_file(kept_files[i], now, sizeof(now)) < 0)
			continue;
		if (strcmp(now, kept[i]) == 0)
			continue;
		write_file(kept_files[i], kept[i]);
		if (i < OWN_NAMES)
			fail_at(HERE, kept_files[i], "the case changed it");
	}
}

/* Run one case to its end in a child and clean up behind it. */
void run_case(const struct test_case *test)
{
	int limit = test->limit_sec ? test->limit_sec : DEFAULT_LIMIT_SEC;
	char path[64];
	long pid, status;

	limit += options->stress_sec + (options->cr ? CR_LIMIT_SEC : 0);
	current = test;
	verdict_reset();
	keep_state();
	pid = sys_fork();
	if (pid == 0)
		child_main();
	if (pid < 0) {
		fail_at(HERE, "fork", "got %s", ret_text(pid));
		return;
	}
	status = fail_running() ? wait_failing(pid, limit) : wait_case(pid, limit);
	if (status == -ETIMEDOUT) {
		fail_at(HERE, "the case ends", "still running after %d s", limit);
		snprintf(path, sizeof(path), "/proc/%ld/plimsoll/why", pid);
		print_lines(path, "why", "");
	} else if (status != 0) {
		fail_at(HERE, "the case's process exits", "wait status 0x%lx", status);
	}
	kill_leftovers(pid);
	if (verdict_cgroups())
		cg_clean();
	temp_clean();
	restore_state();
	if (!verdict_failed() && !verdict_skip_reason() && !verdict_checks())
		fail_at(HERE, "the case checks something", "it checked nothing");
}

/* Let the model audit itself; what it finds broken fails the case. */
void run_audit(void)
{
	if (!have_file(AUDIT_FILE))
		return;
	print_lines(AUDIT_FILE, "audit", "BROKEN");
	if (read_file(AUDIT_FILE, text, sizeof(text)) < 0 || !strstr(text, "\naudit ok"))
		fail_at(HERE, AUDIT_FILE, "broken");
}

/* Print the verdict's line. Returns: 1 if the case failed, else 0. */
static int print_result(const struct test_case *test, int number)
{
	const char *reason = verdict_failed() ? NULL : verdict_skip_reason();

	say("%sok %d %s %s%s%s\n", verdict_failed() ? "not " : "", number, test->id,
	    test->title, reason ? " # SKIP " : "", reason ? reason : "");
	return verdict_failed();
}

/* Collect the chosen cases behind options->after. Returns: how many. */
static int collect(const struct test_case **list, int max)
{
	bool going = !options->after;
	int count = 0;

	for (size_t s = 0; s < LENGTH(suites); s++) {
		for (const struct test_case *test = suites[s]; test->id; test++) {
			if (going && chosen(test) && count < max)
				list[count++] = test;
			if (options->after && strcmp(test->id, options->after) == 0)
				going = true;
		}
	}
	return count;
}

/* Run or list all chosen cases. Returns: the number that failed. */
int run_suites(const struct run_options *chosen_options)
{
	static const struct test_case *list[MAX_CASES];
	unsigned long sigchld = 1ul << (SIGCHLD - 1);
	struct new_utsname name = { 0 };
	int total, failed = 0;

	options = chosen_options;
	total = collect(list, MAX_CASES);
	for (int i = 0; options->list_only && i < total; i++)
		say("%-20s %s\n", list[i]->id, list[i]->title);
	if (options->list_only)
		return 0;
	sys_uname(&name);
	say("KTAP version 1\n1..%d\n", total);
	say("# kernel %s %s %s\n", name.sysname, name.release, name.machine);
	verdict_init();
	sys(__NR_rt_sigprocmask, SIG_BLOCK, &sigchld, NULL, SIGSET_BYTES);
	sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0);
	for (int i = 0; i < total; i++) {
		say("# case %s\n", list[i]->id);
		run_case(list[i]);
		run_audit();
		if (options->fail && !verdict_failed() && !verdict_skip_reason())
			fail_each(list[i], options->fail);
		failed += print_result(list[i], i + 1);
	}
	return failed;
}
