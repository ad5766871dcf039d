// SPDX-License-Identifier: MIT
/* kernel/syslog.c - syslog(2): the kernel log for dmesg and klogd.
 *
 * Every action needs CAP_SYSLOG in the initial user namespace (EXT-SYS-04), as on a Linux with
 * dmesg_restrict. The log is the text of kprintf, without levels.
 * Not like Linux: READ returns what is new since the last READ, but never waits for more.
 * Locks: BKL. See syslog(2). */

#include "arch/cpu.h"
#include "drivers/console.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

enum {				/* the actions of syslog(2) */
	LOG_CLOSE, LOG_OPEN, LOG_READ, LOG_READ_ALL, LOG_READ_CLEAR, LOG_CLEAR,
	LOG_CONSOLE_OFF, LOG_CONSOLE_ON, LOG_CONSOLE_LEVEL, LOG_SIZE_UNREAD, LOG_SIZE_BUFFER,
};
#define CONSOLE_LEVEL_MAX 8

static size_t read_already;	/* of what the log holds, by LOG_READ */

/* Copies the newest n bytes (at most) of the log's last "unread" bytes to the user. */
static long log_copy(uaddr buf, size_t n, size_t skip_newest)
{
	size_t want = MIN(n + skip_newest, (size_t)LOG_SIZE), got;
	char *text = kmalloc(want);
	long done;

	if (!text)
		return -ENOMEM;
	got = log_read_tail(text, want);
	done = got > skip_newest ? MIN(got - skip_newest, n) : 0;
	if (copy_to_user(buf, text, done))
		done = -EFAULT;
	kfree(text);
	return done;
}

/* The oldest part of what LOG_READ has not given yet. */
static long log_read_new(uaddr buf, size_t n)
{
	size_t length = log_length(), unread;
	long done;

	read_already = MIN(read_already, length);
	unread = length - read_already;
	n = MIN(n, unread);
	done = n ? log_copy(buf, n, unread - n) : 0;
	if (done > 0)
		read_already += done;
	return done;
}

static long log_action(int action, uaddr buf, int n)
{
	size_t part = MIN((size_t)n, log_length());
	long done;

	switch (action) {
	case LOG_READ:
		return log_read_new(buf, n);
	case LOG_READ_ALL:
	case LOG_READ_CLEAR:
		done = part ? log_copy(buf, part, 0) : 0;
		if (done >= 0 && action == LOG_READ_CLEAR)
			log_clear();
		return done;
	case LOG_CLEAR:
		log_clear();
		return 0;
	case LOG_CONSOLE_OFF:
	case LOG_CONSOLE_ON:
		console_quiet = action == LOG_CONSOLE_OFF;
		return 0;
	case LOG_CONSOLE_LEVEL:
		return n >= 1 && n <= CONSOLE_LEVEL_MAX ? 0 : -EINVAL;
	case LOG_SIZE_UNREAD:
		return log_length() - MIN(read_already, log_length());
	case LOG_SIZE_BUFFER:
		return LOG_SIZE;
	}
	return 0;				/* open and close do nothing */
}

long sys_syslog(int action, uaddr buf, int n)
{
	bool reads = action == LOG_READ || action == LOG_READ_ALL || action == LOG_READ_CLEAR;

	if (!capable_in(&init_user_ns, CAP_SYSLOG))
		return deny(EPERM, EXT_SYS_04);
	if (action < LOG_CLOSE || action > LOG_SIZE_BUFFER || (reads && (!buf || n < 0)))
		return -EINVAL;
	if (reads && !user_range_ok(buf, n))
		return -EFAULT;
	return log_action(action, buf, n);
}
