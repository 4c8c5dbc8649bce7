// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package sidebyside

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// strategies are what GOSPADE=stacks= chooses between.
var strategies = []string{"copy", "inplace"}

// compare runs this executable in turn with each strategy, under the load that args ask for, and prints the medians side
// by side.
func (p Program) compare(args []string, rounds int, stdout, stderr io.Writer) error {
	executable, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program, to run it again: %w", err)
	}
	fmt.Fprintf(stderr, "%d rounds with each of %v\n", rounds, strategies)
	lanes := make([][]Measurement, len(strategies))
	for range rounds {
		for i, strategy := range strategies {
			result, err := inProcess(executable, strategy, args)
			if err != nil {
				return fmt.Errorf("with stacks=%s: %w", strategy, err)
			}
			if result.InPlace != (strategy == "inplace") {
				return fmt.Errorf("the runtime did not obey GOSPADE=stacks=%s: spade doctor says what holds here", strategy)
			}
			lanes[i] = append(lanes[i], result)
		}
		fmt.Fprint(stderr, ".")
	}
	fmt.Fprintln(stderr)
	p.printTable(stdout, strategies, lanes)
	return nil
}

// inProcess measures the load in a process of its own.
func inProcess(executable, strategy string, args []string) (Measurement, error) {
	cmd := exec.Command(executable, append([]string{"-json"}, args...)...)
	cmd.Env = append(os.Environ(), "GOSPADE=stacks="+strategy)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return Measurement{}, fmt.Errorf("%w\n%s", err, &stderr)
	}
	var result Measurement
	if err := json.Unmarshal(stdout.Bytes(), &result); err != nil {
		return Measurement{}, fmt.Errorf("what it printed: %w", err)
	}
	return result, nil
}

// loadArgs returns the arguments that set the flags of the load as they are set now.
func loadArgs(flags *flag.FlagSet) (args []string) {
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "rounds", "compare", "json":
		default:
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	return args
}
