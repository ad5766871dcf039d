#!/bin/sh
# SPDX-License-Identifier: MIT
# Control groups by busybox alone: mkdir, rmdir, echo and cat below /sys/fs/cgroup.
#
# Runs the same on the model and on Linux and prints the same lines. Each function t_NAME is a step, in a
# cgroup of its own ($CG, below the root) which is empty afterwards; `cgroup.sh NAME` runs one step alone.

ROOT=/sys/fs/cgroup
LIMIT=20
SELF=$0

# ---- helpers --------------------------------------------------------------------------------------

# Writes $2 to file $1; says what became of it, without the shell's own words.
put() { (echo "$2" > "$1") 2> /tmp/put.err && echo "$1 <- $2: ok" || echo "$1 <- $2: $(sed 's/.*: //' /tmp/put.err)"; }

# The value of a key of a flat keyed file.
key() { awk -v key="$2" '$1 == key { print key, $2 }' "$1"; }

# Waits until a file has the line, two seconds at most.
await() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		grep -qx "$2" "$1" && { echo "$1 has $2"; return; }
		sleep 0.1
	done
	echo "$1 never had $2:"; cat "$1"
}

# A shell that joins cgroup $1 and becomes the rest of the words; its number is $!. Waits until it is there, or gone.
within() { cg=$1; shift; sh -c "echo 0 > $cg/cgroup.procs; exec $*" & while kill -0 $! 2>/dev/null && ! grep -qx $! $cg/cgroup.procs; do :; done; }

# Of a child, how it ended; without the words that the shell has for it, now or earlier.
ended() { wait $1 2>/dev/null; echo "$?"; }

# As `ls`, without what the model leaves out: pressure stall information.
interface() { ls "$@" | grep -E '^cgroup\.' | grep -v pressure | tr '\n' ' '; echo; }

# ---- steps ----------------------------------------------------------------------------------------

