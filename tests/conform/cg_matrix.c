// SPDX-License-Identifier: MIT
/* tests/conform/cg_matrix.c - CG-62: every control file with every kind of bad, odd and good input.
 *
 * A row of the matrix is a file, a column an input; each write meets a new cgroup. What came of it
 * is a letter, so a row is a word: "." taken, or an errno by results[]. What the file then says is
 * observed. Memberships are written in a pid namespace, where the numbers name nobody but its init.
 * See Documentation/admin-guide/cgroup-v2.rst, "Format". */
#include <linux/uio.h>

#include "cgutil.h"

#define PAGE_ONES 4096
#define TEXT_SHOWN 60
#define FILE_END 0x7fffffffl	/* no position is behind it */

static char ones[2 * PAGE_BYTES], blanks[PAGE_BYTES + 1];

static const struct input {
	const char *name, *text;
	long len;		/* 0: all of text */
} inputs[] = {
	{ "empty", "", 0 }, { "blank", " ", 0 }, { "newline", "\n", 0 }, { "tabs", "\t1\t", 0 },
	{ "0", "0", 0 }, { "1", "1", 0 }, { "2", "2", 0 }, { "minus", "-1", 0 },
	{ "plus", "+1", 0 }, { "signs", "--1", 0 }, { "00", "00", 0 }, { "octal", "010", 0 },
	{ "no_octal", "09", 0 }, { "hex", "0x10", 0 }, { "only_0x", "0x", 0 },
	{ "behind", "1x", 0 }, { "word", "x", 0 }, { "two", "1 1", 0 }, { "lines", "1\n1", 0 },
	{ "newlines", "1\n\n", 0 }, { "max", "max", 0 }, { "max_around", " max\n", 0 },
	{ "MAX", "MAX", 0 }, { "maxx", "maxx", 0 }, { "ma", "ma", 0 },
	{ "s32", "2147483647", 0 }, { "s32_over", "2147483648", 0 },
	{ "s32_under", "-2147483649", 0 }, { "u32_over", "4294967296", 0 },
	{ "s64", "9223372036854775807", 0 }, { "s64_over", "9223372036854775808", 0 },
	{ "u64", "18446744073709551615", 0 }, { "u64_over", "18446744073709551616", 0 },
	{ "huge", "99999999999999999999999999", 0 },
	{ "huge_minus", "-99999999999999999999999999", 0 },
	{ "nul", "\0", 1 }, { "1_nul", "1\0", 2 }, { "1_nul_junk", "1\0junk", 6 },
	{ "nul_1", "\0" "1", 2 }, { "K", "1K", 0 }, { "only_K", "K", 0 }, { "dot", "1.5", 0 },
	{ "comma", "1,2", 0 }, { "bytes", "\xff\xfe", 0 }, { "sign", "+", 0 },
	{ "unknown", "+nosuch", 0 }, { "pids", "+pids", 0 }, { "off_on", "-pids +pids", 0 },
	{ "no_sign", "pids", 0 }, { "glued", "+pids+memory", 0 }, { "threaded", "threaded", 0 },
	{ "domain", "domain", 0 }, { "page", ones, PAGE_ONES },
	{ "page_blanks", blanks, PAGE_BYTES }, { "page_over", blanks, PAGE_BYTES + 1 },
	{ "pages", ones, 2 * PAGE_BYTES },
};

static const struct {
	long ret;
	char letter;
} results[] = {
	{ -EINVAL, 'I' }, { -ERANGE, 'R' }, { -ESRCH, 'S' }, { -ENOENT, 'N' }, { -EBUSY, 'B' },
	{ -EOPNOTSUPP, 'O' }, { -E2BIG, '2' }, { -EAGAIN, 'A' }, { -EFAULT, 'F' },
	{ -EACCES, 'C' }, { -EPERM, 'P' },
};

static char letter_of(long ret, long len)
{
	if (ret == len)
		return '.';
	for (size_t i = 0; i < LENGTH(results); i++)
		if (results[i].ret == ret)
			return results[i].letter;
	return '?';
}

static void fill_pages(void)
{
	memset(ones, '1', sizeof(ones));
	memset(blanks, ' ', sizeof(blanks));
	blanks[0] = '1';
}

/* What the file says now, in a line. */
static const char *says(const char *cg, const char *file)
{
	static char line[TEXT_SHOWN];
	size_t n;

	snprintf(line, sizeof(line), "%s", cg_read(cg, file));
	for (n = 0; line[n]; n++)
		if (line[n] == '\n')
			line[n] = '/';
	return line;
}

static char one_write(const char *file, const struct input *in, bool show)
{
	long len = in->len ? in->len : (long)strlen(in->text), fd, ret;
	char key[64];

	cg_make("x");
	fd = must(cg_open("x", file, O_WRONLY));
	ret = sys_write(fd, in->text, len);
	sys_close(fd);
	snprintf(key, sizeof(key), "%s.%s", file, in->name);
	if (show)
		observe(HERE, key, says("x", file));
	cg_write("x", "cgroup.freeze", "0");
	if (cg_lists("x", "cgroup.threads", sys_getpid()))
		must(cg_join("/", 0));
	must(cg_remove("x"));
	return letter_of(ret, len);
}

