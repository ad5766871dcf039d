// SPDX-License-Identifier: MIT
/* arch/x86/acpi.c - the machine as its ACPI tables describe it.
 *
 * Tables are read where they lie, through the direct map; what is needed is copied to
 * acpi_info and acpi_power. A table with a wrong checksum is passed over. No AML is run: the
 * one object needed of it, \_S5, is found by its name. A machine without tables gets one
 * processor, no IOAPIC, and the ISA interrupts one to one.
 * Locks: boot only. Checkpoint: none; describes the machine.
 * See the ACPI specification, 5.2 (tables), 7.4 (_Sx), 20.2 (AML). */
#include "arch/machine.h"
#include "arch/x86/internal.h"

#define RSDP_SIZE      20	/* the part the checksum of version 1 covers */
#define RSDP_ALIGN     16
#define BIOS_START     0xe0000UL
#define BIOS_END       0x100000UL
#define EBDA_POINTER   0x40eUL	/* segment of the extended BIOS data area */
#define EBDA_SIZE      1024
#define TABLES_END     (4 * PAGE_1G)
#define HEADER_SIZE    sizeof(struct sdt)
#define LOCAL_DISTANCE 10
#define REMOTE_DISTANCE 20
#define NR_ISA         16
#define ENTRY_ENABLED  BIT(0)
#define LAPIC_DEFAULT  0xfee00000UL

struct rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
} __attribute__((packed));

struct sdt {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem[6], oem_table[8];
	u32 oem_revision, creator, creator_revision;
} __attribute__((packed));

struct acpi_info acpi_info;
struct acpi_power acpi_power;

static u32 node_domain[MAX_NODES];	/* proximity domain of each node */
static unsigned nr_nodes;

static bool checksum_ok(const void *p, size_t n)
{
	const u8 *b = p;
	u8 sum = 0;

	while (n--)
		sum += *b++;
	return sum == 0;
}

