// SPDX-License-Identifier: MIT
/* tests/conform/uts_poll.c - UTSNS-08: poll(2) tells of a changed name.
 *
 * /proc/sys/kernel/hostname and domainname are always ready to read and write;
 * a change since the open, or since the last poll that told of one, adds
 * POLLPRI and POLLERR. See proc(5) and sysctl.d(5) users such as systemd. */
#include "conform.h"

#define HOSTNAME "/proc/sys/kernel/hostname"
#define DOMAINNAME "/proc/sys/kernel/domainname"

static long open_name(const char *path)
{
	if (!have_file(path))
		skip("no %s in this kernel", path);
	return must(sys_open(path, O_RDONLY | O_CLOEXEC, 0));
}

/* The events of one file, as text such as "IN,PRI,ERR"; "" if none. */
static const char *events_of(long fd, int asked, int msec)
{
	static const struct {
		int bit;
		const char *name;
	} bits[] = {
		{ POLLIN, "IN" }, { POLLPRI, "PRI" }, { POLLOUT, "OUT" }, { POLLERR, "ERR" },
		{ POLLHUP, "HUP" }, { POLLNVAL, "NVAL" }, { POLLRDNORM, "RDNORM" },
		{ POLLWRNORM, "WRNORM" },
	};
	static char text[80];
	struct pollfd poll = { .fd = fd, .events = asked };

	must(sys_poll(&poll, 1, msec));
	text[0] = 0;
	for (size_t i = 0; i < LENGTH(bits); i++) {
		if (poll.revents & bits[i].bit) {
			strcat(text, text[0] ? "," : "");
			strcat(text, bits[i].name);
		}
	}
	return text;
}

#define ALL_EVENTS (POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLWRNORM)

static void tells_once(void)
{
	long fd;

	private_uts("start");
	fd = open_name(HOSTNAME);
	check_str("quiet", events_of(fd, POLLPRI, 0), "");
	obs_str("quiet.all", events_of(fd, ALL_EVENTS, 0));
	set_node("changed");
	obs_str("changed.all", events_of(fd, ALL_EVENTS, 0));
	check_str("told_once", events_of(fd, POLLPRI, 0), "");
	set_node("again");
	check_str("again", events_of(fd, POLLPRI, 0), "PRI,ERR");
	check_str("again.once", events_of(fd, POLLPRI, 0), "");
	set_node("a");
	set_node("b");
	check_str("two_changes", events_of(fd, POLLPRI, 0), "PRI,ERR");
	check_str("two_changes.once", events_of(fd, POLLPRI, 0), "");
}

/* What counts as a change, each from a quiet state. */
static void what_counts(void)
{
	long host, dom, fresh;

	private_uts("start");
	host = open_name(HOSTNAME);
	dom = open_name(DOMAINNAME);
	set_domain("d");
	check_str("domain.on_hostname", events_of(host, POLLPRI, 0), "");
	check_str("domain.on_domainname", events_of(dom, POLLPRI, 0), "PRI,ERR");
	set_node("start");
	check_str("same_name", events_of(host, POLLPRI, 0), "PRI,ERR");
	expect_errno(sys_sethostname("x", 65), EINVAL);
	expect_errno(sys_sethostname(NULL, 1), EFAULT);
	check_str("failed_call", events_of(host, POLLPRI, 0), "");
	expect_eq(write_file(HOSTNAME, "written"), 7);
	check_str("written", events_of(host, POLLPRI, 0), "PRI,ERR");
	set_node("before.open");
	fresh = open_name(HOSTNAME);
	check_str("opened_after", events_of(fresh, POLLPRI, 0), "");
	check_str("opened_before", events_of(host, POLLPRI, 0), "PRI,ERR");
}

static void change_elsewhere(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	set_node("elsewhere");
}

/* The event is the file's, not the namespace's. */
static void other_namespaces(void)
{
	long fd;

	private_uts("start");
	fd = open_name(HOSTNAME);
	run_child(CLONE_NEWUTS, change_elsewhere, NULL);
	obs_str("changed_elsewhere", events_of(fd, POLLPRI, 0));
	check_str("name", node(), "start");
	run_child(0, change_elsewhere, NULL);
	check_str("changed_by_child", events_of(fd, POLLPRI, 0), "PRI,ERR");
}

/* One poller sleeps until the other changes the name. */
static void change_late(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	nap(50);
	set_node("late");
}

static void wakes(void)
{
	struct peer child;
	long fd;

	private_uts("start");
	fd = open_name(HOSTNAME);
	spawn(&child, 0, change_late, NULL);
	check_str("woken", events_of(fd, POLLPRI, 5000), "PRI,ERR");
	check_str("name", node(), "late");
	finish(&child);
	check_str("timed_out", events_of(fd, POLLPRI, 20), "");
}

/* Two open files are told each; a copy of one shares its state. */
static void each_open_file(void)
{
	long one, two, copy;

	private_uts("start");
	one = open_name(HOSTNAME);
	two = open_name(HOSTNAME);
	copy = must(sys(__NR_dup, one));
	set_node("changed");
	check_str("one", events_of(one, POLLPRI, 0), "PRI,ERR");
	check_str("two", events_of(two, POLLPRI, 0), "PRI,ERR");
	check_str("copy", events_of(copy, POLLPRI, 0), "");
}

const struct test_case uts_poll_cases[] = {
	{ "UTSNS-08", "poll on hostname tells of a change once", tells_once, 0, 0 },
	{ "UTSNS-08.what", "what counts as a change", what_counts, 0, 0 },
	{ "UTSNS-08.elsewhere", "changes in other namespaces", other_namespaces, 0, 0 },
	{ "UTSNS-08.wakes", "a sleeping poll wakes", wakes, 0, 0 },
	{ "UTSNS-08.each", "each open file is told", each_open_file, 0, 0 },
	{ 0 },
};
