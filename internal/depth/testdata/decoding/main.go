// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Decoding has package encoding/json set what the source does not, and errors.As.
package main

import (
	"encoding/json"
	"errors"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

type doer interface{ do(n int) int }

type deepDoer struct{}

//go:noinline
func (deepDoer) do(n int) int {
	stack.Deep()
	return n
}

type shallowDoer struct{}

//go:noinline
func (shallowDoer) do(n int) int { return n + 1 }

// A message can be decoded: what its Doer holds stays what it is.
type message struct {
	Doer  doer
	Value any
	List  []any
}

var (
	received = message{Doer: shallowDoer{}}
	count    int
	failure  error = deepError{1}
)

func decoded() {
	count = received.Doer.do(1)
	stack.Done <- true
}

// anyField comes to what was put into a field beside what is decoded.
func anyField() {
	if d, ok := received.List[0].(doer); ok {
		count = d.do(2)
	}
	stack.Done <- true
}

type deepError struct{ n int }

func (deepError) Error() string { return "deep" }

//go:noinline
func (e deepError) dig(n int8) int8 {
	stack.Deep()
	return n
}

type digger interface{ dig(n int8) int8 }

func asTarget() {
	var d digger
	if errors.As(failure, &d) {
		count = int(d.dig(3))
	}
	stack.Done <- true
}

func main() {
	if err := json.Unmarshal([]byte(`{"Value": {"a": [1, "b"]}, "List": [2]}`), &received); err != nil {
		panic(err)
	}
	if _, ok := received.Value.(map[string]any); !ok {
		panic("nothing was decoded")
	}
	go decoded()
	stack.Report("main.decoded")
	received.List[0] = deepDoer{}
	go anyField()
	stack.Report("main.anyField")
	go asTarget()
	stack.Report("main.asTarget")
}
