// SPDX-License-Identifier: MIT
/* asm/stat.h - Linux's header of this name, which has a field where newlib
 * has a macro. */
#pragma push_macro("__unused")
#undef __unused
#include_next <asm/stat.h>
#pragma pop_macro("__unused")
