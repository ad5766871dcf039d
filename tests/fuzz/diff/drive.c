// SPDX-License-Identifier: MIT
/* tests/fuzz/diff/drive.c - one sequence: makes the actors, tells them what to do, reads the state.
 *
 * The driver is init of the sequence's pid namespace and root; it does nothing
 * that the sequence is about. What an actor that is dead, stopped, frozen or has
 * not answered was to do the next one does who can; where there is none it counts
 * as "none". After each operation the state is read until it stays the same. */
#include "diff.h"

#define ANSWER_MSEC 300
#define SETTLE_TRIES 40
#define STATE_COPY 65536
#define LEVELS 8
#define FIRST_ACTORS 2

struct stage *stage;
bool planting;

static const char *const work_dirs[] = { WORK "/a", WORK "/b", WORK "/c", WORK "/a/d", WORK "/b/d",
					 WORK "/c/d" };

static void stage_make(void)
{
	stage = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	sys_mount("proc", "/proc", "proc", 0, NULL);
	sys_mount("work", WORK, "tmpfs", 0, NULL);
	for (size_t i = 0; i < LENGTH(work_dirs); i++)
		sys_mkdir(work_dirs[i], 0777);
	stage->proc_fd = sys_open("/proc", O_PATH | O_DIRECTORY, 0);
	for (int i = 0; i < ACTORS; i++) {
		sys_pipe(stage->actors[i].command, 0);
		sys_pipe(stage->actors[i].answer, 0);
	}
}

/* The process in /proc that is no actor and not this one. */
static int stranger_pid(void)
{
	char path[32];
	struct stat st;

	for (int pid = 2; pid < 400; pid++) {
		bool known = false;

		for (int i = 0; i < ACTORS; i++)
			known |= stage->actors[i].pid == pid;
		snprintf(path, sizeof(path), "/proc/%d", pid);
		if (!known && sys_stat(path, &st) == 0)
			return pid;
	}
	return 0;
}

static void first_actors(void)
{
	char text[16];

	sys_mkdir(GROUPS "/leaf", 0755);
	for (int i = 0; i < FIRST_ACTORS; i++) {
		long pid = sys(__NR_clone, CLONE_FILES | SIGCHLD);

		if (pid == 0) {
			sys(__NR_setsid);
			actor_main(i);
		}
		stage->actors[i].pid = pid;
		snprintf(text, sizeof(text), "%ld", pid);
		file_write(GROUPS "/leaf/cgroup.procs", text);
	}
}

/* Is the group that it is in frozen? */
static bool is_frozen(int pid)
{
	char path[256], group[128], text[128];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	file_read(path, group, sizeof(group));
	group[strcspn(group, "\n")] = 0;
	snprintf(path, sizeof(path), "/sys/fs/cgroup%s/cgroup.events", group + 3);
	return file_read(path, text, sizeof(text)) > 0 && strstr(text, "frozen 1");
}

/* Can the actor do anything? */
static bool is_able(struct actor *a)
{
	char path[64], text[128], *state;
	struct pollfd late = { .fd = a->answer[0], .events = POLLIN };
	char byte;

	if (a->busy && sys_poll(&late, 1, 0) == 1) {
		sys_read(a->answer[0], &byte, 1);
		a->busy = false;
	}
	if (!a->pid || a->busy)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", a->pid);
	if (file_read(path, text, sizeof(text)) <= 0)
		return false;
	state = strrchr(text, ')');
	return state && strchr("SRD", state[2]) && !is_frozen(a->pid);
}

/* What the actor needs to reach its target. */
static void aim(const struct op *op)
{
	struct actor *target = &stage->actors[op->target];
	int mine[LEVELS], its[LEVELS], levels, depth;
	char path[64];

	if (!target->pid)
		target = &stage->actors[op->actor];
	levels = nspids(stage->actors[op->actor].pid, mine, LEVELS);
	depth = nspids(target->pid, its, LEVELS);
	stage->number = levels > 0 && levels <= depth ? its[levels - 1] : 0x7ffffff0;
	stage->target_pid = target->pid;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", target->pid, op_ns_name(op));
	stage->ns_fd = sys_open(path, O_RDONLY, 0);
	stage->pid_fd = sys_pidfd_open(target->pid);
	for (stage->newborn = 0; stage->newborn < ACTORS; stage->newborn++) {
		if (!stage->actors[stage->newborn].pid)
			break;
	}
}

/* Who does it: the one that was drawn, or the next one that can. Returns: there is one. */
static bool cast(struct op *op)
{
	for (int tries = 0; tries < ACTORS; tries++) {
		if (is_able(&stage->actors[op->actor]))
			return true;
		op->actor = (op->actor + 1) % ACTORS;
	}
	return false;
}

/* Have it done. Returns: false if nobody can. */
static bool tell(struct op *op, bool *busy)
{
	struct pollfd answer = { .events = POLLIN };
	struct actor *a;
	char byte = 0;

	*busy = false;
	if (!cast(op))
		return false;
	a = &stage->actors[op->actor];
	answer.fd = a->answer[0];
	aim(op);
	if (op->kind == OP_clone && stage->newborn == ACTORS)
		return false;
	stage->op = *op;
	stage->node[0] = 0;
	sys_write(a->command[1], &byte, 1);
	*busy = a->busy = sys_poll(&answer, 1, ANSWER_MSEC) != 1;
	if (!*busy)
		sys_read(a->answer[0], &byte, 1);
	if (op->kind == OP_clone && !*busy && stage->result > 0)
		stage->actors[stage->newborn].pid = stranger_pid();
	sys_close(stage->ns_fd);
	sys_close(stage->pid_fd);
	return true;
}

/* The state when it does not change any more. */
static char *settled(void)
{
	static char before[STATE_COPY];
	char *now;

	before[0] = 0;
	for (int i = 0; i < SETTLE_TRIES; i++) {
		now = state_read();
		if (strcmp(now, before) == 0)
			break;
		strcpy(before, now);
		nap(1);
	}
	return now;
}

/* A difference on purpose, of two operations, so that the shrinker has something to find. */
static void plant(const struct op *op)
{
	static bool group_made;

	if (stage->result)
		return;
	if (op->kind == OP_group_make)
		group_made = true;
	else if (op->kind == OP_unshare && group_made)
		stage->result = -EPERM;
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ull;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3ull;
	return hash;
}

static void state_say(char *text)
{
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		for (size_t at = 0, len = strlen(line); at < len || at == 0; at += 300)
			say("%c %.300s\n", at ? '+' : '|', line + at);
	}
}

static void step(unsigned nr, struct op *op, bool verbose)
{
	char text[200];
	bool busy, done = tell(op, &busy);
	char *now = settled();

	if (planting && done && !busy)
		plant(op);
	op_text(op, text, sizeof(text));
	if (!done)
		say("o %u %s none %016lx\n", nr, op_name(op), (unsigned long)hash_of(now));
	else if (busy)
		say("o %u %s busy %016lx\n", nr, op_name(op), (unsigned long)hash_of(now));
	else
		say("o %u %s %ld %s %016lx\n", nr, op_name(op), stage->result, stage->node,
		    (unsigned long)hash_of(now));
	if (verbose) {
		say("> %s\n", text);
		state_say(now);
	}
}

void sequence_run(uint64_t seed, unsigned keep, bool verbose)
{
	static struct fuzz f;
	struct op op;

	f.state = mix(seed, 0);
	stage_make();
	first_actors();
	for (unsigned nr = 0; nr < STEPS; nr++) {
		ops_draw(&f, &op);
		if (keep & 1u << nr)
			step(nr, &op, verbose);
	}
	sys_exit(0);
}
