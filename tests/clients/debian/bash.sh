#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's bash: its own constructs, and job control under a pty that util-linux's script makes.
. "${0%/*}/steps"

t_version() { echo "${BASH_VERSINFO[0]}"; echo "$BASHPID" | no_numbers; [ "$$" = "$BASHPID" ] && echo same; }

t_arrays() {
	a=(one two 'three four'); a+=(five); echo "${#a[@]} ${a[2]} ${a[-1]} ${!a[*]}"
	declare -A m=([x]=1 [y]=2); m[z]=3; for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done | sort
	unset 'a[1]'; echo "${!a[@]}"; mapfile -t l < <(seq 3); echo "${l[*]}"; echo "${a[@]:1:2}" "${a[@]/o/0}"
}

t_expansion() {
	echo {a..e} {1..10..3} {x,y}{1,2} ${RANDOM:+random} $'tab\there' ; v=Hello; echo "${v,,} ${v^^} ${v~} ${v@Q} ${v:1:3}"
	n=v; echo "${!n}"; shopt -s nullglob; echo no*such; touch a.c b.h c.o; echo !(*.o) ; printf -v x '%03d' 7; echo "$x"
	[[ foobar =~ (o+)(b.*) ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"; echo $((2#1010 + 16#ff)) "$(( 5 ** 3 % 7 ))"
}

t_process_substitution() {
	diff <(seq 3) <(seq 4); echo "$?"; cat <(echo a) <(echo b); tee >(tr a-z A-Z > up) <<< text; wait_until [ -s up ]; cat up
	paste <(seq 3) <(seq 4 6); while read -r x; do s+=$x; done < <(printf '1\n2\n'); echo "$s"
}

t_here_strings() { cat <<< "string $((1 + 1))"; read -r a b <<< "x y z"; echo "$b|$a"; wc -c <<< ''; big=$(printf '%070000d' 1); wc -c <<< "$big"; }

t_coproc() { coproc C { while read -r l; do echo "got $l"; done; }; echo hello >&"${C[1]}"; read -r a <&"${C[0]}"; echo "$a"; exec {C[1]}>&-; wait "$C_PID"; echo "$?"; }

t_redirections() {
	exec {fd}> f; echo x >&$fd; exec {fd}>&-; cat f; echo e |& cat; { echo o; echo e >&2; } &> both; cat both; exec 3<> rw; echo data >&3; cat rw
	ls /nonexistent 2>&1 >/dev/null | sed 's/.*: //'; (set -C; : > f) 2>&1 | sed 's/.*: //'; cat < nothing 2>/dev/null; echo "$?"
	exec 9> /dev/tcp/nothing 2>/dev/null; echo "$?"
}

t_traps() {
	trap 'echo "ERR $?"' ERR; false; trap - ERR; trap 'echo exit' EXIT; (trap 'echo sub' EXIT); trap 'echo usr1' USR1; kill -USR1 $$
	f() { trap 'echo return' RETURN; :; }; f; trap 'echo "int"; trap - INT' INT; kill -INT $$; trap -p USR1
	bash -c 'trap "echo term; exit 3" TERM; kill $$; echo no'; echo "$?"; set +m; trap 'echo chld' CHLD; (exit 1) & wait; trap - CHLD
}

t_wait() {
	(exit 3) & a=$!; (exit 4) & b=$!; wait $b; echo "$?"; wait $a; echo "$?"; (sleep 0.2; exit 5) & wait -n; echo "$?"
	sleep 9 & p=$!; kill $p; wait $p; echo "$?"; wait 1 2>&1 | sed 's/.*: //' | no_numbers; sleep 0.1 & wait -p v -n; [ "$v" = $! ] && echo which
	trap 'echo usr2' USR2; (sleep 0.2; kill -USR2 $$) & wait; echo "$?"
}

t_pipes() {
	false | true | (exit 3); echo "${PIPESTATUS[*]}"; set -o pipefail; false | true; echo "$?"; yes | head -n 2; shopt -s lastpipe; echo v | read -r x; echo "$x"
	seq 100000 | tail -n 1; echo a | cat | cat | cat | cat | cat
}

t_time_times() { TIMEFORMAT='%R'; { time sleep 0.1; } 2>&1 | awk '{ print ($1 >= 0.1 && $1 < 5) }'; times | wc -l; printf '%(%Y)T\n' 0; [ "$EPOCHSECONDS" -gt 0 ] && echo clock; [ $SECONDS -lt 30 ] && echo seconds; }

t_ulimit() { ulimit -n 100; ulimit -Sn 50; ulimit -n; ulimit -Hn; (ulimit -n 200) 2>&1 | sed 's/.*: //'; ulimit -c; ulimit -a | wc -l; ulimit -s; ulimit -u 100; ulimit -u; ulimit -v 1000000; ulimit -v; }

t_fork_limit() { su -s /bin/bash nobody -c 'ulimit -u 3; (sleep 0.5 & sleep 0.5 & sleep 0.5 & sleep 0.5 & wait) 2>&1' | grep -o 'Resource temporarily unavailable' | head -n 1; }

t_exec_scripts() { printf '#!/bin/bash -e\nfalse\necho no\n' > s; chmod +x s; ./s; echo "$?"; printf 'echo $0 $#\n' > n; chmod +x n; ./n a; exec -a name bash -c 'echo $0'; }

t_functions() { f() { local -n r=$1; r=set; }; f out; echo "$out"; export -f f; bash -c 'f x; echo $x'; g() { echo "${FUNCNAME[*]}"; }; h() { g; }; h; declare -F f; r() { (($1)) && r $(($1 - 1)) || echo bottom; }; r 500; }

t_select_getopts() { printf '2\n' | (select w in a b c; do echo "$w"; break; done) 2>/dev/null; while getopts xy: o -x -y v; do echo "$o $OPTARG"; done; }

t_read() { read -t 0.1 x < <(sleep 1); echo "$(($? > 128))"; printf 'abc' | { read -n 2 x; echo "$x"; }; printf 'a\0b\0' | { read -d '' x; read -d '' y; echo "$x$y"; }; read -N 3 x <<< abcdef; echo "$x"; IFS=, read -ra l <<< a,b,c; echo "${#l[@]}"; }

t_many_children() { for i in {1..60}; do (exit $((i % 5))) & done; wait; echo done; for i in {1..30}; do x=$(echo $i); done; echo "$x"; }

# ---- under a terminal -----------------------------------------------------------------------------

# Feed the lines of stdin to an interactive bash under a pty, one after the other's prompt; print what it writes.
terminal() {
	cat > rc <<-'END'
		PS1='$ ' PS2='> '; bind 'set enable-bracketed-paste off'; HISTFILE=
	END
	python3 "${SELF%/*}/typist.py" bash --rcfile rc -i | sed -E 's/\[([0-9]+)\] [0-9]+/[\1] PID/; s/\(wd: [^)]*\)//; s/^(\[[0-9]\])[+ -] (.*Killed)/\1 \2/; s/ +$//'
}

t_pty_basic() { terminal <<-'END'
	echo $- | tr -d -c im
	tty | tr -d 0-9
	stty size; stty rows 40 cols 100; stty size
	test -t 0 && test -t 1 && test -t 2 && echo terminals
	echo $COLUMNS $LINES
	ps -o stat= -p $$ | tr -d +
	stty -a | head -n 1
	exit 3
	END
}

t_pty_jobs() { terminal <<-'END'
	sleep 100 &
	jobs
	sleep 200 &
	jobs
	kill %1; wait %1
	jobs
	fg %2
	^Z
	jobs
	bg
	jobs
	fg
	^C
	echo "status $?"
	jobs
	exit
	END
}

t_pty_stop() { terminal <<-'END'
	cat
	one line
	^Z
	jobs
	fg
	another
	^D
	echo "status $?"
	cat > f & sleep 0.2
	jobs
	kill %1; sleep 0.2
	sh -c 'kill -STOP $$; echo resumed'
	fg
	(sleep 0.4; echo background) &
	wait
	exit
	END
}

t_pty_signals() { terminal <<-'END'
	sleep 50
	^C
	echo $?
	sleep 50
	^\
	echo $?
	trap 'echo trapped' INT
	^C
	sleep 50 | cat
	^Z
	jobs
	kill -9 %1; sleep 0.2
	jobs
	stty tostop; (echo stopped) & sleep 0.3
	jobs
	stty -tostop; fg
	suspend 2>&1 | sed 's/.*: //'
	exit
	END
}

t_pty_groups() { terminal <<-'END'
	sleep 30 | sleep 30 &
	ps -o pgid= -C sleep | sort -u | wc -l
	[ $(ps -o tpgid= -p $$) = $$ ] || echo foreground of another
	ps -o sid= -C sleep | sort -u | tr -d ' ' | grep -c "^$(ps -o sid= -p $$ | tr -d ' ')$"
	kill %1; sleep 0.3
	wait
	set +m; sleep 30 & ps -o pgid= -p $! | grep -c -w $$
	kill $!; wait $!
	setsid sh -c 'echo x > /dev/tty' 2>&1 | sed 's/.*: //'
	exit
	END
}

t_pty_hangup() {
	python3 "${SELF%/*}/typist.py" --hangup bash -c 'trap "echo hup > got; exit" HUP; trap - CONT; echo ready; while :; do sleep 0.1; done' < /dev/null
	wait_until [ -s got ]; cat got
}

t_script() {
	mkfifo open; exec 0<> open	# at the end of its input script would type ^D
	script -q -c 'tty | tr -d 0-9; stty -a | grep -o -w "onlcr"; echo typed' log; grep -c typed log; script -q -e -c 'exit 4' /dev/null; echo "$?"
	script -q -c 'stty raw; stty -a | grep -o -e "-icanon"; stty sane; stty -a | grep -o -w icanon' /dev/null
}

run_steps "$@"
