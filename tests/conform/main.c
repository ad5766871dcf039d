// SPDX-License-Identifier: MIT
/* tests/conform/main.c - the conformance program: as init, or as a program.
 *
 *	conform [-l] [--no-poweroff] [--cr-stop | --cr] [--after ID] [--stress SECONDS]
 *		[--fail each|new] [PATTERN...]
 *
 * -l lists the cases, --after goes on behind a case, --cr-stop makes every
 * cr_point() stop once, --cr asks crrun(1) for a checkpoint there; --stress says
 * how long CG-65 goes on; --fail runs each case again and again while one
 * allocation of it fails (fail.c).
 * Without patterns ("NS-0*", "UTSNS-05") all cases run.
 * As init (pid 1) it mounts what is missing, runs, and powers the machine off.
 * Patterns come from the kernel command line behind "--". */
#include "conform.h"

static const struct {
	const char *source, *target, *type;
} init_mounts[] = {
	{ "proc", "/proc", "proc" },
	{ "sysfs", "/sys", "sysfs" },
	{ "devtmpfs", "/dev", "devtmpfs" },
	{ "tmpfs", "/tmp", "tmpfs" },
};

/* Is something mounted at path? Its device is not its parent's then. */
static bool is_mounted(const char *path)
{
	struct stat here, root;

	return sys_stat(path, &here) == 0 && sys_stat("/", &root) == 0 &&
	       here.st_dev != root.st_dev;
}

/* What init has to do before anything can run and be seen. */
static void prepare_as_init(void)
{
	long fd;

	for (size_t i = 0; i < LENGTH(init_mounts); i++) {
		sys_mkdir(init_mounts[i].target, 0755);
		if (!is_mounted(init_mounts[i].target))
			sys_mount(init_mounts[i].source, init_mounts[i].target,
				  init_mounts[i].type, 0, NULL);
	}
	fd = sys_open("/dev/console", O_RDWR | O_NOCTTY, 0);
	if (fd < 0)
		return;
	output_to(fd);
	for (int i = 0; i <= 2; i++)
		sys_dup2(fd, i);
	if (fd > 2)
		sys_close(fd);
}

static void power_off(void)
{
	sys(__NR_sync);
	sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
	    LINUX_REBOOT_CMD_POWER_OFF, NULL);
	say("# reboot(2) came back\n");
}

/* What a case runs by execve(2), to tell by its status what it is then:
 * --caps: 0 no effective capability, 1 all, 2 some; --euid: the user id;
 * --wait tells a peer on descriptors 0 and 1 that it runs, and waits for it. */
static void tell_and_exit(const char *what)
{
	unsigned long long caps;

	if (strcmp(what, "--euid") == 0)
		sys_exit(sys(__NR_geteuid) & 0xff);
	if (strcmp(what, "--egid") == 0)
		sys_exit(sys(__NR_getegid) & 0xff);
	if (strcmp(what, "--wait") == 0) {
		tell(&(struct peer){ .in = 0, .out = 1 });
		hear(&(struct peer){ .in = 0, .out = 1 });
		sys_exit(0);
	}
	if (strcmp(what, "--caps") != 0)
		return;
	caps = caps_effective();
	sys_exit(caps == 0 ? 0 : caps == 0x1ffffffffffull ? 1 : 2);
}

int main(int argc, char **argv)
{
	struct run_options options = { .patterns = (const char *const *)argv };
	bool poweroff = sys_getpid() == 1;
	int failed;

	if (argc == 2)
		tell_and_exit(argv[1]);
	output_to(1);
	if (sys_getpid() == 1)
		prepare_as_init();
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-l") == 0)
			options.list_only = true;
		else if (strcmp(argv[i], "--no-poweroff") == 0)
			poweroff = false;
		else if (strcmp(argv[i], "--cr-stop") == 0)
			options.cr_stop = true;
		else if (strcmp(argv[i], "--cr") == 0)
			options.cr = true;
		else if (strcmp(argv[i], "--fail") == 0 && i + 1 < argc)
			options.fail = argv[++i];
		else if (strcmp(argv[i], "--stress") == 0 && i + 1 < argc)
			options.stress_sec = atoi(argv[++i]);
		else if (strcmp(argv[i], "--after") == 0 && i + 1 < argc)
			options.after = argv[++i];
		else
			argv[options.pattern_count++] = argv[i];
	}
	failed = run_suites(&options);
	if (!options.list_only)
		say("# done: %d failed\n", failed);
	if (poweroff)
		power_off();
	while (sys_getpid() == 1)
		nap(1000);
	return failed > 0;
}
