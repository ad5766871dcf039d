// SPDX-License-Identifier: MIT
/* tests/conform/crbox.c - boxes: see crbox.h. */
#include "crbox.h"

#define NR_CHECKPOINT 1024
#define NR_RESTART    1025
#define SUBTREE 1
#define BOX "box"
#define TOLD "/tmp/box.told"
#define IMAGE_1 "/tmp/box.1"
#define IMAGE_2 "/tmp/box.2"
#define IMAGE_3 "/tmp/box.3"
#define LOG_TEXT 512
#define PIECE 65536
#define TAR_BLOCK 512
#define TAR_SIZE_AT 124

/* --- in the box --- */

static void tell_text(const char *text)
{
	long fd = sys_open(TOLD, O_WRONLY | O_CREAT | O_APPEND, 0600);

	sys_write(fd, text, strlen(text));
	sys_close(fd);
}

void box_tell(const char *here, const char *what, long long got, long long want)
{
	char text[256];

	snprintf(text, sizeof(text), "%s: %s: %lld, not %lld; ", here, what, got, want);
	tell_text(text);
}

static void live(const struct cr_box *box)
{
	must(cg_join(BOX, 0));
	sys(__NR_close_range, 0, ~0U, 0);
	box->make();
	sys_kill(sys_getpid(), SIGSTOP);
	box->look();
	tell_text(".");
	case_stop(0);
}

long box_partner(void (*fn)(void))
{
	int status;
	long pid = sys_fork();

	if (pid == 0) {
		fn();
		case_stop(0);
	}
	sys_wait4(pid, &status, WUNTRACED);
	return pid;
}

void box_pause(void)
{
	sys_kill(sys_getpid(), SIGSTOP);
}

void box_resume(long pid)
{
	int status = -1;

	box_see_int(sys_kill(pid, SIGCONT), 0);
	box_see_int(sys_wait4(pid, &status, 0), pid);
	box_see_int(status, 0);
}

/* --- around it --- */

void box_need(void)
{
	if (sys(NR_CHECKPOINT, -1, -1, ~0U, -1) == -ENOSYS)
		skip("no checkpoint(2) in this kernel");
}

static long log_open(void)
{
	return must(sys(__NR_memfd_create, "log", 0));
}

static void log_read(long fd, char *log, size_t size)
{
	long n = sys_pread(fd, log, size - 1, 0);

	log[n > 0 ? n : 0] = '\0';
	sys_close(fd);
}

long box_checkpoint(long pid, const char *name, char *log, size_t size)
{
	long fd = must(sys_open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600)), told = log_open();
	long rc = sys(NR_CHECKPOINT, pid, fd, SUBTREE, told);

	log_read(told, log, size);
	sys_close(fd);
	return rc;
}

long box_restart(const char *name, int flags, char *log, size_t size)
{
	long fd = must(sys_open(name, O_RDONLY, 0)), told = log_open();
	long rc = sys(NR_RESTART, 0, fd, flags, told);

	log_read(told, log, size);
	sys_close(fd);
	return rc;
}

static void take_image(long pid, const char *name)
{
	char log[LOG_TEXT];
	long rc = box_checkpoint(pid, name, log, sizeof(log));

	if (rc < 0) {
		fail_at(HERE, name, "checkpoint: %s: %s", ret_text(rc), log);
		case_stop(1);
	}
}

/* Where two images differ first; -1: nowhere. */
static long first_difference(const char *one, const char *two)
{
	static char a[PIECE], b[PIECE];
	long fa = must(sys_open(one, O_RDONLY, 0)), fb = must(sys_open(two, O_RDONLY, 0));
	long na, nb, at = 0, k = 0;

	do {
		na = sys_read(fa, a, sizeof(a));
		nb = sys_read(fb, b, sizeof(b));
		for (k = 0; k < na && k < nb && a[k] == b[k]; k++)
			;
		at += k;
	} while (na == nb && k == na && na > 0);
	sys_close(fa);
	sys_close(fb);
	return na == nb && k == na ? -1 : at;
}

