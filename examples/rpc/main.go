// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Rpc is a gRPC service and its callers in one process, over loopback: unary
// calls, each of which has a goroutine of its own in the server. It prints calls
// per second, CPU time per call, stack growths and resident memory.
//
// On spade's runtime it runs itself in turn with copied stacks and with stacks
// that grow in place, and sets the two side by side. From a checkout of spade:
//
//	spade go run -C examples/rpc .
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
		Name:    "rpc",
		Unit:    "call",
		Command: "go run ./cmd/spade go run -C examples/rpc .",
		Flags:   l.flags,
		Fault:   func() string { return l.fault() },
		Measure: func() (sidebyside.Measurement, error) { return l.measure() },
	}.Run(args, stdout, stderr)
}

func (l *load) flags(flags *flag.FlagSet) {
	flags.IntVar(&l.Calls, "calls", 20_000, "calls, a `number` per round")
	flags.IntVar(&l.Callers, "callers", 32, "callers at the same time")
}
