// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spadego/spade/internal/edit"
	tools "github.com/spadego/spade/internal/variant"
)

// A Fault asks for binaries whose goroutine stacks have no checks in function prologues and grow by page faults.
type Fault struct {
	Checks string // which checks are left: see FaultChecks
	Self   string // the path of the program that calls RunTool for the arguments that begin with ToolCommand
	Tools  Edits  // of the compiler and the assembler
}

// ToolCommand is the first argument with which the go command runs Fault.Self in place of a tool.
const ToolCommand = tools.Command

// FaultStrategy is the one strategy that a fault build has.
const FaultStrategy = "fault"

// FaultChecks are the values of Fault.Checks: all checks are gone, or all but those that every recursion passes through.
var FaultChecks = []string{string(tools.NoChecks), string(tools.DeepChecks)}

// FaultEdits returns the edits of package runtime, and of the tools, for fault builds.
func FaultEdits() (runtime, tools Edits, err error) {
	set, err := edit.FaultRuntime()
	if err != nil {
		return Edits{}, Edits{}, err
	}
	toolSet, err := edit.FaultTools()
	return editsOf(set), editsOf(toolSet), err
}

// RunTool runs a tool for the go command: args are those after ToolCommand.
func RunTool(args, env []string, stdin io.Reader, stdout, stderr io.Writer) (code int, err error) {
	return tools.Exec(args, env, stdin, stdout, stderr)
}

// A FaultError says why there can't be a fault build.
type FaultError struct{ Why, Next string }

func (e *FaultError) Error() string { return "-stacks=fault: " + e.Why }

// faultGoes returns why p can't be a fault build, or nil.
func faultGoes(p *plan) error {
	env := p.goTool.Env
	if env["GOOS"] != "linux" || env["GOARCH"] != "amd64" {
		return &FaultError{
			fmt.Sprintf("this is for linux/amd64, and the target is %s/%s", env["GOOS"], env["GOARCH"]),
			"Set GOOS and GOARCH, or leave -stacks out.",
		}
	}
	if strings.Contains(env["GOEXPERIMENT"], "runtimesecret") {
		return &FaultError{"GOEXPERIMENT=runtimesecret erases stacks by their bounds, which here are those of the slot", "Leave the experiment or -stacks out."}
	}
	for _, name := range []string{"race", "msan", "asan", "linkshared"} {
		if p.isOn(name) {
			return &FaultError{fmt.Sprintf("-%s can't be had together with it", name), "Leave one of them out (also of GOFLAGS)."}
		}
	}
	mode, _, err := p.goTool.setting(&p.inv, "buildmode")
	if err != nil {
		return err
	}
	if mode != "" && mode != "default" && mode != "exe" && mode != "pie" {
		return &FaultError{"it makes programs, and this is -buildmode=" + mode, "Use -buildmode=exe or pie, or leave -stacks out."}
	}
	other, found, err := p.goTool.setting(&p.inv, "toolexec")
	if err == nil && found && other != "" {
		err = &FaultError{"it works by the go command's -toolexec, and this build has one already: " + strconv.Quote(other), "Leave one of them out (also of GOFLAGS)."}
	}
	return err
}

// useFault makes p a fault build, if t is for those.
func (t *Tool) useFault(p *plan, goroot string) error {
	if t.Fault == nil {
		return nil
	}
	if err := faultGoes(p); err != nil {
		return err
	}
	dir, err := tools.Ensure(t.Cache, tools.Source{
		Go: p.direct, GOROOT: goroot, GOVERSION: p.goTool.Version(), Env: p.env,
		ID: t.Fault.Tools.ID, Stock: t.Fault.Tools.Stock,
		Edit: func() (map[string][]byte, error) { return t.Fault.Tools.Apply(goroot) },
	}, func() {
		fmt.Fprintf(t.Stderr, "spade: building a compiler and an assembler for -stacks=fault from %s, once; this takes a minute or two\n", goroot)
	})
	if err != nil {
		return err
	}
	toolexec, err := tools.Flag(t.Fault.Self, dir, tools.Checks(t.Fault.Checks))
	p.toolexec = []string{"-toolexec=" + toolexec}
	return err
}

// faultMarker makes m that of a fault build, if t is for those.
func (t *Tool) faultMarker(m Marker) Marker {
	if t.Fault != nil {
		m.Default = FaultStrategy
		m.Kind = fmt.Sprintf("%s(%s)", FaultStrategy, t.Fault.Checks)
	}
	return m
}

// ownFlags returns the flags that p adds to those of the user.
func (p *plan) ownFlags() []string { return append(slices.Clone(p.toolexec), "-overlay="+p.json) }
