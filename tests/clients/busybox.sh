#!/bin/sh
# SPDX-License-Identifier: MIT
# Debian's busybox, unmodified: its applets and the shell's constructs, one step each.
#
# Runs the same on the model and on Linux and prints the same lines; what may differ (times, pids, sizes of the
# machine) is taken out. Each function t_NAME below is a step: it runs in a shell and a directory of its own, under a
# limit, and its output stands behind a line `## N NAME`. `busybox.sh NAME` runs one step alone.

WORK=/tmp/busybox-steps
LIMIT=30
SELF=$0

# ---- the shell's language -------------------------------------------------------------------------

t_variables() {
	a=one b='two words' c="$a $b"
	echo "$a|$b|$c|${#c}|${unset:-default}|${a:+set}|${unset+set}"
	unset a
	echo "${a-gone}" "${a:=again}" "$a"
	path=/usr/lib/name.tar.gz
	echo "${path##*/} ${path%.*} ${path%%.*} ${path#*/}"
	echo "${path/lib/bin} ${path//r/R} ${path:5:3} ${path: -2}"
	readonly r=1
	(r=2) 2>/dev/null || echo "readonly kept: $r"
}

t_quoting() {
	echo 'single $HOME "x"' "double 'y' \$z \\ \`q\`" back\ slash
	printf '<%s>' "a  b" c' 'd "" e; echo
	IFS=:; set -- $(echo a:b::c); IFS=' '
	echo "$# <$1> <$2> <$3> <$4>"
}

t_arithmetic() {
	echo $((1 + 2 * 3)) $((7 / 2)) $((-7 % 3)) $((2 ** 10)) $((1 << 40)) $((~0)) $((0x1f)) $((010))
	i=5; echo $((i++ + ++i)) $i $((i > 6 ? 10 : 20)) $((i & 6 | 8 ^ 1)) $((!i)) $((i += 3, i))
	echo $((9223372036854775807 + 1))
	let "x = 6 * 7"; echo $x
}

t_if_case() {
	for w in apple banana 42 -x ''; do
		case $w in
		a*) echo "starts with a" ;;
		*an*) echo "holds an" ;;
		[0-9]*) echo number ;;
		-?) echo option ;;
		'') echo empty ;;
		esac
	done
	if false; then echo no; elif true; then echo elif; else echo no; fi
	! true || echo "not true is false"
}

t_loops() {
	for i in 1 2 3; do [ $i = 2 ] && continue; echo "for $i"; done
	i=0; while [ $i -lt 5 ]; do i=$((i + 1)); [ $i = 4 ] && break; done; echo "while $i"
	until [ $i = 0 ]; do i=$((i - 1)); done; echo "until $i"
	for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo "$i$j"; done; done
	set -- x y z; for arg; do printf '%s,' "$arg"; done; echo
}

t_functions() {
	fact() { [ "$1" -le 1 ] && echo 1 || echo $(($1 * $(fact $(($1 - 1))))); }
	fact 10
	scope() { local v=inner; v2=changed; echo "in $v $1 $#"; return 7; }
	v=outer; scope p q; echo "$? $v $v2"
	unset -f scope; type scope 2>/dev/null || echo "scope is gone"
}

t_positional() {
	set -- a "b c" d
	echo "$#" "$*"; printf '[%s]' "$@"; echo
	shift; echo "$1 $#"; shift 2; echo "$#"
	set -- 1 2 3 4 5 6 7 8 9 10 11; echo "${10} ${11} $10"
}

t_here_docs() {
	name=world
	cat <<-END
		hello $name $((1 + 1)) $(echo sub)
	END
	cat <<'END'
no $expansion `here`
END
	cat <<A; cat <<B
first
A
second
B
	while read -r line; do echo "<$line>"; done <<END
one
  two\\n
END
}

t_redirection() {
	echo out > f; echo more >> f; cat < f; wc -l < f
	{ echo o; echo e >&2; } > both 2>&1; cat both
	ls /nonexistent 2>/dev/null || echo "status $?"
	exec 3> three; echo to3 >&3; exec 3>&-; cat three
	exec 4< f; read -r x <&4; read -r y <&4; echo "$x+$y"; exec 4<&-
	echo new >| f; cat f; : > f; wc -c f
	(set -C; echo no > three) 2>/dev/null || echo "noclobber"
}

t_pipes() {
	seq 10 | sort -rn | head -n 3 | tr '\n' ' '; echo
	echo a | { read -r x; echo "got $x"; }
	yes | head -n 100000 | wc -l
	false | true; echo "$?"
	(set -o pipefail; false | true; echo "$?")
	seq 1 100000 | tail -n 1
}

t_substitution() {
	echo "$(echo nested $(echo inner)) `echo back`"
	x=$(printf 'a\n\n\n'); echo "<$x>"
	x=$(false); echo "$?"
	eval 'y=$x; z=5'; echo "$z"
}

