// SPDX-License-Identifier: MIT
/* tests/conform/ext_cred.c - EXT-CRED-01 to 10: who may.
 *
 * Tables of attempts, each made without what it asks for, with nothing but
 * that, and as root of an inner user namespace. See capabilities(7),
 * credentials(7), kill(2), ptrace(2), setpgid(2). */
#include "conform.h"
#include <linux/ptrace.h>
#include <linux/securebits.h>

#define DIR "/tmp/conform"
#define ALL_CAPS 0x1ffffffffffull
#define OTHER_UID 1001
#define SOCK_DGRAM_K 2
#define SOL_SOCKET_K 1
#define SO_PRIORITY_K 12
#define SO_SNDBUFFORCE_K 32
#define SO_RCVBUFFORCE_K 33
#define CLOCK_BOOTTIME_ALARM_K 9
#define F_SETLEASE_K 1024
#define RLIMIT_NOFILE_K 7
#define NO_ID -1

/* EXT-CRED-01 */

static long set_option(int option, int value)
{
	long fd = must(sys(__NR_socket, 1, SOCK_DGRAM_K, 0));

	return sys(__NR_setsockopt, fd, SOL_SOCKET_K, option, &value, sizeof(value));
}

static long try_chroot(void)
{
	return sys(__NR_chroot, DIR);
}

static long try_mknod(void)
{
	return sys(__NR_mknod, DIR "/null", 0020666, 0x103);
}

static long try_alarm(void)
{
	return ret0(sys(__NR_timerfd_create, CLOCK_BOOTTIME_ALARM_K, 0));
}

static long try_lease(void)
{
	return sys_fcntl(must(sys_open(DIR "/file", O_RDONLY, 0)), F_SETLEASE_K, F_RDLCK);
}

static long try_oom_score(void)
{
	return ret0(write_file("/proc/self/oom_score_adj", "-1"));
}

static long try_sndbuf(void)
{
	return set_option(SO_SNDBUFFORCE_K, 1 << 20);
}

static long try_rcvbuf(void)
{
	return set_option(SO_RCVBUFFORCE_K, 1 << 20);
}

static long try_priority(void)
{
	return set_option(SO_PRIORITY_K, 7);
}

static long try_bounding(void)
{
	return sys_prctl(PR_CAPBSET_DROP, CAP_AUDIT_READ, 0);
}

static long try_others_limits(void)
{
	char old[16];

	return sys(__NR_prlimit64, sys_getppid(), RLIMIT_NOFILE_K, NULL, old);
}

static const struct attempt {
	const char *key;
	long (*run)(void);
	int cap;
	long refused, inner;	/* without the capability; as inner root */
} attempts[] = {
	{ "chroot", try_chroot, CAP_SYS_CHROOT, -EPERM, 0 },
	{ "mknod", try_mknod, CAP_MKNOD, -EPERM, -EPERM },
	{ "alarm", try_alarm, CAP_WAKE_ALARM, -EPERM, -EPERM },
	{ "lease", try_lease, CAP_LEASE, -EACCES, -EACCES },
	{ "oom_score", try_oom_score, CAP_SYS_RESOURCE, -EACCES, -EACCES },
	{ "sndbuf", try_sndbuf, CAP_NET_ADMIN, -EPERM, -EPERM },
	{ "rcvbuf", try_rcvbuf, CAP_NET_ADMIN, -EPERM, -EPERM },
	{ "priority", try_priority, CAP_NET_ADMIN, -EPERM, -EPERM },
	{ "bounding", try_bounding, CAP_SETPCAP, -EPERM, 0 },
	{ "others_limits", try_others_limits, CAP_SYS_RESOURCE, -EPERM, -EPERM },
};

