# SPDX-License-Identifier: MIT
"""Steps for python.sh: `python_client.py NAME` runs one function, which prints what is the same on every kernel."""
import array
import asyncio
import concurrent.futures
import ctypes
import errno
import fcntl
import json
import mmap
import multiprocessing
import os
import pty
import queue
import random
import resource
import select
import selectors
import shutil
import signal
import socket
import socketserver
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import zlib


def basics():
    print(sys.version_info[:2], sys.platform, os.sep, sys.byteorder, sum(range(1000)), hash("x") == hash("x"))
    random.seed(1)
    print(random.randint(0, 1000), json.dumps({"a": [1, 2.5, None]}), zlib.crc32(b"data"), 2 ** 100)
    print(os.uname().sysname, os.cpu_count(), len(os.urandom(16)), time.time() > 1e9, time.monotonic() > 0)
    print(struct.calcsize("l"), ctypes.sizeof(ctypes.c_long), ctypes.CDLL(None).getpid() == os.getpid())


def threads():
    results, lock = [], threading.Lock()

    def work(n):
        total = sum(range(n * 1000))
        with lock:
            results.append((n, total))
    workers = [threading.Thread(target=work, args=(n,)) for n in range(10)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sorted(results), threading.active_count())
    local, seen = threading.local(), []

    def locals_(n):
        local.value = n
        time.sleep(0.01)
        seen.append(local.value == n)
    for worker in [threading.Thread(target=locals_, args=(n,)) for n in range(5)]:
        worker.start()
        worker.join()
    print(seen, len(os.listdir("/proc/self/task")), threading.get_native_id() == os.getpid())


def synchronisation():
    event, barrier, semaphore, condition = threading.Event(), threading.Barrier(3), threading.Semaphore(2), threading.Condition()
    order, ready = queue.Queue(), []

    def waiter(n):
        barrier.wait()
        event.wait()
        with semaphore:
            order.put(n)
        with condition:
            condition.wait_for(lambda: ready)
    workers = [threading.Thread(target=waiter, args=(n,)) for n in range(2)]
    for worker in workers:
        worker.start()
    barrier.wait()
    print("timeout", event.wait(0.05))
    event.set()
    with condition:
        ready.append(1)
        condition.notify_all()
    for worker in workers:
        worker.join()
    print(sorted(order.get() for _ in range(2)))
    timer = threading.Timer(0.05, lambda: print("timer"))
    timer.start()
    timer.join()


def executors():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        print(list(pool.map(lambda n: n * n, range(8))))
        failing = pool.submit(lambda: 1 / 0)
        print(type(failing.exception()).__name__)
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print(list(pool.map(abs, [-1, -2, 3])))


def subprocesses():
    done = subprocess.run(["sh", "-c", "echo out; echo err >&2; exit 3"], capture_output=True, text=True)
    print(done.returncode, repr(done.stdout), repr(done.stderr))
    print(subprocess.run(["cat"], input=b"x" * 200000, capture_output=True).stdout.count(b"x"))
    print(subprocess.run(["sh", "-c", "kill -9 $$"]).returncode)
    try:
        subprocess.run(["sleep", "9"], timeout=0.2)
    except subprocess.TimeoutExpired:
        print("timeout")
    first = subprocess.Popen(["seq", "1000"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["wc", "-l"], stdin=first.stdout, stdout=subprocess.PIPE)
    first.stdout.close()
    print(second.communicate()[0].strip(), first.wait())
    for bad in (["/nonexistent"], ["/"]):
        try:
            subprocess.Popen(bad)
        except OSError as error:
            print(errno.errorcode[error.errno])
    print(subprocess.run(["pwd"], cwd="/usr", env={"A": "b", "PATH": os.environ["PATH"]}, capture_output=True).stdout)
    print(subprocess.run(["sh", "-c", "ps -o sid= -p $$"], start_new_session=True, capture_output=True).stdout.strip() != str(os.getsid(0)).encode())
    print(subprocess.check_output("echo shell $((1+1))", shell=True, preexec_fn=lambda: os.umask(0o77)))
    print(subprocess.Popen(["true"], user=65534, group=65534, extra_groups=[]).wait(), subprocess.Popen(["true"], process_group=0).wait())


def spawns():
    pid = os.posix_spawn("/usr/bin/true", ["true"], os.environ)
    print(os.waitpid(pid, 0)[1])
    read, write = os.pipe()
    actions = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_CLOSE, read)]
    pid = os.posix_spawnp("echo", ["echo", "spawned"], os.environ, file_actions=actions, setsigmask=[signal.SIGUSR1], setpgroup=0)
    os.close(write)
    print(os.read(read, 100), os.waitpid(pid, 0)[1])
    pid = os.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-c", "exit 7"])
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    print(os.system("exit 5") >> 8, os.spawnlp(os.P_WAIT, "true", "true"))
    pid, status, usage = os.wait4(os.spawnlp(os.P_NOWAIT, "true", "true"), 0)
    print(status, usage.ru_maxrss > 0, usage.ru_minflt > 0)
    child = os.fork()
    if child == 0:
        os._exit(9)
    result = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    print(result.si_status, result.si_code == os.CLD_EXITED, os.waitpid(child, 0)[1] >> 8)
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        print("no children")


