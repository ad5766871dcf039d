// SPDX-License-Identifier: MIT
/* tests/bench/text.c - lines, numbers and small files, without a C library. */
#include "bench.h"

#define DIGITS_MAX 20

/* Append text; returns: where the terminating 0 is. */
char *put_text(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	*to = '\0';
	return to;
}

char *put_number(char *to, long number)
{
	char digits[DIGITS_MAX];
	int n = 0;
	unsigned long rest = number < 0 ? -number : number;

	do {
		digits[n++] = '0' + rest % 10;
		rest /= 10;
	} while (rest);
	if (number < 0)
		*to++ = '-';
	while (n)
		*to++ = digits[--n];
	*to = '\0';
	return to;
}

void say(const char *text, int size)
{
	sys_write(1, text, size);
}

/* Returns: 0 or -errno. */
long write_file(const char *path, const char *text)
{
	long fd = sys_open(path, O_WRONLY, 0), n, size = 0;

	if (fd < 0)
		return fd;
	while (text[size])
		size++;
	n = sys_write(fd, text, size);
	sys_close(fd);
	return n < 0 ? n : 0;
}

/* The compiler makes calls of these. */
void *memset(void *to, int byte, size_t size)
{
	for (char *p = to; size--;)
		*p++ = byte;
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size--)
		*t++ = *f++;
	return to;
}
