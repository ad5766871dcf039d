// SPDX-License-Identifier: MIT
/* tests/conform/crn_api.c - checkpoint(2) and restart(2) themselves: flags, errors, logs, rights.
 * See docs/rules/checkpoint-restart.md, CR-API, CR-TASK, CR-CRED. */
#include "crbox.h"

#define NR_CHECKPOINT 1024
#define NR_RESTART    1025
#define SUBTREE 1
#define FROZEN 2
#define IMAGE "/tmp/crn.img"

static char told[1024];

static long image(void)
{
	return must(sys_open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600));
}

/* --- CR-API-02, 03, 04, 09, 13 --- */

static void arguments(void)
{
	long fd, read_only;

	box_need();
	fd = image();
	read_only = must(sys_open(IMAGE, O_RDONLY, 0));
	check_ret("flags", sys(NR_CHECKPOINT, sys_getpid(), fd, 2, -1), -EINVAL);
	check_ret("no_such", sys(NR_CHECKPOINT, 1 << 22, fd, SUBTREE, -1), -ESRCH);
	check_ret("no_init", sys(NR_CHECKPOINT, sys_getpid(), fd, 0, -1), -EINVAL);
	check_ret("no_fd", sys(NR_CHECKPOINT, sys_getpid(), 777, SUBTREE, -1), -EBADF);
	check_ret("read_only", sys(NR_CHECKPOINT, sys_getpid(), read_only, SUBTREE, -1), -EBADF);
	check_ret("restart_flags", sys(NR_RESTART, 0, fd, 8, -1), -EINVAL);
	check_ret("restart_no_fd", sys(NR_RESTART, 0, 777, 0, -1), -EBADF);
	check_ret("restart_empty", sys(NR_RESTART, 0, fd, 0, -1), -EINVAL);
	sys_unlink(IMAGE);
}

/* --- CR-API-05: who runs is not saved; CR-API-11: why, by name, in log and image --- */

static void not_frozen(void)
{
	static char bytes[1024];
	long pid, n;

	box_need();
	pid = spawn_idle(0);
	check_ret("running", box_checkpoint(pid, IMAGE, told, sizeof(told)), -EBUSY);
	check_true("log", strstr(told, "is not frozen: CR-API-05 errno 16") != NULL);
	n = read_file(IMAGE, bytes, sizeof(bytes));
	check_true("empty_or_error", n <= 0 || strstr(bytes, "ERROR") != NULL);
	end_idle(pid);
	sys_unlink(IMAGE);
}

/* --- CR-API-07, 15, CR-CRED-02: who may not look, who may not make --- */

static void plain_user(struct peer *up, void *arg)
{
	long pid = *(long *)arg, fd;

	(void)up;
	fd = must(sys_open(IMAGE ".user", O_RDWR | O_CREAT | O_TRUNC, 0666));
	become_user(PLAIN_UID);
	check_ret("of_root", sys(NR_CHECKPOINT, pid, fd, SUBTREE, -1), -EPERM);
}

static void restart_as_user(struct peer *up, void *arg)
{
	long fd = must(sys_open(IMAGE, O_RDONLY, 0));

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("roots_image", sys(NR_RESTART, 0, fd, 0, -1), -EACCES);	/* its cgroup */
}

static void rights(void)
{
	long pid = box_frozen(NULL);

	run_child(0, plain_user, &pid);
	check_true("image", box_checkpoint(pid, IMAGE, told, sizeof(told)) > 0);
	box_end(pid);
	sys_unlink(IMAGE);
	must(sys_close(image()));
	sys_unlink(IMAGE ".user");
}

static void no_privilege(void)
{
	long pid = box_frozen(NULL), fd;

	check_true("image", box_checkpoint(pid, IMAGE, told, sizeof(told)) > 0);
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
	must(cg_write("box", "cgroup.freeze", "0"));
	must(cg_remove("box"));
	fd = must(sys_open("/tmp", O_RDONLY | O_DIRECTORY, 0));
	sys_close(fd);
	run_child(0, restart_as_user, NULL);
	check_ret("nothing_left", ret0(cg_try("box")), 0);
	must(cg_remove("box"));
	sys_unlink(IMAGE);
}

/* --- CR-API-08 --- */

static void only_privileged(struct peer *up, void *arg)
{
	long fd = must(sys_open(IMAGE ".user", O_RDWR | O_CREAT | O_TRUNC, 0666));

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("checkpoint", sys(NR_CHECKPOINT, sys_getpid(), fd, SUBTREE, -1), -EPERM);
	check_ret("restart", sys(NR_RESTART, 0, fd, 0, -1), -EPERM);
}

