; SPDX-License-Identifier: MIT
; arch/x86/wide.asm - memory cleared and copied 32 bytes at a time, by AVX; memcpy and memset.
;
; For whole pages and large copies, also between user and kernel, on processors that have AVX and
; whose REP instructions move quadwords at best. The registers are the user's: the one that is used
; is kept on the stack meanwhile. A fault in copy_wide() may be mended and may even sleep; the
; switch then saves and restores what copy_wide() has in the register, as anything else.
; Context: wide_moves; memcpy and memset any. See Intel SDM volume 1, chapter 14.

%include "offsets.inc"

extern wide_moves
global page_clear_wide, page_copy_wide, copy_wide, memcpy, memset

WIDTH equ 32
SMALL_BLOCK equ 256		; what memcpy and memset take at a time
WORD_BYTES equ 8
BYTES equ 0x0101010101010101

%macro KEEP_YMM0 0
	sub rsp, WIDTH
	vmovdqu [rsp], ymm0
%endmacro

%macro RESTORE_YMM0 0
	vmovdqu ymm0, [rsp]
	add rsp, WIDTH
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

; size_t copy_wide(void *to, const void *from, size_t blocks): copies blocks of WIDE_BLOCK bytes,
; one of the sides the user's. Returns the blocks left over by a fault; the first of these may be
; copied in part.
align 16
copy_wide:
	mov rax, rdx
	KEEP_YMM0
.block:
%assign at 0
%rep WIDE_BLOCK / WIDTH
	vmovdqu ymm0, [rsi + at]
	vmovdqu [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	add rsi, WIDE_BLOCK
	add rdi, WIDE_BLOCK
	dec rax
	jnz .block
.end:
	RESTORE_YMM0
	ret

	[section .extable]		; a fault at a user's address: on at .end
	dq copy_wide.block, copy_wide.end, copy_wide.end
__?SECT?__

; void *memcpy(void *to, const void *from, size_t size): small blocks, the rest by REP; the last
; word overlaps the one before.
align 16
memcpy:
	mov rax, rdi
	cmp rdx, WORD_BYTES
	jb .small
	mov r8, [rsi + rdx - WORD_BYTES]
	lea r9, [rdi + rdx - WORD_BYTES]
	mov rcx, rdx
	cmp rdx, SMALL_BLOCK
	jb .words
	cmp byte [wide_moves], 0
	je .words
	KEEP_YMM0
.block:
%assign at 0
%rep SMALL_BLOCK / WIDTH
	vmovdqu ymm0, [rsi + at]
	vmovdqu [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	add rsi, SMALL_BLOCK
	add rdi, SMALL_BLOCK
	sub rcx, SMALL_BLOCK
	cmp rcx, SMALL_BLOCK
	jae .block
	RESTORE_YMM0
.words:
	shr rcx, 3
	rep movsq
	mov [r9], r8
	ret
.small:					; three moves that overlap, of halves or of bytes
	test dl, 4
	jz .tiny
	mov ecx, [rsi]
	mov r8d, [rsi + rdx - 4]
	mov [rdi], ecx
	mov [rdi + rdx - 4], r8d
	ret
.tiny:
	test edx, edx
	jz .done
	movzx ecx, byte [rsi]
	movzx r8d, byte [rsi + rdx - 1]
	mov r9d, edx
	shr r9d, 1
	movzx r10d, byte [rsi + r9]
	mov [rdi], cl
	mov [rdi + r9], r10b
	mov [rdi + rdx - 1], r8b
.done:
	ret

; void *memset(void *to, int byte, size_t size): likewise; blocks only if the byte is 0.
align 16
memset:
	mov r9, rdi
	movzx eax, sil
	mov rcx, BYTES
	imul rax, rcx
	cmp rdx, WORD_BYTES
	jb .small
	mov [rdi + rdx - WORD_BYTES], rax
	mov rcx, rdx
	cmp rdx, SMALL_BLOCK
	jb .words
	test al, al
	jnz .words
	cmp byte [wide_moves], 0
	je .words
	KEEP_YMM0
	vpxor xmm0, xmm0, xmm0
.block:
%assign at 0
%rep SMALL_BLOCK / WIDTH
	vmovdqu [rdi + at], ymm0
%assign at at + WIDTH
%endrep
	add rdi, SMALL_BLOCK
	sub rcx, SMALL_BLOCK
	cmp rcx, SMALL_BLOCK
	jae .block
	RESTORE_YMM0
.words:
	shr rcx, 3
	rep stosq
	mov rax, r9
	ret
.small:
	mov ecx, edx
	rep stosb
	mov rax, r9
	ret

section .extable progbits alloc noexec nowrite align=8

section .note.GNU-stack noalloc noexec nowrite progbits
