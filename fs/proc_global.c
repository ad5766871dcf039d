// SPDX-License-Identifier: MIT
/* fs/proc_global.c - files of /proc about the machine: processors, times, versions, drivers.
 *
 * Formats are those of proc(5), which ps, top, uptime and free parse. What the model does not
 * have (modules, swap, disks) is an empty file or a bare heading. */

#include "arch/machine.h"
#include "arch/trap.h"
#include "boot/info.h"
#include "drivers/console.h"
#include "fs/device.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "kernel/panic.h"
#include "kernel/sched.h"
#include "lib/print.h"
#include "mm/slab.h"

#define CENTI_NSEC (NSEC_PER_SEC / 100)		/* one tick of USER_HZ */
#define CPU_TEXT_SIZE 4096
#define LOAD_ONE 2048				/* load_average() counts in 1/2048 */
#define LOAD_ROUND (LOAD_ONE / 200)

int proc_empty_show(struct text *t, struct proc_open *po)
{
	(void)po;
	return t->error;
}

int proc_boot_cmdline_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_printf(t, "%s\n", boot_info.cmdline);
	return t->error;
}

int proc_version_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_printf(t, "%s version %s (plimsoll@plimsoll) (gcc %s) %s\n",
		    sysctl_string("kernel/ostype"), sysctl_string("kernel/osrelease"), __VERSION__,
		    sysctl_string("kernel/version"));
	return t->error;
}

int proc_filesystems_show(struct text *t, struct proc_open *po)
{
	(void)po;
	for (const struct fs_type *const *type = fs_types; *type; type++)
		text_printf(t, "%s\t%s\n", (*type)->flags & FS_NODEV_TYPE ? "nodev" : "",
			    (*type)->name);
	return t->error;
}

/* --- processors and time --- */

int proc_cpuinfo_show(struct text *t, struct proc_open *po)
{
	char *buf = kmalloc(CPU_TEXT_SIZE);

	(void)po;
	if (!buf)
		return -ENOMEM;
	for (unsigned id = 0; id < cpu_count; id++) {
		int n = cpu_info_text(id, buf, CPU_TEXT_SIZE);

		text_add(t, buf, MIN(n, CPU_TEXT_SIZE - 1));
	}
	kfree(buf);
	return t->error;
}

static void seconds(struct text *t, u64 nsec)
{
	text_printf(t, "%lu.%02lu", nsec / NSEC_PER_SEC, nsec % NSEC_PER_SEC / CENTI_NSEC);
}

int proc_uptime_show(struct text *t, struct proc_open *po)
{
	u64 idle = 0;

	(void)po;
	for (unsigned id = 0; id < cpu_count; id++)
		idle += ticks_nsec(cpus[id].idle_ticks);
	seconds(t, time_monotonic());
	text_putc(t, ' ');
	seconds(t, idle);
	text_putc(t, '\n');
	return t->error;
}

int proc_loadavg_show(struct text *t, struct proc_open *po)
{
	u64 load[3];

	load_average(load);
	for (int i = 0; i < 3; i++) {
		u64 rounded = load[i] + LOAD_ROUND;

		text_printf(t, "%lu.%02lu ", rounded / LOAD_ONE,
			    rounded % LOAD_ONE * 100 / LOAD_ONE);
	}
	text_printf(t, "%lu/%lu %d\n", sched_nr_running(), task_count,
		    proc_reader_pid_ns(po)->last);
	return t->error;
}

/* One line of /proc/stat: user nice system idle iowait irq softirq steal guest guest_nice. */
static void stat_cpu(struct text *t, const char *label, u64 user, u64 system, u64 idle)
{
	text_printf(t, "%s %lu 0 %lu %lu 0 0 0 0 0 0\n", label, user / CENTI_NSEC,
		    system / CENTI_NSEC, idle / CENTI_NSEC);
}

static void stat_cpus(struct text *t)
{
	u64 user = 0, system = 0, idle = 0;
	char label[8];

	for (unsigned id = 0; id < cpu_count; id++) {
		user += ticks_nsec(cpus[id].user_ticks);
		system += ticks_nsec(cpus[id].kernel_ticks);
		idle += ticks_nsec(cpus[id].idle_ticks);
	}
	stat_cpu(t, "cpu ", user, system, idle);
	for (unsigned id = 0; id < cpu_count; id++) {
		snprintf(label, sizeof(label), "cpu%u", id);
		stat_cpu(t, label, ticks_nsec(cpus[id].user_ticks),
			 ticks_nsec(cpus[id].kernel_ticks), ticks_nsec(cpus[id].idle_ticks));
	}
}

static unsigned tasks_blocked(void)
{
	unsigned nr = 0;
	struct task *t;

	list_for_each(t, &task_all, all)
		nr += t->state == TASK_UNINTERRUPTIBLE || t->state == TASK_KILLABLE;
	return nr;
}

