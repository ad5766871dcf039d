// SPDX-License-Identifier: MIT
/* tests/conform/crt_proc.c - checkpoint of what a process is: threads, registers, names, limits,
 * places, identity. See docs/rules/checkpoint-restart.md, CR-TASK-06, 09 to 13, 15, CR-CRED-01,
 * CR-FRZ-05. */
#include "crbox.h"

#include <asm/prctl.h>
#include <asm/resource.h>
#include <linux/rseq.h>
#include <linux/sched/types.h>
#include <linux/securebits.h>

#define KEPT_FILES 8
#define KEPT_SIZE 8192
#define ROOM "/tmp/box.room"

static long partner;

/* --- texts that must be the same afterwards --- */

static struct { const char *path; long size; char text[KEPT_SIZE]; } kept[KEPT_FILES];

static long kept_read(const char *path, char *text)
{
	long n = strstr(path, "exe") || strstr(path, "cwd") || strstr(path, "root")
			 ? sys_readlink(path, text, KEPT_SIZE)
			 : read_file(path, text, KEPT_SIZE);

	return n;
}

static void keep(const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kept[i].path = paths[i];
		kept[i].size = must(kept_read(paths[i], kept[i].text));
	}
}

static void kept_compare(void)
{
	static char now[KEPT_SIZE];

	for (int i = 0; i < KEPT_FILES && kept[i].path; i++) {
		box_see_int(kept_read(kept[i].path, now), kept[i].size);
		if (memcmp(now, kept[i].text, kept[i].size))
			box_tell(HERE, kept[i].path, 0, 1);
	}
}

/* --- CR-TASK-06, 15: three threads, each with its own; they wait for a futex --- */

#define THREADS 3

static struct thread_seen {
	struct thread thread;
	long head[3];			/* a robust list of nobody */
	long fs[16], gs[16];
	long tid, saw_fs, saw_gs, saw_list, saw_tid;
	unsigned long mask;
} threads[THREADS];
static struct gate go;

static void thread_run(void *arg)
{
	struct thread_seen *me = arg;
	unsigned long mask = 1ul << (me - threads);
	void *head = NULL;
	size_t size = 0;

	me->tid = sys_gettid();
	me->head[0] = (long)me->head;
	sys(__NR_arch_prctl, ARCH_SET_FS, me->fs);
	sys(__NR_arch_prctl, ARCH_SET_GS, me->gs);
	sys(__NR_set_robust_list, me->head, sizeof(me->head));
	sys(__NR_rt_sigprocmask, SIG_SETMASK, &mask, NULL, SIGSET_BYTES);
	gate_wait(&go);
	__asm__ volatile("mov %%fs:8, %0\n\tmov %%gs:16, %1" : "=r"(me->saw_fs), "=r"(me->saw_gs));
	sys(__NR_rt_sigprocmask, SIG_SETMASK, NULL, &me->mask, SIGSET_BYTES);
	sys(__NR_get_robust_list, 0, &head, &size);
	me->saw_list = head == me->head && size == sizeof(me->head);
	me->saw_tid = sys_gettid();
}

