// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"fmt"
	"math"
	"os"
	"runtime"

	"github.com/spadego/spade/internal/gotool"
)

// What the runtime needs for stacks that grow in place, in bytes.
const (
	slotPage = 4 << 10
)

// unlimited stands for a limit that is not set.
const unlimited = math.MaxUint64

// A host is what decides how stacks grow in a program that runs here.
type host struct {
	goos, goarch string
	slots        bool // a target that has slots
	pageSize     int
	rationed     string // the limit that leaves no room for slots, or ""
}

func thisHost() host {
	return host{
		goos: runtime.GOOS, goarch: runtime.GOARCH,
		slots:    gotool.GrowsInPlace(runtime.GOOS, runtime.GOARCH),
		pageSize: os.Getpagesize(),
		rationed: rationed(),
	}
}

// checkHost looks at what matters to programs built by spade that run here.
func checkHost(gospade string) []check {
	h := thisHost()
	checks := []check{
		{"system", good, fmt.Sprintf("%s/%s%s", h.goos, h.goarch, kernelRelease())},
		{"page size", good, fmt.Sprintf("%d bytes", h.pageSize)},
	}
	if gospade != "" {
		checks = append(checks, check{"GOSPADE", noted, gospade})
	}
	return append(checks, checkLimits()...)
}

// amount prints bytes for people.
func amount(n uint64) string {
	if n == unlimited {
		return "unlimited"
	}
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"}
	i, f := 0, float64(n)
	for f >= 1024 && i < len(units)-1 {
		f, i = f/1024, i+1
	}
	return fmt.Sprintf("%.4g %s", f, units[i])
}
