// SPDX-License-Identifier: MIT
/* abi/stat.h - <asm/stat.h>, past newlib's macro of the name of one of its fields. */
#pragma once

#include <string.h>
#pragma push_macro("__unused")
#undef __unused
#include <asm/stat.h>
#pragma pop_macro("__unused")
