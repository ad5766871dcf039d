// SPDX-License-Identifier: MIT
/* user/ckpt/list.c - ckpt -l: what an image holds, without a restart: processes and threads,
 * descriptors, mappings, namespaces with their mounts, control groups, and the members themselves.
 *
 * Fields are named by their numbers in cr/proto. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckpt.h"
#include "image.h"

#define LINE 24

/* CRIU's kinds of files. */
static const char *const file_types[] = {
	[1] = "file", [2] = "pipe", [3] = "fifo", [4] = "inet", [5] = "unix", [6] = "eventfd",
	[7] = "eventpoll", [8] = "inotify", [9] = "signalfd", [11] = "tty", [14] = "namespace",
	[17] = "timerfd", [18] = "memfd",
};
static const char *const states[] = { "?", "alive", "dead", "stopped" };

static const char *name_in(const char *const *names, size_t nr, unsigned i)
{
	return i < nr && names[i] ? names[i] : "other";
}
#define NAME_IN(names, i) name_in(names, sizeof(names) / sizeof((names)[0]), i)

/* The message of that id (field number) in a member, or an empty one. */
static struct bytes find(const struct member *m, int number, uint64_t id)
{
	struct bytes message = { NULL, 0 };

	while (message_next(m, &message))
		if (number_of(message, number) == id)
			return message;
	return (struct bytes){ NULL, 0 };
}

static struct bytes first(const struct member *m)
{
	struct bytes message = { NULL, 0 };

	return message_next(m, &message) ? message : (struct bytes){ NULL, 0 };
}

/* --- processes --- */

static void threads_list(struct bytes entry)
{
	struct bytes b;
	uint64_t tid;

	for (int n = 1; field_at(entry, 5, n, &tid, &b); n++)
		printf("%s%u", n == 1 ? "  threads " : " ", (unsigned)tid);
	printf("\n");
}

static void tree_list(const struct image *im)
{
	const struct member *pstree = member_named(im, "pstree.img", 0);
	struct bytes e = { NULL, 0 };

	printf("processes\n%8s%8s%8s%8s  %-8s%s\n", "PID", "PPID", "PGID", "SID", "STATE", "NAME");
	while (message_next(pstree, &e)) {
		unsigned pid = number_of(e, 1);
		struct bytes tc = bytes_of(first(member_named(im, "core-%u.img", pid)), 3);

		printf("%8u%8u%8u%8u  %-8s%s", pid, (unsigned)number_of(e, 2),
		       (unsigned)number_of(e, 3), (unsigned)number_of(e, 4),
		       NAME_IN(states, number_of(tc, 1)), text_of(tc, 6));
		threads_list(e);
	}
}

/* --- descriptors --- */

static void file_list(const struct image *im, unsigned id)
{
	struct bytes f = find(member_named(im, "files.img", 0), 2, id), reg = bytes_of(f, 3);

	printf("%-10s", NAME_IN(file_types, number_of(f, 1)));
	if (reg.len)
		printf(" %s at %lu", text_of(reg, 6), (unsigned long)number_of(reg, 3));
	printf("\n");
}

static struct bytes ids_of(const struct image *im, unsigned pid)
{
	return first(member_named(im, "ids-%u.img", pid));
}

static void descriptors_list(const struct image *im)
{
	const struct member *pstree = member_named(im, "pstree.img", 0);
	struct bytes e = { NULL, 0 };

	printf("descriptors\n");
	while (message_next(pstree, &e)) {
		unsigned pid = number_of(e, 1), table = number_of(ids_of(im, pid), 2);
		const struct member *m = member_named(im, "fdinfo-%u.img", table);
		struct bytes fd = { NULL, 0 };

		while (message_next(m, &fd)) {
			printf("%8u%6u%s ", pid, (unsigned)number_of(fd, 4),
			       number_of(fd, 2) & 1 ? "c" : " ");
			file_list(im, number_of(fd, 1));
		}
	}
}

