#!/bin/bash
# SPDX-License-Identifier: MIT
# A threaded C++ program, linked against Debian's libstdc++ and glibc (programs/threads.cc).
. "${0%/*}/steps"
program=${0%/*}/threads

t_counting() { "$program" counting; }
t_queue() { "$program" queue; }
t_futures() { "$program" futures; }
t_locks() { "$program" locks; }
t_thread_locals() { "$program" thread_locals; }
t_clocks() { "$program" clocks; }
t_containers() { "$program" containers; }
t_files() { "$program" files; }
t_many() { "$program" many; }
t_terminate() { (ulimit -c 0; "$program" terminate); echo "$?"; }
t_limits() { (ulimit -v 400000; "$program" counting); (ulimit -u 1; su -s /bin/bash nobody -c "ulimit -u 5; $program many" 2>&1 | tail -n 2); prlimit --stack=262144 "$program" many; taskset -c 0 "$program" queue; }
t_killed() { "$program" queue & wait $!; echo "$?"; timeout -s KILL 0.1 bash -c "while :; do $program counting; done" > /dev/null; echo "$?"; }

run_steps "$@"
