// SPDX-License-Identifier: MIT
/* tests/conform/crn_ns.c - checkpoint of namespaces: names, numbers, maps, mounts, views.
 * See docs/rules/checkpoint-restart.md, CR-NS. */
#include "crbox.h"

#include <sched.h>

#define ROOM "/tmp/box.room"

static char text[8192];

static long same_ns(const char *a, const char *b)
{
	static char one[64], two[64];

	memset(one, 0, sizeof(one));
	memset(two, 0, sizeof(two));
	sys_readlink(a, one, sizeof(one) - 1);
	sys_readlink(b, two, sizeof(two) - 1);
	return *one && !strcmp(one, two);
}

/* --- CR-NS-01, 05: one's own and shared ones --- */

static long partner;

static void share_uts(void)
{
	must(sys_unshare(CLONE_NEWCGROUP));
	box_pause();
	must_true(!strcmp(node(), "inside"));
}

static void names_make(void)
{
	must(sys_unshare(CLONE_NEWUTS));
	set_node("inside");
	set_domain("inside.example");
	partner = box_partner(share_uts);
}

static void names_look(void)
{
	char path[64];

	box_see(!strcmp(node(), "inside"));
	box_see(!strcmp(domain(), "inside.example"));
	snprintf(path, sizeof(path), "/proc/%ld/ns/uts", partner);
	box_see(same_ns("/proc/self/ns/uts", path));
	box_see(!same_ns("/proc/1/ns/uts", path));
	snprintf(path, sizeof(path), "/proc/%ld/ns/cgroup", partner);
	box_see(!same_ns("/proc/self/ns/cgroup", path));
	box_see(same_ns("/proc/self/ns/mnt", "/proc/1/ns/mnt"));
	box_resume(partner);
}

static void names(void)
{
	static const struct cr_box box = { names_make, names_look, false };

	box_run(&box);
}

/* --- CR-NS-02: PID namespaces to any depth --- */

#define DEPTH 5

/* Each makes the next in a namespace below its own, and waits for it. */
static void deep(void)
{
	int status = 0;

	for (long left = DEPTH; left; left--) {
		long pid;

		must(sys_unshare(CLONE_NEWPID));
		pid = must(sys_fork());
		if (pid == 0)
			continue;
		while (sys_wait4(pid, &status, 0) == -EINTR)
			;
		case_stop(status ? 1 : 0);
	}
	while (!have_file("/tmp/box.go"))
		nap(20);
	case_stop(sys_getpid() == 1 && sys_getppid() == 0 ? 0 : 1);
}

static void deep_make(void)
{
	partner = must(sys_fork());
	if (partner == 0)
		deep();
	nap(300);
}

static void deep_look(void)
{
	char path[64];
	long pid = partner;
	int status = -1;

	for (int i = 0; i < DEPTH; i++) {
		snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
		box_see(read_file(path, text, sizeof(text)) > 0);
		pid = strtol(text, NULL, 10);
	}
	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	box_see(read_file(path, text, sizeof(text)) > 0);
	box_see(strstr(text, "\t1\n") != NULL);		/* the last column of NSpid */
	make_file("/tmp/box.go");
	sys_wait4(partner, &status, 0);
	box_see_int(status, 0);
	sys_unlink("/tmp/box.go");
}

static void deep_pids(void)
{
	static const struct cr_box box = { deep_make, deep_look, true };

	box_run(&box);
}

/* --- CR-NS-03: user namespaces: maps, setgroups, owners, capabilities in them --- */

static void maps_make(void)
{
	must(sys_unshare(CLONE_NEWUSER));
	must(write_file("/proc/self/setgroups", "deny"));
	must(write_file("/proc/self/uid_map", "7 0 1"));
	must(write_file("/proc/self/gid_map", "8 0 1"));
	must(sys_unshare(CLONE_NEWUTS));
}

static void maps_look(void)
{
	unsigned inside, outside, count;

	box_see_int(sys(__NR_getuid), 7);
	box_see_int(sys(__NR_getgid), 8);
	box_see(read_file("/proc/self/uid_map", text, sizeof(text)) > 0);
	box_see_int(sscanf(text, "%u %u %u", &inside, &outside, &count), 3);
	box_see_int(inside * 100 + outside * 10 + count, 701);
	box_see(read_file("/proc/self/setgroups", text, sizeof(text)) > 0);
	box_see(!strncmp(text, "deny", 4));
	box_see(caps_effective() != 0);
	box_see_int(sys_sethostname("mine", 4), 0);	/* its uts is owned by it */
	box_see_int(sys(__NR_setuid, 0), -EINVAL);
	box_see_int(sys_unshare(CLONE_NEWUSER | CLONE_NEWUTS), 0);
}

