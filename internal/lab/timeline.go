// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/perf/benchfmt"

	stream "github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/startup"
)

// timelineFigures are what a sample of a timeline has besides the time from exec to main.main, which is its wall time: what of it packages
// take to initialize, what the kernel, the loader and the runtime take, and the whole with the program's file not in memory.
var timelineFigures = []string{"init-sec", "stages-sec", "cold-sec", "minflt/op", "file-bytes"}

// sampleTimeline measures n starts of the program as spade start does, and a few cold ones.
func (s start) sampleTimeline(ctx context.Context, name string, n int) (*benchfmt.Result, error) {
	info, err := os.Stat(s.argv[0])
	if err != nil {
		return nil, err
	}
	subject := &startup.Subject{Name: name, Binary: s.argv[0], Args: s.argv[1:], Env: s.environ, Dir: s.dir}
	lines, err := startup.Measure(ctx, []*startup.Subject{subject}, startup.Options{
		Runs: n, Cold: max(1, n/5), Timeout: s.timeout, Progress: func(string, ...any) {},
	})
	if errors.Is(err, startup.ErrSystem) {
		return nil, skip{err.Error()}
	}
	if err != nil {
		return nil, err
	}
	var packages, stages int64
	for _, p := range lines[0].Parts {
		switch p.Kind {
		case stream.PartPackage:
			packages += p.Clock.Mean
		case stream.PartStage:
			stages += p.Clock.Mean
		}
	}
	total := lines[0].Start
	text := fmt.Sprintf("%s\nBenchmark%s %d %d ns/op %d init-ns %d stages-ns %d minflt/op %d file-bytes", strings.Join(s.config, "\n"), name, n,
		total.Plain.Mean, packages, stages, total.Faults, info.Size())
	if total.ColdRuns > 0 {
		text += fmt.Sprintf(" %d cold-ns", total.Cold.Mean)
	}
	return firstResult(strings.NewReader(text + "\n"))
}
