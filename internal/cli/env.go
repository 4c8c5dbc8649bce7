// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package cli

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/spadego/spade/internal/gotool"
)

// envFlags are the flags of "spade env".
type envFlags struct {
	json bool
	dir  string
}

func (f *envFlags) define(flags *flag.FlagSet) {
	flags.BoolVar(&f.json, "json", false, "")
	flags.StringVar(&f.dir, "C", "", "")
}

// env is "spade env [-C DIR] [-json] [NAME...]".
func (c *Command) env(args []string) (int, error) {
	var f envFlags
	names, err := parse("env", f.define, args)
	if err != nil {
		return 0, err
	}
	t, err := c.tool()
	if err != nil {
		return 0, err
	}
	settings, err := t.Environment(f.dir)
	if err != nil {
		return 0, err
	}
	asked, err := choose(settings, names)
	switch {
	case err != nil:
		return 0, err
	case f.json:
		values := map[string]string{}
		for _, s := range asked {
			values[s.Name] = s.Value
		}
		return exitOK, c.printJSON(values)
	case len(names) > 0:
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
