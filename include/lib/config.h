// SPDX-License-Identifier: MIT
/* lib/config.h - build options: 0 or 1, given by the Makefile (-DOPT_X=1), tested with #if. */
#pragma once

/* Red zones and poison around kernel objects (mm/debug.h). */
#ifndef OPT_DEBUG
#define OPT_DEBUG 0
#endif
