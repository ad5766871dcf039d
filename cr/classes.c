// SPDX-License-Identifier: MIT
/* cr/classes.c - the tables made of cr/list.h, cr/files_list.h and cr/members.h. */
#include "cr/internal.h"

const struct cr_class *const cr_classes[] = {
#define CLASS(name) &cr_##name##_class,
#include "cr/list.h"
#undef CLASS
	NULL,
};

const struct cr_file_class *const cr_file_classes[] = {
#define FILE_CLASS(name) &cr_##name##_files,
#include "cr/files_list.h"
#undef FILE_CLASS
	NULL,
};

/* Members whose messages have raw bytes behind them. */
static const struct raw_row raws[] = {
	{ CR_SK_QUEUES, offsetof(struct pb_sk_packet_entry, length),
	  offsetof(struct pb_sk_packet_entry, bytes) },
};

const struct raw_row *cr_raw_find(enum cr_member kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(raws); i++)
		if (raws[i].kind == kind)
			return &raws[i];
	return NULL;
}

const struct cr_late *const cr_lates[] = {
#define LATE(name) &cr_##name##_late,
#include "cr/late_list.h"
#undef LATE
	NULL,
};

const struct member_row cr_members[CR_MEMBERS] = {
#define MEMBER(KIND, name, magic, message) [CR_##KIND] = { name, magic, &pb_##message##_type },
#include "cr/members.h"
#undef MEMBER
};
