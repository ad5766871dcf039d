// SPDX-License-Identifier: MIT
/* drivers/virtio.c - virtio devices over PCI: discovery, feature negotiation, queues, interrupts.
 *
 * Life of a device: 1 reset, 2 ACKNOWLEDGE, DRIVER: features are agreed upon (VIRTIO_F_VERSION_1
 * always), 3 FEATURES_OK, 4 the driver's probe makes queues, 5 DRIVER_OK; or FAILED and never
 * touched again. Transitional devices are driven the modern way.
 * One interrupt for all queues of a device, by MSI-X or INTx.
 * Locks: BKL. Checkpoint: none. See VIRTIO 1.1, 3.1 (initialization), 4.1 (PCI). */
#include "drivers/virtio.h"

#include "abi/errno.h"
#include "arch/cpu.h"
#include "arch/paging.h"
#include "drivers/pci.h"
#include "lib/print.h"

#define VIRTIO_VENDOR      0x1af4
#define ID_TRANSITIONAL    0x1000	/* first device id; the type is in the subsystem id */
#define ID_MODERN          0x1040	/* + type */
#define ID_LAST            0x107f
#define DEVICES_MAX        16
#define NO_VECTOR          VIRTIO_MSI_NO_VECTOR
#define ISR_QUEUE          BIT(0)
#define RESET_TRIES        1000000
#define CONFIG_TRIES       100
#define FEATURE_WORDS      2

#define VIRTIO_DRIVER(name) extern const struct virtio_driver virtio_##name##_driver;
#include "drivers/virtio_list.h"
#undef VIRTIO_DRIVER

static const struct virtio_driver *const drivers[] = {
#define VIRTIO_DRIVER(name) &virtio_##name##_driver,
#include "drivers/virtio_list.h"
#undef VIRTIO_DRIVER
};

static struct virtio_device devices[DEVICES_MAX];
static unsigned nr_devices;
static void *(*memory_alloc)(size_t size);

void *virtio_alloc(size_t size)
{
	return memory_alloc(size);
}

/* --- the device's structures, as its capabilities tell --- */

/* Maps the structure of that kind; *out stays NULL if the device has none. */
static int map_structure(struct virtio_device *dev, u8 kind, volatile void **out, u32 *len,
			 u32 *extra)
{
	const struct pci_device *pci = dev->pci;
	unsigned cap = 0;
	u32 offset;
	u8 bar;

	while ((cap = pci_capability_next(pci, cap, PCI_CAP_ID_VNDR))) {
		if (pci_read(pci, cap + VIRTIO_PCI_CAP_CFG_TYPE, 1) != kind)
			continue;
		offset = pci_read(pci, cap + VIRTIO_PCI_CAP_OFFSET, 4);
		*len = pci_read(pci, cap + VIRTIO_PCI_CAP_LENGTH, 4);
		if (extra)
			*extra = pci_read(pci, cap + VIRTIO_PCI_NOTIFY_CAP_MULT, 4);
		bar = pci_read(pci, cap + VIRTIO_PCI_CAP_BAR, 1);
		return pci_map_bar(pci, bar, offset, *len, out);
	}
	return 0;
}

static int map_structures(struct virtio_device *dev)
{
	volatile void *common = NULL, *notify = NULL, *isr = NULL, *config = NULL;
	u32 common_len = 0, isr_len = 0;
	int err = map_structure(dev, VIRTIO_PCI_CAP_COMMON_CFG, &common, &common_len, NULL);

	if (!err)
		err = map_structure(dev, VIRTIO_PCI_CAP_NOTIFY_CFG, &notify, &dev->notify_len,
				    &dev->notify_multiplier);
	if (!err)
		err = map_structure(dev, VIRTIO_PCI_CAP_ISR_CFG, &isr, &isr_len, NULL);
	if (!err)
		err = map_structure(dev, VIRTIO_PCI_CAP_DEVICE_CFG, &config, &dev->config_len,
				    NULL);
	if (err)
		return err;
	if (common_len < sizeof(*dev->common) || !notify || !isr_len)
		return -ENODEV;		/* an old device */
	dev->common = common;
	dev->notify = notify;
	dev->isr = isr;
	dev->config = config;
	return 0;
}

bool virtio_config_read(struct virtio_device *dev, u32 offset, void *buf, u32 len)
{
	u8 before, *to = buf;

	if (!dev->config || offset > dev->config_len || len > dev->config_len - offset)
		return false;
	for (unsigned tries = 0; tries < CONFIG_TRIES; tries++) {
		before = dev->common->config_generation;
		for (u32 i = 0; i < len; i++)
			to[i] = dev->config[offset + i];
		if (dev->common->config_generation == before)
			return true;
	}
	return false;
}

/* --- queues --- */

int virtio_queue_create(struct virtio_device *dev, u16 max, void (*done)(struct virtqueue *q),
			struct virtqueue **out)
{
	volatile struct virtio_pci_common_cfg *c = dev->common;
	struct virtqueue *q;
	u16 index = dev->nr_queues, size;
	void *memory;
	u64 doorbell;

