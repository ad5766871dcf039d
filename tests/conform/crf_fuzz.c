// SPDX-License-Identifier: MIT
/* tests/conform/crf_fuzz.c - restart of images that were damaged: CR-IMG-05.
 *
 * The image of a box with every kind of file is mutated MUTATIONS times, always the same: bits and
 * bytes, whole fields, ends cut off, members left out, twice, in another order, lengths gone wild,
 * messages nested and numbers too long; root reads them, and a plain user.
 * Each must be refused with a reason in the log, or give a tree (that never runs: it is restarted
 * frozen, and killed). Afterwards memory is back, and the runner's audit is clean. */
#include "crbox.h"

#include <linux/inotify.h>

#define MUTATIONS 5000
#define USER_EACH 4			/* of so many one is tried by a user first */
#define IMAGE "/tmp/box.fuzz"
#define IMAGE_MAX (2 << 20)
#define MEMBERS_MAX 256
#define TAR_BLOCK 512
#define SIZE_AT 124
#define SUM_AT 148
#define SUM_SIZE 8
#define FROZEN 2
#define LOST_KBYTES 2048		/* caches that grew, page tables */

static char original[IMAGE_MAX], mutated[IMAGE_MAX + 8192];
static struct { long at, size; bool pages; } member[MEMBERS_MAX];
static long image_size, member_count;
static unsigned long seed = 42;

static unsigned long chance(unsigned long n)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (seed >> 33) % n;
}

/* --- a box with a little of everything --- */

static long partner;

static void idle(void)
{
	box_pause();
}

static void make_files(void)
{
	struct flock lock = { .l_type = F_WRLCK, .l_start = 3, .l_len = 4 };
	int fds[2];
	long fd = must(sys_open("/tmp/box.a", O_CREAT | O_RDWR, 0600));

	must(sys_write(fd, "some words", 10));
	must(sys_fcntl(fd, F_SETLK, &lock));
	must(sys(__NR_flock, fd, 2));
	fd = must(sys_open("/tmp/box.b", O_CREAT | O_RDWR, 0600));
	must(sys_write(fd, "a ghost", 7));
	must(sys_unlink("/tmp/box.b"));
	must(sys_open("/tmp", O_RDONLY | O_DIRECTORY, 0));
	must(sys(__NR_memfd_create, "box", 2));
	must(sys_pipe(fds, 0));
	must(sys_write(fds[1], "in a pipe", 9));
	must(sys_fcntl(fds[0], F_SETOWN, sys_getpid()));
	must(sys_fcntl(fds[0], F_SETSIG, SIGUSR1));
	must(sys(__NR_mknod, "/tmp/box.c", S_IFIFO | 0600, 0));
	fd = must(sys_open("/tmp/box.c", O_RDWR, 0));
	must(sys_write(fd, "in a fifo", 9));
}

static void make_sockets(void)
{
	struct { unsigned short family; char path[16]; } name = { 1, "/tmp/box.d" };
	struct { unsigned long len; int level, type, fd[2]; } rights = { 24, 1, 1, { 0, 1 } };
	struct { const char *base; unsigned long len; } io = { "word", 4 };
	struct {
		void *name;
		long name_len;
		void *io;
		unsigned long ios;
		void *control;
		unsigned long control_len;
		long flags;
	} m = { .io = &io, .ios = 1, .control = &rights, .control_len = sizeof(rights) };
	int pair[2];
	long l, c;

	must(sys(__NR_socketpair, 1, 2, 0, pair));
	must(sys_write(pair[0], "datagram", 8));
	must(sys(__NR_socketpair, 1, 1, 0, pair));
	rights.fd[1] = pair[1];
	must(sys(__NR_sendmsg, pair[0], &m, 0));
	l = must(sys(__NR_socket, 1, 1, 0));
	must(sys(__NR_bind, l, &name, sizeof(name)));
	must(sys(__NR_listen, l, 3));
	c = must(sys(__NR_socket, 1, 1, 0));
	must(sys(__NR_connect, c, &name, sizeof(name)));
	must(sys_write(c, "hello", 5));
}

static void make_events(void)
{
	unsigned long mask = 1ul << (SIGUSR1 - 1);
	struct { unsigned events; unsigned long data; } __attribute__((packed)) ev = { 1, 7 };
	long ep = must(sys(__NR_epoll_create1, 0)), fd = must(sys(__NR_eventfd2, 3, 0));

	must(sys(__NR_epoll_ctl, ep, 1, fd, &ev));
	must(sys(__NR_signalfd4, -1, &mask, SIGSET_BYTES, 0));
	must(sys(__NR_timerfd_create, 1, 0));
	fd = must(sys(__NR_inotify_init1, O_NONBLOCK));
	must(sys(__NR_inotify_add_watch, fd, "/tmp", IN_CREATE));
	must(sys_close(must(sys_open("/tmp/box.e", O_CREAT | O_RDWR, 0600))));
	must(sys_unlink("/tmp/box.e"));
	must(sys_pidfd_open(sys_getpid()));
}

