// SPDX-License-Identifier: MIT
/* tests/conform/cg_control.c - controllers on and off: CG-18 to CG-26.
 *
 * pids stands for the threaded controllers, memory for the domain controllers; where the kernel has
 * no memory controller those cases are skipped. See Documentation/admin-guide/cgroup-v2.rst,
 * "Enabling and Disabling". */
#include "cgutil.h"

#define CONTROL "cgroup.subtree_control"
#define AVAILABLE "cgroup.controllers"

/* Two controllers are enough to see more than one. */
static void need_memory(void)
{
	cg_enable("memory");
}

static void availability(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	check_cg("child", "a", AVAILABLE, "pids\n");
	check_cg("child.control", "a", CONTROL, "");
	check_cg("grandchild", "a/b", AVAILABLE, "");
	check_ret("enable", cg_write("a", CONTROL, "+pids"), 0);
	check_cg("grandchild.on", "a/b", AVAILABLE, "pids\n");
	cg_make("a/c");
	check_cg("newborn", "a/c", AVAILABLE, "pids\n");
	check_ret("disable", cg_write("a", CONTROL, "-pids"), 0);
	check_cg("grandchild.off", "a/b", AVAILABLE, "");
}

static void order_of_names(void)
{
	cg_begin();
	need_memory();
	cg_enable("pids");
	cg_make("a");
	check_cg("memory_first", "a", AVAILABLE, "memory pids\n");
	check_ret("other_order", cg_write("a", CONTROL, "+pids +memory"), 0);
	check_cg("same_order", "a", CONTROL, "memory pids\n");
}

static const struct {
	const char *name, *text;
	long want;
} words[] = {
	{ "unknown", "+nonsense", -EINVAL }, { "no_sign", "pids", -EINVAL },
	{ "other_sign", "*pids", -EINVAL }, { "sign_only", "+", -EINVAL },
	{ "space_between", "+ pids", -EINVAL }, { "tab", "+pids\t-pids", -EINVAL },
	{ "comma", "+pids,+pids", -EINVAL }, { "case", "+PIDS", -EINVAL },
	{ "empty", "", 0 }, { "blank", " \n", 0 }, { "off_already", "-pids", 0 },
	{ "good_then_bad", "+pids +nonsense", -EINVAL }, { "bad_then_good", "x +pids", -EINVAL },
	{ "off_last", "+pids -pids", 0 }, { "spaces", "  +pids   -pids \n", 0 },
};

static void words_written(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	for (size_t i = 0; i < LENGTH(words); i++) {
		check_ret(words[i].name, cg_write("a", CONTROL, words[i].text), words[i].want);
		check_cg(words[i].name, "a", CONTROL, "");
	}
	check_ret("on_last", cg_write("a", CONTROL, "-pids +pids"), 0);
	check_cg("on_last", "a", CONTROL, "pids\n");
	check_ret("twice", cg_write("a", CONTROL, "+pids"), 0);
	check_ret("newline", cg_write("a", CONTROL, "-pids\n"), 0);
	check_cg("off", "a", CONTROL, "");
}

static void all_or_none(void)
{
	cg_begin();
	need_memory();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	check_ret("both", cg_write("a", CONTROL, "+memory +pids"), 0);
	check_cg("both", "a", CONTROL, "memory pids\n");
	must(cg_write("a/b", CONTROL, "+pids"));
	check_ret("one_busy", cg_write("a", CONTROL, "-memory -pids"), -EBUSY);
	check_cg("kept", "a", CONTROL, "memory pids\n");
	check_true("files_kept", cg_has("a/b", "memory.current"));
	check_ret("swap_with_unknown", cg_write("a", CONTROL, "-memory +x"), -EINVAL);
	check_cg("kept_again", "a", CONTROL, "memory pids\n");
	must(cg_write("a/b", CONTROL, "-pids"));
	check_ret("swap", cg_write("a", CONTROL, "-memory +pids"), 0);
	check_cg("swapped", "a", CONTROL, "pids\n");
	check_ret("not_available", cg_write("a/b", CONTROL, "+pids +memory"), -ENOENT);
	check_cg("none", "a/b", CONTROL, "");
}

static void files_come_and_go(void)
{
	long fd;
	char text[64];

	cg_begin();
	cg_make("a");
	check_true("before", !cg_has("a", "pids.max"));
	cg_enable("pids");
	check_true("after", cg_has("a", "pids.max"));
	check_true("in_enabler", !cg_has("/", "pids.max"));
	check_true("not_below", (cg_make("a/b"), !cg_has("a/b", "pids.max")));
	fd = must(cg_open("a", "pids.max", O_RDWR));
	must(cg_write("", CONTROL, "-pids"));
	check_true("disabled", !cg_has("a", "pids.max"));
	check_ret("open_file.write", sys_write(fd, "5", 1), -ENODEV);
	check_ret("open_file.read", sys_read(fd, text, sizeof(text)), -ENODEV);
	must(cg_write("", CONTROL, "+pids"));
	check_ret("enabled_again", sys_write(fd, "5", 1), -ENODEV);
	check_cg("new_file", "a", "pids.max", "max\n");
}

