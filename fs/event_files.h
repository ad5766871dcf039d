// SPDX-License-Identifier: MIT
/* fs/event_files.h - eventfd, signalfd and timerfd from outside: what they hold, and one made with
 * it. For checkpoint.
 *
 * The state functions say false for a file of another kind; flags are those of the creating call.
 */
#pragma once

#include "fs/vfs.h"

bool eventfd_state(const struct file *f, u64 *count, int *flags);
int eventfd_create_file(u64 count, int flags, struct file **out);
bool signalfd_state(const struct file *f, u64 *mask);
int signalfd_create_file(u64 mask, int flags, struct file **out);

struct timerfd_state {
	int clock_id;
	u32 settime_flags;
	u64 ticks;
	s64 left, interval;		/* nanoseconds */
	bool armed;
};
bool timerfd_state(const struct file *f, struct timerfd_state *out);
int timerfd_create_as(const struct timerfd_state *s, u32 flags, struct file **out);
