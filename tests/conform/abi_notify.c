// SPDX-License-Identifier: MIT
/* tests/conform/abi_notify.c - inotify and epoll: ABI-INO-01, 02, ABI-EP-01 to 04. */
#include <linux/eventpoll.h>
#include <linux/inotify.h>
#include "abi.h"

/* The events that wait, as text: "MASK[/COOKIE] name," with known cookies. */
static const char *events(long fd)
{
	static char text[1024], buf[4096];
	long len = sys_read(fd, buf, sizeof(buf));
	size_t at = 0;
	unsigned cookie = 0;

	if (len < 0)
		return ret_text(len);
	text[0] = 0;
	for (long i = 0; i < len;) {
		struct inotify_event *e = (void *)(buf + i);

		at += snprintf(text + at, sizeof(text) - at, "%x%s%s%s,", e->mask,
			       !e->cookie ? "" : e->cookie == cookie ? "=" : "+", e->len ? " " : "",
			       e->len ? e->name : "");
		cookie = e->cookie ? e->cookie : cookie;
		i += sizeof(*e) + e->len;
	}
	return text;
}

/* ABI-INO-01: what happens to a directory and to what is in it. */
static void inotify_events(void)
{
	const char *dir = (abi_path(""), "/tmp/conform");
	long fd = must(sys(__NR_inotify_init1, O_NONBLOCK)), file, wd;
	char buf[16];

	wd = must(sys(__NR_inotify_add_watch, fd, dir, IN_ALL_EVENTS));
	check_int("first", (int)wd, 1);
	check_str("none", events(fd), "EAGAIN");
	file = must(sys_open(abi_path("f"), O_CREAT | O_RDWR, 0644));
	check_str("create", events(fd), "100 f,20 f,");
	sys_write(file, "abc", 3), sys_write(file, "abc", 3);
	check_str("modify_merged", events(fd), "2 f,");
	sys_pread(file, buf, 3, 0), sys_pread(file, buf, 0, 0);
	check_str("access", events(fd), "1 f,");
	must(sys(__NR_ftruncate, file, 1)), must(sys(__NR_fchmod, file, 0600));
	check_str("truncate_chmod", events(fd), "2 f,4 f,");
	must(sys(__NR_fallocate, file, 0, 0, 10));
	check_str("allocate", events(fd), "2 f,");
	sys_close(file);
	check_str("close_write", events(fd), "8 f,");
	sys_close(must(sys_open(abi_path("f"), O_RDONLY, 0)));
	check_str("read_only", events(fd), "20 f,10 f,");
	sys_close(must(sys_open(abi_path("f"), O_PATH, 0)));
	check_str("path", events(fd), "EAGAIN");
	sys_close(must(sys_open(abi_path("f"), O_RDWR | O_TRUNC, 0)));
	check_str("open_truncate", events(fd), "2 f,20 f,8 f,");
	must(sys(__NR_rename, abi_path("f"), abi_path("g")));
	check_str("rename", events(fd), "40+ f,80= g,");
	must(sys(__NR_link, abi_path("g"), abi_path("h")));
	check_str("link", events(fd), "100 h,");
	must(sys_unlink(abi_path("h")));
	check_str("unlink", events(fd), "200 h,");
	must(sys_mkdir(abi_path("d"), 0755)), must(sys_rmdir(abi_path("d")));
	check_str("directory", events(fd), "40000100 d,40000200 d,");
	must(sys(__NR_symlink, "g", abi_path("s")));
	check_str("symlink", events(fd), "100 s,");
	must(sys(__NR_utimensat, AT_FDCWD, abi_path("g"), 0, 0));
	check_str("times", events(fd), "4 g,");
	must(sys(__NR_setxattr, abi_path("g"), "trusted.x", "v", 1, 0));
	check_str("xattr", events(fd), "4 g,");
	must(sys(__NR_truncate, abi_path("g"), 5));
	check_str("truncate", events(fd), "2 g,");
	sys(__NR_sendfile, sys_open(abi_path("g"), O_WRONLY, 0),
	    sys_open("/proc/version", O_RDONLY, 0), 0, 5);
	check_str("sendfile", events(fd), "20 g,2 g,");
	sys_close(sys_open(dir, O_RDONLY, 0));
	check_str("directory_itself", events(fd), "40000020,40000010,");
}

