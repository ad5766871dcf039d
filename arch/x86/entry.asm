; SPDX-License-Identifier: MIT
; arch/x86/entry.asm - every way into the kernel and out of it again.
;
; On the kernel stack each entry from user mode builds a struct regs (arch/regs.h) that ends
; at the stack's top; entries from kernel mode build one below what is there:
;
;     ss rsp eflags cs rip | orig_rax | rdi rsi rdx rcx rax r8-r11 rbx rbp r12-r15  <- rsp
;     by the processor       error      by us
;
; GS: user's in user mode, struct cpu in the kernel; swapped on each border crossing and
; nowhere else. Interrupts are off from entry to exit. The kernel's C wants a stack of eight
; bytes' alignment (Makefile), which every struct regs leaves.
;
; NMI, double fault and machine check may hit between a border and its swapgs. They have
; stacks of their own whose top word names the CPU, and they never return.
;
; See Intel SDM volume 3, 5.8.8 (SYSCALL), 6.14 (exceptions in 64-bit mode).

%include "offsets.inc"

extern trap_ops, trap_dispatch, trap_fatal, trap_bad_return
global syscall_entry, return_to_user, trap_stubs

USER_RIP_BITS equ 47			; a user's rip is below 1 << 47
VECTOR_CS     equ 24			; where cs lies, seen from the pushed vector

; Three bytes that smap.c turns into CLAC where the processor has SMAP.
%macro SMAP_CLAC 0
%%site:	db 0x0f, 0x1f, 0x00		; nop dword [rax]
	[section .smap_sites]
	dq %%site, 0
__?SECT?__
%endmacro

; The general registers but rdi, which lies at rsp already.
%macro PUSH_FROM_RSI 1			; %1: what the saved rax shall be
	push rsi
	push rdx
	push rcx
	push %1
	push r8
	push r9
	push r10
	push r11
	push rbx
	push rbp
	push r12
	push r13
	push r14
	push r15
%endmacro

%macro POP_REGS 0
	pop r15
	pop r14
	pop r13
	pop r12
	pop rbp
	pop rbx
	pop r11
	pop r10
	pop r9
	pop r8
	pop rax
	pop rcx
	pop rdx
	pop rsi
	pop rdi
%endmacro

section .text

; SYSCALL: rcx = user rip, r11 = user flags, rsp still the user's.
align 16
syscall_entry:
	swapgs
	mov [gs:CPU_USER_RSP], rsp
	mov rsp, [gs:CPU_KERNEL_STACK]
	push USER_SS
	push qword [gs:CPU_USER_RSP]
	push r11
	push USER_CS
	push rcx
	push rax			; orig_rax: the number
	push rdi
	PUSH_FROM_RSI -ENOSYS
	mov rdi, rsp
	call [trap_ops + OPS_SYSCALL]

	; SYSRET if it gives the same as IRET: rcx = rip (canonical), r11 = flags, our segments.
	mov rcx, [rsp + REGS_RIP]
	cmp rcx, [rsp + REGS_RCX]
	jne return_to_user
	mov rdx, [rsp + REGS_EFLAGS]
	cmp rdx, [rsp + REGS_R11]
	jne return_to_user
	test edx, EFLAGS_NO_SYSRET
	jnz return_to_user
	cmp dword [rsp + REGS_CS], USER_CS
	jne return_to_user
	shr rcx, USER_RIP_BITS
	jnz return_to_user
	POP_REGS
	mov rsp, [rsp + 32]		; from orig_rax on: rip, cs, eflags, rsp
	swapgs
	o64 sysret

; Leaves to user mode by IRET with the struct regs at rsp. What IRET would choke on
; is turned into a fault of the task first.
align 16
return_to_user:
	cmp dword [rsp + REGS_CS], USER_CS
	jne .bad
	cmp dword [rsp + REGS_SS], USER_SS
	jne .bad
	mov rcx, [rsp + REGS_RIP]
	shr rcx, USER_RIP_BITS
	jnz .bad
	POP_REGS
	add rsp, 8			; orig_rax
	swapgs
	iretq
.bad:
	mov rdi, rsp
	call trap_bad_return
	jmp return_to_user

; All vectors that return. Stack: vector, error code, what the processor pushed.
align 16
trap_common:
	test byte [rsp + VECTOR_CS], 3
	jz .from_kernel
	swapgs
.from_kernel:
	SMAP_CLAC
	cld
	xchg rdi, [rsp]			; rdi takes its place, the vector comes out
	PUSH_FROM_RSI rax
	mov rsi, rdi
	mov rdi, rsp
	call trap_dispatch		; (struct regs *, u64 vector)
	test byte [rsp + REGS_CS], 3
	jnz return_to_user
	POP_REGS
	add rsp, 8
	iretq

; The vectors with stacks of their own: GS is taken from the stack's top word.
align 16
fatal_common:
	cld
	xchg rdi, [rsp]
	PUSH_FROM_RSI rax
	mov rbx, rdi
	mov rax, [rsp + REGS_SIZE]
	mov rdx, rax
	shr rdx, 32
	mov ecx, MSR_GS_BASE
	wrmsr
	mov rdi, rsp
	mov rsi, rbx
	call trap_fatal			; (struct regs *, u64 vector)

; One stub for each vector: brings the stack to the same shape, then joins the common code.
%define HAS_ERROR(v) (v == 8 || (v >= 10 && v <= 14) || v == 17 || v == 21 || v == 29 || v == 30)
%define IS_FATAL(v) (v == VEC_NMI || v == VEC_DOUBLE_FAULT || v == VEC_MACHINE_CHECK)

%assign v 0
%rep NR_VECTORS
stub_%+v:
%if !HAS_ERROR(v)
	push 0
%endif
	push v
%if IS_FATAL(v)
	jmp fatal_common
%else
	jmp trap_common
%endif
%assign v v + 1
%endrep

section .rodata
align 8
trap_stubs:
%assign v 0
%rep NR_VECTORS
	dq stub_%+v
%assign v v + 1
%endrep

section .smap_sites progbits alloc noexec nowrite align=8

section .note.GNU-stack noalloc noexec nowrite progbits
