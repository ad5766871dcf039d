// SPDX-License-Identifier: MIT
/* tests/conform/crn_image.c - images and the two calls at their edges: versions, members, who may
 * be saved, what a failure leaves. See docs/rules/checkpoint-restart.md, CR-API, CR-IMG. */
#include "crbox.h"

#include <sched.h>

#define NR_CHECKPOINT 1024
#define NR_RESTART    1025
#define SUBTREE 1
#define IMAGE "/tmp/crn.image"
#define IMAGE_MAX (1 << 20)
#define TAR_BLOCK 512
#define SIZE_AT 124
#define SEIZE 0x4206

static char told[1024], bytes[IMAGE_MAX];
static long image_size;

static void nothing(void)
{
}

/* --- a child in a group of its own, in namespaces of its own or not --- */

static long frozen_child(unsigned long flags)
{
	long pid;

	box_need();
	cg_begin();
	cg_make("box");
	pid = must(sys_clone(flags | SIGCHLD));
	if (pid == 0) {
		must(cg_join("box", 0));
		sys(__NR_close_range, 0, ~0U, 0);
		for (;;)
			nap(1000);
	}
	must_true(cg_await("box", "cgroup.events", "populated", 1) == 1);
	nap(50);
	return pid;
}

static void freeze(const char *on)
{
	must(cg_write("box", "cgroup.freeze", on));
	must_true(cg_await("box", "cgroup.events", "frozen", *on == '1') == (*on == '1'));
}

static void end(long pid)
{
	sys_kill(pid, SIGKILL);
	freeze("0");
	sys_wait4(pid, NULL, 0);
	must(cg_remove("box"));
	sys_unlink(IMAGE);
}

static long checkpoint(long pid, int flags)
{
	long fd = must(sys_open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600)), rc, n;
	long log = must(sys(__NR_memfd_create, "log", 0));

	rc = sys(NR_CHECKPOINT, pid, fd, flags, log);
	n = sys_pread(log, told, sizeof(told) - 1, 0);
	told[n > 0 ? n : 0] = '\0';
	sys_close(log);
	sys_close(fd);
	return rc;
}

/* --- CR-API-01, 03: the caller itself; 0 in the one that was restarted --- */

static void self_in_box(void)
{
	long fd = must(sys_open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600));
	long rc = sys(NR_CHECKPOINT, 0, fd, SUBTREE, -1);

	sys_exit(rc > 0 ? 7 : rc == 0 ? 9 : 1);
}

static void of_itself(void)
{
	int status = 0;
	long pid, back;

	box_need();
	pid = must(sys_fork());
	if (pid == 0)
		self_in_box();
	must(sys_wait4(pid, &status, 0));
	check_int("first", status, 7 << 8);
	for (int round = 0; round < 2; round++) {
		back = box_restart(IMAGE, 0, told, sizeof(told));
		if (back != pid)
			fail_at(HERE, "restart", "%s: %s", ret_text(back), told);
		check_true("same_number", back == pid);
		must(sys_wait4(back, &status, 0));
		check_int("restarted", status, 9 << 8);
	}
	sys_unlink(IMAGE);
}

/* --- CR-API-04, 20, CR-TASK-20: containers --- */

static void shares_names(struct peer *up, void *arg)
{
	must(sys_setns(must(ns_open(*(long *)arg, "uts")), CLONE_NEWUTS));
	tell(up);
	hear(up);
}

static void container(void)
{
	long pid = frozen_child(CLONE_NEWPID | CLONE_NEWUTS);
	struct peer other;

	freeze("1");
	check_true("whole", checkpoint(pid, 0) > 0);
	check_true("subtree", checkpoint(pid, SUBTREE) > 0);
	check_ret("no_init", checkpoint(sys_getpid(), 0), -EINVAL);
	spawn(&other, 0, shares_names, &pid);
	hear(&other);
	check_ret("shared", checkpoint(pid, 0), -EBUSY);
	check_true("named", strstr(told, "uts") && strstr(told, "CR-API-20"));
	check_true("subtree_still", checkpoint(pid, SUBTREE) > 0);
	tell(&other);
	finish(&other);
	check_true("again", checkpoint(pid, 0) > 0);	/* the other one is gone */
	end(pid);
}

static void stranger(void)
{
	long pid = frozen_child(CLONE_NEWPID), other, below;

	other = must(sys_fork());
	if (other == 0) {
		must(sys_setns(must(ns_open(pid, "pid_for_children")), CLONE_NEWPID));
		below = must(sys_fork());
		if (below == 0)
			for (;;)
				nap(1000);
		freeze("1");
		case_stop(checkpoint(pid, 0) == -EINVAL &&
				  strstr(told, "is no descendant of init: CR-TASK-20") &&
				  !sys_kill(below, SIGKILL) ? 0 : 1);
	}
	check_int("born_outside", wait_status(other), 0);
	end(pid);
}

/* --- CR-API-06, 11: who is traced; the log and the member ERROR say the same --- */

static void traced(void)
{
	long pid = frozen_child(0), n;

	must(sys(__NR_ptrace, SEIZE, pid, 0, 0));
	freeze("1");
	check_ret("traced", checkpoint(pid, SUBTREE), -EBUSY);
	check_true("log", strstr(told, "is traced: CR-API-06 errno 16") != NULL);
	must(cg_write("box", "cgroup.freeze", "0"));
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
	must(cg_remove("box"));
	n = read_file(IMAGE, bytes, sizeof(bytes) - 1);
	check_true("no_image", n <= 0 || strstr(bytes, "ERROR"));
	sys_unlink(IMAGE);
}

