// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/spadego/spade/internal/finding"
)

func encoded(t *testing.T, p *profile.Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stream is what an analysis of name, with a base if that is not empty, emits.
func stream(t *testing.T, o Opener, sizes Sizes, stacks bool, name, base string) []finding.Message {
	t.Helper()
	a := NewAnalysis(o, sizes, stacks)
	if err := a.Read(name); err != nil {
		t.Fatal(err)
	}
	if base != "" {
		if err := a.ReadBase(base); err != nil {
			t.Fatal(err)
		}
	}
	var all collected
	if _, err := a.Emit("v0", &all); err != nil {
		t.Fatal(err)
	}
	return all
}

type collected []finding.Message

func (c *collected) Handle(m finding.Message) error { *c = append(*c, m); return nil }
func (c *collected) Flush() error                   { return nil }

func asJSON(t *testing.T, messages []finding.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, m := range messages {
		if err := json.NewEncoder(&b).Encode(m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestReplay checks that saved findings, with frame sizes, stacks and a base, give the same findings again without the binary.
func TestReplay(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "new", encoded(t, busy(t)))
	old := newBuilder()
	old.add(1, "runtime.newstack main.old")
	old.add(99, "main.work main.old")
	old.add(1, "runtime.newstack "+strings.Repeat("main.dig ", maxStack)+"main.work")
	write(t, dir, "old", encoded(t, old.p))
	o := Opener{Dir: dir}
	sizes := func(name string) (int64, bool) { return 10 * int64(len(name)), true }
	first := stream(t, o, sizes, true, "new", "old")
	write(t, dir, "saved", asJSON(t, first))
	if again := stream(t, o, nil, true, "saved", ""); !reflect.DeepEqual(again, first) {
		t.Errorf("replayed:\n%s\nwant:\n%s", asJSON(t, again), asJSON(t, first))
	}
}

func TestBadInputs(t *testing.T) {
	good := encoded(t, busy(t))
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 0xff
	heap := encoded(t, &profile.Profile{SampleType: []*profile.ValueType{{Type: "inuse_space", Unit: "bytes"}}})
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "it is empty"},
		{"cut", good[:len(good)/2], "it is cut off"},
		{"cut header", good[:5], "it is cut off"},
		{"damaged", flipped, "damaged"},
		{"text", []byte("goroutine 1 [running]:\n"), "neither a pprof profile nor findings"},
		{"heap", heap, "a profile of inuse_space, not of CPU time"},
		{"other JSON", []byte(`{"version": 2}`), "has no config"},
		{"other protocol", []byte(`{"config":{"protocol":"spade/99"}}`), `format "spade/99"`},
		{"other analysis", []byte(`{"config":{"protocol":"spade/1","analysis":"depth"}}`), "depth's"},
		{"cut JSON", []byte(`{"config":{"protocol":"spade/1","analysis":"growth"}}` + "\n{\"growth\":{"), "it is cut off"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := NewAnalysis(Opener{Stdin: bytes.NewReader(tt.data)}, nil, false)
			err := a.Read("-")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if !strings.HasPrefix(fmt.Sprint(err), "standard input: ") {
				t.Errorf("error %v does not name the input", err)
			}
			if a.new.total.Profiles != 0 {
				t.Error("something was counted")
			}
		})
	}
}

// TestManyProfiles merges 200 profiles of the same program: sums are exact, and what is kept is that of one.
func TestManyProfiles(t *testing.T) {
	const profiles = 200
	dir := t.TempDir()
	for i := range profiles {
		write(t, dir, fmt.Sprintf("host%d/cpu%d.pprof", i%7, i), encoded(t, busy(t)))
	}
	write(t, dir, "README", []byte("what these are"))
	write(t, dir, ".hidden/cpu.pprof", encoded(t, busy(t)))
	one := NewTally(finding.New, nil, true)
	if err := one.Fold(busy(t)); err != nil {
		t.Fatal(err)
	}
	a := NewAnalysis(Opener{Dir: dir}, nil, true)
	if err := a.Read("."); err != nil {
		t.Fatal(err)
	}
	g := a.new.total
	if g.Profiles != profiles || g.CPU != profiles*one.total.CPU || g.Growth.Unwinding != profiles*one.total.Growth.Unwinding {
		t.Errorf("got %+v", g)
	}
	if kept, want := kept(a.new), kept(one); kept != want {
		t.Errorf("%d things are kept, %d of one profile", kept, want)
	}
	if len(a.sources) != 1 || !a.sources[0].Skipped || a.sources[0].Name != "README" {
		t.Errorf("left out: %+v", a.sources)
	}
}

// kept counts what a Tally holds on to.
func kept(t *Tally) int {
	return len(t.entries) + len(t.triggers) + len(t.frames) + len(t.cut) + len(t.under) + len(t.stacks.byKey) + len(t.stacks.strings)
}

// TestManyStacks checks that only so many stacks are kept, and that their time is not lost.
func TestManyStacks(t *testing.T) {
	tally := NewTally(finding.New, nil, true)
	const extra = 50
	for i := range maxKept + extra {
		calls := []call{{name: "runtime.newstack"}, {name: "main.dig", line: int64(i)}, {name: "main.serve"}}
		tally.fold(calls, false, weight{1, 1})
	}
	if n := len(tally.stacks.byKey); n != maxKept+1 {
		t.Errorf("%d stacks are kept, want %d and one for the others", n, maxKept)
	}
	var nanos int64
	for _, st := range tally.stacks.sorted() {
		nanos += st.Nanos
	}
	if nanos != maxKept+extra || tally.stacks.folded != extra {
		t.Errorf("stacks hold %d ns, %d samples folded", nanos, tally.stacks.folded)
	}
}