/* A plain user with some capabilities, whose /proc is its own. */
static void user_with(unsigned long long caps)
{
	become_user_with(PLAIN_UID, caps);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

static void attempt_without(struct peer *up, void *arg)
{
	const struct attempt *a = arg;

	(void)up;
	user_with(a->cap == CAP_NET_ADMIN ?
		  ALL_CAPS & ~(CAP_BIT(a->cap) | CAP_BIT(CAP_NET_RAW)) :
		  ALL_CAPS & ~CAP_BIT(a->cap));
	check_ret(a->key, a->run(), a->refused);
	check_ret("again", a->run(), a->refused);
}

static void attempt_with(struct peer *up, void *arg)
{
	const struct attempt *a = arg;

	(void)up;
	user_with(CAP_BIT(a->cap));
	check_ret(a->key, a->run(), 0);
}

static void attempt_inner(struct peer *up, void *arg)
{
	const struct attempt *a = arg;

	(void)up;
	user_with(0);
	enter_userns(PLAIN_UID);
	check_ret(a->key, a->run(), a->inner);
}

static void each_capability(void)
{
	for (size_t i = 0; i < LENGTH(attempts); i++) {
		need_admin();
		temp_dir();
		make_file(DIR "/file");
		must(sys(__NR_chmod, DIR "/file", 0644));
		run_child(0, attempt_without, (void *)&attempts[i]);
		run_child(0, attempt_with, (void *)&attempts[i]);
		must(sys_umount(DIR, UMOUNT_DETACH));
	}
}

static void each_capability_inside(void)
{
	need_admin();
	need_ns(CLONE_NEWUSER);
	for (size_t i = 0; i < LENGTH(attempts); i++) {
		temp_dir();
		make_file(DIR "/file");
		run_child(0, attempt_inner, (void *)&attempts[i]);
		must(sys_umount(DIR, UMOUNT_DETACH));
	}
}

/* EXT-CRED-02 */

struct ids {
	int real, effective, saved;
};

static const struct kill_row {
	const char *key;
	struct ids sender, target;
	unsigned long long caps;
	long want;
} kill_rows[] = {
	{ "same", { 1000, 1000, 1000 }, { 1000, 1000, 1000 }, 0, 0 },
	{ "other", { 1000, 1000, 1000 }, { 1001, 1001, 1001 }, 0, -EPERM },
	{ "real_is_real", { 1000, 1002, 1002 }, { 1000, 1001, 1001 }, 0, 0 },
	{ "real_is_saved", { 1000, 1002, 1002 }, { 1001, 1001, 1000 }, 0, 0 },
	{ "effective_is_real", { 1002, 1000, 1002 }, { 1000, 1001, 1001 }, 0, 0 },
	{ "effective_is_saved", { 1002, 1000, 1002 }, { 1001, 1001, 1000 }, 0, 0 },
	{ "targets_effective", { 1000, 1000, 1000 }, { 1001, 1000, 1001 }, 0, -EPERM },
	{ "senders_saved", { 1002, 1002, 1000 }, { 1000, 1000, 1000 }, 0, -EPERM },
	{ "cap_kill", { 1000, 1000, 1000 }, { 1001, 1001, 1001 }, CAP_BIT(CAP_KILL), 0 },
	{ "another_cap", { 1000, 1000, 1000 }, { 1001, 1001, 1001 },
	  ALL_CAPS & ~CAP_BIT(CAP_KILL), -EPERM },
};

static void become(const struct ids *ids, unsigned long long caps)
{
	must(sys_prctl(PR_SET_KEEPCAPS, 1, 0));
	must(sys(__NR_setresgid, ids->real, ids->effective, ids->saved));
	must(sys(__NR_setresuid, ids->real, ids->effective, ids->saved));
	caps_set(caps, caps);
}

static void kill_target(struct peer *up, void *arg)
{
	become(arg, 0);
	tell(up);
	hear(up);
}

static void kill_sender(struct peer *up, void *arg)
{
	const struct kill_row *row = arg;
	long pid = recv_long(up), pidfd = must(sys_pidfd_open(pid));

	become(&row->sender, row->caps);
	check_ret(row->key, sys_kill(pid, 0), row->want);
	check_ret("tgkill", sys(__NR_tgkill, pid, pid, 0), row->want);
	check_ret("tkill", sys(__NR_tkill, pid, 0), row->want);
	check_ret("pidfd", sys(__NR_pidfd_send_signal, pidfd, 0, NULL, 0), row->want);
	check_ret("sigcont_in_session", sys_kill(pid, SIGCONT), 0);
	must(sys_setsid());
	check_ret("sigcont_elsewhere", sys_kill(pid, SIGCONT), row->want);
}

static void signals(void)
{
	struct peer target, sender;

	need_admin();
	for (size_t i = 0; i < LENGTH(kill_rows); i++) {
		spawn(&target, 0, kill_target, (void *)&kill_rows[i].target);
		hear(&target);
		spawn(&sender, 0, kill_sender, (void *)&kill_rows[i]);
		send_long(&sender, target.pid);
		finish(&sender);
		tell(&target);
		finish(&target);
	}
}

/* EXT-CRED-03 */

static const struct look_row {
	const char *key;
	int uid;			/* of the target */
	unsigned long long target_caps, caps;
	int dumpable;
	long want;
} look_rows[] = {
	{ "same", PLAIN_UID, 0, 0, 1, 0 },
	{ "other_user", OTHER_UID, 0, 0, 1, -EPERM },
	{ "other_user.cap", OTHER_UID, 0, CAP_BIT(CAP_SYS_PTRACE), 1, 0 },
	{ "more_caps", PLAIN_UID, CAP_BIT(CAP_CHOWN), 0, 1, -EPERM },
	{ "as_many_caps", PLAIN_UID, CAP_BIT(CAP_CHOWN), CAP_BIT(CAP_CHOWN), 1, 0 },
	{ "other_caps", PLAIN_UID, CAP_BIT(CAP_CHOWN), CAP_BIT(CAP_KILL), 1, -EPERM },
	{ "not_dumpable", PLAIN_UID, 0, 0, 0, -EPERM },
	{ "not_dumpable.cap", PLAIN_UID, 0, CAP_BIT(CAP_SYS_PTRACE), 0, 0 },
};

static void look_target(struct peer *up, void *arg)
{
	const struct look_row *row = arg;

	become_user_with(row->uid, row->target_caps);
	must(sys_prctl(PR_SET_DUMPABLE, row->dumpable, 0));
	tell(up);
	hear(up);
}

static void looker(struct peer *up, void *arg)
{
	const struct look_row *row = arg;
	long hidden = row->want ? -EACCES : 0;
	char path[64], text[256];
	long pid = recv_long(up);

	user_with(row->caps);
	check_ret(row->key, ret0(sys(__NR_kcmp, sys_getpid(), pid, 2, 0, 0)), row->want);
	snprintf(path, sizeof(path), "/proc/%ld/cwd", pid);
	check_ret("cwd", ret0(sys_readlink(path, text, sizeof(text))), hidden);
	snprintf(path, sizeof(path), "/proc/%ld/ns/mnt", pid);
	check_ret("ns", ret0(sys_open(path, O_RDONLY, 0)), hidden);
	check_ret("seize", sys(__NR_ptrace, PTRACE_SEIZE, pid, 0, 0), row->want);
}

static void looking(void)
{
	struct peer target, other;

	need_admin();
	for (size_t i = 0; i < LENGTH(look_rows); i++) {
		spawn(&target, 0, look_target, (void *)&look_rows[i]);
		hear(&target);
		spawn(&other, 0, looker, (void *)&look_rows[i]);
		send_long(&other, target.pid);
		finish(&other);
		tell(&target);
		finish(&target);
	}
}

/* EXT-CRED-04 */

static const struct id_call {
	const char *key;
	long nr;
	long a, b, c;
	long want, with_cap;
} id_calls[] = {
	{ "setuid.own", __NR_setuid, 1000, 0, 0, 0, 0 },
	{ "setuid.saved", __NR_setuid, 1002, 0, 0, 0, 0 },
	{ "setuid.other", __NR_setuid, 1005, 0, 0, -EPERM, 0 },
	{ "setuid.root", __NR_setuid, 0, 0, 0, -EPERM, 0 },
	{ "setuid.none", __NR_setuid, NO_ID, 0, 0, -EINVAL, -EINVAL },
	{ "setreuid.swap", __NR_setreuid, 1001, 1000, 0, 0, 0 },
	{ "setreuid.real_to_saved", __NR_setreuid, 1002, NO_ID, 0, -EPERM, 0 },
	{ "setreuid.effective_to_saved", __NR_setreuid, NO_ID, 1002, 0, 0, 0 },
	{ "setresuid.rotate", __NR_setresuid, 1001, 1002, 1000, 0, 0 },
	{ "setresuid.nothing", __NR_setresuid, NO_ID, NO_ID, NO_ID, 0, 0 },
	{ "setresuid.one_other", __NR_setresuid, 1000, 1001, 1005, -EPERM, 0 },
	{ "setgid.own", __NR_setgid, 1000, 0, 0, 0, 0 },
	{ "setgid.other", __NR_setgid, 1005, 0, 0, -EPERM, 0 },
	{ "setregid.other", __NR_setregid, NO_ID, 1005, 0, -EPERM, 0 },
	{ "setresgid.rotate", __NR_setresgid, 1001, 1002, 1000, 0, 0 },
	{ "setresgid.one_other", __NR_setresgid, 1005, NO_ID, NO_ID, -EPERM, 0 },
	{ "setgroups.none", __NR_setgroups, 0, 0, 0, -EPERM, 0 },
};

static void call_without(struct peer *up, void *arg)
{
	const struct id_call *c = arg;

	(void)up;
	become(&(struct ids){ 1000, 1001, 1002 }, 0);
	check_ret(c->key, sys(c->nr, c->a, c->b, c->c), c->want);
}

static void call_with(struct peer *up, void *arg)
{
	const struct id_call *c = arg;

	(void)up;
	become(&(struct ids){ 1000, 1001, 1002 }, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID));
	check_ret(c->key, sys(c->nr, c->a, c->b, c->c), c->with_cap);
}