/* --- mappings --- */

static void mapping_list(const struct image *im, unsigned pid, struct bytes vma)
{
	unsigned prot = number_of(vma, 5), flags = number_of(vma, 6), file = number_of(vma, 4);

	printf("%8u %12lx-%-12lx %c%c%c%c ", pid, (unsigned long)number_of(vma, 1),
	       (unsigned long)number_of(vma, 2), prot & 1 ? 'r' : '-', prot & 2 ? 'w' : '-',
	       prot & 4 ? 'x' : '-', flags & 1 ? 's' : 'p');
	if (flags & 0x20)		/* MAP_ANONYMOUS */
		printf("%s\n", flags & 1 ? "shared memory" : "memory");
	else
		file_list(im, file);
}

static void mappings_list(const struct image *im)
{
	const struct member *pstree = member_named(im, "pstree.img", 0);
	struct bytes e = { NULL, 0 }, vma;
	uint64_t none;

	printf("mappings\n");
	while (message_next(pstree, &e)) {
		unsigned pid = number_of(e, 1);
		struct bytes mm = first(member_named(im, "mm-%u.img", pid));

		for (int n = 0; field_at(mm, 14, n, &none, &vma); n++)
			mapping_list(im, pid, vma);
	}
}

/* --- namespaces --- */

static void mounts_list(const struct image *im, unsigned ns)
{
	const struct member *m = member_named(im, "mountpoints-%u.img", ns);
	struct bytes e = { NULL, 0 };

	while (message_next(m, &e))
		printf("%*s%u on %u at %s: %s of %s%s\n", LINE, "mount ", (unsigned)number_of(e, 2),
		       (unsigned)number_of(e, 4), text_of(e, 7), text_of(e, 6), text_of(e, 14),
		       number_of(e, 10) ? ", shared" : number_of(e, 11) ? ", slave" : "");
}

static void namespaces_list(const struct image *im)
{
	const struct member *all = member_named(im, "plimsoll-ns.img", 0);
	struct bytes e = { NULL, 0 };

	printf("namespaces\n");
	while (message_next(all, &e)) {
		unsigned id = number_of(e, 1) & 0xffffff;
		const char *kind = text_of(e, 2);
		struct bytes uts = first(member_named(im, "utsns-%u.img", id));

		printf("%8s %u, of user namespace %u", kind, id, (unsigned)number_of(e, 3));
		if (!strcmp(kind, "uts"))
			printf(", %s", text_of(uts, 1));
		printf("\n");
		if (!strcmp(kind, "mnt"))
			mounts_list(im, id);
	}
}

/* --- control groups --- */

static void cgroups_list(const struct image *im)
{
	const struct member *all = member_named(im, "plimsoll-cgroups.img", 0);
	struct bytes e = { NULL, 0 }, setting;
	uint64_t none;

	printf("control groups\n");
	while (message_next(all, &e)) {
		printf("%8u below %u%s%s: %s%s%s\n", (unsigned)number_of(e, 1),
		       (unsigned)number_of(e, 2), *text_of(e, 4) ? " at " : "", text_of(e, 4),
		       text_of(e, 3), *text_of(e, 6) ? ", controls " : "", text_of(e, 6));
		for (int n = 0; field_at(e, 7, n, &none, &setting); n++)
			printf("%*s%s %s", LINE, "", text_of(setting, 1), text_of(setting, 2));
	}
}

int image_list(const char *file)
{
	struct image im;

	if (image_load(file, &im)) {
		fprintf(stderr, "ckpt: %s: is no image\n", file);
		return 1;
	}
	tree_list(&im);
	descriptors_list(&im);
	mappings_list(&im);
	namespaces_list(&im);
	cgroups_list(&im);
	printf("members\n");
	for (int i = 0; i < im.nr; i++)
		printf("%12lu %s\n", (unsigned long)im.members[i].all.len, im.members[i].name);
	return 0;
}
