// SPDX-License-Identifier: MIT
/* tests/fuzz/diff/ops.c - the operations: drawn from the seed, done by an actor, written as text.
 *
 * Arguments are indices into tables, so that what is drawn does not depend on
 * what happened before. Each returns what the kernel returned. */
#include "diff.h"

#define USER 1000
#define MNT_EXPIRE_FLAG 4

static const struct {
	const char *name;
	unsigned weight;
} ops[] = {
#define OP(name, weight, rules) { #name, weight },
#include "ops.h"
#undef OP
};

static const unsigned long flag_sets[] = {
	0, 0, CLONE_NEWUTS, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWCGROUP,
	CLONE_NEWUSER | CLONE_NEWPID, CLONE_NEWUSER | CLONE_NEWNS, CLONE_NEWPID | CLONE_NEWNS,
	CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWCGROUP,
	CLONE_PARENT, CLONE_PARENT | CLONE_NEWPID, CLONE_FS, CLONE_FS | CLONE_NEWNS,
	CLONE_FS | CLONE_NEWUSER,
};
static const struct {
	const char *name;
	unsigned long flag;
} kinds[] = {
	{ "user", CLONE_NEWUSER }, { "mnt", CLONE_NEWNS }, { "uts", CLONE_NEWUTS },
	{ "pid", CLONE_NEWPID }, { "pid_for_children", CLONE_NEWPID },
	{ "cgroup", CLONE_NEWCGROUP },
};
static const char *const places[] = { WORK "/a", WORK "/b", WORK "/c", WORK "/a/d", WORK "/b/d",
				      WORK "/c/d", WORK, WORK, WORK "/a" };
static const char *const groups[] = { "", "/x", "/x", "/x/z", "/y", "/leaf", "/x/z/u", "/leaf" };
static const struct {
	const char *file, *value;
} controls[] = {
	{ "cgroup.subtree_control", "+pids" }, { "cgroup.subtree_control", "-pids" },
	{ "cgroup.subtree_control", "+memory" }, { "cgroup.subtree_control", "+memory +pids" },
	{ "cgroup.subtree_control", "-memory" }, { "cgroup.subtree_control", "+nosuch" },
	{ "cgroup.freeze", "1" }, { "cgroup.freeze", "0" }, { "cgroup.freeze", "2" },
	{ "cgroup.kill", "1" }, { "cgroup.type", "threaded" }, { "cgroup.type", "domain" },
	{ "cgroup.max.depth", "1" }, { "cgroup.max.depth", "max" },
	{ "cgroup.max.descendants", "1" }, { "pids.max", "1" }, { "pids.max", "3" },
	{ "pids.max", "max" }, { "pids.max", "-1" }, { "memory.max", "max" },
	{ "memory.low", "1M" }, { "cgroup.procs", "0" }, { "cgroup.threads", "0" },
};
static const int signals[] = { 0, SIGTERM, SIGSTOP, SIGCONT, SIGKILL, SIGCHLD, SIGUSR1, 65 };
static const int ids[] = { 0, USER, 65534, 1 };
static const char *const maps[] = { "0 0 1", "0 1000 1", "0 0 65536", "1000 0 1", "0 0 10\n10 10 5",
				    "0 0 0", "0 0 1\n0 5 1", "5 4294967295 1" };
static const unsigned long propagations[] = { MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE };

#define AT(table, index) ((table)[(index) % LENGTH(table)])

void ops_draw(struct fuzz *f, struct op *op)
{
	unsigned total = 0, at, kind = 0;

	for (size_t i = 0; i < LENGTH(ops); i++)
		total += ops[i].weight;
	for (at = below(f, total); at >= ops[kind].weight; kind++)
		at -= ops[kind].weight;
	op->kind = kind;
	op->actor = below(f, chance(f, 3) ? ACTORS - 2 : 2);
	op->target = below(f, ACTORS - 2);
	op->a = any(f), op->b = any(f), op->c = any(f);
}

