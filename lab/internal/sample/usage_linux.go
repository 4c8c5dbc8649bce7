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
		maxResident: int64(r.Maxrss) << 10,
	}
}

// readResident returns the bytes of the process's resident pages and of its
// page tables.
func readResident() (resident, tables int64, err error) {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch key {
		case "VmRSS":
			_, err = fmt.Sscanf(value, "%d kB", &resident)
		case "VmPTE":
			_, err = fmt.Sscanf(value, "%d kB", &tables)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("%s in /proc/self/status: %w", key, err)
		}
	}
	return resident << 10, tables << 10, lines.Err()
}
