// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// analysed builds the program in a directory of testdata and returns the binary and what is found of it.
func analysed(t *testing.T, name string, flags ...string) (binary string, report *finding.DepthReport) {
	t.Helper()
	return analysedIn(t, environment(), name, flags...)
}

func analysedIn(t *testing.T, env []string, name string, flags ...string) (binary string, report *finding.DepthReport) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	dir, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	binary = built(t, dir, env, flags...)
	a, err := analyseBinary(t, binary, Source{Dir: dir, Env: env, Main: ".", Trimmed: slices.Contains(flags, "-trimpath")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &collector{}
	if err := a.Emit("", "", c); err != nil {
		t.Fatal(err)
	}
	return binary, &c.DepthReport
}

// built builds the program in a directory and returns the binary, which has the directory's name.
func built(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), filepath.Base(dir))
	cmd := exec.Command("go", slices.Concat([]string{"build", "-o", binary}, args)...)
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// analyseBinary analyses a binary: by a record, if there is one.
func analyseBinary(t *testing.T, binary string, from Source, r *Record) (*Analysis, error) {
	t.Helper()
	f, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if r != nil {
		return AnalyseAgain(f, from, r)
	}
	return Analyse(f, from)
}

// environment keeps the tester's own flags, and C, out of the programs.
func environment() []string { return append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0") }

type collector struct{ finding.DepthReport }

func (*collector) Flush() error { return nil }

// entryNamed returns the entry of a name.
func entryNamed(t *testing.T, r *finding.DepthReport, name string) *finding.Entry {
	t.Helper()
	i := slices.IndexFunc(r.Entries, func(e *finding.Entry) bool { return e.Name == name })
	if i < 0 {
		t.Fatalf("no entry %s", name)
	}
	return r.Entries[i]
}

// A want is what the comment above a function of the corpus says.
type want struct {
	status finding.Status
	rest   []string
	over   int64 // by how many percent the bound may be too large
}

var wanted = regexp.MustCompile(`(?m)^// want (exact|upper bound|lower bound|unbounded)(.*)\nfunc (\w+)\(`)

func wants(t *testing.T, dir string) map[string]want {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of %s, %v", dir, err)
	}
	all := map[string]want{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range wanted.FindAllStringSubmatch(string(data), -1) {
			w := want{finding.Status(m[1]), strings.Fields(m[2]), 5}
			if last := len(w.rest) - 1; last >= 0 && strings.HasSuffix(w.rest[last], "%") {
				if _, err := fmt.Sscanf(w.rest[last], "%d%%", &w.over); err != nil {
					t.Fatal(err)
				}
				w.rest = w.rest[:last]
			}
			all["main."+m[3]] = w
		}
	}
	return all
}

// An observation is what a goroutine did: the bytes of stack that it used, and the size of its stack then.
type observation struct{ used, size int64 }

// observed runs the program, which prints names of entries with what their goroutines did, shallow ones first.
func observed(t *testing.T, binary string, args ...string) map[string][]observation {
	t.Helper()
	out, err := exec.Command(binary, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all := map[string][]observation{}
	for line := range strings.Lines(string(out)) {
		var name string
		var o observation
		if _, err := fmt.Sscan(line, &name, &o.used, &o.size); err != nil {
			t.Fatalf("%s prints %q: %v", binary, line, err)
		}
		all[name] = append(all[name], o)
	}
	return all
}

// TestCorpus compares the bounds of small programs with how deep their goroutines get, and what keeps the others from having one.
func TestCorpus(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the corpus measures itself in assembly for amd64")
	}
	for _, test := range []struct {
		name  string
		flags []string
	}{
		{"corpus", nil},
		{"corpus", []string{"-gcflags=all=-l", "-ldflags=-s -w", "-trimpath", "-buildmode=pie"}},
	} {
		t.Run(strings.Join(append([]string{test.name}, test.flags...), " "), func(t *testing.T) {
			binary, report := analysed(t, test.name, test.flags...)
			seen := observed(t, binary)
			for name, want := range wants(t, test.name) {
				compare(t, entryNamed(t, report, name), want, seen[name])
			}
			compareSizes(t, report, seen["main.sized"])
			for _, e := range report.Entries {
				if strings.Contains(e.Name, "unused") {
					t.Errorf("%s is not in the binary", e.Name)
				}
			}
		})
	}
}