t_globs() {
	mkdir d; touch a1 a2 b1 .hidden d/x1 'sp ace'
	echo a* ?1 [!a]1 d/* .h* nothing*
	for f in *\ *; do echo "<$f>"; done
	(set -f; echo a*)
	case abc in [a-c]*[[:alpha:]]) echo class ;; esac
}

t_subshells() {
	x=1; (x=2; cd /; echo "in $x $PWD"); echo "out $x"
	{ x=3; }; echo "$x"
	(exit 9); echo "$?"
	(trap 'echo bye' EXIT; echo hi)
}

t_traps() {
	trap 'echo got USR1' USR1; kill -USR1 $$; echo after
	trap '' TERM; kill -TERM $$; echo "TERM ignored"
	trap - TERM
	sh -c 'trap "echo T; exit 3" TERM; kill -TERM $$; echo never'; echo "$?"
	sh -c 'trap "echo end" 0; exit 4'; echo "$?"
	trap | sed 's/[[:space:]]*$//'
}

t_background() {
	(exit 3) & wait $!; echo "wait $?"
	for i in 1 2 3; do (exit $i) & done; wait; echo "all $?"
	sleep 0 & p=$!; wait $p; wait $p; echo "again $?"
	(kill -KILL $(exec sh -c 'echo $PPID')) & wait $!; echo "killed $?"
	{ sleep 5 & echo $! > pid; wait $!; echo "inner $?"; } > inner 2>&1 & w=$!
	while [ ! -s pid ]; do sleep 0.05; done
	kill $(cat pid); wait $w; echo "$?"; cat inner
}

t_job_control() {
	set -m
	sleep 30 & jobs
	kill -STOP %1; wait_state T; jobs
	bg %1; wait_state S; jobs
	kill %1; wait $! 2> /dev/null; echo "$?"
	sleep 31 & kill -INT $!; wait $! 2> /dev/null; echo "$?"
	sh -c 'kill -STOP $$; exit 5' & wait_state T; fg; echo "$?"
	jobs > /dev/null
	sleep 32 & a=$!; sleep 33 & jobs | awk '{ print $1, $2, $4 }'; kill $a $!; wait; echo "$?"
	set +m
}

# Wait until the last background job's state letter is $1.
wait_state() {
	for n in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cut -d ' ' -f 3 /proc/$!/stat)" = "$1" ] && break
		sleep 0.1
	done
	echo "state $1"
}

t_process_groups() {
	set -m
	sh -c 'read -r pid comm state ppid pgrp rest < /proc/self/stat; [ $pid = $pgrp ] && echo leader' &
	wait $!
	set +m
	sh -c 'read -r pid comm state ppid pgrp rest < /proc/$$/stat; [ $$ = $pgrp ] || echo member' &
	wait $!
	setsid sh -c 'read -r pid c s pp pgrp sid r < /proc/$$/stat; [ $pid = $sid ] && echo session'
}

t_exit_status() {
	sh -c 'exit 300'; echo "$?"
	sh -c 'kill -9 $$'; echo "$?"
	sh -c 'kill -SEGV $$' 2>/dev/null; echo "$?"
	nonexistent_command 2>/dev/null; echo "$?"
	touch plain; ./plain 2>/dev/null; echo "$?"
	/ 2>/dev/null; echo "$?"
	true && false || echo "chain"
}

t_set_options() {
	sh -ec 'false; echo never'; echo "$?"
	sh -uc 'echo $nope' 2>/dev/null; echo "$?"
	sh -xc 'a=1; echo $a' 2>&1
	sh -nc 'echo never'; echo "$?"
	sh -vc 'echo verbose' 2>&1
	echo $- | grep -q x || echo "no x"
}

t_builtins_type() {
	type cd : test if; command -v echo
	alias ll='ls -l'; alias; unalias ll; alias
	hash -r; command true; echo "$?"
	builtin_true() { :; }; type builtin_true | head -n 1
}

t_builtins_read() {
	echo "a b c d" | { read -r x y z; echo "$x|$y|$z"; }
	printf 'line\\\ncontinued\n' | { read x; echo "$x"; }
	printf 'a:b:c\n' | { IFS=: read -r x y z; echo "$z$y$x"; }
	printf 'abcdef' | { read -n 3 x; echo "$x"; }
	sleep 1 | { read -t 0.1 x; echo "timeout $?"; }
	read -r x < /dev/null; echo "eof $?"
}

t_builtins_getopts() {
	parse() {
		OPTIND=1
		while getopts ab:c o; do echo "$o ${OPTARG-none}"; done
		shift $((OPTIND - 1)); echo "rest $*"
	}
	parse -a -b val -c x y; parse -bval z; parse -q 2>/dev/null
}

t_builtins_umask() {
	umask 027; umask; umask -S; touch f; mkdir d; stat -c '%a %n' f d
	umask u=rwx,g=,o=; umask
}

t_builtins_ulimit() {
	ulimit -n 64; ulimit -n; ulimit -S -n 32; ulimit -n; ulimit -H -n
	sh -c 'ulimit -n 1000' 2>/dev/null; echo "$?"
	ulimit -c 0; ulimit -c; ulimit -f 1
	dd if=/dev/zero of=big bs=1024 count=4 2>/dev/null; echo "$?"; stat -c %s big
}

t_builtins_kill() {
	kill -l | tr '\n' ' ' | tr -s ' ' | cut -c 1-60
	kill -l 9; kill -l TERM; kill -l 137
	kill -0 $$; echo "$?"; kill -0 999999 2>/dev/null; echo "$?"
}

t_builtins_cd() {
	mkdir -p a/b; cd a/b; pwd | sed "s|$WORK||"; cd - > /dev/null; pwd | sed "s|$WORK||"
	ln -s a/b link; cd link; pwd | sed "s|.*/||"; pwd -P | sed "s|.*/||"; cd ../..
	cd /nonexistent 2>/dev/null; echo "$?"; CDPATH=; cd; pwd
}

