#!/bin/sh
# SPDX-License-Identifier: MIT
# A directory of the host, mounted by 9p over virtio on /share: files there, and what the host changes meanwhile.
#
# Lies in the shared directory itself. Each function t_NAME is a step, in a directory of its own below /share, and prints
# the same on every run. `host CMD` asks the host to run CMD in that directory, and waits until it did (tools/share.py).
# What is left in /share at the end is looked at on the host. No step needs the host to be root.

ROOT=/share
TMP=/tmp/share-steps
SELF=$0
LIMIT=20

host() {
	echo "# host: cd $STEP && $*"
	while [ ! -e $ROOT/.done ]; do usleep 20000; done
	rm $ROOT/.done
}

mode() { stat -c '%A %s %h' "$@"; }

# ---- files ----------------------------------------------------------------------------------------

t_write() { echo one > f; echo two >> f; cat f; printf 'x%.0s' 1 2 3 > g; cat g f > h; wc -c h; : > f; wc -c < f; ls; }
t_large() {
	seq 1 200000 > seq; md5sum seq; tail -n 1 seq; cp seq copy; cmp seq copy && echo same
	dd if=seq of=part bs=1000 skip=3 seek=7 count=5 2>/dev/null; stat -c %s part; md5sum part
	dd if=/dev/zero of=seq bs=1 seek=100 count=4 conv=notrunc 2>/dev/null; md5sum seq; rm copy
}
t_truncate() { echo 0123456789 > f; truncate -s 4 f; cat f; echo; truncate -s 8 f; od -c f; truncate -s 100000 f; stat -c %s f; rm f; }
t_append() { for w in 1 2 3 4; do (i=0; while [ $i -lt 20 ]; do echo $w >> all; i=$((i + 1)); done) & done; wait; sort all | uniq -c; sort -o all all; }
t_descriptors() {
	echo text > f; exec 3< f; rm f; cat <&3; exec 3<&-; ls | wc -l
	exec 4> g; echo a >&4; mv g h; echo b >&4; exec 4>&-; cat h
	exec 5<> io; echo written >&5; cat io; exec 5>&-
}
t_modes() {
	touch f; for m in 600 644 755 4711; do chmod $m f; mode f; done
	(umask 077; echo x > private; mkdir pd); mode private; stat -c %A pd
	(umask 222; echo created > readonly); mode readonly; cat readonly
	chmod 644 f
}
t_times() { echo x > f; touch -d '2001-02-03 04:05:06' f; stat -c '%y' f | cut -d . -f 1; touch -r f g; stat -c %Y f g; touch h; [ h -nt f ] && echo newer; }
t_inplace() { printf 'a 1\nb 2\n' > f; sed -i 's/1/one/' f; cat f; sort -r -o f f; cat f; gzip f; ls; gunzip f.gz; cat f; }

# ---- names ----------------------------------------------------------------------------------------

t_directories() {
	mkdir -p a/b/c; echo deep > a/b/c/f; find . | sort; rmdir a/b 2>/dev/null; echo $?; rm -r a/b; ls a
	mkdir a 2>/dev/null; echo $?; cd a; mkdir ../x; cd ../x; pwd | sed "s|$ROOT||"; rmdir ../x; ls | wc -l; touch f 2>/dev/null; echo $?
}
t_rename() {
	echo 1 > a; echo 2 > b; mv a c; ls; mv c b; cat b; mkdir d e; mv b d/; ls d; mv d e/; cat e/d/b
	mkdir full; touch full/x; mkdir empty; mv -T empty full 2>/dev/null; echo $?; mv -T full empty; ls empty
}
t_links() { echo x > f; ln f g; mode g; echo y >> g; cat f; rm f; mode g; ln -s g s; readlink s; cat s; ln -s nowhere dangling; cat dangling 2>/dev/null; echo $?; stat -c %F s; ls -l | awk '{ print $NF }' | tail -n 1; }
t_many() { i=0; while [ $i -lt 300 ]; do echo $i > file-with-quite-a-long-name-$i; i=$((i + 1)); done; ls | wc -l; cat * | awk '{ s += $1 } END { print s }'; rm file*1*; ls | wc -l; rm -f file*; ls | wc -l; }
t_names() { touch 'with blank' 'quote"s' 'back\slash' "$(printf 'caf\303\251')"; ls | cat; long=$(printf 'n%.0s' $(seq 255)); touch $long; ls | awk '{ print length($0) }' | sort -n | tail -n 1; touch x$long 2>/dev/null; echo $?; rm -f $long; }
t_errors() { cat none 2>/dev/null; echo $?; echo x > f; cd f 2>/dev/null; echo $?; mkdir f 2>/dev/null; echo $?; rmdir f 2>/dev/null; echo $?; echo y > none/f 2>/dev/null; echo $?; (set -C; echo z > f) 2>/dev/null; echo $?; cat f; }
t_tar() { mkdir -p src/sub; seq 100 > src/n; echo x > src/sub/f; ln -s n src/l; tar -c -f t.tar src; mkdir out; tar -x -f t.tar -C out; diff -r src out/src && echo equal; readlink out/src/l; rm -r out src; tar -t -f t.tar; rm t.tar; }
t_inodes() { touch f; [ "$(stat -c %i f)" = "$(ls -i f | awk '{ print $1 }')" ] && echo same; ln f g; [ "$(stat -c %i f)" = "$(stat -c %i g)" ] && echo "one inode"; [ "$(stat -c %d f)" != "$(stat -c %d /)" ] && echo "another device"; }

