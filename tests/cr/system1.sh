# SPDX-License-Identifier: MIT
# tests/cr/system1.sh - everything below init but this script goes to the share, a tree an image; then the machine
# ends. The programs run on the share, so that what they open is there after the boot.
mkdir -p /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null
echo "+pids" > /sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/jobs/one
echo 50 > /sys/fs/cgroup/jobs/pids.max
echo 2000 > /proc/sys/kernel/ns_last_pid
cat > /share/count.sh <<'END'
i=0
while [ $i -lt 100000 ]; do echo $i; i=$((i+1)); sleep 0.05; done
END
(setsid sh -c 'echo $$ > /sys/fs/cgroup/jobs/one/cgroup.procs; sh /share/count.sh | while read n; do echo $n > /share/counted; done' < /dev/null > /dev/null 2>&1 &)
(setsid sleep 12345 < /dev/null > /dev/null 2>&1 &)
(setsid unshare -m -u -p -f --mount-proc sh -c 'hostname inner; while :; do hostname > /share/name; sleep 0.2; done' < /dev/null > /dev/null 2>&1 &)
while [ ! -s /share/counted ] || [ ! -s /share/name ] || [ "$(cat /share/counted)" -lt 5 ]; do sleep 1; done
for p in $(ps -o pid,ppid | awk '$2 == 1 && $1 > 2000 {print $1}'); do
	ckpt -k -o /share/tree.$p $p && echo "saved $p"
done
tail -1 /proc/plimsoll/audit
poweroff -f
