// SPDX-License-Identifier: MIT
/* machine/time.h - clock(3) counts in the ticks of times(2), of which Linux
 * has 100 a second. */
#ifndef _MACHTIME_H_
#define _MACHTIME_H_
#define _CLOCKS_PER_SEC_ 100
#endif
