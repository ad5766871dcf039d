// SPDX-License-Identifier: MIT
/* user/ckpt/list.c - ckpt -l: name and size of each member of an image. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ckpt.h"

#define TAR_BLOCK 512
#define TAR_SIZE_AT 124

int image_list(const char *file)
{
	int fd = strcmp(file, "-") ? open(file, O_RDONLY) : 0;
	char block[TAR_BLOCK];

	if (fd < 0)
		die(file);
	while (read(fd, block, sizeof(block)) == sizeof(block) && block[0]) {
		unsigned long size = strtoul(block + TAR_SIZE_AT, NULL, 8);

		printf("%10lu %s\n", size, block);
		for (unsigned long done = 0; done < size; done += TAR_BLOCK)
			if (read(fd, block, sizeof(block)) != sizeof(block))
				return 1;
	}
	return 0;
}
