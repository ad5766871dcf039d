/* SPDX-License-Identifier: MIT */
/* tests/fuzz/gens.h - the kinds of arguments: GEN(kind) is long g_kind(struct fuzz *). */
/* gen.c */
GEN(zero) GEN(wild) GEN(number) GEN(small) GEN(either) GEN(fd) GEN(dirfd) GEN(maybe_fd) GEN(pid)
GEN(signal) GEN(id) GEN(length) GEN(offset) GEN(address) GEN(pages) GEN(buffer) GEN(word)
/* gen_paths.c */
GEN(name) GEN(proc_file) GEN(control_file) GEN(group) GEN(device) GEN(path) GEN(junk)
GEN(fs_type) GEN(mount_data) GEN(xattr_name)
/* gen_structs.c */
GEN(timespec) GEN(timeval) GEN(itimer) GEN(sigset) GEN(sigset_size) GEN(sigaction) GEN(siginfo)
GEN(iovec) GEN(iovec_count) GEN(pollfds) GEN(fdset) GEN(epoll_event) GEN(sockaddr)
GEN(sockaddr_len) GEN(rlimit) GEN(flock) GEN(open_how) GEN(open_how_size) GEN(cap_header)
GEN(cap_data) GEN(sigevent) GEN(altstack) GEN(offset_pointer) GEN(length_pointer)
GEN(sched_attr)
/* gen_flags.c */
GEN(open_flags) GEN(fd_flags) GEN(at_flags) GEN(mode) GEN(node_mode) GEN(device_number)
GEN(access_mode) GEN(whence) GEN(fcntl_op) GEN(ioctl_op) GEN(falloc_mode) GEN(advice_file)
GEN(flock_op) GEN(rename_flags) GEN(splice_flags) GEN(xattr_flags) GEN(memfd_flags)
GEN(inotify_mask) GEN(epoll_op) GEN(close_flags) GEN(rw_flags) GEN(protection) GEN(map_flags)
GEN(remap_flags) GEN(advice) GEN(msync_flags) GEN(lock_flags) GEN(wait_options) GEN(wait_kind)
GEN(sigmask_how) GEN(clock) GEN(timer_flags) GEN(policy) GEN(resource) GEN(prctl_op)
GEN(ptrace_op) GEN(ptrace_data) GEN(ptrace_where) GEN(futex_op) GEN(membarrier_op) GEN(arch_op)
GEN(seccomp_op) GEN(unshare_flags) GEN(ns_flags) GEN(clone_flags) GEN(thread_flags)
GEN(mount_flags) GEN(umount_flags) GEN(tree_flags) GEN(move_flags) GEN(family) GEN(socket_kind)
GEN(protocol) GEN(message_flags) GEN(socket_level) GEN(socket_option) GEN(shutdown_how)
GEN(syslog_op) GEN(kcmp_kind) GEN(priority_kind) GEN(personality) GEN(sysv_op) GEN(sysv_flags)
GEN(sysv_key)
