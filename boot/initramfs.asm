; SPDX-License-Identifier: MIT
; boot/initramfs.asm - the built-in initramfs (newc cpio by tools/mkcpio), linked into the image.
;
; -initrd takes its place: see boot/info.h, builtin_initrd.

	section	.rodata.initramfs progbits alloc noexec nowrite align=4096
	global	builtin_initramfs, builtin_initramfs_end
builtin_initramfs:
	incbin	"builtin.cpio"
builtin_initramfs_end:

	section	.note.GNU-stack noalloc noexec nowrite progbits
