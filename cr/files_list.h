// SPDX-License-Identifier: MIT
/* cr/files_list.h - the kinds of open files, in the order in which they are asked. FILE_CLASS(name): a "const struct
 * cr_file_class cr_name_files". */
FILE_CLASS(reg)		/* cr/files_reg.c: regular files, directories and devices, by path */
