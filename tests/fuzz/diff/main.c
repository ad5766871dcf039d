// SPDX-License-Identifier: MIT
/* tests/fuzz/diff/main.c - random sequences on one kernel, as init.
 *
 * diff seed=S from=N count=C: sequences N .. N+C-1 of the seed. diff seed=S
 * try=N:MASK,N:MASK...: these, with the operations that the mask keeps, told
 * at length. Each begins with "s N MASK"; "o STEP NAME RESULT HASH" follows for
 * each operation; the last line is "# done". tools/fuzz-diff compares two kernels.
 * plant=1: with a difference made on purpose (drive.c). */
#include <linux/reboot.h>
#include "diff.h"

#define ALL ((1u << STEPS) - 1)
#define LIMIT_MSEC 20000
#define REMOVE_TRIES 200

struct board *board;

static uint64_t seed = 1, from, count = 1;
static const char *try;

static void mounts_make(void)
{
	static const char *const dirs[] = { "/proc", "/sys", WORK };

	for (size_t i = 0; i < LENGTH(dirs); i++)
		sys_mkdir(dirs[i], 0755);
	sys_mount("proc", "/proc", "proc", 0, NULL);
	sys_mount("sysfs", "/sys", "sysfs", 0, NULL);
	sys_mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL);
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids");
	say_to(sys_open("/dev/console", O_RDWR | O_NOCTTY, 0));
}

/* Take the groups away, the deepest first; what dies may need a moment. */
static void groups_remove(void)
{
	static const char *const dirs[] = { "/x/z/u", "/x/z", "/x", "/y", "/leaf", "" };
	char path[64];

	for (size_t i = 0; i < LENGTH(dirs); i++) {
		snprintf(path, sizeof(path), GROUPS "%s", dirs[i]);
		for (int n = 0; n < REMOVE_TRIES && sys_rmdir(path) == -EBUSY; n++)
			nap(1);
	}
}

static void sequence(uint64_t nr, unsigned keep, bool verbose)
{
	long long end = now_msec() + LIMIT_MSEC;
	long pid;

	say("s %lu %x\n", (unsigned long)nr, keep);
	sys_mkdir(GROUPS, 0755);
	pid = sys_clone(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | SIGCHLD);
	if (pid == 0)
		sequence_run(mix(seed, nr), keep, verbose);
	while (sys_wait4(pid, NULL, WNOHANG) == 0) {
		if (now_msec() > end) {
			say("o hang\n");
			sys_kill(pid, SIGKILL);
			end += LIMIT_MSEC;
		}
		nap(1);
	}
	groups_remove();
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "seed=", 5) == 0)
			seed = strtoul(argv[i] + 5, NULL, 10);
		else if (strncmp(argv[i], "from=", 5) == 0)
			from = strtoul(argv[i] + 5, NULL, 10);
		else if (strncmp(argv[i], "count=", 6) == 0)
			count = strtoul(argv[i] + 6, NULL, 10);
		else if (strcmp(argv[i], "plant=1") == 0)
			planting = true;
		else if (strncmp(argv[i], "try=", 4) == 0)
			try = argv[i] + 4;
	}
	mounts_make();
	for (uint64_t nr = from; !try && nr < from + count; nr++)
		sequence(nr, ALL, false);
	for (char *at = (char *)try; at && *at;) {
		uint64_t nr = strtoul(at, &at, 10);

		sequence(nr, strtoul(at + 1, &at, 16), true);
		at += *at == ',';
	}
	say("# done\n");
	sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF,
	    NULL);
	return 0;
}