def pidfds():
    child = os.fork()
    if child == 0:
        signal.pause()
    fd = os.pidfd_open(child)
    print(select.select([fd], [], [], 0.05)[0])
    signal.pidfd_send_signal(fd, signal.SIGTERM)
    print(bool(select.select([fd], [], [], 5)[0]), os.waitid(os.P_PIDFD, fd, os.WEXITED).si_status)
    try:
        signal.pidfd_send_signal(fd, 0)
    except ProcessLookupError:
        print("gone")


def signals():
    got = []
    signal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    print(got, signal.getsignal(signal.SIGINT) is signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2})
    os.kill(os.getpid(), signal.SIGUSR2)
    print(signal.sigpending(), signal.sigwait({signal.SIGUSR2}))
    print(signal.sigtimedwait({signal.SIGUSR2}, 0.05))
    signal.signal(signal.SIGALRM, lambda number, frame: got.append("alarm"))
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    while got.count("alarm") < 3:
        signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(got[-1], signal.getitimer(signal.ITIMER_REAL))
    try:
        signal.signal(signal.SIGALRM, lambda number, frame: 1 / 0)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        time.sleep(5)
    except ZeroDivisionError:
        print("interrupted")
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    os.kill(os.getpid(), signal.SIGUSR1)
    print(os.read(wake_read, 10) == bytes([signal.SIGUSR1]), signal.siginterrupt(signal.SIGUSR1, False))
    signal.set_wakeup_fd(-1)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
    except KeyboardInterrupt:
        print("keyboard")
    print(signal.strsignal(11), len(signal.valid_signals()))


def pipes():
    read, write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        os.read(read, 1)
    except BlockingIOError:
        print("again")
    print(os.write(write, b"x" * 100000), fcntl.fcntl(write, 1032))
    print(fcntl.fcntl(write, 1031, 4096 * 32), os.write(write, b"y" * 100000))
    print(array.array("i", fcntl.ioctl(read, termios.FIONREAD, b"\0" * 4))[0])
    os.close(read)
    try:
        os.write(write, b"z")
    except BrokenPipeError:
        print("broken")
    os.mkfifo("fifo")
    thread = threading.Thread(target=lambda: print(open("fifo").read()))
    thread.start()
    with open("fifo", "w") as fifo:
        fifo.write("through")
    thread.join()
    a, b = os.pipe()
    c, d = os.pipe()
    os.write(b, b"spliced")
    print(os.splice(a, d, 7), os.read(c, 7))


def sockets_unix():
    server = socket.socket(socket.AF_UNIX)
    server.bind("path")
    server.listen(5)
    print(stat.S_ISSOCK(os.stat("path").st_mode), server.getsockname())

    def serve():
        for _ in range(3):
            peer, _ = server.accept()
            with peer:
                data = peer.recv(100)
                peer.sendall(data.upper())
                credentials = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
                order.append(credentials[0] == os.getpid() and credentials[1:] == (0, 0))
    order = []
    thread = threading.Thread(target=serve)
    thread.start()
    for n in range(3):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect("path")
            client.sendall(b"hello %d" % n)
            print(client.recv(100), client.getpeername())
    thread.join()
    print(order)
    server.close()
    with socket.socket(socket.AF_UNIX) as client:
        for path in ("path", "nothing", "\0abstract"):
            try:
                client.connect(path)
            except OSError as error:
                print(errno.errorcode[error.errno])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as two:
        one.bind("\0abstract-name")
        two.bind("two")
        two.sendto(b"datagram", "\0abstract-name")
        print(one.recvfrom(100))
        try:
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).bind("two")
        except OSError as error:
            print(errno.errorcode[error.errno])


