// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package cli is spade's command line: its subcommands, its exit codes and all that it tells the user.
package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
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
}

// Exit codes. "spade go" returns the go command's own code if that failed.
const (
	exitOK    = 0
	exitUsage = 2 // wrong arguments, or spade can't work here
	exitProof = 3 // a binary, or a build, does not have spade's runtime
)

// subcommands maps the first argument to what it does. A function that returns an error leaves printing it to Run.
var subcommands = map[string]func(*Command, []string) (int, error){
	"go":      (*Command).goCommand,
	"verify":  (*Command).verify,
	"sdk":     (*Command).sdk,
	"diff":    (*Command).diff,
	"doctor":  (*Command).doctor,
	"env":     (*Command).env,
	"growth":  (*Command).growth,
	"lab":     (*Command).lab,
	"clean":   (*Command).clean,
	"version": (*Command).version,
	"help":    (*Command).help,
}

// Run does what the arguments say and returns the exit code.
func (c *Command) Run() int {
	if len(c.Args) == 0 {
		fmt.Fprint(c.Stderr, c.synopsis())
		return exitUsage
	}
	name, args := c.Args[0], c.Args[1:]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	run, found := subcommands[name]
	if !found {
		fmt.Fprintf(c.Stderr, "spade: there is no command %q; spade has %s\n", name, strings.Join(commandNames(), ", "))
		return exitUsage
	}
	code, err := run(c, args)
	if err != nil {
		return c.report(err)
	}
	return code
}

func commandNames() []string {
	var names []string
	for name := range subcommands {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
