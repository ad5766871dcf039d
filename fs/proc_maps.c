// SPDX-License-Identifier: MIT
/* fs/proc_maps.c - /proc/PID/maps: the mappings of a task, a line each.
 *
 *   start-end perms offset major:minor inode    name
 *
 * The name is the file's path as the reader sees it, or [heap], [stack] or the kernel's
 * own. Names begin in column 73. See proc(5). */

#include "fs/proc_fs.h"
#include "lib/print.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define NAME_COLUMN 73
#define ADDRESS_DIGITS 8
#define PREFIX_MAX 128		/* bytes of a line up to its name, at most */
#define DEVICE_DIGITS 2

struct inode *proc_vma_inode(const struct vma *v)
{
	return v->ops == &file_vma_ops ? ((struct file *)v->file)->inode : NULL;
}

static bool vma_is_heap(const struct vma *v)
{
	return v->start <= v->mm->brk && v->end >= v->mm->brk_start;
}

static bool vma_is_stack(const struct vma *v)
{
	return v->start <= v->mm->stack_start && v->end >= v->mm->stack_start;
}

const char *proc_vma_name(const struct vma *v, char *buf)
{
	if (v->special_name)
		return v->special_name;
	if (v->ops && v->ops->name)
		return v->ops->name(v, buf, PATH_MAX_LEN) < 0 ? NULL : buf;
	if (v->cache)
		return NULL;
	if (vma_is_heap(v))
		return "[heap]";
	return vma_is_stack(v) ? "[stack]" : NULL;
}

/* Blanks up to the column where names begin, in the line that starts at "line". */
static void pad_to_name(struct text *t, size_t line)
{
	int missing = NAME_COLUMN - (int)(t->len - line);

	text_fill(t, ' ', MAX(missing, 1));
}

/* The line of one mapping up to its name. */
static char *maps_prefix(char *p, const struct vma *v)
{
	const struct inode *i = proc_vma_inode(v);
	dev_num dev = i ? i->sb->dev : 0;
	char digits[DECIMAL_MAX], *end = digits + sizeof(digits), *first;

	p = hex_put(p, v->start, ADDRESS_DIGITS);
	*p++ = '-';
	p = hex_put(p, v->end, ADDRESS_DIGITS);
	*p++ = ' ';
	*p++ = v->flags & VM_READ ? 'r' : '-';
	*p++ = v->flags & VM_WRITE ? 'w' : '-';
	*p++ = v->flags & VM_EXEC ? 'x' : '-';
	*p++ = v->flags & VM_SHARED ? 's' : 'p';
	*p++ = ' ';
	p = hex_put(p, v->cache ? v->pgoff << PAGE_SHIFT : 0, ADDRESS_DIGITS);
	*p++ = ' ';
	p = hex_put(p, DEV_MAJOR(dev), DEVICE_DIGITS);
	*p++ = ':';
	p = hex_put(p, DEV_MINOR(dev), DEVICE_DIGITS);
	*p++ = ' ';
	first = decimal_before(end, i ? i->ino : 0);
	while (first < end)
		*p++ = *first++;
	*p++ = ' ';
	return p;
}

void proc_maps_line(struct text *t, const struct vma *v, char *buf)
{
	const char *name = proc_vma_name(v, buf);
	char *line = text_room(t, PREFIX_MAX), *p;

	if (!line)
		return;
	p = maps_prefix(line, v);
	if (name && p < line + NAME_COLUMN) {
		memset(p, ' ', line + NAME_COLUMN - p);
		p = line + NAME_COLUMN;
	}
	text_took(t, p);
	if (name)
		text_quote_newlines(t, name);
	text_putc(t, '\n');
}

void proc_maps_rollup_line(struct text *t, uaddr start, uaddr end)
{
	size_t line = t->len;

	text_printf(t, "%08lx-%08lx ---p 00000000 00:00 0 ", start, end);
	pad_to_name(t, line);
	text_puts(t, "[rollup]\n");
}

int proc_each_vma(struct text *t, struct proc_open *po,
		  void (*each)(struct text *t, struct vma *v, char *buf, void *arg), void *arg)
{
	char *buf;

	if (!po->mm || !po->mm->users.n)
		return 0;
	buf = kmalloc(PATH_MAX_LEN);
	if (!buf)
		return -ENOMEM;
	for (struct vma *v = vma_first(po->mm); v; v = vma_next(v))
		each(t, v, buf, arg);
	kfree(buf);
	return t->error;
}

static void maps_each(struct text *t, struct vma *v, char *buf, void *arg)
{
	(void)arg;
	proc_maps_line(t, v, buf);
}

int proc_maps_show(struct text *t, struct proc_open *po)
{
	return proc_each_vma(t, po, maps_each, NULL);
}
