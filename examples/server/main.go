// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Server is an HTTP/JSON service and its clients in one process, over loopback:
// a program of the kind whose goroutines outgrow their first stack on every
// request. It prints requests per second, CPU time per request, stack growths
// and resident memory.
//
// On spade's runtime it runs itself in turn with copied stacks and with stacks
// that grow in place, and sets the two side by side:
//
//	spade go run ./examples/server
//
// On the stock runtime it measures that one.
package main

import (
	"flag"
	"io"
	"os"

	"github.com/spadego/spade/examples/internal/sidebyside"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	var l load
	return sidebyside.Program{
		Name:    "server",
		Unit:    "request",
		Command: "go run ./cmd/spade go run ./examples/server",
		Flags:   l.flags,
		Fault:   func() string { return l.fault() },
		Measure: func() (sidebyside.Measurement, error) { return l.measure() },
	}.Run(args, stdout, stderr)
}

func (l *load) flags(flags *flag.FlagSet) {
	flags.IntVar(&l.Requests, "requests", 6000, "requests over connections that are kept, a `number` per round")
	flags.IntVar(&l.Connections, "connections", 1000, "requests over a new connection each, a `number` per round")
	flags.IntVar(&l.Callers, "callers", 32, "clients at the same time")
}
