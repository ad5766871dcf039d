// SPDX-License-Identifier: MIT
/* user/crrun.c - runs a program that is checkpointed, killed and restarted whenever it asks for
 * that: crrun PROGRAM [ARGUMENT]...
 *
 * Whoever is below us writes its name to /run/crpoint/want and waits until we have removed that.
 * Meanwhile ckpt(1) makes an image of PROGRAM and all below it and kills them, and restart(1) makes
 * them again with their numbers: a line "# cr restarted NAME" on our output. What is refused goes
 * on as it was: "# cr refused NAME: REASON"; what cannot be restarted is lost: "# cr lost NAME:
 * REASON", and PROGRAM begins again with "--after NAME". The program must not notice. For tests:
 * conform --cr. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <asm/unistd.h>
#include <linux/prctl.h>

#define DIR "/run/crpoint"
#define IMAGE DIR "/image"
#define SAID DIR "/said"
#define NAP_USEC 5000
#define LINE_SIZE 512
#define NOBODY_ELSE 0700
#define EVERYBODY 01777

static int program, nr_words;
static char **words;

static void say(const char *what, const char *name)
{
	char text[LINE_SIZE] = "", *end;
	int fd = open(SAID, O_RDONLY), n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	end = strchr(text, '\n');
	if (end)
		*end = '\0';
	printf("# cr %s %s: %s\n", what, name, text);
	fflush(stdout);
}

static void say_restarted(const char *name)
{
	printf("# cr restarted %s\n", name);
	fflush(stdout);
}

/* Runs a tool, its words to SAID: its exit status. */
static int tool(char *const *argv)
{
	int pid = fork(), status, fd;

	if (pid == 0) {
		fd = open(SAID, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		dup2(fd, 1);
		dup2(fd, 2);
		execv(argv[0], argv);
		_exit(1);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The program, behind the case of that name. */
static void begin(const char *after)
{
	char **more = calloc(nr_words + 3, sizeof(*more));

	if (!more)
		exit(1);
	memcpy(more, words, nr_words * sizeof(*more));
	if (after) {
		more[nr_words] = "--after";
		more[nr_words + 1] = strdup(after);
	}
	program = fork();
	if (program == 0) {
		setsid();
		execv(more[0], more);
		_exit(1);
	}
	free(more);
}

static void point(void)
{
	char name[LINE_SIZE] = "", number[16];
	char *const save[] = { "/bin/ckpt", "-s", "-k", "-o", IMAGE, number, NULL };
	char *const restart[] = { "/bin/restart", "-d", "-i", IMAGE, NULL };
	int fd = open(DIR "/want", O_RDONLY), status;

	if (fd < 0 || read(fd, name, sizeof(name) - 1) <= 0) {
		close(fd);
		return;				/* not written yet */
	}
	close(fd);
	snprintf(number, sizeof(number), "%d", program);
	if (tool(save)) {
		say("refused", name);
	} else {
		while (waitpid(-1, &status, 0) > 0)
			;		/* orphans come to us: their numbers are free then */
		if (tool(restart)) {
			say("lost", name);
			begin(name);
		} else {
			say_restarted(name);
		}
	}
	unlink(DIR "/want");
}

int main(int argc, char **argv)
{
	int status, pid;

	if (argc < 2)
		return 2;
	syscall(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	mkdir(DIR, NOBODY_ELSE);
	chmod(DIR, EVERYBODY);
	words = argv + 1;
	nr_words = argc - 1;
	begin(NULL);
	for (;;) {
		if (!access(DIR "/want", F_OK))
			point();
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == program)
				return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		usleep(NAP_USEC);
	}
}