/* ABI-INO-02: arguments, masks, the ends of watches. */
static void inotify_watches(void)
{
	long fd = must(sys(__NR_inotify_init1, O_NONBLOCK)), file = abi_file("f", O_RDWR, "");
	char small[8];
	long wd, other;
	int queued = -1;

	check_ret("flags", sys(__NR_inotify_init1, 1), -EINVAL);
	check_ret("no_mask", sys(__NR_inotify_add_watch, fd, "/", 0), -EINVAL);
	check_ret("both", sys(__NR_inotify_add_watch, fd, "/",
			      IN_OPEN | IN_MASK_ADD | IN_MASK_CREATE), -EINVAL);
	check_ret("not_inotify", sys(__NR_inotify_add_watch, file, "/", IN_OPEN), -EINVAL);
	check_ret("bad", sys(__NR_inotify_add_watch, 77, "/", IN_OPEN), -EBADF);
	check_ret("nothing", sys(__NR_inotify_add_watch, fd, abi_path("no"), IN_OPEN), -ENOENT);
	check_ret("only_directory", sys(__NR_inotify_add_watch, fd, abi_path("f"),
					IN_OPEN | IN_ONLYDIR), -ENOTDIR);
	wd = must(sys(__NR_inotify_add_watch, fd, abi_path("f"), IN_MODIFY));
	check_ret("same_watch", sys(__NR_inotify_add_watch, fd, abi_path("f"),
				    IN_ATTRIB | IN_MASK_ADD), wd);
	check_ret("exists", sys(__NR_inotify_add_watch, fd, abi_path("f"),
				IN_OPEN | IN_MASK_CREATE), -EEXIST);
	sys_write(file, "x", 1), sys(__NR_fchmod, file, 0600);
	check_ret("too_small", sys_read(fd, small, 8), -EINVAL);
	check_ret("queued", sys_ioctl(fd, FIONREAD, &queued), 0);
	check_int("queued_bytes", queued, 32);
	check_str("both_masks", events(fd), "2,4,");
	check_ret("replaced", sys(__NR_inotify_add_watch, fd, abi_path("f"), IN_ATTRIB), wd);
	sys_write(file, "x", 1);
	check_str("no_more", events(fd), "EAGAIN");
	check_ret("remove", sys(__NR_inotify_rm_watch, fd, wd), 0);
	check_str("ignored", events(fd), "8000,");
	check_ret("remove_again", sys(__NR_inotify_rm_watch, fd, wd), -EINVAL);
	other = must(sys(__NR_inotify_add_watch, fd, abi_path("f"), IN_OPEN | IN_ONESHOT));
	check_int("next_number", (int)other, 2);
	sys_close(sys_open(abi_path("f"), O_RDONLY, 0)),
	sys_close(sys_open(abi_path("f"), O_RDONLY, 0));
	check_str("oneshot", events(fd), "20,8000,");
	must(sys(__NR_inotify_add_watch, fd, abi_path("f"),
		 IN_DELETE_SELF | IN_ATTRIB | IN_MOVE_SELF));
	must(sys(__NR_rename, abi_path("f"), abi_path("g")));
	check_str("move_self", events(fd), "800,");
	must(sys_unlink(abi_path("g")));
	check_str("unlinked_open", events(fd), "4,");
	sys_close(file);
	check_str("deleted", events(fd), "400,8000,");
	check_ret("write", sys_write(fd, small, 1), -EBADF);
	must(sys_mkdir(abi_path("d"), 0755)), must(sys_mount("x", abi_path("d"), "tmpfs", 0, NULL));
	must(sys(__NR_inotify_add_watch, fd, abi_path("d"), IN_CREATE));
	must(sys_umount(abi_path("d"), 0));
	check_str("unmounted", events(fd), "40002000,8000,");
	must(sys(__NR_symlink, "d", abi_path("s")));
	must(sys(__NR_inotify_add_watch, fd, abi_path("s"), IN_ATTRIB | IN_DONT_FOLLOW));
	must(sys(__NR_utimensat, AT_FDCWD, abi_path("s"), 0, AT_SYMLINK_NOFOLLOW));
	check_str("link_itself", events(fd), "4,");
	become_user(PLAIN_UID);
	check_ret("unreadable", sys(__NR_inotify_add_watch, fd, "/proc/1/environ", IN_OPEN),
		  -EACCES);
}

