// SPDX-License-Identifier: MIT
/* tests/conform/ext.c - EXT-WHY, EXT-AUDIT, EXT-FAIL, EXT-STATE, EXT-CMD: what the model has more.
 *
 * Errno with reasons in /proc/PID/plimsoll/why, the audit in
 * /proc/plimsoll/audit; both are skipped where they do not exist. Words of the
 * kernel command line reach init on Linux as well (DESIGN.md 5). */
#include "conform.h"
#include "fail.h"

#define WHY "/proc/self/plimsoll/why"
#define AUDIT "/proc/plimsoll/audit"
#define TEXT_BYTES 8192

static char text[TEXT_BYTES];

static const char *why(void)
{
	if (!have_file(WHY))
		skip("no " WHY " in this kernel");
	must(read_file(WHY, text, sizeof(text)));
	return text;
}

static int lines_of(const char *at)
{
	int lines = 0;

	while ((at = strchr(at, '\n'))) {
		at++;
		lines++;
	}
	return lines;
}

/* EXT-WHY */

static void names_the_rule(void)
{
	why();
	private_uts("home");
	expect_errno(sys_sethostname("x", 65), EINVAL);
	check_true("rule", strstr(why(), "UTSNS-03") != NULL);
	check_true("errno", strstr(why(), "EINVAL") != NULL);
	check_true("call", strstr(why(), "sethostname") != NULL);
	check_true("place", strstr(why(), "uts.c") != NULL);
	caps_set(0, 0);
	expect_errno(sys_setdomainname("x", 1), EPERM);
	check_true("next_rule", strstr(why(), "UTSNS-04") != NULL);
	check_true("next_call", strstr(why(), "setdomainname") != NULL);
}

static void each_task(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_true("child_starts_without", strstr(why(), "UTSNS-03") == NULL);
}

static void own_refusals(void)
{
	why();
	private_uts("home");
	expect_errno(sys_sethostname("x", -1), EINVAL);
	run_child(0, each_task, NULL);
	check_true("parent_has_it", strstr(why(), "UTSNS-03") != NULL);
}

static void success_is_silent(void)
{
	int before;

	why();
	private_uts("home");
	before = lines_of(why());
	for (int i = 0; i < 20; i++)
		set_node("fine");
	check_int("new_lines", lines_of(why()) - before, 0);
}

/* The log is short: old refusals go, the last one stays. */
static void last_stays(void)
{
	why();
	private_uts("home");
	for (int i = 0; i < 50; i++)
		expect_errno(sys_sethostname("x", 65), EINVAL);
	caps_set(0, 0);
	expect_errno(sys_sethostname("x", 1), EPERM);
	check_true("last", strstr(why(), "UTSNS-04") != NULL);
	check_true("bounded", lines_of(why()) < 50);
}

/* EXT-AUDIT */

static const char *audit(void)
{
	if (!have_file(AUDIT))
		skip("no " AUDIT " in this kernel");
	must(read_file(AUDIT, text, sizeof(text)));
	return text;
}

static void audit_form(void)
{
	const char *last = "", *line = audit();
	int odd = 0, audits = 0;

	while (*line) {
		size_t len = strcspn(line, "\n");

		last = line;
		audits += strncmp(line, "ok ", 3) == 0;
		odd += strncmp(line, "ok ", 3) != 0 && strncmp(line, "audit ", 6) != 0;
		line += len + (line[len] == '\n');
	}
	check_int("odd_lines", odd, 0);
	check_true("several_audits", audits >= 3);
	check_str("last_line", last, "audit ok\n");
}

static void audit_after_use(void)
{
	long pids[8];

	audit();
	private_uts("home");
	for (size_t i = 0; i < LENGTH(pids); i++)
		pids[i] = must(spawn_idle(CLONE_NEWUTS));
	check_true("while_alive", strstr(audit(), "\naudit ok\n") != NULL);
	for (size_t i = 0; i < LENGTH(pids); i++)
		end_idle(pids[i]);
	check_true("afterwards", strstr(audit(), "\naudit ok\n") != NULL);
}

/* EXT-FAIL */

#define FAIL "/proc/self/plimsoll/fail"

static long arm(const char *nth)
{
	return write_file(FAIL, nth);
}

static long some_pipe(void)
{
	int ends[2];
	long rc = sys_pipe(ends, 0);

	if (rc == 0) {
		sys_close(ends[0]);
		sys_close(ends[1]);
	}
	return rc;
}

static void inner_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("inner root", arm("1"), -EPERM);
}

