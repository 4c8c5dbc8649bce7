// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// grown is a CPU profile of 1000 samples, n of them growth.
func grown(t *testing.T, n int64) []byte {
	t.Helper()
	names := []string{"runtime.copystack", "runtime.newstack", "main.dig", "main.serve"}
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 1e7,
	}
	for i, name := range names {
		f := &profile.Function{ID: uint64(i + 1), Name: name, Filename: "main.go", StartLine: int64(i)}
		p.Function = append(p.Function, f)
		p.Location = append(p.Location, &profile.Location{ID: uint64(i + 1), Line: []profile.Line{{Function: f}}})
	}
	p.Sample = []*profile.Sample{
		{Location: p.Location, Value: []int64{n * 1e7}},
		{Location: p.Location[2:], Value: []int64{(1000 - n) * 1e7}},
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// runGrowth runs spade growth in dir.
func runGrowth(dir, stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errOut strings.Builder
	c := Command{Args: append([]string{"growth"}, args...), Dir: dir, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errOut,
		Manual: "/*\nSpade.\n\n# spade growth\n\nIts flags.\n*/\npackage main\n"}
	return c.Run(), out.String(), errOut.String()
}

func TestGrowthExitCodes(t *testing.T) {
	dir := t.TempDir()
	cpu := string(grown(t, 78))
	for name, data := range map[string]string{"cpu.pprof": cpu, "cut.pprof": cpu[:len(cpu)/2], "text": "hello"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args         string
		code         int
		stdout, errs string // what they hold
	}{
		{"cpu.pprof", 0, "Growth is 7.8% of CPU", ""},
		{"-", 0, "Growth is 7.8% of CPU", ""},
		{".", 0, "not counted: cut.pprof: it ends in the middle", ""},
		{"-json cpu.pprof", 0, `{"config":{"protocol":"spade/1"`, ""},
		{"-base cpu.pprof cpu.pprof", 0, "no change that chance could not explain", ""},
		{"-max-share 7.8 cpu.pprof", 0, "Growth is 7.8%", ""},
		{"-max-share 7.7 cpu.pprof", 3, "Growth is 7.8%", "7.80% of CPU is more than -max-share 7.7"},
		{"-max-share 0 cpu.pprof", 3, "Growth is 7.8%", "more than -max-share 0"},
		{"-help", 0, "Its flags.", ""},
		{"", 1, "", "name the profiles to read"},
		{"-nonsense", 1, "", "-nonsense"},
		{"cpu.pprof -json", 1, "", "flags come before the profiles"},
		{"-max-share -3 cpu.pprof", 1, "", "a percentage from 0 to 100"},
		{"-max-share NaN cpu.pprof", 1, "", "a percentage from 0 to 100"},
		{"-stacks cpu.pprof", 1, "", "give -json as well"},
		{"-pprof x -html x cpu.pprof", 1, "", "the same file"},
		{"-seconds 0 cpu.pprof", 1, "", "-seconds takes"},
		{"none.pprof", 1, "", "none.pprof: no such file"},
		{"cut.pprof", 1, "", "cut.pprof: it ends in the middle"},
		{"cpu.pprof text", 1, "", "text: it is neither a pprof profile nor findings"},
		{"-binary text cpu.pprof", 1, "", "-binary text: it is no ELF or Mach-O binary"},
		{"-html no/dir cpu.pprof", 1, "", "no/dir: no such file"},
	} {
		code, stdout, stderr := runGrowth(dir, cpu, strings.Fields(tt.args)...)
		if code != tt.code || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.errs) {
			t.Errorf("growth %s: exit code %d, want %d\nstdout %s\nstderr %s", tt.args, code, tt.code, stdout, stderr)
		}
	}
}

func TestGrowthFiles(t *testing.T) {
	dir := t.TempDir()
	code, text, stderr := runGrowth(dir, string(grown(t, 50)), "-pprof", "growth.pprof", "-html", "growth.html", "-")
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	f, err := os.Open(filepath.Join(dir, "growth.pprof"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := profile.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Sample) != 1 || p.Sample[0].Value[0] != 50 || p.Sample[0].Label["entry"][0] != "main.serve" {
		t.Errorf("profile %v", p)
	}
	page, err := os.ReadFile(filepath.Join(dir, "growth.html"))
	if err != nil || !strings.Contains(string(page), "Stack growth: 5.0% of CPU") {
		t.Errorf("%v\n%s", err, page)
	}

	_, saved, _ := runGrowth(dir, string(grown(t, 50)), "-json", "-stacks", "-")
	if code, again, stderr := runGrowth(dir, saved, "-pprof", "again.pprof", "-"); code != 0 || again != text {
		t.Errorf("replayed, exit code %d:\n%s%s\nwant\n%s", code, again, stderr, text)
	}
	first, _ := os.ReadFile(filepath.Join(dir, "growth.pprof"))
	if again, _ := os.ReadFile(filepath.Join(dir, "again.pprof")); !bytes.Equal(first, again) {
		t.Error("saved stacks give another profile")
	}
}
