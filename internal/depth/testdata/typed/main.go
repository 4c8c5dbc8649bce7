// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Typed has values that hold each other without end. What compares and hashes others is not to be taken for a recursion; nor is a generic
// function called for a type of another shape.
package main

import (
	"errors"
	"sync"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

type chain struct {
	next any
	n    int
}

// longer puts one chain into another.
//
//go:noinline
func longer(c any) any { return chain{c, 1} }

var (
	sink  any
	count int
	same  bool
)

func comparesChains(a, b any) {
	same = a == b
	stack.Deep()
	stack.Done <- true
}

func comparesErrors(err error) {
	if err == errors.ErrUnsupported {
		stack.Deep()
	}
	stack.Done <- true
}

type key struct{ name, of string }

func mapped() {
	m := map[key]int{{"a", "b"}: 1}
	for range 20 {
		m[key{"a", string(rune('a' + len(m)))}] = len(m)
	}
	count = m[key{"a", "c"}]
	delete(m, key{"a", "b"})
	stack.Deep()
	stack.Done <- true
}

func hashesChains(c any) {
	m := map[any]int{}
	m[c] = 1
	count = len(m)
	stack.Deep()
	stack.Done <- true
}

var kept sync.Map // what it has for keys does not hold any other value

func keeps() {
	kept.Store("a", 1)
	kept.Store(key{"a", "b"}, 2)
	if _, known := kept.Load("a"); known {
		kept.CompareAndDelete(key{"a", "b"}, 2)
	}
	stack.Deep()
	stack.Done <- true
}

type runner interface{ run() }

type near struct{}

//go:noinline
func (near) run() {}

type far struct{ n int }

//go:noinline
func (far) run() { stack.Deep() }

//go:noinline
func runs[T runner](t T) { t.run() }

func callsNear() {
	runs(near{})
	stack.Done <- true
}

func callsFar() {
	runs(far{})
	stack.Done <- true
}

func main() {
	sink = longer(nil)
	for range 3 {
		sink = longer(sink)
	}
	go comparesChains(sink, longer(sink))
	stack.Report("main.comparesChains")
	go comparesErrors(errors.ErrUnsupported)
	stack.Report("main.comparesErrors")
	go mapped()
	stack.Report("main.mapped")
	go hashesChains(sink)
	stack.Report("main.hashesChains")
	go keeps()
	stack.Report("main.keeps")
	go callsNear()
	stack.Report("main.callsNear")
	go callsFar()
	stack.Report("main.callsFar")
}
