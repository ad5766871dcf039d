// SPDX-License-Identifier: MIT
/* kernel/gdb.c - the kernel's own gdb stub: why the system stops, and what gdb may ask then.
 *
 * It stops at gdb's breakpoints, in the kernel and in users, after single steps, when gdb speaks
 * (Ctrl-C, or connecting) while the system runs, before a panic prints, and with gdbwait before
 * init. There can be no breakpoints in this file, nor in the code that enters and leaves the
 * kernel (entry.asm).
 * "monitor user" shows tasks as they will be in user mode, "monitor kernel" where they sleep,
 * "monitor audit" runs the audits.
 * Locks: BKL, held for as long as the system is stopped; another processor runs its user, or waits.
 * See kernel/gdb.h; gdb manual, appendix "Remote Serial Protocol: Packets". */
#include "kernel/gdb.h"

#include "arch/cpu.h"
#include "boot/cmdline.h"
#include "kernel/audit.h"
#include "kernel/bkl.h"
#include "kernel/gdb_internal.h"
#include "kernel/task.h"
#include "lib/print.h"

#define SIGNAL_INT 2
#define SIGNAL_TRAP 5
#define SIGNAL_ABORT 6
#define VECTOR_BREAKPOINT 3
#define EXTRA_MAX 512
#define ACK "OK"
#define REFUSED "E01"
#define NO_MEMORY "E0e"

bool gdb_break_wanted;

static bool open;		/* there is a port */
static bool attached;		/* gdb has spoken, and not said good-bye */
static bool stopped;
static bool panicking;
static const struct task *stepped;	/* whose registers have TF by us */
static s64 chosen;		/* thread of g, G, m, M: Hg */
static s64 last_listed;
static unsigned why;		/* the signal that tells */
static char packet[GDB_PACKET_MAX + 1], answer[GDB_PACKET_MAX + 1];

/* --- hexadecimal --- */

static int digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static u64 number(const char **at)
{
	u64 n = 0;

	for (; digit(**at) >= 0; (*at)++)
		n = n << 4 | digit(**at);
	return n;
}

/* A thread: hexadecimal; 0 and -1 are any, which is the one that stopped. */
static s64 thread(const char *at)
{
	s64 id = *at == '-' ? 0 : (s64)number(&at);

	return id ?: gdb_id(current);
}

static void to_hex(char *out, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sniprintf(out + 2 * i, 3, "%02x", ((const u8 *)bytes)[i]);
}

/* Exactly n bytes; false: there are fewer. */
static bool from_hex(const char *at, void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++, at += 2) {
		if (digit(at[0]) < 0 || digit(at[1]) < 0)
			return false;
		((u8 *)bytes)[i] = digit(at[0]) << 4 | digit(at[1]);
	}
	return true;
}

/* --- what gdb asks: each leaves its answer; true: the system goes on --- */

static struct task *chosen_task(void)
{
	return gdb_task(chosen) ?: current;
}

static void reply(const char *text)
{
	strcpy(answer, text);
}

static bool ask_why(const char *arg)
{
	(void)arg;
	sniprintf(answer, sizeof(answer), "T%02xthread:%lx;", why, (u64)gdb_id(current));
	return false;
}

static bool ask_registers(const char *arg)
{
	struct gdb_regs regs;

	(void)arg;
	gdb_get_regs(chosen_task(), &regs);
	to_hex(answer, &regs, sizeof(regs));
	return false;
}

static bool set_registers(const char *arg)
{
	struct gdb_regs regs;

	reply(from_hex(arg, &regs, sizeof(regs)) && gdb_put_regs(chosen_task(), &regs) ? ACK
										       : REFUSED);
	return false;
}

static bool ask_memory(const char *arg)
{
	u8 bytes[GDB_PACKET_MAX / 2];
	u64 addr = number(&arg), n;

	arg += *arg == ',';
	n = MIN(number(&arg), sizeof(bytes));
	if (n && gdb_read(chosen_task(), addr, bytes, n))
		to_hex(answer, bytes, n);
	else
		reply(n ? NO_MEMORY : "");
	return false;
}

