# SPDX-License-Identifier: MIT
# Plimsoll. `make help` lists the targets; tools/setup gets what is missing.
#
# Everything made lies under $(BUILD). Each room of the kernel is a directory; its *.c and *.asm are found
# by wildcard and become $(BUILD)/obj/<room>/<file>.o. There is no recursion and nothing is configured.

DEBUG    ?= 0
COVERAGE ?= 0
BUILD   ?= $(if $(filter 1,$(DEBUG)),build/debug,$(if $(filter 1,$(COVERAGE)),build/coverage,build))
NEWLIB  ?= build/newlib
ACCEL   ?= tcg
VERSION ?= $(shell git describe --always --dirty 2>/dev/null || echo unknown)
V       ?= 0

.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules

# What a rule says and does: `$(call say,CC,$@)`; V=1 shows the commands themselves.
Q   := $(if $(filter 1,$(V)),,@)
say  = $(if $(filter 1,$(V)),,@printf '  %-8s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))')

# `... | $(keep)` writes the target only if it would change.
keep = { cat > $@.$$$$; if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi; }

# ---- the host: checked by tools/setup, whose findings are in tools.mk ------------------------------

ifeq ($(filter clean help,$(MAKECMDGOALS)),)
include $(BUILD)/tools.mk
endif
$(BUILD)/tools.mk: tools/setup
	@mkdir -p $(@D)
	@sh tools/setup $@

# ---- files ----------------------------------------------------------------------------------------

