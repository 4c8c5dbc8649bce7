// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package lib is a part of a program that TestAgain edits.
package lib

//go:noinline
func Each(words []string, do func(string)) {
	for _, w := range words {
		do(w)
	}
}

// A Worker works.
type Worker struct{ Steps [3]func(int) int }

func (w *Worker) Do(n int) int {
	for _, step := range w.Steps {
		n = step(n)
	}
	return n
}

const Most = 1000

const Least = 1

//go:noinline
func apply(f func(int) int, n int) int { return f(n) }

func Thrice(n int) int {
	return apply(func(n int) int { return 3 * n }, n)
}

var Known any

func IsKnown(v any) bool { return v == Known }

//go:noinline
func Work(n int) int {
	w := &Worker{}
	if Fails(n) != nil {
		return 0
	}
	for i := range w.Steps {
		w.Steps[i] = twice
	}
	return w.Do(n)
}

//go:noinline
func Fails(n int) error {
	if n == 3 {
		return failure(n)
	}
	return nil
}

type failure int

func (f failure) Error() string { return "a failure" }

func twice(n int) int { return 2 * n }