static bool set_memory(const char *arg)
{
	u8 bytes[GDB_PACKET_MAX / 2];
	u64 addr = number(&arg), n;

	arg += *arg == ',';
	n = number(&arg);
	if (n > sizeof(bytes) || *arg != ':' || !from_hex(arg + 1, bytes, n))
		reply(REFUSED);
	else
		reply(gdb_write(chosen_task(), addr, bytes, n) ? ACK : NO_MEMORY);
	return false;
}

/* Z0,addr,1 and z0,addr,1: breakpoints in memory; other kinds there are none. */
static bool breakpoint(const char *arg, bool (*change)(struct task *t, u64 addr))
{
	if (arg[0] != '0' || arg[1] != ',')
		return false;
	arg += 2;
	reply(change(chosen_task(), number(&arg)) ? ACK : NO_MEMORY);
	return false;
}

static bool set_breakpoint(const char *arg)
{
	return breakpoint(arg, gdb_plant);
}

static bool remove_breakpoint(const char *arg)
{
	return breakpoint(arg, gdb_uproot);
}

static bool choose_thread(const char *arg)
{
	s64 id = *arg ? thread(arg + 1) : 0;

	if (*arg == 'g')
		chosen = id;
	reply(gdb_task(id) ? ACK : REFUSED);
	return false;
}

static bool ask_alive(const char *arg)
{
	reply(gdb_task(thread(arg)) ? ACK : REFUSED);
	return false;
}

static bool go_on(const char *arg)
{
	(void)arg;
	return true;
}

static bool step(const char *arg)
{
	(void)arg;
	stepped = current;
	gdb_step_begin(gdb_stop.regs);
	return true;
}

/* Only the thread that stopped can be stepped: others are asleep, or have a processor. */
static bool verbose(const char *arg)
{
	if (!strcmp(arg, "Cont?")) {
		reply("vCont;c;C;s;S");
		return false;
	}
	if (strncmp(arg, "Cont;", 5))
		return false;
	return arg[5] == 's' || arg[5] == 'S' ? step(arg) : go_on(arg);
}

static bool detach(const char *arg)
{
	(void)arg;
	gdb_uproot_all();
	attached = false;
	gdb_send(ACK);
	return true;
}

/* --- q: questions with names --- */

static void ask_supported(const char *arg)
{
	(void)arg;
	sniprintf(answer, sizeof(answer), "PacketSize=%x;vContSupported+", GDB_PACKET_MAX);
}

static void ask_current(const char *arg)
{
	(void)arg;
	sniprintf(answer, sizeof(answer), "QC%lx", (u64)gdb_id(current));
}

/* As many threads as fit; the next question goes on behind them. */
static void more_threads(const char *arg)
{
	size_t n = 0;
	s64 id;

	(void)arg;
	while (n < sizeof(answer) - EXTRA_MAX && (id = gdb_next_id(last_listed))) {
		n += sniprintf(answer + n, sizeof(answer) - n, "%c%lx", n ? ',' : 'm', (u64)id);
		last_listed = id;
	}
	if (!n)
		reply("l");
}

static void first_threads(const char *arg)
{
	last_listed = 0;
	more_threads(arg);
}

static void ask_extra(const char *arg)
{
	char text[EXTRA_MAX] = "";
	struct task *t = gdb_task(thread(arg + (*arg == ',')));

	if (t)
		gdb_describe(t, text, sizeof(text));
	to_hex(answer, text, strlen(text));
}

static void ask_attached(const char *arg)
{
	(void)arg;
	reply("1");
}

static void audit_line(void *unused, const char *line)
{
	(void)unused;
	gdb_say("%s\n", line);
}

