// SPDX-License-Identifier: MIT
/* tests/fuzz/main.c - random system calls from a seed, as init.
 *
 * fuzz seed=S [calls=N] [round=N] [from=R] [trace=1] [counts=1]
 * Rounds of so many calls each (box.c) until N are made; after each the kernel's
 * audit must be clean and everything as before (leak.c). The first round fills
 * caches. The last line is "# fuzz: seed S calls N rounds R bad B"; then the
 * machine is powered off. from=R begins with round R, to see one again.
 * fuzz --more N SEED, or any other words, makes N calls and ends: what random calls run by
 * execve(2). */
#include <linux/reboot.h>
#include "fuzz.h"

#define ROUND_CALLS 8000
#define AUDIT "/proc/plimsoll/audit"
#define AUDIT_BYTES 16384
#define BOARD_BYTES ((sizeof(struct board) + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1ul))
#define MADV_REMOVE 9

struct board *board;

static struct {
	const char *word;
	uint64_t value;
} options[] = { { "seed=", 1 }, { "calls=", 130000 }, { "round=", ROUND_CALLS }, { "from=", 0 },
		{ "trace=", 0 }, { "counts=", 0 } };
enum { SEED, CALLS, ROUND, FROM, TRACE, COUNTS };

static void board_make(void)
{
	board = (struct board *)sys(__NR_mmap, BOARD_AT, BOARD_BYTES, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(board, 0, sizeof(*board));	/* whoever touches a page first pays for it */
}

/* A random call may have had pages of the board removed: the box that touched them next paid for
 * the new ones, and its groups stay as long as they do. Init pays for all of them again. */
static void board_take_back(void)
{
	static struct board kept;

	kept = *board;
	sys(__NR_madvise, BOARD_AT, BOARD_BYTES, MADV_REMOVE);
	*board = kept;
}

/* The program that random calls run: a few calls of its own. */
static int more(int argc, char **argv)
{
	static struct fuzz f;

	board_make();
	fuzz_start(&f, argc > 3 ? strtoul(argv[3], NULL, 10) : 1, &board->slots[0]);
	f.depth = 2;
	task_prepare();
	fuzz_some(&f, argc > 2 ? strtoul(argv[2], NULL, 10) % 64 : 1);
	return 0;
}

/* The initramfs can be no old root of pivot_root(2): go to a tmpfs, with the program. */
static void leave_initramfs(void)
{
	static char bytes[PAGE_BYTES];
	long in, out, len;

	sys_mkdir("/mnt", 0755);
	sys_mount("root", "/mnt", "tmpfs", 0, NULL);
	in = sys_open("/fuzz", O_RDONLY, 0);
	out = sys_open("/mnt/fuzz", O_WRONLY | O_CREAT, 0755);
	while ((len = sys_read(in, bytes, sizeof(bytes))) > 0)
		sys_write(out, bytes, len);
	sys_close(in);
	sys_close(out);
	sys(__NR_chdir, "/mnt");
	sys_mount(".", "/", NULL, MS_MOVE, NULL);
	sys(__NR_chroot, ".");
	sys(__NR_chdir, "/");
}

static void init_mounts(void)
{
	sys_mkdir("/proc", 0755);
	sys_mkdir("/mnt", 0755);
	sys_mkdir("/sys", 0755);
	sys_mkdir("/dev", 0755);
	sys_mount("proc", "/proc", "proc", 0, NULL);
	sys_mount("sysfs", "/sys", "sysfs", 0, NULL);
	sys_mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	sys_mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids");
	say_to(sys_open("/dev/console", O_RDWR | O_NOCTTY, 0));
}

/* Returns: 1 if the kernel's own audit finds something. */
static int audit(void)
{
	static char text[AUDIT_BYTES];
	char *line = text, *rest;
	long len = file_read(AUDIT, text, sizeof(text));

	if (len < 0 || strstr(text, "\naudit ok"))
		return 0;
	for (; *line; line = rest) {
		rest = line + strcspn(line, "\n");
		if (*rest)
			*rest++ = 0;
		if (strncmp(line, "BROKEN", 6) == 0)
			say("AUDIT: %s\n", line);
	}
	return 1;
}

static void __attribute__((noreturn)) power_off(void)
{
	for (;;)
		sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
		    LINUX_REBOOT_CMD_POWER_OFF, NULL);
}

/* All rounds. Returns: how many were bad. */
static unsigned rounds_run(uint64_t *calls, unsigned *rounds)
{
	struct round round = { .seed = options[SEED].value, .number = options[FROM].value };
	unsigned bad = 0;

	for (; *calls < options[CALLS].value; ++*rounds, round.number++) {
		int broken;

		board->calls = 0;
		round.calls = options[ROUND].value;
		broken = box_run(&round);
		if (broken)
			power_off();
		knobs_restore();
		board_take_back();
		broken = audit();
		if (*rounds < 3)
			leak_keep();
		else if (leak_compare(true) > 0)
			broken++, leak_keep();
		*calls += board->calls > 2 * round.calls ? round.calls : board->calls + 1;
		bad += broken > 0;
		say("# round %u: %lu calls%s\n", round.number, (unsigned long)board->calls,
		    broken ? ", BAD" : "");
	}
	return bad;
}

int main(int argc, char **argv)
{
	uint64_t calls = 0;
	unsigned rounds = 0, bad;

	if (argc < 2 || strncmp(argv[1], options[SEED].word, strlen(options[SEED].word)) != 0)
		return more(argc, argv);
	for (int i = 1; i < argc; i++) {
		for (size_t k = 0; k < LENGTH(options); k++) {
			if (strncmp(argv[i], options[k].word, strlen(options[k].word)) == 0)
				options[k].value =
					strtoul(argv[i] + strlen(options[k].word), NULL, 10);
		}
	}
	leave_initramfs();
	init_mounts();
	board_make();
	board->trace = options[TRACE].value;
	knobs_keep();
	bad = rounds_run(&calls, &rounds);
	if (options[COUNTS].value)
		calls_report(options[COUNTS].value > 1);
	say("# fuzz: seed %lu calls %lu rounds %u bad %u\n", (unsigned long)options[SEED].value,
	    (unsigned long)calls, rounds, bad);
	power_off();
}