static void nth_fails(void)
{
	struct peer child;
	char path[64];

	if (!have_file(FAIL) || fail_running())
		skip("no " FAIL " to be had");
	check_ret("words", arm("first"), -EINVAL);
	check_ret("negative", arm("-1"), -EINVAL);
	must(arm("1"));
	check_true("first", some_pipe() < 0);
	check_ret("once", some_pipe(), 0);
	must(arm("100000"));
	check_ret("far", some_pipe(), 0);
	must(arm("0"));
	spawn(&child, 0, wait_to_go, NULL);
	snprintf(path, sizeof(path), "/proc/%d/plimsoll/fail", child.pid);
	must(write_file(path, "1"));
	check_ret("another's", some_pipe(), 0);
	must(write_file(path, "0"));
	end_peer(&child);
	run_child(CLONE_NEWUSER, inner_root, NULL);
	become_user(PLAIN_UID);
	check_ret("plain user", arm("1") < 0, 1);
}

/* EXT-STATE */

#define STATE "/proc/plimsoll/state"
#define STATE_BYTES (256 * 1024)

static char state[STATE_BYTES];

static const char *read_state(void)
{
	if (!have_file(STATE))
		skip("no " STATE " in this kernel");
	must(read_file(STATE, state, sizeof(state)));
	return state;
}

static bool state_has(const char *what, long id)
{
	char text[64];

	snprintf(text, sizeof(text), "\"%s\": %ld", what, id);
	return strstr(read_state(), text) != NULL;
}

/* Brackets outside of strings close in order, and no string has a byte that JSON forbids. */
static bool is_balanced(const char *s)
{
	char open[64];
	int depth = 0;
	bool quoted = false;

	for (; *s && depth < (int)sizeof(open); s++) {
		if (quoted && *s == '\\')
			s++;
		else if (*s == '"')
			quoted = !quoted;
		else if (quoted && ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e))
			return false;
		else if (!quoted && (*s == '{' || *s == '['))
			open[depth++] = *s + 2;		/* its partner in ASCII */
		else if (!quoted && (*s == '}' || *s == ']') && (!depth || open[--depth] != *s))
			return false;
	}
	return !depth && !quoted;
}

static void state_is_whole(void)
{
	struct stat st;

	need_admin();
	check_true("valid", is_balanced(read_state()));
	check_true("task", state_has("tid", sys_getpid()));
	must(sys_unshare(CLONE_NEWUTS));
	must(sys_stat("/proc/self/ns/uts", &st));
	check_true("uts", state_has("uts", st.st_ino));
	must(sys_prctl(PR_SET_NAME, (long)"\"\\\n\xff{", 0));
	check_true("odd_name", is_balanced(read_state()));
	check_true("escaped", strstr(state, "\\\"\\\\\\u000a\\u00ff{") != NULL);
}

static void inner_root_reads(struct peer *up, void *arg)
{
	(void)arg;
	(void)up;
	check_ret("inner_root", sys_open(STATE, O_RDONLY, 0), -EPERM);
}

static void state_is_for_root(void)
{
	need_admin();
	read_state();
	run_child(CLONE_NEWUSER, inner_root_reads, NULL);
	become_user(PLAIN_UID);
	check_ret("plain", sys_open(STATE, O_RDONLY, 0), -EACCES);
}

/* EXT-CMD: the oracle boots with conform_word=seen on the command line. */
static void words_reach_init(void)
{
	const char *word = getenv("conform_word");

	need_init();
	if (!word)
		skip("conform_word=... is not on the kernel command line");
	check_str("conform_word", word, "seen");
	check_str("HOME", getenv("HOME") ? getenv("HOME") : "", "/");
	check_str("TERM", getenv("TERM") ? getenv("TERM") : "", "linux");
	check_true("console_is_taken", getenv("console") == NULL);
}

const struct test_case ext_cases[] = {
	{ "EXT-WHY-01", "the last refusal is listed: call, errno, rule, place",
	  names_the_rule, 0, 0 },
	{ "EXT-WHY-01.own", "each task has its own", own_refusals, 0, 0 },
	{ "EXT-WHY-01.last", "old ones go, the last stays", last_stays, 0, 0 },
	{ "EXT-WHY-03", "what succeeds leaves no trace", success_is_silent, 0, 0 },
	{ "EXT-FAIL-01", "the Nth allocation fails, once", nth_fails, 0, 0 },
	{ "EXT-AUDIT-01", "the audit's lines", audit_form, 0, 0 },
	{ "EXT-AUDIT-02", "namespaces made and left are found right",
	  audit_after_use, 0, 0 },
	{ "EXT-STATE-01", "the state is one JSON, whatever names are", state_is_whole, 0, 0 },
	{ "EXT-STATE-02", "the state is for root of the machine", state_is_for_root, 0, 0 },
	{ "EXT-CMD-01", "unknown words of the command line reach init",
	  words_reach_init, 0, 0 },
	{ 0 },
};
