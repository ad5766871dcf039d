// SPDX-License-Identifier: MIT
/* boot/options.h - every option of the kernel command line, once.
 *
 *   OPTION(word, kind, variable, text)
 *
 * A kind is a function option_<kind>() of boot/cmdline.c:
 *   console  a console's name, up to four times; ",115200n8" and the like are dropped
 *   string   the value as it is           int, u32, u64  a number (0x.. and 0.. as in C)
 *   flag     true where the word stands   bool           0 or 1
 *   size     bytes, with K, M or G        version        "6.1" as 0x601
 *   init     string; init's arguments that stand before it are forgotten, as on Linux
 *   numa     "fake=N"                     nosmp          1 processor
 *   ignored  a Linux option that has nothing to say here: not passed on to init */
#pragma once

#define BOOT_OPTIONS(OPTION)                                                                \
	OPTION("console",   console, boot_options.console,                                  \
	       "console of kernel messages: ttyS0, ttyS1, tty0; the last is /dev/console")  \
	OPTION("init",      init,    boot_options.init,                                     \
	       "program run as process 1, on the root file system")                         \
	OPTION("rdinit",    init,    boot_options.rdinit,                                   \
	       "program run as process 1, in the initramfs (default /init)")                \
	OPTION("panic",     int,     boot_options.panic_timeout,                            \
	       "after a panic: restart after N seconds; -1 at once; 0 halt")                \
	OPTION("quiet",     flag,    boot_options.quiet,                                    \
	       "kernel messages go to the log only, not to the consoles")                   \
	OPTION("ktest",     string,  boot_options.ktest,                                    \
	       "in-kernel tests to run before init: all, or a pattern")                     \
	OPTION("ktest_exit", bool,   boot_options.ktest_exit,                               \
	       "1: power off after the in-kernel tests")                                    \
	OPTION("numa",      numa,    boot_options.numa_fake,                                \
	       "fake=N splits memory into N nodes")                                         \
	OPTION("audit",     u64,     boot_options.audit,                                    \
	       "run all audits at every Nth system call; panic at the first that breaks one") \
	OPTION("fail",      u64,     boot_options.fail,                                     \
	       "the Nth allocation of init and its children fails, once")                   \
	OPTION("seed",      u64,     boot_options.seed,                                     \
	       "permutes the free choices of the scheduler: another number, another run")   \
	OPTION("compat",    version, boot_options.compat,                                   \
	       "Linux version whose rules apply where they changed (default 6.1)")          \
	OPTION("maxcpus",   u32,     boot_options.max_cpus,                                 \
	       "start at most N processors; 0 or 1: only the first")                        \
	OPTION("nosmp",     nosmp,   boot_options.max_cpus,                                 \
	       "start only the first processor")                                            \
	OPTION("mem",       size,    boot_options.mem_limit,                                \
	       "use memory below SIZE only (K, M, G)")                                      \
	OPTION("gdb",       string,  boot_options.gdb,                                      \
	       "serial port of the kernel's own gdb stub: ttyS1")                           \
	OPTION("gdbwait",   flag,    boot_options.gdbwait,                                  \
	       "with gdb=: wait for gdb before init starts")                                \
	OPTION("ro",        ignored, boot_options, "Linux: mount the root read-only")        \
	OPTION("rw",        ignored, boot_options, "Linux: mount the root read-write")       \
	OPTION("root",      ignored, boot_options, "Linux: root device")                     \
	OPTION("rootwait",  ignored, boot_options, "Linux: wait for the root device")        \
	OPTION("rootfstype", ignored, boot_options, "Linux: file system of the root")        \
	OPTION("debug",     ignored, boot_options, "Linux: all messages to the console")     \
	OPTION("loglevel",  ignored, boot_options, "Linux: console message level")           \
	OPTION("earlyprintk", ignored, boot_options, "Linux: early console")                 \
	OPTION("acpi",      ignored, boot_options, "Linux: ACPI switches")                   \
	OPTION("noapic",    ignored, boot_options, "Linux: no IOAPIC")                       \
	OPTION("nokaslr",   ignored, boot_options, "Linux: kernel at its linked address")    \
	OPTION("reboot",    ignored, boot_options, "Linux: how to restart")                  \
	OPTION("tsc",       ignored, boot_options, "Linux: trust in the TSC")                \
	OPTION("clocksource", ignored, boot_options, "Linux: clock source")                  \
	OPTION("mitigations", ignored, boot_options, "Linux: processor mitigations")         \
	OPTION("nmi_watchdog", ignored, boot_options, "Linux: lockup detector")              \
	OPTION("initrd",    ignored, boot_options, "Linux: word of the boot loader")         \
	OPTION("vga",       ignored, boot_options, "Linux: word of the boot loader")