int proc_global_stat_show(struct text *t, struct proc_open *po)
{
	(void)po;
	stat_cpus(t);
	text_printf(t, "intr %lu\nctxt %lu\nbtime %lu\n", irq_total(), sched_switches(),
		    time_real_offset / NSEC_PER_SEC);
	text_printf(t, "processes %lu\nprocs_running %lu\nprocs_blocked %u\n", fork_total,
		    sched_nr_running(), tasks_blocked());
	text_puts(t, "softirq 0 0 0 0 0 0 0 0 0 0 0\n");
	return t->error;
}

/* Interrupts are counted per processor, all kinds together. */
int proc_interrupts_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "    ");
	for (unsigned id = 0; id < cpu_count; id++)
		text_printf(t, "       CPU%u", id);
	text_puts(t, "\nLOC:");
	for (unsigned id = 0; id < cpu_count; id++)
		text_printf(t, " %10lu", cpus[id].irq_count);
	text_puts(t, "   Local timer and device interrupts\n");
	return t->error;
}

/* --- drivers --- */

/* Majors by the names under which their drivers are known. */
static const struct major_row { unsigned major; const char *name; } char_majors[] = {
	{ 1, "mem" }, { 4, "ttyS" }, { 5, "/dev/tty" }, { 5, "/dev/console" }, { 5, "/dev/ptmx" },
	{ 10, "misc" }, { 128, "ptm" }, { 136, "pts" },
};

int proc_devices_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "Character devices:\n");
	for (size_t i = 0; i < ARRAY_SIZE(char_majors); i++)
		text_printf(t, "%3u %s\n", char_majors[i].major, char_majors[i].name);
	text_puts(t, "\nBlock devices:\n");
	return t->error;
}

int proc_consoles_show(struct text *t, struct proc_open *po)
{
	(void)po;
	for (struct console *const *c = consoles; *c; c++) {
		if (!(*c)->present || !(*c)->kernel_log)
			continue;
		text_printf(t, "%-20s -W- (E%c  p  ) %4u:%u\n", (*c)->name,
			    *c == console_default() ? 'C' : ' ', (*c)->major, (*c)->minor);
	}
	return t->error;
}

int proc_partitions_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "major minor  #blocks  name\n\n");
	return t->error;
}

int proc_swaps_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
	return t->error;
}

static int tty_drivers_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "/dev/tty             /dev/tty        5       0 system:/dev/tty\n"
		     "/dev/console         /dev/console    5       1 system:console\n"
		     "/dev/ptmx            /dev/ptmx       5       2 system\n"
		     "serial               /dev/ttyS       4 64-67 serial\n"
		     "pty_slave            /dev/pts      136 0-1048575 pty:slave\n"
		     "pty_master           /dev/ptm      128 0-1048575 pty:master\n"
		     "unknown              /dev/tty        4 1-63 console\n");
	return t->error;
}

static const struct proc_entry tty_drivers_entry = {
	.name = "drivers",
	.mode = S_IFREG | 0444,
	.show = tty_drivers_show,
};

static const struct proc_entry *const tty_rows[] = { &tty_drivers_entry };
static struct proc_table tty_table = { .rows = tty_rows, .nr = ARRAY_SIZE(tty_rows) };

static int tty_find(struct super *sb, const struct proc_node *dir, const char *name,
		    struct proc_node *out)
{
	(void)sb;
	return proc_table_find(&tty_table, dir, name, out);
}

static int tty_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	proc_table_list(&tty_table, dir, f, s);
	return 0;
}

const struct proc_entry proc_tty_entry = {
	.name = "tty",
	.mode = S_IFDIR | 0555,
	.find = tty_find,
	.list = tty_list,
};

/* --- the kernel itself --- */

/* Addresses are for those who may read the kernel log. */
int proc_kallsyms_show(struct text *t, struct proc_open *po)
{
	bool show = cred_capable(po->file->cred, &init_user_ns, CAP_SYSLOG);

	for (u32 i = 0; i < ksym_count; i++)
		text_printf(t, "%016lx T %s\n", show ? KERNEL_BASE + ksyms[i].offset : 0,
			    ksym_names + ksyms[i].name);
	return t->error;
}

static int kmsg_open(struct proc_open *po)
{
	(void)po;
	return capable_in(&init_user_ns, CAP_SYSLOG) ? 0 : deny(EPERM, EXT_SYS_04);
}

/* The whole log. Not like Linux: reading takes nothing away and does not wait for more. */
static int kmsg_show(struct text *t, struct proc_open *po)
{
	size_t size = log_length();
	char *log = kmalloc(MAX(size, 1UL));

	(void)po;
	if (!log)
		return -ENOMEM;
	text_add(t, log, log_read_tail(log, size));
	kfree(log);
	return t->error;
}

const struct proc_entry proc_kmsg_entry = {
	.name = "kmsg",
	.mode = S_IFREG | 0400,
	.show = kmsg_show,
	.open = kmsg_open,
};
