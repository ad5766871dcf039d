// SPDX-License-Identifier: MIT
/* tests/fuzz/leak.c - what must be as before when a round is over.
 *
 * Kernel objects by kind (/proc/slabinfo), free memory, processes, and the
 * knobs of /proc/sys, which a box may turn and which are turned back. */
#include "fuzz.h"

#define SLABS 160
#define NAME_BYTES 28
#define KNOBS 160
#define KNOB_PATH 96
#define KNOB_TEXT 64
#define TEXT_MAX 32768
#define ENTRY_BYTES 2048

struct slab {
	char name[NAME_BYTES];
	long objects;
};

static struct slab before[SLABS], after[SLABS];
static long free_before, free_after;
static struct knob {
	char path[KNOB_PATH], text[KNOB_TEXT];
} knobs[KNOBS];
static unsigned knob_count;
static char text[TEXT_MAX];

/* Read /proc/slabinfo behind its two lines of headings; caches of one name add up. */
static void slabs_read(struct slab *slabs)
{
	char *line = text, *rest;
	unsigned count = 0, i;

	memset(slabs, 0, sizeof(*slabs) * SLABS);
	file_read("/proc/slabinfo", text, sizeof(text));
	for (unsigned nr = 0; *line; line = rest, nr++) {
		size_t name = strcspn(line, " ");
		char *end;

		rest = line + strcspn(line, "\n");
		if (*rest)
			*rest++ = 0;
		if (nr < 2 || name >= NAME_BYTES || count == SLABS)
			continue;
		line[name] = 0;
		for (i = 0; i < count && strcmp(slabs[i].name, line) != 0; i++)
			;
		strcpy(slabs[i].name, line);
		slabs[i].objects += strtol(line + name + 1, &end, 10);
		count += i == count;
	}
}

static long free_kb(void)
{
	char *at;

	file_read("/proc/meminfo", text, sizeof(text));
	at = strstr(text, "MemFree:");
	return at ? strtol(at + 8, NULL, 10) : 0;
}

/* Processes beside this one; each is named. */
static int others_count(void)
{
	long fd = sys_open("/proc", O_RDONLY | O_DIRECTORY, 0), len;
	char entries[ENTRY_BYTES], path[64], stat[200];
	int others = 0;

	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			long pid = strtol(entries + at + 19, NULL, 10);

			if (pid <= 0 || pid == sys_getpid())
				continue;
			snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
			file_read(path, stat, 60);
			if (strchr(stat, '(') && strtol(stat, NULL, 10) && !strstr(stat, " 0 0 0 "))
				say("LEFT: process %s\n", stat), others++;
		}
	}
	if (fd >= 0)
		sys_close(fd);
	return others;
}

/* Sockets that only hold each other go when another one is closed (unix(7)). */
static void caches_drop(void)
{
	int pair[2];

	if (sys(__NR_socketpair, 1, 1, 0, pair) == 0) {
		sys_close(pair[0]);
		sys_close(pair[1]);
	}
	file_write("/proc/sys/vm/drop_caches", "3");
}

void leak_keep(void)
{
	caches_drop();
	slabs_read(before);
	free_before = free_kb();
}

/* Compare with what leak_keep() saw. Returns: how many kinds grew. */
int leak_compare(bool tell)
{
	int grown = others_count();

	caches_drop();
	slabs_read(after);
	free_after = free_kb();
	for (unsigned i = 0; i < SLABS && after[i].name[0]; i++) {
		long was = 0;

		for (unsigned k = 0; k < SLABS; k++) {
			if (strcmp(before[k].name, after[i].name) == 0)
				was = before[k].objects;
		}
		if (after[i].objects <= was)
			continue;
		grown++;
		if (tell)
			say("LEAK: %s %ld -> %ld\n", after[i].name, was, after[i].objects);
	}
	if (tell && free_after != free_before)
		say("note: free memory %ld -> %ld KiB\n", free_before, free_after);
	return grown;
}

/* --- knobs --- */

static void knobs_walk(const char *dir)
{
	long fd = sys_open(dir, O_RDONLY | O_DIRECTORY, 0), len;
	char entries[ENTRY_BYTES], path[KNOB_PATH + 64];

	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			const char *name = entries + at + 19;

			if (name[0] == '.' || strcmp(name, "drop_caches") == 0)
				continue;
			snprintf(path, sizeof(path), "%s/%s", dir, name);
			if (entries[at + 18] == 4)
				knobs_walk(path);
			else if (knob_count < KNOBS && strlen(path) < KNOB_PATH &&
				 file_read(path, knobs[knob_count].text, KNOB_TEXT) > 0)
				strcpy(knobs[knob_count++].path, path);
		}
	}
	if (fd >= 0)
		sys_close(fd);
}

void knobs_keep(void)
{
	knobs_walk("/proc/sys");
}

void knobs_restore(void)
{
	char now[KNOB_TEXT];

	for (unsigned i = 0; i < knob_count; i++) {
		file_read(knobs[i].path, now, sizeof(now));
		if (strcmp(now, knobs[i].text) != 0)
			file_write(knobs[i].path, knobs[i].text);
	}
}