static void monitor(const char *arg)
{
	char command[EXTRA_MAX / 2] = "";
	size_t n = strlen(arg + 1) / 2;

	if (*arg != ',' || n >= sizeof(command) || !from_hex(arg + 1, command, n)) {
		reply(REFUSED);
		return;
	}
	if (!strcmp(command, "user") || !strcmp(command, "kernel"))
		gdb_stop.user_view = command[0] == 'u';
	else if (!strcmp(command, "audit"))
		audit_run(audit_line, NULL);
	else
		gdb_say("user, kernel or audit\n");
	reply(ACK);
}

static const struct {
	const char *name;
	void (*ask)(const char *arg);	/* behind the name */
} queries[] = {
	{ "Supported", ask_supported }, { "C", ask_current }, { "fThreadInfo", first_threads },
	{ "sThreadInfo", more_threads }, { "ThreadExtraInfo", ask_extra },
	{ "Attached", ask_attached }, { "Rcmd", monitor },
};

static bool query(const char *arg)
{
	size_t n = strcspn(arg, ":,;");

	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		if (strlen(queries[i].name) == n && !strncmp(arg, queries[i].name, n))
			queries[i].ask(arg + n);
	return false;
}

static const struct {
	char letter;
	bool (*run)(const char *arg);
} commands[] = {
	{ '?', ask_why }, { 'g', ask_registers }, { 'G', set_registers }, { 'm', ask_memory },
	{ 'M', set_memory }, { 'Z', set_breakpoint }, { 'z', remove_breakpoint },
	{ 'H', choose_thread }, { 'T', ask_alive }, { 'c', go_on }, { 's', step },
	{ 'v', verbose }, { 'D', detach }, { 'k', detach }, { 'q', query },
};

/* What is not known gets the empty answer, by which gdb learns so. */
static bool obey(void)
{
	answer[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].letter == packet[0])
			return commands[i].run(packet + 1);
	return false;
}

/* --- stops --- */

static void stop(struct regs *regs, unsigned signal)
{
	bool was_attached = attached;

	stopped = attached = true;
	gdb_break_wanted = false;
	gdb_stop = (struct gdb_stop){ .regs = regs };
	why = signal;
	chosen = gdb_id(current);
	if (was_attached) {		/* a new one asks for itself */
		ask_why("");
		gdb_send(answer);
	}
	while (gdb_receive(packet), !obey())
		gdb_send(answer);
	stopped = false;
}

/* A breakpoint instruction in the kernel is always ours, one in a user if it was planted. */
static bool is_ours(const struct regs *regs, u64 vector, bool step)
{
	if (step)
		return stepped == current;
	return vector == VECTOR_BREAKPOINT && (!regs_user_mode(regs) || gdb_planted(regs));
}

bool gdb_trap(struct regs *regs, u64 vector, bool step)
{
	bool locked = bkl_held(), ours;

	if (!open || stopped)
		return false;
	if (!locked)
		bkl_lock();
	ours = is_ours(regs, vector, step);
	if (ours && stepped == current) {
		gdb_step_end(regs);
		stepped = NULL;
	}
	if (ours)
		stop(regs, panicking ? SIGNAL_ABORT : SIGNAL_TRAP);
	if (!locked)
		bkl_unlock();
	return ours;
}

void gdb_interrupt(struct regs *regs)
{
	if (!stopped)
		stop(regs, SIGNAL_INT);
}

static void stop_here(void)
{
	asm volatile("int3" : : : "memory");
}

void gdb_panic(void)
{
	if (!attached || stopped)
		return;
	panicking = true;
	stop_here();
}

void gdb_wait(void)
{
	if (open && boot_options.gdbwait)
		stop_here();
}

void gdb_init(void)
{
	if (!boot_options.gdb)
		return;
	open = gdb_line_open(boot_options.gdb);
	kprintf("gdb: %s %s\n", boot_options.gdb, open ? "listens" : "is no serial port here");
}
