/* SPDX-License-Identifier: MIT */
/* tests/conform/conform.h - how a conformance case is written.
 *
 * A case is a function in a child process of its own. It tells what it saw
 * (obs_*), says what must be so (expect_*), or both at once (check_*); setup
 * that has to work goes through must(). What the kernel under test does not
 * have is a skip with its reason. A case that looked at nothing fails.
 *
 *	must(sys_unshare(CLONE_NEWUTS));
 *	check_ret("set.too_long", sys_sethostname(name, 65), -EINVAL);
 *	obs_str("nodename", node());
 *
 * Keys and values are compared between kernels: no pids, addresses or times
 * in them. All system calls return -errno (sys.h). */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sys.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define NAME_LEN __NEW_UTS_LEN
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define HERE __FILE__ ":" TEXT(__LINE__)

/* A case: its rule ("NS-05", or "NS-05.more" for further cases of a rule). */
struct test_case {
	const char *id;
	const char *title;
	void (*run)(void);
	unsigned long kind;	/* namespace kind it needs, also case_kind(); 0 = none */
	int limit_sec;		/* 0 = the default of 10 seconds */
};

/* One case per kind of namespace; where the kernel lacks the kind, a skip. */
#define KIND_ROW(id, name, flag, what, fn) { id "." name, name ": " what, fn, flag, 0 }
#define FLAT_KINDS(id, what, fn) \
	KIND_ROW(id, "uts", CLONE_NEWUTS, what, fn), \
	KIND_ROW(id, "ipc", CLONE_NEWIPC, what, fn), \
	KIND_ROW(id, "mnt", CLONE_NEWNS, what, fn), \
	KIND_ROW(id, "net", CLONE_NEWNET, what, fn), \
	KIND_ROW(id, "cgroup", CLONE_NEWCGROUP, what, fn), \
	KIND_ROW(id, "time", CLONE_NEWTIME, what, fn)
#define EACH_KIND(id, what, fn) \
	FLAT_KINDS(id, what, fn), \
	KIND_ROW(id, "pid", CLONE_NEWPID, what, fn), \
	KIND_ROW(id, "user", CLONE_NEWUSER, what, fn)

/* run.c: running cases and writing KTAP. */
struct run_options {
	const char *const *patterns;	/* globs of case ids; none = all */
	int pattern_count;
	const char *after;		/* go on behind this case, if not NULL */
	bool list_only;
	bool cr_stop;			/* cr_point() stops the task once */
	bool cr;			/* cr_point(), or the first check, asks crrun(1) */
	const char *fail;		/* fail.c: "each" or "new"; NULL: no faults */
	int stress_sec;			/* how long the cases of stress go on; 0: shortly */
};

int run_suites(const struct run_options *options);
const char *case_id(void);
unsigned long case_kind(void);
int stress_seconds(void);
long long now_msec(void);

/* A place where a checkpoint may be taken; does nothing unless asked for. */
void cr_point(void);
void cr_point_at_check(void);
bool case_is_checkpointed(void);	/* a call that a freeze ends is made again */

