// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

// counted is a stackgrowth profile. Each sample is "growths copied nanos how from to entry gosite | calls, leaf first".
func counted(t testing.TB, samples ...string) *profile.Profile {
	t.Helper()
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "growths", Unit: "count"}, {Type: "copied", Unit: "bytes"}, {Type: "time", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "growths", Unit: "count"}, Period: 64,
	}
	funcs := map[string]*profile.Location{}
	for _, text := range samples {
		what, calls, _ := strings.Cut(text, " | ")
		var n, copied, nanos, from, to int64
		var how, entry, site string
		if _, err := fmt.Sscan(what, &n, &copied, &nanos, &how, &from, &to, &entry, &site); err != nil {
			t.Fatal(err)
		}
		s := &profile.Sample{
			Value:    []int64{n, copied, nanos},
			Label:    map[string][]string{"growth": {strings.ReplaceAll(how, "-", " ")}, "entry": {entry}, "gosite": {site}},
			NumLabel: map[string][]int64{"from": {from}, "to": {to}},
			NumUnit:  map[string][]string{"from": {"bytes"}, "to": {"bytes"}},
		}
		for _, name := range strings.Fields(calls) {
			if funcs[name] == nil {
				id := uint64(len(funcs) + 1)
				f := &profile.Function{ID: id, Name: name, Filename: "/src/code.go", StartLine: int64(10 * id)}
				p.Function = append(p.Function, f)
				funcs[name] = &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: f.StartLine + 1}}}
				p.Location = append(p.Location, funcs[name])
			}
			s.Location = append(s.Location, funcs[name])
		}
		p.Sample = append(p.Sample, s)
	}
	if err := p.CheckValid(); err != nil {
		t.Fatal(err)
	}
	return p
}

func twoServers(t testing.TB) *profile.Profile {
	return counted(t,
		"64 65536 640000 copied 2048 4096 main.serve.gowrap1 /src/server.go:35 | main.parse main.handle main.serve",
		"128 0 1280 in-place 4096 8192 main.serve.gowrap1 /src/server.go:35 | main.parse main.parse main.handle main.serve",
		"64 131072 64000 copied 2048 4096 main.poll /src/poll.go:7 | fmt.Fprintf main.poll",
		"64 131072 64000 copied 2048 4096 main.poll /src/other.go:9 | fmt.Fprintf main.poll",
		"192 0 1920 in-place 8192 16384 runtime.bgsweep /go/mgcsweep.go:1 | runtime/pprof.lostProfileEvent",
	)
}

func TestCount(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "growths", encoded(t, twoServers(t)))
	messages := stream(t, Opener{Dir: dir}, nil, false, "growths", "")
	var r finding.CountReport
	for _, m := range messages {
		if m.Growth != nil || m.Payer != nil {
			t.Errorf("a message on CPU time without a CPU profile: %+v", m)
		}
		r.Handle(m)
	}
	want := finding.Counts{Set: finding.New, Profiles: 1, Rate: 64, Unplaced: 192, GrowthCount: finding.GrowthCount{
		Growths: 512, InPlace: 320, Copied: 65536 + 2*131072, Nanos: 640000 + 1280 + 128000 + 1920, Reach: 16384,
	}}
	if !reflect.DeepEqual(*r.New, want) {
		t.Errorf("all: %+v, want %+v", *r.New, want)
	}
	var got []string
	for _, by := range []string{finding.ByEntry, finding.ByTrigger} {
		for _, row := range r.Rows(by) {
			c := row.New
			got = append(got, fmt.Sprint(by, " ", c.Name, " ", c.Place(), " ", c.System, " ", c.GrowthCount))
		}
	}
	wanted := []string{
		"entry main.serve server.go:35 false {192 128 65536 641280 8192}",
		"entry main.poll other.go:9 false {64 0 131072 64000 4096}",
		"entry main.poll poll.go:7 false {64 0 131072 64000 4096}",
		"entry runtime.bgsweep mgcsweep.go:1 true {192 192 0 1920 16384}",
		"trigger main.parse code.go:10 false {192 128 65536 641280 8192}",
		"trigger fmt.Fprintf code.go:40 false {128 0 262144 128000 4096}",
		"trigger (call stack not kept)  false {192 192 0 1920 16384}",
	}
	if !reflect.DeepEqual(got, wanted) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
	}
	sentences := strings.Join(messages[len(messages)-1].Verdict.Sentences, "\n")
	for _, want := range []string{"512 growths (one in 64 was recorded)", "copied 320 KiB", "62.5% of them were in place", "% of that time is from main.serve, started at server.go:35, reaching 8 KiB"} {
		if !strings.Contains(sentences, want) {
			t.Errorf("no %q in\n%s", want, sentences)
		}
	}
}

