// SPDX-License-Identifier: MIT
/* net/list.h - the families of sockets, by their AF_ number. */
/* FAMILY(name, AF_NUMBER): a "const struct socket_family name_family" stands in net/name.c. */
FAMILY(unix, AF_UNIX)
