// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"time"
)

// enoughHeap is how many bytes an analysis takes before its garbage is collected more often, unless it needs more. Up to a tenth more is resident.
const enoughHeap = 5 << 30

// collectLess lets the garbage collector run a quarter as often, as long as memory allows: an analysis keeps most of what it makes. What the user
// has set holds.
func (c *Command) collectLess() (restore func()) {
	if c.getenv("GOGC") != "" || c.getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	most := available(os.DirFS("/")) / 4 * 3
	percent, limit := debug.SetGCPercent(400), debug.SetMemoryLimit(heapFor(0, most))
	done := make(chan bool)
	var raiser sync.WaitGroup
	raiser.Go(func() { raiseLimit(most, done) })
	return func() {
		close(done)
		raiser.Wait()
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// raiseLimit lets the heap grow as what is live on it does, until done is closed.
func raiseLimit(most int64, done <-chan bool) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for {
		select {
		case <-done:
			return
		case <-time.After(time.Second / 4):
		}
		metrics.Read(live)
		debug.SetMemoryLimit(heapFor(int64(live[0].Value.Uint64()), most))
	}
}

// heapFor returns how large the heap may get if so many bytes of it were live when its garbage was last collected, and never more than most: with less than
// a quarter of it free the collector would do nothing but run, so that it gets as much as it has by default.
func heapFor(live, most int64) int64 {
	if live > enoughHeap/4*3 {
		return min(2*live, most)
	}
	return min(enoughHeap, most)
}

// available returns how many bytes of memory the machine has left, or the container if that has less; the most there can be if neither is told.
func available(root fs.FS) int64 {
	most := int64(math.MaxInt64)
	for _, name := range []string{"sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"} { // of version 2, and of version 1
		text, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64); err == nil && n > 0 {
			most = min(most, n)
		}
	}
	file, err := root.Open("proc/meminfo")
	if err != nil {
		return most
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kilobytes int64
		if rest, found := strings.CutPrefix(lines.Text(), "MemAvailable:"); found {
			if n, _ := fmt.Sscanf(rest, "%d kB", &kilobytes); n == 1 {
				most = min(most, kilobytes<<10)
			}
		}
	}
	return most
}
