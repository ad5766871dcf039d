// SPDX-License-Identifier: MIT
/* tests/cr/work.c - a program with much to lose: checkpointed on one kernel, restarted on another.
 *
 * Three processes: a parent with a thread, a child that shares 32 MiB with it, and a child that
 * waits for its turn at a pipe full of data. 64 MiB have a pattern, half of them are shared; a file
 * is open that has no name any more, and a pseudo terminal with a line that was typed. It says
 * "ready", waits for the file GO, and then looks whether all is as it was. The last line is the
 * answer. Run as: work GO.
 * A plain Linux program: glibc, static. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HALF (32UL << 20)
#define PIPE_BYTES 65536
#define WORDS "what no name leads to"
#define TYPED "typed\n"
#define STEP 0x9e3779b97f4a7c15UL

static const char *go_file;
static volatile unsigned long turns;

static void need(int ok, const char *what)
{
	if (ok)
		return;
	printf("wrong: %s\n", what);
	fflush(stdout);
	_exit(1);
}

static void nap(void)
{
	struct timespec ts = { 0, 20000000 };

	nanosleep(&ts, NULL);
}

static void wait_for_go(void)
{
	while (access(go_file, F_OK))
		nap();
}

static void fill(uint64_t *p, uint64_t seed)
{
	for (size_t i = 0; i < HALF / sizeof(*p); i++)
		p[i] = seed += STEP;
}

static uint64_t sum(const uint64_t *p, uint64_t seed)
{
	uint64_t total = 0;

	for (size_t i = 0; i < HALF / sizeof(*p); i++) {
		need(p[i] == (seed += STEP), "memory");
		total += p[i];
	}
	return total;
}

static void *turning(void *arg)
{
	while (!*(volatile int *)arg) {
		turns++;
		nap();
	}
	return (void *)turns;
}

/* Shares memory: says in it what it makes of it. */
static int child_memory(uint64_t *shared, volatile uint64_t *answer)
{
	int parent = getppid();

	wait_for_go();
	need(getppid() == parent, "the parent's number");
	*answer = sum(shared, 2);
	return 7;
}

/* Writes more than the pipe takes: waits in write(2) when the checkpoint comes, which tells then
 * how much it had written, as for a signal (CR-API-16). */
static int child_pipe(int fd)
{
	static char block[2 * PIPE_BYTES];
	size_t done = 0;
	ssize_t n;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = i * 31;
	while (done < sizeof(block) && (n = write(fd, block + done, sizeof(block) - done)) > 0)
		done += n;
	need(done == sizeof(block), "write");
	return 8;
}

static void pipe_look(int fd)
{
	static char block[2 * PIPE_BYTES];
	size_t n = 0;
	ssize_t got;

	while (n < sizeof(block) && (got = read(fd, block + n, sizeof(block) - n)) > 0)
		n += got;
	need(n == sizeof(block), "bytes in the pipe");
	for (size_t i = 0; i < sizeof(block); i++)
		need(block[i] == (char)(i * 31), "what is in the pipe");
}

static int unlinked_open(void)
{
	int fd = open("/tmp/unlinked", O_RDWR | O_CREAT | O_TRUNC, 0600);

	need(fd >= 0 && write(fd, WORDS, sizeof(WORDS)) == sizeof(WORDS), "a file");
	need(!unlink("/tmp/unlinked") && lseek(fd, 5, SEEK_SET) == 5, "unlink");
	return fd;
}

static void unlinked_look(int fd)
{
	char text[64];

	need(lseek(fd, 0, SEEK_CUR) == 5, "the offset");
	need(pread(fd, text, sizeof(text), 0) == sizeof(WORDS) && !strcmp(text, WORDS),
	     "the unlinked file");
}

/* A pseudo terminal with a line typed and not read yet. */
static int pty_open(int *slave)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	need(master >= 0 && !grantpt(master) && !unlockpt(master), "a pseudo terminal");
	*slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	need(*slave >= 0 && write(master, TYPED, sizeof(TYPED) - 1) == sizeof(TYPED) - 1, "pty");
	return master;
}

static void pty_look(int master, int slave)
{
	char text[64] = "";

	need(read(slave, text, sizeof(text)) == sizeof(TYPED) - 1 && !strcmp(text, TYPED),
	     "what was typed");
	need(read(master, text, sizeof(text)) > 0 && !strncmp(text, TYPED, 4), "its echo");
}

static void ended(pid_t pid, int code)
{
	int status;

	need(waitpid(pid, &status, 0) == pid, "wait");
	need(WIFEXITED(status) && WEXITSTATUS(status) == code, "a child's end");
}

int main(int argc, char **argv)
{
	uint64_t *own = mmap(NULL, HALF, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	uint64_t *shared = mmap(NULL, HALF + 4096, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	volatile uint64_t *answer = shared + HALF / sizeof(*shared);
	int ends[2], stop = 0, fd = unlinked_open(), slave, master = pty_open(&slave);
	unsigned long before;
	pthread_t thread;
	pid_t a, b;
	void *last;

	need(argc == 2 && own != MAP_FAILED && shared != MAP_FAILED && !pipe(ends), "setup");
	go_file = argv[1];
	fill(own, 1);
	fill(shared, 2);
	a = fork();
	if (!a)
		return child_memory(shared, answer);
	b = fork();
	if (!b)
		return child_pipe(ends[1]);
	close(ends[1]);
	need(!pthread_create(&thread, NULL, turning, &stop), "thread");
	while (turns < 3)
		nap();
	printf("ready\n");
	fflush(stdout);
	wait_for_go();
	before = turns;
	while (turns < before + 3)
		nap();
	stop = 1;
	pthread_join(thread, &last);
	need((unsigned long)last >= before + 3, "the thread");
	pipe_look(ends[0]);
	unlinked_look(fd);
	pty_look(master, slave);
	ended(a, 7);
	ended(b, 8);
	printf("answer %lx\n", (unsigned long)(sum(own, 1) ^ *answer));
	return 0;
}
