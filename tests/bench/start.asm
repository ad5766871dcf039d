; SPDX-License-Identifier: MIT
; tests/bench/start.asm - what C cannot say: entry, a child on a stack of its own, signal return.

	bits	64
	default	rel
	extern	bench_main

SYS_rt_sigreturn	equ 15
SYS_clone		equ 56
SYS_exit		equ 60

	section	.text

; void _start(void): rsp points at argc, argv[], NULL (System V ABI for x86-64, 3.4.1).
	global	_start
_start:
	xor	ebp, ebp		; the outermost frame
	mov	rdi, [rsp]
	lea	rsi, [rsp + 8]
	and	rsp, -16
	call	bench_main
	hlt				; bench_main does not return

; long spawn(long flags, void *stack_top, int *tid, void (*run)(void)): clone(2); the child starts
; in run on its own stack and ends when run returns. tid is for CLONE_PARENT_SETTID and
; CLONE_CHILD_CLEARTID.
	global	spawn
spawn:
	mov	r8, rcx			; run stands where tls would
	mov	r10, rdx
	mov	eax, SYS_clone
	syscall
	test	rax, rax
	jnz	.parent
	xor	ebp, ebp
	call	r8
	xor	edi, edi
	mov	eax, SYS_exit
	syscall
.parent:
	ret

; void signal_return(void): where a signal handler returns to (SA_RESTORER).
	global	signal_return
signal_return:
	mov	eax, SYS_rt_sigreturn
	syscall

	section	.note.GNU-stack noalloc noexec nowrite progbits
