// SPDX-License-Identifier: MIT
/* cr/log.c - what checkpoint and restart say: lines to logfd, and refusals with their rule.
 *
 * A refusal is one line, "class id path: rule: what", kept for the image's ERROR member, and noted
 * among the task's last refusals as any other. Nobody waits for a reader: a log that cannot be
 * written is let be. */
#include "cr/cr.h"
#include "fs/vfs.h"
#include "lib/print.h"

static void log_write(struct cr_log *log, char *line)
{
	struct iter it;

	if (!log->file)
		return;
	iter_kernel(&it, line, strlen(line));
	file_write(log->file, &it, &log->file->pos);
}

void cr_log(struct cr_log *log, const char *fmt, ...)
{
	char line[sizeof(log->line)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_write(log, line);
}

int cr_refuse_at(struct cr_log *log, const char *class, u32 id, const char *path, int err,
		 enum rule rule, const char *at, u32 line)
{
	if (!log->line[0]) {
		snprintf(log->line, sizeof(log->line), "error: %s %u %s: %s errno %d\n", class, id,
			 path, rule_names[rule], err);
		log_write(log, log->line);
	}
	return deny_at(err, rule, at, line);
}
