// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/version"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spadego/spade/internal/depth"
	"github.com/spadego/spade/internal/finding"
	"github.com/spadego/spade/internal/gotool"
	"github.com/spadego/spade/internal/report/html"
	jsonreport "github.com/spadego/spade/internal/report/json"
	"github.com/spadego/spade/internal/report/text"
)

// depthFlags are the flags of "spade depth".
type depthFlags struct {
	json, system, funcs bool
	fresh               bool
	observe             bool
	writeHints, diff    bool
	margin              int
	dir, tags           string
	entry, binary, html string
	top                 int
	mainPath            string
}

func (f *depthFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
	flags.BoolVar(&f.system, "system", false, "")
	flags.StringVar(&f.dir, "C", "", "")
	flags.StringVar(&f.tags, "tags", "", "")
	flags.StringVar(&f.binary, "binary", "", "")
	flags.BoolVar(&f.funcs, "funcs", false, "")
	flags.BoolVar(&f.fresh, "fresh", false, "")
	flags.BoolVar(&f.observe, "observe", false, "")
	flags.BoolVar(&f.writeHints, "write-hints", false, "")
	flags.BoolVar(&f.diff, "diff", false, "")
	flags.IntVar(&f.margin, "margin", 20, "")
	flags.StringVar(&f.html, "html", "", "")
	flags.StringVar(&f.entry, "entry", "", "")
	flags.IntVar(&f.top, "top", 20, "")
}

// depth is "spade depth [flags] [PACKAGE]".
func (c *Command) depth(args []string) (int, error) {
	f := depthFlags{mainPath: "."}
	rest, err := parse("depth", f.define, args)
	if err != nil {
		return 0, err
	}
	shows := f.funcs || f.fresh || f.html != "" || f.entry != "" || f.system || f.json || f.binary != ""
	switch {
	case f.writeHints && (f.observe || shows):
		return 0, &usageError{"depth", "-write-hints goes with -C, -tags, -margin and -diff only"}
	case f.diff && !f.writeHints:
		return 0, &usageError{"depth", "-diff is for -write-hints"}
	case f.margin < 0:
		return 0, &usageError{"depth", "-margin takes percent, 0 or more"}
	case f.observe && (f.funcs || f.fresh || f.html != "" || f.entry != "" || f.system || f.binary != ""):
		return 0, &usageError{"depth", "-observe goes with -C, -tags, -top and -json only"}
	case f.observe:
		if err := c.canAnalyse(f.dir); err != nil {
			return 0, err
		}
		return c.observe(&f, rest)
	case len(rest) > 1:
		return 0, &usageError{"depth", "name one main package, after the flags"}
	case f.funcs && (f.html != "" || f.entry != "" || f.system):
		return 0, &usageError{"depth", "-funcs shows functions: leave out -html, -entry and -system, which are about entries"}
	case len(rest) == 1:
		f.mainPath = rest[0]
	}
	if err := c.canAnalyse(f.dir); err != nil {
		return 0, err
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	settings, err := t.Environment(f.dir)
	if err != nil {
		return 0, err
	}
	from := depth.Source{Dir: c.inDir(f.dir), Env: c.Env, Main: f.mainPath}
	if f.tags != "" {
		from.Flags = []string{"-tags=" + f.tags}
	}
	if f.binary != "" {
		return c.judged(c.depthOfFile(&f, settings, from))
	}
	return c.builtDepth(t, &f, settings, from)
}

// builtDepth builds the program, and analyses it. The binary is kept, so that the go command need not link it again if nothing has changed.
func (c *Command) builtDepth(t *gotool.Tool, f *depthFlags, settings []gotool.Setting, from depth.Source) (code int, err error) {
	name := sha256.Sum256(fmt.Appendf(nil, "spade binary 1\n%q %q %q", from.Dir, f.tags, f.mainPath))
	if err := onSpade(&from, settings); err != nil {
		return 0, err
	}
	from.Record = !f.funcs && !f.writeHints
	err = t.Cache.WithKept(hex.EncodeToString(name[:])[:40], func(binary string) (keep bool, err error) {
		k := c.openKept(f)
		var ahead sync.WaitGroup // is done while the program is built
		ahead.Go(func() { k.readAhead(&from, f.fresh) })
		code, err = c.buildForDepth(t, f, binary)
		ahead.Wait()
		if code != 0 || err != nil {
			return false, err
		}
		code, err = c.judged(c.analyseDepth(f, from, binary, k))
		return true, err
	})
	return code, err
}

// depthOfFile analyses a binary that was built before: on spade's runtime or on that of stock Go, with the flags that it tells itself.
func (c *Command) depthOfFile(f *depthFlags, settings []gotool.Setting, from depth.Source) error {
	path := c.inDir(f.binary)
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return &usageError{"depth", err.Error()}
	}
	built, err := gotool.Inspect(path)
	if err != nil {
		return err
	}
	if built.Marker != nil {
		if err := onSpade(&from, settings); err != nil {
			return err
		}
	}
	g, err := gotool.Resolve(c.Dir, f.dir, from.Env, c.Stderr)
	if err != nil {
		return err
	}
	if info.GoVersion != g.Version() {
		return &usageError{"depth", fmt.Sprintf("the binary was built by %s, and the Go here is %s: its source is needed, so set GOTOOLCHAIN=%s", info.GoVersion, g.Version(), info.GoVersion)}
	}
	if from, err = builtFrom(from, info, f.tags); err != nil {
		return err
	}
	from.Test = strings.HasSuffix(path, ".test")
	return c.analyseDepth(f, from, path, c.openKept(f))
}

