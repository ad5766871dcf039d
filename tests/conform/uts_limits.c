// SPDX-License-Identifier: MIT
/* tests/conform/uts_limits.c - UTSNS-03: lengths, pointers and bytes of names.
 *
 * Both calls take 0 to 64 bytes of anything. A refused call changes nothing.
 * See sethostname(2), setdomainname(2), uname(2). */
#include <limits.h>
#include "conform.h"

/* The two calls side by side: every edge is tried on both. */
static const struct name_call {
	const char *name;
	long number;
	const char *(*read)(void);
} calls[] = {
	{ "hostname", __NR_sethostname, node },
	{ "domainname", __NR_setdomainname, domain },
};

static const char *key_of(const struct name_call *call, const char *what)
{
	static char key[64];

	snprintf(key, sizeof(key), "%s.%s", call->name, what);
	return key;
}

static void lengths(void)
{
	static const struct {
		long len;
		long want;
	} edges[] = {
		{ -1, -EINVAL }, { INT_MIN, -EINVAL }, { 0, 0 }, { 1, 0 }, { 63, 0 },
		{ 64, 0 }, { 65, -EINVAL }, { 66, -EINVAL }, { 4096, -EINVAL },
		{ INT_MAX, -EINVAL },
		/* The length is an int: the upper half is not looked at. */
		{ (1l << 32) + 5, 0 }, { 0xffffffffl, -EINVAL },
	};
	char name[NAME_LEN + 8], what[48];

	private_uts("kept");
	name_of_len(name, NAME_LEN + 2);
	for (size_t c = 0; c < LENGTH(calls); c++) {
		for (size_t i = 0; i < LENGTH(edges); i++) {
			must(sys(calls[c].number, "kept", 4));
			snprintf(what, sizeof(what), "len_%ld", edges[i].len);
			check_ret(key_of(&calls[c], what),
				  sys(calls[c].number, name, edges[i].len), edges[i].want);
			obs_str(key_of(&calls[c], "then"), calls[c].read());
			if (edges[i].want)
				expect_str(calls[c].read(), "kept");
			else
				expect_eq(strlen(calls[c].read()), (int)edges[i].len);
		}
	}
}

/* Try one pointer; a refused one leaves the name as it was. */
static void try_pointer(const struct name_call *call, const char *what, const void *at,
			long len, long want)
{
	must(sys(call->number, "kept", 4));
	check_ret(key_of(call, what), sys(call->number, at, len), want);
	obs_str(key_of(call, "then"), call->read());
	if (want)
		expect_str(call->read(), "kept");
}

static void pointers(void)
{
	char *hole = page_with_hole();

	private_uts("kept");
	memset(hole - 16, 'e', 16);
	for (size_t c = 0; c < LENGTH(calls); c++) {
		const struct name_call *call = &calls[c];

		try_pointer(call, "null_len_0", NULL, 0, 0);
		try_pointer(call, "null_len_1", NULL, 1, -EFAULT);
		try_pointer(call, "kernel", KERNEL_ADDRESS, 4, -EFAULT);
		try_pointer(call, "kernel_len_0", KERNEL_ADDRESS, 0, 0);
		try_pointer(call, "minus_1", (void *)-1l, 4, -EFAULT);
		try_pointer(call, "wraps", (void *)-4l, 64, -EFAULT);
		try_pointer(call, "non_canonical", (void *)(1l << 62), 4, -EFAULT);
		try_pointer(call, "hole", hole, 4, -EFAULT);
		try_pointer(call, "half_mapped", hole - 2, 4, -EFAULT);
		try_pointer(call, "up_to_the_hole", hole - 4, 4, 0);
		/* Length is checked before the pointer. */
		try_pointer(call, "null_len_65", NULL, 65, -EINVAL);
	}
}

/* A shorter name wipes the longer one to its last byte. */
static void no_old_bytes(void)
{
	struct new_utsname name;
	char longest[NAME_LEN + 1];

	private_uts("x");
	name_of_len(longest, NAME_LEN);
	set_node(longest);
	set_domain(longest);
	set_node("ab");
	must(sys_setdomainname("c", 1));
	must(sys_uname(&name));
	obs_bytes("nodename", name.nodename, sizeof(name.nodename));
	obs_bytes("domainname", name.domainname, sizeof(name.domainname));
	for (size_t i = 2; i < sizeof(name.nodename); i++)
		expect_eq(name.nodename[i], 0);
	must(sys_sethostname("", 0));
	must(sys_uname(&name));
	check_int("empty.first_byte", name.nodename[0], 0);
}

/* Names are bytes: NUL, newline, slash, 0xff and all. */
static void any_bytes(void)
{
	static const struct {
		const char *key, *bytes;
		int len;
	} names[] = {
		{ "nul", "a\0b", 3 }, { "newline", "a\nb\n", 4 }, { "slash", "../a/b", 6 },
		{ "high", "\xff\xc3\xa9\x80", 4 }, { "space", "  a b  ", 7 },
		{ "only_nul", "\0\0", 2 },
	};
	struct new_utsname name;

	private_uts("x");
	for (size_t i = 0; i < LENGTH(names); i++) {
		expect_ret(sys_sethostname(names[i].bytes, names[i].len), 0);
		must(sys_uname(&name));
		obs_bytes(names[i].key, name.nodename, 10);
		expect_eq(memcmp(name.nodename, names[i].bytes, names[i].len), 0);
	}
}

static void bad_uname_buffers(void)
{
	char *hole = page_with_hole();
	long size = sizeof(struct new_utsname);

	check_int("size", size, 390);
	check_ret("null", sys_uname(NULL), -EFAULT);
	check_ret("kernel", sys_uname(KERNEL_ADDRESS), -EFAULT);
	check_ret("half_mapped", sys_uname(hole - size + 1), -EFAULT);
	check_ret("up_to_the_hole", sys_uname(hole - size), 0);
	check_str("sysname", hole - size, "Linux");
}

/* After each refusal the next good call works. */
static void retry(void)
{
	private_uts("start");
	for (int i = 0; i < 100; i++) {
		expect_errno(sys_sethostname("x", 65), EINVAL);
		expect_errno(sys_sethostname(NULL, 5), EFAULT);
		expect_ret(sys_sethostname(i % 2 ? "odd" : "even", i % 2 ? 3 : 4), 0);
		if (verdict_failed())
			return;
	}
	check_str("last", node(), "odd");
}

const struct test_case uts_limits_cases[] = {
	{ "UTSNS-03", "a name has 0 to 64 bytes", lengths, 0, 0 },
	{ "UTSNS-03.pointers", "a bad pointer is EFAULT and changes nothing",
	  pointers, 0, 0 },
	{ "UTSNS-03.wipe", "a shorter name leaves no byte of the longer",
	  no_old_bytes, 0, 0 },
	{ "UTSNS-03.bytes", "a name may hold any bytes", any_bytes, 0, 0 },
	{ "UTSNS-03.uname", "uname fills 390 bytes or fails", bad_uname_buffers, 0, 0 },
	{ "UTSNS-03.retry", "after a refusal the next call works", retry, 0, 0 },
	{ 0 },
};
