// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package growth

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spadego/spade/internal/finding"
)

// TestRecordedProfile reads the profile that a program of this Go records of itself.
func TestRecordedProfile(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	dir := t.TempDir()
	binary, recorded := filepath.Join(dir, "deep"), filepath.Join(dir, "cpu.pprof")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "./testdata/deep").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if out, err := exec.Command(binary, recorded).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	sizes, err := SizesOf(binary)
	if err != nil {
		t.Fatal(err)
	}
	a := NewAnalysis(Opener{}, sizes, false)
	if err := a.Read(recorded); err != nil {
		t.Fatal(err)
	}
	r := reportOf(a.new)
	if len(a.sources) > 0 {
		t.Errorf("problems %+v", a.sources)
	}
	g := r.New
	if g.Share() < 0.02 || g.Growth.Unwinding == 0 || g.Expected.Most == 0 || g.OnSpade {
		t.Fatalf("growth is not what the program is about: %+v", g)
	}
	for _, want := range []struct{ by, name string }{{finding.ByEntry, "main.serve"}, {finding.ByTrigger, "main.dig"}, {finding.ByFrame, "main.wide"}} {
		p := r.Rows(want.by)[0].New
		if p.Name != want.name || finding.Ratio(p.Growth.Total(), g.Growth.Total()) < 0.6 {
			t.Errorf("by %s: %s pays %d of %d, want %s to pay most", want.by, p.Name, p.Growth.Total(), g.Growth.Total(), want.name)
		}
	}
	// 21 frames of dig of 700 bytes and one of wide of 1500 need more than 16 KiB, and less than 32.
	if p := r.Rows(finding.ByEntry)[0].New; p.Reach != 32<<10 || !strings.HasSuffix(p.File, "main.go") || p.Line == 0 {
		t.Errorf("%s at %s reaches %d", p.Name, p.Place(), p.Reach)
	}
}
