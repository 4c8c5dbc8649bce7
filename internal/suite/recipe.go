// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"fmt"
	"go/build/constraint"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A recipe is what the first comment of a program in GOROOT/test says about running it.
type recipe struct {
	Action    string   // run, buildrun, runindir, runoutput …
	Flags     []string // for go build
	Args      []string // for the program
	Files     []string // further source files of the program, named like it
	Env       []string // for build and program: GOEXPERIMENT=…, GODEBUG=…
	Timeout   time.Duration
	GoVersion string // for the go.mod file of runindir
}

// parseRecipe reads the recipe from the source of a program: the first line that isn't blank or a build constraint.
func parseRecipe(src string) (recipe, error) {
	line := ""
	for l := range strings.Lines(src) {
		l = strings.TrimSpace(l)
		if l != "" && !constraint.IsGoBuild(l) && !constraint.IsPlusBuild(l) {
			line = l
			break
		}
	}
	text, ok := strings.CutPrefix(line, "//")
	if !ok {
		return recipe{}, fmt.Errorf("no recipe: the first line is %q", line)
	}
	words, err := splitWords(text)
	if err != nil || len(words) == 0 {
		return recipe{}, fmt.Errorf("no recipe in %q", line)
	}
	r := recipe{Action: words[0]}
	words = words[1:]
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		n, err := r.flag(words)
		if err != nil {
			return r, fmt.Errorf("recipe %q: %w", line, err)
		}
		words = words[n:]
	}
	// As with go run: leading names of Go files are sources, what follows are arguments.
	for len(words) > 0 && strings.HasSuffix(words[0], ".go") {
		r.Files = append(r.Files, words[0])
		words = words[1:]
	}
	r.Args = words
	return r, nil
}

// flag takes the flag at the start of words and returns how many words it used.
func (r *recipe) flag(words []string) (int, error) {
	own := map[string]func(string) error{
		"-t": func(v string) error {
			n, err := strconv.Atoi(v)
			r.Timeout = time.Duration(n) * time.Second
			return err
		},
		"-goexperiment": func(v string) error { r.Env = append(r.Env, "GOEXPERIMENT="+v); return nil },
		"-godebug":      func(v string) error { r.Env = append(r.Env, "GODEBUG="+v); return nil },
		"-gomodversion": func(v string) error { r.GoVersion = v; return nil },
	}
	if set := own[words[0]]; set != nil {
		if len(words) < 2 {
			return 0, fmt.Errorf("%s lacks its value", words[0])
		}
		return 2, set(words[1])
	}
	r.Flags = append(r.Flags, words[0])
	return 1, nil
}

// splitWords splits at blanks; quotes of either kind keep blanks together.
func splitWords(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	quote, in := rune(0), false
	for _, c := range s {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'' || c == '"':
			quote, in = c, true
		case c == ' ' || c == '\t':
			if in {
				words = append(words, word.String())
				word.Reset()
			}
			in = false
		default:
			word.WriteRune(c)
			in = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("%q: a quote is not closed", s)
	}
	if in {
		words = append(words, word.String())
	}
	return words, nil
}

// buildable reports whether the build constraints at the head of a program hold for a toolchain.
func buildable(src string, tc Toolchain) bool {
	holds := func(tag string) bool {
		return tag == tc.GOOS || tag == tc.GOARCH || tag == "gc" || tag == "test_run" || tag == "cgo" && tc.CGO ||
			slices.Contains(tc.ToolTags, tag) || slices.Contains(tc.Releases, tag)
	}
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			break
		}
		if expr, err := constraint.Parse(line); err == nil && !expr.Eval(holds) {
			return false
		}
	}
	return true
}