static void fs_ids(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become(&(struct ids){ 1000, 1001, 1002 }, 0);
	check_int("fsuid.was", sys(__NR_setfsuid, 1005), 1001);
	check_int("fsuid.kept", sys(__NR_setfsuid, 1002), 1001);
	check_int("fsuid.saved", sys(__NR_setfsuid, NO_ID), 1002);
	check_int("fsgid.was", sys(__NR_setfsgid, 1005), 1001);
	check_int("fsgid.kept", sys(__NR_setfsgid, NO_ID), 1001);
}

static void setting_ids(void)
{
	need_admin();
	for (size_t i = 0; i < LENGTH(id_calls); i++) {
		run_child(0, call_without, (void *)&id_calls[i]);
		run_child(0, call_with, (void *)&id_calls[i]);
	}
	run_child(0, fs_ids, NULL);
}

/* EXT-CRED-05 */

static long capset(unsigned long long effective, unsigned long long permitted,
		   unsigned long long inheritable)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = {
		{ effective, permitted, inheritable },
		{ effective >> 32, permitted >> 32, inheritable >> 32 },
	};

	return sys(__NR_capset, &header, data);
}

static void capsets(void)
{
	const unsigned long long chown = CAP_BIT(CAP_CHOWN), kill = CAP_BIT(CAP_KILL);
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 1 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	need_admin();
	become_user_with(PLAIN_UID, chown);
	check_ret("permitted_more", capset(chown, chown | kill, 0), -EPERM);
	check_ret("effective_not_permitted", capset(kill, chown, 0), -EPERM);
	check_ret("inheritable_not_permitted", capset(chown, chown, kill), -EPERM);
	check_ret("inheritable", capset(chown, chown, chown), 0);
	check_ret("effective_less", capset(0, chown, chown), 0);
	check_ret("effective_back", capset(chown, chown, chown), 0);
	check_ret("permitted_less", capset(0, 0, chown), 0);
	check_ret("permitted_back", capset(chown, chown, chown), -EPERM);
	check_ret("inheritable_stays", capset(0, 0, chown), 0);
	check_ret("of_another", sys(__NR_capset, &header, data), -EPERM);
	header = (struct __user_cap_header_struct){ 0x1234, 0 };
	check_ret("version", sys(__NR_capset, &header, data), -EINVAL);
	check_true("version.told", header.version == _LINUX_CAPABILITY_VERSION_3);
}