struct matrix_row {
	const char *file;
	bool show;			/* it can be read, and says the same everywhere */
	const char *want;
};

static void one_row(const struct matrix_row *row)
{
	char word[LENGTH(inputs) + 1] = "";

	for (size_t i = 0; i < LENGTH(inputs); i++)
		word[i] = one_write(row->file, &inputs[i], row->show);
	check_str(row->file, word, row->want);
}

static void rows(const struct matrix_row *row, size_t n, bool memory)
{
	fill_pages();
	cg_begin();
	if (memory)
		cg_enable("memory");
	cg_enable("pids");
	for (size_t i = 0; i < n; i++)
		one_row(&row[i]);
}

/* --- the matrix --- */

static const struct matrix_row core[] = {
	{ "cgroup.max.depth", true,
	  ".II....R.I..I.IIIII...III.RRRRRRRRRI..IIIIIIIIIIIIIIR.22" },
	{ "cgroup.max.descendants", true,
	  ".II....R.I..I.IIIII...III.RRRRRRRRRI..IIIIIIIIIIIIIIR.22" },
	{ "cgroup.freeze", true,
	  ".II...RR.I.RIRIIIII.IIIIIRRRRRRRRRRI..IIIIIIIIIIIIIIR.22" },
	{ "cgroup.kill", false,
	  ".II.R.RR.IRRIRIIIII.IIIIIRRRRRRRRRRI..IIIIIIIIIIIIIIR.22" },
	{ "cgroup.type", true,
	  ".IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII.III22" },
	{ "cgroup.subtree_control", true,
	  "...IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII.II.IIIIIII..IIIIII22" },
};

static const struct matrix_row membership[] = {
	{ "cgroup.procs", false,
	  ".II...SI.I.SISIIIII.IIIIISIIIIIIIIII..IIIIIIIIIIIIIII.22" },
	{ "cgroup.threads", false,
	  ".IIOOOSIOIOSISIIIIIOIIIIISIIIIIIIIIIOOIIIIIIIIIIIIIIIO22" },
};

static const struct matrix_row of_pids[] = {
	{ "pids.max", true,
	  ".II....I.I..I.IIIII...IIIIIIIIRRRRRI..IIIIIIIIIIIIIIR.22" },
};

static const struct matrix_row of_memory[] = {
	{ "memory.min", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.low", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.high", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.max", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.swap.high", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.swap.max", true,
	  ".......III..I.IIIII...III..I......I......IIIIIIIIIII..22" },
	{ "memory.oom.group", true,
	  ".II...II.I.IIIIIIII.IIIIIIRRRRRRRRRI..IIIIIIIIIIIIIIR.22" },
	{ "memory.reclaim", false,
	  ".AA....III..I.IIIII.IIIIIAAIAAAA.AIA..A..IIIIIIIIIIIA.22" },
};

#define READ_ONLY ".IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII22"

static const struct matrix_row read_only[] = {
	{ "cgroup.controllers", true, READ_ONLY }, { "cgroup.events", true, READ_ONLY },
	{ "cgroup.stat", true, READ_ONLY }, { "cpu.stat", false, READ_ONLY },
	{ "pids.current", true, READ_ONLY }, { "pids.events", true, READ_ONLY },
	{ "pids.peak", true, READ_ONLY }, { "memory.current", true, READ_ONLY },
	{ "memory.events", true, READ_ONLY }, { "memory.events.local", true, READ_ONLY },
	{ "memory.peak", true, READ_ONLY }, { "memory.stat", false, READ_ONLY },
	{ "memory.numa_stat", false, READ_ONLY }, { "memory.swap.current", true, READ_ONLY },
	{ "memory.swap.events", true, READ_ONLY },
};

static void matrix_core(void)
{
	rows(core, LENGTH(core), false);
}

static void write_members(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	for (size_t i = 0; i < LENGTH(membership); i++)
		one_row(&membership[i]);
}

static void matrix_members(void)
{
	fill_pages();
	cg_begin();
	run_child(CLONE_NEWPID, write_members, NULL);
}

static void matrix_pids(void)
{
	rows(of_pids, LENGTH(of_pids), false);
}

static void matrix_memory(void)
{
	rows(of_memory, LENGTH(of_memory), true);
}

static void matrix_read_only(void)
{
	rows(read_only, LENGTH(read_only), true);
}

/* --- ways to write --- */

static const struct {
	const char *file, *one, *two, *both;
} halves[] = {
	{ "cgroup.max.depth", "1", "2", "12\n" },
	{ "cgroup.max.descendants", "m", "ax", "max\n" },
	{ "cgroup.freeze", "0x", "1", "1\n" },
	{ "pids.max", "4", "2", "42\n" },
	{ "memory.high", "819", "2", "8192\n" },
	{ "memory.max", "1", "M", "1048576\n" },
	{ "memory.oom.group", "", "1", "1\n" },
	{ "cgroup.subtree_control", "+pi", "ds", "pids\n" },
};

