# SPDX-License-Identifier: MIT
# tests/cr/debian1.sh - Debian's bash, Python and top go to the share in the middle of their work.
cp /share/ckpt /share/restart /usr/bin/
mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
echo 3000 > /proc/sys/kernel/ns_last_pid
(setsid bash -c 'n=0; while :; do seq 1 100 | sort -n | tail -1 > /share/bash.last; n=$((n + 1)); echo $n > /share/bash.n; done' < /dev/null > /dev/null 2>&1 &)
(setsid python3 /share/threads.py /share/python.n < /dev/null > /dev/null 2>&1 &)
(setsid top -b -d 0.3 < /dev/null > /share/top.out 2>&1 &)
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ "$(cat /share/bash.n 2>/dev/null || echo 0)" -gt 2 ] && [ -s /share/python.n ] && [ -s /share/top.out ] && break
	sleep 1
done
for p in $(ps -e -o pid=,ppid= | awk '$2 == 1 && $1 > 3000 {print $1}'); do
	ckpt -k -o /share/tree.$p $p && echo "saved $p $(ckpt -l /share/tree.$p | awk 'NR == 3 {print $6}')"
done
grep -c '^top - ' /share/top.out > /share/top.n
tail -1 /proc/plimsoll/audit
kill -USR2 1; sleep 5