def socket_messages():
    left, right = socket.socketpair()
    with open("passed", "w+") as file:
        socket.send_fds(left, [b"fds"], [file.fileno(), 0])
        file.write("content")
    data, fds, flags, _ = socket.recv_fds(right, 100, 5)
    print(data, len(fds), flags, os.fstat(fds[0]).st_ino == os.stat("passed").st_ino, os.pread(fds[0], 100, 0))
    right.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    left.send(b"c")
    data, control, flags, _ = right.recvmsg(10, socket.CMSG_SPACE(12))
    print(data, control[0][:2], struct.unpack("3i", control[0][2]) == (os.getpid(), 0, 0))
    right.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    left.settimeout(0.05)
    try:
        left.recv(1)
    except TimeoutError:
        print("timeout")
    left.sendall(b"peeked")
    print(right.recv(3, socket.MSG_PEEK), right.recv(10, socket.MSG_DONTWAIT), left.shutdown(socket.SHUT_WR), right.recv(1))
    one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    one.send(b"first")
    one.send(b"second message")
    print(two.recv(3), two.recv(100), one.type == socket.SOCK_SEQPACKET)
    two.close()
    try:
        one.send(b"x")
    except BrokenPipeError:
        print("broken")
    buffer = [bytearray(2), bytearray(10)]
    left, right = socket.socketpair()
    left.sendmsg([b"ab", b"cdef"])
    print(right.recvmsg_into(buffer)[0], buffer[0], bytes(buffer[1][:4]), left.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE), left.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line[::-1].strip() + b"\n")


