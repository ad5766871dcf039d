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

const struct member_row cr_members[CR_MEMBERS] = {
#define MEMBER(KIND, name, magic, message) [CR_##KIND] = { name, magic, &pb_##message##_type },
#include "cr/members.h"
#undef MEMBER
};