/* The member of a tar stream in which byte "at" is. */
static const char *member_at(const char *name, long at)
{
	static char block[TAR_BLOCK];
	long fd = must(sys_open(name, O_RDONLY, 0)), next = 0, size;

	while (sys_pread(fd, block, sizeof(block), next) == sizeof(block) && block[0]) {
		size = strtol(block + TAR_SIZE_AT, NULL, 8);
		next += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
		if (next > at)
			break;
	}
	sys_close(fd);
	return block;
}

static void expect_equal(const char *one, const char *two)
{
	long at = first_difference(one, two), fd, a, b;
	unsigned char near_a[8] = {}, near_b[8] = {};

	expect_eq(at, -1);
	if (at < 0)
		return;
	fd = must(sys_open(one, O_RDONLY, 0));
	a = sys_pread(fd, near_a, sizeof(near_a), at - 2);
	sys_close(fd);
	fd = must(sys_open(two, O_RDONLY, 0));
	b = sys_pread(fd, near_b, sizeof(near_b), at - 2);
	sys_close(fd);
	for (long k = 0; k < a && k < b; k++)
		fail_at(HERE, member_at(one, at), "%02x, %02x", near_a[k], near_b[k]);
}

static void freeze(const char *on)
{
	must(cg_write(BOX, "cgroup.freeze", on));
	if (*on == '1')
		must_true(cg_await(BOX, "cgroup.events", "frozen", 1) == 1);
}

static void put_in_box(long pid)
{
	char path[64], text[256], *at = text;
	long n;

	must(cg_join(BOX, pid));
	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	n = read_file(path, text, sizeof(text));
	while (n > 0 && *at) {
		long child = strtol(at, &at, 10);

		if (child <= 0)
			break;
		put_in_box(child);
	}
}

static long box_start(void (*run)(const struct cr_box *), const struct cr_box *box)
{
	int status;
	long pid;

	box_need();
	cg_begin();
	cg_make(BOX);
	sys_unlink(TOLD);
	pid = must(sys_fork());
	if (pid == 0)
		run(box);
	must_true(sys_wait4(pid, &status, WUNTRACED) == pid);
	if ((status & 0xff) != 0x7f) {
		fail_at(HERE, "box", "ended with %x while its state was made", status);
		case_stop(1);
	}
	return pid;
}

static void box_kill(long pid)
{
	int status;

	must(cg_write(BOX, "cgroup.kill", "1"));
	freeze("0");
	sys_wait4(pid, &status, 0);
}

static void box_ends(long pid)
{
	static char told[2048];
	int status = -1;
	long n;

	sys_kill(pid, SIGCONT);
	sys_wait4(pid, &status, 0);
	expect_eq(status, 0);
	n = read_file(TOLD, told, sizeof(told) - 1);
	told[n > 0 ? n : 0] = '\0';
	expect_str(told, ".");
	expect_ret(cg_remove(BOX), 0);
}

void box_run(const struct cr_box *box)
{
	char log[LOG_TEXT];
	long pid = box_start(live, box), back;

	freeze("1");
	take_image(pid, IMAGE_1);
	take_image(pid, IMAGE_2);
	if (!box->inexact)
		expect_equal(IMAGE_1, IMAGE_2);
	box_kill(pid);
	back = box_restart(IMAGE_1, 0, log, sizeof(log));
	if (back < 0) {
		fail_at(HERE, "restart", "%s: %s", ret_text(back), log);
		return;
	}
	put_in_box(back);
	freeze("1");
	take_image(back, IMAGE_3);
	if (!box->inexact)
		expect_equal(IMAGE_1, IMAGE_3);
	freeze("0");
	box_ends(back);
	sys_unlink(IMAGE_1);
	sys_unlink(IMAGE_2);
	sys_unlink(IMAGE_3);
}

void box_refused(void (*make)(void), int want, const char *words)
{
	struct cr_box box = { .make = make, .look = make };
	long pid = box_start(live, &box);
	char log[LOG_TEXT];

	freeze("1");
	expect_errno(box_checkpoint(pid, IMAGE_1, log, sizeof(log)), want);
	if (!strstr(log, words))
		fail_at(HERE, "log", "\"%s\" lacks \"%s\"", log, words);
	box_kill(pid);
	sys_unlink(IMAGE_1);
}