const char *op_name(const struct op *op)
{
	return ops[op->kind].name;
}

/* --- namespaces and tasks --- */

static long do_clone(const struct op *op)
{
	unsigned long flags = AT(flag_sets, op->a);
	int newborn = stage->newborn;
	long pid = sys(__NR_clone, CLONE_FILES | (flags & ~(unsigned long)CLONE_FS) | SIGCHLD);

	if (pid == 0)
		actor_main(newborn);
	return pid;
}

static long do_unshare(const struct op *op)
{
	return sys_unshare(AT(flag_sets, op->a) & ~(unsigned long)CLONE_PARENT);
}

static long do_setns(const struct op *op)
{
	unsigned long type = op->b % 3 == 0   ? 0
			     : op->b % 7 == 1 ? CLONE_NEWUTS
					      : AT(kinds, op->a).flag;

	return sys_setns(stage->ns_fd, type);
}

static long do_setns_pidfd(const struct op *op)
{
	return sys_setns(stage->pid_fd, AT(flag_sets, op->a));
}

static long do_kill(const struct op *op)
{
	return sys_kill(stage->number, AT(signals, op->a));
}

static long do_hostname(const struct op *op)
{
	char name[] = "host0";

	name[4] += op->a % 10;
	return sys_sethostname(name, 5);
}

static long do_uid(const struct op *op)
{
	return sys(__NR_setresuid, AT(ids, op->a), AT(ids, op->b), AT(ids, op->a));
}

static long do_gid(const struct op *op)
{
	long err = sys(__NR_setgroups, 0, NULL);

	return err ? err : sys(__NR_setresgid, AT(ids, op->a), AT(ids, op->b), AT(ids, op->a));
}

static long do_drop_caps(const struct op *op)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	static const unsigned kept[] = { 0, ~(1u << CAP_SYS_ADMIN), ~(1u << CAP_SETUID),
					 ~(1u << CAP_KILL), ~(1u << CAP_DAC_OVERRIDE) };

	sys(__NR_capget, &header, data);
	data[0].effective &= AT(kept, op->a);
	if (op->b % 2)
		data[0].permitted = data[0].effective;
	return sys(__NR_capset, &header, data);
}

static long do_session(const struct op *op)
{
	(void)op;
	return sys_setsid();
}

static long do_group(const struct op *op)
{
	return sys_setpgid(op->a % 2 ? stage->number : 0, op->b % 2 ? stage->number : 0);
}

static long do_subreaper(const struct op *op)
{
	return sys_prctl(PR_SET_CHILD_SUBREAPER, op->a % 2, 0);
}

static long do_wait(const struct op *op)
{
	int status = 0;
	long pid = sys_wait4(-1, &status, WNOHANG | (op->a % 4 ? 0 : WUNTRACED));

	return pid > 0 ? pid << 16 | (status & 0xffff) : pid;
}

static long do_end(const struct op *op)
{
	char byte = 0;

	stage->result = 0;
	sys_write(stage->actors[op->actor].answer[1], &byte, 1);
	return sys_exit(op->a % 8);
}

static long do_death_signal(const struct op *op)
{
	return sys_prctl(PR_SET_PDEATHSIG, AT(signals, op->a), 0);
}

/* --- user namespaces' files, by the driver's /proc --- */

static long write_at(const char *file, const char *text)
{
	char path[64];
	long fd, n;

	snprintf(path, sizeof(path), "%d/%s", stage->target_pid, file);
	fd = sys(__NR_openat, stage->proc_fd, path, O_WRONLY, 0);
	if (fd < 0)
		return fd;
	n = sys_write(fd, text, strlen(text));
	sys_close(fd);
	return n;
}

static long do_uid_map(const struct op *op)
{
	return write_at("uid_map", AT(maps, op->a));
}

static long do_gid_map(const struct op *op)
{
	return write_at("gid_map", AT(maps, op->a));
}

