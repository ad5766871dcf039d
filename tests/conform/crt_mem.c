// SPDX-License-Identifier: MIT
/* tests/conform/crt_mem.c - checkpoint of address spaces: maps, pages, copy on write, files in
 * memory, what is charged. See docs/rules/checkpoint-restart.md, CR-MEM. */
#include "crbox.h"

#define MAPS_SIZE 16384
#define FILE_NAME "/tmp/box.f"
#define BIG 64				/* pages */

static char *map_of(size_t pages, int prot, int flags)
{
	char *p = sys_mmap(pages * PAGE_BYTES, prot, flags);

	must((long)p);
	return p;
}

/* --- CR-MEM-01, 08, 09, 23: the list of maps, line by line --- */

static char before[MAPS_SIZE], after[MAPS_SIZE];

/* All of smaps' lines that are no amounts, without device and inode: those are the machine's. */
static void maps_read(char *to)
{
	static char text[8 * MAPS_SIZE];
	char *line = text, *end;
	long n = 0, fd = must(sys_open("/proc/self/smaps", O_RDONLY, 0)), got;

	while ((got = sys_read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += got;
	sys_close(fd);
	text[n] = '\0';
	for (*to = '\0'; *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		if (!strncmp(line, "VmFlags:", 8))
			snprintf(to + strlen(to), MAPS_SIZE - strlen(to), "%s\n", line);
		else if (strchr("0123456789abcdef", *line) && strchr(line, '-'))
			snprintf(to + strlen(to), MAPS_SIZE - strlen(to), "%.*s %s\n",
				 (int)(strchr(strchr(line, ' ') + 6, ' ') - line), line,
				 strchr(line, '/') ? strchr(line, '/') : "");
	}
}

static char *area;
static long brk_end;

static void maps_make(void)
{
	static const int prots[] = { PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_EXEC, 7 };
	static const int advice[] = { MADV_DONTFORK, MADV_WIPEONFORK, MADV_DONTDUMP,
				      MADV_SEQUENTIAL, MADV_RANDOM };
	long fd = must(sys_open(FILE_NAME, O_RDWR | O_CREAT, 0600));

	must(sys(__NR_ftruncate, fd, 3 * PAGE_BYTES));
	area = map_of(30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE);
	for (size_t i = 0; i < LENGTH(prots); i++)
		must(sys(__NR_mprotect, area + 2 * i * PAGE_BYTES, PAGE_BYTES, prots[i]));
	for (size_t i = 0; i < LENGTH(advice); i++)
		must(sys(__NR_madvise, area + (12 + 2 * i) * PAGE_BYTES, PAGE_BYTES, advice[i]));
	must(sys(__NR_mlock, area + 24 * PAGE_BYTES, PAGE_BYTES));
	must(sys(__NR_mlock2, area + 26 * PAGE_BYTES, PAGE_BYTES, MLOCK_ONFAULT));
	must(sys(__NR_mmap, area + 28 * PAGE_BYTES, 2 * PAGE_BYTES, PROT_READ,
		 MAP_SHARED | MAP_FIXED, fd, PAGE_BYTES));
	brk_end = must(sys(__NR_brk, 0));
	brk_end = must(sys(__NR_brk, brk_end + 5 * PAGE_BYTES));
	map_of(4, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
	maps_read(before);
}

static void maps_look(void)
{
	maps_read(after);
	for (size_t i = 0, line = 1; before[i] || after[i]; i++) {
		line += before[i] == '\n';
		if (before[i] != after[i]) {
			box_see_int(line, 0);
			break;
		}
	}
	box_see_int(sys(__NR_brk, 0), brk_end);
	box_see_int(sys(__NR_brk, brk_end + PAGE_BYTES), brk_end + PAGE_BYTES);
	box_see_int(sys(__NR_mprotect, area, PAGE_BYTES, PROT_READ | PROT_WRITE), 0);
	area[0] = 1;
	sys_unlink(FILE_NAME);
}

static void maps(void)
{
	static const struct cr_box box = { maps_make, maps_look, false };

	box_run(&box);
}

/* --- CR-MEM-08: a stack grows afterwards, down to its guard --- */

static char *stack_low, *stack_end;

static void stack_child(void)
{
	stack_low[-1] = 5;		/* one page below: the kernel adds it */
	sys_exit(stack_low[-1] + stack_end[-1]);
}

static void grow_make(void)
{
	long at;

	stack_end = map_of(BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	must(sys(__NR_munmap, stack_end, BIG * PAGE_BYTES));
	stack_end += BIG * PAGE_BYTES;
	stack_low = stack_end - PAGE_BYTES;
	at = sys(__NR_mmap, stack_low, PAGE_BYTES, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
	must(at);
	stack_end[-1] = 2;
}

static void grow_look(void)
{
	long pid = sys_fork();
	int status = 0;

	if (pid == 0)
		stack_child();
	sys_wait4(pid, &status, 0);
	box_see_int(status, 7 << 8);
	box_see_int(stack_end[-1], 2);
}

static void grows(void)
{
	static const struct cr_box box = { grow_make, grow_look, false };

	box_run(&box);
}

/* --- CR-MEM-02, 19: what was not touched is not there, a zero page is nobody's --- */

static bool is_present(const char *at)
{
	unsigned long entry = 0;
	long fd = must(sys_open("/proc/self/pagemap", O_RDONLY, 0));

	must_true(sys_pread(fd, &entry, 8, (long)at / PAGE_BYTES * 8) == 8);
	sys_close(fd);
	return entry >> 63;
}

static long rss_before;

static long rss_kbytes(void)
{
	return strtol(status_field("/proc", 0, "RssAnon:", 0), NULL, 10);
}

static void touch_make(void)
{
	volatile char sum = 0;

	area = map_of(BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	for (int i = 0; i < BIG; i += 4) {
		memset(area + i * PAGE_BYTES, i + 1, PAGE_BYTES);	/* written */
		sum += area[(i + 1) * PAGE_BYTES];			/* read: the zero page */
	}
	rss_before = rss_kbytes();
}

static void touch_look(void)
{
	long now = rss_kbytes();

	box_see(now >= rss_before - 16 && now <= rss_before + 16);
	for (int i = 0; i < BIG; i += 4) {
		const char *page = area + i * PAGE_BYTES;

		box_see(is_present(page));
		box_see(!is_present(page + 2 * PAGE_BYTES));
		for (int k = 0; k < PAGE_BYTES; k++)
			if (page[k] != (char)(i + 1) || page[k + PAGE_BYTES])
				box_tell(HERE, "a byte", k, i);
	}
}

static void touched(void)
{
	static const struct cr_box box = { touch_make, touch_look, false };

	box_run(&box);
}

/* --- CR-MEM-03, 14: pages of two until one writes, charged once --- */

static long charged, partner, third;

static void cow_partner(void)
{
	box_pause();
	box_see_int(area[0], 7);
	memset(area, 9, BIG * PAGE_BYTES);
	box_pause();
	box_see_int(area[BIG * PAGE_BYTES - 1], 9);
}

static void cow_third(void)
{
	area[PAGE_BYTES] = 3;		/* one page is its own before the checkpoint */
	box_pause();
	box_see_int(area[PAGE_BYTES], 3);
	box_see_int(area[0], 7);
}

static void cow_make(void)
{
	area = map_of(BIG, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	memset(area, 7, BIG * PAGE_BYTES);
	partner = box_partner(cow_partner);
	third = box_partner(cow_third);
	charged = cg_number("box", "memory.current", NULL);
}

static void cow_look(void)
{
	long now = cg_number("box", "memory.current", NULL), more, few = BIG / 4 * PAGE_BYTES;
	long shared = BIG * PAGE_BYTES;	/* at most, with the runner, who had paid */

	/* Page tables and stacks may differ a little; the shared pages count once. */
	if (charged >= 0)
		box_see(now < charged + shared && now > charged - few);
	sys_kill(partner, SIGCONT);
	sys_wait4(partner, NULL, WUNTRACED);
	more = cg_number("box", "memory.current", NULL);
	if (charged >= 0)
		box_see(more - now >= BIG * PAGE_BYTES / 4 * 3);
	box_see_int(area[0], 7);
	box_see_int(area[PAGE_BYTES], 7);
	box_resume(third);
	box_resume(partner);
	box_see_int(area[BIG * PAGE_BYTES - 1], 7);
}

static void cow(void)
{
	static const struct cr_box box = { cow_make, cow_look, false };

	box_controller("memory");
	box_run(&box);
}

/* --- CR-MEM-05, 06, 07: files in memory: own pages, the file's, a file without a name --- */

static char *own, *common, *ghost;

static void files_make(void)
{
	long fd = must(sys_open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600)), gone;

	must(sys(__NR_ftruncate, fd, 4 * PAGE_BYTES));
	must_true(sys_pwrite(fd, "page one", 8, 0) == 8);
	must_true(sys_pwrite(fd, "page two", 8, PAGE_BYTES) == 8);
	own = (char *)sys(__NR_mmap, 0, 4 * PAGE_BYTES, 3, MAP_PRIVATE, fd, 0);
	must((long)own);
	common = (char *)sys(__NR_mmap, 0, 2 * PAGE_BYTES, 3, MAP_SHARED, fd, PAGE_BYTES);
	must((long)common);
	must_true(own[0] == 'p' && own[PAGE_BYTES] == 'p');
	strcpy(own, "mine");
	gone = must(sys_open("/tmp/box.g", O_RDWR | O_CREAT, 0600));
	must(sys(__NR_ftruncate, gone, PAGE_BYTES));
	ghost = (char *)sys(__NR_mmap, 0, PAGE_BYTES, 3, MAP_SHARED, gone, 0);
	must((long)ghost);
	must(sys_unlink("/tmp/box.g"));
	strcpy(ghost, "nameless");
	sys_close(fd);
	sys_close(gone);
}

static void files_look(void)
{
	static char text[64];
	long fd = sys_open(FILE_NAME, O_RDWR, 0);

	box_see(!strcmp(own, "mine"));
	box_see(!strcmp(own + PAGE_BYTES, "page two"));
	box_see(!strcmp(common, "page two"));
	strcpy(common + PAGE_BYTES, "written");
	box_see(sys_pread(fd, text, 8, 2 * PAGE_BYTES) == 8 && !strcmp(text, "written"));
	box_see(sys_pwrite(fd, "PAGE TWO", 8, PAGE_BYTES) == 8);
	box_see(!strcmp(common, "PAGE TWO"));
	box_see(!strcmp(own + PAGE_BYTES, "PAGE TWO"));	/* not written yet: still the file's */
	box_see(sys_pread(fd, text, 8, 0) == 8 && !strncmp(text, "page one", 8));
	box_see(!strcmp(ghost, "nameless"));
	box_see(sys_open("/tmp/box.g", O_RDONLY, 0) == -ENOENT);
	sys_unlink(FILE_NAME);
}

static void files(void)
{
	static const struct cr_box box = { files_make, files_look, false };

	box_run(&box);
}

const struct test_case crt_mem_cases[] = {
	{ "CR-MEM-01", "maps: bounds, protection, flags, offsets", maps, 0, 30 },
	{ "CR-MEM-02", "pages that were not touched are not there", touched, 0, 30 },
	{ "CR-MEM-03", "pages are shared until one writes", cow, 0, 30 },
	{ "CR-MEM-05", "private pages of a file, and the file's own", files, 0, 30 },
	{ "CR-MEM-06", "shared maps have the same file again", files, 0, 30 },
	{ "CR-MEM-07", "a map of a file without a name", files, 0, 30 },
	{ "CR-MEM-08", "a stack still grows", grows, 0, 30 },
	{ "CR-MEM-09", "advice and locks of maps", maps, 0, 30 },
	{ "CR-MEM-10", "the end of data, and where it may go", maps, 0, 30 },
	{ "CR-MEM-14", "memory is charged once, to the same group", cow, 0, 30 },
	{ "CR-MEM-19", "the zero page is nobody's", touched, 0, 30 },
	{ "CR-MEM-23", "every map is at its old address", maps, 0, 30 },
	{},
};
