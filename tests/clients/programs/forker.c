// SPDX-License-Identifier: MIT
/* tests/clients/programs/forker.c - what gdb.sh debugs: a child, a thread, signals, a watched
 * variable. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int watched;
volatile double real = 1.5;
struct pair {
	int a;
	const char *name;
} pair = { 7, "seven" };

__attribute__((noinline)) int child_work(int depth)
{
	if (depth == 0)
		return 42;
	return child_work(depth - 1) + 1;
}

__attribute__((noinline)) void *thread_work(void *arg)
{
	watched += *(int *)arg;
	return NULL;
}

static void on_signal(int sig)
{
	printf("handler %d\n", sig);
}

static void with_thread(void)
{
	int n = 5;
	pthread_t t;

	pthread_create(&t, NULL, thread_work, &n);
	pthread_join(t, NULL);
	printf("watched %d\n", watched);
}

static void with_child(void)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(child_work(3));
	waitpid(pid, &status, 0);
	printf("child %d\n", WEXITSTATUS(status));
}

static void with_signal(void)
{
	signal(SIGUSR1, on_signal);
	raise(SIGUSR1);
	for (int i = 0; i < 3; i++)
		watched = i * 10;
	printf("pair %d %s %.2f\n", pair.a, pair.name, real);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "all";

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(what, "wait"))
		for (;;)
			pause();
	if (!strcmp(what, "crash"))
		*(volatile int *)16 = 1;
	if (!strcmp(what, "exec"))
		execl("/usr/bin/true", "true", NULL);
	with_signal();
	with_thread();
	with_child();
	return 3;
}
