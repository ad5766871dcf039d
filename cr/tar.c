// SPDX-License-Identifier: MIT
/* cr/tar.c - headers of a ustar stream: a name and a size before the bytes; nothing else varies.
 *
 * All members are plain files of root, mode 0600, of time 0, so that the same state gives the same
 * bytes. See tar(5), POSIX pax "ustar Interchange Format". */
#include "abi/errno.h"
#include "cr/internal.h"
#include "lib/print.h"

#define OCTAL 8

struct ustar {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
	char link[100], magic[6], version[2], owner[32], group[32], major[8], minor[8], prefix[155];
	char pad[12];
};
_Static_assert(sizeof(struct ustar) == TAR_BLOCK, "a header is a block");

static u32 checksum(const struct ustar *u)
{
	const u8 *p = (const u8 *)u;
	u32 sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		bool own =
			i >= offsetof(struct ustar, checksum) && i < offsetof(struct ustar, type);

		sum += own ? ' ' : p[i];
	}
	return sum;
}

void tar_header(u8 *block, const char *name, u64 size)
{
	struct ustar *u = memset(block, 0, TAR_BLOCK);

	strncpy(u->name, name, sizeof(u->name) - 1);
	strcpy(u->mode, "0000600");
	strcpy(u->uid, "0000000");
	strcpy(u->gid, "0000000");
	snprintf(u->size, sizeof(u->size), "%011lo", size);
	strcpy(u->mtime, "00000000000");
	u->type = '0';
	memcpy(u->magic, "ustar", sizeof(u->magic));
	memcpy(u->version, "00", sizeof(u->version));
	snprintf(u->checksum, sizeof(u->checksum), "%06o", checksum(u));
	u->checksum[sizeof(u->checksum) - 1] = ' ';
}

static int octal(const char *text, size_t n, u64 *out)
{
	u64 v = 0;
	size_t i;

	for (i = 0; i < n && text[i] >= '0' && text[i] < '0' + OCTAL; i++)
		v = v * OCTAL + (text[i] - '0');
	*out = v;
	return i && (i == n || !text[i] || text[i] == ' ') ? 0 : -EINVAL;
}

int tar_parse(const u8 *block, char *name, size_t name_size, u64 *size)
{
	const struct ustar *u = (const void *)block;
	u64 sum;

	if (!u->name[0] && checksum(u) == ' ' * sizeof(u->checksum))
		return 1;
	if (memcmp(u->magic, "ustar", sizeof(u->magic) - 1) ||
	    strnlen(u->name, name_size) == name_size || (u->type != '0' && u->type) || u->prefix[0])
		return -EINVAL;
	if (octal(u->size, sizeof(u->size), size) ||
	    octal(u->checksum, sizeof(u->checksum), &sum) || sum != checksum(u))
		return -EINVAL;
	strcpy(name, u->name);
	return 0;
}