static void maps(void)
{
	static const struct cr_box box = { maps_make, maps_look, false };

	box_run(&box);
}

/* --- CR-NS-04: mounts with their propagation; CR-FILE-14: what is in a tmpfs of its own --- */

static void mounts_make(void)
{
	must(sys_unshare(CLONE_NEWNS));
	must(sys(__NR_mount, "none", "/", 0, MS_REC | MS_PRIVATE, 0));
	sys_mkdir(ROOM, 0700);
	must(sys(__NR_mount, "room", ROOM, "tmpfs", MS_NOSUID, "size=64k,mode=750"));
	must(write_file(ROOM "/f", "") >= 0 || true);
	make_file(ROOM "/words");
	must(write_file(ROOM "/words", "what is in the room"));
	must(sys(__NR_link, ROOM "/words", ROOM "/again"));
	must(sys(__NR_symlink, "words", ROOM "/link"));
	must(sys_mkdir(ROOM "/a", 0711));
	must(sys_mkdir(ROOM "/b", 0755));
	must(sys_mkdir(ROOM "/c", 0755));
	must(sys(__NR_chown, ROOM "/a", 12, 34));
	must(sys(__NR_mount, ROOM "/a", ROOM "/b", 0, MS_BIND, 0));
	must(sys(__NR_mount, 0, ROOM "/b", 0, MS_SHARED, 0));
	must(sys(__NR_mount, ROOM "/b", ROOM "/c", 0, MS_BIND, 0));
	must(sys(__NR_mount, 0, ROOM "/c", 0, MS_SLAVE, 0));
	must(sys(__NR_chdir, ROOM "/a"));
	must(sys_open(ROOM "/words", O_RDWR, 0));
}

static void mounts_look(void)
{
	struct stat st, two;

	box_see(read_file("/proc/self/mountinfo", text, sizeof(text)) > 0);
	box_see(strstr(text, " /a " ROOM "/b rw,nosuid,relatime shared:") != NULL);
	box_see(strstr(text, " /a " ROOM "/c rw,nosuid,relatime master:") != NULL);
	box_see(strstr(text, "size=64k,mode=750") != NULL);
	box_see(strstr(text, ROOM " rw,nosuid") != NULL);
	box_see(read_file(ROOM "/link", text, sizeof(text)) == 19);
	box_see(!strcmp(text, "what is in the room"));
	box_see_int(sys_stat(ROOM "/words", &st), 0);
	box_see_int(sys_stat(ROOM "/again", &two), 0);
	box_see(st.st_ino == two.st_ino && st.st_nlink == 2);
	box_see_int(sys_stat(".", &st), 0);
	box_see_int(sys_stat(ROOM "/b", &two), 0);
	box_see(st.st_ino == two.st_ino && st.st_uid == 12 && (st.st_mode & 07777) == 0711);
	box_see_int(sys(__NR_mount, "x", ROOM "/b", "tmpfs", 0, 0), 0);
	read_file("/proc/self/mountinfo", text, sizeof(text));
	box_see(strstr(text, ROOM "/c rw,nosuid,relatime master:") != strrchr(text, ROOM[0]));
	box_see_int(sys_pread(0, text, 4, 0), 4);
	box_see(!have_file("/tmp/box.room/none"));
}

static void mounts(void)
{
	static const struct cr_box box = { mounts_make, mounts_look, false };

	box_run(&box);
	sys_rmdir(ROOM);
}

/* --- CR-NS-07: where the tree of control groups begins --- */

static void view_make(void)
{
	must(sys_unshare(CLONE_NEWCGROUP));
}

static void view_look(void)
{
	box_see(!strcmp(cg_of(0), "/"));
}

static void view(void)
{
	static const struct cr_box box = { view_make, view_look, false };

	box_run(&box);
}

/* --- CR-NS-09: a namespace that only a descriptor holds --- */

static void in_other_uts(void)
{
	must(sys_unshare(CLONE_NEWUTS));
	set_node("kept");
	box_pause();
}

static void kept_make(void)
{
	char path[64];
	int status;

	partner = box_partner(in_other_uts);
	snprintf(path, sizeof(path), "/proc/%ld/ns/uts", partner);
	must(sys_open(path, O_RDONLY, 0));
	sys_kill(partner, SIGKILL);
	sys_wait4(partner, &status, 0);
}

