// SPDX-License-Identifier: MIT
/* fs/n_tty.c - the line discipline: what typed bytes and written bytes become.
 *
 * Input bytes go through c_iflag, become signals (ISIG), edit the line (ICANON), are echoed, and
 * land in the tty's ring buffer. In canonical mode a reader gets whole lines only: those before
 * canon_head; a set bit in "delimiter" marks the byte that ends a line, an end-of-file
 * mark is a delimiter that is not handed out. In raw mode VMIN and VTIME rule.
 * Output goes through c_oflag. Locks: BKL; read_lock keeps readers apart while they sleep.
 * Checkpoint: settings, buffer and marks are saved with the tty. See termios(3). */

#include "fs/poll.h"
#include "fs/tty.h"
#include "kernel/signal.h"
#include "kernel/task.h"

#define DISABLED '\0'		/* _POSIX_VDISABLE */
#define TAB_STOP 8
#define OUT_CHUNK 256
#define DECISECOND_NSEC (100 * NSEC_PER_MSEC)

#define L_FLAG(tty, flag) ((tty)->termios.c_lflag & (flag))
#define I_FLAG(tty, flag) ((tty)->termios.c_iflag & (flag))
#define O_FLAG(tty, flag) ((tty)->termios.c_oflag & (flag))

static char *slot(struct tty *tty, u64 at)
{
	return &tty->buffer[at % TTY_BUFFER];
}

static void mark_delimiter(struct tty *tty, u64 at, bool on)
{
	u64 bit = at % TTY_BUFFER, *word = &tty->delimiter[bit / 64];

	*word = on ? *word | BIT(bit % 64) : *word & ~BIT(bit % 64);
}

static bool is_delimiter(const struct tty *tty, u64 at)
{
	u64 bit = at % TTY_BUFFER;

	return tty->delimiter[bit / 64] & BIT(bit % 64);
}

static bool is_control_char(const struct tty *tty, unsigned index, u8 ch)
{
	return tty->termios.c_cc[index] != DISABLED && tty->termios.c_cc[index] == ch;
}

static bool is_continuation(u8 ch)	/* of a UTF-8 sequence */
{
	return (ch & 0xc0) == 0x80;
}

static bool is_ctrl(u8 ch)
{
	return ch < ' ' || ch == 0x7f;
}

/* --- output --- */

static void emit(struct tty *tty, const char *s, size_t n)
{
	tty->driver->write(tty, s, n);
}

/* One byte through c_oflag into buf; returns the bytes it became (at most 8). */
static size_t output_byte(struct tty *tty, char ch, char *buf)
{
	size_t spaces;

	switch (O_FLAG(tty, OPOST) ? ch : 'x') {
	case '\n':
		if (O_FLAG(tty, ONLRET))
			tty->column = 0;
		if (!O_FLAG(tty, ONLCR))
			break;
		tty->column = 0;
		buf[0] = '\r', buf[1] = '\n';
		return 2;
	case '\r':
		if (O_FLAG(tty, ONOCR) && tty->column == 0)
			return 0;
		tty->column = 0;
		buf[0] = O_FLAG(tty, OCRNL) ? '\n' : '\r';
		return 1;
	case '\t':
		spaces = TAB_STOP - tty->column % TAB_STOP;
		tty->column += spaces;
		if (O_FLAG(tty, TABDLY) != XTABS)
			break;
		memset(buf, ' ', spaces);
		return spaces;
	case '\b':
		if (tty->column > 0)
			tty->column--;
		break;
	default:
		if (O_FLAG(tty, OPOST) && O_FLAG(tty, OLCUC) && ch >= 'a' && ch <= 'z')
			ch -= 'a' - 'A';
		if (!is_ctrl(ch) && !is_continuation(ch))
			tty->column++;
	}
	buf[0] = ch;
	return 1;
}

/* Writes kernel text through c_oflag. */
static void put_text(struct tty *tty, const char *s, size_t n)
{
	char out[TAB_STOP];

	for (size_t i = 0; i < n; i++)
		emit(tty, out, output_byte(tty, s[i], out));
}

/* --- echo --- */

static void echo_byte(struct tty *tty, u8 ch)
{
	char text[2] = { '^', ch ^ 0x40 };

	if (L_FLAG(tty, ECHOCTL) && is_ctrl(ch) && ch != '\t' && ch != '\n')
		put_text(tty, text, 2);
	else
		put_text(tty, (char *)&ch, 1);
}

static void echo_if_wanted(struct tty *tty, u8 ch)
{
	if (L_FLAG(tty, ECHO) || (ch == '\n' && L_FLAG(tty, ECHONL) && L_FLAG(tty, ICANON)))
		echo_byte(tty, ch);
}

