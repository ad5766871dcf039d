// SPDX-License-Identifier: MIT
/* tests/conform/files.c - small files, temporary places, buffers with an end
 * that is not mapped. A case's temporary directory is one fixed place; the
 * runner takes it away behind each case, with all that is mounted in it. */
#include "conform.h"

#define TEMP_DIR "/tmp/conform"

/* Read a whole small file as text. Returns: its length, or -errno. */
long read_file(const char *path, char *buf, size_t size)
{
	long fd = sys_open(path, O_RDONLY, 0);
	size_t len = 0;
	long got = 0;

	if (fd < 0)
		return fd;
	while (len < size - 1 && (got = sys_read(fd, buf + len, size - 1 - len)) > 0)
		len += got;
	buf[len] = 0;
	sys_close(fd);
	return got < 0 ? got : (long)len;
}

/* Write text with one call. Returns: what write(2) did, or open's error. */
long write_file(const char *path, const char *text)
{
	long fd = sys_open(path, O_WRONLY, 0);
	long done;

	if (fd < 0)
		return fd;
	done = sys_write(fd, text, strlen(text));
	sys_close(fd);
	return done;
}

/* The number in a file, or missing if there is no such file. */
long read_long(const char *path, long missing)
{
	char buf[32];

	return read_file(path, buf, sizeof(buf)) < 0 ? missing : strtol(buf, NULL, 10);
}

bool have_file(const char *path)
{
	struct stat st;

	return sys_stat(path, &st) == 0;
}

/* A fresh directory for this case: a tmpfs for root, else a plain one. */
const char *temp_dir(void)
{
	long rc;

	sys_mkdir("/tmp", 01777);
	rc = sys_mkdir(TEMP_DIR, 0777);
	if (rc != -EEXIST)
		must(rc);
	sys_mount("conform", TEMP_DIR, "tmpfs", 0, NULL);
	return TEMP_DIR;
}

/* Take the temporary directory away with everything mounted there. */
void temp_clean(void)
{
	static const char *const left[] = { "a", "b", "c", "bound" };

	while (sys_umount(TEMP_DIR, UMOUNT_DETACH) == 0)
		;
	for (size_t i = 0; i < LENGTH(left); i++)
		sys_unlink(path_in(TEMP_DIR, left[i]));
	sys_rmdir(TEMP_DIR);
}

/* "dir/name" in a buffer that is good until four calls later. */
const char *path_in(const char *dir, const char *name)
{
	static char paths[4][512];
	static int turn;

	turn = (turn + 1) % (int)LENGTH(paths);
	snprintf(paths[turn], sizeof(paths[turn]), "%s/%s", dir, name);
	return paths[turn];
}

/* An empty file, something to bind over. */
void make_file(const char *path)
{
	sys_close(must(sys_open(path, O_CREAT | O_WRONLY, 0644)));
}

/* Two pages of which only the first is mapped. Returns: the hole's start. */
char *page_with_hole(void)
{
	char *pages = sys_mmap(2 * PAGE_BYTES, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS);

	must((long)pages);
	must(sys(__NR_munmap, pages + PAGE_BYTES, PAGE_BYTES));
	return pages + PAGE_BYTES;
}
