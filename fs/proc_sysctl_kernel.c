// SPDX-License-Identifier: MIT
/* fs/proc_sysctl_kernel.c - /proc/sys/kernel: process numbers, capabilities, randomness, panics.
 *
 * A knob that nothing in the model follows is read-only and shows what holds. ns_last_pid
 * is that of the reader's pid namespace (PIDNS-31, 32). Checkpoint: none but ns_last_pid, which is
 * saved with its namespace. See proc(5), pid_namespaces(7). */

#include "boot/cmdline.h"
#include "fs/proc.h"
#include "kernel/deny.h"
#include "kernel/random.h"
#include "kernel/task.h"

#define PID_MAX_MIN (PID_RESERVED + 1)
#define THREADS_MIN 20
#define UUID_BYTES 16
#define NGROUPS 65536			/* newlib has another NGROUPS_MAX */

s32 unprivileged_userns_clone = 1;

/* --- ns_last_pid --- */

static int ns_last_pid_show(const struct sysctl *s, struct text *t)
{
	(void)s;
	text_printf(t, "%d\n", task_pid_ns(current)->last);
	return t->error;
}

static ssize_t ns_last_pid_store(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	struct pid_ns *ns = task_pid_ns(current);
	struct sysctl row = { .data = &ns->last, .min = 0, .max = pid_max };
	ssize_t n;

	(void)s;
	if (!capable_in(ns->ns.owner, CAP_CHECKPOINT_RESTORE) &&
	    !capable_in(ns->ns.owner, CAP_SYS_ADMIN))
		return deny(EPERM, PIDNS_32);
	n = sysctl_store_int(&row, text, len, pos);
	return n == -EINVAL ? deny(EINVAL, PIDNS_32) : n;
}

/* --- random --- */

static void uuid_make(u8 uuid[UUID_BYTES])
{
	random_bytes(uuid, UUID_BYTES);
	uuid[6] = (uuid[6] & 0x0f) | 0x40;	/* version 4: random */
	uuid[8] = (uuid[8] & 0x3f) | 0x80;	/* the RFC's variant */
}

static int uuid_text(struct text *t, const u8 uuid[UUID_BYTES])
{
	for (unsigned i = 0; i < UUID_BYTES; i++)
		text_printf(t, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
	text_putc(t, '\n');
	return t->error;
}

static int uuid_show(const struct sysctl *s, struct text *t)
{
	u8 uuid[UUID_BYTES];

	(void)s;
	uuid_make(uuid);
	return uuid_text(t, uuid);
}

/* One for this run of the machine, made when first asked for. */
static int boot_id_show(const struct sysctl *s, struct text *t)
{
	static u8 boot_id[UUID_BYTES];

	(void)s;
	if (!boot_id[8])
		uuid_make(boot_id);
	return uuid_text(t, boot_id);
}

/* --- the table --- */

#define INT(path_, var, min_, max_)                                                            \
	{ .path = path_, .mode = 0644, .show = sysctl_show_int, .store = sysctl_store_int,     \
	  .data = &(var), .min = (min_), .max = (max_), .number = true }

const struct sysctl kernel_sysctls[] = {
	INT("kernel/pid_max", pid_max, PID_MAX_MIN, PID_MAX_LIMIT),
	{ .path = "kernel/ns_last_pid",
	 .mode = 0666,
	 .show = ns_last_pid_show,
	 .store = ns_last_pid_store,
	 .number = true },
	{ .path = "kernel/threads-max",
	 .mode = 0644,
	 .show = sysctl_show_long,
	 .store = sysctl_store_long,
	 .data = &task_max,
	 .min = THREADS_MIN,
	 .max = INT_MAX,
	 .number = true },
	INT("kernel/panic", boot_options.panic_timeout, INT_MIN, INT_MAX),
	INT("kernel/unprivileged_userns_clone", unprivileged_userns_clone, 0, 1),
	INT("kernel/pty/max", pty_max, 0, INT_MAX),
	{ .path = "kernel/pty/nr", .mode = 0444, .show = sysctl_show_int, .data = &pty_count },
	INT("kernel/pty/reserve", pty_reserve, 0, INT_MAX),
	{ .path = "kernel/core_pattern", .mode = 0444, .show = sysctl_show_string, .data = "core" },
	SYSCTL_CONSTANT("kernel/core_uses_pid", 0),
	SYSCTL_CONSTANT("kernel/ngroups_max", NGROUPS),
	SYSCTL_CONSTANT("kernel/cap_last_cap", CAP_LAST_CAP),
	SYSCTL_CONSTANT("kernel/overflowuid", OVERFLOW_ID),
	SYSCTL_CONSTANT("kernel/overflowgid", OVERFLOW_ID),
	SYSCTL_CONSTANT("kernel/randomize_va_space", 0),
	SYSCTL_CONSTANT("kernel/dmesg_restrict", 1),
	SYSCTL_CONSTANT("kernel/tainted", 0),
	{ .path = "kernel/printk", .mode = 0444, .show = sysctl_show_string, .data = "4\t4\t1\t7" },
	{ .path = "kernel/random/boot_id", .mode = 0444, .show = boot_id_show },
	{ .path = "kernel/random/uuid", .mode = 0444, .show = uuid_show },
	SYSCTL_CONSTANT("kernel/random/entropy_avail", 256),
	SYSCTL_CONSTANT("kernel/random/poolsize", 256),
	{},
};
