// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/growth"
	"github.com/spadego/spade/internal/report/html"
	"github.com/spadego/spade/internal/report/json"
	"github.com/spadego/spade/internal/report/pprof"
	"github.com/spadego/spade/internal/report/text"
)

// Exit codes of spade growth.
const (
	exitGrowthInput = 1 // wrong arguments, or an input can't be read
	exitGrowthShare = 3 // more growth than -max-share allows
)

// growthFlags are the flags of "spade growth".
type growthFlags struct {
	json, stacks        bool
	pprof, html, binary string
	base                []string
	top, seconds        int
	maxShare            float64 // percent, or below 0 for no limit
	inputs              []string
}

func (f *growthFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
	flags.BoolVar(&f.stacks, "stacks", false, "")
	flags.StringVar(&f.pprof, "pprof", "", "")
	flags.StringVar(&f.html, "html", "", "")
	flags.StringVar(&f.binary, "binary", "", "")
	flags.Func("base", "", func(name string) error {
		f.base = append(f.base, name)
		return nil
	})
	flags.IntVar(&f.top, "top", 10, "")
	flags.IntVar(&f.seconds, "seconds", 10, "")
	flags.Float64Var(&f.maxShare, "max-share", -1, "")
}

// growth is "spade growth [flags] PROFILE...".
func (c *Command) growth(args []string) (int, error) {
	f, err := parseGrowthFlags(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0, err
	}
	if err != nil {
		return c.growthFailed(err, "Run spade help growth to see its flags and what it reads."), nil
	}
	share, err := c.analyseGrowth(f)
	if err != nil {
		var input *growth.InputError
		if errors.As(err, &input) {
			return c.growthFailed(err, "Record a CPU profile with runtime/pprof, go test -cpuprofile, or give the URL of a program that serves net/http/pprof."), nil
		}
		return c.growthFailed(err, ""), nil
	}
	if f.maxShare >= 0 && 100*share > f.maxShare {
		fmt.Fprintf(c.Stderr, "spade: growth: %.2f%% of CPU is more than -max-share %g\n", 100*share, f.maxShare)
		return exitGrowthShare, nil
	}
	return exitOK, nil
}

// growthFailed prints what happened and what to do next.
func (c *Command) growthFailed(err error, next string) int {
	fmt.Fprintf(c.Stderr, "spade: growth: %v\n", err)
	if next != "" {
		fmt.Fprintln(c.Stderr, next)
	}
	return exitGrowthInput
}

func parseGrowthFlags(args []string) (*growthFlags, error) {
	var f growthFlags
	flags := flag.NewFlagSet("growth", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	f.define(flags)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	f.inputs = flags.Args()
	limited := false
	flags.Visit(func(fl *flag.Flag) { limited = limited || fl.Name == "max-share" })
	switch {
	case len(f.inputs) == 0:
		return nil, errors.New("name the profiles to read: files, directories, URLs of running programs, or - for standard input")
	case slices.ContainsFunc(f.inputs, func(name string) bool { return strings.HasPrefix(name, "-") && name != "-" }):
		return nil, errors.New("flags come before the profiles")
	case f.pprof != "" && f.pprof == f.html:
		return nil, errors.New("-pprof and -html name the same file")
	case f.stacks && !f.json:
		return nil, errors.New("-stacks puts call stacks into the JSON output: give -json as well")
	case limited && !(f.maxShare >= 0 && f.maxShare <= 100):
		return nil, errors.New("-max-share takes a percentage from 0 to 100")
	case f.seconds < 1 || f.seconds > 3600:
		return nil, errors.New("-seconds takes a number from 1 to 3600")
	}
	return &f, nil
}

// analyseGrowth reads all inputs and writes all outputs. It returns the share of growth, from 0 to 1.
func (c *Command) analyseGrowth(f *growthFlags) (share float64, err error) {
	var sizes growth.Sizes
	if f.binary != "" {
		if sizes, err = growth.SizesOf(c.inDir(f.binary)); err != nil {
			return 0, fmt.Errorf("-binary %s: %w", f.binary, err)
		}
	}
	analysis := growth.NewAnalysis(growth.Opener{
		Dir: c.Dir, Stdin: c.Stdin, Seconds: f.seconds,
		Progress: func(line string) { fmt.Fprintln(c.Stderr, "spade: growth:", line) },
	}, sizes, f.stacks || f.pprof != "")
	for _, name := range f.inputs {
		if err := analysis.Read(name); err != nil {
			return 0, err
		}
	}
	for _, name := range f.base {
		if err := analysis.ReadBase(name); err != nil {
			return 0, err
		}
	}
	if analysis.OnlyCounts() && (f.pprof != "" || f.maxShare >= 0) {
		return 0, errors.New("-pprof and -max-share are about CPU profiles, and none was given: stackgrowth profiles open in go tool pprof as they are")
	}
	return c.writeGrowth(f, analysis)
}

// writeGrowth writes the outputs, files last.
func (c *Command) writeGrowth(f *growthFlags, analysis *growth.Analysis) (share float64, err error) {
	var handlers finding.Tee
	if f.json {
		handlers = append(handlers, withoutStacks{json.New(c.Stdout), f.stacks})
	} else {
		handlers = append(handlers, text.New(c.Stdout, f.top))
	}
	files := map[string]*bytes.Buffer{}
	if f.pprof != "" {
		files[f.pprof] = &bytes.Buffer{}
		handlers = append(handlers, pprof.New(files[f.pprof]))
	}
	if f.html != "" {
		files[f.html] = &bytes.Buffer{}
		handlers = append(handlers, html.New(files[f.html], f.top))
	}
	if share, err = analysis.Emit(ownVersion(), handlers); err != nil {
		return 0, err
	}
	for name, content := range files {
		if err := os.WriteFile(c.inDir(name), content.Bytes(), 0o666); err != nil {
			return 0, err
		}
	}
	return share, nil
}

// inDir returns the path of a file that the user named.
func (c *Command) inDir(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.Dir, name)
}

// withoutStacks passes stacks on only if they are wanted.
type withoutStacks struct {
	finding.Handler
	wanted bool
}

func (h withoutStacks) Handle(m finding.Message) error {
	if m.Stack != nil && !h.wanted {
		return nil
	}
	return h.Handler.Handle(m)
}