def socket_server():
    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True
    with Server("socket", Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        clients = [socket.socket(socket.AF_UNIX) for _ in range(5)]
        for n, client in enumerate(clients):
            client.connect("socket")
            client.sendall(b"message %d\n" % n)
        print([client.recv(100) for client in clients])
        for client in clients:
            client.close()
        server.shutdown()
        thread.join()


def waiting():
    read, write = os.pipe()
    poll = select.poll()
    poll.register(read, select.POLLIN)
    print(poll.poll(20))
    os.write(write, b"x")
    print([event for _, event in poll.poll(1000)], bool(select.select([read], [write], [], 0)[0]))
    with select.epoll() as epoll:
        epoll.register(read, select.EPOLLIN | select.EPOLLET)
        print(len(epoll.poll(1)), len(epoll.poll(0.05)))
        os.write(write, b"y")
        print(len(epoll.poll(1)))
        try:
            epoll.register(read, select.EPOLLIN)
        except FileExistsError:
            print("exists")
    with selectors.DefaultSelector() as selector:
        selector.register(read, selectors.EVENT_READ, "data")
        print([key.data for key, _ in selector.select(1)], type(selector).__name__)
    os.close(write)
    print([event for _, event in poll.poll(0)])


def asynchronous():
    async def main():
        process = await asyncio.create_subprocess_exec("cat", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        out, _ = await process.communicate(b"async\n")
        print(out, process.returncode)
        print(await asyncio.gather(*(asyncio.sleep(0.01 * n, n) for n in range(3))))

        async def serve(reader, writer):
            writer.write((await reader.readline()).upper())
            await writer.drain()
            writer.close()
        server = await asyncio.start_unix_server(serve, "asocket")
        reader, writer = await asyncio.open_unix_connection("asocket")
        writer.write(b"line\n")
        print(await reader.readline())
        writer.close()
        server.close()
        try:
            await asyncio.wait_for(asyncio.sleep(9), 0.05)
        except asyncio.TimeoutError:
            print("timeout")
        print(await asyncio.get_running_loop().run_in_executor(None, lambda: "executor"))
        loop, done = asyncio.get_running_loop(), asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, done.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        await done.wait()
        print("signal")
    asyncio.run(main())


def square(n):
    return n * n


def child_of(connection, value, lock):
    with lock:
        value.value += 1
    connection.send([value.value, os.getppid() == connection.recv()])


def processes():
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        ours, theirs = context.Pipe()
        value, lock = context.Value("i", 41), context.Lock()
        process = context.Process(target=child_of, args=(theirs, value, lock))
        process.start()
        ours.send(os.getpid())
        print(method, ours.recv(), value.value)
        process.join()
        print(process.exitcode)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        print(pool.map(square, range(6)))
    process = multiprocessing.get_context("fork").Process(target=time.sleep, args=(9,))
    process.start()
    process.terminate()
    process.join()
    print(process.exitcode)


def files():
    with open("f", "w+b", buffering=0) as file:
        print(file.write(b"0123456789"), file.seek(3), file.read(3), os.pread(file.fileno(), 2, 8), os.pwrite(file.fileno(), b"XY", 1))
        print(os.readv(file.fileno(), [bytearray(2), bytearray(1)]), file.truncate(5), os.fstat(file.fileno()).st_size)
        os.posix_fallocate(file.fileno(), 0, 100)
        print(os.fstat(file.fileno()).st_size, os.lseek(file.fileno(), 0, os.SEEK_HOLE), os.fsync(file.fileno()), os.fdatasync(file.fileno()))
        print(fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE, fcntl.fcntl(file, fcntl.F_GETFD), os.get_inheritable(file.fileno()))
    with open("g", "wb") as out, open("f", "rb") as source:
        print(os.sendfile(out.fileno(), source.fileno(), 0, 50), os.copy_file_range(source.fileno(), out.fileno(), 20))
    os.rename("g", "h")
    os.link("h", "i")
    os.symlink("h", "l")
    print(os.stat("h").st_nlink, os.readlink("l"), sorted(os.listdir()), os.path.samefile("h", "l"))
    os.utime("h", ns=(1, 2 * 10 ** 9))
    os.chmod("h", 0o640)
    os.chown("h", 5, 6)
    status = os.stat("h")
    print(status.st_mtime_ns, oct(status.st_mode), status.st_uid, status.st_gid, os.access("h", os.W_OK), os.access("nothing", os.F_OK))
    os.setxattr("h", "user.name", b"v") if os.statvfs(".").f_bsize == 0 else None
    for call in (lambda: os.mkdir("f"), lambda: os.rmdir("f"), lambda: os.unlink("nothing"), lambda: os.rename("nothing", "x"),
                 lambda: os.open("f", os.O_DIRECTORY), lambda: os.open("l", os.O_NOFOLLOW), lambda: os.listdir("f"),
                 lambda: os.truncate("/proc/version", 0), lambda: os.symlink("a", "f"), lambda: os.close(99), lambda: os.dup2(99, 5)):
        try:
            call()
        except OSError as error:
            print(errno.errorcode[error.errno], end=" ")
    print()


def directories():
    os.makedirs("a/b/c")
    for name in ("a/1", "a/b/2", "a/b/c/3"):
        open(name, "w").close()
    print(sorted((root, sorted(folders), sorted(names)) for root, folders, names in os.walk("a")))
    with os.scandir("a") as entries:
        print(sorted((entry.name, entry.is_dir(), entry.is_file()) for entry in entries))
    directory = os.open("a", os.O_RDONLY)
    print(sorted(os.listdir(directory)), os.stat("1", dir_fd=directory).st_size, os.unlink("1", dir_fd=directory))
    shutil.copytree("a", "copy")
    shutil.rmtree("a")
    print(os.fstat(directory).st_nlink, os.listdir(directory), sorted(os.listdir("copy/b")))
    with tempfile.TemporaryDirectory() as temporary, tempfile.NamedTemporaryFile(dir=temporary) as file:
        print(len(os.listdir(temporary)), oct(os.stat(file.name).st_mode))
    with tempfile.TemporaryFile() as file:
        print(os.fstat(file.fileno()).st_nlink)
    os.chdir("copy")
    print(os.path.basename(os.getcwd()))
    for n in range(300):
        open(f"n{n}", "w").close()
    print(len(os.listdir()))


def mappings():
    with open("f", "w+b") as file:
        file.write(b"a" * 10000)
        file.flush()
        with mmap.mmap(file.fileno(), 10000) as shared, mmap.mmap(file.fileno(), 10000, flags=mmap.MAP_PRIVATE) as private:
            shared[0:5] = b"share"
            private[5:10] = b"privy"
            shared.flush()
            print(open("f", "rb").read(12), private[0:12], shared.find(b"e"))
            shared.madvise(mmap.MADV_DONTNEED)
            shared.move(100, 0, 5)
            print(shared[100:105])
            shared.resize(20000)
            print(os.fstat(file.fileno()).st_size, len(shared))
    with mmap.mmap(-1, 8192) as anonymous:
        child = os.fork()
        if child == 0:
            anonymous[0:5] = b"child"
            os._exit(0)
        os.waitpid(child, 0)
        print(anonymous[0:5])
    fd = os.memfd_create("name", os.MFD_ALLOW_SEALING)
    os.write(fd, b"sealed")
    fcntl.fcntl(fd, 1033, 0x8)
    try:
        os.write(fd, b"x")
    except PermissionError:
        print("sealed", os.readlink(f"/proc/self/fd/{fd}"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") > 500 << 20
    print(memory, mmap.PAGESIZE, len(bytearray(50 << 20)))


def file_locks():
    with open("lock", "w") as one, open("lock", "w") as two:
        fcntl.flock(one, fcntl.LOCK_EX)
        try:
            fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("held")
        fcntl.flock(one, fcntl.LOCK_UN)
        fcntl.lockf(one, fcntl.LOCK_EX, 10, 5)
        child = os.fork()
        if child == 0:
            try:
                fcntl.lockf(two, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 7)
            except OSError:
                print("held by another", flush=True)
            fcntl.lockf(two, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 20)
            print("elsewhere", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        record = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)
        print(struct.unpack("hhqqi4x", fcntl.fcntl(two, 36, record))[:4])


def terminals():
    child, master = pty.fork()
    if child == 0:
        print(os.isatty(0), os.ttyname(0).startswith("/dev/pts/"), os.getsid(0) == os.getpid(), os.tcgetpgrp(0) == os.getpgrp())
        os.write(1, input().upper().encode() + b"\n")
        os._exit(4)
    out = os.read(master, 1000)
    time.sleep(0.3)
    os.write(master, b"typed\n")
    while True:
        try:
            data = os.read(master, 1000)
        except OSError as error:
            print(errno.errorcode[error.errno])
            break
        if not data:
            break
        out += data
    print(out, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    os.write(master, b"x")
    print(os.read(slave, 10), termios.tcgetattr(slave)[3] & termios.ICANON)
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 5, 7, 0, 0))
    print(os.get_terminal_size(master))


def limits():
    print(resource.getrlimit(resource.RLIMIT_NOFILE), resource.getrlimit(resource.RLIMIT_STACK)[0])
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 30))
    held = []
    try:
        while True:
            held.append(open("/dev/null"))
    except OSError as error:
        print(errno.errorcode[error.errno], len(held) < 20)
    del held
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 30))
    except ValueError as error:
        print(error)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        while True:
            pass
    print(os.waitpid(child, 0)[1])
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (100 << 20, 100 << 20))
        try:
            bytearray(200 << 20)
        except MemoryError:
            os._exit(6)
    print(os.waitpid(child, 0)[1] >> 8)
    print(resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE), resource.getrusage(resource.RUSAGE_SELF).ru_utime > 0)