/* Columns that the line being edited takes before position "end". */
static u32 line_width(struct tty *tty, u64 end)
{
	u32 column = tty->canon_column;

	for (u64 at = tty->canon_head; at < end; at++) {
		u8 ch = *slot(tty, at);

		if (ch == '\t')
			column += TAB_STOP - column % TAB_STOP;
		else if (is_ctrl(ch))
			column += L_FLAG(tty, ECHOCTL) ? 2 : 0;
		else if (!is_continuation(ch))
			column++;
	}
	return column;
}

/* Wipes from the screen what stood in columns [to, from). */
static void echo_wipe(struct tty *tty, u32 from, u32 to)
{
	for (; from > to; from--)
		put_text(tty, "\b \b", 3);
}

/* --- editing the line: ICANON --- */

/* Drops the last character (all bytes of it). */
static void erase_one(struct tty *tty)
{
	while (tty->head > tty->canon_head && is_continuation(*slot(tty, tty->head - 1)))
		tty->head--;
	if (tty->head > tty->canon_head)
		tty->head--;
}

static bool is_word_byte(u8 ch)
{
	u8 lower = ch | 0x20;

	return (ch >= '0' && ch <= '9') || (lower >= 'a' && lower <= 'z') || ch == '_' ||
	       ch >= 0x80;
}

static void erase_word(struct tty *tty)
{
	bool seen = false;

	while (tty->head > tty->canon_head) {
		bool word = is_word_byte(*slot(tty, tty->head - 1));

		if (seen && !word)
			break;
		seen |= word;
		erase_one(tty);
	}
}

/* VERASE, VWERASE, VKILL: cuts the line, and shows it. */
static void edit_line(struct tty *tty, u8 ch)
{
	u32 before = line_width(tty, tty->head);

	if (tty->head == tty->canon_head)
		return;
	if (is_control_char(tty, VERASE, ch))
		erase_one(tty);
	else if (is_control_char(tty, VWERASE, ch))
		erase_word(tty);
	else
		tty->head = tty->canon_head;
	if (!L_FLAG(tty, ECHO))
		return;
	if (is_control_char(tty, VKILL, ch) &&
	    !(L_FLAG(tty, ECHOK) && L_FLAG(tty, ECHOKE) && L_FLAG(tty, ECHOE))) {
		echo_byte(tty, ch);
		if (L_FLAG(tty, ECHOK))
			put_text(tty, "\n", 1);
	} else if (!L_FLAG(tty, ECHOE)) {
		echo_byte(tty, ch);
	} else {
		echo_wipe(tty, before, line_width(tty, tty->head));
	}
}

static void reprint_line(struct tty *tty, u8 ch)
{
	echo_byte(tty, ch);
	put_text(tty, "\n", 1);
	for (u64 at = tty->canon_head; at < tty->head; at++)
		echo_byte(tty, *slot(tty, at));
}

static bool buffer_full(const struct tty *tty)
{
	return tty->head - tty->tail >= TTY_BUFFER - 1;
}

static void append(struct tty *tty, u8 ch, bool delimiter)
{
	*slot(tty, tty->head) = ch;
	mark_delimiter(tty, tty->head, delimiter);
	tty->head++;
}

static void wake_readers(struct tty *tty)
{
	wake_events(&tty->read_wait, POLLIN | POLLRDNORM, UINT_MAX);
}

/* The line is complete: readers may have it. */
static void end_line(struct tty *tty, u8 ch)
{
	append(tty, ch, true);
	tty->canon_head = tty->head;
	tty->canon_column = tty->column;
	wake_readers(tty);
}

/* Canonical mode's special characters. Returns whether ch was one. */
static bool canonical_special(struct tty *tty, u8 ch)
{
	bool extended = L_FLAG(tty, IEXTEN);

	if (is_control_char(tty, VERASE, ch) || is_control_char(tty, VKILL, ch) ||
	    (extended && is_control_char(tty, VWERASE, ch))) {
		edit_line(tty, ch);
	} else if (extended && is_control_char(tty, VLNEXT, ch)) {
		tty->literal_next = true;
		if (L_FLAG(tty, ECHO) && L_FLAG(tty, ECHOCTL))
			put_text(tty, "^\b", 2);
	} else if (extended && L_FLAG(tty, ECHO) && is_control_char(tty, VREPRINT, ch)) {
		reprint_line(tty, ch);
	} else if (ch == '\n') {
		echo_if_wanted(tty, ch);
		end_line(tty, ch);
	} else if (is_control_char(tty, VEOF, ch)) {
		end_line(tty, DISABLED);
	} else if (is_control_char(tty, VEOL, ch) ||
		   (extended && is_control_char(tty, VEOL2, ch))) {
		echo_if_wanted(tty, ch);
		end_line(tty, ch);
	} else {
		return false;
	}
	return true;
}

