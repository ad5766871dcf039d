// SPDX-License-Identifier: MIT
/* drivers/keyboard.c - the PS/2 keyboard: scancodes (set 1, translated by the i8042) to bytes.
 *
 * US layout. Shift, Ctrl, Alt (sends ESC first), Caps Lock; arrows and the block above them
 * send the escape sequences of a Linux console. Bytes go to con->input of the VGA console.
 * Locks: BKL (interrupt). Checkpoint: none. See console_codes(4), and the IBM PS/2 Technical
 * Reference (keyboard controller). */
#include "arch/cpu.h"
#include "arch/machine.h"
#include "arch/trap.h"
#include "drivers/internal.h"

#define I8042_DATA      0x60
#define I8042_STATUS    0x64
#define I8042_COMMAND   0x64
#define STATUS_OUTPUT   BIT(0)	/* a byte waits for us */
#define STATUS_INPUT    BIT(1)	/* the controller has not taken ours yet */
#define STATUS_MOUSE    BIT(5)
#define STATUS_NOTHING  0xff
#define CMD_READ_CONFIG  0x20
#define CMD_WRITE_CONFIG 0x60
#define CMD_MOUSE_OFF    0xa7
#define CMD_KEYBOARD_OFF 0xad
#define CMD_KEYBOARD_ON  0xae
#define CONFIG_IRQ       BIT(0)
#define CONFIG_CLOCK_OFF BIT(4)
#define CONFIG_TRANSLATE BIT(6)
#define KBD_ENABLE      0xf4
#define WAIT_TRIES      10000
#define FLUSH_MAX       64
#define KEYBOARD_IRQ    1

#define KEY_RELEASED 0x80
#define KEY_EXTENDED 0xe0
#define KEYS         0x59

enum {
	KEY_CTRL = 0x1d, KEY_SHIFT_LEFT = 0x2a, KEY_SHIFT_RIGHT = 0x36, KEY_ALT = 0x38,
	KEY_CAPS = 0x3a, KEY_ENTER = 0x1c, KEY_SLASH = 0x35,
};

static const char keys_plain[KEYS] =
	"\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 \0"
	"\0\0\0\0\0\0\0\0\0\0\0\000789-456+1230.\0\0\0";
static const char keys_shifted[KEYS] =
	"\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 \0"
	"\0\0\0\0\0\0\0\0\0\0\0\000789-456+1230.\0\0\0";

/* Keys that come after KEY_EXTENDED, and what they send behind ESC [. */
static const struct {
	u8 code;
	const char *text;
} keys_extended[] = {
	{ 0x48, "A" }, { 0x50, "B" }, { 0x4d, "C" }, { 0x4b, "D" }, { 0x47, "1~" }, { 0x52, "2~" },
	{ 0x53, "3~" }, { 0x4f, "4~" }, { 0x49, "5~" }, { 0x51, "6~" },
};

static struct {
	bool shift, ctrl, alt, caps, extended;
} keyboard;

static bool i8042_wait(u8 mask, u8 value)
{
	for (unsigned i = 0; i < WAIT_TRIES; i++) {
		if ((inb(I8042_STATUS) & mask) == value)
			return true;
		cpu_relax();
	}
	return false;
}

static void i8042_write(u16 port, u8 v)
{
	i8042_wait(STATUS_INPUT, 0);
	outb(port, v);
}

static void i8042_flush(void)
{
	for (unsigned i = 0; i < FLUSH_MAX && inb(I8042_STATUS) & STATUS_OUTPUT; i++)
		inb(I8042_DATA);
}

/* Firmware may have left it in any state, or untouched. */
static bool i8042_setup(void)
{
	u8 config;

	if (inb(I8042_STATUS) == STATUS_NOTHING)
		return false;
	i8042_write(I8042_COMMAND, CMD_KEYBOARD_OFF);
	i8042_write(I8042_COMMAND, CMD_MOUSE_OFF);
	i8042_flush();
	i8042_write(I8042_COMMAND, CMD_READ_CONFIG);
	if (!i8042_wait(STATUS_OUTPUT, STATUS_OUTPUT))
		return false;
	config = inb(I8042_DATA);
	i8042_write(I8042_COMMAND, CMD_WRITE_CONFIG);
	i8042_write(I8042_DATA, (config | CONFIG_IRQ | CONFIG_TRANSLATE) & (u8)~CONFIG_CLOCK_OFF);
	i8042_write(I8042_COMMAND, CMD_KEYBOARD_ON);
	i8042_write(I8042_DATA, KBD_ENABLE);
	i8042_wait(STATUS_OUTPUT, STATUS_OUTPUT);
	i8042_flush();		/* its acknowledgement */
	return true;
}

static void send(struct console *con, const char *s, size_t n)
{
	for (; n && con->input; n--)
		con->input(con, (u8)*s++);
}

static void send_extended(struct console *con, u8 code)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys_extended); i++) {
		if (keys_extended[i].code != code)
			continue;
		send(con, "\033[", 2);
		send(con, keys_extended[i].text, strlen(keys_extended[i].text));
		return;
	}
}

static bool is_letter(char ch)
{
	ch |= 0x20;
	return ch >= 'a' && ch <= 'z';
}

static void send_key(struct console *con, u8 code)
{
	char ch = keys_plain[code];

	if (keyboard.shift != (keyboard.caps && is_letter(ch)))
		ch = keys_shifted[code];
	if (!ch)
		return;
	if (keyboard.ctrl)
		ch = ch == ' ' ? 0 : ch & 0x1f;
	if (keyboard.alt)
		send(con, "\033", 1);
	send(con, &ch, 1);
}

/* Shift and its like: true if code is one. */
static bool modifier(u8 code, bool down)
{
	switch (code) {
	case KEY_SHIFT_LEFT:
	case KEY_SHIFT_RIGHT:
		if (!keyboard.extended)	/* with the prefix it is noise around arrows */
			keyboard.shift = down;
		return true;
	case KEY_CTRL:
		keyboard.ctrl = down;
		return true;
	case KEY_ALT:
		keyboard.alt = down;
		return true;
	case KEY_CAPS:
		keyboard.caps ^= down;
		return true;
	}
	return false;
}

static void keyboard_take(struct console *con, u8 byte)
{
	u8 code = byte & (u8)~KEY_RELEASED;
	bool down = !(byte & KEY_RELEASED);

	if (byte == KEY_EXTENDED) {
		keyboard.extended = true;
		return;
	}
	if (!modifier(code, down) && down) {
		bool keypad = code == KEY_ENTER || code == KEY_SLASH;

		if (keyboard.extended && !keypad)
			send_extended(con, code);
		else if (code < KEYS)
			send_key(con, code);
	}
	keyboard.extended = false;
}

static void keyboard_interrupt(void *arg)
{
	u8 status = inb(I8042_STATUS);

	for (; status & STATUS_OUTPUT; status = inb(I8042_STATUS)) {
		u8 byte = inb(I8042_DATA);

		if (!(status & STATUS_MOUSE))
			keyboard_take(arg, byte);
	}
}

void keyboard_start(struct console *con)
{
	if (i8042_setup())
		irq_register_isa(KEYBOARD_IRQ, keyboard_interrupt, con);
}
