// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package gotool

import (
	"fmt"
	"strconv"
	"strings"
)

// splitFlags splits the value of GOFLAGS as the go command does: at white space, except inside single or double quotes around a
// whole flag.
func splitFlags(s string) ([]string, error) {
	const space = " \t\n\r"
	var flags []string
	for {
		s = strings.TrimLeft(s, space)
		if s == "" {
			return flags, nil
		}
		if quote := s[0]; quote == '\'' || quote == '"' {
			flag, rest, closed := strings.Cut(s[1:], string(quote))
			if !closed {
				return nil, fmt.Errorf("GOFLAGS has a quote (%c) that is never closed", quote)
			}
			flags, s = append(flags, flag), rest
			continue
		}
		end := strings.IndexAny(s, space)
		if end < 0 {
			end = len(s)
		}
		flags, s = append(flags, s[:end]), s[end:]
	}
}

// joinFlags is the inverse of splitFlags. It has no way to write a flag that needs both kinds of quotes.
func joinFlags(flags []string) (string, error) {
	var words []string
	for _, f := range flags {
		if f != "" && !strings.ContainsAny(f, " \t\n\r") && f[0] != '\'' && f[0] != '"' {
			words = append(words, f)
			continue
		}
		quote := "'"
		if strings.Contains(f, quote) {
			quote = `"`
		}
		if strings.Contains(f, quote) {
			return "", fmt.Errorf("GOFLAGS can't hold the flag %s: it has white space and quotes of both kinds", f)
		}
		words = append(words, quote+f+quote)
	}
	return strings.Join(words, " "), nil
}

// standing returns the value that GOFLAGS gives to a flag: the last one, as for the go command.
func (g *Go) standing(name string) (value string, found bool, err error) {
	flags, err := splitFlags(g.Env["GOFLAGS"])
	for _, f := range flags {
		if n, v, _ := splitFlag(f); n == name {
			value, found = v, true
		}
	}
	return value, found, err
}

// setting returns the value of a flag on the command line or, without one there, in GOFLAGS.
func (g *Go) setting(inv *invocation, name string) (value string, found bool, err error) {
	if value, found = inv.last(name); found {
		return value, true, nil
	}
	return g.standing(name)
}

// isOn reports whether a boolean flag is on, on the command line or in GOFLAGS.
func (p *plan) isOn(name string) bool {
	value, found, _ := p.goTool.setting(&p.inv, name)
	on, err := strconv.ParseBool(value)
	return found && (on || err != nil)
}
