// SPDX-License-Identifier: MIT
/* tests/conform/check.c - verdicts and observations of the running case.
 *
 * The verdict stands in one shared page, so that every process and thread of a
 * case adds to the same one; the runner reads it when the case has ended.
 * Output goes line by line, each with a single write(2), to a descriptor of
 * its own: a case may do to its standard files what it likes. */
#include <stdarg.h>
#include "conform.h"

#define LINE_BYTES 1024
#define REASON_BYTES 200
#define OUTPUT_FD 90

struct verdict {
	int checks;
	int failures;
	int skipped;
	int cgroups;		/* cg_begin() was called */
	char reason[REASON_BYTES];
};

static struct verdict *verdict;
static int output = 1;
static bool muted;		/* what cases say is of no interest just now */

/* One row per errno a case may meet; others print as a number. */
#define ERRNOS(X) \
	X(EPERM) X(ENOENT) X(ESRCH) X(EINTR) X(EIO) X(ENXIO) X(E2BIG) X(ENOEXEC) X(EBADF) \
	X(ECHILD) X(EAGAIN) X(ENOMEM) X(EACCES) X(EFAULT) X(EBUSY) X(EEXIST) X(EXDEV) \
	X(ENODEV) X(ENOTDIR) X(EISDIR) X(EINVAL) X(ENFILE) X(EMFILE) X(ENOTTY) X(ETXTBSY) \
	X(EFBIG) X(ENOSPC) X(ESPIPE) X(EROFS) X(EMLINK) X(EPIPE) X(EDOM) X(ERANGE) \
	X(ENAMETOOLONG) X(ENOSYS) X(ENOTEMPTY) X(ELOOP) X(EOVERFLOW) X(EUSERS) X(EOPNOTSUPP) \
	X(ETIMEDOUT) X(ENODATA) X(ENOPROTOOPT) X(EAFNOSUPPORT) X(ECONNREFUSED) \
	X(EDEADLK) X(ENOLCK) X(EDESTADDRREQ) X(EMSGSIZE) X(EPROTOTYPE) X(EADDRINUSE) X(EISCONN) \
	X(ENOTCONN) X(ENOTSOCK) X(EALREADY) X(EINPROGRESS) X(ECONNRESET) X(EOWNERDEAD) X(ECANCELED)

static const struct {
	int number;
	const char *name;
} errnos[] = {
#define ERRNO_ROW(name) { name, #name },
	ERRNOS(ERRNO_ROW)
};

/* The verdict page, shared by all processes the runner will make. */
void verdict_init(void)
{
	verdict = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	if ((unsigned long)verdict >= -4095ul) {
		say("Bail out! no shared anonymous memory: %s\n", ret_text((long)verdict));
		sys_exit(2);
	}
}

void verdict_reset(void)
{
	memset(verdict, 0, sizeof(*verdict));
}

bool verdict_failed(void)
{
	return verdict->failures > 0;
}

/* Why the case was skipped, or NULL. */
const char *verdict_skip_reason(void)
{
	return verdict->skipped ? verdict->reason : NULL;
}

int verdict_checks(void)
{
	return verdict->checks;
}

/* The case has made control groups, or is about to: the runner takes them away. */
void verdict_note_cgroups(void)
{
	verdict->cgroups = 1;
}

bool verdict_cgroups(void)
{
	return verdict->cgroups;
}

/* Output goes to a copy of fd, out of the way of the cases. */
void output_to(int fd)
{
	if (sys(__NR_dup3, fd, OUTPUT_FD, O_CLOEXEC) >= 0)
		output = OUTPUT_FD;
}

static void write_all(const char *text, size_t len)
{
	while (len > 0) {
		long done = sys_write(output, text, len);

		if (done <= 0)
			return;
		text += done;
		len -= done;
	}
}

/* Print one piece of output at once. */
void say(const char *format, ...)
{
	char line[LINE_BYTES];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len >= (int)sizeof(line)) {
		len = sizeof(line) - 1;
		line[len - 1] = '\n';
	}
	if (len > 0 && !muted)
		write_all(line, len);
}

