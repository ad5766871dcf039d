// SPDX-License-Identifier: MIT
/* tests/conform/cgmem.c - tasks that use memory in a cgroup: see cgmem.h. */
#include "cgmem.h"

#define WAITS 200
#define WAIT_MSEC 5
#define PAGE 4096

static void eater_main(struct peer *up, void *arg)
{
	struct eater *e = arg;
	unsigned long flags = MAP_ANONYMOUS | (e->shared ? MAP_SHARED : MAP_PRIVATE);
	char text[16];
	volatile char *at;

	if (e->score_adj) {
		snprintf(text, sizeof(text), "%d", e->score_adj);
		write_file("/proc/self/oom_score_adj", text);
	}
	must(cg_join(e->cg, 0));
	tell(up);
	hear(up);
	at = (char *)must(sys(__NR_mmap, NULL, e->kbytes * 1024, PROT_READ | PROT_WRITE, flags,
			      -1, 0));
	for (long k = 0; k < e->kbytes * 1024; k += PAGE)
		at[k] = 1;
	tell(up);
	hear(up);
	must(sys(__NR_munmap, at, e->kbytes * 1024));
	tell(up);
	for (;;)
		sys(__NR_pause);
}

void eater_start(struct eater *e, const char *cg, long kbytes)
{
	e->cg = cg;
	e->kbytes = kbytes;
	spawn(&e->peer, 0, eater_main, e);
	hear(&e->peer);
}

void eater_go(struct eater *e)
{
	tell(&e->peer);
}

void eater_eat(struct eater *e)
{
	tell(&e->peer);
	hear(&e->peer);
}

void eater_drop(struct eater *e)
{
	tell(&e->peer);
	hear(&e->peer);
}

int eater_fate(struct eater *e)
{
	int status = wait_status(e->peer.pid);

	sys_close(e->peer.in);
	sys_close(e->peer.out);
	return status & 0x7f;
}

void eater_end(struct eater *e)
{
	must(sys_kill(e->peer.pid, SIGKILL));
	eater_fate(e);
}

bool eater_lives(struct eater *e)
{
	char state = cg_state(e->peer.pid);

	return state != 'Z' && state != 'X' && state != '?';
}

long mem_kbytes(const char *cg, const char *file, const char *key)
{
	long bytes = cg_number(cg, file, key);

	return bytes < 0 ? bytes : bytes / 1024;
}

bool mem_about(long kbytes, long want)
{
	return kbytes >= want - MEM_SLACK / 2 && kbytes <= want + MEM_SLACK;
}

bool mem_becomes(const char *cg, const char *key, long want)
{
	const char *file = key ? "memory.stat" : "memory.current";

	for (int i = 0; i < WAITS; i++) {
		if (mem_about(mem_kbytes(cg, file, key), want))
			return true;
		nap(WAIT_MSEC);
	}
	say("# %s %s is %ld KiB, not about %ld\n", cg, key ? key : file,
	    mem_kbytes(cg, file, key), want);
	return false;
}

long event(const char *cg, const char *file, const char *key)
{
	return cg_number(cg, file, key);
}
