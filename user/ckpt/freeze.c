// SPDX-License-Identifier: MIT
/* user/ckpt/freeze.c - freezes a tree of processes where it is, by cgroup.freeze.
 *
 * A cgroup in which, and below which, only the tree lives is frozen in place; the topmost such one
 * is taken. Where the tree shares a cgroup with others, its processes there are moved to a new
 * cgroup below it, and back afterwards. The extended attribute MARK tells the kernel which is which
 * ("frozen", "moved"), so that the image shows neither: see cr/cgroups.c. What its owner had frozen
 * before stays so, in the image too (CR-FRZ-07). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <asm/unistd.h>

#include "ckpt.h"

#define CGROUPS "/sys/fs/cgroup"
#define MARK "user.checkpoint"
#define FREEZE_TRIES 500
#define FREEZE_WAIT_USEC 10000
#define TASKS_MAX 131072
#define GROUPS_MAX 256
#define PATH_SIZE 512
#define TEXT_SIZE 65536

/* The tree: every thread, with its process. */
static struct { int tid, tgid; } *tasks;
static int nr_tasks;
static int root;

/* What was done, in order. */
static struct {
	char path[PATH_SIZE];
	int made;			/* holds tasks of the cgroup above */
	int held;			/* its owner had frozen it */
} groups[GROUPS_MAX];
static int nr_groups;

/* Everything goes on as it was. */
static void fail(const char *what) __attribute__((noreturn));
static void fail(const char *what)
{
	int err = errno;

	tree_thaw(0);
	errno = err;
	die(what);
}

/* A cgroup that was removed meanwhile: who was in it is elsewhere, and looked for again. */
static int is_gone(void)
{
	return errno == ENOENT || errno == ENODEV;
}

/* --- small files --- */

