# SPDX-License-Identifier: MIT
# tests/cr/system2.sh - after the boot init's children go on.
mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
was=$(cat /share/counted)
rm /share/name
for image in /share/tree.*; do
	p=$(restart -d -i $image) && echo "restarted $p"
	[ "$p" = "${image##*.}" ] || echo "another number: $p"
done
n=0
while [ $n -lt 30 ] && { [ ! -s /share/name ] || [ "$(cat /share/counted)" -lt $((was + 5)) ]; }; do
	sleep 1; n=$((n+1))
done
[ "$(cat /share/counted)" -ge $((was + 5)) ] && echo "counting went on"
cat /share/name
cat /sys/fs/cgroup/jobs/pids.max
[ $(wc -l < /sys/fs/cgroup/jobs/one/cgroup.procs) -ge 3 ] && echo "in its cgroup"
ps -o pid,ppid | awk '$1 > 2000 && $2 == 1' | wc -l
pidof sleep | grep -q . && echo "sleeping"
tail -1 /proc/plimsoll/audit
poweroff -f
