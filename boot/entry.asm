; SPDX-License-Identifier: MIT
; boot/entry.asm - from the boot loader's 32-bit world to kernel_main() in the higher half.
;
; Two doors, one corridor. PVH (qemu -kernel): the note names pvh_entry, ebx -> start_info.
; Multiboot2 (GRUB): the header names mb2_entry, eax = magic, ebx -> tags. Both arrive in
; 32-bit protected mode, flat segments, paging off, interrupts off, no stack.
;
; Early page tables, all in .bss: the low 4 GiB by 2-MiB pages, seen three times: at 0 (needed
; until the jump to the higher half, and by starting processors), at DIRECT_MAP, and the
; first GiB at KERNEL_BASE. The last GiB of the address space is for devices (kmap.c).
;
; See the Multiboot2 specification; Xen's docs/misc/pvh.pandoc for the PVH start of day.

%include "offsets.inc"

extern boot_info_init, kernel_main
global pvh_entry, boot_pml4, low_pdpt, kernel_pdpt, device_pd, boot_stack_top

MB2_HEADER_MAGIC equ 0xe85250d6
MB2_TAG_ENTRY    equ 3
MB2_TAG_ALIGN    equ 6			; modules on page boundaries
ELFNOTE_PHYS32   equ 18			; Xen: physical 32-bit entry
PTE_TABLE        equ 3			; present, writable
PTE_2M           equ 0x83		; and a large page
LOW_GIB          equ 4
CPUID_EXT        equ 0x80000001
CPUID_NX_BIT     equ 20
CPUID_LM_BIT     equ 29
VGA_TEXT         equ 0xb8000

%define PHYS(symbol) ((symbol) - KERNEL_BASE)

section .multiboot2 progbits alloc noexec nowrite align=8
mb2_header:
	dd MB2_HEADER_MAGIC, 0, mb2_header_end - mb2_header
	dd -(MB2_HEADER_MAGIC + (mb2_header_end - mb2_header))
	dw MB2_TAG_ENTRY, 0
	dd 12, mb2_entry, 0		; the last word pads the tag to 8
	dw MB2_TAG_ALIGN, 0
	dd 8
	dw 0, 0				; end
	dd 8
mb2_header_end:

section .note.pvh note alloc noexec nowrite align=4
	dd 4, 8, ELFNOTE_PHYS32
	db "Xen", 0
	dq pvh_entry

section .boot progbits alloc exec nowrite align=16
bits 32

; edi: the loader's magic (0 for PVH), esi: its structure; kept up to boot_info_init().
pvh_entry:
	xor edi, edi
	jmp start32
mb2_entry:
	mov edi, eax
start32:
	mov esi, ebx
	cld
	mov esp, PHYS(boot_stack_top)
	call check_processor
	call build_tables

	mov eax, cr4
	or eax, CR4_PAE
	mov cr4, eax
	mov eax, PHYS(boot_pml4)
	mov cr3, eax
	mov ecx, MSR_EFER
	xor edx, edx
	mov eax, EFER_BOOT
	wrmsr
	mov eax, CR0_BOOT
	mov cr0, eax
	lgdt [boot_gdt_pointer]
	jmp KERNEL_CS:start64

; Long mode and no-execute pages, or a word on the screen and a halt. Uses eax-edx.
check_processor:
	mov eax, CPUID_EXT - 1
	cpuid
	cmp eax, CPUID_EXT
	jb .unfit
	mov eax, CPUID_EXT
	cpuid
	bt edx, CPUID_LM_BIT
	jnc .unfit
	bt edx, CPUID_NX_BIT
	jnc .unfit
	ret
.unfit:
	mov esi, unfit_text
	mov ebx, VGA_TEXT
	mov ah, 0x07			; grey on black
.next:
	lodsb
	mov [ebx], ax
	add ebx, 2
	test al, al
	jnz .next
.halt:
	hlt
	jmp .halt

; Fills the early page tables (the .bss is zero). Uses eax, ecx.
build_tables:
	mov eax, PHYS(low_pdpt) + PTE_TABLE
	mov [PHYS(boot_pml4)], eax
	mov [PHYS(boot_pml4) + PML4_DIRECT * 8], eax
	mov dword [PHYS(boot_pml4) + PML4_KERNEL * 8], PHYS(kernel_pdpt) + PTE_TABLE
	mov dword [PHYS(kernel_pdpt) + PDPT_KERNEL * 8], PHYS(low_pd) + PTE_TABLE
	mov dword [PHYS(kernel_pdpt) + (PDPT_KERNEL + 1) * 8], PHYS(device_pd) + PTE_TABLE
%assign i 0
%rep LOW_GIB
	mov dword [PHYS(low_pdpt) + i * 8], PHYS(low_pd) + i * 4096 + PTE_TABLE
%assign i i + 1
%endrep
	xor ecx, ecx
	mov eax, PTE_2M
.page:
	mov [PHYS(low_pd) + ecx * 8], eax
	add eax, 1 << 21
	inc ecx
	cmp ecx, LOW_GIB * 512
	jb .page
	ret

bits 64
start64:
	mov rax, start_high
	jmp rax

unfit_text:
	db "Plimsoll needs a 64-bit processor with no-execute pages.", 0
align 8
boot_gdt:
	dq 0, 0
	dq 0x00af9a000000ffff		; KERNEL_CS: 64-bit code
	dq 0x00cf92000000ffff		; KERNEL_SS: data
boot_gdt_pointer:
	dw $ - boot_gdt - 1
	dd boot_gdt

section .text
start_high:
	mov eax, KERNEL_SS
	mov ds, eax
	mov es, eax
	mov ss, eax
	xor eax, eax
	mov fs, eax
	mov gs, eax
	mov rsp, boot_stack_top
	xor ebp, ebp			; the end of backtraces
	mov edi, edi
	mov esi, esi
	call boot_info_init		; (u32 magic, paddr structure)
	call kernel_main
.halt:
	hlt
	jmp .halt

section .bss.page nobits alloc noexec write align=4096
boot_pml4:	resq 512
low_pdpt:	resq 512
kernel_pdpt:	resq 512
device_pd:	resq 512
low_pd:		resq 512 * LOW_GIB
boot_stack:	resb KERNEL_STACK_SIZE
boot_stack_top:

section .note.GNU-stack noalloc noexec nowrite progbits