// compare checks one entry. Of a recursion, the program takes the same number of turns more each time.
func compare(t *testing.T, e *finding.Entry, want want, seen []observation) {
	t.Helper()
	if len(seen) == 0 {
		t.Errorf("%s was not driven down", e.Name)
		return
	}
	if e.Status != want.status {
		t.Errorf("%s is %s, want %s: %+v", e.Name, e.Status, want.status, *e)
		return
	}
	last := seen[len(seen)-1]
	switch e.Status {
	case finding.Exact:
		if e.Bound != last.used || e.Forecast.Size != last.size {
			t.Errorf("%s: exactly %d bytes on %d, but it used %d on %d: %+v", e.Name, e.Bound, e.Forecast.Size, last.used, last.size, e.Path)
		}
	case finding.UpperBound:
		if e.Bound < last.used || e.Bound > last.used+last.used*want.over/100 || e.Forecast.Size < last.size {
			t.Errorf("%s: at most %d bytes on %d, but it used %d on %d: %+v", e.Name, e.Bound, e.Forecast.Size, last.used, last.size, e.Path)
		}
	case finding.LowerBound:
		if e.Unknowns[0].Kind != want.rest[0] || len(e.Unknowns) != 1 {
			t.Errorf("%s: unknown is %+v, want one of %s", e.Name, e.Unknowns, want.rest[0])
		}
		return
	case finding.Unbounded:
		compareCycle(t, e, want, seen)
		return
	}
	if len(want.rest) > 0 && e.Kind != want.rest[0] {
		t.Errorf("%s is of kind %s, want %s", e.Name, e.Kind, want.rest[0])
	}
	if e.Forecast.Size < e.Bound || e.Forecast.Size >= 4*(e.Bound+guard) || e.Forecast.Growths == 0 || e.Forecast.Copied == 0 {
		t.Errorf("%s: %d bytes and the forecast %+v", e.Name, e.Bound, e.Forecast)
	}
}

// compareSizes checks the forecast of entries whose stacks grow or just do not, in the order of their go statements.
func compareSizes(t *testing.T, report *finding.DepthReport, seen []observation) {
	t.Helper()
	var sized []*finding.Entry
	for _, e := range report.Entries {
		if e.Name == "main.sized" {
			sized = append(sized, e)
		}
	}
	slices.SortFunc(sized, func(a, b *finding.Entry) int { return cmp.Compare(a.GoSites[0].Line, b.GoSites[0].Line) })
	if len(sized) != len(seen) || len(seen) < 10 || seen[0].size == seen[len(seen)-1].size {
		t.Fatalf("%d entries, %d observed: %v", len(sized), len(seen), seen)
	}
	for i, e := range sized {
		if e.Status != finding.Exact || e.Bound < seen[i].used || e.Forecast.Size != seen[i].size {
			t.Errorf("%s of %d bytes, on a stack of %d in the end: observed are %+v", e.Status, e.Bound, e.Forecast.Size, seen[i])
		}
	}
}

func compareCycle(t *testing.T, e *finding.Entry, want want, seen []observation) {
	t.Helper()
	if len(e.Cycles) != 1 {
		t.Errorf("%s has the cycles %+v, want one", e.Name, e.Cycles)
		return
	}
	c := e.Cycles[0]
	certainty := "certain"
	if words := map[string]string{"possible": "possible", "reachable": "certain if it is reached"}; len(want.rest) > 0 && words[want.rest[0]] != "" {
		certainty, want.rest = words[want.rest[0]], want.rest[1:]
	}
	if got := c.Certainty(); got != certainty || e.CertainlyUnbounded() != (certainty == "certain") {
		t.Errorf("%s: the cycle is %s, want %s", e.Name, got, certainty)
	}
	slices.Sort(c.Funcs)
	if !slices.Equal(c.Funcs, want.rest) {
		t.Errorf("%s: cycle of %q, want %q", e.Name, c.Funcs, want.rest)
	}
	const turns = 8
	over := int64(0) // without a panic, a turn takes the same each time
	if want.over != 5 {
		over = want.over
	}
	if more := seen[1].used - seen[0].used; more > turns*c.Bytes || turns*c.Bytes > more+more*over/100 {
		t.Errorf("%s: %d bytes a turn, but %d turns more took %d bytes", e.Name, c.Bytes, turns, more)
	}
}

