#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's lsof: what it makes of /proc/PID/fd, fdinfo, maps, cwd, root and of /proc/net/unix; and fuser beside it.
. "${0%/*}/steps"

# Process numbers, devices, inode numbers and sizes out; the heading as it is.
columns() { awk 'NR == 1 { print $1, $2, $4, $5, $NF; next } { $2 = "PID"; print $1, $2, $4, $5, $NF }' | sed -E 's/0x[0-9a-f]+/ADDR/; s/socket:\[[0-9]+\]|pipe:\[[0-9]+\]/NAME/'; }
# A process that sleeps with our files: descriptors 3 to 9 and its standard input, given as 7.
sleeper() { sleep 50 <&7 7<&- & p=$!; sleep 0.3; }
# There are no internet sockets on the model yet.
fuser() { command fuser "$@" 2>&1 | grep -v "Cannot open a network socket"; return "${PIPESTATUS[0]}"; }
done_with() { kill "$p" 2> /dev/null; wait "$p" 2> /dev/null; }

t_files() { echo data > f; sleeper 7< f 3>> g 4<> h; lsof -w -a -p $p -d 0,3,4 | columns; lsof -w -a -p $p -d 0,3,4 -F fatn | sed 's/^p.*/p/; s/^t\(...\).*/t\1/; s|/tmp/steps||'; lsof -w f | columns; lsof -t f | wc -l; lsof g | wc -l; lsof nothing 2>&1 | head -n 1 | tr -s ' '; echo $?; done_with; lsof f; echo $?; }
t_whole_process() { sleeper 7< /dev/null; lsof -w -p $p | columns | grep -v -e '/lib' -e '/dev/pts'; lsof -w -p $p -F f | grep -v '^p' | sort | uniq -c | tr -s ' '; lsof -w -a -p $p -d txt -F n | tail -n 1; lsof -w -a -p $p -d cwd,rtd -F ftn | grep -v '^p'; done_with; }
t_kinds() { mkfifo p0; python3 -c 'import os,socket,time,select; a,b=os.pipe(); s=socket.socketpair(); e=select.epoll(); m=os.memfd_create("m"); v=os.eventfd(0); u=socket.socket(socket.AF_UNIX); u.bind("bound"); u.listen(); d=os.open(".",0); n=os.open("/dev/null",1); r=os.open("p0",os.O_RDWR); os.unlink("bound"); print("ready",flush=True); time.sleep(50)' > up & p=$!; wait_until grep -q ready up; lsof -w -a -p $p -d 3-20 | awk 'NR > 1 { print $4, $5, $NF }' | sed -E 's/ino=[0-9]+//; s/0x[0-9a-f]+//; s/:[0-9]+//; s/\[[0-9]+\]//'; lsof -w -a -p $p -U -F tn | grep -v '^p' | sed -E 's/^(f)[0-9]+/\1/; s/ino=[0-9]+//'; done_with; }
t_deleted() { echo x > gone; sleeper 7< /dev/null 3< gone; rm gone; lsof -w -a -p $p -d 3 | awk 'NR > 1 { print $5, $(NF-1), $NF }' | sed 's|/tmp/steps||'; lsof -w +L1 -a -p $p -F n | tail -n 1 | sed 's|/tmp/steps||'; done_with; }
t_selection() { sleeper 7< /dev/null; lsof -w -c sleep -t | grep -c -x $p; lsof -w -a -u root -p $p -t | wc -l; lsof -w -a -u nobody -p $p; echo $?; lsof -w -a -g $(ps -o pgid= -p $p) -d cwd -t | grep -c -x $p; lsof -w -a -p $p -d ^mem,^txt -F f | grep -c mem; lsof -w -p 999999; echo $?; lsof -w -a -c /sl..p/ -d cwd -t | grep -c -x $p; lsof -v 2>&1 | grep -o 'revision: [0-9.]*'; done_with; }
t_directory() { mkdir -p d/e; echo x > d/e/f; (cd d/e && exec sleep 50 < f) & p=$!; sleep 0.3; lsof -w +D d | columns; lsof -w +d d/e | columns; lsof -w -a -d cwd -p $p -F n | tail -n 1 | sed 's|/tmp/steps||'; done_with; }
t_locks() { flock f sleep 50 & p=$!; wait_until not flock -n f true; lsof -w f | awk 'NR > 1 { print $1, $4 }' | sort -u; pkill -P $p; done_with; python3 -c 'import fcntl,os,time; f=open("g","w+"); f.write("x"*100); f.flush(); fcntl.lockf(f,fcntl.LOCK_SH,10); print(flush=True); time.sleep(50)' > up & p=$!; wait_until [ -s up ]; lsof -w g | awk 'NR > 1 { print $1, $4 }'; done_with; }
t_fuser() { echo x > f; sleeper 7< f; fuser f | no_numbers; fuser -v f | tail -n 1 | no_numbers; fuser -k -TERM f > /dev/null; wait $p; echo $?; fuser f; echo $?; mkdir m; mount -t tmpfs none m; (cd m; exec sleep 50) & p=$!; sleep 0.3; fuser -m m | no_numbers; umount m; echo $?; done_with; umount m; }
t_sockets() { ls -l /proc/self/fd > /dev/null; python3 -c 'import socket,time; s=socket.socket(socket.AF_UNIX); s.bind("\0abstract-name"); s.listen(); t=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); t.bind("named"); print(flush=True); time.sleep(50)' > up & p=$!; wait_until [ -s up ]; lsof -w -U -a -p $p | awk 'NR > 1 { print $1, $4, $5, $9, $10, $11 }' | sed 's|/tmp/steps||'; grep -c abstract-name /proc/net/unix; done_with; }

run_steps "$@"
