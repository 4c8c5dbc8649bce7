// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package slots

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// recorded is a stackgrowth profile by label.
type recorded struct {
	*profile.Profile
	events, bytes, nanos int64
}

// record runs a program that writes the profile stackgrowth to the file that is its first argument, and reads that.
func record(t *testing.T, strategy, path string, env []string, args ...string) (recorded, outcome) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "growths.pprof")
	o := runOK(t, strategy, path, env, append([]string{file}, args...)...)
	p := readProfile(t, file)
	var types []string
	for _, st := range p.SampleType {
		types = append(types, st.Type+"/"+st.Unit)
	}
	if got := strings.Join(types, " "); got != "growths/count copied/bytes time/nanoseconds" {
		t.Fatalf("the profile's values are %s", got)
	}
	r := recorded{Profile: p}
	for _, s := range p.Sample {
		r.events += s.Value[0]
		r.bytes += s.Value[1]
		r.nanos += s.Value[2]
		if s.Label["gosite"] == nil && s.Label["entry"][0] != "runtime.main" || s.NumUnit["from"][0] != "bytes" || s.NumUnit["to"][0] != "bytes" {
			t.Errorf("a sample is labelled %v %v %v", s.Label, s.NumLabel, s.NumUnit)
		}
	}
	return r, o
}

// readProfile reads a profile that must be valid.
func readProfile(t *testing.T, file string) *profile.Profile {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return p
}

// growths returns how often goroutines started at that line of main.go grew, by how, from and to: "copied 2048 4096".
func (r recorded) growths(line int) map[string]int64 {
	found := map[string]int64{}
	for _, s := range r.Sample {
		if site := s.Label["gosite"]; site != nil && strings.HasSuffix(site[0], fmt.Sprint("/main.go:", line)) {
			found[fmt.Sprint(s.Label["growth"][0], " ", s.NumLabel["from"][0], " ", s.NumLabel["to"][0])] += s.Value[0]
		}
	}
	return found
}

func seen(s *profile.Sample, name string) bool {
	for _, l := range s.Location {
		for _, line := range l.Line {
			if line.Function.Name == name {
				return true
			}
		}
	}
	return false
}

func same(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: growths\n%v, want\n%v", what, got, want)
	}
}

// TestProfileExact: growths known by construction, one by one, on both strategies; and all that the runtime has counted.
func TestProfileExact(t *testing.T) {
	t.Parallel()
	path := program(t, "known")
	const n = 3000
	testExact(t, path, n, slotsHere())
}

// testExact runs the program known. inPlace says whether its stacks can grow in place.
func testExact(t *testing.T, path string, n int64, inPlace bool) {
	doublings := func(n int64, sizes ...int) map[string]int64 {
		m := map[string]int64{}
		for _, size := range sizes {
			m[fmt.Sprint("copied ", size, " ", 2*size)] = n
		}
		return m
	}
	for _, env := range []string{"GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=64"} {
		r, o := record(t, "copy", path, []string{"GOSPADE=stacks=copy,growths=1", env}, fmt.Sprint(n))
		agree(t, "copy, "+env, r, o)
		same(t, "copy: first", r.growths(25), doublings(1, 2048, 4096, 8192, 16384, 32768, 65536))
		same(t, "copy: twice", r.growths(30), doublings(n, 2048, 4096))
		same(t, "copy: sixTimes", r.growths(36), doublings(n, 2048, 4096, 8192, 16384, 32768, 65536))
		if r.Period != 1 {
			t.Errorf("the rate of sampling is said to be %d", r.Period)
		}
	}
	if !inPlace {
		return
	}
	for _, env := range []string{"GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=64"} {
		r, o := record(t, "inplace", path, []string{"GOSPADE=growths=1", env}, fmt.Sprint(n))
		agree(t, "inplace, "+env, r, o)
		// Nothing is known of these kinds: one move into a slot of 32 KiB, and, from there, one into a larger one.
		want := map[string]int64{
			"copied 2048 4096": 1, "in place 4096 8192": 1, "in place 8192 16384": 1, "in place 16384 32768": 1,
			"copied 32768 65536": 1, "in place 65536 131072": 1,
		}
		same(t, "inplace: first", r.growths(25), want)
		same(t, "inplace: second", r.growths(27), want)
	}
}

// agree holds the profile against the runtime's own counts, which were read at the same moment.
func agree(t *testing.T, what string, r recorded, o outcome) {
	t.Helper()
	if strings.Contains(o.out, "changed") {
		t.Errorf("%s: something grew while the profile was written", what)
	}
	var inplace, copied int64
	for _, s := range r.Sample {
		if s.Label["growth"][0] == "in place" {
			inplace += s.Value[0]
			if s.Value[1] != 0 {
				t.Errorf("%s: a growth in place copied %d bytes", what, s.Value[1])
			}
		} else {
			copied += s.Value[0]
		}
	}
	if want := int64(o.value(t, "/spade/stack/growths-inplace:growths")); inplace != want {
		t.Errorf("%s: %d growths in place recorded, %d counted", what, inplace, want)
	}
	if want := int64(o.value(t, "/spade/stack/growths-copied:growths")); copied != want {
		t.Errorf("%s: %d growths by copying recorded, %d counted", what, copied, want)
	}
	if want := int64(o.value(t, "/spade/stack/copied:bytes")); r.bytes != want {
		t.Errorf("%s: %d bytes copied recorded, %d counted", what, r.bytes, want)
	}
	// Those of twice have 8 KiB, whatever pages they find warm.
	if got := estimates(t, r.Profile)["main.main.gowrap3"]; got.from < 1024 || got.to != 8192 {
		t.Errorf("%s: the high-water estimate of twice is %v", what, got)
	}
	if r.nanos < 20*r.events {
		t.Errorf("%s: %d ns for %d growths", what, r.nanos, r.events)
	}
}

