// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"

	"github.com/spadego/spade/internal/pagecache"
)

// sampleStarts starts the program n times, one after the other, and returns what one start took: from before its process is made
// until it has been waited for. With cold, the kernel is asked before each start to drop the program's file from memory.
func (s start) sampleStarts(ctx context.Context, name string, n int, cold bool) (*benchfmt.Result, error) {
	info, err := os.Stat(s.argv[0])
	if err != nil {
		return nil, err
	}
	took := make([]time.Duration, n)
	var all ended
	for i := range took {
		if cold {
			if err := pagecache.Drop(s.argv[0]); err != nil {
				return nil, skip{fmt.Sprintf("a cold start can't be made here: %v", err)}
			}
		}
		began := time.Now()
		run, err := s.output(ctx)
		if err != nil {
			return nil, err
		}
		took[i] = time.Since(began)
		all.cpu += run.cpu
		all.memory.add(run.memory)
	}
	if cold && all.memory.reads == 0 {
		return nil, skip{"a cold start can't be made here: the kernel kept the program's file in memory"}
	}
	slices.Sort(took)
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	line := fmt.Sprintf("Benchmark%s %d %d ns/op %d cpu-ns/op %d p50-ns %d p99-ns %d file-bytes", name, n,
		sum.Nanoseconds()/int64(n), all.cpu.Nanoseconds()/int64(n), took[n/2].Nanoseconds(), took[n*99/100].Nanoseconds(), info.Size())
	return firstResult(strings.NewReader(strings.Join(s.config, "\n") + "\n" + line + all.memory.figures(n) + "\n"))
}
