// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// claimed are the first and the last number of each part of the articles' claims: none may be lost.
var claimed = [][2]int{{1, 12}, {20, 29}, {30, 35}, {40, 44}, {50, 56}}

func TestEveryClaimIsThere(t *testing.T) {
	var want, got []string
	for _, part := range claimed {
		for n := part[0]; n <= part[1]; n++ {
			want = append(want, fmt.Sprintf("C%02d", n))
		}
	}
	for _, c := range claims {
		got = append(got, c.id)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the claims are\n%v\nwant\n%v", got, want)
	}
}

// TestClaimsHaveExperiments checks that each claim has an experiment that exists, and a rule.
func TestClaimsHaveExperiments(t *testing.T) {
	for _, c := range claims {
		if c.text == "" || c.from == "" {
			t.Errorf("%s: text %q, from %q", c.id, c.text, c.from)
		}
		if len(c.by) == 0 || c.rule == nil {
			t.Errorf("%s needs an experiment and a rule", c.id)
		}
		for _, name := range c.by {
			if rank(name) == len(catalog) {
				t.Errorf("%s rests on %s, which is not in the catalog", c.id, name)
			}
		}
	}
}

// TestFactsServeClaims checks that no test is run for nothing.
func TestFactsServeClaims(t *testing.T) {
	for _, f := range facts {
		if !slices.ContainsFunc(claims, func(c claim) bool { return slices.Contains(c.by, f.Name) }) {
			t.Errorf("no claim rests on %s", f.Name)
		}
	}
}

// TestNoVerdictWithoutSamples judges all claims by samples of something else.
func TestNoVerdictWithoutSamples(t *testing.T) {
	sheet := sheetOf(t, "lane: copy\nBenchmarkOther 1 100 cpu-ns/op\n")
	for _, c := range claims {
		found := c.judge(sheet)
		if found.verdict != undecided || found.why == "" {
			t.Errorf("%s: %s, because %q", c.id, found, found.why)
		}
	}
}

// TestRulesReadWhatTheyName checks that a rule asks only for workloads that its claim names, so that the command reproduces it.
func TestRulesReadWhatTheyName(t *testing.T) {
	sheet := sheetOf(t, "lane: copy\nBenchmarkOther 1 100 cpu-ns/op\n")
	for _, c := range claims {
		for _, lacking := range c.lacking(sheet) {
			if !slices.ContainsFunc(c.by, func(name string) bool { return strings.Contains(lacking+" ", " "+name+" ") }) {
				t.Errorf("%s rests on %v, and its rule says: %s", c.id, c.by, lacking)
			}
		}
	}
}

// sheetOf returns samples in the benchmark format as the sheet of one Go version.
func sheetOf(t *testing.T, text string) *sheet {
	t.Helper()
	var r results
	if err := r.read(strings.NewReader("go: go1.99\n"+text), "text"); err != nil {
		t.Fatal(err)
	}
	return r.sheets()[0]
}

// times returns n samples of a lane.
func times(n int, lane, line string) string {
	return "lane: " + lane + "\n" + strings.Repeat(line+"\n", n)
}

