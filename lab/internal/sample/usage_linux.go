// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

func readUsage() usage {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return usage{}
	}
	user, system := time.Duration(r.Utime.Nano()), time.Duration(r.Stime.Nano())
	return usage{
		cpu:         user + system,
		system:      system,
		minorFaults: int64(r.Minflt),
		switches:    int64(r.Nvcsw) + int64(r.Nivcsw),
		maxResident: peakResident(),
	}
}

// peakResident returns the most bytes of the process that were ever resident, or 0. The kernel's resource usage has a figure for it
// too, in which the process that this one was forked from counts.
func peakResident() int64 {
	peak, err := statusBytes("VmHWM")
	if err != nil {
		return 0
	}
	return peak
}

// readResident returns the bytes of the process's resident pages and of its
// page tables.
func readResident() (resident, tables int64, err error) {
	if resident, err = statusBytes("VmRSS"); err != nil {
		return 0, 0, err
	}
	tables, err = statusBytes("VmPTE")
	return resident, tables, err
}

// statusBytes returns a figure of memory that the kernel has of the process.
func statusBytes(name string) (int64, error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if key != name {
			continue
		}
		var kilobytes int64
		if _, err := fmt.Sscanf(value, "%d kB", &kilobytes); err != nil {
			return 0, fmt.Errorf("%s in /proc/self/status: %w", name, err)
		}
		return kilobytes << 10, nil
	}
	if err := lines.Err(); err != nil {
		return 0, err
	}
	return 0, fmt.Errorf("no %s in /proc/self/status", name)
}
