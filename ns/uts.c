// SPDX-License-Identifier: MIT
/* ns/uts.c - UTS namespaces: the host name and domain name a task sees.
 *
 * A uts_ns holds two names of at most 64 bytes; tasks reach it through their nsproxy.
 * A new one starts with its creator's names (UTSNS-01), changes stay inside
 * (UTSNS-02). sethostname(2), setdomainname(2) need CAP_SYS_ADMIN in the owner of
 * the namespace (UTSNS-04, USERNS-33); /proc/sys/kernel/hostname and domainname show the
 * names of who reads and set those of who writes (UTSNS-05), and poll tells of changes
 * (UTSNS-08). sysname, release, version and machine are the same everywhere (UTSNS-06).
 *
 * This file is the model of a kind: whoever has read it can read the others.
 * Life: uts_ns_create (count 1), shared by nsproxies, destroyed by the last put.
 * Locks: BKL. Checkpoint: names and owner are saved; the count is rebuilt.
 * See uts_namespaces(7), uname(2), sethostname(2). */

#include <linux/personality.h>

#include "fs/proc.h"
#include "kernel/compat.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/slab.h"
#include "ns/uts.h"
#include "version.h"

#define UTS_SYSNAME "Linux"
#define UTS_RELEASE_FORMAT "%u.%u.0-plimsoll"
#define UTS_VERSION "#1 SMP Plimsoll " PLIMSOLL_VERSION
#define UTS_MACHINE "x86_64"
#define UTS_MACHINE32 "i686"

/* The version of Linux that this kernel follows; of boot. */
static char uts_release[__NEW_UTS_LEN + 1];
static struct waitqueue hostname_poll = WAITQUEUE_INIT(hostname_poll);
static struct waitqueue domainname_poll = WAITQUEUE_INIT(domainname_poll);
static u64 hostname_version, domainname_version;

void uts_init(void)
{
	snprintf(uts_release, sizeof(uts_release), UTS_RELEASE_FORMAT,
		 COMPAT_MAJOR(boot_options.compat), COMPAT_MINOR(boot_options.compat));
}

struct uts_ns *to_uts_ns(struct ns_common *ns)
{
	return container_of(ns, struct uts_ns, ns);
}

struct uts_ns *current_uts_ns(void)
{
	return to_uts_ns(current->nsproxy->ns[NS_KIND_UTS]);
}

/* UTSNS-01: both names are the creator's. */
static int uts_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	struct uts_ns *new = kzalloc_charged(sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &uts_ns_type, owner);
	if (err)
		goto fail_free;
	memcpy(new->nodename, to_uts_ns(from)->nodename, sizeof(new->nodename));
	memcpy(new->domainname, to_uts_ns(from)->domainname, sizeof(new->domainname));
	*out = &new->ns;
	return 0;

fail_free:
	kfree(new);
	return err;
}

static void uts_ns_destroy(struct ns_common *ns)
{
	kfree(to_uts_ns(ns));
}

/* UTSNS-07: the calling thread alone moves, its uname changes at once. */
static int uts_ns_install(struct ns_set *set, struct ns_common *ns)
{
	int err = ns_may_install(ns);

	if (err)
		return err;
	nsproxy_set(set->nsproxy, NS_KIND_UTS, ns);
	return 0;
}

static struct ns_common *uts_ns_of(struct task *t)
{
	return ns_of_nsproxy(t, NS_KIND_UTS);
}

/* --- semantics --- */

/* One of current's names has changed: tells those who poll (UTSNS-08). */
static void uts_name_changed(const char *name)
{
	bool host = name == current_uts_ns()->nodename;

	if (host)
		hostname_version++;
	else
		domainname_version++;
	wake_all(host ? &hostname_poll : &domainname_poll);
}

/* sethostname and setdomainname: UTSNS-03, UTSNS-04. */
static long uts_set_from_user(char *name, uaddr text, int len)
{
	char copy[__NEW_UTS_LEN];
	int err;

	if (!capable_in(current_uts_ns()->ns.owner, CAP_SYS_ADMIN))
		return deny(EPERM, UTSNS_04);
	if (len < 0 || len > __NEW_UTS_LEN)
		return deny(EINVAL, UTSNS_03);
	err = copy_from_user(copy, text, len);
	if (err)
		return deny(EFAULT, UTSNS_03);
	memset(name, 0, __NEW_UTS_LEN + 1);
	memcpy(name, copy, len);
	uts_name_changed(name);
	return 0;
}

