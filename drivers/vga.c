// SPDX-License-Identifier: MIT
/* drivers/vga.c - the VGA text screen tty0: 80 by 25, as much of a VT100 as a shell asks.
 *
 * Understood: BS, TAB, LF, CR, BEL (silent), and ESC [ with A-D (move), G (column), H f (place),
 * J K (erase), m (colours, bold, reverse), s u (keep place). Other sequences are swallowed.
 * The last column wraps when the next character comes, as on a VT100.
 * Locks: BKL, or boot, or panic. Checkpoint: none. See console_codes(4). */
#include "arch/machine.h"
#include "arch/paging.h"
#include "drivers/internal.h"

#define VGA_TEXT    0xb8000UL
#define VGA_COLUMNS 80
#define VGA_ROWS    25
#define VGA_CELLS   (VGA_COLUMNS * VGA_ROWS)

#define CRTC_INDEX  0x3d4
#define CRTC_DATA   0x3d5
#define CRTC_CURSOR_SHAPE 0x0a
#define CRTC_CURSOR_HIGH  0x0e
#define CRTC_CURSOR_LOW   0x0f
#define CURSOR_TOP_LINE   14

#define COLOUR_DEFAULT 0x07		/* grey on black */
#define COLOUR_BRIGHT  0x08
#define PROBE_PATTERN  0x5a
#define TAB_WIDTH      8
#define PARAMETERS_MAX 8
#define ESC            0x1b

enum vga_state { PLAIN, ESCAPE, BRACKET };

static struct {
	volatile u16 *cells;
	unsigned x, y;			/* x == VGA_COLUMNS: the next character wraps */
	unsigned kept_x, kept_y;
	u8 colour;
	bool bold, reverse;
	enum vga_state state;
	unsigned parameters[PARAMETERS_MAX], nr_parameters;
} vga;

static u16 vga_blank(void)
{
	return (u16)(vga.colour << 8 | ' ');
}

static void vga_erase(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		vga.cells[i] = vga_blank();
}

static void vga_show_cursor(void)
{
	unsigned at = vga.y * VGA_COLUMNS + MIN(vga.x, VGA_COLUMNS - 1U);

	outb(CRTC_INDEX, CRTC_CURSOR_HIGH);
	outb(CRTC_DATA, (u8)(at >> 8));
	outb(CRTC_INDEX, CRTC_CURSOR_LOW);
	outb(CRTC_DATA, (u8)at);
}

static void vga_line_feed(void)
{
	if (++vga.y < VGA_ROWS)
		return;
	vga.y = VGA_ROWS - 1;
	for (unsigned i = 0; i < VGA_CELLS - VGA_COLUMNS; i++)
		vga.cells[i] = vga.cells[i + VGA_COLUMNS];
	vga_erase(VGA_CELLS - VGA_COLUMNS, VGA_CELLS);
}

static u8 vga_attribute(void)
{
	u8 c = vga.colour;

	if (vga.reverse)
		c = (u8)((c & 0x07) << 4 | (c >> 4 & 0x07));
	return vga.bold ? c | COLOUR_BRIGHT : c;
}

static void vga_print(char ch)
{
	if (vga.x == VGA_COLUMNS) {
		vga.x = 0;
		vga_line_feed();
	}
	vga.cells[vga.y * VGA_COLUMNS + vga.x++] = (u16)(vga_attribute() << 8 | (u8)ch);
}

/* Parameter i of an escape sequence; 0 and missing ones count as "otherwise". */
static unsigned parameter(unsigned i, unsigned otherwise)
{
	unsigned v = i <= vga.nr_parameters ? vga.parameters[i] : 0;

	return v ? v : otherwise;
}

static void vga_place(unsigned x, unsigned y)
{
	vga.x = MIN(x, VGA_COLUMNS - 1U);
	vga.y = MIN(y, VGA_ROWS - 1U);
}

/* Colours count red, green, blue on a VT, blue, green, red on a VGA. */
static u8 vga_colour(unsigned ansi)
{
	return (u8)((ansi & 1) << 2 | (ansi & 2) | (ansi & 4) >> 2);
}

static void vga_rendition(unsigned p)
{
	if (p == 0) {
		vga.colour = COLOUR_DEFAULT;
		vga.bold = vga.reverse = false;
	} else if (p == 1 || p == 22) {
		vga.bold = p == 1;
	} else if (p == 7 || p == 27) {
		vga.reverse = p == 7;
	} else if (p >= 30 && p <= 37) {
		vga.colour = (u8)((vga.colour & 0xf0) | vga_colour(p - 30));
	} else if (p == 39) {
		vga.colour = (u8)((vga.colour & 0xf0) | COLOUR_DEFAULT);
	} else if (p >= 40 && p <= 47) {
		vga.colour = (u8)((vga.colour & 0x0f) | vga_colour(p - 40) << 4);
	} else if (p == 49) {
		vga.colour &= 0x0f;
	}
}

