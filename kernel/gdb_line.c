// SPDX-License-Identifier: MIT
/* kernel/gdb_line.c - gdb's packets on a serial line: $text#checksum, acknowledged by + or -.
 *
 * What comes while the system runs is kept (the interrupt took it from the port), and its first
 * packet or Ctrl-C asks for a stop. While it is stopped the port is polled.
 * Locks: BKL. See the gdb manual, appendix "Remote Serial Protocol: Overview". */
#include "drivers/console.h"
#include "kernel/gdb_internal.h"
#include "lib/print.h"

#define INTERRUPT 0x03		/* what gdb sends for Ctrl-C */
#define KEPT_MAX 256
#define HEX_DIGITS "0123456789abcdef"

static struct console *line;
static u8 kept[KEPT_MAX];
static u32 kept_in, kept_out;

static void line_input(struct console *con, u8 ch)
{
	(void)con;
	if (ch == '$' || ch == INTERRUPT)
		gdb_break_wanted = true;
	if (ch != INTERRUPT && kept_in - kept_out < KEPT_MAX)
		kept[kept_in++ % KEPT_MAX] = ch;
}

bool gdb_line_open(const char *name)
{
	line = console_find(name);
	if (!line || !line->poll)
		return false;
	line->kernel_log = false;
	line->input = line_input;
	return true;
}

static u8 get(void)
{
	int ch;

	if (kept_out != kept_in)
		return kept[kept_out++ % KEPT_MAX];
	while ((ch = line->poll(line)) < 0)
		;
	return (u8)ch;
}

static void put(char ch)
{
	line->write(line, &ch, 1);
}

static int digit(u8 ch)
{
	const char *at = ch ? strchr(HEX_DIGITS, ch) : NULL;

	return at ? (int)(at - HEX_DIGITS) : -1;
}

size_t gdb_receive(char *text)
{
	for (;;) {
		size_t n = 0;
		u8 sum = 0, ch;
		int high, low;

		while (get() != '$')
			;
		while ((ch = get()) != '#') {
			sum += ch;
			if (ch == '$')
				n = 0, sum = 0;		/* it began anew */
			else if (n < GDB_PACKET_MAX)
				text[n++] = (char)ch;
		}
		text[n] = '\0';
		high = digit(get());
		low = digit(get());
		if (high * 16 + low == sum) {
			put('+');
			return n;
		}
		put('-');
	}
}

void gdb_send(const char *text)
{
	do {
		u8 sum = 0;

		put('$');
		for (const char *s = text; *s; s++)
			sum += (u8)*s;
		line->write(line, text, strlen(text));
		put('#');
		put(HEX_DIGITS[sum >> 4]);
		put(HEX_DIGITS[sum & 15]);
	} while (get() == '-');
}

void gdb_say(const char *fmt, ...)
{
	char text[GDB_PACKET_MAX / 4], packet[sizeof(text) * 2 + 2] = "O";
	va_list ap;

	va_start(ap, fmt);
	vsniprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (size_t i = 0; text[i]; i++)
		sniprintf(packet + 1 + 2 * i, 3, "%02x", (u8)text[i]);
	gdb_send(packet);
}