/* EXT-CRED-06 */

static void unmapped_inside(struct peer *up, void *arg)
{
	int group = 5;

	(void)arg;
	hear(up);
	must(sys(__NR_setuid, 0));
	check_ret("setuid", sys(__NR_setuid, 5), -EINVAL);
	check_ret("setreuid", sys(__NR_setreuid, 5, NO_ID), -EINVAL);
	check_ret("setresuid", sys(__NR_setresuid, NO_ID, NO_ID, 5), -EINVAL);
	check_ret("setgid", sys(__NR_setgid, 5), -EINVAL);
	check_ret("setregid", sys(__NR_setregid, NO_ID, 5), -EINVAL);
	check_ret("setresgid", sys(__NR_setresgid, NO_ID, 5, NO_ID), -EINVAL);
	check_ret("setgroups", sys(__NR_setgroups, 1, &group), -EINVAL);
	check_ret("chown", sys(__NR_chown, DIR "/file", 5, NO_ID), -EINVAL);
	check_ret("chgrp", sys(__NR_chown, DIR "/file", NO_ID, 5), -EINVAL);
	check_int("setfsuid", sys(__NR_setfsuid, 5), 0);
	check_int("setfsuid.kept", sys(__NR_setfsuid, NO_ID), 0);
	check_ret("mapped", sys(__NR_setresuid, 0, 0, 0), 0);
}

