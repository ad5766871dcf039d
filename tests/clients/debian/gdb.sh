#!/bin/bash
# SPDX-License-Identifier: MIT
# Debian's gdb on programs/forker.c: breakpoints in a child and in a thread, steps, watches, signals, catches, attaching.
. "${0%/*}/steps"
LIMIT=60
program=${0%/*}/forker
export DEBUGINFOD_URLS=

# Commands on stdin; addresses, pids and what depends on the host's version out.
debug() { cat > commands; gdb -nx -q -batch -ex 'set pagination off' -ex 'set width 0' -ex 'set confirm off' -ex 'set print frame-arguments all' -x commands "$@" 2>&1 < /dev/null | alike; }
alike() { sed -E 's/0x[0-9a-f]{4,}/ADDR/g; s/(process|LWP|Process|Thread|inferior [0-9]+ \(process) [0-9]+/\1 N/g; s/Thread ADDR \(LWP N\)/THREAD/g; /^warning: .*(libthread_db|vdso|debuginfo)/d; /No such file or directory\.$/d; /^Using host libthread_db/d; /^\[Thread debugging/d; /^\[(New )?Thread .*\]$/d; /^\[(New )?THREAD/d; s/at .*forker.c:/at forker.c:/; s/file .*forker.c/file forker.c/; s/in tests.*forker.c/in forker.c/; s/^([0-9]+)\t.*forker.c.*/\1/; s/ +$//; s/  +/ /g; /AT_SYSINFO_EHDR|AT_MINSIGSTKSZ/d; /^$/d'; }

t_child() { debug --args "$program" <<-'END'
	set follow-fork-mode child
	break child_work if depth == 0
	run
	backtrace
	print depth
	info inferiors
	finish
	continue
	END
}
t_both() { debug --args "$program" <<-'END'
	set detach-on-fork off
	set schedule-multiple off
	break child_work
	run
	info inferiors
	inferior 2
	continue
	backtrace 1
	delete
	continue
	inferior 1
	continue
	END
}
t_thread() { debug --args "$program" <<-'END'
	break thread_work
	run
	info threads
	print *(int *)arg
	thread apply all backtrace 1
	next
	print watched
	delete
	continue
	END
}
t_steps() { debug --args "$program" <<-'END'
	break with_signal
	run
	next
	next
	step
	stepi
	nexti
	info registers rip eflags
	print $pc == $rip
	until
	print pair
	set variable pair.a = 99
	print real * 2
	call child_work(2)
	print (int)getpid() > 0
	continue
	END
}
t_watch() { debug --args "$program" <<-'END'
	break with_signal
	run
	watch watched
	continue
	continue
	info watchpoints
	delete
	hbreak with_thread
	continue
	rwatch watched
	continue
	delete
	continue
	END
}
t_signals() { debug --args "$program" <<-'END'
	handle SIGUSR1 stop print pass
	run
	print $_siginfo.si_signo
	backtrace 1
	signal 0
	END
	debug --args "$program" crash <<-'END'
	run
	print $_siginfo._sifields._sigfault.si_addr
	info registers rip
	print watched
	kill
	END
	debug --args "$program" <<-'END'
	break on_signal
	run
	backtrace 3
	up
	finish
	END
}
t_catch() { debug --args "$program" <<-'END'
	catch fork
	catch syscall exit_group
	run
	continue
	END
	debug --args "$program" exec <<-'END'
	catch exec
	run
	info inferiors
	continue
	END
	debug --args "$program" <<-'END'
	catch syscall wait4
	run
	continue
	delete
	continue
	END
}
t_attach() { "$program" wait & p=$!; wait_until in_state $p S; debug -p $p <<-'END' | grep -v -e '^Reading' -e '^\[New' | tail -n 6
	print watched
	set variable watched = 5
	print watched
	info program
	detach
	END
	in_state $p S && echo "runs again"; grep TracerPid /proc/$p/status; debug -p $p <<-'END' | tail -n 2
	kill
	END
	wait $p; echo "$?"
}
t_registers() { debug --args "$program" <<-'END'
	break child_work
	set follow-fork-mode child
	run
	print $rdi < 1000
	set $rdi = 1
	print $mxcsr
	print $st0
	print $xmm0.v4_int32[0] * 0
	print $fctrl
	print $ymm0.v8_int32[7] * 0
	set $xmm1.v4_int32[0] = 77
	print $xmm1.v4_int32[0]
	print $fs_base != 0
	print $orig_rax
	info auxv
	info proc cwd
	info proc exe
	x/2i $pc
	END
}
t_scripts() { debug --args "$program" <<-'END'
	python
	import gdb
	class Count(gdb.Breakpoint):
	    hits = 0
	    def stop(self):
	        Count.hits += 1
	        return False
	Count("child_work")
	gdb.execute("set follow-fork-mode child")
	gdb.execute("run")
	print("hits", Count.hits)
	end
	tbreak main
	run
	info breakpoints
	generate-core-file core
	kill
	END
	[ -s core ] && debug "$program" core <<-'END' | tail -n 2
	backtrace
	END
}

run_steps "$@"
