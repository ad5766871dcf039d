; SPDX-License-Identifier: MIT
; arch/x86/trampoline.asm - where a processor starts: 16-bit real mode at TRAMPOLINE_BASE.
;
; smp.c copies trampoline_start..trampoline_end there, sets trampoline_stack and
; trampoline_cpu, and sends the startup IPI. Straight to long mode: page tables are those of
; the boot, whose identity map covers this page. One processor at a time.
; See Intel SDM volume 3, 8.4 (MP initialization), 9.8.5 (entering IA-32e mode).

%include "offsets.inc"

extern boot_pml4, smp_entry
global trampoline_start, trampoline_end, trampoline_stack, trampoline_cpu

%define AT(label) (TRAMPOLINE_BASE + (label) - trampoline_start)
%define PHYS(symbol) ((symbol) - KERNEL_BASE)

section .rodata
align 16
bits 16
trampoline_start:
	cli
	cld
	xor ax, ax
	mov ds, ax
	lgdt [AT(trampoline_gdt_pointer)]
	mov eax, CR4_PAE
	mov cr4, eax
	mov eax, dword [AT(trampoline_root)]
	mov cr3, eax
	mov ecx, MSR_EFER
	xor edx, edx
	mov eax, EFER_BOOT
	wrmsr
	mov eax, CR0_BOOT
	mov cr0, eax
	jmp dword KERNEL_CS:AT(trampoline64)
bits 64
trampoline64:
	mov rax, smp_start_high
	jmp rax
align 8
trampoline_gdt:
	dq 0, 0
	dq 0x00af9a000000ffff		; KERNEL_CS
	dq 0x00cf92000000ffff		; KERNEL_SS
trampoline_gdt_pointer:
	dw $ - trampoline_gdt - 1
	dd AT(trampoline_gdt)
trampoline_root:
	dd PHYS(boot_pml4)
trampoline_end:

section .text
smp_start_high:
	mov eax, KERNEL_SS
	mov ds, eax
	mov es, eax
	mov ss, eax
	xor eax, eax
	mov fs, eax
	mov gs, eax
	mov rsp, [trampoline_stack]
	xor ebp, ebp
	mov rdi, [trampoline_cpu]
	call smp_entry			; (unsigned id), does not return

section .data
align 8
trampoline_stack: dq 0
trampoline_cpu:	  dq 0

section .note.GNU-stack noalloc noexec nowrite progbits
