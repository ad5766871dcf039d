// SPDX-License-Identifier: MIT
/* user/ckpt.c - writes the image of a process tree: ckpt [-k] [-o FILE|-] PID, or lists one: ckpt
 * -l FILE.
 *
 * The tree under PID is moved to a control group of its own and frozen there by cgroup.freeze,
 * unless it is frozen already; checkpoint(2) writes its image to FILE (standard output); then it
 * goes on where it was, or with -k is killed. What the kernel refuses it says on standard error. -l
 * prints name and size of each member. See docs/rules/checkpoint-restart.md, CR-API and CR-FRZ. */
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

#define NR_CHECKPOINT 1024
#define CHECKPOINT_SUBTREE 1
#define CGROUPS "/sys/fs/cgroup"
#define FREEZE_TRIES 500
#define FREEZE_WAIT_USEC 10000
#define TREE_MAX 4096
#define TAR_BLOCK 512
#define TAR_SIZE_AT 124

static int tree[TREE_MAX], tree_size;
static char group[128];

static void die(const char *what)
{
	fprintf(stderr, "ckpt: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), n;

	if (fd < 0)
		return -1;
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int parent_of(int pid)
{
	char path[64], text[512], *p;
	int fd, n, ppid = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	p = strrchr(text, ')');
	if (p)
		sscanf(p + 1, " %*c %d", &ppid);
	return ppid;
}

static int in_tree(int pid)
{
	for (int i = 0; i < tree_size; i++)
		if (tree[i] == pid)
			return 1;
	return 0;
}

/* Adds the children of what is known until there are no more; true if any came. */
static int tree_more(void)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int more = 0;

	if (!d)
		die("/proc");
	while ((e = readdir(d))) {
		int pid = atoi(e->d_name);

		if (pid > 0 && !in_tree(pid) && in_tree(parent_of(pid)) && tree_size < TREE_MAX) {
			tree[tree_size++] = pid;
			more = 1;
		}
	}
	closedir(d);
	return more;
}

static void group_move(const char *where)
{
	char path[192], text[16];

	snprintf(path, sizeof(path), "%s/cgroup.procs", where);
	for (int i = 0; i < tree_size; i++) {
		snprintf(text, sizeof(text), "%d", tree[i]);
		write_file(path, text);
	}
}

static int group_says(const char *file, const char *what)
{
	char path[192], text[256];
	int fd, n;

	snprintf(path, sizeof(path), "%s/%s", group, file);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n < 0)
		return 0;
	text[n] = '\0';
	return strstr(text, what) != NULL;
}

static void group_set(const char *file, const char *what)
{
	char path[192];

	snprintf(path, sizeof(path), "%s/%s", group, file);
	if (write_file(path, what))
		die(path);
}

/* New children may come until the group is frozen: looked for once more then. */
static void tree_freeze(int pid)
{
	if (access(CGROUPS "/cgroup.procs", F_OK)) {
		mkdir(CGROUPS, 0755);
		mount("none", CGROUPS, "cgroup2", 0, NULL);
	}
	snprintf(group, sizeof(group), "%s/ckpt.%d", CGROUPS, pid);
	if (mkdir(group, 0755) && errno != EEXIST)
		die(group);
	tree[tree_size++] = pid;
	do
		group_move(group);
	while (tree_more());
	group_set("cgroup.freeze", "1");
	for (int i = 0; !group_says("cgroup.events", "frozen 1"); i++) {
		if (i == FREEZE_TRIES) {
			group_set("cgroup.freeze", "0");
			errno = EBUSY;
			die("the tree does not freeze");
		}
		usleep(FREEZE_WAIT_USEC);
	}
}

static void tree_thaw(int kill_it)
{
	if (kill_it)
		group_set("cgroup.kill", "1");
	group_set("cgroup.freeze", "0");
	if (!kill_it)
		group_move(CGROUPS);
	for (int i = 0; i < FREEZE_TRIES && rmdir(group) && errno == EBUSY; i++)
		usleep(FREEZE_WAIT_USEC);
}

static int list(const char *file)
{
	int fd = strcmp(file, "-") ? open(file, O_RDONLY) : 0;
	char block[TAR_BLOCK];

	if (fd < 0)
		die(file);
	while (read(fd, block, sizeof(block)) == sizeof(block) && block[0]) {
		unsigned long size = strtoul(block + TAR_SIZE_AT, NULL, 8);

		printf("%10lu %s\n", size, block);
		for (unsigned long done = 0; done < size; done += TAR_BLOCK)
			if (read(fd, block, sizeof(block)) != sizeof(block))
				return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *out = "-", *show = NULL;
	int opt, kill_it = 0, fd, pid;
	long ret;

	while ((opt = getopt(argc, argv, "ko:l:")) >= 0) {
		if (opt == 'k')
			kill_it = 1;
		else if (opt == 'o')
			out = optarg;
		else if (opt == 'l')
			show = optarg;
		else
			return 2;
	}
	if (show)
		return list(show);
	pid = optind < argc ? atoi(argv[optind]) : 0;
	if (pid <= 0) {
		fprintf(stderr, "usage: ckpt [-k] [-o FILE|-] PID | ckpt -l FILE\n");
		return 2;
	}
	fd = strcmp(out, "-") ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600) : 1;
	if (fd < 0)
		die(out);
	tree_freeze(pid);
	ret = syscall(NR_CHECKPOINT, pid, fd, 0, 2);
	if (ret < 0 && errno == EINVAL)
		ret = syscall(NR_CHECKPOINT, pid, fd, CHECKPOINT_SUBTREE, 2);
	if (ret < 0)
		perror("ckpt: checkpoint");
	tree_thaw(kill_it && ret >= 0);
	return ret < 0;
}
