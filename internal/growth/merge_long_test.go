// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package growth

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// TestGigabyte merges 1 GB of profiles, of CPU time and of growths in turns: what is kept of them does not grow with their number, and sums are exact.
func TestGigabyte(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	a := NewAnalysis(Opener{}, nil, true)
	var read, profiles int64
	var most uint64
	for read < 1<<30 {
		for _, data := range [][]byte{fleetCPU(rnd), fleetGrowths(rnd)} {
			a.opener.Stdin = bytes.NewReader(data)
			if err := a.Read("-"); err != nil {
				t.Fatal(err)
			}
			read += int64(len(data))
		}
		profiles++
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		most = max(most, stats.HeapAlloc)
	}
	t.Logf("%d profiles of each, %s in all; at most %s live", profiles, finding.Bytes(read), finding.Bytes(int64(most)))
	if most > 192<<20 {
		t.Errorf("%s are live after a profile was merged", finding.Bytes(int64(most)))
	}
	if n := a.new.total.Samples; n != profiles*fleetSamples {
		t.Errorf("%d samples, want %d", n, profiles*fleetSamples)
	}
	if n := a.newCount.total.Growths; n != profiles*fleetSamples*64 {
		t.Errorf("%d growths, want %d", n, profiles*fleetSamples*64)
	}
	if _, err := a.Emit("v0", discard{}); err != nil {
		t.Fatal(err)
	}
}

// fleetSamples is the number of samples in a generated profile: some 7 MB uncompressed.
const fleetSamples = 10000

// fleet returns a builder of profiles of one program with 5,000 functions.
func fleet() *builder {
	b := newBuilder()
	for i := range 50 {
		for j := range 100 {
			b.function(fleetCall(i, j))
		}
	}
	return b
}

func fleetCall(service, method int) string {
	return fmt.Sprintf("example.com/fleet/service%d.(*Handler).Method%d", service, method)
}

// fleetCPU makes a large CPU profile.
func fleetCPU(rnd *rand.Rand) []byte {
	b := fleet()
	for range fleetSamples {
		calls := []string{"runtime.copystack", "runtime.newstack"}[rnd.IntN(2):]
		b.add(1, strings.Join(append(calls, fleetCalls(rnd)...), " "))
	}
	return uncompressed(b.p)
}

func fleetCalls(rnd *rand.Rand) (calls []string) {
	for range 20 + rnd.IntN(30) {
		calls = append(calls, fleetCall(rnd.IntN(50), rnd.IntN(100)))
	}
	return calls
}

// fleetGrowths makes a large profile of growths.
func fleetGrowths(rnd *rand.Rand) []byte {
	b := fleet()
	for range fleetSamples {
		b.add(1, strings.Join(fleetCalls(rnd), " "))
	}
	p := b.p
	p.SampleType = []*profile.ValueType{{Type: "growths", Unit: "count"}, {Type: "copied", Unit: "bytes"}, {Type: "time", Unit: "nanoseconds"}}
	for _, s := range p.Sample {
		s.Value = []int64{64, 64 * 1500, 64 * 2000}
		s.Label = map[string][]string{"growth": {"copied"}, "entry": {fmt.Sprint("main.entry", rnd.IntN(300))}, "gosite": {fmt.Sprint("/src/main.go:", rnd.IntN(300))}}
		s.NumLabel = map[string][]int64{"from": {2048}, "to": {4096}}
	}
	return uncompressed(p)
}

func uncompressed(p *profile.Profile) []byte {
	var b bytes.Buffer
	if err := p.WriteUncompressed(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}
