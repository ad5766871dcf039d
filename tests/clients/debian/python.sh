#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's Python 3: threads, subprocesses, sockets and the os module (python_client.py beside it).
. "${0%/*}/steps"
client=${0%/*}/python_client.py

t_basics() { python3 "$client" basics; }
t_threads() { python3 "$client" threads; }
t_synchronisation() { python3 "$client" synchronisation; }
t_executors() { python3 "$client" executors; }
t_subprocesses() { python3 "$client" subprocesses; }
t_spawns() { python3 "$client" spawns; }
t_pidfds() { python3 "$client" pidfds; }
t_signals() { python3 "$client" signals; }
t_pipes() { python3 "$client" pipes; }
t_sockets_unix() { python3 "$client" sockets_unix; }
t_socket_messages() { python3 "$client" socket_messages; }
t_socket_server() { python3 "$client" socket_server; }
t_waiting() { python3 "$client" waiting; }
t_asynchronous() { python3 "$client" asynchronous; }
t_processes() { python3 "$client" processes; }
t_files() { python3 "$client" files; }
t_directories() { python3 "$client" directories; }
t_mappings() { python3 "$client" mappings; }
t_file_locks() { python3 "$client" file_locks; }
t_terminals() { python3 "$client" terminals; }
t_limits() { python3 "$client" limits; }
t_scheduling() { python3 "$client" scheduling; }
t_users() { python3 "$client" users; }
t_namespaces() { python3 "$client" namespaces; }
t_procfs() { python3 "$client" procfs; }
t_remote_memory() { python3 "$client" remote_memory; }
t_many() { python3 "$client" many; }

run_steps "$@"