long sys_sethostname(uaddr name, int len)
{
	return uts_set_from_user(current_uts_ns()->nodename, name, len);
}

long sys_setdomainname(uaddr name, int len)
{
	return uts_set_from_user(current_uts_ns()->domainname, name, len);
}

/* UTSNS-06: only the two names differ between namespaces. */
long sys_uname(uaddr buf)
{
	const struct uts_ns *uts = current_uts_ns();
	bool linux32 = (current->personality & PER_MASK) == PER_LINUX32;
	struct new_utsname u;

	memset(&u, 0, sizeof(u));
	strcpy(u.sysname, UTS_SYSNAME);
	memcpy(u.nodename, uts->nodename, sizeof(u.nodename));
	memcpy(u.release, uts_release, sizeof(u.release));
	strcpy(u.version, UTS_VERSION);
	strcpy(u.machine, linux32 ? UTS_MACHINE32 : UTS_MACHINE);
	memcpy(u.domainname, uts->domainname, sizeof(u.domainname));
	return copy_to_user(buf, &u, sizeof(u));
}

/* --- /proc/sys/kernel --- */

/* Which of the current namespace's names a row shows: its data is the member's offset. */
static char *uts_sysctl_name(const struct sysctl *s)
{
	return (char *)current_uts_ns() + (u64)s->data;
}

static int uts_sysctl_show(const struct sysctl *s, struct text *t)
{
	text_printf(t, "%s\n", uts_sysctl_name(s));
	return t->error;
}

/* A write replaces the name from its position on (not past its end: such a write does
 * nothing), up to the first newline or NUL; what does not fit is dropped. Unlike sethostname(2)
 * it leaves the bytes behind the new end as they were, and uname(2) shows them, as on Linux. */
static ssize_t uts_sysctl_store(const struct sysctl *s, const char *text, size_t len, u64 pos)
{
	char *name = uts_sysctl_name(s);
	size_t used;

	if (pos > strlen(name))
		return len;
	for (used = 0; used < len && pos + used < __NEW_UTS_LEN; used++) {
		if (text[used] == '\n' || text[used] == '\0')
			break;
		name[pos + used] = text[used];
	}
	name[pos + used] = '\0';
	uts_name_changed(name);
	return len;
}

const struct sysctl uts_sysctls[] = {
	{.path = "kernel/hostname",
	 .mode = 0644,
	 .show = uts_sysctl_show,
	 .store = uts_sysctl_store,
	 .data = (void *)offsetof(struct uts_ns, nodename),
	 .poll_queue = &hostname_poll,
	 .poll_version = &hostname_version},
	{.path = "kernel/domainname",
	 .mode = 0644,
	 .show = uts_sysctl_show,
	 .store = uts_sysctl_store,
	 .data = (void *)offsetof(struct uts_ns, domainname),
	 .poll_queue = &domainname_poll,
	 .poll_version = &domainname_version},
	{.path = "kernel/ostype", .mode = 0444, .show = sysctl_show_string, .data = UTS_SYSNAME},
	{.path = "kernel/osrelease", .mode = 0444, .show = sysctl_show_string, .data = uts_release},
	{.path = "kernel/version", .mode = 0444, .show = sysctl_show_string, .data = UTS_VERSION},
	{.path = "kernel/arch", .mode = 0444, .show = sysctl_show_string, .data = UTS_MACHINE},
	{},
};

struct uts_ns init_uts_ns = {
	.ns = {.refs = {1},
	       .type = &uts_ns_type,
	       .inum = PROC_UTS_INIT_INO,
	       .owner = &init_user_ns},
	.nodename = "(none)",
	.domainname = "(none)",
};

const struct ns_type uts_ns_type = {
	.name = "uts",
	.clone_flag = CLONE_NEWUTS,
	.kind = NS_KIND_UTS,
	.initial = &init_uts_ns.ns,
	.create = uts_ns_create,
	.destroy = uts_ns_destroy,
	.install = uts_ns_install,
	.of = uts_ns_of,
};
