// SPDX-License-Identifier: MIT
/* tests/fuzz/box.c - one round: tasks of random calls in namespaces and a cgroup.
 *
 * init (outside) forks a keeper, which forks the box's init, pid 1 of a new pid
 * namespace. That makes the tree (room.c), starts a task per slot, starts
 * dead ones anew, wakes what sleeps with SIGUSR1 and kills what cannot be
 * woken, until the calls are made; then it kills all. Outside watches: a box
 * that makes no progress, or little, is thawed, then killed; one that survives that is a
 * hang of the kernel (ptrace(2), BUGS: the first SIGKILL may end in another stop).
 * Kinds of boxes, in turn: root; root of a user namespace; a plain user. */
#include "fuzz.h"

#define GROUP "/sys/fs/cgroup/fuzz"
#define STALL_MSEC 3000		/* without any call: something sits on the box */
#define DEATH_MSEC 20000	/* after SIGKILL */
#define LOOK_MSEC 2
#define CALLS_PER_LOOK 20000	/* more than can be made between two looks */
#define WAKE_LOOKS 2		/* looks without progress until SIGUSR1 */
#define KILL_LOOKS 6
#define BOX_LIMIT_MSEC 20000	/* memory.high makes every call wait: kill it */
#define USER 1000
#define REMOVE_TRIES 3
#define GROUP_DEPTH 8

enum kind { ROOT, USERNS, PLAIN, KINDS };

static struct shared_box {
	int init_pid;		/* as outside sees it */
	int stage;		/* 1: wants its maps; 2: has them */
} *box;

/* --- inside --- */

static void worker_start(const struct round *round, unsigned nr, unsigned generation)
{
	static struct fuzz f;
	struct slot *slot = &board->slots[nr];
	long pid = sys_fork();

	if (pid == 0) {
		fuzz_start(&f, mix(mix(round->seed, round->number), nr << 16 | generation), slot);
		slot->pid = sys_getpid();
		task_prepare();
		task_furnish(&f);
		for (;;)
			fuzz_one(&f);
	}
	slot->pid = pid > 0 ? pid : 0;
}

/* Reap what there is; slots whose task died are free again. */
static void reap_all(void)
{
	long pid;
	int status;

	while ((pid = sys_wait4(-1, &status, WNOHANG | __WALL)) > 0) {
		for (unsigned i = 0; i < SLOTS; i++) {
			if (board->slots[i].pid == pid)
				board->slots[i].pid = 0;
		}
	}
}

/* Wake a slot's task that does not get on, or end it. */
static void push(struct slot *slot, uint64_t *seen, unsigned *looks)
{
	if (slot->done != *seen) {
		*seen = slot->done;
		*looks = 0;
		return;
	}
	if (++*looks % WAKE_LOOKS == 0)
		sys_kill(slot->pid, SIGUSR1);
	if (*looks >= KILL_LOOKS)
		sys_kill(slot->pid, SIGKILL);
}

static void inside_loop(const struct round *round)
{
	uint64_t seen[SLOTS] = { 0 }, last = 0;
	unsigned looks[SLOTS] = { 0 }, generation[SLOTS] = { 0 };

	while (__atomic_load_n(&board->calls, __ATOMIC_RELAXED) < round->calls) {
		if (board->calls < last || board->calls > last + CALLS_PER_LOOK)
			board->calls = last;	/* a random call wrote there */
		last = board->calls;
		reap_all();
		for (unsigned i = 0; i < SLOTS; i++) {
			if (board->slots[i].pid)
				push(&board->slots[i], &seen[i], &looks[i]);
			else
				worker_start(round, i, generation[i]++), looks[i] = 0;
		}
		nap(LOOK_MSEC);
	}
	sys_kill(-1, SIGKILL);
	while (sys_wait4(-1, NULL, __WALL) > 0)
		;
}