// TestCountReplay: saved findings, with a base, give the same findings again; and CPU profiles may be among the inputs.
func TestCountReplay(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "new/growths", encoded(t, twoServers(t)))
	write(t, dir, "new/cpu", encoded(t, busy(t)))
	write(t, dir, "old/growths", encoded(t, counted(t, "10 10 10 copied 2048 4096 main.old /src/old.go:1 | main.f main.old")))
	o := Opener{Dir: dir}
	first := stream(t, o, nil, false, "new", "old")
	kinds := map[string]int{}
	for _, m := range first {
		switch {
		case m.Counts != nil:
			kinds["counts "+m.Counts.Set]++
		case m.Growth != nil:
			kinds["growth "+m.Growth.Set]++
		}
	}
	if want := map[string]int{"counts new": 1, "counts base": 1, "growth new": 1}; !reflect.DeepEqual(kinds, want) {
		t.Errorf("messages %v, want %v", kinds, want)
	}
	write(t, dir, "saved", asJSON(t, first))
	if again := stream(t, o, nil, false, "saved", ""); !reflect.DeepEqual(again, first) {
		t.Errorf("replayed:\n%s\nwant:\n%s", asJSON(t, again), asJSON(t, first))
	}
}

// TestHighWater: an entry reaches as far as the estimate says, also one of whose growths none is in the sample.
func TestHighWater(t *testing.T) {
	p := twoServers(t)
	p.Comments = []string{
		"high-water estimate: from 40000 to 65536 bytes, entry main.serve.gowrap1", "high-water estimate: from 2000 to 4096 bytes, entry main.rare",
		"high-water estimate: from 90000 to 131072 bytes, entry main.poll", "of something else", "high-water estimate: from -1 to -5 bytes, entry main.broken",
	}
	c := NewCount(finding.New)
	if err := c.Fold(p); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for range 2 {
		for _, m := range c.Results() {
			if m.Counter != nil && m.Counter.By == finding.ByEntry {
				got[m.Counter.Name+" "+m.Counter.Place()] = m.Counter.Reach
			}
		}
	}
	want := map[string]int64{
		"main.serve server.go:35": 65536, "main.rare ": 4096, "main.poll poll.go:7": 4096, "main.poll other.go:9": 4096,
		"runtime.bgsweep mgcsweep.go:1": 16384,
	}
	if !reflect.DeepEqual(got, want) || c.total.Reach != 131072 {
		t.Errorf("got %v and %d in all, want %v", got, c.total.Reach, want)
	}
}

func TestCountNegative(t *testing.T) {
	p := twoServers(t)
	p.Sample[1].Value[2] = -1
	a := NewAnalysis(Opener{Stdin: bytes.NewReader(encoded(t, p))}, nil, false)
	if err := a.Read("-"); err == nil || !strings.Contains(err.Error(), "negative") || a.newCount.total.Profiles != 0 {
		t.Errorf("error %v", err)
	}
}

// TestRunningGrowths reads the profile of a running program, all of it or what comes in some seconds.
func TestRunningGrowths(t *testing.T) {
	data := encoded(t, twoServers(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(data) }))
	defer server.Close()
	for path, said := range map[string]string{
		"/debug/pprof/stackgrowth":           "",
		"/debug/pprof/stackgrowth?seconds=7": "recording 7s of ",
	} {
		var progress string
		o := Opener{Seconds: 3, Progress: func(line string) { progress += line }}
		counts := stream(t, o, nil, false, server.URL+path, "")[1].Counts
		if counts == nil || counts.Growths != 512 || !strings.HasPrefix(progress, said) || (said == "") != (progress == "") {
			t.Errorf("%s: %+v, said %q", path, counts, progress)
		}
	}
}
