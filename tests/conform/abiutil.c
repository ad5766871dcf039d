// SPDX-License-Identifier: MIT
/* tests/conform/abiutil.c - helpers of the cases of ABI-*; see abi.h. */
#include "abi.h"

static void touch_failed(int sig, siginfo_t *info, void *context)
{
	(void)context;
	sys_exit(TOUCHED(sig, info->si_code));
}

/* Read or write a byte in a child. Returns: 0, or TOUCHED(signal, code). */
long touch(const void *at, bool write)
{
	volatile char *byte = (volatile char *)at;
	long pid = must(sys_fork());

	if (pid == 0) {
		catch_signal(SIGSEGV, touch_failed);
		catch_signal(SIGBUS, touch_failed);
		if (write)
			*byte = 1;
		else
			(void)*byte;
		sys_exit(0);
	}
	return wait_status(pid) >> 8;
}

/* A mapping that must succeed. */
char *map_pages(int count, int prot, int flags, long fd)
{
	return (char *)must(sys_map(0, PAGES(count), prot, flags, fd, 0));
}

/* A name in the case's directory, which is made at the first use. */
const char *abi_path(const char *name)
{
	if (sys_mkdir("/tmp/conform/.", 0) != -EEXIST)
		temp_dir();
	return path_in("/tmp/conform", name);
}

/* A fresh file with text, opened with flags; its offset is 0. */
long abi_file(const char *name, int flags, const char *text)
{
	const char *path = abi_path(name);
	long fd = must(sys_open(path, O_CREAT | O_TRUNC | O_WRONLY, 0666));

	must(sys_write(fd, text, strlen(text)));
	sys_close(fd);
	return must(sys_open(path, flags, 0));
}

/* Does the file begin with these bytes, as pread sees it? */
long has_bytes(long fd, const char *want)
{
	char buf[256] = { 0 };
	long got = sys_pread(fd, buf, sizeof(buf), 0);

	if (got < 0)
		return got;
	return got >= (long)strlen(want) && memcmp(buf, want, strlen(want)) == 0;
}

/* What poll says at once. */
long ready(long fd, short events)
{
	struct pollfd p = { (int)fd, events, 0 };
	long rc = sys_poll(&p, 1, 0);

	return rc < 0 ? rc : p.revents;
}

/* A field of our /proc/self/status that is in kB. */
long status_kb(const char *field)
{
	return strtol(status_field("/proc", sys_getpid(), field, 0), NULL, 10);
}

long long clock_msec(int clock)
{
	struct __kernel_timespec ts = { 0 };

	sys(__NR_clock_gettime, clock, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}
