; SPDX-License-Identifier: MIT
; crt0.asm - where a program starts, and the two ways of calling the kernel that C cannot express.
;
; At entry rsp points at argc, argv[], NULL, environment, NULL, auxiliary
; vector (System V ABI for x86-64, 3.4.1).

	bits	64
	default	rel
	extern	libc_start, set_errno

SYS_rt_sigreturn	equ 15
SYS_vfork		equ 58
SYS_clone		equ 56
SYS_exit		equ 60
ERRNO_LOWEST		equ -4095	; what is above, as unsigned, is -errno

	section	.text

; void _start(void)
	global	_start
_start:
	xor	ebp, ebp		; the outermost frame
	mov	rdi, rsp
	and	rsp, -16
	call	libc_start
	hlt				; libc_start does not return

; pid_t vfork(void): the child runs on our stack, so the return address must not lie there.
	section	.text.vfork
	global	vfork
vfork:
	pop	rdx
	mov	eax, SYS_vfork
	syscall
	push	rdx
	cmp	rax, ERRNO_LOWEST
	jae	call_failed
	ret

; long call_failed(void), jumped to with the kernel's -errno in rax: returns -1, errno set.
	section	.text.call_failed
	global	call_failed
call_failed:
	mov	rdi, rax
	jmp	set_errno

; long syscall(long number, a, b, c, d, e, f): -1 and errno on failure.
; long raw_syscall(long number, a, b, c, d, e, f): what the kernel returned.
	section	.text.syscall
	global	syscall, raw_syscall
syscall:
	call	raw_syscall_args
	cmp	rax, ERRNO_LOWEST
	jae	call_failed
	ret
raw_syscall:
	mov	rax, rdi
	mov	rdi, rsi
	mov	rsi, rdx
	mov	rdx, rcx
	mov	r10, r8
	mov	r8, r9
	mov	r9, [rsp + 8]		; the seventh argument is on the stack
	syscall
	ret
raw_syscall_args:			; the same, one return address deeper
	mov	rax, rdi
	mov	rdi, rsi
	mov	rsi, rdx
	mov	rdx, rcx
	mov	r10, r8
	mov	r8, r9
	mov	r9, [rsp + 16]
	syscall
	ret

; void signal_return(void): where a signal handler returns to (sa_restorer).
	section	.text.signal_return
	global	signal_return
signal_return:
	mov	eax, SYS_rt_sigreturn
	syscall
	hlt

; long clone_thread(unsigned long flags, void *stack, int *parent_tid, int *child_tid,
;		    void *tls, void (*run)(void *), void *arg)
; The child begins on its own stack with run(arg), which does not return. The
; parent gets the id of the thread or -errno.
	section	.text.clone_thread
	global	clone_thread
clone_thread:
	mov	r11, [rsp + 8]		; arg; kept on the child's stack, as syscall destroys r11
	and	rsi, -16
	sub	rsi, 16
	mov	[rsi], r9
	mov	[rsi + 8], r11
	mov	r10, rcx
	mov	eax, SYS_clone
	syscall
	test	rax, rax
	jz	.child
	ret
.child:
	xor	ebp, ebp
	pop	rax
	pop	rdi
	call	rax
	hlt

	section	.note.GNU-stack noalloc noexec nowrite progbits
