// SPDX-License-Identifier: MIT
/* tests/fuzz/diff/actor.c - a process that does one operation whenever it is told.
 *
 * Its two pipes are in the table of files that all actors share. The result is
 * on the stage; the byte in the answer pipe says that it is there. */
#include "diff.h"

void actor_main(int self)
{
	struct actor *me = &stage->actors[self];
	struct new_utsname uts = { 0 };
	char byte;

	for (;;) {
		long result;

		if (sys_read(me->command[0], &byte, 1) != 1)
			continue;
		result = op_do(&stage->op);
		stage->result = result;
		sys_uname(&uts);
		memcpy(stage->node, uts.nodename, sizeof(stage->node) - 1);
		sys_write(me->answer[1], &byte, 1);
	}
}