static void pipe_make(void)
{
	must(sys_open("/tmp/box.fifo", O_RDWR, 0));
}

static void error_member(void)
{
	long fd;

	must(sys(__NR_mknod, "/tmp/box.fifo", S_IFIFO | 0600, 0));
	fd = must(sys_open("/tmp/box.fifo", O_RDWR, 0));
	box_refused(pipe_make, EBUSY, "CR-PIPE-01 errno 16");
	sys_close(fd);
	sys_unlink("/tmp/box.fifo");
}

/* --- CR-API-09: where it cannot be written, and again where it can --- */

static void full_disk(void)
{
	long pid = frozen_child(0), fd;

	freeze("1");
	fd = must(sys_open("/dev/full", O_WRONLY, 0));
	check_ret("full", sys(NR_CHECKPOINT, pid, fd, SUBTREE, -1), -ENOSPC);
	check_ret("bad_log", sys(NR_CHECKPOINT, pid, fd, SUBTREE, 777), -EBADF);
	check_int("frozen", cg_number("box", "cgroup.events", "frozen"), 1);
	check_true("again", checkpoint(pid, SUBTREE) > 0);
	end(pid);
}

/* --- CR-IMG-01, 02, 03, CR-API-13, 17: what is no image --- */

static char *member(const char *name)
{
	for (char *at = bytes; at < bytes + image_size && *at;) {
		long size = strtol(at + SIZE_AT, NULL, 8);

		if (!strncmp(at, name, strlen(name)))
			return at + TAR_BLOCK;
		at += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
	return NULL;
}

static void image_load(void)
{
	image_size = read_file(IMAGE, bytes, sizeof(bytes));
	must_true(image_size > 0 && image_size < IMAGE_MAX);
}

/* Restarts what is in bytes. */
static long attempt(long size)
{
	long fd = must(sys_open(IMAGE, O_WRONLY | O_TRUNC, 0600));

	must_true(sys_write(fd, bytes, size) == size);
	sys_close(fd);
	return box_restart(IMAGE, 0, told, sizeof(told));
}

static void spoil(const char *key, const char *name, long at, const char *words)
{
	char *m = member(name);

	must_true(m != NULL);
	m[at] ^= 0x40;
	check_ret(key, attempt(image_size), -EINVAL);
	if (!strstr(told, words))
		fail_at(HERE, key, "\"%s\" lacks \"%s\"", told, words);
	m[at] ^= 0x40;
}

static void bad_images(void)
{
	long pid, back;

	box_need();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	box_image(nothing, IMAGE);
	image_load();
	spoil("inventory_magic", "inventory.img", 0, "inventory.img");
	spoil("member_magic", "pstree.img", 0, "pstree.img");
	spoil("class_magic", "pstree.img", 4, "pstree.img");
	spoil("architecture", "plimsoll-head.img", 18, "");
	spoil("trailer", "plimsoll-trailer.img", 0, "trailer");
	check_ret("flags", sys(NR_RESTART, 0, -1, 8, -1), -EINVAL);
	for (long cut = TAR_BLOCK; cut < image_size; cut += image_size / 7)
		check_ret("cut", attempt(cut), -EINVAL);
	back = attempt(image_size);		/* after all failures */
	check_true("whole", back > 0);
	pid = back;
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
	sys_unlink(IMAGE);
}

/* --- CR-FILE-09: the file is not what it was --- */

static void file_make(void)
{
	must(sys_open("/tmp/box.gone", O_RDONLY, 0));
}

static void file_changed(void)
{
	box_need();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	make_file("/tmp/box.gone");
	box_image(file_make, IMAGE);
	sys_unlink("/tmp/box.gone");
	expect_true(box_restart(IMAGE, 0, told, sizeof(told)) < 0);
	check_true("named", strstr(told, "/tmp/box.gone") && strstr(told, "CR-FILE-09"));
	check_int("nothing_left", cg_number("box", "cgroup.events", "populated"), -1);
	make_file("/tmp/box.gone");
	check_true("retry", box_restart(IMAGE, 0, told, sizeof(told)) > 0);
	sys_unlink("/tmp/box.gone");
	sys_unlink(IMAGE);
}

const struct test_case crn_image_cases[] = {
	{ "CR-API-01", "a checkpoint of oneself returns twice", of_itself, 0, 30 },
	{ "CR-API-03", "pid 0 is the caller", of_itself, 0, 30 },
	{ "CR-API-04", "a container by its init, a subtree by anybody", container, CLONE_NEWPID,
	  0 },
	{ "CR-API-06", "who is traced is refused by name", traced, 0, 0 },
	{ "CR-API-09", "an image that cannot be written, then again", full_disk, 0, 0 },
	{ "CR-API-11", "the log says what, which rule, which errno", error_member, 0, 30 },
	{ "CR-API-13", "unknown flags and images that are none", bad_images, 0, 30 },
	{ "CR-API-17", "a restart that fails leaves nothing", file_changed, 0, 30 },
	{ "CR-API-20", "what others share is refused in a container", container, CLONE_NEWPID, 0 },
	{ "CR-IMG-01", "another version or machine", bad_images, 0, 30 },
	{ "CR-IMG-02", "unknown magics", bad_images, 0, 30 },
	{ "CR-IMG-03", "an image without its end", bad_images, 0, 30 },
	{ "CR-FILE-09", "a file that is gone is refused by name", file_changed, 0, 30 },
	{ "CR-TASK-20", "who lives in it but hangs elsewhere", stranger, CLONE_NEWPID, 0 },
	{},
};