static void threads_make(void)
{
	for (int i = 0; i < THREADS; i++) {
		threads[i].fs[1] = 100 + i;
		threads[i].gs[2] = 200 + i;
		thread_start(&threads[i].thread, thread_run, &threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		while (cg_state(threads[i].thread.tid) != 'S')
			nap(5);
}

static void threads_look(void)
{
	gate_open(&go);			/* wakes who waited before the checkpoint: CR-TASK-15 */
	for (int i = 0; i < THREADS; i++) {
		thread_join(&threads[i].thread);	/* clear_child_tid */
		box_see_int(threads[i].saw_tid, threads[i].tid);
		box_see_int(threads[i].saw_fs, 100 + i);
		box_see_int(threads[i].saw_gs, 200 + i);
		box_see_int(threads[i].saw_list, 1);
		box_see_int(threads[i].mask, 1 << i);
	}
}

static void own_threads(void)
{
	static const struct cr_box box = { threads_make, threads_look, false };

	box_run(&box);
}

/* --- CR-TASK-09: its names --- */

static void names_make(void)
{
	static const char *const paths[] = { "/proc/self/comm", "/proc/self/cmdline",
					     "/proc/self/environ", "/proc/self/auxv",
					     "/proc/self/exe" };
	static char args[] = "an\0other\0command";

	must(sys_prctl(PR_SET_NAME, "box of names", 0));
	must(sys(__NR_prctl, PR_SET_MM, PR_SET_MM_ARG_START, args, 0, 0));
	must(sys(__NR_prctl, PR_SET_MM, PR_SET_MM_ARG_END, args + sizeof(args), 0, 0));
	keep(paths, LENGTH(paths));
}

static void names(void)
{
	static const struct cr_box box = { names_make, kept_compare, false };

	box_run(&box);
}

/* --- CR-TASK-10: its settings --- */

struct limit { unsigned long cur, max; };

static void settings_child(void)
{
	static const char *const paths[] = { "/proc/self/limits", "/proc/self/oom_score_adj",
					     "/proc/self/personality" };
	struct limit l = { 100, 200 };
	struct { int prio; } one = { 1 };

	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (i != RLIMIT_AS && i != RLIMIT_STACK && i != RLIMIT_DATA && i != RLIMIT_FSIZE)
			must(sys(__NR_prlimit64, 0, i, &l, 0));
	must(write_file("/proc/self/oom_score_adj", "-77"));
	must(sys(__NR_personality, 0x0040000));		/* ADDR_NO_RANDOMIZE */
	must(sys_prctl(PR_SET_DUMPABLE, 0, 0));
	must(sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	must(sys_prctl(PR_SET_TIMERSLACK, 12345, 0));
	sys(__NR_umask, 0137);
	must(sys(__NR_sched_setscheduler, 0, SCHED_FIFO, &one));
	keep(paths, LENGTH(paths));
	box_pause();
	kept_compare();
	box_see_int(sys_prctl(PR_GET_DUMPABLE, 0, 0), 0);
	box_see_int(sys(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	box_see_int(sys_prctl(PR_GET_TIMERSLACK, 0, 0), 12345);
	box_see_int(sys(__NR_umask, 0), 0137);
	box_see_int(sys(__NR_sched_getscheduler, 0), SCHED_FIFO);
	box_see_int(sys(__NR_sched_getparam, 0, &one), 0);
	box_see_int(one.prio, 1);
}

static void settings_make(void)
{
	partner = box_partner(settings_child);
	must(sys(__NR_setpriority, 0, 0, 7));
	must(sys(__NR_ioprio_set, 1, 0, 2 << 13 | 3));
}

static void settings_look(void)
{
	box_see_int(sys(__NR_getpriority, 0, 0), 20 - 7);
	box_see_int(sys(__NR_ioprio_get, 1, 0), 2 << 13 | 3);
	box_see_int(sys_prctl(PR_GET_DUMPABLE, 0, 0), 1);
	box_see_int(sys(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	box_resume(partner);
}

static void settings(void)
{
	static const struct cr_box box = { settings_make, settings_look, false };

	box_run(&box);
}

/* --- CR-TASK-11: where it stands --- */

static void removed_dir(void)
{
	must(sys(__NR_chdir, ROOM "/gone"));
	must(sys_rmdir(ROOM "/gone"));
	box_pause();
	box_see_int(sys_open("file", O_CREAT | O_WRONLY, 0600), -ENOENT);
	box_see_int(sys_open("..", O_RDONLY | O_DIRECTORY, 0), 0);	/* still knows its parent */
	box_see_int(sys(__NR_fchdir, 0), 0);
	box_see(have_file("dir/mark"));
}

static void in_chroot(void)
{
	must(sys(__NR_chroot, ROOM));
	must(sys(__NR_chdir, "/dir"));
	box_pause();
	if (!have_file("/dir") || have_file("/proc/self") || !have_file("mark"))
		case_stop(1);
	case_stop(sys(__NR_chdir, "/..") || !have_file("dir") ? 2 : 0);
}

static long second;

static void places_make(void)
{
	must(sys_mkdir(ROOM, 0755));
	must(sys_mkdir(ROOM "/gone", 0755));
	must(sys_mkdir(ROOM "/dir", 0755));
	make_file(ROOM "/dir/mark");
	must(sys(__NR_chdir, ROOM "/dir"));
	partner = box_partner(removed_dir);
	second = box_partner(in_chroot);
}

static void places_look(void)
{
	box_see(have_file("mark"));
	box_resume(partner);
	box_resume(second);
	sys_unlink("mark");
	sys(__NR_chdir, "/");
	box_see_int(sys_rmdir(ROOM "/dir"), 0);
	box_see_int(sys_rmdir(ROOM), 0);
}

static void places(void)
{
	static const struct cr_box box = { places_make, places_look, false };

	box_run(&box);
}

/* --- CR-TASK-12: registers, by code that stops itself between setting and looking --- */

static struct { double x87; unsigned mxcsr; unsigned short cw; long xmm[2], ymm[4], gp[2]; } fpu;

/* rbx, r12, xmm7, ymm8 (where there is AVX), MXCSR and the x87 stack across a kill(2). */
static void registers_across(long pid, bool avx)
{
	static const double pi = 3.140625;
	static const long pattern[4] = { 0x1122334455667788, 0x99aabbccddeeff00, 3, 0x7777 };
	static const unsigned mxcsr = 0x1f80 | 0x6000, plain = 0x1f80;	/* towards zero */
	static const unsigned short cw = 0x0b7f;			/* upwards */

	if (avx)
		__asm__ volatile("vmovdqu %0, %%ymm8" : : "m"(pattern) : "xmm8");
	__asm__ volatile("fldcw %[cw]\n\tfldl %[pi]\n\tldmxcsr %[mxcsr]\n\tmovdqu %[p], %%xmm7\n\t"
			 "mov $0x1234567812345678, %%rbx\n\tmov $-2, %%r12\n\tsyscall\n\t"
			 "mov %%rbx, %[b]\n\tmov %%r12, %[r]\n\tmovdqu %%xmm7, %[x]\n\t"
			 "stmxcsr %[m]\n\tfnstcw %[c]\n\tfstpl %[f]\n\tldmxcsr %[plain]\n\tfninit"
			 : [b] "=m"(fpu.gp[0]), [r] "=m"(fpu.gp[1]), [x] "=m"(fpu.xmm),
			   [m] "=m"(fpu.mxcsr), [c] "=m"(fpu.cw), [f] "=m"(fpu.x87)
			 : "a"((long)__NR_kill), "D"(pid), "S"((long)SIGSTOP), [pi] "m"(pi),
			   [cw] "m"(cw), [mxcsr] "m"(mxcsr), [plain] "m"(plain), [p] "m"(pattern)
			 : "rbx", "r12", "rcx", "r11", "xmm7", "xmm8", "memory");
	if (avx)
		__asm__ volatile("vmovdqu %%ymm8, %0\n\tvzeroupper" : "=m"(fpu.ymm));
	box_see_int(fpu.gp[0], 0x1234567812345678);
	box_see_int(fpu.gp[1], -2);
	box_see(!memcmp(fpu.xmm, pattern, sizeof(fpu.xmm)));
	box_see(!avx || !memcmp(fpu.ymm, pattern, sizeof(fpu.ymm)));
	box_see_int(fpu.mxcsr, mxcsr);
	box_see_int(fpu.cw, cw);
	box_see_int((long)(fpu.x87 * 1000000), 3140625);
}

static bool have_avx(void)
{
	unsigned a = 1, b, c = 0, d, low, high;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	if (!(c & 1u << 27))			/* OSXSAVE */
		return false;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & 6) == 6 && c & 1u << 28;
}

static void registers_child(void)
{
	registers_across(sys_getpid(), have_avx());
}

static void registers_make(void)
{
	partner = box_partner(registers_child);
}

static void registers_look(void)
{
	box_resume(partner);
}

static void registers(void)
{
	static const struct cr_box box = { registers_make, registers_look, false };

	box_run(&box);
}

/* --- CR-TASK-13: in the middle of a restartable sequence --- */

static struct rseq *area;		/* shared with the box; behind it what it counts */
static volatile long *aborted, *stop;
static long aborted_before;
static struct rseq_cs section __attribute__((aligned(32)));

/* Spins in a sequence until it is told to stop; every abort is counted. */
static void sequence_spin(void)
{
	__asm__ volatile("lea 1f(%%rip), %%rax\n\tmov %%rax, 8(%[cs])\n\t"
			 "lea 2f(%%rip), %%rdx\n\tsub %%rax, %%rdx\n\tmov %%rdx, 16(%[cs])\n\t"
			 "lea 4f(%%rip), %%rax\n\tmov %%rax, 24(%[cs])\n"
			 "0:\tmov %[cs], %[ptr]\n"
			 "1:\tpause\n\tcmpq $0, (%[stop])\n\tje 1b\n"
			 "2:\tjmp 5f\n\t.long 0x53053053\n"
			 "4:\tincq (%[aborted])\n\tjmp 0b\n5:"
			 : [ptr] "=m"(area->rseq_cs)
			 : [cs] "r"(&section), [stop] "r"(stop), [aborted] "r"(aborted)
			 : "rax", "rdx", "memory");
}

static void rseq_child(void)
{
	must(sys(__NR_rseq, area, 32, 0, 0x53053053));
	sequence_spin();
	sys_exit(area->cpu_id == area->cpu_id_start ? 0 : 1);
}

static void rseq_make(void)
{
	area = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)area);
	aborted = (long *)(area + 8);
	stop = aborted + 1;
	partner = must(sys_fork());
	if (partner == 0)
		rseq_child();
	while (!area->rseq_cs)
		nap(1);
	aborted_before = *aborted;
}

static void rseq_look(void)
{
	int status = -1;

	for (int i = 0; i < 200 && *aborted == aborted_before; i++)
		nap(5);
	box_see(*aborted > aborted_before);
	*stop = 1;
	box_see_int(sys_wait4(partner, &status, 0), partner);
	box_see_int(status, 0);
}

static void sequences(void)
{
	static const struct cr_box box = { rseq_make, rseq_look, true };

	box_run(&box);
}

/* --- CR-CRED-01: who it is --- */

static void credentials_child(void)
{
	static const unsigned groups[] = { 7, 5, 4000000000u, 9 };
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ 1 << CAP_KILL, 1 << CAP_KILL | 1 << CAP_CHOWN, 1 << CAP_KILL },
	};

	must(sys_prctl(PR_CAPBSET_DROP, CAP_SYS_PTRACE, 0));
	must(sys_prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS, 0));
	must(sys(__NR_setgroups, LENGTH(groups), groups));
	must(sys(__NR_setresgid, 1, 2, 3));
	must(sys(__NR_setresuid, 11, 12, 13));
	must(sys(__NR_capset, &head, data));
	must(sys(__NR_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
}

/* The lines of /proc/self/status that tell of credentials, as one text. */
static void identity(char *to)
{
	static const char *const lines[] = { "Uid:", "Gid:", "Groups:", "CapInh:", "CapPrm:",
					     "CapEff:", "CapBnd:", "CapAmb:" };

	*to = 0;
	for (size_t i = 0; i < LENGTH(lines); i++)
		strcat(strcat(to, status_field("/proc", 0, lines[i], 0)), ";");
}

static char before[1024], after[1024];

static void identity_child(void)
{
	credentials_child();
	identity(before);
	box_pause();
	identity(after);
	if (strcmp(before, after))
		case_stop(1);
	case_stop(sys_prctl(PR_GET_SECUREBITS, 0, 0) == (SECBIT_NOROOT | SECBIT_KEEP_CAPS) ? 0 : 2);
}

static struct thread other;

/* A thread that is another user than the first. */
static void other_user(void *arg)
{
	(void)arg;
	sys(__NR_setresuid, 21, 22, 23);
	gate_wait(&go);
	identity(after);
}

static void identity_make(void)
{
	partner = box_partner(identity_child);
	thread_start(&other, other_user, NULL);
	while (cg_state(other.tid) != 'S')
		nap(5);
	snprintf(before, sizeof(before), "%s", status_field("/proc", other.tid, "Uid:", 0));
}

static void identity_look(void)
{
	box_see(!strcmp(before, status_field("/proc", other.tid, "Uid:", 0)));
	gate_open(&go);
	thread_join(&other);
	box_resume(partner);
}

static void identities(void)
{
	static const struct cr_box box = { identity_make, identity_look, false };

	box_run(&box);
}

/* --- CR-FRZ-05: stopped by its shell, not by the freezer --- */

/* In a group of its own, which has a parent in another: orphans are not stopped. */
static void stopped_child(void)
{
	must(sys(__NR_setpgid, 0, 0));
	sys_kill(sys_getpid(), SIGTSTP);
	sys_exit(4);
}

static void stopped_make(void)
{
	partner = must(sys_fork());
	if (partner == 0)
		stopped_child();
	while (cg_state(partner) != 'T')
		nap(5);
}

static void stopped_look(void)
{
	int status = 0;

	nap(20);
	box_see_int(cg_state(partner), 'T');
	box_see_int(sys_wait4(partner, &status, WUNTRACED), partner);	/* was not told before */
	box_see_int(status, SIGTSTP << 8 | 0x7f);
	box_see_int(sys_kill(partner, SIGCONT), 0);
	box_see_int(sys_wait4(partner, &status, 0), partner);
	box_see_int(status, 4 << 8);
}

static void stopped(void)
{
	static const struct cr_box box = { stopped_make, stopped_look, false };

	box_run(&box);
}

const struct test_case crt_proc_cases[] = {
	{ "CR-TASK-06", "threads: numbers, TLS, masks, robust lists", own_threads, 0, 30 },
	{ "CR-TASK-09", "name, command line, environment, program", names, 0, 30 },
	{ "CR-TASK-10", "limits, priorities and settings", settings, 0, 30 },
	{ "CR-TASK-11", "working directories, removed ones, roots", places, 0, 30 },
	{ "CR-TASK-12", "registers to the bit", registers, 0, 30 },
	{ "CR-TASK-13", "a restartable sequence is aborted", sequences, 0, 30 },
	{ "CR-TASK-15", "futex waiters are woken afterwards", own_threads, 0, 30 },
	{ "CR-CRED-01", "users, groups, capabilities of tasks and threads", identities, 0, 30 },
	{ "CR-FRZ-05", "a stopped process stays stopped", stopped, 0, 30 },
	{},
};
