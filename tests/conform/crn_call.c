// SPDX-License-Identifier: MIT
/* tests/conform/crn_call.c - checkpoint(2) and restart(2): whom they take, what they say, what they
 * leave. See docs/rules/checkpoint-restart.md, CR-API-01, 03, 04, 06, 09, 11, 13, 17, 20,
 * CR-TASK-20. */
#include "crbox.h"

#include <linux/mount.h>
#include <linux/ptrace.h>
#include <sched.h>

#define NR_CHECKPOINT 1024
#define NR_RESTART    1025
#define SUBTREE 1
#define TASKSELF 1
#define FROZEN 2
#define GHOST 4
#define GHOST_BIT 2
#define IMAGE "/tmp/crn.img"
#define LOG "/tmp/crn.log"
#define NO_PID (1 << 22)
#define TAR_BLOCK 512

static char log_text[1024];

static long image(void)
{
	return must(sys_open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600));
}

static long checkpoint(long pid, int flags)
{
	long fd = image(), rc = sys(NR_CHECKPOINT, pid, fd, flags, -1);

	sys_close(fd);
	return rc;
}

/* --- CR-API-01: twice out of one call --- */

#define SELF_FD 0
#define AGAIN 42

static void self_child(long to)
{
	long rc;

	must(sys_dup2(to, SELF_FD));
	sys(__NR_close_range, 1, ~0U, 0);
	rc = sys(NR_CHECKPOINT, 0, SELF_FD, SUBTREE, -1);
	sys_exit(rc > 0 ? 1 : rc == 0 ? AGAIN : 2);
}

static void self(void)
{
	static char bytes[65536];
	long pid, fd, n, size = 0;
	int ends[2];

	box_need();
	fd = image();
	must(sys_pipe(ends, 0));
	pid = must(sys_fork());
	if (pid == 0)
		self_child(ends[1]);
	sys_close(ends[1]);
	while ((n = sys_read(ends[0], bytes, sizeof(bytes))) > 0) {
		must_true(sys_write(fd, bytes, n) == n);
		size += n;
	}
	check_int("checkpointer", wait_status(pid), 1 << 8);
	check_true("image", size > 0);
	sys_lseek(fd, 0, SEEK_SET);
	check_true("same_number", sys(NR_RESTART, 0, fd, 0, -1) == pid);
	check_int("restarted", wait_status(pid), AGAIN << 8);
	sys_lseek(fd, 0, SEEK_SET);
	check_true("once_more", sys(NR_RESTART, 0, fd, 0, -1) == pid);
	check_int("restarted_again", wait_status(pid), AGAIN << 8);
	sys_unlink(IMAGE);
}

/* Its image is a file that it has open itself, and the log another. */
static void self_writer(void)
{
	long fd = image(), told = must(sys_open(LOG, O_RDWR | O_CREAT | O_TRUNC, 0600)), rc;

	sys_dup2(fd, 0);
	sys_dup2(told, 1);
	sys(__NR_close_range, 2, ~0U, 0);
	rc = sys(NR_CHECKPOINT, 0, 0, SUBTREE, 1);
	sys_exit(rc > 0 ? 1 : rc == 0 ? AGAIN : 2);
}

static void self_into_file(void)
{
	long pid;

	box_need();
	pid = must(sys_fork());
	if (pid == 0)
		self_writer();
	check_int("checkpointer", wait_status(pid), 1 << 8);
	check_true("same_number", box_restart(IMAGE, 0, log_text, sizeof(log_text)) == pid);
	check_int("restarted", wait_status(pid), AGAIN << 8);
	sys_unlink(IMAGE);
	sys_unlink(LOG);
}

/* --- CR-API-03: who is not there --- */

static void nobody(void)
{
	long pid;

	box_need();
	check_ret("no_such", checkpoint(NO_PID, SUBTREE), -ESRCH);
	check_ret("negative", checkpoint(-1, SUBTREE), -ESRCH);
	pid = must(sys_fork());
	if (pid == 0)
		sys_exit(0);
	must(sys(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("dead", checkpoint(pid, SUBTREE), -ESRCH);
	sys_wait4(pid, NULL, 0);
	check_ret("gone", checkpoint(pid, SUBTREE), -ESRCH);
	sys_unlink(IMAGE);
}

/* --- CR-API-04, 20, CR-TASK-20: containers --- */

static struct {
	long init, last;		/* outer numbers, shared with the box */
	volatile bool is_there;
} *seen;

/* The box waits for a container with a name of its own. */
static void container_make(void)
{
	long pid;

	must(sys_unshare(CLONE_NEWPID));
	pid = must(sys_fork());
	if (pid == 0) {
		must(sys_unshare(CLONE_NEWUTS));
		seen->is_there = true;
		for (;;)
			nap(1000);
	}
	seen->init = pid;
	while (!seen->is_there)
		nap(1);
}

static long container(void)
{
	seen = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)seen);
	return box_frozen(container_make);
}

