// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package cli is spade's command line: its subcommands, its exit codes and all that it tells the user.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// A Command is one run of spade.
type Command struct {
	Args   []string // without the name of the program
	Env    []string // like os.Environ
	Dir    string   // absolute; the working directory
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Manual string // the Go source file whose doc comment is the manual

	retain bool   // by -stacks: the runtime that the lab compares with
	checks string // by -stacks: which stack checks a fault build has; "" for other builds
}

// Exit codes. "spade go" returns the go command's own code if that failed.
const (
	exitOK    = 0
	exitUsage = 2 // wrong arguments, or spade can't work here
	exitProof = 3 // a binary, or a build, does not have spade's runtime
)

// A subcommand is what spade does for one first argument. Run and the completion of the shells go by the same table of them.
type subcommand struct {
	name  string
	run   func(c *Command, args []string) (code int, err error) // Run prints the error
	flags func(*flag.FlagSet)                                   // defines the flags; nil if there are none
	words func(*Command) []string                               // the words that may follow, if they are fixed
	files bool                                                  // whether names of files may follow
}

// subcommands returns the table, in the order of the manual.
func subcommands() []subcommand {
	return []subcommand{
		{name: "go", run: (*Command).goCommand},
		{name: "env", run: (*Command).env, flags: new(envFlags).define},
		{name: "sdk", run: (*Command).sdk, flags: new(sdkFlags).define, files: true},
		{name: "verify", run: (*Command).verify, flags: new(verifyFlags).define, files: true},
		{name: "doctor", run: (*Command).doctor, flags: new(doctorFlags).define},
		{name: "diff", run: (*Command).diff},
		{name: "growth", run: (*Command).growth, flags: new(growthFlags).define, files: true},
		{name: "depth", run: (*Command).depth, flags: new(depthFlags).define, files: true},
		{name: "check", run: (*Command).check, flags: new(checkFlags).define, files: true},
		{name: "start", run: (*Command).start, flags: new(startFlags).define, files: true},
		{name: "lab", run: (*Command).lab, words: labWords, files: true},
		{name: "clean", run: (*Command).clean},
		{name: "completion", run: (*Command).completion, words: shellNames},
		{name: "version", run: (*Command).version},
		{name: "help", run: (*Command).help, flags: new(helpFlags).define, words: (*Command).topics},
	}
}

// Run does what the arguments say and returns the exit code.
func (c *Command) Run() int {
	if len(c.Args) == 0 {
		fmt.Fprint(c.Stderr, c.synopsis())
		return exitUsage
	}
	if calledByVet(c.Args) {
		return c.vet()
	}
	if c.Args[0] == gotool.ToolCommand {
		return c.runTool(c.Args[1:])
	}
	args, err := c.takeStacks(c.Args)
	if err != nil {
		return c.report(err)
	}
	name, args := args[0], args[1:]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	table := subcommands()
	i := slices.IndexFunc(table, func(s subcommand) bool { return s.name == name })
	if i < 0 {
		fmt.Fprintf(c.Stderr, "spade: there is no command %q; spade has %s\n", name, strings.Join(commandNames(), ", "))
		return exitUsage
	}
	code, err := table[i].run(c, args)
	if errors.Is(err, flag.ErrHelp) {
		code, err = c.help([]string{name})
	}
	if err != nil {
		return c.report(err)
	}
	return code
}

func commandNames() []string {
	var names []string
	for _, s := range subcommands() {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return names
}

// parse reads the flags that define defines for a subcommand, and returns the arguments after them.
func parse(name string, define func(*flag.FlagSet), args []string) (rest []string, err error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	define(flags)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, &usageError{name, err.Error()}
	}
	return flags.Args(), nil
}