/* --- input --- */

/* VINTR, VQUIT, VSUSP become signals to the foreground group. */
static bool signal_char(struct tty *tty, u8 ch)
{
	static const struct { u8 index, sig; } keys[] = {
		{ VINTR, SIGINT }, { VQUIT, SIGQUIT }, { VSUSP, SIGTSTP },
	};

	if (!L_FLAG(tty, ISIG))
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!is_control_char(tty, keys[i].index, ch))
			continue;
		if (!L_FLAG(tty, NOFLSH))
			n_tty_flush_input(tty);
		if (L_FLAG(tty, ECHO))
			echo_byte(tty, ch);
		tty_signal_foreground(tty, keys[i].sig);
		return true;
	}
	return false;
}

/* VSTART and VSTOP (IXON). */
static bool flow_char(struct tty *tty, u8 ch)
{
	bool start = is_control_char(tty, VSTART, ch), stop = is_control_char(tty, VSTOP, ch);

	if (!I_FLAG(tty, IXON))
		return false;
	if (!start && !stop) {
		if (tty->stopped_output && I_FLAG(tty, IXANY))
			start = true;
		else
			return false;
	}
	tty->stopped_output = stop && !start;
	if (!tty->stopped_output)
		wake_events(&tty->write_wait, POLLOUT | POLLWRNORM, UINT_MAX);
	return is_control_char(tty, VSTART, ch) || stop;
}

/* c_iflag's rewriting. Returns the byte, or -1 if it is dropped. */
static int translate_input(struct tty *tty, u8 ch)
{
	if (I_FLAG(tty, ISTRIP))
		ch &= 0x7f;
	if (ch == '\r') {
		if (I_FLAG(tty, IGNCR))
			return -1;
		return I_FLAG(tty, ICRNL) ? '\n' : ch;
	}
	if (ch == '\n' && I_FLAG(tty, INLCR))
		return '\r';
	if (I_FLAG(tty, IUCLC) && L_FLAG(tty, IEXTEN) && ch >= 'A' && ch <= 'Z')
		return ch + 'a' - 'A';
	return ch;
}

static void input_plain(struct tty *tty, u8 ch)
{
	if (buffer_full(tty)) {
		if (I_FLAG(tty, IMAXBEL))
			put_text(tty, "\a", 1);
		return;
	}
	if (tty->head == tty->canon_head)
		tty->canon_column = tty->column;
	append(tty, ch, false);
	echo_if_wanted(tty, ch);
	if (!L_FLAG(tty, ICANON)) {
		tty->canon_head = tty->head;
		wake_readers(tty);
	}
}

/* One byte has arrived from the line. */
void n_tty_input(struct tty *tty, u8 raw)
{
	int ch = raw;

	if (tty->literal_next) {
		tty->literal_next = false;
		input_plain(tty, raw);
		return;
	}
	if (flow_char(tty, I_FLAG(tty, ISTRIP) ? raw & 0x7f : raw))
		return;
	ch = translate_input(tty, raw);
	if (ch < 0 || signal_char(tty, ch))
		return;
	if (!L_FLAG(tty, ICANON) || !canonical_special(tty, ch))
		input_plain(tty, ch);
}

void n_tty_flush_input(struct tty *tty)
{
	tty->tail = tty->canon_head = tty->head;
	tty->literal_next = false;
	if (tty->driver->unthrottle)
		tty->driver->unthrottle(tty);
}

/* Leaving canonical mode hands out the unfinished line; entering it makes what is there a line. */
void n_tty_settings_changed(struct tty *tty, const struct ktermios *old)
{
	if ((old->c_lflag ^ tty->termios.c_lflag) & ICANON) {
		if (L_FLAG(tty, ICANON) && tty->head != tty->tail)
			mark_delimiter(tty, tty->head - 1, true);
		tty->canon_head = tty->head;
		tty->canon_column = tty->column;
	}
	if (!I_FLAG(tty, IXON) && tty->stopped_output) {
		tty->stopped_output = false;
		wake_events(&tty->write_wait, POLLOUT | POLLWRNORM, UINT_MAX);
	}
	wake_readers(tty);
}

bool n_tty_room(const struct tty *tty)
{
	return !buffer_full(tty);
}

/* --- reading --- */

size_t n_tty_available(const struct tty *tty)
{
	return tty->canon_head - tty->tail;
}

