// SPDX-License-Identifier: MIT
/* tests/conform/pidns_reboot.c - PIDNS-22 to 25: reboot(2) in a namespace.
 *
 * It ends the namespace's first process by a signal that tells what was asked
 * for. See reboot(2), "Behavior inside PID namespaces". */
#include "conform.h"

#define REPEAT 20

static const struct command {
	const char *key;
	unsigned number;
	int status;
} commands[] = {
	{ "restart", LINUX_REBOOT_CMD_RESTART, SIGHUP },
	{ "restart2", LINUX_REBOOT_CMD_RESTART2, SIGHUP },
	{ "halt", LINUX_REBOOT_CMD_HALT, SIGINT },
	{ "power_off", LINUX_REBOOT_CMD_POWER_OFF, SIGINT },
};

static long reboot(unsigned command)
{
	return sys(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, "conform");
}

/* Only inside a namespace of one's own may a case ask for this. */
static void guard(void)
{
	if (sys_getpid() != 1 && ns_own("pid") == ns_kind(CLONE_NEWPID)->initial)
		skip("not in a pid namespace of its own");
}

static void by_init(struct peer *up, void *arg)
{
	(void)up;
	guard();
	check_ret("came_back", reboot(*(unsigned *)arg), 0);
}

static void by_child(struct peer *up, void *arg)
{
	struct peer child;

	spawn(&child, 0, by_init, arg);
	must(spawn_idle(0));
	tell(up);
	for (;;)
		sys(__NR_pause);
}

static void each_command(peer_fn *fn, int from, int to)
{
	for (int i = from; i < to; i++) {
		unsigned number = commands[i].number;
		struct peer init;

		spawn(&init, CLONE_NEWPID, fn, &number);
		check_int(commands[i].key, wait_status(init.pid), commands[i].status);
	}
}

static void restart(void)
{
	need_admin();
	each_command(by_init, 0, 2);
	each_command(by_child, 0, 2);
}

static void halt(void)
{
	need_admin();
	each_command(by_init, 2, 4);
	each_command(by_child, 2, 4);
}

/* The inner one reboots, the outer one goes on and sees it. */
static void outer_init(struct peer *up, void *arg)
{
	(void)arg;
	each_command(by_init, 0, 4);
	check_int("outer.alive", sys_getpid(), 1);
	tell(up);
}

static void inner_only(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, outer_init, NULL);
	hear(&init);
	finish(&init);
}

static void again_and_again(void)
{
	unsigned number = LINUX_REBOOT_CMD_RESTART;
	int wrong = 0;

	need_admin();
	for (int i = 0; i < REPEAT; i++) {
		struct peer init;

		spawn(&init, CLONE_NEWPID, by_child, &number);
		wrong += wait_status(init.pid) != SIGHUP;
		sys_close(init.in);
		sys_close(init.out);
	}
	check_int("wrong", wrong, 0);
}

/* PIDNS-24 */

static void refused(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	guard();
	check_ret("cad_on", reboot(LINUX_REBOOT_CMD_CAD_ON), -EINVAL);
	check_ret("cad_off", reboot(LINUX_REBOOT_CMD_CAD_OFF), -EINVAL);
	check_ret("kexec", reboot(LINUX_REBOOT_CMD_KEXEC), -EINVAL);
	check_ret("suspend", reboot(LINUX_REBOOT_CMD_SW_SUSPEND), -EINVAL);
	check_ret("unknown", reboot(0x12345678), -EINVAL);
	check_ret("magic_1", sys(__NR_reboot, 1, LINUX_REBOOT_MAGIC2,
				 LINUX_REBOOT_CMD_RESTART, 0), -EINVAL);
	check_ret("magic_2", sys(__NR_reboot, LINUX_REBOOT_MAGIC1, 1,
				 LINUX_REBOOT_CMD_RESTART, 0), -EINVAL);
	check_int("alive", sys_getpid() > 0, 1);
}

static void other_commands(void)
{
	need_admin();
	run_child(CLONE_NEWPID, refused, NULL);
}

/* PIDNS-25 */

static void without_cap(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SYS_BOOT);

	(void)up;
	(void)arg;
	guard();
	caps_set(rest, rest);
	check_ret("root_without", reboot(LINUX_REBOOT_CMD_RESTART), -EPERM);
	check_ret("root_without.unknown", reboot(1), -EPERM);
	check_ret("root_without.magic", sys(__NR_reboot, 1, 1, 1, 0), -EPERM);
}

static void plain_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	guard();
	become_user(PLAIN_UID);
	check_ret("plain_user", reboot(LINUX_REBOOT_CMD_RESTART), -EPERM);
}

/* Root of a user namespace inside a namespace that is not its own. */
static void inner_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	guard();
	expect_true(caps_effective() & CAP_BIT(CAP_SYS_BOOT));
	check_ret("inner_root", reboot(LINUX_REBOOT_CMD_RESTART), -EPERM);
}

static void user_with_cap(struct peer *up, void *arg)
{
	(void)up;
	guard();
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_BOOT));
	check_ret("came_back", reboot(*(unsigned *)arg), 0);
}

static void members(struct peer *up, void *arg)
{
	(void)arg;
	run_child(0, without_cap, NULL);
	run_child(0, plain_user, NULL);
	run_child(CLONE_NEWUSER, inner_root, NULL);
	tell(up);
}

/* A plain user may reboot what it made together with a user namespace. */
static void own_container(struct peer *up, void *arg)
{
	unsigned number = LINUX_REBOOT_CMD_HALT;
	struct peer init;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	spawn(&init, CLONE_NEWUSER | CLONE_NEWPID, by_init, &number);
	check_int("own_container", wait_status(init.pid), SIGINT);
}

static void needs_cap(void)
{
	unsigned number = LINUX_REBOOT_CMD_RESTART;
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, members, NULL);
	hear(&init);
	finish(&init);
	spawn(&init, CLONE_NEWPID, user_with_cap, &number);
	check_int("user_with_sys_boot", wait_status(init.pid), SIGHUP);
	run_child(0, own_container, NULL);
}

const struct test_case pidns_reboot_cases[] = {
	{ "PIDNS-22", "restart ends init by SIGHUP", restart, CLONE_NEWPID, 0 },
	{ "PIDNS-22.nested", "only the innermost namespace ends", inner_only, CLONE_NEWPID, 0 },
	{ "PIDNS-22.repeat", "many times", again_and_again, CLONE_NEWPID, 0 },
	{ "PIDNS-23", "halt and power off end it by SIGINT", halt, CLONE_NEWPID, 0 },
	{ "PIDNS-24", "other commands are refused", other_commands, CLONE_NEWPID, 0 },
	{ "PIDNS-25", "needs CAP_SYS_BOOT in the owner", needs_cap, CLONE_NEWUSER, 0 },
	{ 0 },
};
