// SPDX-License-Identifier: MIT
/* tests/bench/namespaces.c - rows of namespaces: entering them. (Making them is in tasks.c.) */
#include "bench.h"

#define UTS "/proc/self/ns/uts"

static long first, second;
static int turn;

static int prepare_enter(int arg)
{
	first = must(UTS, sys_open(UTS, O_RDONLY, 0));
	must("unshare", sys_unshare(arg));
	second = must(UTS, sys_open(UTS, O_RDONLY, 0));
	return 0;
}

static void op_enter(int arg)
{
	sys_setns(++turn & 1 ? first : second, arg);
}

static void clean_enter(int arg)
{
	sys_setns(first, arg);
	sys_close(first);
	sys_close(second);
}

static const struct row rows[] = {
	{ "setns", 200, CLONE_NEWUTS, prepare_enter, op_enter, clean_enter, NULL, NULL },
};
const struct rows namespace_rows = ROWS_OF(rows);
