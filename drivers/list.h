// SPDX-License-Identifier: MIT
/* drivers/list.h - the consoles, in the order in which the first present is the default.
 *
 *   CONSOLE(variable) */
#pragma once

#define CONSOLES(CONSOLE) \
	CONSOLE(vga_console) \
	CONSOLE(serial0_console) \
	CONSOLE(serial1_console)