# ---- programs, processes --------------------------------------------------------------------------

t_programs() { cp /bin/busybox busybox; ./busybox echo "run from the share"; ln -s busybox sh; ./sh -c 'echo $((6 * 7)); exit 3'; echo $?; printf '#!%s/sh\necho script $1\n' "$PWD" > s; chmod +x s; ./s arg; rm busybox sh; }
t_busy() { cp /bin/busybox b; ln -s b sleep; ./sleep 1 & usleep 200000; echo x 2>/dev/null > b; echo $?; wait; rm b sleep; }
t_parallel() { for w in 1 2 3; do (seq $((w * 10000)) > s$w; md5sum < s$w > m$w; cp s$w c$w; cmp s$w c$w; rm c$w) & done; wait; cat m1 m2 m3; rm s?; }
t_killed() { i=0; while [ $i -lt 8 ]; do dd if=/dev/zero of=z bs=64k count=400 2>/dev/null & p=$!; usleep $((i * 5000)); kill -9 $p; wait 2>/dev/null; i=$((i + 1)); done; rm z; echo alive > f; cat f; }
t_sync() { echo x > f; sync; dd if=f of=g conv=fsync 2>/dev/null; echo $?; cat g; }

# ---- the host's side ------------------------------------------------------------------------------

t_host_writes() {
	echo first > f; cat f; host 'echo second > f; echo made > g; mkdir d'
	cat f g; ls; host 'echo third >> f; chmod 600 g; mv g h; rmdir d'
	cat f; ls; mode h; host 'rm f; ln -s h f'
	cat f; readlink f
}
t_host_reads() { echo "from the guest" > f; mkdir d; host 'cat f > copy; ls -d d > list'; cat copy list; }
t_host_removes() { mkdir d; echo x > d/f; cd d; host 'rm -r d'; cat f 2>/dev/null; echo $?; ls 2>/dev/null; cd ..; ls | wc -l; }
t_host_replaces() { echo old > f; exec 3< f; host 'echo new > t; mv t f'; cat f; cat <&3; exec 3<&-; }
t_host_truncates() { seq 1000 > f; tail -n 1 f; host ': > f'; wc -c < f; host 'seq 10 > f'; tail -n 1 f; }

# ---- mounts ---------------------------------------------------------------------------------------

t_statfs() { stat -f -c '%l' .; df . | awk 'NR == 2 { print ($2 > 0), $6 }'; grep -c " $ROOT 9p " /proc/mounts; grep 9p /proc/filesystems; }
t_mount() {
	cd /; mkdir -p $TMP/m
	mount -t 9p -o trans=virtio,version=9p2000.L share $TMP/m 2>/dev/null; echo $?
	mount -t 9p -o trans=virtio,version=9p2000.L nothing $TMP/m 2>/dev/null; echo $?
	mount -o bind $ROOT/mount $TMP/m; echo bound > $TMP/m/f; cat $ROOT/mount/f; umount $TMP/m
	mount -o remount,ro $ROOT; echo x 2>/dev/null > $ROOT/x; echo $?; mount -o remount,rw $ROOT; grep " $ROOT " /proc/mounts
}
t_caches() {
	cd /; for o in cache=none cache=mmap cache=loose msize=8192 access=any; do
		umount $ROOT; mount -t 9p -o trans=virtio,version=9p2000.L,$o share $ROOT
		cd $ROOT/$STEP; grep " $ROOT " /proc/mounts | cut -d ' ' -f 4
		seq 20000 > f; md5sum f; echo more >> f; tail -n 1 f; mv f g; ls; ln g h; stat -c %h h; rm g h; ls | wc -l
		cp /bin/busybox b; ./b echo $o 2>/dev/null; ln -s b echo; ./echo $o; rm b echo; cd /
	done
	umount $ROOT; mount -t 9p -o trans=virtio,version=9p2000.L share $ROOT
}

# ---- running them ---------------------------------------------------------------------------------

steps() { sed -n 's/^t_\([a-z0-9_]*\)() {.*/\1/p' "$SELF"; }

run_step() {
	STEP=$1
	mkdir -p $ROOT/$1 && cd $ROOT/$1 || exit 1
	"t_$1" 2>&1
	cd /
}

export LC_ALL=C TZ=UTC HOME=/ PATH=/bin:/sbin:/usr/bin:/usr/sbin
umask 022
if [ $# -gt 0 ]; then
	run_step "$1"
	exit
fi
if [ "$SELF" = $ROOT/share.sh ]; then	# some steps mount the share anew
	mkdir -p $TMP && cp "$SELF" $TMP/ && exec sh $TMP/share.sh
fi
echo "# transcript begins"
for step in $(steps); do
	echo "## $step"
	timeout -s KILL $LIMIT sh "$SELF" "$step" < /dev/null
	[ $? -lt 128 ] || echo "killed at its limit, or by a signal"
done
if [ -e /proc/plimsoll/audit ]; then
	tail -n 1 /proc/plimsoll/audit | grep -v '^audit ok$'
fi
echo "# transcript ends"
