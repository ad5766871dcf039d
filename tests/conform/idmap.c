// SPDX-License-Identifier: MIT
/* tests/conform/idmap.c - see idmap.h. */
#include "idmap.h"

static const char *file_of(long pid, const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return path;
}

long open_proc(long pid, const char *name, int flags)
{
	return sys_open(file_of(pid, name), flags, 0);
}

long put_proc(long pid, const char *name, const char *text)
{
	return ret0(write_file(file_of(pid, name), text));
}

const char *get_proc(long pid, const char *name)
{
	static char text[1024];
	long len = read_file(file_of(pid, name), text, sizeof(text));

	if (len < 0)
		return ret_text(len);
	for (char *at = text; *at; at++)
		*at = *at == '\n' ? '/' : *at;
	return text;
}

void plain_user(void)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

void start_bare(struct peer *child)
{
	spawn(child, CLONE_NEWUSER, stay, NULL);
	hear(child);
}

