#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's cgroup-tools: cgcreate, cgset, cgget, cgexec, cgclassify, lscgroup, cgdelete, over the unified hierarchy.
. "${0%/*}/steps"

ROOT=/sys/fs/cgroup

# Its own place in the hierarchy, empty at the beginning and the end.
place() { mount | grep -q " $ROOT type cgroup2" || mount -t cgroup2 none $ROOT; echo "+pids +memory" > $ROOT/cgroup.subtree_control; }
gone() { local d; wait 2> /dev/null; for d in "$@"; do wait_until grep -q "populated 0" $ROOT/"$d"/cgroup.events; done; }
in_cgroup() { grep -q "$2" $ROOT/"$1"/cgroup.procs; }
# Of the controllers that a line begins with, those that both kernels have.
ours() { sed -E 's/^[^:]*memory[^:]*pids[^:]*:/memory,pids:/'; }
place

t_versions() { for p in cgcreate cgset cgget cgexec cgclassify lscgroup cgdelete; do $p -h | head -n 1 | cut -c 1-40; done; cgcreate; echo $?; cgset; echo $?; cgdelete --nosuch; echo $?; }
t_create() { cgcreate -g pids,memory:one; echo $?; ls -d $ROOT/one; ls $ROOT/one | grep -c -e ^pids -e ^memory | awk '{ print ($1 > 8) }'; cat $ROOT/cgroup.subtree_control | tr ' ' '\n' | grep -x -e memory -e pids; cgcreate -g pids:one; echo $?; cgcreate -g nosuch:two; echo $?; cgdelete -g pids,memory:one; echo $?; ls -d $ROOT/one 2>&1; cgdelete -g pids:one; echo $?; }
t_create_below() { cgcreate -g pids:up/mid/low; ls -d $ROOT/up/mid/low; cat $ROOT/up/cgroup.subtree_control; cat $ROOT/up/mid/cgroup.subtree_control; ls $ROOT/up/mid/low | grep '^pids'; cgdelete -g pids:up; echo $?; cgdelete -r -g pids:up; echo $?; ls -d $ROOT/up 2>&1; }
t_create_owner() { cgcreate -a nobody:nogroup -t nobody:nogroup -g pids:own; stat -c '%U %G %A %n' $ROOT/own $ROOT/own/cgroup.procs $ROOT/own/pids.max; cgcreate -d 750 -f 640 -s 600 -g pids:modes; stat -c '%A %n' $ROOT/modes $ROOT/modes/cgroup.procs $ROOT/modes/pids.max; cgdelete -g pids:own -g pids:modes; echo $?; }
t_set_get() { cgcreate -g pids,memory:vals; cgset -r pids.max=77 vals; cgget -r pids.max vals; cgset -r memory.max=8M -r memory.high=4M vals; cgget -r memory.max -r memory.high vals; cgget -n -v -r pids.max vals; cgset -r pids.max=max vals; cgget -nv -r pids.max vals; cgset -r pids.max=junk vals; echo $?; cgset -r pids.nosuch=1 vals; echo $?; cgset -r pids.max=1 nosuch; echo $?; cgget -r pids.nosuch vals; echo $?; cgget -r pids.max nosuch; echo $?; cgdelete -g pids,memory:vals; }
t_get_all() { cgcreate -g pids:all; cgget -g pids all | sort; cgget -g pids:all | wc -l; cgget -n -g pids all | cut -d : -f 1 | sort; cgget -nv -r pids.current -r pids.max all; cgget -r cgroup.procs all; cgget -r cgroup.events all; cgdelete -g pids:all; }
t_copy() { cgcreate -g pids:src -g pids:dst; cgset -r pids.max=55 src; cgset --copy-from src dst; echo $?; cgget -nv -r pids.max dst; cgdelete -g pids:src -g pids:dst; }
t_exec() { cgcreate -g pids:run; cgexec -g pids:run cat /proc/self/cgroup; cgexec -g pids:run bash -c 'cat /proc/self/cgroup; bash -c "cat /proc/self/cgroup; exit 7"; exit 7'; echo $?; cgexec -g pids:nosuch true; echo $?; cgexec -g pids:run nosuchprogram; echo $?; cgexec -g pids:run sleep 50 & wait_until in_cgroup run $!; grep -c . $ROOT/run/cgroup.procs; [ "$(< $ROOT/run/cgroup.procs)" = $! ] && echo same; cgdelete -g pids:run; echo $?; ls -d $ROOT/run 2>&1; kill $! 2> /dev/null; wait 2> /dev/null; rmdir $ROOT/run 2> /dev/null; }
t_exec_limit() { cgcreate -g pids:few; cgset -r pids.max=3 few; cgexec -g pids:few bash -c 'for i in 1 2 3 4 5; do sleep 1 & done; wait' 2>&1 | grep -c -i unavailable | awk '{ print ($1 > 0) }'; gone few; cgget -nv -r pids.current few; cgget -nv -r pids.events few | awk '{ print $1, ($2 > 0) }'; cgdelete -g pids:few; }
t_exec_memory() { cgcreate -g memory:small; cgset -r memory.max=8M small; cgexec -g memory:small bash -c 'x=$(head -c 40000000 /dev/zero | tr "\0" x); echo survived' > out 2> /dev/null; echo $?; cat out; gone small; cgget -nv -r memory.events small | awk '$1 == "oom_kill" { print $1, ($2 > 0) }'; cgget -nv -r memory.max small; cgdelete -g memory:small; echo $?; }
t_exec_user() { cgcreate -a nobody -t nobody -g pids:theirs; su -s /bin/bash nobody -c 'cgexec -g pids:theirs cat /proc/self/cgroup' 2>&1 | tail -n 1; su -s /bin/bash nobody -c 'cgset -r pids.max=5 theirs; cgget -nv -r pids.max theirs; cgcreate -g pids:theirs/sub; echo $?' 2>&1; ls -d $ROOT/theirs/sub; cgdelete -r -g pids:theirs; echo $?; }
t_classify() { cgcreate -g pids:from -g pids:to; sleep 50 & cgclassify -g pids:from $!; echo $?; in_cgroup from $! && echo from; cgclassify -g pids:to $!; in_cgroup to $! && echo to; in_cgroup from $! || echo "no more"; cgclassify -g pids:to 999999; echo $?; cgclassify -g pids:nosuch $! 2>&1 | no_numbers; kill $!; gone from to; cgdelete -g pids:from -g pids:to; echo $?; }
t_delete_moves() { cgcreate -g pids:parent/child; sleep 50 & cgclassify -g pids:parent/child $!; cgdelete -g pids:parent/child; echo $?; ls -d $ROOT/parent/child 2>&1; cat /proc/$!/cgroup; kill $!; wait 2> /dev/null; rmdir $ROOT/parent/child $ROOT/parent 2> /dev/null; ls -d $ROOT/parent 2>&1; }
t_lscgroup() { cgcreate -g pids:l1/l2 -g pids:l3; lscgroup | grep -e l1 -e l3 | sort -u | ours; lscgroup pids:l1 | sort | ours; lscgroup -g pids:l3 | ours; lscgroup nosuch:l1; echo $?; cgdelete -r -g pids:l1 -g pids:l3; lscgroup | grep -c -e l1 -e l3; }
t_freeze() { cgcreate -g pids:ice; cgexec -g pids:ice sleep 50 & wait_until in_cgroup ice $!; cgset -r cgroup.freeze=1 ice; echo $?; wait_until grep -q "frozen 1" $ROOT/ice/cgroup.events; cgget -nv -r cgroup.freeze ice; cgget -nv -r cgroup.events ice; cgset -r cgroup.freeze=0 ice; wait_until grep -q "frozen 0" $ROOT/ice/cgroup.events; cgset -r cgroup.kill=1 ice; echo $?; gone ice; cgdelete -g pids:ice; echo $?; }
t_many() { for i in {1..40}; do cgcreate -g pids:many/$i; done; lscgroup pids:many | wc -l; for i in {1..40}; do cgset -r pids.max=$i many/$i; done; cgget -nv -r pids.max many/7 many/33; cgdelete -r -g pids:many; echo $?; ls -d $ROOT/many 2>&1; grep nr_d $ROOT/cgroup.stat; }
t_config() { printf 'group conf {\n  pids {\n    "pids.max" = 9;\n  }\n}\n' > c; cgconfigparser -l c; echo $?; cgget -nv -r pids.max conf; cgsnapshot -s pids 2>&1 | grep -c conf | awk '{ print ($1 > 0) }'; cgdelete -g pids:conf; cgconfigparser -l nosuch; echo $?; }

run_steps "$@"