static void make_terminal(void)
{
	int zero = 0;
	long m;

	sys_mkdir("/tmp/box.pts", 0755);
	must(sys_mount("devpts", "/tmp/box.pts", "devpts", 0, "ptmxmode=666"));
	must(sys_setsid());
	m = must(sys_open("/tmp/box.pts/ptmx", O_RDWR | O_NOCTTY, 0));
	must(sys_ioctl(m, TIOCSPTLCK, &zero));
	must(sys_open("/tmp/box.pts/0", O_RDWR, 0));
	must(sys_write(m, "typed\n", 6));
}

static void make(void)
{
	char *shared = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);

	shared[0] = 1;
	make_files();
	make_sockets();
	make_events();
	make_terminal();
	partner = box_partner(idle);
}

/* --- mutations --- */

static void members_find(void)
{
	long at = 0;

	while (at + TAR_BLOCK < image_size && original[at] && member_count < MEMBERS_MAX) {
		long size = strtol(original + at + SIZE_AT, NULL, 8);

		member[member_count].at = at;
		member[member_count].pages = !strncmp(original + at, "pages-", 6) ||
					     !strncmp(original + at, "plimsoll-pad", 12);
		member[member_count++].size = size;
		at += TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
	}
}

static long whole(long k)
{
	return TAR_BLOCK + (member[k].size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* A member that is not pages, mostly; and a byte in it. */
static long somewhere(long *k)
{
	do
		*k = chance(member_count);
	while (!member[*k].size || (member[*k].pages && chance(64)));
	return member[*k].at + TAR_BLOCK + chance(member[*k].size);
}

static void checksum_mend(char *header)
{
	unsigned sum = 0;

	memset(header + SUM_AT, ' ', SUM_SIZE);
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += (unsigned char)header[i];
	snprintf(header + SUM_AT, SUM_SIZE, "%06o", sum);
	header[SUM_AT + SUM_SIZE - 1] = ' ';
}

static long flip_bit(void)
{
	long k, at = somewhere(&k);

	mutated[at] ^= 1 << chance(8);
	return image_size;
}

static long set_byte(void)
{
	static const unsigned char wild[] = { 0, 1, 0x7f, 0x80, 0xff };
	long k, at = somewhere(&k);

	mutated[at] = chance(2) ? wild[chance(sizeof(wild))] : chance(256);
	return image_size;
}

static long set_words(void)
{
	long k, at = somewhere(&k), n = 1 + chance(8);

	for (long i = 0; i < n && at + i < member[k].at + TAR_BLOCK + member[k].size; i++)
		mutated[at + i] = chance(4) ? 0xff : chance(256);
	return image_size;
}

/* The length of a member's first message. */
static long wild_length(void)
{
	long k;

	somewhere(&k);
	for (int i = 0; i < 4 && member[k].size > 12; i++)
		mutated[member[k].at + TAR_BLOCK + 8 + i] = chance(3) ? chance(256) : 0xff;
	return image_size;
}

static long wild_size(void)
{
	long k = chance(member_count);

	snprintf(mutated + member[k].at + SIZE_AT, 12, "%011lo",
		 chance(2) ? chance(1ul << 32) : member[k].size + chance(9) - 4);
	checksum_mend(mutated + member[k].at);
	return image_size;
}

static long cut(void)
{
	return chance(8) ? (long)chance(image_size) : member[chance(member_count)].at;
}

static long leave_out(void)
{
	long k = chance(member_count), end = member[k].at + whole(k);

	memmove(mutated + member[k].at, original + end, image_size - end);
	return image_size - whole(k);
}

static long put_twice(void)
{
	long k = chance(member_count), n = whole(k);

	if (n > 8192)
		return flip_bit();
	memmove(mutated + member[k].at + n, original + member[k].at, image_size - member[k].at);
	return image_size + n;
}

static long swap_two(void)
{
	long k = chance(member_count - 1), a = member[k].at, n = whole(k), m = whole(k + 1);

	memcpy(mutated + a, original + a + n, m);
	memcpy(mutated + a + m, original + a, n);
	return image_size;
}

/* A piece of one member over another. */
static long splice(void)
{
	long k, from = somewhere(&k), to = somewhere(&k), n = 1 + chance(40);

	for (long i = 0; i < n && to + i < member[k].at + TAR_BLOCK + member[k].size; i++)
		mutated[to + i] = original[(from + i) % image_size];
	return image_size;
}

/* Messages in messages, to the end of the member: each says it is as long as what is left. */
static long nest(void)
{
	long k, at = somewhere(&k), end = member[k].at + TAR_BLOCK + member[k].size;
	char tag = 2 | (1 + chance(15)) << 3;

	for (; at + 2 < end; at += 2) {
		mutated[at] = tag;
		mutated[at + 1] = end - at - 2 < 127 ? end - at - 2 : 127;
	}
	return image_size;
}

/* A number, or a length, of more bits than there are. */
static long oversize(void)
{
	long k, at = somewhere(&k), end = member[k].at + TAR_BLOCK + member[k].size;

	for (long i = 0, n = 5 + chance(8); i < n && at < end; i++)
		mutated[at++] = 0xff;
	return image_size;
}

static long (*const mutations[])(void) = {
	flip_bit, flip_bit, flip_bit, set_byte, set_byte, set_words, splice, splice,
	wild_length, wild_size, cut, leave_out, put_twice, swap_two, nest, oversize,
};

/* --- trying them --- */

static long load(void)
{
	long fd = must(sys_open(IMAGE, O_RDONLY, 0)), n;

	n = must(sys_read(fd, original, sizeof(original)));
	sys_close(fd);
	must_true(n < IMAGE_MAX);
	return n;
}

static void tree_kill(long pid)
{
	char path[64], text[128], *at = text;
	long n;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	n = read_file(path, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	for (long child = strtol(at, &at, 10); child > 0; child = strtol(at, &at, 10))
		tree_kill(child);
	sys_kill(pid, SIGKILL);
}

/* What was refused is told: "error: class id words: RULE errno N". */
static bool is_told(const char *log, long rc)
{
	return rc == -ENOMEM || (!strncmp(log, "error: ", 7) && strstr(log, ": ") &&
				 strstr(log, " errno "));
}

static long restart(long fd, char *log, size_t log_size)
{
	long told = must(sys(__NR_memfd_create, "log", 0)), rc = sys(1025, 0, fd, FROZEN, told), n;

	n = sys_pread(told, log, log_size - 1, 0);
	log[n > 0 ? n : 0] = '\0';
	sys_close(told);
	return rc;
}

/* A user gets nothing of root's image, whatever became of it. */
static void try_as_user(long fd, long number)
{
	char log[256];
	long pid = must(sys_fork()), rc;

	if (pid == 0) {
		become_user_with(PLAIN_UID, CAP_BIT(CAP_CHECKPOINT_RESTORE));
		rc = restart(fd, log, sizeof(log));
		if (rc >= 0 || rc == -EFAULT || rc == -ENOSYS || !is_told(log, rc))
			fail_at(HERE, "refusal", "mutation %ld: user: %s: %s", number, ret_text(rc),
				log);
		case_stop(0);
	}
	sys_wait4(pid, NULL, 0);
}

static void try_one(long fd, long number, int *taken)
{
	char log[256];
	long size, rc;

	memcpy(mutated, original, image_size);
	size = mutations[chance(LENGTH(mutations))]();
	must(sys(__NR_ftruncate, fd, size));
	must_true(sys_pwrite(fd, mutated, size, 0) == size);
	if (number % USER_EACH == 0) {
		sys_lseek(fd, 0, SEEK_SET);
		try_as_user(fd, number);
	}
	sys_lseek(fd, 0, SEEK_SET);
	rc = restart(fd, log, sizeof(log));
	if (rc > 0) {
		++*taken;
		tree_kill(rc);
		sys_wait4(rc, NULL, 0);
		while (sys_wait4(-1, NULL, 0) > 0)
			;
		cg_clean();		/* else the next would find its cgroups there */
	} else if (rc == -EFAULT || rc == -ENOSYS || !is_told(log, rc)) {
		fail_at(HERE, "refusal", "mutation %ld: %s: %s", number, ret_text(rc), log);
	}
	while (sys_wait4(-1, NULL, WNOHANG) > 0)
		;
}

static long free_kbytes(void)
{
	static char text[4096];
	long n = read_file("/proc/meminfo", text, sizeof(text) - 1);
	char *at;

	text[n > 0 ? n : 0] = '\0';
	at = strstr(text, "MemFree:");
	return at ? strtol(at + 8, NULL, 10) : 0;
}

static void damaged(void)
{
	static const char *const left[] = { "/tmp/box.a", "/tmp/box.c", "/tmp/box.d", IMAGE };
	long fd, before = 0;
	int taken = 0;

	must_true(sys(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
	box_image(make, IMAGE);
	image_size = load();
	members_find();
	fd = must(sys(__NR_memfd_create, "image", 0));
	for (long i = 0; i < MUTATIONS; i++) {
		if (i == MUTATIONS / 10)
			before = free_kbytes();
		try_one(fd, i, &taken);
	}
	expect_true(before - free_kbytes() < LOST_KBYTES);
	expect_true(taken > 0 && taken < MUTATIONS);
	say("# %d of %d gave a tree\n", taken, MUTATIONS);
	for (size_t i = 0; i < LENGTH(left); i++)
		sys_unlink(left[i]);
	sys_umount("/tmp/box.pts", UMOUNT_DETACH);
	sys_rmdir("/tmp/box.pts");
}

const struct test_case crf_fuzz_cases[] = {
	{ "CR-IMG-05.damaged", "damaged images are refused with a reason", damaged, 0, 600 },
	{},
};
