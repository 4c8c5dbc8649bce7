// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"
)

// What a sample takes on a machine of 2026, building the programs apart.
const (
	usualTime = 500 * time.Millisecond // the measured part, in a full run
	aroundIt  = 30 * time.Millisecond  // starting the program and warming up
)

// planned returns about how long the samples of w take with one Go version.
func (r *run) planned(w Workload) time.Duration {
	return time.Duration(r.rounds(w)*len(r.lanes(w))) * r.plannedSample(w)
}

func (r *run) plannedSample(w Workload) time.Duration {
	takes := w.Takes
	if takes == 0 {
		takes = usualTime
	}
	return takes*time.Duration(r.operations(w))/time.Duration(w.N) + aroundIt
}

// list prints the workloads of a run, and how long it would take.
func (c *Command) list(args []string) error {
	r := &run{command: c}
	flags := flag.NewFlagSet("spade lab list", flag.ContinueOnError)
	flags.SetOutput(c.Stderr)
	flags.BoolVar(&r.quick, "quick", false, "what a quick run does")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usage("%v", err)
	}
	if err := r.choose("list", flags.Args()); err != nil {
		return err
	}
	var t table
	var all time.Duration
	t.row("workload", "lanes", "goal", "time", "what it does")
	for _, w := range r.workloads {
		var lanes []string
		for _, lane := range r.lanes(w) {
			lanes = append(lanes, lane.Name)
		}
		all += r.planned(w)
		t.row(w.Name, strings.Join(lanes, " "), w.goal(), r.planned(w).Round(time.Second/10).String(), w.About)
	}
	if err := t.print(c.Stdout); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.Stdout, "\nAbout %v, and what it takes to build the programs.\n", all.Round(time.Second))
	return err
}
