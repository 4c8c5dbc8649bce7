// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// Exit statuses of a command.
const (
	exitFine   = 0
	exitFailed = 1 // a lane crashed, or the run was interrupted
	exitUsage  = 2 // nothing was run
)

// A Command is one use of the lab and all that it takes from its surroundings.
type Command struct {
	Args           []string // the subcommand and what follows it
	Dir            string   // where it was started; "" is the current directory
	Environ        []string // the environment, as os.Environ gives it
	Spade          []string // the command that is go on spade's runtime
	Stdout, Stderr io.Writer

	shrink int // divides the work of each sample, in tests; 0 means 1
}

// Main runs the subcommand that args name with this process's environment, and
// this executable as the one that builds on spade's runtime. It returns the exit
// status. The lab reads nothing from stdin.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	executable, err := os.Executable()
	if err != nil {
		fmt.Fprintf(stderr, "spade lab: can't find the path of this program, which is to build the workloads: %v\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := &Command{
		Args:    args,
		Environ: os.Environ(),
		Spade:   []string{executable, "go"},
		Stdout:  stdout,
		Stderr:  stderr,
	}
	return command.Run(ctx)
}

// Run does what the command's arguments say, until ctx ends, and returns the
// exit status.
func (c *Command) Run(ctx context.Context) int {
	name, rest := "", c.Args
	if len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	var err error
	switch name {
	case "list":
		err = c.list(rest)
	case "run":
		err = c.run(ctx, rest)
	case "compare":
		err = c.compare(rest)
	case "report":
		err = c.report(rest)
	case "help", "-h", "-help", "--help":
		err = c.help()
	case "":
		err = usage("say what to do: spade lab list, run, compare or report")
	default:
		err = usage("no command %q: use list, run, compare or report", name)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitFine
	case errors.Is(err, errIncomplete):
		return exitFailed
	}
	fmt.Fprintf(c.Stderr, "spade lab: %v\n", err)
	return exitUsage
}

// absolute returns the absolute path of one that the user gave.
func (c *Command) absolute(path string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	return filepath.Abs(filepath.Join(c.Dir, path))
}

// errIncomplete means that the table was printed, and says itself what it lacks.
var errIncomplete = errors.New("incomplete")

func usage(format string, args ...any) error {
	return fmt.Errorf(format+"\nsee: spade lab help", args...)
}
