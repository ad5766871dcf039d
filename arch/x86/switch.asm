; SPDX-License-Identifier: MIT
; arch/x86/switch.asm - from one kernel stack to another.

%include "offsets.inc"

extern return_to_user
global switch_stacks, task_first_run

section .text

; struct arch_task *switch_stacks(struct arch_task *prev, struct arch_task *next)
; Keeps the registers C expects to survive a call on prev's stack, goes on where next left
; off, and returns prev there. Stack of a task that does not run, from its saved rsp up:
;	r15 r14 r13 r12 rbx rbp, return address
align 16
switch_stacks:
	push rbp
	push rbx
	push r12
	push r13
	push r14
	push r15
	mov [rdi + TASK_RSP], rsp
	mov rsp, [rsi + TASK_RSP]
	pop r15
	pop r14
	pop r13
	pop r12
	pop rbx
	pop rbp
	mov rax, rdi
	ret

; Where the first switch to a new task returns to: r12 = start, r13 = its argument. Here rsp
; points at the struct regs at the stack's top.
align 16
task_first_run:
	mov rdi, r13
	sub rsp, 8
	call r12
	add rsp, 8
	jmp return_to_user

section .note.GNU-stack noalloc noexec nowrite progbits