static void unmapped(void)
{
	struct peer child;

	need_admin();
	temp_dir();
	make_file(DIR "/file");
	spawn(&child, CLONE_NEWUSER, unmapped_inside, NULL);
	map_root(child.pid, 0);
	tell(&child);
	finish(&child);
}

/* EXT-CRED-07 */

static void no_new_privs(void)
{
	need_admin();
	temp_dir();
	copy_self(DIR "/setuid", 04755, 77, 77);
	copy_self(DIR "/setgid", 02755, 77, 77);
	become_user(PLAIN_UID);
	check_int("setuid", exec_told(DIR "/setuid", "--euid"), 77);
	check_int("setgid", exec_told(DIR "/setgid", "--egid"), 77);
	check_ret("value_2", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0), -EINVAL);
	check_ret("value_0", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), -EINVAL);
	check_ret("more_args", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), -EINVAL);
	check_int("unset", sys(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	check_ret("set", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	check_int("get", sys(__NR_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	check_ret("cleared", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), -EINVAL);
	check_str("status", status_field("/proc", 0, "NoNewPrivs:", 0), "1");
	check_int("setuid.now", exec_told(DIR "/setuid", "--euid"), PLAIN_UID & 0xff);
	check_int("setgid.now", exec_told(DIR "/setgid", "--egid"), PLAIN_UID & 0xff);
}

/* EXT-CRED-08 */

static long securebits(unsigned long bits)
{
	return sys(__NR_prctl, PR_SET_SECUREBITS, bits, 0, 0, 0);
}

static long ambient(int what, int cap)
{
	return sys(__NR_prctl, PR_CAP_AMBIENT, what, cap, 0, 0);
}

static void secure_bits(void)
{
	const unsigned long locked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;

	need_admin();
	check_ret("unknown", securebits(1ul << 20), -EPERM);
	check_ret("set", securebits(SECBIT_NOROOT), 0);
	check_ret("clear", securebits(0), 0);
	check_ret("lock", securebits(locked), 0);
	check_ret("clear_locked", securebits(SECBIT_NOROOT_LOCKED), -EPERM);
	check_ret("unlock", securebits(SECBIT_NOROOT), -EPERM);
	check_ret("another", securebits(locked | SECBIT_KEEP_CAPS), 0);
	check_ret("lock_keep_caps", securebits(locked | SECBIT_KEEP_CAPS_LOCKED), 0);
	check_ret("keep_caps", sys_prctl(PR_SET_KEEPCAPS, 1, 0), -EPERM);
	check_int("get", sys_prctl(PR_GET_SECUREBITS, 0, 0), locked | SECBIT_KEEP_CAPS_LOCKED);
	check_ret("raise.not_inheritable", ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL), -EPERM);
	must(capset(ALL_CAPS, ALL_CAPS, CAP_BIT(CAP_KILL)));
	check_ret("raise", ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL), 0);
	check_ret("forbid", securebits(locked | SECBIT_KEEP_CAPS_LOCKED |
				       SECBIT_NO_CAP_AMBIENT_RAISE), 0);
	check_ret("raise.forbidden", ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL), -EPERM);
	caps_set(ALL_CAPS & ~CAP_BIT(CAP_SETPCAP), ALL_CAPS & ~CAP_BIT(CAP_SETPCAP));
	check_ret("no_setpcap", securebits(locked | SECBIT_KEEP_CAPS_LOCKED), -EPERM);
}