/* J and K: 0 from the cursor on, 1 up to it, 2 all; of [low, high). */
static void vga_erase_part(unsigned how, unsigned low, unsigned high)
{
	unsigned at = vga.y * VGA_COLUMNS + MIN(vga.x, VGA_COLUMNS - 1U);

	vga_erase(how ? low : at, how == 1 ? at + 1 : high);
}

static void vga_command(char ch)
{
	unsigned n = parameter(0, 1), line = vga.y * VGA_COLUMNS;

	switch (ch) {
	case 'A':
		vga_place(vga.x, vga.y - MIN(n, vga.y));
		break;
	case 'B':
		vga_place(vga.x, vga.y + n);
		break;
	case 'C':
		vga_place(vga.x + n, vga.y);
		break;
	case 'D':
		vga_place(vga.x - MIN(n, vga.x), vga.y);
		break;
	case 'G':
		vga_place(n - 1, vga.y);
		break;
	case 'H':
	case 'f':
		vga_place(parameter(1, 1) - 1, n - 1);
		break;
	case 'J':
		vga_erase_part(parameter(0, 0), 0, VGA_CELLS);
		break;
	case 'K':
		vga_erase_part(parameter(0, 0), line, line + VGA_COLUMNS);
		break;
	case 'm':
		for (unsigned i = 0; i <= vga.nr_parameters; i++)
			vga_rendition(vga.parameters[i]);
		break;
	case 's':
		vga.kept_x = vga.x;
		vga.kept_y = vga.y;
		break;
	case 'u':
		vga_place(vga.kept_x, vga.kept_y);
	}
}

static void vga_control(char ch)
{
	switch (ch) {
	case '\b':
		vga_place(vga.x - MIN(1U, vga.x), vga.y);
		break;
	case '\t':
		vga_place((vga.x / TAB_WIDTH + 1) * TAB_WIDTH, vga.y);
		break;
	case '\n':
		vga_line_feed();
		break;
	case '\r':
		vga.x = 0;
		break;
	case ESC:
		vga.state = ESCAPE;
		break;
	default:
		if ((u8)ch >= ' ')
			vga_print(ch);
	}
}

/* One character of ESC [ p ; p ... letter. */
static void vga_bracket(char ch)
{
	if (ch >= '0' && ch <= '9') {
		unsigned *p = &vga.parameters[MIN(vga.nr_parameters, PARAMETERS_MAX - 1U)];

		*p = *p % 1000 * 10 + (unsigned)(ch - '0');
	} else if (ch == ';') {
		vga.nr_parameters = MIN(vga.nr_parameters + 1, PARAMETERS_MAX - 1U);
	} else if (ch >= '@') {
		vga.state = PLAIN;
		vga_command(ch);
	}
}

static void vga_take(char ch)
{
	switch (vga.state) {
	case PLAIN:
		vga_control(ch);
		break;
	case ESCAPE:
		vga.state = ch == '[' ? BRACKET : PLAIN;
		vga.nr_parameters = 0;
		memset(vga.parameters, 0, sizeof(vga.parameters));
		break;
	case BRACKET:
		vga_bracket(ch);
	}
}

static void vga_write(struct console *con, const char *s, size_t n)
{
	(void)con;
	while (n--)
		vga_take(*s++);
	vga_show_cursor();
}

/* Does the cursor's place stay where it is put? Starts with an empty screen. */
static bool vga_probe(struct console *con)
{
	(void)con;
	outb(CRTC_INDEX, CRTC_CURSOR_LOW);
	outb(CRTC_DATA, PROBE_PATTERN);
	if (inb(CRTC_DATA) != PROBE_PATTERN)
		return false;
	vga.cells = phys_to_virt(VGA_TEXT);
	vga.colour = COLOUR_DEFAULT;
	vga_erase(0, VGA_CELLS);
	outb(CRTC_INDEX, CRTC_CURSOR_SHAPE);
	outb(CRTC_DATA, CURSOR_TOP_LINE);
	vga_show_cursor();
	return true;
}

struct console vga_console = {
	.name = "tty0",
	.major = 4,
	.minor = 0,
	.write = vga_write,
	.probe = vga_probe,
	.start_input = keyboard_start,
	.columns = VGA_COLUMNS,
	.rows = VGA_ROWS,
};
