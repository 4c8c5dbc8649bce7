// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"bytes"
	"flag"
	"strings"
	"testing"
)

// example is a program whose load is nothing.
func example() Program {
	return Program{
		Name: "example", Unit: "request", Command: "run the example",
		Flags:   func(f *flag.FlagSet) { f.Int("n", 1, "`number`") },
		Fault:   func() string { return "" },
		Measure: func() (Measurement, error) { return Stretch(1, func() error { return nil }) },
	}
}

func TestStockRuntimeSaysHowToCompare(t *testing.T) {
	if OnSpade() {
		t.Skip("skipped: this test is about the stock runtime")
	}
	var stdout, stderr bytes.Buffer
	p := example()
	if status := p.Run([]string{"-compare"}, &stdout, &stderr); status != 2 || !strings.Contains(stderr.String(), p.Command) {
		t.Errorf("-compare: exit status %d: %s", status, &stderr)
	}
	if status := p.Run(nil, &stdout, &stderr); status != 0 || !strings.Contains(stdout.String(), p.Command) {
		t.Errorf("exit status %d: %s", status, &stdout)
	}
}

func TestLoadArgs(t *testing.T) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.Int("n", 1, "")
	flags.Int("m", 1, "")
	flags.Int("rounds", 1, "")
	flags.Bool("compare", false, "")
	if err := flags.Parse([]string{"-rounds=3", "-n=5", "-compare"}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(loadArgs(flags), " "); got != "-n=5" {
		t.Errorf("the load's arguments are %q, want -n=5", got)
	}
}

func TestTable(t *testing.T) {
	lane := func(cpu ...float64) (lane []Measurement) {
		for _, c := range cpu {
			lane = append(lane, Measurement{PerSecond: 10_000, CPU: c * 1e-6, Resident: 3 << 20, Spade: true, Growths: 2, Copied: 6000})
		}
		return lane
	}
	var out bytes.Buffer
	Program{Unit: "request"}.printTable(&out, strategies, [][]Measurement{lane(100, 110, 120), lane(60, 50, 55)})
	for _, want := range []string{"CPU/request       110.0 µs   55.0 µs   2.18 (1.67–2.20)\n", "requests/s        10000      10000     1.00 (1.00–1.00) ~\n", "prove nothing", "3.0 MB"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