ROOMS := arch/x86 boot drivers lib mm kernel fs ipc net ns cgroup cr tests/kernel
DEBUG_C := kernel/ubsan.c kernel/lock_order.c lib/debug.c mm/debug.c
C     := $(filter-out arch/x86/offsets.c $(if $(filter 1,$(DEBUG)),,$(DEBUG_C)),$(foreach r,$(ROOMS),$(wildcard $(r)/*.c)))
ASM   := $(filter-out boot/initramfs.asm,$(foreach r,$(ROOMS),$(wildcard $(r)/*.asm)))
GEN   := $(BUILD)/gen
UAPI  := $(BUILD)/uapi/.made
OBJ   := $(C:%.c=$(BUILD)/obj/%.o) $(ASM:%.asm=$(BUILD)/obj/%.o) $(BUILD)/obj/gen/rules.o \
	 $(BUILD)/obj/gen/cr_proto.o
TAIL  := $(BUILD)/obj/boot/initramfs.o
ELF   := $(BUILD)/plimsoll.elf
RULEBOOK := $(addprefix docs/rules/,namespaces.md cgroups.md checkpoint-restart.md abi.md ext.md)

PROGS   := $(patsubst user/%.c,$(BUILD)/user/%,$(wildcard user/*.c))
LIBC    := $(BUILD)/user/libc.a
CRT0    := $(BUILD)/obj/user/libc/crt0.o
CONFORM := $(if $(wildcard tests/conform/*.c),$(BUILD)/conform)

# ---- flags ----------------------------------------------------------------------------------------

# gcc's own headers (stddef, stdarg ...), newlib's, and Linux's UAPI headers; nothing else of the host.
GCCINC  := -isystem $(GCC_INCLUDE)
WARN    := -Wall -Wextra -Werror -Wundef
# Without SSE a stack of eight bytes' alignment will do; functions are inlined up to the size that -O3 allows.
# How gcc moves and clears what is of a known size; what is larger goes to arch/x86/wide.asm.
MOVES   := unrolled_loop:64:noalign,rep_8byte:256:noalign,libcall:-1:noalign
CFLAGS   = -std=gnu11 -O2 -g $(WARN) -ffreestanding -fno-pic -fno-pie -mcmodel=kernel -mno-red-zone \
	   -mgeneral-regs-only -mpreferred-stack-boundary=3 --param=max-inline-insns-auto=30 \
	   -fno-stack-protector -fcf-protection=none -fno-strict-aliasing \
	   -fno-asynchronous-unwind-tables -fno-omit-frame-pointer -momit-leaf-frame-pointer \
	   -mmemcpy-strategy=$(MOVES) -mmemset-strategy=$(MOVES) -nostdinc -Iinclude -I$(GEN) -I. \
	   -isystem $(NEWLIB)/kernel/include $(GCCINC) -isystem $(BUILD)/uapi
# DEBUG=1: memory and locks are checked (lib/config.h), and what C leaves undefined panics (kernel/ubsan.c), but for the sign bits of
# UAPI headers ("1 << 31"). gcc warns of less, as it sees the checks as ways through the code.
CFLAGS  += $(if $(filter 1,$(DEBUG)),-fsanitize=undefined -fno-sanitize=shift-base -DOPT_DEBUG=1 -Wno-maybe-uninitialized -Wno-array-bounds)
NASMFLAGS = -felf64 -w+all -I$(GEN)/ -Iarch/x86/ -I$(BUILD)/
# PAD=N: N words more in the structures (lib/config.h).
CFLAGS  += $(if $(PAD),-DOPT_PADDING=$(PAD))
# COVERAGE=1: the rooms count how often each branch is taken (tools/coverage); -Og keeps lines apart.
COUNTED   = $(if $(filter 1,$(COVERAGE)),$(if $(filter tests/%,$<),,-Og --coverage -fprofile-info-section -Wno-maybe-uninitialized))
LDFLAGS  := $(if $(filter 1,$(COVERAGE)),--defsym=__gcov_merge_add=0) -static -nostdlib -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments --build-id=none

UCFLAGS  = -std=gnu11 -O2 -g $(WARN) -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
	   -fcf-protection=none -ftls-model=local-exec -fno-omit-frame-pointer \
	   -ffunction-sections -fdata-sections \
	   -U__linux__ -D__DYNAMIC_REENT__ -D_GNU_SOURCE -nostdinc -Iuser -I$(GEN) \
	   -isystem user/libc/include -isystem $(NEWLIB)/user/include $(GCCINC) -isystem $(BUILD)/uapi
ULINK    = gcc -static -nostdlib -nostartfiles -no-pie -Wl,--gc-sections -Wl,--build-id=none \
	   -Wl,-z,noexecstack $(CRT0)
ULIBS    = -L$(NEWLIB)/user/lib -Wl,--start-group $(LIBC) -lm -lc -lgcc -Wl,--end-group

# ---- what people ask for --------------------------------------------------------------------------

.PHONY: all run shell test oracle gdb lint iso clean help compile_commands.json FORCE

## all: the kernel, its ISO, our programs and the conformance binary
all: $(ELF) iso $(PROGS) $(CONFORM) $(BUILD)/compile_commands.json

## run: the main job: ISO through GRUB, in-kernel tests, the oracle, a summary
run: all $(BUILD)/linux/vmlinuz
	$(Q)tools/run --build $(BUILD) --accel $(ACCEL)

## test: every test but `clients`, `test-fail` and `test-debug`; the last line is `N passed, N failed, N skipped`
test: tested
	$(Q)tools/test --build $(BUILD) --accel $(ACCEL)

.PHONY: tested
tested: all other $(BUILD)/test.cpio $(BUILD)/bench.cpio $(BUILD)/fuzz.cpio $(BUILD)/fuzz-diff.cpio $(BUILD)/linux/vmlinuz

# Kernels of other flags lie in directories of their own, with what they do not make anew.
SPECIAL = mkdir -p build/$(1) && ln -sfn ../linux build/$(1)/linux && \
	$(MAKE) --no-print-directory BUILD=build/$(1) NEWLIB=$(NEWLIB) $(2)

## test-debug: the tests on a kernel that checks itself (DEBUG=1): [TESTS=pattern]
.PHONY: test-debug
test-debug: build/linux/vmlinuz
	$(Q)$(call SPECIAL,debug,DEBUG=1 tested)
	$(Q)SLOW=$(or $(SLOW),4) tools/test --build build/debug --accel $(ACCEL) --unmeasured '$(TESTS)'

## coverage: which lines of the kernel the tests reach: build/coverage.txt, build/coverage.json; fails below 85 %: [TESTS=pattern]
.PHONY: coverage
coverage: build/linux/vmlinuz
	$(Q)$(call SPECIAL,coverage,COVERAGE=1 tested)
	$(Q)tools/coverage --build build/coverage '$(TESTS)'

## fuzz: random calls, and sequences beside Linux: [SEED=1-16] [N=130000] [SEQUENCES=125] [JOBS=2] [SSHLOGIN=hosts] [DEBUG=1]
.PHONY: fuzz
fuzz: $(ELF) $(BUILD)/fuzz.cpio $(BUILD)/fuzz-diff.cpio $(BUILD)/linux/vmlinuz
	$(Q)tools/fuzz-shard $(BUILD) '$(or $(SEED),1-16)' '$(or $(N),130000)' '$(or $(SEQUENCES),125)'

## test-fail: every case again for each of its allocations, which fails; minutes a family (`tools/test fail`: each place once)
.PHONY: test-fail
test-fail: all $(BUILD)/test.cpio
	$(Q)tools/test --build $(BUILD) --accel $(ACCEL) 'whole fail'

## clients: Debian's own programs (bash to gdb and Python) on the model and on Linux
.PHONY: clients
clients: all $(BUILD)/debian-test.cpio $(BUILD)/linux/vmlinuz
	$(Q)tools/test --build $(BUILD) --accel $(ACCEL) debian

## bench: instructions for one operation on the model and on Linux; are the numbers met?
.PHONY: bench
bench: $(ELF) $(BUILD)/bench.cpio $(BUILD)/linux/vmlinuz
	$(Q)tools/bench --build $(BUILD)

## oracle: the model against a Linux kernel: [KERNEL=bzImage] [RULES='UTSNS-*']
oracle: $(ELF) $(CONFORM) $(if $(KERNEL),,$(BUILD)/linux/vmlinuz)
	$(Q)tools/oracle --build $(BUILD) --accel $(ACCEL) $(if $(KERNEL),--kernel '$(KERNEL)') $(if $(RULES),--rules '$(RULES)')

## report: build/report.html: every rule with code, cases and results; differences, bench, coverage
.PHONY: report
report: | $(BUILD)/oracle.json
	$(Q)tools/report --build $(BUILD)
$(BUILD)/oracle.json: | $(ELF) $(CONFORM) $(BUILD)/linux/vmlinuz
	$(Q)tools/oracle --build $(BUILD) --accel $(ACCEL) || test -e $@

## shell: a shell on the model, on this terminal: busybox, or ROOT=debian (poweroff ends it)
ROOT ?= shell
MEM_shell  := 256M
MEM_debian := 1024M
shell: $(ELF) $(BUILD)/$(ROOT:debian=debian-test).cpio
	$(Q)tools/qemu --kernel $(ELF) --initrd $(BUILD)/$(ROOT:debian=debian-test).cpio --accel $(ACCEL) --interactive \
		--mem $(MEM_$(ROOT)) $(if $(SHARE),--share '$(SHARE)') --append 'console=ttyS0 quiet $(APPEND)'

## picture: /proc/plimsoll/state as build/picture.svg: [STATE=file], or of a model that boots now: [IMAGE=checkpoint]
.PHONY: picture
picture: all $(BUILD)/shell.cpio
	$(Q)tools/picture --build $(BUILD) --accel $(ACCEL) $(if $(STATE),--state '$(STATE)') $(if $(IMAGE),--image '$(IMAGE)')

## gdb: QEMU stopped at the first instruction, and gdb with symbols and our commands
gdb: $(ELF)
	$(Q)tools/gdb/session --kernel $(ELF) --accel $(ACCEL) $(if $(INITRD),--initrd $(INITRD)) --append '$(APPEND)'

## lint: the limits of the style, the floors of the house, the reading order
lint: $(BUILD)/flags $(UAPI) $(GEN)/rules.made $(NEWLIB)/kernel/libkern.a
	$(Q)tools/lint $(CFLAGS)

## iso: bootable images, GRUB and BIOS
iso: $(BUILD)/plimsoll.iso $(BUILD)/plimsoll-ktest.iso $(BUILD)/plimsoll-boot.iso

## compile_commands.json: for clangd and its like
compile_commands.json: $(BUILD)/compile_commands.json
	$(Q)cp $< $@

## clean: remove what was made (newlib and the fetched Linux stay; `rm -r build` removes these too)
clean:
	$(Q)if [ -d $(BUILD) ]; then find $(BUILD) -mindepth 1 -maxdepth 1 ! -name newlib ! -name linux -exec rm -rf {} +; fi

help:
	@sed -n 's/^## /  make /p' Makefile
	@echo '  Variables: V=1 DEBUG=1 BUILD=dir NEWLIB=dir ROOT=debian ACCEL=tcg|kvm KERNEL=bzImage RULES=pattern APPEND=words SHARE=dir'

# ---- generated headers ----------------------------------------------------------------------------

$(UAPI): $(BUILD)/tools.mk
	$(Q)mkdir -p $(@D)
	$(Q)ln -sfn /usr/include/linux $(@D)/linux
	$(Q)ln -sfn /usr/include/asm-generic $(@D)/asm-generic
	$(Q)ln -sfn /usr/include/x86_64-linux-gnu/asm $(@D)/asm
	$(Q)touch $@

$(GEN)/rules.made: tools/mkrules $(RULEBOOK)
	$(call say,RULES,$(GEN)/rules.h)
	$(Q)tools/mkrules $(GEN) $(RULEBOOK) && touch $@
$(GEN)/rules.h $(GEN)/rules.c: $(GEN)/rules.made ;

# The messages of images: protoc reads the schema, mkproto makes tables of it.
PROTO := $(wildcard cr/proto/*.proto)
$(GEN)/cr_proto.made: tools/mkproto $(PROTO)
	$(call say,PROTO,$(GEN)/cr_proto.h)
	$(Q)mkdir -p $(@D)
	$(Q)protoc -Icr/proto --descriptor_set_out=$(GEN)/cr_proto.desc $(PROTO)
	$(Q)tools/mkproto $(GEN)/cr_proto.desc $(GEN)/cr_proto.h $(GEN)/cr_proto.c && touch $@
$(GEN)/cr_proto.h $(GEN)/cr_proto.c: $(GEN)/cr_proto.made ;

# Rewritten only when the version is another one, so that a commit alone recompiles one file.
$(GEN)/version.h: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)printf '#pragma once\n#define PLIMSOLL_VERSION "%s"\n' '$(VERSION)' | $(keep)
# Likewise for the flags: another set of them compiles everything again.
$(BUILD)/flags: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)printf '%s\n' '$(strip $(CFLAGS))' '$(strip $(UCFLAGS))' | $(keep)
FORCE:

HEADERS := $(UAPI) $(GEN)/rules.made $(GEN)/cr_proto.made $(GEN)/version.h $(NEWLIB)/kernel/libkern.a

# Offsets of structure members, for nasm: offsets.c is compiled to text that is never assembled.
$(GEN)/offsets.inc: arch/x86/offsets.c tools/offsets | $(HEADERS)
	$(call say,OFFSETS,$@)
	$(Q)gcc $(CFLAGS) -MD -MF $(GEN)/offsets.d -MT $@ -S $< -o $(GEN)/offsets.s
	$(Q)tools/offsets $(GEN)/offsets.s > $@

# ---- newlib ---------------------------------------------------------------------------------------

# newlib itself is compiled with those of our headers that replace one of its own.
OVERLAY := $(addprefix user/libc/include/,machine/_types.h sys/_timespec.h sys/_timeval.h \
	   sys/errno.h sys/signal.h sys/stat.h sys/_default_fcntl.h)

# Built again when what goes into them reads otherwise, not when it is newer: working trees may share $(NEWLIB).
$(NEWLIB)/kernel.inputs: tools/newlib
$(NEWLIB)/user.inputs: tools/newlib $(OVERLAY)
$(NEWLIB)/%.inputs: FORCE
	@mkdir -p $(@D)
	$(Q)cat $(filter-out FORCE,$^) | $(keep)

$(NEWLIB)/kernel/libkern.a: $(NEWLIB)/kernel.inputs
	$(call say,NEWLIB,kernel variant)
	$(Q)tools/newlib kernel $(NEWLIB_SOURCE) $(NEWLIB)/kernel

$(NEWLIB)/user/lib/libc.a: $(NEWLIB)/user.inputs | $(UAPI)
	$(call say,NEWLIB,user variant (a minute))
	$(Q)tools/newlib user $(NEWLIB_SOURCE) $(NEWLIB)/user user/libc/include $(BUILD)/uapi

# ---- the kernel -----------------------------------------------------------------------------------

$(BUILD)/obj/%.o: %.c $(BUILD)/flags | $(HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)gcc $(CFLAGS) $(COUNTED) -MD -MP -c $< -o $@

$(BUILD)/obj/gen/%.o: $(GEN)/%.c | $(HEADERS)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)gcc $(CFLAGS) -MD -MP -c $< -o $@
$(BUILD)/obj/gen/rules.o: $(GEN)/rules.made
$(BUILD)/obj/gen/cr_proto.o: $(GEN)/cr_proto.made

$(BUILD)/obj/%.o: %.asm $(GEN)/offsets.inc
	@mkdir -p $(@D)
	$(call say,NASM,$@)
	$(Q)nasm $(NASMFLAGS) -MD $(@:.o=.d) -MP $< -o $@

# The image is linked twice: once without a symbol table, then with the table made from that link. The
# table comes last in the image, so that it moves no function; tools/symbols --check makes sure.
$(BUILD)/obj/ksyms0.o: tools/symbols | $(HEADERS)
	@mkdir -p $(@D)
	$(Q)tools/symbols > $(GEN)/ksyms0.c && gcc $(CFLAGS) -c $(GEN)/ksyms0.c -o $@

$(BUILD)/plimsoll.pass1: $(OBJ) $(TAIL) $(BUILD)/obj/ksyms0.o arch/x86/kernel.ld
	$(call say,LD,$@)
	$(Q)ld $(LDFLAGS) -T arch/x86/kernel.ld -o $@ $(OBJ) $(TAIL) $(BUILD)/obj/ksyms0.o $(NEWLIB)/kernel/libkern.a

$(BUILD)/obj/ksyms.o: $(BUILD)/plimsoll.pass1 tools/symbols
	$(call say,KSYMS,$@)
	$(Q)tools/symbols $< > $(GEN)/ksyms.c
	$(Q)gcc $(CFLAGS) -c $(GEN)/ksyms.c -o $@

$(ELF): $(BUILD)/obj/ksyms.o
	$(call say,LD,$@)
	$(Q)ld $(LDFLAGS) -Map $(BUILD)/plimsoll.map -T arch/x86/kernel.ld -o $@ $(OBJ) $(TAIL) $< $(NEWLIB)/kernel/libkern.a
	$(Q)tools/symbols --check $(BUILD)/plimsoll.pass1 $@
	$(Q)nm -n $@ > $(BUILD)/plimsoll.sym

## listing: build/plimsoll.lst, source and instructions side by side
.PHONY: listing
listing: $(ELF)
	$(Q)objdump -dS --no-show-raw-insn $< > $(BUILD)/plimsoll.lst

# ---- programs -------------------------------------------------------------------------------------

LIBC_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard user/libc/*.c))
NEWLIB_U := $(NEWLIB)/user/lib/libc.a

$(BUILD)/obj/user/%.o: user/%.c $(BUILD)/flags | $(UAPI) $(NEWLIB_U) $(GEN)/rules.made $(GEN)/version.h
	@mkdir -p $(@D)
	$(call say,UCC,$@)
	$(Q)gcc $(UCFLAGS) -MD -MP -c $< -o $@

$(BUILD)/obj/tests/conform/%.o: tests/conform/%.c $(BUILD)/flags | $(UAPI) $(NEWLIB_U) $(GEN)/rules.made $(GEN)/version.h
	@mkdir -p $(@D)
	$(call say,UCC,$@)
	$(Q)gcc $(UCFLAGS) -Itests/conform -MD -MP -c $< -o $@

$(CRT0): user/libc/crt0.asm
	@mkdir -p $(@D)
	$(call say,NASM,$@)
	$(Q)nasm -felf64 -MD $(@:.o=.d) -MP $< -o $@

$(LIBC): $(LIBC_OBJ)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

.SECONDARY: $(PROGS:$(BUILD)/user/%=$(BUILD)/obj/user/%.o)
# A program is one file, and what lies in the directory of its name.
parts_of = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard user/$(1)/*.c))
$(foreach p,$(PROGS),$(eval $(p): $(call parts_of,$(notdir $(p)))))
$(PROGS): $(BUILD)/user/%: $(BUILD)/obj/user/%.o $(CRT0) $(LIBC) $(NEWLIB_U)
	$(call say,ULD,$@)
	$(Q)$(ULINK) -o $@ $< $(call parts_of,$*) $(ULIBS)

CONFORM_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/conform/*.c))
$(BUILD)/conform: $(CONFORM_OBJ) $(CRT0) $(LIBC) $(NEWLIB_U)
	$(call say,ULD,$@)
	$(Q)$(ULINK) -o $@.debug $(CONFORM_OBJ) $(ULIBS)
	$(Q)strip -o $@ $@.debug

# The benchmark has no C library: what is measured is the kernel.
BENCH_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/bench/*.c)) $(BUILD)/obj/tests/bench/start.o
$(BUILD)/obj/tests/bench/%.o: tests/bench/%.c $(BUILD)/flags | $(UAPI) $(NEWLIB_U)
	@mkdir -p $(@D)
	$(call say,UCC,$@)
	$(Q)gcc $(UCFLAGS) -fno-tree-loop-distribute-patterns -Itests/conform -MD -MP -c $< -o $@
$(BUILD)/obj/tests/bench/start.o: tests/bench/start.asm
	@mkdir -p $(@D)
	$(call say,NASM,$@)
	$(Q)nasm -felf64 -MD $(@:.o=.d) -MP $< -o $@
$(BUILD)/bench: $(BENCH_OBJ)
	$(call say,ULD,$@)
	$(Q)gcc -static -nostdlib -nostartfiles -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -o $@ $^
$(BUILD)/bench.cpio: $(BUILD)/bench tools/mkcpio
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $@ --base --strip /init=$<

# Random system calls: tests/fuzz/, run by tools/fuzz.
FUZZ_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/fuzz/*.c))
$(BUILD)/obj/tests/fuzz/%.o: tests/fuzz/%.c $(BUILD)/flags | $(UAPI) $(NEWLIB_U)
	@mkdir -p $(@D)
	$(call say,UCC,$@)
	$(Q)gcc $(UCFLAGS) -Itests/fuzz -Itests/conform -MD -MP -c $< -o $@
$(BUILD)/fuzz-calls: $(FUZZ_OBJ) $(CRT0) $(LIBC) $(NEWLIB_U)
	$(call say,ULD,$@)
	$(Q)$(ULINK) -o $@ $(FUZZ_OBJ) $(ULIBS)
DIFF_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/fuzz/diff/*.c) tests/fuzz/random.c tests/fuzz/say.c)
$(BUILD)/fuzz-diff: $(DIFF_OBJ) $(CRT0) $(LIBC) $(NEWLIB_U)
	$(call say,ULD,$@)
	$(Q)$(ULINK) -o $@ $(DIFF_OBJ) $(ULIBS)
$(BUILD)/fuzz-diff.cpio: $(BUILD)/fuzz-diff tools/mkcpio
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $@ --base --strip /init=$(BUILD)/fuzz-diff
$(BUILD)/fuzz.cpio: $(BUILD)/fuzz-calls tools/mkcpio
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $@ --base --strip /fuzz=$(BUILD)/fuzz-calls

# ---- initramfs and ISO ----------------------------------------------------------------------------

# Built in: our init, our programs and the conformance binary. The ELF alone boots and tests itself.
# `make other` has brought it already.
BUILTIN := $(PROGS) $(CONFORM) tools/mkcpio
$(BUILD)/builtin.cpio: $(BUILTIN)
	$(call say,CPIO,$@)
	$(Q)test -z "$(BUILTIN)" || tools/mkcpio $@ --base --strip $(foreach p,$(PROGS),/bin/$(notdir $(p))=$(p)) \
		$(if $(CONFORM),/conform=$(CONFORM)) /init=$(BUILD)/user/init

## other: the same kernel in another build: other version, other layout of structures (for tests of checkpoints)
.PHONY: other
other: $(BUILD)/builtin.cpio
	$(Q)mkdir -p $(BUILD)/other && cp -u $(BUILD)/builtin.cpio $(BUILD)/other/builtin.cpio
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/other NEWLIB=$(NEWLIB) VERSION=$(VERSION)-other COVERAGE=0 PAD=3 BUILTIN= \
		$(BUILD)/other/plimsoll.elf

$(TAIL): boot/initramfs.asm $(BUILD)/builtin.cpio
	@mkdir -p $(@D)
	$(call say,NASM,$@)
	$(Q)nasm $(NASMFLAGS) $< -o $@

# A small system around Debian's busybox: for `make shell`, the ISO and the busybox script.
$(BUILD)/shell.cpio: $(BUILD)/builtin.cpio tools/mkcpio
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $@ --base --strip --busybox $(BUSYBOX) /init=$(BUILD)/user/init \
		$(foreach p,$(PROGS),/bin/$(notdir $(p))=$(p)) $(if $(CONFORM),/conform=$(CONFORM))

# A plain Linux program for the tests of checkpoints.
$(BUILD)/cr/%: tests/cr/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)gcc -static -O1 -Wall -Wextra -Werror -pthread -o $@ $<

$(BUILD)/test.cpio: $(BUILD)/builtin.cpio $(BUILD)/cr/work tools/mkcpio $(wildcard tests/clients/*.sh) tests/clients/faults
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $@ --base --strip --busybox $(BUSYBOX) /bin/work=$(BUILD)/cr/work /init=$(BUILD)/user/init \
		$(foreach f,$(wildcard tests/clients/*.sh) tests/clients/faults,/tests/$(notdir $(f))=$(f)) \
		$(foreach p,$(PROGS),/bin/$(notdir $(p))=$(p)) $(if $(CONFORM),/conform=$(CONFORM))

# Debian's own programs, from packages; and after them our init, the clients' scripts and the programs these use.
.PHONY: debian-root
debian-root: $(BUILD)/debian.cpio
$(BUILD)/debian.cpio: tools/debian-root tools/mkcpio
	$(call say,DEBIAN,$@)
	$(Q)tools/debian-root $(BUILD)

CLIENTS := $(wildcard tests/clients/debian/*)
CLIENT_PROGS := $(patsubst tests/clients/programs/%.cc,$(BUILD)/clients/%,$(wildcard tests/clients/programs/*.cc)) \
	$(patsubst tests/clients/programs/%.c,$(BUILD)/clients/%,$(wildcard tests/clients/programs/*.c))
$(BUILD)/clients/%: tests/clients/programs/%.cc
	@mkdir -p $(@D)
	$(call say,CXX,$@)
	$(Q)g++ -std=c++17 -O1 -g -Wall -Wextra -Werror -pthread -o $@ $<
$(BUILD)/clients/%: tests/clients/programs/%.c
	@mkdir -p $(@D)
	$(call say,HOSTCC,$@)
	$(Q)gcc -O0 -g -Wall -Wextra -Werror -pthread -ffile-prefix-map=$(CURDIR)/= -o $@ $<

$(BUILD)/debian-test.cpio: $(BUILD)/debian.cpio $(BUILD)/user/init $(CLIENTS) $(CLIENT_PROGS) tools/mkcpio
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio $(BUILD)/debian-own.cpio /init=$(BUILD)/user/init $(foreach f,$(CLIENTS),/tests/$(notdir $(f))=$(f)) \
		$(foreach p,$(CLIENT_PROGS),/tests/$(notdir $(p))=$(p))
	$(Q)cat $(BUILD)/debian.cpio $(BUILD)/debian-own.cpio > $@.new && mv $@.new $@

# plimsoll.iso has a menu; the others boot one command line, for the tests.
ISO_LINE_plimsoll-boot  := console=ttyS0 quiet panic=-1 -- /bin/echo userland reached
ISO_LINE_plimsoll-ktest := console=ttyS0 panic=-1 ktest=all -- /bin/echo userland reached
$(BUILD)/%.iso: $(ELF) $(BUILD)/shell.cpio tools/mkiso
	$(call say,ISO,$@)
	$(Q)tools/mkiso $@ $(ELF) $(BUILD)/shell.cpio '$(ISO_LINE_$*)'

# ---- Debian's Linux, to compare with --------------------------------------------------------------

$(BUILD)/linux/vmlinuz: tools/fetch-linux
	$(call say,FETCH,$@)
	$(Q)tools/fetch-linux $(@D)

# ---- for editors ----------------------------------------------------------------------------------

$(BUILD)/compile_commands.json: Makefile tools/mkcommands $(sort $(dir $(C)))
	$(Q)tools/mkcommands '$(strip $(CFLAGS))' $(C) -- '$(strip $(UCFLAGS)) -Itests/conform' \
		$(wildcard user/*.c user/libc/*.c tests/conform/*.c) > $@

-include $(patsubst %.o,%.d,$(OBJ) $(LIBC_OBJ) $(CRT0) $(CONFORM_OBJ) $(BENCH_OBJ) $(FUZZ_OBJ) $(DIFF_OBJ)) $(PROGS:$(BUILD)/user/%=$(BUILD)/obj/user/%.d) $(GEN)/offsets.d
