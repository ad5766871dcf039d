/* SPDX-License-Identifier: MIT */
/* tests/conform/mntns.h - for the cases of mount namespaces: a place of its own, and what
 * mountinfo tells of a mount. */
#pragma once

#include "conform.h"

#define BASE "/tmp/conform"

void mount_place(void);
long bind(const char *from, const char *to, unsigned long more);
long tmpfs(const char *path);
long change(const char *path, unsigned long type);
void dirs(const char *const *paths);
const char *mount_tags(const char *path);
const char *mount_field(const char *path, int number);
int mounts_below(const char *path);
bool is_mount(const char *path);
