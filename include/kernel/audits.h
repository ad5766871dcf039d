// SPDX-License-Identifier: MIT
/* kernel/audits.h - the audits, in the order in which they run. */
/* AUDIT(name, function): "void function(struct audit *a)". */
AUDIT(frames, mm_audit)		/* mm/audit.c */
AUDIT(slabs, slab_audit)	/* mm/slab.c */
AUDIT(tasks, task_audit)	/* kernel/task.c */
AUDIT(pids, pid_audit)		/* kernel/pid.c */
AUDIT(creds, cred_audit)	/* kernel/cred_audit.c */
AUDIT(vfs, vfs_audit)		/* fs/audit.c */
AUDIT(cgroups, cgroup_audit)	/* cgroup/audit.c */
AUDIT(namespaces, ns_audit)	/* ns/audit.c */
AUDIT(checkpoints, cr_audit)	/* cr/audit.c */
AUDIT(sockets, unix_audit)	/* net/unix_show.c */
