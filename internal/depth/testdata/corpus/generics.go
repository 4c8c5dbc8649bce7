// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package main

func startGenerics() {
	go generic()
	report("main.generic")
	go genericMethod()
	report("main.genericMethod")
	go genericValue()
	report("main.genericValue")
	go genericInGeneric()
	report("main.genericInGeneric")
}

type measured interface{ size() int }

type small struct{ n *int }
type large struct{ n *int }

//go:noinline
func (s *small) size() int {
	shallow()
	return 1
}

//go:noinline
func (l *large) size() int {
	deep()
	return 2
}

//go:noinline
func sizeOf[T measured](t T) int {
	n := t.size()
	mark()
	return n
}

// want upper bound
func generic() {
	sink = sizeOf(&small{}) + sizeOf(&large{})
	done <- true
}

type list[T any] struct{ items []T }

//go:noinline
func (l *list[T]) each(f func(T)) {
	for _, item := range l.items {
		f(item)
	}
	mark()
}

// want exact
func genericMethod() {
	l := list[string]{[]string{"a"}}
	l.each(func(s string) {
		sink = len(s)
		deep()
	})
	done <- true
}

//go:noinline
func deepFor[T any]() {
	var zero T
	hold = zero
	deep()
}

var hold any

// want upper bound
func genericValue() {
	callBack(deepFor[[5]int])
	done <- true
}

//go:noinline
func callFor[T any]() {
	callBack(deepFor[[2]T])
}

// want upper bound
func genericInGeneric() {
	callFor[uint8]()
	done <- true
}
