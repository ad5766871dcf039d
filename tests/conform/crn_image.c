// SPDX-License-Identifier: MIT
/* tests/conform/crn_image.c - what an image is made of: its first member and its last, magics,
 * versions, what is not known. See docs/rules/checkpoint-restart.md, CR-IMG-01 to 03, 06,
 * CR-API-10, CR-CRED-02, 03. */
#include "crbox.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

#define NR_RESTART 1025
#define IMAGE "/tmp/crn.img"
#define BROKEN "/tmp/crn.broken"
#define IMAGE_MAX (2 << 20)
#define TAR_BLOCK 512
#define SIZE_AT 124
#define SUM_AT 148
#define FIRST_MESSAGE 8			/* behind a member's magics: its size, and then itself */

static char bytes[IMAGE_MAX], log_text[1024];
static long size;

/* A frozen box that has gone, and its image in bytes. Returns its number. */
static long load(void (*make)(void))
{
	long pid = box_frozen(make), fd;

	must(box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)));
	box_end(pid);
	fd = must(sys_open(IMAGE, O_RDONLY, 0));
	size = must(sys_read(fd, bytes, sizeof(bytes)));
	sys_close(fd);
	return pid;
}

static long size_of(const char *header)
{
	return strtol(header + SIZE_AT, NULL, 8);
}

/* The header of that member. */
static char *member(const char *name)
{
	char *at = bytes;

	while (at < bytes + size && *at && strcmp(at, name))
		at += TAR_BLOCK + (size_of(at) + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	must_true(at < bytes + size && *at);
	return at;
}

static void seal(char *header)
{
	unsigned sum = 0;

	memset(header + SUM_AT, ' ', 8);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + SUM_AT, 7, "%06o", sum);
}

static long restart(void)
{
	long fd = must(sys_open(BROKEN, O_WRONLY | O_CREAT | O_TRUNC, 0600)), rc;

	must_true(sys_write(fd, bytes, size) == size);
	sys_close(fd);
	rc = box_restart(BROKEN, 0, log_text, sizeof(log_text));
	sys_unlink(BROKEN);
	if (rc > 0)
		box_end(rc);
	return rc;
}

/* With one byte changed for a moment: EINVAL, and the log has these words. */
static void with_byte(const char *key, char *at, const char *words)
{
	*at ^= 1;
	check_ret(key, restart(), -EINVAL);
	if (!strstr(log_text, words))
		fail_at(HERE, key, "\"%s\" lacks \"%s\"", log_text, words);
	*at ^= 1;
}

/* --- CR-IMG-01: inventory first; magic, version, machine --- */

static void inventory(void)
{
	static char first[2 * TAR_BLOCK];
	char *body, *arch;

	load(NULL);
	check_str("first", bytes, "inventory.img");
	body = bytes + TAR_BLOCK;
	with_byte("magic", body, "inventory.img");
	with_byte("version", body + FIRST_MESSAGE + 1, "CR-IMG-01");
	check_str("second", bytes + 2 * TAR_BLOCK, "plimsoll-head.img");
	body = member("plimsoll-head.img") + TAR_BLOCK;
	with_byte("own_magic", body + 4, "plimsoll-head.img");
	arch = memmem(body, TAR_BLOCK, "x86_64", 6);
	must((long)arch);
	with_byte("machine", arch, "CR-IMG-01");
	with_byte("core_magic", member("pstree.img") + TAR_BLOCK + 4, "pstree.img");
	memcpy(first, bytes, sizeof(first));
	memmove(bytes, bytes + sizeof(first), sizeof(first));
	memcpy(bytes + sizeof(first), first, sizeof(first));
	check_ret("not_first", restart(), -EINVAL);
	memmove(bytes + sizeof(first), bytes, sizeof(first));
	memcpy(bytes, first, sizeof(first));
	sys_unlink(IMAGE);
}

/* --- CR-IMG-02: what is not known --- */

/* One more field, of a number that no schema has, at the end of the member's only message. */
static void field_add(char *header)
{
	static const unsigned char field[] = { 0xb8, 0xbe, 0x01, 1 };	/* 3047: 1 */
	long n = size_of(header);
	char *body = header + TAR_BLOCK;
	int message;

	memcpy(body + n, field, sizeof(field));
	memcpy(&message, body + 4, sizeof(message));
	message += sizeof(field);
	memcpy(body + 4, &message, sizeof(message));
	snprintf(header + SIZE_AT, 12, "%011lo", n + (long)sizeof(field));
	seal(header);
}

static void unknown(void)
{
	long pid = load(NULL);
	char *m = member("pstree.img");

	memcpy(m, "pstrex.img", 10);
	seal(m);
	check_ret("member", restart(), -EINVAL);
	check_true("names_it", strstr(log_text, "pstrex.img 0 is no known member: CR-IMG-02"));
	memcpy(m, "pstree.img", 10);
	seal(m);
	with_byte("framing", m + TAR_BLOCK + FIRST_MESSAGE + 2, "pstree.img");
	field_add(bytes);
	check_true("field", restart() == pid);
	sys_unlink(IMAGE);
}

/* --- CR-IMG-03: the last member --- */

