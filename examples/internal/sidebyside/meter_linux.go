// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// processCPU returns the user and system time that this process has used.
func processCPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// residentBytes returns the size of this process's resident pages and of its
// page tables, or 0 if the kernel doesn't tell.
func residentBytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	var sum float64
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(line, ":")
		var kilobytes float64
		if key == "VmRSS" || key == "VmPTE" {
			if _, err := fmt.Sscan(value, &kilobytes); err != nil {
				return 0
			}
			sum += kilobytes * 1024
		}
	}
	return sum
}
