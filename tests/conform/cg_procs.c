// SPDX-License-Identifier: MIT
/* tests/conform/cg_procs.c - who is in a cgroup: CG-07 to CG-15.
 *
 * See cgroups(7), Documentation/admin-guide/cgroup-v2.rst, "Processes". */
#include "cgutil.h"

static void one_process(void)
{
	long a, b;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	a = cg_idle("a");
	check_true("listed", cg_lists("a", "cgroup.procs", a));
	check_true("listed.threads", cg_lists("a", "cgroup.threads", a));
	check_true("not_above", !cg_lists("", "cgroup.procs", a));
	check_str("path", cg_of(a), "/conform/a");
	b = cg_idle("a/b");
	check_true("not_below", !cg_lists("a", "cgroup.procs", b));
	check_ret("move", cg_join("a/b", a), 0);
	check_true("moved", cg_lists("a/b", "cgroup.procs", a));
	check_true("left", !cg_lists("a", "cgroup.procs", a));
	check_ret("again", cg_join("a/b", a), 0);
	check_ret("back_to_root", cg_join("/", a), 0);
	check_str("root", cg_of(a), "/");
	end_idle(a);
	end_idle(b);
}

static struct gate ready, leave;
static long tids[2];

static void thread_in_group(void *arg)
{
	tids[(long)arg] = sys_gettid();
	if ((long)arg == 1)
		gate_open(&ready);
	gate_wait(&leave);
}

static void with_threads(struct peer *up, void *arg)
{
	struct thread one, two;

	(void)arg;
	thread_start(&one, thread_in_group, (void *)0);
	while (!__atomic_load_n(&tids[0], __ATOMIC_SEQ_CST))
		nap(1);
	thread_start(&two, thread_in_group, (void *)1);
	gate_wait(&ready);
	send_long(up, tids[0]);
	send_long(up, tids[1]);
	hear(up);
	gate_open(&leave);
	thread_join(&one);
	thread_join(&two);
}

/* The whole thread group moves, whichever thread is named. */
static void whole_group(void)
{
	struct peer peer;
	long one, two;

	cg_begin();
	cg_make("a");
	cg_make("b");
	spawn(&peer, 0, with_threads, NULL);
	one = recv_long(&peer);
	two = recv_long(&peer);
	must(cg_join("a", peer.pid));
	check_true("leader", cg_lists("a", "cgroup.threads", peer.pid));
	check_true("one", cg_lists("a", "cgroup.threads", one));
	check_true("two", cg_lists("a", "cgroup.threads", two));
	check_true("procs.leader", cg_lists("a", "cgroup.procs", peer.pid));
	check_true("procs.thread", !cg_lists("a", "cgroup.procs", one));
	check_ret("by_thread", cg_join("b", two), 0);
	check_true("all_moved", cg_lists("b", "cgroup.threads", peer.pid) &&
				cg_lists("b", "cgroup.threads", one));
	check_cg("left", "a", "cgroup.threads", "");
	check_ret("one_thread", cg_join_thread("a", one), -EOPNOTSUPP);
	tell(&peer);
	finish(&peer);
	check_int("empty", cg_await("b", "cgroup.events", "populated", 0), 0);
}

static void zero_is_me(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	check_ret("zero", cg_join("a", 0), 0);
	check_true("listed", cg_lists("a", "cgroup.procs", sys_getpid()));
	check_str("path", cg_of(0), "/conform/a");
	check_ret("zero.spaces", cg_write("a", "cgroup.procs", " 0\n"), 0);
	must(cg_join("/", 0));
}

static void zero(void)
{
	cg_begin();
	cg_make("a");
	run_child(0, zero_is_me, NULL);
}

static const struct {
	const char *name, *text;
	long want;
} junk[] = {
	{ "word", "self", -EINVAL }, { "negative", "-1", -EINVAL }, { "two", "1 1", -EINVAL },
	{ "lines", "1\n1", -EINVAL }, { "behind", "1x", -EINVAL }, { "blank", " \n", -EINVAL },
	{ "huge", "99999999999", -EINVAL }, { "no_such", "4194303", -ESRCH },
	{ "hex_no_such", "0x3fffff", -ESRCH }, { "empty", "", 0 },
};

static void junk_written(void)
{
	char key[64];

	cg_begin();
	cg_make("a");
	for (size_t i = 0; i < LENGTH(junk); i++) {
		snprintf(key, sizeof(key), "procs.%s", junk[i].name);
		check_ret(key, cg_write("a", "cgroup.procs", junk[i].text), junk[i].want);
		snprintf(key, sizeof(key), "threads.%s", junk[i].name);
		check_ret(key, cg_write("a", "cgroup.threads", junk[i].text), junk[i].want);
	}
	check_cg("nobody", "a", "cgroup.procs", "");
}

/* The second process of Linux makes all kernel threads, and stays where it is. */
static void kernel_thread(void)
{
	char name[32] = "";

	cg_begin();
	cg_make("a");
	read_file("/proc/2/comm", name, sizeof(name));
	if (strcmp(name, "kthreadd\n"))
		skip("no kthreadd in this kernel");
	check_ret("kthreadd", cg_join("a", 2), -EINVAL);
	check_ret("kthreadd.root", cg_join("/", 2), -EINVAL);
}

