// SPDX-License-Identifier: MIT
/* user/ckpt.c - writes the image of a process tree: ckpt [-ks] [-o FILE|-] PID, or lists one: ckpt
 * -l FILE.
 *
 * The tree under PID is frozen by cgroup.freeze, unless it is frozen already (ckpt/freeze.c);
 * checkpoint(2) writes its image to FILE (standard output); then it goes on where it was, or with
 * -k is killed. A container whose namespaces or memory others outside share is refused; with -s
 * it gets copies of its own. What the kernel refuses it says on standard error. -l prints what an
 * image holds. See docs/rules/checkpoint-restart.md, CR-API and CR-FRZ. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

#include "ckpt/ckpt.h"

#define NR_CHECKPOINT 1024
#define CHECKPOINT_SUBTREE 1

void die(const char *what)
{
	fprintf(stderr, "ckpt: %s: %s\n", what, strerror(errno));
	exit(1);
}

int main(int argc, char **argv)
{
	const char *out = "-", *show = NULL;
	int opt, kill_it = 0, flags = 0, fd, pid;
	long ret;

	while ((opt = getopt(argc, argv, "kso:l:")) >= 0) {
		if (opt == 'k')
			kill_it = 1;
		else if (opt == 's')
			flags = CHECKPOINT_SUBTREE;
		else if (opt == 'o')
			out = optarg;
		else if (opt == 'l')
			show = optarg;
		else
			return 2;
	}
	if (show)
		return image_list(show);
	pid = optind < argc ? atoi(argv[optind]) : 0;
	if (pid <= 0) {
		fprintf(stderr, "usage: ckpt [-ks] [-o FILE|-] PID | ckpt -l FILE\n");
		return 2;
	}
	fd = strcmp(out, "-") ? open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600) : 1;
	if (fd < 0)
		die(out);
	tree_freeze(pid);
	ret = syscall(NR_CHECKPOINT, pid, fd, flags, 2);
	if (ret < 0 && errno == EINVAL)
		ret = syscall(NR_CHECKPOINT, pid, fd, CHECKPOINT_SUBTREE, 2);
	if (ret < 0)
		perror("ckpt: checkpoint");
	tree_thaw(kill_it && ret >= 0);
	return ret < 0;
}
