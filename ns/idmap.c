// SPDX-License-Identifier: MIT
/* ns/idmap.c - the id maps of a user namespace: /proc/PID/uid_map, gid_map, projid_map, setgroups.
 *
 * A map is up to 340 lines "inside outside count" and is written once (USERNS-05). Who may
 * write what is judged by the credentials of who OPENED the file (USERNS-15):
 *   - in the namespace or in its parent (USERNS-12), CAP_SYS_ADMIN over it (USERNS-11);
 *   - one line of one id, the opener's own (USERNS-08; groups: after setgroups=deny, USERNS-09);
 *   - else with CAP_SETUID or CAP_SETGID in the parent, any ids mapped there (USERNS-10, 13);
 *   - the parent's uid 0 only with CAP_SETFCAP (USERNS-14).
 * Stored extents have kernel ids outside (kernel/idmap.c searches them).
 * Locks: BKL. Checkpoint: saved line by line. See user_namespaces(7). */

#include "abi/errno.h"
#include "arch/uaccess.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "ns/user.h"

#define UNMAPPED ((u32)-1)

/* The three maps of a namespace and the capability each asks for; 0: none (USERNS-45). */
static const struct {
	size_t offset;
	int cap;
} map_rows[] = {
	[ID_MAP_UID] = { offsetof(struct user_ns, uid_map), CAP_SETUID },
	[ID_MAP_GID] = { offsetof(struct user_ns, gid_map), CAP_SETGID },
	[ID_MAP_PROJID] = { offsetof(struct user_ns, projid_map), -1 },
};

static struct id_map *id_map_of(const struct user_ns *ns, enum id_map_kind kind)
{
	return (struct id_map *)((char *)ns + map_rows[kind].offset);
}

/* A kernel id as ns numbers it; UNMAPPED if it does not. */
static u32 id_from_kernel(const struct id_map *map, kid_t id)
{
	for (u32 i = 0; i < map->nr; i++) {
		const struct id_extent *e = &map->extents[i];

		if (id - e->outside < e->count)
			return e->inside + (id - e->outside);
	}
	return UNMAPPED;
}

/* The kernel id of the first of count consecutive ids of map; UNMAPPED unless all lie in one
 * extent. */
static kid_t id_range_to_kernel(const struct id_map *map, u32 first, u32 count)
{
	for (u32 i = 0; i < map->nr; i++) {
		const struct id_extent *e = &map->extents[i];

		if (first >= e->inside && (u64)first + count <= (u64)e->inside + e->count)
			return e->outside + (first - e->inside);
	}
	return UNMAPPED;
}

/* USERNS-04, USERNS-20: the second column is in the viewer's numbers, or in the parent's
 * where the viewer is inside. */
void id_map_show(struct text *t, struct user_ns *ns, enum id_map_kind kind,
		 const struct user_ns *viewer)
{
	const struct id_map *map = id_map_of(ns, kind);
	const struct id_map *lower;

	if (viewer == ns && ns->parent)
		viewer = ns->parent;
	lower = id_map_of(viewer, kind);
	for (u32 i = 0; i < map->nr; i++) {
		const struct id_extent *e = &map->extents[2 * map->nr + i];

		text_printf(t, "%10u %10u %10u\n", e->inside, id_from_kernel(lower, e->outside),
			    e->count);
	}
}

