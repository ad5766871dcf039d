// SPDX-License-Identifier: MIT
/* tests/conform/cg_events.c - cgroup.events: CG-36, CG-37.
 *
 * Linux tells at most one change in 10 ms at once and the next a little later: each is waited for.
 * See Documentation/admin-guide/cgroup-v2.rst, "Basic Operations". */
#include <linux/inotify.h>

#include "cgutil.h"

#define TELL_MSEC 1000
#define QUIET_MSEC 60
#define BITS (POLLPRI | POLLERR)

/* Which of BITS come within msec. */
static long poll_events(long fd, int msec)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	must(sys_poll(&p, 1, msec));
	return p.revents;
}

static void read_all(long fd)
{
	char text[128];

	must(sys_lseek(fd, 0, SEEK_SET));
	must(sys_read(fd, text, sizeof(text)));
}

static void recursive(void)
{
	long one, two;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/c");
	one = cg_idle("a/b");
	check_int("leaf", cg_number("a/b", "cgroup.events", "populated"), 1);
	check_int("parent", cg_number("a", "cgroup.events", "populated"), 1);
	check_int("top", cg_number("", "cgroup.events", "populated"), 1);
	check_int("sibling", cg_number("a/c", "cgroup.events", "populated"), 0);
	two = cg_idle("a/c");
	end_idle(one);
	check_int("leaf.left", cg_await("a/b", "cgroup.events", "populated", 0), 0);
	check_int("parent.other", cg_number("a", "cgroup.events", "populated"), 1);
	must(cg_join("a/b", two));
	check_int("moved", cg_number("a/b", "cgroup.events", "populated"), 1);
	check_int("moved.from", cg_number("a/c", "cgroup.events", "populated"), 0);
	must(cg_join("/", two));
	check_int("empty", cg_number("", "cgroup.events", "populated"), 0);
	end_idle(two);
}

static void polled(void)
{
	long fd, pid;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	fd = must(cg_open("a", "cgroup.events", O_RDONLY));
	check_int("unread", poll_events(fd, 0), BITS);
	read_all(fd);
	check_int("read", poll_events(fd, 0), 0);
	pid = cg_idle("a/b");
	check_int("populated", poll_events(fd, TELL_MSEC), BITS);
	check_int("still", poll_events(fd, 0), BITS);
	nap(QUIET_MSEC);
	read_all(fd);
	check_int("read_again", poll_events(fd, QUIET_MSEC), 0);
	must(cg_join("a", pid));
	check_int("inside", poll_events(fd, QUIET_MSEC), 0);
	end_idle(pid);
	check_int("left", poll_events(fd, TELL_MSEC), BITS);
	cg_await("a", "cgroup.events", "populated", 0);
	nap(QUIET_MSEC);
	read_all(fd);
	must(cg_write("a", "cgroup.freeze", "1"));
	check_int("frozen", poll_events(fd, TELL_MSEC), BITS);
	nap(QUIET_MSEC);
	read_all(fd);
	must(cg_write("a/b", "cgroup.freeze", "1"));
	check_int("child_freezes_too", poll_events(fd, QUIET_MSEC), 0);
	must(cg_remove("a/b"));
	must(cg_remove("a"));
	check_int("removed", poll_events(fd, TELL_MSEC), BITS);
}

static void per_open_file(void)
{
	long one, two, pid;

	cg_begin();
	cg_make("a");
	one = must(cg_open("a", "cgroup.events", O_RDONLY));
	two = must(cg_open("a", "cgroup.events", O_RDONLY));
	read_all(one);
	read_all(two);
	pid = cg_idle("a");
	check_int("one", poll_events(one, TELL_MSEC), BITS);
	nap(QUIET_MSEC);
	read_all(one);
	check_int("one.read", poll_events(one, 0), 0);
	check_int("two.unread", poll_events(two, 0), BITS);
	sys_close(one);
	one = must(cg_open("a", "cgroup.events", O_RDONLY));
	check_int("opened_later", poll_events(one, 0), BITS);
	end_idle(pid);
}

/* Other files are always ready, and never more. */
static void other_files(void)
{
	struct pollfd p = { .events = POLLIN | POLLOUT | POLLPRI };

	cg_begin();
	p.fd = must(cg_open("", "cgroup.max.depth", O_RDWR));
	read_all(p.fd);
	must(sys_poll(&p, 1, 0));
	check_int("ready", p.revents, POLLIN | POLLOUT);
	must(cg_write("", "cgroup.max.depth", "3"));
	must(sys_poll(&p, 1, 0));
	check_int("no_event", p.revents, POLLIN | POLLOUT);
}

/* Bytes of events within msec; 0: none. */
static long inotify_read(long fd, struct inotify_event *event, size_t size, int msec)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (must(sys_poll(&p, 1, msec)) == 0)
		return 0;
	return sys_read(fd, event, size);
}

