// SPDX-License-Identifier: MIT
/* tests/conform/files.c - small files, temporary places, buffers with an end
 * that is not mapped. A case's temporary directory is one fixed place; the
 * runner takes it away behind each case, with all that is mounted in it. */
#include "conform.h"

#define TEMP_DIR "/tmp/conform"
#define ENTRIES_BYTES 2048
#define NAME_AT 19		/* in a record of getdents64 */
#define LENGTH_AT 16

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

/* Away with a mount, a file, an empty directory of that name. Returns: 0, or rmdir's error. */
static long clear_name(const char *path)
{
	sys_umount(path, UMOUNT_DETACH | UMOUNT_NOFOLLOW);
	return sys_unlink(path) ? sys_rmdir(path) : 0;
}

/* Takes away what lies in dir and has that beginning. A pass may overlook some of it, as names go
 * while it reads them. */
void clear_dir(const char *dir, const char *beginning)
{
	char entries[ENTRIES_BYTES], path[512];
	long fd = sys_open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), len, rc, gone = 0;

	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + LENGTH_AT)) {
			const char *name = entries + at + NAME_AT;

			if (!strcmp(name, ".") || !strcmp(name, "..") ||
			    strncmp(name, beginning, strlen(beginning)))
				continue;
			snprintf(path, sizeof(path), "%s/%s", dir, name);
			rc = clear_name(path);
			if (rc == -ENOTEMPTY) {
				clear_dir(path, "");
				rc = clear_name(path);
			}
			gone += rc == 0;
		}
	}
	if (fd >= 0)
		sys_close(fd);
	if (gone)
		clear_dir(dir, beginning);
}

/* A fresh directory for this case: a tmpfs for root, else a plain one. */
const char *temp_dir(void)
{
	long rc;

	sys_mkdir("/tmp", 01777);
	rc = sys_mkdir(TEMP_DIR, 0777);
	if (rc != -EEXIST)
		must(rc);
	if (sys_mount("conform", TEMP_DIR, "tmpfs", 0, NULL) == -ENOMEM)
		must(-ENOMEM);
	return TEMP_DIR;
}

/* Take the temporary directory away with all that is in it. */
void temp_clean(void)
{
	while (sys_umount(TEMP_DIR, UMOUNT_DETACH) == 0)
		;
	if (sys_rmdir(TEMP_DIR) == -ENOTEMPTY) {
		clear_dir(TEMP_DIR, "");
		sys_rmdir(TEMP_DIR);
	}
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
