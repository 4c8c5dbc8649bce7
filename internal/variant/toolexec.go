// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package variant

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Checks says which functions keep their stack checks.
type Checks string

const (
	NoChecks   Checks = "all"  // none but those that can't do without
	DeepChecks Checks = "deep" // those too that every recursion passes through
)

// checksVariable is where the tools look for Checks.
const checksVariable = "SPADE_CHECKS"

// Command is the first argument with which this program is to call Exec.
const Command = "toolexec"

// Flag returns the value of -toolexec with which the go command uses the tools in dir. self is this program's executable.
func Flag(self, dir string, checks Checks) (string, error) {
	var words []string
	for _, word := range []string{self, Command, dir, string(checks)} {
		switch {
		case !strings.ContainsAny(word, " \t\n\r'\""):
		case !strings.Contains(word, "'"):
			word = "'" + word + "'"
		case !strings.Contains(word, `"`):
			word = `"` + word + `"`
		default:
			return "", fmt.Errorf("the go command can't be told of a program whose path has quotes of both kinds: %s", word)
		}
		words = append(words, word)
	}
	return strings.Join(words, " "), nil
}

// Exec runs a tool for the go command: args are those after Command. It returns the tool's exit code.
func Exec(args, env []string, stdin io.Reader, stdout, stderr io.Writer) (code int, err error) {
	if len(args) < 3 {
		return 0, errors.New("toolexec is for the go command: it wants a directory, checks, and a tool with its arguments")
	}
	dir, checks, tool, args := args[0], args[1], args[2], args[3:]
	name := strings.TrimSuffix(filepath.Base(tool), ".exe")
	if slices.Contains(names, name) {
		tool = filepath.Join(dir, filepath.Base(tool))
		env = append(slices.Clone(env), checksVariable+"="+checks)
		if len(args) == 1 && args[0] == "-V=full" {
			return version(tool, dir, checks, env, stdout, stderr)
		}
	}
	cmd := exec.Command(tool, args...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	return exitCode(cmd.Run())
}

// version answers to -V=full: what stock's tool does, and which tool this is.
func version(tool, dir, checks string, env []string, stdout, stderr io.Writer) (code int, err error) {
	cmd := exec.Command(tool, "-V=full")
	cmd.Env = env
	cmd.Stderr = stderr
	out, err := cmd.Output()
	if err != nil {
		return exitCode(err)
	}
	_, err = fmt.Fprintf(stdout, "%s spade-%s-%s\n", strings.TrimSpace(string(out)), checks, filepath.Base(dir))
	return 0, err
}

func exitCode(err error) (int, error) {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode(), nil
	}
	return 0, err
}