t_builtins_printf() {
	printf '%d %5d|%-5d|%05d %x %o %c %s %%\n' 42 42 42 42 255 8 xyz str
	printf '%.3f %e %g\n' 3.14159 12345.678 0.0001
	printf '%s-%s\n' a b c; printf '\x41\102\t|\n'; printf '%b' 'a\nb\n'; printf '%q\n' "it's" 2>/dev/null
}

t_builtins_test() {
	touch f; mkdir d; ln -s f l; mkfifo p; chmod 644 f
	for e in '-e f' '-f f' '-d d' '-h l' '-p p' '-s f' '-r f' '-x f' '-c /dev/null' '-t 9' '-z x' '-n x'; do
		test $e && echo "$e yes" || echo "$e no"
	done
	[ 5 -gt 3 ] && [ abc \< abd ] && [ ! a = b ] && echo compare
	[ f -nt nothere ] && echo newer; [ f -ef l ] && echo same
	[[ abc == a* ]] && echo pattern; [[ abc =~ ^a.c$ ]] && echo regex
	test 1 -eq x 2>/dev/null; echo "$?"
}

t_builtins_misc() {
	times | wc -l; times | head -n 1 | tr 0-9 '#' | tr -s '#'
	dot=sourced; echo 'echo "$dot $1"; return 4' > s.sh; . ./s.sh arg; echo "$?"
	export E=exported; sh -c 'echo $E'; export -p | grep E=
	(exec echo replaced; echo never)
	wait 999999 2>/dev/null; echo "$?"
}