t_mount() { grep " $ROOT cgroup2 " /proc/mounts | cut -d ' ' -f 2-4; grep -w cgroup2 /proc/filesystems; cat /proc/self/cgroup; interface $ROOT; }
t_tree() { mkdir a a/b c; ls -d a a/b c; mkdir a 2>&1 | sed 's/.*: //'; rmdir a 2>&1 | sed 's/.*: //'; rmdir a/b a c; ls -d a c 2>&1 | sed 's/.*: //'; mkdir x/y 2>&1 | sed 's/.*: //'; mkdir cgroup.procs 2>&1 | sed 's/.*: //'; }
t_names() { mkdir "two words" ünï .hidden; ls -a | grep -e words -e ünï -e hidden; rmdir "two words" ünï .hidden; touch file 2>&1 | sed 's/.*: //'; ln -s a b 2>&1 | sed 's/.*: //'; mv cgroup.procs x 2>&1 | sed 's/.*: //'; rm cgroup.procs 2>&1 | sed 's/.*: //'; }
t_rename() { mkdir a; mv a b 2>&1 | sed 's/.*: //'; ls -d a b 2>/dev/null; rmdir a b 2>/dev/null; echo done; }
t_files() { mkdir a; interface a; stat -c '%A %u %g %h %n' a a/cgroup.procs a/cgroup.events a/cgroup.kill a/cgroup.controllers; stat -f -c '%T %s' a; rmdir a; }
t_join() { mkdir a; (put a/cgroup.procs 0; exec sh -c "sed 's|.*/||' /proc/self/cgroup; wc -l < a/cgroup.procs"); cat a/cgroup.procs; rmdir a; echo "$?"; }
t_move() { mkdir a b; sleep 50 & p=$!; echo $p > a/cgroup.procs; [ "$(cat a/cgroup.procs)" = $p ] && echo in a; sed 's|.*/||' /proc/$p/cgroup; echo $p > b/cgroup.procs; [ -z "$(cat a/cgroup.procs)" ] && echo left a; sed 's|.*/||' /proc/$p/cgroup; rmdir b 2>&1 | sed 's/.*: //'; kill $p; ended $p; await b/cgroup.events "populated 0"; rmdir a b; }
t_procs_errors() { mkdir a; put a/cgroup.procs 999999; put a/cgroup.procs junk; put a/cgroup.procs -1; put a/cgroup.procs ""; put a/cgroup.controllers x; put cgroup.nosuch x; rmdir a; }
t_events() { mkdir a a/b; cat a/cgroup.events; within a/b sleep 50; p=$!; await a/cgroup.events "populated 1"; await a/b/cgroup.events "populated 1"; kill $p; wait; await a/cgroup.events "populated 0"; rmdir a/b a; }
t_control() { cat cgroup.controllers | tr ' ' '\n' | grep -x -e memory -e pids; cat cgroup.subtree_control | wc -w; put cgroup.subtree_control +pids; cat cgroup.subtree_control; mkdir a; ls a | grep '^pids'; cat a/cgroup.controllers; put cgroup.subtree_control -pids; ls a | grep -c '^pids'; put cgroup.subtree_control +nosuch; put cgroup.subtree_control pids; put cgroup.subtree_control "+pids -pids"; cat cgroup.subtree_control | wc -w; rmdir a; }
t_top_down() { mkdir a a/b; put a/cgroup.subtree_control +pids; put cgroup.subtree_control +pids; put a/cgroup.subtree_control +pids; ls a/b | grep -c '^pids'; put cgroup.subtree_control -pids; put a/cgroup.subtree_control -pids; put cgroup.subtree_control -pids; rmdir a/b a; }
t_no_inner() { mkdir a a/b; put cgroup.subtree_control +memory; within a sleep 50; p=$!; await a/cgroup.events "populated 1"; put a/cgroup.subtree_control +memory; kill $p; wait; await a/cgroup.events "populated 0"; put a/cgroup.subtree_control +memory; sleep 50 & p=$!; put a/cgroup.procs $p 2>&1 | sed "s/$p/PID/g"; kill $p; wait; put a/cgroup.subtree_control -memory; put cgroup.subtree_control -memory; rmdir a/b a; }
t_pids() { put cgroup.subtree_control +pids; mkdir a; cat a/pids.max a/pids.current; put a/pids.max 3; put a/pids.max junk; put a/pids.max -1; (echo 0 > a/cgroup.procs; sleep 1 & sleep 1 & cat $PWD/a/pids.max; wait) 2>&1 | sed 's/.*: //'; await a/cgroup.events "populated 0"; cat a/pids.current; key a/pids.events max | awk '{ print $1, ($2 > 0) }'; put a/pids.max max; cat a/pids.max; rmdir a; put cgroup.subtree_control -pids; }
t_pids_below() { put cgroup.subtree_control +pids; mkdir a a/b; put a/cgroup.subtree_control +pids; put a/pids.max 2; (echo 0 > a/b/cgroup.procs; sleep 1 & (:) & wait) 2>&1 | sed 's/.*: //' | head -n 1; await a/cgroup.events "populated 0"; cat a/pids.current a/b/pids.current; put a/cgroup.subtree_control -pids; rmdir a/b a; put cgroup.subtree_control -pids; }
t_memory() { put cgroup.subtree_control +memory; mkdir a; cat a/memory.max a/memory.high a/memory.low a/memory.min a/memory.oom.group; put a/memory.max 8M; cat a/memory.max; put a/memory.max 5000; cat a/memory.max; put a/memory.max 1x; put a/memory.max -4; put a/memory.high 1G; cat a/memory.high; put a/memory.max max; cat a/memory.max; rmdir a; put cgroup.subtree_control -memory; }
t_memory_used() { put cgroup.subtree_control +memory; mkdir a; [ "$(cat a/memory.current)" -lt 100000 ] && echo empty; sh -c "echo 0 > a/cgroup.procs; x=\$(head -c 4000000 /dev/zero | tr '\\0' x); awk '{ print (\$1 > 3000000) }' a/memory.current; awk '\$1 == \"anon\" { print \$1, (\$2 > 3000000) }' a/memory.stat"; await a/cgroup.events "populated 0"; rmdir a; echo "$?"; put cgroup.subtree_control -memory; }
t_memory_oom() { put cgroup.subtree_control +memory; mkdir a; put a/memory.max 4M; sh -c "echo 0 > a/cgroup.procs; x=\$(head -c 30000000 /dev/zero | tr '\\0' x); echo survived" 2> /dev/null; echo "$?"; key a/memory.events oom_kill | awk '{ print $1, ($2 > 0) }'; key a/memory.events max | awk '{ print $1, ($2 > 0) }'; await a/cgroup.events "populated 0"; rmdir a; put cgroup.subtree_control -memory; }
t_memory_file() { put cgroup.subtree_control +memory; mkdir a; mkdir /tmp/m; mount -t tmpfs none /tmp/m; sh -c "echo 0 > a/cgroup.procs; head -c 2000000 /dev/zero > /tmp/m/f"; await a/cgroup.events "populated 0"; awk '$1 == "shmem" { print $1, ($2 > 1900000) }' a/memory.stat; rm /tmp/m/f; awk '$1 == "shmem" { print $1, ($2 < 100000) }' a/memory.stat; umount /tmp/m; rmdir /tmp/m a; put cgroup.subtree_control -memory; }
t_freeze() { mkdir a a/b; within a/b "sh -c 'while :; do echo x >> /tmp/ticks; usleep 20000; done'"; sleep 0.3; put a/cgroup.freeze 1; await a/cgroup.events "frozen 1"; await a/b/cgroup.events "frozen 1"; cat a/cgroup.freeze a/b/cgroup.freeze; n=$(wc -l < /tmp/ticks); sleep 0.3; [ "$n" = "$(wc -l < /tmp/ticks)" ] && echo still; put a/cgroup.freeze 0; await a/cgroup.events "frozen 0"; sleep 0.3; [ "$n" != "$(wc -l < /tmp/ticks)" ] && echo again; put a/cgroup.freeze 2; put a/cgroup.kill 1; wait; await a/cgroup.events "populated 0"; rmdir a/b a; rm /tmp/ticks; }
t_freeze_kill() { mkdir a; within a sleep 50; p=$!; await a/cgroup.events "populated 1"; put a/cgroup.freeze 1; await a/cgroup.events "frozen 1"; kill -9 $p; ended $p; await a/cgroup.events "populated 0"; put a/cgroup.freeze 0; rmdir a; }
t_kill() { mkdir a a/b; within a sleep 50; p=$!; within a/b sleep 50; q=$!; await a/b/cgroup.events "populated 1"; put a/cgroup.kill 0; put a/cgroup.kill 1; ended $p; ended $q; await a/cgroup.events "populated 0"; cat a/cgroup.kill 2>&1 | sed 's/.*: //'; rmdir a/b a; }
t_limits() { put cgroup.max.descendants 2; put cgroup.max.depth 1; mkdir a; mkdir a/b 2>&1 | sed 's/.*: //'; mkdir c; mkdir d 2>&1 | sed 's/.*: //'; key cgroup.stat nr_descendants; put cgroup.max.depth max; put cgroup.max.descendants max; rmdir a c; key cgroup.stat nr_descendants; }
t_threaded() { mkdir a; cat a/cgroup.type; put a/cgroup.type threaded; cat a/cgroup.type; put a/cgroup.type domain; mkdir a/b; cat a/b/cgroup.type cgroup.type; put a/b/cgroup.procs 0; rmdir a/b a; cat cgroup.type; }
t_delegate() { mkdir a a/b; chown -R nobody a; su nobody -s /bin/sh -c 'cd a; mkdir c && echo "made c"; echo 5 > cgroup.max.depth && echo set; sleep 50 & (echo $! > b/cgroup.procs) 2>/dev/null || echo "not from outside"; kill $!; rmdir c; mkdir ../d 2>/dev/null || echo "not above"'; cat a/cgroup.max.depth; rmdir a/b a; }
t_fork_inherits() { mkdir a; (echo 0 > a/cgroup.procs; sed 's|.*/||' /proc/self/cgroup; sh -c "sed 's|.*/||' /proc/self/cgroup; (sed 's|.*/||' /proc/self/cgroup)"); await a/cgroup.events "populated 0"; rmdir a; }
t_removed() { mkdir a; (cd a; rmdir ../a; ls | wc -l; cat cgroup.procs 2>&1 | sed 's/.*: //'; mkdir b 2>&1 | sed 's/.*: //'); mkdir a; exec 7< a/cgroup.events; rmdir a; cat <&7 2>&1 | sed 's/.*: //'; exec 7<&-; }
t_stat() { mkdir a; cut -d ' ' -f 1 a/cpu.stat | grep usec; within a "sh -c 'i=0; while [ \$i -lt 20000 ]; do i=\$((i + 1)); done'"; wait; await a/cgroup.events "populated 0"; key a/cpu.stat usage_usec | awk '{ print $1, ($2 > 0) }'; cut -d ' ' -f 1 a/cgroup.stat; rmdir a; }
t_proc_cgroups() { head -n 1 /proc/cgroups; awk '$1 == "pids" || $1 == "memory" { print $1, $2, $4 }' /proc/cgroups | sort; mkdir a b; awk 'NR > 1 { print NF }' /proc/cgroups | sort -u; rmdir a b; }
t_many() { i=0; while [ $i -lt 100 ]; do mkdir g$i; i=$((i + 1)); done; ls -d g* | wc -l; key cgroup.stat nr_descendants; for i in 1 2 3 4 5 6 7 8 9; do within g$i true; done; wait; rmdir g*; key cgroup.stat nr_descendants; }
t_second_mount() { mkdir /tmp/second; mount -t cgroup2 none /tmp/second; mkdir a; ls -d /tmp/second/${CG##*/}/a | sed 's|.*/||'; rmdir /tmp/second/${CG##*/}/a; ls -d a 2>&1 | sed 's/.*: //'; umount /tmp/second; rmdir /tmp/second; mount -t cgroup2 none /nosuch 2>&1 | sed 's/.*: //'; }

# ---- running them ---------------------------------------------------------------------------------

steps() { sed -n 's/^t_\([a-z0-9_]*\)() {.*/\1/p' "$SELF"; }

# One step in a cgroup of its own; what it leaves there is killed.
run_step() {
	CG=$ROOT/$1
	mkdir "$CG" && cd "$CG" || exit 1
	"t_$1" 2>&1
	cd "$ROOT" || exit 1
	echo 1 > "$CG/cgroup.kill"
	sleep 0.1
	find "$CG" -depth -type d -exec rmdir {} +
}

export LC_ALL=C HOME=/ PATH=/bin:/sbin:/usr/bin:/usr/sbin
if [ $# -gt 0 ]; then
	run_step "$1"
	exit
fi
grep -q " $ROOT " /proc/mounts || mount -t cgroup2 none $ROOT
echo "+pids +memory" > $ROOT/cgroup.subtree_control
echo "# transcript begins"
n=0
for step in $(steps); do
	n=$((n + 1))
	echo "## $n $step"
	timeout -s KILL $LIMIT sh "$SELF" "$step" < /dev/null
	[ $? -lt 128 ] || echo "killed at its limit, or by a signal"
done
echo "# transcript ends"