static void kept_look(void)
{
	box_see_int(sys(__NR_setns, 0, CLONE_NEWUTS), 0);
	box_see(!strcmp(node(), "kept"));
}

static void kept(void)
{
	static const struct cr_box box = { kept_make, kept_look, false };

	box_run(&box);
}

/* --- CR-NS-10: the children's namespace is another than one's own --- */

static void children_make(void)
{
	long pid;
	int status;

	must(sys_unshare(CLONE_NEWPID));
	pid = must(sys_fork());
	if (pid == 0)
		for (;;)
			nap(1000);
	partner = pid;
	(void)status;
}

static void children_look(void)
{
	int status;
	long pid = sys_fork();

	if (pid == 0)
		case_stop(sys_getpid() == 2 ? 0 : 1);
	box_see_int(sys_wait4(pid, &status, 0), pid);
	box_see_int(status, 0);
	sys_kill(partner, SIGKILL);
	sys_wait4(partner, &status, 0);
}

static void children(void)
{
	static const struct cr_box box = { children_make, children_look, true };

	box_run(&box);
}

/* --- CR-NS-11: equal before, equal after; different before, different after --- */

static void relations_make(void)
{
	partner = box_partner(box_pause);
	must(sys_unshare(CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP));
}

static void relations_look(void)
{
	static const char *const kinds[] = { "uts", "mnt", "cgroup", "user", "pid" };

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		char own[64], other[64];

		snprintf(own, sizeof(own), "/proc/self/ns/%s", kinds[i]);
		snprintf(other, sizeof(other), "/proc/%ld/ns/%s", partner, kinds[i]);
		box_see_int(same_ns(own, other), i >= 3);
	}
	box_resume(partner);
}

static void relations(void)
{
	static const struct cr_box box = { relations_make, relations_look, false };

	box_run(&box);
}

/* --- CR-NS-04: a peer and a master outside --- */

static void outer_make(void)
{
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("", ROOM "/slave", NULL, MS_SLAVE, NULL));
}

/* Does the case have a mount there? */
static bool outside_has(const char *place)
{
	char path[64];
	long n;

	snprintf(path, sizeof(path), "/proc/%ld/mountinfo", sys_getppid());
	n = read_file(path, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	return strstr(text, place) != NULL;
}

static void outer_look(void)
{
	must(sys_mkdir(ROOM "/peer/one", 0755));
	must(sys_mkdir(ROOM "/slave/two", 0755));
	box_see_int(sys_mount("one", ROOM "/peer/one", "tmpfs", 0, NULL), 0);
	box_see(outside_has(ROOM "/peer/one"));
	box_see_int(sys_mount("two", ROOM "/slave/two", "tmpfs", 0, NULL), 0);
	box_see(!outside_has(ROOM "/slave/two"));
	box_see_int(sys_umount(ROOM "/peer/one", 0), 0);
	box_see(!outside_has(ROOM "/peer/one"));
}

static void outer_peers(void)
{
	static const struct cr_box box = { outer_make, outer_look, false };
	static const char *const rooms[] = { ROOM "/peer", ROOM "/slave" };

	box_need();
	must(sys_mkdir(ROOM, 0755));
	for (int i = 0; i < 2; i++) {
		must(sys_mkdir(rooms[i], 0755));
		must(sys_mount("room", rooms[i], "tmpfs", 0, NULL));
		must(sys_mount("", rooms[i], NULL, MS_SHARED, NULL));
	}
	box_run(&box);
	for (int i = 0; i < 2; i++) {
		sys_umount(rooms[i], UMOUNT_DETACH);
		sys_rmdir(rooms[i]);
	}
	sys_rmdir(ROOM);
}

const struct test_case crn_ns_cases[] = {
	{ "CR-NS-01", "own and shared namespaces stay so", names, 0, 0 },
	{ "CR-NS-02", "PID namespaces in PID namespaces", deep_pids, 0, 0 },
	{ "CR-NS-03", "user namespaces: maps, setgroups, owners", maps, 0, 0 },
	{ "CR-NS-04", "mounts, propagation, what is in them", mounts, 0, 0 },
	{ "CR-NS-04.outside", "a peer and a master outside stay so", outer_peers, 0, 30 },
	{ "CR-NS-07", "a cgroup namespace begins where it began", view, 0, 0 },
	{ "CR-NS-09", "a namespace held by a descriptor alone", kept, 0, 0 },
	{ "CR-NS-10", "the children's PID namespace differs", children, 0, 0 },
	{ "CR-NS-11", "equal namespaces stay equal, others different", relations, 0, 0 },
	{ 0 },
};