void output_mute(bool mute)
{
	muted = mute;
}

/* A result in words: "0", "17", "EPERM". Good until two calls later. */
const char *ret_text(long rc)
{
	static char texts[2][24];
	static int turn;

	for (size_t i = 0; i < LENGTH(errnos); i++) {
		if (rc == -errnos[i].number)
			return errnos[i].name;
	}
	turn = !turn;
	snprintf(texts[turn], sizeof(texts[turn]), "%ld", rc);
	return texts[turn];
}

/* Record a failure and print its place, expression and details. */
void fail_at(const char *here, const char *what, const char *format, ...)
{
	char details[LINE_BYTES / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(details, sizeof(details), format, args);
	va_end(args);
	__atomic_add_fetch(&verdict->failures, 1, __ATOMIC_SEQ_CST);
	say("# fail %s: %s (%s)\n", here, what, details);
}

static void count_check(void)
{
	cr_point_at_check();
	__atomic_add_fetch(&verdict->checks, 1, __ATOMIC_SEQ_CST);
}

/* Write len bytes of text as one printable line: \n, \t, \\, \xNN. */
static void escape(char *out, size_t size, const unsigned char *in, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < len && at + 5 < size; i++) {
		if (in[i] == '\n')
			at += snprintf(out + at, size - at, "\\n");
		else if (in[i] == '\\')
			at += snprintf(out + at, size - at, "\\\\");
		else if (in[i] < ' ' || in[i] > '~')
			at += snprintf(out + at, size - at, "\\x%02x", in[i]);
		else
			out[at++] = in[i];
	}
	out[at] = 0;
}

/* Print what was seen: text up to its end. */
void observe(const char *here, const char *key, const char *value)
{
	observe_bytes(here, key, value, strlen(value));
}

/* Print what was seen: exactly len bytes, unprintable ones escaped. */
void observe_bytes(const char *here, const char *key, const void *bytes, size_t len)
{
	char text[LINE_BYTES / 2];

	count_check();
	escape(text, sizeof(text), bytes, len);
	say("# obs %s %s=%s @%s\n", case_id(), key, text, here);
}

/* Print what was seen: a number. */
void observe_int(const char *here, const char *key, long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", value);
	observe(here, key, text);
}

bool compare_int(const char *here, const char *what, long long got, long long want)
{
	count_check();
	if (got != want)
		fail_at(here, what, "got %lld, want %lld", got, want);
	return got == want;
}

/* The same for system call results; a missing call skips the case. */
bool compare_ret(const char *here, const char *what, long got, long want)
{
	count_check();
	if (got == -ENOSYS && want != -ENOSYS)
		skip("%s: not in this kernel (ENOSYS)", what);
	if (got != want)
		fail_at(here, what, "got %s, want %s", ret_text(got), ret_text(want));
	return got == want;
}

bool compare_text(const char *here, const char *what, const char *got, const char *want)
{
	char text[LINE_BYTES / 4];

	count_check();
	if (strcmp(got, want) == 0)
		return true;
	escape(text, sizeof(text), (const unsigned char *)got, strlen(got));
	fail_at(here, what, "got \"%s\", want \"%s\"", text, want);
	return false;
}

/* The result of a call that setup needs. ENOSYS ends the case as skipped,
 * any other error as failed. */
long demand(const char *here, const char *what, long rc)
{
	if (rc >= 0)
		return rc;
	if (rc == -ENOSYS)
		skip("%s: not in this kernel (ENOSYS)", what);
	fail_at(here, what, "setup: got %s", ret_text(rc));
	case_stop(1);
}

/* End this process of the case at once. */
void case_stop(int code)
{
	for (;;)
		sys_exit(code);
}

/* End the case: this kernel or this user cannot run it. Failures from before
 * stay failures. */
void skip(const char *format, ...)
{
	va_list args;

	if (!verdict_failed() && !__atomic_exchange_n(&verdict->skipped, 1, __ATOMIC_SEQ_CST)) {
		va_start(args, format);
		vsnprintf(verdict->reason, sizeof(verdict->reason), format, args);
		va_end(args);
	}
	case_stop(0);
}