static long ctl(long ep, int op, long fd, unsigned ev, unsigned long data)
{
	struct epoll_event e = { .events = ev, .data = data };

	return sys(__NR_epoll_ctl, ep, op, fd, &e);
}

/* "DATA:EVENTS,DATA:EVENTS" of what is ready at once. */
static const char *waiting(long ep, int max)
{
	struct epoll_event e[8];
	static char text[128];
	long n = sys(__NR_epoll_wait, ep, e, max, 0);
	size_t at = 0;

	if (n < 0)
		return ret_text(n);
	text[0] = 0;
	for (long i = 0; i < n; i++)
		at += snprintf(text + at, sizeof(text) - at, "%d:%x,", (int)e[i].data, e[i].events);
	return text;
}

/* ABI-EP-01: arguments. */
static void epoll_arguments(void)
{
	long ep = must(sys(__NR_epoll_create1, O_CLOEXEC)), other = must(sys(__NR_epoll_create, 1));
	long file = abi_file("f", O_RDWR, "");
	struct epoll_event e;
	int fds[2];

	must(sys_pipe(fds, 0));
	check_ret("create_0", sys(__NR_epoll_create, 0), -EINVAL);
	check_ret("create_flags", sys(__NR_epoll_create1, 1), -EINVAL);
	check_ret("file", ctl(ep, EPOLL_CTL_ADD, file, EPOLLIN, 0), -EPERM);
	check_ret("self", ctl(ep, EPOLL_CTL_ADD, ep, EPOLLIN, 0), -EINVAL);
	check_ret("not_epoll", ctl(fds[0], EPOLL_CTL_ADD, fds[1], EPOLLIN, 0), -EINVAL);
	check_ret("bad", ctl(ep, EPOLL_CTL_ADD, 77, EPOLLIN, 0), -EBADF);
	check_ret("bad_epoll", ctl(77, EPOLL_CTL_ADD, fds[0], EPOLLIN, 0), -EBADF);
	check_ret("fault", sys(__NR_epoll_ctl, ep, EPOLL_CTL_ADD, fds[0], KERNEL_ADDRESS), -EFAULT);
	check_ret("add", ctl(ep, EPOLL_CTL_ADD, fds[0], EPOLLIN, 0), 0);
	check_ret("add_twice", ctl(ep, EPOLL_CTL_ADD, fds[0], EPOLLIN, 0), -EEXIST);
	check_ret("modify_absent", ctl(ep, EPOLL_CTL_MOD, fds[1], EPOLLIN, 0), -ENOENT);
	check_ret("delete_absent", ctl(ep, EPOLL_CTL_DEL, fds[1], 0, 0), -ENOENT);
	check_ret("unknown", ctl(ep, 9, fds[0], EPOLLIN, 0), -EINVAL);
	check_ret("exclusive_modify", ctl(ep, EPOLL_CTL_MOD, fds[0], EPOLLIN | EPOLLEXCLUSIVE, 0),
		  -EINVAL);
	check_ret("exclusive", ctl(ep, EPOLL_CTL_ADD, fds[1], EPOLLOUT | EPOLLEXCLUSIVE, 0), 0);
	check_ret("modify_exclusive", ctl(ep, EPOLL_CTL_MOD, fds[1], EPOLLOUT, 0), -EINVAL);
	check_ret("exclusive_oneshot", ctl(other, EPOLL_CTL_ADD, fds[1],
					   EPOLLOUT | EPOLLEXCLUSIVE | EPOLLONESHOT, 0), -EINVAL);
	check_ret("exclusive_epoll", ctl(other, EPOLL_CTL_ADD, ep, EPOLLIN | EPOLLEXCLUSIVE, 0),
		  -EINVAL);
	check_ret("max_0", sys(__NR_epoll_wait, ep, &e, 0, 0), -EINVAL);
	check_ret("max_much", sys(__NR_epoll_wait, ep, &e, 1 << 30, 0), -EINVAL);
	check_ret("wait_fault", sys(__NR_epoll_wait, ep, KERNEL_ADDRESS, 1, 0), -EFAULT);
	check_ret("wait_file", sys(__NR_epoll_wait, file, &e, 1, 0), -EINVAL);
	check_ret("sigset_size", sys(__NR_epoll_pwait, ep, &e, 1, 0, &e, 4), -EINVAL);
	check_ret("delete_no_event", sys(__NR_epoll_ctl, ep, EPOLL_CTL_DEL, fds[0], 0), 0);
	check_ret("read", sys_read(ep, &e, 1), -EINVAL);
}

