// SPDX-License-Identifier: MIT
/* tests/fuzz/diff/state.c - what there is, in lines that say the same on every kernel.
 *
 * Per actor: what /proc/PID/status says of it, its namespaces as classes (numbered
 * in the order in which they appear in it), its maps, its control group, and the mounts below the
 * work directory, once per mount namespace. Per control group: its files. Numbers
 * of mounts and peer groups are classes too. */
#include <stdarg.h>
#include "diff.h"

#define STATE_BYTES 65536
#define FILE_BYTES 8192
#define CLASSES 256

static char state[STATE_BYTES], text[FILE_BYTES];
static size_t state_len;

/* Numbers in the order in which they were met. */
struct classes {
	unsigned long seen[CLASSES];
	unsigned count;
};
static struct classes ns_classes, peer_classes;

static unsigned class_of(struct classes *c, unsigned long number)
{
	unsigned i;

	for (i = 0; i < c->count && c->seen[i] != number; i++)
		;
	if (i == c->count && i < CLASSES)
		c->seen[c->count++] = number;
	return i;
}

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(state + state_len, sizeof(state) - state_len, format, ap);
	va_end(ap);
	if (n > 0 && state_len + n < sizeof(state))
		state_len += n;
}

/* A small file of /proc or of a control group, its lines joined by blanks. */
static void put_file(const char *label, const char *path)
{
	long len = file_read(path, text, sizeof(text));

	for (char *at = text; *at; at++) {
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	}
	put(" %s=[%s]", label, len < 0 ? "none" : text);
}

static const char *const status_keys[] = {
	"State", "PPid", "Uid", "Gid", "Groups", "NStgid", "NSpid", "NSpgid", "NSsid", "CapInh",
	"CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Threads",
};

/* The value of a line "key:\tvalue" of text, with one letter for a state. */
static void put_status(int pid)
{
	char path[64], key[32];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file_read(path, text, sizeof(text));
	for (size_t i = 0; i < LENGTH(status_keys); i++) {
		char *line, *at;
		int len;

		snprintf(key, sizeof(key), "\n%s:", status_keys[i]);
		line = strstr(text, key);
		if (!line)
			continue;
		at = line + strlen(key);
		len = i == 0 ? 2 : (int)strcspn(at, "\n");
		if (i == 0 && (at[1] == 'R' || at[1] == 'D'))
			at = "\tS";
		put(" %s=%.*s", status_keys[i], len, at);
	}
	put("\n");
}

static const char *const ns_files[] = { "user", "mnt", "uts", "pid", "pid_for_children", "cgroup" };

/* Returns: the class of its mount namespace. */
static unsigned put_namespaces(int pid)
{
	char path[64], link[64];
	unsigned mnt = CLASSES;

	put("   ns");
	for (size_t i = 0; i < LENGTH(ns_files); i++) {
		long len;
		unsigned class;

		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, ns_files[i]);
		len = sys_readlink(path, link, sizeof(link) - 1);
		link[len < 0 ? 0 : len] = 0;
		if (len < 0) {
			put(" %s=error%ld", ns_files[i], -len);
			continue;
		}
		class = class_of(&ns_classes, strtoul(strchr(link, '[') + 1, NULL, 10));
		if (i == 1)
			mnt = class;
		put(" %s=%u", ns_files[i], class);
	}
	return mnt;
}

/* "shared:5 master:3" with classes instead of numbers. */
static void put_peers(char *fields)
{
	for (char *word = strtok(fields, " "); word; word = strtok(NULL, " ")) {
		char *colon = strchr(word, ':');

		if (!colon) {
			put(" %s", word);
			continue;
		}
		*colon = 0;
		put(" %s:%u", word, class_of(&peer_classes, strtoul(colon + 1, NULL, 10)));
	}
}

static void put_mounts(int pid)
{
	static struct classes ids;
	char path[64], *line = text, *rest;

	ids.count = 0;
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	file_read(path, text, sizeof(text));
	for (; *line; line = rest) {
		char *word[6], *dash;
		int n;

		rest = line + strcspn(line, "\n");
		if (*rest)
			*rest++ = 0;
		for (n = 0; n < 6; n++) {
			word[n] = line;
			line += strcspn(line, " ");
			if (*line)
				*line++ = 0;
		}
		class_of(&ids, strtoul(word[0], NULL, 10));
		dash = strstr(line - 1, "- ");
		if (strncmp(word[4], WORK, strlen(WORK)) != 0 || !dash)
			continue;
		put("   mount %u on %u root %s at %s %s %.5s",
		    class_of(&ids, strtoul(word[0], NULL, 10)),
		    class_of(&ids, strtoul(word[1], NULL, 10)), word[3], word[4], word[5],
		    dash + 2);
		*dash = 0;
		put_peers(line);
		put("\n");
	}
}

static void put_actor(int nr, int pid, bool *mounts_told)
{
	char path[64];
	struct stat st;
	unsigned mnt;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	if (sys_stat(path, &st) < 0) {
		put("actor %d gone\n", nr);
		return;
	}
	put("actor %d pid %d", nr, pid);
	put_status(pid);
	mnt = put_namespaces(pid);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	put_file("uid_map", path);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	put_file("gid_map", path);
	snprintf(path, sizeof(path), "/proc/%d/setgroups", pid);
	put_file("setgroups", path);
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	put_file("cgroup", path);
	put("\n");
	if (mnt < CLASSES && !mounts_told[mnt])
		put_mounts(pid);
	if (mnt < CLASSES)
		mounts_told[mnt] = true;
}

static const char *const group_dirs[] = { "", "/x", "/y", "/x/z", "/x/z/u", "/leaf" };
static const char *const group_files[] = {
	"cgroup.type",
	"cgroup.controllers",
	"cgroup.subtree_control",
	"cgroup.procs",
	"cgroup.events",
	"cgroup.freeze",
	"cgroup.max.depth",
	"cgroup.max.descendants",
	"pids.current",
	"pids.max",
	"memory.low",
};

static void put_groups(void)
{
	char path[128];
	struct stat st;

	for (size_t i = 0; i < LENGTH(group_dirs); i++) {
		snprintf(path, sizeof(path), GROUPS "%s", group_dirs[i]);
		if (sys_stat(path, &st) < 0)
			continue;
		put("group %s:", group_dirs[i]);
		for (size_t k = 0; k < LENGTH(group_files); k++) {
			snprintf(path, sizeof(path), GROUPS "%s/%s", group_dirs[i], group_files[k]);
			put_file(group_files[k], path);
		}
		put("\n");
	}
}

/* Numbers come back when what had them is gone, on Linux sooner than on the
 * model: what is the same number counts within one state only. */
static void state_begin(void)
{
	ns_classes.count = peer_classes.count = 0;
}

char *state_read(void)
{
	bool mounts_told[CLASSES] = { false };

	state_begin();
	state_len = 0;
	state[0] = 0;
	for (int i = 0; i < ACTORS; i++) {
		if (stage->actors[i].pid)
			put_actor(i, stage->actors[i].pid, mounts_told);
	}
	put_groups();
	return state;
}

/* The numbers of a process, outermost first. Returns: how many. */
int nspids(int pid, int *numbers, int max)
{
	char path[64], *at;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (file_read(path, text, sizeof(text)) < 0)
		return 0;
	at = strstr(text, "\nNSpid:");
	for (at = at ? at + 7 : text + strlen(text); n < max && (*at == '\t' || *at == ' '); n++)
		numbers[n] = strtol(at, &at, 10);
	return n;
}
