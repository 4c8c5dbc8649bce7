// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"errors"
	"fmt"
	"os/exec"

	"github.com/spadego/spade/internal/gotool"
)

// A usageError says what is wrong with the arguments of a subcommand.
type usageError struct {
	command string
	problem string
}

func (e *usageError) Error() string { return e.command + ": " + e.problem }

// report prints what happened and what to do next, and returns the exit code.
func (c *Command) report(err error) int {
	fmt.Fprintf(c.Stderr, "spade: %v\n", err)
	next, code := advice(err)
	if next != "" {
		fmt.Fprintf(c.Stderr, "%s\n", next)
	}
	return code
}

// advice returns the sentence that follows an error, and the exit code.
func advice(err error) (next string, code int) {
	var (
		usage      *usageError
		version    *gotool.VersionError
		edited     *gotool.EditedError
		sdkDir     *gotool.SDKDirError
		goFailed   *gotool.CommandError
		proof      *gotool.ProofError
		cache      *gotool.CacheError
		inModcache *gotool.CacheInModcacheError
		conflict   *gotool.ConflictError
		compiler   *gotool.CompilerError
		mismatch   *gotool.MismatchError
		fault      *gotool.FaultError
	)
	switch {
	case errors.As(err, &usage):
		return "Run spade help to see the commands and their arguments.", exitUsage
	case errors.Is(err, gotool.ErrNoGo):
		return "Install " + gotool.Supported + ", or put the directory of its go command into PATH.", exitUsage
	case errors.As(err, &version):
		return "Put a supported Go first in PATH, or let the go command fetch one: GOTOOLCHAIN=go1.27.0 spade go ...", exitUsage
	case errors.As(err, &edited):
		return "Use its go command without spade, or put another Go first in PATH.", exitUsage
	case errors.As(err, &sdkDir):
		return "Name a directory that does not exist, or an empty one that can be replaced.", exitUsage
	case errors.As(err, &goFailed):
		return "", childCode(goFailed)
	case errors.As(err, &proof):
		return "Run spade doctor; then spade clean, and build again. If that does not help, please report what both print.", exitProof
	case errors.As(err, &cache):
		return "Set SPADECACHE to a directory that you can write to and that has some free space.", exitUsage
	case errors.As(err, &inModcache):
		return "Set SPADECACHE to a directory outside of the module cache.", exitUsage
	case errors.As(err, &conflict):
		return "Take that file out of your overlay, or build with plain go.", exitUsage
	case errors.As(err, &compiler):
		return "Leave -compiler out (also of GOFLAGS), or build with plain go.", exitUsage
	case errors.As(err, &fault):
		return fault.Next, exitUsage
	case errors.As(err, &mismatch):
		return "Use an unmodified release of " + gotool.Supported + "; spade doctor shows which Go is used.", exitUsage
	}
	return "", exitUsage
}

// childCode returns the exit code of a go command that failed before it got to the user's own.
func childCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	return exitUsage
}
