// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// env is "spade env [-C DIR] [-json] [NAME...]".
func (c *Command) env(args []string) (int, error) {
	flags := flag.NewFlagSet("env", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "")
	dir := flags.String("C", "", "")
	if err := flags.Parse(args); err != nil {
		return 0, &usageError{"env", err.Error()}
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	settings, err := t.Environment(*dir)
	if err != nil {
		return 0, err
	}
	asked, err := choose(settings, flags.Args())
	switch {
	case err != nil:
		return 0, err
	case *asJSON:
		values := map[string]string{}
		for _, s := range asked {
			values[s.Name] = s.Value
		}
		return exitOK, c.printJSON(values)
	case flags.NArg() > 0:
		for _, s := range asked {
			fmt.Fprintln(c.Stdout, s.Value)
		}
	default:
		for _, s := range asked {
			fmt.Fprintf(c.Stdout, "export %s=%s\n", s.Name, quoteForShell(s.Value))
		}
	}
	return exitOK, nil
}

// choose returns the settings with the given names or, without names, those that have to be set.
func choose(settings []gotool.Setting, names []string) ([]gotool.Setting, error) {
	var chosen []gotool.Setting
	if len(names) == 0 {
		for _, s := range settings {
			if s.Set {
				chosen = append(chosen, s)
			}
		}
		return chosen, nil
	}
	for _, name := range names {
		i := slices.IndexFunc(settings, func(s gotool.Setting) bool { return s.Name == name })
		if i < 0 {
			return nil, &usageError{"env", fmt.Sprintf("has nothing to say about %s; go env has", name)}
		}
		chosen = append(chosen, settings[i])
	}
	return chosen, nil
}

// quoteForShell quotes s for POSIX shells.
func quoteForShell(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
