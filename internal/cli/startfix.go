// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/startup"
)

// fixStart is "spade start -fix NAME": it rewrites a variable to be initialized when it is first used, and keeps that if the tests pass
// and the program starts faster.
func (c *Command) fixStart(ctx context.Context, f *startFlags, temp string) (int, error) {
	before, err := c.subject(ctx, f, f.program, filepath.Join(temp, "before"))
	if err != nil {
		return c.startFailed(err)
	}
	if before.Packages == nil {
		return 0, &usageError{"start", "-fix changes source: name a package, not a binary or saved findings"}
	}
	dir := before.Dir
	if path := c.below(f.dir, f.program); isDir(path) {
		dir = path
	}
	rewrite, err := startup.Lazy(startup.LazyRequest{Name: f.fix, Dir: dir, Env: c.Env, Flags: f.buildFlags(), Packages: before.Packages})
	var refused *startup.RefusedError
	if errors.As(err, &refused) {
		fmt.Fprintf(c.Stderr, "spade: start: %s is left as it is, since it can't be shown that this would change nothing else:\n", refused.Name)
		for _, reason := range refused.Reasons {
			fmt.Fprintf(c.Stderr, "  %s\n", reason)
		}
		return exitStartProgram, nil
	}
	if err != nil {
		return 0, fmt.Errorf("start: %w", err)
	}
	return c.tryFix(ctx, f, rewrite, before, filepath.Join(temp, "after"), dir)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// tryFix applies a rewrite, and takes it back if something speaks against it.
func (c *Command) tryFix(ctx context.Context, f *startFlags, rewrite *startup.Rewrite, before *startup.Subject, binary, dir string) (code int, err error) {
	if err := rewrite.Apply(); err != nil {
		return 0, fmt.Errorf("start: %w", err)
	}
	kept := false
	defer func() {
		if kept {
			return
		}
		if undone := rewrite.Undo(); undone != nil {
			err = errors.Join(err, undone)
			return
		}
		fmt.Fprintf(c.Stderr, "spade: start: the source is as it was\n")
	}()
	after, err := c.subject(ctx, f, f.program, binary)
	if err != nil {
		return c.startFailed(err)
	}
	var tests bytes.Buffer
	if err := c.goOutput(ctx, dir, &tests, append(append([]string{"test"}, f.buildFlags()...), rewrite.Tests...)); err != nil {
		c.Stderr.Write(tests.Bytes())
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return c.startFailed(err)
	}
	before.Set, after.Set = finding.Base, finding.New
	report := &startReport{}
	if err := c.measure(ctx, f, []*startup.Subject{after, before}, report); err != nil {
		return c.startFailed(err)
	}
	if kept = c.reportFix(rewrite, &report.StartReport); !kept {
		return exitStartProgram, nil
	}
	return exitOK, nil
}

// reportFix prints what the rewrite brings, and whether it is worth it.
func (c *Command) reportFix(rewrite *startup.Rewrite, report *finding.StartReport) bool {
	base, new := int64(0), int64(0)
	apart := false
	for _, row := range report.Packages() {
		if row.Part().Package == rewrite.Package {
			base, new = row.Clock()
			apart = row.Significant()
		}
	}
	const least = 100 // a hundredth of the whole: less may be chance
	gains := apart && base-new > report.Base.Total.Mean/least && report.New.Total.Mean < report.Base.Total.Mean
	verdict := "rewritten"
	if !gains {
		verdict = "not worth a rewrite"
	}
	fmt.Fprintf(c.Stdout, "%s  %s: %s\n", rewrite.Name, rewrite.Place, verdict)
	fmt.Fprintf(c.Stdout, "%12s %12s\n%12s %12s  ms, initialization of the package\n", "before", "after", finding.Millis(base), finding.Millis(new))
	fmt.Fprintf(c.Stdout, "%12s %12s  ms, from exec to main.main\n", finding.Millis(report.Base.Plain.Mean), finding.Millis(report.New.Plain.Mean))
	if gains {
		for _, name := range rewrite.Files() {
			fmt.Fprintf(c.Stdout, "changed %s\n", name)
		}
		fmt.Fprintf(c.Stdout, "passed: the tests of %d packages\n", len(rewrite.Tests))
	}
	return gains
}
