# SPDX-License-Identifier: MIT
# tests/cr/chain.sh - one program through ROUNDS checkpoints and restarts, each image of the last one's tree.
ROUNDS=20
setsid unshare -m -u -p -f work /run/go > /tmp/out 2>&1 < /dev/null &
while ! grep -q ready /tmp/out; do sleep 1; done
P=$(pidof work | tr ' ' '\n' | sort -n | head -1)
n=0
while [ $n -lt $ROUNDS ]; do
	ckpt -s -k -o /tmp/image $P || break
	P=$(restart -d -i /tmp/image) || break
	n=$((n+1))
done
echo "rounds $n"
ckpt -s -o /tmp/image $P
wc -c < /tmp/image
touch /run/go
while [ -d /proc/$P ]; do sleep 1; done
cat /tmp/out
tail -1 /proc/plimsoll/audit
poweroff -f
