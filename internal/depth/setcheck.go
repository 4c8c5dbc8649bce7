// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import "fmt"

// A setCheck tells whether a set that several packages contribute to is the same as before.
type setCheck struct {
	what    string
	all     func(string) bool // what the set is, of all packages of the program
	edited  map[string]bool   // what was in it for packages that were edited
	others  map[string]bool   // what is in it for others
	current map[string]bool   // what is in it now for those that were edited
}

func newSetCheck(what string, all func(string) bool) *setCheck {
	return &setCheck{what, all, map[string]bool{}, map[string]bool{}, map[string]bool{}}
}

// among returns what reports whether a string is one of some.
func among(some []string) func(string) bool {
	in := map[string]bool{}
	for _, s := range some {
		in[s] = true
	}
	return func(s string) bool { return in[s] }
}

func (c *setCheck) before(some []string, edited bool) {
	to := c.others
	if edited {
		to = c.edited
	}
	for _, s := range some {
		to[s] = true
	}
}

func (c *setCheck) now(some []string) {
	for _, s := range some {
		c.current[s] = true
	}
}

// leave is for what is in the set no more, as there is no such thing.
func (c *setCheck) leave(some []string) {
	for _, s := range some {
		delete(c.edited, s)
	}
}

// differs returns an error if the set has changed.
func (c *setCheck) differs() error {
	for s := range c.current {
		if !c.edited[s] && !c.all(s) {
			return &NewFactsError{"it " + fmt.Sprintf(c.what, s) + ", as nothing did before"}
		}
	}
	for s := range c.edited {
		if !c.current[s] && !c.others[s] {
			return &NewFactsError{"nothing " + fmt.Sprintf(c.what, s) + " any more"}
		}
	}
	return nil
}
