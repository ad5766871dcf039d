// SPDX-License-Identifier: MIT
/* arch/x86/cpuinfo.c - a processor described as /proc/cpuinfo does, field by field.
 *
 * Asked of the processor that runs; all are taken to be alike but for their ids.
 * See proc_cpuinfo(5); Intel SDM volume 2, CPUID. */
#include "arch/machine.h"
#include "arch/x86/cpuflags.h"
#include "arch/x86/internal.h"
#include "lib/print.h"

#define LEAF_EXT        0x80000000
#define LEAF_BRAND      0x80000002	/* and the next two */
#define LEAF_L2         0x80000006
#define LEAF_ADDRESSES  0x80000008
#define VENDOR_SIZE     12
#define BRAND_SIZE      48
#define FAMILY_EXTENDED 0xf
#define FAMILY_P6       6

struct cpu_flag {
	u32 leaf, subleaf;
	u8 reg, bit;
	const char *name;
};

#define CPU_FLAG(leaf, subleaf, reg, bit, name) { leaf, subleaf, reg, bit, name },
static const struct cpu_flag cpu_flags[] = { CPU_FLAGS(CPU_FLAG) };
#undef CPU_FLAG

struct text {
	char *buf;
	size_t size, len;
};

static void text_add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsniprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	t->len = MIN(t->len + (size_t)n, t->size - 1);
}

const char *cpu_vendor_string(void)
{
	static char vendor[VENDOR_SIZE + 1];
	u32 r[4];

	cpuid(0, 0, r);
	memcpy(vendor, &r[EBX], 4);
	memcpy(vendor + 4, &r[EDX], 4);
	memcpy(vendor + 8, &r[ECX], 4);
	return vendor;
}

static void cpu_brand(char brand[BRAND_SIZE + 1])
{
	u32 r[4];

	strcpy(brand, "unknown");
	if (cpuid_max(LEAF_EXT) < LEAF_BRAND + 2)
		return;
	memset(brand, 0, BRAND_SIZE + 1);
	for (unsigned i = 0; i < BRAND_SIZE / sizeof(r); i++) {
		cpuid(LEAF_BRAND + i, 0, r);
		memcpy(brand + i * sizeof(r), r, sizeof(r));
	}
}

static void add_identity(struct text *t, const struct cpu *c)
{
	char brand[BRAND_SIZE + 1];
	unsigned family, model;
	u32 r[4];

	cpu_brand(brand);
	cpuid(1, 0, r);
	family = r[EAX] >> 8 & 0xf;
	model = r[EAX] >> 4 & 0xf;
	if (family == FAMILY_EXTENDED || family == FAMILY_P6)
		model |= r[EAX] >> 12 & 0xf0;
	if (family == FAMILY_EXTENDED)
		family += r[EAX] >> 20 & 0xff;
	text_add(t, "processor\t: %u\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: %u\n", c->id,
		 cpu_vendor_string(), family, model);
	text_add(t, "model name\t: %s\nstepping\t: %u\n", brand + strspn(brand, " "),
		 r[EAX] & 0xf);
}

/* The leaf is asked again for each flag: this is read rarely. */
static bool has_flag(const struct cpu_flag *f)
{
	u32 r[4];

	if (cpuid_max(f->leaf & LEAF_EXT) < f->leaf)
		return false;
	cpuid(f->leaf, f->subleaf, r);
	return r[f->reg] >> f->bit & 1;
}

static void add_flags(struct text *t)
{
	text_add(t, "flags\t\t:");
	for (size_t i = 0; i < ARRAY_SIZE(cpu_flags); i++)
		if (has_flag(&cpu_flags[i]))
			text_add(t, " %s", cpu_flags[i].name);
	text_add(t, "\nbugs\t\t:\n");
}

static void add_sizes(struct text *t, u64 khz)
{
	u32 r[4], clflush, physical = 36, virtual = 48;

	cpuid(1, 0, r);
	clflush = (r[EBX] >> 8 & 0xff) * 8;
	if (cpuid_max(LEAF_EXT) >= LEAF_ADDRESSES) {
		cpuid(LEAF_ADDRESSES, 0, r);
		physical = r[EAX] & 0xff;
		virtual = r[EAX] >> 8 & 0xff;
	}
	text_add(t, "bogomips\t: %lu.%02lu\n", khz / 500, khz / 5 % 100);
	text_add(t, "clflush size\t: %u\ncache_alignment\t: %u\n", clflush, clflush);
	text_add(t, "address sizes\t: %u bits physical, %u bits virtual\npower management:\n\n",
		 physical, virtual);
}

int cpu_info_text(unsigned id, char *buf, size_t size)
{
	struct text t = { buf, size, 0 };
	const struct cpu *c = &cpus[id];
	u64 khz = clock_tsc_khz();
	u32 r[4] = { 0 };

	if (cpuid_max(LEAF_EXT) >= LEAF_L2)
		cpuid(LEAF_L2, 0, r);
	add_identity(&t, c);
	text_add(&t, "cpu MHz\t\t: %lu.%03lu\ncache size\t: %u KB\n", khz / 1000, khz % 1000,
		 r[ECX] >> 16);
	text_add(&t, "physical id\t: %u\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\n", c->id);
	text_add(&t, "apicid\t\t: %u\ninitial apicid\t: %u\n", c->lapic_id, c->lapic_id);
	text_add(&t, "fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: %u\nwp\t\t: yes\n",
		 cpuid_max(0));
	add_flags(&t);
	add_sizes(&t, khz);
	return (int)t.len;
}