func TestRunningProgram(t *testing.T) {
	data := encoded(t, busy(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.String() != "/debug/pprof/profile?seconds=3" {
			http.Error(w, "no such profile", http.StatusNotFound)
			return
		}
		w.Write(data)
	}))
	defer server.Close()
	var progress []string
	o := Opener{Seconds: 3, Progress: func(line string) { progress = append(progress, line) }}
	for _, path := range []string{"", "/", "/debug/pprof", "/debug/pprof/", "/debug/pprof/profile", "/debug/pprof/profile?seconds=3"} {
		if g := stream(t, o, nil, false, server.URL+path, "")[1].Growth; g == nil || g.Samples != 1000 {
			t.Errorf("%s: got %+v", path, g)
		}
	}
	if len(progress) != 6 || !strings.Contains(progress[0], "recording 3s of ") {
		t.Errorf("progress %q", progress)
	}
	for path, want := range map[string]string{
		"/debug/pprof/heap":              "the server answers 404 Not Found: no such profile",
		"/debug/pprof/stackgrowth":       "spade has not built it",
		"/debug/pprof/profile?seconds=x": "no number from 1 to 3600",
	} {
		err := NewAnalysis(o, nil, false).Read(server.URL + path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", path, err, want)
		}
	}
	server.Close()
	if err := NewAnalysis(o, nil, false).Read(server.URL); err == nil {
		t.Error("no error from a server that is gone")
	}
}

func TestMissingFile(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{"none.pprof": "none.pprof: no such file", ".": "the directory holds no CPU profile"} {
		err := NewAnalysis(Opener{Dir: dir}, nil, false).Read(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	b := newBuilder()
	b.add(1, "runtime.pcvalue runtime.copystack runtime.newstack main.in~ main.dig main.serve")
	b.add(1, "runtime.newstack")
	b.add(1, "runtime.newstack "+strings.Repeat("main.dig ", maxStack))
	var plain, zipped bytes.Buffer
	b.p.WriteUncompressed(&plain)
	b.p.Write(&zipped)
	f.Add(plain.Bytes())
	f.Add(zipped.Bytes())
	var growths bytes.Buffer
	servers := twoServers(f)
	servers.Comments = []string{"high-water estimate: from 1 to 9223372036854775807 bytes, entry main.serve.gowrap1"}
	servers.WriteUncompressed(&growths)
	f.Add(growths.Bytes())
	f.Add([]byte(`{"config":{"protocol":"spade/1","analysis":"growth"}}{"growth":{"cpu":-1,"growth":{"copying":9223372036854775807}}}{"payer":{"by":"entry"}}{"stack":{}}`))
	sizes := func(name string) (int64, bool) { return int64(len(name)) << 20, len(name)%2 == 0 }
	f.Fuzz(func(t *testing.T, data []byte) {
		a := NewAnalysis(Opener{Stdin: bytes.NewReader(data)}, sizes, true)
		if a.Read("-") != nil {
			return
		}
		if share, err := a.Emit("v0", discard{}); err != nil || !(share >= 0) {
			t.Errorf("share %v, error %v", share, err)
		}
	})
}

// FuzzFold folds profiles whose stacks are made of the names that matter, in any order.
func FuzzFold(f *testing.F) {
	names := []string{"main.a", "main.b", "runtime.main", "runtime.mcall", "runtime.goexit", "main.f.gowrap1", "sync.(*WaitGroup).Go.func1", ""}
	for name := range duties {
		names = append(names, name)
	}
	slices.Sort(names)
	f.Add([]byte{9, 8, 0x87, 6, 0xff, 5, 4, 3}, int64(1))
	f.Fuzz(func(t *testing.T, data []byte, value int64) {
		tally := NewTally(finding.New, func(name string) (int64, bool) { return value, len(name)%2 == 0 }, true)
		var samples int64
		for stack := range bytes.SplitSeq(data, []byte{0xff}) {
			s := &profile.Sample{Value: []int64{1, max(0, value)}, Location: []*profile.Location{nil}}
			for _, b := range stack {
				line := profile.Line{Function: &profile.Function{Name: names[int(b&0x7f)%len(names)]}}
				s.Location = append(s.Location, &profile.Location{Line: []profile.Line{line, {}}[:1+b>>7]})
			}
			p := newBuilder().p
			p.Sample = []*profile.Sample{s}
			if err := tally.Fold(p); err != nil {
				t.Fatal(err)
			}
			samples++
		}
		r := reportOf(tally)
		Verdict(r)
		g := r.New
		if g.Samples != samples || g.GrowthSamples > samples || g.Growth.Total() > g.CPU {
			t.Errorf("%+v", g)
		}
		for _, by := range []string{finding.ByEntry, finding.ByTrigger, finding.ByFrame} {
			var sum int64
			for _, n := range paid(r, by) {
				sum += n
			}
			if sum != g.GrowthSamples {
				t.Errorf("payers by %s have %d samples of %d", by, sum, g.GrowthSamples)
			}
		}
	})
}

type discard struct{}

func (discard) Handle(m finding.Message) error { return json.NewEncoder(io.Discard).Encode(m) }
func (discard) Flush() error                   { return nil }