/* ABI-EP-02: level, edge, one shot. */
static void epoll_triggers(void)
{
	long ep = must(sys(__NR_epoll_create1, 0));
	int level[2], edge[2], shot[2];
	char c[8];

	must(sys_pipe(level, O_NONBLOCK)), must(sys_pipe(edge, O_NONBLOCK)),
	must(sys_pipe(shot, O_NONBLOCK));
	must(ctl(ep, EPOLL_CTL_ADD, level[0], EPOLLIN, 1));
	must(ctl(ep, EPOLL_CTL_ADD, edge[0], EPOLLIN | EPOLLET, 2));
	must(ctl(ep, EPOLL_CTL_ADD, shot[0], EPOLLIN | EPOLLONESHOT, 3));
	check_str("nothing", waiting(ep, 8), "");
	sys_write(level[1], "a", 1), sys_write(edge[1], "a", 1), sys_write(shot[1], "a", 1);
	check_str("all", waiting(ep, 8), "1:1,2:1,3:1,");
	check_str("level_only", waiting(ep, 8), "1:1,");
	sys_write(edge[1], "b", 1), sys_write(shot[1], "b", 1);
	check_str("edge_again", waiting(ep, 8), "1:1,2:1,");
	sys_read(edge[0], c, 1);
	check_str("read_is_no_edge", waiting(ep, 8), "1:1,");
	check_ret("rearm", ctl(ep, EPOLL_CTL_MOD, shot[0], EPOLLIN | EPOLLONESHOT, 4), 0);
	check_str("shot_again", waiting(ep, 8), "1:1,4:1,");
	check_ret("edge_modify", ctl(ep, EPOLL_CTL_MOD, edge[0], EPOLLIN | EPOLLET, 5), 0);
	check_str("modify_is_edge", waiting(ep, 8), "1:1,5:1,");
	must(ctl(ep, EPOLL_CTL_MOD, shot[0], EPOLLIN, 3)),
	must(ctl(ep, EPOLL_CTL_MOD, edge[0], EPOLLIN, 2));
	check_str("one_at_a_time", waiting(ep, 1), "1:1,");
	check_str("then_next", waiting(ep, 1), "3:1,");
	check_str("then_third", waiting(ep, 1), "2:1,");
	check_str("round", waiting(ep, 1), "1:1,");
	sys_close(level[1]);
	sys_read(level[0], c, 8);
	must(ctl(ep, EPOLL_CTL_MOD, level[0], 0, 1));
	check_str("hangup_unasked", waiting(ep, 8), "3:1,2:1,1:10,");
	sys_close(level[0]), sys_close(shot[0]);
	check_str("closed_are_gone", waiting(ep, 8), "2:1,");
	must(sys_dup2(edge[0], 60)), sys_close(edge[0]);
	check_str("copy_keeps", waiting(ep, 8), "2:1,");
	check_ret("delete_closed", ctl(ep, EPOLL_CTL_DEL, edge[0], 0, 0), -EBADF);
	check_ret("copy_is_other", ctl(ep, EPOLL_CTL_DEL, 60, 0, 0), -ENOENT);
}

