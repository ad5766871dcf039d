// SPDX-License-Identifier: MIT
/* tests/conform/ext_color.c - EXT-COLOR-01, 02, 03: color namespaces (ns/color.c). */
#include "conform.h"

#define CLONE_NEWCOLOR 0x400000000ul
#define COLOR "/proc/sys/kernel/color"
#define WHY "/proc/self/plimsoll/why"

static const char *color(void)
{
	static char text[64];

	if (!have_file(COLOR))
		skip("no color namespaces in this kernel");
	must(read_file(COLOR, text, sizeof(text)));
	return text;
}

static void private_color(const char *name)
{
	color();
	must(sys_unshare(CLONE_NEWCOLOR));
	must(write_file(COLOR, name));
}

/* EXT-COLOR-01 */

static void unshare_and_look(struct peer *up, void *arg)
{
	must(sys_unshare(CLONE_NEWCOLOR));
	check_str("copied", color(), "red\n");
	tell(up);
	hear(up);
	check_str("after_creators_change", color(), "red\n");
	(void)arg;
}

static void copied(void)
{
	struct peer child;

	private_color("red");
	spawn(&child, 0, unshare_and_look, NULL);
	hear(&child);
	must(write_file(COLOR, "blue\n"));
	tell(&child);
	finish(&child);
	check_str("creator", color(), "blue\n");
}

/* EXT-COLOR-02 */

static void paint(struct peer *up, void *arg)
{
	(void)up;
	if (arg)
		must(sys_unshare(CLONE_NEWCOLOR));
	must(write_file(COLOR, "green"));
}

static void stays_inside(void)
{
	private_color("red");
	run_child(0, paint, "apart");
	check_str("child_apart", color(), "red\n");
	run_child(0, paint, NULL);
	check_str("child_with_us", color(), "green\n");
	check_ret("longest", write_file(COLOR, "123456789012345"), 15);
	check_ret("too_long", write_file(COLOR, "1234567890123456"), -EINVAL);
	check_str("kept", color(), "123456789012345\n");
}

static void entered(void)
{
	long ours;

	private_color("red");
	ours = must(ns_open(0, "color"));
	private_color("blue");
	check_ret("wrong_kind", sys_setns(ours, CLONE_NEWUTS), -EINVAL);
	check_str("still", color(), "blue\n");
	check_ret("setns", sys_setns(ours, 0), 0);
	check_str("back", color(), "red\n");
}

/* EXT-COLOR-03 */

static void needs_admin(void)
{
	static char why[4096];

	private_color("red");
	caps_set(0, 0);
	check_ret("write", write_file(COLOR, "blue"), -EPERM);
	check_str("kept", color(), "red\n");
	check_ret("unshare", sys_unshare(CLONE_NEWCOLOR), -EPERM);
	must(read_file(WHY, why, sizeof(why)));
	check_true("why", strstr(why, "EXT-COLOR-03") != NULL);
}

const struct test_case ext_color_cases[] = {
	{ "EXT-COLOR-01", "a new color namespace starts with its creator's color", copied, 0, 0 },
	{ "EXT-COLOR-02", "a write changes the writer's namespace alone", stays_inside, 0, 0 },
	{ "EXT-COLOR-02.setns", "setns(2) moves into it and back", entered, 0, 0 },
	{ "EXT-COLOR-03", "a write needs CAP_SYS_ADMIN in the owner", needs_admin, 0, 0 },
	{ 0 },
};