func TestVerdicts(t *testing.T) {
	spawn := func(n int, mean, half, most string) string {
		return times(n, "stock", "BenchmarkShallow/spawn 1 1 ns/op "+mean+" cpu-ns/op") +
			times(n, "stock", "BenchmarkSpawn/latency 1 1 ns/op "+half+" p50-ns "+most+" p99-ns") +
			times(n, "quiet", "BenchmarkSpawn/latency 1 1 ns/op 50 p50-ns 60 p99-ns")
	}
	page := func(bytes string) string {
		return times(6, "copy", "BenchmarkMemory/page 1 "+bytes+" net-bytes/op") + times(6, "copy", "BenchmarkMemory/shallow/100000 1 2800 net-bytes/op")
	}
	skipped := func(name string) string { return skipMark + "go1.99\t" + name + "\tstock\tnot here\n" }
	checks := func(name, share string) string {
		return times(6, "stock", "BenchmarkChecks/"+name+" 1 "+share+" "+unitCheckShare+" 8 "+unitCheckText+" 100 "+unitProgramText)
	}
	start := times(6, "stock", "BenchmarkLanguages/start 1 300 ns/op")
	for _, test := range []struct {
		name, claim, text string
		want              string
	}{
		{"a fact that passed", "C22", times(1, "stock", "BenchmarkFact/newproc 1 1 passed"), "does not hold"},
		{"a fact that failed", "C22", "# no sample\tgo1.99\tFact/newproc\tstock\tthe test fails\n", "undecided"},
		{"one of two facts", "C32", times(1, "stock", "BenchmarkFact/closetwice 1 1 passed"), "undecided"},
		{"in part", "C20", spawn(6, "150", "200", "400"), "holds partly"},
		{"in no part", "C20", spawn(6, "900", "2000", "4000"), "does not hold"},
		{"few samples", "C20", spawn(5, "900", "2000", "4000"), "does not hold, provisionally"},
		{"a ratio as claimed", "C06", page("5000"), "holds"},
		{"another ratio", "C06", page("3000"), "does not hold"},
		{"an interval with both answers", "C06", page("5000") + times(6, "copy", "BenchmarkMemory/page 1 3000 net-bytes/op"), "undecided"},
		{"an experiment that can't be made here", "C34", skipped("Fact/ring") + skipped("Fact/ringsize") + skipped("Fact/ringcode"), "not measured here"},
		{"one of two that can't", "C34", skipped("Fact/ring"), "undecided"},
		{"what a quick run has of checks", "C01", checks("parser", "0.06") + checks("template", "0.04"), "holds partly, provisionally"},
		{"all of checks", "C01", checks("parser", "0.06") + checks("template", "0.02") + times(6, "stock", "BenchmarkStd/sort 1 9 cpu-ns/op") + times(6, "fault", "BenchmarkStd/sort 1 9 cpu-ns/op"), "does not hold"},
		{"an interval with both answers in a quick run", "C06", "work: quick\n" + page("5000") + times(6, "copy", "BenchmarkMemory/page 1 3000 net-bytes/op") + times(2, "copy", "BenchmarkMemory/page 1 5000 net-bytes/op"), "holds, provisionally"},
		{"no other language", "C28", start, "undecided"},
		{"a dearer language", "C28", start + times(6, "c", "BenchmarkLanguages/start 1 9000 ns/op"), "holds"},
		{"a cheaper language", "C28", start + times(6, "lua", "BenchmarkLanguages/start 1 90 ns/op"), "does not hold"},
		{"room for all", "C05", times(6, "stock", "BenchmarkReserve/one 1 100000 stacks 1 net-bytes/op") + times(6, "stock", "BenchmarkReserve/many 1 100000 stacks"), "does not hold"},
		{"room in one mapping", "C05", times(6, "stock", "BenchmarkReserve/one 1 100000 stacks 1 net-bytes/op") + times(6, "stock", "BenchmarkReserve/many 1 65000 stacks"), "holds partly"},
		{"room for none", "C05", times(6, "stock", "BenchmarkReserve/one 1 0 stacks 1 net-bytes/op") + times(6, "stock", "BenchmarkReserve/many 1 65000 stacks"), "holds"},
	} {
		sheet := sheetOf(t, test.text)
		if strings.HasPrefix(test.text, "#") {
			var r results
			if err := r.read(strings.NewReader(test.text), "text"); err != nil {
				t.Fatal(err)
			}
			sheet = r.sheets()[0]
		}
		i := slices.IndexFunc(claims, func(c claim) bool { return c.id == test.claim })
		if got := claims[i].judge(sheet); got.String() != test.want {
			t.Errorf("%s: %s is %q (%s; %s), want %q", test.name, test.claim, got, got.value, got.why, test.want)
		}
	}
}

