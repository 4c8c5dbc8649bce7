// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bufio"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
)

func kernelRelease() string {
	release := readLine("/proc/sys/kernel/osrelease")
	if release == "" {
		return ""
	}
	return ", kernel " + release
}

// rationed names the limit because of which the runtime makes no slots here, or returns "".
func rationed() string {
	switch {
	case limit(syscall.RLIMIT_AS) != unlimited:
		return "RLIMIT_AS"
	case limit(syscall.RLIMIT_DATA) != unlimited:
		return "RLIMIT_DATA"
	case overcommitMode() == "2":
		return "overcommit_memory"
	}
	return ""
}

func overcommitMode() string { return readLine("/proc/sys/vm/overcommit_memory") }

// limit returns a soft limit of this process in bytes, or unlimited.
func limit(resource int) uint64 {
	var r syscall.Rlimit
	if syscall.Getrlimit(resource, &r) != nil {
		return unlimited
	}
	return r.Cur // RLIM_INFINITY is unlimited
}

// checkLimits looks at the kernel's settings that slots depend on.
func checkLimits() []check {
	return []check{
		judgeLimit("RLIMIT_AS", limit(syscall.RLIMIT_AS)),
		judgeLimit("RLIMIT_DATA", limit(syscall.RLIMIT_DATA)),
		judgeOvercommit(overcommitMode()),
		judgeMaps(readLine("/proc/sys/vm/max_map_count")),
		judgeHugePages(readLine("/sys/kernel/mm/transparent_hugepage/enabled")),
		judgeMemory(cgroupLimit("/")),
	}
}

// noRoom is what a limit means that keeps the runtime from making slots.
const noRoom = ": slots would take it from the heap, so stacks are copied"

func judgeLimit(name string, n uint64) check {
	c := check{name, good, amount(n)}
	if n != unlimited {
		c.Status, c.Detail = noted, c.Detail+noRoom
	}
	return c
}

func judgeOvercommit(mode string) check {
	c := check{"overcommit_memory", good, mode}
	switch mode {
	case "":
		c.Detail = "unknown"
	case "2":
		c.Status, c.Detail = noted, mode+noRoom
	}
	return c
}

// judgeMaps expects plenty: slots need two mappings a class, however many goroutines there are.
func judgeMaps(count string) check {
	c := check{"max_map_count", good, count}
	if n, err := strconv.Atoi(count); err != nil {
		c.Detail = "unknown"
	} else if n < 1000 {
		c.Status, c.Detail = noted, count+": low for any Go program"
	}
	return c
}

func judgeHugePages(enabled string) check {
	if enabled == "" {
		return check{"huge pages", good, "none"}
	}
	return check{"huge pages", good, enabled + "; slots don't use them"}
}

func judgeMemory(n uint64) check {
	if n == unlimited {
		return check{"cgroup memory", good, "unlimited"}
	}
	return check{"cgroup memory", good, amount(n) + "; touched slots count against it, reserved ones don't"}
}

// cgroupLimit returns the lowest memory limit, in bytes, of this process's control groups below root, or unlimited.
func cgroupLimit(root string) uint64 {
	least := uint64(unlimited)
	f, err := os.Open(path.Join(root, "proc/self/cgroup"))
	if err != nil {
		return least
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		_, rest, _ := strings.Cut(lines.Text(), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		mount, file := "sys/fs/cgroup", "memory.max"
		switch {
		case strings.Contains(","+controllers+",", ",memory,"): // version 1
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		case controllers != "":
			continue
		}
		for dir := path.Clean("/" + group); ; dir = path.Dir(dir) {
			text := readLine(path.Join(root, mount, dir, file))
			// Version 1 prints "no limit" as a number near 1<<63.
			if n, err := strconv.ParseUint(text, 10, 64); err == nil && n < 1<<62 {
				least = min(least, n)
			}
			if dir == "/" {
				break
			}
		}
	}
	return least
}

func readLine(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSpace(line)
}
