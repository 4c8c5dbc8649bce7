// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// An entryLine is a line of the report in JSON, one entry and go site.
type entryLine struct {
	Entry             string
	GoSite            string // file
	GoLine            int
	Started           int
	StartedInSlot     int
	Growths           int
	CopiedBytes       int
	LargestStackBytes int
	HighWaterBytes    int
	Frames            []uint64 // of lines on calls at a deep place: see the runtime's growthCalls
}

// A totalLine is its first line, by the names of metrics.
type totalLine map[string]int

// reported returns the report that a program appends to a file as JSON.
func reported(t *testing.T, file string) (totalLine, []entryLine) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := bytes.Cut(data, []byte("\n"))
	var total totalLine
	if err := json.Unmarshal(first, &total); err != nil {
		t.Fatalf("%v:\n%s", err, data)
	}
	var entries []entryLine
	for line := range bytes.Lines(rest) {
		var e entryLine
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%v:\n%s", err, line)
		}
		entries = append(entries, e)
	}
	return total, entries
}

// at returns the line on the goroutines that the go statement at that line of main.go starts.
func at(t *testing.T, entries []entryLine, line int) entryLine {
	t.Helper()
	for _, e := range entries {
		if e.GoLine == line && strings.HasSuffix(e.GoSite, "/main.go") {
			return e
		}
	}
	t.Fatalf("no entry for line %d in %+v", line, entries)
	return entryLine{}
}

// TestReportEntries: what is known by construction, by entry and go site.
func TestReportEntries(t *testing.T) {
	t.Parallel()
	path := program(t, "known")
	const n = 1000
	for _, s := range strategies {
		if s == "inplace" && !slotsHere() {
			continue
		}
		file := filepath.Join(t.TempDir(), "report.json")
		runOK(t, s, path, []string{"GOSPADE=stacks=" + s + ",report=" + file}, os.DevNull, strconv.Itoa(n))
		total, entries := reported(t, file)
		if on := total["/spade/stack/inplace:enabled"]; on != map[string]int{"copy": 0, "inplace": 1}[s] {
			t.Errorf("%s: the report says that stacks in place are %d", s, on)
		}
		growths, copied := 0, 0
		for _, e := range entries {
			growths += e.Growths
			copied += e.CopiedBytes
		}
		if growths != total["/spade/stack/growths:growths"] || copied != total["/spade/stack/copied:bytes"] {
			t.Errorf("%s: entries have %d growths and %d bytes, all are %v", s, growths, copied, total)
		}
		first, twice, six := at(t, entries, 25), at(t, entries, 30), at(t, entries, 36)
		if first.Started != 1 || twice.Started != n || six.Started != n || first.Growths != 6 || first.LargestStackBytes != 128<<10 || six.HighWaterBytes != 0 {
			t.Errorf("%s: %+v\n%+v\n%+v", s, first, twice, six)
		}
		if s == "copy" && (twice.Growths != 2*n || six.Growths != 6*n || six.StartedInSlot != 0 || twice.LargestStackBytes != 8<<10) {
			t.Errorf("copy: %+v\n%+v", twice, six)
		}
		if s == "inplace" && six.StartedInSlot+twice.StartedInSlot != total["/spade/slots/starts:goroutines"] {
			t.Errorf("inplace: %d and %d started in a slot, in all %v", six.StartedInSlot, twice.StartedInSlot, total)
		}
	}
}