/* Copies one line (canonical) or what is there. Returns bytes copied; *end: a line ended. */
static ssize_t take_input(struct tty *tty, struct iter *to, bool *end)
{
	bool canonical = L_FLAG(tty, ICANON);
	ssize_t done = 0;

	*end = false;
	while (!*end && to->count && tty->tail < tty->canon_head) {
		char ch = *slot(tty, tty->tail);

		*end = canonical && is_delimiter(tty, tty->tail);
		if (!(*end && ch == DISABLED)) {
			if (!iter_copy_to(to, &ch, 1))
				return done ? done : -EFAULT;
			done++;
		}
		tty->tail++;
	}
	if (tty->driver->unthrottle)
		tty->driver->unthrottle(tty);
	return done;
}

static bool tty_file_dead(const struct tty *tty, const struct file *f)
{
	return f->version != tty->hangups;
}

/* Sleeps until input, hang-up, the deadline, or a signal. 0, -EAGAIN, -ETIMEDOUT, -ERESTARTSYS. */
static int wait_input(struct tty *tty, struct file *f, u64 deadline)
{
	if (f->flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_mode(&tty->read_wait,
			       n_tty_available(tty) || tty_file_dead(tty, f) || tty->closed_peer,
			       WAIT_INTERRUPTIBLE, deadline);
}

/* A whole line, once. */
static ssize_t read_canonical(struct tty *tty, struct file *f, struct iter *to)
{
	bool end;

	while (!n_tty_available(tty)) {
		int err;

		if (tty_file_dead(tty, f))
			return 0;
		if (tty->closed_peer)
			return -EIO;
		err = wait_input(tty, f, WAIT_FOREVER);
		if (err)
			return err;
	}
	return take_input(tty, to, &end);
}

/* VMIN and VTIME: termios(3), the four cases of noncanonical mode. */
static ssize_t read_raw(struct tty *tty, struct file *f, struct iter *to)
{
	u64 timeout = tty->termios.c_cc[VTIME] * DECISECOND_NSEC;
	ssize_t min = MIN((u64)tty->termios.c_cc[VMIN], to->count), done = 0;
	u64 deadline = !min && timeout ? time_monotonic() + timeout : WAIT_FOREVER;
	bool end;

	for (;;) {
		ssize_t got = take_input(tty, to, &end);
		int err;

		if (got < 0)
			return done ? done : got;
		done += got;
		if (!to->count || done >= MAX(min, 1L) || (!min && (done || !timeout)) ||
		    tty_file_dead(tty, f))
			return done;
		if (tty->closed_peer)
			return done ? done : -EIO;
		if (min && timeout && done)
			deadline = time_monotonic() + timeout;
		err = wait_input(tty, f, deadline);
		if (err)
			return done || err == -ETIMEDOUT ? done : err;
	}
}

ssize_t n_tty_read(struct tty *tty, struct file *f, struct iter *to)
{
	ssize_t done = tty_check_change(tty, SIGTTIN);

	if (done)
		return done;
	if (!to->count)
		return 0;
	done = mutex_lock_interruptible(&tty->read_lock);
	if (done)
		return done;
	done = L_FLAG(tty, ICANON) ? read_canonical(tty, f, to) : read_raw(tty, f, to);
	mutex_unlock(&tty->read_lock);
	return done;
}

/* --- writing --- */

/* Room for one byte at its longest, and output not stopped by VSTOP? */
static bool output_ready(struct tty *tty)
{
	return !tty->stopped_output && tty->driver->write_room(tty) >= TAB_STOP;
}

/* As much of chunk as the driver takes; returns the bytes consumed. */
static size_t write_chunk(struct tty *tty, const char *chunk, size_t n)
{
	char out[OUT_CHUNK * 2];
	size_t used = 0, len = 0;
	size_t room = MIN(tty->driver->write_room(tty), sizeof(out));

	while (used < n && len + TAB_STOP <= room)
		len += output_byte(tty, chunk[used++], out + len);
	emit(tty, out, len);
	return used;
}

ssize_t n_tty_write(struct tty *tty, struct file *f, struct iter *from)
{
	char chunk[OUT_CHUNK];
	ssize_t done = 0;
	int err = L_FLAG(tty, TOSTOP) ? tty_check_change(tty, SIGTTOU) : 0;

	while (!err && from->count) {
		size_t n = MIN(from->count, sizeof(chunk)), used = 0;

		n = iter_copy_from(from, chunk, n);
		if (!n)
			return done ? done : -EFAULT;
		while (used < n && !err) {
			if (tty_file_dead(tty, f) || tty->closed_peer)
				err = -EIO;
			else if (output_ready(tty))
				used += write_chunk(tty, chunk + used, n - used);
			else if (f->flags & O_NONBLOCK)
				err = -EAGAIN;
			else
				err = wait_once(&tty->write_wait, WAIT_INTERRUPTIBLE, WAIT_FOREVER,
						false);
		}
		done += used;
	}
	return done ? done : err;
}
