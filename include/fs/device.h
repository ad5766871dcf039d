// SPDX-License-Identifier: MIT
/* fs/device.h - character devices: numbers to file operations, and their nodes in devtmpfs.
 *
 * Drivers and rooms register at boot; devtmpfs shows a node for each named device. */
#pragma once

#include "fs/vfs.h"

/* name NULL: no node. Up to count minors from minor; node names of ranges are made one by one. */
int device_register(unsigned major, unsigned minor, unsigned count, const char *name, u32 mode,
		    const struct file_ops *ops);
/* Operations of a device number; NULL: none (open gives ENXIO). */
const struct file_ops *device_find(dev_num dev);
/* Makes (or adds) a node of a registered device, e.g. device_node("tty1", DEV(4, 1), 0620). */
int device_node(const char *name, dev_num dev, u32 mode);
/* One registered row at a time, for /proc/devices. NULL at the end. */
const char *device_row(unsigned *cookie, unsigned *major);
/* fops of char, fifo, sock nodes */
void special_inode_init(struct inode *i, u32 mode, dev_num dev);
extern const struct file_ops fifo_file_ops;	/* fs/pipe.c */
