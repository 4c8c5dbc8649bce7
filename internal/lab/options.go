// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"
)

// parse takes the flags and the pattern of a run.
func (r *run) parse(args []string) error {
	flags := flag.NewFlagSet("spade lab run", flag.ContinueOnError)
	flags.SetOutput(r.command.Stderr)
	flags.IntVar(&r.samples, "n", 0, "`samples` for each workload and lane (default 8)")
	flags.BoolVar(&r.quick, "quick", false, "a fifth of the work, and 6 samples")
	flags.StringVar(&r.versions, "go", "", "comma-separated Go `versions` to build with")
	flags.StringVar(&r.output, "o", "", "write every sample to `file`")
	flags.BoolVar(&r.resume, "resume", false, "take the samples that the file of -o lacks")
	flags.StringVar(&r.json, "json", "", "write samples and what follows from them to `file`, as JSON")
	flags.BoolVar(&r.counts, "counts", false, "count instructions under callgrind")
	flags.StringVar(&r.bin, "bin", "", "run the programs in `directory`")
	flags.Func("with", "comma-separated `lanes` to add: "+addableNames(), r.addLanes)
	flags.DurationVar(&r.timeout, "timeout", 2*time.Minute, "longest time of one sample")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return usage("%v", err)
	}
	switch {
	case r.samples < 0:
		return usage("-n %d: samples are counted from 1", r.samples)
	case r.resume && r.output == "":
		return usage("-resume goes on with the samples in a file: say which with -o")
	case r.bin != "" && (r.versions != "" || len(r.added) > 0):
		return usage("-bin runs programs that are built already: it goes with neither -go nor -with")
	}
	if r.bin != "" {
		var err error
		if r.bin, err = r.command.absolute(r.bin); err != nil {
			return err
		}
	}
	return r.choose("run", flags.Args())
}

// choose takes the pattern of a command's arguments. A quick run of all there is leaves out what is slow, the lanes that need a
// compiler of their own, and those that no claim needs where they take long to build or to run.
func (r *run) choose(command string, args []string) (err error) {
	if len(args) > 1 {
		return usage("%s takes one pattern, and got %q", command, args)
	}
	pattern := strings.Join(args, "")
	if r.workloads, err = choose(pattern, r.counts); err != nil {
		return err
	}
	if r.brief = r.quick && pattern == ""; r.brief {
		r.workloads = slices.DeleteFunc(r.workloads, func(w Workload) bool { return w.Slow })
	}
	return nil
}

// addLanes takes the value of -with.
func (r *run) addLanes(names string) error {
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(addableLanes, func(lane Lane) bool { return lane.Name == name })
		if i < 0 {
			return fmt.Errorf("no lane %q: there are %s", name, addableNames())
		}
		r.added = append(r.added, addableLanes[i])
	}
	return nil
}

func addableNames() string {
	var names []string
	for _, lane := range addableLanes {
		names = append(names, lane.Name)
	}
	return strings.Join(names, ", ")
}