// TestProfileStacks: the call stack is whole, with inlined calls, and the labels say where the goroutine is from.
func TestProfileStacks(t *testing.T) {
	t.Parallel()
	if !framePointers() {
		t.Skip("skipped: no frame pointers here")
	}
	r, _ := record(t, "copy", program(t, "known"), []string{"GOSPADE=stacks=copy,growths=1"}, "10")
	for _, s := range r.Sample {
		if !seen(s, "main.twice") || s.NumLabel["from"][0] != 4096 {
			continue
		}
		var names []string
		for _, l := range s.Location {
			for _, line := range l.Line {
				names = append(names, line.Function.Name)
			}
		}
		calls := strings.Join(names, " ")
		if !strings.HasPrefix(calls, "main.dig main.dig main.dig ") || !strings.Contains(calls, "main.dig main.twice") {
			t.Errorf("the call stack is %s", calls)
		}
		if strings.Count(calls, "main.dig") < 14 || strings.Count(calls, "main.dig") > 19 {
			t.Errorf("%d calls of main.dig outgrow 4 KiB", strings.Count(calls, "main.dig"))
		}
		if site := s.Label["gosite"][0]; !strings.HasSuffix(site, "/known/main.go:30") {
			t.Errorf("go site %s", site)
		}
		return
	}
	t.Error("main.twice is not there")
}

// TestProfileSampled: one in so many, counting for so many.
func TestProfileSampled(t *testing.T) {
	t.Parallel()
	path := program(t, "known")
	for _, test := range []struct {
		setting   string
		rate      int64
		low, high int64 // of 24,000 growths
	}{
		{"stacks=copy,growths=8", 8, 20000, 28000}, {"stacks=copy", 64, 16000, 33000}, {"stacks=copy,growths=0", 0, 0, 0},
		{"stacks=copy,growths=many", 64, 16000, 33000},
	} {
		r, _ := record(t, "copy", path, []string{"GOSPADE=" + test.setting}, "3000")
		if r.events < test.low || r.events > test.high || r.Period != test.rate || r.rateOff() {
			t.Errorf("GOSPADE=%s: %d growths, rate %d", test.setting, r.events, r.Period)
		}
		if e := estimates(t, r.Profile)["main.main.gowrap4"]; e.to != 128<<10 {
			t.Errorf("GOSPADE=%s: the high-water estimate of sixTimes is %v", test.setting, e)
		}
	}
}

// rateOff reports whether a value is no multiple of the rate.
func (r recorded) rateOff() bool {
	for _, s := range r.Sample {
		if s.Value[0]%r.Period != 0 {
			return true
		}
	}
	return false
}

// TestProfileAnywhere: growth inside malloc, with locks held, in panics, while the profile is written and collections run.
func TestProfileAnywhere(t *testing.T) {
	path := program(t, "malloc")
	for _, strategy := range strategies {
		for _, env := range []string{
			"", "GOMAXPROCS=1", "GOMAXPROCS=64", "GOGC=1", "GODEBUG=gcstoptheworld=1,clobberfree=1", "GODEBUG=asyncpreemptoff=1",
			"GODEBUG=efence=1", "GODEBUG=gccheckmark=1",
		} {
			for _, more := range []string{",growths=1", ",highwater=1,report=" + os.DevNull} {
				o := runOK(t, strategy, path, []string{"GOSPADE=stacks=" + strategy + more, env}, "0.3")
				if o.value(t, "rounds") < 3 || o.value(t, "recorded") == 0 || o.value(t, "recorded") != o.value(t, "counted") {
					t.Errorf("%s %s %s: %s", strategy, more, env, head(o.out))
				}
			}
		}
	}
}

// TestProfileServed: net/http/pprof has it without a change to the program.
func TestProfileServed(t *testing.T) {
	t.Parallel()
	path := program(t, "serve")
	for _, s := range strategies {
		o := runOK(t, s, path, []string{"GOSPADE=growths=1,stacks=" + s})
		if o.value(t, "listed") < 3 || o.value(t, "linked") != 1 || o.value(t, "described") != 1 || o.value(t, "bytes") < 200 ||
			o.value(t, "delta") == 0 || o.value(t, "text") < 3 || o.value(t, "estimates") < 2 {
			t.Errorf("%s: %s", s, o.out)
		}
	}
}

// TestProfileOpens: go tool pprof reads it.
func TestProfileOpens(t *testing.T) {
	t.Parallel()
	path := program(t, "known")
	file := filepath.Join(t.TempDir(), "growths.pprof")
	runOK(t, "copy", path, []string{"GOSPADE=stacks=copy,growths=1"}, file, "100")
	cmd := exec.Command("go", "tool", "pprof", "-sample_index=growths", "-tagfocus=entry=sixTimes|gowrap", "-top", file)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"Type: growths", "main.dig", "main.sixTimes"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("go tool pprof does not say %s:\n%s", want, out)
		}
	}
}
