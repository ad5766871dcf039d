// SPDX-License-Identifier: MIT
/* cr/ns_uts.c - UTS namespaces: utsns-ID.img, the two names. */
#include "cr/internal.h"
#include "ns/uts.h"

_Static_assert(sizeof(struct uts_ns) - sizeof(struct ns_common) == 2 * (__NEW_UTS_LEN + 1) + 6,
	       "a UTS namespace is two names");

/* A name may have any bytes; those that are no text stand in plimsoll_ns. */
static bool is_text(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < __NEW_UTS_LEN; i++)
		if (i < len ? name[i] < ' ' || name[i] > '~' : name[i])
			return false;
	return true;
}

static int utsns_save(struct cr_save *s, void *object, u32 id)
{
	const struct uts_ns *u = to_uts_ns(object);
	bool text = is_text(u->nodename) && is_text(u->domainname);
	struct pb_utsns_entry e = { pb_text(text ? u->nodename : ""),
				    pb_text(text ? u->domainname : "") };
	struct pb_bytes names[] = {
		{ __NEW_UTS_LEN, (u8 *)u->nodename }, { __NEW_UTS_LEN, (u8 *)u->domainname },
	};
	int err = cr_ns_save(s, object, id, names, text ? 0 : ARRAY_SIZE(names));

	return err ? err : cr_put(s, CR_UTSNS, id, &pb_utsns_entry_type, &e);
}

static int utsns_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_bytes *node, *domain;
	const struct pb_utsns_entry *e;
	struct cr_ns_maker m = {};
	struct ns_common *ns;
	struct uts_ns *u;
	int err = cr_message(r, CR_UTSNS, id, &e);

	if (!err)
		err = cr_ns_begin(r, NS_KIND_UTS, id, &m);
	if (err)
		return err;
	node = m.nr_names == 2 ? &m.names[0] : &e->nodename;
	domain = m.nr_names == 2 ? &m.names[1] : &e->domainname;
	if (node->len > __NEW_UTS_LEN || domain->len > __NEW_UTS_LEN)
		err = cr_refuse(r, "uts namespace", id, "name is too long", EINVAL, CR_IMG_05);
	else
		err = uts_ns_type.create(&init_uts_ns.ns, m.owner, &ns);
	cr_ns_end(&m, err ? NULL : ns);
	if (err)
		return err;
	u = to_uts_ns(ns);
	memset(u->nodename, 0, sizeof(u->nodename));
	memset(u->domainname, 0, sizeof(u->domainname));
	memcpy(u->nodename, node->data, node->len);
	memcpy(u->domainname, domain->data, domain->len);
	*object = ns;
	return 0;
}

const struct cr_class cr_utsns_class = {
	.name = "uts namespace",
	.save = utsns_save,
	.restore = utsns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
	.holds = HELD_NAMESPACE,
};
