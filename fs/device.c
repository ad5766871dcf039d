// SPDX-License-Identifier: MIT
/* fs/device.c - character devices: from numbers to operations; nodes of devices, FIFOs and sockets.
 *
 * Drivers register ranges of minors at boot, never to be undone. Opening a node looks its number
 * up and goes on with the driver's operations. There are no block devices: ENXIO.
 * Locks: BKL. Checkpoint: files by the driver's class. See mknod(2). */

#include "fs/device.h"
#include "mm/slab.h"

struct device_range {
	struct list link;
	unsigned major, minor, count;
	const char *name;
	const struct file_ops *ops;
};

static struct list ranges = LIST_INIT(ranges);

int device_register(unsigned major, unsigned minor, unsigned count, const char *name, u32 mode,
		    const struct file_ops *ops)
{
	struct device_range *r = kmalloc(sizeof(*r));

	if (!r)
		return -ENOMEM;
	*r = (struct device_range){ .major = major, .minor = minor, .count = count, .name = name,
				    .ops = ops };
	list_add_tail(&ranges, &r->link);
	return name ? device_node(name, DEV(major, minor), mode) : 0;
}

const struct file_ops *device_find(dev_num dev)
{
	unsigned major = DEV_MAJOR(dev), minor = DEV_MINOR(dev);
	struct device_range *r;

	list_for_each(r, &ranges, link)
		if (r->major == major && minor - r->minor < r->count)
			return r->ops;
	return NULL;
}

const char *device_row(unsigned *cookie, unsigned *major)
{
	struct device_range *r;
	unsigned nth = 0;

	list_for_each(r, &ranges, link)
		if (nth++ == *cookie) {
			++*cookie;
			*major = r->major;
			return r->name ? r->name : r->ops->class;
		}
	return NULL;
}

/* --- nodes --- */

static int char_open(struct inode *i, struct file *f)
{
	const struct file_ops *ops = device_find(i->rdev);

	if (!ops)
		return -ENXIO;
	f->ops = ops;
	return ops->open ? ops->open(i, f) : 0;
}

static int no_open(struct inode *i, struct file *f)
{
	(void)i, (void)f;
	return -ENXIO;
}

static const struct file_ops char_file_ops = { .class = "char", .open = char_open };
static const struct file_ops block_file_ops = { .class = "block", .open = no_open };
static const struct file_ops socket_file_ops = { .class = "socket", .open = no_open };

void special_inode_init(struct inode *i, u32 mode, dev_num dev)
{
	i->mode = mode;
	switch (mode & S_IFMT) {
	case S_IFCHR:
		i->rdev = dev;
		i->fops = &char_file_ops;
		break;
	case S_IFBLK:
		i->rdev = dev;
		i->fops = &block_file_ops;
		break;
	case S_IFIFO:
		i->fops = &fifo_file_ops;
		break;
	default:
		i->fops = &socket_file_ops;
	}
}
