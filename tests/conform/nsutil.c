// SPDX-License-Identifier: MIT
/* tests/conform/nsutil.c - namespaces, their files and names, for the cases. */
#include "conform.h"

/* All kinds, with the inode numbers of the first ones (NS-04). */
const struct ns_kind ns_kinds[] = {
	{ "uts", CLONE_NEWUTS, 0xeffffffe },
	{ "ipc", CLONE_NEWIPC, 0xefffffff },
	{ "mnt", CLONE_NEWNS, 0 },
	{ "pid", CLONE_NEWPID, 0xeffffffc },
	{ "net", CLONE_NEWNET, 0 },
	{ "user", CLONE_NEWUSER, 0xeffffffd },
	{ "cgroup", CLONE_NEWCGROUP, 0xeffffffb },
	{ "time", CLONE_NEWTIME, 0xeffffffa },
};
const size_t ns_kind_count = LENGTH(ns_kinds);

const struct ns_kind *ns_kind(unsigned long flag)
{
	for (size_t i = 0; i < ns_kind_count; i++) {
		if (ns_kinds[i].flag == flag)
			return &ns_kinds[i];
	}
	skip("no such kind of namespace: 0x%lx", flag);
}

/* Does this kernel have the kind? It has a file then. */
bool have_ns(unsigned long flag)
{
	return have_file(ns_path(0, ns_kind(flag)->name));
}

void need_ns(unsigned long flag)
{
	if (!have_ns(flag))
		skip("no %s namespaces in this kernel", ns_kind(flag)->name);
}

void need_all_ns(void)
{
	for (size_t i = 0; i < ns_kind_count; i++)
		need_ns(ns_kinds[i].flag);
}

/* Go on only in the first namespaces of the system: run as init. */
void need_init(void)
{
	if (sys(__NR_getppid) != 1)
		skip("only when run as init");
}

/* /proc/PID/ns/name; pid 0 is the calling thread. Good until 4 calls later. */
const char *ns_path(long pid, const char *name)
{
	static char paths[4][64];
	static int turn;

	turn = (turn + 1) % (int)LENGTH(paths);
	if (pid)
		snprintf(paths[turn], sizeof(paths[turn]), "/proc/%ld/ns/%s", pid, name);
	else
		snprintf(paths[turn], sizeof(paths[turn]), "/proc/thread-self/ns/%s", name);
	return paths[turn];
}

long ns_try_open(long pid, const char *name)
{
	return sys_open(ns_path(pid, name), O_RDONLY | O_CLOEXEC, 0);
}

long ns_open(long pid, const char *name)
{
	return must(ns_try_open(pid, name));
}

/* The inode number that names a namespace. */
unsigned long ns_id(long pid, const char *name)
{
	struct stat st;

	must(sys_stat(ns_path(pid, name), &st));
	return st.st_ino;
}

unsigned long ns_fd_id(long fd)
{
	struct stat st;

	must(sys_fstat(fd, &st));
	return st.st_ino;
}

unsigned long ns_own(const char *name)
{
	return ns_id(0, name);
}

/* Map id 0 of pid's user namespace to outer_uid, by hand of its parent. */
void map_root(long pid, int outer_uid)
{
	static const char *const files[] = { "uid_map", "gid_map" };
	char path[64], line[64];

	for (size_t i = 0; i < LENGTH(files); i++) {
		snprintf(path, sizeof(path), "/proc/%ld/%s", pid, files[i]);
		snprintf(line, sizeof(line), "0 %d 1\n", outer_uid);
		must(write_file(path, line));
	}
}

/* Enter a fresh user namespace in which outer_uid, the caller, is root. */
void enter_userns(int outer_uid)
{
	char line[64];

	need_ns(CLONE_NEWUSER);
	must(sys_unshare(CLONE_NEWUSER));
	snprintf(line, sizeof(line), "0 %d 1\n", outer_uid);
	must(write_file("/proc/self/setgroups", "deny"));
	must(write_file("/proc/self/uid_map", line));
	must(write_file("/proc/self/gid_map", line));
}

/* The names as uname(2) shows them, each in a buffer of its own. */
const char *node(void)
{
	static struct new_utsname name;

	must(sys_uname(&name));
	return name.nodename;
}

const char *domain(void)
{
	static struct new_utsname name;

	must(sys_uname(&name));
	return name.domainname;
}

/* Is this Linux (or who says so) of that version or a later one? */
bool kernel_at_least(unsigned major, unsigned minor)
{
	struct new_utsname name;
	unsigned has_major = 0, has_minor = 0;

	must(sys_uname(&name));
	sscanf(name.release, "%u.%u", &has_major, &has_minor);
	return has_major > major || (has_major == major && has_minor >= minor);
}

void set_node(const char *name)
{
	must(sys_sethostname(name, strlen(name)));
}

void set_domain(const char *name)
{
	must(sys_setdomainname(name, strlen(name)));
}

/* A name of a given length: abc...xyzabc... */
void name_of_len(char *buf, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = 'a' + i % 26;
	buf[len] = 0;
}

/* A UTS namespace for this case alone: both names start as name. */
void private_uts(const char *name)
{
	need_ns(CLONE_NEWUTS);
	need_admin();
	must(sys_unshare(CLONE_NEWUTS));
	set_node(name);
	set_domain(name);
}

/* The limit file of a kind. Good until the next call. */
const char *limit_path(unsigned long flag)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", ns_kind(flag)->name);
	return path;
}

/* Set a limit of the caller's user namespace; the runner puts it back. */
void limit_set(unsigned long flag, long value)
{
	char text[32];

	if (!have_file(limit_path(flag)))
		skip("no %s in this kernel", limit_path(flag));
	need_cap(CAP_SYS_RESOURCE, "CAP_SYS_RESOURCE");
	snprintf(text, sizeof(text), "%ld\n", value);
	must(write_file(limit_path(flag), text));
}
