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
#define FREEZE_TRIES 50
#define FREEZE_MSEC 10
#define MIN(a, b) ((a) < (b) ? (a) : (b))
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

long box_checkpoint_flags(long pid, const char *name, int flags, char *log, size_t size)
{
	long fd = must(sys_open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600)), told = log_open();
	long rc = sys(NR_CHECKPOINT, pid, fd, flags, told);

	log_read(told, log, size);
	sys_close(fd);
	return rc;
}

long box_checkpoint(long pid, const char *name, char *log, size_t size)
{
	return box_checkpoint_flags(pid, name, SUBTREE, log, size);
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
	long rc = -EBUSY;

	for (int i = 0; i < FREEZE_TRIES && rc == -EBUSY; i++) {
		rc = box_checkpoint(pid, name, log, sizeof(log));
		if (rc == -EBUSY && strstr(log, "is not frozen"))
			nap(FREEZE_MSEC);
		else
			break;
	}
	if (rc < 0) {
		fail_at(HERE, name, "checkpoint: %s: %s", ret_text(rc), log);
		case_stop(1);
	}
}

/* --- comparing images --- */

struct member {
	char name[100];
	long at, size;			/* of its bytes */
};

/* The member behind one (at 0: the first); false: there is none. */
static bool member_next(long fd, struct member *m)
{
	char block[TAR_BLOCK] = "";
	long at = m->at ? m->at + (m->size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK : 0;

	if (sys_pread(fd, block, sizeof(block), at) != sizeof(block) || !block[0])
		return false;
	memcpy(m->name, block, sizeof(m->name));
	m->at = at + TAR_BLOCK;
	m->size = strtol(block + TAR_SIZE_AT, NULL, 8);
	return true;
}

/* What counts on while the tree stands, or fills up what others leave. */
static bool is_volatile(const struct member *m)
{
	return !strncmp(m->name, "plimsoll-cgroups", 16) || !strncmp(m->name, "plimsoll-pad", 12) ||
	       !strncmp(m->name, "plimsoll-tasks", 14);
}

/* Where the bytes of two members differ; -1: nowhere. */
static long difference(long fa, const struct member *ma, long fb, const struct member *mb)
{
	static char a[PIECE], b[PIECE];
	long at = 0, n, k = 0;

	if (ma->size != mb->size)
		return MIN(ma->size, mb->size);
	for (; at < ma->size; at += n) {
		n = MIN(ma->size - at, PIECE);
		must_true(sys_pread(fa, a, n, ma->at + at) == n);
		must_true(sys_pread(fb, b, n, mb->at + at) == n);
		for (k = 0; k < n && a[k] == b[k]; k++)
			;
		if (k < n)
			return at + k;
	}
	return -1;
}

/* All members in the same order with the same bytes; canonical: but for what may differ. */
static void expect_equal(const char *one, const char *two, bool canonical)
{
	long fa = must(sys_open(one, O_RDONLY, 0)), fb = must(sys_open(two, O_RDONLY, 0)), at;
	struct member a = {}, b = {};
	bool more;

	do {
		more = member_next(fa, &a);
		if (!expect_eq(member_next(fb, &b), more) || !more)
			break;
		expect_str(b.name, a.name);
		at = canonical && is_volatile(&a) ? -1 : difference(fa, &a, fb, &b);
		if (at >= 0)
			fail_at(HERE, a.name, "%s and %s differ at %ld", one, two, at);
	} while (true);
	sys_close(fa);
	sys_close(fb);
}

/* --- the course of a box --- */

static void freeze(const char *on)
{
	must(cg_write(BOX, "cgroup.freeze", on));
	if (*on == '1')
		must_true(cg_await(BOX, "cgroup.events", "frozen", 1) == 1);
}

static const char *controller;

void box_controller(const char *name)
{
	controller = name;
}

static long box_start(void (*run)(const struct cr_box *), const struct cr_box *box)
{
	char on[32];
	int status;
	long pid;

	box_need();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	cg_begin();
	if (controller) {
		cg_enable(controller);
		snprintf(on, sizeof(on), "+%s", controller);
		must(cg_write("", "cgroup.subtree_control", on));
	}
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

/* The groups below the box's own: the image has them too. */
static void groups_remove(void)
{
	long fd = must(sys_open(cg_dir(BOX), O_RDONLY | O_DIRECTORY, 0)), len;
	char entries[4096], name[128];

	while ((len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0)
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			if (entries[at + 18] != 4 || entries[at + 19] == '.')	/* directories */
				continue;
			snprintf(name, sizeof(name), BOX "/%s", entries + at + 19);
			must(cg_write(name, "cgroup.freeze", "0"));
			must(cg_remove(name));
		}
	sys_close(fd);
}

/* Also processes whose first thread is gone, which cgroup.kill spares. */
static void threads_kill(void)
{
	const char *text = cg_read(BOX, "cgroup.threads");
	char *at = (char *)text;

	for (long tid = strtol(text, &at, 10); tid > 0; tid = strtol(at, &at, 10))
		sys_kill(tid, SIGKILL);
}

static void box_kill(long pid)
{
	int status;

	must(cg_write(BOX, "cgroup.kill", "1"));
	threads_kill();
	freeze("0");
	sys_wait4(pid, &status, 0);
	while (sys_wait4(-1, NULL, 0) > 0)	/* their numbers are free then */
		;
	for (int i = 0; i < FREEZE_TRIES && cg_await(BOX, "cgroup.events", "populated", 0); i++)
		;
	groups_remove();
	must(cg_remove(BOX));		/* the image has it too */
	/* Numbers are free again once init has reaped all orphans. */
	for (int i = 0; i < FREEZE_TRIES &&
			cg_await("", "cgroup.stat", "nr_dying_descendants", 0); i++)
		;
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
		expect_equal(IMAGE_1, IMAGE_2, false);
	box_kill(pid);
	back = box_restart(IMAGE_1, 0, log, sizeof(log));
	if (back < 0) {
		fail_at(HERE, "restart", "%s: %s", ret_text(back), log);
		return;
	}
	freeze("1");
	take_image(back, IMAGE_3);
	if (!box->inexact)
		expect_equal(IMAGE_1, IMAGE_3, true);
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

void box_image(void (*make)(void), const char *name)
{
	struct cr_box box = { .make = make, .look = make };
	long pid = box_start(live, &box);

	freeze("1");
	take_image(pid, name);
	box_kill(pid);
}

long box_frozen(void (*make)(void))
{
	long pid;

	box_need();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	cg_begin();
	cg_make(BOX);
	pid = must(sys_fork());
	if (pid == 0) {
		must(cg_join(BOX, 0));
		sys(__NR_close_range, 0, ~0U, 0);
		if (make)
			make();
		sys_kill(sys_getpid(), SIGSTOP);
		for (;;)
			nap(1000);
	}
	sys_wait4(pid, NULL, WUNTRACED);
	freeze("1");
	return pid;
}

void box_end(long pid)
{
	must(cg_write(BOX, "cgroup.kill", "1"));
	sys_wait4(pid, NULL, 0);
	while (sys_wait4(-1, NULL, 0) > 0)
		;
	must(cg_write(BOX, "cgroup.freeze", "0"));
	must(cg_remove(BOX));
}