// TestReportAppends: several processes may write to one file, as tables or as JSON; what can't be written is printed.
func TestReportAppends(t *testing.T) {
	t.Parallel()
	path := program(t, "counts")
	file := filepath.Join(t.TempDir(), "report.txt")
	for range 2 {
		if o := runOK(t, "copy", path, []string{"GOSPADE=report=" + file}, "exit", "0"); strings.Contains(o.out, "spade: ") {
			t.Errorf("printed although it goes to a file:\n%s", o.out)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(data), "spade: growths ") != 2 || strings.Count(string(data), "  runtime.main ") != 2 {
		t.Errorf("two processes reported\n%s", data)
	}
	o := runOK(t, "copy", path, []string{"GOSPADE=report=json:" + file}, "exit", "0")
	if data, err = os.ReadFile(file); err != nil || strings.Count(string(data), `"entry":"runtime.main","goSite":"`) != 1 {
		t.Errorf("%v: %s%s", err, data, o.out)
	}
	o = runOK(t, "copy", path, []string{"GOSPADE=report=" + filepath.Join(file, "x")}, "exit", "0")
	if !strings.Contains(o.out, "can't write the report to ") || strings.Count(o.out, "spade: growths ") != 1 {
		t.Errorf("a report that can't be written:\n%s", o.out)
	}
}

// TestHighWater: the mark is what the deepest goroutine has used, also of one that is still there, that came back before it ended,
// or whose stack was shrunk or moved. The estimate, which is there without any setting, holds it.
func TestHighWater(t *testing.T) {
	t.Parallel()
	path := program(t, "depths")
	for _, s := range strategies {
		for _, env := range []string{"", "GOGC=1", "GOMAXPROCS=1", "GOSPADE=move=1"} {
			for _, levels := range []string{"5", "40", "900"} {
				dir := t.TempDir()
				file, growths := filepath.Join(dir, "report.json"), filepath.Join(dir, "growths.pprof")
				more, isSpade := strings.CutPrefix(env, "GOSPADE=")
				if isSpade {
					more = "," + more
				} else {
					more = ""
				}
				o := runOK(t, s, path, []string{env, "GOSPADE=highwater=1,stacks=" + s + more + ",report=" + file}, levels, growths)
				_, entries := reported(t, file)
				measured := estimates(t, readProfile(t, growths))
				runOK(t, s, path, []string{env, "GOSPADE=stacks=" + s + more}, levels, growths)
				unset := estimates(t, readProfile(t, growths))
				for name, line := range map[string]int{"shallow": 27, "once": 31, "back": 35, "parked": 38, "waiting": 43} {
					e, deep := at(t, entries, line), o.value(t, name)
					// Above what the goroutine sees of itself there are its first frame and the words that the runtime keeps; below, what
					// was called last, and what the runtime puts there to preempt it.
					if e.HighWaterBytes < deep || e.HighWaterBytes > deep+2048 || e.HighWaterBytes > e.LargestStackBytes {
						t.Errorf("%s, %s, %s levels: %s used %d bytes, its mark is %+v", s, env, levels, name, deep, e)
					}
					// With more calls than a record has, not each that is deeper is recorded.
					if d := deepestCall(entries, e.Entry); d > e.HighWaterBytes || d < deep-deep/64-100 {
						t.Errorf("%s, %s, %s levels: %s used %d bytes, the deepest call was recorded at %d", s, env, levels, name, deep, d)
					}
					if got := measured[e.Entry]; !got.holds(e.HighWaterBytes) {
						t.Errorf("%s, %s, %s levels: the mark of %s is %d bytes, the estimate %v", s, env, levels, name, e.HighWaterBytes, got)
					}
					if got := unset[e.Entry]; !got.holds(deep + 200) {
						t.Errorf("%s, %s, %s levels: %s used %d bytes, the estimate is %v", s, env, levels, name, deep, got)
					}
				}
			}
		}
	}
}

// deepestCall returns how far below the stack's upper end the stack pointer was on entry to the deepest function that an entry called.
func deepestCall(entries []entryLine, entry string) int {
	deepest := 0
	for _, e := range entries {
		if e.Entry == entry && len(e.Frames) > 0 {
			deepest = max(deepest, int(e.Frames[0]>>32))
		}
	}
	return deepest
}

// An estimate of a high-water mark, in bytes.
type estimate struct{ from, to int }

// holds reports whether the mark is within the estimate, and the estimate within a factor: there is none for the smallest stack, and
// larger ones are given to those who need, with frames of some 3,000 bytes and the guard, half of it.
func (e estimate) holds(mark int) bool {
	if e.to == 0 {
		return mark <= 2048
	}
	return e.from <= mark && mark <= e.to && e.to <= 2*(mark+3000+928)
}

// estimates returns those of a stackgrowth profile, by entry.
func estimates(t *testing.T, p *profile.Profile) map[string]estimate {
	t.Helper()
	all := map[string]estimate{}
	for _, line := range p.Comments {
		var e estimate
		var entry string
		if _, err := fmt.Sscanf(line, "high-water estimate: from %d to %d bytes, entry %s", &e.from, &e.to, &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		all[entry] = e
	}
	return all
}