func TestParts(t *testing.T) {
	for _, test := range []struct {
		answers []answer
		want    verdict
	}{
		{[]answer{yes, yes}, holds},
		{[]answer{no, no}, fails},
		{[]answer{yes, no}, holdsPartly},
		{[]answer{yes, unsure, no}, holdsPartly},
		{[]answer{yes, unsure}, undecided},
		{[]answer{no, unsure}, undecided},
	} {
		if got := parts(test.answers...); got != test.want {
			t.Errorf("%v is %s, want %s", test.answers, got, test.want)
		}
	}
}

// TestClaimsPage checks that the page has, of every claim, its verdict and the command that reproduces it, and of Go versions that
// differ both verdicts.
func TestClaimsPage(t *testing.T) {
	var r results
	text := "goos: linux\ncpu: some\ngo: go1.98\n" + times(1, "stock", "BenchmarkFact/newproc 1 1 passed") + "go: go1.99\n" + times(1, "stock", "BenchmarkFact/ring 1 1 passed")
	if err := r.read(strings.NewReader(text), "text"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := writeClaims(&out, r); err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		if !strings.Contains(out.String(), "\n| "+c.id+" | ") || !strings.Contains(out.String(), "\n## "+c.id+": ") {
			t.Errorf("the page lacks %s", c.id)
		}
		for _, command := range c.commands() {
			if !strings.Contains(out.String(), "`"+command+"`") {
				t.Errorf("the page lacks the command of %s: %s", c.id, command)
			}
		}
	}
	for _, want := range []string{
		"## C22: go1.98: does not hold; go1.99: undecided", "- go1.99: undecided; Fact/newproc was not run", "cpu some",
		"`go test . -run TestArticleEvidence/newproc`",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, &out)
		}
	}
	if _, err := os.Stat("../../docs/articles.md"); err != nil {
		t.Errorf("the page links to articles.md: %v", err)
	}
}

// TestQuickServesEveryClaim checks that a quick run takes the samples that a rule can't do without, and how long it and a full run are
// planned to be.
func TestQuickServesEveryClaim(t *testing.T) {
	for _, test := range []struct {
		args []string
		most time.Duration
	}{{[]string{"-quick"}, 3 * time.Minute}, {nil, 50 * time.Minute}} {
		r := &run{command: &Command{Stderr: io.Discard}}
		if err := r.parse(test.args); err != nil {
			t.Fatal(err)
		}
		var sum time.Duration
		taken := map[string]bool{}
		for _, w := range r.workloads {
			sum += r.planned(w)
			for _, lane := range r.lanes(w) {
				taken[w.Name+" "+lane.Name] = true
			}
		}
		if sum > test.most {
			t.Errorf("%v: planned to take %v, longer than %v", test.args, sum, test.most)
		}
		none := &sheet{cells: map[string]map[string]*cell{}}
		for _, c := range claims {
			e := &readings{sheet: none}
			c.rule(e)
			for _, name := range c.by {
				if byName(name).Test != "" {
					e.lack("no samples of " + name + " " + factLane.Name)
				}
			}
			for _, lacking := range e.missing {
				if need, found := strings.CutPrefix(lacking, "no samples of "); found && !taken[need] && strings.Count(need, " ") == 1 {
					t.Errorf("%v: %s needs %s, of which no sample is taken", test.args, c.id, need)
				}
			}
		}
	}
}

// TestPublishedClaims checks that the page in docs, if it is there, has every claim.
func TestPublishedClaims(t *testing.T) {
	page, err := os.ReadFile("../../docs/claims.md")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: docs/claims.md is not there: spade lab report -claims docs/claims.md SAMPLES writes it")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		if !strings.Contains(string(page), "\n| "+c.id+" | ") || !strings.Contains(string(page), "\n## "+c.id+": ") {
			t.Errorf("docs/claims.md lacks %s: spade lab report -claims docs/claims.md SAMPLES writes it anew", c.id)
		}
	}
}
