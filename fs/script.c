// SPDX-License-Identifier: MIT
/* fs/script.c - programs that begin with "#!": another program is run with the script as argument.
 *
 * "#! interpreter [argument]", on a first line of at most 255 bytes; a longer line is cut, but the
 * interpreter's name must be all there. The argument is one, blanks inside and all.
 * argv becomes interpreter, argument, the script's name, and the old argv from [1] on.
 * Checkpoint: none. See execve(2), "Interpreter scripts". */
#include "fs/program.h"
#include "mm/slab.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* Splits the first line in place. -ENOEXEC if it is none, -EACCES for "#!" and no more (the
 * interpreter "" is a directory to Linux). */
static int script_parse(char *head, char **interp, char **arg)
{
	char *end, *p;
	bool whole, newline;

	if (head[0] != '#' || head[1] != '!')
		return -ENOEXEC;
	head[EXEC_HEAD_BYTES - 1] = '\0';
	end = strchr(head, '\n');
	newline = end;
	whole = newline || strlen(head) < EXEC_HEAD_BYTES - 1;
	if (!end)
		end = head + strlen(head);
	while (end > head + 2 && is_blank(end[-1]))
		end--;
	*end = '\0';
	*interp = skip_blanks(head + 2);
	if (!**interp)
		return whole && !newline ? -EACCES : -ENOEXEC;
	for (p = *interp; *p && !is_blank(*p); p++)
		;
	if (!*p && !whole)
		return -ENOEXEC;
	*arg = NULL;
	if (*p) {
		*p = '\0';
		*arg = skip_blanks(p + 1);
	}
	return 0;
}

int script_load(struct exec *x)
{
	char *interp, *arg, *own;
	int err = script_parse((char *)x->head, &interp, &arg);

	if (err)
		return err;
	if (x->inaccessible)
		return -ENOENT;		/* the interpreter could not open it */
	own = kstrdup(interp);
	if (!own)
		return -ENOMEM;
	exec_drop_arg(x);
	err = exec_push_arg(x, x->interp ? x->interp : x->name);
	if (!err && arg)
		err = exec_push_arg(x, arg);
	if (!err)
		err = exec_push_arg(x, own);
	kfree(x->interp);
	x->interp = own;
	return err ? err : exec_open(x, AT_FDCWD, own, 0);
}
