// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/spadego/spade/internal/overlay"
)

// The go command ignores an overlay whose keys it does not come across: it builds a stock runtime and exits with 0. So every
// build is proved. A binary that we can find must hold the marker. Without one to look at, the runtime that the go command
// compiles for the same flags and environment must hold it; that is looked at once per configuration.

// A ProofError says that what was built does not have spade's runtime.
type ProofError struct {
	Binary string // removed; "" if it is not one binary that is at fault
	Why    string
}

func (e *ProofError) Error() string {
	if e.Binary != "" {
		return fmt.Sprintf("%s came out without spade's runtime (%s), and was removed", e.Binary, e.Why)
	}
	return fmt.Sprintf("the go command does not use spade's runtime: %s", e.Why)
}

type prover struct {
	*plan
	tool *Tool
}

func newProver(t *Tool, p *plan) *prover { return &prover{p, t} }

// before proves what has to be proved before the go command runs, since it runs what it builds.
func (p *prover) before() error {
	compilesOnly := p.isOn("c") || p.isOn("n")
	if p.inv.name == "run" && !p.isOn("n") || p.inv.name == "test" && !compilesOnly {
		return p.configuration()
	}
	return nil
}

// after proves what the go command has built since start.
func (p *prover) after(start time.Time) error {
	builds := p.inv.name == "build" || p.inv.name == "install" || p.inv.name == "test" && p.isOn("c")
	if !builds || p.isOn("n") {
		return nil
	}
	proved := false
	for _, file := range p.outputs(start) {
		_, err := overlay.ReadMarker(file.path)
		switch {
		case err == nil:
			proved = true
		case !errors.Is(err, overlay.ErrNoMarker):
			return &ProofError{Why: err.Error()}
		case file.certain || p.isTarget(file.path):
			if p.mayLackRuntime(file) {
				continue
			}
			os.Remove(file.path)
			return &ProofError{Binary: file.path, Why: "the go command built it from stock files"}
		}
	}
	if proved {
		return nil
	}
	err := p.configuration()
	if failed := (*CommandError)(nil); errors.As(err, &failed) {
		return &ProofError{Why: failed.Error()}
	}
	return err
}

// configuration proves that the go command compiles spade's runtime under the plan's flags and environment. A go command that does
// not accept them has said so, and the error is a *CommandError.
//
// The user's module has no part in it, so whatever is wrong with that is left for their own command to say.
func (p *prover) configuration() error {
	flags := p.flagsFor(ofRuntime)
	conf := p.key(flags)
	if p.cache.Proven(conf) {
		return nil
	}
	cmd := p.list(slices.Concat([]string{"-export", "-f", "{{.Export}}"}, flags, []string{"runtime"}))
	cmd.Env = setEnv(cmd.Env, "GO111MODULE", "off")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		p.tool.Stderr.Write(said.Bytes())
		return &CommandError{slices.Concat([]string{"list"}, flags, []string{"runtime"}), err}
	}
	_, err = overlay.ReadMarker(strings.TrimSpace(string(out)))
	if err != nil {
		return &ProofError{Why: fmt.Sprintf("the runtime compiled by go %s has no marker (%v)", strings.Join(cmd.Args[1:], " "), err)}
	}
	p.cache.MarkProven(conf)
	return nil
}

// list returns the command "go list" with the plan's overlay. GOFLAGS is not for it: a flag such as -json or -x changes what it prints.
func (p *prover) list(args []string) *exec.Cmd {
	const none = " " // an empty value would bring in that of "go env -w"
	cmd := exec.Command(p.goTool.Command, slices.Concat([]string{"list"}, p.ownFlags(), args)...)
	cmd.Dir = p.goTool.Dir
	cmd.Env = setEnv(setEnv(p.env, "PWD", cmd.Dir), "GOFLAGS", none)
	return cmd
}

// key holds all that decides how the go command comes to a runtime.
func (p *prover) key(flags []string) overlay.Configuration {
	conf := overlay.Configuration{p.overlay.ID, p.json}
	for _, command := range []string{p.goTool.Command, p.direct} { // the same, unless p is wrapped
		info, err := os.Stat(command)
		if err == nil {
			command += fmt.Sprint(" ", info.Size(), info.ModTime().UnixNano())
		}
		conf = append(conf, command)
	}
	for _, name := range variant {
		conf = append(conf, name+"="+p.goTool.Env[name])
	}
	return slices.Concat(conf, p.toolexec, flags)
}

// Flags that have a say in what is compiled for package runtime, and in which packages there are.
var (
	ofRuntime = []string{
		"asan", "asmflags", "buildmode", "compiler", "gcflags", "installsuffix", "linkshared", "msan", "pkgdir", "race", "tags", "toolexec",
		"trimpath",
	}
	ofPackages = append([]string{"mod", "modfile"}, ofRuntime...)
)

// flagsFor returns the flags with the given names, those of GOFLAGS first.
func (p *prover) flagsFor(names []string) []string {
	var flags []string
	standing, _ := splitFlags(p.goTool.Env["GOFLAGS"]) // the go command itself refuses what can't be split
	for _, text := range standing {
		name, value, _ := splitFlag(text)
		if slices.Contains(names, name) && !ofNamed(name, value) {
			flags = append(flags, text)
		}
	}
	for _, f := range p.inv.flags {
		if slices.Contains(names, f.name) && !ofNamed(f.name, f.value) {
			flags = append(flags, f.text...)
		}
	}
	return flags
}

// ofNamed reports whether a flag is for the packages named on the command line only, which is what flags for the compiler are
// without a pattern.
func ofNamed(name, value string) bool {
	return (name == "gcflags" || name == "asmflags") && strings.HasPrefix(strings.TrimSpace(value), "-")
}
