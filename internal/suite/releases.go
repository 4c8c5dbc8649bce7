// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"context"
	_ "embed"
	"fmt"
	goversion "go/version"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spadego/spade/internal/edit"
)

// supportedLanguages are the Go versions whose releases the suite releases tries, all of them.
var supportedLanguages = []string{"go1.26", "go1.27"}

// allReleases asks the module proxy for the releases of the supported Go versions, oldest first, without candidates.
func allReleases(ctx context.Context) ([]string, error) {
	out, err := command{Args: []string{"go", "list", "-m", "-versions", "golang.org/toolchain"}, Dir: os.TempDir(),
		Env: cleanEnv(os.Environ(), "GOTOOLCHAIN=local"), Timeout: shortCommand}.output(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing releases: %w", err)
	}
	names := releasesIn(out, runtime.GOOS+"-"+runtime.GOARCH)
	if len(names) == 0 {
		return nil, fmt.Errorf("listing releases: none of %s for this platform among %d bytes", strings.Join(supportedLanguages, ", "), len(out))
	}
	return names, nil
}

// releasesIn picks the releases out of a list of versions of the module golang.org/toolchain, such as v0.0.1-go1.26.8.linux-amd64.
func releasesIn(list, platform string) []string {
	var names []string
	for _, word := range strings.Fields(list) {
		_, name, ok := strings.Cut(word, "-")
		name, isOurs := strings.CutSuffix(name, "."+platform)
		if !ok || !isOurs || !goversion.IsValid(name) || strings.Contains(name, "rc") || strings.Contains(name, "beta") || strings.Contains(name, "-") {
			continue
		}
		if slices.Contains(supportedLanguages, goversion.Lang(name)) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, goversion.Compare)
	return names
}

//go:embed testdata/small/main.go
var smallProgram string

// releaseUnits returns the one unit that every release is put through.
func releaseUnits(ctx context.Context, s *session, tc Toolchain) ([]Unit, error) {
	p := realProgram{name: "small program"}
	p.work = []step{{"declarations", declarationsKnown}, {"work", runSmall}}
	return []Unit{{Name: p.name, Run: func(ctx context.Context, l *Lane, only []string, files string) (Results, error) {
		return p.runSteps(ctx, l, s, append([]step{{"build", buildSmall}, {"verify", verifyBinary}}, p.work...))
	}}}, nil
}

// declarationsKnown checks every declaration that spade edits or relies on against the release's text.
func declarationsKnown(b *bench) error {
	if b.lane.Spade == nil {
		return nil
	}
	set, err := edit.Runtime()
	if err != nil {
		return err
	}
	var lines []string
	for _, m := range set.Verify(b.lane.Go.GOROOT) {
		lines = append(lines, m.String())
	}
	if len(lines) > 0 {
		return fmt.Errorf("%d declarations of %s are unknown:\n%s", len(lines), b.lane.Go.Name, strings.Join(lines, "\n"))
	}
	return nil
}

// buildSmall builds the small program.
func buildSmall(b *bench) error {
	if err := b.write("small/go.mod", "module small\n\ngo 1.26\n"); err != nil {
		return err
	}
	if err := b.write("small/main.go", smallProgram); err != nil {
		return err
	}
	b.exe = filepath.Join(b.dir, "small.exe")
	return b.goBuild(filepath.Join(b.dir, "small"), b.exe, ".")
}

// runSmall runs it and expects its sum, and the strategy that the lane stands for.
func runSmall(b *bench) error {
	inplace := map[string]string{"": "unknown", "copy": "0", "inplace": "1"}[b.lane.strategy()]
	want := fmt.Sprintf("sum %d inplace %s\n", smallSum(), inplace)
	start := time.Now()
	out, err := b.run(b.exe)
	if err == nil && out != want {
		err = fmt.Errorf("the program printed %q after %v, want %q", out, time.Since(start), want)
	}
	return err
}

// smallSum is what the small program adds up: for each of 200 goroutines, the levels of depths 1, 3, 9 … below 2000.
func smallSum() int {
	sum := 0
	for depth := 1; depth < 2000; depth *= 3 {
		sum += depth * (depth + 1) / 2
	}
	return 200 * sum
}