/* --- other pid namespaces --- */

static void inner_init(struct peer *up, void *arg)
{
	long outer;

	(void)arg;
	outer = recv_long(up);
	check_true("self.is_1", cg_lists("a", "cgroup.procs", 1));
	check_true("outer.is_0", cg_lists("a", "cgroup.procs", 0));
	check_true("outer.unseen", !cg_lists("a", "cgroup.procs", outer));
	check_ret("outer.write", cg_join("a", outer), -ESRCH);
	check_ret("own.write", cg_join("b", 1), 0);
	tell(up);
	hear(up);
}

static void by_namespace(void)
{
	struct peer peer;
	long outer;

	cg_begin();
	cg_make("a");
	cg_make("b");
	outer = cg_idle("a");
	spawn(&peer, CLONE_NEWPID, inner_init, NULL);
	must(cg_join("a", peer.pid));
	send_long(&peer, outer);
	hear(&peer);
	check_true("inner.moved", cg_lists("b", "cgroup.procs", peer.pid));
	tell(&peer);
	finish(&peer);
	end_idle(outer);
}

/* --- birth --- */

static void born_here(struct peer *up, void *arg)
{
	long child;

	(void)up, (void)arg;
	must(cg_join("a", 0));
	child = must(spawn_idle(0));
	check_str("child", cg_of(child), "/conform/a");
	must(cg_join("/", 0));
	check_str("child.stays", cg_of(child), "/conform/a");
	end_idle(child);
	child = must(spawn_idle(CLONE_NEWPID));
	check_str("next_child", cg_of(child), "/");
	end_idle(child);
}

static void birth(void)
{
	cg_begin();
	cg_make("a");
	run_child(0, born_here, NULL);
}

/* --- zombies --- */

static void zombie(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	cg_make("b");
	spawn(&peer, 0, wait_to_go, NULL);
	must(cg_join("a", peer.pid));
	tell(&peer);
	check_int("populated", cg_await("a", "cgroup.events", "populated", 0), 0);
	while (cg_state(peer.pid) != 'Z')
		nap(1);
	check_cg("procs", "a", "cgroup.procs", "");
	check_cg("threads", "a", "cgroup.threads", "");
	check_str("path", cg_of(peer.pid), "/conform/a");
	check_ret("move", cg_join("b", peer.pid), 0);
	check_str("not_moved", cg_of(peer.pid), "/conform/a");
	check_cg("not_there", "b", "cgroup.events", "populated 0\nfrozen 0\n");
	check_ret("rmdir", cg_remove("a"), 0);
	check_str("deleted", cg_of(peer.pid), "/conform/a (deleted)");
	check_ret("move.deleted", cg_join("b", peer.pid), 0);
	check_str("stays_deleted", cg_of(peer.pid), "/conform/a (deleted)");
	finish(&peer);
}

static void outlive_leader(void *arg)
{
	struct peer *up = arg;

	while (cg_state(sys_getpid()) != 'Z')
		nap(1);
	tell(up);
	hear(up);
	sys_exit(0);
}

static void leader_goes(struct peer *up, void *arg)
{
	static struct thread thread;

	(void)arg;
	hear(up);
	thread_start(&thread, outlive_leader, up);
	sys(__NR_exit, 0);
}

/* A leader that has exited stands for its process while threads of it live. */
static void dead_leader(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	cg_make("b");
	spawn(&peer, 0, leader_goes, NULL);
	must(cg_join("a", peer.pid));
	tell(&peer);
	hear(&peer);
	check_true("listed", cg_lists("a", "cgroup.procs", peer.pid));
	check_true("thread.listed", !cg_lists("a", "cgroup.threads", peer.pid));
	check_int("populated", cg_number("a", "cgroup.events", "populated"), 1);
	check_ret("rmdir", cg_remove("a"), -EBUSY);
	check_ret("move", cg_join("b", peer.pid), 0);
	check_int("moved", cg_number("b", "cgroup.events", "populated"), 1);
	check_ret("rmdir.moved", cg_remove("a"), 0);
	tell(&peer);
	finish(&peer);
}

const struct test_case cg_procs_cases[] = {
	{ "CG-07", "a process moves by one write of its pid", one_process, 0, 0 },
	{ "CG-07.group", "all threads of it move", whole_group, 0, 0 },
	{ "CG-08", "0 is the writer", zero, 0, 0 },
	{ "CG-09", "what is not one pid is EINVAL, nobody's is ESRCH", junk_written, 0, 0 },
	{ "CG-10", "a kernel thread that may not be bound stays", kernel_thread, 0, 0 },
	{ "CG-11", "pids are the writer's and the reader's", by_namespace, CLONE_NEWPID, 0 },
	{ "CG-12", "a child is born where its parent is", birth, 0, 0 },
	{ "CG-13", "a zombie is not a member and moves nowhere", zombie, 0, 0 },
	{ "CG-13.leader", "a dead leader stands for its threads", dead_leader, 0, 0 },
	{ 0 },
};