static long do_setgroups_file(const struct op *op)
{
	return write_at("setgroups", op->a % 2 ? "deny" : "allow");
}

/* --- mounts --- */

static long do_tmpfs(const struct op *op)
{
	const char *at = AT(places, op->a);
	char path[64];
	long err = sys_mount("t", at, "tmpfs", op->b % 4 ? 0 : MS_RDONLY, NULL);

	snprintf(path, sizeof(path), "%s/d", at);
	if (!err)
		sys_mkdir(path, 0755);
	return err;
}

static long do_bind(const struct op *op)
{
	return sys_mount(AT(places, op->a), AT(places, op->b), NULL,
			 MS_BIND | (op->c % 2 ? MS_REC : 0), NULL);
}

static long do_propagate(const struct op *op)
{
	return sys_mount(NULL, AT(places, op->a), NULL,
			 AT(propagations, op->b) | (op->c % 3 ? 0 : MS_REC), NULL);
}

static long do_umount(const struct op *op)
{
	static const int flags[] = { 0, UMOUNT_DETACH, MNT_EXPIRE_FLAG, 8 };

	return sys_umount(AT(places, op->a), AT(flags, op->b));
}

static long do_move(const struct op *op)
{
	return sys_mount(AT(places, op->a), AT(places, op->b), NULL, MS_MOVE, NULL);
}

static long do_remount(const struct op *op)
{
	static const unsigned long flags[] = { MS_RDONLY, 0, MS_NOSUID, MS_NODEV | MS_NOEXEC };

	return sys_mount(NULL, AT(places, op->a), NULL,
			 MS_REMOUNT | AT(flags, op->b) | (op->c % 3 ? MS_BIND : 0), NULL);
}

/* --- control groups --- */

static const char *group_path(unsigned index, const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), GROUPS "%s/%s", AT(groups, index), file);
	return path;
}

static long do_group_make(const struct op *op)
{
	return sys_mkdir(group_path(op->a, ""), 0755);
}

static long do_group_remove(const struct op *op)
{
	return group_path(op->a, "")[sizeof(GROUPS)] ? sys_rmdir(group_path(op->a, "")) : -EBUSY;
}

static long do_control(const struct op *op)
{
	return file_write(group_path(op->a, AT(controls, op->b).file), AT(controls, op->b).value);
}

static long do_migrate(const struct op *op)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", stage->number);
	return file_write(group_path(op->a, op->b % 5 ? "cgroup.procs" : "cgroup.threads"), text);
}

/* --- doing and telling --- */

typedef long op_fn(const struct op *op);

long op_do(const struct op *op)
{
	static op_fn *const table[] = {
#define OP(name, weight, rules) do_##name,
#include "ops.h"
#undef OP
	};

	return table[op->kind](op);
}

/* The arguments that this kind of operation looks at, in words. */
void op_text(const struct op *op, char *text, size_t size)
{
	const char *more = "";

	switch (op->kind) {
	case OP_setns:
		more = AT(kinds, op->a).name;
		break;
	case OP_tmpfs:
	case OP_bind:
	case OP_move:
	case OP_umount:
	case OP_remount:
	case OP_propagate:
		more = AT(places, op->a);
		break;
	case OP_control:
		snprintf(text, size, "actor %u control %s %s %s", op->actor, AT(groups, op->a),
			 AT(controls, op->b).file, AT(controls, op->b).value);
		return;
	case OP_group_make: case OP_group_remove: case OP_migrate:
		more = AT(groups, op->a);
		break;
	}
	snprintf(text, size, "actor %u %s target %u %s a %u b %u c %u flags %lx to %s", op->actor,
		 op_name(op), op->target, more, op->a, op->b, op->c, AT(flag_sets, op->a),
		 AT(places, op->b));
}

/* Which namespace of its target an operation enters. */
const char *op_ns_name(const struct op *op)
{
	return AT(kinds, op->a).name;
}
