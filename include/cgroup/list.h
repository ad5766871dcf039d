// SPDX-License-Identifier: MIT
/* cgroup/list.h - controllers, in Linux's order: cpuset cpu io memory hugetlb pids rdma misc. */
/* CONTROLLER(name, NAME): a "const struct controller name_controller" stands in cgroup/name.c. */
CONTROLLER(memory, MEMORY)
CONTROLLER(pids, PIDS)