/* EXT-CRED-10 */

static const struct nice_row {
	const char *key;
	long nr, a, b, c;
	long own, others;	/* without the capability */
} nice_rows[] = {
	{ "nice.higher", __NR_setpriority, 0, 0, 5, 0, -EPERM },
	{ "nice.lower", __NR_setpriority, 0, 0, -5, -EACCES, -EPERM },
	{ "ioprio.rt", __NR_ioprio_set, 1, 0, 1 << 13, -EPERM, -EPERM },
	{ "ioprio.idle", __NR_ioprio_set, 1, 0, 3 << 13, 0, -EPERM },
};

/* The second argument is the process in all of these. */
static void nice_calls(long pid, bool own, bool cap)
{
	struct {
		int priority;
	} none = { 0 }, fifo = { 1 };
	unsigned long cpu = 1;

	for (size_t i = 0; i < LENGTH(nice_rows); i++) {
		const struct nice_row *r = &nice_rows[i];

		check_ret(r->key, sys(r->nr, r->a, pid, r->c),
			  cap ? 0 : own ? r->own : r->others);
	}
	check_ret("affinity", sys(__NR_sched_setaffinity, pid, sizeof(cpu), &cpu),
		  own || cap ? 0 : -EPERM);
	check_ret("batch", sys(__NR_sched_setscheduler, pid, 3, &none), own || cap ? 0 : -EPERM);
	check_ret("fifo", sys(__NR_sched_setscheduler, pid, 1, &fifo), cap ? 0 : -EPERM);
}

static void nice_without(struct peer *up, void *arg)
{
	(void)up;
	become_user(PLAIN_UID);
	nice_calls(*(long *)arg, false, false);
	nice_calls(0, true, false);
}

static void nice_with(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_NICE));
	nice_calls(*(long *)arg, false, true);
	nice_calls(0, true, true);
}

static void nice_others(void)
{
	long pid;

	need_admin();
	pid = must(spawn_idle(0));
	run_child(0, nice_without, &pid);
	run_child(0, nice_with, &pid);
	end_idle(pid);
}

const struct test_case ext_cred_cases[] = {
	{ "EXT-CRED-01", "with the one capability, and without it", each_capability, 0, 0 },
	{ "EXT-CRED-01.inner", "as root of an inner user namespace", each_capability_inside,
	  CLONE_NEWUSER, 0 },
	{ "EXT-CRED-02", "whose signals reach whom", signals, 0, 0 },
	{ "EXT-CRED-03", "who may look into whom", looking, 0, 0 },
	{ "EXT-CRED-04", "which ids may be set", setting_ids, 0, 0 },
	{ "EXT-CRED-05", "capset adds nothing", capsets, 0, 0 },
	{ "EXT-CRED-06", "ids that are not mapped", unmapped, CLONE_NEWUSER, 0 },
	{ "EXT-CRED-07", "no_new_privs", no_new_privs, 0, 0 },
	{ "EXT-CRED-08", "securebits and their locks", secure_bits, 0, 0 },
	{ "EXT-CRED-10", "priorities of oneself and of others", nice_others, 0, 0 },
	{ 0 },
};