/* Groups below the box's own: the box's init in one that nobody touches. */
static void groups_make(void)
{
	sys_mkdir("/sys/fs/cgroup/boss", 0755);
	file_write("/sys/fs/cgroup/boss/cgroup.procs", "0");
	file_write("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids");
	sys_mkdir("/sys/fs/cgroup/leaf", 0777);
	sys_mkdir("/sys/fs/cgroup/x", 0777);
}

/* The kinds there are beside those every kernel here has. */
static void unshare_rest(void)
{
	static const unsigned long rest[] = { CLONE_NEWIPC, CLONE_NEWNET };

	for (size_t i = 0; i < LENGTH(rest); i++)
		sys_unshare(rest[i]);
}

static void become(enum kind kind)
{
	if (kind == USERNS) {
		sys_unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP);
		box->stage = 1;
		while (box->stage == 1)
			nap(1);
		sys(__NR_setresgid, 0, 0, 0);
		sys(__NR_setresuid, 0, 0, 0);
	} else if (kind == PLAIN) {
		sys(__NR_setgroups, 0, NULL);
		sys(__NR_setresgid, USER, USER, USER);
		sys(__NR_setresuid, USER, USER, USER);
	}
}

/* Standard files on /dev/null: random calls write a lot. */
static void leave_console(void)
{
	long null = sys_open("/dev/null", O_RDWR, 0);

	for (int fd = 0; fd <= 2; fd++)
		sys_dup2(null, fd);
	sys_close(null);
}

static void inside(const struct round *round)
{
	enum kind kind = round->number % KINDS;

	sys(__NR_setsid);
	file_write(GROUP "/cgroup.procs", "0");
	sys_unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWCGROUP);
	unshare_rest();
	if (room_make(kind) < 0)
		sys_exit(2);
	groups_make();
	leave_console();
	become(kind);
	sys(__NR_munmap, box, PAGE_BYTES);	/* what outside trusts is not for random calls */
	inside_loop(round);
	sys_exit(0);
}

/* --- outside --- */

static void give_maps(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", box->init_pid);
	file_write(path, "0 0 65536");
	snprintf(path, sizeof(path), "/proc/%d/gid_map", box->init_pid);
	file_write(path, "0 0 65536");
	box->stage = 2;
}

/* The keeper: parent of the box's init, whose end is its own. */
static void keep(const struct round *round)
{
	int status = 0;
	long pid;

	sys_unshare(CLONE_NEWPID);
	pid = sys_fork();
	if (pid == 0)
		inside(round);
	box->init_pid = pid;
	while (sys_wait4(pid, &status, WNOHANG) == 0) {
		if (box->stage == 1)
			give_maps();
		nap(1);
	}
	sys_exit(0);
}

static void slots_say(void)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		const struct slot *s = &board->slots[i];

		say("slot %u pid %d done %lu call %ld %s(%lx, %lx, %lx, %lx)\n", i, s->pid,
		    (unsigned long)s->done, s->now[0], call_name(s->now[0]), s->now[1], s->now[2],
		    s->now[3], s->now[4]);
	}
}

/* One thread: what it is, where it sleeps, its call. */
static void thread_say(const char *dir, const char *tid)
{
	char path[TEXT_BYTES], stat[64], wchan[64], call[100];

	snprintf(path, sizeof(path), "%s/%s/stat", dir, tid);
	file_read(path, stat, sizeof(stat));
	snprintf(path, sizeof(path), "%s/%s/wchan", dir, tid);
	file_read(path, wchan, sizeof(wchan));
	snprintf(path, sizeof(path), "%s/%s/syscall", dir, tid);
	file_read(path, call, sizeof(call));
	say("task %s | %s | %s", stat, wchan, call);
}