static void whole_container(void)
{
	long pid = container();

	check_true("container", checkpoint(seen->init, 0) > 0);
	check_true("as_subtree", checkpoint(seen->init, SUBTREE) > 0);
	check_ret("its_parent", checkpoint(pid, 0), -EINVAL);
	check_true("its_parent_as_subtree", checkpoint(pid, SUBTREE) > 0);
	box_end(pid);
	sys_unlink(IMAGE);
}

static void enter(long pid, const char *kind, int flag)
{
	char path[64];
	long fd;

	snprintf(path, sizeof(path), "/proc/%ld/ns/%s", pid, kind);
	fd = must(sys_open(path, O_RDONLY, 0));
	must(sys_setns(fd, flag));
	sys_close(fd);
}

static void in_its_uts(struct peer *up, void *arg)
{
	enter(*(long *)arg, "uts", CLONE_NEWUTS);
	stay(up, NULL);
}

static void leak(void)
{
	struct peer holder;
	long pid = container();

	spawn(&holder, 0, in_its_uts, &seen->init);
	hear(&holder);
	check_ret("held_outside", box_checkpoint_flags(seen->init, IMAGE, 0, log_text,
						       sizeof(log_text)), -EBUSY);
	check_true("names_it", !strncmp(log_text, "error: uts namespace ", 21));
	check_true("rule", strstr(log_text, ": CR-API-20 ") != NULL);
	check_true("as_subtree", checkpoint(seen->init, SUBTREE) > 0);
	end_peer(&holder);
	check_true("let_go", checkpoint(seen->init, 0) > 0);
	box_end(pid);
	sys_unlink(IMAGE);
}

/* Its parent stays outside, it is born in the container. */
static void beside_init(struct peer *up, void *arg)
{
	enter(*(long *)arg, "pid", CLONE_NEWPID);
	spawn_idle(0);
	stay(up, NULL);
}

static void sibling(void)
{
	struct peer parent;
	long pid = container(), other;

	spawn(&parent, 0, beside_init, &seen->init);
	hear(&parent);
	check_ret("container", box_checkpoint_flags(seen->init, IMAGE, 0, log_text,
						    sizeof(log_text)), -EINVAL);
	check_true("says_so", strstr(log_text, "is no descendant of init: CR-TASK-20") != NULL);
	other = first_child(parent.pid);
	sys_kill(other, SIGKILL);
	end_peer(&parent);
	while (!sys_kill(other, 0)) {
		sys_wait4(other, NULL, WNOHANG);
		nap(1);
	}
	check_true("without", checkpoint(seen->init, 0) > 0);
	box_end(pid);
	sys_unlink(IMAGE);
}

/* --- CR-API-06: traced; CR-API-11: why, in the log and at the image's end --- */

static bool image_ends_with(const char *line)
{
	static char bytes[64 * TAR_BLOCK];
	long n = read_file(IMAGE, bytes, sizeof(bytes)), at = n - 4 * TAR_BLOCK;

	return at >= 0 && !strcmp(bytes + at, "ERROR") &&
	       !strncmp(bytes + at + TAR_BLOCK, line, strlen(line));
}

static void traced(void)
{
	long pid = box_frozen(NULL);

	must(sys(__NR_ptrace, PTRACE_SEIZE, pid, 0, 0));
	check_ret("traced", box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)), -EBUSY);
	check_true("says_so", strstr(log_text, "is traced: CR-API-06 errno 16") != NULL);
	must(cg_write("box", "cgroup.kill", "1"));
	sys_wait4(pid, NULL, 0);
	must(cg_write("box", "cgroup.freeze", "0"));
	must(cg_remove("box"));
	sys_unlink(IMAGE);
}

/* A mount that is in no namespace. */
static void refused_make(void)
{
	must(sys(__NR_open_tree, AT_FDCWD, "/tmp", OPEN_TREE_CLONE));
}

static void told(void)
{
	long pid = box_frozen(refused_make);

	check_ret("refused", box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)), -EBUSY);
	check_true("log", !strncmp(log_text, "error: mount ", 13));
	check_true("rule", strstr(log_text, " is in no namespace: CR-NS-04 ") != NULL);
	check_true("errno", strstr(log_text, "errno 16\n") != NULL);
	check_true("image", image_ends_with(log_text));
	check_ret("restart", box_restart(IMAGE, 0, log_text, sizeof(log_text)), -EINVAL);
	check_true("restart_says", strstr(log_text, "ERROR") != NULL);
	check_int("frozen", cg_number("box", "cgroup.events", "frozen"), 1);
	box_end(pid);
	sys_unlink(IMAGE);
}