static void trailer(void)
{
	long whole;
	char *m;

	load(NULL);
	whole = size;
	m = member("plimsoll-trailer.img");
	check_int("last", m - bytes + 2 * TAR_BLOCK, size - 2 * TAR_BLOCK);
	size = m - bytes;
	check_ret("cut", restart(), -EINVAL);
	size = whole;
	with_byte("count", m + TAR_BLOCK + FIRST_MESSAGE + 4 + 3, "CR-IMG-03");
	memset(m, 0, 2 * TAR_BLOCK);		/* the stream ends before it */
	check_ret("missing", restart(), -EINVAL);
	check_true("names_it", strstr(log_text, "plimsoll-trailer.img") != NULL);
	sys_unlink(IMAGE);
}

/* --- CR-API-10: pipes at both ends --- */

static void streamed(void)
{
	long pid = box_frozen(NULL), fd = must(sys(__NR_memfd_create, "image", 0)), n, child;
	int ends[2];

	must(sys_pipe(ends, 0));
	child = must(sys_fork());
	if (child == 0)
		case_stop(sys(1024, pid, ends[1], 1, -1) > 0 ? 0 : 1);
	sys_close(ends[1]);
	while ((n = sys_read(ends[0], bytes, sizeof(bytes))) > 0)
		must_true(sys_write(fd, bytes, n) == n);
	check_int("checkpoint", wait_status(child), 0);
	box_end(pid);
	sys_lseek(fd, 0, SEEK_SET);
	must(sys_pipe(ends, 0));
	child = must(sys_fork());
	if (child == 0) {
		sys_close(ends[0]);
		while ((n = sys_read(fd, bytes, sizeof(bytes))) > 0)
			must_true(sys_write(ends[1], bytes, n) == n);
		case_stop(0);
	}
	sys_close(ends[1]);
	check_true("restart", sys(NR_RESTART, 0, ends[0], 0, -1) == pid);
	check_int("writer", wait_status(child), 0);
	box_end(pid);
}

/* --- CR-CRED-02: more than the restarter has --- */

static void user_restarts(struct peer *up, void *arg)
{
	long fd = must(sys_open(IMAGE, O_RDONLY, 0)), told = must(sys(__NR_memfd_create, "l", 0));

	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_CHECKPOINT_RESTORE));
	check_ret(arg, sys(NR_RESTART, 0, fd, 0, told), -EPERM);
	sys_pread(told, log_text, sizeof(log_text) - 1, 0);
	check_true("says_so", strstr(log_text, "CR-CRED-02") != NULL);
}

static void own_restarts(struct peer *up, void *arg)
{
	long pid;

	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_CHECKPOINT_RESTORE));
	pid = box_restart(IMAGE, 0, log_text, sizeof(log_text));
	check_true("own", pid > 0);
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
}

/* What it has of the runner is root's. */
static void shared_drop(void)
{
	char *line = bytes, *end;
	long n = read_file("/proc/self/maps", bytes, sizeof(bytes) - 1);

	bytes[n] = '\0';
	for (; (end = strchr(line, '\n')); line = end + 1) {
		char *at = line;
		unsigned long from = strtoul(at, &at, 16), to = strtoul(at + 1, &at, 16);

		if (at[4] == 's')
			must(sys(__NR_munmap, from, to - from));
	}
}

/* A task that is that user, in a group that is not its tree's alone: no group comes back. */
static void image_of(int uid)
{
	long pid;

	cg_make("box");
	must(cg_idle("box"));
	pid = must(sys_fork());
	if (pid == 0) {
		must(cg_join("box", 0));
		sys(__NR_close_range, 0, ~0U, 0);
		if (uid)
			become_user(uid);
		shared_drop();
		box_pause();
		sys_exit(0);
	}
	sys_wait4(pid, NULL, WUNTRACED);
	must(cg_write("box", "cgroup.freeze", "1"));
	must_true(cg_await("box", "cgroup.events", "frozen", 1) == 1);
	must(box_checkpoint(pid, IMAGE, log_text, sizeof(log_text)));
	must(sys(__NR_chmod, IMAGE, 0644));
	box_end(pid);
}

static void no_more_than(void)
{
	box_need();
	cg_begin();
	image_of(0);
	run_child(0, user_restarts, "of_root");
	image_of(PLAIN_UID + 1);
	run_child(0, user_restarts, "of_another_user");
	image_of(PLAIN_UID);
	run_child(0, own_restarts, NULL);
	sys_unlink(IMAGE);
}

/* --- CR-CRED-03: filters --- */

static void filter_make(void)
{
	struct sock_filter allow = { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW };
	struct sock_fprog program = { 1, &allow };

	must(sys(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
}

static void filtered(void)
{
	box_refused(filter_make, EBUSY, "error: seccomp filter ");
}

const struct test_case crn_image_cases[] = {
	{ "CR-API-10", "an image through pipes", streamed, 0, 0 },
	{ "CR-IMG-01", "the inventory: magic, version, machine", inventory, 0, 0 },
	{ "CR-IMG-02", "members and fields that are not known", unknown, 0, 0 },
	{ "CR-IMG-03", "the trailer", trailer, 0, 0 },
	{ "CR-CRED-02", "nobody gets more than he has", no_more_than, 0, 0 },
	{ "CR-CRED-03", "filters of system calls are refused by name", filtered, 0, 0 },
	{},
};
