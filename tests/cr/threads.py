# SPDX-License-Identifier: MIT
"""Two threads count with a lock and a queue between them; the number reached goes to a file."""
import queue
import sys
import threading
import time

numbers = queue.Queue(maxsize=3)


def produce():
    count = 0
    while True:
        numbers.put(count)
        count += 1
        time.sleep(0.02)


threading.Thread(target=produce, daemon=True).start()
expected = 0
while True:
    got = numbers.get()
    assert got == expected, (got, expected)
    expected += 1
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write(f"{got}\n")