/* --- parsing: USERNS-06 --- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_spaces(const char *p)
{
	while (is_space(*p))
		p++;
	return p;
}

/* A decimal number, as wide as it likes; wraps like the ABI's parser. */
static const char *parse_number(const char *p, u32 *out)
{
	u64 value = 0;

	for (p = skip_spaces(p); *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (*p - '0');
	*out = value;
	return p;
}

static bool parse_extent(const char *line, struct id_extent *e)
{
	const char *p = parse_number(line, &e->inside);

	if (!is_space(*p))
		return false;
	p = parse_number(p, &e->outside);
	if (!is_space(*p))
		return false;
	p = parse_number(p, &e->count);
	if (*skip_spaces(p) != '\0')
		return false;
	return e->inside != UNMAPPED && e->outside != UNMAPPED &&
	       e->inside + e->count > e->inside && e->outside + e->count > e->outside;
}

static bool ranges_overlap(u32 a, u32 nr_a, u32 b, u32 nr_b)
{
	return a < b + nr_b && b < a + nr_a;
}

static bool extent_overlaps(const struct id_map *map, const struct id_extent *e)
{
	for (u32 i = 0; i < map->nr; i++) {
		const struct id_extent *o = &map->extents[i];

		if (ranges_overlap(o->inside, o->count, e->inside, e->count) ||
		    ranges_overlap(o->outside, o->count, e->outside, e->count))
			return true;
	}
	return false;
}

/* Fills map (room for ID_EXTENTS_MAX) from text, which it cuts into lines. */
static int parse_map(char *text, struct id_map *map)
{
	char *line = text;

	while (line) {
		char *end = strchr(line, '\n');
		struct id_extent e;

		if (end)
			*end++ = '\0';
		if (map->nr == ID_EXTENTS_MAX || !parse_extent(line, &e) ||
		    extent_overlaps(map, &e))
			return deny(EINVAL, USERNS_06);
		map->extents[map->nr++] = e;
		line = end && *end ? end : NULL;
	}
	return 0;
}

/* --- permission --- */

/* USERNS-14: the parent's uid 0 is mapped only by who has CAP_SETFCAP. */
static bool may_map_root(const struct user_ns *ns, const struct id_map *map,
			 const struct cred *opener)
{
	bool maps_root = false;

	for (u32 i = 0; i < map->nr; i++)
		maps_root |= map->extents[i].outside == 0;
	if (!maps_root)
		return true;
	if (opener->user_ns == ns)
		return ns->parent_could_setfcap != 0;
	return cred_capable(opener, ns->parent, CAP_SETFCAP);
}

/* USERNS-08, 09: one id, the opener's own, in a namespace of the opener's. */
static bool maps_own_id(const struct user_ns *ns, enum id_map_kind kind, const struct id_map *map,
			const struct cred *opener)
{
	u32 id = map->extents[0].outside;

	if (map->nr != 1 || map->extents[0].count != 1 || ns->owner_uid != opener->euid)
		return false;
	if (kind == ID_MAP_UID)
		return make_uid(ns->parent, id) == opener->euid;
	return kind == ID_MAP_GID && !ns->setgroups_allowed &&
	       make_gid(ns->parent, id) == opener->egid;
}

static int map_permitted(struct user_ns *ns, enum id_map_kind kind, const struct id_map *map,
			 const struct cred *opener)
{
	int cap = map_rows[kind].cap;

	if (kind == ID_MAP_UID && !may_map_root(ns, map, opener))
		return deny(EPERM, USERNS_14);
	if (maps_own_id(ns, kind, map, opener) || cap < 0)
		return 0;
	if (capable_in(ns->parent, cap) && cred_capable(opener, ns->parent, cap))
		return 0;
	return deny(EPERM, kind == ID_MAP_GID ? USERNS_09 : USERNS_08);
}

/* --- writing --- */

/* USERNS-13: outside ids become kernel ids through the parent's map. */
static int map_to_kernel_ids(const struct user_ns *ns, enum id_map_kind kind, struct id_map *map)
{
	for (u32 i = 0; i < map->nr; i++) {
		struct id_extent *e = &map->extents[i];

		e->outside = id_range_to_kernel(id_map_of(ns->parent, kind), e->outside, e->count);
		if (e->outside == UNMAPPED)
			return deny(EPERM, USERNS_13);
	}
	return 0;
}

static int map_install(struct user_ns *ns, enum id_map_kind kind, const struct cred *opener,
		       char *text)
{
	struct id_map new = { 0, kmalloc_array(ID_EXTENTS_MAX, sizeof(struct id_extent)) };
	int err;

	if (!new.extents)
		return -ENOMEM;
	err = parse_map(text, &new);
	if (!err)
		err = map_permitted(ns, kind, &new, opener);
	if (!err)
		err = map_to_kernel_ids(ns, kind, &new);
	if (!err)
		err = id_map_set(id_map_of(ns, kind), new.extents, new.nr);
	kfree(new.extents);
	return err;
}

ssize_t id_map_store(struct user_ns *ns, enum id_map_kind kind, const struct cred *opener,
		     uaddr text, size_t len, u64 pos)
{
	char *copy;
	int err;

	if (!ns->parent || (opener->user_ns != ns && opener->user_ns != ns->parent))
		return deny(EPERM, USERNS_12);
	if (pos != 0 || len >= PAGE_SIZE)
		return deny(EINVAL, USERNS_07);
	if (id_map_of(ns, kind)->nr != 0)
		return deny(EPERM, USERNS_05);
	if (map_rows[kind].cap >= 0 && !cred_capable(opener, ns, CAP_SYS_ADMIN))
		return deny(EPERM, USERNS_11);
	copy = kzalloc(len + 1);
	if (!copy)
		return -ENOMEM;
	err = copy_from_user(copy, text, len);
	if (!err)
		err = map_install(ns, kind, opener, copy);
	kfree(copy);
	return err ? err : (ssize_t)len;
}

/* --- setgroups: USERNS-17, 18 --- */

void setgroups_show(struct text *t, const struct user_ns *ns)
{
	text_puts(t, ns->setgroups_allowed ? "allow\n" : "deny\n");
}

/* "allow" or "deny", white space after it ignored; at most 7 bytes. */
static int setgroups_parse(const char *text, size_t len, bool *allow)
{
	static const char *const words[] = { "deny", "allow" };

	for (int i = 0; i < 2; i++) {
		size_t n = strlen(words[i]);

		if (len < n || strncmp(text, words[i], n) || *skip_spaces(text + n) != '\0')
			continue;
		*allow = i;
		return 0;
	}
	return deny(EINVAL, USERNS_18);
}

ssize_t setgroups_store(struct user_ns *ns, const struct cred *opener, const char *text, size_t len,
			u64 pos)
{
	bool allow = false;
	int err;

	if (pos != 0 || len >= 8)
		return deny(EINVAL, USERNS_18);
	if (!cred_capable(opener, ns, CAP_SYS_ADMIN))
		return deny(EACCES, USERNS_18);
	err = setgroups_parse(text, len, &allow);
	if (err)
		return err;
	if (allow ? !ns->setgroups_allowed : ns->gid_map.nr != 0)
		return deny(EPERM, USERNS_18);
	ns->setgroups_allowed = allow;
	return len;
}