static int write_file(const char *dir, const char *name, const char *text)
{
	char path[2 * PATH_SIZE];
	int fd, n;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int read_file(const char *dir, const char *name, char *text, int size)
{
	char path[2 * PATH_SIZE];
	int fd, n, len = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	while (len < size - 1 && (n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = '\0';
	return len;
}

static void mark_set(const char *dir, const char *value)
{
	if (value)
		syscall(__NR_setxattr, dir, MARK, value, strlen(value), 0);
	else
		syscall(__NR_removexattr, dir, MARK);
}

/* --- the tree --- */

static int in_tree(int tid)
{
	int low = 0, high = nr_tasks;

	while (low < high) {
		int mid = (low + high) / 2;

		if (tasks[mid].tid < tid)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr_tasks && tasks[low].tid == tid;
}

static int parent_of(int pid)
{
	char dir[64], text[1024], *p;
	int ppid = 0;

	snprintf(dir, sizeof(dir), "/proc/%d", pid);
	if (read_file(dir, "stat", text, sizeof(text)) <= 0)
		return 0;
	p = strrchr(text, ')');
	if (p)
		sscanf(p + 1, " %*c %d", &ppid);
	return ppid;
}

static void task_add(int tid, int tgid)
{
	int i;

	if (nr_tasks == TASKS_MAX) {
		errno = E2BIG;
		fail("the tree");
	}
	for (i = nr_tasks++; i > 0 && tasks[i - 1].tid > tid; i--)
		tasks[i] = tasks[i - 1];
	tasks[i].tid = tid;
	tasks[i].tgid = tgid;
}

/* Adds the threads of pid that are not known yet; true if any came. */
static int threads_add(int pid)
{
	char path[64];
	struct dirent *e;
	DIR *d;
	int more = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		int tid = atoi(e->d_name);

		if (tid > 0 && !in_tree(tid)) {
			task_add(tid, pid);
			more = 1;
		}
	}
	if (d)
		closedir(d);
	return more;
}

/* Looks at all processes until nothing new is found; true if anything was. */
static int tree_collect(void)
{
	int any = threads_add(root), more = 1;
	struct dirent *e;

	while (more) {
		DIR *d = opendir("/proc");

		more = 0;
		if (!d)
			fail("/proc");
		while ((e = readdir(d))) {
			int pid = atoi(e->d_name);

			if (pid > 0 && (in_tree(pid) || in_tree(parent_of(pid))))
				more |= threads_add(pid);
		}
		closedir(d);
		any |= more;
	}
	return any;
}

/* --- control groups --- */

static int group_of(int tid, int tgid, char *path)
{
	char dir[64], text[2048], *p, *end;

	snprintf(dir, sizeof(dir), "/proc/%d/task/%d", tgid, tid);
	if (read_file(dir, "cgroup", text, sizeof(text)) <= 0)
		return -1;
	p = strstr(text, "0::");
	if (!p || !strncmp(p, "0::/..", 6))
		return -1;
	p += 3;
	end = strchr(p, '\n');
	if (end)
		*end = '\0';
	snprintf(path, PATH_SIZE, "%s%s", CGROUPS, strcmp(p, "/") ? p : "");
	return 0;
}

/* Do only threads of the tree live in dir and below? */
static int is_ours(const char *dir)
{
	char *text = malloc(TEXT_SIZE), *p, *next;
	char below[2 * PATH_SIZE];
	struct dirent *e;
	int ours = 1;
	DIR *d;

	if (text && read_file(dir, "cgroup.threads", text, TEXT_SIZE) > 0)
		for (p = text; ours && *p; p = next) {
			int tid = strtol(p, &next, 10);

			if (next == p)
				break;
			ours = in_tree(tid);
			next += *next == '\n';
		}
	free(text);
	d = ours ? opendir(dir) : NULL;
	while (d && ours && (e = readdir(d)))
		if (e->d_type == DT_DIR && e->d_name[0] != '.') {
			snprintf(below, sizeof(below), "%s/%s", dir, e->d_name);
			ours = is_ours(below);
		}
	if (d)
		closedir(d);
	return ours;
}

static int group_known(const char *path)
{
	for (int i = 0; i < nr_groups; i++) {
		size_t n = strlen(groups[i].path);

		if (!strncmp(groups[i].path, path, n) && (!path[n] || path[n] == '/'))
			return 1;
	}
	return 0;
}

static void group_note(const char *path, int made)
{
	char text[16] = "";

	if (nr_groups == GROUPS_MAX) {
		errno = E2BIG;
		fail("control groups");
	}
	snprintf(groups[nr_groups].path, PATH_SIZE, "%s", path);
	groups[nr_groups].made = made;
	read_file(path, "cgroup.freeze", text, sizeof(text));
	groups[nr_groups].held = !made && text[0] == '1';
	nr_groups++;
}

/* A cgroup for the tree's threads of one that is shared with others. */
static void group_split(const char *shared, int tgid)
{
	char path[PATH_SIZE], text[64];
	int threaded = read_file(shared, "cgroup.type", text, sizeof(text)) > 0 &&
		       !strcmp(text, "threaded\n");

	snprintf(path, sizeof(path), "%s/ckpt.%d", shared, root);
	if (!group_known(path)) {
		if (mkdir(path, 0755) && errno != EEXIST) {
			if (is_gone())
				return;
			fail(path);
		}
		mark_set(path, "moved");
		if (threaded)
			write_file(path, "cgroup.type", "threaded");
		group_note(path, 1);
	}
	snprintf(text, sizeof(text), "%d", tgid);
	if (write_file(path, threaded ? "cgroup.threads" : "cgroup.procs", text) &&
	    errno != ESRCH && !is_gone())
		fail(path);
}

/* Where tid is, is frozen afterwards. */
static void group_take(int tid, int tgid)
{
	char path[PATH_SIZE], up[PATH_SIZE], *slash;

	if (group_of(tid, tgid, path) || group_known(path))
		return;
	if (!strcmp(path, CGROUPS) || !is_ours(path)) {
		group_split(path, tgid);
		return;
	}
	for (;;) {
		snprintf(up, sizeof(up), "%s", path);
		slash = strrchr(up, '/');
		*slash = '\0';
		if (!strcmp(up, CGROUPS) || !is_ours(up))
			break;
		snprintf(path, sizeof(path), "%s", up);
	}
	group_note(path, 0);
}

static int is_frozen(const char *path)
{
	char text[128] = "";

	read_file(path, "cgroup.events", text, sizeof(text));
	return strstr(text, "frozen 1") != NULL;
}

static void group_freeze(int i)
{
	const char *path = groups[i].path;

	if (is_frozen(path))
		return;
	if (!groups[i].held && !groups[i].made)
		mark_set(path, "frozen");
	if (write_file(path, "cgroup.freeze", "1")) {
		if (is_gone())
			return;
		fail(path);
	}
	for (int n = 0; !is_frozen(path); n++) {
		if (access(path, F_OK))
			return;
		if (n == FREEZE_TRIES) {
			errno = EBUSY;
			fail("the tree does not freeze");
		}
		usleep(FREEZE_WAIT_USEC);
	}
}

/* New threads may come until everything is frozen: looked for once more then. */
void tree_freeze(int pid)
{
	if (access(CGROUPS "/cgroup.procs", F_OK)) {
		mkdir(CGROUPS, 0755);
		mount("none", CGROUPS, "cgroup2", 0, NULL);
	}
	root = pid;
	tasks = malloc(TASKS_MAX * sizeof(*tasks));
	if (!tasks)
		die("the tree");
	while (tree_collect()) {
		for (int i = 0; i < nr_tasks; i++)
			group_take(tasks[i].tid, tasks[i].tgid);
		for (int i = 0; i < nr_groups; i++)
			group_freeze(i);
	}
}

/* --- and back --- */

static void group_empty(const char *path)
{
	char up[PATH_SIZE], text[TEXT_SIZE], one[16], *p, *next, *slash;
	const char *file = "cgroup.procs";

	snprintf(up, sizeof(up), "%s", path);
	slash = strrchr(up, '/');
	*slash = '\0';
	if (read_file(path, file, text, sizeof(text)) < 0)
		read_file(path, file = "cgroup.threads", text, sizeof(text));
	for (p = text; *p; p = next) {
		int id = strtol(p, &next, 10);

		if (next == p)
			break;
		snprintf(one, sizeof(one), "%d", id);
		write_file(up, file, one);
		next += *next == '\n';
	}
}

static void each_below(const char *path, void (*fn)(const char *path))
{
	char below[2 * PATH_SIZE];
	struct dirent *e;
	DIR *d = opendir(path);

	while (d && (e = readdir(d)))
		if (e->d_type == DT_DIR && e->d_name[0] != '.') {
			snprintf(below, sizeof(below), "%s/%s", path, e->d_name);
			fn(below);
		}
	if (d)
		closedir(d);
}

/* cgroup.kill does not see a process whose first thread has ended before others (CG-50). */
static void headless_kill(const char *path)
{
	static char text[TEXT_SIZE];
	char *p, *next;

	each_below(path, headless_kill);
	if (read_file(path, "cgroup.procs", text, sizeof(text)) < 0)
		return;
	for (p = text; *p; p = next) {
		int pid = strtol(p, &next, 10);

		if (next == p)
			break;
		if (pid > 0)
			kill(pid, SIGKILL);
		next += *next == '\n';
	}
}

/* Removes a cgroup and all below it, when they are empty. */
static void group_remove(const char *path)
{
	each_below(path, group_remove);
	for (int i = 0; i < FREEZE_TRIES && rmdir(path) && errno == EBUSY; i++)
		usleep(FREEZE_WAIT_USEC);
}

/* Killed, its cgroups go too: they are in the image. */
void tree_thaw(int kill_it)
{
	for (int i = nr_groups - 1; i >= 0; i--) {
		const char *path = groups[i].path;

		if (kill_it) {
			write_file(path, "cgroup.kill", "1");
			headless_kill(path);
		}
		if (kill_it || !groups[i].held)
			write_file(path, "cgroup.freeze", "0");
		mark_set(path, NULL);
		if (groups[i].made && !kill_it)
			group_empty(path);
		if (groups[i].made || kill_it)
			group_remove(path);
	}
}
