# SPDX-License-Identifier: MIT
# tests/cr/debian2.sh - and go on after a boot.
cp /share/ckpt /share/restart /usr/bin/
mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
bash_was=$(cat /share/bash.n) python_was=$(cat /share/python.n) top_was=$(cat /share/top.n)
for image in /share/tree.*; do
	p=$(restart -d -i $image) && echo "restarted $p"
done
for i in $(seq 30); do
	[ "$(tail -1 /share/bash.n)" -gt $((bash_was + 2)) ] 2>/dev/null && [ "$(cat /share/python.n)" -gt $((python_was + 10)) ] &&
		[ "$(grep -c '^top - ' /share/top.out)" -gt $((top_was + 1)) ] && break
	sleep 1
done
for i in $(seq 30); do		# a file that is caught open and empty is read again
	last=$(cat /share/bash.last) n=$(cat /share/bash.n)
	[ -n "$last" ] && [ "${n:-0}" -gt $((bash_was + 2)) ] && echo "bash goes on: $last" && break
done
[ "$(cat /share/python.n)" -gt $((python_was + 10)) ] && echo "Python goes on"
[ "$(grep -c '^top - ' /share/top.out)" -gt $((top_was + 1)) ] && echo "top goes on"
tail -1 /proc/plimsoll/audit
kill -USR2 1; sleep 5
