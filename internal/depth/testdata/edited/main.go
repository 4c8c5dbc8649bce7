// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// A program that TestAgain edits.
package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"

	"edited/lib"
)

type shape interface{ area(n int) int }

type square struct{ side [4]int }

//go:noinline
func (s *square) area(n int) int {
	var local [32]int
	for i := range local {
		local[i] = n * s.side[i%4]
	}
	return sum(local[:]) // of the square
}

type counts struct {
	some, more, most int
	of               shape
	name             string
	mu               sync.Mutex
}

var counted counts

type lonely struct{}

func (l *lonely) never(n int) int { return n }

var err error

type circle struct{ inner shape }

func (c circle) area(n int) int { return 3 * c.inner.area(n) / 4 }

//go:noinline
func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

const (
	checks     = false
	calls      = false
	calculates = false
)

//go:noinline
func nothing() { known[key{}]++ }

//go:noinline
func may(n int) int {
	if checks {
		defer nothing()
	}
	if calls {
		n += table[0](n)
	}
	if calculates {
		n += unused(n)
	}
	return n
}

//go:noinline
func unused(n int) int { return sum(make([]int, n)) }

func registers() { table = append(table, late) }

func late(n int) int { return deeper(n) }

//go:noinline
func deeper(n int) int {
	var local [100]int
	local[n%100] = n
	return sum(local[:])
}

var table = []func(int) int{func(n int) int { return n + 1 }, unbounded}

func unbounded(n int) int {
	if n == 0 {
		return 1
	}
	return unbounded(n - 1)
}

type key struct{ of any }

var (
	mu    sync.Mutex
	known = map[key]int{}
)

//go:noinline
func remember(v any, n int) (err error) {
	mu.Lock()
	defer mu.Unlock()
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("remember: %v", e)
		}
	}()
	known[key{v}] = n
	if v == any(n) &&
		n > 3 {
		return errors.New("a number")
	}
	return nil
}

//go:noinline
func first(n int) (err error) {
	if n > 5 {
		return errors.New("many")
	}
	if n > 4 {
		return lib.Fails(n)
	}
	return nil
}

//go:noinline
func measure(n int) int {
	counted.some += counted.of.area(n)
	names[counted.name] = n
	double := func(n int) int {
		counted.more += counted.of.area(n)
		return 2 * n
	}
	sizes[uint8(n)]++
	if _, is := names["a"]; !is {
		names["a"] = 1
	}
	counted.more = lib.Thrice(n)
	if lib.IsKnown(n) {
		return double(n)
	}
	return counted.some
}

var names = map[string]int{}

var sizes = map[uint8]int{}

func main() {
	n := len(os.Args)
	fmt.Println(1.5)
	known[key{lib.Most}] = n
	n = may(n)
	nothing()
	var group sync.WaitGroup
	var s shape = circle{&square{[4]int{1, 2, 3, n}}}
	counted.of = s
	n += measure(n)
	if first(n) != nil {
		n++
	}
	group.Go(func() { fmt.Println(s.area(n)) })
	go table[n%2](n)
	go func() {
		defer group.Wait()
		words := strings.Fields("a b c")
		sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
		lib.Each(words, func(word string) { println(word, n) })
	}()
	if err = remember(n, n); err != nil {
		fmt.Println(err)
	}
	go lib.Work(n)
	group.Wait()
}
