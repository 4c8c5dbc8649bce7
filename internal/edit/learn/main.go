// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Learn records the stock texts that spade's edits are known to fit, in
// known.txt of package edit, and shows what differs between Go releases.
//
//	go run ./internal/edit/learn [-go releases] [-prune]
//	go run ./internal/edit/learn -diff old,new [-dir runtime] [-text]
//
// Run it from the module's root. Releases are like go1.26.8,go1.27.4; the go
// command fetches those that are not there. Without -go, they are those that
// known.txt names and the installed one.
//
// Before recording a release for the first time, read -diff: a hash says that a
// text was seen, and someone must have looked whether the edits still make
// sense on it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/edit"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "learn:", err)
		}
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("learn", flag.ContinueOnError)
	flags.SetOutput(stderr)
	releases := flags.String("go", "", "`releases` to learn from, separated by commas")
	prune := flags.Bool("prune", false, "drop what the given releases don't have")
	file := flags.String("file", filepath.FromSlash("internal/edit/known.txt"), "the `file` to write")
	diff := flags.String("diff", "", "show what differs between two `releases`, write nothing")
	dir := flags.String("dir", "", "with -diff: all declarations of this `directory` below GOROOT/src")
	text := flags.Bool("text", false, "with -diff: show the lines that differ")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *diff != "" {
		return showDiff(stdout, *diff, *dir, *text)
	}
	return learn(stdout, *file, split(*releases), *prune)
}

const header = `# The stock texts of declarations that spade edits or relies on: file, declaration, hash, releases.
# Written by go run ./internal/edit/learn.
`

// learn adds releases to file.
func learn(stdout io.Writer, file string, releases []string, prune bool) error {
	set, err := edit.All()
	if err != nil {
		return err
	}
	old, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%w; run learn from the module's root, or say -file", err)
	}
	if set.Known, err = edit.ParseHashes(string(old)); err != nil {
		return err
	}
	if len(releases) == 0 {
		releases = append(set.Known.AllReleases(), "local")
	}
	known := edit.Hashes{}
	if !prune {
		known.Merge(set.Known)
	}
	var problems []error
	for _, release := range releases {
		learned, err := learnRelease(set, release)
		problems = append(problems, err)
		report(stdout, known, learned)
		known.Merge(learned)
	}
	if err := errors.Join(problems...); err != nil && prune {
		return err // what could not be read is not to be forgotten
	} else if err := os.WriteFile(file, []byte(header+known.Format()), 0o666); err != nil {
		return err
	}
	return errors.Join(problems...)
}

func learnRelease(set edit.Set, release string) (edit.Hashes, error) {
	goroot, err := resolve(release)
	if err != nil {
		return nil, err
	}
	return set.Learn(goroot)
}

// report says which declarations have a text that no earlier release had.
func report(w io.Writer, known, learned edit.Hashes) {
	for _, release := range learned.AllReleases() {
		fresh := 0
		for d, hashes := range learned {
			for hash := range hashes {
				if len(known[d]) > 0 && len(known[d][hash]) == 0 {
					fmt.Fprintf(w, "%s: %s %s has a new text\n", release, d.File, d.Name)
					fresh++
				}
			}
		}
		fmt.Fprintf(w, "%s: %d declarations, %d with a new text\n", release, len(learned), fresh)
	}
}

// resolve returns the GOROOT of release; "local" is the installed Go.
func resolve(release string) (string, error) {
	cmd := exec.Command("go", "env", "GOROOT")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+release)
	var message strings.Builder
	cmd.Stderr = &message
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("finding %s: %v\n%s", release, err, strings.TrimSpace(message.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

func split(list string) []string {
	return slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
}
