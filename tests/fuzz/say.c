// SPDX-License-Identifier: MIT
/* tests/fuzz/say.c - lines on the console, small files, time: all by plain calls. */
#include <stdarg.h>
#include "fuzz.h"

#define LINE_BYTES 400

static int output = 1;

/* Output goes to a copy of fd, which is closed: out of the way of random calls. */
void say_to(int fd)
{
	if (sys(__NR_dup3, fd, SAY_FD, O_CLOEXEC) >= 0)
		output = SAY_FD;
	if (fd > 2)
		sys_close(fd);
}

void say(const char *format, ...)
{
	char line[LINE_BYTES];
	va_list ap;
	int len;

	va_start(ap, format);
	len = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	sys_write(output, line, len < (int)sizeof(line) ? len : (int)sizeof(line) - 1);
}

/* Read a small file as a string. Returns: its length, or the error. */
long file_read(const char *path, char *text, size_t size)
{
	long fd = sys_open(path, O_RDONLY, 0), len = 0, n;

	text[0] = 0;
	if (fd < 0)
		return fd;
	while (len < (long)size - 1 && (n = sys_read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	text[len] = 0;
	sys_close(fd);
	return len;
}

long file_write(const char *path, const char *text)
{
	long fd = sys_open(path, O_WRONLY, 0), n;

	if (fd < 0)
		return fd;
	n = sys_write(fd, text, strlen(text));
	sys_close(fd);
	return n;
}

void nap(int msec)
{
	struct __kernel_timespec ts = { msec / 1000, msec % 1000 * 1000000ll };

	sys(__NR_nanosleep, &ts, NULL);
}

long long now_msec(void)
{
	struct __kernel_timespec ts;

	sys(__NR_clock_gettime, 1 /* CLOCK_MONOTONIC */, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}
