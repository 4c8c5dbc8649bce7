// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// compare prints the table of samples that a run has written.
func (c *Command) compare(paths []string) error {
	all, _, err := c.load("compare", paths)
	if err != nil {
		return err
	}
	if err := report(c.Stdout, all, false); err != nil {
		return err
	}
	if all.failed() {
		return errIncomplete
	}
	return nil
}

// report prints the table, and writes the same and more as pages.
func (c *Command) report(args []string) error {
	flags := flag.NewFlagSet("spade lab report", flag.ContinueOnError)
	flags.SetOutput(c.Stderr)
	onlyTable := flags.Bool("table", false, "print only the tables that compare lanes")
	html := flags.String("html", "", "write a page for a browser to `file`")
	claims := flags.String("claims", "", "write the verdict on each claim to `file`, as Markdown")
	json := flags.String("json", "", "write samples and what follows from them to `file`, as JSON")
	only := flags.String("only", "", "leave out what the `pattern` does not match, as in run")
	against := flags.String("against", "", "say which verdicts differ from those of the samples in `file`")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usage("%v", err)
	}
	all, sources, err := c.load("report", flags.Args())
	if err != nil {
		return err
	}
	if all, err = all.only(*only); err != nil {
		return err
	}
	if err := report(c.Stdout, all, *onlyTable); err != nil {
		return err
	}
	for _, page := range []struct {
		path  string
		write func(io.Writer) error
	}{
		{*html, func(w io.Writer) error { return writeHTML(w, all, sources) }},
		{*claims, func(w io.Writer) error { return writeClaims(w, all) }},
		{*json, func(w io.Writer) error { return writeJSON(w, all) }},
	} {
		if page.path == "" {
			continue
		}
		if err := c.writeFile(page.path, page.write); err != nil {
			return err
		}
	}
	if *against != "" {
		other, _, err := c.load("report -against", []string{*against})
		if err != nil {
			return err
		}
		if err := writeAgreement(c.Stdout, all, other); err != nil {
			return err
		}
	}
	if all.failed() {
		return errIncomplete
	}
	return nil
}

// A source is a file of samples.
type source struct {
	name string
	text []byte
}

// load reads the files of samples that a command was given.
func (c *Command) load(command string, paths []string) (results, []source, error) {
	var all results
	var sources []source
	if len(paths) == 0 {
		return all, nil, usage("%s needs files that spade lab run -o has written", command)
	}
	for _, path := range paths {
		absolute, err := c.absolute(path)
		if err != nil {
			return all, nil, err
		}
		text, err := os.ReadFile(absolute)
		if err != nil {
			return all, nil, err
		}
		if err := all.read(strings.NewReader(string(text)), path); err != nil {
			return all, nil, err
		}
		sources = append(sources, source{path, text})
	}
	if len(all.samples)+len(all.failures) == 0 {
		return all, nil, fmt.Errorf("no samples in %s: give files that spade lab run -o has written", strings.Join(paths, ", "))
	}
	return all, sources, nil
}
