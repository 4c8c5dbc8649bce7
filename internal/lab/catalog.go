// Copyright 2026 The Spade Authors. Use of this source code is governed by a BSD-style license that can be found in LICENSE.

package lab

import (
	"fmt"
	"regexp"
	"slices"
)

// The goals where stacks never grow: in time, 2% is as close as can be told; in
// counted instructions the loss is to stay within 0.5%.
const (
	noLoss        = 0.98
	noLossCounted = 1 / 1.005
)

// catalog lists the workloads in the table's order. N makes a sample of the slowest
// lane take about half a second, or less, on a machine of 2026, unless it says
// that it takes longer.
var catalog = slices.Concat(serverWorkloads, deepWorkloads, growthWorkloads, shallowWorkloads, channelWorkloads, simulatedWorkloads,
	standardWorkloads, checkWorkloads, memoryWorkloads, startWorkloads, timelineWorkloads, languageWorkloads, facts)

// choose returns the workloads whose names match pattern, and those of the claims whose numbers do or that the pattern is the topic of;
// with counts, only those whose instructions can be counted. Choosing nothing is an error.
func choose(pattern string, counts bool) ([]Workload, error) {
	match, err := regexp.Compile(pattern)
	if err != nil {
		return nil, usage("the pattern is no regular expression: %v", err)
	}
	var wanted []string
	for _, c := range claims {
		if match.FindString(c.id) == c.id || slices.Contains(topics[pattern], c.id) {
			wanted = append(wanted, c.by...)
		}
	}
	var chosen []Workload
	for _, w := range catalog {
		if (match.MatchString(w.Name) || slices.Contains(wanted, w.Name)) && (!counts || w.Counts > 0) {
			chosen = append(chosen, w)
		}
	}
	if len(chosen) == 0 {
		among := "workload"
		if counts {
			among = "workload with -counts"
		}
		return nil, fmt.Errorf("no %s matches %q: spade lab list names them", among, pattern)
	}
	return chosen, nil
}

// byName returns the workload of that name, or one without a goal if the
// catalog has none: samples may come from another version of the lab.
func byName(name string) Workload {
	for _, w := range catalog {
		if w.Name == name {
			return w
		}
	}
	return Workload{Name: name}
}
