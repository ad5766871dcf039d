// SPDX-License-Identifier: MIT
/* drivers/serial.c - the 16550 serial ports ttyS0 and ttyS1: 115200 baud, 8N1.
 *
 * Output polls: the transmitter takes sixteen bytes at a time once it is empty. Input comes by
 * interrupt and goes to con->input, byte by byte.
 * Locks: BKL, or boot, or panic. Checkpoint: none; the tty saves its own state.
 * See the National Semiconductor PC16550D data sheet. */
#include "arch/cpu.h"
#include "arch/machine.h"
#include "arch/trap.h"
#include "drivers/internal.h"

enum { DATA = 0, INTERRUPT = 1, FIFO = 2, LINE = 3, MODEM = 4, STATUS = 5, SCRATCH = 7 };
enum { DIVISOR_LOW = 0, DIVISOR_HIGH = 1 };	/* while LINE_DIVISOR is set */

#define INTERRUPT_RECEIVE 0x01
#define FIFO_ENABLE       0x07		/* on, both emptied */
#define LINE_8N1          0x03
#define LINE_DIVISOR      0x80
#define MODEM_ON          0x0b		/* DTR, RTS, OUT2: lets interrupts out */
#define STATUS_RECEIVED   0x01
#define STATUS_EMPTY      0x20
#define DIVISOR_115200    1
#define SCRATCH_PROBE     0x5a
#define FIFO_SIZE         16
#define NOTHING           0xff		/* what a port without a device reads */

struct serial_port {
	u16 port;
	u8 irq;
};

static const struct serial_port serial_ports[] = { { 0x3f8, 4 }, { 0x2f8, 3 } };

#define SERIAL_MAJOR       4
#define SERIAL_FIRST_MINOR 64

static const struct serial_port *serial_of(const struct console *con)
{
	return &serial_ports[con->minor - SERIAL_FIRST_MINOR];
}

static bool serial_probe(struct console *con)
{
	u16 port = serial_of(con)->port;

	outb(port + SCRATCH, SCRATCH_PROBE);
	if (inb(port + SCRATCH) != SCRATCH_PROBE || inb(port + STATUS) == NOTHING)
		return false;
	outb(port + INTERRUPT, 0);
	outb(port + LINE, LINE_DIVISOR);
	outb(port + DIVISOR_LOW, DIVISOR_115200);
	outb(port + DIVISOR_HIGH, 0);
	outb(port + LINE, LINE_8N1);
	outb(port + FIFO, FIFO_ENABLE);
	outb(port + MODEM, MODEM_ON);
	return true;
}

static void serial_write(struct console *con, const char *s, size_t n)
{
	u16 port = serial_of(con)->port;

	for (size_t i = 0; i < n; i++) {
		if (i % FIFO_SIZE == 0)
			while (!(inb(port + STATUS) & STATUS_EMPTY))
				cpu_relax();
		outb(port + DATA, (u8)s[i]);
	}
}

static int serial_poll(struct console *con)
{
	u16 port = serial_of(con)->port;

	return inb(port + STATUS) & STATUS_RECEIVED ? inb(port + DATA) : -1;
}

static void serial_receive(void *arg)
{
	struct console *con = arg;
	u16 port = serial_of(con)->port;

	while (inb(port + STATUS) & STATUS_RECEIVED) {
		u8 ch = inb(port + DATA);

		if (con->input)
			con->input(con, ch);
	}
}

static void serial_start_input(struct console *con)
{
	const struct serial_port *p = serial_of(con);

	if (irq_register_isa(p->irq, serial_receive, con) == 0)
		outb(p->port + INTERRUPT, INTERRUPT_RECEIVE);
}

#define SERIAL_CONSOLE(n)                                                     \
	{                                                                     \
		.name = "ttyS" #n, .major = SERIAL_MAJOR,                     \
		.minor = SERIAL_FIRST_MINOR + n, .write = serial_write,       \
		.poll = serial_poll,                                          \
		.probe = serial_probe, .start_input = serial_start_input,     \
	}
struct console serial0_console = SERIAL_CONSOLE(0);
struct console serial1_console = SERIAL_CONSOLE(1);
