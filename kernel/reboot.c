// SPDX-License-Identifier: MIT
/* kernel/reboot.c - reboot(2): the end of the machine, or of a pid namespace.
 *
 * In the initial pid namespace the machine restarts, halts or powers off at once; nothing is
 * written back (callers sync(2) first). In another one the namespace's init is killed, and its
 * parent sees SIGHUP (restart) or SIGINT (halt, power off) as the signal (PIDNS-22, 23).
 * CAP_SYS_BOOT is asked of the user namespace that owns the pid namespace (PIDNS-25), which is
 * the initial one for the machine itself (USERNS-32).
 * See reboot(2). */

#include <linux/reboot.h>

#include "arch/cpu.h"
#include "arch/machine.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "lib/print.h"

#define COMMAND_MAX 256			/* of RESTART2 */

static bool magic_ok(u32 magic1, u32 magic2)
{
	return magic1 == LINUX_REBOOT_MAGIC1 &&
	       (magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

/* PIDNS-22, PIDNS-23, PIDNS-24. Does not return but with an error. */
static int reboot_namespace(struct pid_ns *ns, u32 command)
{
	switch (command) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		ns->reboot_status = SIGHUP;
		break;
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		ns->reboot_status = SIGINT;
		break;
	default:
		return deny(EINVAL, PIDNS_24);
	}
	if (ns->reaper)
		signal_kill_process(ns->reaper);
	do_exit(0);
}

/* Does not return if the command ends the machine. */
static long reboot_machine(u32 command, uaddr arg)
{
	char text[COMMAND_MAX] = "";

	switch (command) {
	case LINUX_REBOOT_CMD_RESTART2:
		if (strncpy_from_user(text, arg, sizeof(text) - 1) < 0)
			return -EFAULT;
		kprintf("reboot: Restarting system with command '%s'\n", text);
		machine_restart();
	case LINUX_REBOOT_CMD_RESTART:
		kprintf("reboot: Restarting system\n");
		machine_restart();
	case LINUX_REBOOT_CMD_HALT:
		kprintf("reboot: System halted\n");
		cpu_halt_others();
		machine_halt();
	case LINUX_REBOOT_CMD_POWER_OFF:
		kprintf("reboot: Power down\n");
		machine_power_off();
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;			/* no keys end this machine */
	}
	return -EINVAL;
}

long sys_reboot(u32 magic1, u32 magic2, u32 command, uaddr arg)
{
	struct pid_ns *ns = current_pid_ns();
	struct user_ns *owner = ns->ns.owner ? ns->ns.owner : &init_user_ns;

	if (!capable_in(owner, CAP_SYS_BOOT))
		return deny(EPERM, ns == &init_pid_ns ? EXT_SYS_02 : PIDNS_25);
	if (!magic_ok(magic1, magic2))
		return deny(EINVAL, EXT_SYS_02);
	if (ns != &init_pid_ns)
		return reboot_namespace(ns, command);
	return reboot_machine(command, arg);
}
