// SPDX-License-Identifier: MIT
/* tests/conform/mntutil.c - a private place to mount in, and /proc/self/mountinfo.
 *
 * Peer group numbers are told as letters, in the order in which a process meets
 * them, so that they are the same on every run. See proc(5). */
#include "mntns.h"

#define INFO_BYTES 65536
#define GROUPS 32

static char info[INFO_BYTES];

/* A mount namespace for this case, private, with a tmpfs at BASE. */
void mount_place(void)
{
	need_ns(CLONE_NEWNS);
	need_admin();
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	temp_dir();
}

long bind(const char *from, const char *to, unsigned long more)
{
	return sys_mount(from, to, NULL, MS_BIND | more, NULL);
}

long tmpfs(const char *path)
{
	return sys_mount("conform", path, "tmpfs", 0, NULL);
}

/* Change the propagation type. */
long change(const char *path, unsigned long type)
{
	return sys_mount(NULL, path, NULL, type, NULL);
}

/* Make directories below BASE, up to NULL. */
void dirs(const char *const *paths)
{
	for (; *paths; paths++)
		must(sys_mkdir(path_in(BASE, *paths), 0755));
}

/* The last line of mountinfo for a mount point, cut at its end. NULL: none. */
static char *line_of(const char *path)
{
	char *found = NULL, *next;
	char want[256];

	snprintf(want, sizeof(want), " %s ", path);
	must(read_file("/proc/thread-self/mountinfo", info, sizeof(info)));
	for (char *line = info; line && *line; line = next) {
		char *at = line;

		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		for (int i = 0; i < 4 && at; i++)
			at = strchr(at + 1, ' ');
		if (at && strncmp(at, want, strlen(want)) == 0)
			found = line;
	}
	return found;
}

static char letter_of(long group)
{
	static long groups[GROUPS];
	int i;

	for (i = 0; i < GROUPS - 1 && groups[i] && groups[i] != group; i++)
		;
	groups[i] = group;
	return 'a' + i;
}

/* "shared:a master:b", "unbindable", "private", or "not mounted". Good until
 * two calls later. */
const char *mount_tags(const char *path)
{
	static char texts[2][128];
	static int turn;
	char *text = texts[turn = !turn], *at = line_of(path), *word;
	int i = 0;

	if (!at)
		return "not mounted";
	text[0] = 0;
	for (word = strtok(at, " "); word && strcmp(word, "-") != 0; word = strtok(NULL, " ")) {
		char *colon = strchr(word, ':');

		if (i++ < 6)
			continue;
		if (colon)
			sprintf(colon + 1, "%c", letter_of(strtol(colon + 1, NULL, 10)));
		strcat(strcat(text, text[0] ? " " : ""), word);
	}
	return text[0] ? text : "private";
}

/* Field number of a mount's line, from 1; those behind the dash are 101 on. */
const char *mount_field(const char *path, int number)
{
	char *at = line_of(path), *word;
	int i = 0;

	if (!at)
		return "not mounted";
	for (word = strtok(at, " "); word; word = strtok(NULL, " ")) {
		if (strcmp(word, "-") == 0)
			i = 100;
		else if (++i == number)
			return word;
	}
	return "no field";
}

/* How many mounts are at path and below. */
int mounts_below(const char *path)
{
	char *next, *at, *line;
	size_t len = strlen(path);
	int count = 0;

	must(read_file("/proc/thread-self/mountinfo", info, sizeof(info)));
	for (line = info; line && *line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : NULL;
		at = line;
		for (int i = 0; i < 4 && at; i++)
			at = strchr(at + 1, ' ');
		count += at && strncmp(at + 1, path, len) == 0 &&
			 (at[1 + len] == ' ' || at[1 + len] == '/');
	}
	return count;
}

bool is_mount(const char *path)
{
	return line_of(path) != NULL;
}
