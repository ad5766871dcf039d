// SPDX-License-Identifier: MIT
/* tests/conform/cgutil.c - making, reading, writing, filling and clearing control groups for a
 * case.
 *
 * Everything goes through the files. What Linux does a little later than the call that causes it (a
 * freeze, an exit) is waited for, at most a second. */
#include "cgutil.h"

#define WAIT_STEP_MSEC 5
#define WAIT_STEPS 200

const char *cg_dir(const char *cg)
{
	if (strcmp(cg, "/") == 0)
		return CG_MOUNT;
	return *cg ? path_in(CG_MOUNT "/" CG_TOP, cg) : CG_MOUNT "/" CG_TOP;
}

const char *cg_file(const char *cg, const char *file)
{
	return path_in(cg_dir(cg), file);
}

/* --- clearing --- */

/* Is the entry of getdents64 at at a directory below? */
static const char *subdirectory(const char *at)
{
	const char *name = at + 19;

	return at[18] == 4 && strcmp(name, ".") && strcmp(name, "..") ? name : NULL;
}

static void clear_tree(const char *path)
{
	char entries[2048], child[1024], dir[1024];
	long fd, len;

	snprintf(dir, sizeof(dir), "%s", path);
	write_file(path_in(dir, "cgroup.freeze"), "0");
	write_file(path_in(dir, "cgroup.kill"), "1");
	fd = sys_open(dir, O_RDONLY | O_DIRECTORY, 0);
	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			const char *name = subdirectory(entries + at);

			if (!name)
				continue;
			snprintf(child, sizeof(child), "%s/%s", dir, name);
			clear_tree(child);
		}
	}
	if (fd >= 0)
		sys_close(fd);
	for (int i = 0; i < WAIT_STEPS && sys_rmdir(dir) == -EBUSY; i++)
		nap(WAIT_STEP_MSEC);
}

/* Switches everything off for the children of dir. */
static void clear_control(const char *dir)
{
	char text[256], word[64];
	char *rest = text;

	if (read_file(path_in(dir, "cgroup.subtree_control"), text, sizeof(text)) <= 0)
		return;
	for (char *name = text; *name; name = rest) {
		rest = name + strcspn(name, " \n");
		if (*rest)
			*rest++ = 0;
		snprintf(word, sizeof(word), "-%s", name);
		write_file(path_in(dir, "cgroup.subtree_control"), word);
	}
}

void cg_clean(void)
{
	static const char where[] = "/tmp/conform-cg";

	sys_mkdir(where, 0700);
	if (sys_mount("conform", where, "cgroup2", 0, NULL) == 0) {
		clear_tree(path_in(where, CG_TOP));
		clear_control(where);
		sys_umount(where, UMOUNT_DETACH);
	}
	sys_rmdir(where);
}

void cg_begin(void)
{
	long rc;

	need_admin();
	verdict_note_cgroups();
	temp_dir();
	must(sys_mkdir(CG_MOUNT, 0755));
	rc = sys_mount("conform", CG_MOUNT, "cgroup2", 0, NULL);
	if (rc == -ENODEV)
		skip("no cgroup2 in this kernel");
	must(rc);
	must(sys_mkdir(CG_MOUNT "/" CG_TOP, 0755));
}

void cg_enable(const char *controller)
{
	char word[64];
	long rc;

	snprintf(word, sizeof(word), "+%s", controller);
	rc = cg_write("/", "cgroup.subtree_control", word);
	if (rc == -ENOENT || rc == -EINVAL)
		skip("no controller %s in the unified hierarchy", controller);
	must(rc);
	must(cg_write("", "cgroup.subtree_control", word));
}

/* --- cgroups --- */

long cg_try(const char *cg)
{
	return sys_mkdir(cg_dir(cg), 0755);
}

void cg_make(const char *cg)
{
	must(cg_try(cg));
}

long cg_remove(const char *cg)
{
	return sys_rmdir(cg_dir(cg));
}

/* --- files --- */

long cg_open(const char *cg, const char *file, int flags)
{
	return sys_open(cg_file(cg, file), flags, 0);
}

/* 0 where all was taken. */
long cg_write(const char *cg, const char *file, const char *text)
{
	long done = write_file(cg_file(cg, file), text);

	return done == (long)strlen(text) ? 0 : done;
}

const char *cg_read(const char *cg, const char *file)
{
	static char text[CG_TEXT];
	long len = read_file(cg_file(cg, file), text, sizeof(text));

	return len < 0 ? ret_text(len) : text;
}

long cg_read_err(const char *cg, const char *file)
{
	char text[CG_TEXT];
	long len = read_file(cg_file(cg, file), text, sizeof(text));

	return len < 0 ? len : 0;
}

bool cg_has(const char *cg, const char *file)
{
	return have_file(cg_file(cg, file));
}

long cg_number(const char *cg, const char *file, const char *key)
{
	char text[CG_TEXT];
	size_t len = key ? strlen(key) : 0;

	if (read_file(cg_file(cg, file), text, sizeof(text)) < 0)
		return -1;
	if (!key)
		return strtol(text, NULL, 10);
	for (char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			return strtol(line + len, NULL, 10);
	}
	return -1;
}

bool cg_lists(const char *cg, const char *file, long pid)
{
	char text[CG_TEXT];
	char *rest;

	if (read_file(cg_file(cg, file), text, sizeof(text)) < 0)
		return false;
	for (char *line = text; *line; line = rest + (*rest == '\n'))
		if (strtol(line, &rest, 10) == pid)
			return true;
	return false;
}

long cg_await(const char *cg, const char *file, const char *key, long want)
{
	long got = cg_number(cg, file, key);

	for (int i = 0; i < WAIT_STEPS && got != want; i++) {
		nap(WAIT_STEP_MSEC);
		got = cg_number(cg, file, key);
	}
	return got;
}

/* --- tasks --- */

static long write_number(const char *cg, const char *file, long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return cg_write(cg, file, text);
}

long cg_join(const char *cg, long pid)
{
	return write_number(cg, "cgroup.procs", pid);
}

long cg_join_thread(const char *cg, long tid)
{
	return write_number(cg, "cgroup.threads", tid);
}

long cg_idle(const char *cg)
{
	long pid = must(spawn_idle(0));

	must(cg_join(cg, pid));
	return pid;
}

const char *cg_of(long pid)
{
	static char text[CG_TEXT];
	char path[64], *line, *end;

	if (pid)
		snprintf(path, sizeof(path), "/proc/%ld/cgroup", pid);
	else
		snprintf(path, sizeof(path), "/proc/self/cgroup");
	if (read_file(path, text, sizeof(text)) < 0)
		return "gone";
	line = strncmp(text, "0::", 3) ? strstr(text, "\n0::") : text;
	if (!line)
		return "none";
	line += *line == '\n' ? 4 : 3;
	end = strchr(line, '\n');
	if (end)
		*end = 0;
	return line;
}

long cg_clone3(const char *cg, unsigned long flags)
{
	long fd = must(sys_open(cg_dir(cg), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | flags,
		.exit_signal = SIGCHLD,
		.cgroup = fd,
	};
	long pid = sys_clone3(&args, sizeof(args));

	if (pid)
		sys_close(fd);
	return pid;
}

char cg_state(long pid)
{
	char path[64], text[512], *after;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (read_file(path, text, sizeof(text)) < 0)
		return '-';
	after = strrchr(text, ')');
	return after ? after[2] : '-';
}