// builtFrom adds what a binary says of its build.
func builtFrom(from depth.Source, info *buildinfo.BuildInfo, tags string) (depth.Source, error) {
	from.Env = slices.Clip(from.Env)
	for _, s := range info.Settings {
		switch {
		case s.Value == "true" && slices.Contains(shadowed, s.Key):
			return from, &usageError{"depth", "the binary was built with " + s.Key + ", and the bounds of such a build hold for no other"}
		case s.Key == "-trimpath":
			from.Trimmed = s.Value == "true"
		case s.Key == "-tags" && tags == "":
			from.Flags = append(from.Flags, "-tags="+s.Value)
		case s.Key == "GOOS", s.Key == "GOARCH", s.Key == "CGO_ENABLED":
			from.Env = append(from.Env, s.Key+"="+s.Value)
		}
	}
	return from, nil
}

// onSpade adds what the source of a program on spade's runtime needs.
func onSpade(from *depth.Source, settings []gotool.Setting) (err error) {
	from.Env = slices.Clip(from.Env)
	for _, s := range settings {
		if s.Set {
			from.Env = append(from.Env, s.Name+"="+s.Value)
		}
	}
	from.Overlay, err = overlaid(setting(settings, "GOFLAGS"))
	return err
}

// shadowed are the flags of builds whose stacks are others than those of a build without them.
var shadowed = []string{"-race", "-msan", "-asan"}

// canAnalyse returns an error if the go command in dir is of a later release than the one that this spade was built with, whose packages
// have to read its standard library, or if it makes builds whose bounds would hold for no others.
func (c *Command) canAnalyse(dir string) error {
	g, err := gotool.Resolve(c.Dir, dir, c.Env, c.Stderr)
	if err != nil {
		return err
	}
	used, _, _ := strings.Cut(g.Version(), " ")
	own, _, _ := strings.Cut(runtime.Version(), " ")
	if version.Compare(version.Lang(used), version.Lang(own)) > 0 {
		return &usageError{"depth", fmt.Sprintf("this spade was built by %s, whose packages don't know all of the language of %s: install spade with the latter", own, used)}
	}
	for _, flag := range strings.Fields(g.Env["GOFLAGS"]) {
		if name, value, given := strings.Cut(flag, "="); slices.Contains(shadowed, name) && (!given || value == "true") {
			return &usageError{"depth", "GOFLAGS has " + flag + ", and the bounds of such a build hold for no other: take it out"}
		}
	}
	return nil
}

