// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Lane is one way to run a unit: stock, or spade with a strategy, on one toolchain and with the environment of a mode.
type Lane struct {
	Name  string // stock, copy, inplace, fault or fault-deep; a lane given twice gets a number: stock#2
	Go    Toolchain
	Mode  Mode
	Spade *SpadeBuild // nil for stock
}

// A Mode is an environment for the programs under test; the go commands that build them don't see it.
type Mode struct {
	Name  string   // as in tables and file names; "plain" without settings
	Env   []string // GOGC=1 …
	Flags []string // of go test or go build: -race
}

// A SpadeBuild is the spade command in use and what it lays under one toolchain.
type SpadeBuild struct {
	Command  string // path of the spade binary
	Stacks   string // the value of spade's flag -stacks, "" for binaries that choose copy or inplace when they start
	Overlay  string // overlay file for go commands that don't run through spade
	Toolexec string // and what they run tools by, "" if they run them themselves
	GOROOT   string // the GOROOT that the overlay's keys are below
	ID       string // changes whenever what is built does
}

// parseMode reads the value of -env: settings of the environment separated by blanks. A word that starts
// with "-" is a flag for the build. "plain" has no settings.
func parseMode(s string) (Mode, error) {
	m := Mode{Name: strings.Join(strings.Fields(s), " ")}
	if m.Name == "" || m.Name == "plain" {
		return Mode{Name: "plain"}, nil
	}
	for _, word := range strings.Fields(s) {
		switch {
		case strings.HasPrefix(word, "-"):
			m.Flags = append(m.Flags, word)
		case strings.Contains(word, "=") && !strings.HasPrefix(word, "="):
			m.Env = append(m.Env, word)
		default:
			return m, fmt.Errorf("-env %q: %q is neither NAME=value nor a -flag", s, word)
		}
	}
	return m, nil
}

// kind returns stock, spade, fault or fault-deep: lanes of a kind share their binaries.
func (l *Lane) kind() string {
	if l.Spade == nil {
		return "stock"
	}
	return cmp.Or(l.Spade.Stacks, "spade")
}

// id tells whether a stored result is still that of this lane.
func (l *Lane) id() string {
	id := l.Go.Name + " " + l.Name
	if l.Spade != nil {
		id += " " + l.Spade.ID
	}
	return id
}

// strategy returns the value for GOSPADE's key stacks, "" where binaries have no choice.
func (l *Lane) strategy() string {
	if l.Spade == nil || l.Spade.Stacks != "" {
		return ""
	}
	name, _, _ := strings.Cut(l.Name, "#")
	return name
}

// goCommand returns the go command line of the lane: plain go, or spade go.
func (l *Lane) goCommand(args ...string) []string {
	if l.Spade == nil {
		return append([]string{"go"}, args...)
	}
	return slices.Concat(l.Spade.goCommand(), args)
}

// goCommand returns the command line of spade go.
func (b *SpadeBuild) goCommand() []string {
	if b.Stacks != "" {
		return []string{b.Command, "-stacks=" + b.Stacks, "go"}
	}
	return []string{b.Command, "go"}
}

// goFlags returns GOFLAGS for go commands that don't run through spade.
func (b *SpadeBuild) goFlags() string {
	flags := []string{"-overlay=" + b.Overlay}
	if b.Toolexec != "" {
		flags = append(flags, "-toolexec="+b.Toolexec)
	}
	return strings.Join(quoteEach(flags, '"'), " ")
}

// buildEnv returns the environment for goCommand.
func (l *Lane) buildEnv(set ...string) []string {
	return cleanEnv(os.Environ(), append([]string{"GOTOOLCHAIN=" + l.Go.Name}, set...)...)
}

// childSettings returns what a program under test gets beside its ordinary environment. A go command that the
// program starts builds for the lane's runtime too: without this, the crash tests of package runtime, which build
// small programs, would test stock.
func (l *Lane) childSettings() []string {
	if l.Spade == nil {
		return slices.DeleteFunc(slices.Clone(l.Mode.Env), isSpadeSetting)
	}
	set := []string{"GOFLAGS=" + l.Spade.goFlags()}
	var own []string
	if s := l.strategy(); s != "" {
		own = append(own, "stacks="+s)
	}
	for _, setting := range l.Mode.Env {
		if isSpadeSetting(setting) {
			own = append(own, strings.TrimPrefix(setting, "GOSPADE="))
		} else {
			set = append(set, setting)
		}
	}
	if len(own) > 0 {
		set = append(set, "GOSPADE="+strings.Join(own, ","))
	}
	return set
}

// isSpadeSetting reports whether a mode's setting is for spade's runtime: it joins what the lane sets itself.
func isSpadeSetting(setting string) bool {
	return strings.HasPrefix(setting, "GOSPADE=")
}

// childEnv returns the whole environment for a program under test that is started directly, not by go test.
func (l *Lane) childEnv(set ...string) []string {
	root := l.Go.GOROOT
	if l.Spade != nil {
		root = l.Spade.GOROOT
	}
	env := cleanEnv(os.Environ(), "GOROOT="+root, "GOTOOLCHAIN=local", "PATH="+filepath.Join(root, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	return append(append(env, l.childSettings()...), set...)
}

// directGo returns the toolchain's own go binary, which with childEnv builds for the lane's runtime.
func (l *Lane) directGo() string {
	root := l.Go.GOROOT
	if l.Spade != nil {
		root = l.Spade.GOROOT
	}
	return filepath.Join(root, "bin", "go")
}

// parseLanes makes the lanes named in a comma-separated list for a toolchain and a mode. It asks for a build by the value of -stacks.
func parseLanes(list string, tc Toolchain, mode Mode, build func(stacks string) (*SpadeBuild, error)) ([]*Lane, error) {
	var lanes []*Lane
	seen := map[string]int{}
	for _, name := range strings.Split(list, ",") {
		l := &Lane{Name: name, Go: tc, Mode: mode}
		stacks := ""
		switch name {
		case "stock", "copy", "inplace":
		case "fault", "fault-deep":
			stacks = name
		default:
			return nil, fmt.Errorf("unknown lane %q; lanes are stock, copy, inplace, fault and fault-deep", name)
		}
		if name != "stock" {
			var err error
			if l.Spade, err = build(stacks); err != nil {
				return nil, err
			}
		}
		if seen[name]++; seen[name] > 1 {
			l.Name = fmt.Sprintf("%s#%d", name, seen[name])
		}
		lanes = append(lanes, l)
	}
	return lanes, nil
}

// shortCommand is the bound on commands that only ask a question or build something small.
const shortCommand = 5 * time.Minute