static void watched(void)
{
	union {
		struct inotify_event event;
		char bytes[512];
	} got;
	long fd, wd, dir, pid;

	cg_begin();
	cg_make("a");
	fd = sys(__NR_inotify_init1, O_CLOEXEC | O_NONBLOCK);
	if (fd == -ENOSYS)
		skip("no inotify in this kernel");
	must(fd);
	wd = must(sys(__NR_inotify_add_watch, fd, cg_file("a", "cgroup.events"), IN_MODIFY));
	dir = must(sys(__NR_inotify_add_watch, fd, cg_dir(""), IN_CREATE | IN_DELETE));
	pid = cg_idle("a");
	must_true(inotify_read(fd, &got.event, sizeof(got), TELL_MSEC) > 0);
	check_int("mask", got.event.mask, IN_MODIFY);
	check_true("watch", got.event.wd == wd);
	check_int("name", got.event.len, 0);
	nap(QUIET_MSEC);
	while (inotify_read(fd, &got.event, sizeof(got), 0) > 0)
		;
	end_idle(pid);
	must_true(inotify_read(fd, &got.event, sizeof(got), TELL_MSEC) > 0);
	check_int("mask.left", got.event.mask, IN_MODIFY);
	nap(QUIET_MSEC);
	while (inotify_read(fd, &got.event, sizeof(got), 0) > 0)
		;
	cg_make("b");
	must_true(inotify_read(fd, &got.event, sizeof(got), TELL_MSEC) > 0);
	check_true("mkdir", got.event.wd == dir && got.event.mask == (IN_CREATE | IN_ISDIR));
	must(cg_remove("b"));
	must_true(inotify_read(fd, &got.event, sizeof(got), TELL_MSEC) > 0);
	check_true("rmdir", got.event.wd == dir && got.event.mask == (IN_DELETE | IN_ISDIR));
}

/* A watch on the directory hears of its files too, once they were looked at. */
static void watched_directory(void)
{
	union {
		struct inotify_event event;
		char bytes[512];
	} got;
	long fd, pid;

	cg_begin();
	cg_make("a");
	fd = sys(__NR_inotify_init1, O_CLOEXEC | O_NONBLOCK);
	if (fd == -ENOSYS)
		skip("no inotify in this kernel");
	must(fd);
	must(sys(__NR_inotify_add_watch, fd, cg_dir("a"), IN_MODIFY));
	must(cg_read_err("a", "cgroup.events"));
	pid = must(spawn_idle(0));
	must(cg_join("", pid));
	check_int("elsewhere", inotify_read(fd, &got.event, sizeof(got), QUIET_MSEC), 0);
	must(sys(__NR_kill, pid, SIGKILL));
	wait_status(pid);
	pid = must(cg_clone3("a", 0));
	while (pid == 0)
		sys(__NR_pause);
	must_true(inotify_read(fd, &got.event, sizeof(got), TELL_MSEC) > 0);
	check_int("mask", got.event.mask, IN_MODIFY);
	check_str("name", got.event.name, "cgroup.events");
	end_idle(pid);
}

/* Who sleeps in poll(2), without a limit, is woken. */
static void sleeps_in_poll(struct peer *up, void *arg)
{
	struct pollfd p = { .fd = must(cg_open(arg, "cgroup.events", O_RDONLY)),
			    .events = POLLPRI };

	read_all(p.fd);
	tell(up);
	sys_poll(&p, 1, -1);
	tell(up);
}

static bool hears_soon(const struct peer *peer)
{
	struct pollfd p = { .fd = peer->in, .events = POLLIN };

	return must(sys_poll(&p, 1, TELL_MSEC)) == 1;
}

static void woken(void)
{
	struct peer above, here;
	long pid;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	pid = must(spawn_idle(0));
	spawn(&above, 0, sleeps_in_poll, "a");
	spawn(&here, 0, sleeps_in_poll, "a/b");
	hear(&above);
	hear(&here);
	while (cg_state(above.pid) != 'S' || cg_state(here.pid) != 'S')
		nap(1);
	nap(QUIET_MSEC);
	must(cg_join("a/b", pid));
	check_true("here", hears_soon(&here));
	check_true("above", hears_soon(&above));
	end_idle(pid);
	sys_kill(here.pid, SIGKILL);
	sys_kill(above.pid, SIGKILL);
	wait_status(here.pid);
	wait_status(above.pid);
}

const struct test_case cg_events_cases[] = {
	{ "CG-36", "populated means here or anywhere below", recursive, 0, 0 },
	{ "CG-36.poll", "a change is POLLPRI and POLLERR until it is read", polled, 0, 0 },
	{ "CG-36.woken", "who sleeps in poll is woken", woken, 0, 0 },
	{ "CG-36.other", "other files have no events", other_files, 0, 0 },
	{ "CG-36.inotify", "a change is IN_MODIFY of the file", watched, 0, 0 },
	{ "CG-36.inotify_dir", "and of the directory, with the name", watched_directory, 0, 0 },
	{ "CG-37", "each open file has seen what it has read", per_open_file, 0, 0 },
	{ 0 },
};