t_deep_recursion() {
	deep() { [ "$1" -eq 0 ] && echo bottom || deep $(($1 - 1)); }
	deep 200
	x=; i=0; while [ $i -lt 12 ]; do x="$x$x-"; i=$((i + 1)); done; echo ${#x}
}

# ---- text -----------------------------------------------------------------------------------------

lines() { printf '%s\n' pear apple fig apple banana cherry fig; }
table() { printf '%s\n' 'alice 30 paris' 'bob 25 rome' 'carol 35 oslo' 'dave 25 bern'; }

t_sort() { lines | sort; lines | sort -u | sort -r | head -n 2; table | sort -k2,2n -k1,1r; printf '10\n9\n2\n' | sort -n; }
t_uniq() { lines | sort | uniq -c; lines | sort | uniq -d; lines | sort | uniq -u; }
t_cut() { table | cut -d ' ' -f 1,3; table | cut -c 2-4; echo a:b:c | cut -d : -f 2-; }
t_tr() { echo 'Hello World' | tr 'a-z' 'A-Z'; echo aabbcc | tr -s b; echo a1b2 | tr -d 0-9; echo abc | tr -c 'b\n' x; }
t_grep() {
	lines | grep -n an; lines | grep -vc apple; lines | grep -E '^(fig|pear)$'; lines | grep -o 'p*l'
	lines | grep -q zzz; echo "$?"; echo 'a.b' | grep -F . ; table > f; grep -l bob f; grep -A1 -B1 bob f; grep -i ALICE f
	mkdir d; cp f d/g; grep -r carol . | sort
}
t_egrep_fgrep() { lines | egrep 'a{1}p+'; lines | fgrep -x fig; }
t_sed() {
	table | sed -n '2p'; table | sed 's/\([a-z]*\) \([0-9]*\)/\2 \1/'; table | sed '/bob/d;s/o/0/g'
	table | sed -n '/bob/,/dave/{=;p}'; echo abc | sed 'y/abc/xyz/'; printf '1\n2\n3\n' | sed '1!G;h;$!d'
	echo x > f; sed -i 's/x/changed/' f; cat f; echo one | sed -e 'a\' -e 'two' -e 'i zero'; echo 'a/b' | sed 's|/|\n|'
}
t_awk() {
	table | awk '{ s += $2; n[$2]++ } END { print s, NR; for (k in n) print k, n[k] | "sort" }'
	awk 'BEGIN { printf "%5.2f|%-6s|%03d\n", 3.14159, "ab", 7; print substr("hello", 2, 3), index("hello", "l"), toupper("x") }'
	echo 'a:b:c' | awk -F: -v OFS=- '{ $2 = "X"; print; print NF, length($0) }'
	awk 'function f(n) { return n < 2 ? n : f(n-1) + f(n-2) } BEGIN { print f(20) }'
	echo 'foo123bar' | awk '{ gsub(/[0-9]+/, "<&>"); print; match($0, /<.*>/); print RSTART, RLENGTH }'
	awk 'BEGIN { n = split("c a b", x); for (i = n; i > 0; i--) printf "%s ", x[i]; print ""; print int(7.9), 1e6 % 7 }'
	awk 'BEGIN { while (("echo a; echo b" | getline l) > 0) print "got", l; system("echo sys"); print ENVIRON["HOME"] }'
}
t_head_tail() { seq 20 | head -n 3; seq 20 | tail -n 2; seq 20 | tail -n +19; seq 20 | head -c 5; echo; seq 20 | tail -c 4; }
t_wc() { table | wc; table > f; wc -l -w f; printf 'no newline' | wc -c; wc -L f; }
t_nl() { lines | head -n 3 | nl; lines | head -n 2 | nl -w 3 -s ') ' -b a; }
t_rev_tac() { lines | head -n 2 | rev; seq 5 | tac | tr '\n' ' '; echo; }
t_paste() { seq 3 > a; printf 'x\ny\n' > b; paste a b; paste -d , a b; paste -s a; }
t_fold() { echo 'the quick brown fox jumps' | fold -w 10; echo 'the quick brown fox' | fold -s -w 10; }
t_expand() { printf 'a\tb\n' | expand; printf 'a\tb\n' | expand -t 4; printf '        x\n' | unexpand; }
t_tee() { echo t | tee a b; cat a b; echo u | tee -a a > /dev/null; cat a; }
t_diff() {
	seq 5 > a; sed 's/3/three/;5d' a > b; diff a b; echo "$?"; diff -u a b | tail -n +3; diff -q a b; diff a a; echo "$?"
	mkdir x y; echo 1 > x/f; echo 2 > y/f; touch y/only; diff -rq x y
}
t_patch() { seq 5 > a; sed 's/3/three/' a > b; diff -u a b > p; cp a c; patch c < p; cmp b c && echo same; patch -R c p; cmp a c && echo back; }
t_cmp() { printf 'abc' > a; printf 'abd' > b; cmp a b; echo "$?"; cmp -s a a; echo "$?"; cmp -l a b; }
t_strings() { printf '\001\002hello\003ab\004world!\000' > f; strings f; strings -n 6 f; }
t_shuf_seq() { shuf -i 1-50 | sort -n | tail -n 1; seq 1 2 9 | tr '\n' ' '; seq -w 8 11 | tr '\n' ' '; seq -s , 3; }
t_factor() { factor 60 97 1000003; }
t_expr() { expr 3 + 4 \* 2; expr length hello; expr substr hello 2 3; expr abc : 'a\(.*\)'; expr 5 \> 3; expr 1 - 1; echo "$?"; }
t_bc() { printf '2^64\nscale=5\n22/7\ndefine f(x) { return x*x }\nf(12)\nsqrt(2)\nobase=16\n255\n' | bc; echo 's(0)+l(1)' | bc -l; }
t_dc() { echo '2 3 ^ p 10 k 2 v p 16 o 255 p' | dc; dc -e '5 [d 1 - d 1 <a *] sa 2 la x p' 2>/dev/null | head -n 1; }
t_cal() { cal 2 2000 | sed 's/ *$//'; }
t_dos2unix() { printf 'a\r\nb\r\n' > f; dos2unix f; od -c f | head -n 1; unix2dos f; wc -c < f; }
t_ed() { printf 'a\nfirst\nsecond\n.\n1,$s/s/S/\nw f\nq\n' | ed 2>&1 | sed '/^$/d'; cat f; }
t_echo() { echo -n no newline; echo; echo -e 'tab\there\\ \0101'; echo -E 'raw\n'; echo -- -x; }

# ---- bytes, sums, archives ------------------------------------------------------------------------

data() { seq 1 2000; }

t_od() { printf 'AB\000\377z' | od -c; printf 'ABCD' | od -t x1 -A d; printf 'ABCDEFGH' | od -x; }
t_hexdump() { data | head -c 40 | hexdump -C; printf 'abcd' | hexdump -e '4/1 "%02x " "\n"'; }
t_xxd() { data | head -c 20 | xxd; printf 'hi' | xxd -p; echo 6869 | xxd -r -p; echo; }
t_dd() {
	data | dd bs=100 skip=1 count=2 2>/dev/null | md5sum; data > f; dd if=f of=g bs=1k 2>/dev/null; cmp f g && echo same
	printf XY | dd of=g bs=1 seek=3 conv=notrunc 2>/dev/null; head -c 8 g | od -c | head -n 1; dd if=/dev/zero bs=4096 count=16 2>/dev/null | wc -c
	echo low | dd conv=ucase 2>/dev/null; dd if=f of=/dev/null bs=512 2>&1 | head -n 2
}
t_sums() { data | md5sum; data | sha1sum; data | sha256sum; data | sha512sum | cut -c 1-32; data | sha3sum | cut -c 1-32; data > f; crc32 f; }
t_sum_check() { data > f; sha256sum f > s; sha256sum -c s; echo x >> f; sha256sum -c s 2>/dev/null; echo "$?"; }
t_base64() { data | head -c 60 | base64; data | base64 | base64 -d | md5sum; }
t_uuencode() { data | head -c 50 > f; uuencode f name; uuencode -m f name | uudecode -o g; cmp f g && echo same; }
t_gzip() { data > f; cp f g; gzip f; gzip -dc f.gz | cmp - g && echo same; gunzip f.gz; ls f*; gzip -c f | zcat | tail -n 1; }
t_bzip2() { echo QlpoOTFBWSZTWWO92vEAADvZgAAQQAAQADQgRBAgAFCAGAUqjQzU0TRNk4TZPSfEwmE4TCfi7kinChIMd7teIA== | base64 -d > f.bz2; bzcat f.bz2 | uniq -c; bunzip2 f.bz2; wc -c f; }
t_tar() {
	mkdir -p t/sub; data > t/a; echo b > t/sub/b; ln -s a t/l; ln t/a t/hard; chmod 750 t/sub
	tar cf x.tar t; tar tf x.tar | sort; mkdir out; tar xf x.tar -C out; cmp t/a out/t/a && readlink out/t/l && stat -c '%a' out/t/sub
	stat -c %h out/t/a; tar czf x.tgz t && tar tzf x.tgz | wc -l; tar cf - -C t a | tar xOf - | md5sum; tar tf x.tar t/sub/b
}
t_cpio() {
	mkdir t; echo one > t/a; ln -s a t/l; mkfifo t/p; find t | sort | cpio -o -H newc 2>/dev/null > c; cpio -it < c 2>/dev/null | sort
	mkdir out; (cd out; cpio -id < ../c 2>/dev/null; ls t; readlink t/l; [ -p t/p ] && echo fifo)
}
t_xz() { echo /Td6WFoAAAFpIt42AgAhARYAAAB0L+Wj4ACfAA9dADwegAVBulqFDKgI4FwAAAAAdDR1dgABJ6ABAAAAoBlnET4wDYsCAAAAAAFZWg== | base64 -d > f.xz; xzcat f.xz | uniq -c; unxz f.xz; wc -c f; }
t_lzma() { echo XQAAgAD//////////wA2HondfUkkBn+bhrD3potT///7BsAA | base64 -d | lzcat | uniq -c; }
t_truncate() { truncate -s 100 f; stat -c %s f; truncate -c -s 9 nothere; ls | wc -l; truncate -s 5 f; od -c f | head -n 1; }

# ---- files ----------------------------------------------------------------------------------------

t_ls() {
	touch -d '2001-02-03 04:05:06' a b; chmod 640 a; chmod 4755 b; mkdir d; ln -s a l; mkfifo p; echo 12345 > s
	touch -d '2001-02-03 04:05:06' d p s; ls -1; ls -l | awk 'NR > 1 { print $1, $2, $3, $4, $9, $10, $11 }'
	ls -F; ls -d d; ls -S | head -n 1; ls -i a | awk '{ print NF }'; ls -l --full-time a | awk '{ print $6, $7 }'
	ls -a | head -n 2; ls -n a | awk '{ print $3, $4, $5 }'; ls -r | head -n 1; ls -t1 | tail -n 1; ls -R d; ls -lh s | awk '{ print $5 }'
}
t_cp() { mkdir d; echo x > d/a; ln -s a d/l; cp -a d e; readlink e/l; cp -r d/a f; cat f; cp -s "$PWD/f" s; [ -L s ] && echo symlink; cp nothing x 2>/dev/null; echo "$?"; touch -d '2001-01-01 00:00:00' f; cp -p f g; stat -c %y g | cut -c 1-19; }
t_mv() { echo 1 > a; mv a b; ls; mkdir d; mv b d; ls d; echo 2 > c; mv -n c d/b; cat d/b; mv d e; cat e/b; mv e/b e/nothere/x 2>/dev/null; echo "$?"; }
t_rm() { mkdir -p d/e; touch d/e/f g; rm g; rm d 2>/dev/null; echo "$?"; rm -r d; ls | wc -l; rm -f nothere; echo "$?"; }
t_mkdir() { mkdir -p a/b/c; mkdir a 2>/dev/null; echo "$?"; mkdir -m 700 m; stat -c %a m; rmdir a 2>/dev/null; echo "$?"; rmdir -p a/b/c; ls; }
t_ln() { echo x > a; ln a b; stat -c %h a; ln -s a s; ln -sf b s; readlink s; ln -s loop loop; cat loop 2>/dev/null; echo "$?"; ln a b 2>/dev/null; echo "$?"; link a c; stat -c %h a; unlink c; stat -c %h a; }
t_readlink() { mkdir -p d/e; ln -s d/e l; readlink l; realpath l | sed 's|.*/d|d|'; readlink -f l/../x | sed 's|.*/d|d|'; readlink d; echo "$?"; realpath /proc/../tmp/.; }
t_chmod() { touch f; for m in 644 u+x go-r a=rw u+s,g+s +t 0 ug=rx; do chmod $m f; stat -c "$m %a %A" f; done; mkdir -p d/e; chmod -R 700 d; stat -c %a d/e; }
t_chown() { touch f; chown 1000:100 f; stat -c '%u %g' f; chown :7 f; stat -c %g f; chgrp 0 f; ln -s f l; chown -h 5 l; stat -c '%u %F' l; chmod 4755 f; chown 1 f; stat -c %a f; }
t_touch() { touch -d '1999-12-31 23:59:59' f; stat -c '%y' f | cut -c 1-19; touch -r f g; stat -c %Y g; touch -c nothere; ls nothere 2>/dev/null; touch -d @86400 f; stat -c %Y f; }
t_stat() { printf 12345 > f; chmod 604 f; stat -c '%s %a %F %h %u %g %n' f; stat -c '%F' /dev/null . /proc/self/exe; stat -c '%t %T' /dev/null; stat -f -c '%T' /tmp; stat nothere 2>&1; }
t_mkfifo() { mkfifo p; (echo through > p) & cat p; wait; stat -c %F p; mkfifo p 2>/dev/null; echo "$?"; mkfifo -m 600 q; stat -c %a q; }
t_mknod() { mknod n c 1 3; echo x > n; wc -c < n; mknod z c 1 5; head -c 4 z | od -c | head -n 1; mknod b b 7 9; stat -c '%F %t %T' b; mknod p p; [ -p p ] && echo fifo; }
t_find() {
	mkdir -p a/b c; touch a/f.txt a/b/g.txt c/h.dat; echo data > c/big; ln -s f.txt a/l; touch -d '2001-01-01 00:00:00' c/h.dat
	find . | sort; find . -name '*.txt' | sort; find . -type d | sort; find . -type l; find . -size +0c -type f; find . -mtime +1000 -type f
	find . -name '*.txt' -exec basename {} \; | sort; find a -maxdepth 1 | sort; find . -empty -name '*.dat' -exec rm {} +; find c | sort; find . -path './a/*' -prune -o -type f -print | sort
	find . -name 'g*' -o -name 'big' | sort; find . -perm 777 | sort; find . -newer c/big -name zzz; find . -type f -print0 | tr '\0' '\n' | sort
}
t_xargs() { seq 10 | xargs -n 3; echo 'a b' | xargs -I {} echo '<{}>'; printf 'x y\0z\0' | xargs -0 -n 1; seq 3 | xargs sh -c 'echo $# $0'; echo 1 | xargs false; echo "$?"; seq 20000 | xargs echo | wc -w; }
t_du() { mkdir d; dd if=/dev/zero of=d/f bs=1024 count=64 2>/dev/null; du -k d/f | cut -f 1; du -sk d | awk '{ print ($1 >= 64) }'; }
t_df() { df -T /tmp | tail -n 1 | awk '{ print $2, $NF }'; }
t_mktemp() { f=$(mktemp); [ -f "$f" ] && stat -c '%a %s' "$f"; rm "$f"; d=$(mktemp -d -p . x.XXXXXX); stat -c %a "$d"; echo "${#d}"; }
t_basename() { basename /a/b/c.txt .txt; basename /; dirname /a/b/c; dirname plain; dirname /; }
t_which() { which sh; which nonexistent; echo "$?"; }
t_fallocate() { fallocate -l 10000 f; stat -c %s f; shred -n 1 -z f 2>/dev/null; echo "$?"; od -A n -t x1 -N 4 f; }
t_sparse() { dd if=/dev/zero of=f bs=1 count=1 seek=1000000 2>/dev/null; stat -c %s f; tail -c 2 f | od -t x1 | head -n 1; }
t_tail_follow() { echo one > f; : > out; tail -f f > out & echo two >> f; while [ "$(wc -l < out)" -lt 2 ]; do sleep 0.1; done; kill $!; wait $! 2>/dev/null; cat out; }
t_permissions() {
	mkdir closed; echo secret > closed/f; chmod 700 closed; chmod 600 closed/f; chmod 755 .
	as() { su -s /bin/sh nobody -c "cd $PWD; $*" 2>/dev/null || echo "refused $?"; }
	as cat closed/f; as ls closed; as touch new; as id -u; chmod 711 closed; chmod 604 closed/f; as cat closed/f
	chmod 1777 .; as touch mine; as rm -f closed/f; touch roots; as rm -f roots; as mv roots x; as chmod 777 roots; stat -c '%u %a' mine roots
	as 'kill -0 1'; as 'hostname x'; as 'mount -t tmpfs none /mnt'; as 'mknod n c 1 3'; as 'chown 0 mine'
}
t_big_file() { seq 200000 > f; wc -c f; tail -n 1 f; md5sum f; sort -rn f | head -n 1; sed -n '100000p' f; rm f; }
t_many_files() { i=0; while [ $i -lt 300 ]; do : > f$i; i=$((i + 1)); done; ls | wc -l; rm f*; ls | wc -l; }
t_long_names() { n=$(printf '%0255d' 7); touch "$n"; ls | wc -c; touch "${n}x" 2>/dev/null; echo "$?"; mkdir -p $(seq 30 | tr '\n' '/'); find . -type d | wc -l; }
t_rename_open() { echo old > f; exec 5< f; echo new > g; mv g f; cat <&5; cat f; rm f; exec 6> h; rm h; echo x >&6; echo "$?"; }

# ---- processes and the system ---------------------------------------------------------------------

t_id() { id; id -u; id -g -n; whoami; groups; id -un nobody; logname 2>/dev/null || echo "no login"; }
t_uname() { uname -s; uname -m; uname -o; [ "$(uname -r)" = "$(cat /proc/sys/kernel/osrelease)" ] && echo release; [ -n "$(uname -v)" ] && echo version; arch; }
t_hostname() { old=$(hostname); hostname box; hostname; uname -n; cat /proc/sys/kernel/hostname; echo proc > /proc/sys/kernel/hostname; hostname; hostname "$old"; }
t_unshare_uts() { old=$(hostname); hostname outer; unshare -u sh -c 'hostname; hostname inner; hostname'; hostname; unshare -u sh -c 'readlink /proc/self/ns/uts' > a; readlink /proc/self/ns/uts > b; cmp -s a b || echo "another namespace"; hostname "$old"; }
t_nsenter_uts() { unshare -u sh -c 'hostname inside; touch ready; sleep 20' & while [ ! -e ready ]; do sleep 0.05; done; nsenter -t $! -u hostname; kill $!; wait $! 2> /dev/null; echo "$?"; }
t_env() { env -i A=1 B='2 3' env | sort; X=5 env | grep '^X='; env -u HOME sh -c 'echo ${HOME-unset}'; env -i sh -c 'echo $PWD' | sed "s|$WORK||"; }
t_ps() { ps -o pid,ppid,stat,comm | head -n 1 | tr -s ' '; sleep 9 & sleep 0.1; ps -o pid,args | grep '[s]leep 9' | awk '{ print $2, $3 }'; ps -o pid,ppid | awk -v p=$! '$1 == p { print "child" }'; kill $!; wait; }
t_pidof() { sleep 11 & sleep 0.1; [ "$(pidof sleep | tr ' ' '\n' | grep -c "^$!$")" = 1 ] && echo found; killall sleep; wait $!; echo "$?"; pidof nonexistent_program; echo "$?"; }
t_kill() { sleep 30 & kill -TERM $!; wait $! 2> /dev/null; echo "$?"; sleep 30 & kill -9 $!; wait $! 2> /dev/null; echo "$?"; sh -c 'kill -STOP $$; echo resumed' & sleep 0.2; kill -CONT $!; wait $! 2> /dev/null; echo "$?"; }
t_timeout() { timeout 1 sleep 30; echo "$?"; timeout 5 true; echo "$?"; timeout -s KILL 1 sleep 30; echo "$?"; timeout 5 sh -c 'exit 7'; echo "$?"; }
t_sleep() { sleep 0; sleep 0.1; echo "$?"; usleep 1000; echo "$?"; sleep x 2>/dev/null; echo "$?"; }
t_date() { export TZ=UTC0; date -d @0; date -d '2000-02-29 12:34:56' '+%Y %m %d %H %M %S %j %a %b'; date -u -d @1000000000 '+%F %T %s'; TZ=EST5EDT date -d @1000000000 +%H:%M; date -d '2001-01-01 00:00' +%s; [ "$(date +%s)" -gt 0 ] && echo clock; }
t_time() { time true 2>&1 | awk '{ print $1 }'; { time sleep 0.1; } 2>&1 | grep -c real; }
t_ignored_hangup() { (trap "" HUP; kill -HUP $(exec sh -c 'echo $PPID'); echo survived); sh -c 'trap "" HUP; sh -c "kill -HUP \$\$; echo inherited"'; }
t_renice() { nice_of() { cut -d " " -f 19 /proc/self/stat; }; nice_of; (renice -n 5 -p $(exec sh -c 'echo $PPID') 2>/dev/null; nice_of); sleep 9 & renice 7 $! 2>/dev/null; cut -d " " -f 19 /proc/$!/stat; kill $!; }
t_setsid() { setsid sh -c 'cut -d " " -f 1,6 /proc/self/stat | awk "{ print NF }"'; setsid sh -c 'echo x > /dev/tty' 2>/dev/null; echo "$?"; }
t_chroot() { mkdir -p r/bin; cp /bin/busybox r/bin/; ln -s busybox r/bin/sh; echo inside > r/file; chroot r /bin/sh -c 'cat() { while read -r l; do echo "$l"; done; }; cat < /file; cd /; pwd; echo /*'; }
t_mount() {
	mkdir m; mount -t tmpfs -o size=1m none m; echo x > m/f; ls m; grep -c " $PWD/m tmpfs " /proc/mounts; mountpoint_of m
	dd if=/dev/zero of=m/big bs=1024 count=2000 2>/dev/null; echo "$?"; stat -c %s m/big; umount m; ls m | wc -l; umount m 2>/dev/null; echo "$?"
}
mountpoint_of() { [ "$(stat -c %d $1)" != "$(stat -c %d .)" ] && echo "another file system"; }
t_mount_bind() { mkdir a b; echo x > a/f; mount -o bind a b; cat b/f; echo y > b/g; umount b; ls a b; }
t_mount_ro() { mkdir m; mount -t tmpfs none m; echo x > m/f; mount -o remount,ro m; echo y > m/f 2>/dev/null; echo "$?"; cat m/f; mount -o remount,rw m; echo z > m/f; cat m/f; umount m; }
t_mount_proc() { mkdir p; mount -t proc none p; [ -d p/self ] && echo self; cat p/sys/kernel/ostype; umount p; ls p | wc -l; }
t_proc_self() { readlink /proc/self/exe; readlink /proc/self/cwd | sed "s|$WORK||"; tr '\0' ' ' < /proc/self/cmdline; echo; grep -c . /proc/self/status | awk '{ print ($1 > 20) }'; grep '^Name' /proc/self/status; cat /proc/self/comm; ls /proc/self/fd | wc -w; }
t_proc_maps() { grep -c '\[stack\]' /proc/self/maps; awk '{ print NF }' /proc/self/statm; cut -d ' ' -f 2,3 /proc/self/stat; ls /proc/self/task | wc -l; ls -d /proc/1 /proc/self/ns; }
t_proc_system() { grep -c '^processor' /proc/cpuinfo | awk '{ print ($1 >= 1) }'; grep -E '^(MemTotal|MemFree)' /proc/meminfo | awk '{ print $1, $3 }'; awk '{ print NF }' /proc/uptime /proc/loadavg; head -n 1 /proc/stat | cut -d ' ' -f 1; grep -w tmpfs /proc/filesystems | tr -d '\t'; cut -d ' ' -f 1 /proc/version; }
t_free() { free | awk 'NR == 1 { print $1, $2 } NR == 2 { print $1, ($2 > 0) }'; uptime | sed 's/[0-9.:]*//g' | tr -s ' ,' | cut -c 1-8; nproc | awk '{ print ($1 >= 1) }'; }
t_devices() { head -c 3 /dev/zero | od -c | head -n 1; echo x > /dev/null; cat /dev/null | wc -c; echo x 2>/dev/null > /dev/full; echo "$?"; head -c 16 /dev/urandom | wc -c; head -c 8 /dev/random | wc -c; stat -c '%t:%T' /dev/null /dev/zero /dev/tty; }
t_stty() { tty < /dev/null; echo "$?"; old=$(stty -g < /dev/tty); stty -echo < /dev/tty 2>/dev/null; stty -a < /dev/tty | grep -o -e '-echo ' ; stty "$old" < /dev/tty 2>/dev/null; stty -a < /dev/tty | grep -o -w -e 'icanon' -e 'isig' -e 'onlcr' -e 'intr = ^C'; stty rows 30 cols 90 < /dev/tty; stty size < /dev/tty; }
t_sysctl() { sysctl -n kernel.ostype; sysctl kernel.hostname | cut -d = -f 1; sysctl -n nonexistent.key 2>/dev/null; echo "$?"; }
t_logging() { dmesg > /dev/null; echo "$?"; sync; echo "$?"; true; false; echo "$?"; yes no | head -n 1; clear | od -c | head -n 1 | cut -c 1-12; }
t_watch_run_parts() { mkdir d; printf '#!/bin/sh\necho part $1\n' > d/a; cp d/a d/b; chmod +x d/a; run-parts -a arg d; }
t_scripts() { printf '#!/bin/sh\necho "script $0 $*"\n' > s; chmod +x s; ./s a b; printf '#!/bin/cat\nshown\n' > c; chmod +x c; ./c; printf 'echo no shebang\n' > n; chmod +x n; ./n; printf '#!/nonexistent\n' > b; chmod +x b; ./b 2>/dev/null; echo "$?"; PATH=$PWD:$PATH; s c; }
t_exec_args() { sh -c 'echo $# "$1" "$2"' name 'a b' ''; x=$(seq 5000); sh -c 'echo $#' n $x; /bin/busybox echo applet; busybox sh -c 'echo $0'; busybox nonexistent 2>/dev/null; echo "$?"; }
t_start_stop() { start-stop-daemon -S -b -m -p pid -x /bin/sleep -- 20; sleep 0.2; kill -0 $(cat pid) && echo runs; start-stop-daemon -K -p pid > /dev/null; sleep 0.2; kill -0 $(cat pid) 2>/dev/null || echo stopped; }
t_dir_stack() { mkdir -p x/y; (cd x; rmdir y; mkdir z; cd z; rmdir ../z; pwd | sed 's|.*/||'; ls | wc -l; touch f 2>/dev/null; echo "$?"); }
t_signals_many() { n=0; trap 'n=$((n + 1))' USR1; i=0; while [ $i -lt 50 ]; do kill -USR1 $$; i=$((i + 1)); done; echo "$n"; trap - USR1; }
t_fork_many() { i=0; while [ $i -lt 200 ]; do (exit $((i % 7))) || s=$((s + $?)); i=$((i + 1)); done; echo "$s"; for i in 1 2 3 4 5 6 7 8; do echo $i & done | sort; wait; }
t_orphans() { (sh -c 'sleep 0.3; echo "orphan ends" > left' &); [ -e left ] || echo "parent first"; while [ ! -s left ]; do sleep 0.1; done; cat left; }
t_pipe_edges() { yes | head -n 1; (yes; echo "yes $?" >&2) 2>status | head -n 1; cat status; sh -c 'sleep 0.2; cat' < /dev/null; echo x | (sleep 0.2; cat); seq 30000 | (read -r a; cat > /dev/null; echo $a); }
t_coprocess() { mkfifo in out; (while read -r l; do echo "re $l"; done < in > out) & exec 7> in 8< out; echo one >&7; read -r a <&8; echo two >&7; read -r b <&8; exec 7>&- 8<&-; wait; echo "$a $b"; }

# ---- running them ---------------------------------------------------------------------------------

# All step names, in the order in which they stand here.
steps() { sed -n 's/^t_\([a-z0-9_]*\)() {.*/\1/p' "$SELF"; }

# One step in a directory and a shell of its own.
run_step() {
	rm -rf "$WORK/$1"; mkdir -p "$WORK/$1"
	cd "$WORK/$1" || exit 1
	WORK=$WORK/$1
	"t_$1" 2>&1
	cd /; rm -rf "$WORK"
}

export LC_ALL=C HOME=/ PATH=/bin:/sbin:/usr/bin:/usr/sbin
if [ $# -gt 0 ]; then
	run_step "$1"
	exit
fi
echo "# transcript begins"
n=0
for step in $(steps); do
	n=$((n + 1))
	echo "## $n $step"
	timeout -s KILL $LIMIT sh "$SELF" "$step" < /dev/null
	[ $? -lt 128 ] || echo "killed at its limit, or by a signal"
done
echo "# transcript ends"