def scheduling():
    print(os.sched_getscheduler(0) == os.SCHED_OTHER, sorted(os.sched_getaffinity(0))[0], os.getpriority(os.PRIO_PROCESS, 0))
    os.sched_setaffinity(0, {0})
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    print(os.sched_getaffinity(0), os.sched_getscheduler(0) == os.SCHED_BATCH, os.nice(3), os.sched_yield())
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))
    print(os.sched_getparam(0).sched_priority, os.sched_get_priority_max(os.SCHED_RR), os.sched_rr_get_interval(0) >= 0)
    try:
        os.sched_setaffinity(0, set())
    except OSError as error:
        print(errno.errorcode[error.errno])


def users():
    print(os.getresuid(), os.getresgid(), os.getgroups())
    child = os.fork()
    if child == 0:
        os.setgroups([7, 8])
        os.setresgid(5, 6, 7)
        os.setresuid(1, 2, 3)
        print(os.getresuid(), os.getresgid(), sorted(os.getgroups()), flush=True)
        for call in (lambda: os.setuid(0), lambda: os.kill(1, 0), lambda: os.setgroups([]), lambda: open("/etc/shadow"), lambda: os.chroot("/"), lambda: os.nice(-5)):
            try:
                call()
            except OSError as error:
                print(errno.errorcode[error.errno], end=" ", flush=True)
        print(flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print(os.umask(0o27), os.umask(0o22), os.getpgid(0) == os.getpgrp(), os.getlogin() if False else "")


def namespaces():
    child = os.fork()
    if child == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        print(libc.unshare(0x04000000), socket.gethostname() != "", flush=True)
        socket.sethostname("python")
        print(socket.gethostname(), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print(socket.gethostname() != "python", os.readlink("/proc/self/ns/uts").startswith("uts:["))


def procfs():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(status["Name"].strip(), status["State"].strip(), int(status["Pid"]) == os.getpid(), status["Threads"].strip())
    fields = open("/proc/self/stat").read().rsplit(")", 1)[1].split()
    print(len(fields), int(fields[1]) == os.getppid(), fields[0])
    print(len(open("/proc/self/statm").read().split()), "[stack]" in open("/proc/self/maps").read(), os.readlink("/proc/self/exe"))
    fds = os.listdir("/proc/self/fd")
    print(len(fds), open("/proc/self/comm").read().strip(), open("/proc/self/cmdline").read().split("\0")[-2])
    with open("/proc/self/mem", "rb") as memory:
        text = ctypes.create_string_buffer(b"found me")
        memory.seek(ctypes.addressof(text))
        print(memory.read(8))
    pagemap = os.open("/proc/self/pagemap", os.O_RDONLY)
    print(len(os.pread(pagemap, 8, ctypes.addressof(text) // 4096 * 8)), os.sysconf("SC_NPROCESSORS_ONLN") >= 1)


def remote_memory():
    libc = ctypes.CDLL(None, use_errno=True)
    buffer, local = ctypes.create_string_buffer(b"remote data"), ctypes.create_string_buffer(20)
    child = os.fork()
    if child == 0:
        buffer.value = b"child's own"
        signal.pause()

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    mine, theirs = Vector(ctypes.addressof(local), 11), Vector(ctypes.addressof(buffer), 11)
    time.sleep(0.2)
    print(libc.process_vm_readv(child, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0), local.value)
    local.value = b"overwritten"
    print(libc.process_vm_writev(child, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0), buffer.value)
    print(libc.process_vm_readv(child, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0), local.value)
    bad = Vector(16, 8)
    print(libc.process_vm_readv(child, ctypes.byref(mine), 1, ctypes.byref(bad), 1, 0), errno.errorcode[ctypes.get_errno()])
    print(libc.process_vm_readv(999999, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0), errno.errorcode[ctypes.get_errno()])
    print([libc.syscall(312, os.getpid(), child, kind, 0, 0) == 0 for kind in (2, 3, 1)], libc.syscall(312, os.getpid(), os.getpid(), 0, 1, 1))
    os.kill(child, 9)
    os.waitpid(child, 0)


def many():
    held = [open("/dev/null") for _ in range(500)]
    print(len(held), held[-1].fileno() > 500)
    workers = [threading.Thread(target=time.sleep, args=(0.1,)) for _ in range(80)]
    for worker in workers:
        worker.start()
    print(threading.active_count() > 40)
    for worker in workers:
        worker.join()
    children = []
    for n in range(40):
        child = os.fork()
        if child == 0:
            os._exit(n)
        children.append(child)
    print(sum(os.waitpid(child, 0)[1] >> 8 for child in children))
    print(len(b"".join(os.urandom(1000) for _ in range(100))))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
