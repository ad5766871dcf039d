# SPDX-License-Identifier: MIT
# tests/cr/system2.sh - after the boot init's children go on.
mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
# The line of a file whose writer empties it before each, and may be seen, or have been killed, in between.
line() {
	for try in 1 2 3 4 5 6 7 8 9; do
		text=$(cat /share/$1)
		[ -n "$text" ] && break
		sleep 0.1
	done
	echo ${text:-0}
}
was=$(line counted)
rm /share/name
for image in /share/tree.*; do
	p=$(restart -d -i $image) && echo "restarted $p"
	[ "$p" = "${image##*.}" ] || echo "another number: $p"
done
n=0
while [ $n -lt 30 ] && { [ ! -s /share/name ] || [ "$(line counted)" -lt $((was + 5)) ]; }; do
	sleep 1; n=$((n+1))
done
[ "$(line counted)" -ge $((was + 5)) ] && echo "counting went on"
line name
cat /sys/fs/cgroup/jobs/pids.max
[ $(wc -l < /sys/fs/cgroup/jobs/one/cgroup.procs) -ge 3 ] && echo "in its cgroup"
ps -o pid,ppid | awk '$1 > 2000 && $2 == 1' | wc -l
pidof sleep | grep -q . && echo "sleeping"
tail -1 /proc/plimsoll/audit
poweroff -f
