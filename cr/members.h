// SPDX-License-Identifier: MIT
/* cr/members.h - the members of an image: kind, name (%u: an id), magic and message, as CRIU has
 * them.
 *
 * MEMBER(KIND, name, magic, message). Magic 0: no common magic before it (inventory), or raw bytes
 * (message raw). plimsoll-*.img have magics of our own. */
MEMBER(INVENTORY, "inventory.img", 0x58313116, inventory_entry)
MEMBER(HEAD, "plimsoll-head.img", 0x504c0001, plimsoll_head)
MEMBER(PSTREE, "pstree.img", 0x50273030, pstree_entry)
MEMBER(PIDNS, "plimsoll-pidns.img", 0x504c0002, plimsoll_pidns)
MEMBER(PIDS, "plimsoll-pids.img", 0x504c0003, plimsoll_pids)
MEMBER(UTSNS, "utsns-%u.img", 0x54473203, utsns_entry)
MEMBER(CGROUPS, "plimsoll-cgroups.img", 0x504c0007, plimsoll_cgroup)
MEMBER(IDS, "ids-%u.img", 0x54432030, task_kobj_ids_entry)
MEMBER(CORE, "core-%u.img", 0x55053847, core_entry)
MEMBER(TASKS, "plimsoll-tasks.img", 0x504c0004, plimsoll_task)
MEMBER(MM, "mm-%u.img", 0x57492820, mm_entry)
MEMBER(FILES, "files.img", 0x56303138, file_entry)
MEMBER(FDINFO, "fdinfo-%u.img", 0x56213732, fdinfo_entry)
MEMBER(FS, "fs-%u.img", 0x51403912, fs_entry)
MEMBER(PAGEMAP, "pagemap-%u.img", 0x56084025, pagemap_entry)
MEMBER(CONTENT, "pagemap-shmem-%u.img", 0x56084025, pagemap_entry)
MEMBER(MEMFD, "memfd.img", 0x48453499, memfd_inode_entry)
MEMBER(REMAP, "remap-fpath.img", 0x59133954, remap_file_path_entry)
MEMBER(GHOST, "ghost-file-%u.img", 0x52583605, ghost_file_entry)
MEMBER(SK_QUEUES, "sk-queues.img", 0x56264026, sk_packet_entry)
MEMBER(COW, "plimsoll-cow.img", 0x504c0006, plimsoll_cow)
MEMBER(PIPES, "plimsoll-pipes.img", 0x504c0010, plimsoll_pipe)
MEMBER(PAD, "plimsoll-pad-%u.img", 0x504c00fe, plimsoll_pad)
MEMBER(TRAILER, "plimsoll-trailer.img", 0x504c00ff, plimsoll_trailer)