static void knob(void)
{
	box_need();
	check_int("default", read_long("/proc/sys/kernel/ckpt_unpriv_allowed", -1), 1);
	must(write_file("/proc/sys/kernel/ckpt_unpriv_allowed", "0"));
	run_child(0, only_privileged, NULL);
	must(write_file("/proc/sys/kernel/ckpt_unpriv_allowed", "1"));
	sys_unlink(IMAGE ".user");
}

/* --- CR-API-12: a checkpoint that fails changes nothing; CR-API-10: through a pipe --- */

static void failure_changes_nothing(void)
{
	long pid = box_frozen(NULL);
	int ends[2];

	must(sys_pipe(ends, 0));
	sys_close(ends[0]);
	block_signal(SIGPIPE);
	check_ret("nobody_reads", sys(NR_CHECKPOINT, pid, ends[1], SUBTREE, -1), -EPIPE);
	check_int("frozen", cg_number("box", "cgroup.events", "frozen"), 1);
	check_true("again", box_checkpoint(pid, IMAGE, told, sizeof(told)) > 0);
	box_end(pid);
	sys_unlink(IMAGE);
}

/* --- CR-API-20: a pipe whose other end is outside --- */

/* The init of a container in the box, with fd as its only file. */
static long container_with(int fd)
{
	long pid = must(sys_clone(CLONE_NEWPID | SIGCHLD));

	if (pid == 0) {
		must(sys_dup2(fd, 0));
		sys(__NR_close_range, 1, ~0U, 0);
		must(cg_join("box", 0));
		for (;;)
			nap(1000);
	}
	while (!cg_lists("box", "cgroup.procs", pid))
		nap(1);
	must(cg_write("box", "cgroup.freeze", "1"));
	must_true(cg_await("box", "cgroup.events", "frozen", 1) == 1);
	return pid;
}

static void open_pipe(void)
{
	long pid, fd = image();
	int ends[2];

	box_need();
	cg_begin();
	cg_make("box");
	must(sys_pipe(ends, 0));
	pid = container_with(ends[0]);
	sys_close(ends[0]);
	check_ret("end_outside", sys(NR_CHECKPOINT, pid, fd, 0, -1), -EBUSY);
	check_ret("subtree", sys(NR_CHECKPOINT, pid, fd, SUBTREE, -1), -EBUSY);
	sys_close(ends[1]);
	check_true("end_closed", sys(NR_CHECKPOINT, pid, fd, 0, -1) > 0);
	box_end(pid);
}

/* --- CR-TASK-02: the number is taken; CR-API-17: then nothing is made --- */

static void number_taken(void)
{
	long pid = box_frozen(NULL);

	check_true("image", box_checkpoint(pid, IMAGE, told, sizeof(told)) > 0);
	cg_make("away");
	check_ret("taken", box_restart(IMAGE, 0, told, sizeof(told)), -EEXIST);
	check_int("one_in_group", cg_number("box", "cgroup.events", "populated"), 1);
	box_end(pid);
	sys_unlink(IMAGE);
	must(cg_remove("away"));
}

/* --- CR-API-14: made, but frozen --- */

static void frozen_restart(void)
{
	long pid = box_frozen(NULL), back;

	check_true("image", box_checkpoint(pid, IMAGE, told, sizeof(told)) > 0);
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
	must(cg_write("box", "cgroup.freeze", "0"));
	must(cg_remove("box"));
	back = box_restart(IMAGE, FROZEN, told, sizeof(told));
	check_true("same_number", back == pid);
	check_int("frozen", cg_await("box", "cgroup.events", "frozen", 1), 1);
	box_end(pid);
	sys_unlink(IMAGE);
}

const struct test_case crn_api_cases[] = {
	{ "CR-API-02", "what is refused of the arguments", arguments, 0, 0 },
	{ "CR-API-05", "who is not frozen is refused by name", not_frozen, 0, 0 },
	{ "CR-API-07", "who may not be looked into", rights, 0, 0 },
	{ "CR-API-08", "the owner of the machine may forbid it to users", knob, 0, 0 },
	{ "CR-API-12", "a failed checkpoint changes nothing", failure_changes_nothing, 0, 0 },
	{ "CR-API-14", "a restart that stays frozen", frozen_restart, 0, 0 },
	{ "CR-API-15", "an image gives no privilege", no_privilege, 0, 0 },
	{ "CR-API-20.pipe", "a pipe with an end outside is part of no image", open_pipe, 0, 0 },
	{ "CR-TASK-02", "a number that is taken fails the restart", number_taken, 0, 0 },
	{ 0 },
};
