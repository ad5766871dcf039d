// SPDX-License-Identifier: MIT
/* arch/x86/smap.c - supervisor mode access prevention, put into the code at boot.
 *
 * Wherever the kernel opens or closes its view of user memory there are three bytes of
 * no-operation, listed in .smap_sites. On processors with SMAP they become STAC or CLAC;
 * on others nothing is paid. Context: boot, while text is still writable. */
#include "arch/x86/internal.h"

#define SITE_SIZE 3

void smap_patch(void)
{
	static const u8 stac[SITE_SIZE] = { 0x0f, 0x01, 0xcb };
	static const u8 clac[SITE_SIZE] = { 0x0f, 0x01, 0xca };

	for (const struct smap_site *s = smap_sites_start; s < smap_sites_end; s++)
		memcpy((void *)s->address, s->stac ? stac : clac, SITE_SIZE);
}
