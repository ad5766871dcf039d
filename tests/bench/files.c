// SPDX-License-Identifier: MIT
/* tests/bench/files.c - rows of files: page cache, path walks, mounts, texts of /proc. */
#include "bench.h"

#define SHALLOW "/bench.file"
#define DEEP_DIR "/bench.1/2/3/4/5/6/7"
#define DEEP DEEP_DIR "/bench.file"
#define MOUNT_POINT "/bench.mnt"

enum { PATH_1, PATH_8, PROC_STAT, PROC_MAPS };

static const char *const paths[] = { SHALLOW, DEEP, "/proc/self/stat", "/proc/self/maps" };
static char page[PAGE_BYTES];
static long file;

static int prepare_page(int arg)
{
	file = must(SHALLOW, sys_open(SHALLOW, O_RDWR | O_CREAT, 0644));
	(void)arg;
	return sys_pwrite(file, page, PAGE_BYTES, 0) < 0;
}

static void op_read(int arg)
{
	(void)arg;
	sys_pread(file, page, PAGE_BYTES, 0);
}

static void op_write(int arg)
{
	(void)arg;
	sys_pwrite(file, page, PAGE_BYTES, 0);
}

static void clean_page(int arg)
{
	(void)arg;
	sys_close(file);
}

/* Both files, and the directories down to the deep one. */
static int prepare_path(int arg)
{
	char path[] = DEEP_DIR "/";

	(void)arg;
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		sys_mkdir(path, 0755);
		*p = '/';
	}
	sys_close(must(SHALLOW, sys_open(SHALLOW, O_RDWR | O_CREAT, 0644)));
	sys_close(must(DEEP, sys_open(DEEP, O_RDWR | O_CREAT, 0644)));
	return 0;
}

static void op_open(int which)
{
	sys_close(sys_open(paths[which], O_RDONLY, 0));
}

static void op_stat(int which)
{
	struct stat status;

	sys_stat(paths[which], &status);
}

static void op_proc(int which)
{
	long fd = sys_open(paths[which], O_RDONLY, 0);

	sys_read(fd, page, PAGE_BYTES);
	sys_close(fd);
}

static int prepare_mount(int arg)
{
	(void)arg;
	sys_mkdir(MOUNT_POINT, 0755);
	return 0;
}

static void op_mount(int arg)
{
	(void)arg;
	must("mount", sys_mount("none", MOUNT_POINT, "tmpfs", 0, NULL));
	must("umount", sys_umount(MOUNT_POINT, 0));
}

static const struct row rows[] = {
	{ "read 4 KiB", 200, 0, prepare_page, op_read, clean_page, NULL, NULL },
	{ "write 4 KiB", 200, 0, prepare_page, op_write, clean_page, NULL, NULL },
	{ "open+close depth 1", 200, PATH_1, prepare_path, op_open, NULL, NULL, NULL },
	{ "open+close depth 8", 200, PATH_8, prepare_path, op_open, NULL, NULL, NULL },
	{ "stat depth 1", 200, PATH_1, prepare_path, op_stat, NULL, NULL, NULL },
	{ "stat depth 8", 200, PATH_8, prepare_path, op_stat, NULL, NULL, NULL },
	{ "mount+umount tmpfs", 40, 0, prepare_mount, op_mount, NULL, NULL, NULL },
	{ "/proc/self/stat", 100, PROC_STAT, NULL, op_proc, NULL, NULL, NULL },
	{ "/proc/self/maps", 100, PROC_MAPS, NULL, op_proc, NULL, NULL, NULL },
};
const struct rows file_rows = ROWS_OF(rows);