/* A vector is one write; two writes are two; where they are in the file means nothing. */
static void in_pieces(const char *file, const char *one, const char *two, const char *both)
{
	struct iovec parts[] = { { (void *)one, strlen(one) }, { (void *)two, strlen(two) } };
	long all = strlen(one) + strlen(two), fd = must(cg_open("x", file, O_RDWR));
	char key[64];

	snprintf(key, sizeof(key), "%s.vector", file);
	check_ret(key, sys(__NR_writev, fd, parts, 2), all);
	check_cg(key, "x", file, both);
	snprintf(key, sizeof(key), "%s.far_away", file);
	check_ret(key, sys_lseek(fd, FILE_END + 1, SEEK_SET), -EINVAL);
	check_ret(key, sys_lseek(fd, FILE_END, SEEK_SET), FILE_END);
	check_ret(key, sys(__NR_writev, fd, parts, 2), all);
	check_ret(key, sys(__NR_pwritev, fd, parts, 2, 12345, 0), all);
	check_cg(key, "x", file, both);
	snprintf(key, sizeof(key), "%s.bad_vector", file);
	parts[0].iov_base = KERNEL_ADDRESS;
	parts[0].iov_len = 1;
	check_ret(key, sys(__NR_writev, fd, parts, 2), -EFAULT);
	check_cg(key, "x", file, both);
	snprintf(key, sizeof(key), "%s.append", file);
	sys_close(fd);
	fd = must(cg_open("x", file, O_WRONLY | O_APPEND | O_TRUNC));
	check_ret(key, sys(__NR_writev, fd, &parts[1], 0), 0);
	check_cg(key, "x", file, both);
	sys_close(fd);
}

static void pieces(void)
{
	cg_begin();
	cg_enable("memory");
	cg_enable("pids");
	cg_make("x");
	for (size_t i = 0; i < LENGTH(halves); i++)
		in_pieces(halves[i].file, halves[i].one, halves[i].two, halves[i].both);
}

/* --- ways to read --- */

static const char *const readable_files[] = {
	"cgroup.type", "cgroup.procs", "cgroup.threads", "cgroup.controllers",
	"cgroup.subtree_control", "cgroup.events", "cgroup.max.descendants", "cgroup.max.depth",
	"cgroup.stat", "cgroup.freeze", "pids.max", "pids.current", "pids.events", "pids.peak",
	"memory.max", "memory.high", "memory.low", "memory.min", "memory.events",
	"memory.events.local", "memory.oom.group", "memory.swap.max", "memory.swap.events",
};

/* Byte by byte, from any place, and with bad buffers. */
static void small_reads(const char *file)
{
	char whole[CG_TEXT], piece[CG_TEXT];
	long fd = must(cg_open("x", file, O_RDONLY)), len, n = 0;
	bool same = true;

	len = must(sys_read(fd, whole, sizeof(whole)));
	check_int(file, len == 0 || whole[len - 1] == '\n', 1);
	must(sys_lseek(fd, 0, SEEK_SET));
	while (sys_read(fd, piece + n, 1) == 1)
		n++;
	same &= n == len && memcmp(whole, piece, len) == 0;
	for (long at = 0; at <= len + 1; at++) {
		n = sys_pread(fd, piece, sizeof(piece), at);
		same &= at >= len ? n == 0 : n == len - at && !memcmp(whole + at, piece, n);
	}
	check_int(file, same, 1);
	check_ret(file, sys_pread(fd, whole, 0, 0), 0);
	check_ret(file, sys_pread(fd, whole, 1, 1l << 40), 0);
	check_ret(file, sys_pread(fd, whole, 1, -1), -EINVAL);
	check_ret(file, sys_pread(fd, KERNEL_ADDRESS, 64, 0), -EFAULT);
	sys_close(fd);
}

static void readers(void)
{
	long pid;

	cg_begin();
	cg_enable("memory");
	cg_enable("pids");
	cg_make("x");
	pid = cg_idle("x");
	for (size_t i = 0; i < LENGTH(readable_files); i++)
		small_reads(readable_files[i]);
	end_idle(pid);
}

const struct test_case cg_matrix_cases[] = {
	{ "CG-62.core", "what each file of the core takes", matrix_core, 0, 60 },
	{ "CG-62.members", "what files of members take", matrix_members, CLONE_NEWPID, 60 },
	{ "CG-62.pids", "what each file of pids takes", matrix_pids, 0, 60 },
	{ "CG-62.memory", "what each file of memory takes", matrix_memory, 0, 60 },
	{ "CG-62.read_only", "what is only read takes nothing", matrix_read_only, 0, 60 },
	{ "CG-62.pieces", "a vector is one write, two writes are two", pieces, 0, 0 },
	{ "CG-62.readers", "small buffers and places anywhere", readers, 0, 20 },
	{ 0 },
};
