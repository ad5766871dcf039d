; SPDX-License-Identifier: MIT
; arch/x86/wide.asm - memory cleared and copied 32 bytes at a time, by AVX.
;
; For whole pages and large copies between user and kernel, on processors that have AVX and whose
; REP instructions move quadwords at best. The registers are the user's: the one that is used
; is kept on the stack meanwhile. A fault in copy_wide() may be mended and may even sleep; the
; switch then saves and restores what copy_wide() has in the register, as anything else.
; Context: cpu_features.avx. See Intel SDM volume 1, chapter 14.

%include "offsets.inc"

global page_clear_wide, page_copy_wide, copy_wide

WIDTH equ 32

%macro KEEP_YMM0 0
	sub rsp, WIDTH
	vmovdqu [rsp], ymm0
%endmacro

%macro RESTORE_YMM0 0
	vmovdqu ymm0, [rsp]
	add rsp, WIDTH
%endmacro

; An instruction that may fault at a user's address: then on at .end
%macro MAY_FAULT 1+
%%insn:	%1
	[section .extable]
	dq %%insn, copy_wide.end
__?SECT?__
%endmacro

section .text

; void page_clear_wide(void *page)
align 16
page_clear_wide:
	KEEP_YMM0
	vpxor xmm0, xmm0, xmm0		; clears the upper half too
%assign at 0
%rep PAGE_BYTES / WIDTH
	vmovdqa [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	RESTORE_YMM0
	ret

; void page_copy_wide(void *to, const void *from)
align 16
page_copy_wide:
	KEEP_YMM0
%assign at 0
%rep PAGE_BYTES / WIDTH
	vmovdqa ymm0, [rsi + at]
	vmovdqa [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	RESTORE_YMM0
	ret

; size_t copy_wide(void *to, const void *from, size_t blocks): copies blocks of WIDE_BLOCK bytes, one of
; the sides the user's. Returns the blocks left over by a fault; the first of these may be copied in part.
align 16
copy_wide:
	mov rax, rdx
	KEEP_YMM0
.block:
%assign at 0
%rep WIDE_BLOCK / WIDTH
	MAY_FAULT vmovdqu ymm0, [rsi + at]
	MAY_FAULT vmovdqu [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	add rsi, WIDE_BLOCK
	add rdi, WIDE_BLOCK
	dec rax
	jnz .block
.end:
	RESTORE_YMM0
	ret

section .extable progbits alloc noexec nowrite align=8

section .note.GNU-stack noalloc noexec nowrite progbits
