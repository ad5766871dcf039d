/* SPDX-License-Identifier: MIT */
/* tests/conform/fail.h - cases while an allocation fails: fail.c and run.c. */
#pragma once

#include "conform.h"

#define FAIL_LIMIT_SEC 1	/* for a case whose setup has failed: nobody comes any more */

/* run.c */
void run_case(const struct test_case *test);
void run_audit(void);

/* fail.c */
void fail_each(const struct test_case *test, const char *how);
bool fail_running(void);
bool fail_happened(void);
void fail_begin(void);		/* in the case's process */
