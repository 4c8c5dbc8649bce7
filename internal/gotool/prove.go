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
	compilesOnly := p.inv.isSet("c") || p.inv.isSet("n")
	if p.inv.name == "run" && !p.inv.isSet("n") || p.inv.name == "test" && !compilesOnly {
		return p.configuration()
	}
	return nil
}

// after proves what the go command has built since start.
func (p *prover) after(start time.Time) error {
	builds := p.inv.name == "build" || p.inv.name == "install" || p.inv.name == "test" && p.inv.isSet("c")
	if !builds || p.inv.isSet("n") {
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
	return p.configuration()
}

// configuration proves that the go command compiles spade's runtime under the plan's flags and environment.
func (p *prover) configuration() error {
	flags := p.buildFlags()
	conf := p.key(flags)
	if p.cache.Proven(conf) {
		return nil
	}
	args := slices.Concat([]string{"list"}, []string{"-export", "-f", "{{.Export}}", "-overlay=" + p.json}, flags, []string{"runtime"})
	cmd := exec.Command(p.goTool.Command, args...)
	cmd.Dir = p.goTool.Dir
	cmd.Env = setEnv(p.env, "PWD", cmd.Dir)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return &ProofError{Why: fmt.Sprintf("go %s: %v\n%s", strings.Join(args, " "), err, said.Bytes())}
	}
	_, err = overlay.ReadMarker(strings.TrimSpace(string(out)))
	if err != nil {
		return &ProofError{Why: fmt.Sprintf("the runtime compiled by go %s has no marker (%v)", strings.Join(args, " "), err)}
	}
	p.cache.MarkProven(conf)
	return nil
}

// key holds all that decides how the go command comes to a runtime.
func (p *prover) key(flags []string) overlay.Configuration {
	conf := overlay.Configuration{p.overlay.ID, p.json, p.goTool.Command, p.goTool.Env["GOFLAGS"]}
	if info, err := os.Stat(p.goTool.Command); err == nil {
		conf = append(conf, fmt.Sprint(info.Size(), info.ModTime().UnixNano()))
	}
	for _, name := range variant {
		conf = append(conf, name+"="+p.goTool.Env[name])
	}
	return append(conf, flags...)
}

// ofBuild are the flags that have a say in what is compiled.
var ofBuild = []string{
	"asan", "asmflags", "buildmode", "compiler", "gcflags", "installsuffix", "linkshared", "mod", "modfile", "msan", "pkgdir", "race",
	"tags", "toolexec", "trimpath",
}

func (p *prover) buildFlags() []string {
	var flags []string
	for _, f := range p.inv.flags {
		if slices.Contains(ofBuild, f.name) {
			flags = append(flags, f.text...)
		}
	}
	return flags
}