// TestReflection has calls whose targets are not what flows through the source: a bound must count the deepest all the same.
func TestReflection(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "reflection")
	seen := observed(t, binary)
	for _, name := range []string{"main.set", "main.stored", "main.punned", "main.maker", "main.handed", "main.functionMade", "main.methodTaken", "main.cleaned"} {
		if e := entryNamed(t, report, name); e.Bound < seen[name][0].used {
			t.Errorf("%s: %s of %d, but it used %d: %+v", name, e.Status, e.Bound, seen[name][0].used, e.Path)
		}
	}
	called := entryNamed(t, report, "main.called")
	reflects := slices.ContainsFunc(called.Unknowns, func(u finding.Unknown) bool {
		return u.Kind == finding.UnknownAssembly && u.Func == "runtime.reflectcall"
	})
	if called.Status == finding.Exact || called.Status == finding.UpperBound || !reflects {
		t.Errorf("main.called is %s, with the unknowns %+v", called.Status, called.Unknowns)
	}
}

// TestDecoding: packages that decode set no interface with methods, nor any function; errors.As sets what it is given a pointer to.
func TestDecoding(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	binary, report := analysed(t, "decoding")
	seen := observed(t, binary)
	for _, name := range []string{"main.asTarget", "main.anyField", "main.decoded"} {
		if e := entryNamed(t, report, name); e.Bound < seen[name][0].used {
			t.Errorf("%s: %s of %d, but it used %d: %+v", name, e.Status, e.Bound, seen[name][0].used, e.Path)
		}
	}
	if e := entryNamed(t, report, "main.decoded"); !bounded(e) || e.Bound > 16<<10 {
		t.Errorf("main.decoded: %s of %d: %+v", e.Status, e.Bound, e.Path)
	}
}

// TestImplicit compares bounds with what was touched of the stack in what the compiler calls on its own.
func TestImplicit(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the program measures itself in assembly for amd64")
	}
	t.Setenv("GODEBUG", "asyncpreemptoff=1,gcshrinkstackoff=1")
	binary, report := analysed(t, "implicit")
	seen := observed(t, binary)
	if len(seen) < 20 {
		t.Fatalf("only %d goroutines were observed", len(seen))
	}
	for name, o := range seen {
		e := entryNamed(t, report, name)
		if bounded(e) && e.Bound < o[0].used {
			t.Errorf("%s: %s of %d, but it used %d: %+v", name, e.Status, e.Bound, o[0].used, e.Path)
		}
	}
	for _, name := range []string{"main.outOfRange", "main.divides", "main.starts"} { // their function literals start in the same lines
		if e := entryNamed(t, report, name); !bounded(e) {
			t.Errorf("%s is %s: %+v", name, e.Status, e.Cycles)
		}
	}
}

func bounded(e *finding.Entry) bool {
	return e.Status == finding.Exact || e.Status == finding.UpperBound
}

// TestMismatch gives a binary another program's source.
func TestMismatch(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the programs are for amd64")
	}
	binary, _ := analysed(t, "reflection")
	f, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var mismatch *MismatchError
	_, err = Analyse(f, Source{Dir: "testdata/corpus", Env: environment(), Main: "."})
	if !errors.As(err, &mismatch) || !strings.HasPrefix(mismatch.Func, "main.") {
		t.Errorf("error %v", err)
	}
}
