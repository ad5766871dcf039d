// SPDX-License-Identifier: MIT
/* drivers/virtio_list.h - the drivers of virtio devices. */
/* VIRTIO_DRIVER(name): "const struct virtio_driver virtio_<name>_driver", in virtio_<name>.c. */
VIRTIO_DRIVER(rng)
VIRTIO_DRIVER(9p)
