// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

//go:build long

package depth

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spadego/spade/internal/finding"
)

// large is how many functions the program has that TestLarge writes.
const large = 300_000

// TestLarge prints what the analysis of a program takes that is larger than those of TestPrograms, and what it takes again after an edit. The program is
// generated, as there is hardly one that is built in less than an hour. Its packages have what makes an analysis expensive: interfaces with many types,
// function values, go statements, deferred calls, recursion, and values that all packages put into one container.
func TestLarge(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(5 << 30))
	dir := t.TempDir()
	writeLarge(t, dir, large)
	first := timed(t, "first", func() *Analysis { return analyseLarge(t, dir, nil) })
	report := first.report
	some := 0
	for _, e := range report.Entries {
		if bounded(e) {
			some++
		}
	}
	t.Logf("%d functions, %d of %d entries bounded", report.Program.Functions, some, len(report.Entries))
	if report.Program.Functions < large || some == 0 || some == len(report.Entries) {
		t.Errorf("a program of %d functions was to have some entries with a bound, and some without", large)
	}
	record := first.analysis.Record
	first = nil
	edited := filepath.Join(dir, "p7", "p.go")
	text, err := os.ReadFile(edited)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, edited, strings.Replace(string(text), "\treturn n * 2\n", "\tvar local [64]int\n\tlocal[n&63] = Apply3(n)\n\treturn local[n&31]\n", 1))
	again := timed(t, "after an edit", func() *Analysis { return analyseLarge(t, dir, record) })
	record, again.analysis = nil, nil // the command would be another process
	fresh := timed(t, "the same anew", func() *Analysis { return analyseLarge(t, dir, nil) })
	if !reflect.DeepEqual(again.report, fresh.report) {
		t.Error("after an edit other depths were found than anew")
	}
}

type timedAnalysis struct {
	analysis *Analysis
	report   finding.DepthReport
}

// timed prints what an analysis takes with its build, until it is reported.
func timed(t *testing.T, name string, do func() *Analysis) *timedAnalysis {
	t.Helper()
	start, before := time.Now(), processorTime(t)
	a := do()
	c := &collector{}
	if err := a.Emit("", "", c); err != nil {
		t.Fatal(err)
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %v, %v of processor time without the build, at most %d MiB resident so far",
		name, time.Since(start).Round(100*time.Millisecond), (processorTime(t) - before).Round(100*time.Millisecond), u.Maxrss>>10)
	return &timedAnalysis{a, c.DepthReport}
}

// analyseLarge builds and analyses the program: by a record, if there is one.
func analyseLarge(t *testing.T, dir string, r *Record) *Analysis {
	t.Helper()
	a, err := analyseIn(t, dir, r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const (
	largeTypes   = 25
	largeMethods = 8
	// largePackage is how many functions a package has at least: for each type the methods, its String, a constructor, a function with a
	// literal, and a method expression's wrapper now and then.
	largePackage = largeTypes * (largeMethods + 4)
)

// writeLarge writes a module with a program of so many functions at least.
func writeLarge(t *testing.T, dir string, functions int) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, name, text)
	}
	write("go.mod", "module large\n\ngo 1.26\n")
	write("all/all.go", "package all\n\nvar Values []any\n\ntype Named interface{ String() string }\n")
	var imports, runs strings.Builder
	n := (functions + largePackage - 1) / largePackage
	for i := range n {
		write(fmt.Sprintf("p%d/p.go", i), largeText(i))
		fmt.Fprintf(&imports, "\t\"large/p%d\"\n", i)
		fmt.Fprintf(&runs, "\tp%d.Run(n)\n", i)
	}
	write("main.go", fmt.Sprintf(`package main

import (
	"fmt"
	"os"

	"large/all"
%s)

func main() {
	n := len(os.Args)
%s	for _, v := range all.Values {
		fmt.Println(v)
		if named, ok := v.(all.Named); ok {
			println(named.String())
		}
	}
}
`, imports.String(), runs.String()))
}

// largeText is the source of package number i, which calls one before it.
func largeText(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package p%d\n\nimport (\n\t\"sync\"\n\n\t\"large/all\"\n", i)
	before := "func(n int) int { return n }"
	if i > 0 {
		fmt.Fprintf(&b, "\t\"large/p%d\"\n", i/2)
		before = fmt.Sprintf("p%d.Apply0", i/2)
	}
	b.WriteString(")\n\ntype Worker interface {\n")
	for m := range largeMethods {
		fmt.Fprintf(&b, "\tM%d(n int, w Worker) int\n", m)
	}
	b.WriteString("}\n\nvar workers = map[int]Worker{}\n\nvar mu sync.Mutex\n")
	for k := range largeTypes {
		fmt.Fprintf(&b, "\ntype T%d struct {\n\tnext Worker\n\tf func(int) int\n\tnumbers [%d]int\n}\n", k, k%7+1)
		for m := range largeMethods {
			fmt.Fprintf(&b, "\n//go:noinline\nfunc (t *T%d) M%d(n int, w Worker) int {\n", k, m)
			switch {
			case m == largeMethods-1: // the last does not go on
				fmt.Fprintf(&b, "\tt.numbers[n%%len(t.numbers)] += %d\n\treturn t.numbers[0]\n", k)
			case m%4 == 1:
				fmt.Fprintf(&b, "\tmu.Lock()\n\tdefer mu.Unlock()\n\treturn w.M%d(n+%d, t)\n", m+1, k)
			case m%4 == 2:
				fmt.Fprintf(&b, "\tvar local [%d]int\n\tfor i := range local {\n\t\tlocal[i] = t.f(n + i)\n\t}\n\treturn local[n%%len(local)] + t.next.M%d(n, w)\n", 2*k+1, m+1)
			default:
				fmt.Fprintf(&b, "\tif n > %d {\n\t\treturn t.next.M%d(n-1, w)\n\t}\n\treturn Apply%d(n)\n", k, m+1, (k+m)%largeTypes)
			}
			b.WriteString("}\n")
		}
		fmt.Fprintf(&b, "\n//go:noinline\nfunc (t *T%d) String() string { return \"T%d of p%d\" }\n", k, k, i)
		fmt.Fprintf(&b, "\n//go:noinline\nfunc New%d(next Worker, by int) *T%d {\n\treturn &T%d{next: next, f: func(n int) int { return Apply%d(n * by) }}\n}\n", k, k, k, (k+1)%largeTypes)
		fmt.Fprintf(&b, "\n//go:noinline\nfunc Apply%d(n int) int {\n", k)
		switch {
		case k == largeTypes-1: // into the package before
			fmt.Fprintf(&b, "\tf := %s\n\treturn f(n) + 1\n", before)
		case k%5 == 0:
			fmt.Fprintf(&b, "\tif n == 0 {\n\t\treturn 0\n\t}\n\treturn Apply%d(n-1) + %d\n", k+1, k)
		default:
			fmt.Fprintf(&b, "\treturn n * %d\n", k)
		}
		b.WriteString("}\n")
	}
	b.WriteString("\nfunc Run(n int) {\n\tvar w Worker\n")
	for k := range largeTypes {
		fmt.Fprintf(&b, "\tw%d := New%d(w, n)\n\tw, workers[n+%d] = w%d, w%d\n\tall.Values = append(all.Values, w%d)\n", k, k, k, k, k, k)
	}
	fmt.Fprintf(&b, "\tvar group sync.WaitGroup\n\tgroup.Go(func() { workers[n].M0(n, w) })\n\tgo w%d.M%d(n, w)\n\tgo Apply1(n)\n\tgroup.Wait()\n}\n", largeTypes-1, largeMethods-1)
	return b.String()
}