static u16 get16(const void *p)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static u32 get32(const void *p)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static u64 get64(const void *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static u64 field(const struct sdt *t, unsigned offset, unsigned size)
{
	u64 v = 0;

	if (offset + size <= t->length)
		memcpy(&v, (const u8 *)t + offset, size);
	return v;
}

/* --- proximity domains --- */

static u32 node_of_domain(u32 domain)
{
	unsigned n;

	for (n = 0; n < nr_nodes; n++)
		if (node_domain[n] == domain)
			return n;
	if (n == MAX_NODES)
		return 0;
	node_domain[nr_nodes++] = domain;
	return n;
}

/* --- MADT: processors and interrupt controllers --- */

static void add_cpu(u32 lapic_id, u32 flags)
{
	if (!(flags & ENTRY_ENABLED) || acpi_info.nr_cpus == MAX_CPUS)
		return;
	acpi_info.cpus[acpi_info.nr_cpus++].lapic_id = lapic_id;
}

static void add_override(const u8 *e)
{
	enum { POLARITY = 3, ACTIVE_LOW = 3, TRIGGER = 0xc, LEVEL = 0xc };
	u16 flags = get16(e + 8);

	if (e[3] >= NR_ISA)
		return;
	acpi_info.isa_irq[e[3]].gsi = get32(e + 4);
	acpi_info.isa_irq[e[3]].active_low = (flags & POLARITY) == ACTIVE_LOW;
	acpi_info.isa_irq[e[3]].level = (flags & TRIGGER) == LEVEL;
}

static void parse_madt(const struct sdt *t)
{
	enum { LAPIC = 0, IOAPIC = 1, OVERRIDE = 2, LAPIC_ADDRESS = 5, X2APIC = 9, ENTRIES = 44 };
	const u8 *end = (const u8 *)t + t->length;

	acpi_info.lapic = field(t, HEADER_SIZE, 4);
	for (const u8 *e = (const u8 *)t + ENTRIES; e + 2 <= end && e[1] >= 2; e += e[1]) {
		switch (e[0]) {
		case LAPIC:
			add_cpu(e[3], get32(e + 4));
			break;
		case X2APIC:
			add_cpu(get32(e + 4), get32(e + 8));
			break;
		case IOAPIC:
			if (acpi_info.ioapic)
				break;		/* the first has the ISA interrupts */
			acpi_info.ioapic = get32(e + 4);
			acpi_info.ioapic_gsi_base = get32(e + 8);
			break;
		case OVERRIDE:
			add_override(e);
			break;
		case LAPIC_ADDRESS:
			acpi_info.lapic = get64(e + 4);
		}
	}
}

/* --- SRAT, SLIT: nodes --- */

static void set_cpu_node(u32 lapic_id, u32 domain, u32 flags)
{
	if (!(flags & ENTRY_ENABLED))
		return;
	for (unsigned i = 0; i < acpi_info.nr_cpus; i++)
		if (acpi_info.cpus[i].lapic_id == lapic_id)
			acpi_info.cpus[i].node = node_of_domain(domain);
}

static void add_memory(u64 start, u64 size, u32 domain, u32 flags)
{
	struct acpi_memory *m = &acpi_info.memory[acpi_info.nr_memory];

	if (!(flags & ENTRY_ENABLED) || !size
	    || acpi_info.nr_memory == ARRAY_SIZE(acpi_info.memory))
		return;
	*m = (struct acpi_memory){ start, start + size, node_of_domain(domain) };
	acpi_info.nr_memory++;
}

static void parse_srat(const struct sdt *t)
{
	enum { CPU = 0, MEMORY = 1, X2APIC = 2, ENTRIES = 48 };
	const u8 *end = (const u8 *)t + t->length;

	for (const u8 *e = (const u8 *)t + ENTRIES; e + 2 <= end && e[1] >= 2; e += e[1]) {
		if (e[0] == CPU)
			set_cpu_node(e[3], e[2] | (get32(e + 8) & ~0xffU), get32(e + 4));
		else if (e[0] == MEMORY)
			add_memory(get64(e + 8), get64(e + 16), get32(e + 2), get32(e + 28));
		else if (e[0] == X2APIC)
			set_cpu_node(get32(e + 8), get32(e + 4), get32(e + 12));
	}
}

static void default_distances(void)
{
	for (unsigned i = 0; i < MAX_NODES; i++)
		for (unsigned j = 0; j < MAX_NODES; j++)
			acpi_info.distance[i][j] = i == j ? LOCAL_DISTANCE : REMOTE_DISTANCE;
}

static void parse_slit(const struct sdt *t)
{
	enum { MATRIX = 44 };
	u64 n = field(t, HEADER_SIZE, 8);
	const u8 *m = (const u8 *)t + MATRIX;

	if (n > t->length || MATRIX + n * n > t->length)
		return;
	for (unsigned i = 0; i < nr_nodes; i++)
		for (unsigned j = 0; j < nr_nodes; j++)
			if (node_domain[i] < n && node_domain[j] < n)
				acpi_info.distance[i][j] = m[node_domain[i] * n + node_domain[j]];
}

/* --- FADT and DSDT: power --- */

/* One integer of an AML package; moves *p behind it. */
static u16 aml_integer(const u8 **p)
{
	enum { ZERO = 0x00, ONE = 0x01, BYTE = 0x0a, WORD = 0x0b };
	const u8 *b = *p;

	switch (b[0]) {
	case BYTE:
		*p += 2;
		return b[1];
	case WORD:
		*p += 3;
		return get16(b + 1);
	case ONE:
		*p += 1;
		return 1;
	default:
		*p += 1;
		return 0;
	}
}

/* Name (_S5, Package () { a, b, .. }): the values for the two PM1 control registers. */
static void find_s5(const struct sdt *t)
{
	enum { PACKAGE = 0x12, NAME_SIZE = 4, LONGEST = 16 };
	const u8 *aml = (const u8 *)(t + 1), *end = (const u8 *)t + t->length - LONGEST;

	for (const u8 *p = aml; p < end; p++) {
		if (memcmp(p, "_S5_", NAME_SIZE) != 0 || p[NAME_SIZE] != PACKAGE)
			continue;
		p += NAME_SIZE + 1;
		p += 1 + (*p >> 6);	/* length: the top bits count its further bytes */
		p++;			/* number of elements */
		acpi_power.sleep_type_a = aml_integer(&p);
		acpi_power.sleep_type_b = aml_integer(&p);
		acpi_power.has_s5 = true;
		return;
	}
}

static const struct sdt *table_check(paddr p)
{
	const struct sdt *t = phys_to_virt(p);

	if (!p || p >= TABLES_END || t->length < HEADER_SIZE || p + t->length > TABLES_END)
		return NULL;
	return checksum_ok(t, t->length) ? t : NULL;
}

static void parse_fadt(const struct sdt *t)
{
	enum { DSDT = 40, SMI_CMD = 48, ACPI_ENABLE = 52, PM1A_CNT = 64, PM1B_CNT = 68,
	       PM_TIMER = 76, CENTURY = 108, FLAGS = 112, RESET_REG = 116, RESET_VALUE = 128,
	       X_DSDT = 140 };
	enum { FLAG_RESET = 1 << 10 };
	u64 dsdt = field(t, X_DSDT, 8);
	const struct sdt *aml = table_check(dsdt ? dsdt : field(t, DSDT, 4));

	acpi_power.smi_command = field(t, SMI_CMD, 4);
	acpi_power.acpi_enable = field(t, ACPI_ENABLE, 1);
	acpi_power.pm1a_control = field(t, PM1A_CNT, 4);
	acpi_power.pm1b_control = field(t, PM1B_CNT, 4);
	acpi_power.century = field(t, CENTURY, 1);
	acpi_power.has_reset = field(t, FLAGS, 4) & FLAG_RESET;
	acpi_power.reset_space = field(t, RESET_REG, 1);
	acpi_power.reset_address = field(t, RESET_REG + 4, 8);
	acpi_power.reset_value = field(t, RESET_VALUE, 1);
	acpi_info.pm_timer_port = field(t, PM_TIMER, 4);
	if (aml)
		find_s5(aml);
}

static void parse_mcfg(const struct sdt *t)
{
	enum { FIRST_BASE = 44 };

	acpi_info.mcfg = field(t, FIRST_BASE, 8);
}

/* --- the list of tables --- */

/* In the order in which they must be parsed: nodes are given to known processors. */
static const struct {
	char signature[5];
	void (*parse)(const struct sdt *t);
} acpi_tables[] = {
	{ "FACP", parse_fadt },
	{ "APIC", parse_madt },
	{ "SRAT", parse_srat },
	{ "SLIT", parse_slit },
	{ "MCFG", parse_mcfg },
};

static const struct rsdp *rsdp_at(const u8 *p)
{
	return memcmp(p, "RSD PTR ", 8) == 0 && checksum_ok(p, RSDP_SIZE) ? (const void *)p : NULL;
}

static const struct rsdp *rsdp_search(paddr start, paddr end)
{
	const struct rsdp *found = NULL;

	for (paddr p = start; p < end && !found; p += RSDP_ALIGN)
		found = rsdp_at(phys_to_virt(p));
	return found;
}

static const struct rsdp *rsdp_find(paddr given)
{
	const struct rsdp *r = given ? rsdp_at(phys_to_virt(given)) : NULL;
	paddr ebda = (paddr)get16(phys_to_virt(EBDA_POINTER)) << 4;

	if (!r)
		r = rsdp_search(ebda, ebda + EBDA_SIZE);
	if (!r)
		r = rsdp_search(BIOS_START, BIOS_END);
	return r;
}

void acpi_init(paddr rsdp)
{
	const struct rsdp *r = rsdp_find(rsdp);
	bool wide = r && r->revision >= 2 && table_check(r->xsdt);
	const struct sdt *root = r ? table_check(wide ? r->xsdt : r->rsdt) : NULL;
	size_t step = wide ? sizeof(u64) : sizeof(u32);

	acpi_info.lapic = LAPIC_DEFAULT;
	for (unsigned i = 0; i < NR_ISA; i++)
		acpi_info.isa_irq[i].gsi = i;
	default_distances();
	for (size_t i = 0; root && i < ARRAY_SIZE(acpi_tables); i++) {
		for (size_t off = HEADER_SIZE; off + step <= root->length; off += step) {
			const struct sdt *t = table_check(field(root, off, step));

			if (t && memcmp(t->signature, acpi_tables[i].signature, 4) == 0)
				acpi_tables[i].parse(t);
		}
	}
}
