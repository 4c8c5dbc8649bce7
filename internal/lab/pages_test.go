// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const samplesFile = "testdata/samples.txt"

// pages has report write all its pages, and returns their texts.
func pages(t *testing.T, samples string) (html, claims, json string) {
	t.Helper()
	dir := t.TempDir()
	name := func(base string) string { return filepath.Join(dir, base) }
	status, stdout, stderr := runLab(t, "report", "-html", name("html"), "-claims", name("claims"), "-json", name("json"), samples)
	if status == exitUsage || stderr != "" {
		t.Fatalf("exit status %d, stderr %s", status, stderr)
	}
	if _, table, _ := runLab(t, "compare", samples); table != stdout {
		t.Errorf("report prints\n%s\nand compare\n%s", stdout, table)
	}
	read := func(base string) string {
		text, err := os.ReadFile(name(base))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return read("html"), read("claims"), read("json")
}

var dataLink = regexp.MustCompile(`<a download="samples.txt" href="data:text/plain;charset=utf-8;base64,([^"]+)">`)

func TestHTMLPage(t *testing.T) {
	html, _, _ := pages(t, samplesFile)
	for _, want := range []string{
		"prefers-color-scheme: dark", `name="viewport"`, "default-src 'none'", "<h2>go1.26.8</h2>", "<h2>go1.27.4</h2>",
		"crashed: took longer than 2m0s", "C56: undecided",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, unwanted := range []string{"<script", "<link", "src=", "url(", "http:", "https:", "ZgotmplZ", "NaN", "+Inf", "-Inf"} {
		if strings.Contains(html, unwanted) {
			t.Errorf("the page has %q", unwanted)
		}
	}
	link := dataLink.FindStringSubmatch(html)
	if link == nil {
		t.Fatal("the page has no link that holds the samples")
	}
	held, err := base64.StdEncoding.DecodeString(strings.NewReplacer("&#43;", "+", "%2b", "+", "%2B", "+").Replace(link[1]))
	if err != nil {
		t.Fatal(err)
	}
	if samples, err := os.ReadFile(samplesFile); err != nil || string(held) != string(samples) {
		t.Errorf("the link holds %d bytes, not what is in %s: %v", len(held), samplesFile, err)
	}
}

// TestPicturesHaveEverySample counts the dots.
func TestPicturesHaveEverySample(t *testing.T) {
	file, err := os.Open(samplesFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var r results
	if err := r.read(file, samplesFile); err != nil {
		t.Fatal(err)
	}
	dots := 0
	for _, s := range r.sheets() {
		for _, f := range s.families() {
			for _, lane := range f.Lanes {
				dots += len(lane.Dots)
				for _, d := range lane.Dots {
					if d.X < 0 || d.X > pictureSize || d.Y < 0 || d.Y > pictureSize {
						t.Errorf("%s %s: a dot at %v, %v", f.Name, lane.Name, d.X, d.Y)
					}
				}
			}
		}
	}
	if dots != len(r.samples) {
		t.Errorf("%d dots for %d samples", dots, len(r.samples))
	}
}

func TestCurveNeedsTwoPoints(t *testing.T) {
	const one = "lane: copy\nBenchmarkDeep/4KB 1 100 cpu-ns/op\n"
	if curves := sheetOf(t, one).curves(); len(curves) != 0 {
		t.Errorf("one point makes %d curves", len(curves))
	}
	curves := sheetOf(t, one+"BenchmarkDeep/1MB 1 30000 cpu-ns/op\nBenchmarkDeep/1MB 1 40000 cpu-ns/op\n").curves()
	if len(curves) != 1 || len(curves[0].Lines) != 1 || len(curves[0].Lines[0].Dots) != 3 {
		t.Fatalf("two points make %+v", curves)
	}
	if path := curves[0].Lines[0].Path; !strings.HasPrefix(path, "M0.0 1000.0L1000.0 ") {
		t.Errorf("the line's path is %s", path)
	}
}

func TestJSON(t *testing.T) {
	_, _, text := pages(t, samplesFile)
	var got jsonReport
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(got.Versions) != 2 || got.Versions[0].Go != "go1.26.8" || got.Versions[0].Setting["goos"] != "linux" {
		t.Fatalf("versions are %+v", got.Versions)
	}
	if n := len(got.Versions[0].Claims); n != len(claims) {
		t.Errorf("%d claims, want %d", n, len(claims))
	}
	deep := got.Versions[0].Workloads[0]
	if deep.Name != "Deep/16KB" || len(deep.Comparisons) != 1 {
		t.Fatalf("the first workload is %+v", deep)
	}
	if c := deep.Comparisons[0]; c.Ratio < 3.7 || c.Ratio > 3.8 || c.Over != laneCopy || c.Under != laneInPlace || !c.Significant || c.Lo == nil {
		t.Errorf("the first comparison is %+v", c)
	}
	if unit := deep.Lanes[0].Units[unitCPU]; len(unit.Samples) != 6 || unit.Lo == nil || unit.Median < 5e-6 || unit.Median > 6e-6 {
		t.Errorf("CPU time of %s is %+v", deep.Lanes[0].Name, unit)
	}
	if !strings.Contains(text, `"took longer than 2m0s"`) {
		t.Error("a lane that crashed is not in it")
	}
}

func TestReportUsage(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"report"}, "report needs files"},
		{[]string{"report", "-pdf", "x", samplesFile}, "not defined: -pdf"},
		{[]string{"report", "-html", filepath.Join(t.TempDir(), "no", "file"), samplesFile}, "make the directory first"},
		{[]string{"report", "no-such-file"}, "no-such-file"},
	} {
		status, _, stderr := runLab(t, test.args...)
		if status != exitUsage || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: exit status %d, stderr %q, want %d and %q", test.args, status, stderr, exitUsage, test.want)
		}
	}
}

func TestOnly(t *testing.T) {
	_, all, _ := runLab(t, "report", "-table", samplesFile)
	_, some, stderr := runLab(t, "report", "-table", "-only", "^Deep/16KB$", samplesFile)
	if !strings.Contains(all, "\nShallow/") || strings.Contains(some, "\nShallow/") || !strings.Contains(some, "\nDeep/16KB") {
		t.Errorf("report -only prints\n%s%s\nof\n%s", some, stderr, all)
	}
	if status, _, stderr := runLab(t, "report", "-only", "Deeep", samplesFile); status != exitUsage || !strings.Contains(stderr, `"Deeep"`) {
		t.Errorf("a pattern that matches nothing: exit status %d, stderr %s", status, stderr)
	}
}