/* ABI-EP-03: instances that watch instances. */
static void epoll_nests(void)
{
	long ep[7];
	int fds[2];

	for (int i = 0; i < 7; i++)
		ep[i] = must(sys(__NR_epoll_create1, 0));
	must(sys_pipe(fds, 0));
	check_ret("chain_1", ctl(ep[0], EPOLL_CTL_ADD, ep[1], EPOLLIN, 1), 0);
	check_ret("chain_2", ctl(ep[1], EPOLL_CTL_ADD, ep[2], EPOLLIN, 2), 0);
	check_ret("circle", ctl(ep[2], EPOLL_CTL_ADD, ep[0], EPOLLIN, 0), -ELOOP);
	check_ret("circle_2", ctl(ep[1], EPOLL_CTL_ADD, ep[0], EPOLLIN, 0), -ELOOP);
	check_ret("chain_3", ctl(ep[2], EPOLL_CTL_ADD, ep[3], EPOLLIN, 3), 0);
	check_ret("chain_4", ctl(ep[3], EPOLL_CTL_ADD, ep[4], EPOLLIN, 4), 0);
	check_ret("chain_5", ctl(ep[4], EPOLL_CTL_ADD, ep[5], EPOLLIN, 5), -ELOOP);
	check_ret("leaf", ctl(ep[4], EPOLL_CTL_ADD, fds[0], EPOLLIN, 9), 0);
	check_ret("above", ctl(ep[5], EPOLL_CTL_ADD, ep[0], EPOLLIN, 0), -ELOOP);
	check_ret("poll_empty", ready(ep[0], POLLIN), 0);
	sys_write(fds[1], "x", 1);
	check_ret("poll", ready(ep[0], POLLIN), POLLIN);
	check_str("outer", waiting(ep[0], 8), "1:1,");
	check_str("outer_again", waiting(ep[0], 8), "1:1,");
	check_str("inner", waiting(ep[4], 8), "9:1,");
	sys_close(ep[2]);
	check_str("cut", waiting(ep[0], 8), "");
}

/* ABI-EP-04: waiting: time-outs, masks, and what other calls say. */
static void epoll_waits(void)
{
	long ep = must(sys(__NR_epoll_create1, 0));
	struct __kernel_timespec bad = { 0, 1000000000 }, zero = { 0, 0 };
	struct epoll_event e;
	long long start = clock_msec(1);
	int fds[2];

	must(sys_pipe(fds, 0));
	check_ret("timeout", sys(__NR_epoll_wait, ep, &e, 1, 50), 0);
	check_true("waited", clock_msec(1) - start >= 50);
	check_ret("pwait2_bad", sys(__NR_epoll_pwait2, ep, &e, 1, &bad, 0, 8), -EINVAL);
	check_ret("pwait2", sys(__NR_epoll_pwait2, ep, &e, 1, &zero, 0, 8), 0);
	check_ret("rdhup", ctl(ep, EPOLL_CTL_ADD, fds[0], EPOLLIN | EPOLLRDHUP | EPOLLPRI, 7), 0);
	check_ret("ppoll_bad", sys(__NR_ppoll, NULL, 0, &bad, 0, 8), -EINVAL);
	check_ret("ppoll_none", sys(__NR_ppoll, NULL, 0, &zero, 0, 8), 0);
	check_ret("poll_fault", sys_poll(KERNEL_ADDRESS, 1, 0), -EFAULT);
	check_ret("poll_many", sys_poll(&e, 100000000, 0), -EINVAL);
	check_ret("poll_closed", ready(77, POLLIN), POLLNVAL);
	check_ret("poll_negative", ready(-1, POLLIN), 0);
	check_ret("poll_file", ready(abi_file("f", O_RDWR, ""), POLLIN | POLLOUT | POLLPRI),
		  POLLIN | POLLOUT);
	check_ret("select_negative", sys(__NR_select, -1, 0, 0, 0, 0), -EINVAL);
	check_ret("pselect_bad", sys(__NR_pselect6, 0, 0, 0, 0, &bad, 0), -EINVAL);
}

const struct test_case abi_notify_cases[] = {
	{ "ABI-INO-01", "inotify: events", inotify_events, 0, 0 },
	{ "ABI-INO-02", "inotify: watches", inotify_watches, 0, 0 },
	{ "ABI-EP-01", "epoll: arguments", epoll_arguments, 0, 0 },
	{ "ABI-EP-02", "epoll: level, edge, one shot", epoll_triggers, 0, 0 },
	{ "ABI-EP-03", "epoll: nested instances", epoll_nests, 0, 0 },
	{ "ABI-EP-04", "epoll, poll and select: waiting", epoll_waits, 0, 0 },
	{ 0 },
};
