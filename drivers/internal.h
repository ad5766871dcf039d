// SPDX-License-Identifier: MIT
/* drivers/internal.h - what the files of this room share. */
#pragma once

#include "drivers/console.h"
#include "drivers/list.h"

#define DECLARE(variable) extern struct console variable;
CONSOLES(DECLARE)
#undef DECLARE

/* --- keyboard.c: the keys of the VGA console --- */
void keyboard_start(struct console *con);
