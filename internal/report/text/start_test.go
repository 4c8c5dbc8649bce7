// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package text

import (
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

func spread(mean int64) finding.Spread {
	return finding.Spread{Mean: mean, Low: mean - mean/10, High: mean + mean/10}
}

// startMessages is a start of 10 ms, in which package b and its variable x take as long as they are told to.
func startMessages(set string, x int64) []finding.Message {
	cold := spread(4e6)
	part := func(kind, name, pkg, group string, clock int64) finding.Message {
		p := finding.StartPart{Set: set, Kind: kind, Name: name, Package: pkg, Group: group, Clock: spread(clock)}
		switch kind {
		case finding.PartPackage:
			p.CPU, p.Bytes, p.Allocs, p.Goroutines, p.Calls, p.Faults = clock/2, 123, 4, 1, 2, 3
			p.Chain = []string{"m", "a", pkg}
		case finding.PartStage:
			p.Cold = &cold
		default:
			p.Place = finding.Site{File: "/src/b/b.go", Line: 7}
		}
		return finding.Message{StartPart: &p}
	}
	return []finding.Message{
		{Start: &finding.Start{
			Set: set, Program: set + ".bin", Go: "go1.26.8", Runs: 20, Total: spread(6e6 + x), Plain: spread(59e5 + x), Faults: 700,
			ColdRuns: 5, Cold: spread(12e6), ColdFaults: 690, ColdReads: 3, Unseen: []string{"allocations: there is no table"},
		}},
		part(finding.PartStage, "exec and mapping", "", "", 5e6),
		part(finding.PartPackage, "b", "b", "m@v1.0.0", x+2000),
		part(finding.PartVariable, "x", "b", "", x),
		part(finding.PartFunction, "init.0", "b", "", 2000),
		part(finding.PartPackage, "fmt", "fmt", "standard library", 1e6),
		part(finding.PartVariables, "init", "fmt", "", 1e6),
		part(finding.PartPackage, "os", "os", "standard library", 1000),
		part(finding.PartPackage, "tiny", "tiny", "tiny@v1.0.0", 1000),
		{Touched: &finding.Touched{Set: set, Section: ".text", Size: 1 << 20, Bytes: 256 << 10}},
		{Touched: &finding.Touched{Set: set, Section: ".data", Size: 8192, Bytes: 8192, Written: 4096}},
		{Touched: &finding.Touched{Set: set, Section: ".text", Package: "fmt", Size: 4096, Bytes: 1024}},
		{Touched: &finding.Touched{Set: set, Section: ".text", Package: "os", Size: 8192, Bytes: 2048}},
		{Touched: &finding.Touched{Set: set, Section: ".data", Package: "fmt", Size: 4096, Bytes: 4096, Written: 3072}},
	}
}

func startWritten(t *testing.T, top int, list []finding.Message) string {
	t.Helper()
	return writtenBy(t, NewStart, top, list)
}

func TestStart(t *testing.T) {
	const want = `new.bin (go1.26.8): 10.000 ms from exec to main.main (9.000–11.000 in eight of ten of 20 runs)
  9.900 ms when nothing but the total is measured; 700 page faults
  12.000 ms with a cold page cache (10.800–13.200 in eight of ten of 5 runs); 693 page faults, of which 3 waited for the disk

       ms of all          spread      cold       CPU     bytes  allocs   go  calls faults  stage
    5.000  50.0%     4.500–5.500     4.000         -         -       -    -      -      -  exec and mapping

       ms of all packages  initialization of packages
    4.002  40.0%        1  m@v1.0.0
    1.001  10.0%        2  standard library
          and 1 more; -top 0 shows all

       ms of all          spread      cold       CPU     bytes  allocs   go  calls faults  package, and what its initialization consists of
    4.002  40.0%     3.602–4.402         -     2.001       123       4    1      2      3  b
    4.000  40.0%     3.600–4.400         -         -         -       -    -      -      -    var x  b/b.go:7
                                                                                               imported through m → a
    1.000  10.0%     0.900–1.100         -     0.500       123       4    1      2      3  fmt
                                                                                               imported through m → a
          and 2 more packages; -top 0 shows all

  touched   written        of    part  section of the file
  256 KiB       0 B     1 MiB   25.0%  .text
    8 KiB     4 KiB     8 KiB  100.0%  .data

  touched   written        of    part  package, code and data in pages that were touched
    5 KiB     3 KiB     8 KiB   62.5%  fmt
    2 KiB       0 B     8 KiB   25.0%  os

Not seen of new.bin
  allocations: there is no table
`
	if got := startWritten(t, 5, startMessages(finding.New, 4e6)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	all := startWritten(t, 0, startMessages(finding.New, 4e6))
	for _, want := range []string{"  os\n", "    func init  b/b.go:7\n"} {
		if !strings.Contains(all, want) || strings.Contains(all, "more packages") {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

func TestStartOfTwo(t *testing.T) {
	got := startWritten(t, 5, append(startMessages(finding.New, 1e6), startMessages(finding.Base, 4e6)...))
	for _, want := range []string{
		"new.bin (go1.26.8): 7.000 ms", "\nagainst base.bin (go1.26.8): 10.000 ms",
		"\n     5.000      5.000     +0.000 ~  exec and mapping\n", "\n     4.002      1.002     -3.000    m@v1.0.0\n",
		"\n     4.000      1.000     -3.000      var x  b/b.go:7\n", "\nNot seen of base.bin\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "imported through") {
		t.Errorf("chains of what was there before:\n%s", got)
	}
}
