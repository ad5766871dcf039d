// SPDX-License-Identifier: MIT
/* fs/proc_text.c - sets of processors and nodes as text (masks and lists), and names in lines. */

#include "fs/proc_fs.h"

#define WORD_BITS 32
#define NIBBLE_BITS 4

void text_bitmap_hex(struct text *t, u64 bits, unsigned nr)
{
	unsigned words = (nr + WORD_BITS - 1) / WORD_BITS;
	unsigned top = nr - (words - 1) * WORD_BITS;

	for (unsigned w = words; w-- > 0;) {
		int digits = w == words - 1 ? (top + NIBBLE_BITS - 1) / NIBBLE_BITS
					    : WORD_BITS / NIBBLE_BITS;
		u32 word = w < 2 ? bits >> (w * WORD_BITS) : 0;

		text_printf(t, "%0*x%s", digits, word, w ? "," : "");
	}
}

void text_bitmap_list(struct text *t, u64 bits)
{
	const char *comma = "";

	for (unsigned first = 0; first < 2 * WORD_BITS; first++) {
		unsigned last = first;

		if (!(bits & BIT(first)))
			continue;
		while (last + 1 < 2 * WORD_BITS && (bits & BIT(last + 1)))
			last++;
		text_printf(t, last > first ? "%s%u-%u" : "%s%u", comma, first, last);
		comma = ",";
		first = last;
	}
}

void text_quote_newlines(struct text *t, const char *s)
{
	if (!strchr(s, '\n')) {
		text_puts(t, s);
		return;
	}
	for (; *s; s++) {
		if (*s == '\n')
			text_puts(t, "\\012");
		else
			text_putc(t, *s);
	}
}
