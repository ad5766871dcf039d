// SPDX-License-Identifier: MIT
/* user/restart.c - makes a process tree of an image again: restart [-i FILE|-] [-d].
 *
 * restart(2) reads the image from FILE (standard input) and makes the tree, the root as our child;
 * its pid is printed. We wait for it and end as it does, or with -d leave it running. What the
 * kernel refuses it says on standard error. See docs/rules/checkpoint-restart.md, CR-API. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define NR_RESTART 1025
#define SIGNAL_BASE 128

int main(int argc, char **argv)
{
	const char *in = "-";
	int opt, detach = 0, fd, status;
	long pid;

	while ((opt = getopt(argc, argv, "i:d")) >= 0) {
		if (opt == 'i')
			in = optarg;
		else if (opt == 'd')
			detach = 1;
		else
			return 2;
	}
	fd = strcmp(in, "-") ? open(in, O_RDONLY) : 0;
	if (fd < 0) {
		perror(in);
		return 1;
	}
	pid = syscall(NR_RESTART, 0, fd, 0, 2);
	if (pid < 0) {
		perror("restart");
		return 1;
	}
	printf("%ld\n", pid);
	fflush(stdout);
	if (detach)
		return 0;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : SIGNAL_BASE + WTERMSIG(status);
}
