# SPDX-License-Identifier: MIT
# tests/cr/second.sh - on the other kernel: the container goes on, and gives its answer.
cp /share/out /tmp/out
uname -v
P=$(restart -d -i /share/image) && echo "restart done"
touch /run/go
while [ -n "$P" ] && [ -d /proc/$P ]; do sleep 1; done
cat /tmp/out
tail -1 /proc/plimsoll/audit
poweroff -f
