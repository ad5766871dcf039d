// SPDX-License-Identifier: MIT
/* kernel/bpf.c - classic BPF over the description of one system call: checked once, run for each.
 *
 * A program is a list of instructions over two registers (A, X) and sixteen words of memory. It
 * reads aligned words of struct seccomp_data, jumps forward only and ends in a RET: so a checked
 * program ends after at most as many steps as it has instructions. What seccomp does not let a
 * program do (bytes, packets, modulo) is EINVAL when it is checked.
 * Locks: none; a program does not change. See seccomp(2); networking/filter.rst.
 * Keeps ABI-SEC-02. */
#include "kernel/bpf.h"

#include <errno.h>
#include <linux/bpf_common.h>

#include "types.h"

#define WORD_BITS 32
#define MEM(k) (1U << (k))

/* What an instruction needs of its k. */
enum k_rule { K_ANY = 1, K_DATA, K_MEM_LOAD, K_MEM_STORE, K_NOT_ZERO, K_SHIFT, K_JUMP, K_BRANCH };

#define ALU(op, rule) [BPF_ALU | BPF_##op | BPF_K] = rule, [BPF_ALU | BPF_##op | BPF_X] = K_ANY
#define BRANCH(op) [BPF_JMP | BPF_##op | BPF_K] = K_BRANCH, [BPF_JMP | BPF_##op | BPF_X] = K_BRANCH

/* The instructions there are; 0: none. */
static const u8 bpf_rules[] = {
	[BPF_LD | BPF_W | BPF_ABS] = K_DATA,
	[BPF_LD | BPF_W | BPF_LEN] = K_ANY,
	[BPF_LDX | BPF_W | BPF_LEN] = K_ANY,
	[BPF_LD | BPF_IMM] = K_ANY,
	[BPF_LDX | BPF_IMM] = K_ANY,
	[BPF_LD | BPF_MEM] = K_MEM_LOAD,
	[BPF_LDX | BPF_MEM] = K_MEM_LOAD,
	[BPF_ST] = K_MEM_STORE,
	[BPF_STX] = K_MEM_STORE,
	ALU(ADD, K_ANY), ALU(SUB, K_ANY), ALU(MUL, K_ANY), ALU(DIV, K_NOT_ZERO),
	ALU(AND, K_ANY), ALU(OR, K_ANY), ALU(XOR, K_ANY), ALU(LSH, K_SHIFT), ALU(RSH, K_SHIFT),
	[BPF_ALU | BPF_NEG] = K_ANY,
	[BPF_JMP | BPF_JA] = K_JUMP,
	BRANCH(JEQ), BRANCH(JGT), BRANCH(JGE), BRANCH(JSET),
	[BPF_RET | BPF_K] = K_ANY,
	[BPF_RET | BPF_A] = K_ANY,
	[BPF_MISC | BPF_TAX] = K_ANY,
	[BPF_MISC | BPF_TXA] = K_ANY,
};

/* Does one instruction keep to its rule? left: how many come behind it. */
static bool insn_ok(const struct sock_filter *f, u32 left)
{
	u8 rule = f->code < ARRAY_SIZE(bpf_rules) ? bpf_rules[f->code] : 0;

	switch (rule) {
	case K_ANY:
		return true;
	case K_DATA:
		return f->k < sizeof(struct seccomp_data) && f->k % sizeof(u32) == 0;
	case K_MEM_LOAD:
	case K_MEM_STORE:
		return f->k < BPF_MEMWORDS;
	case K_NOT_ZERO:
		return f->k != 0;
	case K_SHIFT:
		return f->k < WORD_BITS;
	case K_JUMP:
		return f->k < left;
	case K_BRANCH:
		return f->jt < left && f->jf < left;
	}
	return false;
}

/* known[i]: the words of memory that are written on every way to instruction i. */
static bool memory_ok(const struct sock_filter *f, u32 i, u16 *known)
{
	u8 rule = bpf_rules[f->code];
	u16 now = known[i];

	if (rule == K_MEM_STORE)
		now |= MEM(f->k);
	if (rule == K_MEM_LOAD && !(now & MEM(f->k)))
		return false;
	if (rule == K_JUMP) {
		known[i + 1 + f->k] &= now;
	} else if (rule == K_BRANCH) {
		known[i + 1 + f->jt] &= now;
		known[i + 1 + f->jf] &= now;
	} else if (BPF_CLASS(f->code) != BPF_RET) {
		known[i + 1] &= now;
	}
	return true;
}

int bpf_check(const struct sock_filter *f, u32 len, u16 *known)
{
	for (u32 i = 0; i < len; i++) {
		known[i] = i ? UINT16_MAX : 0;
		if (!insn_ok(&f[i], len - i - 1))
			return -EINVAL;
	}
	if (BPF_CLASS(f[len - 1].code) != BPF_RET)
		return -EINVAL;
	for (u32 i = 0; i < len; i++)
		if (!memory_ok(&f[i], i, known))
			return -EINVAL;
	return 0;
}

/* --- running --- */

struct machine {
	u32 a, x, mem[BPF_MEMWORDS];
};

static void run_alu(struct machine *m, u32 op, u32 by)
{
	switch (op) {
	case BPF_ADD: m->a += by; break;
	case BPF_SUB: m->a -= by; break;
	case BPF_MUL: m->a *= by; break;
	case BPF_DIV: m->a /= by; break;
	case BPF_AND: m->a &= by; break;
	case BPF_OR: m->a |= by; break;
	case BPF_XOR: m->a ^= by; break;
	case BPF_LSH: m->a <<= by % WORD_BITS; break;
	case BPF_RSH: m->a >>= by % WORD_BITS; break;
	case BPF_NEG: m->a = -m->a; break;
	}
}

static bool run_test(u32 a, u32 op, u32 with)
{
	switch (op) {
	case BPF_JEQ: return a == with;
	case BPF_JGT: return a > with;
	case BPF_JGE: return a >= with;
	}
	return a & with;		/* BPF_JSET */
}

/* A load's value: of the data, of memory, a constant, the length. */
static u32 run_load(const struct machine *m, const struct sock_filter *f, const u32 *data)
{
	switch (BPF_MODE(f->code)) {
	case BPF_ABS: return data[f->k / sizeof(u32)];
	case BPF_MEM: return m->mem[f->k];
	case BPF_LEN: return sizeof(struct seccomp_data);
	}
	return f->k;			/* BPF_IMM */
}

u32 bpf_run(const struct sock_filter *f, const struct seccomp_data *data)
{
	struct machine m = { 0 };

	for (;; f++) {
		u32 by = BPF_SRC(f->code) == BPF_X ? m.x : f->k;

		switch (BPF_CLASS(f->code)) {
		case BPF_LD: m.a = run_load(&m, f, (const u32 *)data); break;
		case BPF_LDX: m.x = run_load(&m, f, (const u32 *)data); break;
		case BPF_ST: m.mem[f->k] = m.a; break;
		case BPF_STX: m.mem[f->k] = m.x; break;
		case BPF_ALU:
			if (BPF_OP(f->code) == BPF_DIV && !by)
				return 0;
			run_alu(&m, BPF_OP(f->code), by);
			break;
		case BPF_JMP:
			if (BPF_OP(f->code) == BPF_JA)
				f += f->k;
			else
				f += run_test(m.a, BPF_OP(f->code), by) ? f->jt : f->jf;
			break;
		case BPF_RET: return BPF_RVAL(f->code) == BPF_A ? m.a : f->k;
		case BPF_MISC:
			if (BPF_MISCOP(f->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
			break;
		}
	}
}
