// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

func startPromoted() {
	go devirtualized(inwardDeep{})
	report("main.devirtualized")
	go devirtualizedTwice(inwardDeep{})
	report("main.devirtualizedTwice")
	go notKnown()
	report("main.notKnown")
}

type inward interface{ goIn(n int32) int32 }

type inwardDeep struct{}

//go:noinline
func (inwardDeep) goIn(n int32) int32 {
	deep()
	return n
}

type outer struct{ inward }

func newOuter(i inward) inward { return &outer{i} }

// The compiler knows what is called, and writes no call of that method but one of the embedded interface's.
//
// want upper bound
func devirtualized(i inward) {
	sink = int(newOuter(i).goIn(3))
	done <- true
}

type outermost struct{ *outer }

func newOutermost(i inward) inward { return outermost{&outer{i}} }

// want upper bound
func devirtualizedTwice(i inward) {
	sink = int(newOutermost(i).goIn(4))
	done <- true
}

var notKnowns = []inward{newOuter(inwardDeep{}), newOutermost(inwardDeep{})}

// want upper bound
func notKnown() {
	for _, i := range notKnowns {
		sink = int(i.goIn(5))
	}
	done <- true
}
