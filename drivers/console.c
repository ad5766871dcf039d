// SPDX-License-Identifier: MIT
/* drivers/console.c - kernel messages: the log ring, and the consoles that show them.
 *
 * kprintf() formats into a line buffer, puts the text into the log with a time stamp at each
 * line's start, and writes the same to every console with kernel_log set, unless quiet.
 * What was logged before the consoles were found is shown when they are.
 * Locks: BKL, or boot with one processor, or panic with the others halted. A log line
 * may be torn by a panic, never lost. Checkpoint: none; the log is the machine's. */
#include "drivers/console.h"

#include "arch/machine.h"
#include "boot/cmdline.h"
#include "drivers/internal.h"
#include "lib/print.h"

#define MESSAGE_MAX 512
#define STAMP_MAX   32

#define ADDRESS(variable) &variable,
struct console *const consoles[] = { CONSOLES(ADDRESS) NULL };
#undef ADDRESS

bool console_quiet;

static char log_ring[LOG_SIZE];
static u64 log_written;		/* bytes ever; the ring holds the last LOG_SIZE */
static u64 log_start;		/* set by log_clear() */
static bool log_line_start = true;

static void log_put(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		log_ring[log_written++ % LOG_SIZE] = s[i];
}

size_t log_length(void)
{
	return MIN(log_written - log_start, (u64)LOG_SIZE);
}

size_t log_read_tail(char *buf, size_t n)
{
	u64 from;

	n = MIN(n, log_length());
	from = log_written - n;
	for (size_t i = 0; i < n; i++)
		buf[i] = log_ring[(from + i) % LOG_SIZE];
	return n;
}

void log_clear(void)
{
	log_start = log_written;
}

/* Writes to one console; a line feed starts a new line. */
static void console_write_lines(struct console *con, const char *s, size_t n)
{
	while (n) {
		const char *end = memchr(s, '\n', n);
		size_t part = end ? (size_t)(end - s) : n;

		con->write(con, s, part);
		if (end)
			con->write(con, "\r\n", 2), part++;
		s += part, n -= part;
	}
}

static void emit(const char *s, size_t n)
{
	log_put(s, n);
	for (struct console *const *c = consoles; *c && !console_quiet; c++)
		if ((*c)->present && (*c)->kernel_log)
			console_write_lines(*c, s, n);
}

static void emit_stamp(void)
{
	u64 usec = clock_nsec() / NSEC_PER_USEC;
	char stamp[STAMP_MAX];

	emit(stamp, (size_t)sniprintf(stamp, sizeof(stamp), "[%5lu.%06lu] ", usec / 1000000,
				      usec % 1000000));
}

static void log_text(const char *s, size_t n)
{
	while (n) {
		const char *end = memchr(s, '\n', n);
		size_t part = end ? (size_t)(end - s) + 1 : n;

		if (log_line_start)
			emit_stamp();
		emit(s, part);
		log_line_start = end != NULL;
		s += part, n -= part;
	}
}

void kvprintf(const char *fmt, va_list ap)
{
	char message[MESSAGE_MAX];
	int n = vsniprintf(message, sizeof(message), fmt, ap);

	if (n > 0)
		log_text(message, MIN((size_t)n, sizeof(message) - 1));
}

void kprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kvprintf(fmt, ap);
	va_end(ap);
}

/* Is con what a console= word names? "ttyS0,115200n8"; "tty" and "tty1" mean the screen. */
static bool console_is_named(const struct console *con, const char *word)
{
	size_t len = strcspn(word, ",");
	bool screen = con == &vga_console && (len == 3 || (len == 4 && word[3] == '1'))
		&& strncmp(word, "tty", 3) == 0;

	return screen || (strlen(con->name) == len && strncmp(con->name, word, len) == 0);
}

struct console *console_find(const char *name)
{
	for (struct console *const *c = consoles; *c; c++)
		if ((*c)->present && console_is_named(*c, name))
			return *c;
	return NULL;
}

struct console *console_default(void)
{
	struct console *con;

	for (unsigned i = boot_options.nr_consoles; i-- > 0;)
		if ((con = console_find(boot_options.console[i])))
			return con;
	for (struct console *const *c = consoles; *c; c++)
		if ((*c)->present)
			return *c;
	return NULL;
}

static void log_show(struct console *con)
{
	u64 from = log_written - MIN(log_written, (u64)LOG_SIZE);

	for (u64 i = from; i < log_written; i++)
		console_write_lines(con, &log_ring[i % LOG_SIZE], 1);
}

/* Context: boot, after cmdline_parse(). Where no console is named, all take messages. */
void consoles_init(void)
{
	struct console *con;

	console_quiet = boot_options.quiet;
	for (struct console *const *c = consoles; *c; c++) {
		(*c)->present = (*c)->probe(*c);
		(*c)->kernel_log = (*c)->present && boot_options.nr_consoles == 0;
	}
	for (unsigned i = 0; i < boot_options.nr_consoles; i++)
		if ((con = console_find(boot_options.console[i])))
			con->kernel_log = true;
	for (struct console *const *c = consoles; *c && !console_quiet; c++)
		if ((*c)->kernel_log)
			log_show(*c);
}

void consoles_start_input(void)
{
	for (struct console *const *c = consoles; *c; c++)
		if ((*c)->present)
			(*c)->start_input(*c);
}
