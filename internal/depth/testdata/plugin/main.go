// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Plugin calls a function of a plugin, whose path it is given.
package main

import (
	"os"
	"plugin"

	"github.com/spadego/spade/internal/depth/testdata/stack"
)

type deeper struct{}

func (deeper) Deep() { stack.Deep() }

var plugged func(interface{ Deep() })

func callsPlugin() {
	plugged(deeper{})
	stack.Done <- true
}

func other(d interface{ Deep() }) { d.Deep() }

func main() {
	plugged = other
	p, err := plugin.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	f, err := p.Lookup("Plugged")
	if err != nil {
		panic(err)
	}
	plugged = f.(func(interface{ Deep() }))
	go callsPlugin()
	stack.Report("main.callsPlugin")
}