/* --- CR-API-09: descriptors --- */

static void descriptors(void)
{
	long pid = box_frozen(NULL), fd = image(), reader, full;

	reader = must(sys_open(IMAGE, O_RDONLY, 0));
	full = must(sys_open("/dev/full", O_WRONLY, 0));
	check_ret("no_image", sys(NR_CHECKPOINT, pid, 777, SUBTREE, -1), -EBADF);
	check_ret("reader", sys(NR_CHECKPOINT, pid, reader, SUBTREE, -1), -EBADF);
	check_ret("no_log", sys(NR_CHECKPOINT, pid, fd, SUBTREE, 777), -EBADF);
	check_ret("reader_as_log", sys(NR_CHECKPOINT, pid, fd, SUBTREE, reader), -EBADF);
	check_ret("no_space", sys(NR_CHECKPOINT, pid, full, SUBTREE, -1), -ENOSPC);
	check_true("log_full", sys(NR_CHECKPOINT, pid, fd, SUBTREE, full) > 0);
	check_ret("restart_none", sys(NR_RESTART, 0, 777, 0, -1), -EBADF);
	check_ret("restart_writer", sys(NR_RESTART, 0, full, 0, -1), -EBADF);
	check_ret("restart_no_log", sys(NR_RESTART, 0, reader, 0, 777), -EBADF);
	box_end(pid);
	sys_unlink(IMAGE);
}

/* --- CR-API-13: flags of restart --- */

static void restart_flags(void)
{
	static const int good[] = { 0, FROZEN, GHOST, FROZEN | GHOST };
	long pid = box_frozen(NULL);
	char key[32];

	check_true("image", box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)) > 0);
	box_end(pid);
	for (int bit = GHOST_BIT + 1; bit < 32; bit++)
		if (box_restart(IMAGE, 1u << bit, log_text, sizeof(log_text)) != -EINVAL)
			fail_at(HERE, "flag", "bit %d is taken", bit);
	for (size_t i = 0; i < LENGTH(good); i++) {
		snprintf(key, sizeof(key), "flags_%d", good[i]);
		check_true(key, box_restart(IMAGE, good[i], log_text, sizeof(log_text)) == pid);
		box_end(pid);
	}
	sys_unlink(IMAGE);
}

/* --- CR-API-17: all or nothing --- */

static void three(void)
{
	must(sys_unshare(CLONE_NEWUTS));
	box_partner(box_pause);
	seen->last = box_partner(box_pause);	/* the last number */
}

static void nothing_left(long pid)
{
	check_ret("root", sys_kill(pid, 0), -ESRCH);
	check_ret("group", ret0(cg_try("box")), 0);
	must(cg_remove("box"));
	check_ret("children", sys_wait4(-1, NULL, WNOHANG), 0);	/* but for who is in the way */
}

static void all_or_nothing(void)
{
	long pid, other;
	int last;

	seen = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	pid = box_frozen(three);
	check_true("image", box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)) > 0);
	box_end(pid);
	last = seen->last;
	other = must(clone_tids(0, &last, 1));
	if (other == 0)
		for (;;)
			nap(1000);
	for (int i = 0; i < 20; i++)
		if (box_restart(IMAGE, 0, log_text, sizeof(log_text)) != -EEXIST)
			fail_at(HERE, "restart", "%d: %s", i, log_text);
	nothing_left(pid);
	sys_kill(other, SIGKILL);
	sys_wait4(other, NULL, 0);
	check_true("then", box_restart(IMAGE, 0, log_text, sizeof(log_text)) == pid);
	box_end(pid);
	sys_unlink(IMAGE);
}

const struct test_case crn_call_cases[] = {
	{ "CR-API-01", "a checkpoint of oneself returns twice", self, 0, 0 },
	{ "CR-API-01.file", "its image is one of its own files", self_into_file, 0, 0 },
	{ "CR-API-03", "who is not there", nobody, 0, 0 },
	{ "CR-API-04", "whole containers by their first process", whole_container, 0, 0 },
	{ "CR-API-06", "who is traced", traced, 0, 0 },
	{ "CR-API-09", "descriptors of image and log", descriptors, 0, 0 },
	{ "CR-API-11", "why, in the log and at the end of the image", told, 0, 0 },
	{ "CR-API-13", "flags of restart", restart_flags, 0, 0 },
	{ "CR-API-17", "a restart that fails leaves nothing", all_or_nothing, 0, 0 },
	{ "CR-API-20", "what others outside have too", leak, 0, 0 },
	{ "CR-TASK-20", "who lives in a container without being its first's child", sibling, 0, 0 },
	{},
};
