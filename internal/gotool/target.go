// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"slices"
	"strings"
)

// slotTargets are the targets that package runtime has slots for.
var slotTargets = []string{"linux/amd64", "linux/arm64"}

// GrowsInPlace reports whether stacks can grow in place in programs for a target. On others the same programs build and run, with
// stacks that are copied.
func GrowsInPlace(goos, goarch string) bool { return slices.Contains(slotTargets, goos+"/"+goarch) }

// Target returns what g builds for, such as "linux/amd64".
func (g *Go) Target() string { return g.Env["GOOS"] + "/" + g.Env["GOARCH"] }

// TargetNote says in one line what is different in programs for g's target, or is empty.
func (g *Go) TargetNote() string {
	if GrowsInPlace(g.Env["GOOS"], g.Env["GOARCH"]) {
		return ""
	}
	return fmt.Sprintf("programs for %s copy their stacks, as with stock Go; they grow in place on %s", g.Target(), strings.Join(slotTargets, " and "))
}

// noteTarget tells the user of p's target before a command that builds programs.
func (t *Tool) noteTarget(p *plan) {
	builds := slices.Contains([]string{"build", "install", "run", "test"}, p.inv.name)
	if note := p.goTool.TargetNote(); note != "" && builds && !p.isOn("n") {
		fmt.Fprintf(t.Stderr, "spade: %s\n", note)
	}
}
