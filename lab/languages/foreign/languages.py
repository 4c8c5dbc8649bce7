# Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

# An operation of start is starting and joining a threading.Thread that ends at once; of switch, one step of a generator; of add,
# one turn of a for loop over a range that adds the number.

import sys
import threading
import time


def start(n):
    for _ in range(n):
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()


def steps(n):
    for i in range(n):
        yield i


def switch(n):
    for _ in steps(n):
        pass


def add(n):
    total = 0
    for i in range(n):
        total += i
    return total


options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
mode, n = options.get("-mode", "start"), int(options.get("-n", "10000"))
wall, cpu = time.perf_counter_ns(), time.process_time_ns()
{"start": start, "switch": switch, "add": add}[mode](n)
wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
print(f"BenchmarkLanguages/{mode} {n} {wall / n:.4g} ns/op {cpu / n:.4g} cpu-ns/op")