/* A directory that has the name of a file to come. */
static void name_taken(void)
{
	cg_begin();
	cg_make("a");
	cg_make("b");
	cg_make("b/pids.max");
	must(cg_write("/", CONTROL, "+pids"));
	check_ret("enable", cg_write("", CONTROL, "+pids"), -EEXIST);
	check_cg("control", "", CONTROL, "");
	check_true("no_file", !cg_has("a", "pids.max"));
	must(cg_remove("b/pids.max"));
	check_ret("retry", cg_write("", CONTROL, "+pids"), 0);
	check_true("file", cg_has("a", "pids.max") && cg_has("b", "pids.max"));
}

static void settings_reset(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	must(cg_write("a", "pids.max", "7"));
	must(cg_write("", CONTROL, "-pids"));
	must(cg_write("", CONTROL, "+pids"));
	check_cg("max", "a", "pids.max", "max\n");
	check_int("current", cg_number("a", "pids.current", NULL), 0);
}

static void top_down(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	check_ret("grandchild", cg_write("a/b", CONTROL, "+pids"), -ENOENT);
	must(cg_write("a", CONTROL, "+pids"));
	check_ret("in_order", cg_write("a/b", CONTROL, "+pids"), 0);
	check_ret("disable", cg_write("a", CONTROL, "-pids"), -EBUSY);
	check_ret("disable.top", cg_write("", CONTROL, "-pids"), -EBUSY);
	check_cg("kept", "a", CONTROL, "pids\n");
	must(cg_write("a/b", CONTROL, "-pids"));
	check_ret("disable.retry", cg_write("a", CONTROL, "-pids"), 0);
}

/* --- no processes beside children that compete --- */

static void internal_process(void)
{
	long pid;

	cg_begin();
	need_memory();
	cg_make("a");
	pid = cg_idle("a");
	check_ret("enable", cg_write("a", CONTROL, "+memory"), -EBUSY);
	check_cg("nothing", "a", CONTROL, "");
	cg_make("a/b");
	must(cg_join("a/b", pid));
	check_ret("empty", cg_write("a", CONTROL, "+memory"), 0);
	check_ret("move_in", cg_join("a", pid), -EBUSY);
	check_str("stays", cg_of(pid), "/conform/a/b");
	check_ret("write_self", cg_join("a", 0), -EBUSY);
	must(cg_write("a", CONTROL, "-memory"));
	check_ret("move_in.retry", cg_join("a", pid), 0);
	end_idle(pid);
}

/* A zombie is no process that competes. */
static void internal_zombie(void)
{
	long pid;

	cg_begin();
	need_memory();
	cg_make("a");
	pid = cg_idle("a");
	must(sys_kill(pid, SIGKILL));
	check_int("zombie", cg_await("a", "cgroup.events", "populated", 0), 0);
	check_ret("enable", cg_write("a", CONTROL, "+memory"), 0);
	wait_status(pid);
}

static void root_is_exempt(void)
{
	cg_begin();
	need_memory();
	check_true("has_processes", cg_lists("/", "cgroup.procs", sys_getpid()));
	check_ret("enabled", cg_write("/", CONTROL, "+memory"), 0);
	check_ret("move_in", cg_join("/", 0), 0);
}

/* Members of the children are accounted to the enabler, then to the children, and back. */
static void members_follow(void)
{
	long one, two;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	one = cg_idle("a/b");
	cg_enable("pids");
	check_int("before", cg_number("a", "pids.current", NULL), 1);
	must(cg_write("a", CONTROL, "+pids"));
	check_int("on.child", cg_number("a/b", "pids.current", NULL), 1);
	check_int("on.parent", cg_number("a", "pids.current", NULL), 1);
	two = cg_idle("a/b");
	check_int("two.child", cg_number("a/b", "pids.current", NULL), 2);
	check_int("two.parent", cg_number("a", "pids.current", NULL), 2);
	must(cg_write("a", CONTROL, "-pids"));
	check_int("off.parent", cg_number("a", "pids.current", NULL), 2);
	must(cg_write("a", CONTROL, "+pids"));
	check_int("again.child", cg_number("a/b", "pids.current", NULL), 2);
	end_idle(one);
	check_int("one_left", cg_number("a/b", "pids.current", NULL), 1);
	end_idle(two);
	check_int("none", cg_number("a", "pids.current", NULL), 0);
}

const struct test_case cg_control_cases[] = {
	{ "CG-18", "a child has what its parent enables", availability, 0, 0 },
	{ "CG-18.order", "names come in a fixed order", order_of_names, 0, 0 },
	{ "CG-19", "words that are no +controller or -controller", words_written, 0, 0 },
	{ "CG-20", "a write works whole or not at all", all_or_none, 0, 0 },
	{ "CG-21", "files of a controller come and go with it", files_come_and_go, 0, 0 },
	{ "CG-21.name", "a directory is in the way of a file", name_taken, 0, 0 },
	{ "CG-21.members", "members are counted where the controller is", members_follow, 0, 0 },
	{ "CG-22", "disabling forgets the settings", settings_reset, 0, 0 },
	{ "CG-23", "enable from the top down, disable from below", top_down, 0, 0 },
	{ "CG-24", "a domain controller wants no processes beside it", internal_process, 0, 0 },
	{ "CG-24.zombie", "a zombie is not in the way", internal_zombie, 0, 0 },
	{ "CG-26", "the root may have both", root_is_exempt, 0, 0 },
	{ 0 },
};