/* All entries of /proc, or of a task directory, that are numbers. */
static void tasks_say(const char *dir, int depth)
{
	long fd = sys_open(dir, O_RDONLY | O_DIRECTORY, 0), len;
	char entries[1024], path[TEXT_BYTES];

	while (fd >= 0 && (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			const char *name = entries + at + 19;

			if (strtol(name, NULL, 10) <= 0)
				continue;
			snprintf(path, sizeof(path), "%s/%s/task", dir, name);
			if (depth > 0)
				tasks_say(path, depth - 1);
			else
				thread_say(dir, name);
		}
	}
	if (fd >= 0)
		sys_close(fd);
}

/* Thaw it, as it may stand still for that; from the second time on, kill it. */
static void help(unsigned stalls, const char *why)
{
	file_write(GROUP "/cgroup.freeze", "0");
	if (stalls == 0)
		return;
	say("note: a box %s and was killed\n", why);
	sys_kill(box->init_pid, SIGKILL);
}

/* Wait for the keeper; help a box that stands still, or creeps. Returns: 0, or 1 for a hang. */
static int watch(long keeper)
{
	long long begun = now_msec(), last = begun;
	uint64_t seen = 0;
	unsigned stalls = 0;

	while (sys_wait4(keeper, NULL, WNOHANG) == 0) {
		bool creeps = stalls < 2 && now_msec() - begun > BOX_LIMIT_MSEC;

		nap(LOOK_MSEC);
		if (stalls == 2)	/* a tracee that stops in its exit needs another one */
			file_write(GROUP "/cgroup.kill", "1");
		if (board->calls != seen && !creeps) {
			seen = board->calls;
			last = now_msec();
			continue;
		}
		if (!creeps && now_msec() - last < (stalls < 2 ? STALL_MSEC : DEATH_MSEC))
			continue;
		if (stalls == 2) {
			say("HANG: a killed box does not end\n");
			slots_say();
			tasks_say("/proc", 1);
			return 1;
		}
		stalls = creeps ? 1 : stalls;
		help(stalls++, creeps ? "crept" : "stood still");
		last = now_msec();
	}
	return 0;
}

/* Remove a control group with all below it, to a few levels. */
static void group_remove(const char *path, int depth)
{
	long fd = sys_open(path, O_RDONLY | O_DIRECTORY, 0), len;
	char entries[1024], below_it[1024];

	while (depth > 0 && fd >= 0 &&
	       (len = sys(__NR_getdents64, fd, entries, sizeof(entries))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			if (entries[at + 18] != 4 || entries[at + 19] == '.')
				continue;
			snprintf(below_it, sizeof(below_it), "%s/%s", path, entries + at + 19);
			group_remove(below_it, depth - 1);
		}
	}
	if (fd >= 0)
		sys_close(fd);
	sys_rmdir(path);
}

/* Run a round to its end. Returns: 0, or 1 if something hangs or is left. */
int box_run(const struct round *round)
{
	struct stat st;
	char text[200];
	long keeper;
	int bad;

	if (!box)
		box = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	memset(box, 0, sizeof(*box));
	memset(board->slots, 0, sizeof(board->slots));
	sys_mkdir(GROUP, 0755);
	file_write(GROUP "/memory.max", "48M");
	file_write(GROUP "/pids.max", "90");
	keeper = sys_fork();
	if (keeper == 0)
		keep(round);
	bad = watch(keeper);
	while (!bad && sys_wait4(-1, NULL, WNOHANG | __WALL) > 0)
		;
	/* A root box may have made the whole file system read-only. */
	sys_mount(NULL, "/sys/fs/cgroup", NULL, MS_REMOUNT, NULL);
	for (unsigned tries = 0; tries < REMOVE_TRIES && sys_stat(GROUP, &st) == 0; tries++)
		group_remove(GROUP, GROUP_DEPTH);
	if (!bad && sys_stat(GROUP, &st) == 0) {
		file_read(GROUP "/cgroup.stat", text, sizeof(text));
		say("LEFT: the control group cannot be removed: %s", text);
		file_read(GROUP "/cgroup.events", text, sizeof(text));
		say("events %s", text);
		tasks_say("/proc", 1);
		bad = 1;
	}
	return bad;
}