// buildForDepth builds the program on spade's runtime, with paths of files as go list tells them.
func (c *Command) buildForDepth(t *gotool.Tool, f *depthFlags, binary string) (int, error) {
	args := []string{"build"}
	if f.dir != "" {
		args = append(args, "-C", f.dir)
	}
	args = append(args, "-trimpath=false", "-buildmode=exe", "-o", binary)
	if f.tags != "" {
		args = append(args, "-tags="+f.tags)
	}
	t.Stdout = c.Stderr // what go prints is no finding
	return t.Run(append(args, f.mainPath))
}

func (c *Command) analyseDepth(f *depthFlags, from depth.Source, binary string, kept *keptFindings) error {
	file, err := os.Open(binary)
	if err != nil {
		return err
	}
	defer file.Close()
	progress := newProgressLine(c.Stderr)
	defer progress.clear()
	from.Progress = func(doing string) { progress.say("%s", doing) }
	defer c.collectLess()()
	if f.writeHints {
		analysis, err := depth.Analyse(file, from)
		if err != nil {
			return fmt.Errorf("depth: %w", err)
		}
		return cmp.Or(c.writeHints(f, analysis), analysis.Stale())
	}
	kept.findKey(&from, file)
	if !f.fresh {
		found := false
		err := c.writeDepth(f, func(h finding.Handler) (err error) {
			found, err = kept.replay(h)
			return err
		})
		if found {
			return err
		}
	}
	analysis, err := kept.analyse(file, from)
	if err != nil {
		return fmt.Errorf("depth: %w", err)
	}
	info, err := gotool.Inspect(binary)
	if err != nil {
		return err
	}
	emit, stale := analysis.Emit, analysis.Stale()
	if f.funcs {
		emit = analysis.EmitFrames
	} else {
		analysis.DropSource()
	}
	good := sync.OnceValue(func() bool {
		again, err := kept.find(&from, file) // what was read may have changed meanwhile
		return err == nil && again == kept.key && stale == nil
	})
	err = c.writeDepth(f, func(h finding.Handler) error {
		return kept.record(h, func(h finding.Handler) error { return emit(ownVersion(), info.GoVersion, h) }, good)
	})
	if err == nil && good() {
		kept.keepRecord(&from, analysis)
	}
	return cmp.Or(err, stale)
}

// writeDepth writes the outputs of findings that emit hands out, files last. Findings may turn out not to be there: then it writes nothing.
func (c *Command) writeDepth(f *depthFlags, emit func(finding.Handler) error) error {
	var handlers finding.Tee
	switch {
	case f.json:
		handlers = append(handlers, jsonreport.New(c.Stdout))
	case f.funcs:
		handlers = append(handlers, text.NewFrames(c.Stdout, f.top))
	default:
		handlers = append(handlers, text.NewDepth(c.Stdout, text.DepthOptions{Top: f.top, Entry: f.entry, System: f.system}))
	}
	var page bytes.Buffer
	if f.html != "" {
		handlers = append(handlers, html.NewDepth(&page, f.top))
	}
	if err := emit(handlers); err != nil || page.Len() == 0 {
		return err
	}
	return os.WriteFile(c.inDir(f.html), page.Bytes(), 0o666)
}

func setting(settings []gotool.Setting, name string) string {
	for _, s := range settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// overlaid returns the contents of the files that the -overlay in goflags puts in the place of others, by the paths of those.
func overlaid(goflags string) (map[string][]byte, error) {
	before, name, found := strings.Cut(goflags, "-overlay=")
	if !found {
		return nil, errors.New("depth: GOFLAGS for spade's runtime has no -overlay")
	}
	end := " "
	if quote := before[max(0, len(before)-1):]; quote == "'" || quote == `"` {
		end = quote
	}
	name, _, _ = strings.Cut(name, end)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var overlay struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &overlay); err != nil {
		return nil, fmt.Errorf("depth: %s: %w", name, err)
	}
	contents := map[string][]byte{}
	for path, by := range overlay.Replace {
		if by == "" {
			continue // a file that is left out
		}
		if contents[path], err = os.ReadFile(by); err != nil {
			return nil, err
		}
	}
	return contents, nil
}
