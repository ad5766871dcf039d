// SPDX-License-Identifier: MIT
/* tests/cr/cost.c - what a checkpoint and a restart cost: cost TASKS DESCRIPTORS.
 *
 * TASKS processes below one, the first of which has DESCRIPTORS open, are frozen, checkpointed to
 * tmpfs, killed and restarted; time stamp counts are printed. Under `-icount shift=0` a count is an
 * instruction. As root, with cgroup2 on /sys/fs/cgroup. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#define GROUP "/sys/fs/cgroup/cost"
#define IMAGE "/tmp/cost.img"
#define NR_CHECKPOINT 1024
#define NR_RESTART 1025
#define SUBTREE 1

static void put(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		perror(file);
	close(fd);
}

static void tree(int tasks, int files)
{
	struct rlimit many = { 20000, 20000 };

	setrlimit(RLIMIT_NOFILE, &many);
	for (int i = 1; i < tasks; i++)
		if (!fork())
			for (;;)
				pause();
	for (int i = 0; i < files; i++)
		if (open("/dev/null", O_RDONLY) < 0)
			perror("open");
	put("/tmp/cost.ready", "1");
	for (;;)
		pause();
}

static void frozen(const char *want)
{
	char text[64] = "";

	while (!strstr(text, want)) {
		int fd = open(GROUP "/cgroup.events", O_RDONLY);
		int n = read(fd, text, sizeof(text) - 1);

		text[n > 0 ? n : 0] = '\0';
		close(fd);
		usleep(1000);
	}
}

int main(int argc, char **argv)
{
	int tasks = argc > 1 ? atoi(argv[1]) : 1, files = argc > 2 ? atoi(argv[2]) : 0, fd;
	unsigned long long start, saved, begun, made;
	struct stat st;
	pid_t pid;
	long err;

	mkdir(GROUP, 0755);
	put(GROUP "/cgroup.freeze", "0");
	close(open("/tmp/cost.ready", O_CREAT | O_TRUNC, 0600));
	pid = fork();
	if (!pid) {
		setsid();
		dup2(open("/dev/null", O_RDWR), 0);
		dup2(0, 1);
		dup2(0, 2);
		put(GROUP "/cgroup.procs", "0");
		tree(tasks, files);
	}
	while (stat("/tmp/cost.ready", &st) || !st.st_size)
		usleep(1000);
	put(GROUP "/cgroup.freeze", "1");
	frozen("frozen 1");
	fd = open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600);
	start = __rdtsc();
	err = syscall(NR_CHECKPOINT, pid, fd, SUBTREE, 2);
	saved = __rdtsc();
	put(GROUP "/cgroup.kill", "1");
	put(GROUP "/cgroup.freeze", "0");
	waitpid(pid, NULL, 0);
	frozen("populated 0");
	while (wait(NULL) > 0)
		;
	usleep(100000);
	lseek(fd, 0, SEEK_SET);
	begun = __rdtsc();
	if (err > 0)
		err = syscall(NR_RESTART, 0, fd, 0, 2);
	made = __rdtsc();
	fstat(fd, &st);
	printf("tasks %d files %d: checkpoint %llu restart %llu bytes %ld%s\n", tasks, files,
	       saved - start, made - begun, (long)st.st_size, err > 0 ? "" : " FAILED");
	put(GROUP "/cgroup.kill", "1");
	while (wait(NULL) > 0)
		;
	return err <= 0;
}
