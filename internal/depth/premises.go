// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package depth

import (
	"fmt"
	"slices"
)

// What the source says of calls depends on a few things of the binary: a record does only for a binary that has the same.

// compare compares what else of the binary the record depends on.
func (p *replayer) compare() {
	if p.record.Premises != p.code.premises() {
		p.fail("the binary has other functions of reflection or of C")
	}
	same := func(what string, then []keptPlaces, now [][]place) {
		var before []string
		for _, some := range then {
			var places []place
			for _, at := range some {
				places = append(places, p.place(at))
			}
			before = append(before, chained(places))
		}
		var after []string
		for _, some := range now {
			after = append(after, chained(some))
		}
		slices.Sort(before)
		slices.Sort(after)
		if !slices.Equal(before, after) {
			p.fail("the binary has other %s", what)
		}
	}
	same("go statements", p.record.Starts, p.code.starts())
	same("calls in assembly", p.record.Assembly, p.code.assemblyCalls())
}

// premises says what an analysis of the source depends on of the binary, beside its functions and what they call.
func (c *code) premises() string {
	return fmt.Sprintf("%+v %t %t %t", c.reflection(), c.makesTypes(), c.opensPlugins(), c.calledByC())
}

// starts returns where goroutines are started.
func (c *code) starts() [][]place {
	var all [][]place
	for i := range c.functions {
		for number, call := range c.functions[i].calls {
			if call.target != unknownTarget && c.functions[call.target].Name == newproc {
				all = append(all, c.chain(i, number))
			}
		}
	}
	return all
}

// assemblyCalls returns where the functions start that assembly calls by name.
func (c *code) assemblyCalls() [][]place {
	var all [][]place
	for _, at := range c.calledByAssembly() {
		all = append(all, []place{at})
	}
	return all
}

// chain returns where a call is, and where the functions were called that it was inlined in.
func (c *code) chain(function, call int) []place {
	f := &c.functions[function]
	places := []place{f.calls[call].at}
	if !f.Inlines() {
		return places
	}
	for _, frame := range c.text.Frames(f.Func, f.calls[call].pc)[1:] {
		places = append(places, place{frame.File, frame.Line})
	}
	return places
}
