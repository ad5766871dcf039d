// SPDX-License-Identifier: MIT
/* cgroup/files.h - control files: rows of tables, shown and written; and the strict parser.
 *
 * A row is written once and marked for the unified hierarchy, for v1 hierarchies, or for both. A
 * file is printed whole when it is read from its start; each write(2) is one value, wherever the
 * position stands, of at most a page, ended by the first NUL. Both see the opener's credentials
 * and cgroup namespace. What may be written follows the mode; what has no write is EINVAL even for
 * root (CG-61). */
#pragma once

#include "fs/text.h"
#include "kernel/compat.h"
#include "types.h"

struct cgroup;
struct cgroup_ns;
struct css;

/* One open control file, or one call on it. */
struct cgroup_open {
	struct file *file;		/* not counted: its own */
	struct cgroup *cgroup;		/* its inode holds it */
	struct css *css;		/* set for each call; NULL for files of the core */
	const struct cgroup_file *type;
	struct cgroup_ns *ns;		/* the opener's; counted */
	void *data;			/* the row's own, from its first use to release */
};

/* Row flags. */
#define CGFILE_V1          BIT(0)
#define CGFILE_V2          BIT(1)
#define CGFILE_NOT_ON_ROOT BIT(2)
#define CGFILE_ONLY_ROOT   BIT(3)
#define CGFILE_DELEGATABLE BIT(4)	/* may be written at a namespace's root (CGNS-09) */
#define CGFILE_EVENTS      BIT(5)	/* poll and inotify hear of cgroup_file_changed() */
#define CGFILE_SHAPE       BIT(8)	/* who is where, what the tree is: no setting (image.h) */

/* What is not used is NULL; show and show_u64 exclude each other, as do write, write_u64,
 * write_s64. */
struct cgroup_file {
	const char *name;		/* controllers': without the prefix "pids." */
	u32 flags;			/* CGFILE_* */
	u32 mode;			/* 0: 0444 and/or 0200, by what there is */
	enum compat_rule since;		/* not there before that Linux; 0: always */
	int (*show)(struct text *t, struct cgroup_open *o);
	u64 (*show_u64)(struct cgroup_open *o);		/* a number in a line */
	/* One write: text is NUL-terminated and may be changed. 0 or -errno; all len bytes are
	 * taken. */
	int (*write)(struct cgroup_open *o, char *text, size_t len);
	int (*write_u64)(struct cgroup_open *o, u64 value);
	int (*write_s64)(struct cgroup_open *o, s64 value);
	void (*release)(struct cgroup_open *o);		/* with data */
};

/* Tells pollers and inotify that the contents changed. css NULL: a file of the core, of cg. */
void cgroup_file_changed(struct cgroup *cg, struct css *css, const struct cgroup_file *type);

/* --- parse.c: 0, -EINVAL, or -ERANGE where the number is too big for its type --- */
char *parse_strip(char *text);				/* without white space at both ends */
int parse_u64(const char *text, u64 *out);		/* 12, 0x1f, 017; one newline may follow */
int parse_s64(const char *text, s64 *out);
int parse_s32(const char *text, s32 *out);
/* "max" (PAGE_COUNTER_MAX) or bytes with a suffix K M G T P E, as pages rounded down; white space
 * around is fine. */
int parse_pages(char *text, u64 *pages);
/* The next word of *rest by spaces, NUL-terminated in place; NULL: no more. */
char *parse_word(char **rest);
/* Prints pages as bytes and a newline, or "max" for PAGE_COUNTER_MAX. */
void show_pages(struct text *t, u64 pages);
