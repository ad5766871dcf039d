// SPDX-License-Identifier: MIT
/* cr/ns_uts.c - UTS namespaces: utsns-ID.img, the two names. */
#include "cr/internal.h"
#include "ns/uts.h"

_Static_assert(sizeof(struct uts_ns) - sizeof(struct ns_common) == 2 * (__NEW_UTS_LEN + 1) + 6,
	       "a UTS namespace is two names");

static int utsns_save(struct cr_save *s, void *object, u32 id)
{
	const struct uts_ns *u = to_uts_ns(object);
	struct pb_utsns_entry e = { pb_text(u->nodename), pb_text(u->domainname) };
	int err = cr_ns_common_save(s, object, id);

	return err ? err : cr_put(s, CR_UTSNS, id, &pb_utsns_entry_type, &e);
}

static int utsns_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_utsns_entry *e;
	struct cr_ns_maker m;
	struct ns_common *ns;
	struct uts_ns *u;
	int err = cr_message(r, CR_UTSNS, id, &e);

	if (!err && (e->nodename.len > __NEW_UTS_LEN || e->domainname.len > __NEW_UTS_LEN))
		err = cr_refuse(r, "uts namespace", id, "name is too long", EINVAL, CR_IMG_05);
	if (!err)
		err = cr_ns_begin(r, NS_KIND_UTS, id, &m);
	if (err)
		return err;
	err = uts_ns_type.create(&init_uts_ns.ns, m.owner, &ns);
	cr_ns_end(&m);
	if (err)
		return err;
	u = to_uts_ns(ns);
	memset(u->nodename, 0, sizeof(u->nodename));
	memset(u->domainname, 0, sizeof(u->domainname));
	memcpy(u->nodename, e->nodename.data, e->nodename.len);
	memcpy(u->domainname, e->domainname.data, e->domainname.len);
	*object = ns;
	return 0;
}

const struct cr_class cr_utsns_class = {
	.name = "uts namespace",
	.save = utsns_save,
	.restore = utsns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
};
