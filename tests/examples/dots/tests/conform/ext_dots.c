// SPDX-License-Identifier: MIT
/* tests/conform/ext_dots.c - EXT-CG-01: no control group hides from ls (cgroup/fs.c). */
#include "cgutil.h"

static void no_hidden_names(void)
{
	static char why[4096];

	cg_begin();
	check_ret("hidden", cg_try(".hidden"), -EINVAL);
	must(read_file("/proc/self/plimsoll/why", why, sizeof(why)));
	check_true("why", strstr(why, "EXT-CG-01") != NULL);
	check_true("not_made", !cg_has(".hidden", ""));
	check_ret("dot_within", cg_try("a.b"), 0);
	check_ret("deeper", cg_try("a.b/.c"), -EINVAL);
	check_ret("removed", cg_remove("a.b"), 0);
}

const struct test_case ext_dots_cases[] = {
	{ "EXT-CG-01", "a name that begins with a dot is EINVAL", no_hidden_names, 0, 0 },
	{ 0 },
};
