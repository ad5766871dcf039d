# SPDX-License-Identifier: MIT
# tests/cr/first.sh - on the first kernel: work in a container of its own is checkpointed to the share.
setsid unshare -m -u -p -f work /run/go > /tmp/out 2>&1 < /dev/null &
n=0
while ! grep -q ready /tmp/out && [ $n -lt 60 ]; do sleep 1; n=$((n+1)); done
P=$(pidof work | tr ' ' '\n' | sort -n | head -1)
ckpt -s -k -o /share/image $P && echo "checkpoint done"
ckpt -l /share/image > /tmp/list
grep -q "1 .*alive *work  threads" /tmp/list && grep -q "shared memory" /tmp/list && grep -q "mount .* of tmpfs" /tmp/list &&
	grep -q "uts 1" /tmp/list && grep -q "/unlinked at 5" /tmp/list && echo "ckpt lists"
cp /tmp/out /share/out
tail -1 /proc/plimsoll/audit
poweroff -f