/* check.c: verdicts and observations. */
void verdict_init(void);
void verdict_reset(void);
bool verdict_failed(void);
const char *verdict_skip_reason(void);
int verdict_checks(void);
void verdict_note_cgroups(void);
bool verdict_cgroups(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void output_to(int fd);
void output_mute(bool mute);
const char *ret_text(long rc);
void fail_at(const char *here, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void observe(const char *here, const char *key, const char *value);
void observe_bytes(const char *here, const char *key, const void *bytes, size_t len);
void observe_int(const char *here, const char *key, long long value);
bool compare_int(const char *here, const char *what, long long got, long long want);
bool compare_ret(const char *here, const char *what, long got, long want);
bool compare_text(const char *here, const char *what, const char *got, const char *want);
long demand(const char *here, const char *what, long rc);
void case_stop(int code) __attribute__((noreturn));
void skip(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#define obs_int(key, value) observe_int(HERE, key, value)
#define obs_str(key, value) observe(HERE, key, value)
#define obs_ret(key, rc) observe(HERE, key, ret_text(rc))
#define obs_bytes(key, bytes, len) observe_bytes(HERE, key, bytes, len)

#define expect_true(e) compare_int(HERE, #e, !!(e), 1)
#define expect_eq(got, want) compare_int(HERE, #got, got, want)
#define expect_ret(got, want) compare_ret(HERE, #got, got, want)
#define expect_errno(got, err) compare_ret(HERE, #got, got, -(err))
#define expect_str(got, want) compare_text(HERE, #got, got, want)

#define check_int(key, got, want) \
	do { \
		long long seen_ = (got); \
		observe_int(HERE, key, seen_); \
		compare_int(HERE, key, seen_, want); \
	} while (0)
#define check_ret(key, got, want) \
	do { \
		long seen_ = (got); \
		observe(HERE, key, ret_text(seen_)); \
		compare_ret(HERE, key, seen_, want); \
	} while (0)
#define check_str(key, got, want) \
	do { \
		const char *seen_ = (got); \
		observe(HERE, key, seen_); \
		compare_text(HERE, key, seen_, want); \
	} while (0)
#define check_true(key, e) check_int(key, !!(e), 1)

/* must(call): its result; a negative one ends the case. ENOSYS is a skip. */
#define must(call) demand(HERE, #call, call)
#define must_true(e) demand(HERE, #e, (e) ? 0 : -EINVAL)

/* task.c: other processes and threads, privileges. */
struct peer {
	int pid;
	int in, out;		/* pipes to the other side */
};
typedef void peer_fn(struct peer *up, void *arg);

void spawn(struct peer *peer, unsigned long flags, peer_fn *fn, void *arg);
long spawn_try(struct peer *peer, unsigned long flags, peer_fn *fn, void *arg);
void tell(struct peer *peer);
void hear(struct peer *peer);
void send_bytes(struct peer *peer, const void *bytes, size_t len);
void recv_bytes(struct peer *peer, void *bytes, size_t len);
void send_long(struct peer *peer, long value);
long recv_long(struct peer *peer);
int wait_status(int pid);
void finish(struct peer *peer);
void end_peer(struct peer *peer);		/* tells it, and waits for its end */
void stay(struct peer *up, void *arg);		/* a peer that says it is there, and waits */
void wait_to_go(struct peer *up, void *arg);	/* one that only waits */
void run_child(unsigned long flags, peer_fn *fn, void *arg);
long reap(long pid);
long spawn_idle(unsigned long flags);
void end_idle(long pid);

struct thread {
	void (*run)(void *arg);
	void *arg;
	int tid;
	int running;		/* cleared and woken by the kernel at the end */
	void *stack;
};
struct gate {
	int open;
};

long thread_try(struct thread *thread, unsigned long more, void (*run)(void *), void *arg);
void thread_start(struct thread *thread, void (*run)(void *), void *arg);
void thread_join(struct thread *thread);
void in_thread(void (*run)(void *), void *arg);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);
void nap(int msec);

#define CAP_BIT(cap) (1ull << (cap))
#define PLAIN_UID 1000
unsigned long long caps_effective(void);
void caps_set(unsigned long long effective, unsigned long long permitted);
void become_user(int uid);
void become_user_with(int uid, unsigned long long caps);
void need_cap(int cap, const char *name);
#define need_admin() need_cap(CAP_SYS_ADMIN, "CAP_SYS_ADMIN")

/* files.c: small files, temporary places, buffers with bad ends. */
long read_file(const char *path, char *buf, size_t size);
long write_file(const char *path, const char *text);
long read_long(const char *path, long missing);
bool have_file(const char *path);
void clear_dir(const char *dir, const char *beginning);
const char *temp_dir(void);
void temp_clean(void);
const char *path_in(const char *dir, const char *name);
void make_file(const char *path);
char *page_with_hole(void);

/* procutil.c: signals with their senders, process numbers, /proc mounts. */
void catch_signal(int sig, void (*handler)(int, siginfo_t *, void *));
void default_signal(int sig);
void block_signal(int sig);
bool signal_pending(int sig);
long take_signal(int sig, siginfo_t *info, int msec);
const char *status_field(const char *proc, long pid, const char *field, int skip);
long first_child(long pid);
int count_pids(const char *proc);
const char *mount_proc(const char *name, const char *options);
long clone_tids(unsigned long flags, const int *tids, size_t count);
long exec_told(const char *path, const char *what);
void copy_self(const char *path, int mode, int uid, int gid);
bool soon(bool (*true_now)(void *), void *arg);
bool readable(long fd);
long ret0(long rc);

/* nsutil.c: namespaces and their files. */
struct ns_kind {
	const char *name;
	unsigned long flag;
	unsigned long initial;	/* inode number of the first one */
};
extern const struct ns_kind ns_kinds[];
extern const size_t ns_kind_count;

const struct ns_kind *ns_kind(unsigned long flag);
bool have_ns(unsigned long flag);
void need_ns(unsigned long flag);
void need_all_ns(void);
void need_init(void);
const char *ns_path(long pid, const char *name);
long ns_open(long pid, const char *name);
long ns_try_open(long pid, const char *name);
unsigned long ns_id(long pid, const char *name);
unsigned long ns_fd_id(long fd);
unsigned long ns_own(const char *name);
void enter_userns(int outer_uid);
void map_root(long pid, int outer_uid);

const char *node(void);
const char *domain(void);
void name_of_len(char *buf, size_t len);
bool kernel_at_least(unsigned major, unsigned minor);
void set_node(const char *name);
void set_domain(const char *name);
void private_uts(const char *name);

/* Limits: /proc/sys/user/max_uts_namespaces and its siblings. */
const char *limit_path(unsigned long flag);
void limit_set(unsigned long flag, long value);
#define LIMIT_UID 4242		/* a user id nobody else counts against */
