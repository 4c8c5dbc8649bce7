// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Lane is one way to run a unit: stock, or spade with a strategy, on one toolchain and with the environment of a mode.
type Lane struct {
	Name  string // stock, copy or inplace; a lane given twice gets a number: stock#2
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
	Command string // path of the spade binary
	Overlay string // overlay file for go commands that don't run through spade
	GOROOT  string // the GOROOT that the overlay's keys are below
	ID      string // changes whenever the overlay does
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

// kind returns stock or spade: lanes of a kind share their binaries.
func (l *Lane) kind() string {
	if l.Spade == nil {
		return "stock"
	}
	return "spade"
}

// id tells whether a stored result is still that of this lane.
func (l *Lane) id() string {
	id := l.Go.Name + " " + l.Name
	if l.Spade != nil {
		id += " " + l.Spade.ID
	}
	return id
}

// strategy returns the value for GOSPADE's key stacks, "" for stock.
func (l *Lane) strategy() string {
	if l.Spade == nil {
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
	return append([]string{l.Spade.Command, "go"}, args...)
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
	set := []string{"GOFLAGS=-overlay=" + l.Spade.Overlay, "GOSPADE=stacks=" + l.strategy()}
	for _, setting := range l.Mode.Env {
		if isSpadeSetting(setting) {
			set[1] += "," + strings.TrimPrefix(setting, "GOSPADE=")
		} else {
			set = append(set, setting)
		}
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

// parseLanes makes the lanes named in a comma-separated list for a toolchain and a mode.
func parseLanes(list string, tc Toolchain, mode Mode, sb *SpadeBuild) ([]*Lane, error) {
	var lanes []*Lane
	seen := map[string]int{}
	for _, name := range strings.Split(list, ",") {
		l := &Lane{Name: name, Go: tc, Mode: mode}
		switch name {
		case "stock":
		case "copy", "inplace":
			if sb == nil {
				return nil, fmt.Errorf("lane %s needs the spade command; give -spade", name)
			}
			l.Spade = sb
		default:
			return nil, fmt.Errorf("unknown lane %q; lanes are stock, copy and inplace", name)
		}
		if seen[name]++; seen[name] > 1 {
			l.Name = fmt.Sprintf("%s#%d", name, seen[name])
		}
		lanes = append(lanes, l)
	}
	return lanes, nil
}

// needsSpade reports whether a list of lanes has one on spade.
func needsSpade(list string) bool {
	return strings.Contains(list, "copy") || strings.Contains(list, "inplace")
}

// shortCommand is the bound on commands that only ask a question or build something small.
const shortCommand = 5 * time.Minute