	if (index >= VIRTIO_QUEUES_MAX || index >= c->num_queues)
		return -ENODEV;
	c->queue_select = index;
	size = MIN(c->queue_size, max);
	doorbell = (u64)c->queue_notify_off * dev->notify_multiplier;
	if (!size || size & (size - 1) || doorbell + sizeof(u16) > dev->notify_len)
		return -ENODEV;
	memory = memory_alloc(MAX(virtq_memory(size), PAGE_SIZE));
	if (!memory)
		return -ENOMEM;
	q = &dev->queues[index];
	virtq_init(q, size, memory);
	q->done = done;
	q->index = index;
	q->doorbell = (volatile u16 *)(dev->notify + doorbell);
	c->queue_size = size;
	c->queue_desc_lo = virt_to_phys((void *)q->desc);
	c->queue_desc_hi = virt_to_phys((void *)q->desc) >> 32;
	c->queue_avail_lo = virt_to_phys((void *)q->avail);
	c->queue_avail_hi = virt_to_phys((void *)q->avail) >> 32;
	c->queue_used_lo = virt_to_phys((void *)q->used);
	c->queue_used_hi = virt_to_phys((void *)q->used) >> 32;
	c->queue_msix_vector = dev->msix ? 0 : NO_VECTOR;
	if (dev->msix && c->queue_msix_vector == NO_VECTOR)
		return -EIO;
	c->queue_enable = 1;
	dev->nr_queues++;
	*out = q;
	return 0;
}

/* The interrupt of a device. Context: under the BKL. */
static void virtio_interrupt(void *arg)
{
	struct virtio_device *dev = arg;

	if (!dev->msix && !(*dev->isr & ISR_QUEUE))
		return;			/* reading it let the line go */
	for (unsigned i = 0; i < dev->nr_queues; i++)
		dev->queues[i].done(&dev->queues[i]);
}

/* --- initialization --- */

static int device_reset(struct virtio_device *dev)
{
	dev->common->device_status = 0;
	for (unsigned tries = 0; dev->common->device_status; tries++) {
		if (tries == RESET_TRIES)
			return -EIO;
		cpu_relax();
	}
	return 0;
}

static int agree_on_features(struct virtio_device *dev)
{
	volatile struct virtio_pci_common_cfg *c = dev->common;
	u64 offered = 0;

	for (u32 word = 0; word < FEATURE_WORDS; word++) {
		c->device_feature_select = word;
		offered |= (u64)c->device_feature << (word * 32);
	}
	dev->features = offered & (dev->driver->features | BIT(VIRTIO_F_VERSION_1));
	if (!(dev->features & BIT(VIRTIO_F_VERSION_1)))
		return -ENODEV;
	for (u32 word = 0; word < FEATURE_WORDS; word++) {
		c->guest_feature_select = word;
		c->guest_feature = dev->features >> (word * 32);
	}
	c->device_status |= VIRTIO_CONFIG_S_FEATURES_OK;
	return c->device_status & VIRTIO_CONFIG_S_FEATURES_OK ? 0 : -EIO;
}

static int device_start(struct virtio_device *dev)
{
	int err = map_structures(dev);

	if (err)
		return err;
	pci_enable(dev->pci);
	err = device_reset(dev);
	if (err)
		return err;
	dev->common->device_status |= VIRTIO_CONFIG_S_ACKNOWLEDGE;
	dev->common->device_status |= VIRTIO_CONFIG_S_DRIVER;
	err = agree_on_features(dev);
	if (!err)
		err = pci_interrupt(dev->pci, virtio_interrupt, dev, &dev->msix);
	if (!err) {
		dev->common->msix_config = NO_VECTOR;
		err = dev->driver->probe(dev);
	}
	if (err) {
		dev->nr_queues = 0;
		dev->common->device_status |= VIRTIO_CONFIG_S_FAILED;
	} else {
		dev->common->device_status |= VIRTIO_CONFIG_S_DRIVER_OK;
	}
	return err;
}

/* VIRTIO_ID_* of a PCI function; 0: not a virtio device. */
static u16 virtio_type(const struct pci_device *pci)
{
	if (pci->vendor != VIRTIO_VENDOR || pci->device < ID_TRANSITIONAL || pci->device > ID_LAST)
		return 0;
	return pci->device < ID_MODERN ? pci->subsystem : pci->device - ID_MODERN;
}

static void device_probe(struct pci_device *pci, const struct virtio_driver *driver)
{
	struct virtio_device *dev = &devices[nr_devices];
	int err;

	if (nr_devices == DEVICES_MAX)
		return;
	*dev = (struct virtio_device){ .pci = pci, .driver = driver };
	pci->taken = true;
	nr_devices++;			/* never given back: its interrupt knows it */
	err = device_start(dev);
	if (err)
		kprintf("virtio: %02x:%02x.%x: no %s, error %d\n", pci->bus, pci->slot,
			pci->function, driver->name, err);
	else
		kprintf("virtio: %02x:%02x.%x: %s, %s\n", pci->bus, pci->slot, pci->function,
			driver->name, dev->msix ? "MSI-X" : "INTx");
}

void virtio_init(void *(*alloc)(size_t size))
{
	struct pci_device *pci;

	memory_alloc = alloc;
	for (unsigned n = 0; (pci = pci_device_at(n)); n++)
		for (unsigned i = 0; i < ARRAY_SIZE(drivers); i++)
			if (!pci->taken && virtio_type(pci) == drivers[i]->type)
				device_probe(pci, drivers[i]);
}
