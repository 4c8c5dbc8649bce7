// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

// Package sidebyside is the frame of the example programs: each of them puts a load on a service in its own process, and
// runs itself in turn with copied stacks and with stacks that grow in place to set the two side by side.
package sidebyside

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"time"
)

// A Program is an example.
type Program struct {
	Name    string              // as it calls itself in messages
	Unit    string              // what the load consists of: "request"
	Command string              // what runs it on spade's runtime, from a checkout
	Flags   func(*flag.FlagSet) // defines the flags of the load
	Fault   func() string       // what is wrong with the load that the flags ask for, or ""
	Measure func() (Measurement, error)
}

// maxRounds bounds the rounds of a comparison.
const maxRounds = 100

// Run is the program's main function. It returns the exit code: 0, 1 after an error, 2 for a usage error.
func (p Program) Run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	p.Flags(flags)
	rounds := flags.Int("rounds", 6, "rounds of each strategy when comparing")
	comparison := flags.Bool("compare", OnSpade(), "compare strategies; needs spade's runtime")
	asJSON := flags.Bool("json", false, "measure this process once and print JSON")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if fault := p.Fault(); fault != "" || flags.NArg() > 0 || *rounds < 1 || *rounds > maxRounds {
		fmt.Fprintf(stderr, "%s: want no arguments, and 1 to %d rounds; %s\n", p.Name, maxRounds, fault)
		return 2
	}
	var err error
	switch {
	case *asJSON:
		err = p.measureAsJSON(stdout)
	case !*comparison:
		err = p.measureHere(stdout)
	case !OnSpade():
		fmt.Fprintf(stderr, "%s: this binary is built on the stock runtime, which has one strategy only.\nTo compare, build it with spade: %s\n", p.Name, p.Command)
		return 2
	default:
		err = p.compare(loadArgs(flags), *rounds, stdout, stderr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
		return 1
	}
	return 0
}

// Stretch measures n units of load, done by work.
func Stretch(n int, work func() error) (Measurement, error) {
	begin := readMeter()
	if err := work(); err != nil {
		return Measurement{}, err
	}
	return begin.until(readMeter(), n), nil
}

// RoundTime bounds the time of one round.
const RoundTime = 2 * time.Minute

func (p Program) measureAsJSON(stdout io.Writer) error {
	result, err := p.Measure()
	if err != nil {
		return err
	}
	return json.NewEncoder(stdout).Encode(result)
}

// measureHere measures this process as it is.
func (p Program) measureHere(stdout io.Writer) error {
	result, err := p.Measure()
	if err != nil {
		return err
	}
	name := "stock"
	if OnSpade() {
		name = "as started"
	}
	p.printTable(stdout, []string{name}, [][]Measurement{{result}})
	if !OnSpade() {
		fmt.Fprintf(stdout, "\nThis is the stock runtime. To see stacks grow in place beside it:\n\t%s\n", p.Command)
	}
	return nil
}
