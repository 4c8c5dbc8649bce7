// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sample

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
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

func look() (f Footprint, err error) {
	for _, figure := range []struct {
		name string
		into *int64
	}{{"VmRSS", &f.Resident}, {"VmPTE", &f.Tables}, {"VmSize", &f.Reserved}} {
		if *figure.into, err = statusBytes(figure.name); err != nil {
			return f, err
		}
	}
	f.Mappings, err = countLines("/proc/self/maps")
	return f, err
}

// countLines takes little memory: at the limit on mappings the runtime gets no more of it.
func countLines(path string) (lines int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var piece [4096]byte
	for {
		n, err := file.Read(piece[:])
		lines += bytes.Count(piece[:n], []byte("\n"))
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
	}
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
